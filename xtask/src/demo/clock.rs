//! Moments of the three weeks, and how each product writes them.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// Days of the demo: Monday 2026-03-02 to Sunday 2026-03-22.
pub(crate) const DAYS: i64 = 21;

/// Midnight of the first day in Berlin, in milliseconds since 1970.
const START: i64 = 1_772_406_000_000;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// Berlin's offset: summer time starts a week after the demo's last day.
const BERLIN: i8 = 1;

/// A moment, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

impl Moment {
    /// `hour`:`minute` in Berlin on a day counted from the first Monday.
    pub(crate) const fn at(day: i64, hour: i64, minute: i64) -> Self {
        Self(START + (day * DAY + hour * 3_600 + minute * 60) * 1_000)
    }

    /// `seconds` later, or earlier where negative.
    pub(crate) const fn plus(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000)
    }

    /// `millis` milliseconds later.
    pub(crate) const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0 + millis)
    }

    /// Seconds from `earlier` to it.
    pub(crate) const fn since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000
    }

    /// The day that it falls on, in Berlin.
    pub(crate) const fn day(self) -> i64 {
        (self.0 - START).div_euclid(DAY * 1_000)
    }

    fn civil(self, hours: i8) -> DateTime {
        let time = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        Offset::constant(hours).to_datetime(time)
    }

    fn in_berlin(self, format: &str) -> String {
        self.civil(BERLIN).strftime(format).to_string()
    }

    fn in_utc(self, format: &str) -> String {
        self.civil(0).strftime(format).to_string()
    }

    /// `Mar 02 2026 08:00:00`, Cisco's.
    pub(crate) fn cisco(self) -> String {
        self.in_berlin("%b %d %Y %H:%M:%S")
    }

    /// `Mar  2 08:00:00`, that of RFC 3164: no year, no zone.
    pub(crate) fn syslog(self) -> String {
        self.in_berlin("%b %e %H:%M:%S")
    }

    /// `Mon Mar  2 08:00:00 2026`, C's `ctime`.
    pub(crate) fn ctime(self) -> String {
        self.in_berlin("%a %b %e %H:%M:%S %Y")
    }

    /// `2026-03-02T07:00:00.000Z`.
    pub(crate) fn iso(self) -> String {
        self.in_utc("%Y-%m-%dT%H:%M:%S%.3fZ")
    }

    /// `2026-03-02T07:00:00.000000+00:00`, Python's.
    pub(crate) fn python(self) -> String {
        self.in_utc("%Y-%m-%dT%H:%M:%S%.6f+00:00")
    }

    /// `2026-03-02 07:00:00`, IIS's.
    pub(crate) fn w3c(self) -> String {
        self.in_utc("%Y-%m-%d %H:%M:%S")
    }

    /// `260302`, as IIS names its files.
    pub(crate) fn compact(self) -> String {
        self.in_utc("%y%m%d")
    }

    /// `03/02/2026:07:00:00 GMT`, `NetScaler`'s.
    pub(crate) fn netscaler(self) -> String {
        self.in_utc("%m/%d/%Y:%H:%M:%S GMT")
    }
}
