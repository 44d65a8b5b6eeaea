//! The score as people read it: a heading and a few lines or a table for each question.

use super::{
    budget::{AtBudget, Precision},
    calibration::Band,
    campaigns::{Delays, OfKind},
    false_incidents::{Class, Rate},
    figures::Share,
    score::Score,
};
use crate::output::{
    harmless::clipped,
    style::Style,
    terminal::wrap::{padded, width},
    words::counted,
};

/// Columns of a name.
const LONGEST: usize = 40;
/// Where nothing can be said.
const NONE: &str = "–";

/// A table whose first column is text and whose others are figures.
struct Grid {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    fn new(heads: &[&str]) -> Self {
        Self { heads: heads.iter().map(|it| (*it).to_owned()).collect(), rows: Vec::new() }
    }

    fn lines(&self, style: Style) -> Vec<String> {
        let all = || std::iter::once(&self.heads).chain(&self.rows);
        let mut widths = vec![0; self.heads.len()];
        for row in all() {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell).max(*widest);
            }
        }
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(nr, (cell, to))| match nr {
                0 => padded(cell, *to),
                _ => format!("{}{cell}", " ".repeat(to.saturating_sub(width(cell)))),
            });
            format!("  {}", cells.collect::<Vec<_>>().join("  "))
        };
        let head = style.dim(&line(&self.heads));
        std::iter::once(head).chain(self.rows.iter().map(line)).collect()
    }
}

/// All lines.
pub(super) fn of(score: &Score, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    let mut part = |title: &str, part: Vec<String>| {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(style.bold(title));
        lines.extend(part);
    };
    part(
        "Found within a week of the first access, by incidents of medium severity and above",
        head(score),
    );
    part("By kind of campaign", kinds(&score.kinds, style));
    part("By what makes it easy or hard", knobs(score, style));
    part("False incidents", rates(score, style));
    part("False incidents by cause", classes(&score.false_incidents.by_cause, style));
    part("False incidents in weeks of", classes(&score.false_incidents.weeks, style));
    part("Within a budget of false incidents for 10,000 people and day", budgets(score, style));
    part("What risk is worth: false incidents by risk", calibration(&score.calibration, style));
    lines
}

fn head(score: &Score) -> Vec<String> {
    let (runs, sprays) = (counted(score.runs as u64, "run"), &score.sprays);
    let costs = score.costs.iter().map(|it| {
        let rate = it.per_10000_people_and_day.map_or_else(|| NONE.to_owned(), rate);
        format!("{rate} for {:.0} %", it.recall * 100.0)
    });
    vec![
        format!("  all visible campaigns     {}", share(score.recall)),
        format!("  mean over their kinds     {:.1} %", score.macro_recall * 100.0),
        format!("  that no log can show      {}", share(score.invisible)),
        format!("  sprays before access      {}", share(sprays.noticed_before_access)),
        format!("  sprays at the takeover    {}", share(sprays.found_at_takeover)),
        format!("  one of two reasons right  {}", share(score.right_reasons)),
        format!("  time to detect            {}", delays(&score.time_to_detect)),
        format!("  false incidents it costs  {}", costs.collect::<Vec<_>>().join(", ")),
        format!("  over                      {runs}, {:.0} people times days", score.people_days),
    ]
}

fn kinds(kinds: &[OfKind], style: Style) -> Vec<String> {
    let mut grid = Grid::new(&["kind", "found", "recall", "95 %", "median"]);
    for it in kinds {
        let mark = if it.visible { "" } else { " (no log can show it)" };
        let name = clipped(&format!("{} {}{mark}", it.kind, it.name), LONGEST);
        let mut row = vec![name];
        row.extend(cells(it.recall));
        row.push(it.median_minutes.map_or_else(|| NONE.to_owned(), minutes));
        grid.rows.push(row);
    }
    grid.lines(style)
}

fn knobs(score: &Score, style: Style) -> Vec<String> {
    let mut grid = Grid::new(&["knob", "found", "recall", "95 %"]);
    for it in &score.knobs {
        let mut row = vec![clipped(&format!("{}: {}", it.knob, it.value), LONGEST)];
        row.extend(cells(it.recall));
        grid.rows.push(row);
    }
    grid.lines(style)
}

