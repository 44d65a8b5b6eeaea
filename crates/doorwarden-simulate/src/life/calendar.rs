//! What the calendar of the organisation brings: mergers, roll-outs, tests, and the help desk's days.

use super::moving::hotel;
use crate::{
    company::{
        machines::Machine,
        people::{Away, Class, Why},
        sites,
    },
    doors::{Refusal, sshd::Server},
    moment::Moment,
    places::{NetworkId, Use},
    random::Random,
    world::{
        World,
        act::{Act, Door, Help, What, Who},
    },
};

/// Kinds that concern everybody, and how many days they take.
fn kinds<'c>(world: &World<'c>) -> [(&'static str, &'c [i64], i64); 8] {
    let events = &world.config.events;
    [
        ("merger", &events.merger, 7),
        ("replacement", &events.replacement, 7),
        ("domain-rename", &events.domain_rename, 3),
        ("rollout", &events.client_rollout, 6),
        ("password-week", &events.password_week, 5),
        ("log-outage", &events.log_outage, 1),
        ("office-line", &events.office_line, 3),
        ("new-office", &events.new_office, 7),
    ]
}

fn span(world: &World<'_>, day: i64, days: i64) -> (Moment, Moment) {
    (world.start.plus(day * 86_400), world.start.plus((day + days) * 86_400))
}

/// Notes what concerns everybody, and plans the penetration test.
pub(super) fn announce(world: &mut World<'_>) {
    for (kind, days, length) in kinds(world) {
        for day in days.iter().filter(|it| **it < world.config.days) {
            let span = span(world, *day, length);
            world.note(kind, &[], span);
        }
    }
    for day in world.config.events.pentest.clone() {
        test(world, day);
    }
}

/// Accounts with rights of an administrator, of which one is the help desk's.
fn helpers(world: &World<'_>) -> Vec<usize> {
    world.company.admins.values().copied().collect()
}

/// What the help desk does to the account at a place.
pub(crate) fn help(
    world: &World<'_>,
    target: usize,
    at: Moment,
    help: Help,
    random: &mut Random,
) -> Option<Act> {
    let helpers = helpers(world);
    let helper = *helpers.get(random.place(helpers.len()))?;
    let person = world.person(helper)?;
    let office = world.company.sites.get(person.site)?;
    Some(Act {
        at,
        until: at,
        who: Who::Account(target),
        from: office.egress(world.day_of(at), helper),
        machine: person.now.laptop.clone(),
        what: What::Help(helper, help),
        mark: None,
    })
}

/// A day of the help desk and of the administrators.
pub(super) fn day(world: &mut World<'_>, day: i64) {
    let mut random = Random::of(world.seed, "calendar", 0, day);
    let is_big = world.config.events.helpdesk_day.contains(&day);
    let step = if is_big { 50 } else { 1_900 };
    let first = random.place(step);
    let targets: Vec<usize> = (first..world.company.staff).step_by(step).collect();
    if is_big {
        let span = span(world, day, 1);
        world.note("helpdesk-day", &targets, span);
    }
    for target in targets {
        renew(world, target, day, &mut random);
    }
    leavers(world, day, &mut random);
    if world.config.events.conference.contains(&day) {
        meet(world, day, &mut random);
    }
    if day % 17 == 5 {
        sweep(world, day, &mut random);
    }
}

/// A password or a factor is taken away, and the owner sets up a new one.
fn renew(world: &mut World<'_>, target: usize, day: i64, random: &mut Random) {
    let Some(person) = world.person(target).filter(|it| it.is_employed(day) && !it.is_dormant)
    else {
        return;
    };
    let at = world.local(person, day, 540 + random.between(0, 400));
    let (office, line) = (person.site, person.now.home);
    let machine = person.now.laptop.clone();
    let from = match world.company.sites.get(office) {
        Some(site) if random.chance(500) => site.egress(day, target),
        _ => line,
    };
    let kind = random.pick(&[0u8, 0, 1]);
    let what = if kind == 0 { Help::Password } else { Help::Factor };
    if let Some(act) = help(world, target, at, what, random) {
        world.today(act);
    }
    if kind == 1 {
        let at = at.plus(random.between(200, 1_500));
        world.today(Act {
            at,
            until: at,
            who: Who::Account(target),
            from,
            machine,
            what: What::Enrol,
            mark: None,
        });
    }
}

