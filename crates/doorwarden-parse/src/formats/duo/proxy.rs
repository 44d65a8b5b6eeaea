//! The Duo Authentication Proxy: `authevents.log` and `authproxy.log`.

use std::sync::LazyLock;

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason, Service};

use super::{ID, accepted, factor, reason, refused};
use crate::{
    Ctx, Parsed, Recent, Record, Reject, json::Paths, names::split_domain, record::address, stamp,
};

static RECORD: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["timestamp"],
        &["username"],
        &["client_ip"],
        &["hostname"],
        &["server_section"],
        &["auth_stage"],
        &["status"],
        &["msg"],
        &["factor"],
    ])
});

/// Reads one record of `authevents.log`.
pub(super) fn read<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let fields = RECORD.find(json).ok_or(Reject::Shape)?;
    let text = |at| fields.text(at, arena);
    let time = text(0).unwrap_or_default();
    let stamp = stamp::utc(time).ok_or_else(|| Reject::Timestamp(time.into()))?;
    let is_first = text(5).is_some_and(|it| it.starts_with("Primary"));
    let section = text(4).unwrap_or_default();
    let service = if section.starts_with("radius") { Service::Radius } else { Service::Idp };
    let mut event = ctx.event_at(ID, service, Activity::Logon, stamp);
    (event.user, event.domain) = text(1).map_or((None, None), split_domain);
    event.src_ip = text(2).and_then(address);
    event.host = text(3);
    event.target = text(4);
    let outcome = match text(6) {
        Some("Allow" | "Accept" | "Success" | "Bypass") => Outcome::Success,
        Some(_) => Outcome::Failure,
        None => return Ok(Parsed::Ignored),
    };
    let said = text(7).unwrap_or_default();
    let method = text(8).and_then(factor);
    if is_first {
        first(&mut event, outcome);
    } else {
        second(&mut event, outcome, said, method);
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// The password: when it was right, the factor is asked for next.
fn first(event: &mut Event<'_>, outcome: Outcome) {
    event.method = Some("password");
    if outcome == Outcome::Success {
        event.activity = Activity::Mfa;
        event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
        return;
    }
    (event.outcome, event.reason) = (Some(Outcome::Failure), Some(Reason::BadPassword));
}

/// The factor's answer, which is the proxy's to the door.
fn second<'r>(event: &mut Event<'r>, outcome: Outcome, said: &str, method: Option<&'r str>) {
    event.outcome = Some(outcome);
    if outcome == Outcome::Success {
        event.mfa = Some(Mfa { method, result: accepted(said) });
        return;
    }
    let why = reason(said);
    event.reason = Some(why);
    event.mfa = Some(Mfa { method, result: refused(why) });
}

/// Parts of the proxy that write its log.
const WRITERS: &[&str] =
    &["[duoauthproxy.", "[DuoForwardServer", "[DuoAutoServer", "[DuoChallenge"];

/// Whether `message` is a line of `authproxy.log`: the writer in brackets, and the request that it speaks of, as
/// `(('198.51.100.7', 1645), ana, 12): `, where it speaks of one.
pub(super) fn claims(message: &str) -> bool {
    message.starts_with('[')
        && (WRITERS.iter().any(|it| message.starts_with(it)) || request_start(message).is_some())
}

fn request_start(message: &str) -> Option<usize> {
    memchr::memmem::find(message.as_bytes(), b"] (('").map(|it| it + 2)
}

/// Names of requests whose lines do not repeat them, as proxies before 2.10 write.
#[derive(Debug, Default)]
struct Requests(Recent<CompactString, CompactString, 256>);

/// Reads one line of `authproxy.log`.
pub(super) fn line<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let message = record.message;
    let Some(request) = request_start(message).and_then(|it| message.get(it..)) else {
        return Ok(Parsed::Ignored);
    };
    // The name is the client's choice and may hold anything, what the proxy answers among it. Only this message repeats
    // it, so it is ruled out first; the answers of all others stand behind the last bracket.
    if let Some((head, name)) = request.split_once("): login attempt for username ") {
        ctx.carry::<Requests>().0.insert(head.into(), unquoted(name).into());
        return Ok(Parsed::Ignored);
    }
    let (head, said) = request.rsplit_once("): ").ok_or(Reject::Shape)?;
    let door = head.strip_prefix("(('").and_then(|it| it.split_once('\''));
    let (door, rest) = door.ok_or(Reject::Shape)?;
    let rest = rest.split_once("), ").map_or(rest, |(_, it)| it);
    let named = rest.rsplit_once(", ").map(|(name, _)| unquoted(name));
    let is_primary = said.starts_with("Primary credentials rejected")
        || said.starts_with("Invalid primary credentials");
    let answer =
        said.strip_prefix("Duo authentication returned '").and_then(|it| it.split_once('\''));
    if answer.is_none() && !is_primary {
        return Ok(Parsed::Ignored);
    }
    let mut event = ctx.event(ID, Service::Radius, Activity::Logon, record)?;
    event.target = Some(door);
    let known = ctx.carry::<Requests>().0.get(head).cloned();
    let name = named.or_else(|| known.map(|it| ctx.keep(&it)));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    match answer {
        Some(("allow", rest)) => second(&mut event, Outcome::Success, rest, None),
        Some((_, rest)) => second(&mut event, Outcome::Failure, rest, None),
        None => first(&mut event, Outcome::Failure),
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// A name as Python prints it: `ana`, `'ana'` or `u'ana'`.
fn unquoted(name: &str) -> &str {
    let name = name.strip_prefix('u').filter(|it| it.starts_with('\'')).unwrap_or(name);
    name.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(name)
}
