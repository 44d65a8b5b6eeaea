//! One person: hours, places, doors and devices, with those of the incident marked.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
};

use askama::Template;
use doorwarden_model::{Incident, Used};

use super::{
    clock::Clock,
    countries, people,
    sessions::{SessionLine, Sessions},
    weighed::day,
};
use crate::{
    output::{
        harmless::clipped,
        words::{counted, moment},
    },
    scan::{PersonNote, Scan},
};

/// Rows of each list, and sessions.
const ROWS: usize = 5;
const SESSIONS: usize = 10;

/// An incident that names the person.
pub(super) struct Link {
    id: String,
    is_linked: bool,
    risk: String,
    severity: &'static str,
    title: String,
}

/// Something that the person used.
pub(super) struct Row {
    what: String,
    days: u16,
    first: String,
    last: String,
    is_marked: bool,
}

/// What the person used, of one kind.
pub(super) struct Group {
    name: String,
    rows: Vec<Row>,
    more: usize,
}

/// A country on the map.
pub(super) struct Shape {
    code: String,
    class: &'static str,
}

/// A session of the incidents.
pub(super) struct Session {
    start: String,
    end: String,
    service: String,
    from: String,
    hosts: String,
    factors: String,
}

/// One person.
#[derive(Template)]
#[template(path = "report/person.html")]
pub(super) struct Card {
    anchor: String,
    pub(super) is_open: bool,
    /// The place of the person's gravest incident.
    pub(super) first: usize,
    severity: &'static str,
    risk: String,
    name: String,
    basis: String,
    incidents: Vec<Link>,
    more_incidents: usize,
    clock: Clock,
    shapes: Vec<Shape>,
    groups: Vec<Group>,
    sessions: Vec<Session>,
    more_sessions: usize,
    /// What the sessions are.
    caption: &'static str,
}

impl Card {
    pub(super) fn new(
        note: &PersonNote,
        scan: &Scan,
        incidents: &BTreeMap<&str, (usize, &Incident)>,
        linked: usize,
        sessions: &Sessions,
    ) -> Self {
        let own: Vec<(usize, &Incident)> =
            note.incidents.iter().filter_map(|it| incidents.get(it.as_str()).copied()).collect();
        let top = own.first().map(|it| it.1);
        let seen = Seen::of(note, &own, scan);
        let person = &note.person;
        let (sessions, more_sessions, caption) = seen.sessions(note, &own, sessions);
        Self {
            anchor: people::anchor(&person.account),
            is_open: false,
            first: own.first().map_or(usize::MAX, |it| it.0),
            severity: top.map_or("low", |it| it.severity().word()),
            risk: top.map_or_else(String::new, |it| format!("{:.1}", it.risk)),
            name: clipped(&person.account, 80),
            basis: format!(
                "{} with a sign-in since {}",
                counted(u64::from(person.active_days), "day"),
                day(person.first_day)
            ),
            incidents: own.iter().map(|it| link(it.0, it.1, linked)).collect(),
            more_incidents: note.incidents_total.saturating_sub(own.len()),
            clock: Clock::new(note),
            shapes: if scan.overview.countries.is_empty() { Vec::new() } else { seen.shapes(note) },
            groups: seen.groups(note),
            sessions,
            more_sessions,
            caption,
        }
    }
}

/// An incident with its place; the first `linked` are on the page.
fn link(place: usize, incident: &Incident, linked: usize) -> Link {
    Link {
        id: incident.id.clone(),
        is_linked: place < linked,
        risk: format!("{:.1}", incident.risk),
        severity: incident.severity().word(),
        title: clipped(&incident.title, 120),
    }
}

/// What the incidents' sign-ins of the person used, and the person not before.
#[derive(Default)]
struct Seen {
    /// The day of the first of these sign-ins, and days with a sign-in in all.
    since: u16,
    active_days: u32,
    ips: BTreeSet<String>,
    countries: BTreeSet<[u8; 2]>,
    providers: BTreeSet<u32>,
    nets: BTreeSet<Ipv4Addr>,
}

impl Seen {
    fn of(note: &PersonNote, incidents: &[(usize, &Incident)], scan: &Scan) -> Self {
        let person = &note.person;
        let first = note.marked.first().map_or(i64::MAX, |it| it.time.as_second() / 86_400);
        let mut seen = Self {
            since: u16::try_from(first).unwrap_or(u16::MAX),
            active_days: person.active_days,
            ..Self::default()
        };
        let signals = incidents.iter().flat_map(|it| &it.1.signals);
        let own =
            signals.filter(|it| it.has_success && it.account.as_ref() == Some(&person.account));
        for ip in own.flat_map(|it| &it.src_ips) {
            let net = match ip {
                IpAddr::V4(ip) => Some(Ipv4Addr::from_bits(ip.to_bits() & !0xff)),
                IpAddr::V6(_) => None,
            };
            if net.is_none_or(|it| seen.is_strange(&person.nets, &it)) {
                seen.ips.insert(ip.to_string());
                seen.nets.extend(net);
            }
            let Some(place) = scan.places.of(*ip) else { continue };
            let country = place.country.filter(|it| seen.is_strange(&person.countries, it));
            let provider = place.asn.filter(|it| seen.is_strange(&person.providers, it));
            seen.countries.extend(country);
            seen.providers.extend(provider);
        }
        seen
    }

