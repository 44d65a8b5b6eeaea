//! One network tries stolen pairs of names and passwords.

use std::collections::BTreeMap;

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use super::earlier;
use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Findings, Past},
    names::AccountKey,
};

/// # Credential stuffing
///
/// One network tried many accounts once or twice each within a quarter of an hour, many of them names that nobody has here.
///
/// ## Why it matters
/// Lists of names and passwords from other break-ins are tried everywhere; a person who uses one password twice is enough.
///
/// ## Example
/// ```scenario
/// 08:00 u1 203.0.113.7 vpn ok
/// 09:00:00 u1 198.51.100.9 vpn fail
/// 09:00:20 x2 198.51.100.9 vpn fail reason=unknown-user
/// 09:00:40 x3 198.51.100.9 vpn fail reason=unknown-user
/// 09:01:00 x4 198.51.100.9 vpn fail reason=unknown-user
/// 09:01:20 x5 198.51.100.9 vpn fail reason=unknown-user
/// 09:01:40 x6 198.51.100.9 vpn fail reason=unknown-user
/// 09:02:00 x7 198.51.100.9 vpn fail reason=unknown-user
/// 09:02:20 x8 198.51.100.9 vpn fail
/// 09:02:40 x9 198.51.100.9 vpn fail
/// 09:03:00 x10 198.51.100.9 vpn fail
/// 09:03:20 x11 198.51.100.9 vpn fail
/// 09:03:40 x12 198.51.100.9 vpn fail
/// 09:04:00 x13 198.51.100.9 vpn fail
/// 09:04:20 x14 198.51.100.9 vpn fail
/// 09:04:40 x15 198.51.100.9 vpn fail
/// 09:05:00 u1 198.51.100.9 vpn fail
/// 09:05:20 x2 198.51.100.9 vpn fail reason=unknown-user
/// 09:05:40 x3 198.51.100.9 vpn fail reason=unknown-user
/// 09:06:00 x4 198.51.100.9 vpn fail reason=unknown-user
/// 09:06:20 x5 198.51.100.9 vpn fail reason=unknown-user
/// 09:06:40 x6 198.51.100.9 vpn fail reason=unknown-user
/// 09:07:00 x7 198.51.100.9 vpn fail reason=unknown-user
/// 09:07:20 x8 198.51.100.9 vpn fail
/// 09:07:40 x9 198.51.100.9 vpn fail
/// 09:08:00 x10 198.51.100.9 vpn fail # signal
/// ```
/// Fifteen accounts with one try each are too few failures:
/// ```scenario
/// 08:00 u1 203.0.113.7 vpn ok
/// 09:00:00 u1 198.51.100.9 vpn fail
/// 09:00:20 x2 198.51.100.9 vpn fail reason=unknown-user
/// 09:00:40 x3 198.51.100.9 vpn fail reason=unknown-user
/// 09:01:00 x4 198.51.100.9 vpn fail reason=unknown-user
/// ```
///
/// ## False positives
/// A log shipper that replays old failures.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CredentialStuffing {
    /// Accounts that must fail within fifteen minutes (after Elastic's rule).
    accounts: usize,
    /// Failures within fifteen minutes.
    failures: usize,
    /// Share of accounts with at most two tries.
    few_tries_share: f64,
    /// Share of accounts that nobody has.
    unknown_share: f64,
}

impl Default for CredentialStuffing {
    fn default() -> Self {
        Self { accounts: 15, failures: 25, few_tries_share: 0.8, unknown_share: 0.3 }
    }
}

/// Fifteen minutes in milliseconds.
const WINDOW: i64 = 900_000;

impl Detector for CredentialStuffing {
    const ID: &'static str = "credential-stuffing";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL;
    const TECHNIQUES: &'static [&'static str] = &["T1110.004"];
    const QUIET_IF: &'static str = "the names had been names of this organisation, or fewer";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_refusal() && self.accounts as u64 <= u64::from(item.facts.source.accounts_failed)
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(source) = past.source else { return };
        let mut tries: BTreeMap<AccountKey, (u32, bool)> = BTreeMap::new();
        let mut failures = 0;
        for it in source.failures().filter(|it| item.millis() - it.millis <= WINDOW) {
            failures += 1;
            let known = tries.entry(it.account).or_default();
            known.0 += 1;
            known.1 |= it.is_unknown_user || !it.is_known;
        }
        let share = |count: usize| real(count) / real(tries.len().max(1));
        let is_stuffing = self.accounts <= tries.len()
            && self.failures <= failures
            && self.few_tries_share <= share(tries.values().filter(|it| it.0 <= 2).count())
            && self.unknown_share <= share(tries.values().filter(|it| it.1).count());
        if !is_stuffing {
            return;
        }
        out.heat_source();
        if out.extend() {
            return;
        }
        let net = item.facts.net.map(|it| it.to_string()).unwrap_or_default();
        out.about_nobody();
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("{{accounts}} names were tried once or twice each from {net} on {}, many of them nobody's here", item.event.service),
            baseline: "people mistype their own password, not other people's names".to_owned(),
            earlier: earlier(source),
            since: source.failures().next().map(|it| it.evidence.time),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
