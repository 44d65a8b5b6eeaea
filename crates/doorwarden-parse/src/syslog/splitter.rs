//! Headers of one source: most lines begin as a line before them did, and that is quick to see.
//!
//! What is remembered only saves work: every line is read as [`split`](super::split) reads it.

use super::{
    Header, back, behind, octet_count, one, priority,
    words::{behind_host, zone_offset, zone_word},
};
use crate::stamp::{self, Stamp};

/// Bytes of a remembered word.
const WORD_CAP: usize = 32;

/// Hosts that are remembered.
const HOSTS: usize = 64;

/// The place of a host of `len` bytes that ends with `last`: neighbours differ in their last byte.
#[inline]
fn place(len: usize, last: u8) -> usize {
    (len * 16 + usize::from(last)) % HOSTS
}

/// A word of the lines before, compared eight bytes at a time.
#[derive(Debug, Default, Clone, Copy)]
struct Word {
    lanes: [u64; WORD_CAP / 8],
    masks: [u64; WORD_CAP / 8],
    len: usize,
}

impl Word {
    fn set(&mut self, text: &[u8]) {
        *self = Self::default();
        let (mut bytes, mut mask) = ([0; WORD_CAP], [0; WORD_CAP]);
        let (Some(held), Some(masked)) = (bytes.get_mut(..text.len()), mask.get_mut(..text.len()))
        else {
            return;
        };
        held.copy_from_slice(text);
        masked.fill(u8::MAX);
        (self.lanes, self.masks, self.len) = (lanes(&bytes), lanes(&mask), text.len());
    }

    /// Whether `text` begins with this word; never where it is empty or the text is short.
    #[inline]
    fn begins(&self, text: &[u8]) -> bool {
        let Some(chunk) = text.first_chunk::<WORD_CAP>() else { return false };
        let pairs = lanes(chunk).into_iter().zip(self.lanes).zip(self.masks);
        let differing = pairs.fold(0, |all, ((one, two), mask)| all | (one ^ two) & mask);
        differing == 0 && 0 < self.len
    }
}

#[inline]
fn lanes(bytes: &[u8; WORD_CAP]) -> [u64; WORD_CAP / 8] {
    let mut lanes = [0; WORD_CAP / 8];
    for (lane, chunk) in lanes.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *lane = u64::from_le_bytes(*chunk);
    }
    lanes
}

/// Where the first `byte` stands in the first bytes of `text` (the zero-byte test of Mycroft, whose lowest hit is exact).
#[inline]
fn find(text: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let sought = ONES * u64::from(byte);
    for (at, chunk) in text.as_chunks::<8>().0.iter().take(WORD_CAP / 8).enumerate() {
        let zeros = u64::from_le_bytes(*chunk) ^ sought;
        let hits = zeros.wrapping_sub(ONES) & !zeros & (ONES << 7);
        if hits != 0 {
            return usize::try_from(hits.trailing_zeros() / 8).ok().map(|it| at * 8 + it);
        }
    }
    None
}

/// Splits the lines of one source.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    /// The last line from behind its priority up to its clock.
    date: Word,
    stamp: Stamp,
    /// Words that were hosts right behind a clock, by [`place`].
    hosts: Box<[Word]>,
    /// The last tag with a process id, its bracket included.
    tag: Word,
}

