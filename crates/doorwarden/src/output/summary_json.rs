//! `summary.json`: what was read, what it held, what was learnt.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::{ingest::FileReport, scan::Scan};

/// What differs from run to run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) seconds: f64,
    pub(crate) usage: Option<(f64, u64)>,
    pub(crate) threads: usize,
}

/// The whole file: archives may hold a million files, so that they are not gathered before they are written.
#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    facts: Value,
    files: Files<'a>,
}

struct Files<'a>(&'a [FileReport]);

impl Serialize for Files<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(file))
    }
}

fn file(it: &FileReport) -> Value {
    let stats = &it.stats;
    let formats: BTreeMap<_, _> = stats.formats.iter().map(|(id, count)| {
        (*id, json!({ "events": count.events, "ignored": count.ignored, "rejected": count.rejected }))
    }).collect();
    json!({
        "file": it.name,
        "bytes": stats.bytes,
        "lines": stats.records,
        "not_understood": stats.unclaimed,
        "damaged": stats.damaged,
        "binary": stats.is_binary,
        "year_unknown": stats.is_year_unknown,
        "formats": formats,
        "errors": it.errors,
    })
}

/// Writes the file.
pub(crate) fn write(to: &mut impl Write, scan: &Scan, run: &Run) -> io::Result<()> {
    super::json::write_pretty(to, &Summary { facts: facts(scan, run), files: Files(&scan.files) })?;
    to.write_all(b"\n")
}

fn facts(scan: &Scan, run: &Run) -> Value {
    let severities = scan.output.incidents.iter().filter(|it| !it.expected).fold(
        BTreeMap::new(),
        |mut sum, it| {
            *sum.entry(it.severity().word()).or_insert(0u64) += 1;
            sum
        },
    );
    let total = |count: fn(&doorwarden_parse::SourceStats) -> u64| {
        scan.files.iter().map(|it| count(&it.stats)).sum::<u64>()
    };
    let services: BTreeMap<_, _> =
        scan.overview.services.iter().map(|(it, count)| (it.word(), count)).collect();
    let aliases: Vec<_> = scan.output.aliases.iter().map(|it| {
        json!({ "account": it.account, "name": it.name, "since": it.since.map(super::event_json::time), "proof": it.proof })
    }).collect();
    let clocks: Vec<_> = scan.output.clocks.iter().map(|it| {
        json!({ "source": it.system, "against": it.against, "ahead_seconds": it.millis / 1000, "joins": it.joins })
    }).collect();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "calibrated": false,
        "bytes": total(|it| it.bytes),
        "lines": total(|it| it.records),
        "not_understood": total(|it| it.unclaimed),
        "damaged": total(|it| it.damaged),
        "events": scan.events,
        "copies": scan.copies,
        "first_event": scan.output.span.map(|it| super::event_json::time(it.0)),
        "last_event": scan.output.span.map(|it| super::event_json::time(it.1)),
        "events_by_format": scan.overview.formats,
        "events_by_service": services,
        "accounts": scan.output.accounts,
        "sessions": scan.sessions,
        "explained_sessions": scan.explained_sessions,
        "incidents": severities,
        "expected_incidents": scan.output.incidents.iter().filter(|it| it.expected).count(),
        "dropped_signals": scan.output.dropped_signals,
        "aliases": aliases,
        "clock_offsets": clocks,
        "geo": scan.geo,
        "blind_networks": scan.blind_kinds,
        "stale_expected": scan.stale_expected,
        "not_a_log": scan.skipped.iter().map(|it| json!({ "path": it.0, "why": it.1 })).collect::<Vec<_>>(),
        "errors": scan.errors.iter().map(|it| json!({ "path": it.0, "why": it.1 })).collect::<Vec<_>>(),
        "run": {
            "wall_seconds": run.seconds,
            "cpu_seconds": run.usage.map(|it| it.0),
            "peak_memory_bytes": run.usage.map(|it| it.1),
            "threads": run.threads,
        },
    })
}
