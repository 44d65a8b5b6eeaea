//! Networks that addresses are drawn from. Ranges of large providers are used so that country and network are those of
//! real life; every single address is drawn by chance, and nobody in particular is meant.

use std::net::Ipv4Addr;

use super::random::Random;

/// The company's own addresses are from the range for documentation.
pub(crate) mod own {
    use std::net::Ipv4Addr;

    /// The gateway, as clients see it.
    pub(crate) const VPN: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 10);
    /// Behind which the whole office surfs.
    pub(crate) const OFFICE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 20);
    /// Outlook on the web, as it knows itself.
    pub(crate) const OWA: Ipv4Addr = Ipv4Addr::new(10, 20, 1, 30);
    /// Citrix Gateway.
    pub(crate) const CITRIX: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 40);
    /// The directory's and RADIUS's server.
    pub(crate) const RADIUS: Ipv4Addr = Ipv4Addr::new(10, 20, 1, 5);
    /// The backup server.
    pub(crate) const BACKUP: Ipv4Addr = Ipv4Addr::new(10, 20, 1, 15);
    /// The machine that builds and deploys.
    pub(crate) const BUILD: Ipv4Addr = Ipv4Addr::new(10, 20, 1, 16);
    /// The administrators' own network: only from here is the gateway configured.
    pub(crate) const MANAGEMENT: [Ipv4Addr; 2] =
        [Ipv4Addr::new(10, 20, 9, 11), Ipv4Addr::new(10, 20, 9, 12)];

    /// Where a person's desk in the office is.
    pub(crate) fn desk(index: usize) -> Ipv4Addr {
        Ipv4Addr::new(10, 20, 4, u8::try_from(20 + index).unwrap_or(250))
    }
}

/// Ranges of a provider: first address and length of the prefix.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network(&'static [(Ipv4Addr, u32)]);

impl Network {
    /// An address of it.
    pub(crate) fn address(self, random: &mut Random) -> Ipv4Addr {
        let at = usize::try_from(random.below(self.0.len() as u64)).unwrap_or(0);
        let (first, prefix) = self.0.get(at).copied().unwrap_or((Ipv4Addr::LOCALHOST, 32));
        let size = 1u64 << (32 - prefix);
        let last = 2 + random.below(250);
        let within = (random.below(size) & !0xff) | last;
        Ipv4Addr::from(u32::from(first) + u32::try_from(within % size).unwrap_or(0))
    }
}

const fn ip(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

/// Deutsche Telekom, at home.
pub(crate) const TELEKOM: Network =
    Network(&[(ip(79, 192, 0, 0), 10), (ip(91, 0, 0, 0), 10), (ip(87, 128, 0, 0), 11)]);
/// Vodafone Germany, at home.
pub(crate) const VODAFONE: Network = Network(&[(ip(88, 64, 0, 0), 12), (ip(188, 96, 0, 0), 12)]);
/// Telefónica Germany (O2), at home.
pub(crate) const TELEFONICA: Network =
    Network(&[(ip(77, 0, 0, 0), 12), (ip(93, 128, 0, 0), 13), (ip(92, 224, 0, 0), 13)]);
/// 1&1 Versatel.
pub(crate) const VERSATEL: Network = Network(&[(ip(89, 244, 0, 0), 15), (ip(94, 135, 0, 0), 16)]);
/// Plusnet.
pub(crate) const PLUSNET: Network = Network(&[(ip(92, 196, 0, 0), 15)]);
/// Telekom's carrier NAT for telephones.
pub(crate) const TELEKOM_MOBILE: Network = Network(&[(ip(80, 187, 96, 0), 22)]);
/// Vodafone's.
pub(crate) const VODAFONE_MOBILE: Network = Network(&[(ip(109, 42, 112, 0), 22)]);
/// Telefónica's.
pub(crate) const TELEFONICA_MOBILE: Network = Network(&[(ip(176, 0, 64, 0), 22)]);
/// Orange in France.
pub(crate) const ORANGE_FRANCE: Network = Network(&[(ip(90, 40, 0, 0), 14)]);
/// O2 in the Czech Republic.
pub(crate) const O2_CZECH: Network = Network(&[(ip(90, 180, 0, 0), 14)]);
/// Bharti Airtel in India.
pub(crate) const AIRTEL: Network = Network(&[(ip(122, 176, 0, 0), 16)]);

/// Where the internet's guessing comes from: homes, offices and servers all over the world.
pub(crate) const EVERYWHERE: &[Network] = &[
    Network(&[(ip(115, 208, 0, 0), 13), (ip(182, 96, 0, 0), 13)]),
    Network(&[(ip(27, 192, 0, 0), 11), (ip(60, 208, 0, 0), 12)]),
    Network(&[(ip(14, 160, 0, 0), 11), (ip(113, 160, 0, 0), 11)]),
    Network(&[(ip(27, 64, 0, 0), 13), (ip(115, 72, 0, 0), 13)]),
    Network(&[(ip(118, 48, 0, 0), 12), (ip(14, 64, 0, 0), 12)]),
    Network(&[(ip(178, 64, 0, 0), 13), (ip(92, 124, 0, 0), 14)]),
    Network(&[(ip(117, 192, 0, 0), 10)]),
    Network(&[(ip(177, 32, 0, 0), 12), (ip(187, 64, 0, 0), 12)]),
    Network(&[(ip(104, 131, 0, 0), 16), (ip(104, 248, 0, 0), 16), (ip(68, 183, 0, 0), 16)]),
    Network(&[(ip(45, 32, 0, 0), 16), (ip(149, 28, 128, 0), 17)]),
    Network(&[(ip(141, 94, 0, 0), 15), (ip(5, 196, 0, 0), 16)]),
    Network(&[(ip(65, 108, 0, 0), 15), (ip(49, 12, 0, 0), 15)]),
    Network(&[(ip(161, 97, 64, 0), 18), (ip(62, 171, 128, 0), 18)]),
    Network(&[(ip(89, 248, 160, 0), 20), (ip(94, 102, 48, 0), 20)]),
];
