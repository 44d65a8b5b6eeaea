//! Syslog headers: RFC 3164 with and without year, RFC 5424, ISO stamps, octet counts, relays' second headers.
//!
//! The header is peeled off once, before the formats; what stays is who wrote the record and what it says. `key=value`
//! pairs such as FortiGate's `date=` are no header: they are the record.

mod cisco;
mod splitter;
mod words;

#[cfg(test)]
mod tests;

use memchr::memchr;

pub(crate) use self::splitter::Splitter;
use self::words::{TAG_CAP, host, tag, tag_behind_host, zone_word};
use crate::{
    Payload, Record,
    stamp::{self, Stamp},
};

/// What stood before the message.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Header<'r> {
    /// The innermost stamp: the device's own.
    pub(crate) stamp: Option<Stamp>,
    /// The device.
    pub(crate) host: Option<&'r str>,
    /// Program or tag, without its process id.
    pub(crate) app: Option<&'r str>,
    /// Process id.
    pub(crate) pid: Option<&'r str>,
    /// RFC 5424 structured data, brackets included.
    pub(crate) structured: Option<&'r str>,
    /// From the tag on: what the device wrote.
    pub(crate) body: &'r str,
    /// Behind the tag.
    pub(crate) message: &'r str,
}

impl<'r> Header<'r> {
    /// The record that stood behind this header.
    pub(crate) fn record(self, text: &'r str, line: u64) -> Record<'r> {
        let is_json = self.message.starts_with('{');
        Record {
            text,
            line,
            stamp: self.stamp,
            host: self.host,
            app: self.app,
            pid: self.pid,
            structured: self.structured,
            body: self.body,
            message: self.message,
            payload: if is_json { Payload::Json } else { Payload::Text },
        }
    }
}

/// Splits `line` into header and message; a line without a header is all message.
pub(crate) fn split(line: &str) -> Header<'_> {
    let mut header = Header::default();
    let text = priority(octet_count(line));
    let rest = one(text, &mut header).unwrap_or(text);
    back(&mut header, rest);
    header
}

/// Takes off the headers that follow, and the tag.
#[inline]
fn back<'r>(header: &mut Header<'r>, rest: &'r str) {
    let mut body = rest;
    // A relay puts its own header before the device's: the device's is the one that counts.
    if may_be_header(body) && header.stamp.is_some() {
        for _ in 0..2 {
            let Some(rest) = nested(header, body) else { break };
            body = rest;
        }
    }
    header.body = body;
    header.message = body;
    if header.app.is_none() {
        tag(body, header);
        if header.app.is_none() {
            tag_behind_host(body, header);
        }
    }
    if cisco::may_be(header)
        && let Some(inner) = cisco::split(header)
    {
        *header = inner;
    }
}

/// Reads a header inside another one.
fn nested<'r>(header: &mut Header<'r>, body: &'r str) -> Option<&'r str> {
    let inner = priority(octet_count(body));
    let mut found = Header::default();
    let rest = one(inner, &mut found)?;
    // A message may begin with a time, too. A device's header names the device, or has a priority, or a mnemonic.
    let is_header = found.host.is_some() || inner.len() != body.len() || rest.starts_with('%');
    if !is_header {
        return None;
    }
    header.stamp = match (found.stamp, header.stamp) {
        (Some(own), Some(relay)) => Some(own.dated_by(relay)),
        (own, relay) => own.or(relay),
    };
    header.host = found.host.or(header.host);
    header.structured = found.structured.or(header.structured);
    (header.app, header.pid) = (found.app, found.pid);
    Some(rest)
}

/// Whether a header may begin here, by three of its bytes: cheap, as every message is asked.
#[inline]
fn may_be_header(text: &str) -> bool {
    match text.as_bytes() {
        // A priority, `2026-`, `2026/`, `2026 `, `1 2026`.
        [b'<', ..] | [b'0'..=b'9', _, _, _, b'-' | b'/' | b' ', ..] | [b'1', b' ', ..] => true,
        // A count of octets.
        [b'0'..=b'9', rest @ ..] => rest.windows(2).take(7).any(|it| it == b" <"),
        // `Nov 24` or `Tue Nov`, and `*Nov 24`.
        [it, _, _, b' ', ..] | [b'*' | b'.', it, ..] => it.is_ascii_uppercase(),
        _ => false,
    }
}

/// Takes off `123 ` where it is a count of octets before a priority (RFC 6587).
fn octet_count(line: &str) -> &str {
    let digits = line.bytes().take(8).take_while(u8::is_ascii_digit).count();
    if digits == 0 || 7 < digits {
        return line;
    }
    match line.get(digits..).and_then(|it| it.strip_prefix(' ')) {
        Some(rest) if rest.starts_with('<') => rest,
        _ => line,
    }
}

/// Takes off `<189>`, or `<189>:` as Cisco's EMBLEM format writes.
fn priority(line: &str) -> &str {
    let Some(rest) = line.strip_prefix('<') else {
        return line;
    };
    let digits = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
    if digits == 0 || 3 < digits {
        return line;
    }
    let rest = rest.get(digits..).and_then(|it| it.strip_prefix('>'));
    rest.map_or(line, |it| it.strip_prefix(':').unwrap_or(it).trim_start_matches(' '))
}

