//! Stolen passwords at the gateway and at a forgotten server: APT18, Dragonfly 2.0, Threat Group-3390, and others.

use std::net::Ipv4Addr;

use super::{Campaign, intrusion, mark};
use crate::demo::{
    channel::Channel,
    clock::Moment,
    doors::{
        asa,
        iis::{self, Client},
        radius::{self, Asks},
    },
    life,
    plan::{Call, To},
    world::World,
};

const APT18_HOST: Ipv4Addr = Ipv4Addr::new(45, 77, 62, 143);

pub(super) const APT18: Campaign = Campaign {
    id: "apt18-nights",
    group: "APT18",
    needs_history: true,
    accounts: &["hannes.busch"],
    sources: &[APT18_HOST],
    services: &["vpn"],
    detectors: &["new-source", "unusual-sign-in", "hosted-source", "unusual-hours"],
    severity: "medium",
    story: "The password of hannes.busch opens the VPN's old group, which asks for no second factor, on four nights from one rented server. Each time the shares of the terminal servers and a Linux server are looked through, and nobody fails at anything.",
};

const DRAGONFLY_FIRST: Ipv4Addr = Ipv4Addr::new(79, 187, 41, 22);
const DRAGONFLY_LATER: Ipv4Addr = Ipv4Addr::new(83, 14, 201, 9);

pub(super) const DRAGONFLY: Campaign = Campaign {
    id: "dragonfly-chain",
    group: "Dragonfly 2.0",
    needs_history: true,
    accounts: &["philipp.roth"],
    sources: &[DRAGONFLY_FIRST, DRAGONFLY_LATER],
    services: &["owa", "vpn", "rdp"],
    detectors: &["new-source", "unusual-sign-in", "redundant-foothold", "first-use-of-service"],
    severity: "medium",
    story: "Mail of philipp.roth is read on two evenings from a Polish provider that he never used; five days later the same hands come by VPN, open a desktop on terminal server 1, and from there the other terminal server and the jump server.",
};

const TG3390_FIRST: Ipv4Addr = Ipv4Addr::new(107, 172, 77, 30);
const TG3390_SECOND: Ipv4Addr = Ipv4Addr::new(107, 174, 190, 8);
const TG3390_DOOR: Ipv4Addr = Ipv4Addr::new(198, 46, 170, 51);

pub(super) const THREAT_GROUP_3390: Campaign = Campaign {
    id: "tg3390-return",
    group: "Threat Group-3390",
    needs_history: true,
    accounts: &["nora.lindner", "ulrich.stein"],
    sources: &[TG3390_FIRST, TG3390_SECOND],
    services: &["vpn", "owa"],
    detectors: &["new-source", "unusual-sign-in", "hosted-source", "post-incident-watch"],
    severity: "medium",
    story: "nora.lindner's password opens the VPN on two nights. IT notices something, resets it, and the old one is refused twice; hours later the mail of ulrich.stein is read from the neighbouring rented server: a second account was kept for that.",
};

pub(super) const THREAT_GROUP_3390_DOOR: Campaign = Campaign {
    id: "tg3390-portal",
    group: "Threat Group-3390",
    needs_history: false,
    accounts: &["adm-peters"],
    sources: &[TG3390_DOOR],
    services: &["vpn"],
    detectors: &["privileged-external-access", "door-changed"],
    severity: "high",
    story: "The administrator's account adm-peters comes by VPN from a rented server at midnight, signs in to the gateway itself from the leased address and replaces the page on which people type their passwords.",
};

const BACKUP_THIEF: Ipv4Addr = Ipv4Addr::new(141, 94, 87, 205);

pub(super) const SERVICE_ACCOUNT: Campaign = Campaign {
    id: "service-account-outside",
    group: "unknown",
    needs_history: false,
    accounts: &["svc-backup"],
    sources: &[BACKUP_THIEF],
    services: &["vpn", "ssh"],
    detectors: &["service-account-misuse"],
    severity: "high",
    story: "The account of the backup program, which signs in from one inner address by night, comes by VPN from a rented server, and then to the database server with a password.",
};

const RDP_THIEF: Ipv4Addr = Ipv4Addr::new(161, 97, 103, 66);

pub(super) const FORGOTTEN_SERVER: Campaign = Campaign {
    id: "forgotten-server",
    group: "unknown",
    needs_history: false,
    accounts: &["petra.winkler"],
    sources: &[RDP_THIEF],
    services: &["rdp"],
    detectors: &["concentrator-bypass"],
    severity: "high",
    story: "The old ERP server's remote desktop faces the internet, and nobody knows any more. petra.winkler, who always comes by VPN, signs in there straight from a rented server on a Sunday before dawn.",
};

pub(super) fn happen(world: &mut World) {
    apt18(world);
    dragonfly(world);
    threat_group_3390(world);
    portal(world);
    service_account(world);
    forgotten_server(world);
}

