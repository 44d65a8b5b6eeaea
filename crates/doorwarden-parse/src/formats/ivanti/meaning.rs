//! What an entry states, told by the text of its message.

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason};

use crate::{
    formats::ivanti::{codes, entry::Entry},
    record::address,
};

const OK: Option<Outcome> = Some(Outcome::Success);
const NO: Option<Outcome> = Some(Outcome::Failure);

/// Fills an event from what stands behind a known start; whether it states anything.
type Reader = for<'r> fn(&'r str, &Entry<'r>, &mut Event<'r>) -> bool;

/// Starts of messages, in the order in which they are tried.
static STARTS: &[(&str, Reader)] = &[
    ("VPN Tunneling: ", tunnel),
    ("Network Connect: ", tunnel),
    ("Login failed", login_failed),
    ("Primary authentication ", primary),
    ("Secondary authentication ", secondary),
    ("Session timed out for ", timed_out),
    ("Max session timeout for ", timed_out),
    ("Logout from ", logout),
    ("Session for user ", terminated),
    ("Session resumed from user agent '", resumed),
    ("Active user '", disqualified),
    ("Remote address for ", moved),
    ("Transport mode ", transport),
    ("Connection from IP ", connection),
    ("Unauthenticated request url ", unauthenticated),
    ("SSL negotiation failed while client at source IP '", negotiation),
    ("The X.509 certificate for '", certificate),
    ("Active Directory authentication server '", directory),
    ("Testing ", restriction),
    ("Host Checker ", host_checker),
    ("System process detected a Host Checker time out on host ", connection),
    ("User Accounts modified. ", account),
    ("User ", denied),
    ("Syslog server ", change),
    ("Exported ", change),
    ("Imported ", change),
    ("Successfully exported ", change),
    ("Successfully imported ", change),
];

/// Starts of messages that state all by themselves.
static SIMPLE: &[(&str, Activity, Option<Outcome>, Option<Reason>)] = &[
    ("Starting dsagentd session", Activity::Session, OK, None),
    ("Resuming dsagentd session", Activity::Session, OK, None),
    ("Pausing dsagentd session", Activity::Session, None, None),
    ("Ending dsagentd session", Activity::Session, None, None),
    ("TLS handshake failed", Activity::Other, NO, Some(Reason::Protocol)),
    ("Account disabled by ", Activity::Logon, NO, Some(Reason::Disabled)),
    ("Account locked ", Activity::Logon, NO, Some(Reason::Locked)),
    ("Account expired by ", Activity::Logon, NO, Some(Reason::Expired)),
    ("Authentication failure for AD server '", Activity::Logon, NO, Some(Reason::Other)),
    ("Authentication rejected. ", Activity::Logon, NO, Some(Reason::Other)),
];

/// Whether it is one of the requests that pass through the gateway: most lines of many logs.
pub(super) fn is_web(message: &str) -> bool {
    message.starts_with("WebRequest ")
}

/// Fills `event` from `entry`; whether it states anything.
pub(super) fn describe<'r>(entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    if replaced(entry.message, event) {
        return true;
    }
    for (start, read) in STARTS {
        if let Some(tail) = entry.message.strip_prefix(start)
            && read(tail, entry, event)
        {
            return true;
        }
    }
    for (start, activity, outcome, reason) in SIMPLE {
        if entry.message.starts_with(start) {
            let reason = reason.map(|it| if it == Reason::Other { why(entry.message) } else { it });
            return says(event, *activity, *outcome, reason);
        }
    }
    login(entry, event)
        || refused(entry, event)
        || codes::describe(entry, event)
        || administration(entry, event)
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

/// `ana/Staff logged out from IP (A) because user started new session from IP (B).`
fn replaced<'r>(message: &'r str, event: &mut Event<'r>) -> bool {
    let Some((rest, because)) = message.rsplit_once(" because ") else { return false };
    let Some((who, from)) = rest.rsplit_once(" logged out from IP (") else { return false };
    if !because.contains("session") {
        return false;
    }
    event.user = name_of(who, event.user);
    event.src_ip = address(from.trim_end_matches(')')).or(event.src_ip);
    says(event, Activity::Logoff, None, None)
}

