//! Somebody signed in from where passwords were guessed.

use doorwarden_model::{EvidenceKind, SourceNet, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Earlier, Findings, Past},
};

/// # Success after guessing
///
/// An account signed in from a network that attacked within the last day, or after many failures on it from there, or from
/// another network of the provider that had just tried it among others.
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
/// The right password is used from the machine next door:
/// ```scenario
/// x4 07:00 u4 203.0.113.7 vpn ok asn=64500
/// 5d 09:00 u1 198.51.100.9 vpn fail asn=64510 client=python
/// 5d 09:01 u2 198.51.100.9 vpn fail
/// 5d 09:02 u3 198.51.100.9 vpn fail
/// 5d 09:03 u4 198.51.100.9 vpn fail client=python
/// 5d 09:04 u5 198.51.100.9 vpn fail
/// 5d 09:05 u6 198.51.100.9 vpn fail
/// 5d 09:06 u7 198.51.100.9 vpn fail
/// 5d 09:07 u8 198.51.100.9 vpn fail
/// 5d 09:08 u9 198.51.100.9 vpn fail
/// 5d 09:09 u10 198.51.100.9 vpn fail
/// 5d 11:00 u4 198.51.200.9 vpn ok asn=64510 client=python # signal
/// ```
/// With another program, or hours later, or an account that was not tried, or one that uses this provider, it says nothing:
/// ```scenario
/// x4 07:00 u4 203.0.113.7 vpn ok asn=64500
/// x4 07:00 u5 203.0.113.7 vpn ok asn=64500
/// x4 07:00 u6 198.51.101.7 vpn ok asn=64510
/// x4 07:00 eve 203.0.113.7 vpn ok asn=64500
/// 5d 09:00 u1 198.51.100.9 vpn fail asn=64510 client=python
/// 5d 09:01 u2 198.51.100.9 vpn fail
/// 5d 09:02 u3 198.51.100.9 vpn fail
/// 5d 09:03 u4 198.51.100.9 vpn fail client=python
/// 5d 09:04 u5 198.51.100.9 vpn fail
/// 5d 09:05 u6 198.51.100.9 vpn fail
/// 5d 09:06 u7 198.51.100.9 vpn fail
/// 5d 09:07 u8 198.51.100.9 vpn fail
/// 5d 09:08 u9 198.51.100.9 vpn fail
/// 5d 09:09 u10 198.51.100.9 vpn fail
/// 5d 11:00 u4 198.51.200.9 vpn ok asn=64510 client=phone
/// 5d 13:00 u5 198.51.201.9 vpn ok asn=64510
/// 5d 11:00 u6 198.51.202.9 vpn ok asn=64510
/// 5d 11:00 eve 198.51.203.9 vpn ok asn=64510
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
    /// Minutes after an account was tried within which it counts that another network of the same provider has its password
    /// (Elastic's rule).
    related_minutes: i64,
}

impl Default for SuccessAfterGuessing {
    fn default() -> Self {
        Self { failures: 15, related_minutes: 180 }
    }
}

/// Networks remembered that tried an account.
const TRIES: usize = 2;

/// The last refusal of an account from a network.
#[derive(Debug)]
pub(crate) struct Try {
    net: SourceNet,
    asn: Option<u32>,
    client: Option<u64>,
    millis: i64,
    record: Earlier,
}

impl Try {
    fn of(item: &Item<'_>, net: SourceNet) -> Self {
        let record = Earlier {
            name: item.event.user.unwrap_or_default().into(),
            is_known: item.facts.is_known,
            ip: item.facts.src_ip,
            service: item.event.service,
            evidence: item.evidence(),
            signed_in: None,
        };
        let (asn, client) = (item.place.asn, client(item));
        Self { net, asn, client, millis: item.millis(), record }
    }
}

/// The program that the client says it is.
fn client(item: &Item<'_>) -> Option<u64> {
    item.event.client.map(|it| hash64(90, it.as_bytes()))
}

impl Detector for SuccessAfterGuessing {
    const ID: &'static str = "success-after-guessing";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::REFUSAL);
    const TECHNIQUES: &'static [&'static str] = &["T1110", "T1078", "T1133"];
    const QUIET_IF: &'static str =
        "the account had signed in from this network before the guessing began";
    /// Never more than [`TRIES`].
    type Memory = Vec<Try>;

    fn wants(&self, item: &Item<'_>) -> bool {
        if item.is_refusal() {
            return item.facts.is_known && item.is_from_outside();
        }
        item.is_sign_in() && (self.is_from_guesser(item) || is_elsewhere(item))
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        tries: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let Some(net) = item.facts.net else { return };
        if item.is_refusal() {
            tries.retain(|it| it.net != net);
            if tries.len() == TRIES {
                tries.remove(0);
            }
            tries.push(Try::of(item, net));
            return;
        }
        if !self.is_from_guesser(item) {
            self.look_next_door(item, past, tries, out);
            return;
        }
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

impl SuccessAfterGuessing {
    fn is_from_guesser(&self, item: &Item<'_>) -> bool {
        item.facts.source.is_hot || self.failures <= item.facts.source.failures_on_account
    }

    /// A success by the provider, and as far as both say by the program, that tried the account among others just before.
    fn look_next_door(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        tries: &[Try],
        out: &mut Findings<'_>,
    ) {
        let (Some(net), now) = (item.facts.net, item.millis()) else { return };
        let (asn, client) = (item.place.asn, client(item));
        let is_related = |it: &&Try| {
            it.asn == asn
                && now - it.millis <= self.related_minutes * 60_000
                && it.client.zip(client).is_none_or(|(theirs, own)| theirs == own)
                && past.was_guessing(it.net, it.millis, now)
        };
        let is_egress = item.facts.src_ip.is_some_and(|it| past.known.is_egress(it));
        if !is_elsewhere(item) || is_egress {
            return;
        }
        let Some(before) = tries.iter().rev().find(is_related) else { return };
        let is_same_client = before.client.is_some() && before.client == client;
        let minutes = (now - before.millis) / 60_000;
        out.report(Finding {
            // The provider alone may be a coincidence.
            tier: if is_same_client { Tier::Page } else { Tier::Queue },
            reason: format!(
                "{} signed in to {} from {net}, {minutes} minutes after {} of the same provider tried it while guessing passwords",
                out.account(),
                item.event.service,
                before.net
            ),
            baseline: past.usual().unwrap_or_else(|| "no sign-in before".to_owned()),
            since: Some(before.record.evidence.time),
            earlier: vec![before.record.clone()],
            links: vec![format!("source:{net}"), format!("source:{}", before.net)],
            missing: if is_same_client { Vec::new() } else { vec!["client"] },
            ..Finding::default()
        });
    }
}

/// Whether a settled account comes from a provider that it never came from before.
fn is_elsewhere(item: &Item<'_>) -> bool {
    item.is_from_outside()
        && item.facts.is_settled
        && item.facts.is_new_provider
        && item.place.asn.is_some()
}
