//! From a packet of the accounting files to its event.

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Service};

use super::{
    ID, Request, Requests,
    forms::Packet,
    reasons::{cause, method, reason},
};
use crate::{
    Ctx, Parsed, Record, Reject,
    names::split_domain,
    record::{address, address_port},
    stamp,
};

/// EAP and its protected kin, whose challenges are no second factor.
const EAP: &[u32] = &[5, 11];

/// Activity and outcome of `packet`.
fn kind(packet: &Packet<'_>) -> Option<(Activity, Option<Outcome>)> {
    match packet.kind {
        Some(1) => Some((Activity::Logon, None)),
        Some(2) => Some((Activity::Logon, Some(Outcome::Success))),
        Some(3) => Some((Activity::Logon, Some(Outcome::Failure))),
        Some(11) if !packet.method.is_some_and(|it| EAP.contains(&it)) => {
            Some((Activity::Mfa, None))
        }
        // Some access servers' accounting comes without a packet type.
        Some(4) | None => match packet.status? {
            "1" | "3" | "Start" | "Interim-Update" => Some((Activity::Session, None)),
            "2" | "Stop" => Some((Activity::Logoff, None)),
            _ => None,
        },
        Some(_) => None,
    }
}

/// Reports what `packet` states.
pub(super) fn report<'r>(
    packet: &Packet<'r>,
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let Some((activity, outcome)) = kind(packet) else { return Ok(Parsed::Ignored) };
    let stamp = stamp_of(packet);
    let stamp = stamp.or(record.stamp).ok_or_else(|| Reject::Timestamp(packet.date.to_owned()))?;
    let service = if packet.service == "RAS" { Service::Vpn } else { Service::Radius };
    let mut event = ctx.event_at(ID, service, activity, stamp);
    event.outcome = outcome;
    event.code = packet.kind.map(type_name);
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(reason(packet.reason.unwrap_or_default()));
    }
    if activity == Activity::Mfa {
        event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
    }
    who(&mut event, packet, ctx);
    event.assigned_ip = packet.framed.and_then(address).filter(is_leased);
    event.host = packet.computer;
    event.target = packet.servers.iter().find_map(|it| *it);
    event.session = packet.session;
    event.device = packet.device.or(event.device);
    event.client = packet.client;
    event.method = by_eap(packet.eap).or_else(|| packet.method.and_then(method));
    event.detail = packet.cause.and_then(cause).or(packet.policy);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Who asked, and from where; an answer takes what it does not state from its request.
fn who<'r>(event: &mut Event<'r>, packet: &Packet<'r>, ctx: &mut Ctx<'r, '_>) {
    let (mut user, mut caller) = (packet.user, packet.caller);
    if let Some(class) = packet.class {
        match packet.kind {
            Some(1) => remember(packet, class, ctx),
            Some(2 | 3 | 11) => {
                let requests: &mut Requests = ctx.carry();
                let asked = requests.get(class).cloned();
                if let Some(asked) = asked {
                    user = user.or_else(|| kept(&asked.user, ctx));
                    caller = caller.or_else(|| kept(&asked.caller, ctx));
                }
            }
            _ => {}
        }
    }
    (event.user, event.domain) = match user.or(packet.full_name) {
        Some(name) if user.is_none() && !name.contains(['\\', '@']) => canonical(name),
        Some(name) => split_domain(name),
        None => (None, None),
    };
    if event.domain.is_none() && user.is_some() {
        // `CORP\ana` by the directory, where the client wrote `ana`.
        event.domain = packet.full_name.and_then(|it| it.split_once('\\')).map(|it| it.0);
    }
    let outer = |it: &&'r str| address_port(it).is_some();
    if let Some(caller) = caller.filter(outer).or(packet.tunnel_end.filter(outer)).or(caller) {
        match address_port(caller) {
            Some((ip, port)) => (event.src_ip, event.src_port) = (Some(ip), port),
            None => event.device = Some(caller),
        }
    }
}

/// Longest text that is remembered; a server's classes have about fifty signs.
const TEXT_CAP: usize = 256;

fn remember(packet: &Packet<'_>, class: &str, ctx: &mut Ctx<'_, '_>) {
    let texts = [Some(class), packet.user, packet.caller];
    if texts.iter().flatten().any(|it| TEXT_CAP < it.len()) {
        return;
    }
    let text = |it: Option<&str>| CompactString::from(it.unwrap_or_default());
    let request = Request { user: text(packet.user), caller: text(packet.caller) };
    let requests: &mut Requests = ctx.carry();
    requests.insert(CompactString::from(class), request);
}

fn kept<'r>(text: &str, ctx: &Ctx<'r, '_>) -> Option<&'r str> {
    (!text.is_empty()).then(|| ctx.keep(text))
}

/// `corp.example/Users/Ana` as name and domain.
fn canonical(name: &str) -> (Option<&str>, Option<&str>) {
    match (name.split_once('/'), name.rsplit_once('/')) {
        (Some((domain, _)), Some((_, user))) if domain.contains('.') => (Some(user), Some(domain)),
        _ => (Some(name), None),
    }
}

/// Whether `ip` is an address: 255.255.255.255 and .254 only say who shall choose one.
fn is_leased(ip: &std::net::IpAddr) -> bool {
    match ip {
        std::net::IpAddr::V4(ip) => !matches!(ip.octets(), [255, 255, 255, 254 | 255] | [0, ..]),
        std::net::IpAddr::V6(ip) => !ip.is_unspecified(),
    }
}

/// The method that EAP carried.
fn by_eap(name: Option<&str>) -> Option<&'static str> {
    let name = name?;
    if name.contains("ertificate") || name.contains("mart Card") {
        Some("certificate")
    } else {
        (name.contains("assword") || name.contains("MSCHAP")).then_some("password")
    }
}

const fn type_name(kind: u32) -> &'static str {
    match kind {
        1 => "Access-Request",
        2 => "Access-Accept",
        3 => "Access-Reject",
        4 => "Accounting-Request",
        11 => "Access-Challenge",
        _ => "other",
    }
}

/// Month, day and year in this order, whatever the server's language; where the first cannot be a month it is the day.
fn stamp_of(packet: &Packet<'_>) -> Option<stamp::Stamp> {
    let mut parts = packet.date.trim_matches('"').splitn(3, '/');
    let (month, day): (u8, u8) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next()?.parse().ok()?;
    let (month, day) = if 12 < month { (day, month) } else { (month, day) };
    Some(stamp::of_parts(Some(year), month, day, packet.clock.trim_matches('"'))?.0)
}
