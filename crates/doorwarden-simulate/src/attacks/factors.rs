//! Campaigns against what is to prove more than a password: certificates, second factors, sessions.

use super::script::{self, Device, Hours, Script, Source};
use crate::{
    company::{
        people::{Class, Habits, Person},
        sites::Gateway,
    },
    doors::Answer,
    journal::Phase,
    places::{NetworkId, Use},
    world::act::{Door, Factor, Help, Trouble, What, Who},
};

/// Everybody's eleventh has a certificate.
fn has_certificate(at: usize, person: &Person) -> bool {
    at % 11 == 3 && person.gateway == Gateway::Europe && !person.habits.has(Habits::NO_TUNNEL)
}

/// C04: a certificate that is valid, on a computer that is not its owner's.
pub(super) fn stolen_certificate(script: &mut Script<'_, '_>) {
    let victim = script.victim(has_certificate);
    let easy = [Source::HostingForeign, Source::ResidentialForeign];
    let mut actor = script.actor(victim, &easy, &[Source::ResidentialHome, Source::HostingHome]);
    actor.factor = Factor::None;
    script.knob("mfa", false);
    let overlaps = script.random.chance(300);
    script.knob("overlap", overlaps);
    if overlaps {
        actor.hours = Hours::Business;
        script.knob("hours", "business");
    }
    let days = script.days(21);
    for round in 0..5 {
        let at = script.when(victim, round * days / 5, actor.hours);
        let inner = Vec::new();
        let what = What::Tunnel {
            trouble: Trouble::NONE,
            factor: Factor::None,
            certificate: true,
            moves: None,
            inner,
        };
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.does(phase, victim, at, 55, &actor, what);
        script.sign_in(phase, victim, at.plus(500), &actor);
    }
    script.explain("certificate");
    if overlaps {
        script.explain("session");
    }
}

/// C07: prompts until one is approved, or a factor of the own after a call to the help desk; then a service that is new.
pub(super) fn help_desk_or_fatigue(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::CITRIX));
    let is_fatigue = script.random.chance(500);
    let source = if script.is_hard() { Source::ResidentialHome } else { Source::HostingForeign };
    let device = if script.is_hard() { Device::AgentCloned } else { Device::New };
    let hours = if is_fatigue { Hours::Off } else { Hours::Business };
    let actor = script.as_actor(victim, source, device, hours, Factor::Push);
    script.knob("way", if is_fatigue { "fatigue" } else { "help-desk" });
    let at = script.when(victim, 0, hours);
    let trouble = if is_fatigue {
        let count = script.random.between(6, 25);
        let answer = if script.random.chance(500) { Answer::Denied } else { Answer::Nothing };
        script::prompts(u8::try_from(count).unwrap_or(6), answer)
    } else {
        script.help(Some(Phase::Probe), victim, at.plus(-1_500), Help::Factor);
        script.does(Phase::Persist, victim, at.plus(-400), 1, &actor, What::Enrol);
        Trouble::NONE
    };
    let what = What::SignIn { trouble, factor: Factor::Push, apps: 3 };
    script.does(Phase::Access, victim, at, 30, &actor, what);
    if is_fatigue {
        script.does(Phase::Persist, victim, at.plus(600), 1, &actor, What::Enrol);
    }
    let days = script.days(8);
    let next = at.plus(script.random.between(600, 3_400));
    script.does(Phase::Persist, victim, next, 60, &actor, What::Citrix { typos: 0 });
    for round in 1..4 {
        let at = script.when(victim, round * days / 4, hours);
        let errands = vec![(100, script.errand())];
        script.tunnel(Phase::Persist, victim, (at, 60), &actor, errands);
    }
    script.explain("factor");
    script.explain("service");
}

