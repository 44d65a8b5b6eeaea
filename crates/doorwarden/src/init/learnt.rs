//! What events tell of an organisation: domains, gateways, pools, networks that many people share, programs' names.
//!
//! Only what succeeded counts: nobody who is kept out shapes the context. Every table has a cap.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use doorwarden_model::{Event, Outcome, Service, SourceNet};

/// Domains, gateways, pools, networks and names remembered.
const KEPT: usize = 10_000;
/// Names, addresses and days remembered per entry.
const MEMBERS: usize = 64;
/// Characters of a name.
const NAME: usize = 120;

/// A network that people sign in from, or that a gateway leases.
#[derive(Debug, Default, Clone)]
pub(super) struct Network {
    pub(super) sign_ins: u64,
    /// Names (for a pool: addresses) and days seen, up to a bound.
    members: BTreeSet<String>,
    days: BTreeSet<i64>,
    pub(super) hosts: BTreeSet<String>,
}

/// When and whence a name signs in.
#[derive(Debug, Default, Clone)]
struct Habit {
    sign_ins: u64,
    hours: u32,
    weekdays: u8,
    sources: BTreeSet<IpAddr>,
    hosts: BTreeSet<String>,
}

/// A name that looks like a program's, and why.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) sources: Vec<IpAddr>,
}

/// What events tell.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    events: u64,
    pub(super) domains: BTreeMap<String, u64>,
    gateways: BTreeMap<(Service, String), u64>,
    pools: BTreeMap<SourceNet, Network>,
    networks: BTreeMap<SourceNet, Network>,
    names: BTreeMap<String, Habit>,
}

/// The entry of `key`, where there is room for it.
fn entry<K: Ord, V: Default>(table: &mut BTreeMap<K, V>, key: K) -> Option<&mut V> {
    if KEPT <= table.len() && !table.contains_key(&key) {
        return None;
    }
    Some(table.entry(key).or_default())
}

fn add<T: Ord>(members: &mut BTreeSet<T>, member: T) {
    if members.len() < MEMBERS {
        members.insert(member);
    }
}

fn short(text: &str) -> String {
    text.chars().take(NAME).collect()
}

impl Learnt {
    /// Learns from one event.
    pub(super) fn add(&mut self, event: &Event<'_>) {
        self.events += 1;
        let host = event.host.map(short).unwrap_or_default();
        if let Some(ip) = event.assigned_ip
            && let Some(pool) = entry(&mut self.pools, SourceNet::of(ip))
        {
            pool.sign_ins += 1;
            add(&mut pool.members, ip.to_string());
            add(&mut pool.hosts, host.clone());
        }
        let is_sign_in = event.activity == doorwarden_model::Activity::Logon
            && event.outcome == Some(Outcome::Success)
            && event.service != Service::Local;
        let Some(user) = event.user.filter(|it| is_sign_in && !it.ends_with('$')) else { return };
        let user = short(&user.to_lowercase());
        if let Some(domain) = event.domain.filter(|it| !is_of_system(it) && !is_of_host(it, event))
            && let Some(seen) = entry(&mut self.domains, short(&domain.to_lowercase()))
        {
            *seen += 1;
        }
        if is_gateway(event.service)
            && let Some(seen) = entry(&mut self.gateways, (event.service, host.clone()))
        {
            *seen += 1;
        }
        let second = event.time.as_second();
        let day = second.div_euclid(86_400);
        if let Some(ip) = event.src_ip
            && !is_private(ip)
            && let Some(network) = entry(&mut self.networks, SourceNet::of(ip))
        {
            network.sign_ins += 1;
            add(&mut network.members, user.clone());
            add(&mut network.days, day);
        }
        if let Some(habit) = entry(&mut self.names, user) {
            habit.sign_ins += 1;
            habit.hours |= 1 << second.rem_euclid(86_400).div_euclid(3_600);
            habit.weekdays |= 1 << (day + 3).rem_euclid(7);
            habit.sources.extend(event.src_ip.filter(|_| habit.sources.len() < MEMBERS));
            add(&mut habit.hosts, host);
        }
    }

