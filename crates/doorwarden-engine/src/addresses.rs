//! Gives a failed Windows logon without an address the one that another log of the same computer states.

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Outcome, Service, hash64};

use crate::table::Table;

/// How long before the failure the other record may lie, in milliseconds.
const WINDOW: i64 = 10_000;
/// Computers remembered.
const HOSTS_CAP: usize = 8_192;
/// Addresses remembered per computer.
const RING: usize = 8;

/// An address that a record stated.
#[derive(Debug, Clone, Copy)]
struct Stated {
    millis: i64,
    ip: IpAddr,
    /// Hash of the name, where the record states one.
    user: Option<u64>,
}

/// The last addresses per computer.
#[derive(Debug)]
pub(crate) struct Addresses(Table<Vec<Stated>>);

impl Addresses {
    pub(crate) fn new() -> Self {
        Self(Table::new(HOSTS_CAP))
    }

    /// Whether records of this door lend each other addresses.
    pub(crate) const fn concern(event: &Event<'_>) -> bool {
        matches!(event.service, Service::Rdp | Service::Windows | Service::Radius)
    }

    /// The address of `event`: its own, or for a remote desktop or Windows failure without one the address that
    /// `RdpCoreTS`, 1149, RD Gateway or NPS stated just before, where only one is possible.
    pub(crate) fn of(&mut self, event: &Event<'_>, millis: i64) -> Option<IpAddr> {
        if !Self::concern(event) {
            return event.src_ip;
        }
        let user = event.user.map(user_hash);
        if let Some(ip) = event.src_ip {
            for host in [event.host, event.target].into_iter().flatten() {
                let ring = self.0.get_or(host_hash(host), millis, Vec::new);
                if ring.len() == RING {
                    ring.remove(0);
                }
                ring.push(Stated { millis, ip, user });
            }
            return Some(ip);
        }
        let is_failure =
            event.activity == Activity::Logon && event.outcome == Some(Outcome::Failure);
        if !is_failure {
            return None;
        }
        let ring = self.0.get(host_hash(event.host?), millis)?;
        let mut near = ring.iter().filter(|it| {
            millis - it.millis <= WINDOW && (it.user.is_none() || user.is_none() || it.user == user)
        });
        let first = near.next()?.ip;
        near.all(|it| it.ip == first).then_some(first)
    }
}

fn host_hash(host: &str) -> u64 {
    let short = host.split('.').next().unwrap_or(host);
    hash64(20, short.to_ascii_lowercase().as_bytes())
}

fn user_hash(user: &str) -> u64 {
    hash64(21, user.to_ascii_lowercase().as_bytes())
}
