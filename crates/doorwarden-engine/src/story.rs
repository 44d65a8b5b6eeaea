//! What an incident tells: its steps in plain words, in order.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_model::{Activity, MfaResult, Outcome, Signal, Step};
use jiff::Timestamp;

use crate::{correlate::GAP, facts::Item, names::AccountKey};

/// Steps of a story.
const STORY: usize = 60;

/// What an account under suspicion did.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub(crate) account: AccountKey,
    pub(crate) step: Step,
}

/// One step of a story in plain words; nothing for what says little.
pub(crate) fn describe(item: &Item<'_>) -> Option<String> {
    let event = &item.event;
    let from = item.facts.src_ip.map_or_else(String::new, |ip| match item.place.country_code() {
        Some(country) => format!(" from {ip} ({country})"),
        None => format!(" from {ip}"),
    });
    let on = event.target.or(event.host).map_or_else(String::new, |it| format!(" on {it}"));
    let user = event.user.unwrap_or("(no name)");
    let service = event.service;
    if !item.facts.is_attempt {
        return None;
    }
    match (event.activity, event.outcome) {
        (Activity::Logon, Some(Outcome::Success)) => {
            Some(format!("{user} signed in to {service}{on}{from}"))
        }
        (Activity::Session, Some(Outcome::Success)) => {
            Some(format!("{user}: {service} session opened{on}{from}"))
        }
        (Activity::Mfa, _) => {
            let mfa = event.mfa.filter(|it| it.result != MfaResult::Challenge)?;
            Some(format!(
                "{user}: second factor {}{}{from}",
                mfa.result,
                mfa.method.map_or_else(String::new, |it| format!(" ({it})"))
            ))
        }
        (Activity::Account, _) => Some(format!(
            "{user}: {}{from}",
            event.detail.or(event.code).unwrap_or("account changed")
        )),
        (Activity::Change, _) => {
            Some(format!("{user} changed the door: {}{on}{from}", event.detail.or(event.code)?))
        }
        (Activity::Logon | Activity::Session | Activity::Logoff | Activity::Other, _) => None,
    }
}

/// The steps of an incident: what its signals say, and what their accounts did.
pub(crate) fn story(
    signals: &[Signal],
    steps: &BTreeMap<String, Vec<Step>>,
    first: Timestamp,
) -> Vec<Step> {
    let mut story: Vec<Step> =
        signals.iter().map(|it| Step { time: it.since, what: it.reason.clone() }).collect();
    let last = signals.iter().map(|it| it.time).max().unwrap_or(first);
    let accounts: BTreeSet<&str> = signals.iter().filter_map(|it| it.account.as_deref()).collect();
    for step in accounts.iter().filter_map(|it| steps.get(*it)).flatten() {
        let until = step.time.duration_since(last).as_secs();
        if first <= step.time && until <= GAP {
            story.push(step.clone());
        }
    }
    story.sort_by_key(|it| it.time);
    let mut story = told_once(story);
    story.truncate(STORY);
    story
}

/// What happened again and again is told once, with how often and until when.
fn told_once(steps: Vec<Step>) -> Vec<Step> {
    let mut told: Vec<(Step, u32, Timestamp)> = Vec::new();
    for step in steps {
        match told.iter_mut().find(|it| it.0.what == step.what) {
            Some(known) => {
                known.1 += 1;
                known.2 = step.time;
            }
            None => told.push((step.clone(), 1, step.time)),
        }
    }
    let again = |(mut step, times, until): (Step, u32, Timestamp)| {
        if 1 < times && step.time != until {
            let until = until.strftime("%Y-%m-%d %H:%M");
            step.what = format!("{} ({times} times until {until})", step.what);
        }
        step
    };
    told.into_iter().map(again).collect()
}
