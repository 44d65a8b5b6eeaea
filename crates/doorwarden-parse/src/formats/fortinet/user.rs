//! User and endpoint events: authentications at a policy or proxy, FSSO, lockouts, codes, `FortiClient`.

use doorwarden_model::{Activity, Mfa, MfaResult, Outcome, Service};

use super::{
    fields::{Line, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject};

/// Descriptions of records that look like authentications and are none: web filter and disclaimer pages.
const NO_AUTHENTICATION: [&str; 4] = ["fortiguard", "disclaimer", "email collect", "group info"];

/// Reads one record of `subtype=user`.
pub(super) fn read<'r>(line: &Line<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some((service, activity, outcome)) = meaning(line) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = line.event(service, activity, ctx)?;
    event.outcome = outcome;
    set_user(&mut event, line.get(&["user", "duser", "suser"]));
    event.src_ip = line.address(&["srcip", "src", "ip", "userip"]);
    event.detail = line.get(&["group", "adgroup"]);
    event.method = reason::has(line.action(), "ntlm").then_some("ntlm");
    match activity {
        Activity::Account => event.detail = line.message(),
        Activity::Mfa => {
            let method = if line.says("sms") { "sms" } else { "email" };
            event.mfa = Some(Mfa { method: Some(method), result: MfaResult::Challenge });
        }
        _ if outcome == Some(Outcome::Failure) => event.reason = Some(reason::of(line)),
        _ => {}
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Service, activity and outcome; nothing for what states no sign-in.
fn meaning(line: &Line<'_>) -> Option<(Service, Activity, Option<Outcome>)> {
    let action = line.action();
    let has = |it: &str| reason::has(action, it);
    if NO_AUTHENTICATION.iter().any(|it| line.says(it)) {
        return None;
    }
    if line.says("lockout") {
        return Some((Service::Vpn, Activity::Account, None));
    }
    if line.says("token code") || line.says("activation code") || line.says("code sent") {
        return Some((Service::Vpn, Activity::Mfa, None));
    }
    // Single sign-on reports who signed in to Windows at which address.
    let service = if has("fsso") { Service::Windows } else { Service::Vpn };
    if has("logoff") || has("logout") {
        return Some((service, Activity::Logoff, line.status()));
    }
    let status = line.status();
    if has("logon") {
        return Some((service, Activity::Logon, status.or(Some(Outcome::Success))));
    }
    (has("auth") || has("login"))
        .then_some((service, Activity::Logon, status))
        .filter(|_| status.is_some())
}

/// Reads one record of `subtype=endpoint`: the device that a client runs on.
pub(super) fn endpoint<'r>(line: &Line<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let user = line.get(&["user", "duser"]);
    let device = line.get(&["name", "fctuid", "fctemsname"]);
    if user.is_none() || device.is_none() {
        return Ok(Parsed::Ignored);
    }
    let mut event = line.event(Service::Vpn, Activity::Other, ctx)?;
    set_user(&mut event, user);
    event.src_ip = line.address(&["ip", "srcip", "src"]);
    event.device = device;
    event.client = Some("FortiClient");
    ctx.emit(&event);
    Ok(Parsed::Event)
}
