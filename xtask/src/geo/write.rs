//! Writes the table in the layout that the program reads.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use doorwarden_model::NetworkKind;

use super::{
    column::{PADDING, Widths},
    distances::Distances,
    names,
    overlay::{self, Changes, Pair},
    spans::Holders,
    table::{BUCKET_BITS, DISTANCE_UNIT, KIND_BITS, MAGIC, NO_DISTANCE, Part, V4_BITS, v6_bits},
    words,
};

/// The high and the low number of an entry.
type Entry = (u32, u32);

/// What goes into the table.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// What holds from which /24 on.
    pub(crate) v4: Changes,
    /// What holds from which /48 on.
    pub(crate) v6: Changes,
    /// The networks.
    pub(crate) holders: &'a Holders,
    /// Distances between countries.
    pub(crate) distances: &'a Distances,
    /// Where the data is from.
    pub(crate) sources: String,
}

/// The bytes of the table.
pub(crate) fn bytes(table: &Table<'_>) -> anyhow::Result<Vec<u8>> {
    let countries = countries(table);
    let pairs: BTreeSet<Pair> = table.v4.iter().chain(&table.v6).map(|it| it.1).collect();
    let pairs: Vec<Pair> = pairs.into_iter().collect();
    let (networks, names) = networks(table.holders)?;

    let mut out = Writer::default();
    out.bytes(Part::Countries, &countries.concat());
    out.column(Part::V4Buckets, &buckets(&table.v4, V4_BITS)?)?;
    out.column(Part::V4Ranges, &ranges(&table.v4, V4_BITS, &pairs)?)?;
    let (words, v6) = overlay::ranked(&table.v6);
    out.column(Part::V6Words, &words.iter().map(|it| (*it, 0)).collect::<Vec<_>>())?;
    out.column(Part::V6Buckets, &buckets(&v6, v6_bits(words.len()))?)?;
    out.column(Part::V6Ranges, &ranges(&v6, v6_bits(words.len()), &pairs)?)?;
    out.column(Part::Answers, &answers(&pairs, &countries, table.holders)?)?;
    out.column(Part::Networks, &networks)?;
    out.bytes(Part::Names, &names);
    out.column(Part::Distances, &distances(&countries, table.distances))?;
    out.bytes(Part::Sources, table.sources.as_bytes());
    out.finish()
}

/// Where the ranges of each bucket start, and after the last bucket where all end.
fn buckets(list: &Changes, bits: u32) -> anyhow::Result<Vec<Entry>> {
    let starts = (0..=1_u64 << BUCKET_BITS).map(|bucket| {
        let first_key = bucket << (bits - BUCKET_BITS);
        Ok((u32::try_from(list.partition_point(|it| it.0 < first_key))?, 0))
    });
    starts.collect()
}

fn ranges(list: &Changes, bits: u32, pairs: &[Pair]) -> anyhow::Result<Vec<Entry>> {
    let rest = (1 << (bits - BUCKET_BITS)) - 1;
    list.iter().map(|it| Ok((u32::try_from(it.0 & rest)?, position(pairs, &it.1)?))).collect()
}

fn answers(pairs: &[Pair], countries: &[[u8; 2]], holders: &Holders) -> anyhow::Result<Vec<Entry>> {
    let numbers: Vec<u32> = holders.keys().copied().collect();
    let entry = |pair: &Pair| {
        let network = pair.network.map(|it| position(&numbers, &it)).transpose()?;
        let country = pair.country.map(|it| position(countries, &it)).transpose()?;
        Ok((network.map_or(0, |it| it + 1), country.unwrap_or(0)))
    };
    pairs.iter().map(entry).collect()
}

/// Every code that addresses or distances have, sorted, behind the one for none.
fn countries(table: &Table<'_>) -> Vec<[u8; 2]> {
    let used = table.v4.iter().chain(&table.v6).filter_map(|it| it.1.country);
    let known = table.distances.keys().map(|it| it.0);
    let all: BTreeSet<[u8; 2]> = used.chain(known).chain([[0, 0]]).collect();
    all.into_iter().collect()
}

