//! Findings that go on are one signal: the book of open signals.

use std::{collections::BTreeMap, net::IpAddr};

use compact_str::CompactString;
use doorwarden_model::{
    Activity, Evidence, EvidenceKind, Outcome, Service, Signal, Step, Tier, hash64,
};
use jiff::Timestamp;

use crate::{
    clocks::source_key,
    detector::{Earlier, Finding},
    facts::Item,
    names::AccountKey,
    source::DAY,
    story::{Watched, describe, describe_earlier},
    table::KeyMap,
};

/// Names and addresses shown per signal (docs/output.md).
const SHOWN: usize = 200;
/// Names and addresses counted per signal; beyond, the total says "at least".
const COUNTED: usize = 512;
/// First, last and successful records kept per signal; together at most 20 (docs/output.md).
const FIRST: usize = 6;
const LAST: usize = 6;
const SUCCESSES: usize = 8;
/// Accounts that signed in, and steps of theirs, kept per signal for its story.
const TOLD: usize = 16;
/// Open signals of one partition; beyond, the one that spoke longest ago is closed.
const OPEN: usize = 64;

/// A signal that may still grow.
#[derive(Debug)]
struct Open {
    signal: Signal,
    last: i64,
    count: u64,
    names: KeyMap<u64, ()>,
    ips: KeyMap<u64, ()>,
    winners: Vec<CompactString>,
    winning_ips: Vec<IpAddr>,
    first: Vec<Evidence>,
    recent: Vec<Evidence>,
    successes: Vec<Evidence>,
    steps: Vec<Watched>,
}

/// The signals of one partition.
#[derive(Debug, Default)]
pub(crate) struct Book {
    open: BTreeMap<(&'static str, u64), Open>,
    closed: Vec<Signal>,
    /// What accounts did in signals that are closed and worth a story.
    told: Vec<Watched>,
}

/// What a finding is about beside the event at hand.
#[derive(Debug, Clone)]
pub(crate) struct Subject<'a> {
    pub(crate) detector: &'static str,
    pub(crate) techniques: &'static [&'static str],
    pub(crate) kind: EvidenceKind,
    pub(crate) quiet_if: &'static str,
    pub(crate) entity: u64,
    pub(crate) account: Option<&'a str>,
}

impl Book {
    /// Opens a signal, or lets the one of the same detector and entity grow.
    pub(crate) fn report(&mut self, subject: &Subject<'_>, item: &Item<'_>, finding: Finding) {
        let key = (subject.detector, subject.entity);
        let now = item.millis();
        let over = self.open.get(&key).is_some_and(|it| DAY < now - it.last);
        if over && let Some(open) = self.open.remove(&key) {
            self.close(open);
        }
        if OPEN <= self.open.len() && !self.open.contains_key(&key) {
            self.close_oldest();
        }
        let open = self.open.entry(key).or_insert_with(|| Open::new(subject, item, &finding));
        open.grow(item, finding);
    }

    /// Lets an open signal of this detector and entity grow by an event that says nothing new.
    pub(crate) fn extend(&mut self, detector: &'static str, entity: u64, item: &Item<'_>) -> bool {
        let Some(open) = self.open.get_mut(&(detector, entity)) else { return false };
        if DAY < item.millis() - open.last {
            return false;
        }
        open.add(item);
        true
    }

    fn close_oldest(&mut self) {
        let oldest = self.open.iter().min_by_key(|(key, it)| (it.last, **key)).map(|it| *it.0);
        if let Some(open) = oldest.and_then(|it| self.open.remove(&it)) {
            self.close(open);
        }
    }

    fn close(&mut self, mut open: Open) {
        if is_suspicion(open.signal.tier) {
            self.told.append(&mut open.steps);
        }
        self.closed.push(open.close());
    }

    /// Takes what accounts did in the signals that were taken.
    pub(crate) fn take_told(&mut self) -> Vec<Watched> {
        std::mem::take(&mut self.told)
    }

