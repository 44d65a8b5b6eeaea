//! An account that nobody used for weeks is used again, from somewhere else.

use doorwarden_model::{EvidenceKind, MfaResult, Outcome, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::{is_elsewhere, is_on_new_device, missing, source_link},
    source::DAY,
};

/// # Dormant account
///
/// An account that had not signed in for weeks did so from a provider or on a device that is new to it; worse, a second factor
/// was set up right after.
///
/// ## Why it matters
/// Nobody notices what a forgotten account does. APT29 guessed passwords of such accounts and set up the second factor that
/// their owners never had.
///
/// ## Example
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 60d 02:00 ana 198.51.100.9 vpn ok asn=64510 # signal
/// ```
/// With a factor of the intruder's own:
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 60d 02:00 ana 198.51.100.9 idp ok asn=64510
/// 60d 02:10 ana 198.51.100.9 idp enrolled detail=factor # signal
/// ```
/// Back from parental leave, from home, with a new telephone:
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 90d 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 90d 08:10 ana 203.0.113.7 idp enrolled detail=factor
/// ```
/// From a hotel, on the own laptop; and from a new lease of the provider at home:
/// ```scenario
/// x5 08:00 ana 203.0.113.7 vpn ok asn=64500 device=laptop-1
/// x5 08:00 ben 203.0.113.8 vpn ok asn=64500
/// 60d 20:00 ana 198.51.100.9 vpn ok asn=64510 device=laptop-1
/// 60d 20:00 ben 192.0.2.8 vpn ok asn=64500
/// ```
///
/// ## False positives
/// Somebody who moved house during a long leave.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DormantAccount {
    /// Days without a sign-in from which on it is a finding (after `BuffaLogs`, which keeps 30 to 60).
    days: i64,
    /// Days from which on it adds weight to other findings (our choice: intruders come back after 26 to 45).
    evidence_days: i64,
    /// Hours after the return within which a new factor makes it urgent (our choice).
    factor_hours: i64,
}

impl Default for DormantAccount {
    fn default() -> Self {
        Self { days: 45, evidence_days: 21, factor_hours: 24 }
    }
}

/// When the account came back from somewhere else, and how many days it had been away.
#[derive(Debug, Default)]
pub(crate) struct Return {
    millis: i64,
    days: i64,
}

impl Detector for DormantAccount {
    const ID: &'static str = "dormant-account";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Dormancy;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::FACTOR);
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str =
        "the account had come back from a provider, or on a device, that it used before";
    type Memory = Return;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.is_from_outside() || is_enrolment(item)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        if is_enrolment(item) {
            let hours = (now - memory.millis) / 3_600_000;
            if 0 < memory.days && hours < self.factor_hours {
                self.report(item, past, memory.days, Tier::Page, out);
            }
            return;
        }
        let Some(last) = past.account.and_then(|it| it.last_success) else { return };
        let days = (now - last) / DAY;
        if days < self.evidence_days {
            return;
        }
        let is_elsewhere = is_elsewhere(item, past);
        let tier = match (is_elsewhere, is_on_new_device(item, past)) {
            (false, false) => return,
            _ if days < self.days => Tier::Evidence,
            (true, _) => Tier::Queue,
            // A new computer after a long leave, at home, is the rule.
            (false, true) => Tier::Evidence,
        };
        if is_elsewhere && self.days <= days {
            *memory = Return { millis: now, days };
        }
        self.report(item, past, days, tier, out);
    }
}

impl DormantAccount {
    fn report(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        days: i64,
        tier: Tier,
        out: &mut Findings<'_>,
    ) {
        let from = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let (name, service) = (out.account().to_owned(), item.event.service);
        let reason = if is_enrolment(item) {
            format!(
                "{name} set up a second factor{from}, less than {} hours after it had come back from {days} days of silence",
                self.factor_hours
            )
        } else {
            format!("{name} signed in to {service}{from}, new to it, after {days} days without any")
        };
        out.report(Finding {
            tier,
            reason,
            baseline: past.usual().unwrap_or_default(),
            links: source_link(item),
            missing: missing(item),
            ..Finding::default()
        });
    }
}

fn is_enrolment(item: &Item<'_>) -> bool {
    item.event.outcome != Some(Outcome::Failure)
        && item.event.mfa.is_some_and(|it| it.result == MfaResult::Enrolled)
}
