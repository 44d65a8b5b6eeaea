//! Notices clocks and zones that are off: the same sign-in, seen by two systems at two times.

use std::collections::BTreeMap;

use doorwarden_model::{Event, hash64};

use crate::{names::AccountKey, prior::device_key, table::Table};

/// Joins that an offset must rest on (DESIGN, invariant 8).
const JOINS: u32 = 20;
/// Two records of one sign-in lie at most this far apart, in milliseconds: no zone is farther from another's by more.
const REACH: i64 = 14 * 3_600_000;
/// Offsets below this are not worth a word: systems log at different steps of one sign-in.
const QUIET: i64 = 60_000;
/// Accounts, pairs of systems and names of systems remembered.
const ACCOUNTS_CAP: usize = 65_536;
/// Pairs of systems remembered.
const PAIRS_CAP: usize = 1_024;
/// Width of a bin of differences, in milliseconds.
const BIN: i64 = 30_000;
/// Bins per pair.
const BINS: usize = 512;

/// A system whose clock differs from another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockOffset {
    /// The system, as `format host`.
    pub system: String,
    /// The one that it was compared with.
    pub against: String,
    /// Milliseconds by which `system` is ahead.
    pub millis: i64,
    /// Sign-ins that both saw.
    pub joins: u32,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    system: u64,
    millis: i64,
    source: u64,
}

/// Differences of one pair of systems, in bins.
#[derive(Debug, Default, Clone)]
struct Differences {
    bins: BTreeMap<i64, (u32, i64)>,
    all: u32,
}

impl Differences {
    /// The bin with its neighbours that holds most, where it holds enough: median difference and count.
    fn peak(&self) -> Option<(i64, u32)> {
        let around = |bin: i64| {
            let near = self.bins.range(bin - 1..=bin + 1);
            near.fold((0u32, 0i64), |sum, (_, it)| (sum.0 + it.0, sum.1 + it.1))
        };
        let best = self
            .bins
            .keys()
            .map(|bin| (around(*bin), *bin))
            .max_by_key(|it| (it.0.0, -it.1.abs()))?;
        let ((count, sum), _) = best;
        // A third of all differences: the rest are other sign-ins of the same day.
        (JOINS <= count && self.all <= 3 * count).then(|| (sum / i64::from(count), count))
    }
}

/// Compares the systems' clocks.
#[derive(Debug)]
pub(crate) struct Clocks {
    accounts: Table<Vec<Seen>>,
    pairs: BTreeMap<(u64, u64), Differences>,
    systems: BTreeMap<u64, String>,
    offsets: BTreeMap<(u64, u64), i64>,
}

impl Clocks {
    pub(crate) fn new() -> Self {
        Self {
            accounts: Table::new(ACCOUNTS_CAP),
            pairs: BTreeMap::new(),
            systems: BTreeMap::new(),
            offsets: BTreeMap::new(),
        }
    }

    /// Takes note of a sign-in of `account` from a public address.
    pub(crate) fn learn(
        &mut self,
        event: &Event<'_>,
        account: AccountKey,
        source: u64,
        millis: i64,
    ) {
        let system = device_key(event);
        let seen = self.accounts.get_or(account.0, millis, Vec::new);
        for other in seen.iter().filter(|it| it.system != system && it.source == source) {
            let difference = millis - other.millis;
            if difference.abs() <= REACH {
                let (pair, sign) = if system < other.system {
                    ((system, other.system), 1)
                } else {
                    ((other.system, system), -1)
                };
                if self.pairs.len() < PAIRS_CAP || self.pairs.contains_key(&pair) {
                    let found = self.pairs.entry(pair).or_default();
                    let difference = difference * sign;
                    let bin = difference.div_euclid(BIN);
                    found.all += 1;
                    if found.bins.len() < BINS || found.bins.contains_key(&bin) {
                        let bin = found.bins.entry(bin).or_default();
                        bin.0 += 1;
                        bin.1 += difference;
                    }
                    if found.all.is_multiple_of(JOINS)
                        && let Some((offset, _)) = found.peak()
                    {
                        self.offsets.insert(pair, offset);
                    }
                }
            }
        }
        seen.retain(|it| it.system != system);
        if seen.len() == 4 {
            seen.remove(0);
        }
        seen.push(Seen { system, millis, source });
        if self.systems.len() < PAIRS_CAP {
            self.systems.entry(system).or_insert_with(|| {
                format!("{} {}", event.format, event.host.unwrap_or("(no host)"))
            });
        }
    }

    /// Milliseconds by which `one` is known to be ahead of `other`; 0 until enough joins were seen.
    pub(crate) fn ahead(&self, one: u64, other: u64) -> i64 {
        if one <= other {
            self.offsets.get(&(one, other)).copied().unwrap_or(0)
        } else {
            -self.offsets.get(&(other, one)).copied().unwrap_or(0)
        }
    }

    /// Every pair that is worth a word, the larger offset first.
    pub(crate) fn found(&self) -> Vec<ClockOffset> {
        let name = |it: &u64| self.systems.get(it).cloned().unwrap_or_default();
        let mut found: Vec<ClockOffset> = self
            .pairs
            .iter()
            .filter_map(|((one, other), differences)| {
                let (millis, joins) = differences.peak().filter(|it| QUIET <= it.0.abs())?;
                let (system, against) =
                    if 0 < millis { (name(one), name(other)) } else { (name(other), name(one)) };
                Some(ClockOffset { system, against, millis: millis.abs(), joins })
            })
            .collect();
        found.sort_by(|a, b| {
            (b.millis, &a.system, &a.against).cmp(&(a.millis, &b.system, &b.against))
        });
        found
    }
}

/// The key of a public source address.
pub(crate) fn source_key(ip: std::net::IpAddr) -> u64 {
    match ip {
        std::net::IpAddr::V4(it) => hash64(30, &it.octets()),
        std::net::IpAddr::V6(it) => hash64(30, &it.octets()),
    }
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Service};
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn an_hour_between_two_systems_is_noticed() {
        let mut clocks = Clocks::new();
        let event = |host| {
            let mut event = Event::new("x", Service::Vpn, Activity::Logon, Timestamp::UNIX_EPOCH);
            event.host = Some(host);
            event
        };
        for day in 0..30 {
            let at = day * 86_400_000 + day * 60_000;
            clocks.learn(&event("right"), AccountKey(1), 5, at);
            clocks.learn(&event("ahead"), AccountKey(1), 5, at + 3_600_000 + day * 100);
        }
        let found = clocks.found();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].system, "x ahead");
        assert!((3_600_000..3_604_000).contains(&found[0].millis), "{found:?}");
    }
}
