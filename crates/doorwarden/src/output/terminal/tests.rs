//! What a person sees of a scan, and that hostile names do no harm there.

use std::path::Path;

use super::{scan, table, wrap::width};
use crate::{
    output::{fixture, harmless::is_hostile, style::Style, terminal::Screen},
    scan::Filter,
};

fn screen(columns: usize) -> Screen {
    Screen { columns, style: Style::new(false) }
}

fn report(columns: usize) -> Vec<String> {
    let scan = fixture::scan();
    scan::report(&scan, &Filter::default(), Some(Path::new("report")), screen(columns))
}

#[test]
fn a_scan_on_a_wide_terminal() {
    insta::assert_snapshot!(report(110).join("\n"));
}

#[test]
fn a_scan_on_a_narrow_terminal() {
    insta::assert_snapshot!(report(60).join("\n"));
}

#[test]
fn a_scan_in_a_pipe_is_a_line_per_incident() {
    let scan = fixture::scan();
    let lines: Vec<String> = table::plain(scan.output.incidents.iter(), &scan).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_line_is_wider_than_the_terminal_or_holds_a_control_code() {
    for columns in [40, 60, 89, 90, 120] {
        for line in report(columns) {
            assert!(!line.chars().any(is_hostile), "{line:?}");
            let is_word = !line.trim().contains(' ');
            let is_command = line.contains("doorwarden ") || line.contains("report/");
            assert!(width(&line) <= columns || is_word || is_command, "{columns}: {line}");
        }
    }
}

#[test]
fn an_empty_scan_says_so() {
    let mut scan = fixture::scan();
    scan.output.incidents.clear();
    let lines = scan::report(&scan, &Filter::default(), None, screen(100));
    assert!(lines.iter().any(|it| it == "No incidents."), "{lines:#?}");
}
