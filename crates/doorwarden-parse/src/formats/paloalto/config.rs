//! CONFIG records: what an administrator changed.

use doorwarden_model::{Activity, Outcome, Reason, Service};

use super::fields::{Column, Common, Log, outcome, set_user};
use crate::{Ctx, Parsed, Reject, names::split_domain};

/// Places where the configuration before and after the change is written, and where it is not.
const WITH_DETAILS: Common = Common::at(27, 23);
const WITHOUT_DETAILS: Common = Common::at(25, 21);
/// The action flags, by which the two are told apart.
const FLAGS: Column = Column(15, &[]);
const CLIENT_ADDRESS: Column = Column(7, &["host", "IPaddress", "shost", "src", "c6a2"]);
const COMMAND: Column = Column(9, &["cmd", "EventName", "act", "envelope-event"]);
const ADMIN: Column = Column(10, &["admin", "AdminUsername", "duser0", "duser"]);
const CLIENT: Column = Column(11, &["client", "Client", "destinationServiceName"]);
const RESULT: Column = Column(12, &["result", "EventResult", "PanOSEventResult"]);
const PATH: Column = Column(13, &["path", "EventPath", "msg"]);

/// Where accounts stand in the configuration, before their name.
const ACCOUNTS: [&str; 3] =
    ["mgt-config users ", "local-user-database user ", "local-user-database user-group "];

/// Reads one record.
pub(super) fn read<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some(command) = log.get(&COMMAND) else {
        return Err(Reject::Shape);
    };
    let path = words(log.get(&PATH).unwrap_or_default(), ctx);
    let account = ACCOUNTS.iter().find_map(|it| path.split_once(it)).map(|(_, name)| name);
    let activity = if account.is_some() { Activity::Account } else { Activity::Change };
    let is_short = log.get(&FLAGS).is_some_and(|it| it.starts_with("0x"));
    let common = if is_short { &WITHOUT_DETAILS } else { &WITH_DETAILS };
    let mut event = log.event(Service::Vpn, activity, common, ctx)?;
    let result = log.get(&RESULT);
    event.outcome = result.and_then(outcome);
    if event.outcome == Some(Outcome::Failure) {
        let is_forbidden = result.is_some_and(|it| it.eq_ignore_ascii_case("unauthorized"));
        event.reason = Some(if is_forbidden { Reason::Policy } else { Reason::Other });
    }
    event.src_ip = log.address(&[&CLIENT_ADDRESS]);
    event.client = log.get(&CLIENT);
    event.code = Some(command);
    event.detail = Some(ctx.concat(&[command, " ", path]).trim_end());
    match account {
        Some(name) => {
            let name = name.split(' ').next().unwrap_or(name);
            (event.user, event.domain) = split_domain(name);
            event.actor = log.get(&ADMIN);
        }
        None => set_user(&mut event, log.get(&ADMIN)),
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// The path with single blanks: PAN-OS doubles them here and there.
fn words<'r>(path: &'r str, ctx: &Ctx<'r, '_>) -> &'r str {
    let path = path.trim();
    if !path.contains("  ") {
        return path;
    }
    let mut text = bumpalo::collections::String::with_capacity_in(path.len(), ctx.arena);
    for word in path.split(' ').filter(|it| !it.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text.into_bump_str()
}
