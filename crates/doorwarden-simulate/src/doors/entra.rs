//! Entra, as Azure Monitor's diagnostic settings write it.

use super::{Answer, Caller, Refusal, guid};
use crate::{
    journal::{Channel, Journal, Says},
    moment::Moment,
};

/// How a sign-in went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// Password and second factor.
    Factor(Answer),
    /// The factor was given before and is remembered.
    Remembered,
    /// Refused before the factor.
    Refused(Refusal),
    /// A program asks for a new token with the old one.
    Refreshed,
    /// A password is enough.
    Single,
    /// An old program with a password only.
    Legacy,
}

/// Result code, why, what else is said, first method, second method.
type Told = (u32, &'static str, &'static str, &'static str, &'static str);

const fn told(how: How) -> Told {
    match how {
        How::Factor(Answer::Approved) => {
            (0, "", "MFA completed in Azure AD", "Password", "Mobile app notification")
        }
        How::Factor(Answer::Denied) => (
            500_121,
            "Authentication failed during strong authentication request.",
            "MFA denied; user declined the authentication",
            "Password",
            "Mobile app notification",
        ),
        How::Factor(Answer::Nothing) => (
            500_121,
            "Authentication failed during strong authentication request.",
            "MFA denied; user did not respond to mobile app notification",
            "Password",
            "Mobile app notification",
        ),
        How::Remembered | How::Refreshed => {
            (0, "", "MFA requirement satisfied by claim in the token", "Previously satisfied", "")
        }
        How::Refused(Refusal::Password) => {
            (50_126, "Invalid username or password", "", "Password", "")
        }
        How::Refused(Refusal::Unknown) => (50_034, "The user account does not exist", "", "", ""),
        How::Refused(Refusal::Expired) => (50_055, "The password is expired.", "", "", ""),
        How::Refused(Refusal::Disabled) => (50_057, "The user account is disabled.", "", "", ""),
        How::Legacy | How::Single => (0, "", "", "Password", ""),
    }
}

fn steps(at: &str, how: How) -> String {
    let (code, _, _, first, second) = told(how);
    let step = |method: &str, is_done: bool, of: &str| {
        format!(
            "{{\"authenticationStepDateTime\":\"{at}\",\"authenticationMethod\":\"{method}\",\"succeeded\":{is_done},\"authenticationStepRequirement\":\"{of}\"}}"
        )
    };
    if first.is_empty() {
        return String::new();
    }
    let is_wrong = how == How::Refused(Refusal::Password);
    let mut steps = step(first, !is_wrong, "Primary authentication");
    if !second.is_empty() {
        steps += ",";
        steps += &step(second, code == 0, "Multifactor authentication");
    }
    steps
}

/// A sign-in to `app`.
pub(crate) fn sign_in(journal: &mut Journal, at: Moment, caller: &Caller<'_>, app: &str, how: How) {
    let Caller { user, name, ip, machine, .. } = caller;
    let (code, why, more, _, second) = told(how);
    let is_token = how == How::Refreshed;
    let (channel, category) = if is_token {
        (Channel::EntraTokens, "NonInteractiveUserSignInLogs")
    } else {
        (Channel::Entra, "SignInLogs")
    };
    let (client, protocol) =
        if how == How::Legacy { ("IMAP4", "ropc") } else { ("Browser", "none") };
    let factor = if second.is_empty() { "{}" } else { "{\"authMethod\":\"PhoneAppNotification\"}" };
    let stamp = at.iso();
    let mail = caller.mail();
    let device = if machine.id.is_empty() { String::new() } else { guid(&machine.id) };
    let text = format!(
        "{{\"time\":\"{stamp}\",\"operationName\":\"Sign-in activity\",\"category\":\"{category}\",\"resultType\":\"{code}\",\"callerIpAddress\":\"{ip}\",\"identity\":\"{name}\",\"properties\":{{\"id\":\"{}\",\"createdDateTime\":\"{stamp}\",\"userDisplayName\":\"{name}\",\"userPrincipalName\":\"{mail}\",\"userId\":\"{}\",\"appId\":\"{}\",\"appDisplayName\":\"{app}\",\"ipAddress\":\"{ip}\",\"status\":{{\"errorCode\":{code},\"failureReason\":\"{why}\",\"additionalDetails\":\"{more}\"}},\"clientAppUsed\":\"{client}\",\"userAgent\":\"{}\",\"deviceDetail\":{{\"deviceId\":\"{device}\",\"displayName\":\"{}\"}},\"mfaDetail\":{factor},\"sessionId\":\"{}\",\"correlationId\":\"{}\",\"isInteractive\":{},\"authenticationDetails\":[{}],\"authenticationProtocol\":\"{protocol}\"}}}}",
        guid(&format!("r{user}{}", at.0)),
        guid(user),
        guid(app),
        machine.agent(),
        if device.is_empty() { "" } else { &machine.name },
        guid(caller.session),
        guid(&format!("c{user}{}", at.0)),
        !is_token,
        steps(&stamp, how),
    );
    journal.state(channel, at, &text, caller.says("idp"));
}

/// `actor` did `what` to the account of `user`.
pub(crate) fn changed(
    journal: &mut Journal,
    at: Moment,
    actor: &Caller<'_>,
    what: &str,
    user: &str,
) {
    let (stamp, ip, domain) = (at.iso(), actor.ip, actor.domain);
    let by = actor.mail();
    let text = format!(
        "{{\"time\":\"{stamp}\",\"operationName\":\"{what}\",\"category\":\"AuditLogs\",\"properties\":{{\"category\":\"UserManagement\",\"correlationId\":\"{}\",\"result\":\"success\",\"resultReason\":\"{}\",\"activityDisplayName\":\"{what}\",\"activityDateTime\":\"{stamp}\",\"initiatedBy\":{{\"user\":{{\"userPrincipalName\":\"{by}\",\"ipAddress\":\"{ip}\"}}}},\"targetResources\":[{{\"type\":\"User\",\"userPrincipalName\":\"{user}@{domain}\",\"modifiedProperties\":[]}}],\"additionalDetails\":[]}}}}",
        guid(&format!("a{user}{}", at.0)),
        if what == "User registered security info" {
            "User registered Authenticator App with Notification and Code"
        } else {
            ""
        },
    );
    let says = Says { account: user, ip: Some(ip), service: "idp" };
    journal.state(Channel::EntraAudit, at, &text, says);
}
