//! What a scan says on a terminal: what was read, the incidents, what was not understood, where the report is.

use std::path::Path;

use doorwarden_model::{Incident, Severity};

use super::{
    table,
    wrap::{padded, width, wrapped},
};
use crate::{
    ingest::FileReport,
    output::{
        harmless::{clipped, harmless},
        style::Style,
        trouble,
        words::{bytes, count, counted, percent, span},
    },
    scan::{Filter, Scan},
};

/// Incidents shown.
const INCIDENTS: usize = 50;
/// Lines shown of each list.
const LINES: usize = 10;

/// Where and how text is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) columns: usize,
    pub(crate) style: Style,
}

/// The whole report, a line each.
pub(crate) fn report(
    scan: &Scan,
    filter: &Filter,
    out: Option<&Path>,
    screen: Screen,
) -> Vec<String> {
    let mut lines: Vec<String> =
        what_was_read(scan).iter().flat_map(|it| wrapped(it, screen.columns)).collect();
    lines.push(String::new());
    lines.extend(incidents(scan, filter, out, screen));
    lines.extend(notes(scan, out, screen));
    lines
}

/// The report without its table.
pub(crate) fn around(
    scan: &Scan,
    filter: &Filter,
    out: Option<&Path>,
    screen: Screen,
) -> Vec<String> {
    let all: Vec<&Incident> = scan.shown(filter).collect();
    let mut lines = what_was_read(scan);
    lines.extend([headline(&all), String::new()]);
    lines.extend(notes(scan, out, screen));
    lines
}

fn notes(scan: &Scan, out: Option<&Path>, screen: Screen) -> Vec<String> {
    let mut lines = Vec::new();
    let notes = [
        not_understood(scan, screen),
        clocks(scan, screen),
        aliases(scan, screen),
        troubles(scan, screen),
    ];
    for note in notes.into_iter().filter(|it| !it.is_empty()) {
        lines.extend(note);
        lines.push(String::new());
    }
    lines.push(where_to_look(scan, out, screen.style));
    lines
}

/// What was read, in two sentences.
pub(crate) fn what_was_read(scan: &Scan) -> Vec<String> {
    let total = |it: fn(&FileReport) -> u64| scan.files.iter().map(it).sum::<u64>();
    let (size, records) = (total(|it| it.stats.bytes), total(|it| it.stats.records));
    let open = total(FileReport::unread);
    let mut first = format!(
        "Read {} ({}, {}): {}, {}, {}, {}.",
        counted(scan.files.len() as u64, "file"),
        bytes(size),
        counted(records, "line"),
        counted(scan.events, "event"),
        counted(scan.sessions, "session"),
        counted(scan.output.accounts, "account"),
        counted(scan.overview.doors.len() as u64, "door"),
    );
    if 0 < scan.copies {
        first = format!("{first} {} were copies.", count(scan.copies));
    }
    let mut lines = vec![first];
    if scan.files.is_empty() {
        lines.push("No log was found there.".to_owned());
    }
    if let Some((from, to)) = scan.output.span {
        let understood = percent(records.saturating_sub(open), records);
        lines.push(format!(
            "From {} UTC; {understood} of the lines are understood.",
            span(from, to)
        ));
    }
    lines
}

fn incidents(scan: &Scan, filter: &Filter, out: Option<&Path>, screen: Screen) -> Vec<String> {
    let all: Vec<&Incident> = scan.shown(filter).collect();
    let mut lines = vec![screen.style.bold(&headline(&all))];
    if filter.is_active() {
        lines.push(screen.style.dim("Only what was asked for."));
    }
    let expected = scan.output.incidents.iter().filter(|it| it.expected).count() as u64;
    if 0 < expected {
        lines.push(format!(
            "{} more: expected by the configuration.",
            counted(expected, "incident")
        ));
    }
    lines.push(String::new());
    let shown = all.get(..INCIDENTS.min(all.len())).unwrap_or_default();
    lines.extend(table::fitted(shown, scan, screen.columns, screen.style));
    if INCIDENTS < all.len() {
        let more = counted((all.len() - INCIDENTS) as u64, "more incident");
        let path = out.map_or_else(
            || "use --out DIR to get them all".to_owned(),
            |it| format!("see {}", it.join("incidents.jsonl").display()),
        );
        lines.extend([format!("{more}: {path}"), String::new()]);
    }
    lines
}

