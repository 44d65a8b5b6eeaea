//! Counts over all events, for the report: when people sign in, through which doors, from which countries.

use std::collections::{BTreeMap, HashMap, HashSet};

use doorwarden_engine::{Item, Kinds};
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
    pub(crate) accounts: HashSet<u64>,
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
    /// Counts on the way, by keys that are quick to make: see [`Overview::settle`].
    quick: Quick,
}

#[derive(Debug, Default)]
struct Quick {
    formats: Vec<(&'static str, u64)>,
    services: [u64; Service::ALL.len()],
    countries: HashMap<[u8; 2], (u64, u64)>,
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
        let is_sign_in = item.facts.kinds.meets(Kinds::SIGN_IN);
        let is_refusal = item.facts.kinds.meets(Kinds::REFUSAL);
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
        if let Some(country) = item.place.country {
            let known = self.quick.countries.entry(country).or_default();
            known.0 += u64::from(is_sign_in);
            known.1 += u64::from(is_refusal);
        }
        self.door(item, is_sign_in);
    }

    fn door(&mut self, item: &Item<'_>, is_sign_in: bool) {
        let event = &item.event;
        let key = (event.service, item.facts.host);
        if DOORS <= self.quick.doors.len() && !self.quick.doors.contains_key(&key) {
            return;
        }
        let (_, door) =
            self.quick.doors.entry(key).or_insert_with(|| {
                (event.host.unwrap_or("(no host)").to_owned(), DoorUse::default())
            });
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

    /// Puts the counts where they are read, in the order of names.
    pub(crate) fn settle(&mut self) {
        let quick = std::mem::take(&mut self.quick);
        for (format, count) in quick.formats {
            *self.formats.entry(format).or_default() += count;
        }
        for (service, count) in Service::ALL.iter().zip(quick.services).filter(|it| 0 < it.1) {
            *self.services.entry(*service).or_default() += count;
        }
        let mut countries: Vec<_> = quick.countries.into_iter().collect();
        countries.sort_unstable();
        for (country, counts) in countries {
            self.countries.insert(String::from_utf8_lossy(&country).into_owned(), counts);
        }
        let mut doors: Vec<_> =
            quick.doors.into_iter().map(|((service, _), it)| (service, it)).collect();
        doors.sort_by(|a, b| (a.0, &a.1.0).cmp(&(b.0, &b.1.0)));
        for (service, (host, used)) in doors {
            self.doors.entry((service, host)).or_default().add(used);
        }
    }
}

impl DoorUse {
    fn add(&mut self, other: Self) {
        self.sign_ins += other.sign_ins;
        self.refusals += other.refusals;
        self.accounts.extend(other.accounts);
        self.with_factor += other.with_factor;
        self.from_outside += other.from_outside;
    }
}