    /// Whether the person never used it before the incident, or hardly ever.
    fn is_strange<T: PartialEq>(&self, all: &[Used<T>], what: &T) -> bool {
        let Some(used) = all.iter().find(|it| it.what == *what) else { return true };
        self.since <= used.first_day || 4 * u32::from(used.days) < self.active_days
    }

    /// The sessions from what is strange and those that came through them; where there are none, those near the incidents.
    fn sessions(
        &self,
        note: &PersonNote,
        incidents: &[(usize, &Incident)],
        sessions: &Sessions,
    ) -> (Vec<Session>, usize, &'static str) {
        let account = note.person.account.as_str();
        let mut all: Vec<&SessionLine> =
            incidents.iter().flat_map(|it| sessions.of_account(it.1, account)).collect();
        all.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        all.dedup_by(|a, b| a.id == b.id);
        let is_outer =
            |it: &SessionLine| it.src_ip.as_ref().is_some_and(|it| self.ips.contains(it));
        let outer: BTreeSet<&str> =
            all.iter().filter(|it| is_outer(it)).map(|it| it.id.as_str()).collect();
        let caption = if outer.is_empty() {
            "Sessions near the incident"
        } else {
            let through =
                |it: &SessionLine| it.explained_by.as_deref().is_some_and(|it| outer.contains(it));
            all.retain(|it| is_outer(it) || through(it));
            "Sessions of the incident"
        };
        let more = all.len().saturating_sub(SESSIONS);
        (all.into_iter().take(SESSIONS).map(session).collect(), more, caption)
    }

    /// Countries that the person was in, those of the incident over them.
    fn shapes(&self, note: &PersonNote) -> Vec<Shape> {
        let usual = note.person.countries.iter().map(|it| (it.what, "h4"));
        let all = usual.chain(self.countries.iter().map(|it| (*it, "struck")));
        all.filter_map(|(code, class)| {
            let code = std::str::from_utf8(&code).ok()?.to_owned();
            super::world::has_shape(&code).then_some(Shape { code, class })
        })
        .collect()
    }

    fn groups(&self, note: &PersonNote) -> Vec<Group> {
        let person = &note.person;
        let country = |it: &[u8; 2]| match std::str::from_utf8(it) {
            Ok(code) => countries::name(code).to_owned(),
            Err(_) => "?".to_owned(),
        };
        let provider = |asn: &u32| match note.holders.get(asn) {
            Some(holder) => format!("AS{asn} {}", clipped(holder, 60)),
            None => format!("AS{asn}"),
        };
        let groups = [
            group("country", &person.countries, country, |it| self.countries.contains(it)),
            group("provider", &person.providers, provider, |it| self.providers.contains(it)),
            group("network", &person.nets, |it| format!("{it}/24"), |it| self.nets.contains(it)),
            group("door", &person.services, |it| it.word().to_owned(), |_| false),
            group("device", &person.devices, |()| "a device".to_owned(), |()| false),
        ];
        groups.into_iter().filter(|it| !it.rows.is_empty()).collect()
    }
}

fn group<T>(
    name: &str,
    all: &[Used<T>],
    text: impl Fn(&T) -> String,
    is_marked: impl Fn(&T) -> bool,
) -> Group {
    // What the incident used is shown, however few its days are.
    let (marked, others): (Vec<_>, Vec<_>) = all.iter().partition(|it| is_marked(&it.what));
    let room = ROWS.saturating_sub(marked.len().min(2));
    let shown = others.iter().take(room).chain(marked.iter().take(ROWS - room));
    let rows: Vec<Row> = shown
        .map(|it| Row {
            what: text(&it.what),
            days: it.days,
            first: day(i64::from(it.first_day)),
            last: day(i64::from(it.last_day)),
            is_marked: is_marked(&it.what),
        })
        .collect();
    let more = all.len().saturating_sub(rows.len());
    Group { name: counted(all.len() as u64, name), rows, more }
}

fn session(it: &SessionLine) -> Session {
    let hosts: Vec<String> = it.hosts.iter().take(3).map(|it| clipped(it, 60)).collect();
    let factors: Vec<String> = it.factors.iter().take(3).map(|it| clipped(it, 40)).collect();
    Session {
        start: moment(it.start),
        end: it.end.map_or_else(|| "not logged".to_owned(), moment),
        service: clipped(&it.service, 20),
        from: it.src_ip.as_deref().map_or_else(String::new, |it| clipped(it, 45)),
        hosts: hosts.join(", "),
        factors: factors.join(", "),
    }
}
