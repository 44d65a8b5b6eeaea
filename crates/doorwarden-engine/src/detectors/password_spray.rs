//! One network tries many accounts.

use std::collections::BTreeMap;

use doorwarden_model::{EvidenceKind, Tier};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

use super::earlier;
use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    names::AccountKey,
};

/// # Password spray
///
/// One network failed to sign in to many accounts within an hour, far more than succeed there.
///
/// ## Why it matters
/// A guess or two per account stays below every lock-out; one weak password among a hundred accounts is enough.
///
/// ## Example
/// ```scenario
/// 08:00 u1 203.0.113.7 vpn ok
/// 09:00 u1 198.51.100.9 vpn fail
/// 09:01 u2 198.51.100.9 vpn fail
/// 09:02 u3 198.51.100.9 vpn fail
/// 09:03 u4 198.51.100.9 vpn fail
/// 09:04 u5 198.51.100.9 vpn fail
/// 09:05 u6 198.51.100.9 vpn fail
/// 09:06 u7 198.51.100.9 vpn fail
/// 09:07 u8 198.51.100.9 vpn fail
/// 09:08 u9 198.51.100.9 vpn fail
/// 09:09 u10 198.51.100.9 vpn fail # signal
/// ```
/// Nine accounts are one short:
/// ```scenario
/// 08:00 u1 203.0.113.7 vpn ok
/// 09:00 u1 198.51.100.9 vpn fail
/// 09:01 u2 198.51.100.9 vpn fail
/// 09:02 u3 198.51.100.9 vpn fail
/// 09:03 u4 198.51.100.9 vpn fail
/// 09:04 u5 198.51.100.9 vpn fail
/// 09:05 u6 198.51.100.9 vpn fail
/// 09:06 u7 198.51.100.9 vpn fail
/// 09:07 u8 198.51.100.9 vpn fail
/// 09:08 u9 198.51.100.9 vpn fail
/// ```
///
/// ## False positives
/// An office on the Monday after a password change: the ratio to accounts that succeed there keeps it quiet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PasswordSpray {
    /// Accounts that must fail within an hour (Splunk's and Elastic's rules lie on both sides).
    accounts: u32,
    /// How many times more accounts must fail than succeeded within a day.
    ratio: f64,
    /// Accounts of the narrow pattern: each tried two to six times.
    narrow_accounts: u32,
    /// Failures of the narrow pattern.
    narrow_failures: u32,
}

impl Default for PasswordSpray {
    fn default() -> Self {
        Self { accounts: 10, ratio: 1.5, narrow_accounts: 5, narrow_failures: 15 }
    }
}

impl Detector for PasswordSpray {
    const ID: &'static str = "password-spray";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL;
    const TECHNIQUES: &'static [&'static str] = &["T1110.003"];
    const QUIET_IF: &'static str = "fewer accounts had failed from this network, or most of them had signed in from it the same day";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_refusal() && self.narrow_accounts <= item.facts.source.accounts_failed
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let facts = &item.facts.source;
        let Some(source) = past.source else { return };
        let outnumbers =
            self.ratio * f64::from(facts.accounts_succeeded) < f64::from(facts.accounts_failed);
        let is_wide = self.accounts <= facts.accounts_failed;
        if !outnumbers || !(is_wide || self.is_narrow(source, facts.failures)) {
            return;
        }
        out.heat_source();
        if out.extend() {
            return;
        }
        let ip = item.facts.net.map(|it| it.to_string()).unwrap_or_default();
        out.about_nobody();
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("{{accounts}} accounts were tried from {ip} on {}, {{count}} attempts up to {{until}}", item.event.service),
            baseline: format!("{} accounts signed in from there within the day before", facts.accounts_succeeded),
            earlier: earlier(source),
            since: source.failures().next().map(|it| it.evidence.time),
            links: vec![format!("source:{ip}")],
            ..Finding::default()
        });
    }
}

impl PasswordSpray {
    /// At least 60 % of the accounts are tried two to six times, over at least five minutes (Elastic's single-source rule).
    fn is_narrow(&self, source: &crate::source::SourceState, failures: u32) -> bool {
        if failures < self.narrow_failures {
            return false;
        }
        let mut tries: BTreeMap<AccountKey, u32> = BTreeMap::new();
        source.failures().for_each(|it| *tries.entry(it.account).or_default() += 1);
        let few = tries.values().filter(|it| (2..=6).contains(*it)).count();
        let times = source.failures().map(|it| it.evidence.time);
        let span =
            times.clone().max().zip(times.min()).map(|(last, first)| last.duration_since(first));
        self.narrow_accounts as usize <= tries.len()
            && tries.len() * 6 <= few * 10
            && span.is_some_and(|it| SignedDuration::from_mins(5) <= it)
    }
}
