//! What to know before trusting the rest: names, clocks, files that could not be read, what was left out.

use askama::Template;

use crate::{
    output::{
        harmless::clipped,
        trouble,
        words::{count, date, length, moment},
    },
    scan::Scan,
};

/// Rows of each table.
const ROWS: usize = 60;

/// A name that was found to be an account's.
pub(super) struct Alias {
    name: String,
    account: String,
    since: String,
    proof: String,
}

/// A clock that differs from another.
pub(super) struct Clock {
    system: String,
    against: String,
    offset: String,
    joins: String,
}

/// A path, and what is to be said of it.
pub(super) struct Note {
    path: String,
    why: String,
}

/// The credit that geo data asks for.
pub(super) struct Credit {
    text: String,
    /// Where it must link to; empty where it need not.
    link: String,
    note: String,
}

/// Some rows of a table, and how many more there are.
pub(super) struct Rows<T> {
    shown: Vec<T>,
    more: usize,
}

impl<T> Rows<T> {
    fn of(all: impl Iterator<Item = T>) -> Self {
        let mut all = all;
        let shown: Vec<T> = all.by_ref().take(ROWS).collect();
        Self { shown, more: all.count() }
    }
}

/// What to know before trusting the rest.
#[derive(Template)]
#[template(path = "report/notes.html")]
pub(super) struct Notes {
    aliases: Rows<Alias>,
    clocks: Rows<Clock>,
    errors: Rows<Note>,
    skipped: Rows<Note>,
    stale: Rows<String>,
    dropped: u64,
    dropped_text: String,
    blind: Vec<&'static str>,
    credits: Vec<Credit>,
    version: &'static str,
}

impl Notes {
    pub(super) fn new(scan: &Scan) -> Self {
        let aliases = scan.output.aliases.iter().map(|it| Alias {
            name: clipped(&it.name, 80),
            account: clipped(&it.account, 80),
            since: it.since.map_or_else(|| "always".to_owned(), moment),
            proof: clipped(&it.proof, 300),
        });
        let clocks = scan.output.clocks.iter().map(|it| {
            let way = if it.millis < 0 { "behind" } else { "ahead" };
            Clock {
                system: clipped(&it.system, 80),
                against: clipped(&it.against, 80),
                offset: format!("{} {way}", length(it.millis.unsigned_abs() / 1_000)),
                joins: count(u64::from(it.joins)),
            }
        });
        let note =
            |path: &str, why: &str| Note { path: clipped(path, 200), why: clipped(why, 300) };
        let troubles = trouble::of(scan);
        Self {
            aliases: Rows::of(aliases),
            clocks: Rows::of(clocks),
            errors: Rows::of(troubles.iter().map(|it| note(&it.0, &it.1))),
            skipped: Rows::of(trouble::no_logs(scan).map(|it| note(it.0, it.1))),
            stale: Rows::of(scan.stale_expected.iter().map(|it| clipped(it, 300))),
            blind: scan.blind_kinds.iter().map(|it| it.word()).collect(),
            credits: credits(scan),
            dropped: scan.output.dropped_signals,
            dropped_text: count(scan.output.dropped_signals),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// What loaded geo data wants to be said, each once.
fn credits(scan: &Scan) -> Vec<Credit> {
    let mut credits: Vec<Credit> = Vec::new();
    for it in &scan.geo {
        let text = if it.credit.is_empty() { &it.name } else { &it.credit };
        let text = clipped(text, 200);
        let built = it.built.map(|it| format!("of {}", date(it)));
        let note = [built, Some(clipped(&it.licence, 120))];
        let note = note.into_iter().flatten().filter(|it| !it.is_empty()).collect::<Vec<_>>();
        if credits.iter().all(|known| known.text != text) && credits.len() < ROWS {
            let is_web = it.link.starts_with("https://");
            let link = if is_web { clipped(&it.link, 200) } else { String::new() };
            credits.push(Credit { text, link, note: note.join(", ") });
        }
    }
    credits
}
