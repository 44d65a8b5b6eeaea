//! Documents: fresh, complete, and without words that mean nothing to who reads them.

use std::{path::Path, process::Command};

use crate::{committed, read, root, texts};

#[test]
fn the_reference_is_fresh() {
    let mut check = Command::new(env!("CARGO_BIN_EXE_xtask"));
    check.args(["gen", "--check"]);
    // Whoever tests the whole workspace has just built the program; it lies beside this one.
    let binary = Path::new(env!("CARGO_BIN_EXE_xtask"))
        .with_file_name(format!("doorwarden{}", std::env::consts::EXE_SUFFIX));
    if binary.is_file() {
        check.arg("--binary").arg(binary);
    }
    let output = check.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_architecture_fits_on_a_few_pages() {
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(lines <= 150, "ARCHITECTURE.md has {lines} lines, at most 150 are read");
}

#[test]
fn the_changelog_has_this_version() {
    let changelog = read("CHANGELOG.md");
    let version = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(changelog.contains(&version), "CHANGELOG.md has no section `{version}`");
    assert!(changelog.contains("## [Unreleased]"), "CHANGELOG.md has no section for what comes");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for (path, text) in texts().filter(|it| it.0.extension().is_some_and(|it| it == "md")) {
        for link in text.split("](").skip(1).filter_map(|it| it.split([')', '#']).next()) {
            let is_elsewhere = link.is_empty() || link.contains("://") || link.contains(' ');
            let folder = root().join(path.parent().unwrap());
            if !is_elsewhere && !folder.join(link).exists() {
                dead.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "links to nowhere: {dead:#?}");
}

#[test]
fn every_format_and_detector_stands_in_the_reference() {
    let index = read("docs/reference/README.md");
    for page in committed().iter().filter(|it| it.starts_with("docs/reference")) {
        let name = page.strip_prefix("docs/reference").unwrap().display().to_string();
        let is_index = name == "README.md";
        assert!(is_index || index.contains(&name), "docs/reference/README.md does not name {name}");
    }
}

/// Words of drafts and of machines on which this was written: who reads the repository has neither. They are written in
/// two halves here, so that this file has none of them either.
const FOREIGN: &[[&str; 2]] = &[
    ["/wo", "rk/"],
    ["/tmp/", "dw"],
    ["shared", "/perf"],
    ["shared", "/real-logs"],
    ["science", ".md"],
    ["CONT", "RACT"],
    ["STYLE", ".md"],
    ["DESIGN", ".md"],
    ["score", ".sh"],
    ["cargo", ".sh"],
    ["sub", "agent"],
    ["another ", "helper"],
];

/// Whether `line` has `word`, and not as the beginning of a longer one in capitals.
fn has_word(line: &str, word: &str) -> bool {
    let mut behind = line.match_indices(word).filter_map(|(at, _)| line.get(at + word.len()..));
    behind.any(|it| !it.starts_with(|it: char| it.is_ascii_uppercase()))
}

#[test]
fn no_text_names_what_its_reader_does_not_have() {
    let mut found = Vec::new();
    // Licences of others are quoted as they are.
    for (path, text) in texts().filter(|it| it.0 != Path::new("NOTICE")) {
        for (number, line) in text.lines().enumerate() {
            let is_foreign = |it: &&[&str; 2]| has_word(line, &it.concat());
            if let Some(word) = FOREIGN.iter().find(is_foreign) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, word.concat()));
            }
        }
    }
    assert!(found.is_empty(), "words that lead nowhere: {found:#?}");
}
