//! `summary.json`: what was read, what it held, what was learnt.

use std::collections::BTreeMap;

use serde_json::json;

use crate::scan::Scan;

/// What differs from run to run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) seconds: f64,
    pub(crate) usage: Option<(f64, u64)>,
    pub(crate) threads: usize,
}

/// The file's text.
pub(crate) fn text(scan: &Scan, run: &Run) -> String {
    let files: Vec<_> = scan.files.iter().map(|it| {
        let formats: BTreeMap<_, _> = it.stats.formats.iter().map(|(id, count)| {
            (*id, json!({ "events": count.events, "ignored": count.ignored, "rejected": count.rejected }))
        }).collect();
        json!({ "file": it.name, "bytes": it.stats.bytes, "lines": it.stats.records, "not_understood": it.stats.unclaimed, "formats": formats, "errors": it.errors })
    }).collect();
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
    let summary = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "calibrated": false,
        "bytes": total(|it| it.bytes),
        "lines": total(|it| it.records),
        "not_understood": total(|it| it.unclaimed),
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
        "files": files,
        "not_a_log": scan.skipped.iter().map(|it| json!({ "path": it.0, "why": it.1 })).collect::<Vec<_>>(),
        "errors": scan.errors.iter().map(|it| json!({ "path": it.0, "why": it.1 })).collect::<Vec<_>>(),
        "run": {
            "wall_seconds": run.seconds,
            "cpu_seconds": run.usage.map(|it| it.0),
            "peak_memory_bytes": run.usage.map(|it| it.1),
            "threads": run.threads,
        },
    });
    let mut text = serde_json::to_string_pretty(&summary).unwrap_or_default();
    text.push('\n');
    text
}
