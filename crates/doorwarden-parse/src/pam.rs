//! What the modules of PAM log, whichever daemon they work for: `pam_unix(sshd:auth): authentication failure; ...`.
//!
//! Which of it is a sign-in, and at which door, is for the daemon's format to say.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason};

use crate::{
    names::split_domain,
    origin::set_source,
    text::{cut, cut_last_word, cut_word},
};

/// What a module did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// It refused the credentials.
    Failed,
    /// It accepted the credentials; the daemon may still refuse access.
    Passed,
    /// It refused the account, whatever the credentials.
    Refused,
    /// It opened a session.
    Opened,
    /// It closed a session.
    Closed,
    /// It changed an account; how, in one word or two.
    Changed(&'static str),
    /// It checked a second factor.
    Factor(MfaResult),
}

/// A module's message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pam<'r> {
    /// What it did.
    pub(crate) act: Act,
    /// Why it refused.
    pub(crate) reason: Option<Reason>,
    /// Whose account.
    pub(crate) user: Option<&'r str>,
    /// Who asked, where that is another one: `ruser`, or `by` of a session.
    pub(crate) caller: Option<&'r str>,
    /// The remote host.
    pub(crate) source: Option<&'r str>,
    /// The service as configured in `/etc/pam.d`, where it is stated.
    pub(crate) service: &'r str,
}

impl<'r> Pam<'r> {
    const fn new(act: Act, reason: Option<Reason>, user: Option<&'r str>) -> Self {
        Self { act, reason, user, caller: None, source: None, service: "" }
    }

    /// The kind of act in the words of events.
    pub(crate) const fn activity(&self) -> Activity {
        match self.act {
            Act::Failed | Act::Passed | Act::Refused => Activity::Logon,
            Act::Opened => Activity::Session,
            Act::Closed => Activity::Logoff,
            Act::Changed(_) => Activity::Account,
            Act::Factor(_) => Activity::Mfa,
        }
    }

    /// Puts down everything but the caller.
    pub(crate) fn apply(&self, event: &mut Event<'r>) {
        event.outcome = match self.act {
            Act::Opened | Act::Changed(_) | Act::Factor(MfaResult::Success) => {
                Some(Outcome::Success)
            }
            Act::Failed | Act::Refused | Act::Factor(_) => Some(Outcome::Failure),
            Act::Passed | Act::Closed => None,
        };
        event.reason = self.reason;
        if let Some(user) = self.user {
            (event.user, event.domain) = split_domain(user);
        }
        if let Some(source) = self.source {
            set_source(event, source);
        }
        match self.act {
            Act::Changed(how) => event.detail = Some(how),
            Act::Factor(result) => event.mfa = Some(Mfa { method: Some("otp"), result }),
            Act::Failed | Act::Passed | Act::Refused | Act::Opened | Act::Closed => {}
        }
    }
}

/// Whether a message of program `app` is a module's.
#[inline]
pub(crate) fn is_module(app: &str, message: &str) -> bool {
    message.starts_with("pam_") || message.starts_with("(pam_") || app.contains("(pam_")
}

/// What a module's message states; `None` where that is nothing of a sign-in, a session or an account.
pub(crate) fn read<'r>(app: &'r str, message: &'r str) -> Option<Pam<'r>> {
    let (service, phase, text) = split(app, message)?;
    let text = text.strip_suffix(" [preauth]").unwrap_or(text).trim_end();
    let mut pam = statement(phase, text)?;
    pam.service = service;
    Some(pam)
}

/// Service, phase and text of `pam_unix(sshd:auth): text`, `(pam_unix) text`, `PAM text`, or of a tag `sshd(pam_unix)`.
fn split<'r>(app: &'r str, message: &'r str) -> Option<(&'r str, &'r str, &'r str)> {
    if app.ends_with(')')
        && let Some((service, _)) = app.split_once("(pam_")
    {
        return Some((service, "", message));
    }
    if let Some((place, text)) = message.strip_prefix("pam_unix(").and_then(|it| cut(it, b')')) {
        let (service, phase) = cut(place, b':').unwrap_or((place, ""));
        return Some((service, phase, text.strip_prefix(": ")?));
    }
    if let Some(text) = message.strip_prefix("(pam_unix) ").or_else(|| message.strip_prefix("PAM "))
    {
        return Some(("", "", text));
    }
    let (module, text) = cut_word(message, ": ")?;
    let Some((_, place)) = cut(module, b'(') else {
        return Some(("", "", text));
    };
    let place = place.strip_suffix(')').unwrap_or(place);
    let (service, phase) = cut(place, b':').unwrap_or((place, ""));
    Some((service, phase, text))
}

