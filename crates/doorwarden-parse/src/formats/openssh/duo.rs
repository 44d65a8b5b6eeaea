//! Duo's `pam_duo` and `login_duo`: the second factor of a login.

use doorwarden_model::{Activity, Mfa, MfaResult, Outcome, Reason};

use super::{Answer, Reader};
use crate::{Parsed, Reject, names::split_domain, origin::set_source};

/// `Failed Duo login for 'ana' from 203.0.113.7: Login timed out`
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((verb, rest)) = text.split_once(" Duo login") else {
        return Ok(Parsed::Ignored);
    };
    let (name, rest) =
        rest.strip_prefix(" for '").and_then(|it| it.split_once('\'')).ok_or(Reject::Shape)?;
    let (source, why) = rest.split_once(": ").unwrap_or((rest, ""));
    let Some((outcome, result, reason)) = verdict(verb, why) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.event(Activity::Mfa)?;
    event.outcome = Some(outcome);
    event.reason = reason;
    event.mfa = Some(Mfa { method: None, result });
    (event.user, event.domain) = split_domain(name);
    set_source(&mut event, source.strip_prefix(" from ").unwrap_or_default());
    event.detail = Some(why).filter(|it| !it.is_empty());
    Ok(reader.emit(&event))
}

/// What Duo's first word means; it lets people in where its service cannot be reached, unless told otherwise.
fn verdict(verb: &str, why: &str) -> Option<(Outcome, MfaResult, Option<Reason>)> {
    Some(match verb {
        "Successful" => (Outcome::Success, MfaResult::Success, None),
        "Skipped" | "Failsafe" => (Outcome::Success, MfaResult::Bypassed, None),
        "Failed" | "Aborted" if why.contains("timed out") => {
            (Outcome::Failure, MfaResult::Timeout, Some(Reason::MfaTimeout))
        }
        "Failed" | "Aborted" if why.contains("denied") => {
            (Outcome::Failure, MfaResult::Denied, Some(Reason::MfaDenied))
        }
        "Failed" | "Aborted" | "Failsecure" | "Error in" => {
            (Outcome::Failure, MfaResult::Failed, Some(Reason::MfaFailed))
        }
        _ => return None,
    })
}
