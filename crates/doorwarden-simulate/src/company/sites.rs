//! Offices: where they are, what time it is there, when nobody works, and which doors they have.

use std::net::Ipv4Addr;

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    moment::{DAY, Moment},
    places::{NetworkId, Origin},
};

/// A gateway that people dial in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gateway {
    /// Cisco ASA in Berlin: password at `FreeRADIUS` and a push of Duo; everything goes through its tunnel.
    Europe,
    /// Cisco ASA in Boston, with Duo; replaced by GlobalProtect on a day of the calendar.
    America,
    /// GlobalProtect in Bengaluru: a password is enough.
    Asia,
}

/// The identity provider of an office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idp {
    /// Okta.
    Okta,
    /// Entra.
    Entra,
}

/// An office as it is founded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Its city.
    pub(crate) city: &'static str,
    /// Country code.
    pub(crate) country: &'static str,
    /// Time zone.
    pub(crate) zone: &'static str,
    /// Share of the staff.
    pub(crate) share: u64,
    /// Where its people dial in.
    pub(crate) gateway: Gateway,
    /// Where they sign in to applications.
    pub(crate) idp: Idp,
    /// First address of its line.
    egress: (Ipv4Addr, &'static str),
    /// The line that it gets on the day of the calendar.
    next: (Ipv4Addr, &'static str),
    /// Month and day of holidays.
    holidays: &'static [(i8, i8)],
}

const fn ip(a: u8, b: u8, c: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, 0)
}

/// All offices; the last two open during the run: the one of the company that joins, and a small new one.
pub(crate) const PLANS: &[Plan] = &[
    Plan {
        city: "Berlin",
        country: "DE",
        zone: "Europe/Berlin",
        share: 300,
        gateway: Gateway::Europe,
        idp: Idp::Okta,
        egress: (ip(194, 25, 61), "T Systems"),
        next: (ip(62, 153, 40), "T Systems"),
        holidays: &[
            (1, 1),
            (3, 8),
            (4, 3),
            (4, 6),
            (5, 1),
            (5, 14),
            (5, 25),
            (10, 3),
            (12, 25),
            (12, 26),
        ],
    },
    Plan {
        city: "London",
        country: "GB",
        zone: "Europe/London",
        share: 140,
        gateway: Gateway::Europe,
        idp: Idp::Okta,
        egress: (ip(62, 6, 118), "BT Business"),
        next: (ip(62, 6, 201), "BT Business"),
        holidays: &[(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)],
    },
    Plan {
        city: "Krakow",
        country: "PL",
        zone: "Europe/Warsaw",
        share: 90,
        gateway: Gateway::Europe,
        idp: Idp::Okta,
        egress: (ip(83, 238, 77), "Netia Business"),
        next: (ip(83, 238, 140), "Netia Business"),
        holidays: &[(1, 1), (1, 6), (4, 6), (5, 1), (6, 4), (11, 11), (12, 25)],
    },
    Plan {
        city: "Boston",
        country: "US",
        zone: "America/New_York",
        share: 180,
        gateway: Gateway::America,
        idp: Idp::Entra,
        egress: (ip(12, 22, 91), "AT&T Business"),
        next: (ip(65, 113, 17), "Lumen"),
        holidays: &[(1, 1), (1, 19), (2, 16), (5, 25), (7, 3), (9, 7), (11, 26), (12, 25)],
    },
    Plan {
        city: "Denver",
        country: "US",
        zone: "America/Denver",
        share: 60,
        gateway: Gateway::America,
        idp: Idp::Entra,
        egress: (ip(65, 114, 202), "Lumen"),
        next: (ip(12, 27, 5), "AT&T Business"),
        holidays: &[(1, 1), (1, 19), (2, 16), (5, 25), (7, 3), (9, 7), (11, 26), (12, 25)],
    },
    Plan {
        city: "Bengaluru",
        country: "IN",
        zone: "Asia/Kolkata",
        share: 130,
        gateway: Gateway::Asia,
        idp: Idp::Okta,
        egress: (ip(14, 141, 60), "Tata"),
        next: (ip(14, 140, 33), "Tata"),
        holidays: &[(1, 26), (3, 4), (4, 3), (8, 15), (10, 2), (11, 9)],
    },
    Plan {
        city: "Tokyo",
        country: "JP",
        zone: "Asia/Tokyo",
        share: 60,
        gateway: Gateway::Asia,
        idp: Idp::Entra,
        egress: (ip(210, 161, 44), "NTT Business"),
        next: (ip(210, 162, 9), "NTT Business"),
        holidays: &[(1, 1), (1, 12), (2, 11), (2, 23), (3, 20), (4, 29), (5, 4), (5, 5)],
    },
    Plan {
        city: "Sao Paulo",
        country: "BR",
        zone: "America/Sao_Paulo",
        share: 40,
        gateway: Gateway::America,
        idp: Idp::Entra,
        egress: (ip(200, 242, 15), "Embratel"),
        next: (ip(200, 243, 80), "Embratel"),
        holidays: &[(1, 1), (2, 16), (2, 17), (4, 3), (4, 21), (5, 1), (9, 7)],
    },
    Plan {
        city: "Utrecht",
        country: "NL",
        zone: "Europe/Amsterdam",
        share: 0,
        gateway: Gateway::Europe,
        idp: Idp::Entra,
        egress: (ip(77, 60, 41), "KPN Business"),
        next: (ip(77, 61, 2), "KPN Business"),
        holidays: &[(1, 1), (4, 6), (4, 27), (5, 5), (5, 14), (12, 25)],
    },
    Plan {
        city: "Brno",
        country: "CZ",
        zone: "Europe/Prague",
        share: 0,
        gateway: Gateway::Europe,
        idp: Idp::Okta,
        egress: (ip(90, 181, 28), "O2 Business"),
        next: (ip(90, 180, 90), "O2 Business"),
        holidays: &[(1, 1), (4, 3), (4, 6), (5, 1), (5, 8), (7, 6), (10, 28), (12, 24)],
    },
];

