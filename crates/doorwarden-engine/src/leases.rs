//! Inner addresses that doors lease to sessions, and for how long.

use std::net::IpAddr;

use doorwarden_model::SourceNet;
use ipnet::IpNet;

use crate::{clocks::source_key, names::AccountKey, table::Table};

/// Addresses remembered.
const CAP: usize = 65_536;
/// Leases remembered per address: ended ones serve logs that arrive late.
const HISTORY: usize = 4;
/// A lease whose end was never logged holds this long after its session's last sign of life, in milliseconds.
const SILENT: i64 = 24 * 3_600_000;
/// Leases that make a network a pool.
const POOL: u32 = 3;

/// One lease.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lease {
    /// Number of the session.
    pub(crate) session: u64,
    /// Its account.
    pub(crate) account: Option<AccountKey>,
    /// Where it came from.
    pub(crate) outer_ip: Option<IpAddr>,
    /// The system that leased it.
    pub(crate) system: u64,
    start: i64,
    last: i64,
    end: Option<i64>,
}

/// All leases.
#[derive(Debug)]
pub(crate) struct Leases {
    addresses: Table<Vec<Lease>>,
    pools: Table<u32>,
    known_pools: Vec<IpNet>,
}

impl Leases {
    pub(crate) fn new(known_pools: Vec<IpNet>) -> Self {
        Self { addresses: Table::new(CAP), pools: Table::new(CAP), known_pools }
    }

    /// `session` got `ip` at `millis`; whoever had it before has it no longer.
    pub(crate) fn open(&mut self, ip: IpAddr, mut lease: Lease, millis: i64) {
        let history = self.addresses.get_or(source_key(ip), millis, Vec::new);
        if let Some(current) = history.iter_mut().find(|it| it.session == lease.session) {
            current.last = millis;
            return;
        }
        for old in history.iter_mut().filter(|it| it.end.is_none()) {
            old.end = Some(millis);
        }
        if history.len() == HISTORY {
            history.remove(0);
        }
        (lease.start, lease.last) = (millis, millis);
        history.push(lease);
        *self.pools.get_or(SourceNet::of(ip).key(), millis, || 0) += 1;
    }

    /// A lease record that starts now.
    pub(crate) const fn lease(
        session: u64,
        account: Option<AccountKey>,
        outer_ip: Option<IpAddr>,
        system: u64,
    ) -> Lease {
        Lease { session, account, outer_ip, system, start: 0, last: 0, end: None }
    }

    /// The session that has `ip` gave a sign of life.
    pub(crate) fn touch(&mut self, ip: IpAddr, session: u64, millis: i64) {
        if let Some(history) = self.addresses.get(source_key(ip), millis) {
            for lease in history.iter_mut().filter(|it| it.session == session) {
                lease.last = lease.last.max(millis);
            }
        }
    }

    /// The session that has `ip` ended.
    pub(crate) fn close(&mut self, ip: IpAddr, session: u64, millis: i64) {
        if let Some(history) = self.addresses.get(source_key(ip), millis) {
            for lease in history.iter_mut().filter(|it| it.session == session && it.end.is_none()) {
                lease.end = Some(millis);
            }
        }
    }

    /// The lease of `ip` at `millis`; `ahead` tells how far the asking system's clock is ahead of the lease's.
    pub(crate) fn at(
        &mut self,
        ip: IpAddr,
        millis: i64,
        ahead: impl Fn(u64) -> i64,
    ) -> Option<Lease> {
        let history = self.addresses.get(source_key(ip), millis)?;
        let holds = |it: &&Lease| {
            let at = millis - ahead(it.system);
            let end = it.end.unwrap_or(it.last + SILENT);
            it.start <= at && at <= end
        };
        history.iter().rev().find(holds).copied()
    }

    /// Whether doors lease addresses of the network of `ip`.
    pub(crate) fn is_pool(&self, ip: IpAddr) -> bool {
        self.known_pools.iter().any(|it| it.contains(&ip))
            || self.pools.peek(SourceNet::of(ip).key()).is_some_and(|it| POOL <= *it)
    }
}
