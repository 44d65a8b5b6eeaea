//! What an incident tells: its steps in plain words, in order.

use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
};

use doorwarden_model::{Activity, MfaResult, Outcome, Signal, Step};
use jiff::Timestamp;

use crate::{
    changes::changed,
    correlate::GAP,
    detector::Earlier,
    facts::Item,
    names::{AccountKey, Names},
};

/// Steps of a story.
const STORY: usize = 60;
/// Steps kept of accounts under suspicion.
const WATCHED: usize = 50_000;

/// What an account under suspicion did.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    pub(crate) account: AccountKey,
    /// The event.
    pub(crate) id: u128,
    pub(crate) step: Step,
}

impl Watched {
    /// The total order of steps: of two about one event the one that says more comes first.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let key = |it: &Self| (it.step.time, it.id, it.account, Reverse(it.step.what.len()));
        key(self).cmp(&key(other)).then_with(|| self.step.what.cmp(&other.step.what))
    }
}

/// The steps of accounts under suspicion.
#[derive(Debug, Default)]
pub(crate) struct Watch(Vec<Watched>);

impl Watch {
    /// Keeps what an account did, where that says something.
    pub(crate) fn see(&mut self, account: AccountKey, item: &Item<'_>) {
        if self.0.len() < WATCHED
            && let Some(step) = describe(item)
        {
            self.0.push(Watched { account, id: item.key.id, step });
        }
    }

    /// Keeps what accounts did in signals, in whatever order it comes.
    pub(crate) fn add(&mut self, mut told: Vec<Watched>) {
        told.sort_by(Watched::order);
        told.truncate(WATCHED.saturating_sub(self.0.len()));
        self.0.append(&mut told);
    }

    /// Takes all of them.
    pub(crate) fn take(&mut self) -> Vec<Watched> {
        std::mem::take(&mut self.0)
    }
}

/// What accounts did, by their names, in order and once each.
pub(crate) fn by_account(mut all: Vec<Watched>, names: &Names) -> BTreeMap<String, Vec<Watched>> {
    all.sort_by(Watched::order);
    let mut steps: BTreeMap<String, Vec<Watched>> = BTreeMap::new();
    for it in all {
        let Some(name) = names.display(it.account) else { continue };
        let of = steps.entry(name.to_owned()).or_default();
        if of.last().is_none_or(|last| last.id != it.id) {
            of.push(it);
        }
    }
    steps
}

/// The step of a sign-in that was no finding when it happened.
pub(crate) fn describe_earlier(earlier: &Earlier) -> Step {
    let from = earlier.ip.map_or_else(String::new, |it| format!(" from {it}"));
    let what = format!("{} signed in to {}{from}", earlier.name, earlier.service);
    Step { time: earlier.evidence.time, what }
}

/// One step of a story; nothing for what says little.
pub(crate) fn describe(item: &Item<'_>) -> Option<Step> {
    words(item).map(|what| Step { time: item.event.time, what })
}

/// What happened, in plain words.
fn words(item: &Item<'_>) -> Option<String> {
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
    steps: &BTreeMap<String, Vec<Watched>>,
    names: &Names,
    first: Timestamp,
) -> Vec<Step> {
    let said = signals.iter().map(|it| Step { time: it.told, what: it.reason.clone() });
    let mut story = told_once(said.collect());
    story.truncate(STORY);
    let last = signals.iter().map(|it| it.time).max().unwrap_or(first);
    let about = signals.iter().filter_map(|it| it.account.as_deref());
    let winners = signals.iter().flat_map(|it| &it.winners);
    let won = winners.filter_map(|it| names.display(AccountKey(*it)));
    let accounts: BTreeSet<&str> = about.chain(won).collect();
    let done = accounts.iter().filter_map(|it| steps.get(*it)).flatten().map(|it| &it.step);
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
