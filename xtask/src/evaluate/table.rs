//! The table as Markdown: Doorwarden beside what others do.

use super::runs::{Method, Score};

/// All methods with their scores.
pub(crate) fn of(rows: &[(Method, Score)]) -> String {
    let Some((_, first)) = rows.first() else { return String::new() };
    let mut heads =
        vec!["method".to_owned(), "recall as shipped".to_owned(), "false as shipped".to_owned()];
    heads.extend(first.budgets.iter().map(|it| format!("recall @ {}", it.budget)));
    heads.extend(first.costs.iter().map(|it| format!("false for recall {}", it.recall)));
    let rule: Vec<&str> =
        heads.iter().enumerate().map(|it| if it.0 == 0 { "---" } else { "--:" }).collect();
    let mut lines = vec![line(&heads), format!("|{}|", rule.join("|"))];
    lines.extend(rows.iter().map(|(method, score)| line(&row(method, score))));
    lines.join("\n") + "\n"
}

fn row(method: &Method, score: &Score) -> Vec<String> {
    let none = || "–".to_owned();
    let mut cells = vec![method.title.clone()];
    if method.ships_threshold {
        let recall = &score.recall;
        cells.push(format!("{:.2} ({:.2}–{:.2})", recall.part, recall.low, recall.high));
        cells.push(rate(score.false_incidents.per_10000_people_and_day));
    } else {
        cells.extend([none(), none()]);
    }
    let at_budgets = score.budgets.iter().map(|it| match it.threshold {
        Some(_) if method.has_grades => format!("{:.2}", it.recall.part),
        _ => none(),
    });
    cells.extend(at_budgets);
    let costs = score.costs.iter().map(|it| match it.per_10000_people_and_day {
        Some(cost) if method.has_grades => rate(cost),
        _ => none(),
    });
    cells.extend(costs);
    cells
}

fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// Two decimals below ten, none from a hundred.
fn rate(rate: f64) -> String {
    let decimals = if rate < 10.0 { 2 } else { usize::from(rate < 100.0) };
    format!("{rate:.decimals$}")
}
