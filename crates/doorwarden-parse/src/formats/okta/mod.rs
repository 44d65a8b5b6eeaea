//! Okta: the System Log.

mod kinds;

use std::sync::LazyLock;

use bumpalo::Bump;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason, Service};
use memchr::memmem::{self, Finder};

use self::kinds::Kind;
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    json::{self, Fields, Paths},
    names::split_domain,
    record::address,
    stamp,
};

/// # Okta
///
/// Okta's System Log, of Classic and of Identity Engine organisations.
///
/// ## Where it is found
/// `GET /api/v1/logs`, a log stream to Amazon's event bridge or Splunk, an event hook, or a SIEM's collector. One JSON
/// object a line; also inside what a collector wraps around it (`message`, `event.original`, `event`, `detail`,
/// `data.events`), and as Microsoft Sentinel's flat table `Okta_CL`. Times are UTC.
///
/// ## What is read
/// - sign-ins: `user.session.start`, every `user.authentication.*`, `policy.evaluate_sign_on` (ALLOW and DENY), denied
///   applications, inbound delegated and rich-client authentication;
/// - factors: `user.authentication.auth_via_mfa`, `user.mfa.okta_verify*`, `user.mfa.attempt_bypass`, and as a challenge
///   the pushes, messages and calls that ask for one, and a policy's CHALLENGE;
/// - ends of sessions, by their owner (`user.session.end`, single logout) or by others (`user.session.clear`);
/// - accounts: `user.account.*`, `user.lifecycle.*`, `user.mfa.factor.*`, memberships of groups and applications,
///   devices bound to a user;
/// - changes of the door: policies, rules, zones, identity providers, authenticators, API tokens, hooks, log streams,
///   administrators' roles, applications' lifecycle;
/// - as `other`: `ThreatInsight`, risk, reports of suspicious activity, reused tokens.
///
/// `user` is the actor; for changes of an account the target user, with the actor beside it. `session` is
/// `authenticationContext.externalSessionId`; `device` is `device.id`, else the fingerprint of the browser. A password
/// given as one of several factors (`PASSWORD_AS_FACTOR`) is a factor when right and a refused sign-in when wrong.
///
/// ## What is ignored
/// Token grants, imports, provisioning, workflows, rate limits, mails, agents' heartbeats; places are resolved from the
/// address, not read.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Okta;

/// Its id.
const ID: &str = "okta";

/// Positions in [`NESTED`] and [`FLAT`].
mod at {
    pub(super) const EVENT_TYPE: usize = 0;
    pub(super) const PUBLISHED: usize = 1;
    pub(super) const RESULT: usize = 2;
    pub(super) const REASON: usize = 3;
    pub(super) const ACTOR: usize = 4;
    pub(super) const ACTOR_TYPE: usize = 5;
    pub(super) const ACTOR_ID: usize = 6;
    pub(super) const ADDRESS: usize = 7;
    pub(super) const AGENT: usize = 8;
    pub(super) const DEVICE: usize = 9;
    pub(super) const SESSION: usize = 10;
    pub(super) const CREDENTIAL: usize = 11;
    pub(super) const FACTOR: usize = 12;
    pub(super) const FINGERPRINT: usize = 13;
    pub(super) const CHAIN: usize = 14;
    pub(super) const TARGET: usize = 15;
}

/// The paths of a record as the API gives it.
static NESTED: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["eventType"],
        &["published"],
        &["outcome", "result"],
        &["outcome", "reason"],
        &["actor", "alternateId"],
        &["actor", "type"],
        &["actor", "id"],
        &["client", "ipAddress"],
        &["client", "userAgent", "rawUserAgent"],
        &["device", "id"],
        &["authenticationContext", "externalSessionId"],
        &["authenticationContext", "credentialType"],
        &["debugContext", "debugData", "factor"],
        &["debugContext", "debugData", "deviceFingerprint"],
        &["request", "ipChain"],
        &["target"],
    ])
});

