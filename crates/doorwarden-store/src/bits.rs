//! Small numbers packed bit by bit, as Parquet's encodings `RLE` and `DELTA_BINARY_PACKED` want them.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>

/// Values of a block of deltas, and of each of its parts.
const BLOCK: usize = 128;
/// Values of a part of a block, which has its own width.
const PART: usize = 32;

/// Bits that hold every number below `count`.
pub(crate) const fn width_of(count: u32) -> u32 {
    u32::BITS - count.saturating_sub(1).leading_zeros()
}

/// Appends values of `width` bits, from the lowest bit on.
fn pack(values: impl Iterator<Item = u64>, width: u32, to: &mut Vec<u8>) {
    let (mut word, mut used) = (0u64, 0);
    for value in values {
        word |= value << used;
        used += width;
        if u64::BITS <= used {
            to.extend_from_slice(&word.to_le_bytes());
            used -= u64::BITS;
            word = value.checked_shr(width - used).unwrap_or(0);
        }
    }
    let rest = usize::try_from(used.div_ceil(8)).unwrap_or(0);
    to.extend_from_slice(word.to_le_bytes().get(..rest).unwrap_or_default());
}

/// Appends a number in steps of seven bits.
fn variable(mut value: u64, to: &mut Vec<u8>) {
    while 0x80 <= value {
        to.push(low_byte(value) | 0x80);
        value >>= 7;
    }
    to.push(low_byte(value));
}

const fn low_byte(value: u64) -> u8 {
    value.to_le_bytes()[0]
}

/// Maps numbers around zero to small ones.
const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

/// Appends `count` times `value` as one run.
pub(crate) fn run(value: u32, count: usize, width: u32, to: &mut Vec<u8>) {
    variable((count as u64) << 1, to);
    let bytes = usize::try_from(width.div_ceil(8)).unwrap_or(0);
    to.extend_from_slice(value.to_le_bytes().get(..bytes).unwrap_or_default());
}

/// Appends the header of a run of `count` packed values.
fn packed_header(count: usize, to: &mut Vec<u8>) {
    variable((count.div_ceil(8) as u64) << 1 | 1, to);
}

/// Appends values of `width` bits: as one run where they are all equal, else packed.
pub(crate) fn hybrid(values: &[u32], width: u32, to: &mut Vec<u8>) {
    let Some(first) = values.first() else { return };
    if values.iter().all(|it| it == first) {
        run(*first, values.len(), width, to);
        return;
    }
    packed_header(values.len(), to);
    let zeros = values.len().next_multiple_of(8) - values.len();
    let filled = values.iter().copied().chain(std::iter::repeat_n(0, zeros));
    pack(filled.map(u64::from), width, to);
}

/// Appends the first `count` bits of `words`, packed.
pub(crate) fn flags(words: &[u64], count: usize, to: &mut Vec<u8>) {
    packed_header(count, to);
    let end = to.len() + count.div_ceil(8);
    to.extend(words.iter().flat_map(|it| it.to_le_bytes()));
    to.resize(end, 0);
}

/// Appends values that change little from one to the next (`DELTA_BINARY_PACKED`).
pub(crate) fn delta(values: &[i64], to: &mut Vec<u8>) {
    for header in [BLOCK, BLOCK / PART, values.len()] {
        variable(header as u64, to);
    }
    let first = values.first().copied().unwrap_or(0);
    variable(zigzag(first), to);
    let mut last = first;
    let mut steps = [0i64; BLOCK];
    for block in values.get(1..).unwrap_or_default().chunks(BLOCK) {
        for (step, value) in steps.iter_mut().zip(block) {
            *step = value.wrapping_sub(last);
            last = *value;
        }
        delta_block(steps.get(..block.len()).unwrap_or_default(), to);
    }
}

fn delta_block(steps: &[i64], to: &mut Vec<u8>) {
    let least = steps.iter().copied().min().unwrap_or(0);
    let above = |it: &i64| it.wrapping_sub(least).cast_unsigned();
    variable(zigzag(least), to);
    let width = |part: &[i64]| {
        u64::BITS - part.iter().map(above).fold(0, |all, it| all | it).leading_zeros()
    };
    let mut widths = [0; BLOCK / PART];
    for (slot, part) in widths.iter_mut().zip(steps.chunks(PART)) {
        *slot = width(part);
    }
    to.extend(widths.iter().map(|it| low_byte(u64::from(*it))));
    for (width, part) in widths.into_iter().zip(steps.chunks(PART)) {
        let filled = part.iter().map(above).chain(std::iter::repeat_n(0, PART - part.len()));
        pack(filled, width, to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_packed_from_the_lowest_bit() {
        // The example of the format's documentation: 0 to 7 in three bits each.
        let mut bytes = Vec::new();
        pack(0..8, 3, &mut bytes);
        assert_eq!(bytes, [0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn widths_hold_the_largest_code() {
        assert_eq!([0, 1, 2, 3, 4, 5, 256, 257].map(width_of), [0, 0, 1, 2, 2, 3, 8, 9]);
    }

    #[test]
    fn equal_values_are_one_run() {
        let mut bytes = Vec::new();
        hybrid(&[5; 100], 3, &mut bytes);
        assert_eq!(bytes, [200, 1, 5]);
    }
}
