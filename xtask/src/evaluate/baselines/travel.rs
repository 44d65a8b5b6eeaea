//! Impossible travel as most products have it: two places, and no airliner that goes so fast. Numbers: Panther's rule.

use std::collections::HashMap;

use doorwarden_model::SourceNet;

use super::{Centroids, Judged, SignIns, successes};

/// Kilometres an hour.
const SPEED: f64 = 900.0;
/// Kilometres that are nothing.
const NEAR: f64 = 100.0;

/// Sign-ins that came too far too fast since the one before.
pub(super) fn judge(all: &SignIns, centroids: &Centroids) -> Vec<Judged> {
    let mut last: HashMap<u32, (i64, [u8; 2], SourceNet)> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in successes(all) {
        let Some(country) = it.country else { continue };
        let before = last.insert(it.account, (it.time, country, it.net()));
        let Some((time, from, _)) = before.filter(|before| before.2 != it.net()) else { continue };
        if is_too_fast(centroids, (from, country), it.time - time, SPEED) {
            judged.push(Judged { sign_in: nr, score: 1.0 });
        }
    }
    judged
}

/// Whether nobody gets from one country to another within `milliseconds` at `speed`.
pub(super) fn is_too_fast(
    centroids: &Centroids,
    (from, to): ([u8; 2], [u8; 2]),
    milliseconds: i64,
    speed: f64,
) -> bool {
    let hours = f64::from(i32::try_from(milliseconds / 1_000).unwrap_or(i32::MAX)) / 3_600.0;
    centroids.kilometres(from, to).is_some_and(|it| NEAR < it && speed * hours < it)
}
