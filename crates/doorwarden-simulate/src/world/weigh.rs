//! What is known of an account from honest use, and what of it an attacker's sign-in contradicts: the evidence that
//! truly explains an attack.

use super::{World, act::Act};
use crate::{
    company::{
        machines::Machine,
        people::{Class, Habits, Known},
    },
    moment::Moment,
    places::{Origin, Use},
    random::Random,
};

/// Nobody gets from one country to another in less.
const JOURNEY_SECONDS: i64 = 3 * 3_600;

/// What a door tells of the device that comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tells {
    /// Nothing.
    Nothing,
    /// The operating system and the browser.
    Program,
    /// Both, and the browser's cookie.
    Cookie,
    /// Both, and the computer's id.
    Device,
    /// The operating system and the computer's id.
    Computer,
    /// The operating system and the computer's name.
    Name,
}

impl Tells {
    /// Whether the browser can be seen.
    const fn browser(self) -> bool {
        matches!(self, Self::Program | Self::Cookie | Self::Device)
    }

    /// The id that can be seen, as a number.
    fn id(self, machine: &Machine) -> Option<u64> {
        let id = match self {
            Self::Nothing | Self::Program => return None,
            Self::Cookie => &machine.browser_id,
            Self::Device | Self::Computer => &machine.id,
            Self::Name => &machine.name,
        };
        (!id.is_empty()).then(|| Random::new(1, id).next())
    }
}

impl World<'_> {
    /// A sign-in succeeded at `door`.
    pub(crate) fn weigh(&mut self, act: &Act, door: &'static str, tells: Tells) {
        let Some(at) = act.who.account() else { return };
        match act.mark {
            Some(mark) => {
                for evidence in self.contradictions(at, act, door, tells) {
                    if let Some(campaign) = self.campaign(mark) {
                        campaign.explained_by.insert(evidence);
                    }
                }
                self.note_access(at, act);
            }
            None => self.learn(at, act, door, tells),
        }
    }

    fn note_access(&mut self, at: usize, act: &Act) {
        let Some(mark) = act.mark else { return };
        if self.is_outside(act.from) {
            self.abused.insert(at, (act.at, act.from.country(), mark.campaign));
        }
        let name = self.person(at).map(|it| it.account.clone()).unwrap_or_default();
        if let Some(campaign) = self.campaign(mark) {
            let first = campaign.first_access.get_or_insert(act.at);
            *first = act.at.min(*first);
            campaign.entered.insert(name);
        }
    }

    fn contradictions(&self, at: usize, act: &Act, door: &str, tells: Tells) -> Vec<&'static str> {
        let Some(person) = self.person(at) else { return Vec::new() };
        let known = &person.now.known;
        let mut found = Vec::new();
        let is_outside = self.is_outside(act.from);
        let is_new_place = !known.networks.contains(&act.from.network)
            || !known.countries.contains(act.from.country());
        if is_outside && is_new_place {
            found.push("where");
        }
        if is_new_device(known, &act.machine, tells) && !person.habits.has(Habits::PRIVATE) {
            found.push("what");
        }
        let (hour, is_weekend) = self.local_hour(at, act.at);
        let hours = if is_weekend { known.weekends } else { known.hours };
        if hours & (1 << hour) == 0 {
            found.push("when");
        }
        if !known.doors.contains(door) {
            found.push("service");
        }
        let country = act.from.country();
        if is_outside && known.last.is_some_and(|it| is_travel(it, (act.at, country))) {
            found.push("travel");
        }
        if matches!(person.class, Class::Service | Class::Admin) {
            found.push("account");
        }
        found
    }

    fn learn(&mut self, at: usize, act: &Act, door: &'static str, tells: Tells) {
        let (hour, is_weekend) = self.local_hour(at, act.at);
        let country = act.from.country();
        let is_outside = self.is_outside(act.from);
        if let Some((when, where_from, campaign)) = self.abused.get(&at).copied()
            && is_outside
            && is_travel((when, where_from), (act.at, country))
            && let Some(campaign) = self.campaigns.get_mut(campaign)
        {
            campaign.explained_by.insert("travel");
        }
        let Some(person) = self.company.people.get_mut(at) else { return };
        let known = &mut person.now.known;
        known.doors.insert(door);
        // An hour before and behind is nothing new.
        let around = [(hour + 23) % 24, hour, (hour + 1) % 24];
        for hour in around {
            *(if is_weekend { &mut known.weekends } else { &mut known.hours }) |= 1 << hour;
        }
        if tells.browser() {
            known.clients.insert((act.machine.os, act.machine.program));
        } else if tells != Tells::Nothing {
            known.systems.insert(act.machine.os);
        }
        known.devices.extend(tells.id(&act.machine));
        if !act.from.is_inside() {
            known.networks.insert(act.from.network);
            known.countries.insert(country);
            if is_outside && tells_where(act.from.network.get().of) {
                known.last = Some((act.at, country));
            }
        }
    }

    /// Whether somebody is where an address is: not inside, and not behind a gateway through whose tunnel all goes.
    pub(super) fn is_outside(&self, from: Origin) -> bool {
        let gateway = self.company.sites.first().map(crate::company::sites::Site::gateway);
        !from.is_inside() && gateway != Some(from)
    }

    /// The hour at which an account's owner has a moment, and whether it is a weekend there.
    fn local_hour(&self, at: usize, moment: Moment) -> (i64, bool) {
        let site = self.person(at).and_then(|it| self.company.sites.get(it.zone));
        let local = moment.plus(site.map_or(0, |it| it.ahead(self.day_of(moment))));
        // 1970 began on a Thursday.
        let is_weekend = 5 <= (local.day() + 3).rem_euclid(7);
        (local.seconds().rem_euclid(86_400) / 3_600, is_weekend)
    }
}

/// Whether who comes from such a network is where it is.
const fn tells_where(of: Use) -> bool {
    matches!(of, Use::Isp | Use::Mobile | Use::Business)
}

/// Whether what a door tells of a device was never seen.
fn is_new_device(known: &Known, machine: &Machine, tells: Tells) -> bool {
    if tells == Tells::Nothing {
        return false;
    }
    let is_new_program = if tells.browser() {
        !known.clients.contains(&(machine.os, machine.program))
    } else {
        !known.systems.contains(&machine.os)
    };
    is_new_program || tells.id(machine).is_some_and(|it| !known.devices.contains(&it))
}

/// Whether nobody can have been at both places.
fn is_travel(one: (Moment, &str), other: (Moment, &str)) -> bool {
    let apart = other.0.since(one.0).abs();
    let is_somewhere = !one.1.is_empty() && !other.1.is_empty();
    is_somewhere && one.1 != other.1 && apart < JOURNEY_SECONDS
}
