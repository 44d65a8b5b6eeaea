//! What people see on the terminal: what was read, the incidents as a table, what was not understood.

use std::io::Write as _;

use crate::scan::{Scan, Settings};

/// Prints one line on standard output; a closed pipe is no error.
pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Prints why nothing, or not all, was done.
pub(crate) fn error(error: &anyhow::Error) {
    drop(writeln!(std::io::stderr(), "doorwarden: {error:#}"));
}

/// Text of a log, made harmless for a terminal: no control codes, no marks that turn the direction of writing.
pub(crate) fn harmless(text: &str) -> String {
    let is_hostile = |it: char| {
        it.is_control()
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().map(|it| if is_hostile(it) { '\u{fffd}' } else { it }).collect()
}

/// The whole report.
pub(crate) fn report(scan: &Scan, settings: &Settings) {
    let bytes: u64 = scan.files.iter().map(|it| it.stats.bytes).sum();
    line(&format!(
        "{} files, {bytes} bytes, {} events, {} sessions",
        scan.files.len(),
        scan.events,
        scan.sessions
    ));
    for incident in scan.shown(&settings.filter) {
        line(&format!(
            "{:8} {:5.1} {}",
            incident.severity(),
            incident.risk,
            harmless(&incident.title)
        ));
        for step in &incident.story {
            line(&format!("    {} {}", step.time, harmless(&step.what)));
        }
    }
    for file in scan.files.iter().filter(|it| !it.errors.is_empty()) {
        for why in &file.errors {
            line(&format!("{}: {why}", harmless(&file.name)));
        }
    }
    for (path, why) in &scan.errors {
        line(&format!("{}: {why}", harmless(path)));
    }
}
