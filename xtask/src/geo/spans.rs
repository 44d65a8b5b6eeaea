//! The packages' ranges of addresses, brought to the networks that the table has as keys.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    path::Path,
};

use anyhow::Context as _;
use maxminddb::Reader;
use serde::Deserialize;

use super::{iso, packages::Packages, table::V4_BITS};

/// A range of addresses of one family, both ends belonging to it.
type Range<T> = (u128, u128, T);

/// Bits of an IPv6 address below a key.
pub(crate) const V6_SHIFT: u32 = 80;

/// Values by key, disjoint and sorted; keys that the source cuts in two, which have the value of the larger part.
#[derive(Debug)]
pub(crate) struct Spans<T> {
    /// First key, last key, value.
    pub(crate) list: Vec<(u64, u64, T)>,
    /// Keys inside which the source knows borders.
    pub(crate) cut: BTreeSet<u64>,
}

/// The spans of both families.
#[derive(Debug)]
pub(crate) struct Families<T> {
    /// By /24.
    pub(crate) v4: Spans<T>,
    /// By /48: the first 48 bits.
    pub(crate) v6: Spans<T>,
}

/// Names of the holders by the number of their network.
pub(crate) type Holders = BTreeMap<u32, String>;

#[derive(Deserialize)]
struct CountryRecord<'a> {
    country_code: &'a str,
}

/// The country of every range in the database at `path`.
pub(crate) fn of_countries(path: &Path) -> anyhow::Result<Families<[u8; 2]>> {
    let reader =
        Reader::open_readfile(path).with_context(|| format!("cannot open `{}`", path.display()))?;
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for item in reader.networks(maxminddb::WithinOptions::default())? {
        let item = item?;
        let network = item.network()?;
        let Some(country) =
            item.decode::<CountryRecord<'_>>()?.and_then(|it| code(it.country_code))
        else {
            continue;
        };
        match (network.network(), network.broadcast()) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                v4.push((u128::from(u32::from(first)), u128::from(u32::from(last)), country));
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => v6.push((first.into(), last.into(), country)),
            _ => {}
        }
    }
    Ok(Families { v4: of_v4(v4), v6: of_v6(v6) })
}

/// The two letters, where they stand for a country.
pub(crate) fn code(text: &str) -> Option<[u8; 2]> {
    let letters = text.as_bytes().try_into().ok()?;
    iso::is_country(letters).then_some(letters)
}

/// The network of every range in the lists, and the names of the networks' holders.
pub(crate) fn of_networks(packages: &Packages) -> anyhow::Result<(Families<u32>, Holders)> {
    let mut holders = Holders::new();
    let v4 = ranges(&packages.networks("ipv4")?, &mut holders)?;
    let v6 = ranges(&packages.networks("ipv6")?, &mut holders)?;
    Ok((Families { v4: of_v4(v4), v6: of_v6(v6) }, holders))
}

/// Lines of `first,last,number,holder`, whose holder may be quoted.
fn ranges(text: &str, holders: &mut Holders) -> anyhow::Result<Vec<Range<u32>>> {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut fields = line.splitn(4, ',');
        let mut field = || fields.next().with_context(|| format!("short line `{line}`"));
        let (first, last): (u128, u128) = (field()?.parse()?, field()?.parse()?);
        let number: u32 = field()?.parse()?;
        let name = field()?.trim_matches('"').replace("\"\"", "\"");
        holders.entry(number).or_insert(name);
        out.push((first, last, number));
    }
    Ok(out)
}

fn of_v4<T: Copy + Ord>(ranges: Vec<Range<T>>) -> Spans<T> {
    by_key(ranges, 32 - V4_BITS)
}

fn of_v6<T: Copy + Ord>(ranges: Vec<Range<T>>) -> Spans<T> {
    by_key(ranges, V6_SHIFT)
}

fn by_key<T: Copy + Ord>(ranges: Vec<Range<T>>, shift: u32) -> Spans<T> {
    let mut list = Vec::new();
    let mut parts: BTreeMap<u64, BTreeMap<T, u128>> = BTreeMap::new();
    let key = |it: u128| u64::try_from(it >> shift).unwrap_or(u64::MAX);
    for (first, last, value) in disjoint(ranges) {
        let whole_from = key(first + (1 << shift) - 1);
        let whole_to = key(last.saturating_add(1));
        if whole_from < whole_to {
            list.push((whole_from, whole_to - 1, value));
        }
        for edge in BTreeSet::from([key(first), key(last)]) {
            if edge < whole_from || whole_to <= edge {
                let (start, end) = (u128::from(edge) << shift, (u128::from(edge) + 1) << shift);
                let size = last.saturating_add(1).min(end) - first.max(start);
                *parts.entry(edge).or_default().entry(value).or_default() += size;
            }
        }
    }
    let cut = parts.keys().copied().collect();
    let largest = |it: &BTreeMap<T, u128>| it.iter().max_by_key(|it| it.1).map(|it| *it.0);
    list.extend(parts.iter().filter_map(|(key, values)| Some((*key, *key, largest(values)?))));
    list.sort_unstable();
    Spans { list, cut }
}

/// Sorted ranges, of which one that reaches into the next ends before it.
fn disjoint<T: Copy + Ord>(mut ranges: Vec<Range<T>>) -> Vec<Range<T>> {
    ranges.sort_unstable();
    let next: Vec<u128> = ranges.iter().skip(1).map(|it| it.0).collect();
    for (range, next) in ranges.iter_mut().zip(next) {
        range.1 = range.1.min(next - 1);
    }
    ranges
}