    /// Events looked at.
    pub(super) fn events(&self) -> u64 {
        self.events
    }

    /// Gateways by how often they let somebody in.
    pub(super) fn gateways(&self) -> Vec<(Service, &str, u64)> {
        let mut all: Vec<_> =
            self.gateways.iter().map(|(it, n)| (it.0, it.1.as_str(), *n)).collect();
        all.sort_by_key(|it| std::cmp::Reverse(it.2));
        all
    }

    /// Networks of which gateways lease several addresses.
    pub(super) fn pools(&self) -> Vec<(SourceNet, &Network)> {
        self.pools.iter().filter(|it| 2 <= it.1.members.len()).map(|it| (*it.0, it.1)).collect()
    }

    /// Networks that at least four people share, on at least two days: offices, mostly.
    pub(super) fn offices(&self) -> Vec<(SourceNet, &Network)> {
        let is_shared = |it: &Network| 4 <= it.members.len() && 2 <= it.days.len();
        let mut all: Vec<_> =
            self.networks.iter().filter(|it| is_shared(it.1)).map(|it| (*it.0, it.1)).collect();
        all.sort_by_key(|it| std::cmp::Reverse((it.1.members.len(), it.1.sign_ins)));
        all
    }

    /// Names that look like a program's, by their spelling or by never resting.
    pub(super) fn programs(&self) -> Vec<Program> {
        let all = self.names.iter().filter_map(|(name, habit)| {
            let never_rests = 200 <= habit.sign_ins
                && 22 <= habit.hours.count_ones()
                && habit.weekdays.count_ones() == 7
                && habit.sources.len() <= 2;
            let why = match (is_named_so(name), never_rests) {
                (_, true) => "signs in at all hours of all days from one or two addresses",
                (true, false) => "is named like a program",
                (false, false) => return None,
            };
            Some(Program {
                name: name.clone(),
                why: format!("{why} ({} sign-ins)", habit.sign_ins),
                sources: habit.sources.iter().take(4).copied().collect(),
            })
        });
        all.collect()
    }
}

impl Network {
    /// `12 people on 3 days`; the tables are bounded, so it may be more.
    pub(super) fn people(&self) -> String {
        let more = |it: usize| if it == MEMBERS { format!("{it} or more") } else { it.to_string() };
        format!("{} people on {} days", more(self.members.len()), more(self.days.len()))
    }

    /// How many addresses were leased.
    pub(super) fn addresses(&self) -> usize {
        self.members.len()
    }
}

fn is_named_so(name: &str) -> bool {
    const MARKS: &[&str] =
        &["svc", "service", "backup", "sync", "monitor", "scanner", "batch", "robot", "automation"];
    let mut parts = name.split(['-', '_', '.', ' ']);
    name.starts_with("svc") || parts.any(|it| MARKS.contains(&it))
}

const fn is_gateway(service: Service) -> bool {
    matches!(service, Service::Vpn | Service::Citrix | Service::Owa)
}

/// Whether Windows itself signs in under this domain: no organisation's.
fn is_of_system(domain: &str) -> bool {
    ["nt authority", "nt service", "window manager", "font driver host", "iis apppool"]
        .iter()
        .any(|it| domain.eq_ignore_ascii_case(it))
}

/// Whether the domain is the computer itself, as Windows states for local accounts.
fn is_of_host(domain: &str, event: &Event<'_>) -> bool {
    let short = |it: &str| it.split('.').next().unwrap_or_default().to_ascii_lowercase();
    [event.host, event.target, event.device]
        .into_iter()
        .flatten()
        .any(|it| short(it) == short(domain))
}

fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(it) => {
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_unspecified()
                || matches!(it.octets(), [100, 64..128, ..])
        }
        IpAddr::V6(it) => {
            it.is_loopback()
                || it.is_unspecified()
                || it.is_unique_local()
                || it.is_unicast_link_local()
        }
    }
}
