//! The organisation's own networks, and lists in the forms in which they are published.

use std::path::Path;

use doorwarden_model::{Context, NetworkKind, Places, context::VpnPool};
use ipnet::IpNet;

use super::{embedded, ip};
use crate::geo::{
    Geo, GeoArguments,
    networks::{self, List},
    ranges::Ranges,
};

fn read(name: &str, text: &str) -> List {
    networks::read(Path::new(name), text).unwrap()
}

fn shown(list: &List) -> Vec<String> {
    list.blocks.iter().map(|(net, kind)| format!("{net} {kind}")).collect()
}

#[test]
fn the_exit_list_of_tor_is_read() {
    let list = read(
        "exit-addresses",
        "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\n\
         Published 2026-01-30 22:41:31\n\
         LastStatus 2026-01-31 10:00:00\n\
         ExitAddress 198.51.100.7 2026-01-31 10:10:00\n\
         ExitNode 0020D3B1DB8C0B2B4B3E9E3C0DD5FAE9F0F0F0F0\n\
         ExitAddress 203.0.113.9 2026-01-31 10:11:00\n",
    );
    assert_eq!(shown(&list), ["198.51.100.7/32 tor", "203.0.113.9/32 tor"]);
    assert_eq!(list.not_understood, 0);
}

#[test]
fn the_kind_stands_in_the_first_line_or_in_the_name() {
    let lines = "198.51.100.7\n\n2001:db8:7::/48 # a comment\nnonsense\n";
    let list = read("tor-exits.txt", lines);
    assert_eq!(shown(&list), ["198.51.100.7/32 tor", "2001:db8:7::/48 tor"]);
    assert_eq!(list.not_understood, 1);
    let stated = format!("# kind: vpn\r\n{lines}");
    assert_eq!(shown(&read("list.txt", &stated))[0], "198.51.100.7/32 vpn");
    let error = networks::read(Path::new("list.txt"), lines).unwrap_err().to_string();
    assert!(error.contains("# kind: tor"), "{error}");
}

#[test]
fn csv_names_a_kind_for_each_block() {
    let list = read(
        "networks.csv",
        "cidr,kind,comment\n198.51.100.0/24,hosting,\"a, b\"\n\"203.0.113.0/24\",VPN,x\n192.0.2.1,,\n",
    );
    assert_eq!(shown(&list), ["198.51.100.0/24 hosting", "203.0.113.0/24 vpn"]);
    assert_eq!(list.not_understood, 2, "the head, and the line without a kind");
}

#[test]
fn json_and_toml_are_read() {
    let json = r#"[{"kind": "tor", "cidrs": ["198.51.100.7", "2001:db8::/32"]},
                   {"kind": "mobile", "cidrs": ["203.0.113.0/24"]}]"#;
    let expected = ["198.51.100.7/32 tor", "2001:db8::/32 tor", "203.0.113.0/24 mobile"];
    assert_eq!(shown(&read("lists.json", json)), expected);
    let published = r#"{"prefixes": [{"ip_prefix": "198.51.100.0/24", "region": "eu-1"}]}"#;
    assert_eq!(shown(&read("cloud.json", published)), ["198.51.100.0/24 hosting"]);
    let toml = "kind = \"vpn\"\ncidrs = [\"203.0.113.0/24\"]\n";
    assert_eq!(shown(&read("lists.toml", toml)), ["203.0.113.0/24 vpn"]);
    assert!(networks::read(Path::new("lists.json"), "{").is_err());
}

#[test]
fn the_narrowest_block_counts() {
    let block = |net: &str, kind| (net.parse::<IpNet>().unwrap(), kind);
    let blocks = [
        block("198.51.100.0/24", NetworkKind::Hosting),
        block("198.51.100.16/28", NetworkKind::Vpn),
        block("198.51.100.17/32", NetworkKind::Tor),
        block("198.51.100.17/32", NetworkKind::Isp),
        block("0.0.0.0/1", NetworkKind::Mobile),
        block("198.51.100.240/28", NetworkKind::Corporate),
        block("::/0", NetworkKind::Mobile),
    ];
    let ranges = Ranges::new(&blocks);
    let naive = |ip| {
        let holding = blocks.iter().filter(|it| it.0.contains(&ip)).rev();
        holding.max_by_key(|it| it.0.prefix_len()).map(|it| it.1)
    };
    for last in 0..=255 {
        let ip = ip(&format!("198.51.100.{last}"));
        assert_eq!(ranges.kind_of(ip), naive(ip), "{ip}");
    }
    for address in
        ["198.51.99.255", "198.51.101.0", "0.0.0.0", "127.255.255.255", "128.0.0.0", "::", "ffff::"]
    {
        assert_eq!(ranges.kind_of(ip(address)), naive(ip(address)), "{address}");
    }
}

#[test]
fn own_networks_are_corporate_even_where_they_are_private() {
    let pool = |cidr: &str, public: Option<&str>| VpnPool {
        gateway: None,
        public_ip: public.map(ip),
        cidr: cidr.parse().unwrap(),
    };
    let context = Context {
        vpn_pools: vec![pool("10.8.0.0/16", Some("8.8.8.8")), pool("2001:db8:8::/48", None)],
        ..Context::default()
    };
    let geo = Geo::load(&GeoArguments::default(), &context).unwrap();
    for own in ["10.8.255.1", "8.8.8.8", "2001:db8:8::1"] {
        assert_eq!(geo.place(ip(own)).network, Some(NetworkKind::Corporate), "{own}");
    }
    assert_eq!(geo.place(ip("10.9.0.1")).network, Some(NetworkKind::Private));
    assert_eq!(geo.place(ip("8.8.8.8")).country, Some(*b"US"));
    assert_eq!(geo.blind_kinds().collect::<Vec<_>>(), [NetworkKind::Tor]);
}

#[test]
fn without_a_list_no_address_is_tor_and_that_is_told() {
    let blind: Vec<_> = embedded().blind_kinds().collect();
    assert_eq!(blind, [NetworkKind::Tor, NetworkKind::Corporate]);
}
