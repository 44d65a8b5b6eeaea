//! Ordinary life: who is where on which day, and what follows from it.

mod away;
mod machines;
mod mail;
mod noise;
mod odd;
mod phone;
mod workday;

use std::net::Ipv4Addr;

pub(crate) use self::odd::{TESTERS, help};
use super::{
    clock::DAYS,
    company::{PEOPLE, Person},
    random::Random,
    world::World,
};

/// Where a person spends a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whereabouts {
    /// At the desk in Berlin.
    Office,
    /// At home, at work.
    Home,
    /// At home or out, not at work.
    Off,
    /// On a business trip: the hotel's address, and hours that local time is ahead of Berlin's.
    Trip(Ipv4Addr, i64),
    /// On holiday: the address that the telephone has there.
    Holiday(Ipv4Addr),
}

/// Milan, the hotel of Tobias Engel.
pub(crate) const MILAN: Ipv4Addr = Ipv4Addr::new(87, 10, 44, 131);
/// Boston, the hotel of Robert Adler.
pub(crate) const BOSTON: Ipv4Addr = Ipv4Addr::new(73, 61, 208, 17);
/// The country hotel in Brandenburg where four engineers met for a day.
pub(crate) const RETREAT: Ipv4Addr = Ipv4Addr::new(93, 229, 171, 90);
/// Where Jana Schuster's holiday flat in Spain has its wireless network.
pub(crate) const SPAIN: Ipv4Addr = Ipv4Addr::new(83, 38, 152, 77);

/// Journeys: account, first and last day, where.
const JOURNEYS: &[(&str, i64, i64, Whereabouts)] = &[
    ("tobias.engel", 9, 10, Whereabouts::Trip(MILAN, 0)),
    ("robert.adler", 8, 11, Whereabouts::Trip(BOSTON, -5)),
    ("jana.schuster", 12, 20, Whereabouts::Holiday(SPAIN)),
    ("karsten.wolff", 17, 17, Whereabouts::Trip(RETREAT, 0)),
    ("elif.yildiz", 17, 17, Whereabouts::Trip(RETREAT, 0)),
    ("luca.bianchi", 17, 17, Whereabouts::Trip(RETREAT, 0)),
    ("oskar.pfeiffer", 17, 17, Whereabouts::Trip(RETREAT, 0)),
    ("bernd.lorenz", 0, 20, Whereabouts::Off),
];

/// The Monday on which most passwords had expired over the weekend, and everybody came in.
pub(crate) const PASSWORD_MONDAY: i64 = 14;

/// Where `person` is on a day.
pub(crate) fn whereabouts(seed: u64, person: &Person, day: i64) -> Whereabouts {
    let journey = JOURNEYS.iter().find(|it| it.0 == person.account && (it.1..=it.2).contains(&day));
    if let Some((.., place)) = journey {
        return *place;
    }
    let weekday = day.rem_euclid(7);
    let mut random = Random::new(seed, &format!("where {} {day}", person.account));
    if 5 <= weekday || random.chance(25) {
        return Whereabouts::Off;
    }
    let habit = usize::try_from(weekday).ok().and_then(|it| person.week.as_bytes().get(it));
    match habit {
        Some(b'o') => Whereabouts::Office,
        Some(b'h') if day == PASSWORD_MONDAY && !is_abroad(person) => Whereabouts::Office,
        Some(b'h') => Whereabouts::Home,
        _ => Whereabouts::Off,
    }
}

/// Whether somebody never comes to Berlin.
fn is_abroad(person: &Person) -> bool {
    matches!(person.account, "ines.moreau" | "vikram.rao" | "eva.horak")
}

/// Writes three weeks of ordinary life.
pub(crate) fn live(world: &mut World) {
    for day in 0..DAYS {
        for (index, person) in PEOPLE.iter().enumerate() {
            let place = whereabouts(world.seed, person, day);
            let mut random = Random::new(world.seed, &format!("day {} {day}", person.account));
            match place {
                Whereabouts::Office => workday::in_office(world, &mut random, index, person, day),
                Whereabouts::Home => workday::at_home(world, &mut random, index, person, day),
                Whereabouts::Trip(ip, ahead) => {
                    away::on_trip(world, &mut random, (index, person), day, (ip, ahead));
                }
                Whereabouts::Off | Whereabouts::Holiday(_) => {}
            }
            mail::in_the_evening(world, &mut random, index, person, (day, place));
            phone::all_day(world, &mut random, person, (day, place));
        }
    }
    machines::run(world);
    noise::of_the_internet(world);
    odd::happen(world);
}
