//! An intruder whose account was closed comes back.

use doorwarden_model::{Activity, EvidenceKind, NetworkKind, Outcome, SourceNet, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    changes::changed,
    detector::{Findings, Past},
    names::AccountKey,
    novelty::{missing, source_link},
    source::DAY,
    table::Table,
};

/// # Return after eviction
///
/// After an account was under suspicion and its password or factor was reset, or it was closed, somebody came in again with
/// what the intruder had: the network, the rented provider, the device or the certificate, on whatever account; or on the same
/// account from somewhere else again. Failed attempts like that stand in the weekly list.
///
/// ## Why it matters
/// Who was thrown out comes back: Threat Group-3390 within hours, over mail and with a second account; Volt Typhoon after four and
/// nine months.
///
/// ## Example
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500
/// x20 08:00 ben 203.0.113.8 vpn ok asn=64500
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting
/// 20d 09:00 ana - idp account detail=password-reset actor=helpdesk
/// 23d 02:00 ben 198.51.101.9 owa ok asn=64510 net=hosting # signal
/// ```
/// Knocking on the door that was closed:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting
/// 20d 09:00 ana - idp account detail=password-reset actor=helpdesk
/// 20d 23:00 ana 198.51.100.9 vpn fail asn=64510 net=hosting # signal
/// ```
/// The owner comes back to work, types the old password at first, and fetches mail on the way:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting
/// 20d 09:00 ana - idp account detail=password-reset actor=helpdesk
/// 20d 09:30 ana 203.0.113.7 vpn fail asn=64500
/// 20d 09:31 ana 203.0.113.7 vpn ok asn=64500
/// 20d 18:00 ana 192.0.2.9 owa ok asn=64520 net=mobile
/// ```
/// Nor does the owner of a stolen certificate, who goes on using it, come back:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500 cert=CN=ana device=LAPTOP-1
/// 19d 08:20 ana 198.51.100.9 vpn ok asn=64510 net=hosting cert=CN=ana device=KALI
/// 19d 09:00 ana - idp account detail=password-reset actor=helpdesk
/// 20d 08:00 ana 203.0.113.7 vpn ok asn=64500 cert=CN=ana device=LAPTOP-1
/// ```
/// A password that was reset without any suspicion, and a suspicion that nobody acted on:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500
/// x20 08:00 ben 203.0.113.8 vpn ok asn=64500
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting
/// 20d 09:00 ben - idp account detail=password-reset actor=helpdesk
/// 21d 02:00 ana 198.51.100.9 vpn ok asn=64510 net=hosting
/// 22d 20:00 ben 192.0.2.9 vpn ok asn=64530
/// ```
///
/// ## False positives
/// A suspicion that was false, and its owner's next journey.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ReturnAfterEviction {
    /// Days for which a return is expected (our choice, between what Threat Group-3390 and Volt Typhoon did).
    days: i64,
    /// Days after a suspicion within which a reset or closure is taken for the answer to it (our choice).
    answer_days: i64,
}

impl Default for ReturnAfterEviction {
    fn default() -> Self {
        Self { days: 90, answer_days: 30 }
    }
}

/// Accounts under suspicion remembered, with so much of each that the intruder used; and things of intruders that were evicted.
const ACCOUNTS: usize = 2_048;
const THINGS: usize = 6;
const GONE: usize = 8_192;

/// What belongs to an intruder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    Net(SourceNet),
    /// A provider of rented servers.
    Provider(u32),
    Device(u64),
    Certificate(u64),
}

impl Thing {
    fn key(self) -> u64 {
        let (seed, key) = match self {
            Self::Net(it) => (1, it.key()),
            Self::Provider(it) => (2, u64::from(it)),
            Self::Device(it) => (3, it),
            Self::Certificate(it) => (4, it),
        };
        hash64(seed, &key.to_be_bytes())
    }