fn rates(score: &Score, style: Style) -> Vec<String> {
    let all = &score.false_incidents;
    let mut grid = Grid::new(&["", "incidents", "per 10,000 people and day", "95 %"]);
    let mut row = |name: &str, rate: Rate| grid.rows.push(rated(name, rate));
    row("medium and above", all.all);
    for it in &all.by_severity {
        row(&it.class, it.rate);
    }
    let mut lines = grid.lines(style);
    lines.push(format!(
        "  per 1,000 people and day {}; per 10,000: 95 % of days at most {}, the worst {}",
        rate(all.per_1000_people_and_day),
        rate(all.p95_day),
        rate(all.worst_day)
    ));
    lines.push(format!(
        "  of penetration tests, not counted as false: {}",
        counted(all.pentest as u64, "incident")
    ));
    lines.push(format!(
        "  true among all, were one account taken over {}",
        precision(score.precision)
    ));
    lines
}

fn classes(classes: &[Class], style: Style) -> Vec<String> {
    let mut grid = Grid::new(&["", "incidents", "per 10,000 people and day", "95 %"]);
    grid.rows.extend(classes.iter().map(|it| rated(&it.class, it.rate)));
    grid.lines(style)
}

fn budgets(score: &Score, style: Style) -> Vec<String> {
    let heads =
        ["budget", "risk from", "false", "found", "recall", "95 %", "1/month", "1/week", "1/day"];
    let mut grid = Grid::new(&heads);
    grid.rows.extend(score.budgets.iter().map(budget));
    let mut lines = grid.lines(style);
    lines.push(
        "  The last three: true among all, were one account of 10,000 taken over so often."
            .to_owned(),
    );
    lines
}

fn budget(it: &AtBudget) -> Vec<String> {
    let threshold = it.threshold.map_or_else(|| NONE.to_owned(), |it| format!("{it:.1}"));
    let mut row = vec![it.budget.to_string(), threshold, it.false_incidents.to_string()];
    row.extend(cells(it.recall));
    let Precision { month, week, day } = it.precision;
    row.extend([month, week, day].map(percent));
    row
}

fn calibration(bands: &[Band], style: Style) -> Vec<String> {
    let heads = ["risk", "expected", "observed", "ratio", "95 %", "expected from", "observed from"];
    let mut grid = Grid::new(&heads);
    for it in bands {
        grid.rows.push(vec![
            format!("{} to {}", it.from, it.to),
            rate(it.expected),
            it.observed.to_string(),
            format!("{:.2}", it.ratio),
            format!("{:.2}–{:.2}", it.low, it.high),
            rate(it.expected_at_or_above),
            it.observed_at_or_above.to_string(),
        ]);
    }
    grid.lines(style)
}

fn rated(name: &str, of: Rate) -> Vec<String> {
    let interval = format!("{}–{}", rate(of.low), rate(of.high));
    let per_day = rate(of.per_10000_people_and_day);
    vec![clipped(name, LONGEST), of.incidents.to_string(), per_day, interval]
}

fn share(of: Share) -> String {
    let [found, share, interval] = cells(of);
    if of.of == 0 { NONE.to_owned() } else { format!("{share} ({found}; {interval})") }
}

fn cells(of: Share) -> [String; 3] {
    let found = format!("{} of {}", of.found, of.of);
    if of.of == 0 {
        return [found, NONE.to_owned(), NONE.to_owned()];
    }
    let interval = format!("{:.0}–{:.0} %", of.low * 100.0, of.high * 100.0);
    [found, percent(of.part), interval]
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn precision(of: Precision) -> String {
    format!(
        "a month: {}, a week: {}, a day: {}",
        percent(of.month),
        percent(of.week),
        percent(of.day)
    )
}

/// Two decimals below ten, none from a hundred.
fn rate(rate: f64) -> String {
    let decimals = if rate < 10.0 { 2 } else { usize::from(rate < 100.0) };
    format!("{rate:.decimals$}")
}

fn delays(of: &Delays) -> String {
    match (of.median_minutes, of.p90_minutes) {
        (Some(median), Some(p90)) => {
            format!("median {}, 90 % within {}", minutes(median), minutes(p90))
        }
        _ => NONE.to_owned(),
    }
}

fn minutes(minutes: f64) -> String {
    if minutes < 120.0 {
        format!("{minutes:.0} min")
    } else if minutes < 2_880.0 {
        format!("{:.1} h", minutes / 60.0)
    } else {
        format!("{:.1} d", minutes / 1_440.0)
    }
}
