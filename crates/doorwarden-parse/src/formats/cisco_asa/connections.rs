//! 302xxx, 106xxx, 710xxx, 725xxx and 430xxx: connections towards ports of remote access, and TLS handshakes.
//!
//! Most lines of a firewall are of these classes, and nearly all state nothing for us: they are left as early as can
//! be told.

use std::net::IpAddr;

use doorwarden_model::{Activity, Outcome, Reason, Service};
use memchr::{memchr, memchr_iter};

use super::fields::{Kind, Message, OTHER, after, name, report, source};
use crate::{Ctx, Parsed, Reject};

/// Reads one message of the class.
#[inline]
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let found = match m.number {
        302_013 | 302_015 => built(m.text),
        302_014 | 302_016 => torn_down(m.text),
        106_001 | 106_006 => bare(m.text),
        106_010 | 106_023 => denied(m.text),
        106_100 => listed(m.text),
        710_002 | 710_003 => to_the_device(m.text),
        725_001 | 725_002 | 725_006 | 725_007 => return handshake(m, ctx),
        430_002 | 430_003 => policed(m.text),
        _ => return Ok(Parsed::Ignored),
    };
    let Some(connection) = found else { return Ok(Parsed::Ignored) };
    let mut event = m.event(ctx, door(connection.port), OTHER)?;
    event.src_ip = source(connection.from);
    event.src_host = Some(connection.from).filter(|_| event.src_ip.is_none());
    event.src_port = Some(connection.from_port);
    event.target = Some(connection.to);
    event.session = connection.id;
    event.detail = connection.detail;
    name(&mut event, connection.user);
    Ok(report(ctx, &event))
}

/// A connection from outside towards a port of remote access.
#[derive(Debug, Default)]
struct Connection<'r> {
    from: &'r str,
    from_port: u16,
    user: &'r str,
    to: &'r str,
    port: u16,
    id: Option<&'r str>,
    detail: Option<&'r str>,
}

/// Whether remote access listens at `port`.
const fn is_door(port: u16) -> bool {
    matches!(port, 22 | 23 | 500 | 1194 | 1723 | 3389 | 4500 | 5900 | 5901 | 5985 | 5986)
}

/// The kind of door at `port`.
const fn door(port: u16) -> Service {
    match port {
        22 | 23 => Service::Ssh,
        3389 => Service::Rdp,
        5900 | 5901 => Service::Vnc,
        5985 | 5986 => Service::Winrm,
        _ => Service::Vpn,
    }
}

/// One end of a connection.
struct End<'r> {
    interface: &'r str,
    ip: &'r str,
    port: u16,
    rest: &'r str,
}

/// `outside:203.0.113.7/51234 rest`
#[inline]
fn end(text: &str) -> Option<End<'_>> {
    let at = memchr(b'/', text.as_bytes())?;
    let (place, tail) = text.split_at_checked(at)?;
    let (port, rest) = port(tail.get(1..)?)?;
    let (interface, ip) = match memchr(b':', place.as_bytes()) {
        Some(at) => (place.get(..at)?, place.get(at + 1..)?),
        None => ("", place),
    };
    Some(End { interface, ip, port, rest })
}

/// The port at the start of `text`; services are known by name too.
#[inline]
fn port(text: &str) -> Option<(u16, &str)> {
    let digits = text.bytes().take(6).take_while(u8::is_ascii_digit).count();
    if 0 < digits {
        let (port, rest) = text.split_at_checked(digits)?;
        return Some((port.parse().ok()?, rest));
    }
    let len = text.find([' ', '(', ')']).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(len)?;
    let port = match word {
        "ssh" => 22,
        "telnet" => 23,
        "isakmp" => 500,
        "pptp" => 1723,
        _ => 0,
    };
    Some((port, rest))
}

