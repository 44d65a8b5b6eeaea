//! Odd but innocent: what must not be taken for an attack.

use std::net::Ipv4Addr;

use super::{PASSWORD_MONDAY, Whereabouts, whereabouts};
use crate::demo::{
    channel::Channel,
    clock::Moment,
    company::{PEOPLE, Way, person_of},
    doors::{
        asa, iis, okta,
        radius::{self, Asks},
        sshd::{self, Connection},
    },
    places::own,
    plan::{Device, Trouble, Visit, browser, home},
    random::Random,
    world::World,
};

/// The security company that tests Arboria's doors on one day, as the context file says.
pub(crate) const TESTERS: Ipv4Addr = Ipv4Addr::new(188, 68, 47, 118);

/// All of it.
pub(super) fn happen(world: &mut World) {
    expired_passwords(world);
    new_laptop(world);
    new_phone(world);
    dead_phone(world);
    train(world);
    penetration_test(world);
}

/// On Monday everybody types the password that expired on Sunday, and a few have to call the help desk.
fn expired_passwords(world: &mut World) {
    let mut random = Random::new(world.seed, "passwords");
    for (index, person) in PEOPLE.iter().enumerate() {
        let place = whereabouts(world.seed, person, PASSWORD_MONDAY);
        if place != Whereabouts::Office || random.chance(120) {
            continue;
        }
        let browser = browser(person, index, PASSWORD_MONDAY, &own::OFFICE.to_string());
        let mut now =
            Moment::at(PASSWORD_MONDAY, 0, person.starts - 40).plus(random.between(0, 900));
        for _ in 0..=random.below(3) {
            okta::refused(&mut world.journal, now, &browser, "PASSWORD_EXPIRED");
            now = now.plus(random.between(12, 50));
        }
        for _ in 0..random.below(4) {
            okta::refused(&mut world.journal, now, &browser, "INVALID_CREDENTIALS");
            now = now.plus(random.between(12, 50));
        }
        if random.chance(100) {
            help(world, now.plus(300), person.account, person.name);
        }
    }
}

/// The help desk resets a password.
pub(crate) fn help(world: &mut World, at: Moment, account: &str, name: &str) {
    let Some((index, helper)) = person_of("dominik.hahn") else { return };
    let browser = browser(helper, index, at.day(), &own::OFFICE.to_string());
    let event = "user.account.reset_password";
    okta::helped(&mut world.journal, at, &browser, event, (account, name));
}

/// Britta Sommer gets a new laptop, and tries it at home in the evening.
fn new_laptop(world: &mut World) {
    let Some((index, person)) = person_of("britta.sommer") else { return };
    for (day, hour) in [(9, 19), (11, 20), (16, 19)] {
        let at = Moment::at(day, hour, 12);
        let ip = home(world.seed, person.account, day);
        let device = Device::laptop(index, 1);
        world.visit(Visit::new((at, at.plus(2_500)), person.account, ip, person.way, device));
    }
}

/// Mona Ziegler sets up Okta on a new telephone in the office.
fn new_phone(world: &mut World) {
    let Some((index, person)) = person_of("mona.ziegler") else { return };
    let browser = browser(person, index, 8, &own::OFFICE.to_string());
    let at = Moment::at(8, 11, 40);
    let apps = ["Microsoft Office 365"];
    let now = okta::sign_in(&mut world.journal, at, &browser, &apps);
    okta::enrolled(&mut world.journal, now.plus(95), &browser, "OKTA_VERIFY_PUSH");
}

/// Anna Brandt's telephone has no network in the cellar: three pushes time out before one arrives.
fn dead_phone(world: &mut World) {
    let Some((index, person)) = person_of("anna.brandt") else { return };
    let at = Moment::at(11, 19, 5);
    let ip = home(world.seed, person.account, 11);
    let device = Device::laptop(index, 0);
    let mut visit = Visit::new((at, at.plus(3_100)), person.account, ip, person.way, device);
    visit.trouble = Trouble { unanswered: 3, ..Trouble::default() };
    world.visit(visit);
}

/// Svenja Arndt goes on working in the train: her session moves to the telephone's network once.
fn train(world: &mut World) {
    let Some((index, person)) = person_of("svenja.arndt") else { return };
    let at = Moment::at(18, 17, 50);
    let (ip, next) = (home(world.seed, person.account, 18), Ipv4Addr::new(80, 187, 98, 61));
    let device = Device::laptop(index, 0);
    let mut visit = Visit::new((at, at.plus(5_000)), person.account, ip, Way::Okta, device);
    visit.moves = Some((at.plus(1_500), next));
    world.visit(visit);
    let mut browser = browser(person, index, 18, &ip.to_string());
    okta::opened(&mut world.journal, at.plus(60), &browser, "Jira");
    browser.ip = next.to_string();
    okta::opened(&mut world.journal, at.plus(2_400), &browser, "Confluence");
    okta::opened(&mut world.journal, at.plus(3_900), &browser, "Jira");
}

/// The testers try real names at three doors, and get in nowhere.
fn penetration_test(world: &mut World) {
    let mut random = Random::new(world.seed, "testers");
    let mut now = Moment::at(15, 10, 2);
    let caller = TESTERS.to_string();
    for person in PEOPLE.iter().take(28) {
        let user = person.account;
        let client = iis::Client { user, ip: TESTERS, agent: "Arboria-Pentest/2026.03" };
        iis::wrong_service(&mut world.journal, now, &client);
        now = now.plus(random.between(20, 40));
        radius::rejected(&mut world.journal, now, user, Asks { client: "vpn-1", caller: &caller });
        asa::rejected(&mut world.journal, now, user, TESTERS);
        let connection = Connection { to: Channel::Gate, user, ip: TESTERS, port: random.port() };
        sshd::failed(&mut world.journal, now.plus(5), &connection);
        now = now.plus(random.between(40, 90));
    }
}
