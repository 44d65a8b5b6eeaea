//! One network guesses the password of one account.

use doorwarden_model::{EvidenceKind, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Earlier, Findings, Past},
};

/// # Brute force
///
/// One network failed many times on one account within a quarter of an hour.
///
/// ## Why it matters
/// By itself it is the internet's weather; it matters when a success follows.
///
/// ## Example
/// ```scenario
/// x3 08:00 ana 203.0.113.7 vpn ok
/// 3d 09:00:00 ana 198.51.100.9 vpn fail
/// 3d 09:00:11 ana 198.51.100.9 vpn fail
/// 3d 09:00:22 ana 198.51.100.9 vpn fail
/// 3d 09:00:33 ana 198.51.100.9 vpn fail
/// 3d 09:00:44 ana 198.51.100.9 vpn fail
/// 3d 09:00:55 ana 198.51.100.9 vpn fail
/// 3d 09:01:06 ana 198.51.100.9 vpn fail
/// 3d 09:01:17 ana 198.51.100.9 vpn fail
/// 3d 09:01:28 ana 198.51.100.9 vpn fail
/// 3d 09:01:39 ana 198.51.100.9 vpn fail
/// 3d 09:01:50 ana 198.51.100.9 vpn fail
/// 3d 09:02:01 ana 198.51.100.9 vpn fail
/// 3d 09:02:12 ana 198.51.100.9 vpn fail
/// 3d 09:02:23 ana 198.51.100.9 vpn fail
/// 3d 09:02:34 ana 198.51.100.9 vpn fail
/// 3d 09:02:45 ana 198.51.100.9 vpn fail
/// 3d 09:02:56 ana 198.51.100.9 vpn fail
/// 3d 09:03:07 ana 198.51.100.9 vpn fail
/// 3d 09:03:18 ana 198.51.100.9 vpn fail
/// 3d 09:03:29 ana 198.51.100.9 vpn fail
/// 3d 09:03:40 ana 198.51.100.9 vpn fail
/// 3d 09:03:51 ana 198.51.100.9 vpn fail
/// 3d 09:04:02 ana 198.51.100.9 vpn fail
/// 3d 09:04:13 ana 198.51.100.9 vpn fail
/// 3d 09:04:24 ana 198.51.100.9 vpn fail
/// 3d 09:04:35 ana 198.51.100.9 vpn fail
/// 3d 09:04:46 ana 198.51.100.9 vpn fail
/// 3d 09:04:57 ana 198.51.100.9 vpn fail
/// 3d 09:05:08 ana 198.51.100.9 vpn fail
/// 3d 09:05:19 ana 198.51.100.9 vpn fail # signal
/// ```
/// A person who mistypes is not meant:
/// ```scenario
/// 09:00 ana 198.51.100.9 vpn fail
/// 09:01 ana 198.51.100.9 vpn fail
/// 09:02 ana 198.51.100.9 vpn fail
/// 09:03 ana 198.51.100.9 vpn ok
/// ```
///
/// ## False positives
/// A program with an old stored password: from a network that the account uses it is evidence only.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct BruteForce {
    /// Failures on the account from the network within fifteen minutes (after Elastic's rule).
    failures: usize,
}

impl Default for BruteForce {
    fn default() -> Self {
        Self { failures: 30 }
    }
}

/// Fifteen minutes in milliseconds.
const WINDOW: i64 = 900_000;

impl Detector for BruteForce {
    const ID: &'static str = "brute-force";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL;
    const TECHNIQUES: &'static [&'static str] = &["T1110.001"];
    const QUIET_IF: &'static str =
        "the account had signed in from this network before: then it is a stored old password";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_refusal()
            && self.failures as u64 <= u64::from(item.facts.source.failures_on_account)
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let (Some(source), Some(account)) = (past.source, item.facts.account) else { return };
        let recent = source
            .failures()
            .filter(|it| it.account == account && item.millis() - it.millis <= WINDOW);
        if recent.clone().count() < self.failures {
            return;
        }
        let is_usual = source.succeeded().iter().any(|it| it.account == account);
        if !is_usual {
            out.heat_source();
        }
        let out = out.about(account.0 ^ item.facts.net.map_or(0, SourceNet::key));
        if out.extend() {
            return;
        }
        let mut earlier: Vec<Earlier> = recent
            .map(|it| Earlier {
                name: it.name.clone(),
                is_known: it.is_known,
                ip: None,
                service: it.service,
                evidence: it.evidence,
                signed_in: None,
            })
            .collect();
        earlier.pop();
        let net = item.facts.net.map(|it| it.to_string()).unwrap_or_default();
        let name = out.account().to_owned();
        out.report(Finding {
            tier: if is_usual { Tier::Evidence } else { Tier::Digest },
            reason: format!(
                "{name} was refused {{count}} times from {net} on {} up to {{until}}",
                item.event.service
            ),
            baseline: if is_usual {
                "the account signs in from there: a program may hold an old password".to_owned()
            } else {
                "the account did not sign in from there".to_owned()
            },
            since: earlier.first().map(|it| it.evidence.time),
            earlier,
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