    /// How somebody came with it, after the network.
    const fn words(self) -> &'static str {
        match self {
            Self::Net(_) => ", a network of an intruder's,",
            Self::Provider(_) => ", of the provider of an intruder's,",
            Self::Device(_) => ", on the device of an intruder,",
            Self::Certificate(_) => ", with the certificate that an intruder used,",
        }
    }
}

/// An account under suspicion.
#[derive(Debug, Default)]
struct Suspect {
    millis: i64,
    things: SmallVec<[Thing; 2]>,
    /// When its password or factor was reset, or it was closed.
    evicted: Option<i64>,
}

/// Accounts under suspicion, and when the intruders who used a thing were evicted.
#[derive(Debug)]
pub(crate) struct Intruders {
    suspects: Table<Suspect>,
    gone: Table<i64>,
    is_empty: bool,
}

impl Default for Intruders {
    fn default() -> Self {
        Self { suspects: Table::new(ACCOUNTS), gone: Table::new(GONE), is_empty: true }
    }
}

impl Detector for ReturnAfterEviction {
    const ID: &'static str = "return-after-eviction";
    const SCOPE: Scope = Scope::Organisation;
    const EVIDENCE: EvidenceKind = EvidenceKind::Service;
    const LOOKS_AT: Kinds =
        Kinds::SIGN_IN.and(Kinds::REFUSAL).and(Kinds::FACTOR).and(Kinds::ACCOUNT);
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1078"];
    const QUIET_IF: &'static str =
        "it had come from a network or device that its owner used before";
    type Memory = Intruders;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.facts.account.is_some()
            && (item.event.activity == Activity::Account
                || item.is_from_outside() && (item.is_sign_in() || item.is_refusal())
                || item.facts.is_suspicious)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let Some(account) = item.facts.account else { return };
        if memory.is_empty && !item.facts.is_suspicious {
            return;
        }
        if item.event.activity == Activity::Account {
            self.answer(item, account, memory);
            return;
        }
        let is_egress = item.facts.src_ip.is_some_and(|it| past.known.is_egress(it));
        if item.is_from_outside() && !is_egress && !past.known.is_scanner(item) {
            self.judge(item, account, memory, out);
        }
        if item.facts.is_suspicious {
            memory.suspect(item, account);
        }
    }
}

impl ReturnAfterEviction {
    /// A change of the account, which may be what its administrators do about a suspicion.
    fn answer(&self, item: &Item<'_>, account: AccountKey, memory: &mut Intruders) {
        let now = item.millis();
        if item.event.outcome == Some(Outcome::Failure) || !is_closing(item) {
            return;
        }
        let Some(suspect) = memory.suspects.get(account.0, now) else { return };
        // Whoever is in resets the password from where the sign-in came from.
        let is_own = item.facts.net.is_some_and(|it| suspect.things.contains(&Thing::Net(it)));
        if is_own || self.answer_days * DAY < now - suspect.millis {
            return;
        }
        suspect.evicted = Some(now);
        for thing in &suspect.things {
            *memory.gone.get_or(thing.key(), now, || now) = now;
        }
    }

