//! From bytes to records: what kind of file it is, and where its records end.

pub(crate) mod evtx;
pub(crate) mod lines;
pub(crate) mod xml;

use std::io::{self, Read};

/// How the records of a file are set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// One record a line.
    Lines,
    /// The Windows event log's own files.
    Evtx,
    /// Windows events as XML.
    Xml,
}

/// Tells the framing from the first bytes of a source.
pub(crate) fn sniff(head: &[u8]) -> Framing {
    if head.starts_with(evtx::MAGIC) {
        return Framing::Evtx;
    }
    if xml::is_xml(head) {
        return Framing::Xml;
    }
    Framing::Lines
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
