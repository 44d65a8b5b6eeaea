//! Okta: single sign-on, its second factor, and what the help desk does there.

use super::{Answer, Caller, guid, id};
use crate::{
    company::machines::{Os, Program},
    journal::{Channel, Journal, Says},
    moment::Moment,
};

/// What happened, beside who did it from where.
#[derive(Debug, Clone, Copy, Default)]
struct What<'a> {
    event: &'a str,
    result: &'a str,
    reason: Option<&'a str>,
    factor: Option<&'a str>,
    app: Option<&'a str>,
    target: Option<(&'a str, &'a str)>,
    is_refused: bool,
}

fn quoted(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), |it| format!("\"{it}\""))
}

fn target(caller: &Caller<'_>, what: &What<'_>) -> String {
    match (what.app, what.target) {
        (Some(app), _) => format!(
            "[{{\"id\":\"0oa{}\",\"type\":\"AppInstance\",\"alternateId\":\"{app}\",\"displayName\":\"{app}\"}}]",
            id(app, 17)
        ),
        (None, Some((user, name))) => format!(
            "[{{\"id\":\"00u{}\",\"type\":\"User\",\"alternateId\":\"{user}@{}\",\"displayName\":\"{name}\"}}]",
            id(user, 17),
            caller.domain
        ),
        (None, None) => "null".to_owned(),
    }
}

fn record(at: Moment, caller: &Caller<'_>, what: &What<'_>) -> String {
    let Caller { user, name, ip, machine, .. } = caller;
    let os = match machine.os {
        Os::Windows => "Windows 10",
        Os::Mac => "Mac OS X",
        Os::Linux => "Linux",
    };
    let program = match machine.program {
        Program::Chrome => "CHROME",
        Program::Edge => "EDGE",
        Program::Firefox => "FIREFOX",
        Program::Safari => "SAFARI",
        Program::Script => "UNKNOWN",
    };
    let What { event, result, .. } = what;
    let session =
        if what.is_refused { "unknown".to_owned() } else { format!("102{}", caller.session) };
    let severity = if what.result == "FAILURE" { "WARN" } else { "INFO" };
    let version = if ip.is_ipv4() { "V4" } else { "V6" };
    format!(
        "{{\"actor\":{{\"id\":\"00u{}\",\"type\":\"User\",\"alternateId\":\"{}\",\"displayName\":\"{name}\",\"detailEntry\":null}},\"client\":{{\"userAgent\":{{\"rawUserAgent\":\"{}\",\"os\":\"{os}\",\"browser\":\"{program}\"}},\"zone\":\"null\",\"device\":\"Computer\",\"id\":null,\"ipAddress\":\"{ip}\",\"geographicalContext\":null}},\"authenticationContext\":{{\"authenticationStep\":0,\"externalSessionId\":\"{}\"}},\"displayMessage\":\"{event}\",\"eventType\":\"{event}\",\"outcome\":{{\"result\":\"{result}\",\"reason\":{}}},\"published\":\"{}\",\"severity\":\"{severity}\",\"debugContext\":{{\"debugData\":{{\"deviceFingerprint\":\"{}\",\"factor\":{}}}}},\"transaction\":{{\"type\":\"WEB\",\"id\":\"{}\",\"detail\":{{}}}},\"uuid\":\"{}\",\"version\":\"0\",\"request\":{{\"ipChain\":[{{\"ip\":\"{ip}\",\"version\":\"{version}\"}}]}},\"target\":{}}}",
        id(user, 17),
        caller.mail(),
        machine.agent(),
        session,
        quoted(what.reason),
        at.iso(),
        machine.browser_id,
        quoted(what.factor),
        id(&format!("{session}{}", at.seconds()), 24),
        guid(&format!("{event}{user}{}", at.0)),
        target(caller, what),
    )
}

fn write(journal: &mut Journal, at: Moment, caller: &Caller<'_>, what: &What<'_>) {
    journal.state(Channel::Okta, at, &record(at, caller, what), caller.says("idp"));
}

/// A wrong name or password.
pub(crate) fn refused(journal: &mut Journal, at: Moment, caller: &Caller<'_>, reason: &str) {
    let what = What {
        event: "user.session.start",
        result: "FAILURE",
        reason: Some(reason),
        is_refused: true,
        ..What::default()
    };
    write(journal, at, caller, &what);
}

/// A prompt on the telephone, and its answer.
pub(crate) fn push(journal: &mut Journal, at: Moment, caller: &Caller<'_>, answer: Answer) {
    let factor = Some("OKTA_VERIFY_PUSH");
    let sent = What {
        event: "system.push.send_factor_verify_push",
        result: "SUCCESS",
        factor,
        ..What::default()
    };
    write(journal, at, caller, &sent);
    let (event, result, reason, later) = match answer {
        Answer::Approved => ("user.authentication.auth_via_mfa", "SUCCESS", None, 8),
        Answer::Denied => {
            ("user.mfa.okta_verify.deny_push", "FAILURE", Some("User rejected Okta push verify"), 6)
        }
        Answer::Nothing => {
            ("user.authentication.auth_via_mfa", "FAILURE", Some("FASTPASS_PUSH_TIMEOUT"), 60)
        }
    };
    write(
        journal,
        at.plus(later),
        caller,
        &What { event, result, reason, factor, ..What::default() },
    );
}

/// A session begins.
pub(crate) fn started(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    let what = What { event: "user.session.start", result: "SUCCESS", ..What::default() };
    write(journal, at, caller, &what);
}

/// The session opens an application.
pub(crate) fn opened(journal: &mut Journal, at: Moment, caller: &Caller<'_>, app: &str) {
    let what = What {
        event: "user.authentication.sso",
        result: "SUCCESS",
        app: Some(app),
        ..What::default()
    };
    write(journal, at, caller, &what);
}

/// A new factor is set up.
pub(crate) fn enrolled(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    let what = What {
        event: "user.mfa.factor.activate",
        result: "SUCCESS",
        reason: Some("User set up OKTA_VERIFY_PUSH factor"),
        factor: Some("OKTA_VERIFY_PUSH"),
        target: Some((caller.user, caller.name)),
        ..What::default()
    };
    write(journal, at, caller, &what);
}

/// The help desk does `event` to the account of somebody.
pub(crate) fn helped(
    journal: &mut Journal,
    at: Moment,
    helper: &Caller<'_>,
    event: &str,
    (user, name): (&str, &str),
) {
    let what = What { event, result: "SUCCESS", target: Some((user, name)), ..What::default() };
    let says = Says { account: user, ip: Some(helper.ip), service: "idp" };
    journal.state(Channel::Okta, at, &record(at, helper, &what), says);
}
