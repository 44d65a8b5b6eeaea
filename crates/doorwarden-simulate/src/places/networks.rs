//! Networks that addresses are drawn from: ranges of large providers, so that country and kind of network are those of
//! real life. Every single address is drawn by chance, and nobody in particular is meant.

use std::net::Ipv4Addr;

/// What a network is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Homes.
    Isp,
    /// Telephones.
    Mobile,
    /// Rented servers and clouds.
    Hosting,
    /// A commercial VPN.
    Vpn,
    /// A relay that hides where a telephone is.
    Relay,
    /// A web gateway of a security company, through which staff surf.
    Gateway,
    /// Passengers in the air.
    Flight,
    /// Offices.
    Business,
    /// Inside, not routed.
    Inside,
}

/// Ranges of a provider in one country.
#[derive(Debug, Clone, Copy)]
pub struct Network {
    /// The provider.
    pub name: &'static str,
    /// Country code.
    pub country: &'static str,
    /// What it is used for.
    pub of: Use,
    /// Share of its country's people.
    pub(crate) share: u64,
    /// First address and length of the prefix.
    pub ranges: &'static [(Ipv4Addr, u32)],
}

const fn net(
    name: &'static str,
    country: &'static str,
    of: Use,
    share: u64,
    ranges: &'static [(Ipv4Addr, u32)],
) -> Network {
    Network { name, country, of, share, ranges }
}

