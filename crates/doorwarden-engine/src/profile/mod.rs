//! What a person's sign-ins look like, over all doors, and how unlike them one is.
//!
//! A profile is a few hundred bytes: decayed tables of places, devices, clients and doors, the hours in the person's own
//! zone, and how often each of these is new. A sign-in is judged against it in nats of evidence, then learnt.
//! The formulas are those of Freeman et al. (NDSS 2016) with the price of novelty taken from the person's own rate.

mod client;
mod counter;
mod entries;
mod evidence;
mod hours;
mod organisation;
mod rates;
mod shown;
mod tail;
mod words;
mod zone;

use doorwarden_model::{NetworkKind, SourceNet, hash64};

pub(crate) use self::{
    client::Clients,
    evidence::{Assessment, Setting, assess},
    organisation::{Counts, Group, View},
    words::contributions,
    zone::Zones,
};
pub use self::{
    counter::{IfKnown, Risks},
    organisation::Usual,
};
use self::{
    entries::{Entries, Kind},
    hours::Hours,
    rates::{Level, Novelty, Rates},
};
use crate::{
    facts::Item,
    source::{DAY, HOUR},
    table::spread,
};

/// The share of its weight with which a sign-in is learnt that was judged bad.
const QUARANTINE: f32 = 0.05;

/// Nats by which an hour is more usual among others than for the person, from which on it is odd.
const ODD: f64 = 0.5;

/// What one account's sign-ins look like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Profile {
    entries: Entries,
    rates: Rates,
    hours: Hours,
    zone: u8,
    /// The day of the newest sign-in, and the highest score of that day.
    day: u16,
    day_score: f32,
    /// Whether a signal spoke of that day.
    was_bad: bool,
    /// Whether an hour of that day was odd.
    was_odd: bool,
    /// What the newest sign-in was like: see [`Keys::mark`].
    mark: u64,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            entries: Entries::default(),
            rates: Rates::default(),
            hours: Hours::default(),
            zone: Zones::NONE,
            day: 0,
            day_score: 0.0,
            was_bad: false,
            was_odd: false,
            mark: 0,
        }
    }
}

/// What was said of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fine,
    /// It is learnt with next to no weight.
    Bad,
}

/// What a sign-in states, as keys of the tables.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Keys {
    country: Option<u32>,
    provider: Option<u32>,
    net: Option<u32>,
    system: Option<u32>,
    client: Option<u32>,
    device: Option<u32>,
    service: u32,
    is_script: bool,
}

impl Keys {
    fn of(item: &Item<'_>, clients: &mut Clients) -> Self {
        let event = &item.event;
        let client = event.client.map(|it| clients.keys(it)).unwrap_or_default();
        let mut keys = Self {
            system: client.system,
            client: client.program.map(|it| named(event.format, it)),
            device: item.facts.device.map(|it| named(event.format, short(93, &it.to_le_bytes()))),
            service: service_key(item),
            is_script: client.is_script,
            ..Self::default()
        };
        if item.is_from_outside() {
            keys.country = item.place.country.map(country_key);
            keys.provider = item.place.asn;
            // A carrier's phones change their networks within the hour.
            let is_mobile = item.place.network == Some(NetworkKind::Mobile);
            keys.net = item.facts.net.filter(|_| !is_mobile).map(net_key);
        }
        keys
    }

    /// What sign-ins of one hour share that are alike in all that is judged.
    fn mark(&self, item: &Item<'_>) -> u64 {
        let source = &item.facts.source;
        let mut mark = u64::try_from(item.millis() / HOUR).unwrap_or(0)
            ^ u64::from(source.is_hot) << 40
            ^ u64::from(source.failures_on_account) << 41
            ^ u64::from(source.newcomers) << 50;
        for key in Kind::ALL.map(|it| self.get(it)) {
            mark = spread(mark ^ key.map_or(0, |it| u64::from(it) | 1 << 32));
        }
        mark
    }

    const fn get(&self, kind: Kind) -> Option<u32> {
        match kind {
            Kind::Country => self.country,
            Kind::Provider => self.provider,
            Kind::Net => self.net,
            Kind::System => self.system,
            Kind::Client => self.client,
            Kind::Device => self.device,
            Kind::Service => Some(self.service),
        }
    }
}

impl Profile {
    /// Learns from a sign-in that was judged; the sums of the organisation go to `counts`.
    pub(crate) fn learn(
        &mut self,
        item: &Item<'_>,
        assessment: &Assessment,
        verdict: Verdict,
        counts: &mut Counts,
    ) {
        let day = day_of(item.millis());
        let was_bad = verdict == Verdict::Bad;
        let is_first = self.day == 0;
        if self.day < day {
            self.next_day(day, counts);
        }
        self.was_bad |= was_bad;
        self.mark = assessment.keys.mark(item);
        self.day_score = self.day_score.max(narrow(assessment.score));
        self.was_odd |= assessment.oddness_of_hour().is_some_and(|it| ODD < it.1);
        self.rates.fade(day);
        if !was_bad && !is_first {
            for level in Level::ALL {
                if let Some(novelty) = assessment.fresh(level) {
                    self.rates.count(level, novelty);
                    counts.occasion(assessment.group, level, novelty);
                }
            }
        }
        let weight = if was_bad { QUARANTINE } else { 1.0 };
        for kind in Kind::ALL {
            let Some(key) = assessment.keys.get(kind) else { continue };
            if self.entries.learn(kind, key, day, weight) && !was_bad {
                first_use(kind, key, item, (!is_first).into(), assessment, counts);
            }
        }
        if was_bad {
            return;
        }
        if is_first {
            counts.account(assessment.group);
        }
        self.hours.learn(assessment.bin, day);
        counts.hour(assessment.group, assessment.bin);
        counts.grades(assessment.grades.0, assessment.grades.1);
        if let Some(gap) = assessment.gap {
            counts.gap(gap);
        }
    }

