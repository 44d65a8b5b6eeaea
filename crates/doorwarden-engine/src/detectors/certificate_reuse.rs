//! One certificate in two hands.

use std::net::IpAddr;

use compact_str::CompactString;
use doorwarden_model::{Activity, EvidenceKind, Outcome, Reason, Service, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    names::AccountKey,
    source::DAY,
};

/// # Certificate reuse
///
/// One certificate was used by two devices or from two countries at once, by another account than its own, or after it
/// was revoked or had expired. On a new device it adds weight to other findings, and where two devices hold it from then on it
/// stands in the weekly list.
///
/// ## Why it matters
/// A stolen VPN certificate opens the door without a password; Ke3chang came back that way after it was thrown out.
///
/// ## Example
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE
/// 5d 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE
/// 5d 08:20 ana 198.51.100.9 vpn ok cert=CN=ana device=KALI country=RO # signal
/// ```
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok cert=CN=ana
/// 5d 02:00 ben 198.51.100.9 vpn ok cert=CN=ana # signal
/// ```
/// A new laptop takes the certificate over, and the old one is not seen again: that adds weight, and is no incident.
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE
/// 7d 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-2 country=DE # signal
/// 8d 08:00 ana 198.51.100.7 vpn ok cert=CN=ana device=LAPTOP-2 country=DE
/// ```
/// The old one comes again, from elsewhere: a copy.
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE
/// 7d 02:00 ana 198.51.100.7 vpn ok cert=CN=ana device=LAPTOP-2 country=DE
/// 7d 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE # signal
/// ```
/// The same laptop on a journey:
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok cert=CN=ana device=LAPTOP-1 country=DE
/// 7d 08:00 ana 198.51.100.7 vpn ok cert=CN=ana device=LAPTOP-1 country=FR
/// ```
/// A key opens every account that its owner may use, on every computer:
/// ```scenario
/// x5 08:00 ana 203.0.113.7 ssh ok cert=SHA256:abc host=gate-1
/// 5d 08:00 ana 203.0.113.7 ssh ok cert=SHA256:abc host=gate-2
/// 5d 09:00 deploy 203.0.113.7 ssh ok cert=SHA256:abc host=gate-1
/// ```
///
/// ## False positives
/// Machine certificates on shared workstations: three accounts or more are taken for one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CertificateReuse {
    /// Minutes within which two uses count as at once, where no session states its end.
    overlap_minutes: i64,
    /// Accounts from which on a certificate is a machine's, not a person's.
    machine_accounts: usize,
    /// Days after the first use by a new device within which the old one must stay silent (our choice).
    replacement_days: i64,
}

impl Default for CertificateReuse {
    fn default() -> Self {
        Self { overlap_minutes: 30, machine_accounts: 3, replacement_days: 14 }
    }
}

/// Hands remembered per certificate.
const HANDS: usize = 6;

/// One use of a certificate.
#[derive(Debug, Clone)]
struct Hand {
    since: i64,
    millis: i64,
    account: Option<AccountKey>,
    device: Option<u64>,
    device_name: CompactString,
    ip: Option<IpAddr>,
    net: Option<SourceNet>,
    country: Option<[u8; 2]>,
    uses: u32,
}

/// The last hands that held it, and whether it was revoked.
#[derive(Debug, Default)]
pub(crate) struct Hands {
    held: SmallVec<[Hand; 1]>,
    accounts: SmallVec<[AccountKey; 2]>,
    revoked: bool,
}

impl Detector for CertificateReuse {
    const ID: &'static str = "certificate-reuse";
    const SCOPE: Scope = Scope::Certificate;
    const EVIDENCE: EvidenceKind = EvidenceKind::Certificate;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::REFUSAL).and(Kinds::ACCOUNT);
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1649", "T1078"];
    const QUIET_IF: &'static str =
        "the older device had been silent since, or the certificate were a shared machine's";
    type Memory = Hands;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.facts.certificate.is_some()
            && (item.is_sign_in()
                || item.event.reason == Some(Reason::Certificate)
                || item.event.activity == Activity::Account)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let says_revoked =
            item.event.detail.is_some_and(|it| it.contains("revoked") || it.contains("expired"));
        if item.event.outcome != Some(Outcome::Success) || item.event.activity == Activity::Account
        {
            memory.revoked |= says_revoked;
            return;
        }
        let hand = Hand {
            since: item.millis(),
            millis: item.millis(),
            account: item.facts.account,
            device: item.facts.device,
            device_name: past.text(item.facts.device).into(),
            ip: item.facts.src_ip,
            net: item.facts.net,
            country: item.place.country,
            uses: 1,
        };
        let finding = if memory.revoked {
            Some("it was revoked or had expired before".to_owned())
        } else {
            self.conflict(&hand, item, memory)
        };
        if let Some(why) = finding {
            report(item, past, Tier::Page, &why, memory, out);
        } else if let Some((tier, why)) = self.second_device(&hand, item, memory) {
            report(item, past, tier, &why, memory, out);
        }
        memory.learn(hand);
    }
}

