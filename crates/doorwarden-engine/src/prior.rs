//! What the whole archive tells about names before its first event is judged: which directories there are, and which
//! device asks which of them.
//!
//! Gathered while parsing, in any order and from any number of workers; sets only, so the order does not matter.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_model::{Context, Event, Outcome, Service, hash64};
use serde::{Deserialize, Serialize};

use crate::{
    names::{is_builtin, lower},
    table::KeyMap,
};

/// Names remembered per realm and per device, and realms and devices in all.
const NAMES_CAP: usize = 100_000;
/// Realms or devices remembered.
const REALMS_CAP: usize = 20_000;

/// Names seen to sign in, by the realm that the log states, and by the device where it states none.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameBook {
    realms: BTreeMap<Box<str>, BTreeSet<u64>>,
    devices: BTreeMap<u64, Device>,
    /// Recently added keys, to skip most of the work on repeated names.
    #[serde(skip)]
    recent: KeyMap<u64, ()>,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Device {
    is_gateway: bool,
    names: BTreeSet<u64>,
}

impl NameBook {
    /// Takes note of the name in `event`, where it signed in.
    pub fn learn(&mut self, event: &Event<'_>) {
        if event.outcome != Some(Outcome::Success) || event.service == Service::Local {
            return;
        }
        let Some(user) = event.user else { return };
        let device = device_key(event);
        let seed = event.domain.map_or(device, |it| hash64(3, it.as_bytes()));
        let raw = hash64(seed ^ u64::from(is_gateway(event.service)), user.as_bytes());
        if self.recent.len() < 65_536 {
            if self.recent.insert(raw, ()).is_some() {
                return;
            }
        } else if self.recent.contains_key(&raw) {
            return;
        }
        self.add(event, user, device);
    }

    fn add(&mut self, event: &Event<'_>, user: &str, device: u64) {
        let name = lower(user);
        if is_builtin(&name) {
            return;
        }
        let name = hash64(2, name.as_bytes());
        let names = match event.domain {
            Some(domain) if is_of_host(domain, event) => return,
            Some(domain) => {
                let realm = lower(domain);
                if REALMS_CAP <= self.realms.len() && !self.realms.contains_key(realm.as_str()) {
                    return;
                }
                self.realms.entry(realm.as_str().into()).or_default()
            }
            None => {
                if REALMS_CAP <= self.devices.len() && !self.devices.contains_key(&device) {
                    return;
                }
                let entry = self.devices.entry(device).or_default();
                entry.is_gateway |= is_gateway(event.service);
                &mut entry.names
            }
        };
        if names.len() < NAMES_CAP {
            names.insert(name);
        }
    }

    /// Adds what another worker gathered.
    pub fn merge(&mut self, other: Self) {
        for (realm, names) in other.realms {
            self.realms.entry(realm).or_default().extend(names);
        }
        for (key, device) in other.devices {
            let entry = self.devices.entry(key).or_default();
            entry.is_gateway |= device.is_gateway;
            entry.names.extend(device.names);
        }
    }
}

/// The key of the device that logged `event`.
pub(crate) fn device_key(event: &Event<'_>) -> u64 {
    hash64(hash64(4, event.format.as_bytes()), event.host.unwrap_or_default().as_bytes())
}

/// Whether `domain` is the computer itself, as Windows states for local accounts.
pub(crate) fn is_of_host(domain: &str, event: &Event<'_>) -> bool {
    let short = |it: &str| it.split('.').next().unwrap_or_default().to_ascii_lowercase();
    [event.host, event.target, event.device]
        .into_iter()
        .flatten()
        .any(|it| short(it) == short(domain))
}

/// Whether doors of this kind ask a directory rather than a list of their own.
const fn is_gateway(service: Service) -> bool {
    match service {
        Service::Vpn
        | Service::Citrix
        | Service::Owa
        | Service::Idp
        | Service::Radius
        | Service::RemoteTool => true,
        Service::Rdp
        | Service::Vnc
        | Service::Winrm
        | Service::Ssh
        | Service::Docker
        | Service::K8s
        | Service::Windows
        | Service::Local => false,
    }
}

/// Which realm is which directory, and which device asks which directory.
#[derive(Debug, Default, Clone)]
pub struct Prior {
    /// Realm as logged, in lower case, to its directory.
    realms: BTreeMap<Box<str>, u32>,
    /// Name of each directory; the first is the organisation's own, whose accounts need no realm.
    directories: Vec<Box<str>>,
    /// Devices whose bare names are names of a directory.
    devices: KeyMap<u64, u32>,
    /// Names that sign in, by directory and by device.
    names: KeyMap<u64, ()>,
    /// Whether there is no directory at all: then gateways' bare names share one.
    has_no_realm: bool,
}

