//! Ke3chang: a stolen certificate comes back after the password was changed.

use std::net::Ipv4Addr;

use super::{Campaign, mark};
use crate::demo::{
    channel::Channel,
    clock::Moment,
    company::{Way, person_of},
    life,
    plan::{Call, Device, To, Visit},
    world::World,
};

const HOST: Ipv4Addr = Ipv4Addr::new(45, 32, 108, 91);

pub(super) const KE3CHANG: Campaign = Campaign {
    id: "ke3chang-certificate",
    group: "Ke3chang",
    needs_history: false,
    accounts: &["claudia.berg"],
    sources: &[HOST],
    services: &["vpn"],
    detectors: &["certificate-reuse"],
    severity: "high",
    story: "claudia.berg's VPN certificate is used from a rented server on another computer while she works at home with it. IT resets her password, which does not help: the certificate opens the door again a week later, again beside her own session.",
};

pub(super) fn happen(world: &mut World) {
    let Some((_, person)) = person_of("claudia.berg") else { return };
    let device = Device::named("DESKTOP-K2V4H7C", "Windows 4.10.08029");
    for (day, phase) in [(9, "access"), (16, "re-enter")] {
        let at = Moment::at(day, 10, 41);
        let hours = (at, at.plus(2_600));
        let mut visit = Visit::new(hours, person.account, HOST, Way::Certificate, device.clone());
        visit.mark = Some(mark(&KE3CHANG, phase));
        let to = To::Share(Channel::Desk1);
        visit.calls.push(Call::new(at.plus(380), at.plus(380), to, person.account));
        world.visit(visit);
    }
    life::help(world, Moment::at(10, 8, 50), person.account, person.name);
}
