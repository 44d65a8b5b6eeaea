//! A new factor, a reset password, then a sign-in from somewhere new.

use std::{collections::VecDeque, net::IpAddr};

use doorwarden_model::{Activity, Evidence, EvidenceKind, MfaResult, Outcome, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    account::AccountState,
    account::KnownNet,
    changes::changed,
    detector::{Earlier, Findings, Past},
    novelty::is_carrier,
    source::DAY,
};

/// # Factor change
///
/// The password or second factor of an account was changed, and then it signed in from a network or device that is new to it.
///
/// ## Why it matters
/// Whoever talks the help desk into a reset, or is in once, adds a factor of the own to stay.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 idp ok
/// 5d 02:00 ana - idp account detail=password-reset
/// 5d 02:20 ana 198.51.100.9 idp enrolled detail=factor
/// 5d 02:25 ana 198.51.100.9 vpn ok # signal
/// ```
/// Whoever got in by the owner's mistake adds a factor first:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 idp ok
/// 5d 02:00 ana 198.51.100.9 idp ok
/// 5d 02:05 ana 198.51.100.9 idp enrolled detail=factor
/// 5d 02:10 ana 198.51.100.9 vpn ok # signal
/// ```
/// After a reset in the office, the telephone that fetches mail from a carrier's network:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 owa ok device=phone-1
/// 5d 09:00 ana 203.0.113.250 idp account detail=password-reset actor=helpdesk
/// 5d 18:00 ana 198.51.100.9 owa ok device=phone-1
/// ```
/// A new telephone, from home:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 idp ok
/// 5d 08:00 ana 203.0.113.7 idp enrolled detail=factor
/// 5d 08:05 ana 203.0.113.7 vpn ok
/// ```
///
/// ## False positives
/// A new telephone bought on a journey.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FactorChange {
    /// Hours within which the sign-in must follow the change (our choice).
    hours: i64,
    /// Minutes between a reset and a new factor that make it urgent (Splunk's rule for PingID).
    reset_to_factor_minutes: i64,
}

impl Default for FactorChange {
    fn default() -> Self {
        Self { hours: 72, reset_to_factor_minutes: 60 }
    }
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reset,
    Factor,
}

/// A change of a credential.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    millis: i64,
    kind: Kind,
    what: String,
    ip: Option<IpAddr>,
    is_from_new: bool,
    evidence: Evidence,
}

/// Changes remembered per account.
const RING: usize = 8;

impl Detector for FactorChange {
    const ID: &'static str = "factor-change";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Factor;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::ACCOUNT).and(Kinds::FACTOR);
    const TECHNIQUES: &'static [&'static str] = &["T1098.005", "T1556.006", "T1078"];
    const QUIET_IF: &'static str =
        "the factor had been changed from a network that the account uses";
    type Memory = VecDeque<Change>;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() || kind(item).is_some()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        ring: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        while ring.front().is_some_and(|it| self.hours * 3_600_000 < now - it.millis)
            || ring.len() == RING
        {
            ring.pop_front();
        }
        if let Some(kind) = kind(item) {
            // What the help desk does comes from the help desk's network, whatever its own is.
            let is_from_new = item.event.actor.is_none() && is_new_place(item, past);
            ring.push_back(Change {
                millis: now,
                kind,
                what: changed(&item.event),
                ip: item.facts.src_ip,
                is_from_new,
                evidence: item.evidence(),
            });
            return;
        }
        let Some(net) = item.facts.net.filter(|_| item.is_from_outside()) else { return };
        let is_settled = past.account.is_some_and(AccountState::is_settled);
        let new_device = item.facts.device.is_some_and(|device| {
            past.account.is_some_and(|it| !it.devices.is_empty() && !it.knows_device(device))
        });
        let is_new_net = is_new_place(item, past)
            && !item.facts.has_known_device
            && !item.facts.source.is_shared
            && !is_carrier(item, past);
        let is_new = is_new_net || new_device && ring.iter().any(|it| it.is_from_new);
        if ring.is_empty()
            || !is_new
            || !is_settled
            || is_joiner(past, now)
            || past.known.is_egress(net.first())
        {
            return;
        }
        self.report(item, past, ring, net, out);
        ring.clear();
    }
}

