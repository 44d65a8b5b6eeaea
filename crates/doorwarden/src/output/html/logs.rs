//! What was read: formats, files, and samples of lines that nothing understood.

use std::collections::BTreeMap;

use askama::Template;
use doorwarden_parse::FormatCount;

use crate::{
    ingest::FileReport,
    output::{
        harmless::clipped,
        words::{bytes, count, percent},
    },
    scan::Scan,
};

/// Files shown, files of which samples are shown, and samples of each.
const FILES: usize = 60;
const SAMPLED: usize = 15;
const SAMPLES: usize = 3;

/// A format.
pub(super) struct Format {
    id: &'static str,
    title: String,
    events: String,
    ignored: String,
    rejected: String,
    files: usize,
}

/// A file.
pub(super) struct File {
    name: String,
    formats: String,
    lines: String,
    size: String,
    events: String,
    understood: u64,
    share: String,
}

/// Lines of one file that nothing understood.
pub(super) struct Sample<'a> {
    name: String,
    lines: String,
    samples: Vec<(u64, String, &'a str)>,
}

/// What was read.
#[derive(Template)]
#[template(path = "report/logs.html")]
pub(super) struct Logs<'a> {
    formats: Vec<Format>,
    files: Vec<File>,
    more_files: usize,
    samples: Vec<Sample<'a>>,
    more_samples: usize,
}

impl<'a> Logs<'a> {
    pub(super) fn new(scan: &'a Scan) -> Self {
        let mut files: Vec<&FileReport> = scan.files.iter().collect();
        // What was not understood stands first: somebody may have to do something about it.
        files.sort_by_key(|it| std::cmp::Reverse((it.unread(), it.stats.records)));
        let mut open: Vec<&FileReport> =
            scan.files.iter().filter(|it| !it.samples.is_empty()).collect();
        open.sort_by_key(|it| std::cmp::Reverse(it.unread()));
        Self {
            formats: formats(scan),
            more_files: files.len().saturating_sub(FILES),
            files: files.into_iter().take(FILES).map(file).collect(),
            more_samples: open.len().saturating_sub(SAMPLED),
            samples: open.into_iter().take(SAMPLED).map(sample).collect(),
        }
    }
}

fn formats(scan: &Scan) -> Vec<Format> {
    let mut sums: BTreeMap<&'static str, (FormatCount, usize)> = BTreeMap::new();
    for (id, it) in scan.files.iter().flat_map(|it| &it.stats.formats) {
        let (sum, files) = sums.entry(id).or_default();
        sum.events += it.events;
        sum.ignored += it.ignored;
        sum.rejected += it.rejected;
        *files += 1;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|it| std::cmp::Reverse(it.1.0.events));
    let format = |(id, (it, files)): (&'static str, (FormatCount, usize))| Format {
        id,
        title: crate::sources::title(id),
        events: count(it.events),
        ignored: count(it.ignored),
        rejected: count(it.rejected),
        files,
    };
    sums.into_iter().map(format).collect()
}

fn file(it: &FileReport) -> File {
    let formats: Vec<&str> = it.stats.formats.iter().map(|it| it.0).collect();
    let read = it.stats.records.saturating_sub(it.unread());
    File {
        name: clipped(&it.name, 160),
        formats: if formats.is_empty() { "–".to_owned() } else { formats.join(", ") },
        lines: count(it.stats.records),
        size: bytes(it.stats.bytes),
        events: count(it.stats.formats.iter().map(|it| it.1.events).sum()),
        understood: (read * 100).checked_div(it.stats.records).unwrap_or(0),
        share: percent(read, it.stats.records),
    }
}

fn sample(it: &FileReport) -> Sample<'_> {
    let samples = it.samples.iter().take(SAMPLES);
    Sample {
        name: clipped(&it.name, 160),
        lines: count(it.unread()),
        samples: samples
            .map(|(line, text, why)| (*line, clipped(text, 240), why.as_str()))
            .collect(),
    }
}
