//! Directory audits, and what Identity Protection found.

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

/// Positions in [`RECORD`].
mod at {
    pub(super) const ACTIVITY: usize = 0;
    pub(super) const TIME: usize = 1;
    pub(super) const RESULT: usize = 2;
    pub(super) const WHY: usize = 3;
    pub(super) const ACTOR: usize = 4;
    pub(super) const ADDRESS: usize = 5;
    pub(super) const APP: usize = 6;
    pub(super) const TARGETS: usize = 7;
    pub(super) const CORRELATION: usize = 8;
    pub(super) const MORE: usize = 9;
}

/// Graph's `directoryAudit`, which Azure Monitor puts into `properties`.
static RECORD: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["activityDisplayName"],
        &["activityDateTime"],
        &["result"],
        &["resultReason"],
        &["initiatedBy", "user", "userPrincipalName"],
        &["initiatedBy", "user", "ipAddress"],
        &["initiatedBy", "app", "displayName"],
        &["targetResources"],
        &["correlationId"],
        &["additionalDetails"],
    ])
});

/// The same in the table `AuditLogs` of Log Analytics.
static TABLE: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["OperationName"],
        &["TimeGenerated"],
        &["Result"],
        &["ResultReason"],
        &["InitiatedBy", "user", "userPrincipalName"],
        &["InitiatedBy", "user", "ipAddress"],
        &["InitiatedBy", "app", "displayName"],
        &["TargetResources"],
        &["CorrelationId"],
        &["AdditionalDetails"],
    ])
});

/// Azure Monitor's frame around the record.
static FRAME: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["operationName"],
        &["time"],
        &["callerIpAddress"],
        &["identity"],
        &["resultDescription"],
    ])
});

/// Starts of activities in small letters, the longer before the shorter.
const ACTIVITIES: &[(&str, Activity)] = &[
    ("validate ", Activity::Logon),
    ("user registered ", Activity::Account),
    ("user deleted security info", Activity::Account),
    ("user changed default security info", Activity::Account),
    ("admin registered security info", Activity::Account),
    ("admin updated security info", Activity::Account),
    ("admin deleted security info", Activity::Account),
    ("add user", Activity::Account),
    ("delete user", Activity::Account),
    ("hard delete user", Activity::Account),
    ("restore user", Activity::Account),
    ("update user", Activity::Account),
    ("invite external user", Activity::Account),
    ("redeem external user invite", Activity::Account),
    ("disable account", Activity::Account),
    ("enable account", Activity::Account),
    ("reset password", Activity::Account),
    ("reset user password", Activity::Account),
    ("change password", Activity::Account),
    ("change user password", Activity::Account),
    ("set force change user password", Activity::Account),
    ("unlock user account", Activity::Account),
    ("blocked from self-service password reset", Activity::Account),
    ("update stsrefreshtokenvalidfrom", Activity::Account),
    ("create application password for user", Activity::Account),
    ("delete application password for user", Activity::Account),
    ("create temporary access pass", Activity::Account),
    ("disable strong authentication", Activity::Account),
    ("enable strong authentication", Activity::Account),
    ("add windows hello for business credential", Activity::Account),
    ("delete windows hello for business credential", Activity::Account),
    ("add passwordless phone sign-in credential", Activity::Account),
    ("delete passwordless phone sign-in credential", Activity::Account),
    ("add passkey", Activity::Account),
    ("delete passkey", Activity::Account),
    ("add fido", Activity::Account),
    ("delete fido", Activity::Account),
    ("register device", Activity::Account),
    ("add registered owner to device", Activity::Account),
    ("add registered users to device", Activity::Account),
    ("add member to ", Activity::Account),
    ("remove member from ", Activity::Account),
    ("add eligible member to role", Activity::Account),
    ("remove eligible member from role", Activity::Account),
    ("add scoped member to role", Activity::Account),
    ("remove scoped member from role", Activity::Account),
    ("add app role assignment grant to user", Activity::Account),
    ("fraud reported - no action", Activity::Other),
    ("fraud reported", Activity::Account),
    ("user is blocked for mfa", Activity::Account),
    ("suspicious activity reported", Activity::Other),
    ("confirm user compromised", Activity::Other),
    ("add conditional access policy", Activity::Change),
    ("update conditional access policy", Activity::Change),
    ("delete conditional access policy", Activity::Change),
    ("add policy", Activity::Change),
    ("added policy", Activity::Change),
    ("update policy", Activity::Change),
    ("delete policy", Activity::Change),
    ("add named location", Activity::Change),
    ("update named location", Activity::Change),
    ("delete named location", Activity::Change),
    ("set domain authentication", Activity::Change),
    ("set federation settings on domain", Activity::Change),
    ("add unverified domain", Activity::Change),
    ("add verified domain", Activity::Change),
    ("verify domain", Activity::Change),
    ("update domain", Activity::Change),
    ("set password policy", Activity::Change),
    ("set directory feature", Activity::Change),
    ("set dirsync", Activity::Change),
    ("update company settings", Activity::Change),
    ("update authorization policy", Activity::Change),
    ("authentication methods policy", Activity::Change),
    ("authentication strength", Activity::Change),
    ("create authentication strength", Activity::Change),
    ("update authentication strength", Activity::Change),
    ("delete authentication strength", Activity::Change),
    ("update security defaults", Activity::Change),
    ("add a partner to cross-tenant access", Activity::Change),
    ("update a partner cross-tenant access", Activity::Change),
    ("update the default cross-tenant access", Activity::Change),
    ("create identity provider", Activity::Change),
    ("update identity provider", Activity::Change),
    ("delete identity provider", Activity::Change),
    ("add service principal", Activity::Change),
    ("remove service principal credentials", Activity::Change),
    ("update application – certificates", Activity::Change),
    ("update application - certificates", Activity::Change),
    ("add owner to ", Activity::Change),
    ("remove owner from ", Activity::Change),
    ("consent to application", Activity::Change),
    ("add delegated permission grant", Activity::Change),
    ("add app role assignment to service principal", Activity::Change),
];

