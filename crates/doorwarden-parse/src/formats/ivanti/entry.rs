//! One entry out of its three shapes: the standard text, WELF and JSON.

use std::{net::IpAddr, sync::LazyLock};

use crate::{
    Ctx, Record, Reject,
    json::Paths,
    kv::stated,
    record::address,
    stamp::{self, Stamp},
};

/// When an entry was written.
#[derive(Debug, Clone, Copy)]
pub(super) enum When {
    /// As the text states it.
    Stamp(Stamp),
    /// Milliseconds since 1970, as the JSON shape states it.
    Millis(i64),
    /// Not at all: a text without any header.
    Unstated,
}

/// What all three shapes state.
#[derive(Debug)]
pub(super) struct Entry<'r> {
    /// When it was written.
    pub(super) when: When,
    /// The gateway.
    pub(super) host: Option<&'r str>,
    /// `AUT24414` and the like; the standard text has none.
    pub(super) code: Option<&'r str>,
    /// Whose doing it was, by address.
    pub(super) src: Option<IpAddr>,
    /// Whose doing it was, by name; absent for the system itself.
    pub(super) user: Option<&'r str>,
    /// Whether realm or roles are an administrator's.
    pub(super) is_admin: bool,
    /// Session id.
    pub(super) session: Option<&'r str>,
    /// Device id.
    pub(super) device: Option<&'r str>,
    /// User agent.
    pub(super) client: Option<&'r str>,
    /// Hash of the client's certificate.
    pub(super) certificate: Option<&'r str>,
    /// What it says.
    pub(super) message: &'r str,
}

/// Whether a text record has the standard or the WELF shape.
pub(super) fn is_text(record: &Record<'_>) -> bool {
    standard(record).is_some() || welf(record).is_some()
}

/// Whether a JSON record has the gateway's shape.
pub(super) fn is_json(json: &str) -> bool {
    json.contains("\"raw_message\"") && json.contains("\"message_id\"")
}

/// Reads the entry of a record that one of the shapes fits.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &Ctx<'r, '_>) -> Result<Entry<'r>, Reject> {
    if let Some(json) = record.json() {
        return read_json(json, record, ctx);
    }
    let mut entry = match standard(record) {
        Some(shape) => read_standard(&shape, record)?,
        None => read_welf(welf(record).ok_or(Reject::Shape)?, record)?,
    };
    if let Some((code, message)) = entry.message.split_once(": ")
        && is_code(code)
    {
        (entry.code, entry.message) = (Some(code), message);
    }
    Ok(entry)
}

/// Whether `text` is a message id: three letters and five digits.
fn is_code(text: &str) -> bool {
    let (letters, digits) = text.as_bytes().split_at_checked(3).unwrap_or_default();
    digits.len() == 5
        && letters.iter().all(u8::is_ascii_uppercase)
        && digits.iter().all(u8::is_ascii_digit)
}

/// `[STAMP] - node - [address] ...`, cut behind the opening bracket.
struct Standard<'r> {
    own: Option<Stamp>,
    node: &'r str,
    rest: &'r str,
}

fn standard<'r>(record: &Record<'r>) -> Option<Standard<'r>> {
    if !record.app.is_none_or(is_own_app) {
        return None;
    }
    let text = record.message.trim_start();
    let (own, rest) = match stamp::iso(text) {
        Some((own, rest)) => (Some(own), rest.trim_start()),
        None => (None, text),
    };
    let (node, rest) = rest.strip_prefix("- ")?.split_once(" - [")?;
    let is_node = !node.is_empty() && node.len() <= 64 && !node.contains(' ');
    is_node.then_some(Standard { own, node, rest })
}

/// Whether a syslog tag is one that the gateways use.
fn is_own_app(app: &str) -> bool {
    ["PulseSecure", "Pulse", "Juniper", "Ivanti"].iter().any(|it| app.starts_with(it))
}

