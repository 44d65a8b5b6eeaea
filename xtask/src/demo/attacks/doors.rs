//! Mail and Citrix from outside: Dragonfly's spray, `OilRig`'s working days, and a leaver.

use std::net::Ipv4Addr;

use super::{Campaign, intrusion, mark};
use crate::demo::{
    clock::Moment,
    company::PEOPLE,
    doors::{
        iis::{self, Client},
        netscaler, okta,
    },
    random::Random,
    world::World,
};

const SPRAYER: Ipv4Addr = Ipv4Addr::new(46, 101, 183, 77);

pub(super) const DRAGONFLY_SPRAY: Campaign = Campaign {
    id: "dragonfly-spray",
    group: "Dragonfly 2.0",
    needs_history: false,
    accounts: &["silke.otto"],
    sources: &[SPRAYER],
    services: &["owa"],
    detectors: &["password-spray", "success-after-guessing"],
    severity: "high",
    story: "One rented server tries one password on the mail of everybody within fifty minutes; silke.otto's is right, and half an hour later her mail is read from there.",
};

const OILRIG_HOST: Ipv4Addr = Ipv4Addr::new(109, 201, 140, 28);

pub(super) const OILRIG: Campaign = Campaign {
    id: "oilrig-working-days",
    group: "OilRig",
    needs_history: true,
    accounts: &["sabine.krug"],
    sources: &[OILRIG_HOST],
    services: &["citrix", "owa"],
    detectors: &[
        "new-source",
        "unusual-sign-in",
        "first-use-of-service",
        "hosted-source",
        "unusual-hours",
    ],
    severity: "medium",
    story: "sabine.krug, who never used Citrix, does so from Saturday to Wednesday, always between eight and half past four in the zone of UTC+3:30, and reads mail in between.",
};

const LEAVER_HOME: Ipv4Addr = Ipv4Addr::new(84, 163, 92, 14);

pub(super) const LEAVER: Campaign = Campaign {
    id: "leaver-returns",
    group: "insider",
    needs_history: false,
    accounts: &["bernd.lorenz"],
    sources: &[LEAVER_HOME],
    services: &["vpn", "owa"],
    detectors: &["departed-account"],
    severity: "high",
    story: "bernd.lorenz left on 27 February, and nobody closed the account: on 11 March it reads mail and comes by VPN from a home line.",
};

pub(super) fn happen(world: &mut World) {
    spray(world);
    oilrig(world);
    leaver(world);
}

fn spray(world: &mut World) {
    let mut random = Random::new(world.seed, "spray");
    world.journal.mark(Some(mark(&DRAGONFLY_SPRAY, "probe")));
    let mut now = Moment::at(8, 20, 3);
    for person in PEOPLE {
        if person.account != "silke.otto" {
            let client = Client {
                user: person.account,
                ip: SPRAYER,
                agent: "ExchangeServicesClient/0.0.0.0",
            };
            iis::wrong_service(&mut world.journal, now, &client);
        }
        now = now.plus(random.between(55, 92));
    }
    world.journal.mark(Some(mark(&DRAGONFLY_SPRAY, "access")));
    let at = now.plus(1_800);
    let client = Client { user: "silke.otto", ip: SPRAYER, agent: iis::FIREFOX };
    iis::web_mail(&mut world.journal, (at, at.plus(2_400)), &client, None);
    world.journal.mark(None);
}

fn oilrig(world: &mut World) {
    let mut random = Random::new(world.seed, "oilrig");
    world.journal.mark(Some(mark(&OILRIG, "persist")));
    let user = "sabine.krug";
    for day in 12..=16 {
        // Eight o'clock in Tehran is half past five in Berlin.
        let at = Moment::at(day, 5, 30).plus(random.between(300, 2_400));
        let until = at.plus(random.between(9_000, 14_000));
        let client = netscaler::Client { user, ip: OILRIG_HOST, agent: okta::CHROME };
        netscaler::session(&mut world.journal, (at, until), &client, random.below(900_000));
        let mail = until.plus(random.between(900, 4_000));
        let client = Client { user, ip: OILRIG_HOST, agent: iis::CHROME };
        iis::web_mail(&mut world.journal, (mail, mail.plus(1_700)), &client, None);
    }
    world.journal.mark(None);
}

fn leaver(world: &mut World) {
    let at = Moment::at(9, 20, 15);
    world.journal.mark(Some(mark(&LEAVER, "access")));
    let client = Client { user: "bernd.lorenz", ip: LEAVER_HOME, agent: iis::CHROME };
    iis::web_mail(&mut world.journal, (at, at.plus(900)), &client, None);
    world.journal.mark(None);
    let mark = mark(&LEAVER, "access");
    world.visit(intrusion((at.plus(1_300), 2_000), "bernd.lorenz", LEAVER_HOME, "HOME-PC", mark));
}
