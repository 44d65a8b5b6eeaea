//! One event as a JSON object, keys in CONTRACT's order.

use doorwarden_model::{Event, NetworkKind, Outcome, Place, Reason};
use serde::Serialize;

/// An event with where it was read, ready to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written<'a> {
    pub(crate) event: &'a Event<'a>,
    pub(crate) id: u128,
    pub(crate) file: &'a str,
    pub(crate) line: u64,
    pub(crate) is_record: bool,
    /// Where its source address is.
    pub(crate) place: Place<'a>,
}

/// The keys of an event; absent means that the log does not say.
#[derive(Serialize)]
struct Shape<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    format: &'static str,
    time: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    time_assumed: &'static str,
    service: &'static str,
    activity: &'static str,
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_ip: Option<std::net::IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assigned_ip: Option<std::net::IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa: Option<MfaShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logon_type: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<&'static str>,
}

#[derive(Serialize)]
struct MfaShape<'a> {
    method: Option<&'a str>,
    result: &'static str,
}

/// The object as one line of text.
pub(crate) fn line(written: &Written<'_>) -> String {
    let Written { event, file, line, is_record, ref place, .. } = *written;
    let shape = Shape {
        file,
        line: (!is_record).then_some(line),
        record: is_record.then_some(line),
        format: event.format,
        time: time(event.time),
        time_assumed: event.time_assumed.word(),
        service: event.service.word(),
        activity: event.activity.word(),
        outcome: event.outcome.map(Outcome::word),
        reason: event.reason.map(Reason::word),
        user: event.user,
        domain: event.domain,
        src_ip: event.src_ip,
        src_port: event.src_port,
        src_host: event.src_host,
        assigned_ip: event.assigned_ip,
        host: event.host,
        target: event.target,
        session: event.session,
        device: event.device,
        client: event.client,
        certificate: event.certificate,
        method: event.method,
        mfa: event.mfa.map(|it| MfaShape { method: it.method, result: it.result.word() }),
        code: event.code,
        actor: event.actor,
        detail: event.detail,
        logon_type: event.logon_type,
        country: place.country_code(),
        city: place.city,
        asn: place.asn,
        network: place.network.map(NetworkKind::word),
    };
    serde_json::to_string(&shape).unwrap_or_default()
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn time(time: jiff::Timestamp) -> String {
    format!("{time:.3}")
}
