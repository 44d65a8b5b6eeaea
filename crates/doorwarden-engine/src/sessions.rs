//! Remote sessions, stitched over the systems that they crossed.
//!
//! A session is entered through a door (identity provider, second factor, RADIUS, gateway: records of one account within
//! ten minutes), may lease an inner address, and explains the sign-ins that come from that address while it is leased.

use std::{collections::VecDeque, net::IpAddr};

use compact_str::ToCompactString;
use doorwarden_model::{Activity, Outcome, Service, Session, SourceNet};
use smallvec::SmallVec;

use crate::{
    clocks::Clocks,
    facts::{Item, SessionFacts},
    leases::Leases,
    names::AccountKey,
    prior::device_key,
    stay::{ENTRY, Open, has_other_network, id_key, is_factor, target_key},
    table::Table,
};

/// A session without a sign of life for this long is over, its end unknown; in milliseconds.
const SILENT: i64 = 24 * 3_600_000;
/// Sessions open at a time.
const OPEN_CAP: usize = 100_000;
/// Open sessions remembered per account.
const PER_ACCOUNT: usize = 8;

/// Stitches sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    open: Table<Box<Open>>,
    by_id: Table<u64>,
    by_account: Table<SmallVec<[u64; 2]>>,
    /// Inner sessions from pool addresses without a lease, by address.
    waiting: Table<SmallVec<[u64; 2]>>,
    leases: Leases,
    /// Sessions that ended, until nothing can join them any more.
    closing: VecDeque<(i64, u64)>,
    swept: i64,
    /// Sessions that had to give way to newer ones: their ends will not be known.
    pushed_out: Vec<Session>,
}

impl Sessions {
    pub(crate) fn new(leases: Leases) -> Self {
        Self {
            open: Table::new(OPEN_CAP),
            by_id: Table::new(OPEN_CAP),
            by_account: Table::new(OPEN_CAP),
            waiting: Table::new(4_096),
            leases,
            closing: VecDeque::new(),
            swept: i64::MIN,
            pushed_out: Vec::new(),
        }
    }

    /// Finds or opens the session of `item`, and hands over those that are over by then.
    pub(crate) fn observe(
        &mut self,
        item: &Item<'_>,
        clocks: &Clocks,
        done: &mut Vec<Session>,
    ) -> SessionFacts {
        let now = item.millis();
        self.flush(now, done);
        done.append(&mut self.pushed_out);
        let event = &item.event;
        if event.service == Service::Local
            || item.facts.is_program
            || event.outcome == Some(Outcome::Failure)
        {
            return SessionFacts::default();
        }
        match event.activity {
            Activity::Logoff => self.logoff(item),
            Activity::Logon | Activity::Session | Activity::Mfa => self.step(item, clocks),
            Activity::Account | Activity::Change => self.through(item, clocks),
            Activity::Other => SessionFacts::default(),
        }
    }

    /// The session through whose leased address a change was made.
    fn through(&mut self, item: &Item<'_>, clocks: &Clocks) -> SessionFacts {
        let system = device_key(&item.event);
        let ip = item.facts.src_ip.filter(|_| item.facts.is_inside);
        let lease = ip
            .and_then(|ip| self.leases.at(ip, item.millis(), |other| clocks.ahead(system, other)));
        lease.map_or_else(SessionFacts::default, |it| SessionFacts {
            explained_by: Some(it.session),
            outer_account: it.account,
            outer_ip: it.outer_ip,
            ..SessionFacts::default()
        })
    }

    fn step(&mut self, item: &Item<'_>, clocks: &Clocks) -> SessionFacts {
        let event = &item.event;
        let is_start = event.outcome == Some(Outcome::Success) && event.activity != Activity::Mfa;
        let found = self.find(item);
        let mut facts = SessionFacts::default();
        let Some(number) =
            found.or_else(|| (is_start || is_factor(event)).then(|| self.open(item)))
        else {
            return facts;
        };
        let now = item.millis();
        let leases = &mut self.leases;
        let Some(open) = self.open.get(number, now) else { return facts };
        (facts.number, facts.is_start) = (Some(number), found.is_none());
        if found.is_some() && has_other_network(open, item) {
            facts.first_ip = open.src_ip;
        }
        open.join(item);
        if let Some(ip) = open.assigned_ip {
            let lease = Leases::lease(number, open.account, open.src_ip, device_key(event));
            leases.open(ip, lease, now);
            leases.touch(ip, number, now);
        }
        if let Some(ip) = event.assigned_ip {
            self.release_waiting(ip, number, now);
        }
        self.explain(item, number, clocks, &mut facts);
        facts.concurrent_ip = self.concurrent(item, number);
        facts
    }

