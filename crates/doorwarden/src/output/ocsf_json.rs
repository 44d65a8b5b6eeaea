//! One event as an OCSF object: class Authentication (3002), version 1.5, the first in which a factor needs no
//! telephone number.
//!
//! What the class has no place for stands in `unmapped`, under the names of `doorwarden parse`.

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason, Service};
use serde::Serialize;
use serde_json::{Map, Value};

use super::event_json::Written;

/// Version of the schema.
const VERSION: &str = "1.5.0";
const CLASS: u32 = 3002;

#[derive(Serialize)]
struct Authentication<'a> {
    activity_id: u32,
    activity_name: &'static str,
    category_uid: u32,
    category_name: &'static str,
    class_uid: u32,
    class_name: &'static str,
    type_uid: u32,
    type_name: String,
    time: i64,
    severity_id: u32,
    severity: &'static str,
    status_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    metadata: Metadata<'a>,
    user: User<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Actor<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_endpoint: Option<Endpoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dst_endpoint: Option<Endpoint<'a>>,
    service: Named<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_protocol_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_protocol: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logon_type_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logon_type: Option<&'static str>,
    is_remote: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_mfa: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    auth_factors: Vec<Factor<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_request: Option<Request<'a>>,
    unmapped: Map<String, Value>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    version: &'static str,
    uid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_code: Option<&'a str>,
    log_name: &'a str,
    log_provider: &'static str,
    product: Product,
}

#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
}

#[derive(Serialize)]
struct Actor<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
}

#[derive(Serialize, Default, PartialEq)]
struct Endpoint<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autonomous_system: Option<System<'a>>,
}

#[derive(Serialize, PartialEq)]
struct Location<'a> {
    country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
}

#[derive(Serialize, PartialEq)]
struct System<'a> {
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct Factor<'a> {
    factor_type_id: u32,
    factor_type: &'a str,
}

#[derive(Serialize)]
struct Session<'a> {
    uid: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    user_agent: &'a str,
}

/// The object as one line of text.
pub(crate) fn line(written: &Written<'_>) -> String {
    let event = written.event;
    let (activity_id, activity_name) = activity(event.activity);
    let (status_id, status) = status(event.outcome);
    let protocol = protocol(event);
    let object = Authentication {
        activity_id,
        activity_name,
        category_uid: 3,
        category_name: "Identity & Access Management",
        class_uid: CLASS,
        class_name: "Authentication",
        type_uid: CLASS * 100 + activity_id,
        type_name: format!("Authentication: {activity_name}"),
        time: event.time.as_millisecond(),
        severity_id: 1,
        severity: "Informational",
        status_id,
        status,
        status_detail: event.reason.map(Reason::word),
        message: event.detail,
        metadata: metadata(written),
        // The class demands a user; where the log has none, that is what is to be said.
        user: User { name: event.user.unwrap_or("unknown"), domain: event.domain },
        actor: event.actor.map(|name| Actor { user: User { name, domain: None } }),
        src_endpoint: Some(source(written)).filter(|it| *it != Endpoint::default()),
        dst_endpoint: event.target.or(event.host).map(destination),
        service: Named { name: event.service.word() },
        auth_protocol_id: protocol.map(|it| it.0),
        auth_protocol: protocol.map(|it| it.1),
        logon_type_id: event.logon_type.map(|it| logon_type(it).0),
        logon_type: event.logon_type.map(|it| logon_type(it).1),
        is_remote: event.service != Service::Local,
        is_mfa: event.mfa.map(|it| it.result == MfaResult::Success),
        auth_factors: factors(event),
        session: event.session.map(|uid| Session { uid }),
        http_request: event
            .client
            .filter(|it| it.starts_with("Mozilla/"))
            .map(|user_agent| Request { user_agent }),
        unmapped: unmapped(written),
    };
    super::json::text(&object)
}

fn metadata<'a>(written: &Written<'a>) -> Metadata<'a> {
    Metadata {
        version: VERSION,
        uid: format!("{:032x}", written.id),
        event_code: written.event.code,
        log_name: written.file,
        log_provider: written.event.format,
        product: Product {
            name: "Doorwarden",
            vendor_name: "Doorwarden",
            version: env!("CARGO_PKG_VERSION"),
        },
    }
}

const fn activity(activity: Activity) -> (u32, &'static str) {
    match activity {
        Activity::Logon => (1, "Logon"),
        Activity::Logoff => (2, "Logoff"),
        Activity::Mfa => (99, "Second Factor"),
        Activity::Session => (99, "Session"),
        Activity::Account => (99, "Account Change"),
        Activity::Change => (99, "Configuration Change"),
        Activity::Other => (99, "Other"),
    }
}

