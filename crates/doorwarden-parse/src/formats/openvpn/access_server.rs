//! `OpenVPN` Access Server: its own messages, and the wrapping around those of its daemons.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use crate::{
    Ctx,
    formats::openvpn::{
        python,
        server::{self, NO, OK, Said, says},
    },
    kv::stated,
    record::address,
    stamp::{self, Stamp},
};

/// What its own messages start with.
static STARTS: &[&str] = &[
    "AUTH SUCCESS ",
    "AUTH ERROR: ",
    "AUTH FAILED ",
    "VPN Auth Failed: ",
    "VPN Auth Success",
    "Web login authentication ",
    "LOGIN ",
    "LOGOUT ",
    "[OVPN ",
    "[WEB] OUT: ",
];

/// What its own processes mark their lines with.
static MARKS: &[&str] = &["[stdout#", "[stderr#", "[OVPN ", "[WEB] OUT: "];

/// Whether `message` is one of Access Server's, in whatever log.
pub(super) fn is_own(message: &str) -> bool {
    let message = message.trim_start();
    // The first mark is any Twisted program's.
    match message.strip_prefix("[-] ") {
        Some(said) => STARTS.iter().any(|it| said.starts_with(it)),
        None => MARKS.iter().any(|it| message.starts_with(it)),
    }
}

/// Takes off `[-] `, `[stdout#info] `, `[OVPN 2] OUT: `: who of its processes speaks.
fn mark(text: &str) -> Option<&str> {
    let (who, said) = text.strip_prefix('[')?.split_once("] ")?;
    let is_known = matches!(who, "-" | "WEB")
        || ["stdout#", "stderr#", "OVPN "].iter().any(|it| who.starts_with(it));
    is_known.then(|| said.strip_prefix("OUT: ").unwrap_or(said))
}

/// The message of whichever process spoke, and its own stamp where it passed through another.
pub(super) fn unwrap<'r>(message: &'r str, ctx: &Ctx<'r, '_>) -> (Option<Stamp>, &'r str) {
    let (mut own, mut text) = (None, message.trim());
    // Three at most: the log's own mark, the process, and its mark.
    for _ in 0..3 {
        let Some(said) = mark(text) else { break };
        text = said;
        let quoted = ['\'', '"'].into_iter().find_map(|it| text.strip_prefix(it)?.strip_suffix(it));
        if let Some(inner) = quoted {
            text = python::unescaped(inner, ctx);
            if let Some((stamp, rest)) = stamp::iso(text) {
                (own, text) = (Some(stamp), rest.trim_start());
            }
        }
    }
    (own, text)
}

/// Fills `event` from `text`.
pub(super) fn describe<'r>(text: &'r str, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> Said {
    if let Some(tail) = text.strip_prefix("AUTH ERROR: ") {
        return error(tail, event);
    }
    if let Some(tail) = text.strip_prefix("VPN Auth Failed: ") {
        return failed(tail, event, ctx);
    }
    let Some((words, dictionary)) = text.split_once('{') else {
        return server::describe(text, event);
    };
    let is_sign_in = STARTS.iter().any(|it| words.starts_with(it));
    let Some(from) = text.get(words.len()..).filter(|_| is_sign_in && !dictionary.is_empty())
    else {
        return server::describe(text, event);
    };
    authentication(words, from, event, ctx)
}

/// `local auth failed: no stored password digest found in authcred attributes. user=ana`
fn error<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let (why, name) = tail.rsplit_once(" user=").unwrap_or((tail, ""));
    event.user = stated(name).map(|it| it.trim_matches('\''));
    says(event, Activity::Logon, NO, Some(reason(why)))
}

/// `'local auth failed: password verification failed' [None]`
fn failed<'r>(tail: &'r str, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> Said {
    let (why, name) = tail.rsplit_once(" [").unwrap_or((tail, ""));
    event.user = python::text(name.trim_end_matches(']'), ctx);
    says(event, Activity::Logon, NO, Some(reason(why)))
}

/// `AUTH SUCCESS {'status': 0, 'user': 'ana', ...} cli='WIN'`, `Web login authentication failed: {...}`.
fn authentication<'r>(
    words: &str,
    dictionary: &'r str,
    event: &mut Event<'r>,
    ctx: &Ctx<'r, '_>,
) -> Said {
    let text = |key| python::value(dictionary, key).and_then(|it| python::text(it, ctx));
    event.user = text("user").and_then(stated);
    event.src_ip = text("client_ip_addr").and_then(address).or(event.src_ip);
    event.certificate = text("common_name").filter(|it| Some(*it) != event.user);
    event.method =
        text("auth method").map(|it| if it == "saml" { "federated" } else { "password" });
    event.device = text("client_hw_addr").and_then(stated);
    if words.starts_with("LOGOUT") {
        return says(event, Activity::Logoff, None, None);
    }
    // The words are the server's; where they leave it open its status tells.
    let is_success = words.contains("SUCCESS") || words.contains("ucceeded");
    let is_failure = words.contains("FAIL") || words.contains("ailed") || words.contains("ERROR");
    let outcome = match (is_success, is_failure, text("status")) {
        (true, false, _) | (false, false, Some("0")) => OK,
        (false, false, None) => None,
        _ => NO,
    };
    let why =
        (outcome == Some(Outcome::Failure)).then(|| reason(text("reason").unwrap_or_default()));
    says(event, Activity::Logon, outcome, why)
}

/// What the server's words for a refusal mean, the first that fits.
static REASONS: &[(&str, Reason)] = &[
    ("lock", Reason::Locked),
    ("deny list", Reason::Policy),
    ("denied", Reason::Policy),
    ("no stored password", Reason::UnknownUser),
    ("not found", Reason::UnknownUser),
    ("no such user", Reason::UnknownUser),
    ("annot connect", Reason::Other),
    ("expired", Reason::Expired),
    ("otp", Reason::MfaFailed),
    ("TOTP", Reason::MfaFailed),
    ("MFA", Reason::MfaFailed),
    ("oogle", Reason::MfaFailed),
    ("icense", Reason::Policy),
    ("oncurrent", Reason::Policy),
    ("ertificate", Reason::Certificate),
    ("password", Reason::BadPassword),
    ("credential", Reason::BadPassword),
];

fn reason(text: &str) -> Reason {
    REASONS.iter().find(|(word, _)| text.contains(word)).map_or(Reason::Other, |(_, it)| *it)
}
