//! What the stages add to an event, one after the other.

use std::net::IpAddr;

use doorwarden_model::{
    Activity, Event, EventKey, Evidence, NetworkKind, Origin, Outcome, Place, Service, SourceNet,
};

use crate::names::AccountKey;

/// An event on its way through the stages.
#[derive(Debug, Clone)]
pub struct Item<'b> {
    /// The event as its log states it.
    pub event: Event<'b>,
    /// Its place in the order.
    pub key: EventKey,
    /// Where it was read.
    pub origin: Origin,
    /// What is known of its source address.
    pub place: Place<'b>,
    /// What the stages found.
    pub facts: Facts,
}

/// What kinds of event an event is one of, as bits: detectors say which they look at, so that most never meet most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// A person came in through a remote door: [`Item::is_sign_in`].
    pub const SIGN_IN: Self = Self(1);
    /// An attempt was refused: [`Item::is_refusal`].
    pub const REFUSAL: Self = Self(2);
    /// A second factor is stated.
    pub const FACTOR: Self = Self(4);
    /// An account was changed.
    pub const ACCOUNT: Self = Self(8);
    /// The door was changed.
    pub const CHANGE: Self = Self(16);
    /// Anything else: sessions, ends, addresses, second records of one attempt.
    pub const REST: Self = Self(32);
    /// All of them.
    pub const ALL: Self = Self(63);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether they share one.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds of `item`, once its attempt and account are known.
    pub(crate) fn of(item: &Item<'_>) -> Self {
        let mut kinds = Self(0);
        if item.is_sign_in() {
            kinds = kinds.and(Self::SIGN_IN);
        }
        if item.is_refusal() {
            kinds = kinds.and(Self::REFUSAL);
        }
        if item.event.mfa.is_some() || item.event.activity == Activity::Mfa {
            kinds = kinds.and(Self::FACTOR);
        }
        match item.event.activity {
            Activity::Account => kinds = kinds.and(Self::ACCOUNT),
            Activity::Change => kinds = kinds.and(Self::CHANGE),
            Activity::Logon
            | Activity::Logoff
            | Activity::Mfa
            | Activity::Session
            | Activity::Other => {}
        }
        if kinds.0 == 0 { Self::REST } else { kinds }
    }
}

/// What the stages found about an event.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to a question of its own; no two exclude each other"
)]
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// What kinds of event it is one of.
    pub kinds: Kinds,
    /// The account that the name resolves to.
    pub account: Option<AccountKey>,
    /// Hash of the name without realm.
    pub name: u64,
    /// Whether that account signs in at some time in the archive: names that never do are only guessed.
    pub is_known: bool,
    /// Whether that account signed in on at least three days before.
    pub is_settled: bool,
    /// Whether the name belongs to a program, computer or part of the system.
    pub is_program: bool,
    /// The source address, stated or recovered from another record of the same attempt.
    pub src_ip: Option<IpAddr>,
    /// Its network.
    pub net: Option<SourceNet>,
    /// Whether the address lies inside: private, or the organisation's own.
    pub is_inside: bool,
    /// Whether this record is the first that speaks of its attempt.
    pub is_attempt: bool,
    /// Hash of the device that logged it; 0 where the log does not say.
    pub host: u64,
    /// Key of the device that the client reported, here or in a record just before.
    pub device: Option<u64>,
    /// Key of the certificate, stated here or in a record just before.
    pub certificate: Option<u64>,
    /// Whether the account signed in with this device on an earlier day.
    pub has_known_device: bool,
    /// Whether the account never signed in from this provider (ASN) before, where both are known.
    pub is_new_provider: bool,
    /// Whether a signal of an earlier stage, of at least the queue's tier, spoke of this sign-in or second factor.
    pub is_suspicious: bool,
    /// What the session stitching found.
    pub session: SessionFacts,
    /// What the source stage found.
    pub source: SourceFacts,
    /// What all accounts did before.
    pub organisation: OrganisationFacts,
}

