//! Cisco's own headers: `585917: sw01: 3132779: *Jul 14 2023 08:23:43.398 UTC: %SYS-5-CONFIG_I: ...`, in any mixture
//! of sequence numbers, host, stamp and zone.

use memchr::memchr;

use super::{
    Header,
    words::{TAG_CAP, zone_offset},
};
use crate::stamp;

/// Bytes in which the mnemonic must begin.
const REACH: usize = 160;

/// Whether the usual header may have left something of Cisco's.
#[inline]
pub(super) fn may_be(header: &Header<'_>) -> bool {
    match (header.app, header.message.as_bytes().first()) {
        (None, Some(first)) => first.is_ascii_alphanumeric() || b"*.:".contains(first),
        // `sw01: 3132779: Jul 14 ...` looks like a tag.
        (Some(app), Some(first)) if header.pid.is_none() && !app.starts_with('%') => {
            first.is_ascii_digit() || first.is_ascii_uppercase() || b"*.:%".contains(first)
        }
        _ => false,
    }
}

/// Reads Cisco's words before the mnemonic, and the mnemonic as the tag.
pub(super) fn split<'r>(outer: &Header<'r>) -> Option<Header<'r>> {
    let (before, after) = outer.body.split_at_checked(mnemonic(outer.body)?)?;
    let mut header = Header { stamp: outer.stamp, host: outer.host, ..Header::default() };
    // The last word, and whether a colon ended it.
    let mut last: Option<(&str, bool)> = None;
    let mut rest = before.trim_start_matches([' ', ':']);
    while !rest.is_empty() {
        let (word, is_ended, tail) = next(rest);
        let found = dated(rest);
        if found.is_some() || is_number(word) || is_uptime(word) {
            // What stands before a stamp or a sequence number is the device.
            header.host = last.take().map(|it| it.0).or(header.host);
        }
        if let Some((stamp, tail)) = found {
            header.stamp = Some(outer.stamp.map_or(stamp, |it| stamp.dated_by(it)));
            rest = tail.trim_start_matches([' ', ':']);
            continue;
        }
        rest = tail;
        if let (Some(offset), Some(stamp)) = (zone_offset(word), &mut header.stamp) {
            stamp.offset = stamp.offset.or(Some(offset));
        } else if !is_number(word) && !is_uptime(word) {
            // Two words in a row are a sentence.
            last = Some((word, is_ended)).filter(|_| last.is_none() && is_host(word))?.into();
        }
    }
    // What stands before the mnemonic is a process, where the device is known, else the device.
    if let Some((word, is_ended)) = last {
        header.host = header.host.or(Some(word)).filter(|_| is_ended)?.into();
    }
    let len = memchr(b':', after.as_bytes())?;
    let (app, message) = after.split_at_checked(len)?;
    header.app = Some(app);
    header.message = message.get(1..)?.trim_start_matches(' ');
    header.body = after;
    Some(header)
}

/// The next word without the colon behind it, whether there was one, and what follows.
fn next(text: &str) -> (&str, bool, &str) {
    let (word, tail) = text.split_once(' ').unwrap_or((text, ""));
    let trimmed = word.trim_end_matches(':');
    let rest = tail.trim_start_matches(' ');
    let is_ended = trimmed.len() < word.len() || rest.starts_with(':');
    (trimmed, is_ended, rest.trim_start_matches([' ', ':']))
}

/// A stamp at the start of `text`; `*` and `.` mark a clock that is not set.
fn dated(text: &str) -> Option<(stamp::Stamp, &str)> {
    let text = text.strip_prefix(['*', '.']).unwrap_or(text);
    stamp::bsd(text).or_else(|| {
        let (year, rest) = text.split_at_checked(4)?;
        let (mut stamp, rest) = stamp::bsd(rest.strip_prefix(' ')?)?;
        stamp.year = Some(year.parse().ok()?);
        Some((stamp, rest))
    })
}

/// Where the first `%FACILITY-SEVERITY-MNEMONIC:` begins.
fn mnemonic(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let reach = bytes.get(..REACH.min(bytes.len()))?;
    let at = memchr(b'%', reach)?;
    let is_start = at == 0 || bytes.get(at - 1) == Some(&b' ');
    let word = bytes.get(at + 1..)?;
    let word = word.get(..memchr(b':', word.get(..TAG_CAP.min(word.len()))?)?)?;
    let is_word = word.iter().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'));
    let has_severity = word.windows(3).any(|it| matches!(it, [b'-', b'0'..=b'7', b'-']));
    (is_start && is_word && has_severity).then_some(at)
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|it| it.is_ascii_digit())
}

/// `2y10w`, `1w2d` or `00:12:34`: the time since the device started.
fn is_uptime(word: &str) -> bool {
    word.starts_with(|it: char| it.is_ascii_digit())
        && word.len() <= 8
        && word.bytes().all(|it| it.is_ascii_digit() || b"ywdhm:".contains(&it))
}

fn is_host(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= TAG_CAP
        && word.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.:".contains(&it))
}
