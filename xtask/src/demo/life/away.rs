//! Business trips: the known laptop, behind the network of a hotel.

use std::net::Ipv4Addr;

use super::workday::{from_outside, hours};
use crate::demo::{company::Person, random::Random, world::World};

/// A day of work in a hotel, `ahead` hours ahead of Berlin; the day of the arrival begins late, as nobody works on the
/// aeroplane.
pub(super) fn on_trip(
    world: &mut World,
    random: &mut Random,
    (index, person): (usize, &'static Person),
    day: i64,
    (ip, ahead): (Ipv4Addr, i64),
) {
    let mut hours = hours(random, person, day, ahead);
    if person.account == "robert.adler" && day == 8 {
        // He lands at three in the afternoon, nine in the evening in Berlin.
        let late = 7 * 3_600 + 3_000;
        hours.start = hours.start.plus(late);
        hours.lunch = hours.start.plus(1_700);
        hours.back = hours.lunch.plus(1_200);
        hours.end = hours.back.plus(2_400);
    }
    from_outside(world, random, (index, person), ip, (day, hours));
}
