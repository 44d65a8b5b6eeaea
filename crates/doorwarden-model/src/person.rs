//! A person's normal, as it is shown beside what was not like it.

/// Something that a person used, and on which days.
#[derive(Debug, Clone, PartialEq)]
pub struct Used<T> {
    /// What.
    pub what: T,
    /// Distinct days.
    pub days: u16,
    /// First and last day, counted from 1970.
    pub first_day: u16,
    /// See [`Used::first_day`].
    pub last_day: u16,
}

/// What one account's sign-ins look like; lists have what was used on most days first.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The canonical account.
    pub account: String,
    /// The zone whose clock `hours` follows, as IANA names it.
    pub zone: String,
    /// Sign-ins by hour: 24 of work days, then 24 of rest days; older ones count less, a bin counts once a day.
    pub hours: [f32; 48],
    /// ISO 3166 alpha-2 codes.
    pub countries: Vec<Used<[u8; 2]>>,
    /// Numbers of providers (ASN).
    pub providers: Vec<Used<u32>>,
    /// First addresses of IPv4 networks (/24); those of IPv6 are not kept as text.
    pub nets: Vec<Used<std::net::Ipv4Addr>>,
    /// Doors.
    pub services: Vec<Used<crate::Service>>,
    /// Days of use of each device; their names are not kept.
    pub devices: Vec<Used<()>>,
    /// Distinct days with a sign-in, and the first of them, counted from 1970.
    pub active_days: u32,
    /// See [`Person::active_days`].
    pub first_day: i64,
}
