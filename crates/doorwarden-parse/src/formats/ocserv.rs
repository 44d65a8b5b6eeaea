//! ocserv, the `OpenConnect` server: what its main process, its workers and its security module say.

use std::net::IpAddr;

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason, Service};

use jiff::Timestamp;

use crate::{
    Ctx, Format, Parsed, Recent, Record, Reject,
    kv::stated,
    names::split_domain,
    record::{address, address_port},
};

/// # ocserv
///
/// Reads the log of ocserv, the `OpenConnect` VPN server, versions 0.10 to 1.3.
///
/// **Where it is found.** In syslog under `ocserv` (facility `daemon` or `authpriv`): `/var/log/syslog`,
/// `/var/log/messages` or the journal. The usual log level tells of sign-ins, sessions and refusals; `log-level = 3`
/// and more adds every step of them.
///
/// ```text
/// Jan  2 03:04:05 vpn1 ocserv[812]: main[ana]:203.0.113.7:51000 user logged in
/// Jan  2 03:04:05 vpn1 ocserv[921]: worker[ana]: 203.0.113.7 worker-auth.c:1724: failed authentication for 'ana'
/// ```
///
/// **What is read.** Sign-ins by password, certificate and cookie, refusals of workers, security module, plain, PAM and
/// RADIUS authentication, sessions opened, closed and counted, leased addresses, connections, and addresses that
/// get points on the ban list or are turned away by it. The security module speaks of a session by its id; the
/// address is taken from the line that began it, where the log has one.
///
/// **What is ignored.** Messages between its processes, ciphers, packet sizes, devices, the server's own start and end.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Ocserv;

/// Its id.
const ID: &str = "ocserv";

const OK: Option<Outcome> = Some(Outcome::Success);
const NO: Option<Outcome> = Some(Outcome::Failure);

/// The client's address, by the security module's session id.
#[derive(Debug, Default)]
struct Sessions {
    sources: Recent<CompactString, IpAddr>,
}

impl Format for Ocserv {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (is_own_app(record) || is_untagged(record.body))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let mut event = ctx.event(ID, Service::Vpn, Activity::Other, record)?;
        let text = if is_own_app(record) { record.message } else { record.body };
        if !describe(text.trim(), &mut event) {
            return Ok(Parsed::Ignored);
        }
        follow(&mut event, ctx);
        (event.user, event.domain) = event.user.and_then(stated).map_or((None, None), split_domain);
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}

fn is_own_app(record: &Record<'_>) -> bool {
    record.app.is_some_and(|it| it.starts_with(ID))
}

/// Whether `body` is a message without the program's name: only what states something tells whose it is.
fn is_untagged(body: &str) -> bool {
    let is_process =
        ["main:", "main[", "worker:", "worker[", "sec-mod: "].iter().any(|it| body.starts_with(it));
    let mut scratch = Event::new(ID, Service::Vpn, Activity::Other, Timestamp::UNIX_EPOCH);
    is_process && describe(body.trim(), &mut scratch)
}

/// Adds the address of the session, or remembers it.
fn follow<'r>(event: &mut Event<'r>, ctx: &mut Ctx<'r, '_>) {
    let Some(session) = event.session else { return };
    let sessions = ctx.carry::<Sessions>();
    match event.src_ip {
        Some(ip) => sessions.sources.insert(session.into(), ip),
        None => event.src_ip = sessions.sources.get(session).copied(),
    }
}

/// Fills `event` from `text`; whether it states anything.
fn describe<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    if let Some(said) = text.strip_prefix("sec-mod: ") {
        return security_module(said, event) || refusal(said, event);
    }
    let process = text.strip_prefix("main").or_else(|| text.strip_prefix("worker"));
    let Some(rest) = process else { return refusal(text, event) };
    if let Some(said) = rest.strip_prefix(':') {
        return client(None, said, event);
    }
    let Some(named) = rest.strip_prefix('[') else { return refusal(text, event) };
    // The client chooses the name, so it may itself hold the end of a name: the last one that makes sense counts.
    named
        .rmatch_indices("]:")
        .take(NAME_ENDS)
        .any(|(at, end)| client(named.get(..at), named.get(at + end.len()..).unwrap_or(""), event))
}

/// How many possible ends of a name are tried.
const NAME_ENDS: usize = 8;