/// Longest start of an activity that is compared.
const NAME_CAP: usize = 64;

/// What a directory activity states, if anything.
pub(super) fn activity(name: &str) -> Option<Activity> {
    let mut small = [0u8; NAME_CAP];
    for (to, from) in small.iter_mut().zip(name.as_bytes()) {
        *to = from.to_ascii_lowercase();
    }
    ACTIVITIES.iter().find(|(start, _)| small.starts_with(start.as_bytes())).map(|(_, it)| *it)
}

/// Reads a record of Graph, or of Azure Monitor with its `frame` around it.
pub(super) fn read<'r>(
    record: &'r str,
    frame: Option<&'r str>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    entry(&RECORD.find(record).ok_or(Reject::Shape)?, frame, ctx)
}

/// Reads a row of the table `AuditLogs`.
pub(super) fn read_row<'r>(row: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    entry(&TABLE.find(row).ok_or(Reject::Shape)?, None, ctx)
}

fn entry<'r>(
    fields: &Fields<'r>,
    frame: Option<&'r str>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let frame = frame.and_then(|it| FRAME.find(it));
    let framed = |at| frame.as_ref().and_then(|it| it.text(at, arena));
    let name = fields.text(at::ACTIVITY, arena).or_else(|| framed(0)).ok_or(Reject::Shape)?;
    let Some(activity) = activity(name) else { return Ok(Parsed::Ignored) };
    let time = fields.text(at::TIME, arena).or_else(|| framed(1)).unwrap_or_default();
    let stamp = stamp::utc(time).ok_or_else(|| Reject::Timestamp(time.into()))?;
    let mut event = ctx.event_at(ID, Service::Idp, activity, stamp);
    event.code = Some(name);
    event.outcome = match fields.text(at::RESULT, arena) {
        Some("success") => Some(Outcome::Success),
        Some("failure" | "timeout") => Some(Outcome::Failure),
        _ => None,
    };
    let actor = fields.text(at::ACTOR, arena).or_else(|| fields.text(at::APP, arena));
    let actor = actor.or_else(|| framed(3));
    let why = fields.text(at::WHY, arena).or_else(|| framed(4));
    people(&mut event, fields, actor, why, arena);
    event.src_ip = fields.text(at::ADDRESS, arena).or_else(|| framed(2)).and_then(address);
    event.session = fields.text(at::CORRELATION, arena);
    event.client = json::elements(fields.raw(at::MORE).unwrap_or_default())
        .filter(|it| it.contains("\"User-Agent\""))
        .find_map(|it| json::one(it, &["value"], arena));
    if name.contains("registered") && activity == Activity::Account {
        let method = why.map(codes::method).filter(|it| why != Some(it));
        event.mfa = Some(Mfa { method, result: MfaResult::Enrolled });
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

static TARGET: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[&["type"], &["userPrincipalName"], &["displayName"], &["modifiedProperties"]])
});