/// What stands on both sides of the first ` to `.
#[inline]
fn around_to(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let at = memchr_iter(b' ', bytes)
        .find(|at| bytes.get(*at..).is_some_and(|it| it.starts_with(b" to ")))?;
    Some((text.get(..at)?, text.get(at + 4..)?))
}

/// `Built inbound TCP connection 12 for outside:203.0.113.7/51234 (203.0.113.7/51234)(CORP\ana) to
/// inside:10.0.0.5/3389 (198.51.100.5/3389) (ana)`
#[inline]
fn built(text: &str) -> Option<Connection<'_>> {
    let tail = text.strip_prefix("Built inbound ")?;
    let (from, to) = around_to(tail)?;
    let to = end(to).filter(|it| is_door(it.port))?;
    let (head, from) = from.split_once(" for ")?;
    let from = end(from)?;
    Some(Connection {
        from: from.ip,
        from_port: from.port,
        user: user(from.rest),
        to: to.ip,
        port: to.port,
        id: head.rsplit_once(' ').map(|it| it.1),
        detail: Some("built"),
    })
}

/// `Teardown TCP connection 12 for outside:203.0.113.7/51234 to inside:10.0.0.5/3389 duration 0:01:29 bytes 17859 ...`
///
/// The direction is not stated: the end on the more trusted interface stands second, so it was the server if the first
/// end's port is one that clients use.
#[inline]
fn torn_down(text: &str) -> Option<Connection<'_>> {
    let (from, to) = around_to(text)?;
    let to = end(to).filter(|it| is_door(it.port))?;
    let (head, from) = from.split_once(" for ")?;
    let from = end(from)?;
    let is_client = 1024 <= from.port || matches!(to.port, 500 | 4500);
    let detail = to.rest.find("duration ").and_then(|it| to.rest.get(it..));
    is_client.then_some(Connection {
        from: from.ip,
        from_port: from.port,
        user: user(from.rest),
        to: to.ip,
        port: to.port,
        id: head.rsplit_once(' ').map(|it| it.1),
        detail,
    })
}

/// The name in `(203.0.113.7/51234)(LOCAL\ana, 9999:tag)`, of the identity firewall.
fn user(text: &str) -> &str {
    let groups = text.split(['(', ')']).filter_map(|it| it.split(", ").next());
    let is_name = |it: &&str| {
        !it.trim().is_empty()
            && !it.contains('/')
            && !it.starts_with(|it: char| it.is_ascii_digit())
    };
    groups.into_iter().find(is_name).unwrap_or_default()
}

/// `Inbound TCP connection denied from 203.0.113.7/51234 to 10.0.0.5/3389 flags SYN on interface outside` and
/// `Deny inbound UDP from 203.0.113.7/51234 to 10.0.0.5/500 on interface outside`
fn bare(text: &str) -> Option<Connection<'_>> {
    let (head, tail) = text.split_once(" from ")?;
    let (from, to) = around_to(tail)?;
    let to = end(to).filter(|it| is_door(it.port))?;
    let from = end(from)?;
    Some(connection(&from, &to, Some(head)))
}

/// `Deny tcp src outside:203.0.113.7/51234(user) dst inside:10.0.0.5/3389 by access-group "outside_in" [0x0, 0x0]`
fn denied(text: &str) -> Option<Connection<'_>> {
    let (head, tail) = text.split_once(" src ")?;
    let (from, to) = tail.split_once(" dst ")?;
    let to = end(to).filter(|it| is_door(it.port))?;
    let from = end(from)?;
    is_outside(&from).then(|| connection(&from, &to, Some(head)))
}

/// `access-list outside_in permitted tcp outside/203.0.113.7(51234)(user) -> inside/10.0.0.5(3389) hit-cnt 1 ...`
fn listed(text: &str) -> Option<Connection<'_>> {
    let (from, to) = text.split_once(" -> ")?;
    let to = parenthesised(to).filter(|it| is_door(it.port))?;
    let mut words = from.splitn(5, ' ');
    let verdict = words.nth(2)?;
    let from = parenthesised(words.nth(1)?)?;
    is_outside(&from).then(|| connection(&from, &to, Some(verdict)))
}

