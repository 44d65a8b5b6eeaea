//! A scored signal: what speaks for an attacker and what for the owner, and what would have made it quiet.

use askama::Template;
use doorwarden_model::{Contribution, Severity, Signal};

use super::{escape::prose, people};
use crate::{
    output::{
        digest::sentence,
        harmless::clipped,
        weighed,
        words::{counted, date, moment},
    },
    scan::Scan,
};

/// Contributions shown.
const PARTS: usize = 12;
/// Half the width of a bar's drawing, and the nats that fill it: the most that one fact is worth.
const HALF: u32 = 100;
const FULL: f64 = 7.5;

/// A piece of evidence.
pub(super) struct Part {
    nats: String,
    class: &'static str,
    x: u32,
    wide: u32,
    fact: String,
    person: String,
    colleagues: String,
}

/// The score without one more of its strongest facts.
pub(super) struct Step {
    fact: String,
    score: String,
    risk: String,
    severity: &'static str,
}

/// A scored signal.
#[derive(Template)]
#[template(path = "report/weighed.html")]
pub(super) struct Weighed {
    head: String,
    score: String,
    risk: String,
    rarity: String,
    parts: Vec<Part>,
    more: usize,
    steps: Vec<Step>,
    missing: Vec<&'static str>,
    basis: String,
    anchor: Option<String>,
}

impl Weighed {
    /// The sum of `signal`; nothing where it is none.
    pub(super) fn new(signal: &Signal, scan: &Scan) -> Option<Self> {
        let score = signal.score?;
        let account = signal.account.as_deref();
        let note = account.and_then(|it| scan.people.of(it));
        let steps = weighed::without(signal, scan).into_iter().map(|it| Step {
            fact: prose(&weighed::fact(&it.fact)),
            score: number(it.score),
            risk: format!("{:.1}", it.risk),
            severity: Severity::of(it.risk).word(),
        });
        Some(Self {
            head: head(signal),
            score: number(score),
            risk: format!("{:.1}", signal.risk),
            rarity: sentence(&weighed::rarity(signal.risk, &scan.output.risks)),
            parts: signal.contributions.iter().take(PARTS).map(part).collect(),
            more: signal.contributions.len().saturating_sub(PARTS),
            steps: steps.collect(),
            missing: signal.missing.clone(),
            basis: note
                .map_or_else(String::new, |it| basis(it.person.active_days, it.person.first_day)),
            anchor: note.and(account).map(people::anchor),
        })
    }
}

/// Whose sign-in it was, where, when.
fn head(signal: &Signal) -> String {
    let account = signal.account.as_deref().unwrap_or_default();
    let door = signal.services.first().map_or("", |it| it.word());
    let from = signal.src_ips.first().map_or_else(String::new, |it| format!(" from {it}"));
    format!("{} · {door}{from} · {}", clipped(account, 64), moment(signal.told))
}

/// On how many of the person's days it stands.
fn basis(days: u32, first: i64) -> String {
    format!("{} with a sign-in since {}", counted(u64::from(days), "day"), day(first))
}

/// A day counted from 1970.
pub(super) fn day(day: i64) -> String {
    let time = jiff::Timestamp::from_second(day.saturating_mul(86_400)).unwrap_or_default();
    date(jiff::tz::TimeZone::UTC.to_datetime(time).date())
}

fn number(nats: f64) -> String {
    let sign = if nats <= -0.05 { "−" } else { "" };
    format!("{sign}{:.1}", nats.abs())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was made to lie between nothing and half the drawing"
)]
fn part(it: &Contribution) -> Part {
    let wide = (it.nats.abs() / FULL * f64::from(HALF)).clamp(1.0, f64::from(HALF)) as u32;
    let is_against = 0.0 <= it.nats;
    Part {
        nats: weighed::signed(it.nats),
        class: if is_against { "against" } else { "for" },
        x: if is_against { HALF } else { HALF - wide },
        wide,
        fact: prose(&weighed::fact(&it.fact)),
        person: weighed::fact(&it.person),
        colleagues: weighed::fact(&it.colleagues),
    }
}
