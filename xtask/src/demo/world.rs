//! Carries plans out in the order of time: the gateway leases addresses, servers count their sessions.

use std::{
    collections::{BTreeMap, VecDeque},
    net::Ipv4Addr,
};

use super::{
    channel::Channel,
    clock::Moment,
    company::{Way, person_of},
    doors::{
        asa::{self, Certificate, Client},
        duo::{self, Answer},
        iis, okta,
        radius::{self, Asks},
        sshd::{self, Connection},
        vnc,
        windows::{self, Visitor},
    },
    journal::{Journal, Lease, Mark},
    plan::{Call, To, Visit, browser, certificate, key},
};

/// A call and where it comes from.
#[derive(Debug)]
struct Routed {
    call: Call,
    ip: Ipv4Addr,
    device: String,
    lease: Option<Lease>,
    mark: Option<Mark>,
}

/// Everything planned, and what is written so far.
#[derive(Debug)]
pub(crate) struct World {
    /// Where chance comes from.
    pub(crate) seed: u64,
    /// The logs.
    pub(crate) journal: Journal,
    visits: Vec<Visit>,
    calls: Vec<Routed>,
}

impl World {
    /// An empty world.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, journal: Journal::default(), visits: Vec::new(), calls: Vec::new() }
    }

    /// Somebody will come through the gateway.
    pub(crate) fn visit(&mut self, visit: Visit) {
        self.visits.push(visit);
    }

    /// Somebody will call a server from `ip`, not through the gateway.
    pub(crate) fn call(&mut self, call: Call, ip: Ipv4Addr, device: &str, mark: Option<Mark>) {
        self.calls.push(Routed { call, ip, device: device.to_owned(), lease: None, mark });
    }

    /// Carries out all plans.
    pub(crate) fn finish(mut self) -> Journal {
        let mut visits = std::mem::take(&mut self.visits);
        visits.sort_by_key(|it| it.at);
        let mut pool = Pool::new();
        for visit in visits {
            let opened = visit.at.plus(takes(visit.way, visit.trouble.unanswered));
            let assigned = pool.lease(opened, visit.until);
            let lease = Lease { user: visit.user, start: opened, assigned };
            self.journal.mark(visit.mark);
            admit(&mut self.journal, &visit, opened, assigned);
            let device = visit.device.name;
            self.calls.extend(visit.calls.into_iter().map(|call| Routed {
                call,
                ip: assigned,
                device: device.clone(),
                lease: Some(lease.clone()),
                mark: visit.mark,
            }));
        }
        self.carry_out_calls();
        self.journal.mark(None);
        self.journal
    }

    fn carry_out_calls(&mut self) {
        let mut calls = std::mem::take(&mut self.calls);
        calls.sort_by_key(|it| it.call.at);
        let mut numbers: BTreeMap<Channel, u32> = BTreeMap::new();
        let mut week = 0;
        for routed in calls {
            // Servers restart at the end of every week, and count their sessions from the beginning.
            let current = routed.call.at.day().div_euclid(7);
            if week < current {
                numbers.clear();
                week = current;
            }
            self.journal.mark(routed.mark);
            carry_out(&mut self.journal, &routed, &mut numbers);
        }
    }
}

/// Addresses that the gateway leases; the one that was given back longest ago is leased next.
struct Pool {
    free: VecDeque<Ipv4Addr>,
    leased: Vec<(Moment, Ipv4Addr)>,
}

impl Pool {
    fn new() -> Self {
        let free = (10..40).map(|it| Ipv4Addr::new(10, 99, 0, it)).collect();
        Self { free, leased: Vec::new() }
    }

    fn lease(&mut self, at: Moment, until: Moment) -> Ipv4Addr {
        self.leased.sort_unstable();
        let over = self.leased.partition_point(|it| it.0 < at);
        self.free.extend(self.leased.drain(..over).map(|it| it.1));
        let address = self.free.pop_front().unwrap_or(Ipv4Addr::new(10, 99, 0, 250));
        self.leased.push((until, address));
        address
    }
}

/// Seconds from the first packet to the open session.
fn takes(way: Way, unanswered: u8) -> i64 {
    let waited = 60 * i64::from(unanswered);
    match way {
        Way::Duo => 14 + waited,
        Way::Okta => 11 + waited,
        Way::Certificate | Way::Legacy | Way::Citrix => 4,
    }
}

const fn group(way: Way) -> &'static str {
    match way {
        Way::Duo => "VPN-Staff",
        Way::Okta => "VPN-SSO",
        Way::Certificate => "VPN-Cert",
        Way::Legacy | Way::Citrix => "VPN-Legacy",
    }
}

