//! Counts over all events, for the report: when people sign in, through which doors, from which countries.
//!
//! Every table has a cap: names of devices, countries and days come from logs, and so from whoever may write there.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_engine::Item;
use doorwarden_model::{NetworkKind, Outcome, Service, Session};

/// Doors counted; an attacker does not choose them, but a relay may.
const DOORS: usize = 2_000;
/// Accounts remembered over all doors.
const ACCOUNTS: usize = 1_000_000;
/// Days counted.
const DAYS: usize = 10_000;
/// Characters kept of a device's name.
const NAME: usize = 200;

/// How one door was used.
#[derive(Debug, Default, Clone)]
pub(crate) struct DoorUse {
    pub(crate) sign_ins: u64,
    pub(crate) refusals: u64,
    pub(crate) accounts: BTreeSet<u64>,
    /// Sign-ins whose own record states a second factor.
    pub(crate) with_factor: u64,
    pub(crate) from_outside: u64,
    /// Stitched sessions that came through it, and those in which some system logged a second factor.
    pub(crate) sessions: u64,
    pub(crate) sessions_with_factor: u64,
    /// Milliseconds since 1970 of the last attempt.
    pub(crate) last: i64,
}

/// Sign-ins and refusals.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempts {
    pub(crate) sign_ins: u64,
    pub(crate) refusals: u64,
}

impl Attempts {
    fn add(&mut self, attempt: Attempt) {
        match attempt {
            Attempt::SignIn => self.sign_ins += 1,
            Attempt::Refusal => self.refusals += 1,
        }
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempt {
    SignIn,
    Refusal,
}

impl Attempt {
    fn of(item: &Item<'_>) -> Option<Self> {
        let refusal = item.is_refusal().then_some(Self::Refusal);
        if item.is_sign_in() { Some(Self::SignIn) } else { refusal }
    }
}

/// Counts over all events.
#[derive(Debug, Default)]
pub(crate) struct Overview {
    /// Events by format and by service.
    pub(crate) formats: BTreeMap<&'static str, u64>,
    pub(crate) services: BTreeMap<Service, u64>,
    /// All attempts through remote doors.
    pub(crate) attempts: Attempts,
    /// Sign-ins by weekday (Monday first) and hour, UTC.
    pub(crate) hours: [[u64; 24]; 7],
    /// By ISO 3166 code of the source's country.
    pub(crate) countries: BTreeMap<[u8; 2], Attempts>,
    /// By kind of the source's network.
    pub(crate) networks: BTreeMap<NetworkKind, Attempts>,
    /// By service and device.
    pub(crate) doors: BTreeMap<(Service, String), DoorUse>,
    /// By day since 1970.
    pub(crate) days: BTreeMap<i64, Attempts>,
    /// Accounts remembered over all doors.
    accounts: usize,
    /// The door that was counted last: logs come in stretches of one device.
    last: Option<(Service, String)>,
}

impl Overview {
    /// Counts one event.
    pub(crate) fn add(&mut self, item: &Item<'_>) {
        let event = &item.event;
        *self.formats.entry(event.format).or_default() += 1;
        *self.services.entry(event.service).or_default() += 1;
        let Some(attempt) = Attempt::of(item) else { return };
        self.attempts.add(attempt);
        let second = event.time.as_second();
        let day = second.div_euclid(86_400);
        if self.days.len() < DAYS || self.days.contains_key(&day) {
            self.days.entry(day).or_default().add(attempt);
        }
        if attempt == Attempt::SignIn {
            self.hour(day, second.rem_euclid(86_400) / 3_600);
        }
        if let Some(country) = item.place.country {
            self.countries.entry(country).or_default().add(attempt);
        }
        if let Some(network) = item.place.network {
            self.networks.entry(network).or_default().add(attempt);
        }
        self.door(item, attempt);
    }

    fn hour(&mut self, day: i64, hour: i64) {
        // 1970-01-01 was a Thursday.
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
        let hour = usize::try_from(hour).unwrap_or(0);
        if let Some(cell) = self.hours.get_mut(weekday).and_then(|it| it.get_mut(hour)) {
            *cell += 1;
        }
    }

    fn door(&mut self, item: &Item<'_>, attempt: Attempt) {
        let is_sign_in = attempt == Attempt::SignIn;
        let event = &item.event;
        let host = event.host.unwrap_or("(no host)");
        let is_same = self.last.as_ref().is_some_and(|it| it.0 == event.service && it.1 == host);
        if !is_same {
            self.last = Some((event.service, host.chars().take(NAME).collect()));
        }
        let Some(key) = &self.last else { return };
        if !self.doors.contains_key(key) {
            if DOORS <= self.doors.len() {
                return;
            }
            self.doors.insert(key.clone(), DoorUse::default());
        }
        let Some(door) = self.doors.get_mut(key) else { return };
        door.last = door.last.max(item.millis());
        door.sign_ins += u64::from(is_sign_in);
        door.refusals += u64::from(event.outcome == Some(Outcome::Failure));
        door.from_outside += u64::from(is_sign_in && item.is_from_outside());
        door.with_factor += u64::from(is_sign_in && event.mfa.is_some());
        if is_sign_in
            && self.accounts < ACCOUNTS
            && let Some(account) = item.facts.account
            && door.accounts.insert(account.0)
        {
            self.accounts += 1;
        }
    }

    /// Counts a session that is over, at the door that it came through.
    pub(crate) fn session(&mut self, session: &Session) {
        let doors = &mut self.doors;
        let key = session.hosts.iter().map(|it| (session.service, it.clone()));
        let Some(key) = key.into_iter().find(|it| doors.contains_key(it)) else { return };
        let Some(door) = doors.get_mut(&key) else { return };
        door.sessions += 1;
        door.sessions_with_factor +=
            u64::from(session.factors.iter().any(|it| it.ends_with(":success")));
    }
}