/// How common a sign-in is among all accounts, as far as it was known just before it.
#[derive(Debug, Clone, Copy, Default)]
pub struct OrganisationFacts {
    /// Accounts that signed in.
    pub accounts: u32,
    /// Accounts that signed in on at least three days.
    pub settled: u32,
    /// Accounts that used this door.
    pub service_accounts: u32,
    /// Accounts that used this door for the first time within three days; as far as eight.
    pub service_newcomers: u32,
    /// When anybody first used this door, in milliseconds.
    pub service_since: Option<i64>,
    /// Accounts that came from outside by this provider (ASN).
    pub provider_accounts: u32,
    /// Accounts that came from this country, where anybody did within 180 days.
    pub country_accounts: u32,
    /// Accounts that came from this country for the first time within seven days; as far as eight.
    pub country_newcomers: u32,
    /// Whether the account changed others' accounts, or doors, on at least two days.
    pub is_administrator: bool,
    /// When somebody last tried the account from a provider that was new to it and on no device, in vain; within ten days.
    pub probed: Option<i64>,
}

/// What the session stitching found about an event.
#[derive(Debug, Clone, Copy, Default)]
pub struct SessionFacts {
    /// Number of the session that the event belongs to.
    pub number: Option<u64>,
    /// Number of the session through whose leased address it came.
    pub explained_by: Option<u64>,
    /// The account of that session.
    pub outer_account: Option<AccountKey>,
    /// Where that session came from.
    pub outer_ip: Option<IpAddr>,
    /// Whether it came from an address that doors lease, with no lease open.
    pub is_orphan: bool,
    /// Whether another network than the session's first one uses it, and which address that was.
    pub first_ip: Option<IpAddr>,
    /// Whether the record opened it.
    pub is_start: bool,
    /// Whether sessions of this source, or of the account between these two providers, move all the time.
    pub is_usual_move: bool,
    /// Where another session of the account through such a door comes from, which is open at this moment.
    pub concurrent_ip: Option<IpAddr>,
}

/// What a source network did so far, this event included.
#[derive(Debug, Clone, Copy, Default)]
pub struct SourceFacts {
    /// Failed attempts within the last hour.
    pub failures: u32,
    /// Accounts that failed within the last hour.
    pub accounts_failed: u32,
    /// Of these, names that are no account's.
    pub unknown_failed: u32,
    /// Accounts that succeeded within the last 24 hours.
    pub accounts_succeeded: u32,
    /// Failed attempts on this event's account within the last hour.
    pub failures_on_account: u32,
    /// Accounts whose first success here falls into the last 24 hours.
    pub newcomers: u32,
    /// Whether this is the account's first success here.
    pub is_first_success: bool,
    /// Whether it attacked within the last 24 hours.
    pub is_hot: bool,
    /// Whether it is an address that many people share: an office, the organisation's egress.
    pub is_shared: bool,
}

impl Item<'_> {
    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(&self) -> i64 {
        self.key.millis
    }

    /// The record, as evidence.
    #[must_use]
    pub const fn evidence(&self) -> Evidence {
        Evidence { time: self.event.time, id: self.key.id, origin: self.origin }
    }

    /// Whether it is an attempt to come in through a remote door that was refused, counted once.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.facts.is_attempt
            && matches!(self.event.activity, Activity::Logon | Activity::Mfa)
            && self.event.outcome == Some(Outcome::Failure)
            && self.is_remote()
    }

    /// Whether a person came in through a remote door, counted once.
    #[must_use]
    pub fn is_sign_in(&self) -> bool {
        self.facts.is_attempt
            && matches!(self.event.activity, Activity::Logon | Activity::Session)
            && self.event.outcome == Some(Outcome::Success)
            && self.is_remote()
            && !self.facts.is_program
    }

    /// Whether the door is a remote one.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.event.service != Service::Local
    }

    /// Whether the source address is a public one.
    #[must_use]
    pub const fn is_from_outside(&self) -> bool {
        self.facts.src_ip.is_some() && !self.facts.is_inside
    }

    /// Whether the network belongs to a hosting provider, a commercial VPN or Tor.
    #[must_use]
    pub const fn is_hosted(&self) -> bool {
        matches!(
            self.place.network,
            Some(NetworkKind::Hosting | NetworkKind::Vpn | NetworkKind::Tor)
        )
    }
}

/// Whether an address is private, shared, local or loopback.
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(it) => {
            let [a, b, ..] = it.octets();
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_unspecified()
                || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(it) => {
            it.is_loopback()
                || it.is_unspecified()
                || it.is_unique_local()
                || it.is_unicast_link_local()
        }
    }
}
