//! The embedded table: country, network and its holder of an address, searched where it lies in the program.
//!
//! Nothing is unpacked or copied at the start. An address is found by the first 16 bits of its key, which name a
//! bucket of ranges, and by halving inside the bucket. Keys are networks (/24 and /48): finer borders are left out,
//! as sources are counted by these networks too. Of an IPv6 address the first 16 bits are replaced by their rank
//! among those that are in use, so that the few large blocks of the registries fall apart into many buckets.
//! `cargo xtask geo` writes the table and checks it with this code.

use std::net::{IpAddr, Ipv6Addr};

use doorwarden_model::NetworkKind;

use super::column::{Column, Widths};

/// First bytes of the table; the last one counts its layouts.
pub(crate) const MAGIC: &[u8; 8] = b"DWGEO\0\0\x01";

/// Bits of a key that name a bucket.
pub(crate) const BUCKET_BITS: u32 = 16;

/// Bits of an IPv4 key: its /24.
pub(crate) const V4_BITS: u32 = 24;

/// Bits of an IPv6 key below the rank of the first word.
pub(crate) const V6_REST_BITS: u32 = 32;

/// Distances are kept in this many km.
pub(crate) const DISTANCE_UNIT: u32 = 10;

/// Stands for a distance that is not known.
pub(crate) const NO_DISTANCE: u32 = 2047;

/// Bits of the low number of a network that tell its kind; the others tell where its name starts.
pub(crate) const KIND_BITS: u32 = 3;

/// Parts of the table in their order in its header.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// Country codes of two bytes; the first one stands for none.
    Countries,
    /// IPv4: where each bucket starts.
    V4Buckets,
    /// IPv4: the rest of each range's first key, and its answer.
    V4Ranges,
    /// IPv6: first words (16 bits) of addresses in use, sorted.
    V6Words,
    /// IPv6: where each bucket starts.
    V6Buckets,
    /// IPv6: the rest of each range's first key, and its answer.
    V6Ranges,
    /// Answers: which network (1 for the first, 0 for none), which country.
    Answers,
    /// Networks: number, and where the name starts with the kind by the words of the full name.
    Networks,
    /// Names: a byte with the length, then the name; the place 0 stands for none.
    Names,
    /// Least distances of each country to those before it.
    Distances,
    /// Where the data is from: lines of text.
    Sources,
}

/// The ranges of one address family.
#[derive(Debug, Clone, Copy)]
struct Ranges<'a> {
    buckets: Column<'a>,
    entries: Column<'a>,
    rest_bits: u32,
}

impl Ranges<'_> {
    /// The answer of the last range that starts at or before `key`.
    fn find(&self, key: u64) -> Option<usize> {
        let bucket = usize::try_from(key >> self.rest_bits).ok()?;
        let rest = u32::try_from(key & ((1 << self.rest_bits) - 1)).ok()?;
        let (from, _) = self.buckets.get(bucket)?;
        let (to, _) = self.buckets.get(bucket + 1)?;
        let after = self.entries.partition(from as usize, to as usize, rest);
        let (_, answer) = self.entries.get(after.checked_sub(1)?)?;
        Some(answer as usize)
    }
}

/// What the table knows of an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    /// ISO 3166 alpha-2 code.
    pub(crate) country: Option<[u8; 2]>,
    /// The network.
    pub(crate) network: Option<Network<'a>>,
}

/// What the table knows of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network<'a> {
    /// Autonomous system number.
    pub(crate) number: u32,
    /// Short name of its holder.
    pub(crate) holder: Option<&'a str>,
    /// What the full name of the holder says of its kind.
    pub(crate) kind: Option<NetworkKind>,
}

/// The table over borrowed bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    countries: &'a [u8],
    v4: Ranges<'a>,
    v6: Ranges<'a>,
    v6_words: Column<'a>,
    answers: Column<'a>,
    networks: Column<'a>,
    names: &'a [u8],
    distances: Column<'a>,
    sources: &'a str,
}

impl<'a> Table<'a> {
    /// Reads the header of `bytes`; `None` where they are no table of this layout.
    pub(crate) fn new(bytes: &'a [u8]) -> Option<Self> {
        let header = bytes.strip_prefix(MAGIC)?;
        let part = |it: Part| part(bytes, header, it);
        let column = |it: Part| part(it).and_then(|it| Column::new(it.0, it.1, it.2));
        let text = |it: Part| part(it).and_then(|it| it.0.get(..it.2));
        let ranges = |buckets: Part, entries: Part, key_bits: u32| {
            let (buckets, entries) = (column(buckets)?, column(entries)?);
            Some(Ranges { buckets, entries, rest_bits: key_bits.checked_sub(BUCKET_BITS)? })
        };
        let v6_words = column(Part::V6Words)?;
        Some(Self {
            countries: text(Part::Countries)?,
            v4: ranges(Part::V4Buckets, Part::V4Ranges, V4_BITS)?,
            v6: ranges(Part::V6Buckets, Part::V6Ranges, v6_bits(v6_words.len()))?,
            v6_words,
            answers: column(Part::Answers)?,
            networks: column(Part::Networks)?,
            names: text(Part::Names)?,
            distances: column(Part::Distances)?,
            sources: std::str::from_utf8(text(Part::Sources)?).ok()?,
        })
    }