impl Splitter {
    /// [`split`](super::split), faster.
    #[inline]
    pub(crate) fn split<'r>(&mut self, line: &'r str) -> Header<'r> {
        let mut header = Header::default();
        let text = match line.as_bytes().first() {
            Some(b'{') => return Header { body: line, message: line, ..header },
            Some(b'<' | b'0'..=b'9') => priority(octet_count(line)),
            _ => line,
        };
        let rest = if let Some((stamp, rest)) = self.dated(text) {
            self.behind(stamp, rest, &mut header)
        } else {
            let rest = one(text, &mut header).unwrap_or(text);
            self.remember_date(text, &header);
            rest
        };
        if !self.tagged(rest, &mut header) {
            back(&mut header, rest);
            self.remember_tag(&header);
        }
        header
    }

    /// The stamp of a line with the last line's date.
    #[inline]
    fn dated<'r>(&self, text: &'r str) -> Option<(Stamp, &'r str)> {
        if !self.date.begins(text.as_bytes()) {
            return None;
        }
        let rest = text.as_bytes().get(self.date.len..)?;
        let (second, millis, rest) = stamp::plain_clock(rest)?;
        if is_year(rest) {
            return None;
        }
        let stamp = Stamp { second, millis, ..self.stamp };
        Some((stamp, text.get(text.len() - rest.len()..)?))
    }

    /// Keeps the date of a line whose stamp is date, clock and nothing else.
    fn remember_date(&mut self, text: &str, header: &Header<'_>) {
        self.date.len = 0;
        let (Some(stamp), None) = (header.stamp, header.app) else { return };
        if let Some(date) = date_of(text, stamp) {
            self.date.set(date);
            self.stamp = stamp;
        }
    }

    /// Reads the host behind a stamp; gives the text behind it.
    #[inline]
    fn behind<'r>(&mut self, stamp: Stamp, rest: &'r str, header: &mut Header<'r>) -> &'r str {
        if let Some(rest) = self.hosted(rest, header) {
            header.stamp = Some(stamp);
            return rest;
        }
        let behind = behind(stamp, rest, header);
        self.remember_host(rest, header);
        behind
    }

    /// The text behind a host that is known.
    #[inline]
    fn hosted<'r>(&self, rest: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
        let text = rest.strip_prefix(' ')?;
        let len = find(text.as_bytes(), b' ')?;
        let last = *text.as_bytes().get(len.checked_sub(1)?)?;
        let known = self.hosts.get(place(len, last))?;
        if known.len != len || !known.begins(text.as_bytes()) {
            return None;
        }
        header.host = text.get(..len);
        Some(behind_host(text.get(len + 1..)?))
    }

    fn remember_host(&mut self, rest: &str, header: &Header<'_>) {
        let Some(host) = header.host else { return };
        let is_first = rest.strip_prefix(' ').is_some_and(|it| it.starts_with(host));
        let Some(last) = host.as_bytes().last().filter(|_| is_first) else { return };
        if zone_offset(host).is_some() {
            return;
        }
        if self.hosts.is_empty() {
            self.hosts = [Word::default(); HOSTS].into();
        }
        if let Some(slot) = self.hosts.get_mut(place(host.len(), *last)) {
            slot.set(host.as_bytes());
        }
    }

    /// Reads the last line's tag, and the process id behind it.
    #[inline]
    fn tagged<'r>(&self, rest: &'r str, header: &mut Header<'r>) -> bool {
        if header.app.is_some() || !self.tag.begins(rest.as_bytes()) {
            return false;
        }
        let Some((tag, tail)) = rest.split_at_checked(self.tag.len) else { return false };
        let Some((pid, message)) = process(tail) else { return false };
        header.app = tag.get(..tag.len() - 1);
        (header.pid, header.body, header.message) = (Some(pid), rest, message);
        true
    }

    fn remember_tag(&mut self, header: &Header<'_>) {
        let (Some(app), Some(_)) = (header.app, header.pid) else { return };
        // Shorter ones could be a month, which is asked first.
        let tag = header.body.get(..app.len() + 1);
        if let Some(tag) = tag.filter(|it| it.starts_with(app) && it.ends_with('['))
            && 4 <= app.len()
        {
            self.tag.set(tag.as_bytes());
        }
    }
}

/// `4711]: message`; more blanks are the slow way's.
#[inline]
fn process(text: &str) -> Option<(&str, &str)> {
    let (pid, rest) = text.split_at_checked(find(text.as_bytes(), b']')?)?;
    match rest.as_bytes() {
        [b']', b':', b' ', first, ..] if *first != b' ' => {
            Some((pid, rest.get(3..)?)).filter(|_| !pid.as_bytes().contains(&b' '))
        }
        _ => None,
    }
}

/// Whether a year follows a clock.
#[inline]
fn is_year(rest: &[u8]) -> bool {
    match rest {
        [b' ', b'1' | b'2', b'9' | b'0', a, b, rest @ ..] => {
            a.is_ascii_digit()
                && b.is_ascii_digit()
                && !rest.first().is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// What stands before the clock of `stamp`, if no zone or year follows it.
fn date_of(text: &str, stamp: Stamp) -> Option<&[u8]> {
    let head = text.as_bytes().get(..text.len().min(WORD_CAP + 8))?;
    let at = head.windows(8).position(|it| matches!(it, [_, _, b':', _, _, b':', _, _]))?;
    let (date, rest) = text.as_bytes().split_at_checked(at)?;
    let (second, millis, rest) = stamp::plain_clock(rest)?;
    if is_year(rest) {
        return None;
    }
    let rest = text.get(text.len() - rest.len()..)?;
    let mut header = Header { stamp: Some(stamp), ..Header::default() };
    let is_last = zone_word(rest, &mut header).len() == rest.len() && stamp.offset.is_none();
    let is_dated = !matches!(date.last(), Some(b'0'..=b'9' | b':'));
    ((second, millis) == (stamp.second, stamp.millis) && is_last && is_dated).then_some(date)
}
