//! Compares the table with the packages that it was built from; nothing is written before this passes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::{Context as _, ensure};
use maxminddb::Reader;
use serde::Deserialize;

use super::{
    names,
    overlay::{self, HIDDEN_V4},
    packages::Packages,
    spans::{self, Families, Holders, Spans, V6_SHIFT},
    table::{Found, Table},
};

/// Addresses of each family drawn at random.
const DRAWN: u32 = 100_000;

#[derive(Deserialize)]
struct CountryRecord<'a> {
    country_code: &'a str,
}

/// Answers of the sources themselves.
struct Original<'a> {
    reader: Reader<Vec<u8>>,
    countries: &'a Families<[u8; 2]>,
    networks: &'a Families<u32>,
}

/// Every border and [`DRAWN`] addresses of each family, the holders, and the distances.
pub(crate) fn all(
    table: &Table<'_>,
    packages: &Packages,
    countries: &Families<[u8; 2]>,
    networks: &Families<u32>,
    holders: &Holders,
) -> anyhow::Result<()> {
    let reader = Reader::open_readfile(packages.country_database()?)?;
    let original = Original { reader, countries, networks };
    let mut seen = 0;
    for key in borders(&countries.v4).chain(borders(&networks.v4)).chain(drawn(24)) {
        seen += usize::from(original.agrees_v4(table, key)?);
    }
    for key in
        borders(&countries.v6).chain(borders(&networks.v6)).chain(drawn(45).map(|it| it | 1 << 45))
    {
        seen += usize::from(original.agrees_v6(table, key)?);
    }
    for (number, holder) in holders {
        let network = table.network_of(*number).with_context(|| format!("no AS{number}"))?;
        ensure!(network.holder == Some(names::short(holder)), "AS{number} has another holder");
    }
    of_distances(table)?;
    tell(table, seen, original.networks.v4.cut.len() + original.countries.v4.cut.len());
    Ok(())
}

/// First and last key of each span.
fn borders<T>(spans: &Spans<T>) -> impl Iterator<Item = u64> {
    spans.list.iter().flat_map(|it| [it.0, it.1])
}

/// Keys of this many bits from a fixed row of pseudo-random numbers (xorshift64).
fn drawn(bits: u32) -> impl Iterator<Item = u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    (0..DRAWN).map(move |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> (64 - bits)
    })
}

impl Original<'_> {
    /// Whether the /24 was compared; a cut one has no single answer.
    fn agrees_v4(&self, table: &Table<'_>, key: u64) -> anyhow::Result<bool> {
        let block = u32::try_from(key)? << 8;
        let is_hidden = HIDDEN_V4.iter().any(|(hidden, length)| {
            (u32::from(Ipv4Addr::from(*hidden)) ^ block) >> (32 - length) == 0
        });
        if self.countries.v4.cut.contains(&key) || self.networks.v4.cut.contains(&key) {
            return Ok(false);
        }
        for last in [0, 99, 255] {
            let ip = IpAddr::V4(Ipv4Addr::from(block | last));
            let network = overlay::at(&self.networks.v4.list, key);
            if is_hidden {
                is_empty(ip, table.find(ip))?;
            } else {
                agrees(ip, table.find(ip), self.country(ip)?, network)?;
            }
        }
        Ok(true)
    }

    fn agrees_v6(&self, table: &Table<'_>, key: u64) -> anyhow::Result<bool> {
        if self.countries.v6.cut.contains(&key) || self.networks.v6.cut.contains(&key) {
            return Ok(false);
        }
        let ip = IpAddr::V6(Ipv6Addr::from(u128::from(key) << V6_SHIFT));
        let network = overlay::at(&self.networks.v6.list, key);
        let (first, last) = overlay::DOCUMENTATION_V6;
        if network.is_none() || (first..=last).contains(&key) {
            is_empty(ip, table.find(ip))?;
        } else {
            agrees(ip, table.find(ip), self.country(ip)?, network)?;
        }
        Ok(true)
    }

    fn country(&self, ip: IpAddr) -> anyhow::Result<Option<[u8; 2]>> {
        let record = self.reader.lookup(ip)?.decode::<CountryRecord<'_>>()?;
        Ok(record.and_then(|it| spans::code(it.country_code)))
    }
}

fn is_empty(ip: IpAddr, found: Found<'_>) -> anyhow::Result<()> {
    ensure!(found == Found::default(), "{ip} should have no answer");
    Ok(())
}

fn agrees(
    ip: IpAddr,
    found: Found<'_>,
    country: Option<[u8; 2]>,
    network: Option<u32>,
) -> anyhow::Result<()> {
    let known = found.network.map(|it| it.number);
    ensure!(
        found.country == country && known == network,
        "{ip}: {found:?} instead of {country:?} and {network:?}"
    );
    Ok(())
}

/// Pairs whose distance anybody can look up, with its bounds in km.
const KNOWN: &[([u8; 2], [u8; 2], u32, u32)] = &[
    (*b"DE", *b"FR", 0, 0),
    (*b"US", *b"CA", 0, 0),
    (*b"ES", *b"GI", 0, 10),
    (*b"GB", *b"FR", 20, 40),
    (*b"DE", *b"GB", 250, 400),
    (*b"FR", *b"BR", 2500, 7000),
    (*b"GF", *b"BR", 0, 0),
    (*b"AU", *b"NZ", 1400, 1700),
    (*b"DE", *b"US", 4500, 6000),
    (*b"ES", *b"NZ", 14_000, 20_000),
    (*b"JP", *b"KR", 20, 60),
    (*b"RU", *b"US", 0, 90),
];

fn of_distances(table: &Table<'_>) -> anyhow::Result<()> {
    for (from, to, least, most) in KNOWN {
        let (there, back) =
            (table.kilometres_between(*from, *to), table.kilometres_between(*to, *from));
        let names = [from, to].map(|it| String::from_utf8_lossy(it));
        ensure!(there == back, "{names:?} differ by direction");
        let is_right = there.is_some_and(|it| (*least..=*most).contains(&it));
        ensure!(is_right, "{names:?}: {there:?} km");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a chore tells what it did")]
fn tell(table: &Table<'_>, seen: usize, cut: usize) {
    let [v4, v6, networks] = table.sizes();
    println!("{v4} ranges of IPv4, {v6} of IPv6, {networks} networks");
    println!("{seen} networks compared with the packages, {cut} with borders inside left out");
    print!("{}", table.sources());
}
