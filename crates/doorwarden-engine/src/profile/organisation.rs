//! What is usual among all, and among the colleagues of a person.
//!
//! Workers add sums of whole numbers; once an hour of log time they are added up and published. So a view depends neither
//! on how many workers there are nor on how events are batched.

use std::collections::BTreeMap;

use doorwarden_model::{NetworkKind, Service};
use serde::{Deserialize, Serialize};

use super::{
    Verdict,
    hours::BINS,
    rates::{Level, Novelty, Rate, of_organisation, of_peers, of_person},
    tail::{BINS as TAIL, Tail},
};
use crate::account::AccountState;

/// False incidents of medium and above, per 10,000 people and day, where nobody says how many.
const BUDGET: f64 = 5.0;
/// Hundredths that a sum counts in.
const UNIT: f64 = 100.0;
/// Peer groups, providers and countries counted; of more no further one is. There are fewer of each (five classes in at
/// most 676 countries; about 80,000 providers announce anything), so that what is counted does not depend on workers.
const GROUPS: usize = 4_096;
const VALUES: usize = 262_144;
/// Days after which providers' and countries' users are worth half, and everything else.
const USERS_HALF_LIFE: f64 = 90.0;
const HALF_LIFE: f64 = 180.0;
/// Grades of novelty of place and of device that are counted together.
pub(crate) const GRADES: usize = 4;
/// Gaps before a sign-in that are told apart: up to 21, 45, 90 days and above.
pub(crate) const GAPS: usize = 4;

/// Whom a person is like: country of the home and class of the account.
pub(crate) type Group = u32;
/// All of them.
pub(crate) const EVERYBODY: Group = 0;

/// What one group did: sums that may be added in any order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sums {
    /// New and all, by level.
    rates: [(u64, u64); Level::COUNT],
    hours: Vec<u64>,
    /// Accounts by the doors that they use.
    services: [u64; SERVICES],
    /// Accounts.
    accounts: u64,
}

/// How many doors there are.
const SERVICES: usize = Service::Local as usize + 1;
/// How many kinds of network there are.
const KINDS: usize = NetworkKind::Private as usize + 1;

/// Sums of an hour, or of all hours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counts {
    groups: BTreeMap<Group, Sums>,
    /// Accounts by provider and by country.
    providers: BTreeMap<u32, u64>,
    countries: BTreeMap<u32, u64>,
    /// Kinds of network among new providers.
    new_kinds: [u64; KINDS],
    /// Accounts on providers of each kind.
    kind_users: [u64; KINDS],
    /// Sign-ins by grade of novelty of the place and of the device.
    joint: [[u64; GRADES]; GRADES],
    /// Sign-ins by the gap before them.
    gaps: [u64; GAPS],
    /// Days of persons by their highest score.
    tail: Vec<u64>,
}

impl Counts {
    fn group(&mut self, group: Group) -> Option<&mut Sums> {
        if GROUPS <= self.groups.len() && !self.groups.contains_key(&group) {
            return None;
        }
        Some(self.groups.entry(group).or_default())
    }

    fn groups(&mut self, group: Group, mut act: impl FnMut(&mut Sums)) {
        for it in [EVERYBODY, group].into_iter().take(if group == EVERYBODY { 1 } else { 2 }) {
            if let Some(sums) = self.group(it) {
                act(sums);
            }
        }
    }

    /// An occasion on which `level` could have been new.
    pub(crate) fn occasion(&mut self, group: Group, level: Level, novelty: Novelty) {
        self.groups(group, |it| {
            if let Some(rate) = it.rates.get_mut(level as usize) {
                rate.1 += 1;
                rate.0 += u64::from(novelty == Novelty::New);
            }
        });
    }

    /// A sign-in in that hour.
    pub(crate) fn hour(&mut self, group: Group, bin: usize) {
        self.groups(group, |it| {
            it.hours.resize(BINS, 0);
            if let Some(count) = it.hours.get_mut(bin) {
                *count += 1;
            }
        });
    }

    /// An account that uses a door for the first time.
    pub(crate) fn service(&mut self, group: Group, service: Service) {
        self.groups(group, |it| {
            if let Some(count) = it.services.get_mut(service as usize) {
                *count += 1;
            }
        });
    }

    /// An account that signs in for the first time.
    pub(crate) fn account(&mut self, group: Group) {
        self.groups(group, |it| it.accounts += 1);
    }