/// Most accounts are switched off on the last day of their owners.
fn leavers(world: &mut World<'_>, day: i64, random: &mut Random) {
    let gone: Vec<usize> = (0..world.company.staff)
        .filter(|it| world.person(*it).is_some_and(|it| it.works.1 == day))
        .collect();
    for target in gone {
        let span = span(world, day, 1);
        world.note("leaver", &[target], span);
        if random.chance(800) {
            let at = world.start.plus(day * 86_400 + 64_000 + random.between(0, 9_000));
            if let Some(act) = help(world, target, at, Help::Disable, random) {
                world.today(act);
            }
        }
    }
}

/// One per cent of the staff meet in a hotel.
fn meet(world: &mut World<'_>, day: i64, random: &mut Random) {
    let country = random.pick(&["DE", "GB", "FR", "ES", "US", "NL"]);
    let from = hotel(country, random);
    let first = random.place(100);
    let mut there = Vec::new();
    for at in (first..world.company.staff).step_by(100) {
        let Some(person) = world.company.people.get_mut(at) else { continue };
        if person.is_employed(day) && !person.is_dormant && person.class == Class::Human {
            person.now.away = Some(Away { until: day + 2, from, why: Why::Conference });
            if country != person.country {
                person.now.journey = Some(day + 1);
            }
            there.push(at);
        }
    }
    let span = span(world, day + 1, 2);
    world.note("conference", &there, span);
}

/// An administrator touches all servers within minutes from the own desk.
fn sweep(world: &mut World<'_>, day: i64, random: &mut Random) {
    let helpers = helpers(world);
    let Some(admin) = helpers.get(random.place(helpers.len())).copied() else { return };
    let Some(person) = world.person(admin) else { return };
    let first = world.local(person, day, 660 + random.between(0, 200));
    let (from, machine) = (sites::desk(person.site, admin), person.now.laptop.clone());
    let channels = crate::world::act::WINDOWS;
    for number in 0..24 {
        let channel = channels.get(random.place(channels.len())).copied().unwrap_or(channels[0]);
        let at = first.plus(number * 7);
        let what = What::Network(channel);
        world.today(Act {
            at,
            until: at,
            who: Who::Account(admin),
            from,
            machine: machine.clone(),
            what,
            mark: None,
        });
    }
    let span = (first.plus(-60), first.plus(600));
    world.note("admin-scan", &[admin], span);
}

/// The address of the penetration testers who come on `day`.
pub(crate) fn testers(seed: u64, day: i64) -> crate::places::Origin {
    let mut random = Random::of(seed, "pentest", 0, day);
    NetworkId::draw(&mut random, "DE", Use::Hosting).address(&mut random)
}

/// A working week of tries from one address, announced.
fn test(world: &mut World<'_>, day: i64) {
    if world.config.days <= day {
        return;
    }
    let mut random = Random::of(world.seed, "pentest", 1, day);
    let from = testers(world.seed, day);
    let machine = Machine::stranger(&mut random);
    let mut tried = Vec::new();
    for number in 0..220 {
        let target = random.place(world.company.staff);
        let at = world.start.plus((day + number % 5) * 86_400 + 30_000 + random.between(0, 30_000));
        let doors = [
            Door::SignIn,
            Door::Tunnel,
            Door::Services,
            Door::Shell(Server::Bastion),
            Door::DesktopGateway,
        ];
        let door = doors.get(random.place(doors.len())).copied().unwrap_or(Door::SignIn);
        let what = What::Refused(door, Refusal::Password);
        tried.push(target);
        world.will(Act {
            at,
            until: at,
            who: Who::Account(target),
            from,
            machine: machine.clone(),
            what,
            mark: None,
        });
    }
    let span = span(world, day, 5);
    world.note("pentest", &tried, span);
}
