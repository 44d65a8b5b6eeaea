//! One incident in full: its story, the reasons with the normal beside each, the records that show them.

use std::collections::BTreeSet;

use askama::Template;
use doorwarden_engine::spoken;
use doorwarden_model::{Incident, Signal};

use super::{
    escape::prose, people, sessions::SessionLine, techniques, timeline::Timeline, weighed::Weighed,
    world::network,
};
use crate::{
    output::{
        digest::{Digest, sentence},
        harmless::clipped,
        incident_json,
        words::{clock, count, counted, long_day, moment},
    },
    scan::Scan,
};

/// Steps of the story, reasons, records per reason, addresses.
const STEPS: usize = 30;
const REASONS: usize = 8;
const RECORDS: usize = 6;
const ADDRESSES: usize = 8;
/// Sums of evidence told in full, and people.
const WEIGHED: usize = 2;
const PEOPLE: usize = 8;
/// Characters of a file's name.
const FILE: usize = 120;

/// A step of the story; the day is said where it is another one than before.
pub(super) struct StoryStep {
    day: Option<String>,
    clock: String,
    machine: String,
    what: String,
}

/// Why the incident stands out.
pub(super) struct Reason {
    detector: String,
    weight: &'static str,
    what: String,
    baseline: String,
    records: Vec<String>,
    more_records: usize,
}

/// An address and what is known of it.
pub(super) struct Address {
    ip: String,
    note: String,
}

/// One incident in full.
#[derive(Template)]
#[template(path = "report/incident.html")]
pub(super) struct Card {
    pub(super) digest: Digest,
    /// Why, in a sentence, while the card is folded.
    gist: String,
    when: String,
    severity: &'static str,
    risk: String,
    pub(super) is_open: bool,
    timeline: Timeline,
    story: Vec<StoryStep>,
    more_steps: usize,
    reasons: Vec<Reason>,
    more_reasons: usize,
    weighed: Vec<Weighed>,
    more_weighed: usize,
    people: Vec<(String, String)>,
    more_people: String,
    addresses: Vec<Address>,
    more_addresses: String,
    techniques: Vec<(&'static str, &'static str)>,
    quiet_if: String,
    missing: Vec<&'static str>,
    history: String,
    merged: String,
}

impl Card {
    pub(super) fn new(incident: &Incident, sessions: &[&SessionLine], scan: &Scan) -> Self {
        let digest = Digest::of(incident, scan);
        let ips = incident_json::src_ips(incident);
        let total = incident.signals.iter().map(|it| it.src_ips_total).max().unwrap_or(0);
        let ids: BTreeSet<&str> =
            incident.signals.iter().flat_map(|it| it.techniques.iter().copied()).collect();
        let missing: BTreeSet<&str> =
            incident.signals.iter().flat_map(|it| it.missing.iter().copied()).collect();
        let people = named(incident, scan);
        let weighed = weighed(incident);
        Self {
            gist: prose(&digest.reason),
            when: digest.when(),
            digest,
            severity: incident.severity().word(),
            risk: format!("{:.1}", incident.risk),
            is_open: false,
            timeline: Timeline::new(incident, sessions, scan),
            story: story(incident),
            more_steps: incident.story.len().saturating_sub(STEPS),
            reasons: reasons(incident, scan),
            more_reasons: incident.signals.len().saturating_sub(REASONS),
            more_weighed: weighed.len().saturating_sub(WEIGHED),
            weighed: weighed
                .into_iter()
                .take(WEIGHED)
                .filter_map(|it| Weighed::new(it, scan))
                .collect(),
            more_people: more(people.len() as u64, PEOPLE),
            people: people
                .into_iter()
                .take(PEOPLE)
                .map(|it| (people::anchor(it), clipped(it, 64)))
                .collect(),
            addresses: ips.iter().take(ADDRESSES).map(|it| address(*it, scan)).collect(),
            more_addresses: more(total.max(ips.len() as u64), ips.len().min(ADDRESSES)),
            techniques: ids.into_iter().map(|it| (it, techniques::name(it))).collect(),
            quiet_if: incident_json::top(incident)
                .map_or_else(String::new, |it| prose(it.quiet_if)),
            missing: missing.into_iter().collect(),
            history: history(incident.history_days),
            merged: merged(incident.merged.len()),
        }
    }
}