    /// An account that uses a provider for the first time; `New` where it had others before.
    pub(crate) fn provider(&mut self, asn: u32, kind: Option<NetworkKind>, novelty: Novelty) {
        add(&mut self.providers, asn);
        let Some(kind) = kind else { return };
        if let Some(count) = self.kind_users.get_mut(kind as usize) {
            *count += 1;
        }
        if let Some(count) = self.new_kinds.get_mut(kind as usize) {
            *count += u64::from(novelty == Novelty::New);
        }
    }

    /// An account that uses a country for the first time.
    pub(crate) fn country(&mut self, country: u32) {
        add(&mut self.countries, country);
    }

    /// How new the place and the device of a sign-in were.
    pub(crate) fn grades(&mut self, place: usize, device: usize) {
        if let Some(count) = self.joint.get_mut(place).and_then(|it| it.get_mut(device)) {
            *count += 1;
        }
    }

    /// How long the account had been away: see [`GAPS`].
    pub(crate) fn gap(&mut self, bin: usize) {
        if let Some(count) = self.gaps.get_mut(bin) {
            *count += 1;
        }
    }

    /// A day of a person whose highest score falls into `bin`.
    pub(crate) fn day(&mut self, bin: usize) {
        self.tail.resize(TAIL, 0);
        if let Some(count) = self.tail.get_mut(bin) {
            *count += 1;
        }
    }

    /// Adds another worker's sums, scaled.
    fn add(&mut self, other: &Self, scale: u64) {
        for (group, from) in &other.groups {
            let Some(sums) = self.group(*group) else { continue };
            for (own, from) in sums.rates.iter_mut().zip(from.rates) {
                own.0 += from.0 * scale;
                own.1 += from.1 * scale;
            }
            sums.hours.resize(sums.hours.len().max(from.hours.len()), 0);
            add_all(&mut sums.hours, &from.hours, scale);
            add_all(&mut sums.services, &from.services, scale);
            sums.accounts += from.accounts * scale;
        }
        for (own, from) in
            [(&mut self.providers, &other.providers), (&mut self.countries, &other.countries)]
        {
            for (key, count) in from {
                if own.len() < VALUES || own.contains_key(key) {
                    *own.entry(*key).or_default() += count * scale;
                }
            }
        }
        add_all(&mut self.new_kinds, &other.new_kinds, scale);
        add_all(&mut self.kind_users, &other.kind_users, scale);
        for (own, from) in self.joint.iter_mut().zip(&other.joint) {
            add_all(own, from, scale);
        }
        add_all(&mut self.gaps, &other.gaps, scale);
        self.tail.resize(self.tail.len().max(other.tail.len()), 0);
        add_all(&mut self.tail, &other.tail, scale);
    }

    /// Lets all fade by some days.
    fn fade(&mut self, days: i64) {
        let days = f64::from(u32::try_from(days).unwrap_or(u32::MAX));
        let rest = libm::exp2(-days / HALF_LIFE);
        let users = libm::exp2(-days / USERS_HALF_LIFE);
        let rates = self.groups.values_mut().flat_map(|it| &mut it.rates);
        for it in rates {
            *it = (scaled(it.0, rest), scaled(it.1, rest));
        }
        for it in self.groups.values_mut().flat_map(|it| &mut it.hours) {
            *it = scaled(*it, rest);
        }
        let plain =
            self.joint.iter_mut().flatten().chain(&mut self.gaps).chain(&mut self.new_kinds);
        for it in plain {
            *it = scaled(*it, rest);
        }
        for it in self
            .providers
            .values_mut()
            .chain(self.countries.values_mut())
            .chain(&mut self.kind_users)
        {
            *it = scaled(*it, users);
        }
        self.providers.retain(|_, it| 1 < *it);
    }
}

fn add(counts: &mut BTreeMap<u32, u64>, key: u32) {
    if counts.len() < VALUES || counts.contains_key(&key) {
        *counts.entry(key).or_default() += 1;
    }
}

