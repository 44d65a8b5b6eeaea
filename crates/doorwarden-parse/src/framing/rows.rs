//! Separated values with a heading, as consoles export them: a quoted value may hold line breaks.

use std::io;

use memchr::{memchr, memchr_iter};

use super::feed::{Feed, trimmed};

/// Lines that one row may have.
const LINES_CAP: usize = 50;
/// Bytes that a row of more than one line may have.
const ROW_CAP: usize = 128 << 10;

/// The separator, where the first line of `text` is a heading: three names or more, and nothing else.
pub(super) fn begins(text: &[u8]) -> Option<u8> {
    let heading = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let heading = trimmed(heading.get(..memchr(b'\n', heading)?)?);
    let count = |comma: u8| memchr_iter(comma, heading).count();
    let comma = *b",;\t".iter().max_by_key(|it| count(**it))?;
    let is_name = |it: &[u8]| {
        let it = it.trim_ascii();
        let it = it.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\"")).unwrap_or(it);
        it.first().is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, b'_' | b'@' | b'('))
            && it.len() <= 80
            && !it.iter().any(|it| matches!(it, b'=' | b'"' | b'<' | b'>' | b'{' | b'[' | b':'))
    };
    (2 <= count(comma) && heading.split(|it| *it == comma).all(is_name)).then_some(comma)
}

/// Gives every row with the line that it begins on.
pub(crate) fn each(
    mut feed: Feed<'_>,
    comma: u8,
    record: &mut dyn FnMut(u64, &[u8]),
) -> io::Result<()> {
    let mut columns = None;
    while feed.first().is_some() {
        let end = feed.line_end().unwrap_or(0);
        let line = feed.held().get(..end).unwrap_or_default();
        let columns = *columns.get_or_insert_with(|| Scanner::new(comma).scan(line).count);
        let is_open = memchr(b'"', line).is_some() && Scanner::new(comma).scan(line).is_open;
        match if is_open { row(&mut feed, comma, columns) } else { None } {
            Some(len) => {
                record(feed.line(), trimmed(feed.held().get(..len).unwrap_or_default()));
                feed.advance(len + 1);
            }
            None => feed.one_line(record),
        }
    }
    feed.finish()
}

/// The length of the row at the start of the window whose first line ends inside quotes. It must have as many values
/// as the heading: else a lone quote, which a user name may hold, would hide the lines behind it.
fn row(feed: &mut Feed<'_>, comma: u8, columns: usize) -> Option<usize> {
    let mut scanner = Scanner::new(comma);
    let mut from = 0;
    for _ in 0..LINES_CAP {
        let end = loop {
            if let Some(at) = memchr(b'\n', feed.held().get(from..)?) {
                break from + at;
            }
            if ROW_CAP <= feed.held().len() {
                return None;
            }
            if !feed.more() {
                break feed.held().len();
            }
        };
        scanner.scan(trimmed(feed.held().get(from..end)?));
        if !scanner.is_open {
            return (scanner.count == columns).then_some(end);
        }
        if ROW_CAP <= end || end == feed.held().len() {
            return None;
        }
        from = end + 1;
    }
    None
}

/// Counts the values of a row, line by line.
struct Scanner {
    comma: u8,
    count: usize,
    /// Whether the row so far ends inside quotes.
    is_open: bool,
}

impl Scanner {
    const fn new(comma: u8) -> Self {
        Self { comma, count: 1, is_open: false }
    }

    /// Reads one line. A quote opens a value only at its start, and closes it only before a separator or the end.
    fn scan(&mut self, line: &[u8]) -> &Self {
        let mut is_start = self.count == 1;
        let mut bytes = line.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if self.is_open {
                let next = bytes.peek().copied();
                if byte == b'"' && next == Some(b'"') {
                    bytes.next();
                } else if byte == b'"' {
                    self.is_open = next.is_some_and(|it| it != self.comma);
                }
                continue;
            }
            self.is_open = byte == b'"' && is_start;
            is_start = byte == self.comma;
            self.count += usize::from(is_start);
        }
        self
    }
}
