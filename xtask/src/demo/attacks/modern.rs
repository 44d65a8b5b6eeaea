//! Three of today: prompts until somebody gives in, a stolen session, and a VPN without a second factor.

use std::net::Ipv4Addr;

use super::{Campaign, intrusion, mark};
use crate::demo::{
    channel::Channel,
    clock::Moment,
    company::{Way, person_of},
    doors::{
        asa,
        okta::{self, Browser},
        radius::{self, Asks},
        windows::{self, Visitor},
    },
    life,
    plan::{Call, Device, To, Visit, browser},
    random::Random,
    world::World,
};

const SPIDER: Ipv4Addr = Ipv4Addr::new(146, 70, 117, 35);

pub(super) const SCATTERED_SPIDER: Campaign = Campaign {
    id: "scattered-spider-push",
    group: "Scattered Spider",
    needs_history: false,
    accounts: &["tanja.kraft"],
    sources: &[SPIDER],
    services: &["idp", "vpn", "rdp"],
    detectors: &["mfa-fatigue", "factor-change"],
    severity: "high",
    story: "Late on a Friday tanja.kraft's telephone asks fourteen times whether she is signing in; in the end she says yes. Five minutes later a second authenticator is set up, and then the VPN and a desktop are opened with it.",
};

const TOKEN_THIEF: Ipv4Addr = Ipv4Addr::new(5, 157, 204, 18);

pub(super) const TOKEN_THEFT: Campaign = Campaign {
    id: "token-theft",
    group: "unknown",
    needs_history: false,
    accounts: &["miriam.vogt"],
    sources: &[TOKEN_THIEF],
    services: &["idp"],
    detectors: &["session-on-two-networks"],
    severity: "high",
    story: "While miriam.vogt works at home, her Okta session opens applications from a commercial VPN's network, by a script: somebody took the cookie, not the password.",
};

const AKIRA_HOST: Ipv4Addr = Ipv4Addr::new(45, 61, 137, 226);

pub(super) const AKIRA: Campaign = Campaign {
    id: "akira-night",
    group: "Akira",
    needs_history: false,
    accounts: &["ralf.dietrich"],
    sources: &[AKIRA_HOST],
    services: &["vpn", "windows", "rdp", "ssh"],
    detectors: &["brute-force", "success-after-guessing"],
    severity: "high",
    story: "The VPN's old group takes a password and nothing else. After forty-five guesses within twelve minutes on ralf.dietrich one is right, and within seven minutes three Windows servers and one Linux server are entered with it.",
};

pub(super) fn happen(world: &mut World) {
    scattered_spider(world);
    token_theft(world);
    akira(world);
}

/// The browser of whoever has the password of `user`.
pub(crate) fn stolen(user: &str, ip: Ipv4Addr) -> Browser {
    let mut random = Random::new(29, user);
    Browser {
        user: user.to_owned(),
        name: person_of(user).map_or("", |it| it.1.name).to_owned(),
        ip: ip.to_string(),
        agent: okta::FIREFOX,
        device: random.hex(32),
        session: okta::session_id(&mut random),
    }
}

fn scattered_spider(world: &mut World) {
    let mut random = Random::new(world.seed, "spider");
    let user = "tanja.kraft";
    let browser = stolen(user, SPIDER);
    world.journal.mark(Some(mark(&SCATTERED_SPIDER, "probe")));
    let mut now = Moment::at(11, 22, 51);
    okta::challenged(&mut world.journal, now, &browser);
    for step in 0..14 {
        now = now.plus(random.between(35, 75));
        okta::pushed(&mut world.journal, now, &browser);
        if step % 3 == 1 {
            okta::unanswered(&mut world.journal, now.plus(58), &browser);
            now = now.plus(58);
        } else {
            okta::denied(&mut world.journal, now.plus(9), &browser);
        }
    }
    world.journal.mark(Some(mark(&SCATTERED_SPIDER, "access")));
    now = now.plus(64);
    okta::pushed(&mut world.journal, now, &browser);
    okta::approved(&mut world.journal, now.plus(16), &browser);
    okta::started(&mut world.journal, now.plus(17), &browser);
    okta::opened(&mut world.journal, now.plus(24), &browser, "Microsoft Office 365");
    world.journal.mark(Some(mark(&SCATTERED_SPIDER, "persist")));
    now = now.plus(300);
    okta::enrolled(&mut world.journal, now, &browser, "GOOGLE_AUTH");
    world.journal.mark(None);
    let device = Device::named("DESKTOP-MS1PT0E", "Windows 5.1.2.42");
    let at = now.plus(420);
    let mut visit = Visit::new((at, at.plus(4_000)), user, SPIDER, Way::Okta, device);
    visit.mark = Some(mark(&SCATTERED_SPIDER, "inside"));
    let to = To::Desktop(Channel::Desk1);
    visit.calls.push(Call::new(at.plus(190), at.plus(3_600), to, user));
    world.visit(visit);
}

fn token_theft(world: &mut World) {
    let Some((index, person)) = person_of("miriam.vogt") else { return };
    world.journal.mark(Some(mark(&TOKEN_THEFT, "access")));
    let mut browser = browser(person, index, 10, &TOKEN_THIEF.to_string());
    browser.agent = "python-requests/2.32.3";
    browser.device = Random::new(31, "thief").hex(32);
    for (minute, app) in [
        (20, "Microsoft Office 365"),
        (24, "Salesforce"),
        (26, "Confluence"),
        (58, "Microsoft Office 365"),
    ] {
        okta::opened(&mut world.journal, Moment::at(10, 11, minute), &browser, app);
    }
    world.journal.mark(None);
}

fn akira(world: &mut World) {
    let mut random = Random::new(world.seed, "akira");
    let user = "ralf.dietrich";
    let caller = AKIRA_HOST.to_string();
    world.journal.mark(Some(mark(&AKIRA, "probe")));
    let mut now = Moment::at(13, 1, 40);
    for _ in 0..45 {
        asa::handshake(&mut world.journal, now.plus(-1), AKIRA_HOST, random.port());
        radius::rejected(&mut world.journal, now, user, Asks { client: "vpn-1", caller: &caller });
        asa::rejected(&mut world.journal, now, user, AKIRA_HOST);
        now = now.plus(random.between(11, 20));
    }
    let inside = mark(&AKIRA, "inside");
    let mut visit = intrusion((now, 5_200), user, AKIRA_HOST, "WIN-JG8E2ATB4", inside);
    for (to, after) in [(Channel::Desk1, 65), (Channel::Desk2, 71), (Channel::Jump, 80)] {
        visit.calls.push(Call::new(now.plus(after), now.plus(after), To::Share(to), user));
    }
    let desk = To::Desktop(Channel::Desk2);
    visit.calls.push(Call::new(now.plus(150), now.plus(4_800), desk, user));
    let shell = To::PasswordShell(Channel::Files);
    let mut call = Call::new(now.plus(390), now.plus(2_600), shell, user);
    call.typos = 1;
    visit.calls.push(call);
    world.journal.mark(Some(inside));
    let visitor =
        Visitor { to: Channel::Jump, user, ip: Ipv4Addr::new(10, 20, 1, 22), device: "TS-2" };
    for after in [410, 425, 441] {
        windows::failed(&mut world.journal, now.plus(after), &visitor, "0xc000006a");
    }
    world.journal.mark(None);
    world.visit(visit);
    life::help(world, Moment::at(14, 7, 5), user, "Ralf Dietrich");
}
