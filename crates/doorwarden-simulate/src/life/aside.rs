//! What goes on beside a day's work: telephones, accounts that sleep, accounts whose owners have left.

use super::day::Plan;
use crate::{
    company::people::Habits,
    doors::Refusal,
    places::{NetworkId, Use},
    random::Random,
    world::act::What,
};

impl Plan<'_> {
    /// Nearly nobody uses a dormant account: once at the beginning, and some again after weeks.
    pub(super) fn sleep(&mut self, random: &mut Random) {
        let returns = 40 + i64::try_from(self.at % 97).unwrap_or(0);
        if self.day == i64::try_from(self.at % 4).unwrap_or(0)
            || (self.day == returns && self.at.is_multiple_of(5))
        {
            let at = self.clock(600 + random.between(0, 300));
            let act = self.sign_in(at, self.person.now.home, random);
            self.acts.push(act);
        }
    }

    /// A day on the way: in the air, and late in the evening there.
    pub(super) fn journey(&mut self, random: &mut Random) {
        if random.chance(200) {
            let at = self.clock(random.between(780, 1_000));
            let air = NetworkId::named("Gogo").carrier_address(random);
            let act = self.sign_in(at, air, random);
            self.acts.push(act);
        }
        if self.person.habits.has(Habits::PHONE_MAIL) {
            let there = self.person.now.away.map_or(self.person.now.home, |it| it.from);
            let at = self.clock(random.between(1_290, 1_400));
            let act = self.act(at, there, What::Phone(None));
            self.acts.push(act);
        }
    }

    /// The telephone of who has left asks for mail for two more days.
    pub(super) fn after(&mut self, random: &mut Random) {
        let gone = self.day - self.person.works.1;
        if !(1..=2).contains(&gone) || !self.person.habits.has(Habits::PHONE_MAIL) {
            return;
        }
        for hour in 7..22 {
            let at = self.clock(hour * 60 + random.between(0, 50));
            let what = What::Phone(Some(Refusal::Disabled));
            let act = self.act(at, self.person.now.home, what);
            self.acts.push(act);
        }
    }

    /// The telephone: mail from home, from the carrier, from a hotel; and what an old password does.
    pub(super) fn phone(&mut self, random: &mut Random) {
        let now = &self.person.now;
        let home = now.away.map_or(now.home, |it| it.from);
        let carrier = match now.away {
            Some(away) if away.from.country() != self.person.country => away.from,
            _ => now.carrier.carrier_address(random),
        };
        if let Some(until) = now.stale.filter(|it| self.day <= *it) {
            let first = self.clock(if until == self.day { 0 } else { 540 });
            for count in 0..160 {
                let at = first.plus(count * 240 + random.between(0, 60));
                let what = What::Phone(Some(Refusal::Password));
                let act = self.act(at, home, what);
                self.acts.push(act);
            }
        }
        if self.person.habits.has(Habits::PHONE_MAIL) {
            for (low, high, line) in [(390, 520, home), (720, 1_080, carrier), (1_140, 1_350, home)]
            {
                if random.chance(550) {
                    let at = self.clock(random.between(low, high));
                    let act = self.act(at, line, What::Phone(None));
                    self.acts.push(act);
                }
            }
        }
        if self.person.habits.has(Habits::RELAY) && random.chance(250) {
            let at = self.clock(random.between(420, 1_320));
            let relay = NetworkId::draw(random, self.person.country, Use::Relay).address(random);
            let mut act = self.act(at, relay, What::GoOn);
            act.machine = self.person.now.phone.browser(&self.person.account);
            self.acts.push(act);
        }
    }
}