/// `ana/Staff (session:047a0c58) from 203.0.113.7 with Mozilla/5.0 ....`, behind `Login succeeded for `.
fn login<'r>(entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((kind, tail)) = entry.message.split_once("ogin succeeded for ") else {
        return false;
    };
    // Only a word or two stand before it: a name further on in another message must not count.
    if 12 < kind.len() || !kind.bytes().all(|it| it.is_ascii_alphanumeric() || it == b' ') {
        return false;
    }
    let (who, rest) =
        tail.split_once(" (session:").or_else(|| tail.split_once(" from ")).unwrap_or((tail, ""));
    event.user = name_of(who, entry.user);
    event.session = session(tail).or(event.session);
    if let Some((_, agent)) = rest.split_once(" with ") {
        event.client = Some(agent.trim_end_matches('.')).filter(|it| !it.is_empty());
    }
    event.src_ip = event.src_ip.or_else(|| first_address(rest));
    says(event, Activity::Logon, OK, None)
}

/// ` using auth server AD (Active Directory).  Reason: Failed`, behind `Login failed`.
fn login_failed<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let reason = tail.split_once("Reason: ").map_or(Reason::Other, |(_, it)| why(it));
    says(event, Activity::Logon, NO, Some(reason))
}

/// `successful for ana/AD from 203.0.113.7`, `failed for ...`.
fn primary<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some(outcome) = authenticated(tail, entry, event) else { return false };
    let reason = (outcome == Outcome::Failure).then_some(Reason::BadPassword);
    says(event, Activity::Logon, Some(outcome), reason)
}

/// The same of the second factor.
fn secondary<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some(outcome) = authenticated(tail, entry, event) else { return false };
    let (result, reason) = match outcome {
        Outcome::Success => (MfaResult::Success, None),
        Outcome::Failure => (MfaResult::Failed, Some(Reason::MfaFailed)),
    };
    event.mfa = Some(Mfa { method: None, result });
    says(event, Activity::Mfa, Some(outcome), reason)
}

fn authenticated<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> Option<Outcome> {
    let (outcome, tail) = match tail.strip_prefix("successful for ") {
        Some(tail) => (Outcome::Success, tail),
        None => (Outcome::Failure, tail.strip_prefix("failed for ")?),
    };
    // The client chooses the name, so it may itself hold " from ": split from the right.
    let (who, from) = tail.rsplit_once(" from ").unwrap_or((tail, ""));
    event.user = name_of(who, entry.user);
    event.src_ip = event.src_ip.or_else(|| address(from.trim_end_matches('.')));
    Some(outcome)
}

/// `AD authentication failed for ana/Primary from ...`, `Radius Server R: Login failed for ana because ...`.
fn refused<'r>(entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    if let Some((_, tail)) = entry.message.split_once(": Login failed for ") {
        let who = tail.split_once(" because ").map_or(tail, |(it, _)| it);
        event.user = entry.user.or(Some(who));
        return says(event, Activity::Logon, NO, Some(Reason::Other));
    }
    if entry.message.contains(" authentication failed for ") {
        return says(event, Activity::Logon, NO, Some(Reason::BadPassword));
    }
    false
}

/// `Session started for user (session: S) with IPv4 address 10.0.0.9, hostname laptop` and its like.
fn tunnel<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.assigned_ip = first_address(tail);
    event.session = session(tail).or(event.session);
    if tail.starts_with("Session started for ") {
        let device = tail.split_once("hostname ").map(|(_, it)| it.trim());
        event.device = device.filter(|it| !it.is_empty()).or(event.device);
        return says(event, Activity::Session, OK, None);
    }
    if tail.starts_with("Session ended for ") {
        return says(event, Activity::Logoff, None, None);
    }
    if tail.contains("ailed") || tail.contains("nable to ") {
        return says(event, Activity::Session, NO, Some(Reason::Other));
    }
    entry.user.is_some() && says(event, Activity::Session, None, None)
}

/// `switched over to SSL for user with NCIP 10.0.0.9`
fn transport<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.assigned_ip = first_address(tail);
    event.assigned_ip.is_some() && says(event, Activity::Session, None, None)
}

/// `ana/Staff (session:S) due to inactivity (last access at ...)`
fn timed_out<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let who = tail.split_once(" (session:").map_or(tail, |(it, _)| it);
    event.user = name_of(who, entry.user);
    event.session = session(tail).or(event.session);
    says(event, Activity::Logoff, None, None)
}

/// `203.0.113.7 (session:S)`
fn logout<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.session = session(tail).or(event.session);
    event.src_ip = event.src_ip.or_else(|| first_address(tail));
    says(event, Activity::Logoff, None, None)
}