/// The columns of Sentinel's table, in the same order.
static FLAT: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["eventType_s"],
        &["published_t"],
        &["outcome_result_s"],
        &["outcome_reason_s"],
        &["actor_alternateId_s"],
        &["actor_type_s"],
        &["actor_id_s"],
        &["client_ipAddress_s"],
        &["client_userAgent_rawUserAgent_s"],
        &["device_id_s"],
        &["authenticationContext_externalSessionId_s"],
        &["authenticationContext_credentialType_s"],
        &["debugContext_debugData_factor_s"],
        &["debugContext_debugData_deviceFingerprint_s"],
        &["request_ipChain_s"],
        &["target_s"],
    ])
});

impl Format for Okta {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.json().is_some_and(is_record)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let json = record.json().ok_or(Reject::Shape)?;
        let fields = NESTED.find(json).ok_or(Reject::Shape)?;
        if fields.raw(at::EVENT_TYPE).is_some() && fields.raw(at::PUBLISHED).is_some() {
            return entry(&fields, ctx);
        }
        let arena = ctx.arena;
        for (key, paths) in [("published", &NESTED), ("published_t", &FLAT)] {
            let read = |inner| entry(&paths.find(inner).ok_or(Reject::Shape)?, ctx);
            if let Some(parsed) = json::each_holder(json, key, arena, read)? {
                return Ok(parsed);
            }
        }
        Err(Reject::Shape)
    }
}

/// The keys of a record's type and time, as the API and as Sentinel call them.
static KEYS: LazyLock<[[Finder<'static>; 2]; 2]> = LazyLock::new(|| {
    [["\"eventType\"", "\"published\""], ["\"eventType_s\"", "\"published_t\""]]
        .map(|keys| keys.map(Finder::new))
});

/// Whether `json` holds a record: an event type of Okta's, and when it was published.
fn is_record(json: &str) -> bool {
    KEYS.iter().any(|[event_type, published]| {
        let found = event_type.find(json.as_bytes());
        let value = found.and_then(|at| json.get(at + event_type.needle().len()..));
        let value = value.unwrap_or_default().trim_start().strip_prefix(':').unwrap_or_default();
        let value = value.trim_start().strip_prefix('"').unwrap_or_default();
        let segment = value.split_once('.').map_or("", |(it, _)| it);
        kinds::is_segment(segment) && json::finds_key(json, published)
    })
}

/// Reads one record.
fn entry<'r>(fields: &Fields<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let event_type = fields.text(at::EVENT_TYPE, arena).ok_or(Reject::Shape)?;
    let Some(kind) = kinds::kind(event_type) else { return Ok(Parsed::Ignored) };
    let published = fields.text(at::PUBLISHED, arena).unwrap_or_default();
    let stamp = stamp::utc(published).ok_or_else(|| Reject::Timestamp(published.into()))?;
    let factor = fields.text(at::FACTOR, arena);
    let result = fields.text(at::RESULT, arena);
    let is_asked = result == Some("CHALLENGE");
    let (activity, outcome) = match kind {
        Kind::Policy if is_asked => (Activity::Mfa, None),
        Kind::Challenge => (Activity::Mfa, outcome(result).filter(|it| *it == Outcome::Failure)),
        Kind::Factor if factor == Some("PASSWORD_AS_FACTOR") && result == Some("FAILURE") => {
            (Activity::Logon, Some(Outcome::Failure))
        }
        Kind::Other => (Activity::Other, None),
        _ => (activity(kind), outcome(result)),
    };
    let mut event = ctx.event_at(ID, Service::Idp, activity, stamp);
    event.outcome = outcome;
    event.code = Some(event_type);
    who(&mut event, fields, kind, arena);
    how(&mut event, fields, kind, factor, arena);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