/// Fills in whom it is about, who did it and what it was.
fn people<'r>(
    event: &mut Event<'r>,
    fields: &Fields<'r>,
    actor: Option<&'r str>,
    why: Option<&'r str>,
    arena: &'r Bump,
) {
    let raw = fields.raw(at::TARGETS).unwrap_or_default();
    let list =
        if raw.starts_with('"') { json::unquoted(raw, arena).unwrap_or_default() } else { raw };
    let (mut user, mut principal, mut thing) = (None, None, None);
    for element in json::elements(list) {
        let Some(target) = TARGET.find(element) else { continue };
        let display = target.text(2, arena);
        match target.text(0, arena) {
            Some("User") => user = user.or(target.text(1, arena)).or(display),
            Some("ServicePrincipal") if principal.is_none() => principal = display,
            Some("Other" | "Request" | "Directory") => {}
            _ => thing = thing.or(display),
        }
        thing = changed_name(target.raw(3).unwrap_or_default(), arena).or(thing);
    }
    let is_own = matches!(event.activity, Activity::Account | Activity::Logon);
    // An application may be given a role or group, too; where nobody is named, people act on their own account.
    let name = user.or_else(|| principal.or(actor).filter(|_| is_own));
    thing = thing.or(principal.filter(|_| !is_own));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    if event.activity != Activity::Logon {
        event.actor = actor.filter(|it| Some(*it) != name);
        event.detail = thing.or(why);
    }
}

/// The name of the role or group among the changed properties, which are JSON texts in JSON texts.
fn changed_name<'r>(properties: &'r str, arena: &'r Bump) -> Option<&'r str> {
    json::elements(properties).find_map(|it| {
        let key = json::one(it, &["displayName"], arena)?;
        if key != "Role.DisplayName" && key != "Group.DisplayName" {
            return None;
        }
        let value = json::one(it, &["newValue"], arena).filter(|it| *it != "\"\"");
        json::unquoted(value.or_else(|| json::one(it, &["oldValue"], arena))?, arena)
    })
}

static RISK: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["activityDateTime"],
        &["riskLastUpdatedDateTime"],
        &["detectedDateTime"],
        &["userPrincipalName"],
        &["ipAddress"],
        &["riskEventType"],
        &["riskLevel"],
        &["correlationId"],
        &["servicePrincipalDisplayName"],
    ])
});

/// Reads what Identity Protection says of a sign-in, a user or an application.
pub(super) fn risk<'r>(
    record: &'r str,
    frame: Option<&'r str>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let fields = RISK.find(record).ok_or(Reject::Shape)?;
    let frame = frame.and_then(|it| FRAME.find(it));
    let framed = frame.as_ref().and_then(|it| it.text(1, arena));
    let times = [fields.text(0, arena), fields.text(1, arena), fields.text(2, arena), framed];
    let stamp = times.iter().flatten().find_map(|it| stamp::utc(it));
    let stamp = stamp.ok_or_else(|| Reject::Timestamp(framed.unwrap_or_default().into()))?;
    let mut event = ctx.event_at(ID, Service::Idp, Activity::Other, stamp);
    let name = fields.text(3, arena).or_else(|| fields.text(8, arena));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.src_ip = fields.text(4, arena).and_then(address);
    event.code = fields.text(5, arena).or(Some("riskyUser"));
    event.detail = fields.text(6, arena);
    event.session = fields.text(7, arena);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