/// `ana on host 203.0.113.7 has been terminated.`
fn terminated<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((who, host)) = tail.rsplit_once(" on host ") else { return false };
    event.user = entry.user.or(Some(who));
    event.src_ip = first_address(host).or(event.src_ip);
    says(event, Activity::Logoff, None, None)
}

/// `Pulse-Secure/9.1 (Windows 10) Pulse/9.1'`
fn resumed<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.client = Some(tail.trim_end_matches(['.', '\'']));
    says(event, Activity::Session, OK, None)
}

/// `ana' in realm 'Staff' is deleted since user does not qualify reevaluated policies`
fn disqualified<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((who, _)) = tail.rsplit_once("' in realm '") else { return false };
    event.user = Some(who);
    says(event, Activity::Logoff, None, Some(Reason::Policy))
}

/// `user ana/Staff changed from 203.0.113.7 to 198.51.100.9. Access denied.`
fn moved<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((who, change)) = tail.split_once(" changed from ") else { return false };
    let Some((_, to)) = change.split_once(" to ") else { return false };
    event.user = name_of(who.strip_prefix("user ").unwrap_or(who), entry.user);
    event.src_ip = first_address(to).or(event.src_ip);
    if to.contains("Access denied") {
        return says(event, Activity::Session, NO, Some(Reason::Policy));
    }
    says(event, Activity::Session, None, None)
}

/// `203.0.113.7 not authenticated yet (URL=...)`
fn connection<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.src_ip = tail.split(' ').next().and_then(address).or(event.src_ip);
    says(event, Activity::Other, None, None)
}

/// `/dana-na/ came from IP 203.0.113.7.`
fn unauthenticated<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((_, from)) = tail.rsplit_once(" came from IP ") else { return false };
    event.src_ip = first_address(from).or(event.src_ip);
    says(event, Activity::Other, None, None)
}

/// `203.0.113.7' was trying to connect to '192.0.2.1'. Reason: 'http request'`
fn negotiation<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.src_ip = tail.split('\'').next().and_then(address).or(event.src_ip);
    says(event, Activity::Other, NO, Some(Reason::Protocol))
}

/// `CN=ana' issued by CN=CA; Detail: 'certificate revoked'`
fn certificate<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    if !tail.contains("; Detail: '") {
        return false;
    }
    event.certificate = tail.split('\'').next();
    says(event, Activity::Logon, NO, Some(Reason::Certificate))
}

/// `AD' : Received NTSTATUS code 'STATUS_WRONG_PASSWORD' .`
fn directory<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((_, status)) = tail.rsplit_once("NTSTATUS code '") else { return false };
    let reason = match status.split('\'').next().unwrap_or_default() {
        "STATUS_WRONG_PASSWORD" | "STATUS_LOGON_FAILURE" => Reason::BadPassword,
        "STATUS_NO_SUCH_USER" => Reason::UnknownUser,
        "STATUS_ACCOUNT_LOCKED_OUT" => Reason::Locked,
        "STATUS_ACCOUNT_DISABLED" => Reason::Disabled,
        "STATUS_PASSWORD_EXPIRED" | "STATUS_ACCOUNT_EXPIRED" | "STATUS_PASSWORD_MUST_CHANGE" => {
            Reason::Expired
        }
        "STATUS_INVALID_LOGON_HOURS"
        | "STATUS_INVALID_WORKSTATION"
        | "STATUS_ACCOUNT_RESTRICTION"
        | "STATUS_LOGON_TYPE_NOT_GRANTED" => Reason::Policy,
        _ => Reason::Other,
    };
    says(event, Activity::Logon, NO, Some(reason))
}

/// `Certificate realm restrictions failed for ana/Staff , with certificate 'CN=ana'`
fn restriction<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((kind, tail)) = tail.split_once(" realm restrictions failed for ") else {
        return false;
    };
    let (who, with) = tail.split_once(" , with certificate '").unwrap_or((tail, ""));
    event.user = name_of(who, entry.user);
    event.certificate = with.split('\'').next().filter(|it| !it.is_empty());
    // Before anybody signs in the restrictions are tested for nobody: no attempt yet.
    let activity = if event.user.is_some() { Activity::Logon } else { Activity::Other };
    let reason = if kind == "Certificate" { Reason::Certificate } else { Reason::Policy };
    says(event, activity, NO, Some(reason))
}

