//! The internet tries every door all day: hundreds of sources, names that nobody has, and a slow trickle of real ones.

use crate::{
    company::machines::{Machine, Os, Program},
    config::Config,
    doors::{Refusal, sshd::Server},
    places::{NETWORKS, NetworkId, Origin, Use},
    random::Random,
    world::{
        World,
        act::{Act, Door, What, Who},
    },
};

/// Names that machines guess.
const NAMES: &[&str] = &[
    "root",
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
    "jenkins",
    "ansible",
    "www",
    "mysql",
    "tomcat",
    "nagios",
    "dev",
    "support",
    "backup",
    "server",
    "odoo",
    "zabbix",
    "vagrant",
    "operator",
    "administrator",
    "info",
    "sales",
    "scanner",
    "helpdesk",
    "office",
    "accounting",
    "marketing",
    "contact",
    "conference",
    "training",
    "m.mueller",
    "j.smith",
    "p.garcia",
    "kumar",
    "veeam",
];

/// Sources that come again and again.
const SOURCES: usize = 420;

/// A day of it.
pub(super) fn of_the_internet(world: &mut World<'_>, day: i64) {
    let mut random = Random::of(world.seed, "noise", 0, day);
    let share = Config::permille(world.config.noise);
    let tries = share * world.config.people as u64 / 1_000;
    let mut left = tries;
    while 0 < left {
        let count = random.pick(&[1u64, 1, 2, 3, 5, 8, 14]).min(left);
        left -= count;
        guess(world, day, count, &mut random);
    }
    // The floor: one try of a real account a time, each from another source.
    for _ in 0..(tries / 25).max(1) {
        let target = random.place(world.company.staff);
        let at = world.start.plus(day * 86_400 + random.between(0, 86_399));
        let door = random.pick(&[0usize, 0, 1, 2]);
        let door =
            [Door::SignIn, Door::Tunnel, Door::Services].get(door).copied().unwrap_or(Door::SignIn);
        let from = source(world.seed, &mut random);
        world.today(act(at, Who::Account(target), from, What::Refused(door, Refusal::Password)));
    }
}

/// One of the sources.
fn source(seed: u64, random: &mut Random) -> Origin {
    let mut own = Random::of(seed, "source", random.place(SOURCES), 0);
    loop {
        let at = own.place(NETWORKS.len());
        let Some(network) = NETWORKS.get(at) else { continue };
        if matches!(network.of, Use::Hosting | Use::Isp) && 0 < network.share {
            return NetworkId::named(network.name).address(&mut own);
        }
    }
}

fn guess(world: &mut World<'_>, day: i64, count: u64, random: &mut Random) {
    let from = source(world.seed, random);
    let first = world.start.plus(day * 86_400 + random.between(0, 80_000));
    let pause = random.pick(&[3i64, 8, 20, 45, 300]);
    let door = match random.below(10) {
        0..4 => Door::Shell(Server::Bastion),
        4..6 => Door::Jump,
        6..7 => Door::Form,
        7..8 => Door::SignIn,
        8..9 if random.chance(300) => Door::Citrix,
        _ => Door::Tunnel,
    };
    for number in 0..count {
        let number = i64::try_from(number).unwrap_or(0);
        let at = first.plus(number * (pause + random.between(0, 4)));
        let who = Who::Name(random.pick(NAMES).to_owned());
        world.today(act(at, who, from, What::Refused(door, Refusal::Unknown)));
    }
}

fn act(at: crate::moment::Moment, who: Who, from: Origin, what: What) -> Act {
    let mut random = Random::of(41, &from.ip.to_string(), 0, 0);
    let name = format!("WIN-{}", random.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 7));
    let mut machine = Machine::new(&mut random, name, Os::Windows);
    machine.program = if random.chance(500) { Program::Script } else { Program::Chrome };
    machine.id.clear();
    Act { at, until: at, who, from, machine, what, mark: None }
}