/// `3 incidents: 1 critical, 2 high`.
pub(crate) fn headline(incidents: &[&Incident]) -> String {
    if incidents.is_empty() {
        return "No incidents.".to_owned();
    }
    let by = Severity::ALL.iter().rev().filter_map(|severity| {
        let number = incidents.iter().filter(|it| it.severity() == *severity).count() as u64;
        (0 < number).then(|| format!("{} {severity}", count(number)))
    });
    let by = by.collect::<Vec<_>>().join(", ");
    format!("{}: {by}", counted(incidents.len() as u64, "incident"))
}

/// A heading with its lines below; nothing where there are none.
fn section(
    title: &str,
    all: impl Iterator<Item = String>,
    more: &str,
    screen: Screen,
) -> Vec<String> {
    let all: Vec<String> = all.collect();
    let mut lines = Vec::new();
    if all.is_empty() {
        return lines;
    }
    lines.push(screen.style.bold(title));
    for text in all.iter().take(LINES) {
        let parts = wrapped(text, screen.columns.saturating_sub(4));
        let at = |nr: usize| if nr == 0 { "  " } else { "    " };
        lines.extend(parts.iter().enumerate().map(|(nr, it)| format!("{}{it}", at(nr))));
    }
    if LINES < all.len() {
        let left = count((all.len() - LINES) as u64);
        lines.push(screen.style.dim(&format!("  and {left} more{more}")));
    }
    lines
}

fn not_understood(scan: &Scan, screen: Screen) -> Vec<String> {
    let mut files: Vec<&FileReport> = scan.files.iter().filter(|it| 0 < it.unread()).collect();
    files.sort_by_key(|it| std::cmp::Reverse(it.unread()));
    let widest = files.iter().take(LINES).map(|it| width(&clipped(&it.name, 60))).max();
    let mut lines = section(
        "Not understood",
        files.iter().map(|it| {
            let name = padded(&clipped(&it.name, 60), widest.unwrap_or(0));
            format!("{name}  {} of {}", count(it.unread()), counted(it.stats.records, "line"))
        }),
        " in summary.json",
        screen,
    );
    if let Some(first) = files.first() {
        let name = word(first.name.split('!').next().unwrap_or_default());
        let ask = screen.style.code(&format!("doorwarden sources check {name}"));
        lines.push(format!("  {ask} shows what such lines look like."));
    }
    lines
}

/// A path as a word for a shell; one that could do harm there is left to the reader.
fn word(path: &str) -> &str {
    let is_plain = |it: char| {
        it.is_ascii_alphanumeric() || matches!(it, '/' | '.' | '_' | '-' | '+' | '@' | ':' | ',')
    };
    let is_safe = path.chars().all(is_plain) && !path.is_empty() && !path.starts_with('-');
    if is_safe { path } else { "FILE" }
}

fn clocks(scan: &Scan, screen: Screen) -> Vec<String> {
    let all = scan.output.clocks.iter().map(|it| {
        let seconds = it.millis.unsigned_abs() / 1_000;
        let way = if it.millis < 0 { "behind" } else { "ahead of" };
        format!(
            "{} is {} {way} {} ({} seen by both)",
            harmless(&it.system),
            crate::output::words::length(seconds),
            harmless(&it.against),
            counted(u64::from(it.joins), "sign-in"),
        )
    });
    section("Clocks that differ", all, " in summary.json", screen)
}

fn aliases(scan: &Scan, screen: Screen) -> Vec<String> {
    let all = scan.output.aliases.iter().map(|it| {
        format!(
            "{} is {}: {}",
            clipped(&it.name, 64),
            clipped(&it.account, 64),
            harmless(&it.proof)
        )
    });
    section("Names of one account", all, " in summary.json", screen)
}

fn troubles(scan: &Scan, screen: Screen) -> Vec<String> {
    let troubles = trouble::of(scan);
    let troubles = troubles.iter().map(|it| format!("{}: {}", harmless(&it.0), harmless(&it.1)));
    let dropped = scan.output.dropped_signals;
    let dropped = (0 < dropped)
        .then(|| format!("{} were dropped: there were too many", counted(dropped, "faint signal")));
    let stale = scan.stale_expected.iter().map(|it| harmless(it));
    section(
        "Could not be read, or needs a look",
        troubles.chain(dropped).chain(stale),
        " in summary.json",
        screen,
    )
}

fn where_to_look(scan: &Scan, out: Option<&Path>, style: Style) -> String {
    let Some(out) = out else {
        return format!("Add {} for a report to read in a browser.", style.code("--out report"));
    };
    let page = style.code(&out.join("report.html").display().to_string());
    match scan.output.incidents.first() {
        None => format!("Report: {page}"),
        Some(first) => {
            let ask = format!("doorwarden explain {} --out {}", first.id, out.display());
            format!("Report: {page}   More on one: {}", style.code(&ask))
        }
    }
}