    /// Takes the signals that spoke last before `millis`.
    pub(crate) fn take_closed(&mut self, millis: i64) -> Vec<Signal> {
        let over: Vec<_> =
            self.open.iter().filter(|(_, it)| it.last < millis).map(|it| *it.0).collect();
        for key in over {
            if let Some(open) = self.open.remove(&key) {
                self.close(open);
            }
        }
        std::mem::take(&mut self.closed)
    }
}

impl Open {
    fn new(subject: &Subject<'_>, item: &Item<'_>, finding: &Finding) -> Self {
        let mut open = Self {
            signal: Signal {
                detector: subject.detector,
                time: item.event.time,
                since: finding.since.map_or(item.event.time, |it| it.min(item.event.time)),
                told: item.event.time,
                account: subject.account.map(str::to_owned),
                users: Vec::new(),
                users_total: 0,
                src_ips: Vec::new(),
                src_ips_total: 0,
                names_known_account: finding.earlier.iter().any(|it| it.is_known),
                has_success: false,
                services: Vec::new(),
                winners: Vec::new(),
                hosts: Vec::new(),
                links: Vec::new(),
                tier: finding.tier,
                risk: 0.0,
                score: None,
                kind: subject.kind,
                contributions: Vec::new(),
                techniques: subject.techniques,
                reason: String::new(),
                baseline: String::new(),
                quiet_if: subject.quiet_if,
                evidence: Vec::new(),
                missing: Vec::new(),
            },
            last: item.millis(),
            count: 0,
            names: KeyMap::default(),
            ips: KeyMap::default(),
            winners: Vec::new(),
            winning_ips: Vec::new(),
            first: Vec::new(),
            recent: Vec::new(),
            successes: Vec::new(),
            steps: Vec::new(),
        };
        finding.earlier.iter().for_each(|it| open.add_earlier(it));
        open
    }

    fn add_earlier(&mut self, earlier: &Earlier) {
        self.name(&earlier.name);
        self.count += 1;
        self.service(earlier.service);
        if let Some(ip) = earlier.ip {
            self.ip(ip);
        }
        let Some(account) = earlier.signed_in else { return self.evidence(earlier.evidence) };
        self.signal.has_success = true;
        self.winner(&earlier.name);
        if let Some(ip) = earlier.ip {
            self.winning_ip(ip);
        }
        self.success(earlier.evidence);
        self.tell(account, earlier.evidence.id, || Some(describe_earlier(earlier)));
    }

    fn grow(&mut self, item: &Item<'_>, finding: Finding) {
        let signal = &mut self.signal;
        let risk = finding.risk.unwrap_or_else(|| finding.tier.risk());
        if signal.reason.is_empty() || signal.risk < risk {
            signal.risk = risk;
            (signal.score, signal.contributions) = (finding.score, finding.contributions);
            signal.reason = finding.reason;
            signal.baseline = finding.baseline;
            signal.time = item.event.time;
            signal.told = if got_through(item) { signal.time } else { signal.since };
        }
        signal.tier = signal.tier.max(finding.tier);
        for link in finding.links {
            if !signal.links.contains(&link) && signal.links.len() < 64 {
                signal.links.push(link);
            }
        }
        for missing in finding.missing {
            if !signal.missing.contains(&missing) {
                signal.missing.push(missing);
            }
        }
        self.add(item);
    }

    fn add(&mut self, item: &Item<'_>) {
        self.last = self.last.max(item.millis());
        self.count += 1;
        let is_success = item.event.outcome == Some(Outcome::Success);
        self.signal.names_known_account |= item.facts.is_known;
        self.signal.has_success |= is_success;
        if let Some(user) = item.event.user {
            self.name(user);
            if is_success {
                self.winner(user);
            }
        }
        if item.is_sign_in()
            && let Some(account) = item.facts.account
        {
            self.tell(account, item.key.id, || describe(item));
        }
        if let Some(ip) = item.facts.src_ip {
            if is_success {
                self.winning_ip(ip);
            }
            self.ip(ip);
        }
        self.service(item.event.service);
        for host in [item.event.host, item.event.target].into_iter().flatten() {
            if self.signal.hosts.len() < 32 && !self.signal.hosts.iter().any(|it| it == host) {
                self.signal.hosts.push(host.to_owned());
            }
        }
        if is_success {
            self.success(item.evidence());
        } else {
            self.evidence(item.evidence());
        }
    }

