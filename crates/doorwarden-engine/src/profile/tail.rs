//! How rare a score is among honest people: from nats to a risk that means something.
//!
//! A risk of 80 is about one false incident of that height per 10,000 people every second day; twenty points more are a
//! tenth of that. The rate at each score is shipped, and moved by what the archive itself shows as its days grow.

use serde::{Deserialize, Serialize};

/// Scores are counted in quarters of a nat, from 0.
pub(crate) const BINS: usize = 80;
/// Quarters of a nat.
const STEP: f64 = 0.25;
/// Days of persons that the shipped tail stands for.
const SHIPPED: f64 = 100_000.0;
/// The rate per 10,000 days of persons at which the archive's own tail is compared with the shipped one.
const COMPARED: f64 = 40.0;
/// How far the tail moves in a day, in nats.
const PACE: f64 = 0.2;

/// False incidents per 10,000 people and day at or above a score in nats: as a prototype's simulated organisations had them
/// from 4 to 11, beyond in a straight line. docs/evaluation.md compares them with those of `doorwarden simulate`.
const TAIL: &[(f64, f64)] = &[
    (0.0, 2_000.0),
    (1.0, 500.0),
    (2.0, 160.0),
    (3.0, 55.0),
    (4.0, 23.0),
    (5.0, 11.5),
    (6.0, 6.0),
    (7.0, 2.6),
    (8.0, 1.7),
    (9.0, 0.9),
    (10.0, 0.45),
    (11.0, 0.2),
    (12.0, 0.1),
    (13.0, 0.05),
    (14.0, 0.025),
];

/// The tail as it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tail {
    /// How many nats higher the archive's scores lie than the shipped ones.
    shift: f64,
}

impl Tail {
    /// False incidents per 10,000 people and day at or above `score`.
    pub(crate) fn rate(self, score: f64) -> f64 {
        shipped(score - self.shift)
    }

    /// From 0 to 100, in steps of 0.1, for a budget of so many false incidents of 60 and above per 10,000 people and day.
    pub(crate) fn risk(self, score: f64, budget: f64) -> f64 {
        let risk = 60.0 - 20.0 * libm::log10(self.rate(score) / budget);
        (risk.clamp(0.0, 100.0) * 10.0).round() / 10.0
    }

    /// The score from which on there are so many per 10,000 people and day.
    pub(crate) fn score(self, rate: f64) -> f64 {
        let mut low = 0.0;
        let mut high = 20.0;
        for _ in 0..20 {
            let middle = f64::midpoint(low, high);
            (low, high) = if rate < shipped(middle) { (middle, high) } else { (low, middle) };
        }
        low + self.shift
    }

    /// Moves towards the archive's own tail, `days` after it last did. `own` counts days of persons by their highest score,
    /// in hundredths, those of incidents left out.
    pub(crate) fn move_on(&mut self, own: &[u64], days: i64) {
        let total: u64 = own.iter().sum();
        let total = number(total) / 100.0;
        let mut above = 0.0;
        let mut found = None;
        for (bin, count) in own.iter().enumerate().rev() {
            let before = above;
            above += number(*count) / 100.0;
            if COMPARED * total / 10_000.0 <= above && 0.0 < above {
                // Between the two edges of the bin, in the logarithm of the rate.
                let wanted = COMPARED * total / 10_000.0;
                let part = if before <= 0.0 {
                    0.5
                } else {
                    (libm::log(above / wanted) / libm::log(above / before)).clamp(0.0, 1.0)
                };
                found = Some((f64::from(u32::try_from(bin).unwrap_or(0)) + part) * STEP);
                break;
            }
        }
        let Some(found) = found.filter(|_| 500.0 <= total) else { return };
        let weight = total / (total + SHIPPED);
        let wanted = weight * (found - Self::default().score(COMPARED));
        let most = PACE * f64::from(u32::try_from(days).unwrap_or(u32::MAX));
        let moved = (wanted - self.shift).clamp(-most, most);
        self.shift = ((self.shift + moved) * 100.0).round() / 100.0;
    }
}

/// The bin of a score.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was made to lie between 0 and the last bin"
)]
pub(crate) fn bin(score: f64) -> usize {
    ((score.max(0.0) / STEP) as usize).min(BINS - 1)
}

/// The shipped rate at a score: between two known ones in a straight line of the logarithm, beyond the last as between the
/// last two.
fn shipped(score: f64) -> f64 {
    let after = TAIL.iter().position(|it| score < it.0).unwrap_or(TAIL.len() - 1).max(1);
    let (Some(low), Some(high)) = (TAIL.get(after - 1), TAIL.get(after)) else { return 1.0 };
    let part = (score - low.0) / (high.0 - low.0);
    libm::exp(libm::log(low.1) + part * (libm::log(high.1) - libm::log(low.1)))
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_means_a_rate() {
        let tail = Tail::default();
        let at = |rate: f64| tail.risk(tail.score(rate), 5.0);
        for (rate, risk) in [(50.0, 40.0), (5.0, 60.0), (0.5, 80.0), (0.1, 94.0)] {
            assert!((at(rate) - risk).abs() < 0.3, "{rate}: {}", at(rate));
        }
        let strict = tail.risk(tail.score(5.0), 1.0);
        assert!((strict - 46.0).abs() < 0.3, "a fifth of the budget asks for more: {strict}");
        assert!(99.9 < tail.risk(30.0, 5.0));
        assert!(tail.risk(-3.0, 5.0) < 0.1);
    }

    #[test]
    fn the_tail_follows_the_archive_slowly() {
        let mut tail = Tail::default();
        let mut own = vec![0; BINS];
        own[0] = 100_000 * 100;
        own[24] = 1_000 * 100;
        tail.move_on(&own, 1);
        assert!((tail.shift - 0.2).abs() < 1e-9, "at most 0.2 nats a day: {}", tail.shift);
        for _ in 0..60 {
            tail.move_on(&own, 1);
        }
        let wanted = (6.0 + 0.125 - Tail::default().score(COMPARED)) * 101.0 / 201.0;
        assert!((tail.shift - wanted).abs() < 0.4, "{} {wanted}", tail.shift);
    }

    #[test]
    fn a_small_organisation_keeps_the_shipped_tail() {
        let mut tail = Tail::default();
        let mut own = vec![0; BINS];
        own[40] = 40 * 100;
        tail.move_on(&own, 1);
        assert_eq!(tail, Tail::default());
    }
}
