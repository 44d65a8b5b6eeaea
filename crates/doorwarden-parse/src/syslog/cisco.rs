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

/// Words that a header may hold beside numbers and stamps: the device's name. More of them are a sentence, into which
/// an attacker may have written a mnemonic.
const HOSTS_CAP: usize = 1;

/// Reads what the usual header left of Cisco's; nothing where it left nothing of it.
#[inline]
pub(super) fn split<'r>(header: &Header<'r>) -> Option<Header<'r>> {
    let is_left = match header.app {
        None => true,
        // `sw01: 3132779: Jul 14 ...` looks like a tag.
        Some(app) if header.pid.is_none() && !app.starts_with('%') => {
            let first = header.message.as_bytes().first()?;
            first.is_ascii_digit() || first.is_ascii_uppercase() || b"*.:%".contains(first)
        }
        Some(_) => false,
    };
    if is_left { words(header) } else { None }
}

fn words<'r>(outer: &Header<'r>) -> Option<Header<'r>> {
    let body = outer.body;
    let (before, after) = body.split_at_checked(mnemonic(body)?)?;
    let mut header = Header { stamp: outer.stamp, host: outer.host, ..Header::default() };
    let (mut hosts, mut has_sequence) = (0, outer.stamp.is_some() && outer.app.is_none());
    let mut rest = before.trim_start_matches([' ', ':']);
    while !rest.is_empty() {
        let unmarked = rest.strip_prefix(['*', '.']).unwrap_or(rest);
        let year = unmarked.split_once(' ').filter(|it| it.0.len() == 4);
        let found = stamp::bsd(unmarked).or_else(|| {
            let (mut stamp, tail) = stamp::bsd(year?.1)?;
            stamp.year = Some(year?.0.parse().ok()?);
            Some((stamp, tail))
        });
        if let Some((stamp, tail)) = found {
            header.stamp = Some(outer.stamp.map_or(stamp, |it| stamp.dated_by(it)));
            rest = tail.trim_start_matches([' ', ':']);
            has_sequence = true;
            continue;
        }
        let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        rest = tail.trim_start_matches([' ', ':']);
        has_sequence |= word.ends_with(':');
        let word = word.trim_end_matches(':');
        if let (Some(offset), Some(stamp)) = (zone_offset(word), &mut header.stamp) {
            stamp.offset = stamp.offset.or(Some(offset));
        } else if !is_number(word) && !is_uptime(word) {
            hosts += 1;
            header.host = Some(word).filter(|it| hosts <= HOSTS_CAP && is_host(it))?.into();
        }
    }
    if 0 < hosts && !has_sequence {
        return None;
    }
    let len = memchr(b':', after.as_bytes())?;
    let (app, message) = after.split_at_checked(len)?;
    header.app = Some(app);
    header.message = message.get(1..)?.trim_start_matches(' ');
    header.body = after;
    Some(header)
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