const fn activity(kind: Kind) -> Activity {
    match kind {
        Kind::Logon | Kind::Policy => Activity::Logon,
        Kind::Factor | Kind::Challenge => Activity::Mfa,
        Kind::Logoff | Kind::Cleared => Activity::Logoff,
        Kind::Session => Activity::Session,
        Kind::Account => Activity::Account,
        Kind::Change => Activity::Change,
        Kind::Other => Activity::Other,
    }
}

fn outcome(result: Option<&str>) -> Option<Outcome> {
    match result? {
        "SUCCESS" | "ALLOW" => Some(Outcome::Success),
        "FAILURE" | "DENY" | "UNANSWERED" | "RATE_LIMIT" => Some(Outcome::Failure),
        _ => None,
    }
}

/// The first target of each kind.
#[derive(Default)]
struct Targets<'r> {
    user: Option<&'r str>,
    app: Option<&'r str>,
    other: Option<&'r str>,
}

static TARGET: LazyLock<Paths> =
    LazyLock::new(|| Paths::new(&[&["type"], &["alternateId"], &["displayName"]]));

fn targets<'r>(raw: Option<&'r str>, arena: &'r Bump) -> Targets<'r> {
    let mut found = Targets::default();
    let Some(raw) = raw else { return found };
    let list =
        if raw.starts_with('"') { json::unquoted(raw, arena).unwrap_or_default() } else { raw };
    for element in json::elements(list) {
        let Some(fields) = TARGET.find(element) else { continue };
        let display = fields.text(2, arena).filter(|it| *it != "unknown");
        match fields.text(0, arena) {
            Some("User") => {
                found.user = found.user.or(fields.text(1, arena).filter(|it| *it != "unknown"));
            }
            Some("AppInstance") => found.app = found.app.or(display),
            Some("AppUser") => {}
            _ => found.other = found.other.or(display),
        }
    }
    found
}

/// Fills in the person, and who else acted.
fn who<'r>(event: &mut Event<'r>, fields: &Fields<'r>, kind: Kind, arena: &'r Bump) {
    let targets = targets(fields.raw(at::TARGET), arena);
    let stated = fields.text(at::ACTOR, arena).filter(|it| *it != "unknown");
    // ThreatInsight names the address as the actor.
    let stated = stated.filter(|it| kind != Kind::Other || address(it).is_none());
    let is_person = !matches!(
        fields.text(at::ACTOR_TYPE, arena),
        Some("SystemPrincipal" | "PublicClientApp" | "Client" | "AppInstance")
    );
    let is_about_target =
        matches!(kind, Kind::Account | Kind::Change | Kind::Cleared | Kind::Challenge);
    let person = stated.filter(|_| is_person);
    let name = match kind {
        // A change of the door is about no account, unless it names one.
        Kind::Change => targets.user,
        _ if is_about_target || !is_person => targets.user.or(person),
        _ => person.or(targets.user),
    };
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    if matches!(kind, Kind::Account | Kind::Change | Kind::Cleared) && stated != name {
        event.actor = stated;
    }
    match kind {
        Kind::Account | Kind::Change => event.detail = targets.other.or(targets.app),
        _ => event.target = targets.app,
    }
}

