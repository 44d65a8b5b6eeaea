//! Where an address is, and what kind of network it belongs to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::event::words;

words! {
    /// The kind of network that an address belongs to.
    NetworkKind {
        /// A provider for homes and offices.
        Isp = "isp",
        /// A mobile carrier.
        Mobile = "mobile",
        /// A hosting or cloud provider.
        Hosting = "hosting",
        /// A commercial VPN or relay.
        Vpn = "vpn",
        /// A Tor exit.
        Tor = "tor",
        /// The organisation's own.
        Corporate = "corporate",
        /// Private, loopback or otherwise not routed.
        Private = "private",
    }
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Place<'a> {
    /// ISO 3166 alpha-2 code.
    pub country: Option<[u8; 2]>,
    /// City, where the loaded database has cities.
    pub city: Option<&'a str>,
    /// Degrees north and east of `city`; never of a country's middle.
    pub position: Option<(f32, f32)>,
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// Name of the holder of `asn`.
    pub holder: Option<&'a str>,
    /// Kind of network.
    pub network: Option<NetworkKind>,
}

impl Place<'_> {
    /// The country as text.
    #[must_use]
    pub fn country_code(&self) -> Option<&str> {
        self.country.as_ref().and_then(|it| std::str::from_utf8(it).ok())
    }
}

/// Whatever can tell where an address is.
pub trait Places: Sync {
    /// What is known of `ip`; nothing for an address that no loaded table holds.
    fn place(&self, ip: IpAddr) -> Place<'_>;

    /// Least distance in km between two countries, 0 for the same or a neighbour; `None` where unknown.
    fn kilometres_between(&self, from: [u8; 2], to: [u8; 2]) -> Option<f64>;
}

/// The network that an address counts for: its /24 (IPv4) or /48 (IPv6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceNet(IpAddr);

impl SourceNet {
    /// The network of `ip`.
    #[must_use]
    pub fn of(ip: IpAddr) -> Self {
        Self(match ip {
            IpAddr::V4(it) => IpAddr::V4(Ipv4Addr::from(u32::from(it) & 0xffff_ff00)),
            IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from(u128::from(it) & (u128::MAX << 80))),
        })
    }

    /// Its first address.
    #[must_use]
    pub const fn first(self) -> IpAddr {
        self.0
    }

    /// A stable 64-bit key.
    #[must_use]
    pub fn key(self) -> u64 {
        match self.0 {
            IpAddr::V4(it) => u64::from(u32::from(it)),
            IpAddr::V6(it) => u64::try_from(u128::from(it) >> 64).unwrap_or(0) | (1 << 63),
        }
    }
}

impl std::fmt::Display for SourceNet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(it) => write!(f, "{it}/24"),
            IpAddr::V6(it) => write!(f, "{it}/48"),
        }
    }
}
