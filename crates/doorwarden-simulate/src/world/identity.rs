//! Signing in at the identity providers, mistakes and prompts with it.

use super::act::{Factor, Trouble};
use crate::{
    company::sites::Idp,
    doors::{Answer, Caller, Refusal, entra, okta},
    journal::Journal,
    moment::Moment,
    random::Random,
};

/// Applications that people open.
const APPS: &[&str] =
    &["Microsoft Office 365", "Workday", "Confluence", "Salesforce", "Jira", "ServiceNow"];

/// Goes on with the session of a browser.
pub(super) fn go_on(journal: &mut Journal, at: Moment, caller: &Caller<'_>, idp: Idp) {
    match idp {
        Idp::Okta => {
            okta::opened(journal, at, caller, "Microsoft Office 365");
        }
        Idp::Entra => entra::sign_in(journal, at, caller, "Microsoft Teams", entra::How::Refreshed),
    }
}

/// The session that is there opens applications.
pub(super) fn open_apps(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    idp: Idp,
    (apps, random): (u8, &mut Random),
) {
    for app in 0..i64::from(apps) {
        let (at, app) = (at.plus(40 * app), random.pick(APPS));
        match idp {
            Idp::Okta => okta::opened(journal, at, caller, app),
            Idp::Entra => entra::sign_in(journal, at, caller, app, entra::How::Remembered),
        }
    }
}

/// A sign-in at Okta.
pub(super) fn at_okta(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    (trouble, factor): (Trouble, Factor),
    (apps, random): (u8, &mut Random),
) {
    let pushes = i64::from(trouble.pushes.0);
    for typo in 1..=i64::from(trouble.typos) {
        okta::refused(journal, at.plus(-66 * pushes - 20 * typo), caller, "INVALID_CREDENTIALS");
    }
    for push in (1..=pushes).rev() {
        okta::push(journal, at.plus(-66 * push), caller, trouble.pushes.1);
    }
    match factor {
        Factor::Push | Factor::Passcode => {
            okta::push(journal, at.plus(-9), caller, Answer::Approved);
        }
        Factor::None | Factor::Remembered => {}
        Factor::Refused => return,
    }
    okta::started(journal, at, caller);
    for app in 0..i64::from(apps) {
        okta::opened(journal, at.plus(3 + 40 * app), caller, random.pick(APPS));
    }
}

/// A sign-in at Entra.
pub(super) fn at_entra(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    (trouble, factor): (Trouble, Factor),
    (apps, random): (u8, &mut Random),
) {
    let pushes = i64::from(trouble.pushes.0);
    let app = random.pick(APPS);
    for typo in 1..=i64::from(trouble.typos) {
        let how = entra::How::Refused(Refusal::Password);
        entra::sign_in(journal, at.plus(-66 * pushes - 20 * typo), caller, app, how);
    }
    for push in (1..=pushes).rev() {
        let how = entra::How::Factor(trouble.pushes.1);
        entra::sign_in(journal, at.plus(-66 * push), caller, app, how);
    }
    let how = match factor {
        Factor::Push | Factor::Passcode => entra::How::Factor(Answer::Approved),
        Factor::Remembered => entra::How::Remembered,
        Factor::None => entra::How::Single,
        Factor::Refused => return,
    };
    entra::sign_in(journal, at, caller, app, how);
    for more in 1..i64::from(apps) {
        let app = random.pick(APPS);
        entra::sign_in(journal, at.plus(40 * more), caller, app, entra::How::Remembered);
    }
}
