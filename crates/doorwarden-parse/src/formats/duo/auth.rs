//! Authentications: the API's first and second form, Sentinel's rows, Trust Monitor's findings.

use std::sync::LazyLock;

use bumpalo::Bump;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Service};

use super::{ID, accepted, factor, reason, refused};
use crate::{
    Ctx, Parsed, Reject,
    json::{self, Fields, Paths},
    names::split_domain,
    record::address,
    stamp,
};

/// Positions in [`RECORD`] and [`ROW`].
mod at {
    pub(super) const EPOCH: usize = 0;
    pub(super) const ISO: usize = 1;
    pub(super) const RESULT: usize = 2;
    pub(super) const REASON: usize = 3;
    pub(super) const FACTOR: usize = 4;
    pub(super) const TYPE: usize = 5;
    pub(super) const USER: usize = 6;
    pub(super) const USERNAME: usize = 7;
    pub(super) const ADDRESS: usize = 8;
    pub(super) const IP: usize = 9;
    pub(super) const APP: usize = 10;
    pub(super) const INTEGRATION: usize = 11;
    pub(super) const SESSION: usize = 12;
    pub(super) const DEVICE: usize = 13;
    pub(super) const DEVICE_HOST: usize = 14;
    pub(super) const BROWSER: usize = 15;
    pub(super) const BROWSER_VERSION: usize = 16;
    pub(super) const OS: usize = 17;
    pub(super) const ENROLLMENT: usize = 18;
    pub(super) const SUB_ADDRESS: usize = 19;
}

static RECORD: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["timestamp"],
        &["isotimestamp"],
        &["result"],
        &["reason"],
        &["factor"],
        &["event_type"],
        &["user", "name"],
        &["username"],
        &["access_device", "ip"],
        &["ip"],
        &["application", "name"],
        &["integration"],
        &["txid"],
        &["access_device", "epkey"],
        &["access_device", "hostname"],
        &["access_device", "browser"],
        &["access_device", "browser_version"],
        &["access_device", "os"],
        &["new_enrollment"],
        &["access_device", "ip", "address"],
    ])
});

static ROW: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["timestamp_d"],
        &["isotimestamp_t [UTC]"],
        &["result_s"],
        &["reason_s"],
        &["factor_s"],
        &["event_type_s"],
        &["user_name_s"],
        &["username_s"],
        &["access_device_ip_s"],
        &["ip_s"],
        &["application_name_s"],
        &["integration_s"],
        &["txid_g"],
        &["access_device_epkey_s"],
        &["access_device_hostname_s"],
        &["access_device_browser_s"],
        &["access_device_browser_version_s"],
        &["access_device_os_s"],
        &["new_enrollment_b"],
    ])
});

/// Reads one authentication.
pub(super) fn read<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    entry(&RECORD.find(json).ok_or(Reject::Shape)?, ctx)
}

/// Reads one row of Sentinel's table.
pub(super) fn read_row<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    entry(&ROW.find(json).ok_or(Reject::Shape)?, ctx)
}

/// An event at `seconds` since 1970 (or milliseconds), or at a stamp that says more.
///
/// The `isotimestamp` of old exports is broken by blanks, so the number comes first.
pub(super) fn event<'r>(
    seconds: Option<i64>,
    stamps: [Option<&'r str>; 2],
    activity: Activity,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Event<'r>, Reject> {
    let read = || stamps.iter().flatten().find_map(|it| stamp::utc(it));
    let is_precise = stamps.iter().flatten().any(|it| it.contains('.'));
    if let Some(stamp) = read().filter(|_| is_precise || seconds.is_none()) {
        return Ok(ctx.event_at(ID, Service::Idp, activity, stamp));
    }
    let Some(seconds) = seconds else {
        let [first, second] = stamps;
        let stated = first.or(second).unwrap_or_default();
        return Err(Reject::Timestamp(stated.chars().take(40).collect()));
    };
    let is_millis = 100_000_000_000 < seconds;
    let millis = if is_millis { seconds } else { seconds.saturating_mul(1000) };
    Ctx::event_at_millis(ID, Service::Idp, activity, millis)
}

