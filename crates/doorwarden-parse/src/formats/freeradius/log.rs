//! `radius.log`: `Auth: (12) Login OK: [ana] (from client vpn-1 port 10 cli 203.0.113.7)`.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{ID, Memory, escapes::logged};
use crate::{Ctx, Parsed, Record, Reject, kv::stated, names::split_domain, record::address_port};

/// How messages begin that state a sign-in, and why it was refused.
const OPENINGS: &[(&str, Option<Reason>)] = &[
    ("Login OK", None),
    ("Login incorrect", Some(Reason::BadPassword)),
    ("Invalid user", Some(Reason::UnknownUser)),
    ("Rejected in post-auth", Some(Reason::Policy)),
    ("Multiple logins", Some(Reason::Policy)),
    ("Outside allowed timespan", Some(Reason::Policy)),
    ("Home server says invalid user", Some(Reason::UnknownUser)),
];

/// The levels that stand behind the stamp.
const LEVELS: &[&str] =
    &["Auth", "Info", "Error", "ERROR", "Warning", "WARNING", "Notice", "Proxy", "Acct", "Debug"];

/// Whether `record` is a line of the server's log.
pub(super) fn claims(record: &Record<'_>) -> bool {
    match record.app {
        Some("radiusd" | "freeradius") => true,
        // A line without stamp begins with its level.
        Some("Auth") => opening(without_request(record.message)).is_some(),
        Some(_) => false,
        None => level(record.body).is_some() || is_bare(record.body),
    }
}

/// Whether `text` is a message without level.
fn is_bare(text: &str) -> bool {
    text.starts_with(['(', 'L', 'I', 'R', 'M', 'O', 'H'])
        && opening(without_request(text)).is_some()
        && split_from(text).is_some()
}

/// The text behind `: Auth: `, which stands behind the stamp.
fn level(body: &str) -> Option<&str> {
    let (word, rest) = body.strip_prefix(": ")?.split_once(": ")?;
    LEVELS.contains(&word).then_some(rest)
}

/// Takes off `(12) ` or `(12)   `, the number of the request.
fn without_request(text: &str) -> &str {
    let text = text.trim_start();
    let Some(tail) = text.strip_prefix('(') else { return text };
    match tail.split_once(')') {
        Some((digits, rest)) if digits.bytes().all(|it| it.is_ascii_digit()) => rest.trim_start(),
        _ => text,
    }
}

type Opening<'r> = (&'static str, Option<Reason>, &'r str);

/// How `text` begins, and what follows.
fn opening(text: &str) -> Option<Opening<'_>> {
    OPENINGS.iter().find_map(|it| Some((it.0, it.1, text.strip_prefix(it.0)?)))
}

/// Splits in front of `(from client ...)`.
///
/// The client chooses the name, so it may itself hold this: the last one counts.
fn split_from(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once(" (from client ").or_else(|| text.rsplit_once(" (from nas "))
}

/// Reads one line.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let text = level(record.body).unwrap_or(record.message);
    let text = without_request(text.strip_prefix("Auth: ").unwrap_or(text));
    let Some((code, reason, rest)) = opening(text) else {
        return unknown_client(record, ctx, text);
    };
    let (head, from) = split_from(rest).ok_or(Reject::Shape)?;
    let (why, name) = explained(head).ok_or(Reject::Shape)?;
    let mut event: Event<'r> = ctx.event(ID, Service::Radius, Activity::Logon, record)?;
    event.code = Some(code);
    event.outcome = Some(if reason.is_some() { Outcome::Failure } else { Outcome::Success });
    event.reason = reason.map(|it| why.and_then(reason_of).unwrap_or(it));
    event.detail = why;
    let memory: &mut Memory = ctx.carry();
    let is_bare = match reason {
        Some(_) => &mut memory.is_refused_name_bare,
        None => &mut memory.is_accepted_name_bare,
    };
    let (name, method) = without_password(name, is_bare);
    if name != "<no User-Name attribute>" {
        (event.user, event.domain) = split_domain(logged(name, ctx));
    }
    event.method = method;
    origin(&mut event, from);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// ` (mschap: ...): [name]`, `: [name]` or ` (max 1) [MPP attempt]: [name]`: the explanation and the name.
fn explained(head: &str) -> Option<(Option<&str>, &str)> {
    let (why, name) = match head.strip_prefix(" (") {
        // The explanation is the server's; the name, which comes behind it, is the client's.
        Some(tail) => {
            let (why, name) = tail.split_once("): [").or_else(|| tail.split_once(": ["))?;
            let why = why.trim_end_matches([' ', ':']).trim_end_matches(") [MPP attempt]");
            (stated(why), name)
        }
        None => (None, head.split_once(": [")?.1),
    };
    Some((why, name.strip_suffix(']').unwrap_or(name)))
}

