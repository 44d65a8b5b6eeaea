//! The words of a header behind its stamp: zone, host, tag.

use memchr::memchr;

use super::Header;

/// Longest program name taken for a tag.
pub(super) const TAG_CAP: usize = 64;

/// What a byte may be part of.
const HOST: u8 = 1;
const TAG: u8 = 2;

/// The parts that each byte may stand in.
static PARTS: [u8; 256] = parts();

const fn parts() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 255")]
        let it = byte as u8;
        let is_name =
            it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b'/' | b'%' | b'@');
        let is_host = is_name || 0x7f < it || matches!(it, b':' | b'+' | b'~' | b'#' | b'\'');
        #[expect(
            clippy::indexing_slicing,
            reason = "the loop ends at 255; checked at compile time"
        )]
        {
            table[byte] = if is_host { HOST } else { 0 }
                | if is_name || matches!(it, b'(' | b')') { TAG } else { 0 };
        }
        byte += 1;
    }
    table
}

/// Whether `byte` may stand in `part`.
#[inline]
fn is_part(part: u8, byte: u8) -> bool {
    PARTS.get(usize::from(byte)).is_some_and(|it| it & part != 0)
}

/// The first word, and the text behind the blank that ends it.
#[inline]
fn cut(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_at_checked(memchr(b' ', text.as_bytes())?)?;
    Some((word, rest.get(1..)?))
}

/// Zone words whose offset is not in doubt, in hours east of UTC (RFC 822, and those of Europe, Japan and Oceania).
const ZONES: &[(&str, i32)] = &[
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("WET", 0),
    ("WEST", 1),
    ("CET", 1),
    ("CEST", 2),
    ("EET", 2),
    ("EEST", 3),
    ("MSK", 3),
    ("JST", 9),
    ("AEST", 10),
    ("AEDT", 11),
    ("NZST", 12),
    ("NZDT", 13),
];

/// Seconds east of UTC of a zone word.
pub(super) fn zone_offset(word: &str) -> Option<i32> {
    let found = ZONES.iter().find(|it| it.0.eq_ignore_ascii_case(word));
    found.map(|it| it.1 * 3600)
}

/// Takes off a zone word such as `UTC` behind a stamp, and a year behind that.
pub(super) fn zone_word<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let Some(tail) = rest.strip_prefix(' ') else {
        return rest;
    };
    let len = tail.bytes().take(5).take_while(u8::is_ascii_uppercase).count();
    let Some((word, after)) = tail.split_at_checked(len) else { return rest };
    if len == 0 || !after.is_empty() && !after.starts_with([' ', ':']) {
        return rest;
    }
    let (Some(offset), Some(stamp)) = (zone_offset(word), &mut header.stamp) else {
        return rest;
    };
    stamp.offset = stamp.offset.or(Some(offset));
    if stamp.year.is_none()
        && let Some((year, behind)) = after.strip_prefix(' ').and_then(|it| it.split_at_checked(4))
        && let Ok(year @ 1990..2100) = year.parse()
    {
        stamp.year = Some(year);
        return behind;
    }
    after
}

/// The severities of syslog by name.
const SEVERITIES: &[&str] =
    &["emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug"];

/// Levels of other programs' logs, where a host would stand.
const LEVELS: &[&str] = &[
    "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL", "SEVERE",
    "FINE",
];

/// `authpriv.notice`, as OpenWrt's `logread` writes, or `<auth.info>`, as BSD and `NetScaler` do.
fn is_facility(word: &str) -> bool {
    let word = word.strip_prefix('<').and_then(|it| it.strip_suffix('>')).unwrap_or(word);
    word.split_once('.').is_some_and(|it| SEVERITIES.contains(&it.1))
}

/// Reads the host behind a stamp, and takes off the colon of Cisco's ` : `.
pub(super) fn host<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let rest = rest.trim_start_matches(' ');
    let Some((word, tail)) = cut(rest) else {
        return rest;
    };
    let is_plain = word.bytes().all(|it| is_part(HOST, it));
    let is_named = word
        .as_bytes()
        .first()
        .is_some_and(|it| it.is_ascii_alphanumeric() || 0x7f < *it || matches!(it, b'_' | b':'));
    if is_plain && is_named && !word.ends_with(':') {
        return plain_host(rest, word, tail.trim_start_matches(' '), header);
    }
    if word.starts_with('<') && is_facility(word) {
        return host(tail, header);
    }
    forwarded(word, tail, header).unwrap_or(rest)
}

