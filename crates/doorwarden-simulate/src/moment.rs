//! Moments, and how each product writes them. All devices here keep UTC.

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// A moment, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Moment(pub(crate) i64);

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Moment {
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

    /// Seconds since 1970.
    pub(crate) const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Days since 1970.
    pub(crate) const fn day(self) -> i64 {
        self.0.div_euclid(DAY * 1_000)
    }

    fn civil(self) -> DateTime {
        let time = Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH);
        Offset::UTC.to_datetime(time)
    }

    fn millis(self) -> i64 {
        self.0.rem_euclid(1_000)
    }

    /// `Mar 02 2026 08:00:00`, Cisco's.
    pub(crate) fn cisco(self) -> String {
        let it = self.civil();
        format!("{} {:02} {} {}", month(it), it.day(), it.year(), clock(it))
    }

    /// `Mar  2 08:00:00`, that of RFC 3164: no year, no zone.
    pub(crate) fn syslog(self) -> String {
        let it = self.civil();
        format!("{} {:2} {}", month(it), it.day(), clock(it))
    }

    /// `Mon Mar  2 08:00:00 2026`, C's `ctime`.
    pub(crate) fn ctime(self) -> String {
        let it = self.civil();
        let weekday = usize::try_from((self.day() + 3).rem_euclid(7)).unwrap_or(0);
        let weekday = WEEKDAYS.get(weekday).copied().unwrap_or_default();
        format!("{weekday} {} {:2} {} {}", month(it), it.day(), clock(it), it.year())
    }

    /// `2026-03-02T07:00:00.000Z`.
    pub(crate) fn iso(self) -> String {
        let it = self.civil();
        format!("{}T{}.{:03}Z", date(it), clock(it), self.millis())
    }

    /// `2026-03-02T07:00:00.000000+00:00`, Python's.
    pub(crate) fn python(self) -> String {
        let it = self.civil();
        format!("{}T{}.{:03}000+00:00", date(it), clock(it), self.millis())
    }

    /// `2026-03-02 07:00:00`, IIS's.
    pub(crate) fn w3c(self) -> String {
        let it = self.civil();
        format!("{} {}", date(it), clock(it))
    }

    /// `2026/03/02 07:00:00`, PAN-OS's.
    pub(crate) fn paloalto(self) -> String {
        let it = self.civil();
        format!("{:04}/{:02}/{:02} {}", it.year(), it.month(), it.day(), clock(it))
    }

    /// `20260302`, as rotated files are named.
    pub(crate) fn compact(self) -> String {
        let it = self.civil();
        format!("{:04}{:02}{:02}", it.year(), it.month(), it.day())
    }

    /// `03/02/2026:07:00:00 GMT`, `NetScaler`'s.
    pub(crate) fn netscaler(self) -> String {
        let it = self.civil();
        format!("{:02}/{:02}/{:04}:{} GMT", it.month(), it.day(), it.year(), clock(it))
    }
}

fn month(it: DateTime) -> &'static str {
    let at = usize::try_from(it.month() - 1).unwrap_or(0);
    MONTHS.get(at).copied().unwrap_or_default()
}

fn clock(it: DateTime) -> String {
    format!("{:02}:{:02}:{:02}", it.hour(), it.minute(), it.second())
}

fn date(it: DateTime) -> String {
    format!("{:04}-{:02}-{:02}", it.year(), it.month(), it.day())
}
