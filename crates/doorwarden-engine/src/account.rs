//! What an account did: the third stage's memory, before profiles.
//!
//! Only accounts that signed in have one: a million guessed names leave nothing here.

use std::net::IpAddr;

use doorwarden_model::{Activity, Evidence, NetworkKind, Outcome, Service, SourceNet};
use smallvec::SmallVec;

use crate::{facts::Item, profile::Profile, source::DAY};

/// Networks remembered per account.
const NETS: usize = 8;
/// Positions remembered per account.
const POSITIONS: usize = 4;
/// Devices remembered per account.
const DEVICES: usize = 6;
/// Changes remembered per account.
const CHANGES: usize = 4;

/// A network that the account signed in from.
#[derive(Debug, Clone, Copy)]
pub struct KnownNet {
    /// The network.
    pub net: SourceNet,
    /// Its system number.
    pub asn: Option<u32>,
    /// Its country.
    pub country: Option<[u8; 2]>,
    /// First day, counted from 1970.
    pub first_day: i64,
    /// Last day.
    pub last_day: i64,
    /// Distinct days.
    pub days: u32,
}

/// Where the account was when it signed in.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// When.
    pub millis: i64,
    /// From which address.
    pub ip: IpAddr,
    /// Country.
    pub country: Option<[u8; 2]>,
    /// City's position, where known.
    pub coordinates: Option<(f32, f32)>,
    /// System number.
    pub asn: Option<u32>,
    /// Kind of network.
    pub network: Option<NetworkKind>,
    /// Through which door.
    pub service: Service,
    /// Session number.
    pub session: Option<u64>,
    /// Hash of the device.
    pub device: Option<u64>,
    /// The record.
    pub evidence: Evidence,
}

/// A change of the account: a factor, a password, a group.
#[derive(Debug, Clone)]
pub struct Changed {
    /// When.
    pub millis: i64,
    /// In the record's own words.
    pub what: String,
    /// Where it was done from.
    pub ip: Option<IpAddr>,
    /// Whether that network was new to the account.
    pub was_from_new_net: bool,
    /// The record.
    pub evidence: Evidence,
}

/// What one account did.
#[derive(Debug, Default)]
pub struct AccountState {
    /// What its sign-ins look like.
    pub(crate) profile: Profile,
    /// Networks of its successes, the one seen longest ago is forgotten first.
    pub nets: SmallVec<[KnownNet; 2]>,
    /// Last positions, oldest first.
    pub positions: SmallVec<[Position; 1]>,
    /// Hashes of devices and the day each was last seen.
    pub devices: SmallVec<[(u64, i64); 2]>,
    /// Last changes of it, oldest first.
    pub changes: SmallVec<[Changed; 0]>,
    /// Doors that it used, as bits.
    pub services: u16,
    /// Last success.
    pub last_success: Option<i64>,
    /// First day with a success, counted from 1970.
    pub first_day: i64,
    /// Last day with a success.
    pub last_day: i64,
    /// Distinct days with a success.
    pub active_days: u32,
    /// When a signal of at least the queue's tier last spoke of it.
    pub last_suspicion: Option<i64>,
    /// Networks that such signals spoke of.
    pub suspicious_nets: SmallVec<[SourceNet; 0]>,
    /// Whether the last success stated a second factor, and how many did.
    pub strong_successes: u32,
}