const fn ip(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

/// All of them.
pub static NETWORKS: &[Network] = &[
    net(
        "Deutsche Telekom",
        "DE",
        Use::Isp,
        42,
        &[(ip(79, 192, 0, 0), 10), (ip(91, 0, 0, 0), 10), (ip(87, 128, 0, 0), 11)],
    ),
    net("Vodafone", "DE", Use::Isp, 30, &[(ip(88, 64, 0, 0), 12), (ip(188, 96, 0, 0), 12)]),
    net(
        "Telefonica",
        "DE",
        Use::Isp,
        15,
        &[(ip(77, 0, 0, 0), 12), (ip(93, 128, 0, 0), 13), (ip(92, 224, 0, 0), 13)],
    ),
    net("Versatel", "DE", Use::Isp, 9, &[(ip(89, 244, 0, 0), 15)]),
    net("Plusnet", "DE", Use::Isp, 4, &[(ip(92, 196, 0, 0), 15)]),
    net("Telekom mobile", "DE", Use::Mobile, 40, &[(ip(80, 187, 96, 0), 20)]),
    net("Vodafone mobile", "DE", Use::Mobile, 35, &[(ip(109, 42, 112, 0), 20)]),
    net("O2 mobile", "DE", Use::Mobile, 25, &[(ip(176, 0, 64, 0), 20)]),
    net("BT", "GB", Use::Isp, 35, &[(ip(86, 128, 0, 0), 11), (ip(81, 128, 0, 0), 12)]),
    net("Virgin Media", "GB", Use::Isp, 25, &[(ip(80, 0, 0, 0), 13)]),
    net("Sky", "GB", Use::Isp, 25, &[(ip(90, 192, 0, 0), 11)]),
    net("Three", "GB", Use::Mobile, 60, &[(ip(92, 40, 0, 0), 15)]),
    net("EE", "GB", Use::Mobile, 40, &[(ip(31, 64, 0, 0), 13)]),
    net("Comcast", "US", Use::Isp, 38, &[(ip(73, 0, 0, 0), 8), (ip(24, 0, 0, 0), 12)]),
    net("Charter", "US", Use::Isp, 28, &[(ip(66, 24, 0, 0), 13)]),
    net("Verizon", "US", Use::Isp, 15, &[(ip(71, 96, 0, 0), 11)]),
    net("AT&T", "US", Use::Isp, 15, &[(ip(99, 0, 0, 0), 10)]),
    net("Cox", "US", Use::Isp, 10, &[(ip(68, 0, 0, 0), 12), (ip(98, 160, 0, 0), 12)]),
    net("T Mobile", "US", Use::Mobile, 45, &[(ip(172, 56, 0, 0), 14)]),
    net("Verizon Wireless", "US", Use::Mobile, 55, &[(ip(174, 192, 0, 0), 10)]),
    net("Bharti Airtel", "IN", Use::Isp, 50, &[(ip(122, 160, 0, 0), 12), (ip(182, 64, 0, 0), 12)]),
    net("BSNL", "IN", Use::Isp, 25, &[(ip(117, 192, 0, 0), 10)]),
    net("ACT", "IN", Use::Isp, 25, &[(ip(106, 51, 0, 0), 16), (ip(183, 82, 0, 0), 16)]),
    net("Airtel mobile", "IN", Use::Mobile, 100, &[(ip(106, 192, 0, 0), 12)]),
    net("Claro", "BR", Use::Isp, 60, &[(ip(177, 32, 0, 0), 12)]),
    net("Vivo", "BR", Use::Isp, 40, &[(ip(187, 64, 0, 0), 13)]),
    net("Claro mobile", "BR", Use::Mobile, 100, &[(ip(187, 68, 0, 0), 14)]),
    net("NTT", "JP", Use::Isp, 55, &[(ip(153, 128, 0, 0), 9), (ip(180, 0, 0, 0), 10)]),
    net("SoftBank", "JP", Use::Isp, 45, &[(ip(126, 0, 0, 0), 9)]),
    net("Docomo", "JP", Use::Mobile, 60, &[(ip(1, 72, 0, 0), 13)]),
    net("KDDI", "JP", Use::Mobile, 40, &[(ip(106, 128, 0, 0), 12)]),
    net("Orange", "FR", Use::Isp, 50, &[(ip(90, 0, 0, 0), 11), (ip(86, 192, 0, 0), 11)]),
    net("Free", "FR", Use::Isp, 30, &[(ip(82, 224, 0, 0), 12), (ip(88, 160, 0, 0), 11)]),
    net("SFR", "FR", Use::Isp, 20, &[(ip(93, 0, 0, 0), 11), (ip(109, 0, 0, 0), 12)]),
    net("Telefonica Spain", "ES", Use::Isp, 100, &[(ip(83, 32, 0, 0), 12), (ip(88, 0, 0, 0), 11)]),
    net("TIM", "IT", Use::Isp, 100, &[(ip(79, 0, 0, 0), 10), (ip(87, 0, 0, 0), 11)]),
    net("Wind", "IT", Use::Mobile, 100, &[(ip(37, 176, 0, 0), 13)]),
    net("Orange Poland", "PL", Use::Isp, 60, &[(ip(83, 0, 0, 0), 11), (ip(79, 184, 0, 0), 13)]),
    net("Netia", "PL", Use::Isp, 40, &[(ip(83, 238, 0, 0), 16), (ip(195, 114, 160, 0), 19)]),
    net("Play", "PL", Use::Mobile, 100, &[(ip(5, 172, 232, 0), 21)]),
    net("KPN", "NL", Use::Isp, 60, &[(ip(77, 160, 0, 0), 12)]),
    net("Ziggo", "NL", Use::Isp, 40, &[(ip(84, 24, 0, 0), 13), (ip(62, 194, 0, 0), 16)]),
    net("O2 Czech", "CZ", Use::Isp, 100, &[(ip(90, 176, 0, 0), 13)]),
    net("OTE", "GR", Use::Isp, 100, &[(ip(79, 128, 0, 0), 14), (ip(87, 202, 0, 0), 15)]),
    net("Turk Telekom", "TR", Use::Isp, 100, &[(ip(85, 96, 0, 0), 12), (ip(88, 224, 0, 0), 11)]),
    net("MEO", "PT", Use::Isp, 100, &[(ip(85, 240, 0, 0), 13)]),
    net("Rogers", "CA", Use::Isp, 60, &[(ip(99, 224, 0, 0), 11)]),
    net("Bell", "CA", Use::Isp, 40, &[(ip(70, 24, 0, 0), 13)]),
    net("Telstra", "AU", Use::Isp, 100, &[(ip(101, 160, 0, 0), 11), (ip(58, 160, 0, 0), 12)]),
    net("True", "TH", Use::Isp, 100, &[(ip(171, 96, 0, 0), 13), (ip(58, 8, 0, 0), 14)]),
    net("Etisalat", "AE", Use::Isp, 100, &[(ip(94, 200, 0, 0), 13)]),
    net("Rostelecom", "RU", Use::Isp, 100, &[(ip(178, 64, 0, 0), 13)]),
    net("Chinanet", "CN", Use::Isp, 60, &[(ip(115, 208, 0, 0), 13), (ip(182, 96, 0, 0), 13)]),
    net("Unicom", "CN", Use::Isp, 40, &[(ip(27, 192, 0, 0), 11), (ip(60, 208, 0, 0), 12)]),
    net("VNPT", "VN", Use::Isp, 60, &[(ip(14, 160, 0, 0), 11), (ip(113, 160, 0, 0), 11)]),
    net("Viettel", "VN", Use::Isp, 40, &[(ip(115, 72, 0, 0), 13)]),
    net("KT", "KR", Use::Isp, 100, &[(ip(118, 48, 0, 0), 12), (ip(14, 64, 0, 0), 12)]),
    net("TCI", "IR", Use::Isp, 100, &[(ip(5, 232, 0, 0), 13)]),
    net("Kyivstar", "UA", Use::Mobile, 100, &[(ip(46, 211, 0, 0), 16)]),
    net("RDS", "RO", Use::Isp, 100, &[(ip(86, 120, 0, 0), 13), (ip(5, 12, 0, 0), 14)]),
    net("MTN", "NG", Use::Mobile, 100, &[(ip(102, 88, 0, 0), 13)]),
    net("Hetzner", "DE", Use::Hosting, 60, &[(ip(49, 12, 0, 0), 16), (ip(78, 46, 0, 0), 15)]),
    net("AWS Frankfurt", "DE", Use::Hosting, 0, &[(ip(3, 64, 0, 0), 12), (ip(18, 184, 0, 0), 15)]),
    net(
        "Linode London",
        "GB",
        Use::Hosting,
        60,
        &[(ip(139, 162, 192, 0), 18), (ip(178, 79, 128, 0), 18)],
    ),
    net("OVH London", "GB", Use::Hosting, 40, &[(ip(51, 89, 128, 0), 17)]),
    net("DigitalOcean", "US", Use::Hosting, 30, &[(ip(104, 131, 0, 0), 16)]),
    net("Vultr", "US", Use::Hosting, 25, &[(ip(149, 28, 32, 0), 19)]),
    net(
        "Hostwinds",
        "US",
        Use::Hosting,
        25,
        &[(ip(23, 254, 128, 0), 17), (ip(104, 168, 128, 0), 17)],
    ),
    net(
        "ColoCrossing",
        "US",
        Use::Hosting,
        20,
        &[(ip(192, 3, 0, 0), 16), (ip(198, 46, 128, 0), 17)],
    ),
    net("AWS Virginia", "US", Use::Hosting, 0, &[(ip(3, 80, 0, 0), 12), (ip(52, 20, 0, 0), 14)]),
    net("DigitalOcean Bangalore", "IN", Use::Hosting, 60, &[(ip(159, 89, 160, 0), 20)]),
    net("AWS Mumbai", "IN", Use::Hosting, 0, &[(ip(13, 232, 0, 0), 14), (ip(3, 108, 0, 0), 14)]),
    net("AWS Mumbai 2", "IN", Use::Hosting, 40, &[(ip(3, 108, 0, 0), 15)]),
    net(
        "AWS Sao Paulo",
        "BR",
        Use::Hosting,
        100,
        &[(ip(18, 228, 0, 0), 14), (ip(54, 207, 0, 0), 16)],
    ),
    net("Vultr Tokyo", "JP", Use::Hosting, 50, &[(ip(45, 32, 0, 0), 18)]),
    net("AWS Tokyo", "JP", Use::Hosting, 50, &[(ip(13, 112, 0, 0), 14), (ip(54, 64, 0, 0), 15)]),
    net("OVH Warsaw", "PL", Use::Hosting, 100, &[(ip(51, 38, 128, 0), 19)]),
    net("Scaleway", "FR", Use::Hosting, 60, &[(ip(163, 172, 0, 0), 16)]),
    net("OVH", "FR", Use::Hosting, 40, &[(ip(51, 254, 0, 0), 15)]),
    net("Leaseweb", "NL", Use::Hosting, 40, &[(ip(5, 79, 64, 0), 18), (ip(85, 17, 0, 0), 16)]),
    net(
        "DigitalOcean Amsterdam",
        "NL",
        Use::Hosting,
        30,
        &[(ip(188, 166, 0, 0), 17), (ip(128, 199, 32, 0), 19)],
    ),
    net(
        "IP Volume",
        "NL",
        Use::Hosting,
        30,
        &[(ip(89, 248, 160, 0), 20), (ip(94, 102, 48, 0), 20)],
    ),
    net("Selectel", "RU", Use::Hosting, 60, &[(ip(95, 213, 128, 0), 17)]),
    net("Timeweb", "RU", Use::Hosting, 40, &[(ip(92, 53, 96, 0), 19)]),
    net(
        "DigitalOcean Singapore",
        "SG",
        Use::Hosting,
        60,
        &[(ip(128, 199, 64, 0), 18), (ip(188, 166, 176, 0), 20)],
    ),
    net("Vultr Singapore", "SG", Use::Hosting, 40, &[(ip(45, 76, 144, 0), 20)]),
    net(
        "Hetzner Helsinki",
        "FI",
        Use::Hosting,
        100,
        &[(ip(65, 108, 0, 0), 15), (ip(95, 216, 0, 0), 15)],
    ),
    net("Mullvad", "SE", Use::Vpn, 100, &[(ip(185, 213, 152, 0), 23), (ip(193, 138, 218, 0), 24)]),
    net("Mullvad Frankfurt", "DE", Use::Vpn, 100, &[(ip(185, 213, 155, 0), 24)]),
    net("Zscaler US", "US", Use::Gateway, 100, &[(ip(104, 129, 192, 0), 20)]),
    net("Zscaler Frankfurt", "DE", Use::Gateway, 100, &[(ip(165, 225, 72, 0), 22)]),
    net("Zscaler Mumbai", "IN", Use::Gateway, 100, &[(ip(165, 225, 104, 0), 22)]),
    net("Relay US", "US", Use::Relay, 100, &[(ip(104, 28, 32, 0), 19)]),
    net("Gogo", "US", Use::Flight, 100, &[(ip(12, 130, 112, 0), 20)]),
    net("T Systems", "DE", Use::Business, 100, &[(ip(194, 25, 0, 0), 16), (ip(62, 153, 0, 0), 16)]),
    net("BT Business", "GB", Use::Business, 100, &[(ip(62, 6, 0, 0), 16)]),
    net("AT&T Business", "US", Use::Business, 60, &[(ip(12, 16, 0, 0), 12)]),
    net("Lumen", "US", Use::Business, 40, &[(ip(65, 112, 0, 0), 13)]),
    net("Tata", "IN", Use::Business, 100, &[(ip(14, 140, 0, 0), 15)]),
    net("Embratel", "BR", Use::Business, 100, &[(ip(200, 240, 0, 0), 13)]),
    net("NTT Business", "JP", Use::Business, 100, &[(ip(210, 160, 0, 0), 14)]),
    net("Netia Business", "PL", Use::Business, 100, &[(ip(83, 238, 0, 0), 16)]),
    net("KPN Business", "NL", Use::Business, 100, &[(ip(77, 60, 0, 0), 15)]),
    net("O2 Business", "CZ", Use::Business, 100, &[(ip(90, 180, 0, 0), 15)]),
];
