//! The zone in which a person lives, and what the clock there says.
//!
//! Hours are kept in the zone's own civil time: a change to summer time moves nothing.

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};

/// Countries and the zone in which most of their people live. Those that span several are decided by the city's
/// longitude, where it is known, among the zones in [`WIDE`].
const ZONES: &[([u8; 2], &str)] = &[
    (*b"AD", "Europe/Andorra"),
    (*b"AE", "Asia/Dubai"),
    (*b"AL", "Europe/Tirane"),
    (*b"AM", "Asia/Yerevan"),
    (*b"AR", "America/Argentina/Buenos_Aires"),
    (*b"AT", "Europe/Vienna"),
    (*b"AU", "Australia/Sydney"),
    (*b"AZ", "Asia/Baku"),
    (*b"BA", "Europe/Sarajevo"),
    (*b"BD", "Asia/Dhaka"),
    (*b"BE", "Europe/Brussels"),
    (*b"BG", "Europe/Sofia"),
    (*b"BH", "Asia/Bahrain"),
    (*b"BO", "America/La_Paz"),
    (*b"BR", "America/Sao_Paulo"),
    (*b"BY", "Europe/Minsk"),
    (*b"CA", "America/Toronto"),
    (*b"CH", "Europe/Zurich"),
    (*b"CL", "America/Santiago"),
    (*b"CN", "Asia/Shanghai"),
    (*b"CO", "America/Bogota"),
    (*b"CR", "America/Costa_Rica"),
    (*b"CY", "Asia/Nicosia"),
    (*b"CZ", "Europe/Prague"),
    (*b"DE", "Europe/Berlin"),
    (*b"DK", "Europe/Copenhagen"),
    (*b"DZ", "Africa/Algiers"),
    (*b"EC", "America/Guayaquil"),
    (*b"EE", "Europe/Tallinn"),
    (*b"EG", "Africa/Cairo"),
    (*b"ES", "Europe/Madrid"),
    (*b"ET", "Africa/Addis_Ababa"),
    (*b"FI", "Europe/Helsinki"),
    (*b"FR", "Europe/Paris"),
    (*b"GB", "Europe/London"),
    (*b"GE", "Asia/Tbilisi"),
    (*b"GH", "Africa/Accra"),
    (*b"GR", "Europe/Athens"),
    (*b"GT", "America/Guatemala"),
    (*b"HK", "Asia/Hong_Kong"),
    (*b"HR", "Europe/Zagreb"),
    (*b"HU", "Europe/Budapest"),
    (*b"ID", "Asia/Jakarta"),
    (*b"IE", "Europe/Dublin"),
    (*b"IL", "Asia/Jerusalem"),
    (*b"IN", "Asia/Kolkata"),
    (*b"IQ", "Asia/Baghdad"),
    (*b"IR", "Asia/Tehran"),
    (*b"IS", "Atlantic/Reykjavik"),
    (*b"IT", "Europe/Rome"),
    (*b"JO", "Asia/Amman"),
    (*b"JP", "Asia/Tokyo"),
    (*b"KE", "Africa/Nairobi"),
    (*b"KR", "Asia/Seoul"),
    (*b"KW", "Asia/Kuwait"),
    (*b"KZ", "Asia/Almaty"),
    (*b"LB", "Asia/Beirut"),
    (*b"LI", "Europe/Vaduz"),
    (*b"LK", "Asia/Colombo"),
    (*b"LT", "Europe/Vilnius"),
    (*b"LU", "Europe/Luxembourg"),
    (*b"LV", "Europe/Riga"),
    (*b"MA", "Africa/Casablanca"),
    (*b"MD", "Europe/Chisinau"),
    (*b"ME", "Europe/Podgorica"),
    (*b"MK", "Europe/Skopje"),
    (*b"MT", "Europe/Malta"),
    (*b"MX", "America/Mexico_City"),
    (*b"MY", "Asia/Kuala_Lumpur"),
    (*b"NG", "Africa/Lagos"),
    (*b"NL", "Europe/Amsterdam"),
    (*b"NO", "Europe/Oslo"),
    (*b"NP", "Asia/Kathmandu"),
    (*b"NZ", "Pacific/Auckland"),
    (*b"OM", "Asia/Muscat"),
    (*b"PA", "America/Panama"),
    (*b"PE", "America/Lima"),
    (*b"PH", "Asia/Manila"),
    (*b"PK", "Asia/Karachi"),
    (*b"PL", "Europe/Warsaw"),
    (*b"PT", "Europe/Lisbon"),
    (*b"PY", "America/Asuncion"),
    (*b"QA", "Asia/Qatar"),
    (*b"RO", "Europe/Bucharest"),
    (*b"RS", "Europe/Belgrade"),
    (*b"RU", "Europe/Moscow"),
    (*b"SA", "Asia/Riyadh"),
    (*b"SE", "Europe/Stockholm"),
    (*b"SG", "Asia/Singapore"),
    (*b"SI", "Europe/Ljubljana"),
    (*b"SK", "Europe/Bratislava"),
    (*b"TH", "Asia/Bangkok"),
    (*b"TN", "Africa/Tunis"),
    (*b"TR", "Europe/Istanbul"),
    (*b"TW", "Asia/Taipei"),
    (*b"UA", "Europe/Kyiv"),
    (*b"US", "America/New_York"),
    (*b"UY", "America/Montevideo"),
    (*b"UZ", "Asia/Tashkent"),
    (*b"VE", "America/Caracas"),
    (*b"VN", "Asia/Ho_Chi_Minh"),
    (*b"ZA", "Africa/Johannesburg"),
];

