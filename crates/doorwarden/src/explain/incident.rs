//! One incident in full, read back from `incidents.jsonl`.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use doorwarden_engine::Risks;
use doorwarden_model::Severity;
use jiff::Timestamp;
use serde::Deserialize;

use crate::output::{
    digest::sentence,
    harmless::{clipped, harmless},
    terminal::{Screen, wrap::wrapped},
    weighed,
    words::{counted, listed, moment, span},
};

/// Names and addresses shown.
const SHOWN: usize = 12;

#[derive(Deserialize)]
struct Incident {
    id: String,
    title: String,
    severity: Severity,
    risk: f64,
    first_seen: Timestamp,
    last_seen: Timestamp,
    users: Vec<String>,
    #[serde(default)]
    users_total: u64,
    src_ips: Vec<String>,
    #[serde(default)]
    src_ips_total: u64,
    services: Vec<String>,
    hosts: Vec<String>,
    #[serde(default)]
    hosts_total: u64,
    techniques: Vec<String>,
    history_days: u64,
    merged: Vec<String>,
    story: Vec<Step>,
    signals: Vec<Signal>,
    quiet_if: String,
    missing: Vec<String>,
}

#[derive(Deserialize)]
struct Step {
    time: Timestamp,
    what: String,
}

#[derive(Deserialize)]
struct Signal {
    detector: String,
    reason: String,
    baseline: String,
    #[serde(default)]
    risk: f64,
    score: Option<f64>,
    #[serde(default)]
    contributions: Vec<Contribution>,
    #[serde(default)]
    if_known: Vec<Without>,
    evidence: Vec<Record>,
}

#[derive(Deserialize)]
struct Contribution {
    nats: f64,
    fact: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    colleagues: String,
}

#[derive(Deserialize)]
struct Without {
    fact: String,
    score: f64,
    risk: f64,
}

#[derive(Deserialize)]
struct Record {
    file: String,
    line: Option<u64>,
    #[serde(rename = "record")]
    number: Option<u64>,
}

/// The incident with `id`, or the one that it was merged into.
pub(super) fn told(id: &str, out: Option<&Path>, screen: Screen) -> anyhow::Result<Vec<String>> {
    let path = file(out)?;
    #[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
    let file = File::open(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    for (nr, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("cannot read `{}`", path.display()))?;
        if !line.contains(id) {
            continue;
        }
        let incident: Incident = serde_json::from_str(&line)
            .with_context(|| format!("`{}`, line {}", path.display(), nr + 1))?;
        if incident.id == id || incident.merged.iter().any(|it| it == id) {
            return Ok(lines(&incident, id, screen));
        }
    }
    bail!("no incident `{id}` in `{}`", path.display())
}

/// Where the incidents are.
fn file(out: Option<&Path>) -> anyhow::Result<PathBuf> {
    let name = "incidents.jsonl";
    match out {
        Some(out) => Ok(out.join(name)),
        None => [Path::new("."), Path::new("report")]
            .into_iter()
            .map(|it| it.join(name))
            .find(|it| it.is_file())
            .context("no incidents.jsonl here: say where the scan wrote to with --out DIR"),
    }
}

fn lines(incident: &Incident, id: &str, screen: Screen) -> Vec<String> {
    let style = screen.style;
    let loud = format!("{} {:.1}", incident.severity, incident.risk);
    let mut lines = vec![format!(
        "{}  {}",
        style.severity(incident.severity, &loud),
        style.bold(&clipped(&incident.title, 300))
    )];
    if incident.id != id {
        lines.push(format!("{id} was merged into {}.", harmless(&incident.id)));
    }
    lines.push(String::new());
    facts(incident, screen, &mut lines);
    heading("What happened", screen, &mut lines);
    for step in &incident.story {
        hanging(&format!("{}  ", moment(step.time)), &sentence(&step.what), screen, &mut lines);
    }
    heading("Why it stands out", screen, &mut lines);
    for signal in &incident.signals {
        of_signal(signal, screen, &mut lines);
    }
    if !incident.quiet_if.is_empty() {
        heading("It would be quiet if", screen, &mut lines);
        hanging("  ", &sentence(&incident.quiet_if), screen, &mut lines);
    }
    if !incident.missing.is_empty() {
        heading("No log stated", screen, &mut lines);
        hanging("  ", &harmless(&incident.missing.join(", ")), screen, &mut lines);
    }
    lines
}

