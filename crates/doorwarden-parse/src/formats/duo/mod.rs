//! Duo Security: authentications, administrators' acts, the Authentication Proxy.

mod admin;
mod auth;
mod proxy;

use doorwarden_model::{MfaResult, Reason};
use memchr::memmem;

use crate::{Ctx, Format, Parsed, Record, Reject, json};

/// # Duo Security
///
/// Cisco Duo's logs, and those of the Duo Authentication Proxy.
///
/// ## Where it is found
/// - the Admin API (`/admin/v2/logs/authentication`, `/admin/v1/logs/administrator`, `/admin/v2/logs/activity`,
///   `/admin/v1/logs/offline_enrollment`, Trust Monitor), by Duo Log Sync or a SIEM's collector: one JSON object a
///   line, also in lists such as `response.authlogs` or inside what a collector wraps around it; Microsoft Sentinel's
///   `DuoSecurityAuthentication_CL`;
/// - the proxy's `authevents.log` (JSON, `log_auth_events=true`) and `authproxy.log` (text).
///
/// ## What is read
/// - authentications: a second factor given, refused, reported as fraud or skipped (`bypass_user`, trusted network,
///   remembered device) as `mfa`, with Duo's reason as `code`; enrolments as `account`;
/// - administrators: sign-ins to the Admin Panel, their second factor and lockouts; users, bypass codes, phones, tokens
///   and administrators created, changed or removed as `account`; applications, policies, directories, single sign-on
///   and groups as `change`;
/// - offline enrolment of a computer as `account`, Trust Monitor's findings as `other`;
/// - the proxy: the factor's answer as a sign-in to the door that asked, a wrong password as a refused one. The address
///   in `authproxy.log` is the door's, not the person's.
///
/// ## What is ignored
/// Telephony, synchronisations' begin and end, codes and keys that were viewed, packet dumps.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Duo;

/// Its id.
const ID: &str = "duo";

/// Members that stand together only in Duo's records, and the reader of the object that has the first of them.
const SHAPES: &[(&str, &str, Read)] = &[
    ("\"isotimestamp\"", "\"txid\"", auth::read),
    ("\"isotimestamp\"", "\"action\"", admin::read),
    ("\"isotimestamp\"", "\"event_type\"", auth::read),
    ("\"isotimestamp\"", "\"factor\"", auth::read),
    ("\"isotimestamp\"", "\"credits\"", |_, _| Ok(Parsed::Ignored)),
    ("\"timestamp_d\"", "\"user_key_s\"", auth::read_row),
    ("\"activity_id\"", "\"akey\"", admin::read_activity),
    ("\"auth_stage\"", "\"server_section\"", proxy::read),
    ("\"telephony_id\"", "\"credits\"", |_, _| Ok(Parsed::Ignored)),
    ("\"auth_device\"", "\"event_type\"", auth::read),
];

/// A finding holds a whole authentication, so it is told first.
const FINDING: &str = "\"surfaced_auth\"";

/// A reader of one record.
type Read = for<'r> fn(&'r str, &mut Ctx<'r, '_>) -> Result<Parsed, Reject>;

impl Format for Duo {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        match record.json() {
            Some(json) => is_record(json),
            None => record.is_text() && proxy::claims(record.message),
        }
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some(json) = record.json() else { return proxy::line(record, ctx) };
        let arena = ctx.arena;
        let finding =
            json::each_holder(json, "surfaced_auth", arena, |it| auth::read_finding(it, ctx));
        if let Some(parsed) = finding? {
            return Ok(parsed);
        }
        for (key, second, read) in SHAPES {
            let holders = json::holders(json, key.trim_matches('"'), arena);
            let mut parsed = None;
            for holder in holders.iter().filter(|it| json::has_key(it, second)) {
                let one = read(holder, ctx)?;
                parsed = Some(parsed.filter(|it| *it == Parsed::Event).unwrap_or(one));
            }
            if let Some(parsed) = parsed {
                return Ok(parsed);
            }
        }
        if is_answer(json) { Ok(Parsed::Ignored) } else { Err(Reject::Shape) }
    }
}

/// Whether `json` holds a record of any shape.
fn is_record(json: &str) -> bool {
    let has = |key: &str| json::has_key(json, key);
    SHAPES.iter().any(|(one, two, _)| has(one) && has(two)) || has(FINDING) || is_answer(json)
}

/// The API's frame around a list, which may be empty.
fn is_answer(json: &str) -> bool {
    json.starts_with("{\"response\":") && json::has_key(json, "\"stat\"")
}