/// `policy 'P' failed on host '203.0.113.7' address '00-..' for user 'ana' reason '...'`
///
/// One failed policy of several does not mean that the sign-in was refused.
fn host_checker<'r>(tail: &'r str, _: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let (outcome, reason, host) = if let Some((_, host)) = tail.split_once(" failed on host ") {
        (NO, Some(Reason::Policy), host)
    } else if let Some((_, host)) = tail.split_once(" passed on host ") {
        (OK, None, host)
    } else if let Some((_, host)) = tail.split_once(" could not be evaluated on host ") {
        (NO, Some(Reason::Other), host)
    } else {
        return false;
    };
    event.src_ip = first_address(host).or(event.src_ip);
    if let Some((_, device)) = host.split_once(" address '") {
        event.device = device.split('\'').next().filter(|it| !it.is_empty());
    }
    says(event, Activity::Other, outcome, reason)
}

/// `Added Ana with username ana to authentication server System Local.`
fn account<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let act = tail.rsplit_once(" authentication server ").map_or(tail, |(it, _)| it);
    let named = act.rsplit_once("username ").map(|(_, it)| it);
    let named = named.map(|it| it.rsplit_once(' ').map_or(it, |(name, _)| name));
    (event.user, event.actor) = (named, entry.user);
    event.detail = Some(tail);
    says(event, Activity::Account, OK, None)
}

/// `ana denied access as the client version '9.1' is lower than ...`
fn denied<'r>(tail: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some((who, _)) = tail.split_once(" denied access as ") else { return false };
    event.user = entry.user.or(Some(who));
    says(event, Activity::Logon, NO, Some(Reason::Policy))
}

fn change<'r>(_: &'r str, entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    event.detail = Some(entry.message);
    says(event, Activity::Change, None, None)
}

/// Words by which an administrator's entry tells that something was changed.
static CHANGES: &[&str] = &[
    " added",
    " removed",
    " deleted",
    " created",
    " modified",
    " changed",
    " updated",
    " cleared",
    " renamed",
    " moved",
    " imported",
    " exported",
    " saved",
    " set to ",
    "nabled",
    "isabled",
    " unlocked",
    " installed",
    " uploaded",
    " upgraded",
];

/// What is left: logs cleared, the integrity checker, and an administrator's changes.
fn administration<'r>(entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let message = entry.message;
    let is_change = message.contains("ntegrity ")
        || message.contains("log cleared")
        || message.contains("logs cleared")
        || (entry.is_admin && CHANGES.iter().any(|it| message.contains(it)));
    is_change && change("", entry, event)
}

/// The name in `name/realm`; the realm may be what another entry states, so the entry's own name goes first.
fn name_of<'r>(who: &'r str, own: Option<&'r str>) -> Option<&'r str> {
    if let Some(own) = own
        && who.strip_prefix(own).is_some_and(|it| it.starts_with('/'))
    {
        return Some(own);
    }
    let name = who.rsplit_once('/').map_or(who, |(name, _)| name).trim();
    if name.is_empty() { own } else { Some(name) }
}

/// The id in `(session:047a0c58)`.
fn session(text: &str) -> Option<&str> {
    let (_, tail) = text.split_once("(session:")?;
    let id = tail.split(')').next()?.trim();
    (!id.is_empty() && !id.bytes().all(|it| it == b'0')).then_some(id)
}

/// The first word that is an address.
fn first_address(text: &str) -> Option<IpAddr> {
    text.split([' ', ',', '\'', '(', ')']).find_map(|it| address(it.trim_end_matches('.')))
}

/// What the gateway's reason means.
fn why(text: &str) -> Reason {
    let says = |words: &[&str]| words.iter().any(|it| contains(text, it));
    if says(&["certificate", "crl"]) {
        Reason::Certificate
    } else if says(&["lock"]) {
        Reason::Locked
    } else if says(&["disabled"]) {
        Reason::Disabled
    } else if says(&["expired"]) {
        Reason::Expired
    } else if says(&["no such user", "does not exist", "unknown user"]) {
        Reason::UnknownUser
    } else if says(&["token", "otp", "pin"]) {
        Reason::MfaFailed
    } else if says(&[
        "denied",
        "no roles",
        "host checker",
        "polic",
        "limit",
        "restrict",
        "too many",
    ]) {
        Reason::Policy
    } else if says(&["password", "passwd", "failed", "credential"]) {
        Reason::BadPassword
    } else {
        Reason::Other
    }
}

/// Whether `text` holds `word`, which is in lower case, in any case.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}
