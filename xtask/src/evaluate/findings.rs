//! A baseline's findings as incidents of the shape that `doorwarden evaluate` reads, so that all are scored by the same code.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    baselines::{self, AccountDay, Baseline, Kind},
    centroids::Centroids,
    sign_ins::{SignIn, SignIns},
};

/// Findings of a scored baseline that are kept for 10,000 people and day: no budget is nearly so large.
const KEPT: u64 = 2_000;

#[derive(Serialize)]
struct Incident<'a> {
    risk: f64,
    first_seen: Timestamp,
    last_seen: Timestamp,
    users: [&'a str; 1],
    src_ips: [std::net::IpAddr; 1],
    signals: [Signal<'a>; 1],
}

#[derive(Serialize)]
struct Signal<'a> {
    detector: &'a str,
    time: Timestamp,
    user: &'a str,
    src_ip: std::net::IpAddr,
    risk: f64,
}

/// The incidents of `baseline` over `people_days`, one a line, the worst first.
pub(crate) fn lines(
    baseline: &Baseline,
    all: &SignIns,
    centroids: &Centroids,
    people_days: u64,
) -> String {
    let judged = (baseline.judge)(all, centroids);
    let mut days = baselines::account_days(&all.all, &judged);
    days.sort_by(|a, b| b.worst.score.total_cmp(&a.worst.score));
    let most = usize::try_from(people_days * KEPT / 10_000).unwrap_or(usize::MAX);
    if baseline.kind == Kind::Scored {
        days.truncate(most);
    }
    let lines = days.iter().filter_map(|it| line(baseline, all, it));
    lines.collect::<Vec<_>>().concat()
}

fn line(baseline: &Baseline, all: &SignIns, day: &AccountDay) -> Option<String> {
    let worst: &SignIn = all.all.get(day.worst.sign_in)?;
    let at = |time: i64| Timestamp::from_millisecond(time).ok();
    let (user, risk) = (all.names.text(worst.account), risk(baseline.kind, day.worst.score));
    let signal =
        Signal { detector: baseline.id, time: at(worst.time)?, user, src_ip: worst.ip, risk };
    let incident = Incident {
        risk,
        first_seen: at(day.first)?,
        last_seen: at(day.last)?,
        users: [user],
        src_ips: [worst.ip],
        signals: [signal],
    };
    serde_json::to_string(&incident).ok().map(|it| it + "\n")
}

/// A number above the least that somebody looks at, in the order of scores; it means nothing else.
fn risk(kind: Kind, score: f64) -> f64 {
    match kind {
        Kind::Rule => 60.0,
        Kind::Graded => 60.0 + 10.0 * (score - 1.0),
        Kind::Scored => 60.0 + 40.0 / (1.0 + (-score / 10.0).exp()),
    }
}
