//! Shares and rates with their intervals, and quantiles.

use serde::Serialize;

/// The normal distribution's quantile for intervals of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// A share with its interval of 95 % (Wilson).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Share {
    pub(super) found: usize,
    pub(super) of: usize,
    /// Between 0 and 1; 0 of nothing.
    #[serde(rename = "share")]
    pub(super) part: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Share {
    /// `found` of `of`.
    pub(super) fn new(found: usize, of: usize) -> Self {
        let (low, high) = wilson(found, of);
        Self { found, of, part: ratio(real(found), real(of)), low, high }
    }

    /// How many of `all` are.
    pub(super) fn counted(all: impl IntoIterator<Item = bool>) -> Self {
        let (mut found, mut of) = (0, 0);
        for it in all {
            found += usize::from(it);
            of += 1;
        }
        Self::new(found, of)
    }
}

/// Wilson's score interval of 95 %: unlike the textbook's it holds for few tries and for shares near 0 and 1.
fn wilson(found: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (share, tries) = (real(found) / real(of), real(of));
    let middle = share + Z * Z / (2.0 * tries);
    let reach = Z * (share * (1.0 - share) / tries + Z * Z / (4.0 * tries * tries)).sqrt();
    let whole = 1.0 + Z * Z / tries;
    (
        if found == 0 { 0.0 } else { rounded((middle - reach) / whole) },
        if found == of { 1.0 } else { rounded((middle + reach) / whole) },
    )
}

/// Interval of 95 % of the mean of a count that is distributed as Poisson's (Byar's approximation of the exact one).
pub(super) fn poisson(count: usize) -> (f64, f64) {
    let bound = |count: f64, z: f64| {
        let root = 1.0 - 1.0 / (9.0 * count) + z / (3.0 * count.sqrt());
        count * root * root * root
    };
    let low = if count == 0 { 0.0 } else { bound(real(count), -Z) };
    (low, bound(real(count + 1), Z))
}

/// `part / whole`, and 0 of nothing.
pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { rounded(part / whole) }
}

/// With four decimals.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

/// A count as a number.
pub(super) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The least of `sorted` that at least `percent` of them do not exceed.
pub(super) fn quantile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_wilsons_interval() {
        // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662, 15 of 148 0.0624 to 0.1605, 0 of 20 0 to 0.1611.
        let bounds = |found, of| (Share::new(found, of).low, Share::new(found, of).high);
        assert_eq!(bounds(81, 263), (0.2553, 0.3662));
        assert_eq!(bounds(15, 148), (0.0624, 0.1605));
        assert_eq!(bounds(0, 20), (0.0, 0.1611));
        assert_eq!(bounds(29, 29), (0.8830, 1.0));
        assert_eq!(bounds(0, 0), (0.0, 1.0));
        assert_eq!(Share::counted([true, false, true, true]), Share::new(3, 4));
    }

    #[test]
    fn counts_have_poissons_interval() {
        let near = |(low, high): (f64, f64), exact: (f64, f64)| {
            (low - exact.0).abs() < 0.03 && (high - exact.1).abs() < 0.03
        };
        // The exact bounds, from quantiles of the chi-square distribution.
        assert!(near(poisson(0), (0.0, 3.689)), "{:?}", poisson(0));
        assert!(near(poisson(1), (0.025, 5.572)), "{:?}", poisson(1));
        assert!(near(poisson(10), (4.795, 18.390)), "{:?}", poisson(10));
        assert!(near(poisson(100), (81.364, 121.627)), "{:?}", poisson(100));
    }

    #[test]
    fn quantiles_are_values_that_occur() {
        let all: Vec<u32> = (1..=20).collect();
        assert_eq!(
            [quantile(&all, 50), quantile(&all, 90), quantile(&all, 95)],
            [Some(10), Some(18), Some(19)]
        );
        assert_eq!([quantile(&all, 100), quantile(&all, 0)], [Some(20), Some(1)]);
        assert_eq!(quantile::<u32>(&[], 50), None);
    }
}
