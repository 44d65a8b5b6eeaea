//! Several accounts come from one network that none of them used before.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    source::{DAY, SourceState},
};

/// # Shared source
///
/// Several settled accounts signed in from one network within a day, each for the first time, and it is no office.
///
/// ## Why it matters
/// Whoever holds several stolen passwords tries them from one place.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok
/// x4 08:00 ben 192.0.2.7 vpn ok
/// 5d 02:00 ana 198.51.100.9 vpn ok net=hosting
/// 5d 02:30 ben 198.51.100.9 vpn ok net=hosting # signal
/// ```
/// Two colleagues in one hotel are not enough where the network is no hosting provider:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok
/// x4 08:00 ben 192.0.2.7 vpn ok
/// 5d 20:00 ana 198.51.100.9 vpn ok net=isp
/// 5d 20:30 ben 198.51.100.9 vpn ok net=isp
/// ```
///
/// Telephones of many people share a carrier's address; each is known, and only one account's:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 owa ok device=phone-1
/// x4 08:00 ben 192.0.2.7 owa ok device=phone-2
/// x4 08:00 eve 192.0.2.9 owa ok device=phone-3
/// 5d 12:00 ana 198.51.100.9 owa ok net=isp device=phone-1
/// 5d 12:10 ben 198.51.100.9 owa ok net=isp device=phone-2
/// 5d 12:20 eve 198.51.100.9 owa ok net=isp device=phone-3
/// ```
///
/// ## False positives
/// An off-site meeting, a new office: name its addresses in the context.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SharedSource {
    /// Accounts (after Elastic's rule for Okta's devices).
    accounts: u32,
    /// Accounts where the network belongs to a hosting provider, a commercial VPN or Tor.
    hosted_accounts: u32,
}

impl Default for SharedSource {
    fn default() -> Self {
        Self { accounts: 3, hosted_accounts: 2 }
    }
}

impl Detector for SharedSource {
    const ID: &'static str = "shared-source";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str = "the network were an office's or gateway's (`offices.egress_cidrs` in the context), or the accounts had used it before";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        let facts = &item.facts.source;
        item.is_sign_in()
            && item.is_from_outside()
            && facts.is_first_success
            && !facts.is_shared
            && self.hosted_accounts.min(self.accounts) <= facts.newcomers
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let facts = &item.facts.source;
        let least = if item.is_hosted() { self.hosted_accounts } else { self.accounts };
        let is_egress = item.facts.src_ip.is_some_and(|it| past.known.is_egress(it));
        if facts.newcomers < least || is_egress {
            return;
        }
        let net = item.facts.net.map(|it| it.to_string()).unwrap_or_default();
        let holder = item.place.holder.map_or_else(String::new, |it| format!(" ({it})"));
        let name = out.account().to_owned();
        let newcomers = past.source.into_iter().flat_map(SourceState::succeeded);
        let earlier: Vec<_> = newcomers
            .filter(|it| item.millis() - it.first <= DAY && Some(it.account) != item.facts.account)
            .filter_map(|it| it.newcomer.as_deref().cloned())
            .collect();
        out.about_nobody();
        out.report(Finding {
            tier: if item.is_hosted() { Tier::Page } else { Tier::Queue },
            reason: format!("{} accounts signed in from {net}{holder} for the first time within a day, {name} among them", facts.newcomers),
            baseline: "none of them had used this network in at least three days of sign-ins".to_owned(),
            since: earlier.iter().map(|it| it.evidence.time).min(),
            earlier,
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
