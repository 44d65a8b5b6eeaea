//! System events: sign-ins of administrators, and what they change.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{
    fields::{Line, door, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject, names::split_domain};

/// Parts of the configuration that are accounts.
const ACCOUNTS: [&str; 4] = ["user.local", "user.group", "system.admin", "system.api-user"];

/// Parts of the configuration that guard the door, by their beginnings.
const DOOR: [&str; 19] = [
    "vpn.",
    "user.",
    "authentication.",
    "certificate.",
    "log.",
    "firewall.policy",
    "firewall.proxy-policy",
    "firewall.local-in-policy",
    "firewall.access-proxy",
    "firewall.vip",
    "system.global",
    "system.settings",
    "system.interface",
    "system.accprofile",
    "system.password-policy",
    "system.saml",
    "system.sso-",
    "system.replacemsg",
    "system.central-management",
];

/// Reads one record.
pub(super) fn read<'r>(line: &Line<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match line.action() {
        "login" => return sign_in(line, Activity::Logon, ctx),
        "logout" => return sign_in(line, Activity::Logoff, ctx),
        _ => {}
    }
    let kind = match line.get(&["cfgpath"]) {
        Some(path) => kind(path),
        None => line.says("configuration is changed").then_some(Activity::Change),
    };
    match kind {
        Some(activity) => change(line, activity, ctx),
        None => Ok(Parsed::Ignored),
    }
}

/// An administrator comes or goes.
fn sign_in<'r>(
    line: &Line<'r>,
    activity: Activity,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let (door, _) = door(line.get(&["ui", "sproc", "userfrom"]).unwrap_or_default());
    let service = match door {
        "ssh" => Service::Ssh,
        "console" => Service::Local,
        _ => Service::Vpn,
    };
    let mut event = line.event(service, activity, ctx)?;
    event.outcome = line.status();
    if event.outcome == Some(Outcome::Failure) {
        event.reason = Some(reason::of(line)).filter(|_| activity == Activity::Logon);
    }
    set_administrator(&mut event, line);
    event.session = line.get(&["sn"]).filter(|it| *it != "0");
    event.detail = line.get(&["profile"]);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a change at `path` is. The dashboards of an administrator stand below `system.admin`, and are nobody's door.
fn kind(path: &str) -> Option<Activity> {
    if ACCOUNTS.contains(&path) {
        return Some(Activity::Account);
    }
    DOOR.iter().any(|it| path.starts_with(it)).then_some(Activity::Change)
}

/// Something in the configuration was added, edited or deleted.
fn change<'r>(
    line: &Line<'r>,
    activity: Activity,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let mut event = line.event(Service::Vpn, activity, ctx)?;
    let failed = line.status() == Some(Outcome::Failure);
    event.outcome = Some(if failed { Outcome::Failure } else { Outcome::Success });
    event.reason = failed.then_some(Reason::Other);
    set_administrator(&mut event, line);
    event.detail = match (line.message(), line.get(&["cfgattr"])) {
        (Some(message), Some(what)) => Some(ctx.concat(&[message.trim_end(), ": ", what])),
        (message, _) => message,
    };
    if activity == Activity::Account {
        event.actor = line.get(&["user", "duser", "suser"]);
        let is_group = line.get(&["cfgpath"]) == Some("user.group");
        let name = line.get(&["cfgobj"]).filter(|_| !is_group);
        (event.user, event.domain) = name.map_or((None, None), split_domain);
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Who, from where and by which door.
fn set_administrator<'r>(event: &mut Event<'r>, line: &Line<'r>) {
    let (door, from) = door(line.get(&["ui", "sproc", "userfrom"]).unwrap_or_default());
    set_user(event, line.get(&["user", "duser", "suser"]));
    event.src_ip = line.address(&["srcip", "src"]).or(from);
    event.client = Some(door).filter(|it| !it.is_empty());
}