impl CertificateReuse {
    /// Why `hand`, which used it in `item`, cannot be its owner's, if it cannot.
    fn conflict(&self, hand: &Hand, item: &Item<'_>, memory: &Hands) -> Option<String> {
        if self.machine_accounts <= memory.accounts.len() {
            return None;
        }
        // A key of SSH is its owner's, who uses it for several accounts and on every computer.
        if item.event.service != Service::Ssh
            && let Some(account) = hand.account
            && !memory.accounts.is_empty()
            && !memory.accounts.contains(&account)
        {
            return Some("it belongs to another account".to_owned());
        }
        let window = self.overlap_minutes * 60_000;
        let open = item.facts.session.concurrent_ip.map(SourceNet::of);
        // Of the hands on that network the last one opened the session.
        let opened = memory.held.iter().filter(|it| open.is_some() && it.net == open);
        let opened = opened.map(|it| it.millis).max();
        memory.held.iter().rev().find_map(|it| {
            let is_open = it.net == open && Some(it.millis) == opened;
            let two_devices = matches!((it.device, hand.device), (Some(a), Some(b)) if a != b);
            let two_countries = matches!((it.country, hand.country), (Some(a), Some(b)) if a != b);
            let at_once = is_open || hand.millis - it.millis <= window;
            if it.net == hand.net || !at_once || !(two_devices || two_countries) {
                return None;
            }
            let place = it.ip.map_or_else(String::new, |ip| format!(" from {ip}"));
            let device =
                if it.device_name.is_empty() { "another device" } else { it.device_name.as_str() };
            let minutes = (hand.millis - it.millis) / 60_000;
            let still = if is_open { ", and that session was still open" } else { "" };
            Some(format!("{device} had used it{place} {minutes} minutes before{still}"))
        })
    }

    /// What it means that `hand` is not the only device that held it, where that means something.
    fn second_device(
        &self,
        hand: &Hand,
        item: &Item<'_>,
        memory: &Hands,
    ) -> Option<(Tier, String)> {
        let device = hand.device?;
        if item.event.service == Service::Ssh || self.machine_accounts <= memory.accounts.len() {
            return None;
        }
        let others = || memory.held.iter().filter(|it| it.device.is_some_and(|it| it != device));
        let own = memory.held.iter().find(|it| it.device == Some(device));
        let Some(own) = own else {
            let last = others().max_by_key(|it| it.millis)?;
            let why = format!("{} had held it until now", last.device_name);
            return Some((Tier::Evidence, why));
        };
        let window = self.replacement_days * DAY;
        let is_newer = |it: &&Hand| {
            own.since < it.since && hand.millis - it.since <= window && it.net != hand.net
        };
        let newer = others().find(is_newer).filter(|it| own.millis < it.since)?;
        Some((Tier::Digest, format!("{} holds it now", newer.device_name)))
    }
}

fn report(
    item: &Item<'_>,
    past: &Past<'_>,
    tier: Tier,
    why: &str,
    memory: &Hands,
    out: &mut Findings<'_>,
) {
    let certificate = past.text(item.facts.certificate);
    let name = out.account().to_owned();
    let place = item.facts.src_ip.map_or_else(String::new, |ip| format!(" from {ip}"));
    let usual = memory.held.iter().max_by_key(|it| it.uses);
    let baseline = usual.map_or_else(
        || "it was not used before".to_owned(),
        |it| {
            let place = it.ip.map_or_else(String::new, |ip| format!(" from {ip}"));
            let device = if it.device_name.is_empty() {
                String::new()
            } else {
                format!(" on {}", it.device_name)
            };
            format!("it was used {} times{device}{place}", it.uses)
        },
    );
    out.report(Finding {
        tier,
        reason: format!(
            "{name} signed in to {}{place} with the certificate `{certificate}`, but {why}",
            item.event.service
        ),
        baseline,
        links: vec![format!("certificate:{}", certificate.to_lowercase())],
        ..Finding::default()
    });
}

impl Hands {
    fn learn(&mut self, hand: Hand) {
        if let Some(account) = hand.account
            && !self.accounts.contains(&account)
            && self.accounts.len() < HANDS
        {
            self.accounts.push(account);
        }
        let same = self.held.iter_mut().find(|it| it.device == hand.device && it.net == hand.net);
        if let Some(known) = same {
            known.millis = hand.millis;
            known.uses += 1;
            return;
        }
        if self.held.len() == HANDS {
            self.held.remove(0);
        }
        self.held.push(hand);
    }
}