fn add_all(own: &mut [u64], from: &[u64], scale: u64) {
    for (own, from) in own.iter_mut().zip(from) {
        *own += from * scale;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count that fades stays a count"
)]
fn scaled(count: u64, rest: f64) -> u64 {
    libm::floor(number(count) * rest) as u64
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
const fn number(count: u64) -> f64 {
    count as f64
}

/// What all did until the last full hour, as everybody sees it.
#[derive(Debug, Clone)]
pub(crate) struct View {
    counts: Counts,
    /// Sums that wait for the end of their hour.
    hour: i64,
    day: i64,
    /// The hours of the last day, for levels that a roll-out raises.
    recent: [[(u64, u64); Level::COUNT]; 24],
    tail: Tail,
    /// False incidents of medium and above that are accepted, per 10,000 people and day.
    pub(crate) budget: f64,
}

impl Default for View {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            hour: 0,
            day: 0,
            recent: [[(0, 0); Level::COUNT]; 24],
            tail: Tail::default(),
            budget: BUDGET,
        }
    }
}

/// What is usual in an organisation: part of a prior, nothing of a person in it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usual {
    counts: Counts,
    tail: Tail,
}

impl View {
    /// What is known of the organisation, as of the last full hour.
    pub(crate) fn usual(&self) -> Usual {
        Usual { counts: self.counts.clone(), tail: self.tail }
    }

    /// Begins with what was known of the organisation before.
    pub(crate) fn begin_with(&mut self, usual: Usual) {
        (self.counts, self.tail) = (usual.counts, usual.tail);
    }

    /// From 0 to 100: see [`Tail::risk`].
    pub(crate) fn risk(&self, score: f64) -> f64 {
        self.tail.risk(score, self.budget)
    }

    /// The tail as it stands.
    pub(super) const fn tail(&self) -> Tail {
        self.tail
    }

    /// Whether a sign-in of that score may be learnt.
    pub(crate) fn verdict(&self, score: f64) -> Verdict {
        if 60.0 <= self.risk(score) { Verdict::Bad } else { Verdict::Fine }
    }