/// Zones of wide countries, each with the longitude in degrees east up to which it reaches.
const WIDE: &[([u8; 2], f32, &str)] = &[
    (*b"US", -140.0, "Pacific/Honolulu"),
    (*b"US", -114.0, "America/Los_Angeles"),
    (*b"US", -102.0, "America/Denver"),
    (*b"US", -86.0, "America/Chicago"),
    (*b"US", 180.0, "America/New_York"),
    (*b"CA", -119.0, "America/Vancouver"),
    (*b"CA", -102.0, "America/Edmonton"),
    (*b"CA", -90.0, "America/Winnipeg"),
    (*b"CA", -67.0, "America/Toronto"),
    (*b"CA", 180.0, "America/Halifax"),
    (*b"AU", 129.0, "Australia/Perth"),
    (*b"AU", 141.0, "Australia/Adelaide"),
    (*b"AU", 151.8, "Australia/Sydney"),
    (*b"AU", 180.0, "Australia/Brisbane"),
    (*b"BR", -55.0, "America/Manaus"),
    (*b"BR", 180.0, "America/Sao_Paulo"),
    (*b"MX", -112.0, "America/Tijuana"),
    (*b"MX", 180.0, "America/Mexico_City"),
    (*b"RU", 48.0, "Europe/Moscow"),
    (*b"RU", 66.0, "Asia/Yekaterinburg"),
    (*b"RU", 92.0, "Asia/Novosibirsk"),
    (*b"RU", 120.0, "Asia/Irkutsk"),
    (*b"RU", 180.0, "Asia/Vladivostok"),
    (*b"ID", 113.0, "Asia/Jakarta"),
    (*b"ID", 125.0, "Asia/Makassar"),
    (*b"ID", 180.0, "Asia/Jayapura"),
];

/// Countries whose week ends with Friday and Saturday.
const FRIDAY: &[[u8; 2]] =
    &[*b"BD", *b"BH", *b"DZ", *b"EG", *b"IL", *b"IQ", *b"JO", *b"KW", *b"OM", *b"QA", *b"SA"];

/// Zones that persons live in, by number: those above, then those that a context names. The numbers are the same in every
/// worker.
#[derive(Debug, Clone)]
pub(crate) struct Zones {
    names: Vec<String>,
    zones: Vec<Option<Zone>>,
}

#[derive(Debug, Clone)]
struct Zone {
    zone: TimeZone,
    /// The offset in seconds that holds from the first moment to the second, in seconds.
    offset: (i64, i64, i64),
}

/// What the clock says where a person lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    /// Days since 1970 there.
    pub(crate) day: i64,
    /// From 0 to 23.
    pub(crate) hour: usize,
}

impl Civil {
    /// Whether people rest on that weekday in `country`; Saturday and Sunday where it is not known.
    pub(crate) fn is_weekend(self, country: Option<[u8; 2]>) -> bool {
        // 1970-01-01 was a Thursday.
        let weekday = (self.day + 3).rem_euclid(7);
        let of = |it: Weekday| i64::from(it.to_monday_zero_offset());
        if country.is_some_and(|it| FRIDAY.contains(&it)) {
            return weekday == of(Weekday::Friday) || weekday == of(Weekday::Saturday);
        }
        of(Weekday::Saturday) <= weekday
    }
}

impl Zones {
    /// UTC: where nothing is known of a person's home.
    pub(crate) const NONE: u8 = u8::MAX;

