//! Sign-ins and refusals by day, each on its own scale, with the days on which incidents began.

use std::collections::BTreeMap;

use askama::Template;
use doorwarden_model::Severity;
use jiff::Timestamp;

use super::chart::{Tick, ticks};
use crate::{
    output::{
        incident_json,
        words::{count, date},
    },
    scan::{Attempts, Filter, Scan},
};

/// Bars drawn; with more days, a bar stands for several.
const BARS: i64 = 120;
/// Width of the drawing, and height of each half.
const WIDE: i64 = 1_000;
const HIGH: u64 = 90;

/// A day, or several.
pub(super) struct Bar {
    x: i64,
    wide: i64,
    sign_ins: u64,
    refusals: u64,
    title: String,
}

/// Where incidents began.
pub(super) struct Mark {
    x: i64,
    severity: &'static str,
    title: String,
}

/// The drawing.
#[derive(Template)]
#[template(path = "report/days.html")]
pub(super) struct Days {
    bars: Vec<Bar>,
    marks: Vec<Mark>,
    ticks: Vec<Tick>,
    most_sign_ins: String,
    most_refusals: String,
    per_bar: i64,
}

impl Days {
    pub(super) fn new(scan: &Scan, filter: &Filter) -> Self {
        let days = &scan.overview.days;
        let first = days.keys().next().copied().unwrap_or(0);
        let last = days.keys().next_back().copied().unwrap_or(first);
        let per_bar = ((last - first) / BARS + 1).max(1);
        let mut sums: BTreeMap<i64, Attempts> = BTreeMap::new();
        for (day, attempts) in days {
            let sum = sums.entry((day - first) / per_bar).or_default();
            sum.sign_ins += attempts.sign_ins;
            sum.refusals += attempts.refusals;
        }
        let number = ((last - first) / per_bar + 1).max(1);
        let place = |at: i64| at * WIDE / number;
        let most = |it: fn(&Attempts) -> u64| sums.values().map(it).max().unwrap_or(0);
        let (most_in, most_out) = (most(|it| it.sign_ins), most(|it| it.refusals));
        let bars = sums.iter().map(|(at, it)| Bar {
            x: place(*at),
            wide: (place(at + 1) - place(*at) - 1).clamp(1, 24),
            sign_ins: height(it.sign_ins, most_in),
            refusals: height(it.refusals, most_out),
            title: format!(
                "{}: {} sign-ins, {} refused",
                days_of(first + at * per_bar, per_bar),
                count(it.sign_ins),
                count(it.refusals)
            ),
        });
        let end = (first + number * per_bar) * 86_400;
        Self {
            bars: bars.collect(),
            marks: marks(scan, filter, |day| place((day - first) / per_bar)),
            ticks: if days.is_empty() { Vec::new() } else { ticks(first * 86_400 - 1, end, 9) },
            most_sign_ins: count(most_in),
            most_refusals: count(most_out),
            per_bar,
        }
    }
}

/// At least one line high where there is anything.
fn height(number: u64, most: u64) -> u64 {
    if number == 0 { 0 } else { (number * HIGH / most.max(1)).max(1) }
}

fn days_of(first: i64, length: i64) -> String {
    let day = |it: i64| {
        let time = Timestamp::from_second(it * 86_400).unwrap_or_default();
        date(jiff::tz::TimeZone::UTC.to_datetime(time).date())
    };
    if length == 1 { day(first) } else { format!("{} – {}", day(first), day(first + length - 1)) }
}

/// A mark for each day with incidents, in the colour of the gravest.
fn marks(scan: &Scan, filter: &Filter, place: impl Fn(i64) -> i64) -> Vec<Mark> {
    let mut begun: BTreeMap<i64, (Severity, u64)> = BTreeMap::new();
    for incident in scan.shown(filter) {
        let day = incident_json::span(incident).0.as_second().div_euclid(86_400);
        let it = begun.entry(place(day)).or_insert((Severity::Low, 0));
        it.0 = it.0.max(incident.severity());
        it.1 += 1;
    }
    let marks = begun.into_iter().map(|(x, (severity, number))| Mark {
        x: x.clamp(0, WIDE),
        severity: severity.word(),
        title: match number {
            1 => format!("an incident began, {severity}"),
            _ => format!("{} incidents began, the gravest {severity}", count(number)),
        },
    });
    marks.collect()
}
