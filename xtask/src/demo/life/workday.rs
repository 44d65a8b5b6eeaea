//! A day of work, in the office or at home.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    company::{Person, Way, Work},
    doors::{
        netscaler,
        okta::{self, Browser},
        radius::{self, Asks},
    },
    places::own,
    plan::{Call, Device, To, Trouble, Visit, browser, hardware_address, home},
    random::Random,
    world::World,
};

/// Applications that people open from Okta's page.
const APPS: &[&str] = &["Microsoft Office 365", "Personio", "Confluence", "Salesforce", "Jira"];

/// When work begins, pauses and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hours {
    pub(super) start: Moment,
    pub(super) lunch: Moment,
    pub(super) back: Moment,
    pub(super) end: Moment,
}

/// The hours of `person` on a day; `ahead` hours that local time is ahead of Berlin's.
pub(super) fn hours(random: &mut Random, person: &Person, day: i64, ahead: i64) -> Hours {
    let start = Moment::at(day, -ahead, person.starts + random.around(25));
    let lunch = start.plus(random.between(3 * 3_600, 4 * 3_600));
    let back = lunch.plus(random.between(2_000, 4_200));
    let end = back.plus(random.between(15_000, 18_500));
    Hours { start, lunch, back, end }
}

/// Wrong passwords before the right one: everybody has a rate of the own.
pub(super) fn typos(random: &mut Random, person: &Person, day: i64) -> u8 {
    let own = 10 + u64::try_from(person.account.len() * 7 % 60).unwrap_or(20);
    let monday = if day.rem_euclid(7) == 0 { 2 } else { 1 };
    let mut count = 0;
    while count < 3 && random.chance(own * monday) {
        count += 1;
    }
    count
}

/// Signs in to Okta, mistakes and all.
pub(super) fn okta(
    world: &mut World,
    random: &mut Random,
    at: Moment,
    browser: &Browser,
    typos: u8,
) {
    for typo in 0..i64::from(typos) {
        okta::refused(
            &mut world.journal,
            at.plus(-20 * (typo + 1)),
            browser,
            "INVALID_CREDENTIALS",
        );
    }
    let count = 2 + random.below(3);
    let apps: Vec<&str> = (0..count).map(|_| random.pick(APPS)).collect();
    let mut now = okta::sign_in(&mut world.journal, at, browser, &apps);
    // Later in the day something else is opened from the page.
    for _ in 0..random.below(3) {
        now = now.plus(random.between(1_800, 9_000));
        okta::opened(&mut world.journal, now, browser, random.pick(APPS));
    }
}

/// What `person` calls between `from` and `until`, behind the door.
pub(super) fn calls(
    random: &mut Random,
    person: &Person,
    (from, until): (Moment, Moment),
) -> Vec<Call> {
    let mut calls = Vec::new();
    match person.work {
        Work::Desk(number) => {
            let to = To::Desktop(if number == 1 { Channel::Desk1 } else { Channel::Desk2 });
            let at = from.plus(random.between(60, 420));
            let mut call = Call::new(at, until.plus(-random.between(70, 500)), to, person.account);
            let length = call.until.since(at);
            if 7_200 < length && random.chance(250) {
                let pause = at.plus(random.between(3_600, length - 3_000));
                call.gap = Some((pause, random.between(200, 2_400)));
            }
            call.typos = u8::from(random.chance(20));
            if 600 < length {
                calls.push(call);
            }
        }
        Work::Code => shells(random, person, (from, until), &mut calls),
        Work::Admin => {
            shells(random, person, (from, until), &mut calls);
            let at = from.plus(random.between(900, 2_700));
            let length = random.between(1_200, 5_400);
            if length + 60 < until.since(at) {
                let account = admin_account(person.account);
                calls.push(Call::new(at, at.plus(length), To::Desktop(Channel::Jump), account));
            }
        }
        Work::Mail => {}
    }
    if random.chance(120) && 3_600 < until.since(from) {
        let at = from.plus(random.between(600, 3_000));
        calls.push(Call::new(at, at.plus(random.between(120, 500)), To::WebMail, person.account));
    }
    calls
}

/// The account with rights of an administrator; its owner uses another one every day.
pub(super) fn admin_account(owner: &str) -> &'static str {
    if owner == "stefan.maurer" { "adm-maurer" } else { "adm-peters" }
}