fn plain_host<'r>(rest: &'r str, word: &'r str, tail: &'r str, header: &mut Header<'r>) -> &'r str {
    if LEVELS.contains(&word) || word.as_bytes().contains(&b'.') && is_facility(word) {
        return tail;
    }
    if matches!(word, "stdout" | "stderr")
        && let Some(message) = tail.strip_prefix("F ").or_else(|| tail.strip_prefix("P "))
    {
        // A container's log as Kubernetes keeps it.
        return message;
    }
    if word.bytes().all(|it| it.is_ascii_digit()) {
        return rest;
    }
    header.host = Some(word);
    match tail.strip_prefix('<').and_then(cut) {
        Some((facility, behind)) if facility.strip_suffix('>').is_some_and(is_facility) => behind,
        _ => tail.strip_prefix(": ").map_or(tail, |it| it.trim_start_matches(' ')),
    }
}

/// `agent->/var/log/auth.log`, `relay->192.0.2.1` and `(agent) any->WinEvtLog`, as OSSEC and Wazuh write.
fn forwarded<'r>(word: &'r str, tail: &'r str, header: &mut Header<'r>) -> Option<&'r str> {
    if let Some(agent) = word.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        let (from, tail) = cut(tail)?;
        from.contains("->").then(|| header.host = Some(agent))?;
        return Some(tail.trim_start_matches(' '));
    }
    let (agent, from) = word.split_once("->")?;
    let is_device = from.parse::<std::net::IpAddr>().is_ok();
    header.host = Some(if is_device { from } else { agent }).filter(|it| !it.is_empty());
    Some(tail.trim_start_matches(' '))
}

/// Splits `app[pid]: message`, `app: message` or `[app]: message`.
#[inline]
pub(super) fn tag<'r>(body: &'r str, header: &mut Header<'r>) {
    header.message = body;
    let bytes = body.as_bytes();
    let len = match bytes.first() {
        Some(first)
            if first.is_ascii_alphabetic() || matches!(first, b'%' | b'/' | b'(' | b'_') =>
        {
            bytes.iter().take(TAG_CAP).take_while(|it| is_part(TAG, **it)).count()
        }
        Some(b'[') => return bracketed(body, header),
        _ => return,
    };
    let Some((name, rest)) = body.split_at_checked(len) else {
        return;
    };
    let (pid, rest) = match rest.strip_prefix('[').and_then(|it| pid(it)) {
        Some((pid, rest)) => (Some(pid), rest),
        None => (None, rest),
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

/// `4711]` and the text behind it.
#[inline]
fn pid(text: &str) -> Option<(&str, &str)> {
    let len = text.bytes().take(33).position(|it| matches!(it, b']' | b' '))?;
    let (pid, rest) = text.split_at_checked(len)?;
    Some((pid, rest.strip_prefix(']')?))
}

/// `[sshd]: message`, where the template of a relay has it so.
fn bracketed<'r>(body: &'r str, header: &mut Header<'r>) {
    let inner = body.strip_prefix('[').and_then(pid);
    let Some((name, message)) = inner.and_then(|it| Some((it.0, it.1.strip_prefix(": ")?))) else {
        return;
    };
    let is_name =
        name.bytes().all(|it| is_part(TAG, it)) && name.bytes().any(|it| it.is_ascii_lowercase());
    if is_name && !SEVERITIES.contains(&name) {
        (header.app, header.message) = (Some(name), message.trim_start_matches(' '));
    }
}

/// Splits `host app[4711]: message`: a journal printed without its stamp, or a device that names itself twice.
pub(super) fn tag_behind_host<'r>(body: &'r str, header: &mut Header<'r>) {
    let Some((word, rest)) = cut(body) else {
        return;
    };
    let is_host = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b':');
    if word.is_empty() || TAG_CAP < word.len() || !word.bytes().all(is_host) {
        return;
    }
    let mut inner = Header::default();
    tag(rest, &mut inner);
    if inner.pid.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit())) {
        header.host = Some(word);
        (header.app, header.pid) = (inner.app, inner.pid);
        (header.body, header.message) = (rest, inner.message);
    }
}
