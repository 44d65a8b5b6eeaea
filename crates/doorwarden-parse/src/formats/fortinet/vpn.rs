//! VPN events: SSL-VPN, `IPsec`, L2TP and PPTP.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{
    fields::{Line, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject};

/// What the actions mean whose meaning hangs on nothing else.
const ACTIONS: &[(&str, Activity, Option<Outcome>)] = &[
    ("ssl-login-fail", Activity::Logon, Some(Outcome::Failure)),
    ("tunnel-down", Activity::Logoff, None),
    ("tunnel-stats", Activity::Session, None),
    ("ssl-new-con", Activity::Other, None),
    ("ssl-alert", Activity::Other, None),
    ("ssl-exit-fail", Activity::Other, Some(Outcome::Failure)),
    ("ssl-exit-error", Activity::Other, Some(Outcome::Failure)),
    ("ssl-web-pass", Activity::Session, Some(Outcome::Success)),
    ("ssl-web-deny", Activity::Session, Some(Outcome::Failure)),
    ("ssl-web-timeout", Activity::Session, None),
    ("ssl-web-close", Activity::Session, None),
    ("ssl-tunnel-error", Activity::Session, Some(Outcome::Failure)),
];

/// Reads one record.
pub(super) fn read<'r>(line: &Line<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some((activity, outcome)) = meaning(line) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = line.event(Service::Vpn, activity, ctx)?;
    event.outcome = outcome;
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(why(line, activity));
    }
    set_user(&mut event, name(line));
    set_ends(&mut event, line);
    event.assigned_ip = line.address(&["assignip", "assign_ip", "tunnelip", "tunnel_ip"]);
    event.session = line.get(&["tunnelid", "tunnel_id"]).filter(|it| *it != "0");
    event.device = line.get(&["fctuid"]);
    event.detail = line.get(&["group", "xauthgroup", "xauth_group"]);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Activity and outcome; nothing for what states no sign-in and no session.
fn meaning(line: &Line<'_>) -> Option<(Activity, Option<Outcome>)> {
    let action = line.action();
    if let Some((_, activity, outcome)) = ACTIONS.iter().find(|it| it.0 == action) {
        return Some((*activity, *outcome));
    }
    match action {
        "tunnel-up" if is_web(line) => Some((Activity::Logon, Some(Outcome::Success))),
        "tunnel-up" => Some((Activity::Session, Some(Outcome::Success))),
        "ssl-login" => Some((Activity::Logon, line.status())),
        // A child of a tunnel says something of a person only where one is named.
        "phase2-up" if name(line).is_some() => Some((Activity::Session, Some(Outcome::Success))),
        "negotiate" => Some(negotiation(line)),
        _ => None,
    }
}

/// Whether it is the portal's sign-in: the tunnel, if there is one, is a record of its own.
fn is_web(line: &Line<'_>) -> bool {
    line.get(&["tunneltype", "tunnel_type"]) == Some("ssl-web")
}

/// A step of an `IPsec` negotiation.
fn negotiation(line: &Line<'_>) -> (Activity, Option<Outcome>) {
    let failed = line.get(&["result"]) == Some("ERROR");
    let outcome = if failed { Some(Outcome::Failure) } else { line.status() };
    if is_ours(line) {
        return (Activity::Other, outcome);
    }
    let is_proof = line.get(&["mode"]).is_some_and(|it| reason::has(it, "xauth"))
        || (line.says("phase 1") && line.get(&["result"]) == Some("DONE"));
    match (outcome, name(line)) {
        (Some(Outcome::Failure), _) => (Activity::Logon, outcome),
        (Some(Outcome::Success), Some(_)) if is_proof => (Activity::Logon, outcome),
        (_, Some(_)) => (Activity::Session, outcome),
        (_, None) => (Activity::Other, outcome),
    }
}

/// Whether the appliance began the negotiation itself.
fn is_ours(line: &Line<'_>) -> bool {
    line.get(&["init"]) == Some("local") || line.get(&["role"]) == Some("initiator")
}

/// Who signed in. `IPsec` without a user writes the peer's address there.
fn name<'r>(line: &Line<'r>) -> Option<&'r str> {
    let is_name = |it: &&str| crate::record::address(it).is_none();
    let signed_in = line.get(&["xauthuser", "xauth_user"]).filter(is_name);
    signed_in.or_else(|| line.get(&["user", "duser", "suser"]).filter(is_name))
}

/// From where to where: a negotiation that the appliance began comes from it.
fn set_ends<'r>(event: &mut Event<'r>, line: &Line<'r>) {
    let is_negotiation = line.action() == "negotiate";
    if is_negotiation && is_ours(line) {
        event.src_ip = line.address(&["locip", "loc_ip"]);
        event.target = line.get(&["remip", "rem_ip"]);
        return;
    }
    event.src_ip = line.address(&["remip", "remote_ip", "rem_ip", "src", "srcip"]);
    event.src_port = line.get(&["remport", "rem_port"]).and_then(|it| it.parse().ok());
    event.target = line.get(&["dst_host", "vpntunnel", "vpn_tunnel"]);
}

/// Why it failed. Inside a session it is a rule; where nobody signed in, only the protocol can be meant.
fn why(line: &Line<'_>, activity: Activity) -> Reason {
    let why = reason::of(line);
    let is_proof = name(line).is_some() && line.action() == "negotiate";
    match (activity, why) {
        (Activity::Session, _) => Reason::Policy,
        (Activity::Other, Reason::Protocol) => Reason::Protocol,
        (Activity::Other, _) => Reason::Other,
        (_, Reason::Other) if is_proof => Reason::BadPassword,
        _ => why,
    }
}
