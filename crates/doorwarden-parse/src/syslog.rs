//! Syslog headers: RFC 3164 with and without year, RFC 5424, ISO stamps, octet counts, relays' second headers.
//!
//! The header is peeled off once, before the formats; what stays is who wrote the record and what it says.

use crate::stamp::{self, Stamp};

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

/// Splits `line` into header and message; a line without a header is all message.
#[inline]
pub(crate) fn split(line: &str) -> Header<'_> {
    let mut header = Header { body: line, message: line, ..Header::default() };
    let text = priority(octet_count(line));
    let Some(rest) = one(text, &mut header) else {
        header.body = text;
        tag(text, &mut header);
        return header;
    };
    // A relay puts its own header before the device's: the device's is the one that counts.
    let mut body = rest;
    for _ in 0..2 {
        let inner = priority(octet_count(body));
        // A device's header starts with `<`, a letter (month) or a digit (year): cheap to rule out.
        let mut nested = Header::default();
        match one(inner, &mut nested) {
            Some(rest) if nested.host.is_some() || inner.len() != body.len() || is_bare(rest) => {
                header.stamp = nested.stamp;
                header.host = nested.host.or(header.host);
                header.structured = nested.structured.or(header.structured);
                (header.app, header.pid) = (nested.app, nested.pid);
                body = rest;
            }
            _ => break,
        }
    }
    header.body = body;
    header.message = body;
    if header.app.is_none() {
        tag(body, &mut header);
    }
    header
}

/// Whether a message follows directly behind an inner stamp without host, as appliances write.
fn is_bare(rest: &str) -> bool {
    rest.starts_with(": %") || rest.starts_with('%')
}

/// Takes off `123 ` where it is a count of octets before a priority (RFC 6587).
fn octet_count(line: &str) -> &str {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
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
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || 3 < digits {
        return line;
    }
    let rest = rest.get(digits..).and_then(|it| it.strip_prefix('>'));
    rest.map_or(line, |it| it.strip_prefix(':').unwrap_or(it).trim_start())
}

/// Reads one header off `text`; `None` where it has no stamp.
fn one<'r>(text: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    let first = *text.as_bytes().first()?;
    if first.is_ascii_alphabetic() {
        let text = after_weekday(text);
        let (stamp, rest) = stamp::bsd(text)?;
        header.stamp = Some(stamp);
        return Some(host(zone_word(rest, header), header));
    }
    if !first.is_ascii_digit() {
        return None;
    }
    if let Some(rest) = text.strip_prefix("1 ")
        && let Some(rest) = rfc5424(rest, header)
    {
        return Some(rest);
    }
    if let Some((stamp, rest)) = stamp::iso(text) {
        header.stamp = Some(stamp);
        return Some(host(zone_word(rest, header), header));
    }
    // `2016 Mar 15 12:00:00 host`, as OSSEC and its heirs write.
    let (year, rest) = text.split_at_checked(4)?;
    let (mut stamp, rest) = stamp::bsd(rest.strip_prefix(' ')?)?;
    stamp.year = Some(year.parse().ok()?);
    header.stamp = Some(stamp);
    Some(host(rest, header))
}

/// Takes off `Tue ` before a month.
fn after_weekday(text: &str) -> &str {
    match text.as_bytes().first_chunk::<4>() {
        Some([b'M' | b'T' | b'W' | b'F' | b'S', _, _, b' '])
            if stamp::month(text.as_bytes()).is_none() =>
        {
            text.get(4..).unwrap_or(text)
        }
        _ => text,
    }
}

/// Takes off a zone word such as `UTC` behind a stamp.
fn zone_word<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let Some(tail) = rest.strip_prefix(' ') else {
        return rest;
    };
    for word in ["UTC", "GMT"] {
        if let Some(after) = tail.strip_prefix(word)
            && after.starts_with([' ', ':'])
        {
            if let Some(stamp) = &mut header.stamp {
                stamp.offset = Some(0);
            }
            return after;
        }
    }
    rest
}

/// Reads the host behind a stamp, and takes off the colon of Cisco's ` : `.
fn host<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start_matches(' ');
    if rest.starts_with('%') || rest.starts_with('<') {
        return rest;
    }
    let Some((word, tail)) = rest.split_once(' ') else {
        return rest;
    };
    let is_tag = word.ends_with(':') || word.contains(['[', '(', '=', ',', '"', '{']);
    // `STAMP - node - [address] ...` is how Ivanti writes: no host, but its own fields.
    let is_dashed = word == "-" && tail.split(' ').nth(1) == Some("-");
    if is_tag || word.is_empty() || is_dashed {
        return rest;
    }
    header.host = Some(word);
    let tail = tail.trim_start_matches(' ');
    tail.strip_prefix(": ").map_or(tail, |it| it.trim_start_matches(' '))
}

