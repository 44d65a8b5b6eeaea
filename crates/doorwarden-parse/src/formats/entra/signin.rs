//! Sign-ins: of people, of applications, of managed identities; as Azure Monitor, Graph and Log Analytics give them.

use std::sync::LazyLock;

use bumpalo::Bump;
use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Service};

use super::{ID, codes};
use crate::{
    Ctx, Parsed, Reject,
    json::{self, Fields, Paths},
    names::split_domain,
    record::address,
    stamp,
};

/// Positions in the tables of paths below.
pub(super) mod at {
    pub(in super::super) const CREATED: usize = 0;
    pub(super) const USER: usize = 1;
    pub(super) const ADDRESS: usize = 2;
    pub(super) const STATUS: usize = 3;
    pub(super) const ERROR: usize = 4;
    pub(super) const DETAILS: usize = 5;
    pub(super) const AGENT: usize = 6;
    pub(super) const CLIENT: usize = 7;
    pub(super) const DEVICE: usize = 8;
    pub(super) const DEVICE_ID: usize = 9;
    pub(super) const DEVICE_NAME: usize = 10;
    pub(super) const MFA: usize = 11;
    pub(super) const MFA_METHOD: usize = 12;
    pub(super) const SESSION: usize = 13;
    pub(super) const CORRELATION: usize = 14;
    pub(super) const APP: usize = 15;
    pub(super) const RESOURCE: usize = 16;
    pub(super) const STEPS: usize = 17;
    pub(super) const PROTOCOL: usize = 18;
    pub(super) const PRINCIPAL: usize = 19;
    pub(super) const PRINCIPAL_ID: usize = 20;
    pub(super) const TYPES: usize = 21;
    pub(in super::super) const CATEGORY: usize = 22;
    pub(in super::super) const TIME: usize = 23;
    pub(super) const RESULT: usize = 24;
    pub(super) const CALLER: usize = 25;
    pub(super) const IDENTITY: usize = 26;
    pub(in super::super) const PROPERTIES: usize = 27;
    /// The same as [`TIME`] in an export of the table.
    pub(super) const TIME_UTC: usize = 28;
}

/// Azure Monitor's diagnostic settings: the record's own fields stand in `properties`.
pub(super) static MONITOR: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["properties", "createdDateTime"],
        &["properties", "userPrincipalName"],
        &["properties", "ipAddress"],
        &["properties", "status"],
        &["properties", "status", "errorCode"],
        &["properties", "status", "additionalDetails"],
        &["properties", "userAgent"],
        &["properties", "clientAppUsed"],
        &["properties", "deviceDetail"],
        &["properties", "deviceDetail", "deviceId"],
        &["properties", "deviceDetail", "displayName"],
        &["properties", "mfaDetail"],
        &["properties", "mfaDetail", "authMethod"],
        &["properties", "sessionId"],
        &["properties", "correlationId"],
        &["properties", "appDisplayName"],
        &["properties", "resourceDisplayName"],
        &["properties", "authenticationDetails"],
        &["properties", "authenticationProtocol"],
        &["properties", "servicePrincipalName"],
        &["properties", "servicePrincipalId"],
        &["properties", "signInEventTypes"],
        &["category"],
        &["time"],
        &["resultType"],
        &["callerIpAddress"],
        &["identity"],
        &["properties"],
    ])
});

/// Microsoft Graph, `auditLogs/signIns`.
pub(super) static GRAPH: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["createdDateTime"],
        &["userPrincipalName"],
        &["ipAddress"],
        &["status"],
        &["status", "errorCode"],
        &["status", "additionalDetails"],
        &["userAgent"],
        &["clientAppUsed"],
        &["deviceDetail"],
        &["deviceDetail", "deviceId"],
        &["deviceDetail", "displayName"],
        &["mfaDetail"],
        &["mfaDetail", "authMethod"],
        &["sessionId"],
        &["correlationId"],
        &["appDisplayName"],
        &["resourceDisplayName"],
        &["authenticationDetails"],
        &["authenticationProtocol"],
        &["servicePrincipalName"],
        &["servicePrincipalId"],
        &["signInEventTypes"],
    ])
});

/// Log Analytics' tables: `SigninLogs`, `AADNonInteractiveUserSignInLogs`, ...
pub(super) static TABLE: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["CreatedDateTime"],
        &["UserPrincipalName"],
        &["IPAddress"],
        &["Status"],
        &["Status", "errorCode"],
        &["Status", "additionalDetails"],
        &["UserAgent"],
        &["ClientAppUsed"],
        &["DeviceDetail"],
        &["DeviceDetail", "deviceId"],
        &["DeviceDetail", "displayName"],
        &["MfaDetail"],
        &["MfaDetail", "authMethod"],
        &["SessionId"],
        &["CorrelationId"],
        &["AppDisplayName"],
        &["ResourceDisplayName"],
        &["AuthenticationDetails"],
        &["AuthenticationProtocol"],
        &["ServicePrincipalName"],
        &["ServicePrincipalId"],
        &["SignInEventTypes"],
        &["Category"],
        &["TimeGenerated"],
        &["ResultType"],
        &["CallerIpAddress"],
        &["Identity"],
        &["Properties"],
        &["TimeGenerated [UTC]"],
    ])
});