/// Duo's reasons, in small letters without underscores, and what they mean.
const REASONS: &[(&str, Reason)] = &[
    ("user marked fraud", Reason::MfaDenied),
    ("user mistake", Reason::MfaDenied),
    ("user cancelled", Reason::MfaDenied),
    ("fraud", Reason::MfaDenied),
    ("no response", Reason::MfaTimeout),
    ("no keys pressed", Reason::MfaTimeout),
    ("call timed out", Reason::MfaTimeout),
    ("timed out", Reason::MfaTimeout),
    ("invalid passcode", Reason::MfaFailed),
    ("incorrect passcode", Reason::MfaFailed),
    ("verification code", Reason::MfaFailed),
    ("no activated duo mobile account", Reason::MfaFailed),
    ("inflight auth expired", Reason::MfaTimeout),
    ("blocked", Reason::Policy),
    ("lockout", Reason::Locked),
    ("locked", Reason::Locked),
    ("user disabled", Reason::Disabled),
    ("is disabled", Reason::Disabled),
    ("certificate", Reason::Certificate),
    ("restricted", Reason::Policy),
    ("polic", Reason::Policy),
    ("unenrolled", Reason::Policy),
    ("not enrolled", Reason::Policy),
    ("endpoint", Reason::Policy),
    ("anomalous push", Reason::Policy),
    ("anonymous ip", Reason::Policy),
    ("denied network", Reason::Policy),
    ("out of date", Reason::Policy),
    ("rooted device", Reason::Policy),
    ("no screen lock", Reason::Policy),
    ("no disk encryption", Reason::Policy),
    ("touch", Reason::Policy),
    ("invalid device", Reason::Policy),
    ("referring hostname", Reason::Policy),
    ("no web referer", Reason::Policy),
    ("permitted group", Reason::Policy),
    ("management", Reason::Policy),
    ("denied", Reason::MfaDenied),
    ("password", Reason::BadPassword),
    ("credentials", Reason::BadPassword),
];

/// Longest reason that is looked into.
const REASON_CAP: usize = 96;

/// Small letters, underscores as blanks.
fn plain(text: &str) -> [u8; REASON_CAP] {
    let mut small = [0u8; REASON_CAP];
    for (to, from) in small.iter_mut().zip(text.as_bytes()) {
        *to = if *from == b'_' { b' ' } else { from.to_ascii_lowercase() };
    }
    small
}

/// Why it was refused, by Duo's words.
fn reason(words: &str) -> Reason {
    let words = plain(words);
    let found = REASONS.iter().find(|(word, _)| memmem::find(&words, word.as_bytes()).is_some());
    found.map_or(Reason::Other, |(_, reason)| *reason)
}

/// Reasons of an authentication that succeeded without a factor.
const SKIPPED: &[&str] =
    &["bypass", "allow unenrolled", "allowed by policy", "trusted", "remembered"];

/// What became of the factor of an authentication that succeeded.
fn accepted(words: &str) -> MfaResult {
    let words = plain(words);
    let is_skipped = SKIPPED.iter().any(|it| memmem::find(&words, it.as_bytes()).is_some());
    if is_skipped { MfaResult::Bypassed } else { MfaResult::Success }
}

/// What became of the factor of an authentication that was refused.
const fn refused(reason: Reason) -> MfaResult {
    match reason {
        Reason::MfaDenied => MfaResult::Denied,
        Reason::MfaTimeout => MfaResult::Timeout,
        _ => MfaResult::Failed,
    }
}

/// Words in Duo's names of factors, and ours.
const FACTORS: &[(&str, &str)] = &[
    ("push", "push"),
    ("phone call", "phone"),
    ("bypass code", "bypass-code"),
    ("sms", "sms"),
    ("passcode", "otp"),
    ("otp", "otp"),
    ("token", "otp"),
    ("yubikey", "otp"),
    ("webauthn", "fido2"),
    ("u2f", "fido2"),
    ("platform", "fido2"),
    ("remembered", "remembered-device"),
    ("trusted", "trusted-network"),
];

/// A factor in the words of the events, else as Duo names it.
fn factor(name: &str) -> Option<&str> {
    let words = plain(name);
    if words.starts_with(b"not available") || words.starts_with(b"n/a") {
        return None;
    }
    // `u2f_token` is no one-time password.
    if memmem::find(&words, b"u2f").is_some() {
        return Some("fido2");
    }
    let known = FACTORS.iter().find(|(word, _)| memmem::find(&words, word.as_bytes()).is_some());
    Some(known.map_or(name, |(_, ours)| *ours))
}