fn facts(incident: &Incident, screen: Screen, lines: &mut Vec<String>) {
    let names = |all: &[String], total: u64| {
        let shown: Vec<String> = all.iter().take(SHOWN).map(|it| clipped(it, 80)).collect();
        listed(&shown, SHOWN, total.max(all.len() as u64))
    };
    let facts = [
        ("When", format!("{} UTC", span(incident.first_seen, incident.last_seen))),
        ("Who", names(&incident.users, incident.users_total)),
        ("From", names(&incident.src_ips, incident.src_ips_total)),
        ("Door", names(&incident.services, 0)),
        ("Hosts", names(&incident.hosts, incident.hosts_total)),
        ("ATT&CK", names(&incident.techniques, 0)),
        ("History", format!("{} of log before it", counted(incident.history_days, "day"))),
        ("Merged", names(&incident.merged, 0)),
    ];
    for (name, value) in facts.iter().filter(|it| !it.1.is_empty()) {
        hanging(&format!("{name:8}"), value, screen, lines);
    }
}

fn of_signal(signal: &Signal, screen: Screen, lines: &mut Vec<String>) {
    lines.push(format!("  {}", screen.style.code(&harmless(&signal.detector))));
    hanging("    ", &sentence(&signal.reason), screen, lines);
    if !signal.baseline.is_empty() {
        hanging("    Normal: ", &sentence(&signal.baseline), screen, lines);
    }
    if let Some(score) = signal.score {
        weighed_lines(signal, score, screen, lines);
    }
    for record in &signal.evidence {
        let at = match (record.line, record.number) {
            (Some(line), _) => format!(":{line}"),
            (None, Some(record)) => format!(", record {record}"),
            (None, None) => String::new(),
        };
        lines.push(screen.style.dim(&format!("    {}{at}", clipped(&record.file, 200))));
    }
}

/// What speaks for an attacker and what for the owner, how rare that is, and what would have made it quiet.
fn weighed_lines(signal: &Signal, score: f64, screen: Screen, lines: &mut Vec<String>) {
    let rarity = weighed::rarity(signal.risk, &Risks::default());
    let worth = weighed::worth(score, signal.risk);
    hanging("    Weighed: ", &sentence(&format!("{worth}: {rarity}")), screen, lines);
    for it in &signal.contributions {
        let (nats, text) = weighed::said(it.nats, &it.fact, &it.person, &it.colleagues);
        hanging(&format!("    {nats:>5}  "), &text, screen, lines);
    }
    let steps = signal.if_known.iter().map(|it| weighed::Without {
        fact: it.fact.clone(),
        score: it.score,
        risk: it.risk,
    });
    let quieter = weighed::quieter(&steps.collect::<Vec<_>>());
    if !quieter.is_empty() {
        hanging("    Quieter: ", &sentence(&quieter), screen, lines);
    }
}

fn heading(text: &str, screen: Screen, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(screen.style.bold(text));
}

/// `text` behind `head`, its further lines under its first.
fn hanging(head: &str, text: &str, screen: Screen, lines: &mut Vec<String>) {
    let indent = head.chars().count();
    let parts = wrapped(text, screen.columns.saturating_sub(indent));
    for (nr, part) in parts.iter().enumerate() {
        lines.push(match nr {
            0 => format!("{head}{part}"),
            _ => format!("{:indent$}{part}", ""),
        });
    }
}
