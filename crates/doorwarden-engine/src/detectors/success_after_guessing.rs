//! Somebody signed in from where passwords were guessed.

use doorwarden_model::Tier;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Success after guessing
///
/// An account signed in from a network that attacked within the last day, or after many failures on it from there.
///
/// ## Why it matters
/// The guess was right: the attacker is in.
///
/// ## Example
/// ```scenario
/// 09:00 u1 198.51.100.9 vpn fail
/// 09:01 u2 198.51.100.9 vpn fail
/// 09:02 u3 198.51.100.9 vpn fail
/// 09:03 u4 198.51.100.9 vpn fail
/// 09:04 u5 198.51.100.9 vpn fail
/// 09:05 u6 198.51.100.9 vpn fail
/// 09:06 u7 198.51.100.9 vpn fail
/// 09:07 u8 198.51.100.9 vpn fail
/// 09:08 u9 198.51.100.9 vpn fail
/// 09:09 u10 198.51.100.9 vpn fail
/// 11:00 u4 198.51.100.9 vpn ok # signal
/// ```
/// A person who mistypes a few times is not meant:
/// ```scenario
/// 09:00 ana 203.0.113.7 vpn fail
/// 09:01 ana 203.0.113.7 vpn fail
/// 09:02 ana 203.0.113.7 vpn ok
/// ```
///
/// ## False positives
/// A forgotten password that is found at last, from an address that the account never used.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SuccessAfterGuessing {
    /// Failures on the account from the network within an hour before the success (our choice: people mistype up to five times).
    failures: u32,
}

impl Default for SuccessAfterGuessing {
    fn default() -> Self {
        Self { failures: 15 }
    }
}

impl Detector for SuccessAfterGuessing {
    const ID: &'static str = "success-after-guessing";
    const SCOPE: Scope = Scope::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1110", "T1078", "T1133"];
    const QUIET_IF: &'static str =
        "the account had signed in from this network before the guessing began";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && (item.facts.source.is_hot || self.failures <= item.facts.source.failures_on_account)
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(net) = item.facts.net else { return };
        let is_usual = past
            .account
            .is_some_and(|it| it.nets.iter().any(|known| known.net == net && 2 <= known.days));
        if is_usual || item.facts.source.is_shared && !item.facts.source.is_first_success {
            return;
        }
        let failures = item.facts.source.failures_on_account;
        let why = if self.failures <= failures {
            format!("after {failures} failures on this account from there within an hour")
        } else {
            "a network that guessed passwords of many accounts within the last day".to_owned()
        };
        out.report(Finding {
            tier: Tier::Page,
            reason: format!(
                "{} signed in to {} from {net}, {why}",
                out.account(),
                item.event.service
            ),
            baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
