//! One incident as a JSON object, keys as docs/output.md has them.

use std::{collections::BTreeSet, net::IpAddr};

use doorwarden_model::{Evidence, EvidenceKind, Incident, Service, Signal};
use serde::Serialize;

use super::event_json::time;
use crate::scan::Scan;

/// Names and addresses shown per incident.
const SHOWN: usize = 200;
/// Records shown per signal.
const EVIDENCE: usize = 20;

#[derive(Serialize)]
struct IncidentShape<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
    risk: f64,
    first_seen: String,
    last_seen: String,
    users: Vec<&'a str>,
    users_total: u64,
    src_ips: Vec<IpAddr>,
    src_ips_total: u64,
    services: BTreeSet<Service>,
    hosts: Vec<&'a str>,
    hosts_total: u64,
    techniques: BTreeSet<&'static str>,
    history_days: u32,
    merged: &'a [String],
    story: Vec<StepShape<'a>>,
    signals: Vec<SignalShape<'a>>,
    quiet_if: &'static str,
    missing: BTreeSet<&'static str>,
}

#[derive(Serialize)]
struct StepShape<'a> {
    time: String,
    what: &'a str,
}

#[derive(Serialize)]
struct SignalShape<'a> {
    detector: &'static str,
    time: String,
    user: Option<&'a str>,
    src_ip: Option<IpAddr>,
    risk: f64,
    reason: &'a str,
    baseline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<EvidenceKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contributions: Vec<ContributionShape<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    if_known: Vec<WithoutShape>,
    evidence: Vec<EvidenceShape<'a>>,
}

/// A piece of evidence: in nats, with how often the person and the colleagues do that.
#[derive(Serialize)]
struct ContributionShape<'a> {
    kind: EvidenceKind,
    nats: f64,
    fact: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    person: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    colleagues: &'a str,
}

/// The score and its risk, had this fact been known, and those of the shapes before it.
#[derive(Serialize)]
struct WithoutShape {
    fact: String,
    score: f64,
    risk: f64,
}

/// A record by file and line, or file and record number.
#[derive(Serialize)]
struct EvidenceShape<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
}

/// A place in a file as JSON.
fn origin_shape(origin: doorwarden_model::Origin, scan: &Scan) -> EvidenceShape<'_> {
    EvidenceShape {
        file: scan.file(origin.file),
        line: (!origin.is_record).then_some(origin.line),
        record: origin.is_record.then_some(origin.line),
    }
}

/// Each value once, in the order of its first appearance.
fn once<T: PartialEq + Copy>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = Vec::new();
    for it in values {
        if seen.len() < SHOWN && !seen.contains(&it) {
            seen.push(it);
        }
    }
    seen
}

/// Names of an incident: accounts first, then names as logged; of each, those with a success first.
pub(crate) fn users(incident: &Incident) -> Vec<&str> {
    let (winners, others): (Vec<&Signal>, Vec<&Signal>) =
        incident.signals.iter().partition(|it| it.has_success);
    let accounts = winners.iter().chain(&others).filter_map(|it| it.account.as_deref());
    let bare = |it: &str| it.rsplit('\\').next().unwrap_or(it).to_lowercase();
    let mut found = once(accounts);
    let known: BTreeSet<String> = found.iter().map(|it| bare(it)).collect();
    for name in winners.iter().chain(&others).flat_map(|it| &it.users) {
        if found.len() < SHOWN && !known.contains(&bare(name)) && !found.contains(&name.as_str()) {
            found.push(name);
        }
    }
    found
}

/// Source addresses, those with a success first.
pub(crate) fn src_ips(incident: &Incident) -> Vec<IpAddr> {
    let winners = incident.signals.iter().filter(|it| it.has_success);
    let others = incident.signals.iter().filter(|it| !it.has_success);
    once(winners.chain(others).flat_map(|it| it.src_ips.iter().copied()))
}