fn read_standard<'r>(shape: &Standard<'r>, record: &Record<'r>) -> Result<Entry<'r>, Reject> {
    let (ip, tail) = shape.rest.split_once(']').ok_or(Reject::Shape)?;
    let (user, is_admin, message) = subject(tail.trim_start())?;
    Ok(Entry {
        when: moment(shape.own, record),
        host: record.host.or(Some(shape.node)),
        code: None,
        src: address(ip),
        user: user.and_then(person),
        is_admin,
        session: None,
        device: None,
        client: None,
        certificate: None,
        message,
    })
}

/// Splits `user(realm)[roles] - message` into the name, whether realm or roles are an administrator's, and the message.
///
/// The client chooses the name, and parts of some messages: text in which a second `)[...] - ` follows could be split
/// in two ways, and is refused.
fn subject(text: &str) -> Result<(Option<&str>, bool, &str), Reject> {
    if let Some(message) = text.strip_prefix("- ") {
        return Ok((None, false, message));
    }
    let (name, tail) = text.split_once(")[").ok_or(Reject::Shape)?;
    let (roles, message) = tail.split_once("] - ").ok_or(Reject::Shape)?;
    let is_ambiguous = message.split_once(")[").is_some_and(|(_, it)| it.contains("] - "));
    if is_ambiguous {
        return Err(Reject::Shape);
    }
    let (name, realm) = before_realm(name).ok_or(Reject::Shape)?;
    Ok((Some(name), is_admin(realm) || is_admin(roles), message.trim()))
}

/// Splits `user(realm` at the bracket that none closes: name and realm may hold pairs of their own.
fn before_realm(text: &str) -> Option<(&str, &str)> {
    let mut closed = 0u32;
    for (at, bracket) in text.rmatch_indices(['(', ')']) {
        match (bracket, closed) {
            (")", _) => closed += 1,
            (_, 0) => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => closed -= 1,
        }
    }
    None
}

/// A person's name, without the virtual system before it; absent for the system itself.
fn person(name: &str) -> Option<&str> {
    let name = match name.split_once("::") {
        Some(("Root" | "Default Network", name)) => name,
        Some((system, name)) if system.bytes().all(|it| it.is_ascii_alphanumeric()) => name,
        _ => name,
    };
    let name = name.trim();
    (!name.is_empty() && name != "System").then_some(name)
}

fn is_admin(places: &str) -> bool {
    places.contains("dmin")
}

/// The device's own stamp, or the header's.
fn moment(own: Option<Stamp>, record: &Record<'_>) -> When {
    match (own, record.stamp) {
        (Some(own), header) => When::Stamp(zoned(own, header)),
        (None, Some(header)) => When::Stamp(header),
        (None, None) => When::Unstated,
    }
}

/// The device's own stamp states no zone: a header that does gives it, as the quarter of an hour that fits best.
fn zoned(own: Stamp, header: Option<Stamp>) -> Stamp {
    let Some((header, header_year, offset, year)) =
        header.and_then(|it| Some((it, it.year?, it.offset?, own.year?)))
    else {
        return own;
    };
    let utc = header.utc_millis(header_year) - i64::from(offset) * 1000;
    let quarters = (own.utc_millis(year) - utc + 450_000).div_euclid(900_000);
    match i32::try_from(quarters * 900) {
        Ok(offset) if offset.abs() <= 14 * 3600 => Stamp { offset: Some(offset), ..own },
        _ => header,
    }
}

fn welf<'r>(record: &Record<'r>) -> Option<&'r str> {
    let text = record.message.trim_start().strip_prefix("id=firewall ")?;
    (text.contains(" vpn=") && text.contains(" realm=\"")).then_some(text)
}

