//! Campaigns that guess: slowly, fast, and with names and passwords of other people's leaks.

use super::script::{Actor, Device, Hours, Script, Source};
use crate::{
    company::machines::{Machine, Program},
    journal::Phase,
    places::{NetworkId, Origin, Use},
    random::Random,
    world::act::{Door, Factor, What, Who},
};

/// Most accounts of one campaign.
const MOST: usize = 400;

/// Countries whose routers are rented out.
const ROUTERS: &[&str] = &["DE", "GB", "US", "FR", "IT", "PL", "ES", "NL", "CA", "JP", "IN", "BR"];

fn router(random: &mut Random) -> Origin {
    let country = random.pick(ROUTERS);
    NetworkId::draw(random, country, Use::Isp).address(random)
}

/// Accounts to be tried.
fn targets(script: &mut Script<'_, '_>, count: usize) -> Vec<usize> {
    let day = script.day;
    let mut all: Vec<usize> = (0..script.world.company.staff)
        .filter(|it| script.world.person(*it).is_some_and(|it| it.is_employed(day)))
        .collect();
    script.random.shuffle(&mut all);
    all.truncate(count.min(MOST));
    all
}

fn browser(random: &mut Random) -> Machine {
    let mut machine = Machine::stranger(random);
    machine.program = Program::Chrome;
    machine.major = 120;
    machine
}

/// C11: one try an account and day from rented routers; who is hit is handed on the same day.
pub(super) fn one_a_day(script: &mut Script<'_, '_>) {
    let staff = script.world.company.staff;
    let share = script.random.between(10, 30);
    let count = (staff * usize::try_from(share).unwrap_or(10) / 100).max(5);
    let accounts = targets(script, count);
    let most = script.random.between(8, 20);
    let days = script.days(most);
    let door = if script.is_hard() { Door::SignIn } else { Door::Tunnel };
    script.knob("accounts", accounts.len());
    script.knob("days", days);
    let machine = browser(&mut script.random);
    for day in 0..days {
        for account in &accounts {
            let at = script
                .world
                .start
                .plus((script.day + day) * 86_400 + script.random.between(0, 86_399));
            let from = router(&mut script.random);
            script.tries(Who::Account(*account), at, from, &machine, door);
        }
    }
    script.explain("source");
    for _ in 0..script.random.between(1, 3) {
        let victim = script.anybody();
        let day = script.random.between(days / 2, days - 1);
        let mut actor = script.as_actor(
            victim,
            Source::ResidentialHome,
            Device::New,
            Hours::Mixed,
            Factor::None,
        );
        actor.machine = machine.clone();
        let at = script.when(victim, day, Hours::Mixed);
        script.sign_in(Phase::Probe, victim, at, &actor);
        let source = if script.is_hard() { Source::HostingHome } else { Source::HostingForeign };
        hand_over(script, victim, at, source);
    }
}

/// Somebody else uses what was found.
fn hand_over(
    script: &mut Script<'_, '_>,
    victim: usize,
    at: crate::moment::Moment,
    source: Source,
) {
    let device = if script.is_hard() { Device::AgentCloned } else { Device::New };
    let operator = script.as_actor(victim, source, device, Hours::Mixed, Factor::None);
    let later = at.plus(script.random.between(900, 30_000));
    script.does(Phase::Access, victim, later, 20, &operator, What::WebMail { typos: 0 });
    script.sign_in(Phase::Persist, victim, later.plus(1_800), &operator);
    script.tunnel(Phase::Persist, victim, (later.plus(90_000), 40), &operator, Vec::new());
}

/// C12: four tries an hour for days, or hundreds an hour from hundreds of addresses.
pub(super) fn few_or_fast(script: &mut Script<'_, '_>) {
    let is_fast = script.random.chance(500);
    script.knob("way", if is_fast { "fast" } else { "slow" });
    script.knob("source", "hosting-foreign");
    let machine = browser(&mut script.random);
    let start = script.world.start.plus(script.day * 86_400 + script.random.between(0, 60_000));
    let (accounts, end) = if is_fast {
        let accounts = targets(script, 200);
        let sources: Vec<Origin> = (0..200).map(|_| router(&mut script.random)).collect();
        for count in 0..670 {
            let account = accounts.get(script.random.place(accounts.len())).copied().unwrap_or(0);
            let Some(from) = sources.get(script.random.place(sources.len())).copied() else {
                continue;
            };
            script.tries(
                Who::Account(account),
                start.plus(count * 11),
                from,
                &machine,
                Door::SignIn,
            );
        }
        (accounts, start.plus(7_400))
    } else {
        let accounts = targets(script, 8);
        let from =
            NetworkId::draw(&mut script.random, "NL", Use::Hosting).address(&mut script.random);
        let hours = script.random.between(30, 72);
        for account in &accounts {
            for count in 0..hours * 4 {
                let at = start.plus(count * 900 + script.random.between(0, 400));
                let from = if count % 3 == 0 { from.neighbour(&mut script.random) } else { from };
                script.tries(Who::Account(*account), at, from, &machine, Door::Services);
            }
        }
        (accounts, start.plus(hours * 3_600))
    };
    script.explain("source");
    script.knob("accounts", accounts.len());
    let is_hit = script.random.chance(500);
    script.knob("hit", is_hit);
    if is_hit {
        let victim = script.anybody();
        let from = router(&mut script.random);
        let actor = Actor { from, machine, hours: Hours::Mixed, factor: Factor::None };
        script.knob("mfa", false);
        let what = if is_fast { What::Legacy } else { What::Services };
        script.does(Phase::Access, victim, end, 1, &actor, what);
        hand_over(script, victim, end, Source::HostingForeign);
        script.explain("method");
    }
}

/// C15: sixty accounts within four minutes, or hundreds of names, known and unknown.
pub(super) fn stuffing(script: &mut Script<'_, '_>) {
    let is_fast = script.random.chance(500);
    script.knob("way", if is_fast { "fast" } else { "wide" });
    let source = if script.is_hard() { Source::ResidentialForeign } else { Source::HostingForeign };
    let machine = browser(&mut script.random);
    let start = script.world.start.plus(script.day * 86_400 + script.random.between(0, 70_000));
    let accounts = targets(script, if is_fast { 60 } else { 200 });
    let first = accounts.first().copied().unwrap_or(0);
    let actor = script.as_actor(first, source, Device::New, Hours::Mixed, Factor::None);
    script.knob("accounts", accounts.len());
    let door = if script.random.chance(500) { Door::Tunnel } else { Door::SignIn };
    let mut end = start;
    for (number, account) in (0i64..).zip(&accounts) {
        let (pace, from) =
            if is_fast { (4, actor.from) } else { (23, script.origin(first, source)) };
        end = start.plus(number * pace);
        script.tries(Who::Account(*account), end, from, &machine, door);
        if !is_fast {
            let name = format!(
                "{}.{}",
                script.random.text("abcdefghijkl", 5),
                script.random.text("mnoprst", 6)
            );
            script.tries(Who::Name(name), end.plus(9), from, &machine, door);
        }
    }
    script.explain("source");
    for hit in 0..script.random.between(0, 2) {
        let victim = script.anybody();
        let mut actor = actor.clone();
        actor.machine = machine.clone();
        script.sign_in(Phase::Access, victim, end.plus(40 + hit), &actor);
    }
}
