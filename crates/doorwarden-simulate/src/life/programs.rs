//! Accounts that are no single person: programs with their jobs, and desks that several people share.

use std::net::Ipv4Addr;

use crate::{
    company::{
        machines::{Machine, Os, Program},
        people::{Class, Person},
        sites,
    },
    doors::{
        Refusal,
        sshd::{Proof, Server},
    },
    journal::Channel,
    places::{NetworkId, Origin},
    random::Random,
    world::{
        World,
        act::{Act, Door, Factor, Trouble, What, Who},
    },
};

/// Hours between two jobs of a program.
const EVERY: i64 = 2;

/// A day of all of them.
pub(super) fn run(world: &mut World<'_>, day: i64) {
    let mut acts = Vec::new();
    for at in world.company.staff..world.company.people.len() {
        let Some(person) = world.person(at) else { continue };
        let mut random = Random::of(world.seed, "program", at, day);
        match person.class {
            Class::Service => jobs(world, (at, person), day, &mut random, &mut acts),
            Class::Shared => desk(world, (at, person), day, &mut random, &mut acts),
            Class::Human | Class::Admin | Class::Contractor => {}
        }
    }
    for act in acts {
        world.today(act);
    }
}

/// The server that a program runs on: inside, or in a cloud.
fn server(at: usize) -> Origin {
    let last = u8::try_from(40 + at % 200).unwrap_or(40);
    if at.is_multiple_of(4) {
        let mut random = Random::of(31, "server", at, 0);
        return NetworkId::named("AWS Frankfurt").address(&mut random);
    }
    Origin::inside(Ipv4Addr::new(10, 16, 1, last))
}

fn jobs(
    world: &World<'_>,
    (at, person): (usize, &Person),
    day: i64,
    random: &mut Random,
    acts: &mut Vec<Act>,
) {
    let (from, shift) = (server(at), i64::try_from(at % 60).unwrap_or(0));
    let name = format!("srv-{:02}", at % 90);
    let machine = Machine {
        program: Program::Script,
        ..Machine::new(&mut Random::of(33, &person.account, at, 0), name, Os::Linux)
    };
    let is_rotated = day == 12 + i64::try_from(at % 40).unwrap_or(0);
    for hour in (0..24).step_by(usize::try_from(EVERY).unwrap_or(2)) {
        let begin =
            world.start.plus(day * 86_400 + hour * 3_600 + shift * 60 + random.between(0, 8));
        let what = match (from.is_inside(), at % 3) {
            (false, _) => What::Services,
            (true, 0) => What::Network(Channel::Desk1),
            (true, 1) => What::Shell(Server::First, Proof::Key),
            (true, _) => What::Shell(Server::Second, Proof::Key),
        };
        let act = Act {
            at: begin,
            until: begin.plus(40),
            who: Who::Account(at),
            from,
            machine: machine.clone(),
            what,
            mark: None,
        };
        if is_rotated && hour == 10 {
            // The new secret is not everywhere at once.
            let door = if from.is_inside() { Door::Shell(Server::First) } else { Door::Services };
            for count in 1..=3 {
                let what = What::Refused(door, Refusal::Password);
                acts.push(Act { at: begin.plus(-60 * count), what, ..act.clone() });
            }
        }
        acts.push(act);
    }
}

fn desk(
    world: &World<'_>,
    (at, person): (usize, &Person),
    day: i64,
    random: &mut Random,
    acts: &mut Vec<Act>,
) {
    let Some(site) = world.company.sites.get(person.site) else { return };
    let weekday = (world.start.plus(day * 86_400).day() + 3).rem_euclid(7);
    if 5 <= weekday || site.rests(day) {
        return;
    }
    for shift in [360, 840] {
        let at_desk = site.at(world.start, day, shift + random.between(0, 25));
        let act = Act {
            at: at_desk,
            until: at_desk.plus(25_000),
            who: Who::Account(at),
            from: sites::desk(person.site, at),
            machine: person.now.laptop.clone(),
            what: What::Desktop(Channel::Desk2),
            mark: None,
        };
        let what = What::SignIn { trouble: Trouble::NONE, factor: Factor::Push, apps: 1 };
        acts.push(Act { at: at_desk.plus(90), from: site.egress(day, at), what, ..act.clone() });
        acts.push(act);
    }
}
