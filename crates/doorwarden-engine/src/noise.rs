//! The internet's background noise: guessing without success at names that are nobody's, rolled up per network and day.

use std::collections::BTreeMap;

use doorwarden_model::{Places, Signal, Tier};

/// Groups shown a day; the others are one.
const GROUPS_A_DAY: usize = 8;
/// Networks that make a group of its own a day.
const OWN_GROUP: u64 = 3;
/// Days and groups remembered.
const CAP: usize = 20_000;

/// Counts of noise per day and group of networks.
#[derive(Debug, Default)]
pub(crate) struct Noise(BTreeMap<(i64, String), Group>);

#[derive(Debug)]
struct Group {
    signal: Signal,
    sources: u64,
    names: u64,
}

impl Noise {
    /// Whether a signal is no more than noise: nobody came in, and no account was meant.
    pub(crate) fn is_noise(signal: &Signal) -> bool {
        const GUESSING: &[&str] =
            &["password-spray", "credential-stuffing", "brute-force", "enumeration"];
        GUESSING.contains(&signal.detector) && !signal.has_success && !signal.names_known_account
    }

    /// Counts a signal.
    pub(crate) fn add(&mut self, signal: &Signal, places: &dyn Places) {
        let day = signal.since.as_second().div_euclid(86_400);
        let group = signal.src_ips.first().map_or_else(
            || "unknown networks".to_owned(),
            |ip| {
                let place = places.place(*ip);
                match (place.asn, place.holder) {
                    (Some(asn), Some(holder)) => format!("AS{asn} {holder}"),
                    (Some(asn), None) => format!("AS{asn}"),
                    (None, _) => "unknown networks".to_owned(),
                }
            },
        );
        if CAP <= self.0.len() && !self.0.contains_key(&(day, group.clone())) {
            self.merge_into(day, "various providers".to_owned(), signal, 1, signal.users_total);
            return;
        }
        self.merge_into(day, group, signal, 1, signal.users_total);
    }

    fn merge_into(&mut self, day: i64, group: String, signal: &Signal, sources: u64, names: u64) {
        let Some(known) = self.0.get_mut(&(day, group.clone())) else {
            self.0.insert((day, group), Group { signal: signal.clone(), sources, names });
            return;
        };
        known.sources += sources;
        known.names += names;
        let own = &mut known.signal;
        own.since = own.since.min(signal.since);
        own.told = own.since;
        own.time = own.time.max(signal.time);
        add_some(&mut own.users, &signal.users, 200);
        add_some(&mut own.src_ips, &signal.src_ips, 200);
        add_some(&mut own.hosts, &signal.hosts, 32);
        add_some(&mut own.services, &signal.services, 16);
        let mut evidence = std::mem::take(&mut own.evidence);
        evidence.extend(signal.evidence.iter().take(2));
        evidence.truncate(20);
        own.evidence = evidence;
    }

    /// One low signal per day and group.
    pub(crate) fn take(&mut self) -> Vec<Signal> {
        let mut days: BTreeMap<i64, Vec<(String, Group)>> = BTreeMap::new();
        for ((day, name), group) in std::mem::take(&mut self.0) {
            days.entry(day).or_default().push((name, group));
        }
        for (day, mut groups) in days {
            groups.sort_by(|a, b| b.1.sources.cmp(&a.1.sources).then_with(|| a.0.cmp(&b.0)));
            for (at, (name, group)) in groups.into_iter().enumerate() {
                let is_own = at < GROUPS_A_DAY && OWN_GROUP <= group.sources;
                let name = if is_own { name } else { "various providers".to_owned() };
                self.merge_into(day, name, &group.signal, group.sources, group.names);
            }
        }
        let all = std::mem::take(&mut self.0);
        all.into_iter().map(|((_, name), group)| rolled_up(&name, group)).collect()
    }
}

fn rolled_up(name: &str, group: Group) -> Signal {
    let mut signal = group.signal;
    signal.detector = "background-noise";
    signal.tier = Tier::Digest;
    signal.risk = Tier::Digest.risk();
    signal.techniques = &["T1110"];
    let networks = if group.sources == 1 { "network" } else { "networks" };
    signal.reason = format!(
        "{} {networks} of {name} guessed passwords without success, none of them of an account in use ({} names)",
        group.sources, group.names
    );
    "every door that faces the internet is tried all day".clone_into(&mut signal.baseline);
    signal.quiet_if = "the door were not reachable from the internet";
    signal.users_total = group.names;
    signal.src_ips_total = signal.src_ips_total.max(group.sources);
    signal.account = None;
    signal.links = vec![format!("noise:{name}:{}", signal.since.as_second().div_euclid(86_400))];
    signal
}

fn add_some<T: PartialEq + Clone>(to: &mut Vec<T>, from: &[T], cap: usize) {
    for it in from {
        if cap <= to.len() {
            return;
        }
        if !to.contains(it) {
            to.push(it.clone());
        }
    }
}