/// `203.0.113.7:51000 new user session`, behind the name, if there is one yet.
fn client<'r>(name: Option<&'r str>, said: &'r str, event: &mut Event<'r>) -> bool {
    let said = said.trim_start();
    let place = said.split_once(' ').and_then(|(word, text)| Some((address_port(word)?, text)));
    let Some(((ip, port), text)) = place else {
        // A name never stands without an address.
        return name.is_none() && (server(said, event) || refusal(said, event));
    };
    (event.src_ip, event.src_port, event.user) = (Some(ip), port, name);
    session(text, event) || refusal(text, event)
}

fn says(
    event: &mut Event<'_>,
    activity: Activity,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
) -> bool {
    (event.activity, event.outcome, event.reason) = (activity, outcome, reason);
    true
}

/// What is said of a client with an address. Each text is compared to its end: a name that stands in another message
/// cannot pass for one of these.
fn session<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    match text {
        "new user session" => return says(event, Activity::Session, OK, None),
        "user logged in" => return says(event, Activity::Logon, OK, None),
        "accepted connection" => return says(event, Activity::Other, None, None),
        _ => {}
    }
    if let Some(how) = text.strip_prefix("user of group '") {
        let how =
            how.rsplit_once("' authenticated (using ").and_then(|(_, it)| it.strip_suffix(')'));
        event.method = how;
        return how.is_some() && says(event, Activity::Logon, OK, None);
    }
    if text.starts_with("user disconnected (reason: ") && text.ends_with(')') {
        // A connection without a name never became a session.
        let is_session = event.user.is_some();
        let activity = if is_session { Activity::Logoff } else { Activity::Other };
        return says(event, activity, None, None);
    }
    if text.starts_with("sent periodic stats (") && text.ends_with(" to sec-mod") {
        return says(event, Activity::Session, None, None);
    }
    if text.starts_with("GnuTLS error (at ") {
        return says(event, Activity::Other, NO, Some(Reason::Protocol));
    }
    lease(text, event)
}

/// What stands before a leased address.
static LEASES: &[&str] =
    &["assigned IPv4: ", "assigned IPv6: ", "sending IPv4 ", "sending IPv6 ", "selected IP: "];

fn lease<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    let leased = LEASES.iter().find_map(|it| text.strip_prefix(it));
    event.assigned_ip = leased.and_then(|it| address(it.split('/').next()?.trim()));
    event.assigned_ip.is_some() && says(event, Activity::Session, None, None)
}

/// What the main process says of addresses.
fn server<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    if let Some(place) = text.strip_prefix("new DTLS session from ") {
        let place = place.split(' ').next().and_then(address_port);
        (event.src_ip, event.src_port) = place.map_or((None, None), |(ip, port)| (Some(ip), port));
        return place.is_some() && says(event, Activity::Other, None, None);
    }
    for start in ["Rejected connection from banned IP: ", "rejected connection from banned IP: "] {
        if let Some(place) = text.strip_prefix(start) {
            event.src_ip = address_port(place.trim()).map(|(ip, _)| ip);
            return says(event, Activity::Other, NO, Some(Reason::Policy));
        }
    }
    if text.starts_with("added ") && text.contains(" to ban list") {
        event.src_ip = text.split_once("IP '").and_then(|(_, it)| address(it.split('\'').next()?));
        return event.src_ip.is_some() && says(event, Activity::Other, None, None);
    }
    false
}

/// What the security module says of sessions: start, kind of act, outcome.
static SESSIONS: &[(&str, Activity, Option<Outcome>)] = &[
    ("auth complete for user '", Activity::Logon, OK),
    ("initiating session for user '", Activity::Session, OK),
    ("temporarily closing session for user '", Activity::Session, None),
    ("temporarily closing session of user '", Activity::Session, None),
    ("permanently closing session of user '", Activity::Logoff, None),
    ("permamently closing session of user '", Activity::Logoff, None),
    ("invalidating session of user '", Activity::Logoff, None),
];

fn security_module<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    if text.starts_with("auth init") {
        return begun(text, event);
    }
    if let Some(tail) = text.strip_prefix("auth cont received for ") {
        let Some((name, tail)) = tail.rsplit_once(" (session: ") else { return false };
        event.user = Some(name);
        event.session = tail.split(')').next();
        return tail.contains("state auth failed")
            && says(event, Activity::Logon, NO, Some(Reason::Other));
    }
    let found = SESSIONS.iter().find_map(|it| Some((it, text.strip_prefix(it.0)?)));
    let Some(((_, activity, outcome), tail)) = found else { return false };
    of_session(tail, event);
    says(event, *activity, *outcome, None)
}

