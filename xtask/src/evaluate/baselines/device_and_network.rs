//! A device and a network number (ASN) that are both new to the account: the strongest simple rule. A new country and a
//! network of rented servers make it louder.

use std::collections::{HashMap, HashSet};

use super::{Centroids, Judged, SignIns, successes};

/// What is remembered of an account.
#[derive(Default)]
struct Known {
    devices: HashSet<(bool, u32)>,
    networks: HashSet<u32>,
    countries: HashSet<[u8; 2]>,
}

/// Sign-ins with both, in three grades. A device that no log states is not new.
pub(super) fn judge(all: &SignIns, _: &Centroids) -> Vec<Judged> {
    let mut accounts: HashMap<u32, Known> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in successes(all) {
        let known = accounts.entry(it.account).or_default();
        // Of what was never stated before, everything would be new.
        let has_past = !known.devices.is_empty() && !known.networks.is_empty();
        let is_new_device = it.what().is_some_and(|it| known.devices.insert(it));
        let is_new_network = it.asn.is_some_and(|it| known.networks.insert(it));
        let is_new_country = it.country.is_some_and(|it| known.countries.insert(it));
        if has_past && is_new_device && is_new_network {
            let grade = 1 + u32::from(is_new_country) + u32::from(it.is_hosting);
            judged.push(Judged { sign_in: nr, score: f64::from(grade) });
        }
    }
    judged
}
