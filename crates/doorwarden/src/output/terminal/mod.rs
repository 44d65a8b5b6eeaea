//! What people see on the terminal. Texts of logs pass `harmless` on their way, and nothing else may print.

mod scan;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod wrap;

use std::io::{IsTerminal as _, Write as _};

pub(crate) use self::scan::{Screen, unread};
pub(crate) use super::harmless::harmless;
use super::style::Style;
use crate::scan::{Scan, Settings};

/// Columns where the terminal does not tell.
const COLUMNS: usize = 100;
/// Lines of prose are not longer, however wide the terminal is.
const WIDEST: usize = 160;

/// Prints one line on standard output; a closed pipe is no error.
pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Prints lines on standard output, at once; a closed pipe is no error.
pub(crate) fn lines(lines: impl IntoIterator<Item = String>) {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in lines {
        if writeln!(out, "{line}").is_err() {
            return;
        }
    }
    drop(out.flush());
}

/// Prints one line on standard error.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// Prints why nothing, or not all, was done; what logs and files are called stands in it.
pub(crate) fn error(error: &anyhow::Error) {
    let text = format!("{error:#}");
    let safe: Vec<String> = text.lines().map(harmless).collect();
    note(&format!("doorwarden: {}", safe.join("\n")));
}

/// The terminal at hand.
pub(crate) fn screen(uses_color: bool) -> Screen {
    let columns = terminal_size::terminal_size().map_or(COLUMNS, |it| usize::from(it.0.0));
    Screen { columns: columns.clamp(40, WIDEST), style: Style::new(uses_color) }
}

/// Whether standard output is a person's.
pub(crate) fn is_watched() -> bool {
    std::io::stdout().is_terminal()
}

/// What a scan found: everything for a person; for a pipe only the table, and the rest on standard error.
pub(crate) fn report(scan: &Scan, settings: &Settings) {
    let out = settings.out.as_deref();
    if is_watched() {
        lines(self::scan::report(scan, &settings.filter, out, screen(settings.uses_color)));
        return;
    }
    lines(table::plain(scan.shown(&settings.filter), scan));
    let screen = Screen { columns: COLUMNS, style: Style::new(false) };
    self::scan::around(scan, &settings.filter, out, screen).iter().for_each(|it| note(it));
}

/// Names with what they mean, under one another.
pub(crate) fn pairs(rows: &[(&str, String)], screen: Screen) -> Vec<String> {
    let widest = rows.iter().map(|it| wrap::width(it.0)).max().unwrap_or(0);
    let room = screen.columns.saturating_sub(widest + 4);
    let mut lines = Vec::new();
    for (name, meaning) in rows {
        let parts = wrap::wrapped(meaning, room);
        let first = parts.first().map_or("", |it| it);
        lines.push(
            format!("{}  {first}", screen.style.code(&wrap::padded(name, widest)))
                .trim_end()
                .to_owned(),
        );
        lines.extend(parts.iter().skip(1).map(|it| format!("{:widest$}  {it}", "")));
    }
    lines
}
