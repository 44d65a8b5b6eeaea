//! An incident in a few words: who, which door, from where, when, why. Terminal and page say the same.

use std::net::IpAddr;

use doorwarden_model::{Incident, Signal};
use jiff::Timestamp;

use super::{harmless::clipped, incident_json, words};
use crate::scan::Scan;

/// Characters shown of a name.
const NAME: usize = 64;
/// Characters shown of a sentence; it holds names as logged, which may be of any length.
const SENTENCE: usize = 600;

/// An incident in a few words; everything in it is harmless on a terminal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Digest {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) who: String,
    pub(crate) door: String,
    pub(crate) from: String,
    pub(crate) first: Timestamp,
    pub(crate) last: Timestamp,
    /// What happened, by the signal that weighs most.
    pub(crate) reason: String,
    /// What would be normal.
    pub(crate) baseline: String,
}

impl Digest {
    /// The words for `incident`.
    pub(crate) fn of(incident: &Incident, scan: &Scan) -> Self {
        let (first, last) = incident_json::span(incident);
        let top = incident_json::top(incident);
        let most =
            |total: fn(&Signal) -> u64| incident.signals.iter().map(total).max().unwrap_or(0);
        let users = incident_json::users(incident);
        let total = most(|it| it.users_total).max(users.len() as u64);
        let users: Vec<String> = users.into_iter().take(3).map(|it| clipped(it, NAME)).collect();
        let ips = incident_json::src_ips(incident);
        let ips_total = most(|it| it.src_ips_total).max(ips.len() as u64);
        let ips: Vec<String> = ips.into_iter().take(2).map(|it| address(it, scan)).collect();
        Self {
            id: incident.id.clone(),
            title: clipped(&incident.title, SENTENCE),
            who: words::listed(&users, 2, total),
            door: doors(incident),
            from: words::listed(&ips, 1, ips_total),
            first,
            last,
            reason: top.map_or_else(String::new, |it| sentence(&it.reason)),
            baseline: top.map_or_else(String::new, |it| sentence(&it.baseline)),
        }
    }

    /// When it began and ended, in UTC.
    pub(crate) fn when(&self) -> String {
        words::span(self.first, self.last)
    }
}

/// A sentence of a detector: harmless, of bounded length, with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut text = clipped(text.trim(), SENTENCE);
    if text.is_empty() {
        return text;
    }
    if !text.ends_with(['.', '!', '?', '…', ':']) {
        text.push('.');
    }
    text
}

/// The address, with its country where that is known.
fn address(ip: IpAddr, scan: &Scan) -> String {
    match scan.places.of(ip).and_then(|it| it.country_code()) {
        Some(country) => format!("{ip} ({country})"),
        None => ip.to_string(),
    }
}

/// `vpn asa1`, `rdp, vpn: asa1, dc1 and 3 more`.
fn doors(incident: &Incident) -> String {
    let mut services: Vec<&str> = Vec::new();
    let mut hosts: Vec<String> = Vec::new();
    for signal in &incident.signals {
        for service in &signal.services {
            if !services.contains(&service.word()) {
                services.push(service.word());
            }
        }
        for host in signal.hosts.iter().take(20).map(|it| clipped(it, NAME)) {
            if !hosts.contains(&host) && hosts.len() < 20 {
                hosts.push(host);
            }
        }
    }
    let services = services.join(", ");
    let colon = if 1 < hosts.len() { ":" } else { "" };
    match words::listed(&hosts, 2, hosts.len() as u64) {
        hosts if hosts.is_empty() => services,
        hosts => format!("{services}{colon} {hosts}"),
    }
}
