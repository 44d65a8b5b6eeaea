//! JSON values that do not stand one a line: printed over many lines, side by side, in arrays, in a wrapper.
//!
//! Only braces and quotes are looked at; whether a value is good JSON is its format's to say. What is no value is
//! given line by line, as is a value that does not end.

use std::io;

use memchr::memchr2;

use super::{
    RECORD_CAP, envelope,
    feed::{Feed, trimmed},
};

/// Whether `text`, the start of a file, holds JSON that is not one value a line.
pub(super) fn begins(text: &[u8]) -> bool {
    match text.first() {
        Some(b'[') => {
            let inner = text.get(1..).unwrap_or_default().trim_ascii_start();
            inner.is_empty() || matches!(inner.first(), Some(b'{' | b'['))
        }
        Some(b'{') => match (Scanner::default().end(text), envelope::array_start(text)) {
            (_, Some(_)) => true,
            (Some(end), None) => {
                let (value, rest) = text.split_at_checked(end).unwrap_or_default();
                let blank = rest.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\r'));
                let next = rest.get(blank.count()..).unwrap_or_default();
                value.contains(&b'\n') || !matches!(next.first(), None | Some(b'\n'))
            }
            (None, None) => text.contains(&b'\n'),
        },
        _ => false,
    }
}

/// Gives every value with the line that it begins on.
pub(crate) fn each(mut feed: Feed<'_>, record: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
    // Braces of a wrapper that are still open.
    let mut open = 0;
    while let Some(first) = feed.first() {
        match first {
            // The record separator of RFC 7464 counts as a blank.
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[' | 0x1e => feed.advance(1),
            b']' => {
                feed.advance(1);
                if 0 < open {
                    skip_trailer(&mut feed, open);
                    open = 0;
                }
            }
            b'{' => {
                if open == 0
                    && let Some(start) = envelope::array_start(feed.want(envelope::REACH))
                {
                    feed.advance(start.len);
                    open = start.depth;
                } else {
                    value(&mut feed, record);
                }
            }
            _ => feed.one_line(record),
        }
    }
    feed.finish()
}

/// Gives the value at the start of the window, or the lines of one that does not end.
fn value(feed: &mut Feed<'_>, record: &mut dyn FnMut(u64, &[u8])) {
    let mut scanner = Scanner::default();
    let mut len = 0;
    loop {
        if let Some(end) = scanner.end(feed.held().get(len..).unwrap_or_default()) {
            len += end;
            record(feed.line(), feed.held().get(..len).unwrap_or_default());
            return feed.advance(len);
        }
        len = feed.held().len();
        if RECORD_CAP <= len || !feed.more() {
            return unended(feed, len, record);
        }
    }
}

/// Gives the first `len` bytes line by line: one lost quote must not cost the values behind it, nor be looked for again
/// from each of them.
fn unended(feed: &mut Feed<'_>, len: usize, record: &mut dyn FnMut(u64, &[u8])) {
    let region = feed.held().get(..len).unwrap_or_default();
    let whole = memchr::memrchr(b'\n', region).map_or(len, |at| at + 1);
    let lines = region.get(..whole).unwrap_or_default().split_inclusive(|it| *it == b'\n');
    for (line, text) in (feed.line()..).zip(lines) {
        record(line, trimmed(text.strip_suffix(b"\n").unwrap_or(text)));
    }
    feed.advance(whole);
    if whole == len && RECORD_CAP <= len {
        feed.skip_line();
    }
}

/// Moves behind the brace that closes the wrapper.
fn skip_trailer(feed: &mut Feed<'_>, open: u32) {
    let mut scanner = Scanner { depth: open, ..Scanner::default() };
    loop {
        let end = scanner.end(feed.held());
        feed.advance(end.unwrap_or(feed.held().len()));
        if end.is_some() || !feed.more() {
            return;
        }
    }
}

/// Finds where an object ends, over any number of pieces.
#[derive(Debug, Default)]
struct Scanner {
    depth: u32,
    is_quoted: bool,
    is_escaped: bool,
}

impl Scanner {
    /// The place behind the brace that closes the object, if it is in `piece`.
    fn end(&mut self, piece: &[u8]) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            if self.is_escaped {
                self.is_escaped = false;
                at += 1;
                continue;
            }
            if self.is_quoted {
                let rest = piece.get(at..)?;
                let found = memchr2(b'"', b'\\', rest)?;
                let is_quote = rest.get(found) == Some(&b'"');
                (self.is_quoted, self.is_escaped) = (!is_quote, !is_quote);
                at += found + 1;
                continue;
            }
            at += 1;
            match byte {
                b'"' => self.is_quoted = true,
                b'{' => self.depth += 1,
                b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }
}
