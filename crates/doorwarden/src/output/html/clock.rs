//! A person's hours: work days and rest days on the person's own clock, the sign-ins of the incident marked on them.

use std::collections::BTreeMap;

use askama::Template;

use super::chart::STEPS;
use crate::{
    output::{harmless::clipped, words::moment},
    scan::PersonNote,
};

/// Distance of the fields; the labels stand left of and above them. The numbers in the template follow from these.
const WIDE: usize = 30;
const HIGH: usize = 26;
const LEFT: usize = 84;
const TOP: usize = 22;

/// A sign-in of the incident.
pub(super) struct Mark {
    x: usize,
    y: usize,
    title: String,
}

/// The hours.
#[derive(Template)]
#[template(path = "report/clock.html")]
pub(super) struct Clock {
    pub(super) zone: String,
    /// Outlines of the fields of each step of colour but the lowest, as one path.
    fields: Vec<(u64, String)>,
    marks: Vec<Mark>,
    usual: String,
}

impl Clock {
    pub(super) fn new(note: &PersonNote) -> Self {
        let person = &note.person;
        let eighths = person.hours.map(eighths);
        let most = eighths.iter().copied().max().unwrap_or(0);
        let mut fields: BTreeMap<u64, String> = BTreeMap::new();
        for (bin, number) in eighths.into_iter().enumerate().filter(|it| 0 < it.1) {
            let path = fields.entry((number * STEPS).div_ceil(most.max(1))).or_default();
            path.push_str(&field(bin));
        }
        let mut marks: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for it in &note.marked {
            marks.entry(it.hour).or_default().push(moment(it.time));
        }
        let mark = |(bin, times): (usize, Vec<String>)| {
            let (x, y) = place(bin);
            Mark { x: x + 13, y: y + 11, title: times.join(", ") }
        };
        Self {
            zone: clipped(&person.zone, 60),
            fields: fields.into_iter().collect(),
            marks: marks.into_iter().map(mark).collect(),
            usual: usual(&eighths),
        }
    }
}

/// What lies below the fields of every person, once on the page: empty fields, and the hours over them.
pub(super) fn empty() -> (String, Vec<(usize, String)>) {
    let hours = (0..24).step_by(3).map(|it| (LEFT + it * WIDE, format!("{it:02}")));
    ((0..48).map(field).collect(), hours.collect())
}

fn field(bin: usize) -> String {
    let (x, y) = place(bin);
    format!("M{x} {y}h27v23h-27z")
}

fn place(bin: usize) -> (usize, usize) {
    (LEFT + bin % 24 * WIDE, TOP + bin / 24 * HIGH)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of sign-ins are small and not negative"
)]
fn eighths(count: f32) -> u64 {
    (count.max(0.0) * 8.0) as u64
}

/// The hour with the most sign-ins, in words.
fn usual(hours: &[u64; 48]) -> String {
    let most = hours.iter().copied().max().unwrap_or(0);
    match hours.iter().position(|it| 0 < most && *it == most) {
        None => "No hour is known yet.".to_owned(),
        Some(bin) => {
            let days = if bin < 24 { "work days" } else { "rest days" };
            let hour = bin % 24;
            format!("Most often {hour:02}:00–{:02}:00 on {days}.", hour + 1)
        }
    }
}
