//! The portal's CSV downloads of sign-ins and audits; the columns are named by the first line.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Service};

use super::{ID, audit, codes};
use crate::{
    Ctx, Parsed, Record, Reject, csv, kv::stated, names::split_domain, record::address, stamp,
};

/// Columns that are read, in the order of [`at`].
const COLUMNS: &[&str] = &[
    "Date (UTC)",
    "Username",
    "User",
    "IP address",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "User agent",
    "Client app",
    "Device ID",
    "Session ID",
    "Correlation ID",
    "Application",
    "Multifactor authentication result",
    "Multifactor authentication auth method",
    "Activity",
    "Service principal name",
    "Result",
    "ResultReason",
    "ActorUserPrincipalName",
    "ActorDisplayName",
    "IPAddress",
    "Target1UserPrincipalName",
    "Target1DisplayName",
];

mod at {
    pub(super) const DATE: usize = 0;
    pub(super) const USERNAME: usize = 1;
    pub(super) const USER: usize = 2;
    pub(super) const ADDRESS: usize = 3;
    pub(super) const STATUS: usize = 4;
    pub(super) const ERROR: usize = 5;
    pub(super) const AGENT: usize = 7;
    pub(super) const CLIENT: usize = 8;
    pub(super) const DEVICE: usize = 9;
    pub(super) const SESSION: usize = 10;
    pub(super) const CORRELATION: usize = 11;
    pub(super) const APP: usize = 12;
    pub(super) const MFA_RESULT: usize = 13;
    pub(super) const MFA_METHOD: usize = 14;
    pub(super) const ACTIVITY: usize = 15;
    pub(super) const PRINCIPAL: usize = 16;
    pub(super) const AUDIT_RESULT: usize = 17;
    pub(super) const AUDIT_WHY: usize = 18;
    pub(super) const ACTOR: usize = 19;
    pub(super) const ACTOR_NAME: usize = 20;
    pub(super) const AUDIT_ADDRESS: usize = 21;
    pub(super) const TARGET: usize = 22;
    pub(super) const TARGET_NAME: usize = 23;
    pub(super) const COUNT: usize = 24;
}

/// Where each of [`COLUMNS`] stands in this file.
#[derive(Debug, Default)]
struct Header {
    positions: [Option<usize>; at::COUNT],
}

/// Whether `text` is the head or a row of such a file: an ISO time, a comma, and the id of the request.
pub(super) fn claims(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with("Date (UTC),") || text.starts_with("\"Date (UTC)\",") {
        return true;
    }
    if !text.starts_with("20") {
        return false;
    }
    let mut fields = text.splitn(3, ',').map(|it| it.trim_matches('"'));
    let (Some(time), Some(id)) = (fields.next(), fields.next()) else { return false };
    // Exchange writes milliseconds and `Z`; the portal no fraction, or seven digits.
    let is_time = stamp::iso(time).is_some_and(|(_, rest)| rest.is_empty());
    let is_exchange = time.len() == 24 && time.ends_with('Z');
    is_time && !is_exchange && is_guid(id)
}

/// `8-4-4-4-12` hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, it)| match at {
            8 | 13 | 18 | 23 => *it == b'-',
            _ => it.is_ascii_hexdigit(),
        })
}

/// Reads the head or a row.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let text = record.text.trim_start_matches('\u{feff}');
    let row = csv::fields(text, ',', ctx.arena);
    if row.first() == Some(&"Date (UTC)") {
        let header = ctx.carry::<Header>();
        for (slot, name) in header.positions.iter_mut().zip(COLUMNS) {
            *slot = row.iter().position(|it| it.trim() == *name);
        }
        return Ok(Parsed::Ignored);
    }
    let positions = ctx.carry::<Header>().positions;
    let get = |at: usize| {
        let position = *positions.get(at)?;
        row.get(position?).copied().and_then(stated)
    };
    let date = get(at::DATE).ok_or(Reject::Shape)?;
    let stamp = stamp::utc(date).ok_or_else(|| Reject::Timestamp(date.into()))?;
    let mut event = ctx.event_at(ID, Service::Idp, Activity::Logon, stamp);
    match (get(at::STATUS), get(at::ACTIVITY).map(|it| (it, audit::activity(it)))) {
        (Some(status), _) => fill(&mut event, status, get),
        (None, Some((name, Some(activity)))) => {
            (event.code, event.activity) = (Some(name), activity);
            fill_audit(&mut event, get);
        }
        _ => return Ok(Parsed::Ignored),
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// A row of the audit log.
fn fill_audit<'r>(event: &mut Event<'r>, get: impl Fn(usize) -> Option<&'r str>) {
    event.outcome = match get(at::AUDIT_RESULT) {
        Some("success") => Some(Outcome::Success),
        Some("failure") => Some(Outcome::Failure),
        _ => None,
    };
    let actor = get(at::ACTOR).or_else(|| get(at::ACTOR_NAME));
    let is_own = event.activity == Activity::Account;
    let name = get(at::TARGET).or_else(|| get(at::TARGET_NAME).or(actor).filter(|_| is_own));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.actor = actor.filter(|it| Some(*it) != name);
    event.detail = get(at::TARGET_NAME).filter(|_| !is_own).or_else(|| get(at::AUDIT_WHY));
    event.src_ip = get(at::AUDIT_ADDRESS).and_then(address);
    event.session = get(at::CORRELATION);
}

fn fill<'r>(event: &mut Event<'r>, status: &str, get: impl Fn(usize) -> Option<&'r str>) {
    event.code = get(at::ERROR);
    let result = get(at::MFA_RESULT);
    let code = event.code.and_then(|it| it.parse::<i64>().ok());
    let is_success = status == "Success";
    let verdict = code.filter(|it| *it != 0).map(|it| codes::verdict(it, result));
    event.outcome = match status {
        "Success" => Some(Outcome::Success),
        "Interrupted" => None,
        _ => Some(Outcome::Failure),
    };
    if event.outcome == Some(Outcome::Failure) {
        event.reason = verdict.and_then(|it| it.reason);
    }
    let name = get(at::USERNAME).or_else(|| get(at::PRINCIPAL)).or_else(|| get(at::USER));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.src_ip = get(at::ADDRESS).and_then(address);
    event.target = get(at::APP);
    event.session = get(at::SESSION).or_else(|| get(at::CORRELATION));
    event.client = get(at::AGENT).or_else(|| get(at::CLIENT));
    event.device = get(at::DEVICE);
    let method = get(at::MFA_METHOD).map(codes::method);
    let answer = verdict.and_then(|it| it.mfa);
    let answer = answer.or_else(|| result.filter(|_| is_success).and_then(codes::satisfied));
    let answer = answer.or_else(|| method.filter(|_| is_success).map(|_| MfaResult::Success));
    event.mfa = answer.map(|result| Mfa { method, result });
}
