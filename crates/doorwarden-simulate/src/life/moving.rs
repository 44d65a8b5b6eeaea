//! What changes in a life from one day to the next: lines, homes, journeys, devices.

use crate::{
    company::{
        machines::{CLIENTS, Machine, Os, Phone},
        people::{Away, Class, Habits, Person, Why},
        sites::PLANS,
    },
    config::Config,
    places::{NetworkId, Origin, Use},
    random::Random,
    world::World,
};

/// Where people go on holiday.
const SUN: &[&str] = &["ES", "IT", "GR", "TR", "PT", "FR", "TH", "AE", "NL"];
/// Where customers are.
const CUSTOMERS: &[&str] = &["DE", "GB", "US", "FR", "NL", "PL", "IT", "CA", "JP", "IN", "AU"];

/// What changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Kinds of harmless oddities that begin, and their last days.
    pub(super) notes: Vec<(&'static str, i64)>,
    /// A second factor is set up anew.
    pub(super) is_enrolling: bool,
}

/// A night passes for the account at a place.
pub(super) fn advance(world: &mut World<'_>, at: usize, day: i64, random: &mut Random) -> Changes {
    let (config, last) = (world.config, world.config.days - 1);
    let mut changes = Changes::default();
    let Some(person) = world.company.people.get_mut(at) else { return changes };
    if !person.is_employed(day) || person.is_dormant {
        return changes;
    }
    if person.works.0 == day && 0 < day {
        changes.notes.push(("joiner", day));
        changes.is_enrolling = true;
    }
    lines(person, last, random, &mut changes);
    devices(config, person, day, random, &mut changes);
    if let Some(away) = person.now.away.filter(|it| it.until < day) {
        person.now.away = None;
        person.now.journey = (away.from.country() != person.country).then_some(day);
    }
    if person.now.away.is_none() && person.now.journey != Some(day) {
        leave(person, day, random, &mut changes);
    }
    if random.seldom(4, 10_000) {
        person.begins =
            (person.begins + random.pick(&[-180, -120, 120, 180, 300])).rem_euclid(1_440);
        changes.notes.push(("shift-change", last));
    }
    changes
}

fn lines(person: &mut Person, last: i64, random: &mut Random, changes: &mut Changes) {
    if random.seldom(1, 25) {
        person.now.home = person.now.home.neighbour(random);
    }
    match random.below(100_000) {
        0..80 => {
            person.now.home = NetworkId::draw(random, person.country, Use::Isp).address(random);
            changes.notes.push(("isp-change", last));
        }
        80..113 => {
            person.now.home = NetworkId::draw(random, person.country, Use::Isp).address(random);
            changes.notes.push(("move", last));
        }
        _ => {}
    }
    let is_hiding = person.habits.has(Habits::HIDES) && person.class == Class::Human;
    if is_hiding && person.now.via.is_none() && random.seldom(1, 30) {
        person.now.via = Some(NetworkId::draw(random, person.country, Use::Vpn).address(random));
        changes.notes.push(("consumer-vpn", last));
    }
}

fn devices(
    config: &Config,
    person: &mut Person,
    day: i64,
    random: &mut Random,
    changes: &mut Changes,
) {
    let last = config.days - 1;
    let seen =
        config.events.client_rollout.iter().filter(|it| **it + person.lag % 5 <= day).count();
    let client = CLIENTS.get(seen.min(CLIENTS.len() - 1)).map_or("5.1.2.42", |it| it.0);
    person.now.laptop.client = client;
    person.now.laptop.major = 133 + (day + person.lag) / 28;
    person.now.own.major = 133 + (day + 2 * person.lag) / 28;
    if person.habits.has(Habits::OLD_CLIENT) {
        person.now.laptop.id.clear();
    }
    if random.seldom(1, 900) {
        let number = random.below(900_000) + 100_000;
        let other = random.pick(&[Os::Windows, Os::Mac]);
        let os = if random.chance(200) { other } else { person.now.laptop.os };
        let major = person.now.laptop.major;
        person.now.laptop =
            Machine { major, client, ..Machine::new(random, format!("NL-{number}"), os) };
        changes.notes.push(("new-device", last));
    }
    if random.seldom(1, 700) {
        person.now.phone = Phone::new(random);
        changes.is_enrolling = true;
        changes.notes.push(("new-device", last));
    }
    if person.now.stale.is_some_and(|it| it < day) {
        person.now.stale = None;
    }
    if random.seldom(5, 100_000) {
        person.now.stale = Some(day + 1);
        changes.notes.push(("stale-password", day + 1));
    }
}

/// Some days elsewhere begin.
fn leave(person: &mut Person, day: i64, random: &mut Random, changes: &mut Changes) {
    let (kind, away) = if random.seldom(person.travels, 10_000) {
        trip(person, day, random)
    } else if random.seldom(35, 10_000) {
        let country = if random.chance(600) { random.pick(SUN) } else { person.country };
        let from = NetworkId::draw(random, country, Use::Isp).address(random);
        let until = day + random.between(4, 14);
        ("holiday", Away { until, from, why: Why::Holiday })
    } else if random.seldom(60, 10_000) {
        let from = NetworkId::draw(random, person.country, Use::Isp).address(random);
        let until = day + random.between(0, 2);
        ("visit", Away { until, from, why: Why::Visit })
    } else {
        return;
    };
    changes.notes.push((kind, away.until));
    if away.from.country() != person.country {
        person.now.journey = Some(day);
    }
    person.now.away = Some(away);
}

fn trip(person: &Person, day: i64, random: &mut Random) -> (&'static str, Away) {
    let until = day + random.between(1, 4);
    if random.chance(450) {
        let site = random.place(8);
        let country = PLANS.get(site).map_or("DE", |it| it.country);
        let away = Away { until, from: hotel(country, random), why: Why::Site(site) };
        return ("trip", away);
    }
    let country = if random.chance(400) { person.country } else { random.pick(CUSTOMERS) };
    ("trip", Away { until, from: hotel(country, random), why: Why::Trip })
}

/// One of a few hotels of a country: many guests have one address.
pub(super) fn hotel(country: &str, random: &mut Random) -> Origin {
    let mut house = Random::of(77, country, random.place(6), 0);
    NetworkId::draw(&mut house, country, Use::Isp).address(&mut house)
}