fn statement<'r>(phase: &str, text: &'r str) -> Option<Pam<'r>> {
    if let Some(pam) = session(text) {
        return Some(pam);
    }
    if let Some(facts) = text.strip_prefix(IN_SSHD) {
        return Some(of_remote(Act::Failed, facts, ""));
    }
    if let Some((what, facts)) = cut_word(text, "; logname=") {
        return credentials(what, facts);
    }
    if let Some(pam) = wording(text) {
        return Some(pam);
    }
    // `pam_exec(sshd:account): /path/to/script failed: exit code 1`: a site's own rule said no.
    let is_refusal = phase == "account" && text.contains(" failed: exit code ");
    is_refusal.then(|| Pam::new(Act::Refused, Some(Reason::Policy), None))
}

/// `session opened for user ana(uid=1001) by (uid=0)`, `session closed for user ana`.
fn session(text: &str) -> Option<Pam<'_>> {
    let text = text.strip_prefix("session ")?;
    if let Some(name) = text.strip_prefix("closed for user ") {
        return Some(Pam::new(Act::Closed, None, Some(without_id(name))));
    }
    let text = text.strip_prefix("opened for user ")?;
    let (name, by) = cut_last_word(text, " by ").unwrap_or((text, ""));
    let mut pam = Pam::new(Act::Opened, None, Some(without_id(name)));
    pam.caller = Some(without_id(by)).filter(|it| !it.is_empty());
    Some(pam)
}

/// `ana` of `ana(uid=1001)`.
fn without_id(name: &str) -> &str {
    cut_last_word(name, "(uid=").map_or(name, |it| it.0)
}

/// `authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=ana`.
fn credentials<'r>(what: &str, facts: &'r str) -> Option<Pam<'r>> {
    let act =
        if what.ends_with("authentication failure") || what.ends_with("authentication failures") {
            Act::Failed
        } else if what.starts_with("authentication succe") {
            Act::Passed
        } else {
            return None;
        };
    let (before, facts) = cut_word(facts, " ruser=").unwrap_or((facts, ""));
    let (caller, facts) =
        match facts.strip_prefix(" rhost=").or_else(|| facts.strip_prefix("rhost=")) {
            Some(facts) => ("", facts),
            // The caller's name may itself hold ` rhost=`.
            None => facts.rsplit_once(" rhost=").unwrap_or((facts, "")),
        };
    let login = cut(before, b' ').map_or(before, |it| it.0);
    let mut pam = of_remote(act, facts, if login.is_empty() { caller } else { login });
    pam.caller = Some(caller).filter(|it| !it.is_empty());
    Some(pam)
}

/// How `pam_unix` starts in `sshd`: the most frequent line of all modules.
const IN_SSHD: &str = "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=";

/// `203.0.113.7  user=ana`; `login` is a name that stood before, for modules that leave out the other.
#[inline]
fn of_remote<'r>(act: Act, facts: &'r str, login: &'r str) -> Pam<'r> {
    let (source, name) = cut(facts, b' ').unwrap_or((facts, ""));
    let stated = name.trim_start_matches(' ').strip_prefix("user=");
    let user = stated.or(Some(login)).filter(|it| !it.is_empty());
    // A module that does not know the name leaves it out.
    let reason = if user.is_some() { Reason::BadPassword } else { Reason::UnknownUser };
    let mut pam = Pam::new(act, (act == Act::Failed).then_some(reason), user);
    pam.source = Some(source).filter(|it| !it.is_empty());
    pam
}

/// One wording: how it starts, what stands behind the name, what it means.
struct Wording {
    start: &'static str,
    end: &'static str,
    act: Act,
    reason: Option<Reason>,
}

const fn says(start: &'static str, end: &'static str, act: Act, reason: Option<Reason>) -> Wording {
    Wording { start, end, act, reason }
}

