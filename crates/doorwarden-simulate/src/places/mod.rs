//! Where people, machines and attackers come from.

mod networks;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use self::networks::{NETWORKS, Network, Use};
use crate::random::Random;

/// A network, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NetworkId(u16);

/// Addresses inside, which are in no table.
const INSIDE: Network =
    Network { name: "inside", country: "", of: Use::Inside, share: 0, ranges: &[] };

impl NetworkId {
    /// Inside.
    pub(crate) const INSIDE: Self = Self(u16::MAX);

    /// What is known of it.
    pub(crate) fn get(self) -> &'static Network {
        NETWORKS.get(usize::from(self.0)).unwrap_or(&INSIDE)
    }

    /// A network of `country` for `of`, as often as its share of the country's people says. Where the country has none,
    /// telephones use a line of a home, and all else is the neighbour's.
    pub(crate) fn draw(random: &mut Random, country: &str, of: Use) -> Self {
        let weights = |country: &str, of: Use| -> Vec<u64> {
            let is_meant = |it: &Network| it.of == of && it.country == country;
            NETWORKS.iter().map(|it| if is_meant(it) { it.share } else { 0 }).collect()
        };
        let own = weights(country, of);
        let all = if own.iter().any(|it| 0 < *it) {
            own
        } else if of == Use::Mobile {
            weights(country, Use::Isp)
        } else {
            weights("DE", of)
        };
        Self(u16::try_from(random.weighted(&all)).unwrap_or(0))
    }

    /// The network called `name`.
    pub(crate) fn named(name: &str) -> Self {
        let at = NETWORKS.iter().position(|it| it.name == name).unwrap_or(0);
        Self(u16::try_from(at).unwrap_or(0))
    }

    /// Any address of it.
    pub(crate) fn address(self, random: &mut Random) -> Origin {
        let ranges = self.get().ranges;
        let (first, prefix) =
            ranges.get(random.place(ranges.len())).copied().unwrap_or((Ipv4Addr::LOCALHOST, 32));
        self.within(random, first, prefix)
    }

    /// An address of one of the few networks behind which a carrier hides all of its telephones.
    pub(crate) fn carrier_address(self, random: &mut Random) -> Origin {
        let (first, _) = self.get().ranges.first().copied().unwrap_or((Ipv4Addr::LOCALHOST, 32));
        let third = u32::try_from(random.below(6)).unwrap_or(0) * 2;
        self.within(random, Ipv4Addr::from(u32::from(first) + third * 256), 24)
    }

    fn within(self, random: &mut Random, first: Ipv4Addr, prefix: u32) -> Origin {
        let size = 1u64 << (32 - prefix.min(32));
        let within = (random.below(size) & !0xff) | (2 + random.below(250));
        let ip = u32::from(first) + u32::try_from(within % size).unwrap_or(0);
        Origin { ip: IpAddr::V4(Ipv4Addr::from(ip)), network: self }
    }
}

/// Providers that give homes addresses of IPv6, and the first two groups of these.
const NEW_ADDRESSES: &[(&str, u16, u16)] = &[
    ("Deutsche Telekom", 0x2003, 0xe1),
    ("Comcast", 0x2601, 0x645),
    ("AT&T", 0x2600, 0x1700),
    ("Claro", 0x2804, 0x14c),
];

/// An address that somebody comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The address.
    pub(crate) ip: IpAddr,
    /// Its network.
    pub(crate) network: NetworkId,
}

impl Origin {
    /// An address inside.
    pub(crate) const fn inside(ip: Ipv4Addr) -> Self {
        Self { ip: IpAddr::V4(ip), network: NetworkId::INSIDE }
    }

    /// An address of a network that was counted out by hand.
    pub(crate) const fn fixed(ip: Ipv4Addr, network: NetworkId) -> Self {
        Self { ip: IpAddr::V4(ip), network }
    }

    /// Its country; nothing inside.
    pub(crate) fn country(self) -> &'static str {
        self.network.get().country
    }

    /// Whether it is inside.
    pub(crate) fn is_inside(self) -> bool {
        self.network == NetworkId::INSIDE
    }

    /// The same line in IPv6, where the provider has that: the home keeps its network, the device takes another
    /// address every day.
    pub(crate) fn modern(self, home: &str, random: &mut Random) -> Option<Self> {
        let name = self.network.get().name;
        let (_, first, second) = NEW_ADDRESSES.iter().copied().find(|it| it.0 == name)?;
        let mut line = Random::new(55, &format!("{home}{}", self.ip));
        let group = |random: &mut Random| u16::try_from(random.below(0xffff)).unwrap_or(1);
        let (third, fourth) = (group(&mut line), group(&mut line));
        let device = [group(random), group(random), group(random), group(random)];
        let ip =
            Ipv6Addr::new(first, second, third, fourth, device[0], device[1], device[2], device[3]);
        Some(Self { ip: IpAddr::V6(ip), ..self })
    }

    /// Another address near by: the next lease of the same line, or a neighbour's.
    pub(crate) fn neighbour(self, random: &mut Random) -> Self {
        let IpAddr::V4(ip) = self.ip else { return self };
        let block = u32::from(ip) & !0xfff;
        let next =
            block + u32::try_from(random.below(16) * 256 + 2 + random.below(250)).unwrap_or(2);
        Self { ip: IpAddr::V4(Ipv4Addr::from(next)), ..self }
    }
}
