//! Files of Rust: short, introduced, and without silenced lints.

use crate::rust_below;

/// Longest file in lines.
const LONGEST: usize = 500;

/// Files that may be longer, each with the reason.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for (path, text) in rust_below(&["crates", "xtask"]) {
        let lines = text.lines().count();
        let is_excused = LONGER.iter().any(|it| path.ends_with(it.0));
        if LONGEST < lines && !is_excused {
            long.push(format!("{}: {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "at most {LONGEST} lines a file: {long:#?}");
    for (path, reason) in LONGER {
        let is_long = rust_below(&["crates", "xtask"])
            .any(|it| it.0.ends_with(path) && LONGEST < it.1.lines().count());
        assert!(is_long && !reason.is_empty(), "{path} needs no excuse");
    }
}

#[test]
fn files_begin_with_what_lives_in_them() {
    let bare: Vec<_> = rust_below(&["crates", "xtask/src", "xtask/tests"])
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|it| it.0)
        .collect();
    assert!(bare.is_empty(), "no `//!` on line one: {bare:#?}");
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    let attributes = ["[", "("].map(|it| format!("{it}allow("));
    let mut bad = Vec::new();
    for (path, text) in rust_below(&["crates", "xtask"]) {
        for (number, line) in text.lines().enumerate() {
            let is_attribute = line.trim_start().starts_with('#')
                && attributes.iter().any(|it| line.contains(it.as_str()));
            if is_attribute {
                bad.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(bad.is_empty(), "`expect` with a reason, not `allow`: {bad:#?}");
}
