//! Somebody asks for the second factor until its owner gives in.

use std::collections::VecDeque;

use doorwarden_model::{Activity, Evidence, EvidenceKind, MfaResult, Outcome, Reason, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Earlier, Findings, Past},
};

/// # MFA fatigue
///
/// The second factor was denied or left unanswered several times in a short while; worse where it was then approved.
///
/// ## Why it matters
/// Whoever has the password presses on until the owner approves one prompt, by mistake or to have peace.
///
/// ## Example
/// ```scenario
/// 02:00 ana 198.51.100.9 idp mfa-denied
/// 02:02 ana 198.51.100.9 idp mfa-denied
/// 02:04 ana 198.51.100.9 idp mfa-timeout
/// 02:06 ana 198.51.100.9 idp mfa-ok # signal
/// ```
/// ```scenario
/// 02:00 ana 198.51.100.9 idp mfa-denied
/// 02:01 ana 198.51.100.9 idp mfa-denied
/// 02:02 ana 198.51.100.9 idp mfa-denied
/// 02:03 ana 198.51.100.9 idp mfa-denied
/// 02:04 ana 198.51.100.9 idp mfa-denied # signal
/// ```
/// One denied prompt happens to everybody:
/// ```scenario
/// 08:00 ana 203.0.113.7 idp mfa-denied
/// 08:01 ana 203.0.113.7 idp mfa-ok
/// ```
///
/// ## False positives
/// A telephone without network: its prompts time out and are approved from where the account always comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MfaFatigue {
    /// Prompts denied or unanswered within ten minutes (after Elastic's rule).
    denials: usize,
    /// Prompts denied or unanswered within an hour before one is approved.
    before_approval: usize,
}

impl Default for MfaFatigue {
    fn default() -> Self {
        Self { denials: 5, before_approval: 3 }
    }
}

/// Ten minutes and an hour in milliseconds.
const BURST: i64 = 600_000;
const HOUR: i64 = 3_600_000;
/// Prompts remembered.
const RING: usize = 24;

/// A prompt that was not approved.
#[derive(Debug)]
pub(crate) struct Prompt {
    millis: i64,
    is_denied: bool,
    evidence: Evidence,
}

/// Whether the record says that a prompt was refused by the owner or left unanswered.
fn is_denial(item: &Item<'_>) -> bool {
    let by_factor = item
        .event
        .mfa
        .is_some_and(|it| matches!(it.result, MfaResult::Denied | MfaResult::Timeout));
    let by_reason = matches!(item.event.reason, Some(Reason::MfaDenied | Reason::MfaTimeout));
    item.facts.is_attempt
        && (by_factor || by_reason)
        && item.event.outcome != Some(Outcome::Success)
}

/// Whether the record says that a second factor was given.
fn is_approval(item: &Item<'_>) -> bool {
    item.event.outcome == Some(Outcome::Success)
        && matches!(item.event.activity, Activity::Mfa | Activity::Logon)
        && item.event.mfa.is_some_and(|it| it.result == MfaResult::Success)
}

impl Detector for MfaFatigue {
    const ID: &'static str = "mfa-fatigue";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Factor;
    const LOOKS_AT: Kinds = Kinds::FACTOR.and(Kinds::REFUSAL);
    const TECHNIQUES: &'static [&'static str] = &["T1621"];
    const QUIET_IF: &'static str =
        "the prompts had been answered, or had come from a network that the account uses";
    type Memory = VecDeque<Prompt>;

    fn wants(&self, item: &Item<'_>) -> bool {
        is_denial(item) || is_approval(item)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        while ring.front().is_some_and(|it| HOUR < now - it.millis) || ring.len() == RING {
            ring.pop_front();
        }
        let name = out.account().to_owned();
        let earlier = |ring: &VecDeque<Prompt>| -> Vec<Earlier> {
            let of = |it: &Prompt| Earlier {
                name: name.as_str().into(),
                is_known: true,
                ip: None,
                service: item.event.service,
                evidence: it.evidence,
                signed_in: None,
            };
            ring.iter().map(of).collect()
        };
        let known_net = item.facts.net.is_some_and(|net| {
            past.account.is_some_and(|it| it.nets.iter().any(|it| it.net == net && 2 <= it.days))
        });
        if is_approval(item) {
            if ring.len() < self.before_approval {
                return;
            }
            out.report(Finding {
                tier: match (known_net, ring.iter().any(|it| it.is_denied)) {
                    (false, _) => Tier::Page,
                    (true, true) => Tier::Queue,
                    // A telephone without network, at a place that the account uses.
                    (true, false) => Tier::Digest,
                },
                reason: format!("{name} approved the second factor after {} prompts that were denied or left unanswered within an hour", ring.len()),
                baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
                since: ring.front().map(|it| it.evidence.time),
                earlier: earlier(ring),
                ..Finding::default()
            });
            ring.clear();
            return;
        }
        let before = earlier(ring);
        let is_denied = item.event.reason == Some(Reason::MfaDenied)
            || item.event.mfa.is_some_and(|it| it.result == MfaResult::Denied);
        ring.push_back(Prompt { millis: now, is_denied, evidence: item.evidence() });
        let burst = ring.iter().filter(|it| now - it.millis <= BURST).count();
        if burst < self.denials || out.extend() {
            return;
        }
        out.report(Finding {
            tier: if known_net { Tier::Digest } else { Tier::Queue },
            reason: format!("{name} denied or left unanswered {{count}} prompts for the second factor, up to {{until}}"),
            baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
            since: before.first().map(|it| it.evidence.time),
            earlier: before,
            ..Finding::default()
        });
    }
}
