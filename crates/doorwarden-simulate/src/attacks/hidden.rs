//! Campaigns that are short, that have an owner's consent, that go round the gateway, or that can hardly be seen.

use super::script::{Device, Hours, Script, Source};
use crate::{
    company::{
        people::{Class, Habits},
        sites::Gateway,
    },
    doors::sshd::{Proof, Server},
    journal::{Channel, Phase},
    world::act::{Factor, What, Who},
};

/// C09: one sign-in without a second factor or with a replayed one, and within the hour everything inside.
pub(super) fn in_and_out(script: &mut Script<'_, '_>) {
    let replays = script.random.chance(400);
    let victim = script.victim(|_, it| {
        let is_bare = it.gateway == Gateway::Asia;
        !it.habits.has(Habits::NO_TUNNEL) && is_bare != replays
    });
    let factor = if replays { Factor::Passcode } else { Factor::None };
    let source = if script.is_hard() { Source::HostingHome } else { Source::HostingForeign };
    let hours = if script.is_hard() { Hours::Business } else { Hours::Off };
    let actor = script.as_actor(victim, source, Device::New, hours, factor);
    script.knob("way", if replays { "replayed-code" } else { "no-factor" });
    let at = script.when(victim, 0, hours);
    let count = script.random.between(7, 16);
    let errands =
        (0..count).map(|it| (60 + it * script.random.between(9, 40), script.errand())).collect();
    let minutes = script.random.between(50, 220);
    script.tunnel(Phase::Access, victim, (at, minutes), &actor, errands);
    script.explain("service");
    if replays {
        script.explain("method");
    }
}

/// C17: somebody lends the account to another person, who has another line and another computer.
pub(super) fn shared_account(script: &mut Script<'_, '_>) {
    let victim =
        script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL) && it.class == Class::Human);
    let source = if script.is_hard() { Source::SameIsp } else { Source::ResidentialHome };
    let device = if script.is_hard() { Device::AgentCloned } else { Device::New };
    let actor = script.as_actor(victim, source, device, Hours::Business, Factor::Push);
    let days = script.days(25);
    for day in (0..days).step_by(2) {
        let at = script.when(victim, day, Hours::Business);
        let minutes = script.random.between(60, 240);
        let phase = if day == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(
            phase,
            victim,
            (at, minutes),
            &actor,
            vec![(200, What::Desktop(Channel::Desk1))],
        );
        script.sign_in(phase, victim, at.plus(600), &actor);
    }
}

/// C18: a server that can be reached from outside, because somebody forgot, for an account that always dials in.
pub(super) fn round_the_gateway(script: &mut Script<'_, '_>) {
    let is_admin = script.random.chance(350) && !script.world.company.admins.is_empty();
    let victim = if is_admin {
        let admins: Vec<usize> = script.world.company.admins.values().copied().collect();
        let free: Vec<usize> =
            admins.into_iter().filter(|it| !script.world.victims.contains(it)).collect();
        script.random.pick(&free)
    } else {
        script.victim(|_, it| !it.habits.has(Habits::SHELLS) && !it.habits.has(Habits::NO_TUNNEL))
    };
    script.world.victims.insert(victim);
    let actor = script.actor(
        victim,
        &[Source::HostingForeign, Source::ResidentialForeign],
        &[Source::HostingHome, Source::ResidentialHome],
    );
    script.knob("mfa", false);
    let is_desktop = script.random.chance(500);
    script.knob("door", if is_desktop { "rdp" } else { "ssh" });
    let days = script.days(9);
    for round in 0..3 {
        let at = script.when(victim, round * days / 3, actor.hours);
        let what = if is_desktop {
            What::Desktop(Channel::Jump)
        } else {
            What::Shell(Server::Bastion, Proof::Password)
        };
        if round == 0 {
            let door = if is_desktop {
                crate::world::act::Door::Jump
            } else {
                crate::world::act::Door::Shell(Server::Bastion)
            };
            for typo in 1..=script.random.between(0, 3) {
                script.tries(
                    Who::Account(victim),
                    at.plus(-40 * typo),
                    actor.from,
                    &actor.machine,
                    door,
                );
            }
        }
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.does(phase, victim, at, 45, &actor, what);
    }
    script.explain("service");
    if is_admin {
        script.explain("account");
    }
}

/// C19: everything comes from the victim's own computer.
pub(super) fn own_machine(script: &mut Script<'_, '_>) {
    let victim =
        script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL) && !it.habits.has(Habits::CITRIX));
    let hours = if script.is_hard() { Hours::Business } else { Hours::Mixed };
    let actor = script.as_actor(victim, Source::OwnMachine, Device::Own, hours, Factor::Push);
    for round in 0..3 {
        let at = script.when(victim, round, hours);
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(phase, victim, (at, 30), &actor, Vec::new());
    }
}

/// C20: a copy of the victim's computer, on a line of the same provider.
pub(super) fn cloned_device(script: &mut Script<'_, '_>) {
    let victim =
        script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL) && !it.habits.has(Habits::CITRIX));
    let mut actor =
        script.as_actor(victim, Source::SameIsp, Device::IdCloned, Hours::Business, Factor::Push);
    if let Some(person) = script.person(victim) {
        actor.from = person.now.home.neighbour(&mut script.random);
    }
    let days = script.days(12);
    for round in 0..4 {
        let at = script.when(victim, round * days / 4, Hours::Business);
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(phase, victim, (at, 40), &actor, Vec::new());
    }
}
