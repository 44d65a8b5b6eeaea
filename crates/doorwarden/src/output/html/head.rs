//! The head of the page: what was read, and the verdict in a sentence.

use askama::Template;
use doorwarden_model::{Incident, Severity};

use crate::{
    ingest::FileReport,
    output::{
        digest::Digest,
        harmless::clipped,
        words::{bytes, count, counted, length, long_day, percent},
    },
    scan::{Scan, Settings},
};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// A number with its name.
pub(super) struct Figure {
    value: String,
    name: &'static str,
    note: String,
}

/// How many incidents there are of a severity.
pub(super) struct Share {
    pub(super) word: &'static str,
    pub(super) number: u64,
    text: String,
}

/// The head of the page.
#[derive(Template)]
#[template(path = "report/head.html")]
pub(super) struct Head {
    pub(super) organisation: Option<String>,
    pub(super) span: Option<String>,
    days: String,
    verdict: String,
    gravest: Option<(String, String)>,
    shares: Vec<Share>,
    figures: Vec<Figure>,
    is_filtered: bool,
    expected: u64,
}

impl Head {
    pub(super) fn new(scan: &Scan, settings: &Settings) -> Self {
        let incidents: Vec<&Incident> = scan.shown(&settings.filter).collect();
        let seconds =
            scan.output.span.map_or(0, |it| it.1.duration_since(it.0).as_secs().unsigned_abs());
        Self {
            organisation: settings.context.organisation.name.as_deref().map(|it| clipped(it, 80)),
            span: scan.output.span.map(|it| match (long_day(it.0), long_day(it.1)) {
                (from, to) if from == to => from,
                (from, to) => format!("{from} – {to}"),
            }),
            days: match seconds / DAY {
                0 | 1 => length(seconds),
                days => counted(days, "day"),
            },
            verdict: verdict(&incidents, scan),
            gravest: gravest(&incidents, scan),
            shares: shares(&incidents),
            figures: figures(scan),
            is_filtered: settings.filter.is_active(),
            expected: scan.output.incidents.iter().filter(|it| it.expected).count() as u64,
        }
    }
}

fn number_of(incidents: &[&Incident], severity: Severity) -> u64 {
    incidents.iter().filter(|it| it.severity() == severity).count() as u64
}

pub(super) fn shares(incidents: &[&Incident]) -> Vec<Share> {
    let all = Severity::ALL.iter().rev();
    all.map(|severity| {
        let number = number_of(incidents, *severity);
        Share { word: severity.word(), number, text: count(number) }
    })
    .collect()
}

/// One sentence for those who read only one.
fn verdict(incidents: &[&Incident], scan: &Scan) -> String {
    let urgent = number_of(incidents, Severity::Critical) + number_of(incidents, Severity::High);
    let medium = number_of(incidents, Severity::Medium);
    match (urgent, medium, incidents.len()) {
        _ if scan.events == 0 => "No sign-in was found in these files.".to_owned(),
        (0, 0, 0) => "Nothing in these logs looks like somebody else’s sign-in.".to_owned(),
        (0, 0, low) => {
            format!("Nothing urgent: {} of low severity.", counted(low as u64, "incident"))
        }
        (0, _, _) => format!("{} to look into; none is urgent.", counted(medium, "incident")),
        (1, _, _) => "One incident needs somebody’s attention now.".to_owned(),
        _ => format!("{} need somebody’s attention now.", counted(urgent, "incident")),
    }
}

/// The gravest incident: its id, and what happened.
fn gravest(incidents: &[&Incident], scan: &Scan) -> Option<(String, String)> {
    let first = incidents.first().filter(|it| Severity::Medium <= it.severity())?;
    let digest = Digest::of(first, scan);
    Some((digest.id, digest.reason))
}

fn figures(scan: &Scan) -> Vec<Figure> {
    let total = |it: fn(&crate::ingest::FileReport) -> u64| scan.files.iter().map(it).sum::<u64>();
    let (records, open) = (total(|it| it.stats.records), total(FileReport::unread));
    let figure = |number: u64, name, note: String| Figure { value: count(number), name, note };
    let copies = match scan.copies {
        0 => String::new(),
        more => format!("{} more were copies", count(more)),
    };
    let attempts = scan.overview.attempts;
    let reads = records.saturating_sub(open);
    vec![
        figure(
            scan.files.len() as u64,
            "files",
            format!("{}, {}", bytes(total(|it| it.stats.bytes)), counted(records, "line")),
        ),
        Figure {
            value: percent(reads, records),
            name: "understood",
            note: format!("{} lines were not", count(open)),
        },
        figure(scan.events, "events", copies),
        figure(attempts.sign_ins, "sign-ins", format!("{} refused", count(attempts.refusals))),
        figure(scan.output.accounts, "accounts", "that signed in".to_owned()),
        figure(
            scan.sessions,
            "sessions",
            format!("{} reach further in", count(scan.explained_sessions)),
        ),
        figure(scan.overview.doors.len() as u64, "doors", "services on devices".to_owned()),
    ]
}