/// Days: whoever is first seen later than so many after the log's begin is new, for twice as many.
const JOINING: i64 = 7;

impl FactorChange {
    fn report(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        ring: &VecDeque<Change>,
        net: SourceNet,
        out: &mut Findings<'_>,
    ) {
        let resets = ring.iter().filter(|it| it.kind == Kind::Reset);
        let is_urgent = resets.clone().any(|reset| {
            let limit = self.reset_to_factor_minutes * 60_000;
            ring.iter().any(|it| {
                it.kind == Kind::Factor && (0..=limit).contains(&(it.millis - reset.millis))
            })
        });
        let from_here = ring
            .iter()
            .any(|it| it.is_from_new || it.ip.is_some_and(|ip| SourceNet::of(ip) == net));
        let whats: Vec<&str> = ring.iter().map(|it| it.what.as_str()).collect();
        let name = out.account().to_owned();
        let of = |it: &Change| Earlier {
            name: name.as_str().into(),
            is_known: true,
            ip: it.ip,
            service: item.event.service,
            evidence: it.evidence,
            signed_in: None,
        };
        let hours = match (item.millis() - ring.front().map_or(0, |it| it.millis)) / 3_600_000 {
            0 => "less than an hour".to_owned(),
            1 => "an hour".to_owned(),
            more => format!("{more} hours"),
        };
        out.report(Finding {
            tier: if is_urgent || from_here { Tier::Page } else { Tier::Queue },
            reason: format!(
                "{name} signed in to {} from {net}, new to the account, {hours} after its password or factor changed: {}",
                item.event.service,
                whats.join(", ")
            ),
            baseline: past.usual().unwrap_or_default(),
            since: ring.front().map(|it| it.evidence.time),
            earlier: ring.iter().map(of).collect(),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}

/// Whether the account appeared while the log ran, less than two weeks ago: who begins sets up factors in new places.
fn is_joiner(past: &Past<'_>, now: i64) -> bool {
    let day = |it: i64| it.div_euclid(DAY);
    past.account.is_some_and(|it| {
        it.first_day - day(past.start) > JOINING && day(now) - it.first_day < 2 * JOINING
    })
}

/// Whether the event comes from a public network where the account was not on an earlier day, of a provider that it did
/// not use on two: leases at home change. Today's sign-ins do not count: who talked the owner into one comes from there
/// again a moment later.
fn is_new_place(item: &Item<'_>, past: &Past<'_>) -> bool {
    let Some(net) = item.facts.net.filter(|_| item.is_from_outside()) else { return false };
    let yesterday = item.millis().div_euclid(DAY) - 1;
    let is_same = |it: &KnownNet| it.net == net && it.first_day < yesterday;
    let is_alike = |it: &KnownNet| {
        2 <= it.days
            && it.asn.is_some()
            && it.asn == item.place.asn
            && it.country == item.place.country
    };
    !past.account.is_some_and(|account| account.nets.iter().any(|it| is_same(it) || is_alike(it)))
}

/// What kind of credential change the record states.
fn kind(item: &Item<'_>) -> Option<Kind> {
    if item.event.outcome == Some(Outcome::Failure) {
        return None;
    }
    if item.event.mfa.is_some_and(|it| it.result == MfaResult::Enrolled) {
        return Some(Kind::Factor);
    }
    if item.event.activity != Activity::Account {
        return None;
    }
    let text = item.event.detail.or(item.event.code)?.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if has(&["password", "reset", "unlock"]) {
        Some(Kind::Reset)
    } else if has(&[
        "factor",
        "mfa",
        "phone",
        "device",
        "authenticator",
        "bypass",
        "fido",
        "security info",
        "token",
    ]) {
        Some(Kind::Factor)
    } else {
        None
    }
}
