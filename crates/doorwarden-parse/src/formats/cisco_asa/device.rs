//! 733xxx, 734xxx, 737xxx and 746xxx: what is known of the client's device, which inner address is whose, and which
//! addresses the device has shut out.

use doorwarden_model::{Activity, Reason, Service};

use super::fields::{Kind, LOGOFF, Message, OTHER, SESSION, after, name, report, source};
use super::shown::{self, DeviceBy};
use crate::{Ctx, Parsed, Reject, record::address};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        733_102 | 733_200 | 733_201 => shut_out(m, ctx),
        734_001 | 734_002 => access_policy(m, ctx),
        734_003 => attribute(m, ctx),
        737_006 | 737_010 | 737_014..=737_016 | 737_026 | 737_036 => address_assignment(m, ctx),
        746_012 | 746_013 => mapping(m, ctx),
        _ => Ok(Parsed::Ignored),
    }
}

/// `Threat-detection: Service[remote-access-authentication] Peer[203.0.113.66]: failure threshold of 10 exceeded: adding
/// shun to interface outside. SSL: 2 IKEv2: 8`, or `Threat-detection adds host 203.0.113.66 to shun list`
fn shut_out<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let ip = after(m.text, "Peer[", "]").or_else(|| after(m.text, "adds host ", " "));
    let mut event = m.event(ctx, Service::Vpn, Kind::failed(Activity::Other, Reason::Policy))?;
    event.src_ip = source(ip.ok_or(Reject::Shape)?);
    event.detail = Some(m.text.trim_start_matches("Threat-detection: "));
    Ok(report(ctx, &event))
}

/// `DAP: User u, Addr i, Connection AnyConnect: The following DAP records were selected ...: r` or
/// `DAP: User u, Addr i: Connection terminated by the following DAP records: r`
fn access_policy<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 734_002;
    let kind = if is_refused { Kind::refused(Reason::Policy) } else { OTHER };
    let (user, ip, rest) = subject(m.text).ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    event.src_ip = source(ip);
    event.client = after(rest, "Connection ", ":").filter(|_| !is_refused);
    event.detail = rest.rsplit_once(": ").map(|it| it.1.trim());
    Ok(report(ctx, &event))
}

/// `DAP: User u, Addr i, rest`; the name was authenticated, what follows may come from the client.
fn subject(text: &str) -> Option<(&str, &str, &str)> {
    let tail = text.strip_prefix("DAP: User ")?;
    let (user, tail) = tail.split_once(", Addr ")?;
    // An IPv6 address holds colons, but none with a blank behind it.
    let end = tail.find([',', ' ']).unwrap_or(tail.len());
    let (ip, rest) = tail.split_at_checked(end)?;
    Some((user, ip.trim_end_matches(':'), rest.trim_start_matches([',', ':', ' '])))
}

/// Attributes that name the device.
const DEVICES: &[&str] =
    &["endpoint.anyconnect.deviceuniqueid", "endpoint.device.hostname", "endpoint.device.id"];

/// Attributes that name the client program.
const CLIENTS: &[&str] = &["endpoint.anyconnect.useragent", "endpoint.anyconnect.clientversion"];

/// `DAP: User u, Addr i: Session Attribute endpoint.device.hostname="laptop-7"`
fn attribute<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (user, ip, rest) = subject(m.text).ok_or(Reject::Shape)?;
    let attribute = rest.strip_prefix("Session Attribute ").unwrap_or(rest);
    let Some((key, value)) = attribute.split_once('=') else { return Ok(Parsed::Ignored) };
    let value = value.trim().trim_matches('"');
    let (is_device, is_client) = (DEVICES.contains(&key.trim()), CLIENTS.contains(&key.trim()));
    if value.is_empty() || !(is_device || is_client) {
        return Ok(Parsed::Ignored);
    }
    let mut event = m.event(ctx, Service::Vpn, OTHER)?;
    name(&mut event, user);
    event.src_ip = source(ip);
    if is_device {
        event.device = Some(value);
        let is_name = key.trim() == "endpoint.device.hostname";
        let by = if is_name { DeviceBy::Name } else { DeviceBy::Id };
        shown::note_device(&event, by, ctx);
    } else {
        event.client = Some(value);
    }
    Ok(report(ctx, &event))
}

/// `IPAA: Session=0x1234, Client assigned 10.0.0.5 from local pool`
fn address_assignment<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let words = m.text.split([' ', ',', '<', '>', '\'']);
    let Some(leased) = words.filter_map(address).find(|it| !it.is_unspecified()) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = m.event(ctx, Service::Vpn, SESSION)?;
    event.assigned_ip = Some(leased);
    event.session = after(m.text, "Session=", ",");
    event.detail = m.text.contains("Freeing").then_some("address released");
    Ok(report(ctx, &event))
}

/// `user-identity: Add IP-User mapping 10.0.0.5 - CORP\u Succeeded - VPN user`
fn mapping<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, tail) = m.text.split_once("IP-User mapping ").ok_or(Reject::Shape)?;
    let (ip, tail) = tail.split_once(" - ").ok_or(Reject::Shape)?;
    let outcome = tail.rsplit_once(" Succeeded").or_else(|| tail.rsplit_once(" - Succeeded"));
    let Some((user, why)) = outcome else { return Ok(Parsed::Ignored) };
    let is_vpn = why.contains("VPN user");
    let is_added = m.text.contains(" Add ");
    let kind = match (is_vpn, is_added) {
        (true, true) => SESSION,
        (true, false) => LOGOFF,
        (false, _) => Kind::of(Activity::Other),
    };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user.trim_end_matches([' ', '-']));
    if is_vpn {
        event.assigned_ip = address(ip.trim());
    } else {
        event.src_ip = source(ip);
    }
    event.detail = Some(why.trim_start_matches([' ', '-'])).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}
