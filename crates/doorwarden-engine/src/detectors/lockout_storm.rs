//! Many accounts are locked at once.

use std::collections::{BTreeSet, VecDeque};

use doorwarden_model::{Activity, EvidenceKind, Reason, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    names::AccountKey,
};

/// # Lockout storm
///
/// Many accounts were locked within half an hour.
///
/// ## Why it matters
/// A spray that is not careful locks everybody out: an attack, and an outage.
///
/// ## Example
/// ```scenario
/// 09:00:00 u01 - idp fail reason=locked
/// 09:00:10 u02 - idp fail reason=locked
/// 09:00:20 u03 - idp fail reason=locked
/// 09:00:30 u04 - idp fail reason=locked
/// 09:00:40 u05 - idp fail reason=locked
/// 09:00:50 u06 - idp fail reason=locked
/// 09:01:00 u07 - idp fail reason=locked
/// 09:01:10 u08 - idp fail reason=locked
/// 09:01:20 u09 - idp fail reason=locked
/// 09:01:30 u10 - idp fail reason=locked
/// 09:01:40 u11 - idp fail reason=locked
/// 09:01:50 u12 - idp fail reason=locked
/// 09:02:00 u13 - idp fail reason=locked
/// 09:02:10 u14 - idp fail reason=locked
/// 09:02:20 u15 - idp fail reason=locked
/// 09:02:30 u16 - idp fail reason=locked
/// 09:02:40 u17 - idp fail reason=locked
/// 09:02:50 u18 - idp fail reason=locked
/// 09:03:00 u19 - idp fail reason=locked
/// 09:03:10 u20 - idp fail reason=locked
/// 09:03:20 u21 - idp fail reason=locked
/// 09:03:30 u22 - idp fail reason=locked
/// 09:03:40 u23 - idp fail reason=locked
/// 09:03:50 u24 - idp fail reason=locked
/// 09:04:00 u25 - idp fail reason=locked # signal
/// ```
/// One person, again and again:
/// ```scenario
/// 09:00:00 u01 - idp fail reason=locked
/// 09:00:10 u01 - idp fail reason=locked
/// 09:00:20 u01 - idp fail reason=locked
/// ```
///
/// ## False positives
/// The day on which all passwords expire.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LockoutStorm {
    /// Accounts locked within half an hour (after Elastic's rule).
    accounts: usize,
}

impl Default for LockoutStorm {
    fn default() -> Self {
        Self { accounts: 25 }
    }
}

/// Half an hour in milliseconds.
const WINDOW: i64 = 1_800_000;
/// Lockouts remembered.
const RING: usize = 1_024;

impl Detector for LockoutStorm {
    const ID: &'static str = "lockout-storm";
    const SCOPE: Scope = Scope::Organisation;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL.and(Kinds::ACCOUNT);
    const TECHNIQUES: &'static [&'static str] = &["T1110", "T1531"];
    const QUIET_IF: &'static str = "fewer accounts had been locked at once";
    type Memory = VecDeque<(i64, AccountKey)>;

    fn wants(&self, item: &Item<'_>) -> bool {
        let is_change = item.event.activity == Activity::Account
            && item.event.detail.is_some_and(|it| it.to_ascii_lowercase().contains("locked"));
        !item.facts.is_program && (item.event.reason == Some(Reason::Locked) || is_change)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        _: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let Some(account) = item.facts.account else { return };
        while ring.front().is_some_and(|it| WINDOW < item.millis() - it.0) || ring.len() == RING {
            ring.pop_front();
        }
        ring.push_back((item.millis(), account));
        if ring.len() < self.accounts {
            return;
        }
        let accounts: BTreeSet<AccountKey> = ring.iter().map(|it| it.1).collect();
        if accounts.len() < self.accounts || out.extend() {
            return;
        }
        out.about_nobody();
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("{} accounts were locked within half an hour", accounts.len()),
            baseline: "a few people a day lock themselves out".to_owned(),
            since: ring.front().and_then(|it| jiff::Timestamp::from_millisecond(it.0).ok()),
            ..Finding::default()
        });
    }
}
