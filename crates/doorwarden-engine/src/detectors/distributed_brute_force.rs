//! Many networks guess the password of one account.

use std::collections::{BTreeSet, VecDeque};

use doorwarden_model::{EvidenceKind, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Distributed brute force
///
/// One account in use was refused from many networks in several countries or providers within half an hour.
///
/// ## Why it matters
/// Rotating addresses stay below every limit per address; the account still sees all of them.
///
/// ## Example
/// ```scenario
/// x3 08:00 ana 203.0.113.7 vpn ok
/// 3d 09:00 ana 198.51.100.1 vpn fail asn=1
/// 3d 09:01 ana 198.51.101.1 vpn fail asn=2
/// 3d 09:02 ana 198.51.102.1 vpn fail asn=3
/// 3d 09:03 ana 198.51.103.1 vpn fail asn=1
/// 3d 09:04 ana 198.51.104.1 vpn fail asn=2
/// 3d 09:05 ana 198.51.105.1 vpn fail asn=3
/// 3d 09:06 ana 198.51.106.1 vpn fail asn=1
/// 3d 09:07 ana 198.51.107.1 vpn fail asn=2
/// 3d 09:08 ana 198.51.108.1 vpn fail asn=3
/// 3d 09:09 ana 198.51.109.1 vpn fail asn=1 # signal
/// ```
/// One network alone is not distributed:
/// ```scenario
/// x3 08:00 ana 203.0.113.7 vpn ok
/// 3d 09:00 ana 198.51.100.1 vpn fail asn=1
/// 3d 09:01 ana 198.51.100.1 vpn fail asn=1
/// 3d 09:02 ana 198.51.100.1 vpn fail asn=1
/// 3d 09:03 ana 198.51.100.1 vpn fail asn=1
/// ```
///
/// ## False positives
/// A phone with an old password that travels through many mobile networks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DistributedBruteForce {
    /// Failures on the account within half an hour (after Elastic's rule).
    failures: usize,
    /// Networks that they come from.
    networks: usize,
    /// Systems (ASN) that they come from; or two countries.
    systems: usize,
}

impl Default for DistributedBruteForce {
    fn default() -> Self {
        Self { failures: 10, networks: 5, systems: 3 }
    }
}

/// Half an hour in milliseconds.
const WINDOW: i64 = 1_800_000;
/// Failures remembered.
const RING: usize = 32;

/// A refusal: when, from which network, system and country.
#[derive(Debug)]
pub(crate) struct Refused {
    millis: i64,
    net: SourceNet,
    asn: Option<u32>,
    country: Option<[u8; 2]>,
}

impl Detector for DistributedBruteForce {
    const ID: &'static str = "distributed-brute-force";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL;
    const TECHNIQUES: &'static [&'static str] = &["T1110.001"];
    const QUIET_IF: &'static str =
        "the failures had come from fewer networks, or from ones that the account uses";
    type Memory = VecDeque<Refused>;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_refusal() && item.facts.is_known && item.is_from_outside()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let Some(net) = item.facts.net else { return };
        if past.account.is_some_and(|it| it.knows_net(net)) {
            return;
        }
        while ring.front().is_some_and(|it| WINDOW < item.millis() - it.millis)
            || ring.len() == RING
        {
            ring.pop_front();
        }
        ring.push_back(Refused {
            millis: item.millis(),
            net,
            asn: item.place.asn,
            country: item.place.country,
        });
        let nets: BTreeSet<_> = ring.iter().map(|it| it.net).collect();
        let systems: BTreeSet<_> = ring.iter().filter_map(|it| it.asn).collect();
        let countries: BTreeSet<_> = ring.iter().filter_map(|it| it.country).collect();
        let is_spread = self.systems <= systems.len() || 2 <= countries.len();
        if ring.len() < self.failures || nets.len() < self.networks || !is_spread {
            return;
        }
        if out.extend() {
            return;
        }
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Digest,
            reason: format!("{name} was refused from {} networks within half an hour", nets.len()),
            baseline: past
                .usual()
                .unwrap_or_else(|| "the account did not sign in before".to_owned()),
            since: ring.front().and_then(|it| jiff::Timestamp::from_millisecond(it.millis).ok()),
            ..Finding::default()
        });
    }
}
