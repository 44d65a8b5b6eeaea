//! From bytes to records: what kind of file it is, and where its records end.

pub(crate) mod carrier;
mod envelope;
pub(crate) mod feed;
pub(crate) mod journal;
pub(crate) mod lines;
pub(crate) mod octets;
pub(crate) mod rows;
pub(crate) mod utf16;
pub(crate) mod values;

#[cfg(test)]
mod tests;

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
}

/// Tells the framing from the first bytes of a source.
pub(crate) fn sniff(head: &[u8]) -> Framing {
    let text = head.trim_ascii_start();
    if values::begins(text) {
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

/// Whether one byte in twelve is a control code that no log holds, and the rest is no text either. Zeros at the start
/// are a hole that a rotation left.
fn is_binary(head: &[u8]) -> bool {
    let holes = head.iter().take_while(|it| **it == 0).count();
    let rest = head.get(holes..).unwrap_or_default();
    let is_strange = |it: &&u8| **it < 0x20 && !matches!(**it, b'\t' | b'\n' | b'\r' | 0x1b);
    let is_text = match std::str::from_utf8(rest) {
        Ok(text) => !text.contains('\0'),
        // A character may be cut where the head ends.
        Err(error) => error.error_len().is_none() && !rest.contains(&0),
    };
    !is_text && rest.len() < rest.iter().filter(is_strange).count() * 12
}