    /// Publishes the sums that waited where `hour`, counted from 1970, is another one than theirs.
    pub(crate) fn publish<'a>(&mut self, waiting: impl Iterator<Item = &'a mut Counts>, hour: i64) {
        if self.hour == hour {
            return;
        }
        let mut slot = [(0, 0); Level::COUNT];
        for sums in waiting {
            let sums = std::mem::take(sums);
            if let Some(all) = sums.groups.get(&EVERYBODY) {
                for (own, from) in slot.iter_mut().zip(all.rates) {
                    *own = (own.0 + from.0, own.1 + from.1);
                }
            }
            self.counts.add(&sums, 100);
        }
        let at = |hour: i64| usize::try_from(hour.rem_euclid(24)).unwrap_or(0);
        if let Some(it) = self.recent.get_mut(at(self.hour)) {
            *it = slot;
        }
        for passed in (self.hour + 1..hour).take(24) {
            if let Some(it) = self.recent.get_mut(at(passed)) {
                *it = Default::default();
            }
        }
        self.hour = hour;
        let day = hour.div_euclid(24);
        if self.day == 0 {
            self.day = day;
        }
        if self.day < day {
            self.tail.move_on(&self.counts.tail, day - self.day);
            self.counts.fade(day - self.day);
            self.day = day;
        }
    }

    /// How often `level` is new to a person, and to the colleagues.
    pub(crate) fn rate(&self, own: Rate, group: Group, level: Level) -> (f64, f64) {
        let of = |group: Group| {
            let sums = self.counts.groups.get(&group);
            let it = sums.and_then(|it| it.rates.get(level as usize)).copied().unwrap_or_default();
            (number(it.0) / UNIT, number(it.1) / UNIT)
        };
        let (new, all) = of(EVERYBODY);
        let organisation = of_organisation(new, all, level);
        let (new, all) = of(group);
        let peers = of_peers(new, all, organisation);
        let peers = peers.max(self.rollout(level, organisation));
        (of_person(own, peers), peers)
    }

    /// How often the person signs in at odd hours, of all days with sign-ins.
    pub(crate) fn rate_of_nights(&self, account: &AccountState) -> f64 {
        self.rate(account.profile.rates.of(Level::Night), EVERYBODY, Level::Night).0
    }

    /// On the day of a roll-out, what is new to many at once is new to nobody: the rate of the last 24 hours, where it is
    /// more than five times the usual one.
    fn rollout(&self, level: Level, usual: f64) -> f64 {
        if !matches!(level, Level::System | Level::Client | Level::Device) {
            return 0.0;
        }
        let recent = self.recent.iter().filter_map(|it| it.get(level as usize));
        let (new, all) = recent.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let rate = number(new) / number(all.max(1));
        if 8 <= new && 5.0 * usual < rate { rate } else { 0.0 }
    }

    /// The share of the colleagues' sign-ins that falls into `bin`.
    pub(crate) fn share_of_hour(&self, group: Group, bin: usize) -> f64 {
        let of = |group: Group| {
            let hours =
                self.counts.groups.get(&group).map(|it| it.hours.as_slice()).unwrap_or_default();
            let total: u64 = hours.iter().sum();
            (number(hours.get(bin).copied().unwrap_or(0)) / UNIT, number(total) / UNIT)
        };
        let (count, total) = of(EVERYBODY);
        let everybody = (count + 100.0 * super::typical(bin)) / (total + 100.0);
        let (count, total) = of(group);
        (count + 50.0 * everybody) / (total + 50.0)
    }

    /// The share of new providers that are of that kind.
    pub(crate) fn share_of_kind(&self, kind: NetworkKind) -> f64 {
        let count = self.counts.new_kinds.get(kind as usize).copied().unwrap_or(0);
        let total: u64 = self.counts.new_kinds.iter().sum();
        (number(count) / UNIT + 30.0 * usual_share(kind)) / (number(total) / UNIT + 30.0)
    }

    /// Accounts on that provider, and on all of its kind.
    pub(crate) fn users(&self, asn: u32, kind: NetworkKind) -> (f64, f64) {
        let own = self.counts.providers.get(&asn).copied().unwrap_or(0);
        let all = self.counts.kind_users.get(kind as usize).copied().unwrap_or(0);
        (number(own) / UNIT, number(all) / UNIT)
    }

    /// The share of that country among all countries that accounts signed in from.
    pub(crate) fn share_of_country(&self, country: u32) -> f64 {
        let all: u64 = self.counts.countries.values().sum();
        self.users_of_country(country) / (number(all) / UNIT + 20.0)
    }

    /// Accounts that signed in from that country.
    pub(crate) fn users_of_country(&self, country: u32) -> f64 {
        number(self.counts.countries.get(&country).copied().unwrap_or(0)) / UNIT
    }

    /// The share of the colleagues that use a door, and how many colleagues there are.
    pub(crate) fn share_of_service(&self, group: Group, service: Service) -> (f64, f64) {
        let Some(sums) = self.counts.groups.get(&group) else { return (0.0, 0.0) };
        let users = number(sums.services.get(service as usize).copied().unwrap_or(0)) / UNIT;
        let accounts = number(sums.accounts) / UNIT;
        (users / accounts.max(1.0), accounts)
    }

    /// How much more often a place and a device of these grades come together than if they had nothing to do with each
    /// other.
    pub(crate) fn together(&self, place: usize, device: usize) -> f64 {
        let joint = &self.counts.joint;
        let total = joint.iter().flatten().sum::<u64>();
        let row: u64 = joint.get(place).map_or(0, |it| it.iter().sum());
        let column: u64 = joint.iter().filter_map(|it| it.get(device)).sum();
        let both = joint.get(place).and_then(|it| it.get(device)).copied().unwrap_or(0);
        if row < 300 || column < 300 {
            return 1.0;
        }
        number(both + 100) * number(total) / (number(row + 100) * number(column + 100))
    }

    /// The share of sign-ins that come after such a gap.
    pub(crate) fn share_of_gap(&self, bin: usize) -> f64 {
        const SEEDS: [f64; GAPS] = [0.98, 4e-3, 2e-3, 1e-3];
        let count = self.counts.gaps.get(bin).copied().unwrap_or(0);
        let total: u64 = self.counts.gaps.iter().sum();
        let seed = SEEDS.get(bin).copied().unwrap_or(1e-3);
        (number(count) / UNIT + 2_000.0 * seed) / (number(total) / UNIT + 2_000.0)
    }
}

/// The share of each kind among the providers that are new to honest people, before it is learnt.
const fn usual_share(kind: NetworkKind) -> f64 {
    match kind {
        NetworkKind::Isp => 0.62,
        NetworkKind::Mobile => 0.20,
        NetworkKind::Hosting => 0.08,
        NetworkKind::Vpn => 0.04,
        NetworkKind::Tor => 0.002,
        NetworkKind::Corporate => 0.05,
        NetworkKind::Private => 0.01,
    }
}