    /// Ends the day before: its highest score belongs to the tail, unless a signal spoke of it.
    fn next_day(&mut self, day: u16, counts: &mut Counts) {
        if self.day != 0 && !self.was_bad {
            counts.day(tail::bin(f64::from(self.day_score)));
            self.rates.count(Level::Night, self.was_odd.into());
            counts.occasion(organisation::EVERYBODY, Level::Night, self.was_odd.into());
        }
        (self.day, self.day_score) = (day, 0.0);
        (self.was_bad, self.was_odd) = (false, false);
    }

    /// Settles the zone of the home: what the context says, else that of the country that the person is in most.
    pub(crate) fn settle(&mut self, zones: &mut Zones, given: Option<u8>, item: &Item<'_>) {
        let zone = given.or_else(|| {
            let home = self.entries.usual(Kind::Country, day_of(item.millis()));
            let country = home.map(country_of).or(item.place.country)?;
            let is_here = item.place.country == Some(country);
            let east = item.place.position.filter(|_| is_here).map(|it| it.1);
            // Without a city a person of a wide country keeps the zone that an earlier city gave.
            if east.is_none() && self.zone != Zones::NONE && home.is_some() && is_here {
                return None;
            }
            Zones::of_country(country, east)
        });
        let Some(zone) = zone.filter(|it| *it != self.zone) else { return };
        let now = item.millis().div_euclid(1_000);
        let before = if self.zone == Zones::NONE { 0 } else { zones.offset(self.zone, now) };
        let shift = (zones.offset(zone, now) - before).div_euclid(3_600);
        self.hours.turn(i32::try_from(shift).unwrap_or(0));
        self.zone = zone;
    }

    /// The country that it is in most.
    pub(crate) fn home(&self, day: u16) -> Option<[u8; 2]> {
        self.entries.usual(Kind::Country, day).map(country_of)
    }

    /// Adds what was learnt under another name.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.entries.merge(&other.entries);
        self.rates.merge(&other.rates);
        self.hours.merge(&other.hours);
        self.day = self.day.max(other.day);
    }
}

/// Takes note that an account uses something for the first time.
fn first_use(
    kind: Kind,
    key: u32,
    item: &Item<'_>,
    novelty: Novelty,
    assessment: &Assessment,
    counts: &mut Counts,
) {
    match kind {
        Kind::Country => counts.country(key),
        Kind::Provider => counts.provider(key, item.place.network, novelty),
        Kind::Service => counts.service(assessment.group, item.event.service),
        Kind::Net | Kind::System | Kind::Client | Kind::Device => {}
    }
}

/// Days since 1970, as profiles count them.
pub(crate) fn day_of(millis: i64) -> u16 {
    u16::try_from(millis.div_euclid(DAY).max(1)).unwrap_or(u16::MAX)
}

/// A door and how it was opened.
fn service_key(item: &Item<'_>) -> u32 {
    short(94, item.event.service.word().as_bytes())
}

fn short(seed: u64, bytes: &[u8]) -> u32 {
    u32::try_from(hash64(seed, bytes) >> 32).unwrap_or(0)
}

/// A key in the name space of a format: names of devices of two products have nothing to do with each other.
fn named(format: &str, key: u32) -> u32 {
    key & 0xffff_ff00 | short(95, format.as_bytes()) & 0xff
}

fn country_key(code: [u8; 2]) -> u32 {
    u32::from(u16::from_be_bytes(code))
}

fn country_of(key: u32) -> [u8; 2] {
    u16::try_from(key).unwrap_or(0).to_be_bytes()
}

/// An IPv4 network as it is, an IPv6 one by its hash; the last byte tells them apart.
fn net_key(net: SourceNet) -> u32 {
    match net.first() {
        std::net::IpAddr::V4(it) => u32::from(it),
        std::net::IpAddr::V6(_) => short(96, &net.key().to_le_bytes()) | 1,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a score has few digits")]
fn narrow(score: f64) -> f32 {
    score as f32
}

/// The share of sign-ins that falls into a bin of hours before anything is learnt: offices at work on work days.
fn typical(bin: usize) -> f64 {
    const SHARES: [f64; 24] = [
        0.2, 0.2, 0.1, 0.1, 0.2, 0.6, 2.0, 6.0, 14.0, 13.0, 9.0, 7.0, 6.0, 8.0, 7.0, 6.0, 5.0, 4.0,
        2.5, 2.0, 1.8, 1.5, 1.0, 0.5,
    ];
    let hour = SHARES.get(bin % 24).copied().unwrap_or(1.0) / 97.7;
    if bin < 24 { 0.92 * hour } else { 0.08 * hour.midpoint(1.0 / 24.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_small() {
        assert!(size_of::<Profile>() <= 200, "{}", size_of::<Profile>());
        let sum: f64 = (0..48).map(typical).sum();
        assert!((sum - 1.0).abs() < 0.01, "{sum}");
    }
}
