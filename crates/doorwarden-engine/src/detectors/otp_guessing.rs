//! Somebody who has the password guesses the one-time code.

use std::collections::{BTreeSet, VecDeque};

use doorwarden_model::{EvidenceKind, MfaResult, Outcome, Reason, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # OTP guessing
///
/// Wrong one-time codes of one account, many in ten minutes, over several sessions.
///
/// ## Why it matters
/// The password is known already: six digits are all that is left.
///
/// ## Example
/// ```scenario
/// 02:00:00 ana 198.51.100.9 vpn mfa-failed id=s01
/// 02:00:11 ana 198.51.100.9 vpn mfa-failed id=s02
/// 02:00:22 ana 198.51.100.9 vpn mfa-failed id=s03
/// 02:00:33 ana 198.51.100.9 vpn mfa-failed id=s04
/// 02:00:44 ana 198.51.100.9 vpn mfa-failed id=s05
/// 02:00:55 ana 198.51.100.9 vpn mfa-failed id=s06
/// 02:01:06 ana 198.51.100.9 vpn mfa-failed id=s07
/// 02:01:17 ana 198.51.100.9 vpn mfa-failed id=s08
/// 02:01:28 ana 198.51.100.9 vpn mfa-failed id=s09
/// 02:01:39 ana 198.51.100.9 vpn mfa-failed id=s10
/// 02:01:50 ana 198.51.100.9 vpn mfa-failed id=s11
/// 02:02:01 ana 198.51.100.9 vpn mfa-failed id=s12
/// 02:02:12 ana 198.51.100.9 vpn mfa-failed id=s13
/// 02:02:23 ana 198.51.100.9 vpn mfa-failed id=s14
/// 02:02:34 ana 198.51.100.9 vpn mfa-failed id=s15
/// 02:02:45 ana 198.51.100.9 vpn mfa-failed id=s16
/// 02:02:56 ana 198.51.100.9 vpn mfa-failed id=s17
/// 02:03:07 ana 198.51.100.9 vpn mfa-failed id=s18
/// 02:03:18 ana 198.51.100.9 vpn mfa-failed id=s19
/// 02:03:29 ana 198.51.100.9 vpn mfa-failed id=s20 # signal
/// ```
/// A clock that is off makes a few:
/// ```scenario
/// 08:00:00 ana 203.0.113.7 vpn mfa-failed id=s1
/// 08:00:30 ana 203.0.113.7 vpn mfa-failed id=s1
/// 08:01:00 ana 203.0.113.7 vpn mfa-failed id=s1
/// ```
///
/// ## False positives
/// A token that lost its clock, tried again and again in one session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct OtpGuessing {
    /// Wrong codes within ten minutes (after Elastic's rule).
    failures: usize,
    /// Sessions that they come from; where no log states sessions, twice the failures are needed.
    sessions: usize,
}

impl Default for OtpGuessing {
    fn default() -> Self {
        Self { failures: 20, sessions: 10 }
    }
}

/// Ten minutes in milliseconds.
const WINDOW: i64 = 600_000;
/// Codes remembered.
const RING: usize = 64;

impl Detector for OtpGuessing {
    const ID: &'static str = "otp-guessing";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Factor;
    const LOOKS_AT: Kinds = Kinds::FACTOR.and(Kinds::REFUSAL);
    const TECHNIQUES: &'static [&'static str] = &["T1110", "T1111"];
    const QUIET_IF: &'static str = "the codes had been given in one session";
    /// Time and session of wrong codes.
    type Memory = VecDeque<(i64, Option<u64>)>;

    fn wants(&self, item: &Item<'_>) -> bool {
        let by_factor = item.event.mfa.is_some_and(|it| it.result == MfaResult::Failed);
        (by_factor || item.event.reason == Some(Reason::MfaFailed))
            && item.event.outcome == Some(Outcome::Failure)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        _: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        while ring.front().is_some_and(|it| WINDOW < now - it.0) || ring.len() == RING {
            ring.pop_front();
        }
        ring.push_back((now, item.event.session.map(|it| hash64(0, it.as_bytes()))));
        let sessions: BTreeSet<u64> = ring.iter().filter_map(|it| it.1).collect();
        let is_guessing = if sessions.is_empty() {
            2 * self.failures <= ring.len()
        } else {
            self.sessions <= sessions.len()
        };
        if ring.len() < self.failures || !is_guessing || out.extend() {
            return;
        }
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("{} wrong codes for the second factor of {name} within ten minutes, over {} sessions", ring.len(), sessions.len()),
            baseline: "people mistype a code once or twice".to_owned(),
            since: ring.front().and_then(|it| jiff::Timestamp::from_millisecond(it.0).ok()),
            ..Finding::default()
        });
    }
}