    /// What is known of `ip`.
    pub(crate) fn find(&self, ip: IpAddr) -> Found<'a> {
        let answer = match ip {
            IpAddr::V4(it) => self.v4.find(u64::from(u32::from(it) >> (32 - V4_BITS))),
            IpAddr::V6(it) => self.v6_key(it).and_then(|key| self.v6.find(key)),
        };
        let answer = answer.and_then(|it| self.answers.get(it));
        let Some((network, country)) = answer else { return Found::default() };
        let network = (network as usize).checked_sub(1).and_then(|it| self.network(it));
        Found { country: self.country(country as usize), network }
    }

    /// The network of this number.
    pub(crate) fn network_of(&self, number: u32) -> Option<Network<'a>> {
        let after = self.networks.partition(0, self.networks.len(), number);
        self.network(after.checked_sub(1)?).filter(|it| it.number == number)
    }

    /// Least distance in km between two countries; `None` where the outline lacks one of them.
    pub(crate) fn kilometres_between(&self, from: [u8; 2], to: [u8; 2]) -> Option<u32> {
        let (from, to) = (self.index_of(from)?, self.index_of(to)?);
        let (low, high) = (from.min(to), from.max(to));
        if low == high {
            return Some(0);
        }
        let (units, _) = self.distances.get(high * (high - 1) / 2 + low)?;
        (units != NO_DISTANCE).then_some(units * DISTANCE_UNIT)
    }

    /// Where the data is from: for each source a line of fields that tabs part.
    pub(crate) fn sources(&self) -> &'a str {
        self.sources
    }

    /// Ranges of IPv4, ranges of IPv6, and networks.
    pub(crate) fn sizes(&self) -> [usize; 3] {
        [self.v4.entries.len(), self.v6.entries.len(), self.networks.len()]
    }

    /// The rank of the first word, then the next two words.
    fn v6_key(&self, ip: Ipv6Addr) -> Option<u64> {
        let [word, second, third, ..] = ip.segments();
        let after = self.v6_words.partition(0, self.v6_words.len(), u32::from(word));
        let rank = after.checked_sub(1)?;
        let is_in_use = self.v6_words.get(rank)?.0 == u32::from(word);
        let rest = u64::from(second) << 16 | u64::from(third);
        is_in_use.then_some((rank as u64) << V6_REST_BITS | rest)
    }

    fn network(&self, index: usize) -> Option<Network<'a>> {
        let (number, rest) = self.networks.get(index)?;
        let kind = match rest & ((1 << KIND_BITS) - 1) {
            1 => Some(NetworkKind::Isp),
            2 => Some(NetworkKind::Mobile),
            3 => Some(NetworkKind::Hosting),
            4 => Some(NetworkKind::Vpn),
            _ => None,
        };
        let name = (rest >> KIND_BITS) as usize;
        let holder = if name == 0 { None } else { self.name_at(name) };
        Some(Network { number, holder, kind })
    }

    fn name_at(&self, at: usize) -> Option<&'a str> {
        let (length, rest) = self.names.get(at..)?.split_first()?;
        std::str::from_utf8(rest.get(..usize::from(*length))?).ok()
    }

    fn country(&self, index: usize) -> Option<[u8; 2]> {
        if index == 0 {
            return None;
        }
        self.countries.get(index * 2..index * 2 + 2)?.try_into().ok()
    }

    /// Countries are sorted, and the entry for none sorts before all of them.
    fn index_of(&self, code: [u8; 2]) -> Option<usize> {
        let (codes, _) = self.countries.as_chunks::<2>();
        codes.binary_search(&code).ok()
    }
}

/// Bits of an IPv6 key where this many first words are in use.
pub(crate) fn v6_bits(words: usize) -> u32 {
    usize::BITS - words.leading_zeros() + V6_REST_BITS
}

/// Bytes from the start of a part to the end of the table, the widths of its entries, and how many there are.
fn part<'a>(bytes: &'a [u8], header: &[u8], part: Part) -> Option<(&'a [u8], Widths, usize)> {
    let (fields, _) = header.as_chunks::<4>();
    let field = |it: usize| fields.get(part as usize * 4 + it).map(|it| u32::from_le_bytes(*it));
    let widths = Widths { high: field(1)?, low: field(2)? };
    Some((bytes.get(field(0)? as usize..)?, widths, field(3)? as usize))
}
