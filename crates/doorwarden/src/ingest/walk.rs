//! Which files a scan reads: regular files only, links inside folders not followed, our own outputs left out.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Names of files that Doorwarden writes.
const OUTPUTS: &[&str] = &[
    "incidents.jsonl",
    "sessions.jsonl",
    "events.parquet",
    "summary.json",
    "report.html",
    "findings.jsonl",
    "prior.json",
];

/// A file to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Input {
    /// The path as given, with what was found below it.
    pub(crate) path: PathBuf,
    /// The path below the one given: what `log_timezones` and `--as` match.
    pub(crate) relative: String,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Files to read, in the order of their names.
    pub(crate) inputs: Vec<Input>,
    /// Files that are no logs, and why.
    pub(crate) skipped: Vec<(PathBuf, &'static str)>,
    /// What could not be read.
    pub(crate) errors: Vec<(PathBuf, String)>,
}

/// What is said of a pipe or device that was asked for.
const NO_FILE: &str = "neither a file nor a folder: pipe what it gives into `doorwarden scan -`";

/// Lists the files below `paths`; `out` and `context` are never logs.
pub(crate) fn walk(paths: &[PathBuf], out: Option<&Path>, others: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let out = out.and_then(|it| fs::canonicalize(it).ok());
    let others: Vec<PathBuf> = others.iter().filter_map(|it| fs::canonicalize(it).ok()).collect();
    for path in paths {
        if path == Path::new("-") {
            found.inputs.push(Input { path: path.clone(), relative: "-".to_owned() });
            continue;
        }
        match fs::metadata(path) {
            Ok(it) if it.is_dir() => folder(path, path, out.as_deref(), &others, &mut found),
            Ok(it) if it.is_file() => {
                let name = path
                    .file_name()
                    .map_or_else(String::new, |it| it.to_string_lossy().into_owned());
                found.inputs.push(Input { path: path.clone(), relative: name });
            }
            Ok(_) => found.errors.push((path.clone(), NO_FILE.to_owned())),
            Err(error) => found.errors.push((path.clone(), error.to_string())),
        }
    }
    found.inputs.sort();
    found.inputs.dedup();
    found
}

/// Folders deeper than this are left out: no log lies there, but a loop may.
const DEPTH: usize = 64;

fn folder(root: &Path, top: &Path, out: Option<&Path>, others: &[PathBuf], found: &mut Found) {
    let mut waiting = vec![(top.to_path_buf(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        if out.is_some() && fs::canonicalize(&folder).ok().as_deref() == out {
            found.skipped.push((folder, "the folder that this scan writes into"));
            continue;
        }
        if DEPTH < depth {
            found
                .errors
                .push((folder, format!("folders more than {DEPTH} deep: give the inner one")));
            continue;
        }
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                found.errors.push((folder, error.to_string()));
                continue;
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) => one(root, &entry, depth, others, &mut waiting, found),
                Err(error) => found.errors.push((folder.clone(), error.to_string())),
            }
        }
    }
}

fn one(
    root: &Path,
    entry: &fs::DirEntry,
    depth: usize,
    others: &[PathBuf],
    waiting: &mut Vec<(PathBuf, usize)>,
    found: &mut Found,
) {
    let path = entry.path();
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => {
            found.errors.push((path, error.to_string()));
            return;
        }
    };
    if kind.is_dir() {
        waiting.push((path, depth + 1));
    } else if kind.is_symlink() {
        found.skipped.push((path, "a link: not followed"));
    } else if !kind.is_file() {
        found.skipped.push((path, "neither a file nor a folder"));
    } else if let Some(why) = no_log(&path, others) {
        found.skipped.push((path, why));
    } else {
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let relative = relative.to_string_lossy().replace('\\', "/");
        found.inputs.push(Input { path, relative });
    }
}

/// Why a file in a folder is no log, if it is none.
fn no_log(path: &Path, others: &[PathBuf]) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy();
    if OUTPUTS.contains(&&*name) {
        return Some("an output of Doorwarden");
    }
    if name.starts_with("README") {
        return Some("a README");
    }
    if name.ends_with(".truth.json") {
        return Some("the truth of a simulation");
    }
    if name == "context.toml" || name == "context.json" {
        return Some("a context file: pass it with --context where you trust it");
    }
    if fs::canonicalize(path).is_ok_and(|it| others.contains(&it)) {
        return Some("given as context, configuration or data");
    }
    None
}
