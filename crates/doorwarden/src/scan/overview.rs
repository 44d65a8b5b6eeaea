//! Counts over all events, for the report: when people sign in, through which doors, from which countries.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_engine::Item;
use doorwarden_model::{Outcome, Service};

/// Doors and accounts counted; an attacker chooses neither, but a relay may.
const DOORS: usize = 2_000;
/// Accounts counted per door.
const ACCOUNTS: usize = 100_000;

/// How one door was used.
#[derive(Debug, Default, Clone)]
pub(crate) struct DoorUse {
    pub(crate) sign_ins: u64,
    pub(crate) refusals: u64,
    pub(crate) accounts: BTreeSet<u64>,
    pub(crate) with_factor: u64,
    pub(crate) from_outside: u64,
}

/// Counts over all events.
#[derive(Debug, Default)]
pub(crate) struct Overview {
    /// Events by format and by service.
    pub(crate) formats: BTreeMap<&'static str, u64>,
    pub(crate) services: BTreeMap<Service, u64>,
    /// Sign-ins by weekday (Monday first) and hour, UTC.
    pub(crate) hours: [[u64; 24]; 7],
    /// Sign-ins and refusals by country.
    pub(crate) countries: BTreeMap<String, (u64, u64)>,
    /// By service and device.
    pub(crate) doors: BTreeMap<(Service, String), DoorUse>,
    /// Sign-ins and refusals by day since 1970.
    pub(crate) days: BTreeMap<i64, (u64, u64)>,
    /// The door that was counted last: logs come in stretches of one device.
    last: Option<(Service, String)>,
}

impl Overview {
    /// Counts one event.
    pub(crate) fn add(&mut self, item: &Item<'_>) {
        let event = &item.event;
        *self.formats.entry(event.format).or_default() += 1;
        *self.services.entry(event.service).or_default() += 1;
        let (is_sign_in, is_refusal) = (item.is_sign_in(), item.is_refusal());
        if !is_sign_in && !is_refusal {
            return;
        }
        let second = event.time.as_second();
        let (day, hour) = (second.div_euclid(86_400), second.rem_euclid(86_400) / 3_600);
        let of_day = self.days.entry(day).or_default();
        of_day.0 += u64::from(is_sign_in);
        of_day.1 += u64::from(is_refusal);
        if is_sign_in {
            // 1970-01-01 was a Thursday.
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0);
            let hour = usize::try_from(hour).unwrap_or(0);
            if let Some(cell) = self.hours.get_mut(weekday).and_then(|it| it.get_mut(hour)) {
                *cell += 1;
            }
        }
        if let Some(country) = item.place.country_code() {
            if !self.countries.contains_key(country) {
                self.countries.insert(country.to_owned(), (0, 0));
            }
            if let Some(known) = self.countries.get_mut(country) {
                known.0 += u64::from(is_sign_in);
                known.1 += u64::from(is_refusal);
            }
        }
        self.door(item, is_sign_in);
    }

    fn door(&mut self, item: &Item<'_>, is_sign_in: bool) {
        let event = &item.event;
        let host = event.host.unwrap_or("(no host)");
        let is_same = self.last.as_ref().is_some_and(|it| it.0 == event.service && it.1 == host);
        if !is_same {
            self.last = Some((event.service, host.to_owned()));
        }
        let Some(key) = &self.last else { return };
        if !self.doors.contains_key(key) {
            if DOORS <= self.doors.len() {
                return;
            }
            self.doors.insert(key.clone(), DoorUse::default());
        }
        let Some(door) = self.doors.get_mut(key) else { return };
        door.sign_ins += u64::from(is_sign_in);
        door.refusals += u64::from(event.outcome == Some(Outcome::Failure));
        door.from_outside += u64::from(is_sign_in && item.is_from_outside());
        door.with_factor += u64::from(is_sign_in && event.mfa.is_some());
        if is_sign_in
            && door.accounts.len() < ACCOUNTS
            && let Some(account) = item.facts.account
        {
            door.accounts.insert(account.0);
        }
    }
}
