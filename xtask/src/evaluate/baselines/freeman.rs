//! Freeman et al., "Who Are You?" (NDSS 2016), as the open port of the model has it: how much more often everybody shows what this
//! sign-in shows than its account does, times how much rarer the account is than others.
//!
//! `S = p(ip) / p(ip | account) * p(agent) / p(agent | account) * p(account | attack) / p(account)`, where each probability is
//! the weighted mean over the levels of a hierarchy. What an account never showed has a quarter of everybody's frequency.

use std::collections::HashMap;

use super::{Centroids, Judged, SignIns, successes};
use crate::evaluate::sign_ins::SignIn;

/// Weights of address, network number and country.
const OF_ADDRESS: [f64; 3] = [0.6, 0.3, 0.1];
/// Weights of the whole agent, program with version, system, kind of device.
const OF_AGENT: [f64; 4] = [0.539, 0.268, 0.188, 0.005];
/// What a value that an account never showed has of everybody's frequency.
const UNSEEN: f64 = 0.25;

/// A level with its value there.
type Value = (u8, u128);

/// How often values were seen, and of how many sign-ins.
#[derive(Debug, Default)]
struct Counts {
    values: HashMap<Value, u32>,
    /// Sign-ins that stated an address, and an agent.
    sign_ins: [u32; 2],
}

/// Every sign-in with the logarithm of its risk score.
pub(super) fn judge(all: &SignIns, _: &Centroids) -> Vec<Judged> {
    let mut everybody = Counts::default();
    let mut accounts: HashMap<u32, Counts> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in successes(all) {
        let count = accounts.len();
        let own = accounts.entry(it.account).or_default();
        let (address, agent) = (address(it), agent(it));
        if 0 < own.sign_ins[0] {
            let score = ratio(&everybody, own, 0, &address, &OF_ADDRESS)
                + ratio(&everybody, own, 1, &agent, &OF_AGENT)
                + rarity(&everybody, own, count);
            judged.push(Judged { sign_in: nr, score });
        }
        for counts in [&mut everybody, own] {
            counts.add(0, &address);
            counts.add(1, &agent);
        }
    }
    judged
}

/// Logarithm of how much more often everybody shows these values than the account; 0 where one of them is not stated.
fn ratio(
    everybody: &Counts,
    own: &Counts,
    feature: usize,
    values: &[Value],
    weights: &[f64],
) -> f64 {
    let of = |counts: &Counts| counts.sign_ins.get(feature).map_or(0.0, |it| f64::from(*it));
    if values.is_empty() || of(own) == 0.0 {
        return 0.0;
    }
    let (mut of_all, mut of_own) = (0.0, 0.0);
    for (value, weight) in values.iter().zip(weights) {
        let common = (everybody.of(value) + 1.0) / (of(everybody) + 1.0);
        let seen = own.of(value);
        of_all += weight * common;
        of_own += weight * if 0.0 < seen { seen / of(own) } else { common * UNSEEN };
    }
    (of_all / of_own).ln()
}

/// Logarithm of how much likelier an attack on the account is than a sign-in of it: attacks hit all alike.
fn rarity(everybody: &Counts, own: &Counts, accounts: usize) -> f64 {
    let share = f64::from(own.sign_ins[0]) / f64::from(everybody.sign_ins[0].max(1));
    let accounts = f64::from(u32::try_from(accounts).unwrap_or(u32::MAX));
    (1.0 / accounts.max(1.0) / share).ln()
}

impl Counts {
    fn add(&mut self, feature: usize, values: &[Value]) {
        if values.is_empty() {
            return;
        }
        for value in values {
            *self.values.entry(*value).or_default() += 1;
        }
        if let Some(count) = self.sign_ins.get_mut(feature) {
            *count += 1;
        }
    }

    fn of(&self, value: &Value) -> f64 {
        self.values.get(value).map_or(0.0, |it| f64::from(*it))
    }
}

fn address(it: &SignIn) -> Vec<Value> {
    let ip = match it.ip {
        std::net::IpAddr::V4(it) => u128::from(u32::from(it)),
        std::net::IpAddr::V6(it) => u128::from(it),
    };
    // An address of which nothing is known is a network and a country of its own kind.
    let country = it.country.map_or(0, |it| u128::from(u16::from_be_bytes(it)));
    vec![(0, ip), (1, it.asn.map_or(0, u128::from)), (2, country)]
}

fn agent(it: &SignIn) -> Vec<Value> {
    let Some(it) = it.agent else { return Vec::new() };
    let levels = [it.whole, it.browser, it.system, it.kind];
    levels.into_iter().zip(3..).map(|(value, level)| (level, u128::from(value))).collect()
}
