//! Telephones: mail over `ActiveSync`, from home, from the office's guest network, and from the carrier between.

use std::net::Ipv4Addr;

use super::Whereabouts;
use crate::demo::{
    clock::Moment,
    company::{Person, Way},
    doors::iis::{self, Client, Phone},
    places::own,
    plan::{home, mobile, phone},
    random::Random,
    world::World,
};

/// Whether a telephone of the company belongs to the person.
fn has_phone(person: &Person) -> bool {
    person.way != Way::Citrix && !matches!(person.account, "bernd.lorenz" | "ralf.dietrich")
}

/// The telephone got a new one on this day.
pub(super) fn generation(account: &str, day: i64) -> u8 {
    u8::from(account == "mona.ziegler" && 8 <= day)
}

/// The user agent of a telephone.
pub(super) const fn agent(kind: &str) -> &'static str {
    match kind.as_bytes() {
        b"iPhone" => "Apple-iPhone15C4/2204.72",
        _ => "Android-Mail/2026.01.19.718544219",
    }
}

/// A telephone's day.
pub(super) fn all_day(
    world: &mut World,
    random: &mut Random,
    person: &Person,
    (day, place): (i64, Whereabouts),
) {
    if !has_phone(person) {
        return;
    }
    let (id, kind) = phone(person.account, generation(person.account, day));
    let mut now = Moment::at(day, 6, random.between(0, 70));
    let end = Moment::at(day, 22, 45);
    while now < end {
        let status = if has_old_password(person.account, now) { "401 1 1326" } else { "200 0 0" };
        if let Some(ip) = address(world.seed, person, (day, place), now) {
            let client = Client { user: person.account, ip, agent: agent(kind) };
            let phone = Phone { id: &id, kind };
            iis::sync(&mut world.journal, now, &client, phone, status);
        }
        let is_trying = status != "200 0 0";
        now = now.plus(if is_trying {
            random.between(170, 260)
        } else {
            random.between(2_100, 4_300)
        });
    }
}

/// Paul Reuter changed his password on a Monday, and told his telephone on Tuesday evening.
fn has_old_password(account: &str, at: Moment) -> bool {
    account == "paul.reuter" && Moment::at(14, 9, 30) <= at && at < Moment::at(15, 19, 40)
}

/// Where a telephone surfs from at `now`; nowhere in an aeroplane.
fn address(
    seed: u64,
    person: &Person,
    (day, place): (i64, Whereabouts),
    now: Moment,
) -> Option<Ipv4Addr> {
    let minute = now.since(Moment::at(day, 0, 0)) / 60;
    let is_at_work = (person.starts..person.starts + 510).contains(&minute);
    let is_under_way = (person.starts - 50..person.starts + 570).contains(&minute);
    if is_flying(person.account, now) {
        return None;
    }
    Some(match place {
        Whereabouts::Holiday(_) if day == 12 && minute < 780 => home(seed, person.account, day),
        Whereabouts::Holiday(ip) if minute % 5 < 3 => ip,
        Whereabouts::Holiday(_) => Ipv4Addr::new(90, 169, 12, 34),
        Whereabouts::Trip(..) if person.account == "robert.adler" && now < Moment::at(8, 12, 0) => {
            mobile(seed, person.account, day)
        }
        Whereabouts::Trip(ip, _) => ip,
        Whereabouts::Office if is_at_work => own::OFFICE,
        Whereabouts::Office if is_under_way => mobile(seed, person.account, day),
        Whereabouts::Off if minute % 7 < 2 => mobile(seed, person.account, day),
        Whereabouts::Office | Whereabouts::Home | Whereabouts::Off => {
            home(seed, person.account, day)
        }
    })
}

/// Flights, with a telephone that is switched off.
fn is_flying(account: &str, now: Moment) -> bool {
    let flights = match account {
        "robert.adler" => [
            (Moment::at(8, 10, 20), Moment::at(8, 20, 50)),
            (Moment::at(11, 23, 0), Moment::at(12, 13, 0)),
        ],
        "jana.schuster" => [
            (Moment::at(12, 9, 0), Moment::at(12, 14, 0)),
            (Moment::at(20, 19, 0), Moment::at(20, 24, 0)),
        ],
        _ => return false,
    };
    flights.iter().any(|(from, until)| *from <= now && now < *until)
}