    /// The zones of countries and those that a context names.
    pub(crate) fn new<'a>(named: impl Iterator<Item = &'a str>) -> Self {
        let countries = WIDE.iter().map(|it| it.2).chain(ZONES.iter().map(|it| it.1));
        let all: Vec<String> =
            countries.chain(named).take(usize::from(Self::NONE)).map(str::to_owned).collect();
        let zones = all.iter().map(|_| None).collect();
        Self { names: all, zones }
    }

    /// The number of the zone of that name, where there is one.
    pub(crate) fn named(&self, name: &str) -> Option<u8> {
        let found = self.names.iter().position(|it| it == name)?;
        u8::try_from(found).ok()
    }

    /// The name of a zone.
    pub(crate) fn name(&self, zone: u8) -> &str {
        self.names.get(usize::from(zone)).map_or("UTC", |it| it)
    }

    /// The zone of somebody who lives in `country`, at `east` degrees where that is known.
    pub(crate) fn of_country(country: [u8; 2], east: Option<f32>) -> Option<u8> {
        let wide = east.and_then(|east| WIDE.iter().position(|it| it.0 == country && east <= it.1));
        let found = match wide {
            Some(it) => it,
            None => WIDE.len() + ZONES.iter().position(|it| it.0 == country)?,
        };
        u8::try_from(found).ok()
    }

    /// What the clock in a zone says at `seconds` since 1970.
    pub(crate) fn civil(&mut self, zone: u8, seconds: i64) -> Civil {
        let offset = self.offset(zone, seconds);
        let local = seconds + offset;
        let hour = local.rem_euclid(86_400) / 3_600;
        Civil { day: local.div_euclid(86_400), hour: usize::try_from(hour).unwrap_or(0) }
    }

    /// Seconds east of UTC; asked of the zone's rules once between two changes.
    pub(crate) fn offset(&mut self, zone: u8, seconds: i64) -> i64 {
        let Some(slot) = self.zones.get_mut(usize::from(zone)) else { return 0 };
        if slot.is_none() {
            let name = self.names.get(usize::from(zone)).map_or("UTC", |it| it);
            let zone = TimeZone::get(name).unwrap_or(TimeZone::UTC);
            *slot = Some(Zone { zone, offset: (0, 0, 0) });
        }
        let Some(zone) = slot else { return 0 };
        let (from, until, offset) = zone.offset;
        if from <= seconds && seconds < until {
            return offset;
        }
        let Ok(time) = Timestamp::from_second(seconds) else { return 0 };
        let offset = i64::from(zone.zone.to_offset(time).seconds());
        let after = zone.zone.following(time).next().map(|it| it.timestamp().as_second());
        zone.offset = (seconds, after.unwrap_or(i64::MAX), offset);
        offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_exists() {
        let zones = Zones::new([].into_iter());
        for (country, name) in ZONES {
            assert!(
                Zones::of_country(*country, None).is_some() && TimeZone::get(name).is_ok(),
                "{name}"
            );
        }
        for (country, east, name) in WIDE {
            let found = Zones::of_country(*country, Some(*east));
            let named = found.map(|it| zones.name(it).to_owned());
            assert_eq!(named.as_deref(), Some(*name));
            assert!(TimeZone::get(name).is_ok(), "{name}");
        }
        assert!(ZONES.is_sorted());
    }

    #[test]
    fn summer_time_moves_no_hour() {
        let mut zones = Zones::new([].into_iter());
        let berlin = zones.named("Europe/Berlin").unwrap();
        let at = |zones: &mut Zones, time: &str| {
            let seconds = time.parse::<Timestamp>().unwrap().as_second();
            zones.civil(berlin, seconds)
        };
        let winter = at(&mut zones, "2026-03-27T07:30:00Z");
        let summer = at(&mut zones, "2026-03-30T06:30:00Z");
        assert_eq!((winter.hour, summer.hour), (8, 8));
        assert_eq!(summer.day - winter.day, 3);
        assert_eq!(at(&mut zones, "2026-03-29T01:00:00Z").hour, 3);
        assert_eq!(at(&mut zones, "2026-03-29T00:59:59Z").hour, 1);
        assert!(at(&mut zones, "2026-03-28T12:00:00Z").is_weekend(None));
        assert!(!summer.is_weekend(None));
        let friday = at(&mut zones, "2026-03-27T12:00:00Z");
        assert!(friday.is_weekend(Some(*b"SA")) && !friday.is_weekend(Some(*b"DE")));
    }
}
