//! What all accounts do together: how common a door, a provider or a country is, and who changes others' accounts.
//!
//! The first stage learns it, event by event and in their order, so that every detector may ask.

use doorwarden_model::{Activity, Outcome};

use crate::{
    facts::{Item, Kinds, OrganisationFacts},
    names::actor_key,
    source::DAY,
    table::Table,
};

/// Providers and countries remembered: those of successes only, so nobody can flood them.
const GROUPS: usize = 16_384;
/// People remembered who changed somebody else's account.
const DOERS: usize = 4_096;
/// First uses remembered per group.
const NEWCOMERS: usize = 8;
/// A country that nobody came from for so many days is new again (after Defender's "infrequent country").
const COUNTRY_DAYS: i64 = 180;
/// Days for which a probe of an account is remembered (docs: `low-and-slow-spray`).
const PROBE_DAYS: i64 = 10;

/// What the first stage remembers of an account.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    last_day: i64,
    /// When it was last probed; 0 where never.
    probed: i64,
    /// Providers that it came from, the newest first; 0 where there are fewer.
    providers: [u32; 6],
    /// Countries that it came from, the newest first.
    countries: [[u8; 2]; 4],
    /// Doors that it used, as bits.
    services: u16,
    /// Days with a success, as far as three.
    days: u8,
}

impl Seen {
    /// Whether it signed in on at least three days.
    pub(crate) const fn is_settled(&self) -> bool {
        3 <= self.days
    }

    /// Whether the provider of `item` is another one than those it came from.
    pub(crate) fn is_new_provider(&self, item: &Item<'_>) -> bool {
        item.place.asn.is_none_or(|it| !self.providers.contains(&it))
    }

    /// Takes note of a probe: see [`is_probe`].
    pub(crate) fn probe(&mut self, now: i64) {
        self.probed = self.probed.max(now);
    }

    /// When it was last probed, if that was within ten days before `now`.
    pub(crate) fn probed(&self, now: i64) -> Option<i64> {
        (0 < self.probed && now - self.probed <= PROBE_DAYS * DAY).then_some(self.probed)
    }
}

/// Whether an attempt on a settled account was refused that came from a provider which it never used, on no device: its
/// owner's mistakes come from known networks, so that nearly all of these are somebody else's (Herley and Schechter).
pub(crate) fn is_probe(item: &Item<'_>) -> bool {
    item.facts.kinds.meets(Kinds::REFUSAL)
        && item.is_from_outside()
        && item.facts.is_settled
        && item.place.asn.is_some()
        && item.facts.is_new_provider
        && item.facts.device.is_none()
}

/// Accounts that have a door, a provider or a country in common.
#[derive(Debug, Clone, Default)]
struct Group {
    accounts: u32,
    first: i64,
    last: i64,
    /// When the last accounts came that were new to it, in a ring.
    newcomers: [i64; NEWCOMERS],
}

impl Group {
    /// One of its accounts came.
    const fn see(&mut self, now: i64) {
        self.last = now;
    }

    /// An account came for the first time.
    fn welcome(&mut self, now: i64) {
        if self.accounts == 0 {
            self.first = now;
        }
        if let Some(slot) = self.newcomers.get_mut(self.accounts as usize % NEWCOMERS) {
            *slot = now;
        }
        self.accounts = self.accounts.saturating_add(1);
        self.last = now;
    }

    /// Accounts that were new to it within so many days, as far as eight.
    fn newcomers(&self, days: i64, now: i64) -> u32 {
        let known = self.newcomers.iter().take(self.accounts as usize);
        u32::try_from(known.filter(|it| now - **it <= days * DAY).count()).unwrap_or(u32::MAX)
    }
}

/// Somebody who changed another one's account or a door.
#[derive(Debug, Clone, Copy, Default)]
struct Doer {
    days: u32,
    last_day: i64,
}

/// What all accounts did.
#[derive(Debug)]
pub(crate) struct Organisation {
    accounts: u32,
    settled: u32,
    services: [Group; 16],
    providers: Table<Group>,
    countries: Table<Group>,
    doers: Table<Doer>,
}

impl Organisation {
    pub(crate) fn new() -> Self {
        Self {
            accounts: 0,
            settled: 0,
            services: Default::default(),
            providers: Table::new(GROUPS),
            countries: Table::new(GROUPS),
            doers: Table::new(DOERS),
        }
    }