/// Fills in where from, with what and why not.
fn how<'r>(
    event: &mut Event<'r>,
    fields: &Fields<'r>,
    kind: Kind,
    factor: Option<&'r str>,
    arena: &'r Bump,
) {
    event.src_ip = fields.text(at::ADDRESS, arena).and_then(address).or_else(|| {
        let first = json::elements(fields.raw(at::CHAIN)?).next()?;
        address(json::one(first, &["ip"], arena)?)
    });
    event.client = fields.text(at::AGENT, arena).filter(|it| *it != "unknown");
    event.session = fields.text(at::SESSION, arena).filter(|it| !matches!(*it, "unknown" | "trs"));
    event.device = fields.text(at::DEVICE, arena).or_else(|| fields.text(at::FINGERPRINT, arena));
    let said = fields.text(at::REASON, arena);
    if event.outcome == Some(Outcome::Failure) {
        let kind = if event.activity == Activity::Logon { Kind::Logon } else { kind };
        let why = reason(said, kind, fields.text(at::RESULT, arena));
        let why = by_type(event.code, why);
        // A name that nobody has gets VERIFICATION_ERROR, and an actor without an id.
        let is_unknown = fields.text(at::ACTOR_ID, arena) == Some("unknown");
        let is_unexplained = why == Reason::Other && kind == Kind::Logon;
        event.reason = Some(if is_unknown && is_unexplained { Reason::UnknownUser } else { why });
    }
    let second = factor.map(factor_method);
    if event.activity == Activity::Mfa {
        event.mfa =
            Some(Mfa { method: second.or(sent_by(event.code)), result: answer(event, kind) });
    } else if event.code == Some("user.mfa.factor.activate") {
        event.mfa = Some(Mfa { method: second, result: MfaResult::Enrolled });
    } else if matches!(kind, Kind::Logon | Kind::Factor) {
        event.method = logon_method(event.code, fields.text(at::CREDENTIAL, arena)).or(second);
    }
    if matches!(kind, Kind::Account | Kind::Other) && event.detail.is_none() {
        event.detail = factor.or(said);
    }
}

/// What became of the factor.
fn answer(event: &Event<'_>, kind: Kind) -> MfaResult {
    match (event.outcome, event.reason) {
        (Some(Outcome::Success), _) if event.code == Some("user.mfa.attempt_bypass") => {
            MfaResult::Bypassed
        }
        (Some(Outcome::Success), _) if kind == Kind::Factor => MfaResult::Success,
        (_, Some(Reason::MfaDenied)) => MfaResult::Denied,
        (_, Some(Reason::MfaTimeout)) => MfaResult::Timeout,
        (Some(Outcome::Failure), _) => MfaResult::Failed,
        _ => MfaResult::Challenge,
    }
}

/// Words of `outcome.reason`, in capitals, and what they mean; the first that occurs decides.
const REASONS: &[(&str, Reason)] = &[
    ("LOCKED", Reason::Locked),
    ("EXPIRED", Reason::Expired),
    ("SUSPENDED", Reason::Disabled),
    ("DEACTIVATED", Reason::Disabled),
    ("DEPROVISIONED", Reason::Disabled),
    ("NOT_ACTIVE", Reason::Disabled),
    ("DISABLED", Reason::Disabled),
    ("UNKNOWN_USER", Reason::UnknownUser),
    ("UNKNOWN USER", Reason::UnknownUser),
    ("USER_NOT_FOUND", Reason::UnknownUser),
    ("ACCOUNT_NOT_FOUND", Reason::UnknownUser),
    ("REJECTED", Reason::MfaDenied),
    ("TIMEOUT", Reason::MfaTimeout),
    ("TIMED OUT", Reason::MfaTimeout),
    ("UNANSWERED", Reason::MfaTimeout),
    ("PHISHING", Reason::MfaFailed),
    ("CERTIFICATE", Reason::Certificate),
    ("DENY", Reason::Policy),
    ("POLICY", Reason::Policy),
    ("ZONE", Reason::Policy),
    ("BLACKLIST", Reason::Policy),
    ("NOT ASSIGNED", Reason::Policy),
    ("NOT_ASSIGNED", Reason::Policy),
    ("RATE_LIMIT", Reason::Policy),
    ("BLOCKED", Reason::Policy),
    ("MFA", Reason::MfaFailed),
    ("PASSCODE", Reason::MfaFailed),
    ("INVALID_CREDENTIALS", Reason::BadPassword),
    ("PASSWORD", Reason::BadPassword),
    ("INVALID_LOGIN", Reason::BadPassword),
];

/// Longest reason that is looked into.
const REASON_CAP: usize = 96;

