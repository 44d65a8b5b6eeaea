//! The words of a header behind its stamp: zone, host, tag.

use memchr::memchr;

use super::Header;

/// Longest program name taken for a tag.
pub(super) const TAG_CAP: usize = 64;

/// A byte of a host's name.
const HOST: u8 = 1;
/// A byte of a program's name.
const TAG: u8 = 2;
/// A byte that is no digit.
const OTHER: u8 = 4;
/// A byte of a name that is all capitals.
const CAPITAL: u8 = 8;

/// What each byte may be.
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
        let is_tag = is_name || matches!(it, b'(' | b')');
        #[expect(clippy::indexing_slicing, reason = "the loop ends at 255")]
        let slot = &mut table[byte];
        *slot = if is_host { HOST } else { 0 }
            | if is_tag { TAG } else { 0 }
            | if it.is_ascii_digit() { 0 } else { OTHER }
            | if it.is_ascii_uppercase() { CAPITAL } else { 0 };
        byte += 1;
    }
    table
}

/// What `byte` may be.
#[inline]
fn part(byte: u8) -> u8 {
    PARTS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// The first word, what all and what any of its bytes may be, and the text behind the blank that ends it.
#[inline]
fn classed(text: &str) -> Option<(&str, u8, u8, &str)> {
    let (mut all, mut any, mut len) = (u8::MAX, 0, 0);
    for byte in text.bytes() {
        if byte == b' ' {
            let (word, rest) = text.split_at_checked(len)?;
            return Some((word, all, any, rest.get(1..)?));
        }
        let part = part(byte);
        (all, any, len) = (all & part, any | part, len + 1);
    }
    None
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
#[inline]
pub(super) fn zone_word<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let Some(tail) = rest.strip_prefix(' ') else {
        return rest;
    };
    if !tail.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
        return rest;
    }
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

/// `authpriv.notice`, as `OpenWrt`'s `logread` writes, or `<auth.info>`, as BSD and `NetScaler` do.
fn is_facility(word: &str) -> bool {
    let word = word.strip_prefix('<').and_then(|it| it.strip_suffix('>')).unwrap_or(word);
    word.split_once('.').is_some_and(|it| SEVERITIES.contains(&it.1))
}

/// Reads the host behind a stamp, and takes off the colon of Cisco's ` : `.
#[inline]
pub(super) fn host<'r>(rest: &'r str, header: &mut Header<'r>) -> &'r str {
    let rest = rest.strip_prefix(' ').unwrap_or(rest).trim_start_matches(' ');
    let Some((word, all, any, tail)) = classed(rest) else {
        return rest;
    };
    let first = word.as_bytes().first().map_or(0, |it| *it);
    let is_named = first.is_ascii_alphanumeric() || 0x7f < first || matches!(first, b'_' | b':');
    if all & HOST != 0 && is_named && !word.ends_with(':') {
        if is_other_word(word, all) {
            return other_word(rest, word, tail.trim_start_matches(' '), header);
        }
        if any & OTHER == 0 {
            return rest;
        }
        header.host = Some(word);
        return behind_host(tail);
    }
    if word.starts_with('<') && is_facility(word) {
        return host(tail, header);
    }
    forwarded(word, tail, header).unwrap_or(rest)
}

/// What follows the host, without a facility or a colon of its own.
#[inline]
pub(super) fn behind_host(tail: &str) -> &str {
    let tail = match tail.as_bytes().first() {
        Some(b' ') => tail.trim_start_matches(' '),
        _ => tail,
    };
    match tail.as_bytes().first() {
        Some(b':') => tail.strip_prefix(": ").map_or(tail, |it| it.trim_start_matches(' ')),
        Some(b'<') => match cut(tail) {
            Some((word, behind)) if word.ends_with('>') && is_facility(word) => behind,
            _ => tail,
        },
        _ => tail,
    }
}

/// Whether `word` may be one of those that stand where a host would.
#[inline]
fn is_other_word(word: &str, all: u8) -> bool {
    let last = word.as_bytes().last().map_or(0, |it| *it);
    // Levels are capitals; severities and container streams end with these.
    all & CAPITAL != 0 || matches!(last, b't' | b'r' | b'g' | b'o' | b'n' | b'e')
}

fn other_word<'r>(rest: &'r str, word: &'r str, tail: &'r str, header: &mut Header<'r>) -> &'r str {
    if LEVELS.contains(&word) {
        return tail;
    }
    if word.as_bytes().contains(&b'.') && is_facility(word) {
        return host(tail, header);
    }
    if matches!(word, "stdout" | "stderr")
        && let Some(message) = tail.strip_prefix("F ").or_else(|| tail.strip_prefix("P "))
    {
        // A container's log as Kubernetes keeps it.
        return message;
    }
    let behind = rest.get(word.len() + 1..).unwrap_or_default();
    header.host = Some(word);
    behind_host(behind)
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
            bytes.iter().take(TAG_CAP).take_while(|it| part(**it) & TAG != 0).count()
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
    let head = text.as_bytes().get(..text.len().min(33)).unwrap_or_default();
    let (pid, rest) = text.split_at_checked(memchr(b']', head)?)?;
    if pid.as_bytes().contains(&b' ') {
        return None;
    }
    Some((pid, rest.get(1..)?))
}

/// `[sshd]: message`, where the template of a relay has it so.
fn bracketed<'r>(body: &'r str, header: &mut Header<'r>) {
    let inner = body.strip_prefix('[').and_then(pid);
    let Some((name, message)) = inner.and_then(|it| Some((it.0, it.1.strip_prefix(": ")?))) else {
        return;
    };
    let is_name = name.bytes().all(|it| part(it) & TAG != 0)
        && name.bytes().any(|it| it.is_ascii_lowercase());
    if is_name && !SEVERITIES.contains(&name) {
        (header.app, header.message) = (Some(name), message.trim_start_matches(' '));
    }
}

/// Splits `host app[4711]: message`: a journal printed without its stamp, or a device that names itself twice.
pub(super) fn tag_behind_host<'r>(body: &'r str, header: &mut Header<'r>) {
    let head = body.as_bytes().get(..body.len().min(TAG_CAP)).unwrap_or_default();
    let Some((word, rest)) = memchr(b' ', head).and_then(|it| body.split_at_checked(it)) else {
        return;
    };
    let rest = rest.get(1..).unwrap_or_default();
    let reach = rest.as_bytes().get(..rest.len().min(TAG_CAP)).unwrap_or_default();
    if memchr(b'[', reach).is_none() {
        return;
    }
    let is_host = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b':');
    if word.is_empty() || !word.bytes().all(is_host) {
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
