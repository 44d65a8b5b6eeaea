//! Say here in one line what somebody does.

use doorwarden_model::{EvidenceKind, NetworkKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # {{TITLE}}
///
/// One sentence: what was seen.
///
/// ## Why it matters
/// Who does this, and what for.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok
/// 5d 08:00 ana 198.51.100.9 vpn ok net=tor # signal
/// ```
/// From any other network:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok
/// 5d 08:00 ana 198.51.100.9 vpn ok
/// ```
///
/// ## False positives
/// Who does this without harm.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct {{TYPE}} {
    /// Days on which the account must have signed in before (say where the number is from).
    days: u32,
}

impl Default for {{TYPE}} {
    fn default() -> Self {
        Self { days: 3 }
    }
}

impl Detector for {{TYPE}} {
    const ID: &'static str = "{{ID}}";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Where;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078"];
    const QUIET_IF: &'static str = "the account had come from elsewhere";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.place.network == Some(NetworkKind::Tor)
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(account) = past.account.filter(|it| self.days <= it.active_days) else { return };
        let Some(net) = item.facts.net else { return };
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("{name} signed in to {} from {net}", item.event.service),
            baseline: account.usual(),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
