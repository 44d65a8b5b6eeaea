//! The table as Markdown.

use super::{
    job::Used,
    rows::{Figures, Goal, Measured, rate},
};

/// All rows, with the machine that they were measured on.
pub(crate) fn of(results: &[Measured], pairs: usize) -> String {
    let mut lines = vec![
        format!("Medians of {pairs} pairs of runs, in turn, one worker, on {}.", machine()),
        String::new(),
        "| workload | MB | CPU s | MB per CPU s | memory MB | reference CPU s | reached | goal | |"
            .to_owned(),
        "|---|--:|--:|--:|--:|--:|--:|--:|---|".to_owned(),
    ];
    lines.extend(results.iter().map(row));
    lines.push(String::new());
    lines.join("\n")
}

fn row(row: &Measured) -> String {
    let goal = goal(row.goal);
    let figures = match &row.result {
        Ok(figures) => figures,
        Err(why) => return format!("| {} | | | | | | | {goal} | {why} |", row.name),
    };
    let Figures { bytes, ours, reference, reached } = *figures;
    let reached = match row.goal {
        Goal::Share(_) => format!("{:.0} %", reached * 100.0),
        Goal::Seconds(_) => format!("{:.1} ms", reached * 1000.0),
        Goal::Memory(_) => format!("{reached:.2} x"),
    };
    let verdict = if row.is_missed() { "**missed**" } else { "ok" };
    let size = if bytes == 0 { String::new() } else { (bytes / 1_000_000).to_string() };
    let speed = if bytes == 0 { String::new() } else { format!("{:.0}", rate(bytes, ours) / 1e6) };
    let seconds = |it: Used| format!("{:.3}", it.seconds);
    let beside = reference.map(seconds).unwrap_or_default();
    format!(
        "| {} | {size} | {} | {speed} | {} | {beside} | {reached} | {goal} | {verdict} |",
        row.name,
        seconds(ours),
        ours.memory / 1_000_000
    )
}

fn goal(goal: Goal) -> String {
    match goal {
        Goal::Share(least) => format!("at least {:.0} %", least * 100.0),
        Goal::Seconds(most) => format!("at most {:.0} ms", most * 1000.0),
        Goal::Memory(most) => format!("at most {most:.2} x"),
    }
}

/// The processor's name, where the system tells it.
fn machine() -> String {
    let text = crate::workspace::read("/proc/cpuinfo".as_ref()).unwrap_or_default();
    let name = text.lines().find_map(|it| it.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |it| it.1.to_owned())
}