/// Reads one sign-in.
pub(super) fn read<'r>(fields: &Fields<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let times = [at::CREATED, at::TIME, at::TIME_UTC];
    let time = times.iter().find_map(|it| fields.text(*it, arena)).unwrap_or_default();
    let stamp = stamp::utc(time).ok_or_else(|| Reject::Timestamp(time.into()))?;
    let details = text_in(fields, at::DETAILS, at::STATUS, "additionalDetails", arena);
    let code = text_in(fields, at::ERROR, at::STATUS, "errorCode", arena)
        .filter(|it| it.parse::<i64>().is_ok())
        .or_else(|| fields.text(at::RESULT, arena));
    let verdict = match (code, code.and_then(|it| it.parse().ok())) {
        (_, Some(number)) => codes::verdict(number, details),
        (Some(word), None) => codes::worded(word),
        (None, None) => return Err(Reject::Shape),
    };
    let is_success = verdict.outcome == Some(Outcome::Success);
    let is_resumed = is_success && is_non_interactive(fields, arena);
    let activity = if is_resumed { Activity::Session } else { Activity::Logon };
    let mut event = ctx.event_at(ID, Service::Idp, activity, stamp);
    event.outcome = verdict.outcome;
    event.reason = verdict.reason;
    event.code = code;
    who(&mut event, fields, arena);
    factors(&mut event, fields, verdict.mfa, details, arena);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// A token that was renewed without its owner, but not one that was had for a password.
fn is_non_interactive<'r>(fields: &Fields<'r>, arena: &'r Bump) -> bool {
    let is_renewal = match fields.text(at::CATEGORY, arena) {
        Some(category) => category.starts_with("NonInteractive"),
        None => fields.raw(at::TYPES).is_some_and(|it| it.contains("nonInteractiveUser")),
    };
    is_renewal && fields.text(at::PROTOCOL, arena) != Some("ropc")
}

/// The text at `path`, or the member `key` of an object that is written as text at `whole`.
fn text_in<'r>(
    fields: &Fields<'r>,
    path: usize,
    whole: usize,
    key: &str,
    arena: &'r Bump,
) -> Option<&'r str> {
    if let Some(text) = fields.text(path, arena) {
        return Some(text);
    }
    let raw = fields.raw(whole).filter(|it| it.starts_with('"'))?;
    json::one(json::unquoted(raw, arena)?, &[key], arena)
}

fn who<'r>(event: &mut Event<'r>, fields: &Fields<'r>, arena: &'r Bump) {
    let text = |at| fields.text(at, arena);
    let name = text(at::USER)
        .or_else(|| text(at::PRINCIPAL))
        .or_else(|| text(at::IDENTITY))
        .or_else(|| text(at::PRINCIPAL_ID));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.src_ip = text(at::ADDRESS).or_else(|| text(at::CALLER)).and_then(address);
    event.target = text(at::APP).or_else(|| text(at::RESOURCE));
    event.session = text(at::SESSION).or_else(|| text(at::CORRELATION));
    event.client = text(at::AGENT).or_else(|| text(at::CLIENT));
    event.device = text_in(fields, at::DEVICE_ID, at::DEVICE, "deviceId", arena)
        .or_else(|| text_in(fields, at::DEVICE_NAME, at::DEVICE, "displayName", arena));
}

static STEP: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["authenticationMethod"],
        &["authenticationStepRequirement"],
        &["succeeded"],
        &["authenticationStepResultDetail"],
    ])
});

/// Fills in the methods of both factors.
fn factors<'r>(
    event: &mut Event<'r>,
    fields: &Fields<'r>,
    by_code: Option<MfaResult>,
    details: Option<&'r str>,
    arena: &'r Bump,
) {
    let is_success = event.outcome == Some(Outcome::Success);
    let mut result = by_code.or_else(|| details.filter(|_| is_success).and_then(codes::satisfied));
    let mut second = text_in(fields, at::MFA_METHOD, at::MFA, "authMethod", arena);
    let steps = fields.raw(at::STEPS).unwrap_or_default();
    let steps = if steps.starts_with('"') {
        json::unquoted(steps, arena).unwrap_or_default()
    } else {
        steps
    };
    for (number, step) in json::elements(steps).enumerate() {
        let Some(step) = STEP.find(step) else { continue };
        let method = step.text(0, arena);
        let requirement = step.text(1, arena);
        let is_first = requirement.map_or(number == 0, |it| it.starts_with("Primary"));
        if is_first {
            event.method = event.method.or(method.map(codes::method));
            continue;
        }
        second = second.or(method.filter(|it| *it != "Previously satisfied"));
        result = result.or_else(|| step.text(3, arena).and_then(codes::satisfied)).or_else(|| {
            let is_given = method.is_some() && step.flag(2) == Some(true);
            is_given.then_some(MfaResult::Success)
        });
    }
    if second.is_some() && is_success {
        result = result.or(Some(MfaResult::Success));
    }
    event.mfa = result.map(|result| Mfa { method: second.map(codes::method), result });
}
