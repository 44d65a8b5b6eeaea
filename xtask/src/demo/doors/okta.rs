//! Okta: single sign-on to mail, files and, for some, the gateway.

use serde_json::{Value, json};

use crate::demo::{channel::Channel, clock::Moment, journal::Journal, random::Random};

/// Windows with Chrome.
pub(crate) const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36";
/// Windows with Edge.
pub(crate) const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 Edg/133.0.0.0";
/// macOS with Safari.
pub(crate) const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15";
/// Linux with Firefox.
pub(crate) const FIREFOX: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0";

/// A browser at the door.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// The account.
    pub(crate) user: String,
    /// First and last name.
    pub(crate) name: String,
    /// Public address.
    pub(crate) ip: String,
    /// User agent.
    pub(crate) agent: &'static str,
    /// Fingerprint of the browser.
    pub(crate) device: String,
    /// Id of the session.
    pub(crate) session: String,
}

/// An id of a session as Okta makes them.
pub(crate) fn session_id(random: &mut Random) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    format!("102{}", random.text(letters, 22))
}

/// What happened, beside who did it from where.
#[derive(Debug, Clone, Copy, Default)]
struct What<'a> {
    event: &'a str,
    result: &'a str,
    reason: Option<&'a str>,
    factor: Option<&'a str>,
    app: Option<&'a str>,
    credential: Option<&'a str>,
}

fn write(journal: &mut Journal, at: Moment, browser: &Browser, what: What<'_>) {
    let targets = match what.app {
        Some(app) => json!([
            {"id": id("0oa", app), "type": "AppInstance", "alternateId": app, "displayName": app},
            {"id": id("0ua", &browser.user), "type": "AppUser", "alternateId": mail(&browser.user), "displayName": browser.name},
        ]),
        None => Value::Null,
    };
    let actor = json!({"id": id("00u", &browser.user), "type": "User", "alternateId": mail(&browser.user), "displayName": browser.name, "detailEntry": null});
    put(journal, at, browser, &actor, what, &targets);
}

fn put(
    journal: &mut Journal,
    at: Moment,
    browser: &Browser,
    actor: &Value,
    what: What<'_>,
    targets: &Value,
) {
    let (os, program, kind) = match browser.agent {
        SAFARI => ("Mac OS X", "SAFARI", "Computer"),
        FIREFOX => ("Linux", "FIREFOX", "Computer"),
        EDGE => ("Windows 10", "EDGE", "Computer"),
        CHROME => ("Windows 10", "CHROME", "Computer"),
        _ => ("Unknown", "UNKNOWN", "Unknown"),
    };
    let entry = json!({
        "actor": actor,
        "client": {"userAgent": {"rawUserAgent": browser.agent, "os": os, "browser": program}, "zone": "null", "device": kind, "id": null, "ipAddress": browser.ip, "geographicalContext": null},
        "device": null,
        "authenticationContext": {"authenticationProvider": null, "credentialProvider": null, "credentialType": what.credential, "issuer": null, "authenticationStep": 0, "externalSessionId": browser.session},
        "displayMessage": what.event,
        "eventType": what.event,
        "outcome": {"result": what.result, "reason": what.reason},
        "published": at.iso(),
        "securityContext": {"asNumber": null, "isProxy": false},
        "severity": if what.result == "FAILURE" { "WARN" } else { "INFO" },
        "debugContext": {"debugData": {"deviceFingerprint": browser.device, "factor": what.factor}},
        "transaction": {"type": "WEB", "id": id("tx", &format!("{}{}", browser.session, at.0)), "detail": {}},
        "uuid": id("", &format!("{}{}{}", what.event, browser.user, at.0)),
        "version": "0",
        "request": {"ipChain": [{"ip": browser.ip, "version": "V4"}]},
        "target": targets,
    });
    journal.write(Channel::Okta, at, entry.to_string());
}

fn id(kind: &str, of: &str) -> String {
    let mut random = Random::new(7, of);
    format!("{kind}{}", random.text("abcdefghijkmnpqrstuvwxyz0123456789", 17))
}

