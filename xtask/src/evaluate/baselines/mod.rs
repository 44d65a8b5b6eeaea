//! What others do, over the same events: rules that products ship and models that were published, each as its source
//! describes it. A baseline makes at most one incident for an account and day, and none while it learns.

mod device_and_network;
mod first_seen;
mod freeman;
mod log_odds;
mod new_country;
#[cfg(test)]
mod tests;
mod travel;

use std::collections::BTreeMap;

use super::{
    centroids::Centroids,
    sign_ins::{SignIn, SignIns},
};

/// Days at the beginning of the logs in which a baseline learns.
pub(crate) const LEARNING_DAYS: u32 = 14;

/// A way to judge sign-ins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Baseline {
    /// Name of its incidents' file.
    pub(crate) id: &'static str,
    /// How the table calls it.
    pub(crate) title: &'static str,
    pub(crate) judge: fn(&SignIns, &Centroids) -> Vec<Judged>,
    pub(crate) kind: Kind,
}

/// What can be done with a baseline's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It says yes or no.
    Rule,
    /// It says yes in several grades.
    Graded,
    /// It gives every sign-in a score, and ships no threshold that makes incidents.
    Scored,
}

/// A sign-in that is worth an incident, by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub(crate) sign_in: usize,
    /// Higher is worse.
    pub(crate) score: f64,
}

/// All of them.
pub(crate) const ALL: [Baseline; 6] = [
    Baseline {
        id: "travel",
        title: "B1 impossible travel (900 km/h, over 100 km, another network)",
        judge: travel::judge,
        kind: Kind::Rule,
    },
    Baseline {
        id: "new-country",
        title: "B2 BuffaLogs' rules (new country, country unseen for 30 days, 300 km/h from an unseen address)",
        judge: new_country::judge,
        kind: Kind::Rule,
    },
    Baseline {
        id: "first-seen",
        title: "B3 first seen network number (ASN) or country of the account",
        judge: first_seen::judge,
        kind: Kind::Rule,
    },
    Baseline {
        id: "freeman",
        title: "B4 Freeman et al. 2016, open model",
        judge: freeman::judge,
        kind: Kind::Scored,
    },
    Baseline {
        id: "device-and-network",
        title: "B5 new device and new network number, graded by new country and hosting",
        judge: device_and_network::judge,
        kind: Kind::Graded,
    },
    Baseline {
        id: "log-odds",
        title: "B6 sum of log-odds in the manner of Keycloak",
        judge: log_odds::judge,
        kind: Kind::Scored,
    },
];

/// What a baseline says of one account and day: as loud as its worst sign-in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AccountDay {
    pub(crate) worst: Judged,
    /// Times of the first and last sign-in that it judged on this day.
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// The findings behind the days of learning, one an account and day, in the order of accounts and days.
pub(crate) fn account_days(all: &[SignIn], judged: &[Judged]) -> Vec<AccountDay> {
    let Some(begin) = all.first().map(SignIn::day) else { return Vec::new() };
    let mut days: BTreeMap<(u32, i64), AccountDay> = BTreeMap::new();
    for it in judged {
        let Some(sign_in) = all.get(it.sign_in) else { continue };
        if sign_in.day() < begin + i64::from(LEARNING_DAYS) {
            continue;
        }
        let fresh = AccountDay { worst: *it, first: sign_in.time, last: sign_in.time };
        let day = days.entry((sign_in.account, sign_in.day())).or_insert(fresh);
        day.last = sign_in.time;
        if day.worst.score < it.score {
            day.worst = *it;
        }
    }
    days.into_values().collect()
}

/// Sign-ins that succeeded, with their numbers.
fn successes(all: &SignIns) -> impl Iterator<Item = (usize, &SignIn)> {
    all.all.iter().enumerate().filter(|it| it.1.is_success)
}
