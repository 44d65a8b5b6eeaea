//! Many networks try many accounts at once.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
};

use compact_str::CompactString;
use doorwarden_model::{Evidence, EvidenceKind, Reason, Service, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Earlier, Findings, Past},
    names::AccountKey,
    table::Table,
};

/// # Distributed spray
///
/// Several networks that are new to the organisation tried several accounts in use within a quarter of an hour, a few
/// times each, for one reason.
///
/// ## Why it matters
/// A spray through rotating addresses shows nothing per address and nothing per account.
///
/// ## Example
/// ```scenario
/// 07:00 u1 203.0.113.7 vpn ok
/// 07:00 u2 203.0.113.7 vpn ok
/// 07:00 u3 203.0.113.7 vpn ok
/// 07:00 u4 203.0.113.7 vpn ok
/// 07:00 u5 203.0.113.7 vpn ok
/// 07:00 u6 203.0.113.7 vpn ok
/// 07:00 u7 203.0.113.7 vpn ok
/// 07:00 u8 203.0.113.7 vpn ok
/// 09:00:00 u1 198.51.100.1 vpn fail reason=bad-password
/// 09:00:10 u2 198.51.101.1 vpn fail reason=bad-password
/// 09:00:20 u3 198.51.102.1 vpn fail reason=bad-password
/// 09:00:30 u4 198.51.103.1 vpn fail reason=bad-password
/// 09:00:40 u5 198.51.104.1 vpn fail reason=bad-password
/// 09:00:50 u6 198.51.100.1 vpn fail reason=bad-password
/// 09:01:00 u7 198.51.101.1 vpn fail reason=bad-password
/// 09:01:10 u8 198.51.102.1 vpn fail reason=bad-password
/// 09:01:20 u1 198.51.103.1 vpn fail reason=bad-password
/// 09:01:30 u2 198.51.104.1 vpn fail reason=bad-password
/// 09:01:40 u3 198.51.100.1 vpn fail reason=bad-password
/// 09:01:50 u4 198.51.101.1 vpn fail reason=bad-password
/// 09:02:00 u5 198.51.102.1 vpn fail reason=bad-password
/// 09:02:10 u6 198.51.103.1 vpn fail reason=bad-password
/// 09:02:20 u7 198.51.104.1 vpn fail reason=bad-password
/// 09:02:30 u8 198.51.100.1 vpn fail reason=bad-password
/// 09:02:40 u1 198.51.101.1 vpn fail reason=bad-password
/// 09:02:50 u2 198.51.102.1 vpn fail reason=bad-password
/// 09:03:00 u3 198.51.103.1 vpn fail reason=bad-password
/// 09:03:10 u4 198.51.104.1 vpn fail reason=bad-password
/// 09:03:20 u5 198.51.100.1 vpn fail reason=bad-password
/// 09:03:30 u6 198.51.101.1 vpn fail reason=bad-password
/// 09:03:40 u7 198.51.102.1 vpn fail reason=bad-password
/// 09:03:50 u8 198.51.103.1 vpn fail reason=bad-password
/// 09:04:00 u1 198.51.104.1 vpn fail reason=bad-password # signal
/// ```
/// People who mistype at home, each from a network of the own:
/// ```scenario
/// 07:00 u1 203.0.113.7 vpn ok
/// 07:00 u2 192.0.2.7 vpn ok
/// 09:00:00 u1 203.0.113.7 vpn fail reason=bad-password
/// 09:00:10 u2 192.0.2.7 vpn fail reason=bad-password
/// ```
///
/// ## False positives
/// The morning after a forced password change: those networks are known, and the share of new ones keeps it quiet.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DistributedSpray {
    /// Networks within fifteen minutes (after Elastic's rule).
    networks: usize,
    /// Accounts in use that were tried.
    accounts: usize,
    /// Failures.
    failures: usize,
    /// Most tries per account.
    tries: u32,
    /// Share of networks from which nobody signed in within thirty days.
    new_share: f64,
}

impl Default for DistributedSpray {
    fn default() -> Self {
        Self { networks: 5, accounts: 8, failures: 25, tries: 5, new_share: 0.6 }
    }
}

/// Fifteen minutes and thirty days in milliseconds.
const WINDOW: i64 = 900_000;
const MONTH: i64 = 30 * 86_400_000;
/// Failures and networks remembered.
const RING: usize = 256;
const NETS: usize = 65_536;