/// Reads one header off `text`; `None` where it has no stamp.
fn one<'r>(text: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    let first = *text.as_bytes().first()?;
    if first == b'1'
        && let Some(rest) = text.strip_prefix("1 ")
        && let Some(rest) = rfc5424(rest, header)
    {
        return Some(rest);
    }
    let (stamp, rest) = if first.is_ascii_digit() {
        numeric(text)?
    } else if first.is_ascii_alphabetic() {
        let text = after_weekday(text);
        stamp::bsd(text).or_else(|| stamp::iso(text))?
    } else if matches!(first, b'*' | b'.') {
        // Cisco marks a clock that is not set.
        stamp::bsd(text.get(1..)?)?
    } else {
        return None;
    };
    Some(behind(stamp, rest, header))
}

/// A stamp that begins with a digit.
fn numeric(text: &str) -> Option<(Stamp, &str)> {
    stamp::iso(text).or_else(|| {
        // `2016 Mar 15 12:00:00 host`, as OSSEC and its heirs write.
        let (year, rest) = text.split_at_checked(4)?;
        if let Some(rest) = rest.strip_prefix(' ') {
            let (mut stamp, rest) = stamp::bsd(rest)?;
            stamp.year = Some(year.parse().ok()?);
            return Some((stamp, rest));
        }
        stamp::dmy(text).or_else(|| {
            // `1767435072.123456 host`: the journal's `short-unix`.
            let (word, _) = text.get(..32.min(text.len()))?.split_once(' ')?;
            let is_epoch = word.split_once('.').is_some_and(|it| it.0.len() == 10);
            Some((stamp::epoch(word).filter(|_| is_epoch)?, text.get(word.len()..)?))
        })
    })
}

/// Reads what stands between a stamp and the message; gives the message.
#[inline]
fn behind<'r>(stamp: Stamp, rest: &'r str, header: &mut Header<'r>) -> &'r str {
    header.stamp = Some(stamp);
    let rest = zone_word(rest, header);
    // `Nov 24 02:09:53: message` names no host.
    match rest.as_bytes().first() {
        Some(b':') => rest.trim_start_matches(':').trim_start_matches(' '),
        _ => host(rest, header),
    }
}

/// Takes off `Tue ` before a month or a year.
fn after_weekday(text: &str) -> &str {
    match text.as_bytes() {
        [
            b'M' | b'T' | b'W' | b'F' | b'S',
            b'o' | b'u' | b'e' | b'h' | b'r' | b'a',
            _,
            b' ',
            ..,
        ] if stamp::month(text.as_bytes()).is_none() => text.get(4..).unwrap_or(text),
        _ => text,
    }
}

/// `TIMESTAMP HOST APP PROCID MSGID SD MSG` behind the version. Of a device that knows only the first two of them,
/// the rest is its message.
fn rfc5424<'r>(text: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    let (word, rest) = text.split_at_checked(memchr(b' ', text.as_bytes())?)?;
    let stamp = match word {
        "-" => None,
        // Meraki puts seconds since 1970 in its place.
        _ => Some(stamp::iso(word).map(|it| it.0).or_else(|| stamp::epoch(word))?),
    };
    let mut found = Header { stamp, ..Header::default() };
    if let Some(rest) = strict(rest.strip_prefix(' ')?, &mut found) {
        *header = found;
        return Some(rest);
    }
    Some(behind(stamp?, rest, header))
}

/// `HOST APP PROCID MSGID SD MSG` as the standard has it.
fn strict<'r>(text: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    let mut rest = text;
    let mut word = || {
        let (word, tail) = rest.split_at_checked(memchr(b' ', rest.as_bytes())?)?;
        rest = tail.get(1..)?;
        Some(Some(word).filter(|it| *it != "-"))
    };
    let (host, app, pid, _) = (word()?, word()?, word()?, word()?);
    let is_name =
        |it: &str| it.len() <= TAG_CAP && !it.bytes().any(|it| b"=,|{}\"<>".contains(&it));
    if !app.is_none_or(is_name) {
        return None;
    }
    let (structured, rest) = match rest.strip_prefix('-') {
        Some(tail) if tail.is_empty() || tail.starts_with(' ') => (None, tail),
        _ => {
            let (structured, tail) = rest.split_at_checked(structured_end(rest)?)?;
            (Some(structured), tail)
        }
    };
    header.host = host;
    header.app = app.map(|it| it.strip_suffix(':').unwrap_or(it));
    (header.pid, header.structured) = (pid, structured);
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    Some(rest.strip_prefix('\u{feff}').unwrap_or(rest))
}

/// The length of the structured data elements at the start of `text`.
fn structured_end(text: &str) -> Option<usize> {
    let (mut is_quoted, mut is_escaped, mut depth) = (false, false, 0u32);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b'[' if !is_quoted => depth += 1,
            b']' if !is_quoted => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return (0 < at).then_some(at),
            _ => {}
        }
    }
    (depth == 0).then_some(text.len())
}
