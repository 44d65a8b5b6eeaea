//! Every door, and how it is used.

use askama::Template;
use jiff::Timestamp;

use crate::{
    output::{
        harmless::clipped,
        words::{count, date, percent},
    },
    scan::{DoorUse, Overview},
};

/// Doors shown.
const ROWS: usize = 40;

/// A door.
pub(super) struct Row {
    service: &'static str,
    device: String,
    sign_ins: String,
    refusals: String,
    accounts: String,
    outside: String,
    /// Share of sign-ins with a second factor in percent; absent where no log states one.
    factor: Option<(u64, String)>,
    last: String,
}

/// All doors.
#[derive(Template)]
#[template(path = "report/doors.html")]
pub(super) struct Doors {
    rows: Vec<Row>,
    more: usize,
}

impl Doors {
    pub(super) fn new(overview: &Overview) -> Self {
        let mut ranked: Vec<_> = overview.doors.iter().collect();
        ranked.sort_by_key(|it| std::cmp::Reverse((it.1.sign_ins, it.1.refusals)));
        let rows = ranked.iter().take(ROWS).map(|((service, device), it)| Row {
            service: service.word(),
            device: clipped(device, 80),
            sign_ins: count(it.sign_ins),
            refusals: count(it.refusals),
            accounts: count(it.accounts.len() as u64),
            outside: percent(it.from_outside, it.sign_ins),
            factor: factor(it),
            last: day(it.last),
        });
        Self { rows: rows.collect(), more: ranked.len().saturating_sub(ROWS) }
    }
}

/// By stitched sessions, where another system may have asked for the factor; else by the door's own records.
fn factor(door: &DoorUse) -> Option<(u64, String)> {
    let (part, whole) = if door.sign_ins <= door.sessions {
        (door.sessions_with_factor.max(door.with_factor.min(door.sessions)), door.sessions)
    } else {
        (door.with_factor.max(door.sessions_with_factor.min(door.sign_ins)), door.sign_ins)
    };
    (0 < part).then(|| (part * 100 / whole.max(1), percent(part, whole)))
}

fn day(millis: i64) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or_default();
    date(jiff::tz::TimeZone::UTC.to_datetime(time).date())
}
