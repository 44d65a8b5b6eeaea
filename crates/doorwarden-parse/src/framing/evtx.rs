//! EVTX, the binary files of the Windows event log: read chunk by chunk, decided on before anything is rendered.
//!
//! A chunk of 64 KiB holds its own names and templates. The binary XML of a record is a reference to a template and a
//! list of typed values; a template is compiled once to a list of the values that matter, so that a record of an event
//! id that no format reads costs a few look-ups. Checksums are not verified: a damaged record is found by its shape.

mod binxml;
mod event;
mod value;

use std::io::{self, Cursor, Read};

use bumpalo::Bump;

use self::event::Events;
use crate::formats::windows::WinEvent;

/// How a file starts.
pub(crate) const MAGIC: &[u8] = b"ElfFile\0";
/// How a chunk starts.
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
/// How a record starts.
const RECORD_MAGIC: &[u8] = b"\x2a\x2a\0\0";
/// Bytes of the file's header.
const FILE_HEADER: usize = 4096;
/// Bytes of a chunk.
const CHUNK: usize = 65_536;
/// Bytes of a chunk's header: its records start behind it.
const CHUNK_HEADER: usize = 512;
/// Bytes of a record's header.
const RECORD_HEADER: usize = 24;
/// The copy of a record's size that ends it.
const SIZE_COPY: usize = 4;

/// Who takes what a file holds.
pub(crate) trait Taker {
    /// A record.
    fn event<'r>(&mut self, event: &'r WinEvent<'r>, arena: &'r Bump);

    /// A record or chunk that could not be read; `number` is the record's id where it is known.
    fn damaged(&mut self, number: u64, what: &str);
}

/// Reads a file whose first bytes are `head` to its end.
pub(crate) fn read(
    head: &[u8],
    reader: &mut dyn Read,
    taker: &mut dyn Taker,
) -> (u64, io::Result<()>) {
    let mut reader = Cursor::new(head).chain(reader);
    let mut buffer = vec![0; CHUNK];
    let mut arena = Bump::new();
    let mut total = 0;
    let mut wanted = FILE_HEADER;
    loop {
        let (filled, result) =
            super::fill(&mut reader, buffer.get_mut(..wanted).unwrap_or_default());
        total += filled as u64;
        let chunk = buffer.get(..filled).unwrap_or_default();
        if wanted == CHUNK {
            read_chunk(chunk, &arena, taker);
            arena.reset();
        }
        if result.is_err() || filled < wanted {
            return (total, result);
        }
        wanted = CHUNK;
    }
}

/// Reads the records of a chunk, whole or cut short.
fn read_chunk(chunk: &[u8], arena: &Bump, taker: &mut dyn Taker) {
    if !chunk.starts_with(CHUNK_MAGIC) {
        // Chunks that were set aside and not yet used are zero.
        if chunk.iter().any(|it| *it != 0) {
            taker.damaged(0, "EVTX chunk without a header");
        }
        return;
    }
    let mut events = Events::new(chunk, arena);
    for raw in Records::new(chunk) {
        match raw {
            Ok(raw) => match events.read(&raw) {
                Some(event) => taker.event(&event, arena),
                None => taker.damaged(raw.id, "EVTX record whose content cannot be read"),
            },
            Err(Damaged) => taker.damaged(0, "EVTX record whose header cannot be read"),
        }
    }
    if chunk.len() < CHUNK {
        taker.damaged(0, "EVTX chunk that ends early");
    }
}

/// A record as it lies in its chunk.
#[derive(Debug, Clone, Copy)]
struct Raw {
    /// Its number in the log.
    id: u64,
    /// When it was written, in units of 100 ns since 1601.
    filetime: u64,
    /// Where its binary XML starts and ends in the chunk.
    body: (usize, usize),
    /// Where the next record starts.
    next: usize,
}

/// Bytes where a record should be.
struct Damaged;

/// Walks over the records of a chunk; past a damaged one, on to the next that looks like one.
struct Records<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
    last_id: u64,
}

impl<'c> Records<'c> {
    fn new(chunk: &'c [u8]) -> Self {
        let last_id = binxml::Reader::new(chunk, 32).u64().unwrap_or(u64::MAX);
        let free = binxml::Reader::new(chunk, 48).u32().map_or(chunk.len(), |it| it as usize);
        Self { chunk, at: CHUNK_HEADER, end: free.min(chunk.len()), last_id }
    }

    /// The record at `at`, if one stands there.
    fn record_at(&self, at: usize) -> Option<Raw> {
        let mut header = binxml::Reader::new(self.chunk, at);
        if header.take(4)? != RECORD_MAGIC {
            return None;
        }
        let size = header.u32()? as usize;
        let (id, filetime) = (header.u64()?, header.u64()?);
        let next = at.checked_add(size)?;
        if size < RECORD_HEADER + SIZE_COPY || self.chunk.len() < next {
            return None;
        }
        Some(Raw { id, filetime, body: (at + RECORD_HEADER, next - SIZE_COPY), next })
    }

    /// Where the next record behind `from` starts that also ends with its size.
    fn resync(&self, mut from: usize) -> Option<usize> {
        loop {
            let rest = self.chunk.get(from..self.end)?;
            let at = from + memchr::memmem::find(rest, RECORD_MAGIC)?;
            if let Some(raw) = self.record_at(at) {
                let copy = binxml::Reader::new(self.chunk, raw.next - SIZE_COPY).u32();
                if copy.is_some_and(|it| it as usize == raw.next - at) {
                    return Some(at);
                }
            }
            from = at + 1;
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Raw, Damaged>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.end <= self.at {
            return None;
        }
        if let Some(raw) = self.record_at(self.at) {
            self.at = if raw.id == self.last_id { self.end } else { raw.next };
            return Some(Ok(raw));
        }
        let is_blank = binxml::Reader::new(self.chunk, self.at).u32().is_none_or(|it| it == 0);
        let next = self.resync(self.at + 1);
        self.at = next.unwrap_or(self.end);
        // Zeros up to the end: the header promised more than was written.
        (next.is_some() || !is_blank).then_some(Err(Damaged))
    }
}
