//! GLOBALPROTECT records: every step of a GlobalProtect client at portal and gateway.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{
    fields::{Column, Common, Log, outcome, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject};

const COMMON: Common = Common::at(36, 47);
const EVENT: Column =
    Column(8, &["eventid", "EventIDValue", "PanOSEventIDValue", "PanOSEventID", "envelope-event"]);
const STAGE: Column = Column(9, &["stage", "Stage", "PanOSStage"]);
const METHOD: Column = Column(10, &["auth_method", "AuthMethod", "PanOSAuthMethod"]);
const USER: Column =
    Column(12, &["srcuser", "SourceUserName", "PanOSSourceUserName", "usrName", "suser"]);
const MACHINE: Column =
    Column(14, &["machinename", "EndpointDeviceName", "PanOSEndpointDeviceName"]);
const PUBLIC_4: Column = Column(15, &["public_ip", "PublicIPv4", "PanOSPublicIPv4", "src"]);
const PUBLIC_6: Column = Column(16, &["public_ipv6", "PublicIPv6", "PanOSPublicIPv6"]);
const PRIVATE_4: Column = Column(17, &["private_ip", "PrivateIPv4", "PanOSPrivateIPv4"]);
const PRIVATE_6: Column = Column(18, &["private_ipv6", "PrivateIPv6", "PanOSPrivateIPv6"]);
const HOST_ID: Column = Column(19, &["hostid", "HostID", "PanOSHostID"]);
const CLIENT: Column =
    Column(21, &["client_ver", "GlobalProtectClientVersion", "PanOSGlobalProtectClientVersion"]);
const SYSTEM: Column = Column(22, &["client_os", "EndpointOSType", "PanOSEndpointOSType"]);
const SYSTEM_VERSION: Column =
    Column(23, &["client_os_ver", "EndpointOSVersion", "PanOSEndpointOSVersion"]);
const REASON: Column = Column(25, &["reason", "QuarantineReason", "PanOSQuarantineReason"]);
const ERROR: Column = Column(26, &["error", "ConnectionError", "PanOSConnectionError"]);
const DESCRIPTION: Column = Column(27, &["opaque", "Description", "PanOSDescription"]);
const STATUS: Column = Column(28, &["status", "EventStatus", "PanOSEventStatus"]);
const PORTAL: Column = Column(33, &["portal", "Portal", "PanOSPortal"]);

/// Reads one record.
pub(super) fn read<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some(id) = log.get(&EVENT) else {
        return Err(Reject::Shape);
    };
    let is_refused = log.says_failure(&STATUS);
    let status =
        if is_refused { Some(Outcome::Failure) } else { log.get(&STATUS).and_then(outcome) };
    let step = Step::of(id, log.get(&STAGE).unwrap_or_default());
    let (activity, outcome) = step.meaning(status);
    let mut event = log.event(Service::Vpn, activity, &COMMON, ctx)?;
    event.outcome = outcome;
    event.code = Some(id);
    set_user(&mut event, log.get(&USER));
    event.src_ip = log.address(&[&PUBLIC_4, &PUBLIC_6]);
    if id.starts_with("gateway") {
        event.assigned_ip = log.address(&[&PRIVATE_4, &PRIVATE_6]);
    }
    event.device = log.get(&MACHINE).or_else(|| log.get(&HOST_ID));
    event.client = client(log.get(&CLIENT), log.get(&SYSTEM_VERSION).or(log.get(&SYSTEM)), ctx);
    event.method = log.get(&METHOD).and_then(reason::method);
    event.target = log.get(&PORTAL);
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(why(log, &event));
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

fn why(log: &Log<'_>, event: &Event<'_>) -> Reason {
    let why = reason::of([log.get(&ERROR), log.get(&REASON), log.get(&DESCRIPTION)]);
    // A refused pre-login without a word of why: all that is asked for there is a certificate or a known client.
    let is_prelogin = event.code.is_some_and(|it| it.ends_with("prelogin"));
    match (why, event.method) {
        (Reason::Other, Some("password")) if !is_prelogin => Reason::BadPassword,
        _ => why,
    }
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The client asks what it will have to prove.
    Prelogin,
    /// It proves it.
    Login,
    /// It leaves.
    Logout,
    /// Everything in between: registration, configuration, tunnel, host check.
    Session,
    /// The client or a satellite says something.
    Other,
}

impl Step {
    fn of(id: &str, stage: &str) -> Self {
        match id {
            "portal-prelogin" | "gateway-prelogin" => Self::Prelogin,
            "portal-auth" | "gateway-auth" => Self::Login,
            "gateway-logout" | "portal-logout" | "gateway-inactivity-timeout" => Self::Logout,
            "gateway-agent-msg" | "portal-agent-msg" => Self::Other,
            _ if id.starts_with("satellite") || id.contains("quarantine") => Self::Other,
            _ if id.starts_with("clientless") && id.contains("login") => Self::Login,
            _ if id.contains("logout") => Self::Logout,
            _ if id.starts_with("gateway-") || id.starts_with("portal-") => Self::Session,
            _ => Self::of_stage(stage),
        }
    }

    fn of_stage(stage: &str) -> Self {
        match stage {
            "before-login" => Self::Prelogin,
            "login" => Self::Login,
            "logout" => Self::Logout,
            "connected" | "tunnel" | "configuration" | "host-info" => Self::Session,
            _ => Self::Other,
        }
    }

    /// What the step states, given its status.
    fn meaning(self, status: Option<Outcome>) -> (Activity, Option<Outcome>) {
        match (self, status) {
            // Nothing is proven yet: the attempt has begun, its outcome is open.
            (Self::Prelogin, Some(Outcome::Success)) => (Activity::Logon, None),
            (Self::Prelogin | Self::Login, _) => (Activity::Logon, status),
            (Self::Logout, _) => (Activity::Logoff, status),
            (Self::Session, _) => (Activity::Session, status),
            (Self::Other, _) => (Activity::Other, status),
        }
    }
}

/// The client with its version and system, as one text.
fn client<'r>(
    version: Option<&'r str>,
    system: Option<&'r str>,
    ctx: &Ctx<'r, '_>,
) -> Option<&'r str> {
    match (version, system) {
        (Some(version), Some(system)) => {
            Some(ctx.concat(&["GlobalProtect ", version, " (", system, ")"]))
        }
        (Some(version), None) => Some(ctx.concat(&["GlobalProtect ", version])),
        (None, system) => system,
    }
}
