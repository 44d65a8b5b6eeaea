//! MMDB databases of several makers, written here in miniature with the fields that theirs have.

use std::{collections::BTreeMap, fs, path::PathBuf};

use doorwarden_model::{Context, NetworkKind, Places};

use super::ip;
use crate::geo::{Geo, GeoArguments};

/// A value of a record; `Nothing` is an empty list.
enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    Nothing,
    Degrees(f64),
    Yes,
    Map(Vec<(&'static str, Value)>),
}

use Value::{Degrees, Long, Map, Nothing, Number, Short, Text, Yes};

impl Value {
    /// The value in the format's encoding.
    fn write(&self, out: &mut Vec<u8>) {
        // A size from 29 on stands in a byte of its own.
        let head = |kind: u8, size: usize| match u8::try_from(size).unwrap() {
            short @ 0..29 => vec![kind << 5 | short],
            long => vec![(kind << 5) + 29, long - 29],
        };
        match self {
            Text(it) => out.extend([head(2, it.len()), it.as_bytes().to_vec()].concat()),
            Degrees(it) => out.extend([head(3, 8), it.to_be_bytes().to_vec()].concat()),
            Number(it) => out.extend([head(6, 4), it.to_be_bytes().to_vec()].concat()),
            Short(it) => out.extend([head(5, 2), it.to_be_bytes().to_vec()].concat()),
            Long(it) => out.extend([vec![8, 2], it.to_be_bytes().to_vec()].concat()),
            Nothing => out.extend([0, 4]),
            Yes => out.extend([1, 7]),
            Map(fields) => {
                out.extend(head(7, fields.len()));
                for (name, value) in fields {
                    Text(name).write(out);
                    value.write(out);
                }
            }
        }
    }
}

/// A database that answers one IPv4 block of 8 bits, as a folder to load it from.
struct Miniature(PathBuf);

impl Miniature {
    /// `files`: name of the database, first byte of its block, its record.
    fn new(test: &str, files: Vec<(&'static str, u8, Value)>) -> Self {
        let folder = std::env::temp_dir().join(format!("doorwarden-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (index, (name, first_byte, record)) in files.into_iter().enumerate() {
            write(&folder.join(format!("{index}.mmdb")), &database(name, first_byte, &record));
        }
        Self(folder)
    }

    fn load(&self) -> Geo {
        let arguments = GeoArguments { databases: vec![self.0.clone()], networks: Vec::new() };
        Geo::load(&arguments, &Context::default()).unwrap()
    }
}

impl Drop for Miniature {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a database is loaded from a file")]
fn write(path: &std::path::Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

/// Eight nodes lead to the record, every other way to nothing.
fn database(name: &'static str, first_byte: u8, record: &Value) -> Vec<u8> {
    let nodes = 8_u32;
    let mut out = Vec::new();
    for depth in 0..nodes {
        let next = if depth == nodes - 1 { nodes + 16 } else { depth + 1 };
        let is_one = first_byte >> (7 - depth) & 1 == 1;
        let sides = if is_one { [nodes, next] } else { [next, nodes] };
        for side in sides {
            out.extend(side.to_be_bytes().get(1..).unwrap());
        }
    }
    out.extend([0; 16]);
    record.write(&mut out);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let facts: BTreeMap<&str, Value> = BTreeMap::from([
        ("binary_format_major_version", Short(2)),
        ("binary_format_minor_version", Short(0)),
        ("build_epoch", Long(1_767_225_600)),
        ("database_type", Text(name)),
        ("description", Map(Vec::new())),
        ("ip_version", Short(4)),
        ("languages", Nothing),
        ("node_count", Number(nodes)),
        ("record_size", Short(24)),
    ]);
    Map(facts.into_iter().collect()).write(&mut out);
    out
}

fn names(name: &'static str) -> Value {
    Map(vec![("names", Map(vec![("de", Text("falsch")), ("en", Text(name))]))])
}

#[test]
fn a_city_database_of_maxmind_gives_city_and_position() {
    let country = Map(vec![("iso_code", Text("SE")), ("names", Map(vec![("en", Text("Sweden"))]))]);
    let position = Map(vec![("latitude", Degrees(59.33)), ("longitude", Degrees(18.07))]);
    let record =
        Map(vec![("city", names("Stockholm")), ("country", country), ("location", position)]);
    let files = Miniature::new("city", vec![("GeoLite2-City", 8, record)]);
    let geo = files.load();
    let place = geo.place(ip("8.8.8.8"));
    assert_eq!((place.country, place.city), (Some(*b"SE"), Some("Stockholm")));
    assert_eq!(place.position, Some((59.33, 18.07)));
    assert_eq!(place.asn, Some(15169), "the embedded table gives what the database lacks");
    assert_eq!(geo.place(ip("9.9.9.9")).country, Some(*b"US"));
    let source = &geo.sources()[0];
    assert_eq!(source.licence, "GeoLite2 End User License Agreement");
    assert_eq!(source.built.unwrap().to_string(), "2026-01-01");
}

#[test]
fn the_middle_of_a_country_is_no_position() {
    let position = Map(vec![("latitude", Degrees(62.0)), ("longitude", Degrees(15.0))]);
    let record = Map(vec![("country_code", Text("SE")), ("location", position)]);
    let files = Miniature::new("middle", vec![("GeoLite2-City", 8, record)]);
    assert_eq!(files.load().place(ip("8.8.8.8")).position, None);
}

#[test]
fn flat_and_textual_fields_are_read() {
    let city = Map(vec![
        ("city", Text("Oslo")),
        ("country", Text("NO")),
        ("lat", Text("59.91")),
        ("lng", Text("10.75")),
    ]);
    let network = Map(vec![
        ("as_name", Text("Example Mobile AS")),
        ("asn", Text("AS64496")),
        ("country", Text("Norway")),
        ("country_code", Text("NO")),
    ]);
    let files = Miniature::new(
        "flat",
        vec![("ipinfo location.mmdb", 8, city), ("ipinfo lite", 8, network)],
    );
    let geo = files.load();
    let place = geo.place(ip("8.1.2.3"));
    assert_eq!((place.country, place.city), (Some(*b"NO"), Some("Oslo")));
    assert_eq!(place.position, Some((59.91, 10.75)));
    assert_eq!((place.asn, place.holder), (Some(64496), Some("Example Mobile AS")));
    assert_eq!(place.network, Some(NetworkKind::Mobile), "by the words of the name");
}

#[test]
fn the_first_database_that_knows_counts_for_each_fact() {
    let first = Map(vec![("country_code", Text("FI"))]);
    let second = Map(vec![
        ("autonomous_system_number", Number(16509)),
        ("autonomous_system_organization", Text("Example")),
        ("country_code", Text("SE")),
    ]);
    let files = Miniature::new("first", vec![("a", 8, first), ("b", 8, second)]);
    let geo = files.load();
    let place = geo.place(ip("8.8.8.8"));
    assert_eq!(
        (place.country, place.asn, place.holder),
        (Some(*b"FI"), Some(16509), Some("Example"))
    );
    assert_eq!(place.network, Some(NetworkKind::Hosting), "listed");
}

#[test]
fn databases_of_anonymisers_tell_the_kind() {
    for (test, field, kind) in [
        ("tor", "is_tor_exit_node", NetworkKind::Tor),
        ("vpn", "is_anonymous_vpn", NetworkKind::Vpn),
        ("host", "is_hosting_provider", NetworkKind::Hosting),
    ] {
        let files =
            Miniature::new(test, vec![("GeoIP2-Anonymous-IP", 77, Map(vec![(field, Yes)]))]);
        assert_eq!(files.load().place(ip("77.12.3.4")).network, Some(kind));
    }
    let privacy = Map(vec![("hosting", Text("")), ("tor", Text("true")), ("vpn", Text(""))]);
    let files = Miniature::new("privacy", vec![("ipinfo privacy", 77, privacy)]);
    assert_eq!(files.load().place(ip("77.12.3.4")).network, Some(NetworkKind::Tor));
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let files = Miniature::new("none", vec![]);
    write(&files.0.join("x.mmdb"), b"nothing");
    let arguments = GeoArguments { databases: vec![files.0.clone()], networks: Vec::new() };
    let error = Geo::load(&arguments, &Context::default()).unwrap_err().to_string();
    assert!(error.contains("x.mmdb` is no MMDB database"), "{error}");
}