fn mail(user: &str) -> String {
    format!("{user}@arboria.example")
}

/// A wrong password.
pub(crate) fn refused(journal: &mut Journal, at: Moment, browser: &Browser, reason: &str) {
    let before = Browser { session: "unknown".to_owned(), ..browser.clone() };
    let what = What {
        event: "user.session.start",
        result: "FAILURE",
        reason: Some(reason),
        credential: Some("PASSWORD"),
        ..What::default()
    };
    write(journal, at, &before, what);
}

/// The right password: the policy asks for a second factor.
pub(crate) fn challenged(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "policy.evaluate_sign_on",
        result: "CHALLENGE",
        reason: Some("Sign-on policy evaluation resulted in CHALLENGE"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// The factor was given: a session begins.
pub(crate) fn started(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "user.session.start",
        result: "SUCCESS",
        credential: Some("PASSWORD"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// A push is sent to the owner's telephone.
pub(crate) fn pushed(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "system.push.send_factor_verify_push",
        result: "SUCCESS",
        factor: Some("OKTA_VERIFY_PUSH"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// The owner approved it.
pub(crate) fn approved(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "user.authentication.auth_via_mfa",
        result: "SUCCESS",
        factor: Some("OKTA_VERIFY_PUSH"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// The owner denied it.
pub(crate) fn denied(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "user.mfa.okta_verify.deny_push",
        result: "FAILURE",
        reason: Some("User rejected Okta push verify"),
        factor: Some("OKTA_VERIFY_PUSH"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// Nobody answered it.
pub(crate) fn unanswered(journal: &mut Journal, at: Moment, browser: &Browser) {
    let what = What {
        event: "user.authentication.auth_via_mfa",
        result: "FAILURE",
        reason: Some("FASTPASS_PUSH_TIMEOUT"),
        factor: Some("OKTA_VERIFY_PUSH"),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// The session opens an application.
pub(crate) fn opened(journal: &mut Journal, at: Moment, browser: &Browser, app: &str) {
    let what = What {
        event: "user.authentication.sso",
        result: "SUCCESS",
        reason: Some("User single sign on to app"),
        app: Some(app),
        ..What::default()
    };
    write(journal, at, browser, what);
}

/// A new factor is set up.
pub(crate) fn enrolled(journal: &mut Journal, at: Moment, browser: &Browser, factor: &str) {
    let what = What {
        event: "user.mfa.factor.activate",
        result: "SUCCESS",
        reason: Some("User set up a factor"),
        factor: Some(factor),
        ..What::default()
    };
    let target = json!([{"id": id("00u", &browser.user), "type": "User", "alternateId": mail(&browser.user), "displayName": browser.name}]);
    let actor = json!({"id": id("00u", &browser.user), "type": "User", "alternateId": mail(&browser.user), "displayName": browser.name, "detailEntry": null});
    put(journal, at, browser, &actor, what, &target);
}

/// The help desk, in `browser`, does `event` to the account of `user`.
pub(crate) fn helped(
    journal: &mut Journal,
    at: Moment,
    browser: &Browser,
    event: &str,
    (user, name): (&str, &str),
) {
    let what = What { event, result: "SUCCESS", ..What::default() };
    let target = json!([{"id": id("00u", user), "type": "User", "alternateId": mail(user), "displayName": name}]);
    let actor = json!({"id": id("00u", &browser.user), "type": "User", "alternateId": mail(&browser.user), "displayName": browser.name, "detailEntry": null});
    put(journal, at, browser, &actor, what, &target);
}

/// A whole sign-in of an honest person, the applications with it; says when it was over.
pub(crate) fn sign_in(
    journal: &mut Journal,
    at: Moment,
    browser: &Browser,
    apps: &[&str],
) -> Moment {
    challenged(journal, at, browser);
    pushed(journal, at.plus_millis(900), browser);
    let mut now = at.plus(9);
    approved(journal, now, browser);
    started(journal, now.plus_millis(310), browser);
    for app in apps {
        now = now.plus(2);
        opened(journal, now, browser, app);
    }
    now
}
