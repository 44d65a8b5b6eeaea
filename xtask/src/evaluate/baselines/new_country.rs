//! The rules of `BuffaLogs`: a country that is new, one that was not seen for a month, and travel that is too fast to an address
//! that is new.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
};

use super::{Centroids, Judged, SignIns, successes, travel::is_too_fast};

/// Kilometres an hour.
const SPEED: f64 = 300.0;
/// Milliseconds after which a country is unusual again.
const FORGOTTEN: i64 = 30 * 86_400_000;

/// What is remembered of an account.
#[derive(Default)]
struct Known {
    /// When each country was last seen.
    countries: HashMap<[u8; 2], i64>,
    addresses: HashSet<IpAddr>,
    last: Option<(i64, [u8; 2])>,
}

/// Sign-ins that one of the rules tells.
pub(super) fn judge(all: &SignIns, centroids: &Centroids) -> Vec<Judged> {
    let mut accounts: HashMap<u32, Known> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in successes(all) {
        let Some(country) = it.country else { continue };
        let known = accounts.entry(it.account).or_default();
        let seen = known.countries.insert(country, it.time);
        let is_unusual = seen.is_none_or(|seen| FORGOTTEN <= it.time - seen);
        let is_fresh = known.addresses.insert(it.ip);
        let last = known.last.replace((it.time, country));
        // The first sign-in of an account is no news.
        let Some((time, from)) = last else { continue };
        let is_fast = is_fresh && is_too_fast(centroids, (from, country), it.time - time, SPEED);
        if is_unusual || is_fast {
            judged.push(Judged { sign_in: nr, score: 1.0 });
        }
    }
    judged
}
