//! The account of somebody who left.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Departed account
///
/// An account signed in after the last day of its owner, as the context states it.
///
/// ## Why it matters
/// Nobody misses what such an account does; APT29 and others look for forgotten ones.
///
/// ## Example
/// ```scenario
/// context [[leavers]]
/// context name = "ana"
/// context date = "2026-01-06"
/// x2 08:00 ana 203.0.113.7 vpn ok
/// 4d 02:00 ana 198.51.100.9 vpn ok # signal
/// ```
/// On the last day itself:
/// ```scenario
/// context [[leavers]]
/// context name = "ana"
/// context date = "2026-01-06"
/// x2 08:00 ana 203.0.113.7 vpn ok
/// ```
///
/// ## False positives
/// A last day that was moved: correct the context.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DepartedAccount {}

impl Detector for DepartedAccount {
    const ID: &'static str = "departed-account";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str = "the account had been closed on its owner's last day";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(end) = past.known.left(item) else { return };
        if item.millis() < end {
            return;
        }
        let days = (item.millis() - end) / 86_400_000 + 1;
        let place = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Page,
            reason: format!(
                "{name} signed in to {}{place}, {days} days after its owner left",
                item.event.service
            ),
            baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
            links: item
                .facts
                .net
                .filter(|_| item.is_from_outside())
                .iter()
                .map(|it| format!("source:{it}"))
                .collect(),
            ..Finding::default()
        });
    }
}