/// Takes a logged password, or what stands in its place, off `name`; the second is how it was authenticated.
///
/// Names may hold a slash themselves. Where passwords are not logged no slash is added, so one name without any tells
/// that all names of its kind are whole.
fn without_password<'r>(name: &'r str, is_bare: &mut bool) -> (&'r str, Option<&'r str>) {
    if let Some((user, mark)) = name.rsplit_once("/<")
        && let Some(mark) = mark.strip_suffix('>')
    {
        return (user, mark.strip_prefix("via Auth-Type = "));
    }
    let tail = name.strip_prefix("host/").unwrap_or(name);
    *is_bare |= !tail.contains('/');
    match tail.split_once('/') {
        Some((_, password)) if !*is_bare => {
            (name.get(..name.len() - password.len() - 1).unwrap_or(name), None)
        }
        _ => (name, None),
    }
}

/// `vpn-1 port 10 cli 203.0.113.7 via TLS tunnel)`: the access server, and whence the person came.
fn origin<'r>(event: &mut Event<'r>, from: &'r str) {
    let from = from.split_once(')').map_or(from, |it| it.0);
    let (client, tail) = from.split_once(" port ").unwrap_or((from, ""));
    event.host = stated(client.trim_end_matches("/32"));
    let Some((_, caller)) = tail.split_once(" cli ") else { return };
    let caller = caller.trim_end_matches(" via TLS tunnel");
    let caller = caller.trim_end_matches(" via proxy to virtual server");
    station(event, caller);
}

/// Sets the address or, where it is none, the device that a Calling-Station-Id states.
pub(super) fn station<'r>(event: &mut Event<'r>, caller: &'r str) {
    match address_port(caller) {
        Some((ip, port)) => (event.src_ip, event.src_port) = (Some(ip), port),
        None => event.device = stated(caller),
    }
}

/// What modules say of a refusal, and what it means; the first that fits counts.
const REASONS: &[(&str, Reason)] = &[
    ("0xc0000234", Reason::Locked),
    ("ocked", Reason::Locked),
    ("0xc0000072", Reason::Disabled),
    ("isabled", Reason::Disabled),
    ("0xc0000071", Reason::Expired),
    ("0xc0000224", Reason::Expired),
    ("0xc0000193", Reason::Expired),
    ("xpired", Reason::Expired),
    ("ust change password", Reason::Expired),
    ("0xc0000064", Reason::UnknownUser),
    ("ser not found", Reason::UnknownUser),
    ("bject not found", Reason::UnknownUser),
    ("o such user", Reason::UnknownUser),
    ("No Auth-Type found", Reason::UnknownUser),
    ("imultaneous", Reason::Policy),
    ("timespan", Reason::Policy),
    ("ot allowed", Reason::Policy),
    ("ccess denied", Reason::Policy),
    ("0xc000006d", Reason::BadPassword),
    ("assword", Reason::BadPassword),
    ("ncorrect", Reason::BadPassword),
    ("mschap", Reason::BadPassword),
    ("Bind credentials", Reason::BadPassword),
    ("ertificate", Reason::Certificate),
    ("TLS Alert", Reason::Certificate),
    ("eap_tls", Reason::Certificate),
    ("Server returned", Reason::Policy),
    ("otp", Reason::MfaFailed),
    ("No EAP session", Reason::Protocol),
    ("EAP", Reason::Protocol),
    ("eap", Reason::Protocol),
];

fn reason_of(why: &str) -> Option<Reason> {
    REASONS.iter().find(|it| why.contains(it.0)).map(|it| it.1)
}

/// `Ignoring request to auth address * port 1812 bound to server default from unknown client 203.0.113.66 port 4711`
/// and `Received packet from 203.0.113.66 with invalid Message-Authenticator!`
fn unknown_client<'r>(
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
    text: &'r str,
) -> Result<Parsed, Reject> {
    let tail = if let Some((_, tail)) = text.split_once(" from unknown client ") {
        tail
    } else if text.contains("invalid Message-Authenticator") {
        text.split_once("Received packet from ").map_or("", |it| it.1)
    } else {
        return Ok(Parsed::Ignored);
    };
    let mut words = tail.split(' ');
    let Some((ip, _)) = words.next().and_then(address_port) else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event(ID, Service::Radius, Activity::Other, record)?;
    event.outcome = Some(Outcome::Failure);
    event.reason = Some(Reason::Policy);
    event.src_ip = Some(ip);
    event.src_port = words.nth(1).and_then(|it| it.parse().ok());
    event.detail = Some(text);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