    fn name(&mut self, name: &str) {
        if COUNTED <= self.names.len() {
            return;
        }
        if self.names.insert(hash64(50, name.as_bytes()), ()).is_none()
            && self.signal.users.len() < SHOWN
        {
            self.signal.users.push(name.to_owned());
        }
    }

    fn winner(&mut self, name: &str) {
        if self.winners.len() < SHOWN && !self.winners.iter().any(|it| it == name) {
            self.winners.push(name.into());
        }
    }

    /// Keeps what an account did for the story.
    fn tell(&mut self, account: AccountKey, id: u128, step: impl FnOnce() -> Option<Step>) {
        let winners = &mut self.signal.winners;
        if winners.len() < TOLD && !winners.contains(&account.0) {
            winners.push(account.0);
        }
        if self.steps.len() < TOLD
            && let Some(step) = step()
        {
            self.steps.push(Watched { account, id, step });
        }
    }

    fn winning_ip(&mut self, ip: IpAddr) {
        if self.winning_ips.len() < SHOWN && !self.winning_ips.contains(&ip) {
            self.winning_ips.push(ip);
        }
    }

    fn ip(&mut self, ip: IpAddr) {
        if COUNTED <= self.ips.len() {
            return;
        }
        if self.ips.insert(source_key(ip), ()).is_none() && self.signal.src_ips.len() < SHOWN {
            self.signal.src_ips.push(ip);
        }
    }

    fn service(&mut self, service: Service) {
        if !self.signal.services.contains(&service) {
            self.signal.services.push(service);
        }
    }

    fn success(&mut self, evidence: Evidence) {
        if self.successes.len() < SUCCESSES {
            self.successes.push(evidence);
        } else {
            self.evidence(evidence);
        }
    }

    fn evidence(&mut self, evidence: Evidence) {
        if self.first.len() < FIRST {
            self.first.push(evidence);
        } else {
            if self.recent.len() == LAST {
                self.recent.remove(0);
            }
            self.recent.push(evidence);
        }
    }

    fn close(self) -> Signal {
        let mut signal = self.signal;
        signal.users_total = self.names.len() as u64;
        signal.src_ips_total = self.ips.len() as u64;
        front(&mut signal.users, self.winners.iter().map(ToString::to_string));
        front(&mut signal.src_ips, self.winning_ips.into_iter());
        signal.evidence = [self.first, self.recent, self.successes].concat();
        signal.evidence.sort();
        signal.evidence.dedup();
        signal.services.sort();
        signal.links.sort();
        let minutes = signal.time.duration_since(signal.since).as_mins().max(1);
        let last = Timestamp::from_millisecond(self.last).unwrap_or(signal.time);
        signal.reason = signal
            .reason
            .replace("{count}", &self.count.to_string())
            .replace("{accounts}", &counted(signal.users_total))
            .replace("{sources}", &counted(signal.src_ips_total))
            .replace("{minutes}", &minutes.to_string())
            .replace("{until}", &last.strftime("%Y-%m-%d %H:%M").to_string());
        signal
    }
}

/// Whether the event is a success at the door: what it completes is told where it was, all else where it began.
fn got_through(item: &Item<'_>) -> bool {
    item.event.outcome == Some(Outcome::Success)
        && matches!(item.event.activity, Activity::Logon | Activity::Session | Activity::Mfa)
}

fn counted(count: u64) -> String {
    if COUNTED as u64 <= count { format!("at least {count}") } else { count.to_string() }
}

/// Puts `winners` first.
fn front<T: PartialEq>(all: &mut Vec<T>, winners: impl Iterator<Item = T>) {
    let mut sorted: Vec<T> = winners.collect();
    for it in all.drain(..) {
        if !sorted.contains(&it) {
            sorted.push(it);
        }
    }
    sorted.truncate(SHOWN);
    *all = sorted;
}

/// Whether a tier makes an incident that is worth a person's time.
pub(crate) fn is_suspicion(tier: Tier) -> bool {
    Tier::Queue <= tier
}