impl Prior {
    /// Reads directories out of the names seen and the context.
    #[must_use]
    pub fn new(book: &NameBook, context: &Context) -> Self {
        let mut groups = groups(book, context);
        groups.sort_by(|a, b| {
            b.is_own
                .cmp(&a.is_own)
                .then(b.names.len().cmp(&a.names.len()))
                .then(a.name.cmp(&b.name))
        });
        let mut prior = Self { has_no_realm: groups.is_empty(), ..Self::default() };
        if groups.is_empty() {
            groups.push(default_group(book));
        }
        for (index, group) in groups.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            prior.directories.push(group.name.clone());
            prior.realms.extend(group.realms.iter().map(|it| (it.clone(), index)));
        }
        for (index, group) in groups.iter().enumerate() {
            prior.names.extend(group.names.iter().map(|it| (it ^ directory_seed(index), ())));
        }
        for (key, device) in &book.devices {
            prior.names.extend(device.names.iter().map(|it| (it ^ key, ())));
            let directory = if prior.has_no_realm && device.is_gateway {
                Some(0)
            } else {
                directory_of(device, &groups)
            };
            if let Some(directory) = directory {
                prior.devices.insert(*key, directory);
            }
        }
        prior
    }

    /// The directory that a stated realm belongs to.
    pub(crate) fn directory(&self, realm: &str) -> Option<u32> {
        self.realms.get(realm).copied()
    }

    /// The directory that a device asks about bare names.
    pub(crate) fn directory_of_device(&self, device: u64, service: Service) -> Option<u32> {
        let known = self.devices.get(&device).copied();
        known.or((self.has_no_realm && is_gateway(service)).then_some(0))
    }

    /// Whether `name` signs in at some time: by its directory, else by the device.
    pub(crate) fn signs_in(&self, name: &str, directory: Option<u32>, device: u64) -> bool {
        let name = hash64(2, name.as_bytes());
        directory.is_some_and(|it| self.names.contains_key(&(name ^ directory_seed(it as usize))))
            || self.names.contains_key(&(name ^ device))
    }

    /// The name of a directory.
    pub(crate) fn directory_name(&self, index: u32) -> &str {
        self.directories.get(index as usize).map_or("", |it| it)
    }
}

fn directory_seed(index: usize) -> u64 {
    hash64(5, &(index as u64).to_le_bytes())
}

/// Realms that are one directory.
struct Group {
    name: Box<str>,
    is_own: bool,
    realms: BTreeSet<Box<str>>,
    names: BTreeSet<u64>,
}

/// A `NetBIOS` name joins the DNS domain whose first label it is, where there is only one; the context's domains are one.
fn groups(book: &NameBook, context: &Context) -> Vec<Group> {
    let organisation = &context.organisation;
    let own: BTreeSet<Box<str>> = organisation
        .domains
        .iter()
        .chain(&organisation.netbios)
        .map(|it| lower(it).as_str().into())
        .collect();
    let mut groups: Vec<Group> = Vec::new();
    if !own.is_empty() {
        let name =
            own.iter().find(|it| it.contains('.')).or(own.first()).cloned().unwrap_or_default();
        groups.push(Group { name, is_own: true, realms: own.clone(), names: BTreeSet::new() });
    }
    for realm in book.realms.keys().filter(|it| it.contains('.') && !own.contains(*it)) {
        groups.push(Group {
            name: realm.clone(),
            is_own: false,
            realms: [realm.clone()].into(),
            names: BTreeSet::new(),
        });
    }
    for realm in book.realms.keys().filter(|it| !it.contains('.') && !own.contains(*it)) {
        let is_first_label =
            |it: &Group| it.realms.iter().any(|name| name.split('.').next() == Some(realm));
        let mut matching = groups.iter_mut().filter(|it| is_first_label(it));
        match (matching.next(), matching.next()) {
            (Some(group), None) => {
                group.realms.insert(realm.clone());
            }
            _ => groups.push(Group {
                name: realm.clone(),
                is_own: false,
                realms: [realm.clone()].into(),
                names: BTreeSet::new(),
            }),
        }
    }
    for group in &mut groups {
        for names in group.realms.iter().filter_map(|it| book.realms.get(it)) {
            group.names.extend(names);
        }
    }
    groups.retain(|it| it.is_own || !it.names.is_empty());
    groups
}

/// The one directory of an archive in which no log states a realm: what its gateways ask.
fn default_group(book: &NameBook) -> Group {
    let gateways = book.devices.values().filter(|it| it.is_gateway);
    let names = gateways.flat_map(|it| it.names.iter().copied()).collect();
    Group { name: "".into(), is_own: true, realms: BTreeSet::new(), names }
}

/// A device asks the directory that holds at least half of the names that signed in there; one name is enough for a
/// gateway, a computer with accounts of its own needs two, for one equal name may be a stranger's.
fn directory_of(device: &Device, groups: &[Group]) -> Option<u32> {
    let least = if device.is_gateway { 1 } else { 2 };
    let mut found = groups.iter().enumerate().filter(|(_, group)| {
        let shared = device.names.iter().filter(|it| group.names.contains(it)).count();
        least <= shared && device.names.len() <= 2 * shared
    });
    match (found.next(), found.next()) {
        (Some((index, _)), None) => u32::try_from(index).ok(),
        _ => None,
    }
}
