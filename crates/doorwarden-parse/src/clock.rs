//! From a stamp as written to an instant: the year and zone that the log does not state.

use doorwarden_model::Assumed;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::stamp::Stamp;

/// What is known of the clock of one source.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    /// Day on which the source was last written.
    written: Option<Date>,
    /// Year and month of the last stamp.
    last: Option<(i16, u8)>,
    /// Zone of stamps that state none.
    zone: Option<TimeZone>,
    /// Hour since 1970 in civil time, and the zone's offset in it.
    cached: Option<(i64, i32)>,
    /// The last instant that a stamp gave.
    instant: Option<Timestamp>,
}

/// Year given to stamps without one where nothing at all is known; a leap year, so that every date exists.
const UNKNOWN_YEAR: i16 = 2000;

impl Clock {
    /// The clock of a source last written on `written`, whose zone-less stamps are in `zone`.
    pub(crate) fn new(written: Option<Date>, zone: Option<TimeZone>) -> Self {
        Self { written, last: None, zone, cached: None, instant: None }
    }

    /// The instant of `stamp`, and what of it was assumed.
    pub(crate) fn resolve(&mut self, stamp: Stamp) -> (Timestamp, Assumed) {
        let year = stamp.year.unwrap_or_else(|| self.infer_year(stamp));
        self.last = Some((year, stamp.month));
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
        self.instant = Some(instant);
        (instant, assumed)
    }

    /// The instant of a record that states none: that of the stamp before it, else the start of the day on which the
    /// source was written.
    pub(crate) fn unstated(&self) -> (Timestamp, Assumed) {
        let day = |it: Date| TimeZone::UTC.to_timestamp(it.at(0, 0, 0, 0)).ok();
        let unknown = || Date::new(UNKNOWN_YEAR, 1, 1).ok();
        let instant = self.instant.or_else(|| self.written.or_else(unknown).and_then(day));
        (instant.unwrap_or_default(), Assumed::YearAndZone)
    }

    /// The year of a stamp without one: that of the stamp before it, one more where the months turn from
    /// December to January, one less where they turn back; for the first, the last year in which it is not after the
    /// day on which the source was written.
    fn infer_year(&self, stamp: Stamp) -> i16 {
        if let Some((year, month)) = self.last {
            return match i16::from(stamp.month) - i16::from(month) {
                ..=-7 => year + 1,
                7.. => year - 1,
                _ => year,
            };
        }
        let Some(written) = self.written else {
            return UNKNOWN_YEAR;
        };
        // A day of grace: the file's date may be in another zone than its lines.
        let latest = written.tomorrow().unwrap_or(written);
        let stated = (stamp.month, i16::from(stamp.day));
        let is_after = (latest.month().unsigned_abs(), i16::from(latest.day())) < stated;
        if is_after { latest.year() - 1 } else { latest.year() }
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
    fn zones_follow_their_summer_time() {
        let lines = ["Mar 28 12:00:00", "Mar 29 12:00:00"];
        let got = times(Some(date(2026, 4, 1)), Some("Europe/Berlin"), &lines);
        assert_eq!(got, ["2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z"]);
    }
}
