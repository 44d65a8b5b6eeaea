//! Incidents that are about no attack: how many a day, how loud, and what caused them.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_model::Severity;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    Run,
    figures::{poisson, quantile, ratio, real, rounded},
    matching,
    truth::Benign,
};

/// Changes of the whole organisation, in whose weeks false incidents are counted apart: the word by which a kind is known,
/// without hyphens.
const UPHEAVALS: [(&str, &str); 3] =
    [("merger", "merger"), ("isp-change", "ispchange"), ("rollout", "rollout")];
/// What happens to fewer people is no change of the organisation.
const UPHEAVED: usize = 5;
/// Days that such a change goes on at least.
const WEEK: usize = 7;
/// Of incidents whose accounts nothing happened to.
const UNKNOWN: &str = "none known";

/// An incident that is about no attack.
#[derive(Debug)]
pub(super) struct Harmless<'a> {
    pub(super) risk: f64,
    severity: Severity,
    /// Number of the run, and of the day in it.
    day: (usize, usize),
    cause: &'a str,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Tally<'a> {
    /// Of every severity.
    pub(super) harmless: Vec<Harmless<'a>>,
    /// Medium and above, and about a penetration test.
    pentests: usize,
}

/// Figures of those that somebody looks at.
#[derive(Debug, Serialize)]
pub(super) struct FalseIncidents {
    #[serde(flatten)]
    pub(super) all: Rate,
    pub(super) per_1000_people_and_day: f64,
    /// The day that 95 % of days do not exceed, and the worst.
    pub(super) p95_day: f64,
    pub(super) worst_day: f64,
    pub(super) by_severity: Vec<Class>,
    pub(super) by_cause: Vec<Class>,
    /// Not counted as false.
    pub(super) pentest: usize,
    pub(super) weeks: Vec<Class>,
}

/// A number of false incidents, and how many that is for 10,000 people and day, with Poisson's interval of 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Rate {
    pub(super) incidents: usize,
    pub(super) per_10000_people_and_day: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// The false incidents of one kind.
#[derive(Debug, Serialize)]
pub(super) struct Class {
    pub(super) class: String,
    #[serde(flatten)]
    pub(super) rate: Rate,
}

impl Rate {
    /// `incidents` over `people_days`.
    pub(super) fn new(incidents: usize, people_days: f64) -> Self {
        let of = |count: f64| ratio(count * 10_000.0, people_days);
        let (low, high) = poisson(incidents);
        Self {
            incidents,
            per_10000_people_and_day: of(real(incidents)),
            low: of(low),
            high: of(high),
        }
    }

    /// For 10,000 people and day; where nothing was seen, the most that this may still be.
    pub(super) fn cautious(self) -> f64 {
        if self.incidents == 0 { self.high } else { self.per_10000_people_and_day }
    }
}

/// People times days, without those of learning.
pub(super) fn people_days(runs: &[Run]) -> f64 {
    runs.iter().map(|it| f64::from(it.truth.people) * real(days(it).len())).sum()
}

fn days(run: &Run) -> std::ops::Range<usize> {
    let number = |it: u32| usize::try_from(it).unwrap_or(usize::MAX);
    number(run.learning_days)..number(run.truth.days)
}

/// The day of `time`, counted from the first; times outside belong to the first or last.
fn day(run: &Run, time: Timestamp) -> usize {
    let since = time.duration_since(run.truth.start).max(SignedDuration::ZERO);
    let day = usize::try_from(since.as_secs() / 86_400).unwrap_or(usize::MAX);
    day.min(days(run).end.saturating_sub(1))
}

impl<'a> Tally<'a> {
    /// Counts what is about no attack.
    pub(super) fn of(runs: &'a [Run]) -> Self {
        let mut tally = Self { harmless: Vec::new(), pentests: 0 };
        for (nr, run) in runs.iter().enumerate() {
            for it in run.incidents.iter().filter(|it| !matching::is_true(&run.truth, it)) {
                let day = day(run, it.begin());
                if !days(run).contains(&day) {
                    continue;
                }
                if matching::is_pentest(run, it) {
                    tally.pentests += usize::from(it.is_told());
                    continue;
                }
                tally.harmless.push(Harmless {
                    risk: it.risk,
                    severity: it.severity(),
                    day: (nr, day),
                    cause: matching::cause(&run.truth, it).unwrap_or(UNKNOWN),
                });
            }
        }
        tally
    }

