//! Sessions of the accounts that incidents speak of, read back from `sessions.jsonl`: while they were written, nobody
//! knew yet which of them would matter.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use doorwarden_model::Incident;
use jiff::Timestamp;
use memchr::memmem;
use serde::Deserialize;

use super::incidents::CARDS;
use crate::{output::incident_json, scan::Scan};

/// Sessions kept per account or outer session.
const KEPT: usize = 64;
/// Lines longer than this are passed over.
const LONGEST: usize = 1 << 20;

/// What the page needs of a session.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SessionLine {
    pub(super) id: String,
    pub(super) user: String,
    pub(super) service: String,
    pub(super) start: Timestamp,
    pub(super) end: Option<Timestamp>,
    pub(super) hosts: Vec<String>,
    pub(super) explained_by: Option<String>,
    pub(super) src_ip: Option<String>,
    pub(super) factors: Vec<String>,
}

/// Sessions by account, and by the session through which they came.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    by_user: BTreeMap<String, Vec<SessionLine>>,
    by_outer: BTreeMap<String, Vec<SessionLine>>,
}

impl Sessions {
    /// Reads the sessions of the accounts in the first of `incidents`, of the people with a page in all of them, and
    /// those that came through them; a file that cannot be read gives none.
    pub(super) fn read(path: &Path, scan: &Scan, incidents: &[&Incident]) -> Self {
        let mut sessions = Self::default();
        let windows = windows(scan, incidents);
        if windows.is_empty() {
            return sessions;
        }
        let mut outer = BTreeSet::new();
        each(path, "\"user\":\"", &|user| windows.contains_key(user), &mut |it| {
            let is_near = windows.get(&it.user).is_some_and(|all| all.iter().any(|w| w.meets(it)));
            let known = sessions.by_user.entry(it.user.clone()).or_default();
            if is_near && known.len() < KEPT {
                outer.insert(it.id.clone());
                known.push(it.clone());
            }
        });
        if outer.is_empty() {
            return sessions;
        }
        each(path, "\"explained_by\":\"", &|id| outer.contains(id), &mut |it| {
            let Some(id) = it.explained_by.clone() else { return };
            let known = sessions.by_outer.entry(id).or_default();
            if known.len() < KEPT {
                known.push(it.clone());
            }
        });
        sessions
    }

    /// The sessions of the accounts of `incident` near it, with those that came through them, in order of time.
    pub(super) fn of(&self, incident: &Incident) -> Vec<&SessionLine> {
        let accounts: BTreeSet<&str> =
            incident.signals.iter().filter_map(|it| it.account.as_deref()).collect();
        self.near(incident, accounts.into_iter())
    }

    /// As [`Self::of`], of one account only.
    pub(super) fn of_account(&self, incident: &Incident, account: &str) -> Vec<&SessionLine> {
        self.near(incident, std::iter::once(account))
    }

    fn near<'a>(
        &self,
        incident: &Incident,
        accounts: impl Iterator<Item = &'a str>,
    ) -> Vec<&SessionLine> {
        let window = Window::of(incident);
        let mut found: Vec<&SessionLine> = accounts
            .filter_map(|it| self.by_user.get(it))
            .flatten()
            .filter(|it| window.meets(it))
            .collect();
        let inner: Vec<&SessionLine> =
            found.iter().filter_map(|it| self.by_outer.get(&it.id)).flatten().collect();
        found.extend(inner);
        found.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
        found.dedup_by(|a, b| a.id == b.id);
        found
    }
}

/// The time around an incident in which sessions belong to its story.
#[derive(Debug, Clone, Copy)]
struct Window {
    from: i64,
    to: i64,
}

/// Seconds before and after an incident.
const AROUND: i64 = 2 * 3_600;

impl Window {
    fn of(incident: &Incident) -> Self {
        let (first, last) = incident_json::span(incident);
        Self { from: first.as_second() - AROUND, to: last.as_second() + AROUND }
    }

    fn meets(self, session: &SessionLine) -> bool {
        let start = session.start.as_second();
        let end = session.end.map_or(start, Timestamp::as_second);
        start <= self.to && self.from <= end
    }
}

fn windows(scan: &Scan, incidents: &[&Incident]) -> BTreeMap<String, Vec<Window>> {
    let mut windows: BTreeMap<String, Vec<Window>> = BTreeMap::new();
    for incident in incidents.iter().take(CARDS) {
        for account in incident.signals.iter().filter_map(|it| it.account.as_ref()) {
            windows.entry(account.clone()).or_default().push(Window::of(incident));
        }
    }
    let by_id: BTreeMap<&str, &Incident> =
        incidents.iter().skip(CARDS).map(|it| (it.id.as_str(), *it)).collect();
    for note in &scan.people.0 {
        let own = note.incidents.iter().filter_map(|it| by_id.get(it.as_str()));
        let own: Vec<Window> = own.map(|it| Window::of(it)).collect();
        if !own.is_empty() {
            windows.entry(note.person.account.clone()).or_default().extend(own);
        }
    }
    windows
}

/// Gives `take` each line in which the text behind `key` is wanted. Most lines are not, so they are not parsed.
fn each(
    path: &Path,
    key: &str,
    is_wanted: &dyn Fn(&str) -> bool,
    take: &mut dyn FnMut(&SessionLine),
) {
    #[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
    let Ok(file) = File::open(path) else { return };
    let key = memmem::Finder::new(key);
    let mut reader = BufReader::with_capacity(1 << 18, file);
    let mut line = Vec::new();
    loop {
        line.clear();
        match reader.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if LONGEST < line.len() => continue,
            Ok(_) => {}
        }
        let Some(at) = key.find(&line) else { continue };
        let value = line.get(at + key.needle().len()..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'"', value) else { continue };
        let value = value.get(..end).and_then(|it| std::str::from_utf8(it).ok());
        if value.is_some_and(|it| it.contains('\\') || is_wanted(it))
            && let Ok(session) = serde_json::from_slice(&line)
        {
            take(&session);
        }
    }
}