#[derive(Debug)]
struct Failed {
    millis: i64,
    account: AccountKey,
    net: SourceNet,
    is_new: bool,
    reason: Option<Reason>,
    name: CompactString,
    ip: Option<IpAddr>,
    service: Service,
    evidence: Evidence,
}

/// Recent failures with their counts, and the networks that people signed in from.
#[derive(Debug)]
pub(crate) struct Everywhere {
    failures: VecDeque<Failed>,
    tries: BTreeMap<AccountKey, u32>,
    /// Failures per network, and whether it is new.
    nets: BTreeMap<SourceNet, (u32, bool)>,
    used: Table<i64>,
}

impl Default for Everywhere {
    fn default() -> Self {
        let (failures, tries, nets) = (VecDeque::new(), BTreeMap::new(), BTreeMap::new());
        Self { failures, tries, nets, used: Table::new(NETS) }
    }
}

impl Everywhere {
    fn push(&mut self, failed: Failed) {
        *self.tries.entry(failed.account).or_default() += 1;
        let net = self.nets.entry(failed.net).or_default();
        *net = (net.0 + 1, failed.is_new);
        self.failures.push_back(failed);
    }

    fn pop(&mut self) {
        let Some(oldest) = self.failures.pop_front() else { return };
        if let Some(tries) = self.tries.get_mut(&oldest.account) {
            *tries -= 1;
            if *tries == 0 {
                self.tries.remove(&oldest.account);
            }
        }
        if let Some(net) = self.nets.get_mut(&oldest.net) {
            net.0 -= 1;
            if net.0 == 0 {
                self.nets.remove(&oldest.net);
            }
        }
    }
}

impl Detector for DistributedSpray {
    const ID: &'static str = "distributed-spray";
    const SCOPE: Scope = Scope::Organisation;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL.and(Kinds::SIGN_IN);
    const TECHNIQUES: &'static [&'static str] = &["T1110.003"];
    const QUIET_IF: &'static str =
        "people had signed in from most of these networks within the last month";
    type Memory = Everywhere;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_from_outside() && (item.is_sign_in() || item.is_refusal() && item.facts.is_known)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        _: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(net), Some(account)) = (item.facts.net, item.facts.account) else { return };
        let now = item.millis();
        if item.is_sign_in() {
            // Once a day is enough to know that a network is in use.
            if item.facts.source.accounts_succeeded <= 1 || item.facts.source.is_first_success {
                *memory.used.get_or(net.key(), now, || now) = now;
            }
            return;
        }
        while memory.failures.front().is_some_and(|it| WINDOW < now - it.millis)
            || memory.failures.len() == RING
        {
            memory.pop();
        }
        let is_new = memory.used.peek(net.key()).is_none_or(|it| MONTH < now - it);
        memory.push(Failed {
            millis: now,
            account,
            net,
            is_new,
            reason: item.event.reason,
            name: item.event.user.unwrap_or_default().into(),
            ip: item.facts.src_ip,
            service: item.event.service,
            evidence: item.evidence(),
        });
        if memory.failures.len() < self.failures || !self.is_spray(memory) || out.extend() {
            return;
        }
        let mut earlier: Vec<Earlier> = memory
            .failures
            .iter()
            .map(|it| Earlier {
                name: it.name.clone(),
                is_known: true,
                ip: it.ip,
                service: it.service,
                evidence: it.evidence,
                signed_in: None,
            })
            .collect();
        earlier.pop();
        out.report(Finding {
            tier: Tier::Queue,
            reason: "{accounts} accounts were tried from {sources} addresses, {count} attempts up to {until}, a few on each".to_owned(),
            baseline: "refusals come from networks that people use".to_owned(),
            since: earlier.first().map(|it| it.evidence.time),
            earlier,
            ..Finding::default()
        });
    }
}

impl DistributedSpray {
    fn is_spray(&self, memory: &Everywhere) -> bool {
        self.networks <= memory.nets.len()
            && self.accounts <= memory.tries.len()
            // Each account a few times: no more failures than that in all, before each is looked at.
            && memory.failures.len() <= memory.tries.len() * self.tries as usize
            && memory.tries.values().all(|it| *it <= self.tries)
            && self.new_share * real(memory.nets.len())
                <= real(memory.nets.values().filter(|it| it.1).count())
            && memory.failures.iter().map(|it| it.reason).collect::<BTreeSet<_>>().len() <= 2
    }
}
