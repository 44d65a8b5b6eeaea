//! One session that may still go on: what belongs to it, and what it becomes.

use std::net::IpAddr;

use compact_str::{CompactString, format_compact};
use doorwarden_model::{Activity, Event, Origin, Outcome, Service, Session, SourceNet, hash64};
use jiff::Timestamp;
use smallvec::SmallVec;

use crate::{facts::Item, names::AccountKey, prior::device_key};

/// Records of one entry lie at most this far apart, in milliseconds; also how long an inner sign-in waits for a lease.
pub(crate) const ENTRY: i64 = 600_000;
/// Records of one step on one device lie at most this far apart, in milliseconds.
const STEP: i64 = 120_000;
/// Records kept per session.
const EVENTS_CAP: usize = 200;

/// A session that may still go on.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) account: Option<AccountKey>,
    pub(crate) user: CompactString,
    pub(crate) service: Service,
    pub(crate) door: u64,
    pub(crate) src_ip: Option<IpAddr>,
    pub(crate) src_port: Option<u16>,
    pub(crate) assigned_ip: Option<IpAddr>,
    pub(crate) start: i64,
    pub(crate) last: i64,
    pub(crate) end: Option<i64>,
    pub(crate) id: Option<u64>,
    pub(crate) target: Option<u64>,
    pub(crate) hosts: SmallVec<[CompactString; 2]>,
    pub(crate) factors: SmallVec<[CompactString; 1]>,
    pub(crate) explained_by: Option<u64>,
    pub(crate) is_orphan: bool,
    pub(crate) events: SmallVec<[Origin; 4]>,
}

impl Open {
    /// Whether a record without a known session id belongs here.
    pub(crate) fn takes(&self, item: &Item<'_>) -> bool {
        let event = &item.event;
        let now = item.millis();
        if self.end.is_some() {
            return false;
        }
        let ids_differ =
            self.id.is_some() && self.door == item.facts.host && id_key(event).is_some();
        let addresses_differ =
            matches!((self.src_ip, item.facts.src_ip), (Some(a), Some(b)) if a != b);
        let ports_differ = matches!((self.src_port, event.src_port), (Some(a), Some(b)) if a != b);
        if self.service == event.service && self.door == item.facts.host {
            return !ids_differ && !addresses_differ && !ports_differ && now - self.last <= STEP;
        }
        // Another system of the same entry: provider, factor, RADIUS before the gateway, or just after it.
        let is_entry = is_factor_service(self.service) || is_factor_service(event.service);
        is_entry
            && is_door(self.service)
            && is_door(event.service)
            && !addresses_differ
            && (now - self.start) <= ENTRY
    }

    pub(crate) fn join(&mut self, item: &Item<'_>) {
        let event = &item.event;
        self.note(item);
        self.last = item.millis();
        // The gateway is the door; provider, factor and RADIUS only led to it.
        if is_factor_service(self.service) && !is_factor_service(event.service) {
            self.service = event.service;
            self.door = item.facts.host;
            self.id = self.id.or(id_key(event));
        }
        if !has_other_network(self, item) {
            self.src_ip = self.src_ip.or(item.facts.src_ip);
        }
        self.src_port = self.src_port.or(event.src_port);
        self.assigned_ip = event.assigned_ip.or(self.assigned_ip);
        self.target = event.target.map(target_key).or(self.target);
        if let Some(mfa) = event.mfa {
            let factor = format_compact!("{}:{}", mfa.method.unwrap_or("factor"), mfa.result);
            if !self.factors.contains(&factor) && self.factors.len() < 8 {
                self.factors.push(factor);
            }
        }
    }

    pub(crate) fn note(&mut self, item: &Item<'_>) {
        if self.events.len() < EVENTS_CAP {
            self.events.push(item.origin);
        }
        for host in [item.event.host, item.event.target].into_iter().flatten() {
            if self.hosts.len() < 8 && !self.hosts.iter().any(|it| it == host) {
                self.hosts.push(host.into());
            }
        }
    }

    pub(crate) fn finished(self, number: u64) -> Session {
        let time = |millis| Timestamp::from_millisecond(millis).unwrap_or_default();
        Session {
            number,
            account: self.account.map(|it| it.0),
            user: self.user,
            service: self.service,
            src_ip: self.src_ip,
            assigned_ip: self.assigned_ip,
            start: time(self.start),
            end: self.end.map(time),
            hosts: self.hosts,
            factors: self.factors,
            explained_by: self.explained_by,
            is_orphan: self.is_orphan,
            events: self.events,
        }
    }
}

/// Whether the record comes from another public network than the session's first one.
pub(crate) fn has_other_network(open: &Open, item: &Item<'_>) -> bool {
    let is_other = |first: IpAddr, now: IpAddr| SourceNet::of(first) != SourceNet::of(now);
    item.is_from_outside()
        && matches!((open.src_ip, item.facts.src_ip), (Some(a), Some(b)) if is_other(a, b))
}

/// Whether the door is one of those that come before the gateway.
const fn is_factor_service(service: Service) -> bool {
    matches!(service, Service::Idp | Service::Radius)
}

pub(crate) fn is_factor(event: &Event<'_>) -> bool {
    event.activity == Activity::Mfa && event.outcome == Some(Outcome::Success)
}

/// Whether people enter from outside through doors of this kind.
const fn is_door(service: Service) -> bool {
    matches!(
        service,
        Service::Idp
            | Service::Radius
            | Service::Vpn
            | Service::Citrix
            | Service::Rdp
            | Service::Owa
    )
}

/// The key of a session id: ids are the device's own.
pub(crate) fn id_key(event: &Event<'_>) -> Option<u64> {
    let id = event.session.filter(|it| !matches!(*it, "0" | "0x0"))?;
    Some(hash64(device_key(event), id.as_bytes()))
}

/// The key of a computer, by its short name or address.
pub(crate) fn target_key(host: &str) -> u64 {
    let host = host.rsplit('\\').next().unwrap_or(host);
    let short =
        if host.parse::<IpAddr>().is_ok() { host } else { host.split('.').next().unwrap_or(host) };
    hash64(22, short.to_ascii_lowercase().as_bytes())
}
