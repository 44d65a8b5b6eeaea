//! Two people use one account.

use doorwarden_model::{EvidenceKind, NetworkKind, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::source_link,
    source::{DAY, HOUR},
};

/// # Shared account
///
/// Two computers, each on a network of its own, use one account in the same hours, on several days a week.
///
/// ## Why it matters
/// What two people do with one account nobody answers for, its password goes round in mails, and no habit tells an intruder from
/// either of them.
///
/// ## Example
/// ```scenario
/// x21 08:00 ana 203.0.113.7 vpn ok device=laptop-1
/// x9 08:20 ana 198.51.100.9 vpn ok device=laptop-2
/// 10d 08:20 ana 198.51.100.9 vpn ok device=laptop-2 # signal
/// ```
/// A computer at home and one at the second office, one after the other; and a telephone on a carrier's network:
/// ```scenario
/// x21 08:00 ana 203.0.113.7 vpn ok device=laptop-1
/// x21 13:00 ana 198.51.100.9 vpn ok device=desk-1
/// x21 08:20 ana 192.0.2.9 vpn ok device=phone-1 net=mobile
/// ```
/// An account of which the context says so:
/// ```scenario
/// context [[people]]
/// context account = "desk"
/// context class = "shared"
/// x21 08:00 desk 203.0.113.7 vpn ok device=laptop-1
/// x21 08:20 desk 198.51.100.9 vpn ok device=laptop-2
/// ```
///
/// ## False positives
/// Somebody whose computer at the office goes on working while the one at home signs in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SharedAccount {
    /// Minutes between the two on one day (our choice: less than it takes to go to another office and begin there).
    minutes: i64,
    /// Days within seven on which they must do so (our choice).
    days: u32,
    /// Days with sign-ins from which on a computer on its network is not there by chance (our choice).
    stable_days: u32,
}

impl Default for SharedAccount {
    fn default() -> Self {
        Self { minutes: 60, days: 3, stable_days: 8 }
    }
}

/// Places remembered per account.
const PLACES: usize = 4;
/// A signal that was given is not repeated for so many days.
const REPEAT: i64 = 28;

/// A device on a network.
#[derive(Debug, Clone, Copy)]
struct Spot {
    device: u64,
    net: SourceNet,
    days: u32,
    last: i64,
}

/// Where and with what the account is used.
#[derive(Debug, Default)]
pub(crate) struct Spots {
    known: SmallVec<[Spot; 1]>,
    /// Days on which two of them took turns, as bits; the lowest is `newest_day`.
    turns: u64,
    newest_day: i64,
    told: i64,
}

impl Detector for SharedAccount {
    const ID: &'static str = "shared-account";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Session;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078"];
    const QUIET_IF: &'static str = "the context named the account as a shared one, or one of the two had moved between the networks";
    type Memory = Spots;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && item.is_from_outside()
            && item.facts.device.is_some()
            && !matches!(item.place.network, Some(NetworkKind::Mobile | NetworkKind::Corporate))
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(device), Some(net)) = (item.facts.device, item.facts.net) else { return };
        if past.known.is_egress(net.first())
            || past.known.is_shared(item)
            || past.known.service_account(item).is_some()
        {
            return;
        }
        let now = item.millis();
        let window = self.minutes * HOUR / 60;
        let own_days = memory.see(device, net, now);
        let is_other = |it: &&Spot| {
            it.device != device
                && it.net != net
                && now - it.last <= window
                && self.stable_days <= it.days.min(own_days)
        };
        let Some(other) = memory.known.iter().find(is_other).copied() else { return };
        let days = memory.take_turns(now.div_euclid(DAY));
        if days < self.days || out.extend() || now - memory.told < REPEAT * DAY {
            return;
        }
        memory.told = now;
        let text = |it: u64| past.text(Some(it)).to_owned();
        out.report(Finding {
            tier: Tier::Digest,
            reason: format!(
                "{} is used by two at once: on {days} of 7 days {} at {net} and {} at {} signed in within {} minutes of each other",
                out.account(),
                text(device),
                text(other.device),
                other.net,
                self.minutes
            ),
            baseline: "one person is in one place at a time".to_owned(),
            links: source_link(item),
            ..Finding::default()
        });
    }
}

impl Spots {
    /// Learns, and says on how many days the account was there with the device.
    fn see(&mut self, device: u64, net: SourceNet, now: i64) -> u32 {
        if let Some(known) = self.known.iter_mut().find(|it| it.device == device && it.net == net) {
            known.days += u32::from(known.last.div_euclid(DAY) < now.div_euclid(DAY));
            known.last = now;
            return known.days;
        }
        if self.known.len() == PLACES
            && let Some(oldest) =
                (0..PLACES).min_by_key(|at| self.known.get(*at).map(|it| (it.last, it.days)))
        {
            self.known.remove(oldest);
        }
        self.known.push(Spot { device, net, days: 1, last: now });
        1
    }

    /// Two took turns on `day`; on how many of the last seven did they?
    fn take_turns(&mut self, day: i64) -> u32 {
        let passed = u32::try_from((day - self.newest_day).clamp(0, 64)).unwrap_or(64);
        self.turns = self.turns.checked_shl(passed).unwrap_or(0) | 1;
        self.newest_day = day;
        (self.turns & 0x7f).count_ones()
    }
}
