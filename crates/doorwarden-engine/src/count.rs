//! Counts as real numbers.

/// `count`, exact up to four thousand million and held there; no count here comes near.
pub(crate) fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
