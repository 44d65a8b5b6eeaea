//! What a request states: a sign-in, a refusal, a session, or nothing new.

use compact_str::CompactString;
use doorwarden_model::{Activity, Outcome, Reason};

use super::{
    columns::Columns,
    doors::{Door, Page},
};
use crate::{
    Recent,
    sightings::{Sightings, client, program},
};

/// What is kept of a log from row to row.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What the last `#Fields:` named.
    pub(super) columns: Option<Columns>,
    seen: Sightings,
    /// Forms that were sent, by their client.
    forms: Recent<u64, Form, 1024>,
    /// When the last of them was sent.
    last_form: i64,
    /// Whether this server logs the names of refused forms too.
    names_refused: bool,
}

/// A form that was sent.
#[derive(Debug)]
struct Form {
    user: Option<CompactString>,
    second: i64,
    /// Whether its refusal was already reported.
    is_refused: bool,
}

/// A request, as far as it matters.
pub(super) struct Request<'r> {
    pub(super) door: Door,
    pub(super) page: Page,
    pub(super) stem: &'r str,
    pub(super) query: &'r str,
    pub(super) user: Option<&'r str>,
    /// Where it came from, as logged.
    pub(super) origin: &'r str,
    pub(super) agent: &'r str,
    pub(super) status: &'r str,
    pub(super) substatus: &'r str,
    pub(super) win32: &'r str,
    /// Seconds since 1970.
    pub(super) second: i64,
}

impl Request<'_> {
    /// Whether the server answered it, sent it on, or opened a channel of its own for it.
    fn is_answered(&self) -> bool {
        self.status.starts_with(['2', '3']) || self.status == "101"
    }

    /// The program that sent it.
    fn program(&self) -> u64 {
        program(self.origin, self.agent)
    }
}

/// What a request states.
pub(super) struct Verdict {
    pub(super) activity: Activity,
    pub(super) outcome: Option<Outcome>,
    pub(super) reason: Option<Reason>,
    /// The name that the form was sent with, where this request does not repeat it.
    pub(super) remembered: Option<CompactString>,
}

/// How long after a form the page that answers it may be asked for, in seconds.
const ANSWER: i64 = 120;

const fn verdict(activity: Activity, outcome: Option<Outcome>) -> Verdict {
    Verdict { activity, outcome, reason: None, remembered: None }
}

const fn refusal(reason: Reason) -> Verdict {
    Verdict {
        activity: Activity::Logon,
        outcome: Some(Outcome::Failure),
        reason: Some(reason),
        remembered: None,
    }
}

const fn success(activity: Activity) -> Verdict {
    verdict(activity, Some(Outcome::Success))
}

/// What `request` states, if anything new.
pub(super) fn judge(request: &Request<'_>, memory: &mut Memory) -> Option<Verdict> {
    if request.user.is_some_and(is_probe) {
        return None;
    }
    if request.status == "401" {
        return unauthorised(request);
    }
    match (request.page, request.door) {
        (Page::SignIn, Door::Owa) => owa_form(request, memory),
        (Page::SignIn, _) => form(request),
        (Page::Form, Door::Owa) => owa_answer(request, memory),
        (Page::Form, _) => None,
        (Page::SignOut, _) => request.user.map(|_| success(Activity::Logoff)),
        (Page::Inside, _) => inside(request, memory),
    }
}

/// Exchange watches itself with mailboxes of its own.
fn is_probe(user: &str) -> bool {
    let name = user.rsplit('\\').next().unwrap_or(user);
    name.starts_with("HealthMailbox") || name.starts_with("extest_")
}

/// 401: a refusal where it names someone or says why; else the first steps of a handshake.
fn unauthorised(request: &Request<'_>) -> Option<Verdict> {
    let why = windows_reason(request.win32);
    match request.user {
        Some(_) if request.substatus == "3" => Some(refusal(Reason::Policy)),
        Some(_) => Some(refusal(why.unwrap_or(Reason::BadPassword))),
        None => why.map(refusal),
    }
}

