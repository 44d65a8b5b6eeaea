//! Dropbear, the SSH server of routers, boot images and other small systems.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason, Service};

use crate::{
    Ctx, Format, Parsed, Record, Reject,
    names::split_domain,
    origin::set_source,
    pam,
    stamp::{self, Stamp},
};

/// # Dropbear
///
/// The SSH server of `OpenWrt`, of many appliances and of encrypted systems while they boot; releases 0.4x to 2025.
///
/// ## Where the log is
/// Syslog under the tag `dropbear`, `logread` on `OpenWrt`; standard error with `-E`.
///
/// ## What is read
/// - Attempts: `Password auth succeeded`, `Pubkey auth succeeded` (with the key's fingerprint), `Bad password attempt`,
///   `Login attempt for nonexistent user`, PAM's, and `Exit before auth` with the name that was tried.
/// - `extra auth required`: a factor was right, another one is asked.
/// - The end of a session (`Exit (root)`), and connections (`Child connection from`).
///
/// ## What is ignored
/// Start and stop, listening, key files.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Dropbear;

/// Its id.
const ID: &str = "dropbear";

impl Format for Dropbear {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && message(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let (stamp, text) = message(record).ok_or(Reject::Shape)?;
        if pam::is_module("", text) {
            return module(record, ctx, text);
        }
        let Some((activity, fact)) = fact(text) else {
            return Ok(Parsed::Ignored);
        };
        let mut event = match stamp {
            Some(stamp) => ctx.event_at(ID, Service::Ssh, activity, stamp),
            None => ctx.event(ID, Service::Ssh, activity, record)?,
        };
        event.host = record.host;
        fact.apply(&mut event);
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}

/// How messages start that nothing but Dropbear writes.
const STARTS: &[&str] = &[
    "Auth succeeded with blank password for '",
    "Bad PAM password attempt for '",
    "Bad password attempt for '",
    "Child connection from ",
    "Early exit",
    "Exit (",
    "Exit before auth",
    "Login attempt for nonexistent user from ",
    "Login attempt with wrong user ",
    "PAM password auth succeeded for '",
    "Password auth succeeded for '",
    "Pubkey auth bad signature for '",
    "Pubkey auth succeeded for '",
    "bad password attempt for '",
    "exit after auth (",
    "exit before auth",
    "login attempt for nonexistent user from ",
    "password auth succeeded for '",
    "pubkey auth succeeded for '",
];

/// The message, with the stamp that Dropbear itself writes where it logs to standard error.
fn message<'r>(record: &Record<'r>) -> Option<(Option<Stamp>, &'r str)> {
    let is_tagged = record.app.is_some_and(|it| it.rsplit('/').next() == Some("dropbear"));
    if !is_tagged && record.app.is_some() {
        return None;
    }
    let text = if is_tagged { record.message } else { record.body };
    let inner = text
        .strip_prefix('[')
        .and_then(|it| it.split_once("] "))
        .filter(|it| it.0.bytes().all(|it| it.is_ascii_digit()))
        .and_then(|it| stamp::bsd(it.1));
    let (stamp, text) = match inner {
        Some((stamp, text)) => (Some(stamp), text.trim_start()),
        None => (None, text),
    };
    let is_ours = is_tagged || STARTS.iter().any(|it| text.starts_with(it));
    is_ours.then_some((stamp.filter(|_| record.stamp.is_none()), text))
}

/// A module of PAM inside Dropbear.
fn module<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>, text: &'r str) -> Result<Parsed, Reject> {
    let Some(pam) = pam::read("", text).filter(|it| it.user.is_some() || it.source.is_some())
    else {
        return Ok(Parsed::Ignored);
    };
    let mut event = ctx.event(ID, Service::Ssh, pam.activity(), record)?;
    pam.apply(&mut event);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a message states.
#[derive(Debug, Clone, Copy, Default)]
struct Fact<'r> {
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    user: Option<&'r str>,
    client: Option<&'r str>,
    method: Option<&'static str>,
    key: Option<&'r str>,
    is_partial: bool,
}

impl<'r> Fact<'r> {
    fn apply(&self, event: &mut Event<'r>) {
        event.outcome = self.outcome;
        event.reason = self.reason;
        if let Some(user) = self.user {
            (event.user, event.domain) = split_domain(user);
        }
        // The port is always there, and an IPv6 address has no brackets.
        if let Some((ip, port)) = self.client.and_then(|it| it.rsplit_once(':')) {
            set_source(event, ip);
            event.src_port = port.parse().ok();
        }
        event.method = self.method;
        event.certificate = self.key;
        if self.is_partial {
            event.outcome = None;
            event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
        }
    }
}