    /// How common the sign-in `item` is, before it is learnt.
    pub(crate) fn of(&mut self, item: &Item<'_>, seen: &Seen) -> OrganisationFacts {
        let now = item.millis();
        let mut facts = OrganisationFacts {
            accounts: self.accounts,
            settled: self.settled,
            probed: seen.probed(now),
            ..OrganisationFacts::default()
        };
        facts.is_administrator = self.doers.peek(item.facts.name).is_some_and(|it| 2 <= it.days);
        if let Some(group) = self.services.get(item.event.service as usize) {
            facts.service_accounts = group.accounts;
            facts.service_newcomers = group.newcomers(3, now);
            facts.service_since = (0 < group.accounts).then_some(group.first);
        }
        if !item.is_from_outside() {
            return facts;
        }
        if let Some(group) = item.place.asn.and_then(|it| self.providers.get(u64::from(it), now)) {
            facts.provider_accounts = group.accounts;
        }
        if let Some(group) = country_key(item).and_then(|it| self.countries.get(it, now))
            && now - group.last <= COUNTRY_DAYS * DAY
        {
            facts.country_accounts = group.accounts;
            facts.country_newcomers = group.newcomers(7, now);
        }
        facts
    }

    /// Accounts that signed in on at least three days.
    pub(crate) const fn settled(&self) -> u32 {
        self.settled
    }

    /// Learns from a sign-in.
    pub(crate) fn learn(&mut self, item: &Item<'_>, seen: &mut Seen) {
        let now = item.millis();
        let day = now.div_euclid(DAY);
        if seen.days == 0 {
            self.accounts = self.accounts.saturating_add(1);
        }
        if seen.days == 0 || seen.last_day < day {
            let was_settled = seen.is_settled();
            (seen.last_day, seen.days) = (day, (seen.days + 1).min(3));
            self.settled += u32::from(!was_settled && seen.is_settled());
        }
        let service = 1 << item.event.service as u16;
        if seen.services & service == 0
            && let Some(group) = self.services.get_mut(item.event.service as usize)
        {
            group.welcome(now);
        }
        seen.services |= service;
        self.learn_provider(item, seen);
        if item.is_from_outside() {
            self.learn_country(item, seen);
        }
    }

    fn learn_provider(&mut self, item: &Item<'_>, seen: &mut Seen) {
        let Some(asn) = item.place.asn else { return };
        if seen.providers.contains(&asn) {
            return;
        }
        seen.providers.rotate_right(1);
        seen.providers[0] = asn;
        if item.is_from_outside() {
            let now = item.millis();
            self.providers.get_or(u64::from(asn), now, Group::default).welcome(now);
        }
    }

    fn learn_country(&mut self, item: &Item<'_>, seen: &mut Seen) {
        let (Some(country), Some(key)) = (item.place.country, country_key(item)) else { return };
        let now = item.millis();
        let group = self.countries.get_or(key, now, Group::default);
        if COUNTRY_DAYS * DAY < now - group.last {
            *group = Group::default();
        }
        let is_known = seen.countries.contains(&country);
        if is_known && 0 < group.accounts {
            group.see(now);
            return;
        }
        group.welcome(now);
        if !is_known {
            seen.countries.rotate_right(1);
            seen.countries[0] = country;
        }
    }

    /// Learns who changes others' accounts and doors.
    pub(crate) fn learn_change(&mut self, item: &Item<'_>) {
        let event = &item.event;
        if event.outcome == Some(Outcome::Failure) {
            return;
        }
        let actor = event.actor.map(actor_key);
        let doer = match event.activity {
            Activity::Account => actor.filter(|it| *it != item.facts.name),
            Activity::Change => actor.or_else(|| item.facts.account.map(|_| item.facts.name)),
            Activity::Logon
            | Activity::Logoff
            | Activity::Mfa
            | Activity::Session
            | Activity::Other => None,
        };
        let Some(key) = doer else { return };
        let (now, day) = (item.millis(), item.millis().div_euclid(DAY));
        let doer = self.doers.get_or(key, now, Doer::default);
        if doer.days == 0 || doer.last_day < day {
            (doer.days, doer.last_day) = (doer.days.saturating_add(1), day);
        }
    }
}

fn country_key(item: &Item<'_>) -> Option<u64> {
    item.place.country.map(|it| u64::from(u16::from_be_bytes(it)))
}
