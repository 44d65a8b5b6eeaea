//! What each kind of message states.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use crate::{
    formats::citrix::{commands, fields::Fields, line::Line},
    names::split_domain,
    record::address,
};

const OK: Option<Outcome> = Some(Outcome::Success);
const NO: Option<Outcome> = Some(Outcome::Failure);

/// Fills an event from a message of one kind; whether it states anything.
type Reader = for<'r> fn(&Line<'r>, &mut Event<'r>) -> bool;

/// The reader of each kind that may state something.
fn reader(line: &Line<'_>) -> Option<Reader> {
    let reader: Reader = match (line.feature, line.kind) {
        ("SSLVPN" | "AAATM", "LOGIN") => login,
        ("SSLVPN" | "AAATM", "LOGOUT") => logout,
        ("AAA" | "AAATM" | "SSLVPN", "LOGIN_FAILED") => login_failed,
        ("SSLVPN" | "AAATM", "TCPCONNSTAT" | "UDPFLOWSTAT" | "TCPCONN_TIMEDOUT")
        | ("ICA", "SESSION_UPDATE") => statistics,
        ("SSLVPN" | "AAATM", "HTTP_RESOURCEACCESS_DENIED" | "NONHTTP_RESOURCEACCESS_DENIED") => {
            denied
        }
        ("SSLVPN", "STA_VALIDATE_RESP") => opened,
        ("SSLVPN", "ICASTART") => ica_start,
        ("SSLVPN", "ICAEND_CONNSTAT") => ica_end,
        ("SSLVPN" | "AAATM", kind) if kind.starts_with("REMOVE_SESSION") => removed,
        ("SSLVPN" | "AAATM", "CLISEC_CHECK" | "CLISEC_EXP_EVAL") => endpoint,
        ("ICA", "SESSION_SETUP") => ica_setup,
        ("ICA", "SESSION_TERMINATE") => removed,
        ("SSLVPN" | "AAA" | "AAATM", "Message") => message,
        ("SNMP", "TRAP_SENT") => trap,
        ("UI" | "GUI" | "CLI" | "API", "CMD_EXECUTED") => commands::describe,
        _ => return None,
    };
    Some(reader)
}

/// Whether it is of a kind that may state something.
pub(super) fn is_known(line: &Line<'_>) -> bool {
    reader(line).is_some()
}

/// Fills `event` from `line`; whether it states anything.
pub(super) fn describe<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    reader(line).is_some_and(|it| it(line, event))
}

/// Fills in what most kinds state; `says` the rest.
fn common<'r>(line: &Line<'r>, event: &mut Event<'r>) -> Fields<'r> {
    let fields = Fields::of(line.text);
    (event.user, event.domain) = fields.person();
    event.src_ip = fields.client();
    event.session = fields.session;
    event.client = fields.browser;
    event.target = fields.vserver;
    fields
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

fn login<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    common(line, event);
    event.user.is_some() && says(event, Activity::Logon, OK, None)
}

fn logout<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    common(line, event);
    says(event, Activity::Logoff, None, None)
}

fn removed<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    common(line, event);
    says(event, Activity::Logoff, None, None)
}

fn opened<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    common(line, event);
    says(event, Activity::Session, None, None)
}

fn denied<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    from_source(&fields, event);
    says(event, Activity::Session, NO, Some(Reason::Policy))
}

/// `User x - Client_ip 203.0.113.7 - Failure_reason "..." - Browser ...`
///
/// Name and user agent are the client's words: with two addresses none can be trusted, with one it splits the line.
fn login_failed<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    event.session = None;
    let mut parts = line.text.split(" - Client_ip ");
    if let (Some(who), Some(rest), None) = (parts.next(), parts.next(), parts.next())
        && let Some(name) = who.strip_prefix("User ")
    {
        (event.user, event.domain) = split_domain(name);
        event.src_ip = rest.split(' ').next().and_then(address);
    } else if 1 < fields.client_ips {
        event.src_ip = None;
    }
    says(event, Activity::Logon, NO, Some(why(fields.failure.unwrap_or_default())))
}

/// Statistics of one connection: it may come from another address than the login, and that one counts.
fn statistics<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    from_source(&fields, event);
    event.target = fields.destination.or(fields.vserver);
    match fields.access {
        Some("Denied") => says(event, Activity::Session, NO, Some(Reason::Policy)),
        _ => says(event, Activity::Session, None, None),
    }
}

