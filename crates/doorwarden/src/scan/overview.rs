//! Counts over all events, for the report: when people sign in, through which doors, from which countries.
//!
//! Every table has a cap: names of devices, countries and days come from logs, and so from whoever may write there.

use std::collections::{BTreeMap, HashMap, HashSet};

use doorwarden_engine::{Item, Kinds};
use doorwarden_model::{NetworkKind, Outcome, Service, Session, hash64};

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
    pub(crate) accounts: HashSet<u64>,
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
        let kinds = item.facts.kinds;
        let refusal = kinds.meets(Kinds::REFUSAL).then_some(Self::Refusal);
        if kinds.meets(Kinds::SIGN_IN) { Some(Self::SignIn) } else { refusal }
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
    /// Counts on the way, by keys that are quick to make; [`Overview::settle`] puts them in their places.
    quick: Quick,
}

#[derive(Debug, Default)]
struct Quick {
    formats: Vec<(&'static str, u64)>,
    services: [u64; Service::ALL.len()],
    /// By service and hash of the device's name.
    doors: HashMap<(Service, u64), (String, DoorUse)>,
}

impl Overview {
    /// Counts one event.
    pub(crate) fn add(&mut self, item: &Item<'_>) {
        let event = &item.event;
        let quick = &mut self.quick;
        match quick.formats.iter_mut().find(|it| std::ptr::eq(it.0, event.format)) {
            Some(known) => known.1 += 1,
            None => quick.formats.push((event.format, 1)),
        }
        if let Some(count) = quick.services.get_mut(event.service as usize) {
            *count += 1;
        }
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
        let key = door_key(event.service, host);
        if DOORS <= self.quick.doors.len() && !self.quick.doors.contains_key(&key) {
            return;
        }
        let new = || (host.chars().take(NAME).collect(), DoorUse::default());
        let (_, door) = self.quick.doors.entry(key).or_insert_with(new);
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
        let doors = &mut self.quick.doors;
        let keys = session.hosts.iter().map(|it| door_key(session.service, it));
        let Some(key) = keys.into_iter().find(|it| doors.contains_key(it)) else { return };
        let Some((_, door)) = doors.get_mut(&key) else { return };
        door.sessions += 1;
        door.sessions_with_factor +=
            u64::from(session.factors.iter().any(|it| it.ends_with(":success")));
    }

    /// Puts the counts where they are read, in the order of names.
    pub(crate) fn settle(&mut self) {
        let quick = std::mem::take(&mut self.quick);
        for (format, count) in quick.formats {
            *self.formats.entry(format).or_default() += count;
        }
        for (service, count) in Service::ALL.iter().zip(quick.services).filter(|it| 0 < it.1) {
            *self.services.entry(*service).or_default() += count;
        }
        let doors = quick.doors.into_iter();
        self.doors.extend(doors.map(|((service, _), (host, used))| ((service, host), used)));
    }
}

fn door_key(service: Service, host: &str) -> (Service, u64) {
    (service, hash64(90, host.as_bytes()))
}