/// Writes how a visit came in and went.
fn admit(journal: &mut Journal, visit: &Visit, opened: Moment, assigned: Ipv4Addr) {
    let client = Client {
        user: visit.user,
        ip: visit.ip,
        group: group(visit.way),
        device: &visit.device.name,
        device_id: &visit.device.id,
        agent: visit.device.agent,
    };
    let port = 49_300 + u64::try_from(visit.at.0 / 700 % 15_000).unwrap_or(0);
    fail_first(journal, visit, port);
    asa::handshake(journal, visit.at, visit.ip, port);
    match visit.way {
        Way::Certificate => {
            let (subject, serial) = certificate(visit.user);
            let certificate = Certificate { subject: &subject, serial: &serial };
            asa::certified(journal, visit.at.plus_millis(90), &client, &certificate);
        }
        Way::Okta => by_okta(journal, visit),
        Way::Duo | Way::Legacy | Way::Citrix => by_password(journal, visit, &client),
    }
    asa::opened(journal, opened, &client, assigned);
    if let Some((when, next)) = visit.moves {
        asa::resumed(journal, when, &client, next);
    }
    asa::closed(journal, visit.until, &client, opened, visit.reason);
}

/// Wrong passwords and refused pushes before the sign-in.
fn fail_first(journal: &mut Journal, visit: &Visit, port: u64) {
    let Visit { user, ip, trouble, .. } = visit;
    let caller = ip.to_string();
    let asks = Asks { client: "vpn-1", caller: &caller };
    let failures = u32::from(trouble.typos) + u32::from(trouble.denied);
    let mut now = visit.at.plus(-22 * i64::from(failures));
    for _ in 0..trouble.typos {
        asa::handshake(journal, now, *ip, port - 3);
        radius::rejected(journal, now.plus(1), user, asks);
        asa::rejected(journal, now.plus(1), user, *ip);
        now = now.plus(22);
    }
    for _ in 0..trouble.denied {
        radius::accepted(journal, now.plus(1), user, asks);
        duo::push(journal, now.plus(8), user, *ip, Answer::Denied);
        asa::rejected(journal, now.plus(9), user, *ip);
        now = now.plus(22);
    }
}

fn by_password(journal: &mut Journal, visit: &Visit, client: &Client<'_>) {
    let caller = visit.ip.to_string();
    let asks = Asks { client: "vpn-1", caller: &caller };
    let mut now = visit.at.plus(1);
    radius::accepted(journal, now, visit.user, asks);
    if visit.way == Way::Duo {
        for _ in 0..visit.trouble.unanswered {
            now = now.plus(60);
            duo::push(journal, now, visit.user, visit.ip, Answer::Nothing);
        }
        now = now.plus(11);
        duo::push(journal, now, visit.user, visit.ip, Answer::Approved);
    }
    asa::accepted(journal, now.plus(1), client);
}

fn by_okta(journal: &mut Journal, visit: &Visit) {
    let Some((index, person)) = person_of(visit.user) else { return };
    let mut browser = browser(person, index, visit.at.day(), &visit.ip.to_string());
    if visit.mark.is_some() {
        browser = super::attacks::stolen(visit.user, visit.ip);
    }
    okta::opened(journal, visit.at.plus(7), &browser, "Cisco ASA VPN");
}

/// Writes what a server inside saw.
fn carry_out(journal: &mut Journal, routed: &Routed, numbers: &mut BTreeMap<Channel, u32>) {
    let Routed { call, ip, device, lease, .. } = routed;
    let Call { at, until, to, user, gap, typos } = call;
    let lease = lease.as_ref();
    let visitor = |to: Channel| Visitor { to, user, ip: *ip, device };
    let port = 49_200 + u64::try_from(at.0 / 900 % 15_900).unwrap_or(0);
    match *to {
        To::Desktop(to) => {
            for typo in 1..=i64::from(*typos) {
                windows::failed(journal, at.plus(-15 * typo), &visitor(to), "0xc000006a");
            }
            let number = numbers.entry(to).or_insert(1);
            *number += 1;
            windows::desktop(journal, (*at, *until), *gap, &visitor(to), *number, lease);
        }
        To::Share(to) => windows::network(journal, *at, &visitor(to), lease),
        To::Shell(to) => {
            let connection = Connection { to, user, ip: *ip, port };
            sshd::session(journal, *at, *until, &connection, Some(&key(user)), lease);
        }
        To::PasswordShell(to) => {
            let connection = Connection { to, user, ip: *ip, port };
            for typo in 1..=i64::from(*typos) {
                sshd::failed(journal, at.plus(-11 * typo), &connection);
            }
            sshd::session(journal, *at, *until, &connection, None, lease);
        }
        To::WebMail => {
            let client = iis::Client { user, ip: *ip, agent: iis::CHROME };
            iis::web_mail(journal, (*at, *until), &client, lease);
        }
        To::Screen => vnc::session(journal, (*at, *until), user, (*ip, port), lease),
        To::Gateway(commands) => asa::administered(journal, *at, user, *ip, commands, lease),
    }
}
