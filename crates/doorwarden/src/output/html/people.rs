//! The people whom incidents name: what is usual for each, beside what was not.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use doorwarden_model::{Incident, hash64};

use super::{clock, person::Card, sessions::Sessions};
use crate::scan::Scan;

/// Incidents whose people are unfolded.
const OPEN: usize = 1;

/// All people.
#[derive(Template)]
#[template(path = "report/people.html")]
pub(super) struct People {
    /// Outlines of empty hours, and their names with their place.
    empty: (String, Vec<(usize, String)>),
    cards: Vec<Card>,
}

/// Where a person's page begins.
pub(super) fn anchor(account: &str) -> String {
    format!("p-{:016x}", hash64(97, account.as_bytes()))
}

impl People {
    /// The people of `all` incidents that are shown; the first `linked` of them have a place on the page.
    pub(super) fn new(scan: &Scan, all: &[&Incident], linked: usize, sessions: &Sessions) -> Self {
        let wanted: BTreeSet<&str> =
            scan.people.0.iter().flat_map(|it| &it.incidents).map(String::as_str).collect();
        let by_id: BTreeMap<&str, (usize, &Incident)> = all
            .iter()
            .enumerate()
            .filter(|it| wanted.contains(it.1.id.as_str()))
            .map(|(nr, it)| (it.id.as_str(), (nr, *it)))
            .collect();
        let card = |note| {
            let mut card = Card::new(note, scan, &by_id, linked, sessions);
            card.is_open = card.first < OPEN;
            card
        };
        Self { empty: clock::empty(), cards: scan.people.0.iter().map(card).collect() }
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }
}
