//! An inner sign-in from an address of a gateway's pool that no session held.

use std::{collections::BTreeMap, net::IpAddr};

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    names::AccountKey,
    source::DAY,
};

/// # Unleased address
///
/// Somebody signed in inside from an address that a gateway leases, while no session held it.
///
/// ## Why it matters
/// Whoever comes in through a hole of the gateway, or deletes its log, leaves no session there; the computers inside still
/// see where the sign-in came from.
///
/// ## Example
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok host=fw1 lease=10.8.0.5
/// x20 08:05 ana 10.8.0.5 rdp ok host=srv7
/// 21d 02:00 eve 10.8.0.9 rdp ok host=srv7 # signal
/// 21d 02:10 eve 10.8.0.9 ssh ok host=srv8
/// ```
/// A session of several days, of which nothing was written since:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok host=fw1 lease=10.8.0.5
/// x20 08:05 ana 10.8.0.5 rdp ok host=srv7
/// 22d 08:05 ana 10.8.0.5 rdp ok host=srv7
/// ```
/// Where the gateway's log is not there, nothing can be said, whatever the context says of its addresses:
/// ```scenario
/// context [[vpn_pools]]
/// context gateway = "fw1"
/// context cidr = "10.8.0.0/24"
/// x20 08:05 ana 10.8.0.5 rdp ok host=srv7
/// 21d 02:00 eve 10.8.0.9 rdp ok host=srv7
/// ```
/// The same where its log has gaps, so that many sign-ins lack their session:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok host=fw1 lease=10.8.0.5
/// x20 08:05 ana 10.8.0.5 rdp ok host=srv7
/// 12d 09:00 ben 10.8.0.6 rdp ok host=srv7
/// 13d 09:00 ben 10.8.0.6 rdp ok host=srv7
/// 21d 02:00 eve 10.8.0.9 rdp ok host=srv7
/// ```
///
/// ## False positives
/// A gateway that writes a lease late, or lost some of its log; a computer with a fixed address in the pool.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UnleasedAddress {
    /// Sign-ins from the pool that a session explained, before one without can be judged (our choice).
    explained: u32,
    /// Of a hundred sign-ins from the pool, how many may lack a session before its log counts as incomplete (our choice).
    gaps_percent: u32,
}

impl Default for UnleasedAddress {
    fn default() -> Self {
        Self { explained: 20, gaps_percent: 5 }
    }
}

/// Addresses remembered per pool.
const ADDRESSES: usize = 256;

/// Sign-ins from a pool.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    explained: u32,
    unexplained: u32,
    /// The first that was explained: sessions from before the log began are over a day later.
    first: i64,
    /// Who held an address last, and who signed in from there.
    holders: BTreeMap<IpAddr, [Option<AccountKey>; 2]>,
}

impl Pool {
    fn note(&mut self, ip: IpAddr, item: &Item<'_>) {
        if self.explained == 0 {
            self.first = item.millis();
        }
        self.explained += 1;
        if self.holders.len() < ADDRESSES || self.holders.contains_key(&ip) {
            self.holders.insert(ip, [item.facts.session.outer_account, item.facts.account]);
        }
    }

    /// Whether the address was the same account's before: a session may outlive what its log says of it.
    fn is_holder(&self, ip: IpAddr, item: &Item<'_>) -> bool {
        item.facts.account.is_some()
            && self.holders.get(&ip).is_some_and(|it| it.contains(&item.facts.account))
    }
}

impl Detector for UnleasedAddress {
    const ID: &'static str = "unleased-address";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Session;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133"];
    const QUIET_IF: &'static str = "a session through the gateway had held the address";
    type Memory = Pool;

    fn wants(&self, item: &Item<'_>) -> bool {
        let session = &item.facts.session;
        item.is_sign_in()
            && item.facts.is_inside
            && (session.is_orphan || session.explained_by.is_some())
    }

    fn observe(
        &self,
        item: &Item<'_>,
        _: &Past<'_>,
        pool: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(ip), Some(net)) = (item.facts.src_ip, item.facts.net) else { return };
        if !item.facts.session.is_orphan {
            pool.note(ip, item);
            return;
        }
        if pool.is_holder(ip, item) {
            return;
        }
        let before = pool.unexplained;
        pool.unexplained += 1;
        let all = u64::from(pool.explained) + u64::from(before);
        let has_gaps = u64::from(self.gaps_percent) * all < u64::from(before) * 100;
        let is_young = pool.explained < self.explained || item.millis() - pool.first < DAY;
        if out.extend() || is_young || has_gaps {
            return;
        }
        let name = out.account().to_owned();
        let host = item.event.target.or(item.event.host).unwrap_or("a computer");
        out.about_nobody();
        out.report(Finding {
            tier: Tier::Digest,
            reason: format!(
                "{name} signed in to {} on {host} from {ip} while no session held that address; such sign-ins from {net} up to {{until}}: {{count}}",
                item.event.service
            ),
            baseline: format!(
                "a session through a gateway explains {} of {all} sign-ins from there before",
                pool.explained
            ),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
