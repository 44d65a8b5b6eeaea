//! Carries out what somebody does: every door it passes writes its records.

use std::net::{IpAddr, Ipv4Addr};

use super::{
    World,
    act::{Act, Door, Factor, Help, Trouble, What, Who},
    identity,
    weigh::Tells,
};
use crate::{
    company::sites::{Gateway, Idp},
    doors::{
        Answer, Caller, Refusal,
        asa::{self, Asa},
        citrix, duo, entra,
        global_protect::Protect,
        iis, okta,
        radius::{self, Asks},
        sshd, windows,
    },
    journal::{Channel, Journal},
    moment::Moment,
    places::Origin,
    random::Random,
};

/// How long a session at the identity provider lasts, in seconds.
const STAYS_SECONDS: i64 = 9 * 3_600;

/// The application that old mail programs sign in to.
const MAIL: &str = "Office 365 Exchange Online";

/// A gateway, whoever made it.
#[derive(Debug, Clone, Copy)]
enum Concentrator {
    Cisco(Asa),
    PaloAlto(Protect),
}

/// Offices at which gateways stand: Berlin, Boston, Bengaluru.
pub(crate) const fn gateway_site(gateway: Gateway) -> usize {
    match gateway {
        Gateway::Europe => 0,
        Gateway::America => 3,
        Gateway::Asia => 5,
    }
}

/// Whether a gateway asks for a second factor.
pub(crate) const fn wants_factor(gateway: Gateway) -> bool {
    !matches!(gateway, Gateway::Asia)
}

