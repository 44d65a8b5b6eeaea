//! Campaigns with names and passwords that are right.

use super::script::{Device, Hours, Script, Source};
use crate::{
    company::people::Habits,
    journal::{Channel, Phase},
    world::act::{Factor, Help, What},
};

const EASY: &[Source] =
    &[Source::HostingForeign, Source::ResidentialForeign, Source::HostingForeign];
const HARD: &[Source] = &[Source::HostingHome, Source::ResidentialHome, Source::Mobile];

/// C01: some sessions through the gateway over weeks.
pub(super) fn valid_account(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL));
    let actor = script.actor(victim, EASY, HARD);
    let days = script.days(24);
    let sessions = script.random.between(3, 8);
    for session in 0..sessions {
        let at = script.when(victim, session * days / sessions, actor.hours);
        let errands = vec![(240, script.errand()), (900, script.errand())];
        let minutes = script.stay();
        let phase = if session == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(phase, victim, (at, minutes), &actor, errands);
    }
}

/// C02: mail in the browser, then the gateway, then desktops.
pub(super) fn mail_then_desktop(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::CITRIX));
    let actor = script.actor(victim, &[Source::ResidentialForeign, Source::HostingForeign], HARD);
    let days = script.days(40);
    for round in 0..3 {
        let at = script.when(victim, round * days / 12, actor.hours);
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.does(phase, victim, at, 25, &actor, What::WebMail { typos: 0 });
    }
    for round in 3..7 {
        let at = script.when(victim, round * days / 9, actor.hours);
        let minutes = script.stay();
        let errands =
            vec![(180, What::Desktop(Channel::Desk1)), (1_500, What::Desktop(Channel::Desk2))];
        script.tunnel(Phase::Persist, victim, (at, minutes), &actor, errands);
    }
    for round in 7..9 {
        let at = script.when(victim, round * days / 10, actor.hours);
        script.does(Phase::Persist, victim, at, 50, &actor, What::DesktopGateway { typos: 0 });
    }
    script.explain("service");
}

/// C03: several accounts and services from two unrelated networks; one way is kept for later.
pub(super) fn many_ways(script: &mut Script<'_, '_>) {
    let victims = [script.anybody(), script.anybody(), script.anybody()];
    let first = script.actor(victims[0], EASY, &[Source::HostingHome]);
    let mut second = first.clone();
    second.from = script.origin(victims[1], Source::HostingForeign);
    second.machine = script.machine(victims[1], Device::New);
    let days = script.days(26);
    let closed = days / 2;
    for round in 0..3 {
        let at = script.when(victims[0], round * closed / 3, first.hours);
        let errands = vec![(200, script.errand())];
        script.tunnel(
            if round == 0 { Phase::Access } else { Phase::Persist },
            victims[0],
            (at, 45),
            &first,
            errands,
        );
        let at = script.when(victims[1], round * closed / 3, first.hours);
        script.does(Phase::Persist, victims[1], at, 40, &second, What::Citrix { typos: 0 });
    }
    let evicted = script.when(victims[0], closed, Hours::Business);
    script.help(None, victims[0], evicted, Help::Password);
    for round in 0..3 {
        let day = closed + 1 + round * (days - closed).max(3) / 4;
        let at = script.when(victims[2], day.min(days - 1), first.hours);
        script.does(Phase::ReEnter, victims[2], at, 60, &second, What::DesktopGateway { typos: 0 });
    }
    script.explain("service");
    script.explain("source");
}

