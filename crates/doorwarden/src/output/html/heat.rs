//! When people sign in: a field for each hour of the week.

use askama::Template;

use super::chart::step;
use crate::{output::words::count, scan::Overview};

/// One hour of the week.
pub(super) struct Cell {
    x: usize,
    y: usize,
    step: u64,
    title: String,
}

/// The week.
#[derive(Template)]
#[template(path = "report/heat.html")]
pub(super) struct Heat {
    cells: Vec<Cell>,
    days: Vec<(usize, &'static str)>,
    hours: Vec<(usize, String)>,
    busiest: Option<String>,
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Distance of the fields; the labels stand left of and above them.
const WIDE: usize = 30;
const HIGH: usize = 26;
const LEFT: usize = 44;
const TOP: usize = 22;

impl Heat {
    pub(super) fn new(overview: &Overview) -> Self {
        let all = overview.hours.iter().zip(DAYS).enumerate().flat_map(|(row, (hours, day))| {
            hours.iter().enumerate().map(move |(hour, number)| (row, hour, day, *number))
        });
        let most = overview.hours.iter().flatten().copied().max().unwrap_or(0);
        let busiest = all.clone().find(|it| 0 < most && it.3 == most);
        let cells = all.map(|(row, hour, day, number)| Cell {
            x: LEFT + hour * WIDE,
            y: TOP + row * HIGH,
            step: step(number, most),
            title: format!("{day} {hour:02}–{:02}: {}", hour + 1, count(number)),
        });
        Self {
            cells: cells.collect(),
            days: DAYS.iter().enumerate().map(|(row, day)| (TOP + row * HIGH + 16, *day)).collect(),
            hours: (0..24).step_by(3).map(|it| (LEFT + it * WIDE, format!("{it:02}"))).collect(),
            busiest: busiest.map(|(_, hour, day, number)| {
                format!("{day} {hour:02}:00–{:02}:00 with {} sign-ins", hour + 1, count(number))
            }),
        }
    }
}
