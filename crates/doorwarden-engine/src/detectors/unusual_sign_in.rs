//! A valid sign-in that is not like its owner's.

use doorwarden_model::{Contribution, EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    profile::contributions,
};

/// # Unusual sign-in
///
/// A sign-in was valid, but place, device, hour, door and the rest together are unlike its owner's.
///
/// ## Why it matters
/// Stolen accounts sign in without any failure. One new thing is everyday life: people travel, change providers and get
/// laptops. Each is priced by how often it happens to this person and to the colleagues, in nats, and only their sum
/// speaks. The risk says how many such false incidents are to be expected.
///
/// ## Example
/// ```scenario
/// x30 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp device=pc-ana
/// 30d 01:30 ana 198.51.100.9 vpn ok country=BR asn=64500 net=hosting device=kali # signal
/// ```
/// Another network of the provider, later than usual:
/// ```scenario
/// x30 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp device=pc-ana
/// 30d 19:00 ana 198.51.100.9 vpn ok country=DE asn=3320 net=isp device=pc-ana
/// ```
/// A new laptop at home:
/// ```scenario
/// x30 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp device=pc-ana
/// 30d 07:00 ana 203.0.113.7 vpn ok country=DE asn=3320 net=isp device=pc-ana-2
/// ```
///
/// ## False positives
/// Holidays with a borrowed device, the first days of a move abroad. What is judged bad is not learnt until it lasted for
/// three days.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct UnusualSignIn {
    /// Risk from which on a sign-in makes an incident by itself; below 60 it is a low one.
    incident_risk: f64,
    /// Risk from which on it is kept as evidence for other signals.
    evidence_risk: f64,
}

impl Default for UnusualSignIn {
    fn default() -> Self {
        Self { incident_risk: 40.0, evidence_risk: 25.0 }
    }
}

/// Kinds of evidence that a risk of 80 and more needs: one alone is a table's error.
const KINDS: usize = 2;

impl Detector for UnusualSignIn {
    const ID: &'static str = "unusual-sign-in";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Where;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str =
        "the strongest of its facts were known of the person, or usual among the colleagues";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(assessment) = past.assessment else { return };
        let mut risk = past.organisation.risk(assessment.score);
        if assessment.kinds_against() < KINDS {
            risk = risk.min(79.9);
        }
        if risk < self.evidence_risk {
            return;
        }
        let tier = match risk {
            it if 80.0 <= it => Tier::Page,
            it if 60.0 <= it => Tier::Queue,
            it if self.incident_risk <= it => Tier::Digest,
            _ => Tier::Evidence,
        };
        let contributions = contributions(assessment, item);
        let source =
            item.facts.net.filter(|_| item.is_from_outside() && !item.facts.source.is_shared);
        out.report(Finding {
            tier,
            risk: Some(risk),
            score: Some(assessment.score),
            reason: reason(out.account(), item, &contributions),
            baseline: past.usual().unwrap_or_default(),
            links: source.map(|it| format!("source:{it}")).into_iter().collect(),
            missing: missing(item),
            contributions,
            ..Finding::default()
        });
    }
}

/// Who came from where, and the three facts that weigh most.
fn reason(account: &str, item: &Item<'_>, contributions: &[Contribution]) -> String {
    let facts: Vec<&str> = contributions
        .iter()
        .filter(|it| 0.5 <= it.nats)
        .take(3)
        .map(|it| it.fact.as_str())
        .collect();
    let from = item.facts.src_ip.map_or(String::new(), |it| format!(" from {it}"));
    format!("{account} signed in to {}{from}: {}", item.event.service, facts.join("; "))
}

/// What no log stated and would have told more.
fn missing(item: &Item<'_>) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if item.facts.device.is_none() {
        missing.push("the device");
    }
    if item.event.client.is_none() {
        missing.push("the client");
    }
    if item.is_from_outside() && item.place.country.is_none() {
        missing.push("the country of the address");
    }
    if item.event.mfa.is_none() {
        missing.push("whether a second factor was given");
    }
    missing
}
