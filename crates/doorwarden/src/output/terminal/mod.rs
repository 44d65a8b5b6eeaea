//! What people see on the terminal. Texts of logs pass `harmless` on their way, and nothing else may print.

mod scan;
mod table;
#[cfg(test)]
mod tests;
pub(crate) mod wrap;

use std::{
    io::{self, ErrorKind, IsTerminal as _, Write as _},
    sync::atomic::{AtomicBool, Ordering},
};

pub(crate) use self::scan::Screen;
use super::{harmless::clipped, style::Style};
use crate::scan::{Scan, Settings};

/// Columns where the terminal does not tell.
const COLUMNS: usize = 100;
/// Lines of prose are not longer, however wide the terminal is.
const WIDEST: usize = 160;

/// Whether something could not be printed.
static HAS_FAILED: AtomicBool = AtomicBool::new(false);

/// Whether something could not be printed, though somebody wanted it.
pub(crate) fn has_failed() -> bool {
    HAS_FAILED.load(Ordering::Relaxed)
}

/// Whether something was printed. A closed pipe is the reader's choice; a full disk is told, once.
pub(crate) fn is_printed(result: io::Result<()>) -> bool {
    let Err(error) = result else { return true };
    if error.kind() != ErrorKind::BrokenPipe && !HAS_FAILED.swap(true, Ordering::Relaxed) {
        note(&format!("doorwarden: cannot write to standard output: {error}"));
    }
    false
}

/// Prints bytes on standard output.
pub(crate) fn print(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    is_printed(out.write_all(bytes).and_then(|()| out.flush()));
}

/// Prints one line on standard output.
pub(crate) fn line(text: &str) {
    print(format!("{text}\n").as_bytes());
}

/// Prints lines on standard output, at once.
pub(crate) fn lines(lines: impl IntoIterator<Item = String>) {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in lines {
        if !is_printed(writeln!(out, "{line}")) {
            return;
        }
    }
    is_printed(out.flush());
}

/// Prints one line on standard error.
pub(crate) fn note(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}

/// Characters shown of a line of an error: it may quote a file that is one long line.
const LONGEST: usize = 1_000;

/// Prints why nothing, or not all, was done; what logs and files are called stands in it.
pub(crate) fn error(error: &anyhow::Error) {
    let text = format!("{error:#}");
    let safe: Vec<String> = text.lines().map(|it| clipped(it, LONGEST)).collect();
    note(&format!("doorwarden: {}", safe.join("\n")));
}

/// The terminal at hand.
pub(crate) fn screen(style: Style) -> Screen {
    let columns = terminal_size::terminal_size().map_or(COLUMNS, |it| usize::from(it.0.0));
    Screen { columns: columns.clamp(40, WIDEST), style }
}

/// Whether standard output is a person's.
pub(crate) fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// What a scan found: everything for a person; for a pipe only the table, and the rest on standard error.
pub(crate) fn report(scan: &Scan, settings: &Settings) {
    let out = settings.out.as_deref().filter(|_| scan.unwritten.is_none());
    if is_watched() {
        lines(self::scan::report(scan, &settings.filter, out, screen(settings.style)));
        return;
    }
    lines(table::plain(scan.shown(&settings.filter), scan));
    let screen = Screen { columns: COLUMNS, style: Style::plain() };
    for text in self::scan::around(scan, &settings.filter, out, screen) {
        note(&text);
    }
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
