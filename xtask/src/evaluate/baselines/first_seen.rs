//! A network number (ASN) or country that the account never came from before.

use std::collections::{HashMap, HashSet};

use super::{Centroids, Judged, SignIns, successes};

/// Sign-ins from one of either.
pub(super) fn judge(all: &SignIns, _: &Centroids) -> Vec<Judged> {
    let mut accounts: HashMap<u32, (HashSet<u32>, HashSet<[u8; 2]>)> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in successes(all) {
        let (networks, countries) = accounts.entry(it.account).or_default();
        let is_first = networks.is_empty() && countries.is_empty();
        let is_new_network = it.asn.is_some_and(|it| networks.insert(it));
        let is_new_country = it.country.is_some_and(|it| countries.insert(it));
        // The first sign-in of an account is no news.
        if !is_first && (is_new_network || is_new_country) {
            judged.push(Judged { sign_in: nr, score: 1.0 });
        }
    }
    judged
}
