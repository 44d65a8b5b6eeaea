//! From a stamp as written to an instant: the year and zone that the log does not state.

use doorwarden_model::Assumed;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{Record, stamp::Stamp};

/// What is known of the clock of one source.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// Day on which the source was last written.
    written: Option<Date>,
    /// Year, month and day of the last stamp.
    last: Option<(i16, u8, u8)>,
    is_year_unknown: bool,
    /// Zone of stamps that state none.
    zone: Option<TimeZone>,
    /// Hour since 1970 in civil time, and the zone's offset in it.
    cached: Option<(i64, i32)>,
    /// The last instant that a stamp gave, and what a record that takes it assumes.
    instant: Option<(Timestamp, Assumed)>,
    /// The last line that holds nothing but a time.
    heading: Option<Heading>,
}

/// A line that holds nothing but a time: that of the lines behind it, of which it may be the first.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    /// Its number.
    pub(crate) line: u64,
    /// Its time.
    pub(crate) stamp: Stamp,
    /// The line.
    pub(crate) text: String,
}

/// Year given to stamps without one where nothing at all is known; a leap year, so that every date exists.
const UNKNOWN_YEAR: i16 = 2000;

/// How much less likely a line is to be a day late than a day ahead of the one before it.
const LATE: i32 = 10;

/// Days by which lines that follow each other may run past the day in a file's name: some name a file by its first day.
const NAMED: i32 = 31;

/// Days since some day, near enough to compare.
const fn day_number(year: i16, month: u8, day: u8) -> i32 {
    year as i32 * 365 + (month as i32 - 1) * 305 / 10 + day as i32
}

impl Clock {
    /// The clock of a source last written on `written`, whose zone-less stamps are in `zone`.
    pub(crate) fn new(written: Option<Date>, zone: Option<TimeZone>) -> Self {
        Self {
            written,
            last: None,
            is_year_unknown: false,
            zone,
            cached: None,
            instant: None,
            heading: None,
        }
    }

    /// The instant of `stamp`, and what of it was assumed.
    pub(crate) fn resolve(&mut self, stamp: Stamp) -> (Timestamp, Assumed) {
        let year = stamp.year.unwrap_or_else(|| self.infer_year(stamp));
        self.last = Some((year, stamp.month, stamp.day));
        if stamp.year.is_some() && self.bound() < day_number(year, stamp.month, stamp.day) {
            // The source itself says that it was written later.
            self.written = None;
        }
        let civil = stamp.utc_millis(year);
        let (offset, zone_known) = match stamp.offset {
            Some(offset) => (offset, true),
            None => (self.zone_offset(civil), self.zone.is_some()),
        };
        let assumed = match (stamp.year.is_some(), zone_known) {
            (true, true) => Assumed::Nothing,
            (false, true) => Assumed::Year,
            (true, false) => Assumed::Zone,
            (false, false) => Assumed::YearAndZone,
        };
        let instant =
            Timestamp::from_millisecond(civil - i64::from(offset) * 1000).unwrap_or_default();
        self.instant = Some((instant, Assumed::YearAndZone));
        (instant, assumed)
    }

    /// Takes note of a record that is nothing but a time.
    pub(crate) fn head(&mut self, record: &Record<'_>) {
        let Some(stamp) = record.stamp else { return };
        self.instant = Some(self.resolve(stamp));
        self.heading = Some(Heading { line: record.line, stamp, text: record.text.to_owned() });
    }

    /// The time that stands alone on the line before `line`.
    pub(crate) fn heading_of(&self, line: u64) -> Option<&Heading> {
        self.heading.as_ref().filter(|it| it.line.checked_add(1) == Some(line))
    }

    /// The instant of a record that states none: that of the time that stands alone before it, or of the stamp of the
    /// last record, else the start of the day on which the source was written.
    pub(crate) fn unstated(&self) -> (Timestamp, Assumed) {
        let day = |it: Date| TimeZone::UTC.to_timestamp(it.at(0, 0, 0, 0)).ok();
        let unknown = || Date::new(UNKNOWN_YEAR, 1, 1).ok();
        self.instant.unwrap_or_else(|| {
            let instant = self.written.or_else(unknown).and_then(day);
            (instant.unwrap_or_default(), Assumed::YearAndZone)
        })
    }

    /// Whether a year was needed of which nothing is known.
    pub(crate) const fn is_year_unknown(&self) -> bool {
        self.is_year_unknown
    }

    /// The year of a stamp without one. The first has the last year in which it is not after the day on which the
    /// source was written. Each other is near the one before it, and after it rather than before: the new year turns
    /// where the months do, and a line that comes late turns it back.
    fn infer_year(&mut self, stamp: Stamp) -> i16 {
        let latest = self.latest();
        let stated = (stamp.month, stamp.day);
        let Some((last, month, day)) = self.last else {
            let Some(latest) = latest else {
                self.is_year_unknown = true;
                return UNKNOWN_YEAR;
            };
            let end = (latest.month().unsigned_abs(), latest.day().unsigned_abs());
            return latest.year() - i16::from(end < stated);
        };
        let before = day_number(last, month, day);
        let bound = self.bound();
        let years = [last, last.saturating_add(1), last.saturating_sub(1)];
        let price = |year: &i16| {
            let number = day_number(*year, stamp.month, stamp.day);
            let days = number - before;
            (bound.saturating_add(NAMED) < number, if days < 0 { days * -LATE } else { days })
        };
        years.into_iter().min_by_key(price).unwrap_or(last)
    }

