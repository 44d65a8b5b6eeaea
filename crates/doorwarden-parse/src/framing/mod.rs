//! From bytes to records: what kind of file it is, and where its records end.

pub(crate) mod carrier;
mod envelope;
pub(crate) mod evtx;
pub(crate) mod feed;
pub(crate) mod journal;
pub(crate) mod lines;
pub(crate) mod octets;
pub(crate) mod rows;
mod shippers;
pub(crate) mod utf16;
pub(crate) mod values;
pub(crate) mod xml;

#[cfg(test)]
mod tests;

use std::io::{self, Read};

/// Bytes looked at to tell what kind of file it is.
pub(crate) const HEAD: usize = 8192;

/// Longest record that is read as a whole.
pub(crate) const RECORD_CAP: usize = 4 << 20;

/// How the records of a file are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One record a line; JSON too.
    Lines,
    /// JSON values over many lines, side by side, in arrays or in a wrapper.
    Values,
    /// Separated values with a heading, parted by this byte; quoted ones may hold line breaks.
    Rows(u8),
    /// `journalctl -o export`.
    Journal,
    /// Syslog messages behind the count of their bytes (RFC 6587), without line breaks between them.
    Octets,
    /// Neither text nor anything else that is read.
    Binary,
    /// The Windows event log's own files.
    Evtx,
    /// Windows events as XML.
    Xml,
}

/// Tells the framing from the first bytes of a source.
pub(crate) fn sniff(head: &[u8]) -> Framing {
    let text = head.trim_ascii_start();
    if head.starts_with(evtx::MAGIC) {
        Framing::Evtx
    } else if xml::is_xml(head) {
        Framing::Xml
    } else if values::begins(text) {
        Framing::Values
    } else if journal::begins(text) {
        Framing::Journal
    } else if octets::begins(head) {
        Framing::Octets
    } else if is_binary(head) {
        Framing::Binary
    } else if let Some(comma) = rows::begins(text) {
        Framing::Rows(comma)
    } else {
        Framing::Lines
    }
}

/// Zeros in a row that are a hole, which a rotation leaves in a file still written to.
const HOLE: usize = 512;

/// Whether one byte in twelve is a control code that no log holds, and the rest is no text either; holes left out.
fn is_binary(head: &[u8]) -> bool {
    // A character may be cut where the head ends.
    let is_text = std::str::from_utf8(head).map_or_else(|it| it.error_len().is_none(), |_| true);
    let leading = head.iter().take_while(|it| **it == 0).count();
    let head = head.get(leading..).unwrap_or_default();
    let (mut strange, mut zeros, mut all) = (0, 0, 0);
    for piece in head.chunk_by(|one, two| (*one == 0) == (*two == 0)) {
        let is_zero = piece.first() == Some(&0);
        if is_zero && HOLE <= piece.len() {
            continue;
        }
        let is_strange = |it: &&u8| **it < 0x20 && !matches!(**it, b'\t' | b'\n' | b'\r' | 0x1b);
        all += piece.len();
        strange += piece.iter().filter(is_strange).count();
        zeros += usize::from(is_zero);
    }
    !(is_text && zeros == 0) && all < strange * 12
}

/// Fills `buffer` as far as the source goes.
fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> (usize, io::Result<()>) {
    let mut filled = 0;
    while let Some(free) = buffer.get_mut(filled..)
        && !free.is_empty()
    {
        match reader.read(free) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Err(error)),
        }
    }
    (filled, Ok(()))
}