/// `TIMESTAMP HOST APP PROCID MSGID SD MSG` behind the version.
fn rfc5424<'r>(text: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    let mut words = text.splitn(6, ' ');
    let stamp = words.next()?;
    header.stamp = if stamp == "-" { None } else { Some(stamp::iso(stamp)?.0) };
    let mut word = || words.next().map(|it| Some(it).filter(|it| *it != "-"));
    header.host = word()?;
    header.app = word()?;
    header.pid = word()?;
    word()?;
    let rest = words.next()?;
    if let Some(rest) = rest.strip_prefix('-') {
        return Some(unmarked(rest));
    }
    let end = structured_end(rest)?;
    let (structured, rest) = rest.split_at_checked(end)?;
    header.structured = Some(structured);
    Some(unmarked(rest))
}

fn unmarked(rest: &str) -> &str {
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    rest.strip_prefix('\u{feff}').unwrap_or(rest)
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

/// Longest program name taken for a tag.
const TAG_CAP: usize = 64;

/// Splits `app[pid]: message` or `app: message`.
#[inline]
fn tag<'r>(body: &'r str, header: &mut Header<'r>) {
    header.message = body;
    let bytes = body.as_bytes();
    if !bytes
        .first()
        .is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, b'%' | b'/' | b'(' | b'_'))
    {
        return;
    }
    let is_name = |it: &u8| {
        it.is_ascii_alphanumeric()
            || matches!(it, b'-' | b'_' | b'.' | b'/' | b'%' | b'@' | b'(' | b')')
    };
    let len = bytes.iter().take(TAG_CAP).take_while(|it| is_name(it)).count();
    let Some((name, rest)) = body.split_at_checked(len) else {
        return;
    };
    let (pid, rest) = match rest.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((pid, rest)) if pid.len() <= 32 && !pid.contains(' ') => (Some(pid), rest),
        _ => (None, rest),
    };
    let message = match rest.strip_prefix(':') {
        Some(message)
            if message.is_empty() || message.starts_with([' ', '\t']) || name.starts_with('%') =>
        {
            message
        }
        // `sshd[4711] Accepted ...`: some relays lose the colon.
        _ if pid.is_some() && rest.starts_with(' ') => rest,
        _ => return,
    };
    header.app = Some(name);
    header.pid = pid;
    header.message = message.trim_start_matches(' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_all_kinds_come_off() {
        for (line, host, app, message) in [
            ("Nov 24 02:09:53 vm sshd[25642]: hello", Some("vm"), Some("sshd"), "hello"),
            ("<38>Nov 24 02:09:53 vm sshd[25642]: hello", Some("vm"), Some("sshd"), "hello"),
            (
                "<38>1 2026-11-24T02:09:53.1+01:00 vm sshd 25642 - - hello",
                Some("vm"),
                Some("sshd"),
                "hello",
            ),
            (
                "67 <38>1 2026-11-24T02:09:53Z vm sshd 2 ID [a@1 x=\"]\\\"\"][b] hello",
                Some("vm"),
                Some("sshd"),
                "hello",
            ),
            ("2026-11-24T02:09:53+00:00 vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
            (
                "Nov 24 02:09:53 relay Nov 24 02:09:52 vm sshd[1]: hello",
                Some("vm"),
                Some("sshd"),
                "hello",
            ),
            ("Nov 24 02:09:53 sshd[1]: hello", None, Some("sshd"), "hello"),
            ("sshd[1]: hello", None, Some("sshd"), "hello"),
            ("hello there: you", None, None, "hello there: you"),
            (
                "<166>Oct 01 2026 00:00:00 fw : %ASA-6-113039: Group",
                Some("fw"),
                Some("%ASA-6-113039"),
                "Group",
            ),
            (
                "<166>Oct 01 2026 00:00:00: %ASA-6-113039: Group",
                None,
                Some("%ASA-6-113039"),
                "Group",
            ),
            (
                "Oct 01 00:00:00 1.2.3.4 Oct 01 2026 00:00:00: %ASA-6-113039: Group",
                Some("1.2.3.4"),
                Some("%ASA-6-113039"),
                "Group",
            ),
            (
                "<166>:Oct 01 2026 00:00:00 UTC: %ASA-auth-6-113039: Group",
                None,
                Some("%ASA-auth-6-113039"),
                "Group",
            ),
            ("2016 Mar 15 12:00:00 vm su[3]: hello", Some("vm"), Some("su"), "hello"),
        ] {
            let got = split(line);
            assert_eq!((got.host, got.app, got.message), (host, app, message), "{line}");
        }
    }

    #[test]
    fn words_behind_a_stamp_need_not_be_a_host() {
        for (line, host, app, message) in [
            ("2026-11-24 02:09:53 UTC vm su[3]: hello", Some("vm"), Some("su"), "hello"),
            (
                "<174>1 2026-11-24T02:09:53Z vpn Pulse - - - 2026-11-24 02:09:53 - n1 - [::1] x",
                Some("vpn"),
                Some("Pulse"),
                "2026-11-24 02:09:53 - n1 - [::1] x",
            ),
            ("2026-11-24 02:09:53 - n1 - [::1] x", None, None, "- n1 - [::1] x"),
        ] {
            let got = split(line);
            assert_eq!((got.host, got.app, got.message), (host, app, message), "{line}");
        }
    }
}
