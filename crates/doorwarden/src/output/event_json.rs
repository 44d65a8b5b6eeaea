//! One event as a JSON object, keys in the order of docs/output.md.

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
    super::json::text(&shape)
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn time(time: jiff::Timestamp) -> String {
    let mut text = Vec::with_capacity(24);
    put_time(&mut text, time);
    String::from_utf8(text).unwrap_or_default()
}

/// Appends what [`time`] gives.
pub(crate) fn put_time(text: &mut Vec<u8>, time: jiff::Timestamp) {
    let millis = time.as_millisecond();
    let civil = jiff::tz::Offset::UTC.to_datetime(time);
    if !(0..10_000).contains(&civil.year()) {
        text.extend_from_slice(format!("{time:.3}").as_bytes());
        return;
    }
    let mut digits = |value: u16, count: u16, end: u8| {
        if count == 4 {
            text.push(digit(value / 1000));
        }
        if 3 <= count {
            text.push(digit(value / 100 % 10));
        }
        text.extend_from_slice(&[digit(value / 10 % 10), digit(value % 10), end]);
    };
    let two = |it: i8| u16::from(it.unsigned_abs());
    digits(civil.year().unsigned_abs(), 4, b'-');
    digits(two(civil.month()), 2, b'-');
    digits(two(civil.day()), 2, b'T');
    digits(two(civil.hour()), 2, b':');
    digits(two(civil.minute()), 2, b':');
    digits(two(civil.second()), 2, b'.');
    digits(u16::try_from(millis.rem_euclid(1000)).unwrap_or(0), 3, b'Z');
}

/// The sign of a digit.
const fn digit(value: u16) -> u8 {
    b'0' + (value % 10) as u8
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_read_as_jiff_writes_them() {
        for millis in
            [0, 1, 951_782_400_000, 1_760_918_659_189, 253_402_207_199_999, -1, 1_767_225_599_999]
        {
            let time = jiff::Timestamp::from_millisecond(millis).unwrap();
            assert_eq!(super::time(time), format!("{time:.3}"));
        }
    }
}
