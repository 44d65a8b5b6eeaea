//! Whether risk means what it says: 80 that 10,000 people make one such false incident every second day, 20 less that they
//! make ten times as many.

use serde::Serialize;

use super::figures::{poisson, ratio, real, rounded};

/// Risks, and how many false incidents 10,000 people make a day at or above: `0.5 * 10^((80 - risk) / 20)`.
const EXPECTED: [(u32, f64); 10] = [
    (90, 0.158_113_883_008_419),
    (80, 0.5),
    (70, 1.581_138_830_084_19),
    (60, 5.0),
    (50, 15.811_388_300_841_9),
    (40, 50.0),
    (30, 158.113_883_008_419),
    (20, 500.0),
    (10, 1_581.138_830_084_19),
    (0, 5_000.0),
];
/// Bands in which fewer are expected tell nothing, and are joined with the one below.
const LEAST: f64 = 5.0;

/// False incidents of a band of risk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Band {
    /// Least risk, and the risk that it ends before; 100 belongs to the highest.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) expected: f64,
    pub(super) observed: usize,
    /// Observed by expected, with Poisson's interval of 95 %; 1 is right, above it risk is stated too high.
    pub(super) ratio: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) expected_at_or_above: f64,
    pub(super) observed_at_or_above: usize,
}

/// Bands from the highest risk down, over the risks of false incidents.
pub(super) fn bands(harmless: &[f64], people_days: f64) -> Vec<Band> {
    let units = people_days / 10_000.0;
    let (mut bands, mut to, mut before) = (Vec::new(), 100, (0.0, 0));
    for (from, rate) in EXPECTED {
        let expected_above = rate * units;
        let observed_above = harmless.iter().filter(|it| f64::from(from) <= **it).count();
        if expected_above - before.0 < LEAST && 0 < from {
            continue;
        }
        bands.push(band(from..to, before, (expected_above, observed_above)));
        (to, before) = (from, (expected_above, observed_above));
    }
    bands
}

/// The band between what is expected and observed above it, and the same with it.
fn band(risks: std::ops::Range<u32>, above: (f64, usize), with: (f64, usize)) -> Band {
    let (expected, observed) = (with.0 - above.0, with.1 - above.1);
    let (low, high) = poisson(observed);
    Band {
        from: risks.start,
        to: risks.end,
        expected: rounded(expected),
        observed,
        ratio: ratio(real(observed), expected),
        low: ratio(low, expected),
        high: ratio(high, expected),
        expected_at_or_above: rounded(with.0),
        observed_at_or_above: with.1,
    }
}