/// The signals that are a sum of evidence, the highest risk first.
fn weighed(incident: &Incident) -> Vec<&Signal> {
    let mut all: Vec<&Signal> = incident.signals.iter().filter(|it| it.score.is_some()).collect();
    all.sort_by(|a, b| b.risk.total_cmp(&a.risk));
    all
}

/// The accounts that have a page.
fn named<'a>(incident: &'a Incident, scan: &Scan) -> Vec<&'a str> {
    let names = incident.signals.iter().filter_map(|it| it.account.as_deref());
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().filter(|it| scan.people.of(it).is_some()).collect()
}

fn merged(number: usize) -> String {
    match number {
        0 => String::new(),
        _ => format!("It joins {} of one attack.", counted(number as u64, "further signal")),
    }
}

fn history(days: u32) -> String {
    match days {
        0 => "It stands at the very beginning of the logs: there was little to compare it with."
            .to_owned(),
        _ => format!("{} of log before it.", counted(u64::from(days), "day")),
    }
}

fn story(incident: &Incident) -> Vec<StoryStep> {
    let mut before = None;
    let steps = incident.story.iter().take(STEPS).map(|it| {
        let day = long_day(it.time);
        let is_new = before.as_ref() != Some(&day);
        if is_new {
            before = Some(day.clone());
        }
        StoryStep {
            day: is_new.then_some(day),
            clock: clock(it.time),
            machine: moment(it.time),
            what: prose(&sentence(&it.what)),
        }
    });
    steps.collect()
}

/// The weightiest signals, in order of time.
fn reasons(incident: &Incident, scan: &Scan) -> Vec<Reason> {
    let mut ranked: Vec<(usize, &Signal)> = incident.signals.iter().enumerate().collect();
    ranked.sort_by_key(|it| (std::cmp::Reverse(it.1.tier), it.0));
    ranked.truncate(REASONS);
    ranked.sort_by_key(|it| it.0);
    ranked.into_iter().map(|it| reason(it.1, scan)).collect()
}

fn reason(signal: &Signal, scan: &Scan) -> Reason {
    Reason {
        detector: spoken(signal.detector),
        weight: signal.tier.word(),
        what: prose(&sentence(&signal.reason)),
        baseline: prose(&sentence(&signal.baseline)),
        records: records(signal, scan),
        more_records: signal.evidence.len().saturating_sub(RECORDS),
    }
}

/// Where the first records are; the file is said once where several lines of it follow one another.
fn records(signal: &Signal, scan: &Scan) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    let mut before = None;
    for it in signal.evidence.iter().take(RECORDS).map(|it| it.origin) {
        let kind = if it.is_record { "#" } else { "" };
        match records.last_mut() {
            Some(last) if before == Some(it.file) => *last = format!("{last}, {kind}{}", it.line),
            _ => records.push(format!("{}:{kind}{}", clipped(scan.file(it.file), FILE), it.line)),
        }
        before = Some(it.file);
    }
    records
}

fn address(ip: std::net::IpAddr, scan: &Scan) -> Address {
    let note = scan.places.of(ip).map_or_else(String::new, |it| {
        let country = it.country_code().map(|it| super::countries::name(it).to_owned());
        let holder = it.asn.map(|asn| {
            let holder = it.holder.as_deref().map_or_else(String::new, |it| clipped(it, 60));
            format!("AS{asn} {holder}").trim_end().to_owned()
        });
        let city = it.city.as_deref().map(|it| clipped(it, 60));
        let kind = it.network.map(|it| network(it).to_owned());
        [city, country, holder, kind].into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    Address { ip: ip.to_string(), note }
}

/// How many are left out, in words; empty where none is.
fn more(total: u64, shown: usize) -> String {
    match total.saturating_sub(shown as u64) {
        0 => String::new(),
        more => count(more),
    }
}
