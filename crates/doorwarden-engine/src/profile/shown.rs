//! A profile as it is shown beside what was not like it.

use std::{cmp::Reverse, net::Ipv4Addr};

use doorwarden_model::{Person, Service, Used};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Profile, Zones, country_of,
    entries::{Entry, Kind},
    short,
    zone::Civil,
};
use crate::{account::AccountState, known::Known};

impl Profile {
    /// The profile of `account`, what was used on most days first.
    pub(crate) fn shown(&self, account: &str, zones: &Zones, state: &AccountState) -> Person {
        let service = |it: &Entry| {
            let key = |service: &&Service| short(94, service.word().as_bytes()) == it.key;
            Service::ALL.iter().find(key).map(|service| it.used(*service))
        };
        Person {
            account: account.to_owned(),
            zone: zones.name(self.zone).to_owned(),
            hours: self.hours.counts(),
            countries: self.list(Kind::Country, |it| Some(it.used(country_of(it.key)))),
            providers: self.list(Kind::Provider, |it| Some(it.used(it.key))),
            nets: self.list(Kind::Net, |it| {
                (8 <= it.key.trailing_zeros()).then(|| it.used(Ipv4Addr::from(it.key)))
            }),
            services: self.list(Kind::Service, service),
            devices: self.list(Kind::Device, |it| Some(it.used(()))),
            active_days: state.active_days,
            first_day: state.first_day,
        }
    }

    /// The bin of [`Person::hours`] that a moment falls into.
    pub(crate) fn hour_of(&self, zones: &Zones, known: &Known, time: Timestamp) -> usize {
        let zone = TimeZone::get(zones.name(self.zone)).unwrap_or(TimeZone::UTC);
        let local = time.as_second() + i64::from(zone.to_offset(time).seconds());
        let hour = usize::try_from(local.rem_euclid(86_400) / 3_600).unwrap_or(0);
        let civil = Civil { day: local.div_euclid(86_400), hour };
        let home = self.home(super::day_of(time.as_millisecond()));
        let is_rest = civil.is_weekend(home) || known.is_holiday(home, civil.day);
        hour + 24 * usize::from(is_rest)
    }

    fn list<T>(&self, kind: Kind, show: impl Fn(&Entry) -> Option<Used<T>>) -> Vec<Used<T>> {
        let mut all: Vec<Used<T>> = self.entries.of(kind).iter().filter_map(show).collect();
        all.sort_by_key(|it| (Reverse(it.days), it.first_day));
        all
    }
}
