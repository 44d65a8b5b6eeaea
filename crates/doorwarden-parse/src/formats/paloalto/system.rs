//! SYSTEM records: authentications, administrators' sign-ins, and GlobalProtect up to PAN-OS 9.0.
//!
//! Their facts stand in a sentence. It starts with what happened and holds the client's words behind that, so the
//! start tells the outcome, and names are cut out from the side that the client cannot write to.

use std::net::IpAddr;

use doorwarden_model::{Activity, Outcome, Reason, Service};

use super::{
    fields::{Column, Common, Log, NOWHERE, SUBTYPE, set_user},
    reason,
};
use crate::{Ctx, Parsed, Reject, record::address};

const COMMON: Common = Common::at(25, 22);
const EVENT: Column = Column(8, &["eventid", "EventName", "EventID"]);
/// Where CEF and LEEF have the event's id, or else the name of the log.
const CATEGORY: Column = Column(NOWHERE, &["cat"]);
const HEADER: Column = Column(NOWHERE, &["envelope-event"]);
const OBJECT: Column = Column(9, &["object", "fname", "EventComponent"]);
const DESCRIPTION: Column = Column(14, &["opaque", "EventDescription", "msg"]);

/// Reads one record.
pub(super) fn read<'r>(log: &Log<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some(text) = log.get(&DESCRIPTION) else {
        return Ok(Parsed::Ignored);
    };
    let Some(fact) = Fact::read(text) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = log.event(fact.service, fact.activity, &COMMON, ctx)?;
    event.outcome = fact.outcome;
    event.reason = fact.reason;
    set_user(&mut event, fact.user.filter(|it| !it.is_empty()));
    event.src_ip = fact.src_ip.filter(|it| !it.is_unspecified());
    event.assigned_ip = fact.assigned_ip.filter(|it| !it.is_unspecified());
    event.device = fact.device;
    event.client = fact.client;
    event.method = fact.method;
    event.detail = fact.detail;
    let mut codes = [&EVENT, &CATEGORY, &HEADER, &SUBTYPE].into_iter().filter_map(|it| log.get(it));
    event.code = codes.find(|it| !it.eq_ignore_ascii_case("system"));
    event.target = log.get(&OBJECT);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a sentence states.
#[derive(Debug)]
struct Fact<'r> {
    service: Service,
    activity: Activity,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    user: Option<&'r str>,
    src_ip: Option<IpAddr>,
    assigned_ip: Option<IpAddr>,
    device: Option<&'r str>,
    client: Option<&'r str>,
    method: Option<&'static str>,
    detail: Option<&'r str>,
}

impl<'r> Fact<'r> {
    const fn new(activity: Activity, outcome: Option<Outcome>) -> Self {
        Self {
            service: Service::Vpn,
            activity,
            outcome,
            reason: None,
            user: None,
            src_ip: None,
            assigned_ip: None,
            device: None,
            client: None,
            method: None,
            detail: None,
        }
    }

    /// Tells the sentences apart by their beginnings.
    fn read(text: &'r str) -> Option<Self> {
        let tail = |start: &str| text.strip_prefix(start);
        if let Some(tail) = tail("GlobalProtect ").or_else(|| tail("SSL VPN ")) {
            return Self::global_protect(tail);
        }
        if let Some(tail) = tail("Captive Portal ") {
            return Self::captive_portal(tail);
        }
        if let Some(tail) = tail("Session for user ") {
            return Self::timed_out(tail);
        }
        if let Some(tail) = tail("User '") {
            return Self::authentication_before_7_1(tail);
        }
        if let Some(tail) = tail("User ") {
            return Self::administrator(tail);
        }
        if let Some(tail) = tail("Log type ") {
            return Self::cleared(text, tail);
        }
        Self::authentication(text)
    }

    fn fail(mut self, why: &str) -> Self {
        if self.outcome == Some(Outcome::Failure) {
            self.reason = Some(reason::of([Some(why)]));
        }
        self
    }

    /// `portal user authentication succeeded. Login from: 192.0.2.1, Source region: US, User name: ana, ...`
    fn global_protect(text: &'r str) -> Option<Self> {
        let (what, facts) = text.split_once(". ").unwrap_or((text, ""));
        let what = what.trim_end_matches('.');
        let has = |it: &&str| what.contains(*it);
        let activity = if has(&"authentication ") || has(&"login failed") {
            Activity::Logon
        } else if has(&"logout") {
            Activity::Logoff
        } else if ["login ", "configuration", "switch to", "connected", "HIP"].iter().any(has) {
            Activity::Session
        } else if has(&"agent message") {
            Activity::Other
        } else {
            return None;
        };
        let mut fact = Self::new(activity, outcome_of(what));
        fact.user = label(facts, "User name: ");
        fact.src_ip = label(facts, "Login from: ").and_then(address);
        fact.assigned_ip = label(facts, "Private IP: ").and_then(address);
        fact.device = label(facts, "Device name: ").or_else(|| label(facts, "Machine name: "));
        fact.client = label(facts, "Client OS version: ");
        fact.method = label(facts, "Auth type: ").and_then(reason::method);
        fact.detail = label(facts, "Message: ");
        Some(fact.fail(label(facts, "Reason: ").unwrap_or_default()))
    }

    /// `authentication failed for user: ana on 192.0.2.1, vsys1`
    fn captive_portal(text: &'r str) -> Option<Self> {
        let (what, rest) = text.split_once(" for user: ")?;
        let (user, place) = rest.rsplit_once(" on ")?;
        let mut fact = Self::new(Activity::Logon, outcome_of(what));
        fact.user = Some(user.trim_matches('\''));
        fact.src_ip = address(place.split(',').next()?.trim());
        Some(fact.fail(what))
    }

