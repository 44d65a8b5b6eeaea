//! A profile as it is shown beside what was not like it.

use std::{cmp::Reverse, net::Ipv4Addr};

use doorwarden_model::{Person, Service, Used};

use super::{
    Profile, Zones, country_of,
    entries::{Entry, Kind},
    short,
};
use crate::account::AccountState;

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
                (it.key & 0xff == 0).then(|| it.used(Ipv4Addr::from(it.key)))
            }),
            services: self.list(Kind::Service, service),
            devices: self.list(Kind::Device, |it| Some(it.used(()))),
            active_days: state.active_days,
            first_day: state.first_day,
        }
    }

    fn list<T>(&self, kind: Kind, show: impl Fn(&Entry) -> Option<Used<T>>) -> Vec<Used<T>> {
        let mut all: Vec<Used<T>> = self.entries.of(kind).iter().filter_map(show).collect();
        all.sort_by_key(|it| (Reverse(it.days), it.first_day));
        all
    }
}
