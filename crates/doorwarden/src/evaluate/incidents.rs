//! Incidents as a scan writes them, with what is compared: times, risk, bare names, addresses.

use std::{
    collections::{BTreeSet, HashSet},
    net::IpAddr,
};

use anyhow::Context as _;
use doorwarden_model::Severity;
use jiff::Timestamp;
use serde::Deserialize;

/// An incident on more people than this says nothing about one of them: it counts for an account only where one of its
/// signals is about that account.
const CROWD: usize = 20;

/// An incident.
#[derive(Debug)]
pub(super) struct Incident {
    pub(super) risk: f64,
    /// First and last record.
    pub(super) span: Spread,
    /// In the order of the file.
    pub(super) signals: Vec<Signal>,
    /// Everybody whom it is about, unless these are too many.
    pub(super) accounts: BTreeSet<String>,
    pub(super) sources: BTreeSet<String>,
}

/// A signal of an incident.
#[derive(Debug)]
pub(super) struct Signal {
    pub(super) time: Timestamp,
    pub(super) user: Option<String>,
    pub(super) source: Option<String>,
    risk: f64,
    /// Kinds of evidence, strongest first.
    kinds: Vec<String>,
}

/// A length of time with both of its ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    from: Timestamp,
    to: Timestamp,
}

impl Spread {
    /// From `from` to `to`.
    pub(super) const fn new(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to }
    }

    /// Whether `time` lies in it.
    pub(super) fn has(self, time: Timestamp) -> bool {
        self.from <= time && time <= self.to
    }

    /// Whether the two have a moment in common.
    pub(super) fn meets(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

#[derive(Deserialize)]
struct Written {
    risk: f64,
    first_seen: Timestamp,
    last_seen: Timestamp,
    users: Vec<String>,
    src_ips: Vec<String>,
    signals: Vec<WrittenSignal>,
}

#[derive(Deserialize)]
struct WrittenSignal {
    time: Timestamp,
    user: Option<String>,
    src_ip: Option<String>,
    risk: f64,
    #[serde(default)]
    kinds: Vec<String>,
}

/// Reads incidents, one a line.
pub(super) fn read(text: &str) -> anyhow::Result<Vec<Incident>> {
    let lines = text.lines().enumerate().filter(|it| !it.1.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        let written: Written =
            serde_json::from_str(line).with_context(|| format!("line {}", at + 1))?;
        Ok(Incident::of(written))
    };
    lines.map(read).collect()
}

/// A name without its realm, in lower case: how names of incidents and of the truth are compared.
pub(super) fn bare(name: &str) -> String {
    let name = name.rsplit('\\').next().unwrap_or(name);
    name.split('@').next().unwrap_or(name).trim().to_lowercase()
}

/// An address as it is compared: of the ways to write an IPv6 address the shortest.
pub(super) fn source(text: &str) -> String {
    let text = text.trim();
    text.parse().map_or_else(|_| text.to_lowercase(), |it: IpAddr| it.to_canonical().to_string())
}

impl Incident {
    fn of(written: Written) -> Self {
        let signals: Vec<Signal> = written.signals.into_iter().map(Signal::of).collect();
        let own = signals.iter().filter_map(|it| it.user.clone());
        let mut accounts: BTreeSet<String> = own.collect();
        if written.users.len() <= CROWD {
            accounts.extend(written.users.iter().map(|it| bare(it)));
        }
        let mut sources: BTreeSet<String> = written.src_ips.iter().map(|it| source(it)).collect();
        sources.extend(signals.iter().filter_map(|it| it.source.clone()));
        Self {
            risk: written.risk,
            span: Spread::new(written.first_seen, written.last_seen),
            signals,
            accounts,
            sources,
        }
    }

    /// Whether it is loud enough that somebody looks at it.
    pub(super) fn is_told(&self) -> bool {
        Severity::Medium <= self.severity()
    }

    /// Follows from the risk.
    pub(super) fn severity(&self) -> Severity {
        Severity::of(self.risk)
    }

    /// When it was first told: its earliest signal.
    pub(super) fn begin(&self) -> Timestamp {
        self.signals.iter().map(|it| it.time).min().unwrap_or(self.span.from)
    }

    /// Its signals' times, and its first and last record.
    pub(super) fn moments(&self) -> impl Iterator<Item = Timestamp> {
        let ends = [self.span.from, self.span.to];
        self.signals.iter().map(|it| it.time).chain(ends)
    }

    /// The two strongest kinds of evidence: those of the signals, the riskiest first.
    pub(super) fn reasons(&self) -> Vec<&str> {
        let mut signals: Vec<&Signal> = self.signals.iter().collect();
        signals.sort_by(|a, b| b.risk.total_cmp(&a.risk));
        let mut seen = HashSet::new();
        let kinds = signals.into_iter().flat_map(|it| &it.kinds).map(String::as_str);
        kinds.filter(|it| seen.insert(*it)).take(2).collect()
    }
}

impl Signal {
    fn of(written: WrittenSignal) -> Self {
        Self {
            time: written.time,
            user: written.user.as_deref().map(bare),
            source: written.src_ip.as_deref().map(source),
            risk: written.risk,
            kinds: written.kinds,
        }
    }
}