    /// `ana via Web from 192.0.2.1 timed out`
    fn timed_out(text: &'r str) -> Option<Self> {
        let (user, way) =
            text.trim_end_matches('.').strip_suffix(" timed out")?.rsplit_once(" via ")?;
        Some(Self::new(Activity::Logoff, Some(Outcome::Success)).along(user, way))
    }

    /// `ana logged in via Web from 192.0.2.1 using https`
    fn administrator(text: &'r str) -> Option<Self> {
        let (user, way) = text.rsplit_once(" via ")?;
        let (user, activity) = match user.strip_suffix(" logged in") {
            Some(user) => (user, Activity::Logon),
            None => (user.strip_suffix(" logged out")?, Activity::Logoff),
        };
        Some(Self::new(activity, Some(Outcome::Success)).along(user, way))
    }

    /// Who, and the way in: `Web from 192.0.2.1 using https`, `CLI from Console`.
    fn along(mut self, user: &'r str, way: &'r str) -> Self {
        self.user = Some(user);
        let (door, from) = way.split_once(" from ").unwrap_or((way, ""));
        self.src_ip = address(from.split([' ', ',']).next().unwrap_or_default());
        self.client = Some(door);
        if door == "CLI" {
            let is_remote = self.src_ip.is_some_and(|it| !it.is_unspecified());
            self.service = if is_remote { Service::Ssh } else { Service::Local };
        }
        self
    }

    /// `config cleared by user ana`
    fn cleared(sentence: &'r str, text: &'r str) -> Option<Self> {
        let (_, user) = text.split_once(" cleared by user ")?;
        let mut fact = Self::new(Activity::Change, Some(Outcome::Success));
        fact.user = Some(user.trim());
        fact.detail = Some(sentence.trim());
        Some(fact)
    }

    /// `failed authentication for user 'ana'.  Reason: Invalid username/password. auth profile 'vpn', From: 192.0.2.1.`
    fn authentication(text: &'r str) -> Option<Self> {
        let (what, rest) = text.split_once(" for user '")?;
        let outcome = outcome_of(what).filter(|_| what.contains("uthenticat"))?;
        let (user, facts) = name_before_facts(rest)?;
        let mut fact = Self::new(Activity::Logon, Some(outcome));
        fact.user = Some(user);
        fact.method = reason::method(what);
        Some(fact.with_facts(facts))
    }

    /// `ana' failed authentication.  Reason: Invalid username/password From: 192.0.2.1.`, up to PAN-OS 7.0
    fn authentication_before_7_1(text: &'r str) -> Option<Self> {
        let failed = text.rsplit_once("' failed authentication");
        let (user, facts) = failed.or_else(|| text.rsplit_once("' authenticated"))?;
        let outcome = if failed.is_some() { Outcome::Failure } else { Outcome::Success };
        let mut fact = Self::new(Activity::Logon, Some(outcome));
        fact.user = Some(user);
        Some(fact.with_facts(facts))
    }

    /// `Reason: ... auth profile 'vpn', ..., auth protocol 'PAP', From: 192.0.2.1.`
    fn with_facts(mut self, facts: &'r str) -> Self {
        let (facts, from) = facts.rsplit_once("From: ").unwrap_or((facts, ""));
        self.src_ip = address(from.trim().trim_end_matches('.'));
        let protocol =
            facts.split_once("auth protocol '").and_then(|(_, it)| it.split('\'').next());
        self.method = self.method.or_else(|| protocol.and_then(reason::method));
        let why = facts.split_once("Reason: ").map_or(facts, |(_, it)| it);
        self.fail(why.split(" auth profile '").next().unwrap_or(why))
    }
}

/// `failed authentication`, `authentication succeeded`, `authenticated`: what happened.
fn outcome_of(what: &str) -> Option<Outcome> {
    if what.contains("fail") {
        return Some(Outcome::Failure);
    }
    let words = ["succe", "authenticated", "generated", "released", "connected"];
    words.iter().any(|it| what.contains(it)).then_some(Outcome::Success)
}

/// Cuts the name off the facts behind it, at the last place where they can begin.
fn name_before_facts(text: &str) -> Option<(&str, &str)> {
    let marks = ["Reason: ", "auth profile '", "From: "];
    let first = marks.iter().filter_map(|it| text.rfind(it)).min().unwrap_or(text.len());
    let (name, facts) = text.split_at_checked(first)?;
    Some((name.trim_end().trim_end_matches('.').strip_suffix('\'')?, facts))
}

/// The value of `name: value`, up to the next label or the end.
fn label<'r>(facts: &'r str, name: &str) -> Option<&'r str> {
    const LABELS: [&str; 14] = [
        "Source region: ",
        "User name: ",
        "Client OS version: ",
        "Client version: ",
        "Device name: ",
        "Machine name: ",
        "Private IP: ",
        "Reason: ",
        "Auth type: ",
        "VPN type: ",
        "Config name: ",
        "Time: ",
        "Message: ",
        "Comment: ",
    ];
    let (_, rest) = facts.split_once(name)?;
    let end = LABELS.iter().filter_map(|it| before_label(rest, it)).min();
    let value = rest.get(..end.unwrap_or(rest.len()))?.trim();
    let value = value.trim_end_matches(['.', ',']);
    (!value.is_empty()).then_some(value)
}

/// Where `, label` starts.
fn before_label(text: &str, label: &str) -> Option<usize> {
    let at = text.find(label)?;
    text.get(..at)?.ends_with(", ").then(|| at - 2)
}