/// `outside/203.0.113.7(51234) rest`
fn parenthesised(text: &str) -> Option<End<'_>> {
    let (interface, tail) = text.split_once('/')?;
    let (ip, tail) = tail.split_once('(')?;
    let (port, rest) = port(tail)?;
    Some(End { interface, ip, port, rest: rest.strip_prefix(')')? })
}

/// `TCP access denied by ACL from 203.0.113.7/51234 to outside:198.51.100.1/ssh`
fn to_the_device(text: &str) -> Option<Connection<'_>> {
    let (head, tail) = text.split_once(" from ")?;
    let (from, to) = around_to(tail)?;
    let to = end(to).filter(|it| is_door(it.port))?;
    let from = end(from)?;
    is_outside(&from).then(|| connection(&from, &to, Some(head)))
}

fn connection<'r>(from: &End<'r>, to: &End<'r>, detail: Option<&'r str>) -> Connection<'r> {
    Connection {
        from: from.ip,
        from_port: from.port,
        user: user(from.rest),
        to: to.ip,
        port: to.port,
        id: None,
        detail,
    }
}

/// Whether `from` is outside: a message about a rule does not state the direction.
fn is_outside(from: &End<'_>) -> bool {
    let is_named = ["outside", "internet", "wan", "untrust"].iter().any(|it| {
        from.interface.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))
    });
    is_named || source(from.ip).is_some_and(|it| !is_private(it))
}

/// Whether `ip` is only used inside organisations.
const fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let is_shared = a == 100 && b & 0xc0 == 64;
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
    }
}

/// `AccessControlRuleAction: Allow, SrcIP: 203.0.113.7, DstIP: 10.0.0.5, SrcPort: 51234, DstPort: 3389, ...`
fn policed(text: &str) -> Option<Connection<'_>> {
    let value = |key: &str| after(text, key, ", ");
    let port: u16 = value("DstPort: ")?.parse().ok().filter(|it| is_door(*it))?;
    let from = value("SrcIP: ")?;
    if source(from).is_none_or(is_private) {
        return None;
    }
    Some(Connection {
        from,
        from_port: value("SrcPort: ")?.parse().ok()?,
        user: value(" User: ").map_or("", person),
        to: value("DstIP: ")?,
        port,
        id: value("ConnectionID: "),
        detail: value("AccessControlRuleAction: "),
    })
}

/// Whom a connection's `User` names, without the kind of realm before it: the rules' special identities are nobody.
fn person(user: &str) -> &str {
    const NOBODY: [&str; 5] =
        ["No Authentication Required", "Not Found", "Pending", "Guest", "Failed Authentication"];
    if user.starts_with("Special Identities") || NOBODY.contains(&user) {
        return "";
    }
    user.strip_prefix("Discovered Identities\\").unwrap_or(user)
}

/// `Device completed SSL handshake with client outside:203.0.113.7/51234 to 198.51.100.1/443 for TLSv1.2 session`
fn handshake<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    // With a server the device itself is the client.
    let Some((_, tail)) = m.text.split_once(" with client ") else { return Ok(Parsed::Ignored) };
    let from = end(tail).ok_or(Reject::Shape)?;
    let kind = match m.number {
        725_002 => Kind { outcome: Some(Outcome::Success), ..OTHER },
        725_006 => Kind::failed(Activity::Other, Reason::Protocol),
        _ => OTHER,
    };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    event.src_ip = source(from.ip);
    event.src_port = Some(from.port);
    let to = around_to(from.rest).map_or("", |it| it.1);
    event.target = to.split_once('/').map(|it| it.0);
    event.detail = match m.number {
        725_007 => Some("terminated"),
        725_006 => Some("failed"),
        725_002 => Some("completed"),
        _ => Some("started"),
    };
    Ok(report(ctx, &event))
}
