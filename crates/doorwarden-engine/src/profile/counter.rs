//! The counter-fact: what a score would have been if its strongest facts had been known, and what risk that is.

use doorwarden_model::{Contribution, EvidenceKind, Signal};
use smallvec::SmallVec;

use super::{
    View,
    evidence::{JOURNEY, JOURNEY_KINDS},
    tail::Tail,
    words::{CAPPED, NEW, TOGETHER},
};

/// Nats from which on a fact speaks for an attacker, and those from which on its kind does.
const FACT: f64 = 0.5;
const KIND: f64 = 1.0;
/// Kinds that a risk of 80 needs, and the most that fewer are worth.
const KINDS: usize = 2;
const ONE_KIND: f64 = 79.9;
/// Below this risk there is nothing left to make quiet.
const QUIET: f64 = 40.0;

/// What a score is worth, as it stood at the end of a run.
#[derive(Debug, Clone, Copy)]
pub struct Risks {
    tail: Tail,
    budget: f64,
}

impl Default for Risks {
    /// Before anything is learnt.
    fn default() -> Self {
        Self::new(&View::default())
    }
}

/// A signal without some of its facts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IfKnown {
    /// How many of the signal's first contributions are taken for known.
    pub facts: usize,
    /// The score that is left, in nats.
    pub score: f64,
    /// What it is worth.
    pub risk: f64,
}

impl Risks {
    pub(crate) fn new(view: &View) -> Self {
        Self { tail: view.tail(), budget: view.budget }
    }

    /// The risk of a score in nats, from 0 to 100.
    #[must_use]
    pub fn of(&self, score: f64) -> f64 {
        self.tail.risk(score, self.budget)
    }

    /// How many false incidents of that risk and above 10,000 people make in a day: the reverse of [`Self::of`], whatever
    /// the score was.
    #[must_use]
    pub fn rate(&self, risk: f64) -> f64 {
        self.budget * libm::exp10((60.0 - risk.clamp(0.0, 100.0)) / 20.0)
    }

    /// The signal without its strongest fact, then without the two strongest and so on, at most `most` times, until
    /// nothing is left to make quiet; nothing where it is no sum of evidence.
    #[must_use]
    pub fn if_known(&self, signal: &Signal, most: usize) -> Vec<IfKnown> {
        let all = signal.contributions.as_slice();
        let Some(score) = signal.score else { return Vec::new() };
        let against = all.iter().take_while(|it| FACT <= it.nats).count();
        let mut steps: Vec<IfKnown> = Vec::new();
        for facts in 1..=against.min(most) {
            let (known, rest) = all.split_at(facts);
            let rest = left(known, rest);
            let score = hundredths(score + rest.1 - all.iter().map(|it| it.nats).sum::<f64>());
            let mut risk = self.of(score).min(signal.risk);
            if kinds(&rest.0) < KINDS {
                risk = risk.min(ONE_KIND);
            }
            steps.push(IfKnown { facts, score, risk });
            if risk < QUIET {
                break;
            }
        }
        steps
    }
}

/// What is left of the evidence, and its sum: what was taken off for things in common goes with them.
fn left<'a>(
    known: &[Contribution],
    rest: &'a [Contribution],
) -> (SmallVec<[&'a Contribution; 8]>, f64) {
    let is_new = |it: &Contribution| {
        matches!(it.kind, EvidenceKind::Where | EvidenceKind::What) && it.fact.starts_with(NEW)
    };
    let is_apart = known.iter().any(is_new);
    let stays = |it: &&Contribution| it.fact != CAPPED && !(is_apart && it.fact == TOGETHER);
    let rest: SmallVec<[&Contribution; 8]> = rest.iter().filter(stays).collect();
    let journey = rest.iter().filter(|it| JOURNEY_KINDS.contains(&it.kind)).map(|it| it.nats);
    let over = (journey.sum::<f64>() - JOURNEY).max(0.0);
    let sum = rest.iter().map(|it| it.nats).sum::<f64>() - over;
    (rest, sum)
}

/// Kinds that speak for an attacker.
fn kinds(rest: &[&Contribution]) -> usize {
    let mut kinds: SmallVec<[EvidenceKind; 8]> = SmallVec::new();
    for it in rest.iter().filter(|it| KIND <= it.nats) {
        if !kinds.contains(&it.kind) {
            kinds.push(it.kind);
        }
    }
    kinds.len()
}

fn hundredths(nats: f64) -> f64 {
    (nats * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: EvidenceKind, nats: f64, fact: &str) -> Contribution {
        let none = String::new;
        Contribution { kind, nats, fact: fact.to_owned(), person: none(), colleagues: none() }
    }

    fn sum(known: usize, all: &[Contribution]) -> f64 {
        let (known, rest) = all.split_at(known);
        hundredths(left(known, rest).1)
    }

    #[test]
    fn what_was_taken_off_goes_with_its_cause() {
        let all = [
            part(EvidenceKind::Where, 7.5, "new country RO"),
            part(EvidenceKind::What, 4.5, "new device"),
            part(EvidenceKind::Service, -0.2, "known door `vpn`"),
            part(EvidenceKind::Where, -1.5, TOGETHER),
        ];
        assert_eq!((sum(0, &all), sum(1, &all), sum(2, &all)), (10.3, 4.3, -0.2));
    }

    #[test]
    fn the_cap_is_drawn_anew() {
        let all = [
            part(EvidenceKind::Where, 7.5, "new country RO"),
            part(EvidenceKind::Where, 4.0, "the provider is of the kind `hosting`"),
            part(EvidenceKind::Travel, 2.5, "5110 km from the last sign-in"),
            part(EvidenceKind::Where, -3.0, CAPPED),
        ];
        assert_eq!((sum(0, &all), sum(1, &all), sum(2, &all)), (11.0, 6.5, 2.5));
    }

    #[test]
    fn more_known_is_never_worth_more() {
        let risks = Risks::default();
        assert!(risks.of(3.0) < risks.of(9.0) && risks.of(30.0) <= 100.0);
        assert!((risks.rate(80.0) - 0.5).abs() < 1e-9 && (risks.rate(60.0) - 5.0).abs() < 1e-9);
    }
}