/// C08: prompts, or a session that was bought.
pub(super) fn prompts_or_bought_session(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::PRIVATE));
    if script.random.chance(500) {
        let actor = script.actor(victim, &[Source::HostingForeign], &[Source::ResidentialHome]);
        script.knob("way", "prompts");
        script.knob("mfa", true);
        let at = script.when(victim, 0, actor.hours);
        let trouble = script::prompts(
            u8::try_from(script.random.between(8, 30)).unwrap_or(8),
            Answer::Nothing,
        );
        let what = What::SignIn { trouble, factor: Factor::Push, apps: 4 };
        script.does(Phase::Access, victim, at, 30, &actor, what);
        script.explain("factor");
        let again = script.when(victim, 1, actor.hours);
        script.tunnel(Phase::Persist, victim, (again, 60), &actor, Vec::new());
        return;
    }
    let source = if script.is_hard() { Source::ResidentialHome } else { Source::HostingForeign };
    let mut actor =
        script.as_actor(victim, source, Device::IdCloned, Hours::Business, Factor::None);
    script.knob("way", "session");
    // The cookie is the victim's, the program may be another.
    if !script.is_hard() {
        actor.machine.program = crate::company::machines::Program::Firefox;
        actor.machine.os = crate::company::machines::Os::Linux;
        script.knob("device", "new");
    }
    let days = script.days(3);
    for day in 0..days {
        for _ in 0..script.random.between(2, 6) {
            let at = script.when(victim, day, Hours::Business);
            let phase = if day == 0 { Phase::Access } else { Phase::Persist };
            script.does(phase, victim, at, 5, &actor, What::GoOn);
        }
    }
    script.explain("session");
}

/// C13: an account that nobody uses is guessed, gets a factor of the attacker's, and dials in.
pub(super) fn dormant_account(script: &mut Script<'_, '_>) {
    let victim = sleeper(script);
    let source = if script.is_hard() { Source::SameIsp } else { Source::ResidentialHome };
    let actor = script.as_actor(victim, source, Device::New, Hours::Mixed, Factor::Push);
    let first = script.when(victim, 0, Hours::Mixed);
    let tries = script.random.between(8, 40);
    let pause = script.random.between(600, 7_200);
    for count in 0..tries {
        let from = if count % 4 == 0 { script.origin(victim, source) } else { actor.from };
        script.tries(
            Who::Account(victim),
            first.plus(count * pause),
            from,
            &actor.machine,
            Door::SignIn,
        );
    }
    let at = first.plus(tries * pause);
    script.sign_in(Phase::Access, victim, at, &actor);
    script.does(Phase::Persist, victim, at.plus(300), 1, &actor, What::Enrol);
    for round in 0..3 {
        script.tunnel(
            Phase::Persist,
            victim,
            (at.plus(3_600 + round * 90_000), 50),
            &actor,
            Vec::new(),
        );
    }
    for evidence in ["dormancy", "factor", "source"] {
        script.explain(evidence);
    }
}

/// Somebody whose account sleeps, and whom nobody else attacks.
fn sleeper(script: &mut Script<'_, '_>) -> usize {
    let sleeping: Vec<usize> = (0..script.world.company.staff)
        .filter(|at| !script.world.victims.contains(at))
        .filter(|at| at % 5 != 0 && script.world.person(*at).is_some_and(|it| it.is_dormant))
        .collect();
    if sleeping.is_empty() {
        return script.anybody();
    }
    let at = script.random.pick(&sleeping);
    script.world.victims.insert(at);
    at
}

/// C14: the victim signs in through the attacker's proxy; the session then goes on elsewhere, by a program.
pub(super) fn phishing_proxy(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| it.class == Class::Human && !it.habits.has(Habits::PRIVATE));
    let source = if script.is_hard() { Source::HostingHome } else { Source::HostingForeign };
    let device = if script.is_hard() { Device::AgentCloned } else { Device::New };
    let actor = script.as_actor(victim, source, device, Hours::Business, Factor::Push);
    let at = script.when(victim, 0, Hours::Business);
    script.sign_in(Phase::Access, victim, at, &actor);
    let mut user = actor.clone();
    let country =
        if script.is_hard() { script.person(victim).map_or("NL", |it| it.country) } else { "NL" };
    user.from =
        NetworkId::draw(&mut script.random, country, Use::Hosting).address(&mut script.random);
    user.machine = script::scripted(user.machine);
    let days = script.days(5);
    for day in 0..days {
        for _ in 0..4 {
            let later = at.plus(day * 86_400 + script.random.between(400, 20_000));
            let phase = if day == 0 { Phase::Access } else { Phase::Persist };
            script.does(phase, victim, later, 1, &user, What::GoOn);
        }
    }
    script.explain("session");
}
