//! No line of other projects' logs is committed: their licences differ, and samples here are written for their tests.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{root, texts};

/// Shorter lines are said alike by everybody.
const LEAST: usize = 40;

/// An external corpus at ../shared/corpus, if present.
fn corpus() -> Option<PathBuf> {
    let folder = root().parent()?.join("shared/corpus");
    folder.is_dir().then_some(folder)
}

/// Lines that the product itself writes at the head of each of its logs.
fn is_boilerplate(line: &str) -> bool {
    line.starts_with('#')
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that could not run must say so")]
fn no_line_of_the_corpus_is_committed() {
    let Some(folder) = corpus() else {
        eprintln!("SKIPPED: ../shared not found");
        return;
    };
    let foreign = lines(&folder);
    assert!(1000 < foreign.len(), "the corpus at {} is empty", folder.display());
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (number, line) in text.lines().map(str::trim).enumerate() {
            if LEAST < line.len() && !is_boilerplate(line) && foreign.contains(line.as_bytes()) {
                found.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "lines of other projects' logs, write your own: {found:#?}");
}

#[expect(clippy::disallowed_methods, reason = "a check reads files")]
fn lines(folder: &Path) -> HashSet<Vec<u8>> {
    let (mut lines, mut folders) = (HashSet::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let is_log =
                path.parent() != Some(folder) && path.extension().is_none_or(|it| it != "evtx");
            if path.is_dir() {
                folders.push(path);
            } else if is_log {
                let bytes = fs::read(path).unwrap();
                let own = bytes.split(|it| *it == b'\n').map(<[u8]>::trim_ascii);
                lines.extend(own.filter(|it| LEAST < it.len()).map(<[u8]>::to_vec));
            }
        }
    }
    lines
}