impl World<'_> {
    /// Does it.
    pub(crate) fn carry_out(&mut self, act: &Act) {
        self.journal.mark(act.mark);
        let is_help = matches!(act.what, What::Help(..));
        if let (Some(mark), true) = (act.mark, self.is_outside(act.from) && !is_help) {
            let ip = act.from.ip;
            if let Some(campaign) = self.campaign(mark) {
                campaign.sources.insert(ip);
            }
        }
        match &act.what {
            What::Tunnel { .. } => self.tunnel(act),
            What::SignIn { trouble, factor, apps } => self.sign_in(act, *trouble, *factor, *apps),
            What::Help(helper, help) => self.help(act, *helper, *help),
            What::Refused(door, why) => self.refuse(act, *door, *why),
            What::Enrol => self.enrol(act),
            _ => self.simple(act),
        }
    }

    /// Calls `tell` with the journal and who stands at the door.
    fn at_door(&mut self, act: &Act, tell: impl FnOnce(&mut Journal, &Caller<'_>)) {
        self.at_door_from(act, act.from.ip, tell);
    }

    fn at_door_from(
        &mut self,
        act: &Act,
        ip: IpAddr,
        tell: impl FnOnce(&mut Journal, &Caller<'_>),
    ) {
        let domain = self.domain(act.who.account().unwrap_or(usize::MAX), act.at);
        let (user, name) = match &act.who {
            Who::Account(at) => match self.company.people.get(*at) {
                Some(person) => (person.account.as_str(), person.name.as_str()),
                None => return,
            },
            Who::Name(name) => (name.as_str(), "unknown"),
        };
        let session = self.session_of(act, i64::MAX);
        let session =
            session.unwrap_or_else(|| session_id(user, &act.machine.browser_id, act.at.day()));
        let caller = Caller {
            session: &session,
            user,
            name,
            domain: &domain,
            netbios: &self.netbios,
            ip,
            machine: &act.machine,
        };
        tell(&mut self.journal, &caller);
    }

    fn gateway_of(&self, who: &Who, at: Moment) -> Gateway {
        let account = who.account().and_then(|it| self.person(it));
        account.map_or_else(
            || if at.0 / 1_000 % 3 == 0 { Gateway::America } else { Gateway::Europe },
            |it| it.gateway,
        )
    }

    fn concentrator(&self, gateway: Gateway, at: Moment) -> Concentrator {
        let replaced = self.config.events.replacement.first().copied();
        let is_replaced = replaced.is_some_and(|it| it <= self.day_of(at));
        match gateway {
            Gateway::Europe => {
                Concentrator::Cisco(Asa { channel: Channel::AsaEurope, name: "vpn-eu" })
            }
            Gateway::America if !is_replaced => {
                Concentrator::Cisco(Asa { channel: Channel::AsaAmerica, name: "vpn-us" })
            }
            Gateway::America => Concentrator::PaloAlto(Protect {
                channel: Channel::ProtectAmerica,
                name: "gp-us",
                serial: "012801064410",
            }),
            Gateway::Asia => Concentrator::PaloAlto(Protect {
                channel: Channel::ProtectAsia,
                name: "gp-asia",
                serial: "012801088213",
            }),
        }
    }

    fn tunnel(&mut self, act: &Act) {
        let What::Tunnel { trouble, factor, certificate, inner, .. } = &act.what else { return };
        let gateway = self.gateway_of(&act.who, act.at);
        let concentrator = self.concentrator(gateway, act.at);
        let pushes = if wants_factor(gateway) { trouble.pushes } else { Trouble::NONE.pushes };
        self.fail_at_gateway(act, concentrator, Trouble { pushes, ..*trouble });
        if *factor == Factor::Refused {
            return;
        }
        let Some(pool) = self.pools.get_mut(&gateway) else { return };
        let assigned = pool.lease(act.at, act.until);
        self.dial(act, gateway, assigned);
        let tells = match concentrator {
            Concentrator::Cisco(_) => Tells::Computer,
            Concentrator::PaloAlto(_) => Tells::Name,
        };
        self.weigh(act, "vpn", tells);
        if *factor == Factor::None && wants_factor(gateway) && !*certificate {
            self.is_weaker(act);
        }
        for call in inner {
            let mut call = call.clone();
            call.from = self.through(&call, gateway, Origin::inside(assigned));
            call.mark = act.mark;
            self.carry_out(&call);
        }
    }

    /// Writes how a client came in and went.
    fn dial(&mut self, act: &Act, gateway: Gateway, assigned: Ipv4Addr) {
        let What::Tunnel { factor, certificate, moves, .. } = &act.what else { return };
        let (at, until) = (act.at, act.until);
        let concentrator = self.concentrator(gateway, at);
        self.at_door(act, |journal, caller| {
            let subject = format!("cn={},ou=Staff,o=Nordlicht", caller.user);
            let serial = Random::new(19, caller.user).hex(20).to_uppercase();
            let mut proof = asa::Proof::Certificate(&subject, &serial);
            if !*certificate {
                proof = asa::Proof::Password;
                let ip = caller.ip.to_string();
                let asks = Asks { client: "vpn", caller: &ip };
                radius::accepted(journal, at.plus(-11), caller.user, asks);
            }
            match (factor, wants_factor(gateway) && !*certificate) {
                (Factor::Push, true) => duo::push(journal, at.plus(-3), caller, Answer::Approved),
                (Factor::Passcode, true) => duo::passcode(journal, at.plus(-3), caller),
                _ => {}
            }
            match concentrator {
                Concentrator::Cisco(asa) => {
                    asa.opened(journal, at, caller, proof, assigned);
                    if let Some((when, next)) = moves {
                        asa.resumed(journal, *when, caller, next.ip);
                    }
                    asa.closed(journal, until, caller, at, proof);
                }
                Concentrator::PaloAlto(protect) => {
                    protect.opened(journal, at, caller, assigned);
                    protect.closed(journal, until, caller, at, assigned);
                }
            }
        });
    }

    /// Where a call through the tunnel comes from, for who is called.
    fn through(&self, call: &Act, gateway: Gateway, assigned: Origin) -> Origin {
        let is_internet = matches!(call.what, What::SignIn { .. } | What::GoOn | What::Refresh);
        match (is_internet, gateway) {
            (false, _) => assigned,
            // In Europe everything goes through the tunnel and out of the gateway; elsewhere only what is inside.
            (true, Gateway::Europe) => {
                let site = self.company.sites.get(gateway_site(gateway));
                site.map_or(call.from, crate::company::sites::Site::gateway)
            }
            (true, Gateway::America | Gateway::Asia) => call.from,
        }
    }

    fn fail_at_gateway(&mut self, act: &Act, gateway: Concentrator, trouble: Trouble) {
        let (pushes, answer) = trouble.pushes;
        let count = i64::from(trouble.typos) + i64::from(pushes);
        let mut at = act.at.plus(-20 - 31 * count);
        self.at_door(act, |journal, caller| {
            let ip = caller.ip.to_string();
            let asks = Asks { client: "vpn", caller: &ip };
            for _ in 0..trouble.typos {
                radius::rejected(journal, at, caller.user, asks);
                refuse_at(journal, at.plus(1), caller, gateway, Refusal::Password);
                at = at.plus(31);
            }
            for _ in 0..pushes {
                duo::push(journal, at, caller, answer);
                at = at.plus(31);
            }
        });
    }

    fn sign_in(&mut self, act: &Act, trouble: Trouble, factor: Factor, apps: u8) {
        let idp = act.who.account().and_then(|it| self.person(it)).map_or(Idp::Okta, |it| it.idp);
        let mut random = Random::of(self.seed, "apps", act.who.account().unwrap_or(0), act.at.0);
        let goes_on = act.mark.is_none() && trouble.pushes.0 == 0 && random.chance(700);
        if goes_on && self.session_of(act, STAYS_SECONDS).is_some() {
            self.at_door(act, |journal, caller| {
                identity::open_apps(journal, act.at, caller, idp, (apps, &mut random));
            });
            return self.weigh(
                act,
                "idp",
                if idp == Idp::Okta { Tells::Cookie } else { Tells::Device },
            );
        }
        if factor != Factor::Refused {
            self.begin_session(act);
        }
        self.at_door(act, |journal, caller| match idp {
            Idp::Okta => {
                identity::at_okta(journal, act.at, caller, (trouble, factor), (apps, &mut random));
            }
            Idp::Entra => {
                identity::at_entra(journal, act.at, caller, (trouble, factor), (apps, &mut random));
            }
        });
        if factor == Factor::Refused {
            return;
        }
        match idp {
            Idp::Okta => self.weigh(act, "idp", Tells::Cookie),
            Idp::Entra => self.weigh(act, "idp", Tells::Device),
        }
        // Okta asks for a factor every time, Entra remembers it for a while.
        if factor == Factor::None || (idp == Idp::Okta && factor == Factor::Remembered) {
            self.is_weaker(act);
        }
    }

    /// A session begins at the identity provider.
    fn begin_session(&mut self, act: &Act) {
        let Some(account) = act.who.account() else { return };
        let browser = act.machine.browser_id.clone();
        let id = session_id(&account.to_string(), &browser, act.at.0);
        self.sessions.insert((account, browser), (act.at, id));
    }

    /// The last session of a browser, where it began at most some seconds ago.
    fn session_of(&self, act: &Act, most_seconds: i64) -> Option<String> {
        let key = (act.who.account()?, act.machine.browser_id.clone());
        let (began, id) = self.sessions.get(&key)?;
        let age = act.at.since(*began);
        (0 <= age && age < most_seconds).then(|| id.clone())
    }

    /// Somebody got in with less than the owner has to show.
    fn is_weaker(&mut self, act: &Act) {
        if let Some(campaign) = act.mark.and_then(|it| self.campaign(it)) {
            campaign.explained_by.insert("method");
        }
    }

    fn refuse(&mut self, act: &Act, door: Door, why: Refusal) {
        let gateway = self.concentrator(self.gateway_of(&act.who, act.at), act.at);
        let idp = act.who.account().and_then(|it| self.person(it)).map_or(Idp::Entra, |it| it.idp);
        let at = act.at;
        self.at_door(act, |journal, caller| match door {
            Door::Tunnel => {
                let ip = caller.ip.to_string();
                let asks = Asks { client: "vpn", caller: &ip };
                match why {
                    Refusal::Unknown => radius::unknown(journal, at, caller.user, asks),
                    Refusal::Password | Refusal::Expired | Refusal::Disabled => {
                        radius::rejected(journal, at, caller.user, asks);
                    }
                }
                refuse_at(journal, at.plus_millis(300), caller, gateway, why);
            }
            Door::SignIn => match idp {
                Idp::Okta => okta::refused(journal, at, caller, "INVALID_CREDENTIALS"),
                Idp::Entra => {
                    entra::sign_in(journal, at, caller, MAIL, entra::How::Refused(why));
                }
            },
            Door::Form => iis::wrong_form(journal, at, caller.ip, &caller.machine.agent()),
            Door::Services => {
                iis::service(journal, at, caller, "Microsoft Office/16.0", iis::WRONG);
            }
            Door::Citrix => citrix::refused(journal, at, caller),
            Door::Shell(server) => sshd::refused(journal, at, server, caller, why),
            Door::DesktopGateway => windows::refused_by_gateway(journal, at, caller),
            Door::Jump => windows::refused(journal, at, Channel::Jump, caller, why),
        });
    }

    fn simple(&mut self, act: &Act) {
        let person = act.who.account().and_then(|it| self.person(it));
        let idp = person.map_or(Idp::Entra, |it| it.idp);
        let phone = person.map(|it| it.now.phone.clone());
        self.at_door(act, |journal, caller| {
            let at = act.at;
            match (&act.what, &phone) {
                (What::GoOn, _) => identity::go_on(journal, at, caller, idp),
                (What::Refresh, _) => {
                    entra::sign_in(journal, at, caller, "Microsoft Teams", entra::How::Refreshed);
                }
                (What::Legacy, _) => entra::sign_in(journal, at, caller, MAIL, entra::How::Legacy),
                (What::Services, _) => {
                    iis::service(journal, at, caller, "python-requests/2.32.3", iis::RIGHT);
                }
                (What::Phone(None), Some(phone)) => {
                    iis::sync(journal, at, caller, phone, iis::RIGHT);
                }
                (What::Phone(Some(Refusal::Disabled)), Some(phone)) => {
                    iis::sync(journal, at, caller, phone, iis::DISABLED);
                }
                (What::Phone(Some(_)), Some(phone)) => {
                    iis::sync(journal, at, caller, phone, iis::WRONG);
                }
                _ => stay(journal, act, caller),
            }
        });
        self.weigh_simple(act);
    }

    fn weigh_simple(&mut self, act: &Act) {
        let (door, tells) = match &act.what {
            What::GoOn => ("idp", Tells::Cookie),
            What::Refresh => ("token", Tells::Program),
            What::Legacy => ("legacy", Tells::Program),
            What::WebMail { .. } => ("owa", Tells::Program),
            What::Services => ("services", Tells::Program),
            What::Citrix { .. } => ("citrix", Tells::Program),
            What::DesktopGateway { .. } => ("rdg", Tells::Nothing),
            What::Desktop(Channel::Jump) => ("jump", Tells::Nothing),
            What::Desktop(_) => ("rdp", Tells::Nothing),
            What::Shell(sshd::Server::Bastion, _) => ("bastion", Tells::Nothing),
            What::Shell(..) => ("ssh", Tells::Nothing),
            What::Network(_) => ("windows", Tells::Nothing),
            What::Phone(None) => ("phone", Tells::Nothing),
            _ => return,
        };
        self.weigh(act, door, tells);
    }

    fn enrol(&mut self, act: &Act) {
        let person = act.who.account().and_then(|it| self.person(it));
        let Some(idp) = person.map(|it| it.idp) else { return };
        self.at_door(act, |journal, caller| match idp {
            Idp::Okta => {
                okta::enrolled(journal, act.at, caller);
                duo::enrolled(journal, act.at.plus(90), caller);
            }
            Idp::Entra => {
                entra::changed(
                    journal,
                    act.at,
                    caller,
                    "User registered security info",
                    caller.user,
                );
            }
        });
    }

    fn help(&mut self, act: &Act, helper: usize, help: Help) {
        let Some(owner) = act.who.account().and_then(|it| self.person(it)) else { return };
        let (idp, user, name) = (owner.idp, owner.account.clone(), owner.name.clone());
        let netbios = self.netbios.clone();
        let by_helper = Act { who: Who::Account(helper), ..act.clone() };
        self.at_door(&by_helper, |journal, caller| {
            match help {
                Help::Password => {
                    windows::changed(journal, act.at, 4724, (&user, &netbios), caller.user);
                }
                Help::Disable => {
                    windows::changed(journal, act.at, 4725, (&user, &netbios), caller.user);
                }
                Help::Factor | Help::Sessions => {}
            }
            let later = act.at.plus(20);
            match idp {
                Idp::Okta => {
                    let event = match help {
                        Help::Password => "user.account.reset_password",
                        Help::Factor => "user.mfa.factor.reset_all",
                        Help::Sessions => "user.session.clear",
                        Help::Disable => "user.lifecycle.deactivate",
                    };
                    okta::helped(journal, later, caller, event, (&user, &name));
                }
                Idp::Entra => {
                    let what = match help {
                        Help::Password => "Reset user password",
                        Help::Factor => "Admin deleted security info",
                        Help::Sessions => "Update StsRefreshTokenValidFrom Timestamp",
                        Help::Disable => "Disable account",
                    };
                    entra::changed(journal, later, caller, what, &user);
                }
            }
        });
    }
}

/// What lasts a while: a mailbox, a desktop, a shell.
fn stay(journal: &mut Journal, act: &Act, caller: &Caller<'_>) {
    let (at, span) = (act.at, (act.at, act.until));
    match &act.what {
        What::WebMail { typos } => {
            for typo in 1..=i64::from(*typos) {
                let agent = caller.machine.agent();
                iis::wrong_form(journal, at.plus(-24 * typo), caller.ip, &agent);
            }
            iis::web_mail(journal, span, caller);
        }
        What::Citrix { typos } => {
            for typo in 1..=i64::from(*typos) {
                citrix::refused(journal, at.plus(-24 * typo), caller);
            }
            citrix::session(journal, span, caller);
        }
        What::DesktopGateway { typos } => {
            for typo in 1..=i64::from(*typos) {
                windows::refused_by_gateway(journal, at.plus(-24 * typo), caller);
            }
            windows::through_gateway(journal, span, caller);
        }
        What::Desktop(of) => windows::desktop(journal, span, *of, caller),
        What::Network(of) => windows::network(journal, at, *of, caller),
        What::Shell(server, proof) => sshd::session(journal, span, *server, caller, *proof),
        What::Wireless => {
            let card = Random::new(23, caller.user).hex(12).to_uppercase();
            radius::accepted(journal, at, caller.user, Asks { client: "ap-3", caller: &card });
        }
        // All others were written before.
        _ => {}
    }
}

/// An id of a session.
fn session_id(user: &str, browser: &str, number: i64) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    Random::new(13, &format!("{user}{browser}{number}")).text(letters, 22)
}

fn refuse_at(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    gateway: Concentrator,
    why: Refusal,
) {
    match gateway {
        Concentrator::Cisco(asa) => asa.refused(journal, at, caller, why),
        Concentrator::PaloAlto(protect) => protect.refused(journal, at, caller, why),
    }
}
