//! Syslog over TCP as it was captured: `83 <34>1 2026-...` after `83 <34>1 ...` without a line break (RFC 6587).

use std::io;

use super::{RECORD_CAP, feed::Feed};

/// Whether `head` begins with two counted messages, or one that fills the file, and no line break sets them apart.
pub(super) fn begins(head: &[u8]) -> bool {
    let Some((start, len)) = count(head) else { return false };
    match head.get(start + len..) {
        Some([]) => {
            len < head.len() && memchr::memchr(b'\n', head).is_some_and(|at| at + 1 < head.len())
        }
        Some(rest) => count(rest).is_some(),
        None => false,
    }
}

/// Gives every message with the line that it begins on.
pub(crate) fn each(mut feed: Feed<'_>, record: &mut dyn FnMut(u64, &[u8])) -> io::Result<()> {
    while let Some(first) = feed.first() {
        match count(feed.want(16)) {
            Some((start, len)) if len <= RECORD_CAP => {
                let line = feed.line();
                let message = feed.want(start + len).get(start..).unwrap_or_default();
                let message = message.get(..len).unwrap_or(message);
                record(line, message.trim_ascii_end());
                feed.advance(start + len);
            }
            _ if matches!(first, b'\r' | b'\n') => feed.advance(1),
            // Not counted: the rest of the line is one message.
            _ => feed.one_line(record),
        }
    }
    feed.finish()
}

/// Reads `83 <34>`: where the message begins, and its length.
fn count(text: &[u8]) -> Option<(usize, usize)> {
    let digits = text.iter().take(8).take_while(|it| it.is_ascii_digit()).count();
    let number = std::str::from_utf8(text.get(..digits)?).ok()?;
    let rest = text.get(digits..)?.strip_prefix(b" <")?;
    let priority = rest.iter().take(4).take_while(|it| it.is_ascii_digit()).count();
    let is_priority = (1..=3).contains(&priority) && rest.get(priority) == Some(&b'>');
    Some((digits + 1, number.parse().ok().filter(|it| is_priority && 0 < *it)?))
}
