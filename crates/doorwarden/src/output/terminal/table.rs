//! The table of incidents: for people fitted to the terminal, each with its reason below; for pipes a line each.

use doorwarden_model::{Incident, Severity};

use super::wrap::{cut, padded, width, wrapped};
use crate::{
    output::{digest::Digest, style::Style, weighed},
    scan::Scan,
};

/// Blank columns before the reasons.
const INDENT: usize = 7;
/// Columns of a contribution's weight, and contributions shown.
const NATS: usize = 7;
const CONTRIBUTIONS: usize = 4;
/// Terminals narrower than this get two lines for the facts.
const NARROW: usize = 90;

/// A row.
struct Row {
    risk: f64,
    severity: Severity,
    digest: Digest,
    /// The strongest contributions of the strongest sum of evidence: weight, and what stands behind it.
    weighed: Vec<(String, String)>,
}

impl Row {
    fn of(incident: &Incident, scan: &Scan) -> Self {
        let severity = incident.severity();
        let weighed = weighed::strongest(incident).filter(|_| Severity::Medium <= severity);
        let weighed = weighed.map(|it| it.contributions.as_slice()).unwrap_or_default();
        Self {
            risk: incident.risk,
            severity,
            digest: Digest::of(incident, scan),
            weighed: weighed.iter().take(CONTRIBUTIONS).map(weighed::line).collect(),
        }
    }

    fn facts(&self) -> [String; 4] {
        let it = &self.digest;
        [it.when(), it.who.clone(), it.door.clone(), it.from.clone()]
    }
}

/// Names of the columns behind risk and severity.
const HEADS: [&str; 4] = ["WHEN (UTC)", "WHO", "DOOR", "FROM"];

/// A line for each incident, for other programs: parted by tabs, nothing cut, nothing coloured.
pub(crate) fn plain<'a>(
    incidents: impl Iterator<Item = &'a Incident>,
    scan: &'a Scan,
) -> impl Iterator<Item = String> {
    let mut head = vec!["RISK".to_owned(), "SEVERITY".to_owned()];
    head.extend(HEADS.map(str::to_owned));
    head.extend(["REASON".to_owned(), "ID".to_owned()]);
    let rows = incidents.map(|it| {
        let row = Row::of(it, scan);
        let mut cells = vec![format!("{:.1}", row.risk), row.severity.word().to_owned()];
        cells.extend(row.facts());
        cells.extend([row.digest.reason, row.digest.id]);
        cells
    });
    std::iter::once(head)
        .chain(rows)
        .map(|cells| cells.iter().map(|it| cell(it)).collect::<Vec<_>>().join("\t"))
}

/// A cell that no spreadsheet takes for a formula: the quote is what marks text there.
fn cell(text: &str) -> String {
    let quote = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    format!("{quote}{text}")
}

/// The table for a terminal of `columns`.
pub(crate) fn fitted(
    incidents: &[&Incident],
    scan: &Scan,
    columns: usize,
    style: Style,
) -> Vec<String> {
    let rows: Vec<Row> = incidents.iter().map(|it| Row::of(it, scan)).collect();
    let widths = widths(&rows, columns);
    let mut lines = Vec::new();
    if NARROW <= columns && !rows.is_empty() {
        let heads: Vec<String> = HEADS.iter().zip(widths).map(|(it, to)| padded(it, to)).collect();
        let head = format!(" RISK  SEVERITY  {}", heads.join("  "));
        lines.push(style.dim(head.trim_end()));
    }
    for row in &rows {
        lines.extend(facts(row, widths, columns, style));
        let room = columns.saturating_sub(INDENT);
        let indented = |text: &String| format!("{}{text}", " ".repeat(INDENT));
        lines.extend(wrapped(&row.digest.reason, room).iter().map(indented));
        if !row.digest.baseline.is_empty() {
            let normal = format!("Normal: {}", row.digest.baseline);
            lines.extend(wrapped(&normal, room).iter().map(|it| style.dim(&indented(it))));
        }
        for (nats, fact) in &row.weighed {
            let room = room.saturating_sub(NATS);
            let parts = wrapped(fact, room);
            let head = |nr: usize| if nr == 0 { format!("{nats:>5}") } else { String::new() };
            let parts = parts.iter().enumerate();
            lines.extend(parts.map(|(nr, it)| indented(&format!("{:NATS$}{it}", head(nr)))));
        }
        lines.push(style.dim(&indented(&row.digest.id)));
        lines.push(String::new());
    }
    lines
}

/// Risk, severity, time, and the three facts, in one line or two.
fn facts(row: &Row, widths: [usize; 4], columns: usize, style: Style) -> Vec<String> {
    let severity = format!("{:8}", row.severity.word());
    let loud = style.severity(row.severity, &severity);
    let begin = format!("{:5.1}  {loud}  ", row.risk);
    let cells: Vec<String> =
        row.facts().iter().zip(widths).map(|(it, to)| padded(&cut(it, to), to)).collect();
    let Some((when, others)) = cells.split_first() else { return Vec::new() };
    if NARROW <= columns {
        let others = others.join("  ");
        return vec![format!("{begin}{when}  {}", style.bold(others.trim_end()))];
    }
    let others: Vec<String> = row.facts().into_iter().skip(1).filter(|it| !it.is_empty()).collect();
    let others = wrapped(&others.join(" · "), columns.saturating_sub(INDENT));
    let others = others.iter().map(|it| format!("{}{}", " ".repeat(INDENT), style.bold(it)));
    let when = cut(when.trim_end(), columns.saturating_sub(17));
    std::iter::once(format!("{begin}{when}")).chain(others).collect()
}

/// Columns of each fact: what it needs, cut from the widest where the terminal has less.
fn widths(rows: &[Row], columns: usize) -> [usize; 4] {
    let mut widths = HEADS.map(width);
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row.facts()) {
            *widest = width(&cell).max(*widest);
        }
    }
    // Risk and severity take 17 columns, the gaps between the facts six.
    let room = columns.saturating_sub(17 + 6);
    while room < widths.iter().sum() {
        let Some(widest) = widths.iter_mut().skip(1).max() else { break };
        if *widest <= 8 {
            break;
        }
        *widest -= 1;
    }
    widths
}
