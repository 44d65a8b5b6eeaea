//! Where loaded data is from: what a summary, a report and `doorwarden geo` say of it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

/// A table, database or list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Source {
    /// What its maker calls it.
    pub(crate) name: String,
    /// What is read from it.
    pub(crate) holds: String,
    /// The file; absent for what the program carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// The maker's version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// The day on which it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) built: Option<Date>,
    /// The licence, as far as the file says it.
    pub(crate) licence: String,
    /// The credit that a page with results must give; empty where none is asked for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) credit: String,
    /// Where the credit must link to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) link: String,
}

/// The sources of the embedded table: fields parted by tabs, a source a line.
pub(super) fn embedded(lines: &str) -> Vec<Source> {
    lines.lines().filter_map(of_line).collect()
}

fn of_line(line: &str) -> Option<Source> {
    let mut fields = line.split('\t').map(str::to_owned);
    Some(Source {
        name: fields.next()?,
        holds: fields.next()?,
        path: None,
        version: fields.next(),
        built: fields.next().and_then(|it| it.parse().ok()),
        licence: fields.next()?,
        credit: fields.next().unwrap_or_default(),
        link: fields.next().unwrap_or_default(),
    })
}

/// The day, in UTC, of this second since 1970.
pub(super) fn day_of(second: i64) -> Option<Date> {
    let at = Timestamp::from_second(second).ok()?;
    Some(TimeZone::UTC.to_datetime(at).date())
}