fn fact(text: &str) -> Option<(Activity, Fact<'_>)> {
    if let Some(client) = text.strip_prefix("Child connection from ") {
        return Some((Activity::Other, Fact { client: Some(client), ..Fact::default() }));
    }
    if let Some(rest) = SUCCESSES.iter().find_map(|it| text.strip_prefix(it)) {
        return success(text, rest);
    }
    refusal(text).or_else(|| exit(text))
}

/// How a success starts, up to the name.
const SUCCESSES: &[&str] = &[
    "Auth succeeded with blank password for '",
    "PAM password auth succeeded for '",
    "Password auth succeeded for '",
    "Pubkey auth succeeded for '",
    "password auth succeeded for '",
    "pubkey auth succeeded for '",
];

/// `ana' [with ssh-ed25519 key SHA256:zSpz ]from 203.0.113.7:4711[, extra auth required]`
fn success<'r>(whole: &str, text: &'r str) -> Option<(Activity, Fact<'r>)> {
    let is_key = whole.starts_with("Pubkey") || whole.starts_with("pubkey");
    let (text, is_partial) = match text.strip_suffix(", extra auth required") {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (text, client) = text.rsplit_once(" from ")?;
    let (name, key) = text.split_once('\'')?;
    let fact = Fact {
        outcome: Some(Outcome::Success),
        user: Some(name),
        client: Some(client),
        method: Some(if is_key { "publickey" } else { "password" }),
        key: if is_key { key.rsplit(' ').next().filter(|it| it.contains(':')) } else { None },
        is_partial,
        ..Fact::default()
    };
    Some((if is_partial { Activity::Mfa } else { Activity::Logon }, fact))
}

/// Refusals: how they start, what follows the name, and why.
const REFUSALS: &[(&str, &str, Reason)] = &[
    ("Bad password attempt for '", "'", Reason::BadPassword),
    ("bad password attempt for '", "'", Reason::BadPassword),
    ("Bad PAM password attempt for '", "'", Reason::BadPassword),
    ("Too-long password attempt for '", "'", Reason::BadPassword),
    ("Pubkey auth bad signature for '", "'", Reason::Certificate),
    ("User account '", "' is locked", Reason::Locked),
    ("User '", "' has ", Reason::Policy),
    ("Login attempt with wrong user ", " from ", Reason::Policy),
];

fn refusal(text: &str) -> Option<(Activity, Fact<'_>)> {
    let failed = |reason, user, client| {
        let fact = Fact {
            outcome: Some(Outcome::Failure),
            reason: Some(reason),
            user,
            client,
            ..Fact::default()
        };
        Some((Activity::Logon, fact))
    };
    let client = text.rsplit_once(" from ").map(|it| it.1);
    let is_unknown = text
        .strip_prefix(['L', 'l'])
        .is_some_and(|it| it.starts_with("ogin attempt for nonexistent user from "));
    if is_unknown {
        return failed(Reason::UnknownUser, None, client);
    }
    for (start, end, reason) in REFUSALS {
        let Some((name, _)) = text.strip_prefix(start).and_then(|it| it.split_once(end)) else {
            continue;
        };
        if name == "<invalid username>" {
            return failed(Reason::UnknownUser, None, client);
        }
        return failed(*reason, Some(name), client);
    }
    None
}

/// `Exit before auth from <203.0.113.7:4711>: (user 'ana', 3 fails): Exited normally`, `Exit (ana) from <...>: Error`;
/// older releases leave out the address.
fn exit(text: &str) -> Option<(Activity, Fact<'_>)> {
    let client = text
        .split_once(" from <")
        .and_then(|it| it.1.split_once('>'))
        .map(|it| it.0)
        .or_else(|| text.rsplit_once(" from ").map(|it| it.1));
    let client = client.filter(|it| it.contains(':'));
    let plain = Fact { client, ..Fact::default() };
    if let Some(rest) = text.strip_prefix(['E', 'e']).and_then(|it| it.strip_prefix("xit ")) {
        if let Some(rest) = rest.strip_prefix("after auth (").or_else(|| rest.strip_prefix('(')) {
            let (name, _) = rest.split_once(')')?;
            return Some((Activity::Logoff, Fact { user: Some(name), ..plain }));
        }
        let rest = rest.strip_prefix("before auth")?;
        let Some((name, _)) = rest.split_once("(user '").and_then(|it| it.1.split_once("', "))
        else {
            return client.map(|_| (Activity::Other, plain));
        };
        let fact = Fact {
            outcome: Some(Outcome::Failure),
            reason: Some(Reason::Other),
            user: Some(name),
            ..plain
        };
        return Some((Activity::Logon, fact));
    }
    text.strip_prefix("Early exit")?;
    client.map(|_| (Activity::Other, plain))
}
