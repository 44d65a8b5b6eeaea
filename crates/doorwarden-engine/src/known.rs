//! What an administrator said in the context file, by keys of accounts.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use doorwarden_model::{AccountClass, Context, Service};
use ipnet::IpNet;

use crate::{facts::Item, names::Names, profile::Zones, source::DAY};

/// What an administrator knows, in the engine's terms.
#[derive(Debug, Default)]
pub struct Known {
    /// Addresses of the organisation: offices and inner networks.
    pub own: Vec<IpNet>,
    /// Public addresses of offices and gateways.
    pub egress: Vec<IpNet>,
    /// Addresses that scan with permission.
    pub scanners: Vec<IpNet>,
    /// Accounts of programs: host and source addresses.
    service_accounts: BTreeMap<u64, (Option<String>, Vec<IpAddr>)>,
    /// Accounts that several people use.
    shared: BTreeSet<u64>,
    /// Accounts with administrative rights.
    privileged: BTreeSet<u64>,
    /// People who left, and the end of their last day in milliseconds.
    leavers: BTreeMap<u64, i64>,
    /// Whether a context file was given.
    pub has_context: bool,
    /// Class of each account, as a number; accounts that the context does not name are people's.
    classes: BTreeMap<u64, u32>,
    /// Zone of the office of each account.
    zones: BTreeMap<u64, u8>,
    /// Public holidays: country and day since 1970.
    holidays: BTreeSet<([u8; 2], i64)>,
    /// Services that are meant to be open; empty where the administrator did not say.
    pub allowed_services: Vec<Service>,
}

impl Known {
    pub(crate) fn new(context: &Context, names: &Names, zones: &Zones) -> Self {
        let mut known = Self { has_context: *context != Context::default(), ..Self::default() };
        for office in &context.offices {
            known.egress.extend(&office.egress_cidrs);
            known.own.extend(&office.internal_cidrs);
        }
        known.own.extend(context.vpn_pools.iter().map(|it| it.cidr));
        known
            .egress
            .extend(context.vpn_pools.iter().filter_map(|it| it.public_ip).map(IpNet::from));
        known.scanners.extend(context.authorised_scanners.iter().map(|it| it.cidr));
        for account in &context.service_accounts {
            let key = names.context_key(&account.name);
            known.service_accounts.insert(key, (account.host.clone(), account.source_ips.clone()));
        }
        known.privileged.extend(context.privileged_accounts.iter().map(|it| names.context_key(it)));
        for leaver in &context.leavers {
            known.leavers.insert(names.context_key(&leaver.name), end_of(leaver.date));
        }
        for person in &context.people {
            let key = names.context_key(&person.account);
            known.classes.insert(key, person.class as u32);
            let office = context.offices.iter().find(|it| Some(&it.name) == person.office.as_ref());
            let zone = office.and_then(|it| zones.named(it.timezone.as_deref()?));
            known.zones.extend(zone.map(|it| (key, it)));
            match person.class {
                AccountClass::Admin => drop(known.privileged.insert(key)),
                AccountClass::Service => {
                    known.service_accounts.entry(key).or_default();
                }
                AccountClass::Shared => drop(known.shared.insert(key)),
                AccountClass::Human | AccountClass::Contractor => {}
            }
            if let Some(end) = person.end {
                known.leavers.insert(key, end_of(end));
            }
        }
        known.holidays = context.holidays.iter().filter_map(holiday).collect();
        known.allowed_services.clone_from(&context.allowed_services);
        known
    }

    /// Host and addresses of the program that the account belongs to, where the context names one.
    #[must_use]
    pub fn service_account(&self, item: &Item<'_>) -> Option<&(Option<String>, Vec<IpAddr>)> {
        keys(item).find_map(|it| self.service_accounts.get(&it))
    }

    /// Whether the context names the account as privileged.
    #[must_use]
    pub fn is_privileged(&self, item: &Item<'_>) -> bool {
        keys(item).any(|it| self.privileged.contains(&it))
    }

    /// Whether the context says that several people use the account.
    #[must_use]
    pub fn is_shared(&self, item: &Item<'_>) -> bool {
        keys(item).any(|it| self.shared.contains(&it))
    }

    /// The end of the last day of the account's owner, in milliseconds, where the context states one.
    #[must_use]
    pub fn left(&self, item: &Item<'_>) -> Option<i64> {
        keys(item).find_map(|it| self.leavers.get(&it)).copied()
    }

    /// The class of the account, as a number.
    pub(crate) fn class(&self, item: &Item<'_>) -> u32 {
        keys(item).find_map(|it| self.classes.get(&it)).copied().unwrap_or(0)
    }

    /// The zone of the account's office, where the context names one.
    pub(crate) fn zone(&self, item: &Item<'_>) -> Option<u8> {
        keys(item).find_map(|it| self.zones.get(&it)).copied()
    }

    /// Whether a day, counted from 1970, is a public holiday of the country.
    pub(crate) fn is_holiday(&self, country: Option<[u8; 2]>, day: i64) -> bool {
        country.is_some_and(|it| self.holidays.contains(&(it, day)))
    }

    /// Whether the event comes from an address that scans with permission.
    #[must_use]
    pub fn is_scanner(&self, item: &Item<'_>) -> bool {
        item.facts.src_ip.is_some_and(|ip| self.scanners.iter().any(|it| it.contains(&ip)))
    }

    /// Whether `ip` is an office's or a gateway's.
    #[must_use]
    pub fn is_egress(&self, ip: IpAddr) -> bool {
        self.egress.iter().any(|it| it.contains(&ip))
    }
}

/// The keys under which the context may know the account of `item`.
fn keys(item: &Item<'_>) -> impl Iterator<Item = u64> {
    item.facts.account.into_iter().flat_map(|it| [it.0, item.facts.name])
}

/// Country and day since 1970.
fn holiday(it: &doorwarden_model::context::Holiday) -> Option<([u8; 2], i64)> {
    let country = it.country.to_ascii_uppercase();
    let millis = end_of(it.date) - DAY;
    Some((country.as_bytes().try_into().ok()?, millis.div_euclid(DAY)))
}

/// The end of a day in UTC, in milliseconds.
fn end_of(date: jiff::civil::Date) -> i64 {
    let day = date.tomorrow().unwrap_or(date);
    jiff::tz::TimeZone::UTC
        .to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
        .map_or(i64::MAX, jiff::Timestamp::as_millisecond)
}
