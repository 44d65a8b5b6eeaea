//! AUTHENTICATION, USERID and HIPMATCH records: who and what is behind an address.

use doorwarden_model::{Activity, Mfa, MfaResult, Outcome, Reason, Service};

use super::{
    fields::{Column, Common, Log, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject};

const AUTH_COMMON: Common = Common::at(33, 29);
const AUTH_ADDRESS: Column = Column(8, &["ip", "SourceIP", "src", "c6a2", "network.client.ip"]);
const AUTH_USER: Column = Column(9, &["user", "User", "usrName", "duser", "usr.id"]);
const NORMALIZED: Column = Column(10, &["normalize_user", "NormalizeUser", "cs2"]);
const VENDOR: Column = Column(15, &["vendor", "MFAVendor", "PanOSMFAVendor"]);
const DESCRIPTION: Column =
    Column(18, &["desc", "message", "AuthenticationDescription", "PanOSAuthenticationDescription"]);
const RESULT: Column = Column(20, &["event", "AuthEvent", "msg", "evt.name", "envelope-event"]);
const FACTOR: Column = Column(21, &["factorno", "AuthFactorNo", "cn1"]);
const PROTOCOL: Column = Column(31, &["authproto", "AuthenticationProtocol"]);
const SOURCE_HOST: Column = Column(40, &["src_host", "SourceDeviceHost"]);
const AGENT: Column = Column(44, &["user_agent", "UserAgentString"]);
const SESSION: Column = Column(45, &["sessionid", "SessionID"]);

/// An authentication that a policy asked for: the first factor is a logon, each further one a second factor.
pub(super) fn authentication<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let factor: u8 = log.get(&FACTOR).and_then(|it| it.parse().ok()).unwrap_or(1);
    let activity = if factor < 2 { Activity::Logon } else { Activity::Mfa };
    let mut event = log.event(Service::Vpn, activity, &AUTH_COMMON, ctx)?;
    let words = [log.get(&RESULT), log.get(&DESCRIPTION)];
    event.outcome = words.into_iter().flatten().find_map(result);
    if event.outcome == Some(Outcome::Failure) {
        event.reason = Some(reason::of(words));
    }
    set_user(&mut event, log.get(&AUTH_USER).or_else(|| log.get(&NORMALIZED)));
    event.src_ip = log.address(&[&AUTH_ADDRESS]);
    event.device = log.get(&SOURCE_HOST);
    event.client = log.get(&AGENT);
    event.session = log.get(&SESSION);
    event.code = log.get(&RESULT);
    event.method = log.get(&PROTOCOL).and_then(reason::method);
    if activity == Activity::Mfa {
        let result = second_factor(event.outcome, words);
        // The event only says that a factor failed; the description says how.
        match result {
            Some(MfaResult::Denied) => event.reason = Some(Reason::MfaDenied),
            Some(MfaResult::Timeout) => event.reason = Some(Reason::MfaTimeout),
            _ => {}
        }
        event.mfa = result.map(|result| Mfa { method: log.get(&VENDOR), result });
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

fn second_factor(outcome: Option<Outcome>, words: [Option<&str>; 2]) -> Option<MfaResult> {
    let says = |word: &str| words.into_iter().flatten().any(|it| reason::has(it, word));
    match outcome {
        Some(Outcome::Success) => Some(MfaResult::Success),
        Some(Outcome::Failure) if says("timeout") || says("timed out") => Some(MfaResult::Timeout),
        Some(Outcome::Failure) if says("denied") => Some(MfaResult::Denied),
        Some(Outcome::Failure) => Some(MfaResult::Failed),
        None => says("challenge").then_some(MfaResult::Challenge),
    }
}

/// What a word of the vendor's says about the outcome: `user password failure`, `authentication success`.
fn result(text: &str) -> Option<Outcome> {
    let has = |it: &&str| reason::has(text, it);
    if ["fail", "invalid", "denied", "reject", "timeout", "timed out", "error", "locked"]
        .iter()
        .any(has)
    {
        return Some(Outcome::Failure);
    }
    ["success", "succeeded", "authenticated"].iter().any(has).then_some(Outcome::Success)
}

const MAP_COMMON: Common = Common::at(33, 25);
const MAP_ADDRESS: Column = Column(8, &["ip", "SourceIP", "src"]);
const MAP_USER: Column = Column(9, &["user", "User", "duser0", "duser", "usrName"]);
const MAP_SOURCE: Column = Column(16, &["datasource", "MappingDataSource", "cs5"]);
const MAP_KIND: Column = Column(4, &["subtype", "SubType", "Subtype", "envelope-name"]);

/// A name was mapped to an address, or the mapping ended.
pub(super) fn user_id<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = log.event(Service::Vpn, Activity::Other, &MAP_COMMON, ctx)?;
    set_user(&mut event, log.get(&MAP_USER));
    let address = log.address(&[&MAP_ADDRESS]);
    // The address of a VPN client is the inner one.
    if log.get(&MAP_SOURCE) == Some("vpn-client") {
        event.assigned_ip = address;
    } else {
        event.src_ip = address;
    }
    event.code = log.get(&MAP_KIND);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

const HIP_COMMON: Common = Common::at(30, 24);
const HIP_USER: Column =
    Column(7, &["srcuser", "SourceUser", "SourceUserName", "suser", "usrName"]);
const HIP_MACHINE: Column =
    Column(9, &["machinename", "EndpointDeviceName", "PanOSEndpointDeviceName", "shost"]);
const HIP_SYSTEM: Column = Column(10, &["os", "EndpointOSType", "PanOSEndpointOSType"]);
const HIP_ADDRESS: Column = Column(11, &["src", "SourceIP", "Source"]);
const HIP_ADDRESS_6: Column = Column(26, &["srcipv6", "SourceIPv6", "c6a2"]);
const HIP_HOST_ID: Column = Column(27, &["hostid", "HostID", "PanOSHostID"]);

/// A device matched a host information profile.
pub(super) fn hip_match<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = log.event(Service::Vpn, Activity::Other, &HIP_COMMON, ctx)?;
    set_user(&mut event, log.get(&HIP_USER));
    event.src_ip = log.address(&[&HIP_ADDRESS, &HIP_ADDRESS_6]);
    event.device = log.get(&HIP_MACHINE).or_else(|| log.get(&HIP_HOST_ID));
    event.client = log.get(&HIP_SYSTEM);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
