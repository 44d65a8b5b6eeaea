//! The attacks that are hidden in the logs, and what the truth says of each.

mod certificate;
mod doors;
mod footholds;
mod modern;
mod shared;

use std::net::Ipv4Addr;

pub(crate) use self::modern::stolen;
use super::{
    clock::Moment,
    company::Way,
    journal::Mark,
    plan::{Device, Visit},
    world::World,
};

/// An attack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Campaign {
    /// Its id.
    pub(crate) id: &'static str,
    /// Who is known to do such things.
    pub(crate) group: &'static str,
    /// Whether it shows only against what the account usually does.
    pub(crate) needs_history: bool,
    /// Accounts that were used.
    pub(crate) accounts: &'static [&'static str],
    /// Addresses that it came from.
    pub(crate) sources: &'static [Ipv4Addr],
    /// Doors, as the outputs word them.
    pub(crate) services: &'static [&'static str],
    /// Detectors that should speak; one is enough.
    pub(crate) detectors: &'static [&'static str],
    /// What the incident should be at least.
    pub(crate) severity: &'static str,
    /// What happened, in plain words.
    pub(crate) story: &'static str,
}

/// All attacks.
pub(crate) const CAMPAIGNS: &[Campaign] = &[
    footholds::FORGOTTEN_SERVER,
    footholds::APT18,
    footholds::DRAGONFLY,
    doors::DRAGONFLY_SPRAY,
    certificate::KE3CHANG,
    doors::OILRIG,
    footholds::THREAT_GROUP_3390,
    footholds::THREAT_GROUP_3390_DOOR,
    shared::FIN5,
    modern::SCATTERED_SPIDER,
    modern::TOKEN_THEFT,
    modern::AKIRA,
    doors::LEAVER,
    footholds::SERVICE_ACCOUNT,
];

/// Writes all attacks.
pub(crate) fn attack(world: &mut World) {
    footholds::happen(world);
    doors::happen(world);
    certificate::happen(world);
    shared::happen(world);
    modern::happen(world);
    world.journal.mark(None);
}

const fn mark(campaign: &Campaign, phase: &'static str) -> Mark {
    Mark { campaign: campaign.id, phase }
}

/// A visit of an attacker: the gateway's old group, which asks for no second factor.
fn intrusion(
    (at, seconds): (Moment, i64),
    user: &'static str,
    ip: Ipv4Addr,
    device: &str,
    mark: Mark,
) -> Visit {
    let device = Device::named(device, "Windows 4.10.08029");
    let mut visit = Visit::new((at, at.plus(seconds)), user, ip, Way::Legacy, device);
    visit.mark = Some(mark);
    visit
}