    /// Where another open session of the account through a gateway comes from, if from another network.
    fn concurrent(&mut self, item: &Item<'_>, own: u64) -> Option<IpAddr> {
        let net =
            item.facts.net.filter(|_| item.is_from_outside() && is_gateway(item.event.service))?;
        let numbers = self.by_account.get(item.facts.account?.0, item.millis())?;
        numbers.iter().rev().filter(|it| **it != own).find_map(|number| {
            let open =
                self.open.peek(*number).filter(|it| it.end.is_none() && is_gateway(it.service))?;
            open.src_ip.filter(|it| SourceNet::of(*it) != net)
        })
    }

    /// The open session that `item` belongs to: by its id, else by account, door, address and time.
    fn find(&mut self, item: &Item<'_>) -> Option<u64> {
        let now = item.millis();
        if let Some(id) = id_key(&item.event)
            && let Some(number) = self.by_id.get(id, now).copied()
            && self.open.peek(number).is_some_and(|it| it.end.is_none())
        {
            return Some(number);
        }
        let account = item.facts.account?;
        let numbers = self.by_account.get(account.0, now)?.clone();
        let fits = |number: &&u64| self.open.peek(**number).is_some_and(|it| it.takes(item));
        numbers.iter().rev().find(fits).copied()
    }

    fn open(&mut self, item: &Item<'_>) -> u64 {
        let now = item.millis();
        let event = &item.event;
        self.make_room();
        let number = u64::try_from(item.key.id >> 64).unwrap_or(0)
            ^ u64::try_from(item.key.id & u128::from(u64::MAX)).unwrap_or(0);
        let open = Open {
            account: item.facts.account,
            user: event.user.unwrap_or_default().to_compact_string(),
            service: event.service,
            door: item.facts.host,
            src_ip: item.facts.src_ip,
            src_port: event.src_port,
            assigned_ip: None,
            start: now,
            last: now,
            end: None,
            id: id_key(event),
            target: event.target.map(target_key),
            hosts: SmallVec::new(),
            factors: SmallVec::new(),
            explained_by: None,
            is_orphan: false,
            events: SmallVec::new(),
        };
        if let Some(id) = open.id {
            self.by_id.get_or(id, now, || number);
            if let Some(slot) = self.by_id.get(id, now) {
                *slot = number;
            }
        }
        if let Some(account) = open.account {
            let numbers = self.by_account.get_or(account.0, now, SmallVec::new);
            if numbers.len() == PER_ACCOUNT {
                numbers.remove(0);
            }
            numbers.push(number);
        }
        self.open.get_or(number, now, || Box::new(open));
        number
    }

    /// Hands over those without a sign of life for longest, where there are too many.
    fn make_room(&mut self) {
        for (number, open) in self.open.make_room() {
            self.forget(&open, number);
            self.pushed_out.push(open.finished(number));
        }
    }

    /// Ties an inner session to the one whose leased address, or whose target, it came by.
    fn explain(&mut self, item: &Item<'_>, number: u64, clocks: &Clocks, facts: &mut SessionFacts) {
        if !is_inner(item) {
            return;
        }
        let now = item.millis();
        let Some(ip) = item.facts.src_ip else { return };
        let system = device_key(&item.event);
        let lease = self.leases.at(ip, now, |other| clocks.ahead(system, other));
        let outer = match lease {
            Some(lease) => Some((lease.session, lease.account, lease.outer_ip)),
            None => self.by_target(item, number),
        };
        let Some(open) = self.open.get(number, now) else { return };
        if let Some((session, account, outer_ip)) = outer.filter(|it| it.0 != number) {
            open.explained_by = Some(session);
            (facts.explained_by, facts.outer_account, facts.outer_ip) =
                (Some(session), account, outer_ip);
            return;
        }
        if self.leases.is_pool(ip) && open.explained_by.is_none() {
            open.is_orphan = true;
            facts.is_orphan = true;
            self.waiting.get_or(crate::clocks::source_key(ip), now, SmallVec::new).push(number);
        }
    }

    /// A gateway's session of the same account whose target is this computer.
    fn by_target(
        &mut self,
        item: &Item<'_>,
        own: u64,
    ) -> Option<(u64, Option<AccountKey>, Option<IpAddr>)> {
        let now = item.millis();
        let host = target_key(item.event.host?);
        let numbers = self.by_account.get(item.facts.account?.0, now)?;
        numbers.iter().rev().find_map(|number| {
            let open = self.open.peek(*number).filter(|_| *number != own)?;
            let is_near = open.target == Some(host)
                && now - open.last <= ENTRY
                && open.end.is_none_or(|it| now <= it);
            is_near.then_some((*number, open.account, open.src_ip))
        })
    }