fn entry<'r>(fields: &Fields<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let text = |at| fields.text(at, arena);
    let is_enrolment = text(at::TYPE) == Some("enrollment")
        || (fields.flag(at::ENROLLMENT) == Some(true) && text(at::REASON).is_none());
    let activity = if is_enrolment { Activity::Account } else { Activity::Mfa };
    let mut event = event(fields.int(at::EPOCH), [text(at::ISO), text(at::EPOCH)], activity, ctx)?;
    let why = text(at::REASON);
    event.code = why.or_else(|| text(at::TYPE));
    let method = text(at::FACTOR).and_then(factor);
    let answer = answer(&mut event, text(at::RESULT), why, method);
    let answer = if is_enrolment { Some(MfaResult::Enrolled) } else { answer };
    event.mfa = answer.map(|result| Mfa { method, result });
    let name = text(at::USER).or_else(|| text(at::USERNAME));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.src_ip = text(at::ADDRESS)
        .or_else(|| text(at::SUB_ADDRESS))
        .or_else(|| text(at::IP))
        .and_then(address);
    event.target = text(at::APP).or_else(|| text(at::INTEGRATION));
    event.session = text(at::SESSION);
    event.device = text(at::DEVICE).or_else(|| text(at::DEVICE_HOST));
    event.client = client(fields, arena);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Fills in the outcome; what became of the factor.
fn answer(
    event: &mut Event<'_>,
    result: Option<&str>,
    why: Option<&str>,
    method: Option<&str>,
) -> Option<MfaResult> {
    let result = result?;
    let is = |word: &str| result.eq_ignore_ascii_case(word);
    if is("success") || is("allow") {
        event.outcome = Some(Outcome::Success);
        let answer = accepted(why.unwrap_or_default());
        return Some(if method == Some("bypass-code") { MfaResult::Bypassed } else { answer });
    }
    if is("denied") || is("deny") || is("failure") || is("fraud") || is("error") {
        let why = if is("fraud") { "fraud" } else { why.unwrap_or_default() };
        let why = reason(why);
        (event.outcome, event.reason) = (Some(Outcome::Failure), Some(why));
        return Some(refused(why));
    }
    None
}

/// `Chrome 88.0.4324.150 (Mac OS X)`
fn client<'r>(fields: &Fields<'r>, arena: &'r Bump) -> Option<&'r str> {
    let stated = |at| fields.text(at, arena).filter(|it| !it.eq_ignore_ascii_case("unknown"));
    let parts = (stated(at::BROWSER), stated(at::BROWSER_VERSION), stated(at::OS));
    Some(match parts {
        (Some(browser), Some(version), Some(os)) => {
            arena.alloc_str(&format!("{browser} {version} ({os})"))
        }
        (Some(browser), Some(version), None) => arena.alloc_str(&format!("{browser} {version}")),
        (Some(browser), None, _) => browser,
        (None, _, os) => os?,
    })
}

static FINDING: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["surfaced_timestamp"],
        &["type"],
        &["surfaced_auth", "user", "name"],
        &["surfaced_auth", "access_device", "ip"],
        &["surfaced_auth", "application", "name"],
        &["surfaced_auth", "txid"],
        &["explanations"],
    ])
});

/// Reads one finding of Trust Monitor.
pub(super) fn read_finding<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let fields = FINDING.find(json).ok_or(Reject::Shape)?;
    let text = |at| fields.text(at, arena);
    let mut event = event(fields.int(0), [text(0), None], Activity::Other, ctx)?;
    event.code = text(1);
    (event.user, event.domain) = text(2).map_or((None, None), split_domain);
    event.src_ip = text(3).and_then(address);
    event.target = text(4);
    event.session = text(5);
    let explanation = json::elements(fields.raw(6).unwrap_or_default()).next();
    event.detail = explanation.and_then(|it| json::one(it, &["summary"], arena));
    ctx.emit(&event);
    Ok(Parsed::Event)
}
