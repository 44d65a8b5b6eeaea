//! UTF-16, as Windows tools write text files, read as UTF-8.

use std::io::{self, Read};

/// The order of the two bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

/// Units that tell the order where no mark does.
const SAMPLE: usize = 8;

/// Whether `head` is UTF-16: by its mark, or because every other byte is zero, as in Latin text.
pub(crate) fn order(head: &[u8]) -> Option<Order> {
    if head.starts_with(b"\xff\xfe") && !head.starts_with(b"\xff\xfe\0\0") {
        return Some(Order::Little);
    }
    if head.starts_with(b"\xfe\xff") {
        return Some(Order::Big);
    }
    let pairs = || head.chunks_exact(2).take(256);
    let all = pairs().count();
    if all < SAMPLE {
        return None;
    }
    let count = |high: usize, low: usize| {
        let is_latin =
            |it: &&[u8]| it.get(high) == Some(&0) && it.get(low).is_some_and(|it| 0 < *it);
        pairs().filter(is_latin).count()
    };
    let is_most = |it: usize| all * 9 <= it * 10;
    if is_most(count(1, 0)) {
        Some(Order::Little)
    } else if is_most(count(0, 1)) {
        Some(Order::Big)
    } else {
        None
    }
}

/// Gives the bytes of `inner` as UTF-8; what is no character becomes U+FFFD.
pub(crate) struct Utf16<R> {
    inner: R,
    order: Order,
    /// Bytes read and not turned yet: at most half a character.
    raw: Vec<u8>,
    text: String,
    given: usize,
}

impl<R: Read> Utf16<R> {
    pub(crate) const fn new(inner: R, order: Order) -> Self {
        Self { inner, order, raw: Vec::new(), text: String::new(), given: 0 }
    }

    /// Turns the next block; `false` at the end.
    fn turn(&mut self) -> io::Result<bool> {
        self.text.clear();
        self.given = 0;
        let mut block = [0; 16 << 10];
        let count = self.inner.read(&mut block)?;
        self.raw.extend_from_slice(block.get(..count).unwrap_or_default());
        let is_end = count == 0;
        let pairs = self.raw.as_chunks::<2>();
        let unit = |it: &[u8; 2]| match self.order {
            Order::Little => u16::from_le_bytes(*it),
            Order::Big => u16::from_be_bytes(*it),
        };
        let mut units: Vec<u16> = pairs.0.iter().map(unit).collect();
        // The first half of a pair waits for the second.
        let is_half = units.last().is_some_and(|it| (0xd800..0xdc00).contains(it));
        if is_half && !is_end {
            units.pop();
        }
        let turned = units.len() * 2;
        let read = char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.text.extend(read);
        if is_end && pairs.1.len() == 1 {
            self.text.push(char::REPLACEMENT_CHARACTER);
            self.raw.clear();
        } else {
            self.raw.drain(..turned);
        }
        Ok(!is_end)
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if !self.turn()? && self.text.is_empty() {
                return Ok(0);
            }
        }
        let held = self.text.as_bytes().get(self.given..).unwrap_or_default();
        let count = held.len().min(into.len());
        for (to, from) in into.iter_mut().zip(held) {
            *to = *from;
        }
        self.given += count;
        Ok(count)
    }
}