/// Why it failed, by the words of `said` and by what was tried.
fn reason(said: Option<&str>, kind: Kind, result: Option<&str>) -> Reason {
    let mut capitals = [0u8; REASON_CAP];
    let said = said.unwrap_or_default().as_bytes();
    for (to, from) in capitals.iter_mut().zip(said) {
        *to = from.to_ascii_uppercase();
    }
    let holds = |word: &&(&str, Reason)| memmem::find(&capitals, word.0.as_bytes()).is_some();
    let word = REASONS.iter().find(holds).map(|(_, reason)| *reason);
    match (kind, word) {
        _ if result == Some("UNANSWERED") => Reason::MfaTimeout,
        // Identity Engine gives a push that its owner refuses the same reason as a wrong code.
        (Kind::Factor | Kind::Challenge, Some(Reason::BadPassword) | None) => Reason::MfaFailed,
        (_, Some(word)) => word,
        (Kind::Logon, None) if result == Some("DENY") => Reason::Policy,
        _ => Reason::Other,
    }
}

/// What the type of the event says by itself, where the reason says less.
fn by_type(event_type: Option<&str>, why: Reason) -> Reason {
    match event_type {
        Some("user.mfa.okta_verify.deny_push") if why != Reason::MfaTimeout => Reason::MfaDenied,
        Some("app.generic.unauth_app_access_attempt" | "policy.auth_reevaluate.fail")
            if why == Reason::Other =>
        {
            Reason::Policy
        }
        _ => why,
    }
}

/// Okta's names of factors, in the words of the events.
fn factor_method(factor: &str) -> &str {
    match factor {
        "OKTA_VERIFY_PUSH" | "PUSH" => "push",
        "OKTA_SOFT_TOKEN" | "OKTA_VERIFY_TOTP" | "GOOGLE_AUTH" | "GOOGLE_OTP" | "SOFT_TOKEN"
        | "HOTP" | "TOTP" | "RSA_TOKEN" | "SYMANTEC_TOKEN" | "YUBIKEY_TOKEN" | "CUSTOM_OTP" => {
            "otp"
        }
        "SMS_FACTOR" | "SMS" => "sms",
        "CALL_FACTOR" | "CALL" => "phone",
        "EMAIL_FACTOR" | "EMAIL" => "email",
        "SECURITY_QUESTION" | "QUESTION" => "question",
        "FIDO_WEBAUTHN" | "FIDO2_WEBAUTHN" | "FIDO2" | "FIDO_U2F" | "U2F" => "fido2",
        "SIGNED_NONCE" => "fastpass",
        "PASSWORD_AS_FACTOR" => "password",
        "SMART_CARD" | "X509" => "certificate",
        "DUO_SECURITY" => "duo",
        other => other,
    }
}

/// Starts of event types that name the factor themselves.
const SENT_BY: &[(&str, &str)] = &[
    ("system.push.", "push"),
    ("user.mfa.okta_verify", "push"),
    ("system.sms.", "sms"),
    ("system.voice.", "phone"),
    ("system.email.", "email"),
];

/// The factor that an event type names.
fn sent_by(code: Option<&str>) -> Option<&'static str> {
    let code = code?;
    SENT_BY.iter().find(|(start, _)| code.starts_with(start)).map(|(_, method)| *method)
}

/// How the first factor was proven.
fn logon_method(code: Option<&str>, credential: Option<&str>) -> Option<&'static str> {
    match code? {
        "user.authentication.auth_via_IDP"
        | "user.authentication.auth_via_inbound_SAML"
        | "user.authentication.auth_via_social" => return Some("federated"),
        "user.authentication.auth_via_iwa" => return Some("kerberos"),
        "user.authentication.authenticate" => return Some("certificate"),
        "user.authentication.auth_via_AD_agent" | "user.authentication.auth_via_LDAP_agent" => {
            return Some("password");
        }
        _ => {}
    }
    match credential? {
        "PASSWORD" => Some("password"),
        "OTP" => Some("otp"),
        "SMS" => Some("sms"),
        "EMAIL" => Some("email"),
        "IWA" => Some("kerberos"),
        "ASSERTION" => Some("federated"),
        "CERTIFICATE" => Some("certificate"),
        _ => None,
    }
}