/// C05: services that the account never used, in the office hours of another country.
pub(super) fn foreign_office_hours(script: &mut Script<'_, '_>) {
    let victim =
        script.victim(|_, it| !it.habits.has(Habits::CITRIX) && !it.habits.has(Habits::WEB_MAIL));
    let actor = script.actor(victim, &[Source::HostingForeign, Source::ResidentialForeign], HARD);
    script.knob("hours", "mixed");
    script.knob("mfa", false);
    let days = script.days(28);
    let visits = script.random.between(5, 12);
    for visit in 0..visits {
        let day = script.day + visit * days / visits;
        // Half past four in the morning UTC is eight o'clock there.
        let at = script.world.start.plus(day * 86_400 + 16_200 + script.random.between(0, 30_000));
        let what =
            if visit % 3 == 0 { What::Citrix { typos: 0 } } else { What::WebMail { typos: 0 } };
        let phase = if visit == 0 { Phase::Access } else { Phase::Persist };
        script.does(phase, victim, at, 35, &actor, what);
    }
    script.explain("service");
}

/// C06: as C01, then thrown out, and back with another account's mail.
pub(super) fn back_after_eviction(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL));
    let other = script.victim(|_, it| !it.habits.has(Habits::WEB_MAIL));
    let actor = script.actor(victim, EASY, HARD);
    let days = script.days(20);
    let evicted = (days / 2).max(1);
    let sessions = script.random.between(2, 4);
    for session in 0..sessions {
        let at = script.when(victim, session * evicted / sessions, actor.hours);
        let errands = vec![(300, script.errand()), (420, script.errand()), (500, script.errand())];
        let phase = if session == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(phase, victim, (at, 70), &actor, errands);
    }
    let at = script.when(victim, evicted, Hours::Business);
    script.help(None, victim, at, Help::Password);
    script.help(None, victim, at.plus(300), Help::Sessions);
    let mut again = actor.clone();
    if script.is_hard() {
        again.from = script.origin(other, Source::HostingHome);
    }
    for round in 0..3 {
        let back = at.plus(script.random.between(7_200, 100_000) + round * 86_400);
        script.does(Phase::ReEnter, other, back, 30, &again, What::WebMail { typos: 0 });
    }
    script.explain("service");
}

/// C10: a relay in the victim's own country, office hours, two sessions a week, a pause, and another relay.
pub(super) fn quiet_neighbour(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL));
    let source = if script.is_hard() { Source::SameIsp } else { Source::ResidentialHome };
    let device = if script.is_hard() { Device::None } else { Device::New };
    let actor = script.as_actor(victim, source, device, Hours::Business, Factor::Push);
    let days = script.days(200);
    let pause = days * 2 / 5;
    let mut day = 0;
    while day < (days - pause).min(42) {
        let at = script.when(victim, day, Hours::Business);
        let errands = vec![(600, script.errand())];
        let minutes = script.stay();
        script.tunnel(
            if day == 0 { Phase::Access } else { Phase::Persist },
            victim,
            (at, minutes),
            &actor,
            errands,
        );
        day += script.random.between(3, 4);
    }
    let mut again = actor;
    again.from = script.origin(victim, Source::ResidentialHome);
    for round in 0..2 {
        let at = script.when(victim, (days - 2 + round).min(days - 1), Hours::Business);
        script.tunnel(Phase::ReEnter, victim, (at, 40), &again, Vec::new());
    }
}

/// C16: one sign-in to see that it works, a pause, and a second actor from another country.
pub(super) fn broker(script: &mut Script<'_, '_>) {
    let victim = script.victim(|_, it| !it.habits.has(Habits::NO_TUNNEL));
    let actor = script.actor(victim, EASY, HARD);
    let at = script.when(victim, 0, actor.hours);
    script.sign_in(Phase::Probe, victim, at, &actor);
    let days = script.days(34);
    let pause = script.random.between(5, (days - 2).clamp(5, 30));
    let mut buyer = actor;
    buyer.from = script.origin(victim, Source::HostingForeign);
    buyer.machine = script.machine(victim, Device::New);
    for round in 0..3 {
        let at = script.when(victim, (pause + round).min(days - 1), buyer.hours);
        let errands = vec![(120, script.errand()), (180, script.errand())];
        let phase = if round == 0 { Phase::Access } else { Phase::Persist };
        script.tunnel(phase, victim, (at, 60), &buyer, errands);
    }
}
