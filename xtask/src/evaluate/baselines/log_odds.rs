//! A sum of log-odds in the manner of Keycloak's adaptive authentication: each evaluator adds from -2.5 to +2.5. From it are the
//! bounds, the circular mean of the hour with its steps of two hours, and the counts of addresses and failures; what lies
//! between the bounds is set here.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    f64::consts::TAU,
    net::IpAddr,
};

use super::{Centroids, Judged, SignIns};
use crate::evaluate::sign_ins::SignIn;

/// Weight of the newest sign-in in the mean hour.
const NEWEST: f64 = 0.1;
/// Sign-ins, and how close together their hours are, before an hour can be odd.
const SETTLED: (u32, f64) = (5, 0.3);
/// Milliseconds for which addresses and failures are counted.
const HOUR: i64 = 3_600_000;
/// Evidence by hours away from the usual one: below 2, 4, 6, 8, and more.
const BY_HOURS: [(f64, f64); 5] =
    [(2.0, -0.5), (4.0, 0.5), (6.0, 1.0), (8.0, 1.75), (f64::INFINITY, 2.5)];
/// Evidence by addresses within an hour: up to 3, 4, 6, 9, and more.
const BY_ADDRESSES: [(usize, f64); 5] =
    [(3, 0.0), (4, 0.5), (6, 1.0), (9, 1.75), (usize::MAX, 2.5)];

/// What is remembered of an account.
#[derive(Default)]
struct Known {
    sign_ins: u32,
    /// The mean of the hours as points on a circle.
    hour: (f64, f64),
    addresses: HashSet<IpAddr>,
    devices: HashSet<(bool, u32)>,
    countries: HashSet<[u8; 2]>,
    /// Attempts of the last hour: when, from where, whether refused.
    lately: VecDeque<(i64, IpAddr, bool)>,
}

/// Every sign-in with its sum.
pub(super) fn judge(all: &SignIns, _: &Centroids) -> Vec<Judged> {
    let mut accounts: HashMap<u32, Known> = HashMap::new();
    let mut judged = Vec::new();
    for (nr, it) in all.all.iter().enumerate() {
        let known = accounts.entry(it.account).or_default();
        known.lately.push_back((it.time, it.ip, !it.is_success));
        while known.lately.front().is_some_and(|first| HOUR < it.time - first.0) {
            known.lately.pop_front();
        }
        if !it.is_success {
            continue;
        }
        if 0 < known.sign_ins {
            judged.push(Judged { sign_in: nr, score: known.evidence(it) });
        }
        known.learn(it);
    }
    judged
}

fn distinct(addresses: impl Iterator<Item = IpAddr>) -> usize {
    addresses.collect::<HashSet<_>>().len()
}

/// The time of day as an angle.
fn angle(it: &SignIn) -> f64 {
    let second = i32::try_from(it.time.rem_euclid(86_400_000) / 1_000).unwrap_or(0);
    f64::from(second) / 86_400.0 * TAU
}

impl Known {
    fn evidence(&self, it: &SignIn) -> f64 {
        let address = if self.addresses.contains(&it.ip) { -1.0 } else { 1.0 };
        let device =
            it.what().map_or(0.0, |it| if self.devices.contains(&it) { -1.0 } else { 1.5 });
        let country =
            it.country.map_or(0.0, |it| if self.countries.contains(&it) { -0.5 } else { 2.0 });
        address + device + country + self.of_hour(it) + self.of_attempts()
    }

    fn of_hour(&self, it: &SignIn) -> f64 {
        let (x, y) = self.hour;
        if self.sign_ins < SETTLED.0 || x.hypot(y) < SETTLED.1 {
            return 0.0;
        }
        let away = (angle(it) - y.atan2(x)).rem_euclid(TAU);
        let hours = away.min(TAU - away) / TAU * 24.0;
        BY_HOURS.iter().find(|step| hours < step.0).map_or(0.0, |step| step.1)
    }

    /// Many addresses within an hour, and guessing from many.
    fn of_attempts(&self) -> f64 {
        let addresses = distinct(self.lately.iter().map(|it| it.1));
        let refused = || self.lately.iter().filter(|it| it.2).map(|it| it.1);
        let is_distributed = 5 <= distinct(refused()) && 5 <= refused().count();
        let step = BY_ADDRESSES.iter().find(|step| addresses <= step.0).map_or(0.0, |step| step.1);
        step + if is_distributed { 2.5 } else { 0.0 }
    }

    fn learn(&mut self, it: &SignIn) {
        let (x, y) = (angle(it).cos(), angle(it).sin());
        let newest = if self.sign_ins == 0 { 1.0 } else { NEWEST };
        self.hour.0 += newest * (x - self.hour.0);
        self.hour.1 += newest * (y - self.hour.1);
        self.sign_ins += 1;
        self.addresses.insert(it.ip);
        self.devices.extend(it.what());
        self.countries.extend(it.country);
    }
}
