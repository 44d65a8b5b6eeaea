//! People and programs with an account: how they live, and what they have at the moment.

use std::collections::BTreeSet;

use super::{
    machines::{Machine, Phone},
    sites::{Gateway, Idp},
};
use crate::{
    moment::Moment,
    places::{NetworkId, Origin},
};

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A member of staff.
    Human,
    /// The second account of a member of staff, with rights of an administrator.
    Admin,
    /// A program.
    Service,
    /// Several people.
    Shared,
    /// Somebody of another company, mostly abroad.
    Contractor,
}

impl Class {
    /// As the truth and a context call it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Admin => "admin",
            Self::Service => "service",
            Self::Shared => "shared",
            Self::Contractor => "contractor",
        }
    }
}

/// Where somebody mostly works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// In the office.
    Office,
    /// Some days here, some there.
    Hybrid,
    /// At home.
    Remote,
}

/// When somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    /// By day.
    Day,
    /// In the evening.
    Evening,
    /// At night.
    Night,
    /// Another one every week.
    Rotating,
}

/// What somebody does or has, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Habits(u32);

impl Habits {
    /// Every browser window is a new one without cookies.
    pub(crate) const PRIVATE: u32 = 1;
    /// An old VPN client that reports no device.
    pub(crate) const OLD_CLIENT: u32 = 1 << 1;
    /// Surfs through a commercial VPN from some day on.
    pub(crate) const HIDES: u32 = 1 << 2;
    /// Surfs through the web gateway of a security company.
    pub(crate) const WEB_GATEWAY: u32 = 1 << 3;
    /// Works on a desktop in a cloud.
    pub(crate) const CLOUD_DESKTOP: u32 = 1 << 4;
    /// A telephone behind a relay.
    pub(crate) const RELAY: u32 = 1 << 5;
    /// A computer of the own beside the laptop.
    pub(crate) const OWN_COMPUTER: u32 = 1 << 6;
    /// Signs in to Linux servers.
    pub(crate) const SHELLS: u32 = 1 << 7;
    /// Works on a published desktop of Citrix.
    pub(crate) const CITRIX: u32 = 1 << 8;
    /// Comes through the Remote Desktop gateway.
    pub(crate) const DESKTOP_GATEWAY: u32 = 1 << 9;
    /// Reads mail in a browser.
    pub(crate) const WEB_MAIL: u32 = 1 << 10;
    /// Mail on the telephone.
    pub(crate) const PHONE_MAIL: u32 = 1 << 11;
    /// Works again in the evening.
    pub(crate) const SECOND_PEAK: u32 = 1 << 12;
    /// Is called when something breaks.
    pub(crate) const ON_CALL: u32 = 1 << 13;
    /// A desktop on a terminal server inside.
    pub(crate) const DESKTOP: u32 = 1 << 14;
    /// Uses no gateway: everything that is needed is in a browser.
    pub(crate) const NO_TUNNEL: u32 = 1 << 15;

    /// With `habit`, too.
    pub(crate) fn add(&mut self, habit: u32) {
        self.0 |= habit;
    }

    /// Whether `habit` is among them.
    pub(crate) const fn has(self, habit: u32) -> bool {
        self.0 & habit != 0
    }
}

/// Somebody is not at home for some days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Away {
    /// The last day of it.
    pub(crate) until: i64,
    /// Where.
    pub(crate) from: Origin,
    /// What for.
    pub(crate) why: Why,
}

/// Why somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// Work at another office.
    Site(usize),
    /// Work at a customer's, from a hotel.
    Trip,
    /// Holiday; nearly no work.
    Holiday,
    /// A visit to family, working from there.
    Visit,
    /// A meeting of many in a hotel.
    Conference,
}

/// What an account has been seen with, by honest use alone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Networks.
    pub(crate) networks: BTreeSet<NetworkId>,
    /// Countries.
    pub(crate) countries: BTreeSet<&'static str>,
    /// Doors, as letters.
    pub(crate) doors: BTreeSet<&'static str>,
    /// Hashes of device ids and cookies.
    pub(crate) devices: BTreeSet<u64>,
    /// Operating systems, where a door tells no more.
    pub(crate) systems: BTreeSet<super::machines::Os>,
    /// Kinds of client program.
    pub(crate) clients: BTreeSet<(super::machines::Os, super::machines::Program)>,
    /// Hours of the day, local, with the days before and after; a bit each.
    pub(crate) hours: u32,
    /// Weekends.
    pub(crate) weekends: u32,
    /// Last honest sign-in from outside, and its country.
    pub(crate) last: Option<(Moment, &'static str)>,
}

/// An account and who is behind it.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Name of the account, bare.
    pub(crate) account: String,
    /// First and last name.
    pub(crate) name: String,
    /// Whose it is.
    pub(crate) class: Class,
    /// The person behind an administrator's account.
    pub(crate) owner: Option<usize>,
    /// Office.
    pub(crate) site: usize,
    /// Office whose clock this person lives by.
    pub(crate) zone: usize,
    /// Country of the home.
    pub(crate) country: &'static str,
    /// Where work is done.
    pub(crate) style: Style,
    /// When.
    pub(crate) shift: Shift,
    /// Minutes after midnight at which work begins.
    pub(crate) begins: i64,
    /// How busy, in sign-ins of a thousand days.
    pub(crate) volume: u64,
    /// Weekends on which something is done, of a thousand.
    pub(crate) weekend: u64,
    /// Wrong passwords, of a thousand.
    pub(crate) typos: u64,
    /// Journeys begun, of ten thousand days.
    pub(crate) travels: u64,
    /// Gateway.
    pub(crate) gateway: Gateway,
    /// Identity provider.
    pub(crate) idp: Idp,
    /// What this person does or has.
    pub(crate) habits: Habits,
    /// First and last day of work.
    pub(crate) works: (i64, i64),
    /// Nobody has used it for long.
    pub(crate) is_dormant: bool,
    /// Days by which new programs come later than to others.
    pub(crate) lag: i64,
    /// What changes.
    pub(crate) now: Now,
}

/// What a person has at the moment.
#[derive(Debug, Clone)]
pub(crate) struct Now {
    /// The line at home.
    pub(crate) home: Origin,
    /// The carrier.
    pub(crate) carrier: NetworkId,
    /// Not at home.
    pub(crate) away: Option<Away>,
    /// The day on the way to another country or back.
    pub(crate) journey: Option<i64>,
    /// The laptop.
    pub(crate) laptop: Machine,
    /// The own computer.
    pub(crate) own: Machine,
    /// The telephone.
    pub(crate) phone: Phone,
    /// The last day on which a device retries an old password, if one does.
    pub(crate) stale: Option<i64>,
    /// The server that hides this person, or the desktop in the cloud.
    pub(crate) via: Option<Origin>,
    /// What was seen.
    pub(crate) known: Known,
}

impl Person {
    /// Whether the account is used on `day`.
    pub(crate) const fn is_employed(&self, day: i64) -> bool {
        self.works.0 <= day && day <= self.works.1
    }

    /// Whether this is a person who works from day to day, and so somebody to be attacked.
    pub(crate) fn is_active_human(&self, day: i64) -> bool {
        matches!(self.class, Class::Human | Class::Contractor)
            && !self.is_dormant
            && self.works.0 + 14 <= day
            && day + 20 <= self.works.1
    }
}