fn evidence<'a>(all: &[Evidence], scan: &'a Scan) -> Vec<EvidenceShape<'a>> {
    all.iter().take(EVIDENCE).map(|it| origin_shape(it.origin, scan)).collect()
}

fn signal<'a>(it: &'a Signal, scan: &'a Scan) -> SignalShape<'a> {
    SignalShape {
        detector: it.detector,
        time: time(it.time),
        user: it.account.as_deref().or(it.users.first().map(String::as_str)),
        src_ip: it.src_ips.first().copied(),
        risk: it.risk,
        reason: &it.reason,
        baseline: &it.baseline,
        score: it.score,
        kinds: kinds(it),
        contributions: it
            .contributions
            .iter()
            .map(|it| ContributionShape {
                kind: it.kind,
                nats: it.nats,
                fact: &it.fact,
                person: &it.person,
                colleagues: &it.colleagues,
            })
            .collect(),
        if_known: super::weighed::without(it, scan)
            .into_iter()
            .map(|it| WithoutShape { fact: it.fact, score: it.score, risk: it.risk })
            .collect(),
        evidence: evidence(&it.evidence, scan),
    }
}

/// Kinds of evidence that speak against the owner, the strongest first.
fn kinds(signal: &Signal) -> Vec<EvidenceKind> {
    if signal.contributions.is_empty() {
        return vec![signal.kind];
    }
    let mut sums: Vec<(EvidenceKind, f64)> = Vec::new();
    for it in &signal.contributions {
        match sums.iter_mut().find(|(kind, _)| *kind == it.kind) {
            Some((_, sum)) => *sum += it.nats,
            None => sums.push((it.kind, it.nats)),
        }
    }
    sums.retain(|it| 0.5 <= it.1);
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    sums.into_iter().map(|it| it.0).collect()
}

/// First and last moment of an incident.
pub(crate) fn span(incident: &Incident) -> (jiff::Timestamp, jiff::Timestamp) {
    let first = incident.signals.iter().map(|it| it.since).min().unwrap_or_default();
    let evidence = incident.signals.iter().flat_map(|it| &it.evidence).map(|it| it.time);
    let last = incident.signals.iter().map(|it| it.time).chain(evidence).max().unwrap_or(first);
    (first, last)
}

/// The signal that weighs most.
pub(crate) fn top(incident: &Incident) -> Option<&Signal> {
    incident.signals.iter().rev().max_by_key(|it| it.tier)
}

/// The object as one line of text.
pub(crate) fn line(incident: &Incident, scan: &Scan) -> String {
    let (first, last) = span(incident);
    let hosts = once(incident.signals.iter().flat_map(|it| it.hosts.iter().map(String::as_str)));
    let (users, src_ips) = (users(incident), src_ips(incident));
    let most = |total: fn(&Signal) -> u64| incident.signals.iter().map(total).max().unwrap_or(0);
    let shape = IncidentShape {
        id: &incident.id,
        title: &incident.title,
        severity: incident.severity().word(),
        risk: incident.risk,
        first_seen: time(first),
        last_seen: time(last),
        users_total: most(|it| it.users_total).max(users.len() as u64),
        users,
        src_ips_total: most(|it| it.src_ips_total).max(src_ips.len() as u64),
        src_ips,
        services: incident.signals.iter().flat_map(|it| it.services.iter().copied()).collect(),
        hosts_total: hosts.len() as u64,
        hosts,
        techniques: incident.signals.iter().flat_map(|it| it.techniques.iter().copied()).collect(),
        history_days: incident.history_days,
        merged: &incident.merged,
        story: incident
            .story
            .iter()
            .map(|it| StepShape { time: time(it.time), what: &it.what })
            .collect(),
        signals: incident.signals.iter().map(|it| signal(it, scan)).collect(),
        quiet_if: top(incident).map_or("", |it| it.quiet_if),
        missing: incident.signals.iter().flat_map(|it| it.missing.iter().copied()).collect(),
    };
    super::json::text(&shape)
}
