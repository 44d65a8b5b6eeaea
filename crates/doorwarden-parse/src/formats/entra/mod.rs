//! Microsoft Entra ID (Azure Active Directory): sign-ins, audits, risk.

mod audit;
mod codes;
mod portal;
mod signin;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use self::signin::at;
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    json::{self, Fields},
};

/// # Microsoft Entra ID
///
/// The sign-in, audit and risk logs of Entra ID, formerly Azure Active Directory.
///
/// ## Where it is found
/// - Azure Monitor's diagnostic settings (storage account, event hub, and every SIEM that reads them): categories
///   `SignInLogs`, `NonInteractiveUserSignInLogs`, `ServicePrincipalSignInLogs`, `ManagedIdentitySignInLogs`,
///   `ADFSSignInLogs`, `AuditLogs`, `RiskyUsers`, `UserRiskEvents`;
/// - Microsoft Graph, `auditLogs/signIns`, `auditLogs/directoryAudits`, `identityProtection/riskDetections`;
/// - rows of Log Analytics and Sentinel (`SigninLogs`, `AADNonInteractiveUserSignInLogs`, `AuditLogs`, ...);
/// - the portal's CSV downloads of sign-ins and of audits.
///
/// One JSON object a line; lists in `records` or `value` and what collectors wrap around a record are opened. Times
/// are UTC.
///
/// ## What is read
/// Every sign-in, with the result code as `code`. A renewal without its owner (non-interactive, and not with a
/// password) that succeeded is a `session`, else it is a `logon`. Interrupts such as "keep me signed in?" (50140) have
/// no outcome; 50074, 50076, 50079 and their like are refusals for want of the second factor, with `challenge`.
/// `MFA requirement satisfied by claim in the token` is `bypassed`: no factor was given now. Applications and managed
/// identities stand as `user` by their name. `session` is the session id, else the correlation id.
/// Audits: accounts, passwords, security info, members of groups and roles as `account`; conditional access,
/// authentication methods, domains, federation, applications' credentials and consents as `change`; B2C's validations
/// as `logon`. Risk detections and risky users as `other`.
///
/// ## What is ignored
/// Provisioning, Graph activity, devices' updates and other audits; places are resolved from the address, not read.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Entra;

/// Its id.
const ID: &str = "entra";

impl Format for Entra {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        match record.json() {
            Some(json) => is_record(json),
            None => record.is_text() && portal::claims(record.text),
        }
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some(json) = record.json() else { return portal::read(record, ctx) };
        let fields = signin::MONITOR.find(json).ok_or(Reject::Shape)?;
        if fields.raw(at::PROPERTIES).is_some() && fields.raw(at::CATEGORY).is_some() {
            return monitor(json, &fields, ctx);
        }
        wrapped(json, ctx)
    }
}

/// Keys that stand together in a record only here.
const KEYS: &[&[&str]] = &[
    &["\"createdDateTime\"", "\"errorCode\"", "\"appId\""],
    &["\"createdDateTime\"", "\"errorCode\"", "\"userPrincipalName\""],
    &["\"activityDateTime\"", "\"initiatedBy\""],
    &["\"activityDateTime\"", "\"riskEventType\""],
    &["\"TimeGenerated\"", "\"ResultType\"", "\"UserPrincipalName\""],
    &["\"TimeGenerated\"", "\"ResultType\"", "\"ServicePrincipalName\""],
    &["\"TimeGenerated [UTC]\"", "\"ResultType\"", "\"UserPrincipalName\""],
    &["\"TimeGenerated\"", "\"TargetResources\"", "\"InitiatedBy\""],
];

/// What stands in each record of Azure Monitor.
static MONITOR: LazyLock<[Finder<'static>; 4]> = LazyLock::new(|| {
    ["\"category\"", "\"properties\"", "icrosoft.aadiam", "MICROSOFT.AADIAM"].map(Finder::new)
});

/// Whether `json` holds a record of any shape.
fn is_record(json: &str) -> bool {
    let has = |key: &str| json::has_key(json, key);
    let [category, properties, provider, in_capitals] = &*MONITOR;
    // Azure Monitor names the provider in each record.
    let names_provider =
        || provider.find(json.as_bytes()).is_some() || in_capitals.find(json.as_bytes()).is_some();
    (json::finds_key(json, category) && json::finds_key(json, properties) && names_provider())
        || KEYS.iter().any(|keys| keys.iter().all(|it| has(it)))
}

/// A record of Azure Monitor, by its category.
fn monitor<'r>(
    json: &'r str,
    fields: &Fields<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let category = fields.text(at::CATEGORY, ctx.arena).unwrap_or_default();
    if category.ends_with("SignInLogs") {
        return signin::read(fields, ctx);
    }
    let properties = fields.raw(at::PROPERTIES).unwrap_or_default();
    match category {
        "UserRiskEvents"
        | "RiskyUsers"
        | "ServicePrincipalRiskEvents"
        | "RiskyServicePrincipals" => audit::risk(properties, Some(json), ctx),
        "ProvisioningLogs"
        | "MicrosoftGraphActivityLogs"
        | "B2CRequestLogs"
        | "NetworkAccessTrafficLogs"
        | "EnrichedOffice365AuditLogs" => Ok(Parsed::Ignored),
        _ if properties.contains("activityDateTime") || category == "AuditLogs" => {
            audit::read(properties, Some(json), ctx)
        }
        _ => Ok(Parsed::Ignored),
    }
}

/// A reader of one record.
type Read = for<'r> fn(&'r str, &mut Ctx<'r, '_>) -> Result<Parsed, Reject>;

/// The shapes of records, by a member that each one has.
const SHAPES: &[(&str, Read)] = &[
    ("properties", |record, ctx| {
        monitor(record, &signin::MONITOR.find(record).ok_or(Reject::Shape)?, ctx)
    }),
    ("createdDateTime", |record, ctx| {
        signin::read(&signin::GRAPH.find(record).ok_or(Reject::Shape)?, ctx)
    }),
    ("activityDateTime", |record, ctx| {
        let is_audit = json::has_key(record, "\"initiatedBy\"");
        let read = if is_audit { audit::read } else { audit::risk };
        read(record, None, ctx)
    }),
    ("TimeGenerated", row),
    ("TimeGenerated [UTC]", row),
];

/// A row of a table of Log Analytics.
fn row<'r>(record: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    if json::has_key(record, "\"TargetResources\"") {
        return audit::read_row(record, ctx);
    }
    signin::read(&signin::TABLE.find(record).ok_or(Reject::Shape)?, ctx)
}

/// Any other shape, bare or within what a collector put around it.
fn wrapped<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    for (key, read) in SHAPES {
        if let Some(parsed) = json::each_holder(json, key, ctx.arena, |it| read(it, ctx))? {
            return Ok(parsed);
        }
    }
    Err(Reject::Shape)
}
