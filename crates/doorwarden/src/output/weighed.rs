//! A sum of evidence in words: what each fact is worth, how often person and colleagues do that, how rare the whole is.
//! Terminal and page say the same.

use doorwarden_engine::Risks;
use doorwarden_model::{Contribution, Incident, Severity, Signal};

use super::{harmless::clipped, words::count};
use crate::scan::Scan;

/// Characters of a fact, which may hold a client's name as logged.
const FACT: usize = 160;
/// Steps of what would have made it quiet.
pub(crate) const STEPS: usize = 2;

/// A score without some of its strongest facts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Without {
    /// The fact that is taken for known, beside those of the steps before.
    pub(crate) fact: String,
    pub(crate) score: f64,
    pub(crate) risk: f64,
}

/// The scored signal of an incident with the highest risk.
pub(crate) fn strongest(incident: &Incident) -> Option<&Signal> {
    let scored = incident.signals.iter().filter(|it| it.score.is_some());
    scored.rev().max_by(|a, b| a.risk.total_cmp(&b.risk))
}

/// The score without its strongest fact, then without the second as well.
pub(crate) fn without(signal: &Signal, scan: &Scan) -> Vec<Without> {
    let steps = scan.output.risks.if_known(signal, STEPS);
    let fact = |facts: usize| Some(signal.contributions.get(facts.checked_sub(1)?)?.fact.clone());
    steps
        .into_iter()
        .filter_map(|it| Some(Without { fact: fact(it.facts)?, score: it.score, risk: it.risk }))
        .collect()
}

/// `+7.5` or `−0.4`.
pub(crate) fn signed(nats: f64) -> String {
    let sign = if nats < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1}", nats.abs())
}

/// A fact, harmless and of bounded length.
pub(crate) fn fact(text: &str) -> String {
    clipped(text, FACT)
}

/// `never in 412 sign-ins; 1 in 2,900 of colleagues`.
pub(crate) fn rates(person: &str, colleagues: &str) -> String {
    let both = [person, colleagues].into_iter().filter(|it| !it.is_empty()).map(fact);
    both.collect::<Vec<_>>().join("; ")
}

/// A fact with its weight as a line: ` +7.5  new country RO: never in 412 sign-ins; 1 in 2,900 of colleagues`.
pub(crate) fn line(it: &Contribution) -> (String, String) {
    said(it.nats, &it.fact, &it.person, &it.colleagues)
}

/// The weight, and what stands behind it.
pub(crate) fn said(nats: f64, what: &str, person: &str, colleagues: &str) -> (String, String) {
    let rates = rates(person, colleagues);
    let colon = if rates.is_empty() { "" } else { ": " };
    (signed(nats), format!("{}{colon}{rates}", fact(what)))
}

/// What would have made it quiet, in a sentence; empty where no single fact weighs.
pub(crate) fn quieter(steps: &[Without]) -> String {
    let parts = steps.iter().enumerate().map(|(nr, it)| {
        let also = if nr == 0 { "without" } else { "without that and" };
        format!("{also} `{}`: {}", fact(&it.fact).replace('`', "'"), worth(it.score, it.risk))
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// `score 6.6, risk 62.0 (medium)`.
pub(crate) fn worth(score: f64, risk: f64) -> String {
    let sign = if score < 0.0 { "−" } else { "" };
    format!("score {sign}{:.1}, risk {risk:.1} ({})", score.abs(), Severity::of(risk))
}

/// How rare a sign-in of that risk is among honest ones.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a risk lies between 0 and 100: from one in 20 days to 5,000 a day"
)]
pub(crate) fn rarity(risk: f64, risks: &Risks) -> String {
    let per_day = risks.rate(risk);
    let begin = if risk < 99.95 { "about" } else { "at most" };
    if 1.5 <= per_day {
        let number = count(per_day.round() as u64);
        return format!("{begin} {number} such false incidents a day per 10,000 people");
    }
    match (1.0 / per_day).round() as u64 {
        1 => format!("{begin} one such false incident a day per 10,000 people"),
        2 => format!("{begin} one such false incident per 10,000 people every second day"),
        days => format!("{begin} one such false incident per 10,000 people every {days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_means_a_rate() {
        assert_eq!(
            [60.0, 80.0, 94.0, 100.0].map(|it| rarity(it, &Risks::default())),
            [
                "about 5 such false incidents a day per 10,000 people",
                "about one such false incident per 10,000 people every second day",
                "about one such false incident per 10,000 people every 10 days",
                "at most one such false incident per 10,000 people every 20 days",
            ]
        );
        let least = rarity(0.0, &Risks::default());
        assert!(least.contains("5,000"), "{least}");
    }

    #[test]
    fn weights_carry_their_sign() {
        assert_eq!([signed(7.5), signed(-0.41), signed(0.0)], ["+7.5", "−0.4", "+0.0"]);
        assert_eq!(said(4.5, "new device", "", "").1, "new device");
    }
}