fn read_welf<'r>(text: &'r str, record: &Record<'r>) -> Result<Entry<'r>, Reject> {
    let (head, rest) = text.split_once(" user=").ok_or(Reject::Shape)?;
    let (user, rest) = only(rest, " realm=\"")?;
    let (rest, message) = only(rest, " msg=\"")?;
    let own = head.split_once("time=\"").and_then(|(_, it)| stamp::iso(it)).map(|(stamp, _)| stamp);
    let places = rest.split_once(" proto=").map_or(rest, |(it, _)| it);
    Ok(Entry {
        when: moment(own, record),
        host: record.host.or_else(|| bare(head, "vpn=")),
        code: None,
        src: bare(rest, " src=").and_then(address),
        user: person(user),
        is_admin: is_admin(places),
        session: quoted(rest, " sessionID=\""),
        device: None,
        client: quoted(rest, " agent=\""),
        certificate: None,
        message: message.trim_end().strip_suffix('"').unwrap_or(message).trim(),
    })
}

/// Splits at the only `mark`; a name or user agent that holds a second one must not pass for the entry's own.
fn only<'r>(text: &'r str, mark: &str) -> Result<(&'r str, &'r str), Reject> {
    let (before, after) = text.split_once(mark).ok_or(Reject::Shape)?;
    if after.contains(mark) { Err(Reject::Shape) } else { Ok((before, after)) }
}

/// The word behind `mark`.
fn bare<'r>(text: &'r str, mark: &str) -> Option<&'r str> {
    stated(text.split_once(mark)?.1.split(' ').next()?)
}

/// The text behind `mark`, up to the next quote.
fn quoted<'r>(text: &'r str, mark: &str) -> Option<&'r str> {
    stated(text.split_once(mark)?.1.split('"').next()?)
}

/// The keys of the JSON shape, in the order of the constants below.
static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["message_id"],
        &["raw_message"],
        &["us_timestamp"],
        &["timestamp"],
        &["source_ip"],
        &["user"],
        &["realm_name"],
        &["roles"],
        &["session_id"],
        &["device_id"],
        &["useragent"],
        &["cert_hash"],
        &["gateway_name"],
        &["user_name"],
    ])
});
const CODE: usize = 0;
const MESSAGE: usize = 1;
const MICROS: usize = 2;
const SECONDS: usize = 3;
const SOURCE: usize = 4;
const USER: usize = 5;
const REALM: usize = 6;
const ROLES: usize = 7;
const SESSION: usize = 8;
const DEVICE: usize = 9;
const AGENT: usize = 10;
const CERTIFICATE: usize = 11;
const GATEWAY: usize = 12;
const USER_NAME: usize = 13;

fn read_json<'r>(
    json: &'r str,
    record: &Record<'r>,
    ctx: &Ctx<'r, '_>,
) -> Result<Entry<'r>, Reject> {
    let fields = PATHS.find(json).ok_or(Reject::Shape)?;
    let text = |at| fields.text(at, ctx.arena);
    let when = text(MICROS).or_else(|| text(SECONDS)).and_then(millis).map(When::Millis);
    let when = match (when, record.stamp) {
        (Some(when), _) => when,
        (None, Some(header)) => When::Stamp(header),
        (None, None) => return Err(Reject::Timestamp(json.chars().take(32).collect())),
    };
    Ok(Entry {
        when,
        host: text(GATEWAY).and_then(stated).or(record.host),
        code: text(CODE),
        // A relayed request states its relays behind the client.
        src: text(SOURCE).and_then(|it| address(it.split(',').next()?)),
        user: text(USER).or_else(|| text(USER_NAME)).and_then(person),
        is_admin: [REALM, ROLES].into_iter().filter_map(text).any(is_admin),
        session: text(SESSION),
        device: text(DEVICE),
        client: text(AGENT),
        certificate: text(CERTIFICATE),
        message: text(MESSAGE).ok_or(Reject::Shape)?.trim(),
    })
}

/// `1733293104.48858` as milliseconds.
fn millis(text: &str) -> Option<i64> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let digits = fraction.bytes().chain(std::iter::repeat(b'0'));
    let thousandths: i64 = [100, 10, 1]
        .into_iter()
        .zip(digits)
        .map(|(weight, digit)| weight * i64::from(digit.saturating_sub(b'0').min(9)))
        .sum();
    seconds.checked_mul(1000)?.checked_add(thousandths)
}
