//! A person comes from a rented server, a commercial VPN or Tor.

use doorwarden_model::{EvidenceKind, NetworkKind, Service, Tier};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Findings, Past},
    novelty::{is_cold, missing, source_link},
    source::DAY,
};

/// # Hosted source
///
/// An account that never did so signed in from a hosting provider, a commercial VPN or Tor, which hardly anybody here uses.
///
/// ## Why it matters
/// People sit behind home lines and carriers, intruders behind rented servers: half of the sign-ins with stolen VPN passwords
/// come from there (Arctic Wolf).
///
/// ## Example
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500 net=isp
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting # signal
/// ```
/// The web gateway of the organisation's own stands at a hosting provider, and all come through it:
/// ```scenario
/// x20 08:00 u[1-9] 203.0.113.[1-9] vpn ok asn=64500 net=isp
/// x20 09:00 u[1-8] 198.51.100.9 idp ok asn=64510 net=hosting
/// 20d 09:00 u9 198.51.100.9 vpn ok asn=64510 net=hosting
/// ```
/// Somebody who works through a commercial VPN as a habit:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500 net=isp
/// x20 20:00 ana 198.51.100.9 vpn ok asn=64510 net=vpn
/// 20d 20:00 ana 198.51.101.9 vpn ok asn=64511 net=vpn
/// ```
///
/// ## False positives
/// Somebody who tries a commercial VPN for the first time, on a device that states no name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct HostedSource {
    /// Share of all accounts that use the provider, from which on it is the organisation's own (our choice).
    share: f64,
    /// And how many accounts these must be.
    accounts: u32,
    /// Days with sign-ins from such networks after which they are the account's habit (our choice).
    habit_days: u32,
}

impl Default for HostedSource {
    fn default() -> Self {
        Self { share: 0.005, accounts: 5, habit_days: 5 }
    }
}

/// Providers remembered per account.
const PROVIDERS: usize = 4;

/// Hosting providers that the account came from, and on how many days.
#[derive(Debug, Default)]
pub(crate) struct Hosted {
    /// Each with the first day.
    providers: SmallVec<[(u32, i64); 2]>,
    days: u32,
    last_day: i64,
}

impl Detector for HostedSource {
    const ID: &'static str = "hosted-source";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Where;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1090"];
    const QUIET_IF: &'static str =
        "the account had come from this provider before, or many others here did";
    type Memory = Hosted;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.is_from_outside() && item.is_hosted()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(asn), Some(ip)) = (item.place.asn, item.facts.src_ip) else { return };
        let is_habit = self.habit_days <= memory.days;
        let day = item.millis().div_euclid(DAY);
        let is_new = memory.learn(asn, day);
        let Some(account) = past.account.filter(|it| it.is_settled()) else { return };
        let all = &item.facts.organisation;
        let share = real(all.provider_accounts as usize) / real(all.accounts.max(1) as usize);
        let is_ours = self.accounts <= all.provider_accounts && self.share <= share;
        if !is_new
            || is_habit
            || is_ours
            || account.nets.iter().any(|it| it.asn == Some(asn) && it.first_day < day)
            || past.known.is_egress(ip)
            || is_cold(item, past)
        {
            return;
        }
        let is_privileged = past.known.is_privileged(item) || all.is_administrator;
        let is_tor = item.place.network == Some(NetworkKind::Tor);
        let is_vpn = matches!(item.event.service, Service::Vpn | Service::Radius);
        let is_finding = (is_vpn || is_privileged || is_tor) && !item.facts.has_known_device;
        let what = match item.place.network {
            Some(NetworkKind::Tor) => "Tor",
            Some(NetworkKind::Vpn) => "a commercial VPN",
            _ => "a hosting provider",
        };
        let holder = item.place.holder.map_or_else(String::new, |it| format!(", {it}"));
        out.report(Finding {
            tier: if is_finding { Tier::Queue } else { Tier::Evidence },
            reason: format!(
                "{} signed in to {} from {what} for the first time: {ip} (AS{asn}{holder})",
                out.account(),
                item.event.service
            ),
            baseline: format!(
                "{} of {} accounts came from there; {}",
                all.provider_accounts,
                all.accounts,
                account.usual()
            ),
            links: source_link(item),
            missing: missing(item),
            ..Finding::default()
        });
    }
}

impl Hosted {
    /// Learns, and says whether the provider is new today.
    fn learn(&mut self, asn: u32, day: i64) -> bool {
        self.days += u32::from(self.days == 0 || self.last_day < day);
        self.last_day = self.last_day.max(day);
        if let Some(known) = self.providers.iter().find(|it| it.0 == asn) {
            return known.1 == day;
        }
        if self.providers.len() == PROVIDERS {
            self.providers.remove(0);
        }
        self.providers.push((asn, day));
        true
    }
}