    fn judge(
        &self,
        item: &Item<'_>,
        account: AccountKey,
        memory: &mut Intruders,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        let is_recent = |it: i64| now - it <= self.days * DAY;
        let own =
            memory.suspects.peek(account.0).and_then(|it| it.evicted).filter(|it| is_recent(*it));
        // What was kept of the account itself is the intruder's; only the certificate has two users.
        let is_theirs = |it: Thing| {
            own.is_some() && !matches!(it, Thing::Certificate(_)) || is_foreign(item, it)
        };
        let gone = things(item)
            .into_iter()
            .filter(|it| is_theirs(*it))
            .filter_map(|it| Some((it, *memory.gone.peek(it.key())?)))
            .find(|it| is_recent(it.1));
        // A telephone finds a carrier everywhere; another line is not where the owner was.
        let is_elsewhere = item.place.asn.is_some()
            && item.facts.is_new_provider
            && item.facts.is_settled
            && !item.facts.has_known_device
            && item.place.network != Some(NetworkKind::Mobile);
        // Many rent from one provider, and the owner's next line is new as well.
        // What was suspected of the account itself may be the owner's next line or laptop.
        let is_weak = own.is_some() && !matches!(gone, Some((Thing::Certificate(_), _)))
            || matches!(gone, None | Some((Thing::Provider(_), _)));
        let (why, when) = match (gone, own) {
            (Some((thing, when)), _) => (thing.words(), when),
            (None, Some(when)) if is_elsewhere => (", new to it,", when),
            (None, _) => return,
        };
        // Of networks that attack, most attempts are on accounts that never were in danger.
        if item.is_refusal() && own.is_none() {
            return;
        }
        let net = item.facts.net.map_or_else(String::new, |it| format!(" from {it}"));
        let (name, service) = (out.account().to_owned(), item.event.service);
        let (tier, what) = if item.is_refusal() {
            (Tier::Digest, "was tried in vain at")
        } else {
            (if is_weak { Tier::Digest } else { Tier::Queue }, "signed in to")
        };
        let whose = if own.is_some() { "it" } else { "the account that the intruder used" };
        out.about(account.0).report(Finding {
            tier,
            reason: format!(
                "{name} {what} {service}{net}{why} {} after {whose} was reset or closed",
                days((now - when) / DAY)
            ),
            baseline: "after a reset an account is used from where its owner always is".to_owned(),
            links: source_link(item),
            missing: missing(item),
            ..Finding::default()
        });
    }
}

impl Intruders {
    /// Keeps what the intruder used and the owner did not.
    fn suspect(&mut self, item: &Item<'_>, account: AccountKey) {
        self.is_empty = false;
        let suspect = self.suspects.get_or(account.0, item.millis(), Suspect::default);
        suspect.millis = item.millis();
        for thing in things(item) {
            let is_intruders = match thing {
                Thing::Net(_) | Thing::Certificate(_) => {
                    item.facts.is_new_provider || item.is_hosted()
                }
                Thing::Provider(_) => true,
                Thing::Device(_) => !item.facts.has_known_device,
            };
            if is_intruders && suspect.things.len() < THINGS && !suspect.things.contains(&thing) {
                suspect.things.push(thing);
            }
        }
    }
}

/// What an event says of who came.
fn things(item: &Item<'_>) -> SmallVec<[Thing; 4]> {
    let net = item.facts.net.filter(|_| item.is_from_outside());
    let provider = item.place.asn.filter(|_| item.is_hosted());
    [
        net.map(Thing::Net),
        item.facts.device.map(Thing::Device),
        item.facts.certificate.map(Thing::Certificate),
        provider.map(Thing::Provider),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether an account that uses a thing of an intruder's does not do so anyway.
fn is_foreign(item: &Item<'_>, thing: Thing) -> bool {
    let is_new = item.facts.is_new_provider && !item.facts.has_known_device;
    match thing {
        Thing::Net(_) => {
            !item.facts.source.is_shared && (is_new || item.facts.source.is_first_success)
        }
        Thing::Provider(_) => is_new && item.facts.is_settled,
        Thing::Device(_) => !item.facts.has_known_device,
        Thing::Certificate(_) => is_new,
    }
}

/// Whether a change resets a credential or closes the account.
fn is_closing(item: &Item<'_>) -> bool {
    let words = changed(&item.event).to_ascii_lowercase();
    ["reset", "password", "disabled", "suspended", "revoked", "deleted", "blocked", "deactivated"]
        .iter()
        .any(|it| words.contains(it))
}

fn days(count: i64) -> String {
    match count {
        0 => "less than a day".to_owned(),
        1 => "a day".to_owned(),
        more => format!("{more} days"),
    }
}
