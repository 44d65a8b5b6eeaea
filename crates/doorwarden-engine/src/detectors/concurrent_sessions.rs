//! One account opens several sessions from several networks at once.

use std::collections::{BTreeSet, VecDeque};

use doorwarden_model::{EvidenceKind, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Concurrent sessions
///
/// An account opened several sessions within half an hour, from networks of different providers.
///
/// ## Why it matters
/// A person is in one place; a shared or stolen account is in several.
///
/// ## Example
/// ```scenario
/// 09:00 ana 203.0.113.7 vpn ok asn=1
/// 09:10 ana 198.51.100.9 vpn ok asn=2
/// 09:20 ana 192.0.2.9 vpn ok asn=3 # signal
/// ```
/// A laptop at home and the telephone:
/// ```scenario
/// 09:00 ana 203.0.113.7 vpn ok asn=1
/// 09:10 ana 198.51.100.9 vpn ok asn=2 net=mobile
/// ```
///
/// ## False positives
/// A train with three networks on the way; shared accounts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ConcurrentSessions {
    /// Networks that sessions were opened from within half an hour (after Elastic's rule).
    networks: usize,
    /// Providers (ASN) that these belong to.
    providers: usize,
}

impl Default for ConcurrentSessions {
    fn default() -> Self {
        Self { networks: 3, providers: 2 }
    }
}

/// Half an hour in milliseconds.
const WINDOW: i64 = 1_800_000;

impl Detector for ConcurrentSessions {
    const ID: &'static str = "concurrent-sessions";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Session;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078"];
    const QUIET_IF: &'static str =
        "the sessions had come from fewer networks, or the account were a shared one";
    type Memory = VecDeque<(i64, SourceNet, Option<u32>)>;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.is_from_outside()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(net), Some(ip)) = (item.facts.net, item.facts.src_ip) else { return };
        if past.known.is_egress(ip) {
            return;
        }
        let now = item.millis();
        while ring.front().is_some_and(|it| WINDOW < now - it.0) || ring.len() == 16 {
            ring.pop_front();
        }
        if let Some(known) = ring.iter_mut().find(|it| it.1 == net) {
            known.0 = now;
            return;
        }
        ring.push_back((now, net, item.place.asn));
        let providers: BTreeSet<u32> = ring.iter().filter_map(|it| it.2).collect();
        if ring.len() < self.networks || providers.len() < self.providers || out.extend() {
            return;
        }
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Digest,
            reason: format!(
                "{name} signed in from {} networks of {} providers within half an hour",
                ring.len(),
                providers.len()
            ),
            baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
            since: ring.front().and_then(|it| jiff::Timestamp::from_millisecond(it.0).ok()),
            ..Finding::default()
        });
    }
}
