//! A remote session, stitched over the systems that it crossed.

use std::net::IpAddr;

use compact_str::CompactString;
use jiff::Timestamp;
use smallvec::SmallVec;

use crate::{Origin, Service};

/// A remote session stitched over the systems that it crossed.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// From its first event; outputs write it as `s-` and 16 hexadecimal digits.
    pub number: u64,
    /// Hash of the canonical account.
    pub account: Option<u64>,
    /// Canonical account, else the name as logged.
    pub user: CompactString,
    /// The door that it came through.
    pub service: Service,
    /// Where the person came from.
    pub src_ip: Option<IpAddr>,
    /// The inner address that the door leased.
    pub assigned_ip: Option<IpAddr>,
    /// First event.
    pub start: Timestamp,
    /// Last event, where the end was logged.
    pub end: Option<Timestamp>,
    /// Doors and computers that it touched, in order.
    pub hosts: SmallVec<[CompactString; 2]>,
    /// Second factors given, `method:result`.
    pub factors: SmallVec<[CompactString; 1]>,
    /// Number of the session through whose leased address this one came.
    pub explained_by: Option<u64>,
    /// Whether it came from an inner address that no known lease explains.
    pub is_orphan: bool,
    /// Records that state it; at most 200.
    pub events: SmallVec<[Origin; 4]>,
}