impl AccountState {
    /// Whether it signed in on at least three days.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        3 <= self.active_days
    }

    /// Whether it signed in from the network of `ip` before.
    #[must_use]
    pub fn knows_net(&self, net: SourceNet) -> bool {
        self.nets.iter().any(|it| it.net == net)
    }

    /// Whether it signed in from this system number before.
    #[must_use]
    pub fn knows_asn(&self, asn: u32) -> bool {
        self.nets.iter().any(|it| it.asn == Some(asn))
    }

    /// Whether it signed in from this country before.
    #[must_use]
    pub fn knows_country(&self, country: [u8; 2]) -> bool {
        self.nets.iter().any(|it| it.country == Some(country))
    }

    /// Whether it used this device before.
    #[must_use]
    pub fn knows_device(&self, device: u64) -> bool {
        self.devices.iter().any(|it| it.0 == device)
    }

    /// Whether it used this door before.
    #[must_use]
    pub const fn knows_service(&self, service: Service) -> bool {
        self.services & (1 << service as u16) != 0
    }

    /// Where it usually comes from, for the baseline of a signal.
    #[must_use]
    pub fn usual(&self) -> String {
        if self.last_success.is_none() {
            return "no sign-in before".to_owned();
        }
        if self.nets.is_empty() {
            return "no sign-in from outside with an address before".to_owned();
        }
        let mut nets: SmallVec<[&KnownNet; NETS]> = self.nets.iter().collect();
        nets.sort_by_key(|it| (std::cmp::Reverse(it.days), it.net));
        let shown: Vec<String> = nets
            .iter()
            .take(3)
            .map(|it| {
                let country = it.country.and_then(|it| String::from_utf8(it.to_vec()).ok());
                let days =
                    if it.days == 1 { "1 day".to_owned() } else { format!("{} days", it.days) };
                let place = country.map_or(String::new(), |it| format!(" ({it})"));
                format!("{}{place} on {days}", it.net)
            })
            .collect();
        format!("usually from {}", shown.join(", "))
    }

    /// Learns from an event that was judged.
    pub(crate) fn learn(&mut self, item: &Item<'_>) {
        let now = item.millis();
        if item.event.activity == Activity::Account {
            self.change(item);
        }
        if !item.is_sign_in() {
            return;
        }
        let day = now.div_euclid(DAY);
        if self.last_success.is_none() {
            self.first_day = day;
        }
        if self.last_success.is_none() || self.last_day < day {
            self.active_days += 1;
            self.last_day = day;
        }
        self.last_success = Some(now);
        self.services |= 1 << item.event.service as u16;
        let is_strong = item.event.mfa.is_some()
            || matches!(item.event.method, Some("certificate" | "publickey" | "fido2"));
        self.strong_successes = self.strong_successes.saturating_add(u32::from(is_strong));
        if let Some(device) = item.facts.device {
            self.device(device, day);
        }
        if item.is_from_outside() {
            self.came_from(item, day);
        }
    }

    fn device(&mut self, key: u64, day: i64) {
        if let Some(known) = self.devices.iter_mut().find(|it| it.0 == key) {
            known.1 = day;
            return;
        }
        if self.devices.len() == DEVICES
            && let Some(oldest) = (0..DEVICES).min_by_key(|at| self.devices.get(*at).map(|it| it.1))
        {
            self.devices.swap_remove(oldest);
        }
        self.devices.push((key, day));
    }

    fn came_from(&mut self, item: &Item<'_>, day: i64) {
        let (Some(ip), Some(net)) = (item.facts.src_ip, item.facts.net) else { return };
        let place = &item.place;
        if let Some(known) = self.nets.iter_mut().find(|it| it.net == net) {
            known.days += u32::from(known.last_day < day);
            known.last_day = known.last_day.max(day);
        } else {
            if self.nets.len() == NETS
                && let Some(oldest) =
                    (0..NETS).min_by_key(|at| self.nets.get(*at).map(|it| (it.last_day, it.days)))
            {
                self.nets.swap_remove(oldest);
            }
            let (asn, country) = (place.asn, place.country);
            self.nets.push(KnownNet { net, asn, country, first_day: day, last_day: day, days: 1 });
        }
        if self.positions.len() == POSITIONS {
            self.positions.remove(0);
        }
        self.positions.push(Position {
            millis: item.millis(),
            ip,
            country: place.country,
            coordinates: place.position,
            asn: place.asn,
            network: place.network,
            service: item.event.service,
            session: item.facts.session.number,
            device: item.facts.device,
            evidence: item.evidence(),
        });
    }

    fn change(&mut self, item: &Item<'_>) {
        if item.event.outcome == Some(Outcome::Failure) {
            return;
        }
        if self.changes.len() == CHANGES {
            self.changes.remove(0);
        }
        self.changes.push(Changed {
            millis: item.millis(),
            what: item.event.detail.or(item.event.code).unwrap_or("changed").to_owned(),
            ip: item.facts.src_ip,
            was_from_new_net: item.facts.net.is_some_and(|it| !self.knows_net(it))
                && !item.facts.is_inside,
            evidence: item.evidence(),
        });
    }

    /// Takes note of a suspicious event: when, and from which network it came in the end.
    pub(crate) fn suspect(&mut self, item: &Item<'_>) {
        self.last_suspicion = Some(item.millis());
        if let Some(net) = origin_net(item) {
            if self.suspicious_nets.len() == CHANGES {
                self.suspicious_nets.remove(0);
            }
            if !self.suspicious_nets.contains(&net) {
                self.suspicious_nets.push(net);
            }
        }
    }

    /// Whether an event belongs to what is suspected: from the same network, through a session from there, or a change
    /// of the account.
    pub(crate) fn is_of_suspicion(&self, item: &Item<'_>) -> bool {
        match origin_net(item) {
            Some(net) => self.suspicious_nets.contains(&net),
            None => item.event.activity == Activity::Account,
        }
    }

    /// Adds what was learnt under another name.
    pub(crate) fn merge(&mut self, other: Self) {
        self.profile.merge(&other.profile);
        for net in other.nets {
            let room = self.nets.len() < NETS;
            match self.nets.iter_mut().find(|it| it.net == net.net) {
                Some(known) => {
                    known.days += net.days;
                    known.first_day = known.first_day.min(net.first_day);
                    known.last_day = known.last_day.max(net.last_day);
                }
                None if room => self.nets.push(net),
                None => {}
            }
        }
        for (device, day) in other.devices {
            self.device(device, day);
        }
        self.services |= other.services;
        self.last_success = self.last_success.max(other.last_success);
        self.last_suspicion = self.last_suspicion.max(other.last_suspicion);
        self.active_days = self.active_days.max(other.active_days);
    }
}

/// The public network that an event came from in the end: its own, or that of the session it came through.
fn origin_net(item: &Item<'_>) -> Option<SourceNet> {
    let through = item.facts.session.outer_ip.map(SourceNet::of);
    through.or_else(|| item.facts.net.filter(|_| !item.facts.is_inside))
}
