//! `FortiAuthenticator`: `category="Event" subcategory="Authentication" ... action= status=`, then a sentence.

use doorwarden_model::{Activity, Mfa, MfaResult, Outcome, Service};

use super::{
    fields::{Line, set_user},
    reason,
};
use crate::{Ctx, Parsed, Record, Reject};

/// Reads one record.
pub(super) fn read<'r>(
    line: &Line<'r>,
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let activity = match line.action() {
        "Authentication" | "Login" => Activity::Logon,
        "Logout" => Activity::Logoff,
        _ => return Ok(Parsed::Ignored),
    };
    // The sentence stands behind the last pair, and holds no equal sign of the appliance's own.
    let sentence = record.message.rsplit_once("\" ").map_or("", |(_, it)| it).trim();
    let is_pending = line.get(&["status"]) == Some("Pending");
    let activity = if is_pending { Activity::Mfa } else { activity };
    let service = if reason::has(sentence, "radius") { Service::Radius } else { Service::Idp };
    let mut event = line.event(service, activity, ctx)?;
    event.outcome = line.status();
    if event.outcome == Some(Outcome::Failure) {
        // What follows a colon, or the words that there was no token, says more than the rest.
        let told = sentence.split_once("no token").map_or(sentence, |(_, it)| it);
        event.reason = Some(reason::of_texts([told.split_once(": ").map(|it| it.1), Some(told)]));
    }
    set_user(&mut event, line.get(&["user"]));
    event.src_ip = line.address(&["userip"]);
    event.target = line.get(&["nas"]);
    event.mfa = second_factor(sentence, event.outcome);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// The second factor, where the sentence speaks of one.
fn second_factor(sentence: &str, outcome: Option<Outcome>) -> Option<Mfa<'static>> {
    let has = |it: &str| reason::has(sentence, it);
    let is_asked = has("challenge") || has("token") || has("two-factor") || has("push");
    if !is_asked || has("no token") {
        return None;
    }
    let method = if has("push") { "push" } else { "otp" };
    let result = match outcome {
        Some(Outcome::Success) => MfaResult::Success,
        Some(Outcome::Failure) if has("denied") => MfaResult::Denied,
        Some(Outcome::Failure) if has("timed out") || has("timeout") => MfaResult::Timeout,
        Some(Outcome::Failure) => MfaResult::Failed,
        None => MfaResult::Challenge,
    };
    Some(Mfa { method: Some(method), result })
}
