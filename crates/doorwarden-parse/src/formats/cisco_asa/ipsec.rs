//! 713xxx, 602xxx and 603xxx: `IKEv1`, `IPsec` associations, L2TP and PPTP.

use doorwarden_model::{Activity, Reason, Service};

use super::fields::{
    Kind, LOGOFF, Message, OTHER, SESSION, after, cause, keyed_peer, name, report, source,
};
use crate::{Ctx, Parsed, Reject, record::address};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        602_303 | 602_304 => association(m, ctx),
        603_103 => ppp(m, ctx),
        603_104..=603_107 => tunnel(m, ctx),
        603_110 => second_session(m, ctx),
        _ => match kind(m) {
            Some(kind) => negotiation(m, ctx, kind),
            None => Ok(Parsed::Ignored),
        },
    }
}

/// What the messages state that begin with `Group = g, Username = u, IP = i`.
fn kind(m: &Message<'_, '_>) -> Option<Kind> {
    Some(match m.number {
        713_049 | 713_119 | 713_120 | 713_123 | 713_194 | 713_204 | 713_228 => SESSION,
        713_050 | 713_163 | 713_259 => LOGOFF,
        713_052 | 713_160 => Kind::ACCEPTED,
        713_166 | 713_167 | 713_251 => Kind::refused(Reason::BadPassword),
        713_198 => Kind::refused(authorization_reason(m.text)),
        713_056 | 713_060 | 713_149 | 713_162 | 713_165 | 713_174 | 713_206 | 713_218 | 713_239
        | 713_252 => Kind::refused(Reason::Policy),
        713_127 | 713_185 | 713_244 | 713_245 | 713_249 => Kind::refused(Reason::Protocol),
        713_141 | 713_142 if m.text.contains("terminat") => Kind::refused(Reason::Policy),
        713_132 | 713_205 => Kind::failed(Activity::Session, Reason::Other),
        713_136 | 713_191 => Kind::failed(Activity::Other, Reason::Other),
        713_022 | 713_138 | 713_255 | 713_256 => Kind::failed(Activity::Other, Reason::Policy),
        713_109 => Kind::failed(Activity::Other, Reason::Certificate),
        713_172 | 713_184 => OTHER,
        _ => return None,
    })
}

/// Why a name that came from a certificate was refused.
fn authorization_reason(text: &str) -> Reason {
    if text.contains("certificate") { Reason::Certificate } else { Reason::Policy }
}

fn negotiation<'r>(
    m: &Message<'_, 'r>,
    ctx: &mut Ctx<'r, '_>,
    mut kind: Kind,
) -> Result<Parsed, Reject> {
    let who = keyed_peer(m.text);
    // A tunnel between sites has no user: its refusal is no sign-in.
    if who.user.is_empty() && matches!(kind.reason, Some(Reason::Policy | Reason::Protocol)) {
        kind.activity = Activity::Other;
    }
    let mut event = m.event_of(ctx, kind, &who)?;
    match m.number {
        713_228 => event.assigned_ip = after(who.rest, "IP address ", " ").and_then(address),
        713_204 => event.assigned_ip = after(who.rest, "client address: ", " ").and_then(address),
        713_184 => event.client = who.rest.strip_prefix("Client Type: ").map(str::trim),
        713_050 | 713_259 => {
            let cause = cause(who.rest).unwrap_or_default();
            let cause = cause.split_once("Remote Proxy").map_or(cause, |it| it.0).trim();
            event.detail = Some(cause).filter(|it| !it.is_empty());
        }
        713_255 => event.detail = Some(who.rest),
        _ => {}
    }
    Ok(report(ctx, &event))
}

/// `IPSEC: An inbound remote access SA (SPI= 0x1A2B) between 198.51.100.1 and 203.0.113.7 (user= u) has been created.`
fn association<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (head, tail) = m.text.split_once(" between ").ok_or(Reject::Shape)?;
    let (_, tail) = tail.split_once(" and ").ok_or(Reject::Shape)?;
    let (remote, user) = tail.split_once("(user=").unwrap_or((tail, ""));
    let user = user.rsplit_once(") has been").map_or(user, |it| it.0);
    // Keys are renewed during a session, so neither the first association nor the last ends a sign-in.
    let is_remote_access = head.contains("emote access");
    let kind = if is_remote_access { SESSION } else { OTHER };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    event.src_ip = remote.split_ascii_whitespace().next().and_then(source);
    event.session = after(head, "SPI=", ")");
    event.detail = Some(if m.number == 602_303 { "created" } else { "deleted" });
    Ok(report(ctx, &event))
}

/// `PPP virtual interface i - user: u aaa authentication succeeded`
fn ppp<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, tail) = m.text.split_once("ser: ").ok_or(Reject::Shape)?;
    let (user, status) = tail.rsplit_once(" aaa authentication ").ok_or(Reject::Shape)?;
    let is_accepted = status.starts_with("succe");
    let kind = if is_accepted { Kind::ACCEPTED } else { Kind::refused(Reason::BadPassword) };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    Ok(report(ctx, &event))
}

/// `L2TP Tunnel created, tunnel_id is 5, remote_peer_ip is 203.0.113.7, ppp_virtual_interface_id is 1,
/// client_dynamic_ip is 10.0.0.5, username is u`, and its end.
fn tunnel<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_created = matches!(m.number, 603_104 | 603_106);
    let mut event = m.event(ctx, Service::Vpn, if is_created { SESSION } else { LOGOFF })?;
    event.src_ip = stated(m.text, "remote_peer_ip").and_then(source);
    event.session = stated(m.text, "tunnel_id");
    event.assigned_ip = stated(m.text, "client_dynamic_ip").and_then(address);
    if let Some((_, user)) = m.text.split_once("username is ") {
        name(&mut event, user.rsplit_once(", MPPE_key_strength").map_or(user, |it| it.0));
    }
    Ok(report(ctx, &event))
}

/// The value of `key is v` or `key = v`.
fn stated<'r>(text: &'r str, key: &str) -> Option<&'r str> {
    let (_, tail) = text.split_once(key)?;
    let tail = tail.strip_prefix(" is ").or_else(|| tail.strip_prefix(" = "))?;
    tail.split([',', ' ']).next().filter(|it| !it.is_empty())
}

/// `Failed to establish L2TP session, tunnel_id = 5, remote_peer_ip = 203.0.113.7, user = u. Multiple sessions ...`
fn second_session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::refused(Reason::Policy))?;
    event.src_ip = stated(m.text, "remote_peer_ip").and_then(source);
    if let Some((_, user)) = m.text.split_once(", user = ") {
        name(&mut event, user.rsplit_once(". Multiple").map_or(user, |it| it.0));
    }
    Ok(report(ctx, &event))
}
