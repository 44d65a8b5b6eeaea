//! Pairs of numbers of a fixed width in bits, read where they lie: what every part of the embedded table is made of.
//!
//! Numbers that are needed together stand together, so that they come from memory together. Writing them is the
//! chore's (`cargo xtask geo`).

/// Bytes after the last entry, so that each can be read in one piece of eight.
pub(crate) const PADDING: usize = 8;

/// How many bits the two numbers of an entry have; the low one may have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Widths {
    /// Of the number that a column is sorted by, if it is sorted.
    pub(crate) high: u32,
    /// Of the other one.
    pub(crate) low: u32,
}

impl Widths {
    /// Bits of an entry.
    pub(crate) fn sum(self) -> u32 {
        self.high + self.low
    }
}

/// A column of equally wide entries, least significant bit first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column<'a> {
    bytes: &'a [u8],
    widths: Widths,
    len: usize,
}

impl<'a> Column<'a> {
    /// The column of `len` entries in `bytes`; `None` where they do not fit.
    pub(crate) fn new(bytes: &'a [u8], widths: Widths, len: usize) -> Option<Self> {
        let is_readable = widths.high <= 32 && widths.low <= 32 && (1..=57).contains(&widths.sum());
        let bits = len.checked_mul(widths.sum() as usize)?;
        let fits = bits.div_ceil(8).checked_add(PADDING)? <= bytes.len();
        (is_readable && fits).then_some(Self { bytes, widths, len })
    }

    /// How many entries it holds.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The high and the low number of the entry at `index`.
    pub(crate) fn get(&self, index: usize) -> Option<(u32, u32)> {
        if self.len <= index {
            return None;
        }
        let bit = index * self.widths.sum() as usize;
        let piece = self.bytes.get(bit / 8..bit / 8 + 8)?;
        let piece = u64::from_le_bytes(piece.try_into().ok()?) >> (bit % 8);
        let number = |it: u64, width: u32| u32::try_from(it & ((1 << width) - 1)).ok();
        let Widths { high, low } = self.widths;
        Some((number(piece >> low, high)?, number(piece, low)?))
    }

    /// How many entries of `from..to`, which are sorted, have a high number of at most `value`; added to `from`.
    pub(crate) fn partition(&self, from: usize, to: usize, value: u32) -> usize {
        let (mut low, mut high) = (from, to.min(self.len));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(|it| it.0 <= value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}