/// `sc-win32-status` of a refused logon.
fn windows_reason(code: &str) -> Option<Reason> {
    Some(match code {
        // ERROR_LOGON_FAILURE, ERROR_WRONG_PASSWORD, SEC_E_LOGON_DENIED
        "1326" | "1323" | "2148074252" => Reason::BadPassword,
        "1317" => Reason::UnknownUser,
        "1327" | "1328" | "1329" | "1385" => Reason::Policy,
        "1330" | "1793" | "1907" => Reason::Expired,
        "1331" => Reason::Disabled,
        "1909" => Reason::Locked,
        _ => return None,
    })
}

/// A form sent to RD Web Access or AD FS: 302 leads on, 200 is the form again.
fn form(request: &Request<'_>) -> Option<Verdict> {
    let is_endpoint = request.stem.ends_with("usernamemixed");
    match request.status {
        "302" | "303" => Some(success(Activity::Logon)),
        "200" if is_endpoint => Some(success(Activity::Logon)),
        "200" => Some(refusal(Reason::BadPassword)),
        "500" if is_endpoint => Some(refusal(Reason::BadPassword)),
        _ => None,
    }
}

/// A form sent to Exchange: always 302, but a name stands only where it was authenticated.
fn owa_form(request: &Request<'_>, memory: &mut Memory) -> Option<Verdict> {
    if !request.is_answered() {
        return None;
    }
    let program = request.program();
    // The filter of Exchange 2007 and before runs outside of IIS's authentication: no name at all.
    let is_filter = request.stem.len() < 32 && request.stem.to_ascii_lowercase().ends_with(".dll");
    let verdict = match (windows_reason(request.win32), request.user) {
        (Some(why), _) => refusal(why),
        (None, Some(_)) if memory.names_refused => verdict(Activity::Logon, None),
        (None, Some(user)) => {
            memory.seen.is_new(client(program, request.door as u8, user), request.second);
            success(Activity::Logon)
        }
        (None, None) if is_filter => verdict(Activity::Logon, None),
        (None, None) => refusal(Reason::BadPassword),
    };
    let is_refused = verdict.outcome == Some(Outcome::Failure);
    let user = request.user.map(CompactString::from);
    memory.forms.insert(program, Form { user, second: request.second, is_refused });
    memory.last_form = request.second;
    Some(verdict)
}

/// The form comes back and says that name or password was wrong.
fn owa_answer(request: &Request<'_>, memory: &mut Memory) -> Option<Verdict> {
    if super::parameter(request.query, "reason") != Some("2") || request.status != "200" {
        return None;
    }
    let form = memory.forms.remove(&request.program());
    let form = form.filter(|it| request.second.saturating_sub(it.second) <= ANSWER);
    if form.as_ref().is_some_and(|it| it.is_refused) {
        return None;
    }
    let remembered = form.and_then(|it| it.user);
    memory.names_refused |= remembered.is_some();
    Some(Verdict { remembered, ..refusal(Reason::BadPassword) })
}

/// A request behind the door.
fn inside(request: &Request<'_>, memory: &mut Memory) -> Option<Verdict> {
    let user = request.user?;
    let program = request.program();
    if request.status == "403" && request.door == Door::ActiveSync && request.substatus == "0" {
        let is_new = memory.seen.is_new(client(program, u8::MAX, user), request.second);
        return is_new.then(|| refusal(Reason::Policy));
    }
    if !request.is_answered() {
        return None;
    }
    let is_new = memory.seen.is_new(client(program, request.door as u8, user), request.second);
    if request.door == Door::Owa && answers_form(request, program, memory) {
        return Some(success(Activity::Logon));
    }
    is_new.then(|| success(Activity::Session))
}

/// Whether it is the first request behind a form whose result was not stated yet.
fn answers_form(request: &Request<'_>, program: u64, memory: &mut Memory) -> bool {
    let is_recent = |second: i64| request.second.saturating_sub(second) <= ANSWER;
    if !is_recent(memory.last_form) {
        return false;
    }
    let Some(form) = memory.forms.remove(&program) else { return false };
    let is_open = form.user.is_none() || memory.names_refused;
    is_open && is_recent(form.second) && !form.is_refused
}
