//! An account whose window of activity moves.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    source::DAY,
};

/// # Unusual hours
///
/// On several days an account signed in at hours at which its owner hardly ever does.
///
/// ## Why it matters
/// Intruders work when their own office is open, or when the owner sleeps. One late evening says nothing; several days at
/// hours that the person hardly uses are a changed window of activity. Hours are those of the person's own clock, work days
/// and rest days apart, so that neither summer time nor a journey moves them.
///
/// ## Example
/// ```scenario
/// x40 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// x40 12:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// 40d 01:30 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// 41d 01:30 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp # signal
/// ```
/// One night:
/// ```scenario
/// x40 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// x40 12:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// 41d 01:30 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// 60d 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp
/// ```
///
/// ## False positives
/// A new shift, a pager, a release that keeps people up: hence low, unless something else is unusual too.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UnusualHours {
    /// How many nats more usual an hour must be among others than for the person: low, as the first odd night is learnt by the second.
    odd_nats: f64,
    /// Sum of odd days, in nats, from which on it is told; an odd day is worth at most four and fades by half in a week.
    nats: f64,
    /// Distinct days with sign-ins below which a person has no hours.
    days: u32,
}

impl Default for UnusualHours {
    fn default() -> Self {
        Self { odd_nats: 0.5, nats: 4.0, days: 10 }
    }
}

/// What an odd day must be worth to count at all.
const DRIFT: f64 = 0.7;
/// What it is worth at most.
const MOST: f64 = 4.0;

/// Odd days so far.
#[derive(Debug, Default)]
pub(crate) struct Nights {
    sum: f64,
    day: i64,
}

impl Detector for UnusualHours {
    const ID: &'static str = "unusual-hours";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::When;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str = "the person had signed in at these hours before";
    type Memory = Nights;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Nights,
        out: &mut Findings<'_>,
    ) {
        let (Some(assessment), Some(account)) = (past.assessment, past.account) else { return };
        let Some((hour, odd)) = assessment.oddness_of_hour() else { return };
        let day = item.millis().div_euclid(DAY);
        if account.active_days < self.days || odd < self.odd_nats || day == memory.day {
            return;
        }
        let passed = f64::from(i32::try_from(day - memory.day).unwrap_or(i32::MAX));
        let rate = past.organisation.rate_of_nights(account);
        let worth = libm::log(0.5 / rate).clamp(0.0, MOST) - DRIFT;
        memory.sum = (memory.sum * libm::exp2(-passed / 7.0) + worth).max(0.0);
        memory.day = day;
        if memory.sum <= self.nats {
            return;
        }
        out.report(Finding {
            tier: Tier::Digest,
            reason: format!(
                "{} signed in to {} at hours that are not its own, here between {hour}:00 and {}:00 by its own clock, on more than one day of a week",
                out.account(),
                item.event.service,
                (hour + 1) % 24
            ),
            baseline: account.usual(),
            ..Finding::default()
        });
    }
}