    fn told(&self) -> impl Iterator<Item = &Harmless<'a>> {
        self.harmless.iter().filter(|it| Severity::Medium <= it.severity)
    }

    /// The figures.
    pub(super) fn figures(&self, runs: &[Run]) -> FalseIncidents {
        let people_days = people_days(runs);
        let all = Rate::new(self.told().count(), people_days);
        let by_day = self.by_day(runs);
        FalseIncidents {
            all,
            per_1000_people_and_day: ratio(real(all.incidents) * 1_000.0, people_days),
            p95_day: quantile(&by_day, 95).map_or(0.0, rounded),
            worst_day: quantile(&by_day, 100).map_or(0.0, rounded),
            by_severity: self.by_severity(people_days),
            by_cause: self.by_cause(people_days),
            pentest: self.pentests,
            weeks: self.weeks(runs),
        }
    }

    /// For 10,000 people, of each day of each run, sorted.
    fn by_day(&self, runs: &[Run]) -> Vec<f64> {
        let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for it in self.told() {
            *counts.entry(it.day).or_default() += 1;
        }
        let mut rates = Vec::new();
        for (nr, run) in runs.iter().enumerate() {
            let count = |day| counts.get(&(nr, day)).copied().unwrap_or(0);
            let people = f64::from(run.truth.people);
            rates.extend(days(run).map(|day| real(count(day)) * 10_000.0 / people));
        }
        rates.sort_by(f64::total_cmp);
        rates
    }

    fn by_severity(&self, people_days: f64) -> Vec<Class> {
        let of = |severity: Severity| Class {
            class: severity.word().to_owned(),
            rate: Rate::new(
                self.harmless.iter().filter(|it| it.severity == severity).count(),
                people_days,
            ),
        };
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low].map(of).into()
    }

    /// The most frequent first.
    fn by_cause(&self, people_days: f64) -> Vec<Class> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for it in self.told() {
            *counts.entry(it.cause).or_default() += 1;
        }
        let mut causes: Vec<(&str, usize)> = counts.into_iter().collect();
        causes.sort_by_key(|it| std::cmp::Reverse(it.1));
        let class = |(cause, count): (&str, usize)| Class {
            class: cause.to_owned(),
            rate: Rate::new(count, people_days),
        };
        causes.into_iter().map(class).collect()
    }

    /// In weeks in which the organisation changed, and in all others.
    fn weeks(&self, runs: &[Run]) -> Vec<Class> {
        let mut quiet: BTreeSet<(usize, usize)> = all_days(runs);
        let mut classes = Vec::new();
        for (class, word) in UPHEAVALS {
            let upheaved = upheaved(runs, word);
            quiet.retain(|it| !upheaved.contains(it));
            if !upheaved.is_empty() {
                classes.push(self.on(class, &upheaved, runs));
            }
        }
        classes.push(self.on("other weeks", &quiet, runs));
        classes
    }

    fn on(&self, class: &str, days: &BTreeSet<(usize, usize)>, runs: &[Run]) -> Class {
        let people = |nr: usize| runs.get(nr).map_or(0.0, |it| f64::from(it.truth.people));
        let people_days = days.iter().map(|it| people(it.0)).sum();
        let count = self.told().filter(|it| days.contains(&it.day)).count();
        Class { class: class.to_owned(), rate: Rate::new(count, people_days) }
    }
}

fn all_days(runs: &[Run]) -> BTreeSet<(usize, usize)> {
    runs.iter().enumerate().flat_map(|(nr, run)| days(run).map(move |day| (nr, day))).collect()
}

/// Days in which a change of the organisation of this kind went on.
fn upheaved(runs: &[Run], word: &str) -> BTreeSet<(usize, usize)> {
    let mut found = BTreeSet::new();
    for (nr, run) in runs.iter().enumerate() {
        for it in run.truth.benign.iter().filter(|it| is_upheaval(it, word)) {
            let (first, last) = (day(run, it.from), day(run, it.to));
            let last = last.max(first + WEEK - 1);
            let lasting = days(run).filter(|it| (first..=last).contains(it));
            found.extend(lasting.map(|it| (nr, it)));
        }
    }
    found
}

fn is_upheaval(benign: &Benign, word: &str) -> bool {
    let is_large = benign.is_everybodys() || UPHEAVED <= benign.accounts.len();
    is_large && benign.kind.replace(['-', '_', ' '], "").contains(word)
}