/// The office of the company that joins.
pub(crate) const MERGED: usize = 8;
/// The small new office.
pub(crate) const NEW: usize = 9;

/// Offset of a zone on each day, and which days nobody works.
#[derive(Debug)]
pub(crate) struct Site {
    /// What it was founded with.
    pub(crate) plan: &'static Plan,
    /// Seconds that local time is ahead of UTC, by day.
    offsets: Vec<i64>,
    holidays: Vec<bool>,
    /// The day on which it gets its next line.
    moves: Option<i64>,
}

impl Site {
    /// Looks up `days` days from `start` on.
    pub(crate) fn new(plan: &'static Plan, start: Date, days: i64, moves: Option<i64>) -> Self {
        let zone = TimeZone::get(plan.zone).unwrap_or(TimeZone::UTC);
        let mut site = Self { plan, offsets: Vec::new(), holidays: Vec::new(), moves };
        let mut date = start;
        for _ in 0..days + 2 {
            let noon = TimeZone::UTC.to_timestamp(date.at(12, 0, 0, 0)).unwrap_or_default();
            let seconds = zone.to_offset(noon).seconds();
            site.offsets.push(i64::from(seconds));
            site.holidays.push(plan.holidays.contains(&(date.month(), date.day())));
            date = date.tomorrow().unwrap_or(date);
        }
        site
    }

    /// Seconds that local time is ahead of UTC on `day`.
    pub(crate) fn ahead(&self, day: i64) -> i64 {
        let at = usize::try_from(day.max(0)).unwrap_or(0);
        self.offsets.get(at).or(self.offsets.last()).copied().unwrap_or(0)
    }

    /// Whether nobody works on `day`.
    pub(crate) fn rests(&self, day: i64) -> bool {
        usize::try_from(day).ok().and_then(|it| self.holidays.get(it)).copied().unwrap_or(false)
    }

    /// The moment that clocks there show `minutes` after midnight of `day`; `start` is the first day's midnight in UTC.
    pub(crate) fn at(&self, start: Moment, day: i64, minutes: i64) -> Moment {
        start.plus(day * DAY + minutes * 60 - self.ahead(day))
    }

    /// Its line on `day`.
    fn line(&self, day: i64) -> (Ipv4Addr, &'static str) {
        let has_moved = self.moves.is_some_and(|it| it <= day);
        if has_moved { self.plan.next } else { self.plan.egress }
    }

    /// The address behind which desk `number` surfs on `day`.
    pub(crate) fn egress(&self, day: i64, number: usize) -> Origin {
        let (first, name) = self.line(day);
        let last = u32::try_from(20 + number % 4).unwrap_or(20);
        Origin::fixed(Ipv4Addr::from(u32::from(first) + last), NetworkId::named(name))
    }

    /// The networks of its lines, as an administrator writes them.
    pub(crate) fn egress_cidr(&self, day: i64) -> String {
        format!("{}/24", self.line(day).0)
    }

    /// The address of its gateway, and from which tunnels go out to the internet.
    pub(crate) fn gateway(&self) -> Origin {
        let (first, name) = self.plan.egress;
        Origin::fixed(Ipv4Addr::from(u32::from(first) + 10), NetworkId::named(name))
    }
}

/// Address of a desk inside, in the office with this number.
pub(crate) fn desk(site: usize, person: usize) -> Origin {
    let (site, at) =
        (u32::try_from(site).unwrap_or(0), u32::try_from(person % 60_000).unwrap_or(0));
    let first = u32::from(Ipv4Addr::new(10, 16, 4, 10));
    Origin::inside(Ipv4Addr::from(first + (site << 16) + at / 200 * 256 + at % 200))
}
