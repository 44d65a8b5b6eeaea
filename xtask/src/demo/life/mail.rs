//! Mail in the evening and at the weekend, in a browser at home, without the VPN.

use super::{Whereabouts, whereabouts};
use crate::demo::{
    clock::Moment,
    company::{Person, Way},
    doors::iis::{self, Client},
    plan::{Call, Device, To, Visit, home},
    random::Random,
    world::World,
};

/// Some read mail in the evening; fewer come in by VPN at the weekend.
pub(super) fn in_the_evening(
    world: &mut World,
    random: &mut Random,
    index: usize,
    person: &'static Person,
    (day, place): (i64, Whereabouts),
) {
    let is_away = |it| matches!(it, Whereabouts::Trip(..) | Whereabouts::Holiday(_));
    // Who travels tomorrow packs, and who came back by night sleeps.
    let nights = [day - 1, day + 1].map(|it| whereabouts(world.seed, person, it));
    let leaver = person.account == "bernd.lorenz";
    if leaver || is_away(place) || nights.into_iter().any(is_away) {
        return;
    }
    let is_weekend = 5 <= day.rem_euclid(7);
    let keen = u64::try_from(person.account.len() * 37 % 190).unwrap_or(60);
    let ip = home(world.seed, person.account, day);
    if random.chance(if is_weekend { keen / 2 } else { keen }) {
        let start = if is_weekend { 10 } else { 20 };
        let at = Moment::at(day, start, random.between(0, 130));
        let client = Client { user: person.account, ip, agent: iis::CHROME };
        let until = at.plus(random.between(200, 1_500));
        if random.chance(60) {
            iis::wrong_form(&mut world.journal, at.plus(-30), ip, iis::CHROME);
        }
        iis::web_mail(&mut world.journal, (at, until), &client, None);
    }
    if is_weekend && person.way != Way::Citrix && random.chance(keen / 4) {
        let at = Moment::at(day, 14, random.between(0, 240));
        let until = at.plus(random.between(1_200, 5_000));
        let device = Device::laptop(index, 0);
        let mut visit = Visit::new((at, until), person.account, ip, person.way, device);
        let to = To::WebMail;
        visit.calls.push(Call::new(at.plus(140), at.plus(700), to, person.account));
        world.visit(visit);
    }
}
