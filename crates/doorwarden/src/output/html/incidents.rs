//! The incidents: the gravest as cards, those after them as rows, and how many more there are.

use askama::Template;
use doorwarden_model::Incident;

use super::{head, incident::Card, sessions::Sessions};
use crate::{
    output::{digest::Digest, words::count},
    scan::Scan,
};

/// Incidents told in full, those of them that are unfolded, and those told in a row.
pub(super) const CARDS: usize = 120;
const OPEN: usize = 3;
const ROWS: usize = 1_000;
/// Incidents that have a place on the page.
pub(super) const LINKED: usize = CARDS + ROWS;

/// An incident in a row.
pub(super) struct Row {
    severity: &'static str,
    risk: String,
    when: String,
    digest: Digest,
}

/// All incidents.
#[derive(Template)]
#[template(path = "report/incidents.html")]
pub(super) struct Incidents {
    total: String,
    shares: Vec<head::Share>,
    cards: Vec<Card>,
    rows: Vec<Row>,
    more: Option<String>,
}

impl Incidents {
    pub(super) fn new(scan: &Scan, all: &[&Incident], sessions: &Sessions) -> Self {
        let (full, others) = all.split_at(CARDS.min(all.len()));
        let mut cards: Vec<Card> =
            full.iter().map(|it| Card::new(it, &sessions.of(it), scan)).collect();
        for card in cards.iter_mut().take(OPEN) {
            card.is_open = true;
        }
        let rows = others.iter().take(ROWS).map(|it| {
            let digest = Digest::of(it, scan);
            Row {
                severity: it.severity().word(),
                risk: format!("{:.1}", it.risk),
                when: digest.when(),
                digest,
            }
        });
        let more = others.len().saturating_sub(ROWS) as u64;
        Self {
            total: count(all.len() as u64),
            shares: head::shares(all).into_iter().filter(|it| 0 < it.number).collect(),
            cards,
            rows: rows.collect(),
            more: (0 < more).then(|| count(more)),
        }
    }
}