fn apt18(world: &mut World) {
    for (day, hour, minute) in [(10, 1, 34), (12, 2, 11), (15, 1, 50), (17, 3, 5)] {
        let at = Moment::at(day, hour, minute);
        let mark = mark(&APT18, "access");
        let mut visit = intrusion((at, 4_300), "hannes.busch", APT18_HOST, "DESKTOP-7QJ2KME", mark);
        for (to, after) in [(Channel::Desk1, 240), (Channel::Desk2, 262)] {
            let when = at.plus(after);
            visit.calls.push(Call::new(when, when, To::Share(to), "hannes.busch"));
        }
        let to = To::PasswordShell(Channel::Files);
        visit.calls.push(Call::new(at.plus(700), at.plus(2_900), to, "hannes.busch"));
        world.visit(visit);
    }
}

fn dragonfly(world: &mut World) {
    let user = "philipp.roth";
    world.journal.mark(Some(mark(&DRAGONFLY, "access")));
    for (day, hour) in [(9, 21), (11, 18)] {
        let at = Moment::at(day, hour, 26);
        let client = Client { user, ip: DRAGONFLY_FIRST, agent: iis::CHROME };
        iis::web_mail(&mut world.journal, (at, at.plus(1_900)), &client, None);
    }
    let at = Moment::at(16, 18, 50);
    let first = mark(&DRAGONFLY, "persist");
    world.visit(intrusion((at, 1_500), user, DRAGONFLY_LATER, "DESKTOP-90LMQ1V", first));
    let at = Moment::at(18, 19, 14);
    let chain = mark(&DRAGONFLY, "inside");
    let mut visit = intrusion((at, 5_600), user, DRAGONFLY_LATER, "DESKTOP-90LMQ1V", chain);
    let desk = To::Desktop(Channel::Desk1);
    visit.calls.push(Call::new(at.plus(200), at.plus(5_200), desk, user));
    world.visit(visit);
    for (to, after) in [(Channel::Desk2, 900), (Channel::Jump, 1_700)] {
        let call = Call::new(at.plus(after), at.plus(after + 2_000), To::Desktop(to), user);
        world.call(call, Ipv4Addr::new(10, 20, 1, 21), "TS-1", Some(chain));
    }
}

fn threat_group_3390(world: &mut World) {
    let user = "nora.lindner";
    for (day, hour) in [(8, 23), (10, 23)] {
        let at = Moment::at(day, hour, 8);
        let access = mark(&THREAT_GROUP_3390, "access");
        let mut visit = intrusion((at, 3_000), user, TG3390_FIRST, "WIN-8ROB0TKQ1", access);
        let to = To::PasswordShell(Channel::Database);
        visit.calls.push(Call::new(at.plus(400), at.plus(1_900), to, user));
        world.visit(visit);
    }
    world.journal.mark(None);
    life::help(world, Moment::at(11, 9, 35), user, "Nora Lindner");
    world.journal.mark(Some(mark(&THREAT_GROUP_3390, "access")));
    let caller = TG3390_FIRST.to_string();
    for minute in [2, 4] {
        let at = Moment::at(11, 22, minute);
        radius::rejected(&mut world.journal, at, user, Asks { client: "vpn-1", caller: &caller });
        asa::rejected(&mut world.journal, at, user, TG3390_FIRST);
    }
    world.journal.mark(Some(mark(&THREAT_GROUP_3390, "re-enter")));
    for (day, hour) in [(12, 1), (13, 0)] {
        let at = Moment::at(day, hour, 17);
        let client = Client { user: "ulrich.stein", ip: TG3390_SECOND, agent: iis::FIREFOX };
        iis::web_mail(&mut world.journal, (at, at.plus(1_300)), &client, None);
    }
    world.journal.mark(None);
}

/// What is done to the gateway.
const PORTAL: &[&str] = &[
    "import webvpn customization DfltCustomization disk0:/tmp/dflt.xml",
    "import webvpn webcontent /+CSCOU+/logon.js disk0:/tmp/logon.js",
    "write memory",
];

fn portal(world: &mut World) {
    let at = Moment::at(17, 23, 48);
    let mark = mark(&THREAT_GROUP_3390_DOOR, "persist");
    let mut visit = intrusion((at, 2_100), "adm-peters", TG3390_DOOR, "WIN-8ROB0TKQ1", mark);
    let when = at.plus(320);
    visit.calls.push(Call::new(when, when, To::Gateway(PORTAL), "adm-peters"));
    world.visit(visit);
}

fn service_account(world: &mut World) {
    let at = Moment::at(13, 3, 12);
    let mark = mark(&SERVICE_ACCOUNT, "access");
    let mut visit = intrusion((at, 2_700), "svc-backup", BACKUP_THIEF, "kali", mark);
    let to = To::PasswordShell(Channel::Database);
    visit.calls.push(Call::new(at.plus(310), at.plus(2_200), to, "svc-backup"));
    world.visit(visit);
}

fn forgotten_server(world: &mut World) {
    let at = Moment::at(6, 4, 21);
    let mark = mark(&FORGOTTEN_SERVER, "access");
    let to = To::Desktop(Channel::OldErp);
    let call = Call::new(at, at.plus(3_400), to, "petra.winkler");
    world.call(call, RDP_THIEF, "WIN-PQ0T3LL", Some(mark));
}