/// What other modules than `pam_unix` say, name in the middle; an empty end is the end of the text.
const WORDINGS: &[Wording] = &[
    says("account ", " has expired", Act::Refused, Some(Reason::Expired)),
    says("expired password for user ", " (", Act::Refused, Some(Reason::Expired)),
    says("user ", " inactive for ", Act::Refused, Some(Reason::Expired)),
    says("Access denied for user ", ": ", Act::Refused, Some(Reason::Policy)),
    says("access denied for user `", "' from ", Act::Refused, Some(Reason::Policy)),
    says("Refused user ", " for service ", Act::Refused, Some(Reason::Policy)),
    says("auth could not identify password for [", "]", Act::Failed, Some(Reason::Other)),
    says("password changed for ", "", Act::Changed("password changed"), None),
    says("Consecutive login failures for user ", " account temporarily locked", LOCKED, None),
    says("Accepted google_authenticator for ", "", Act::Factor(MfaResult::Success), None),
    says("Invalid verification code for ", "", WRONG_CODE, Some(Reason::MfaFailed)),
    says("user '", "' granted access", Act::Passed, None),
    says("user '", "' denied access", Act::Failed, Some(Reason::BadPassword)),
    says("authentication succeeds for '", "' (", Act::Passed, None),
    says("authentication fails for '", "' (", Act::Failed, Some(Reason::BadPassword)),
    says("Authentication failure; user=", "", Act::Failed, Some(Reason::BadPassword)),
    says("user ", " authenticated as ", Act::Passed, None),
];

const LOCKED: Act = Act::Changed("locked");
const WRONG_CODE: Act = Act::Factor(MfaResult::Failed);

fn wording(text: &str) -> Option<Pam<'_>> {
    if text == "check pass; user unknown" || text == "User unknown" {
        return Some(Pam::new(Act::Failed, Some(Reason::UnknownUser), None));
    }
    for it in WORDINGS {
        let Some(rest) = text.strip_prefix(it.start) else { continue };
        let found = if it.end.is_empty() { Some((rest, "")) } else { rest.split_once(it.end) };
        let Some((name, rest)) = found else { continue };
        let mut pam = Pam::new(it.act, it.reason, Some(name.trim_end()));
        if it.end == "' from " {
            pam.source = Some(rest.trim_matches(['`', '\'']));
        }
        return Some(pam);
    }
    numbered(text).or_else(|| tally(text)).or_else(|| bind(text))
}

/// `received for user ana: 7 (Authentication failure)`, as `pam_sss` passes the answer on.
fn numbered(text: &str) -> Option<Pam<'_>> {
    let (name, answer) = text.strip_prefix("received for user ")?.rsplit_once(": ")?;
    let (code, _) = answer.split_once(' ').unwrap_or((answer, ""));
    let reason = match code {
        "6" => Reason::Policy,
        "7" => Reason::BadPassword,
        "10" => Reason::UnknownUser,
        "12" | "13" => Reason::Expired,
        _ => Reason::Other,
    };
    Some(Pam::new(Act::Failed, Some(reason), Some(name)))
}

/// `user ana (1001) tally 5, deny 4`, as `pam_tally2` counts.
fn tally(text: &str) -> Option<Pam<'_>> {
    let (name, rest) = text.strip_prefix("user ")?.split_once(" (")?;
    let is_over = rest.contains(") tally ") && rest.contains(", deny ");
    is_over.then(|| Pam::new(Act::Failed, Some(Reason::Locked), Some(name)))
}

/// `error trying to bind as user "uid=ana,ou=people" (Invalid credentials)`, as `pam_ldap` says.
fn bind(text: &str) -> Option<Pam<'_>> {
    let (name, why) = text.strip_prefix("error trying to bind as user \"")?.split_once("\" (")?;
    let first = name.split(',').next().unwrap_or(name);
    let user = first.split_once('=').map_or(first, |it| it.1);
    let reason = match why.strip_suffix(')').unwrap_or(why) {
        "Invalid credentials" => Reason::BadPassword,
        "No such object" => Reason::UnknownUser,
        _ => Reason::Other,
    };
    Some(Pam::new(Act::Failed, Some(reason), Some(user)))
}
