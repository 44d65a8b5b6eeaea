//! Countries and networks laid over each other: one sorted list of where something changes.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    spans::{Families, Spans},
    table::{V4_BITS, V6_REST_BITS},
};

/// What holds from a key on, up to the next entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pair {
    /// Two letters.
    pub(crate) country: Option<[u8; 2]>,
    /// Number of the network.
    pub(crate) network: Option<u32>,
}

/// Blocks of IPv4 whose addresses are nobody's: private, shared, reserved, for documentation.
pub(crate) const HIDDEN_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];

/// First and last key of the block of IPv6 for documentation, `2001:db8::/32`.
pub(crate) const DOCUMENTATION_V6: (u64, u64) = (0x2001_0db8_0000, 0x2001_0db8_ffff);

/// What holds from which key on.
pub(crate) type Changes = Vec<(u64, Pair)>;

/// The list for IPv4.
pub(crate) fn of_v4(countries: &Families<[u8; 2]>, networks: &Families<u32>) -> Changes {
    let key = |it: u32| u64::from(it >> (32 - V4_BITS));
    let hidden: Vec<_> = HIDDEN_V4
        .iter()
        .map(|(block, length)| {
            let first = u32::from(Ipv4Addr::from(*block));
            (key(first), key(first | (u32::MAX >> length)), ())
        })
        .collect();
    laid(&countries.v4, &networks.v4, &hidden, |pair| pair)
}

/// The list for IPv6: what no network announces has no country, whatever the country database guesses.
pub(crate) fn of_v6(countries: &Families<[u8; 2]>, networks: &Families<u32>) -> Changes {
    let (first, last) = DOCUMENTATION_V6;
    let hidden = [(first, last, ())];
    let announced = |pair: Pair| if pair.network.is_none() { Pair::default() } else { pair };
    laid(&countries.v6, &networks.v6, &hidden, announced)
}

fn laid(
    countries: &Spans<[u8; 2]>,
    networks: &Spans<u32>,
    hidden: &[(u64, u64, ())],
    finish: impl Fn(Pair) -> Pair,
) -> Changes {
    let mut borders = vec![0];
    borders.extend(countries.list.iter().flat_map(|it| [it.0, it.1 + 1]));
    borders.extend(networks.list.iter().flat_map(|it| [it.0, it.1 + 1]));
    borders.extend(hidden.iter().flat_map(|it| [it.0, it.1 + 1]));
    borders.sort_unstable();
    borders.dedup();

    let mut out = Changes::new();
    for key in borders {
        let mut pair = Pair { country: at(&countries.list, key), network: at(&networks.list, key) };
        if at(hidden, key).is_some() {
            pair = Pair::default();
        }
        let pair = finish(pair);
        if out.last().is_none_or(|it| it.1 != pair) {
            out.push((key, pair));
        }
    }
    out
}

/// The first words of IPv6 addresses in use, and the list for IPv6 with their ranks instead of them.
pub(crate) fn ranked(changes: &Changes) -> (Vec<u32>, Changes) {
    let ends = changes.iter().skip(1).map(|it| it.0 - 1).chain([u64::MAX >> 16]);
    let used = changes.iter().zip(ends).filter(|it| it.0.1 != Pair::default());
    let word = |key: u64| key >> V6_REST_BITS;
    let words: BTreeSet<u64> = used.flat_map(|(from, to)| word(from.0)..=word(to)).collect();

    let mut out = Changes::new();
    for (rank, used) in (0_u64..).zip(&words) {
        let (first, last) = (used << V6_REST_BITS, (used + 1) << V6_REST_BITS);
        let before = changes.partition_point(|it| it.0 <= first);
        let after = changes.partition_point(|it| it.0 < last);
        let at_first = changes.get(before.saturating_sub(1)).map(|it| (first, it.1));
        let inside = changes.iter().skip(before).take(after - before).copied();
        let rest = (1 << V6_REST_BITS) - 1;
        let ranked = |it: (u64, Pair)| (rank << V6_REST_BITS | it.0 & rest, it.1);
        out.extend(at_first.into_iter().chain(inside).map(ranked));
    }
    (words.iter().filter_map(|it| u32::try_from(*it).ok()).collect(), out)
}

/// The value of the span that holds `key`.
pub(crate) fn at<T: Copy>(spans: &[(u64, u64, T)], key: u64) -> Option<T> {
    let after = spans.partition_point(|it| it.0 <= key);
    let (_, last, value) = spans.get(after.checked_sub(1)?)?;
    (key <= *last).then_some(*value)
}
