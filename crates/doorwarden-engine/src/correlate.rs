//! Signals that belong to one attack become one incident with its story in order.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use doorwarden_model::{Contribution, EvidenceKind, Incident, Signal, Tier, hash64};
use jiff::Timestamp;

use crate::{
    detector::spoken,
    names::Names,
    story::{Watched, by_account, story},
};

/// Signals of one account, source, device, certificate or session lie at most this far apart, in seconds.
pub(crate) const GAP: i64 = 24 * 3_600;

/// The total order of signals.
pub(crate) fn signal_order(a: &Signal, b: &Signal) -> Ordering {
    let key = |it: &Signal| (it.since, it.time, it.detector, it.evidence.first().map(|it| it.id));
    key(a).cmp(&key(b)).then_with(|| a.account.cmp(&b.account)).then_with(|| a.links.cmp(&b.links))
}

/// Makes incidents, the highest risk first, and returns the signals that are too faint for one.
pub(crate) fn correlate(
    mut signals: Vec<Signal>,
    watched: Vec<Watched>,
    names: &Names,
    start: Option<Timestamp>,
) -> (Vec<Incident>, Vec<Signal>) {
    signals.sort_by(signal_order);
    let groups = group(&signals);
    let steps = by_account(watched, names);
    let mut parts: BTreeMap<usize, Vec<Signal>> = BTreeMap::new();
    for (signal, group) in signals.into_iter().zip(groups) {
        parts.entry(group).or_default().push(signal);
    }
    let is_loud = |it: &Vec<Signal>| it.iter().any(|it| Tier::Evidence < it.tier);
    let (loud, faint): (Vec<_>, Vec<_>) = parts.into_values().partition(is_loud);
    let mut incidents: Vec<Incident> =
        loud.into_iter().map(|it| incident(it, &steps, names, start)).collect();
    incidents.sort_by(|a, b| {
        b.risk
            .total_cmp(&a.risk)
            .then_with(|| first_seen(a).cmp(&first_seen(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
    (incidents, faint.concat())
}

fn first_seen(incident: &Incident) -> Option<Timestamp> {
    incident.signals.iter().map(|it| it.since).min()
}

/// The group of each signal: linked ones within a day share one.
fn group(signals: &[Signal]) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..signals.len()).collect();
    let mut last: BTreeMap<String, (i64, usize)> = BTreeMap::new();
    for (at, signal) in signals.iter().enumerate() {
        let account = signal.account.iter().map(|it| format!("account:{it}"));
        for link in account.chain(signal.links.iter().cloned()) {
            let end = signal
                .time
                .as_second()
                .max(signal.evidence.last().map_or(0, |it| it.time.as_second()));
            if let Some((until, other)) = last.get(&link).copied() {
                if signal.since.as_second() - until <= GAP {
                    join(&mut parent, at, other);
                }
                last.insert(link, (end.max(until), at));
            } else {
                last.insert(link, (end, at));
            }
        }
    }
    (0..signals.len()).map(|at| root(&mut parent, at)).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while let Some(&up) = parent.get(at) {
        if up == at {
            break;
        }
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(at) {
            *slot = above;
        }
        at = above;
    }
    at
}

fn join(parent: &mut [usize], one: usize, other: usize) {
    let (one, other) = (root(parent, one), root(parent, other));
    let (low, high) = (one.min(other), one.max(other));
    if let Some(slot) = parent.get_mut(high) {
        *slot = low;
    }
}

fn incident(
    signals: Vec<Signal>,
    steps: &BTreeMap<String, Vec<Watched>>,
    names: &Names,
    start: Option<Timestamp>,
) -> Incident {
    let first = signals.iter().map(|it| it.since).min().unwrap_or_default();
    let ids: Vec<String> = signals.iter().map(incident_id).collect();
    let id = ids.first().cloned().unwrap_or_default();
    let mut merged: Vec<String> = Vec::new();
    for (signal, other) in signals.iter().zip(&ids) {
        if Tier::Evidence < signal.tier
            && *other != id
            && !merged.contains(other)
            && merged.len() < 50
        {
            merged.push(other.clone());
        }
    }
    let history = start.map_or(0, |it| first.duration_since(it).as_hours() / 24);
    Incident {
        id,
        merged,
        title: title(&signals),
        risk: risk(&signals),
        history_days: u32::try_from(history).unwrap_or(0),
        story: story(&signals, steps, names, first),
        signals,
        expected: false,
    }
}

fn incident_id(signal: &Signal) -> String {
    let event = signal.evidence.iter().min().map_or(0, |it| it.id);
    let entity =
        signal.account.as_deref().or(signal.links.first().map(String::as_str)).unwrap_or_default();
    let seed = hash64(70, signal.detector.as_bytes()) ^ hash64(71, entity.as_bytes());
    format!("i-{:016x}", hash64(seed, &event.to_be_bytes()))
}

/// What the strongest score is worth with the other signals beside it, or the tier's lower bound plus the chain's steps.
fn risk(signals: &[Signal]) -> f64 {
    let steps = by_steps(signals);
    (by_score(signals).max(steps) * 10.0).round() / 10.0
}

/// A nat is worth so many points of risk: false incidents halve with each (docs/evaluation.md has the tail).
const POINTS: f64 = 6.0;
/// What a kind of signal adds to another one's score, of its own worth in nats.
const SHARE: f64 = 0.35;

/// The highest score, with a share of what the other kinds of signal are worth.
fn by_score(signals: &[Signal]) -> f64 {
    let Some(top) =
        signals.iter().filter(|it| it.score.is_some()).max_by(|a, b| a.risk.total_cmp(&b.risk))
    else {
        return 0.0;
    };
    let mut others: BTreeMap<&str, f64> = BTreeMap::new();
    for it in signals.iter().filter(|it| it.detector != top.detector) {
        let nats = match it.tier {
            Tier::Evidence => 1.5,
            Tier::Digest => 2.0,
            Tier::Queue => 5.0,
            Tier::Page => 8.0,
        };
        let worth = others.entry(it.detector).or_default();
        *worth = worth.max(nats);
    }
    let more = others.values().sum::<f64>() + further_kinds(top, signals);
    (top.risk + POINTS * SHARE * more).min(99.9)
}

/// What other sign-ins of the account say against its owner that the strongest one does not: of each kind the most.
fn further_kinds(top: &Signal, signals: &[Signal]) -> f64 {
    let speaks = |it: &&Contribution| 1.0 <= it.nats;
    let known: Vec<_> = top.contributions.iter().filter(speaks).map(|it| it.kind).collect();
    let mut kinds: BTreeMap<EvidenceKind, f64> = BTreeMap::new();
    let own = signals.iter().filter(|it| it.account == top.account);
    for it in own.flat_map(|it| &it.contributions).filter(speaks) {
        if !known.contains(&it.kind) {
            let most = kinds.entry(it.kind).or_default();
            *most = most.max(it.nats);
        }
    }
    kinds.values().sum()
}

/// The tier's lower bound plus the chain's steps.
fn by_steps(signals: &[Signal]) -> f64 {
    let top = signals.iter().map(|it| it.tier).max().unwrap_or_default();
    let mut kinds: BTreeMap<&str, Tier> = BTreeMap::new();
    for signal in signals {
        let known = kinds.entry(signal.detector).or_insert(signal.tier);
        *known = (*known).max(signal.tier);
    }
    let others = |tier: Tier| {
        kinds.values().filter(|it| **it == tier).count().saturating_sub(usize::from(tier == top))
    };
    let count = |tier: Tier| f64::from(u32::try_from(others(tier)).unwrap_or(u32::MAX));
    let steps = match top {
        Tier::Page => {
            5.0 * count(Tier::Page)
                + 4.0 * count(Tier::Queue)
                + 1.5 * (count(Tier::Digest) + count(Tier::Evidence))
        }
        Tier::Queue => {
            8.0 * count(Tier::Queue) + 3.0 * count(Tier::Digest) + 2.0 * count(Tier::Evidence)
        }
        Tier::Digest | Tier::Evidence => 3.0 * (count(Tier::Digest) + count(Tier::Evidence)),
    };
    let cap = match top {
        Tier::Page => 99.9,
        Tier::Queue => 92.0,
        Tier::Digest => 59.0,
        Tier::Evidence => 29.0,
    };
    (top.risk() + steps).min(cap)
}

fn title(signals: &[Signal]) -> String {
    let Some(top) =
        signals.iter().max_by(|a, b| a.tier.cmp(&b.tier).then_with(|| signal_order(b, a)))
    else {
        return String::new();
    };
    let what = spoken(top.detector);
    let accounts: BTreeSet<&str> = signals.iter().filter_map(|it| it.account.as_deref()).collect();
    let whom = match accounts.len() {
        0 => top.src_ips.first().map_or_else(String::new, |it| format!(" from {it}")),
        1..=3 => format!(": {}", accounts.iter().copied().collect::<Vec<_>>().join(", ")),
        more => format!(": {more} accounts"),
    };
    let services: BTreeSet<&str> =
        signals.iter().flat_map(|it| &it.services).map(|it| it.word()).collect();
    let doors: Vec<&str> = services.into_iter().collect();
    let doors = if doors.is_empty() { String::new() } else { format!(" ({})", doors.join(", ")) };
    format!("{what}{whom}{doors}")
}