    /// Inner sessions that came a little before their lease, by clocks that differ, are tied to it now.
    fn release_waiting(&mut self, ip: IpAddr, session: u64, now: i64) {
        let Some(numbers) = self.waiting.remove(crate::clocks::source_key(ip)) else { return };
        for number in numbers {
            if let Some(open) = self.open.get(number, now)
                && open.is_orphan
                && now - open.start <= ENTRY
            {
                open.explained_by = Some(session);
                open.is_orphan = false;
            }
        }
    }

    fn logoff(&mut self, item: &Item<'_>) -> SessionFacts {
        let now = item.millis();
        let Some(number) = self.find_ending(item) else { return SessionFacts::default() };
        let Some(open) = self.open.get(number, now) else { return SessionFacts::default() };
        open.note(item);
        open.end = Some(now);
        open.last = now;
        self.closing.push_back((now, number));
        let facts = SessionFacts {
            number: Some(number),
            explained_by: open.explained_by,
            ..SessionFacts::default()
        };
        if let Some(ip) = open.assigned_ip {
            self.leases.close(ip, number, now);
        }
        facts
    }

    /// The session that a logoff ends: by id, else the account's on this door, from the same port or address first.
    fn find_ending(&mut self, item: &Item<'_>) -> Option<u64> {
        let now = item.millis();
        let is_open = |number: u64| self.open.peek(number).is_some_and(|it| it.end.is_none());
        if let Some(number) = id_key(&item.event)
            .and_then(|id| self.by_id.peek(id).copied())
            .filter(|it| is_open(*it))
        {
            return Some(number);
        }
        let numbers = self.by_account.get(item.facts.account?.0, now)?;
        let event = &item.event;
        let rank = |open: &Open| {
            let same_port = event.src_port.is_some() && open.src_port == event.src_port;
            let same_ip = item.facts.src_ip.is_some() && open.src_ip == item.facts.src_ip;
            let contradicts = item.facts.src_ip.is_some() && open.src_ip.is_some() && !same_ip
                || event.src_port.is_some() && open.src_port.is_some() && !same_port;
            (!contradicts).then_some((same_port, same_ip))
        };
        let candidates = numbers.iter().filter_map(|number| {
            let open = self.open.peek(*number)?;
            let is_own =
                open.end.is_none() && open.door == item.facts.host && open.service == event.service;
            // Of equals the one opened first ends first.
            is_own.then(|| rank(open)).flatten().map(|rank| (rank, -open.start, *number))
        });
        candidates.max().map(|it| it.2)
    }

    /// Hands over the sessions that nothing can join any more.
    fn flush(&mut self, now: i64, done: &mut Vec<Session>) {
        while let Some((end, number)) = self.closing.front().copied() {
            if now - end <= ENTRY {
                break;
            }
            self.closing.pop_front();
            if let Some(open) = self.open.remove(number) {
                self.forget(&open, number);
                done.push(open.finished(number));
            }
        }
        // Looked at every six hours of log time: sessions are few, and none hurries.
        if now.saturating_sub(self.swept) < 6 * 3_600_000 {
            return;
        }
        self.swept = now;
        for (number, open) in self.open.take_where(|it| it.end.is_none() && SILENT < now - it.last)
        {
            self.forget(&open, number);
            done.push(open.finished(number));
        }
    }

    fn forget(&mut self, open: &Open, number: u64) {
        if let Some(id) = open.id
            && self.by_id.peek(id) == Some(&number)
        {
            self.by_id.remove(id);
        }
        if let Some(account) = open.account
            && let Some(numbers) = self.by_account.get(account.0, i64::MIN)
        {
            numbers.retain(|it| *it != number);
            if numbers.is_empty() {
                self.by_account.remove(account.0);
            }
        }
    }

    /// Hands over all that are left.
    pub(crate) fn finish(&mut self, done: &mut Vec<Session>) {
        done.append(&mut self.pushed_out);
        let mut rest = self.open.drain_sorted();
        rest.sort_by_key(|(number, it)| (it.start, *number));
        done.extend(rest.into_iter().map(|(number, it)| it.finished(number)));
    }
}

/// Whether a session through such a door lasts, so that two of them at once say something.
const fn is_gateway(service: Service) -> bool {
    matches!(service, Service::Vpn | Service::Citrix)
}

/// Whether the record states a sign-in from an inner address to something inside.
fn is_inner(item: &Item<'_>) -> bool {
    item.facts.is_inside
        && matches!(
            item.event.service,
            Service::Rdp
                | Service::Winrm
                | Service::Ssh
                | Service::Owa
                | Service::Vnc
                | Service::Windows
                | Service::Citrix
                | Service::Idp
        )
}
