//! What runs without people, and the administrators' own work.

use crate::demo::{
    channel::Channel,
    clock::{DAYS, Moment},
    company::person_of,
    doors::{asa, sshd, windows},
    life::{Whereabouts, whereabouts},
    places::{EVERYWHERE, own},
    plan::{Call, To},
    random::Random,
    world::World,
};

/// All of it.
pub(super) fn run(world: &mut World) {
    for day in 0..DAYS {
        let mut random = Random::new(world.seed, &format!("machines {day}"));
        back_up(world, &mut random, day);
        deploy(world, &mut random, day);
        windows_itself(world, &mut random, day);
        linux_itself(world, day);
        refused_packets(world, &mut random, day);
    }
    administer(world);
    workshop(world);
}

/// `svc-backup` visits every Linux server at night, always from its own address.
fn back_up(world: &mut World, random: &mut Random, day: i64) {
    let servers = [Channel::Files, Channel::Database, Channel::Gate];
    for (server, minute) in servers.into_iter().zip([12, 41, 70]) {
        let at = Moment::at(day, 1, minute).plus(random.between(0, 40));
        let until = at.plus(random.between(300, 1_500));
        let call = Call::new(at, until, To::Shell(server), "svc-backup");
        world.call(call, own::BACKUP, "bkp-1", None);
    }
}

/// The build server deploys on working days.
fn deploy(world: &mut World, random: &mut Random, day: i64) {
    if 5 <= day.rem_euclid(7) {
        return;
    }
    for _ in 0..random.below(6) {
        let at = Moment::at(day, 10, random.between(0, 440));
        let until = at.plus(random.between(5, 60));
        let call = Call::new(at, until, To::Shell(Channel::Files), "deploy");
        world.call(call, own::BUILD, "build-1", None);
    }
}

fn windows_itself(world: &mut World, random: &mut Random, day: i64) {
    for of in [Channel::Desk1, Channel::Desk2, Channel::Jump, Channel::OldErp] {
        for hour in 0..24 {
            for _ in 0..=random.below(2) {
                let at = Moment::at(day, hour, random.between(0, 59)).plus(random.between(0, 59));
                windows::own(&mut world.journal, of, at);
            }
        }
    }
}

/// Cron runs on every server; on the second Wednesday the power fails in the office.
fn linux_itself(world: &mut World, day: i64) {
    for of in [Channel::Gate, Channel::Files, Channel::Database] {
        for hour in 0..24 {
            sshd::cron(&mut world.journal, of, Moment::at(day, hour, 17).plus(1));
        }
        if day == 9 {
            sshd::cut(&mut world.journal, of, Moment::at(day, 5, 2));
        }
    }
}

/// The access list refuses scanners, and lets them through to the server that everybody forgot.
fn refused_packets(world: &mut World, random: &mut Random, day: i64) {
    for _ in 0..70 {
        let at = Moment::at(day, 0, 0).plus(random.between(0, 86_399));
        let ip = random_source(random);
        let host = u8::try_from(random.between(2, 250)).unwrap_or(9);
        let port = random.pick(&[22u16, 23, 445, 3389, 5900, 5985, 8443, 8080]);
        let from = random.port();
        if random.chance(60) {
            asa::built(&mut world.journal, at, ip, from, ("10.20.1.77", 3389));
        } else {
            asa::denied(&mut world.journal, at, ip, from, (host, port));
        }
    }
}

/// An address from anywhere.
pub(super) fn random_source(random: &mut Random) -> std::net::Ipv4Addr {
    let at = usize::try_from(random.below(EVERYWHERE.len() as u64)).unwrap_or(0);
    let network = EVERYWHERE.iter().copied().nth(at);
    network.map_or(std::net::Ipv4Addr::LOCALHOST, |it| it.address(random))
}

/// What the administrators change at the gateway in three weeks: day, hour, minute, commands.
const CHANGES: &[(i64, i64, i64, &[&str])] = &[
    (1, 10, 12, &["object network PRINTER-7", "host 10.20.6.17", "write memory"]),
    (
        3,
        15,
        40,
        &["access-list outside_in extended deny tcp any host 203.0.113.55 eq 445", "write memory"],
    ),
    (4, 11, 5, &["group-policy VPN-Staff attributes", "vpn-idle-timeout 45", "write memory"]),
    (8, 9, 50, &["username rao attributes", "vpn-filter value CONTRACTORS", "write memory"]),
    (10, 16, 20, &["logging buffer-size 1048576", "write memory"]),
    (
        15,
        10,
        33,
        &["tunnel-group VPN-SSO webvpn-attributes", "group-alias sso enable", "write memory"],
    ),
    (17, 9, 15, &["object network PRINTER-9", "host 10.20.6.19", "write memory"]),
    (18, 14, 2, &["crypto ca trustpoint VPN-CA", "revocation-check crl", "write memory"]),
];

/// The gateway is configured from the administrators' own network, by whoever of the two is in the office.
fn administer(world: &mut World) {
    for (day, hour, minute, commands) in CHANGES {
        let is_in = |account: &str| {
            let place = person_of(account).map(|it| whereabouts(world.seed, it.1, *day));
            place == Some(Whereabouts::Office)
        };
        let (account, desk) =
            if is_in("yvonne.peters") { ("adm-peters", 1) } else { ("adm-maurer", 0) };
        let Some(ip) = own::MANAGEMENT.get(desk) else { continue };
        let at = Moment::at(*day, *hour, *minute);
        let call = Call::new(at, at, To::Gateway(commands), account);
        world.call(call, *ip, "mgmt", None);
    }
}

/// The workshop shares an account, and a desktop.
fn workshop(world: &mut World) {
    for day in (0..DAYS).filter(|it| it.rem_euclid(7) < 5) {
        let mut random = Random::new(world.seed, &format!("workshop {day}"));
        for (from, until) in [(6, 13), (14, 21)] {
            let at = Moment::at(day, from, random.between(0, 20));
            let end = Moment::at(day, until, random.between(0, 30));
            let call = Call::new(at, end, To::Desktop(Channel::Desk2), "werkstatt");
            world.call(call, std::net::Ipv4Addr::new(10, 20, 7, 5), "WS-TERMINAL", None);
        }
    }
}
