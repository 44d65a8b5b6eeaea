//! gzip: one member or many, as `cat a.gz b.gz` makes them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;
use jiff::civil::Date;

use crate::peek::Peek;

use super::{OpenError, Opening, Place, day, kind::Packing};

impl Opening<'_> {
    pub(super) fn gzip(&mut self, place: &Place, peek: &mut Peek<'_>) {
        let mut members = Members { decoder: Some(GzDecoder::new(peek)), has_trailing: false };
        let written = members.written();
        self.unpacked(place, written, Packing::Gzip, &mut members);
        if members.has_trailing {
            self.ledger.note(&place.name, OpenError::Trailing { packing: Packing::Gzip });
        }
    }
}

/// The data of all members, one after the other.
struct Members<'p, 'r> {
    decoder: Option<GzDecoder<&'p mut Peek<'r>>>,
    has_trailing: bool,
}

impl Members<'_, '_> {
    /// What the first header says of the packed file: the day in its name, or the day it was last written.
    fn written(&self) -> Option<Date> {
        let header = self.decoder.as_ref()?.header()?;
        let name = header.filename().and_then(|it| std::str::from_utf8(it).ok());
        name.and_then(day::in_name).or_else(|| day::of_unix(i64::from(header.mtime())))
    }

    /// Goes on to the next member; tapes pad the last one with zeros, and other bytes are no gzip.
    fn next(&mut self, peek: &mut Peek<'_>) -> io::Result<bool> {
        loop {
            let held = peek.fill_buf()?;
            let zeros = held.iter().take_while(|it| **it == 0).count();
            if zeros == 0 {
                break;
            }
            peek.consume(zeros);
        }
        let ahead = peek.ahead(2)?;
        self.has_trailing = !ahead.is_empty() && ahead != [0x1f, 0x8b];
        Ok(ahead == [0x1f, 0x8b])
    }
}

impl Read for Members<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            let count = decoder.read(into)?;
            if 0 < count || into.is_empty() {
                return Ok(count);
            }
            let Some(peek) = self.decoder.take().map(GzDecoder::into_inner) else { break };
            if self.next(peek)? {
                self.decoder = Some(GzDecoder::new(peek));
            }
        }
        Ok(0)
    }
}