fn from_source<'r>(fields: &Fields<'r>, event: &mut Event<'r>) {
    if let Some((ip, port)) = fields.source {
        (event.src_ip, event.src_port) = (Some(ip), port);
    }
}

fn ica_start<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    from_source(&fields, event);
    event.target = fields.destination;
    says(event, Activity::Session, OK, None)
}

fn ica_end<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    from_source(&fields, event);
    event.target = fields.destination;
    says(event, Activity::Logoff, None, None)
}

fn ica_setup<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let fields = common(line, event);
    event.device = fields.device;
    event.client = fields.version;
    says(event, Activity::Session, OK, None)
}

/// Endpoint analysis: a check that failed is no refused sign-in by itself.
fn endpoint<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    common(line, event);
    event.user = event.user.map(|it| it.trim_end_matches([' ', ':']));
    let lower = |word: &str| line.text.contains(word);
    if lower("ailed") || lower("evaluated to FALSE") || lower("evaluated to false") {
        return says(event, Activity::Other, NO, Some(Reason::Policy));
    }
    if lower("assed") || lower("evaluated to TRUE") || lower("evaluated to true") {
        return says(event, Activity::Other, OK, None);
    }
    says(event, Activity::Other, None, None)
}

/// The daemon's own words; only what it says by itself, and nothing that `LOGIN` or `LOGIN_FAILED` leave open.
fn message<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    let text = line.text.trim_matches('"').trim();
    if let Some(tail) = text.strip_prefix("Authentication is rejected for ") {
        let Some((name, rest)) = tail.rsplit_once(" (client ip : ") else { return false };
        (event.user, event.domain) = split_domain(name);
        event.src_ip = rest.split([' ', ',']).next().and_then(address);
        return says(event, Activity::Logon, NO, Some(Reason::Other));
    }
    if let Some(tail) = text.strip_prefix("authentication succeeded for user <") {
        let Some((name, rest)) = tail.rsplit_once(">, client ip ") else { return false };
        (event.user, event.domain) = split_domain(name);
        event.src_ip = rest.split([' ', ',']).next().and_then(address);
        return says(event, Activity::Logon, OK, None);
    }
    if let Some(tail) =
        text.strip_prefix("aaatm_handler successfully parsed assertion client ip is ")
    {
        let Some((ip, name)) = tail.split_once(", username is ") else { return false };
        (event.user, event.domain) = split_domain(name);
        event.src_ip = address(ip);
        event.method = Some("federated");
        return says(event, Activity::Logon, None, None);
    }
    if text.starts_with("Logout handler : ") {
        let Some((_, name)) = text.rsplit_once(", for user <") else { return false };
        (event.user, event.domain) = split_domain(name.trim_end_matches('>'));
        return says(event, Activity::Logoff, None, None);
    }
    false
}

/// `netScalerLoginFailure (nsUserName = "x", ..., nsClientIPAddr = 203.0.113.7, ...)`
fn trap<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    if !line.text.starts_with("netScalerLoginFailure") {
        return false;
    }
    let behind = |key: &str| line.text.split_once(key).map(|(_, it)| it);
    let name = behind("nsUserName = \"").and_then(|it| it.split('"').next());
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.src_ip = behind("nsClientIPAddr = ")
        .filter(|it| !it.contains("nsClientIPAddr = "))
        .and_then(|it| it.split([',', ')']).next())
        .and_then(|it| address(it.trim_matches('"')));
    says(event, Activity::Logon, NO, Some(Reason::BadPassword))
}

/// What a failure's text means.
pub(super) fn why(text: &str) -> Reason {
    let says = |words: &[&str]| words.iter().any(|it| contains(text, it));
    if says(&["lock", "max login attempts", "maximum login attempts"]) {
        Reason::Locked
    } else if says(&["disabled"]) {
        Reason::Disabled
    } else if says(&["expired"]) {
        Reason::Expired
    } else if says(&["certificate"]) {
        Reason::Certificate
    } else if says(&["no such user", "user not found", "unknown user", "does not exist"]) {
        Reason::UnknownUser
    } else if says(&["otp", "token", "second factor", "passcode", "push"]) {
        Reason::MfaFailed
    } else if says(&["password", "credential", "denied access", "authentication failed"]) {
        Reason::BadPassword
    } else if says(&[
        "polic",
        "license",
        "not allowed",
        "group",
        "epa",
        "permission",
        "session limit",
    ]) {
        Reason::Policy
    } else {
        Reason::Other
    }
}

/// Whether `text` holds `word`, which is in lower case, in any case.
fn contains(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}