fn shells(
    random: &mut Random,
    person: &Person,
    (from, until): (Moment, Moment),
    calls: &mut Vec<Call>,
) {
    let mut now = from.plus(random.between(120, 1_500));
    while now.plus(900) < until {
        let to = random.pick(&[1u8, 1, 2, 3]);
        let to = To::Shell(match to {
            1 => Channel::Files,
            2 => Channel::Database,
            _ => Channel::Gate,
        });
        let length = random.between(90, 5_400).min(until.since(now) - 60);
        calls.push(Call::new(now, now.plus(length), to, person.account));
        now = now.plus(random.between(2_400, 9_000));
    }
    let draws = matches!(person.account, "georg.thiel" | "britta.sommer");
    if draws && 5_400 < until.since(from) {
        let at = from.plus(random.between(1_500, 4_000));
        calls.push(Call::new(at, at.plus(random.between(600, 1_200)), To::Screen, person.account));
    }
}

/// A day in the office.
pub(super) fn in_office(
    world: &mut World,
    random: &mut Random,
    index: usize,
    person: &Person,
    day: i64,
) {
    let hours = hours(random, person, day, 0);
    let card = hardware_address(person.account);
    for at in [hours.start.plus(-240), hours.back.plus(-90)] {
        let point = format!("ap-{}", 1 + index % 4);
        let asks = Asks { client: &point, caller: &card };
        radius::accepted(&mut world.journal, at, person.account, asks);
    }
    let browser = browser(person, index, day, &own::OFFICE.to_string());
    let typos = typos(random, person, day);
    okta(world, random, hours.start, &browser, typos);
    let device = Device::laptop(index, 0);
    for (from, until) in [(hours.start, hours.lunch), (hours.back, hours.end)] {
        for call in calls(random, person, (from, until)) {
            world.call(call, own::desk(index), &device.name, None);
        }
    }
}

/// A day of work at home.
pub(super) fn at_home(
    world: &mut World,
    random: &mut Random,
    index: usize,
    person: &'static Person,
    day: i64,
) {
    let ip = at_home_address(world.seed, random, person, day);
    let hours = hours(random, person, day, 0);
    from_outside(world, random, (index, person), ip, (day, hours));
}

/// Marek Nowak has two lines at home, and his router takes the one that works.
fn at_home_address(seed: u64, random: &mut Random, person: &Person, day: i64) -> Ipv4Addr {
    if person.account == "marek.nowak" && random.chance(400) {
        return Ipv4Addr::new(77, 6, 119, 40);
    }
    home(seed, person.account, day)
}

/// Works from `ip`, wherever that is.
pub(super) fn from_outside(
    world: &mut World,
    random: &mut Random,
    (index, person): (usize, &'static Person),
    ip: Ipv4Addr,
    (day, hours): (i64, Hours),
) {
    let browser = browser(person, index, day, &ip.to_string());
    let typos = typos(random, person, day);
    let first = hours.start.plus(random.between(-200, -70));
    okta(world, random, first, &browser, typos);
    if person.way == Way::Citrix {
        return citrix(world, random, person, ip, hours);
    }
    let pauses = random.chance(550);
    let parts = if pauses {
        vec![(hours.start, hours.lunch), (hours.back, hours.end)]
    } else {
        vec![(hours.start, hours.end)]
    };
    for (from, until) in parts {
        let device = Device::laptop(index, 0);
        let mut visit = Visit::new((from, until), person.account, ip, person.way, device);
        visit.trouble = trouble(random, person, day);
        visit.calls = calls(random, person, (from.plus(90), until));
        if random.chance(60) {
            visit.reason = "Idle Timeout";
            visit.until = until.plus(1_800);
        }
        world.visit(visit);
    }
}

/// What goes wrong at the gateway: a typo now and then, one push in a hundred denied by mistake.
fn trouble(random: &mut Random, person: &Person, day: i64) -> Trouble {
    Trouble {
        typos: typos(random, person, day),
        denied: u8::from(person.way == Way::Duo && random.chance(10)),
        unanswered: u8::from(person.way == Way::Duo && random.chance(25)),
    }
}

fn citrix(world: &mut World, random: &mut Random, person: &Person, ip: Ipv4Addr, hours: Hours) {
    let client = netscaler::Client { user: person.account, ip, agent: okta::CHROME };
    for (from, until) in [(hours.start, hours.lunch), (hours.back, hours.end)] {
        if random.chance(30) {
            netscaler::failed(&mut world.journal, from.plus(-25), &client);
        }
        let number = random.below(900_000) + 1_000;
        netscaler::session(&mut world.journal, (from, until), &client, number);
    }
}