fn kind(holder: &str) -> u32 {
    match words::kind_of(holder) {
        Some(NetworkKind::Isp) => 1,
        Some(NetworkKind::Mobile) => 2,
        Some(NetworkKind::Hosting) => 3,
        Some(NetworkKind::Vpn) => 4,
        Some(NetworkKind::Tor | NetworkKind::Corporate | NetworkKind::Private) | None => 0,
    }
}

/// The networks, and the names of their holders, each once.
fn networks(holders: &Holders) -> anyhow::Result<(Vec<Entry>, Vec<u8>)> {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    // The place 0 stands for no name.
    let mut bytes = vec![0];
    let mut networks = Vec::new();
    for (number, holder) in holders {
        let name = names::short(holder);
        let here = u32::try_from(bytes.len())?;
        let start = *known.entry(name).or_insert(here);
        if start == here {
            bytes.push(u8::try_from(name.len())?);
            bytes.extend_from_slice(name.as_bytes());
        }
        networks.push((*number, start << KIND_BITS | kind(holder)));
    }
    Ok((networks, bytes))
}

fn distances(countries: &[[u8; 2]], known: &Distances) -> Vec<Entry> {
    let mut out = Vec::new();
    for (index, to) in countries.iter().enumerate() {
        for from in countries.iter().take(index) {
            let units = known.get(&(*from, *to)).map(|kilometres| kilometres / DISTANCE_UNIT);
            out.push((units.unwrap_or(NO_DISTANCE).min(NO_DISTANCE), 0));
        }
    }
    out
}

fn position<T: Ord>(sorted: &[T], value: &T) -> anyhow::Result<u32> {
    let index = sorted.binary_search(value).ok().context("a list lacks one of its values")?;
    Ok(u32::try_from(index)?)
}

/// The parts so far: where each starts, the widths of its entries and their number, and the bytes of all.
#[derive(Debug, Default)]
struct Writer {
    header: BTreeMap<usize, [usize; 4]>,
    body: Vec<u8>,
}

impl Writer {
    /// Adds entries, each number as wide as the largest of its kind needs.
    fn column(&mut self, part: Part, entries: &[Entry]) -> anyhow::Result<()> {
        let width = |it: Option<u32>| 32 - it.unwrap_or(0).leading_zeros();
        let widths = Widths {
            high: width(entries.iter().map(|it| it.0).max()).max(1),
            low: width(entries.iter().map(|it| it.1).max()),
        };
        self.start(part, widths, entries.len());
        let (mut held, mut bits) = (0_u128, 0);
        for (high, low) in entries {
            held |= (u128::from(*high) << widths.low | u128::from(*low)) << bits;
            bits += widths.sum();
            while 8 <= bits {
                self.body.push(u8::try_from(held & 0xff)?);
                held >>= 8;
                bits -= 8;
            }
        }
        self.body.push(u8::try_from(held & 0xff)?);
        self.body.extend([0; PADDING]);
        Ok(())
    }

    fn bytes(&mut self, part: Part, bytes: &[u8]) {
        self.start(part, Widths { high: 8, low: 0 }, bytes.len());
        self.body.extend_from_slice(bytes);
    }

    fn start(&mut self, part: Part, widths: Widths, len: usize) {
        let Widths { high, low } = widths;
        let fields = [self.body.len(), high as usize, low as usize, len];
        self.header.insert(part as usize, fields);
    }

    fn finish(self) -> anyhow::Result<Vec<u8>> {
        let header_size = MAGIC.len() + self.header.len() * 16;
        let mut out = MAGIC.to_vec();
        for [at, high, low, len] in self.header.into_values() {
            for field in [at + header_size, high, low, len] {
                out.extend(u32::try_from(field)?.to_le_bytes());
            }
        }
        out.extend(self.body);
        Ok(out)
    }
}
