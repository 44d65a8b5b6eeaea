//! The internet tries every door all day: hundreds of sources, names that nobody has.

use std::net::Ipv4Addr;

use super::machines::random_source;
use crate::demo::{
    channel::Channel,
    clock::{DAYS, Moment},
    doors::{
        asa, iis, netscaler,
        radius::{self, Asks},
        sshd::{self, Connection},
        vnc,
        windows::{self, Visitor},
    },
    random::Random,
    world::World,
};

/// Names that machines guess.
const NAMES: &[&str] = &[
    "admin",
    "test",
    "ubuntu",
    "oracle",
    "postgres",
    "git",
    "user",
    "ftpuser",
    "hadoop",
    "pi",
    "guest",
    "minecraft",
    "steam",
    "jenkins",
    "ansible",
    "www",
    "mysql",
    "tomcat",
    "nagios",
    "deploy1",
    "dev",
    "support",
    "backup",
    "server",
    "es",
    "odoo",
    "zabbix",
    "vagrant",
    "es1",
    "operator",
    "validator",
    "sol",
    "node",
    "elastic",
    "gitlab",
    "teamspeak",
    "dolphinscheduler",
];

/// Names that are guessed where people have mail.
const OFFICE_NAMES: &[&str] = &[
    "administrator",
    "info",
    "vertrieb",
    "scanner",
    "buchhaltung",
    "test",
    "kontakt",
    "sales",
    "empfang",
    "bewerbung",
    "service",
    "helpdesk",
    "mueller",
    "schmidt",
    "conference",
    "reception",
];

/// All of it.
pub(super) fn of_the_internet(world: &mut World) {
    let mut random = Random::new(world.seed, "noise");
    for _ in 0..330 {
        let ip = random_source(&mut random);
        shell(world, &mut random, ip);
    }
    for _ in 0..90 {
        let ip = random_source(&mut random);
        gateway(world, &mut random, ip);
    }
    for _ in 0..80 {
        let ip = random_source(&mut random);
        mail(world, &mut random, ip);
    }
    for _ in 0..130 {
        let ip = random_source(&mut random);
        old_server(world, &mut random, ip);
    }
    for _ in 0..25 {
        let ip = random_source(&mut random);
        other_doors(world, &mut random, ip);
    }
}

/// When a source comes, and how many seconds lie between its tries.
fn rhythm(random: &mut Random) -> (Moment, i64) {
    let start = Moment::at(0, 0, 0).plus(random.between(0, DAYS * 86_400 - 7_200));
    let pause = random.pick(&[4i64, 9, 20, 45, 400, 1_900]);
    (start, pause)
}

fn until_end(at: Moment) -> bool {
    at < Moment::at(DAYS, 0, 0)
}

fn shell(world: &mut World, random: &mut Random, ip: Ipv4Addr) {
    let (mut now, pause) = rhythm(random);
    let tries = random.pick(&[1u64, 3, 6, 9, 14, 24]);
    for _ in 0..tries {
        let port = 32_768 + random.below(28_000);
        let user = random.pick(NAMES);
        let connection = Connection { to: Channel::Gate, user, ip, port };
        let journal = &mut world.journal;
        match random.below(20) {
            0..=1 => sshd::looked(journal, now, &connection),
            2..=7 => sshd::failed(journal, now, &Connection { user: "root", ..connection }),
            _ => sshd::unknown(journal, now, &connection),
        }
        now = now.plus(pause + random.between(0, 6));
        if !until_end(now) {
            return;
        }
    }
}

fn gateway(world: &mut World, random: &mut Random, ip: Ipv4Addr) {
    let (mut now, pause) = rhythm(random);
    let caller = ip.to_string();
    for _ in 0..=random.below(11) {
        let user = random.pick(OFFICE_NAMES);
        let port = random.port();
        asa::handshake(&mut world.journal, now.plus(-1), ip, port);
        if random.chance(400) {
            asa::unknown(&mut world.journal, now, user, ip);
        } else {
            radius::unknown(
                &mut world.journal,
                now,
                user,
                Asks { client: "vpn-1", caller: &caller },
            );
            asa::rejected(&mut world.journal, now, user, ip);
        }
        now = now.plus(pause + random.between(2, 30));
        if !until_end(now) {
            return;
        }
    }
}

fn mail(world: &mut World, random: &mut Random, ip: Ipv4Addr) {
    let (mut now, pause) = rhythm(random);
    for _ in 0..=random.below(12) {
        if random.chance(600) {
            iis::wrong_form(&mut world.journal, now, ip, iis::CHROME);
        } else {
            let user = random.pick(OFFICE_NAMES);
            let client = iis::Client { user, ip, agent: "Microsoft+Office/16.0" };
            iis::wrong_service(&mut world.journal, now, &client);
        }
        now = now.plus(pause + random.between(3, 20));
        if !until_end(now) {
            return;
        }
    }
}

/// The forgotten server has had no rest for years.
fn old_server(world: &mut World, random: &mut Random, ip: Ipv4Addr) {
    let (mut now, pause) = rhythm(random);
    let device = random.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 7);
    let device = format!("WIN-{device}");
    for _ in 0..random.pick(&[1u64, 2, 5, 12, 22]) {
        let user = random.pick(&["ADMINISTRATOR", "ADMIN", "USER", "TEST", "SCAN", "BACKUP1"]);
        let visitor = Visitor { to: Channel::OldErp, user, ip, device: &device };
        let is_real = user == "ADMINISTRATOR";
        let why = if is_real { "0xc000006a" } else { "0xc0000064" };
        windows::failed(&mut world.journal, now, &visitor, why);
        now = now.plus(pause + random.between(1, 9));
        if !until_end(now) {
            return;
        }
    }
}

fn other_doors(world: &mut World, random: &mut Random, ip: Ipv4Addr) {
    let (mut now, pause) = rhythm(random);
    for _ in 0..=random.below(5) {
        if random.chance(500) {
            let user = random.pick(OFFICE_NAMES);
            let client = netscaler::Client { user, ip, agent: "Mozilla/5.0" };
            netscaler::failed(&mut world.journal, now, &client);
        } else {
            let port = random.port();
            vnc::failed(&mut world.journal, now, ip, port);
        }
        now = now.plus(pause + random.between(10, 60));
        if !until_end(now) {
            return;
        }
    }
}
