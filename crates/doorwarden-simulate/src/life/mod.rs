//! What is harmless: people's days, programs, the calendar of the organisation, and the internet's noise.

mod aside;
pub(crate) mod calendar;
mod day;
mod moving;
mod noise;
mod programs;

use crate::{
    journal::Channel,
    random::Random,
    world::{
        World,
        act::{Act, What, Who},
    },
};

/// The log that arrives late on a day of the calendar.
pub(crate) const fn late_log(day: i64) -> Channel {
    match day % 3 {
        0 => Channel::ProtectAsia,
        1 => Channel::Okta,
        _ => Channel::AsaEurope,
    }
}

/// Plans what the calendar says for all days, and notes it.
pub(crate) fn announce(world: &mut World<'_>) {
    calendar::announce(world);
}

/// Plans what happens on a day.
pub(crate) fn live(world: &mut World<'_>, day: i64) {
    for at in 0..world.company.staff {
        let mut random = Random::of(world.seed, "day", at, day);
        let changes = moving::advance(world, at, day, &mut random);
        for (kind, until) in changes.notes {
            let span = (world.start.plus(day * 86_400), world.start.plus((until + 1) * 86_400));
            world.note(kind, &[at], span);
        }
        let mut acts = day::plan(world, at, day, &mut random);
        if changes.is_enrolling
            && let Some(first) = acts.iter().find(|it| matches!(it.what, What::SignIn { .. }))
        {
            let enrol = Act {
                at: first.at.plus(240),
                who: Who::Account(at),
                what: What::Enrol,
                ..first.clone()
            };
            acts.push(enrol);
        }
        for act in acts {
            world.today(act);
        }
    }
    programs::run(world, day);
    calendar::day(world, day);
    noise::of_the_internet(world, day);
}
