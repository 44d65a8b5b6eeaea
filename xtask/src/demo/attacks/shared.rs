//! FIN5: several accounts and doors, from two rented networks.

use std::net::Ipv4Addr;

use super::{Campaign, intrusion, mark};
use crate::demo::{
    channel::Channel,
    clock::Moment,
    doors::{netscaler, okta},
    plan::{Call, To},
    world::World,
};

const FIRST: Ipv4Addr = Ipv4Addr::new(95, 211, 44, 160);
const SECOND: Ipv4Addr = Ipv4Addr::new(37, 120, 143, 52);

pub(super) const FIN5: Campaign = Campaign {
    id: "fin5-two-networks",
    group: "FIN5",
    needs_history: false,
    accounts: &["dieter.lang", "rene.hartung", "leonie.haas", "georg.thiel", "carmen.schulte"],
    sources: &[FIRST, SECOND],
    services: &["vpn", "citrix", "rdp", "vnc"],
    detectors: &["shared-source", "concentrator-bypass"],
    severity: "high",
    story: "Three accounts come by VPN from one rented network within three hours, open desktops and one of them Citrix. The next night two others come from a second rented network: one by Citrix, one straight to the screen of a drawing office's workstation that somebody had made reachable from outside.",
};

pub(super) fn happen(world: &mut World) {
    let at = Moment::at(15, 22, 4);
    for (user, after) in [("dieter.lang", 0), ("rene.hartung", 4_100), ("leonie.haas", 8_900)] {
        let at = at.plus(after);
        let inside = mark(&FIN5, "access");
        let mut visit = intrusion((at, 3_500), user, FIRST, "DESKTOP-J5R8T2W", inside);
        let to = To::Desktop(Channel::Desk2);
        visit.calls.push(Call::new(at.plus(230), at.plus(3_000), to, user));
        world.visit(visit);
    }
    world.journal.mark(Some(mark(&FIN5, "persist")));
    let citrix = |world: &mut World, at: Moment, user: &'static str, ip: Ipv4Addr| {
        let client = netscaler::Client { user, ip, agent: okta::FIREFOX };
        let number = u64::try_from(at.0 / 1_000 % 800_000).unwrap_or(7);
        netscaler::session(&mut world.journal, (at, at.plus(2_700)), &client, number);
    };
    citrix(world, at.plus(5_000), "dieter.lang", FIRST);
    let second = Moment::at(16, 23, 10);
    citrix(world, second, "carmen.schulte", SECOND);
    world.journal.mark(None);
    let when = second.plus(1_900);
    let call = Call::new(when, when.plus(2_400), To::Screen, "georg.thiel");
    world.call(call, SECOND, "", Some(mark(&FIN5, "persist")));
}
