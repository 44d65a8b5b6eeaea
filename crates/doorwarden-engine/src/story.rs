//! What an incident tells: its steps in plain words, in order.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_model::{Activity, MfaResult, Outcome, Signal, Step};
use jiff::Timestamp;

use crate::{changes::changed, correlate::GAP, facts::Item, names::AccountKey};

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
        (Activity::Account, _) => {
            let by = event.actor.filter(|it| *it != user);
            let by = by.map_or_else(String::new, |it| format!(" by {it}"));
            Some(format!("{user}: {}{by}{from}", changed(event)))
        }
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
    let said = signals.iter().map(|it| Step { time: it.told, what: it.reason.clone() });
    let mut story = told_once(said.collect());
    story.truncate(STORY);
    let last = signals.iter().map(|it| it.time).max().unwrap_or(first);
    let accounts: BTreeSet<&str> = signals.iter().filter_map(|it| it.account.as_deref()).collect();
    let done = accounts.iter().filter_map(|it| steps.get(*it)).flatten();
    let is_near = |it: &&Step| first <= it.time && it.time.duration_since(last).as_secs() <= GAP;
    let mut done = told_once(done.filter(is_near).cloned().collect());
    done.truncate(STORY - story.len());
    story.extend(done);
    story.sort_by_key(|it| it.time);
    story
}

/// The steps in order; what happened again and again is told once, with how often and until when.
fn told_once(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(|it| it.time);
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
            let is_same_day = day(step.time) == day(until);
            let until = until.strftime(if is_same_day { "%H:%M" } else { "%Y-%m-%d %H:%M" });
            step.what = format!("{} ({times} times until {until})", step.what);
        }
        step
    };
    told.into_iter().map(again).collect()
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(86_400)
}
