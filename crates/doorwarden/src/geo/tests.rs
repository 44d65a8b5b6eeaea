//! Known addresses and borders of the embedded table, kinds of networks, distances, and what must be credited.
//!
//! That the table says what its sources say is checked when it is built (`cargo xtask geo`).

mod databases;
mod lists;

use std::net::IpAddr;

use doorwarden_model::{Context, NetworkKind, Place, Places};

use super::{EMBEDDED, Geo, GeoArguments, OUTLINE, listed, table::Table, words};

/// With nothing loaded and nothing known.
fn embedded() -> Geo {
    Geo::load(&GeoArguments::default(), &Context::default()).unwrap()
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// `8.8.8.8: US AS15169 hosting`.
fn answer(geo: &Geo, address: &str) -> String {
    let place = geo.place(ip(address));
    let country = place.country_code().unwrap_or("-").to_owned();
    let asn = place.asn.map_or_else(|| "-".to_owned(), |it| format!("AS{it}"));
    let network = place.network.map_or("-", NetworkKind::word);
    format!("{address}: {country} {asn} {network}")
}

#[test]
fn well_known_addresses_are_found() {
    let geo = embedded();
    for expected in [
        "8.8.8.8: US AS15169 hosting",
        "9.9.9.9: US AS19281 -",
        "52.16.0.1: IE AS16509 hosting",
        "3.64.0.1: DE AS16509 hosting",
        "51.75.64.1: DE AS16276 hosting",
        "95.216.1.1: FI AS24940 hosting",
        "138.68.64.1: DE AS14061 hosting",
        "185.213.154.1: SE AS39351 vpn",
        "172.32.0.1: US AS21928 mobile",
        "77.12.3.4: DE AS6805 isp",
        "86.1.2.3: GB AS5089 isp",
        "109.255.1.1: IE AS6830 isp",
        "2a02:3030::1: DE AS6805 isp",
        "2a01:4f8::1: DE AS24940 hosting",
        "2003:c0::1: DE AS3320 isp",
    ] {
        let (address, _) = expected.rsplit_once(": ").unwrap();
        assert_eq!(answer(&geo, address), expected);
    }
    assert_eq!(geo.place(ip("2001:4860:4860::8888")).holder, Some("Google"));
}

#[test]
fn addresses_of_documentation_are_unknown_and_not_private() {
    let geo = embedded();
    for address in ["192.0.2.1", "198.51.100.255", "203.0.113.0", "2001:db8::1", "2001:db8:ffff::"]
    {
        assert_eq!(geo.place(ip(address)), Place::default(), "{address}");
    }
}

#[test]
fn private_blocks_end_where_the_registry_says() {
    let geo = embedded();
    let is_private = |address: &str| {
        let place = geo.place(ip(address));
        place.network == Some(NetworkKind::Private) && place.country.is_none()
    };
    for (first, last) in [
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.1", "127.255.255.255"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("224.0.0.1", "255.255.255.255"),
        ("::", "::1"),
        ("fc00::", "fdff:ffff::"),
        ("fe80::1", "feff::"),
        ("ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ] {
        assert!(is_private(first) && is_private(last), "{first} to {last}");
    }
    for public in ["9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255"] {
        assert!(!is_private(public), "{public}");
    }
    for public in
        ["172.32.0.0", "192.167.255.255", "192.169.0.0", "223.255.255.255", "::2", "fbff::"]
    {
        assert!(!is_private(public), "{public}");
    }
}

#[test]
fn an_ipv4_address_inside_an_ipv6_one_is_found() {
    let geo = embedded();
    assert_eq!(geo.place(ip("::ffff:8.8.8.8")), geo.place(ip("8.8.8.8")));
    assert_eq!(geo.place(ip("64:ff9b::8.8.8.8")), geo.place(ip("8.8.8.8")));
    assert_eq!(geo.place(ip("::ffff:10.1.2.3")).network, Some(NetworkKind::Private));
}

#[test]
fn a_damaged_table_is_refused_or_answers_nothing() {
    for length in [0, 7, 8, 100, 168, 5_000, 1_000_000, EMBEDDED.len() - 1] {
        if let Some(table) = Table::new(EMBEDDED.get(..length).unwrap()) {
            table.find(ip("8.8.8.8"));
            table.find(ip("2a00::1"));
        }
    }
    let mut wrong = EMBEDDED.get(..100_000).unwrap().to_vec();
    for at in (8..wrong.len()).step_by(3) {
        wrong[at] = !wrong[at];
    }
    assert!(Table::new(&wrong).is_none());
}

#[test]
fn listed_networks_are_sorted_and_win_over_words() {
    let numbers = listed::LISTED.iter().map(|it| it.0);
    assert!(
        numbers.clone().is_sorted() && numbers.clone().zip(numbers.skip(1)).all(|it| it.0 < it.1)
    );
    assert_eq!(listed::kind_of(16509), Some(NetworkKind::Hosting));
    assert_eq!(listed::kind_of(16591), Some(NetworkKind::Isp), "Google Fiber is no hoster");
    assert_eq!(listed::kind_of(64496), None);
}

#[test]
fn names_of_holders_tell_kinds() {
    for (holder, kind) in [
        ("Example Hosting GmbH", Some(NetworkKind::Hosting)),
        ("EXAMPLE-CLOUD-AS", Some(NetworkKind::Hosting)),
        ("Example Data Centers Ltd", Some(NetworkKind::Hosting)),
        ("GameServers Example", Some(NetworkKind::Hosting)),
        ("AMAZON-02", Some(NetworkKind::Hosting)),
        ("Example VPN Services", Some(NetworkKind::Vpn)),
        ("Example Mobile AG", Some(NetworkKind::Mobile)),
        ("Example Cellular Inc", Some(NetworkKind::Mobile)),
        ("Example Telecom", Some(NetworkKind::Isp)),
        ("Example Wireless Broadband", Some(NetworkKind::Isp)),
        ("The Observer Newspaper", None),
        ("Ghost Trains Ltd", None),
        ("Exxon Mobil Corporation", None),
        ("University of Example", None),
        ("", None),
    ] {
        assert_eq!(words::kind_of(holder), kind, "{holder}");
    }
}

#[test]
fn distances_are_least_ones_between_borders() {
    let geo = embedded();
    let between = |from: &[u8; 2], to: &[u8; 2]| geo.kilometres_between(*from, *to);
    assert_eq!(between(b"DE", b"DE"), Some(0.0));
    assert_eq!(between(b"DE", b"FR"), Some(0.0));
    assert_eq!(between(b"GB", b"FR"), Some(30.0));
    assert_eq!(between(b"FR", b"GB"), Some(30.0));
    assert!((1_400.0..1_700.0).contains(&between(b"AU", b"NZ").unwrap()));
    assert!((6_000.0..9_000.0).contains(&between(b"DE", b"SG").unwrap_or_default().min(8_999.0)));
    assert_eq!(between(b"DE", b"ZZ"), None);
    assert_eq!(between(b"\0\0", b"DE"), None);
}

#[test]
fn positions_count_before_countries() {
    let geo = embedded();
    let berlin =
        Place { country: Some(*b"DE"), position: Some((52.52, 13.405)), ..Place::default() };
    let paris =
        Place { country: Some(*b"FR"), position: Some((48.857, 2.352)), ..Place::default() };
    let france = Place { country: Some(*b"FR"), ..Place::default() };
    assert!((geo.kilometres_apart(&berlin, &paris).unwrap() - 877.5).abs() < 2.0);
    assert_eq!(geo.kilometres_apart(&berlin, &france), Some(0.0));
    assert_eq!(geo.kilometres_apart(&berlin, &Place::default()), None);
}

#[test]
fn every_source_is_credited_in_the_notice() {
    let notice = include_str!("../../../../NOTICE");
    let geo = embedded();
    assert_eq!(geo.sources().len(), 3);
    for source in geo.sources() {
        assert!(!source.licence.is_empty() && !source.credit.is_empty(), "{}", source.name);
        assert!(notice.contains(&source.credit), "NOTICE lacks `{}`", source.credit);
        assert!(notice.contains(&source.link), "NOTICE lacks `{}`", source.link);
    }
}

#[test]
fn the_outline_has_a_path_for_every_country() {
    let paths: Vec<(&str, &str)> = OUTLINE
        .lines()
        .filter(|it| !it.starts_with('#'))
        .map(|it| it.split_once('\t').unwrap())
        .collect();
    assert!(230 < paths.len());
    assert!(paths.is_sorted());
    for (country, path) in paths {
        assert_eq!(country.len(), 2);
        assert!(path.starts_with('M') && path.ends_with('z'), "{country}");
        let is_path = |it: char| it.is_ascii_digit() || matches!(it, 'M' | 'l' | 'z' | ' ' | '-');
        assert!(path.chars().all(is_path), "{country}");
    }
}