/// `auth init for user 'ana' (session: 3ocoz0) of group: '' from '203.0.113.7'`
fn begun<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    let Some((who, place)) = text.rsplit_once(" from '") else { return false };
    let Some((_, who)) = who.split_once(" for user '") else { return false };
    of_session(who, event);
    event.src_ip = address(place.trim_end_matches('\''));
    says(event, Activity::Logon, None, None)
}

/// `ana' (session: 3ocoz0)`
fn of_session<'r>(tail: &'r str, event: &mut Event<'r>) {
    let (name, session) =
        tail.rsplit_once("' (session: ").unwrap_or((tail.trim_end_matches('\''), ""));
    event.user = Some(name);
    event.session = session.split(')').next().filter(|it| !it.is_empty());
}

/// Refusals: what stands before the name, and why.
static BEFORE_NAME: &[(&str, Reason)] = &[
    ("failed authentication for '", Reason::BadPassword),
    ("failed authentication attempt for user '", Reason::BadPassword),
    ("error authenticating user '", Reason::BadPassword),
    ("error in password given in auth cont for user '", Reason::BadPassword),
    ("PAM authenticate error for '", Reason::BadPassword),
    ("PAM acct-mgmt error for '", Reason::Policy),
    ("OTP auth failed for '", Reason::MfaFailed),
    ("denied session for user '", Reason::Policy),
];

/// Refusals: what stands behind the name, and why.
static BEHIND_NAME: &[(&str, Reason)] = &[
    ("' presented a certificate ", Reason::Certificate),
    ("' presented no certificate", Reason::Certificate),
    ("' requested group '", Reason::Policy),
    ("' tried to connect more than ", Reason::Policy),
    ("' session expired", Reason::Expired),
];

/// Refusals that name nobody.
static NAMELESS: &[(&str, Reason)] = &[
    ("client certificate verification failed", Reason::Certificate),
    ("error verifying client certificate", Reason::Certificate),
    ("failed cookie authentication attempt", Reason::Other),
];

/// Fills `event` from a refusal, whichever process tells of it.
fn refusal<'r>(text: &'r str, event: &mut Event<'r>) -> bool {
    for (before, reason) in BEFORE_NAME {
        if let Some((source, tail)) = text.split_once(before)
            && is_source(source)
        {
            event.user = Some(name_at(tail, event));
            return refused(event, *reason);
        }
    }
    if let Some((who, current)) = text.split_once(" re-using cookie from different IP (prev") {
        event.user = event.user.or_else(|| who.split_once('\'')?.1.split('\'').next());
        let current = current.split_once("current: ").map(|(_, it)| it.trim_start_matches('\''));
        event.src_ip =
            current.and_then(|it| address(it.split(['\'', ')']).next()?)).or(event.src_ip);
        return refused(event, Reason::Policy);
    }
    if let Some(tail) = text.strip_prefix("user '") {
        let found = BEHIND_NAME.iter().find_map(|(it, why)| Some((tail.split_once(it)?.0, why)));
        let Some((name, reason)) = found else { return obtained(tail, event) };
        event.user = Some(name);
        return refused(event, *reason);
    }
    let found =
        NAMELESS.iter().find(|(it, _)| text.split_once(it).is_some_and(|it| is_source(it.0)));
    found.is_some_and(|(_, reason)| refused(event, *reason))
}

/// The name at the start of `tail`: before the session id, before PAM's words, or up to the last quote.
fn name_at<'r>(tail: &'r str, event: &mut Event<'r>) -> &'r str {
    if let Some((name, session)) = tail.rsplit_once("' (session: ") {
        event.session = session.split(')').next();
        return name;
    }
    let end = tail.rsplit_once("': ").or_else(|| tail.rsplit_once('\''));
    end.map_or(tail, |(name, _)| name)
}

/// Whether `source` is what may stand before a message: nothing, `plain-auth: ` or `worker-auth.c:1724: `.
fn is_source(source: &str) -> bool {
    source.len() <= 40 && source.split(": ").all(|it| !it.contains([' ', '\'', '"', '[']))
}

fn refused(event: &mut Event<'_>, reason: Reason) -> bool {
    if reason == Reason::MfaFailed {
        event.mfa = Some(Mfa { method: Some("otp"), result: MfaResult::Failed });
    }
    says(event, Activity::Logon, NO, Some(reason))
}

/// `ana' obtained cookie`, as versions before 0.11 tell of a sign-in.
fn obtained<'r>(tail: &'r str, event: &mut Event<'r>) -> bool {
    let Some(name) = tail.strip_suffix("' obtained cookie") else { return false };
    event.user = Some(name);
    says(event, Activity::Logon, OK, None)
}