    /// The last day that the source may speak of. A day of grace: its date may be in another zone than its lines.
    fn bound(&self) -> i32 {
        self.latest().map_or(i32::MAX, |it| {
            day_number(it.year(), it.month().unsigned_abs(), it.day().unsigned_abs())
        })
    }

    fn latest(&self) -> Option<Date> {
        self.written.map(|it| it.tomorrow().unwrap_or(it))
    }

    fn zone_offset(&mut self, civil_millis: i64) -> i32 {
        let Some(zone) = &self.zone else { return 0 };
        // Zones change their offset at quarter hours at the finest.
        let quarter = civil_millis.div_euclid(900_000);
        if let Some((known, offset)) = self.cached
            && known == quarter
        {
            return offset;
        }
        let civil = Timestamp::from_millisecond(civil_millis).unwrap_or_default();
        let civil = TimeZone::UTC.to_datetime(civil);
        let offset = zone.to_timestamp(civil).map_or(0, |it| zone.to_offset(it).seconds());
        self.cached = Some((quarter, offset));
        offset
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::stamp;

    fn times(written: Option<Date>, zone: Option<&str>, lines: &[&str]) -> Vec<String> {
        let zone = zone.map(|it| TimeZone::get(it).unwrap());
        let mut clock = Clock::new(written, zone);
        lines.iter().map(|it| clock.resolve(stamp::bsd(it).unwrap().0).0.to_string()).collect()
    }

    #[test]
    fn years_turn_with_the_order_of_lines() {
        let lines = ["Dec 31 23:59:58", "Jan  1 00:00:01", "Dec 31 23:59:59", "Jan  2 00:00:00"];
        let got = times(Some(date(2026, 1, 3)), None, &lines);
        assert_eq!(
            got,
            [
                "2025-12-31T23:59:58Z",
                "2026-01-01T00:00:01Z",
                "2025-12-31T23:59:59Z",
                "2026-01-02T00:00:00Z"
            ]
        );
    }

    #[test]
    fn the_year_follows_the_order_of_lines_and_the_last_day() {
        for (written, lines, expected) in [
            // A quiet log: months may pass between two lines.
            (Some(date(2026, 10, 1)), &["Jan  5", "Sep  1", "Sep 30"][..], &[2026, 2026, 2026][..]),
            (Some(date(2026, 3, 1)), &["Apr 30", "Oct 10", "Feb 10"], &[2025, 2025, 2026]),
            (Some(date(2026, 3, 1)), &["Nov  1", "Feb 27"], &[2025, 2026]),
            // Late lines of another device.
            (Some(date(2026, 1, 9)), &["Jan  5", "Dec 20", "Jan  6"], &[2026, 2025, 2026]),
            // The newer file first, as `cat auth.log auth.log.1` has it.
            (
                Some(date(2026, 2, 9)),
                &["Jan 20", "Feb  8", "Dec 10", "Jan 19"],
                &[2026, 2026, 2025, 2026],
            ),
            // The file is named by its first day.
            (Some(date(2026, 2, 2)), &["Feb  2", "Feb  4", "Feb  8"], &[2026, 2026, 2026]),
            // The file was written in another zone than its lines.
            (Some(date(2025, 12, 31)), &["Dec 31", "Jan  1"], &[2025, 2026]),
            (Some(date(2026, 1, 1)), &["Dec 31", "Jan  2"], &[2025, 2026]),
            (Some(date(2024, 2, 29)), &["Feb 29"], &[2024]),
            (None, &["Dec 31", "Jan  1"], &[2000, 2001]),
        ] {
            let mut clock = Clock::new(written, None);
            let stamps = lines.iter().map(|it| stamp::bsd(&format!("{it} 12:00:00")).unwrap().0);
            let years: Vec<i16> =
                stamps.map(|it| TimeZone::UTC.to_datetime(clock.resolve(it).0).year()).collect();
            assert_eq!(years, expected, "{lines:?}");
            assert_eq!(clock.is_year_unknown(), written.is_none());
        }
    }

    #[test]
    fn a_stated_year_is_not_changed() {
        let mut clock = Clock::new(Some(date(2026, 1, 3)), None);
        let mut year = |text: &str| {
            let stamp = stamp::iso(text).or_else(|| stamp::bsd(text)).unwrap().0;
            clock.resolve(stamp).0.to_string()
        };
        assert_eq!(year("2031-05-05T10:00:00Z"), "2031-05-05T10:00:00Z");
        // Once a line states its year, the others of the source follow, whatever the file's date.
        assert_eq!(year("May  6 10:00:00"), "2031-05-06T10:00:00Z");
        assert_eq!(year("Mar  1 2021 10:00:00"), "2021-03-01T10:00:00Z");
        assert_eq!(year("Mar  2 10:00:00"), "2021-03-02T10:00:00Z");
    }

    #[test]
    fn zones_follow_their_summer_time() {
        let lines = ["Mar 28 12:00:00", "Mar 29 12:00:00"];
        let got = times(Some(date(2026, 4, 1)), Some("Europe/Berlin"), &lines);
        assert_eq!(got, ["2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z"]);
    }
}