const fn status(outcome: Option<Outcome>) -> (u32, &'static str) {
    match outcome {
        Some(Outcome::Success) => (1, "Success"),
        Some(Outcome::Failure) => (2, "Failure"),
        None => (0, "Unknown"),
    }
}

/// Id and caption; a method that the schema does not list is 99 with its own word.
fn protocol<'a>(event: &Event<'a>) -> Option<(u32, &'a str)> {
    let method = event.method?;
    let known = match method {
        "ntlm" => (1, "NTLM"),
        "kerberos" => (2, "Kerberos"),
        "digest" => (3, "Digest"),
        "openid" | "oidc" => (4, "OpenID"),
        "saml" => (5, "SAML"),
        "oauth" | "oauth2" => (6, "OAUTH 2.0"),
        "pap" => (7, "PAP"),
        "chap" | "mschap" | "mschapv2" => (8, "CHAP"),
        "eap" => (9, "EAP"),
        "radius" => (10, "RADIUS"),
        own => (99, own),
    };
    Some(known)
}

/// Id and caption of a Windows logon type: OCSF counts as Windows does, but for the system's own.
const fn logon_type(number: u8) -> (u8, &'static str) {
    match number {
        0 => (1, "System"),
        2 => (2, "Interactive"),
        3 => (3, "Network"),
        4 => (4, "Batch"),
        5 => (5, "OS Service"),
        7 => (7, "Unlock"),
        8 => (8, "Network Cleartext"),
        9 => (9, "New Credentials"),
        10 => (10, "Remote Interactive"),
        11 => (11, "Cached Interactive"),
        12 => (12, "Cached Remote Interactive"),
        13 => (13, "Cached Unlock"),
        _ => (99, "Other"),
    }
}

fn source<'a>(written: &Written<'a>) -> Endpoint<'a> {
    let event = written.event;
    let named = event.src_host.map(destination).unwrap_or_default();
    Endpoint {
        ip: event.src_ip.or(named.ip),
        port: event.src_port,
        hostname: named.hostname,
        name: named.name,
        uid: event.device,
        location: written
            .place
            .country_code()
            .map(|country| Location { country: country.to_owned(), city: written.place.city }),
        autonomous_system: written
            .place
            .asn
            .map(|number| System { number, name: written.place.holder }),
    }
}

/// A host by its address, by a name that can be a host's, or by what the log calls it.
fn destination(host: &str) -> Endpoint<'_> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '-';
    let is_label = |it: &str| {
        !it.is_empty() && it.chars().all(is_part) && !it.starts_with('-') && !it.ends_with('-')
    };
    match host.parse() {
        Ok(ip) => Endpoint { ip: Some(ip), ..Endpoint::default() },
        Err(_) if host.split('.').all(is_label) => {
            Endpoint { hostname: Some(host), ..Endpoint::default() }
        }
        Err(_) => Endpoint { name: Some(host), ..Endpoint::default() },
    }
}

fn factors<'a>(event: &Event<'a>) -> Vec<Factor<'a>> {
    let password = (event.method == Some("password"))
        .then_some(Factor { factor_type_id: 11, factor_type: "Password" });
    password.into_iter().chain(event.mfa.map(factor)).collect()
}

fn factor(mfa: Mfa<'_>) -> Factor<'_> {
    let (factor_type_id, factor_type) = match mfa.method {
        Some("sms") => (1, "SMS"),
        Some("phone" | "call") => (3, "Phone Call"),
        Some("biometric") => (4, "Biometric"),
        Some("push") => (5, "Push Notification"),
        Some("token" | "hardware") => (6, "Hardware Token"),
        Some("otp" | "totp" | "hotp") => (7, "OTP"),
        Some("email") => (8, "Email"),
        Some("u2f") => (9, "U2F"),
        Some("fido2" | "webauthn" | "passkey") => (10, "WebAuthn"),
        Some(own) => (99, own),
        None => (0, "Unknown"),
    };
    Factor { factor_type_id, factor_type }
}

fn unmapped(written: &Written<'_>) -> Map<String, Value> {
    let event = written.event;
    let mut rest = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(name.to_owned(), value);
        }
    };
    let place = if written.is_record { "record" } else { "line" };
    add(place, Some(written.line.into()));
    add("activity", Some(event.activity.word().into()));
    add(
        "time_assumed",
        Some(event.time_assumed.word()).filter(|it| !it.is_empty()).map(Into::into),
    );
    add("host", event.host.filter(|_| event.target.is_some()).map(Into::into));
    add("assigned_ip", event.assigned_ip.map(|it| it.to_string().into()));
    add("client", event.client.map(Into::into));
    add("certificate", event.certificate.map(Into::into));
    add("mfa_result", event.mfa.map(|it| it.result.word().into()));
    add("network", written.place.network.map(|it| it.word().into()));
    rest
}
