//! Time stamps as logs write them, read without regular expressions.

/// A civil time as written; `year` and `offset` only where the log states them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Four-digit year.
    pub(crate) year: Option<i16>,
    /// 1 to 12.
    pub(crate) month: u8,
    /// 1 to 31.
    pub(crate) day: u8,
    /// Seconds since midnight, leap second included.
    pub(crate) second: u32,
    /// Milliseconds of the second.
    pub(crate) millis: u16,
    /// Seconds east of UTC.
    pub(crate) offset: Option<i32>,
}

impl Stamp {
    /// Checks the ranges of what was read.
    fn checked(self) -> Option<Self> {
        let leap = self.year.is_none_or(|it| it % 4 == 0 && (it % 100 != 0 || it % 400 == 0));
        let last = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1 <= self.day && self.day <= last && self.second <= 86_400).then_some(self)
    }

    /// This stamp with the year that `other`, written at about the same time, states.
    pub(crate) fn dated_by(mut self, other: Self) -> Self {
        if self.year.is_none() {
            self.year =
                other.year.map(|year| match i16::from(self.month) - i16::from(other.month) {
                    ..=-7 => year.saturating_add(1),
                    7.. => year.saturating_sub(1),
                    _ => year,
                });
        }
        self
    }

    /// Milliseconds since 1970 of this civil time in UTC, `year` given.
    pub(crate) fn utc_millis(self, year: i16) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        // Days from civil, after Howard Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = i64::from(year) - i64::from(month <= 2);
        let era = shifted.div_euclid(400);
        let of_era = shifted - era * 400;
        let of_year = (153 * (month + if 2 < month { -3 } else { 9 }) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        (days * 86_400 + i64::from(self.second)) * 1000 + i64::from(self.millis)
    }
}

/// Two digits; the first may be a blank.
const fn two(high: u8, low: u8) -> Option<u8> {
    let high = if high == b' ' { b'0' } else { high };
    if high.is_ascii_digit() && low.is_ascii_digit() {
        Some((high - b'0') * 10 + low - b'0')
    } else {
        None
    }
}

fn four(text: [u8; 4]) -> Option<i16> {
    let [a, b, c, d] = text;
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(i16::from(two(a, b)?) * 100 + i16::from(two(c, d)?))
}

/// `hh:mm:ss` as seconds since midnight; the first digit of the hour may be a blank.
#[inline]
fn clock(text: &[u8]) -> Option<(u32, &[u8])> {
    let (chunk, rest) = text.split_first_chunk::<8>()?;
    // All eight bytes at once: a bit for every digit above nine, then the tens and the ones.
    let blank = if chunk.first() == Some(&b' ') { u64::from(b' ' ^ b'0') } else { 0 };
    let word = (u64::from_le_bytes(*chunk) ^ blank) ^ 0x3030_3a30_303a_3030;
    let above = word.wrapping_add(0x7676_7f76_767f_7676) | word;
    if above & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8);
    let pair = |at: u32| u32::try_from(pairs >> at & 0xff).unwrap_or(0);
    let (hour, minute, second) = (pair(0), pair(24), pair(48));
    if 23 < hour || 59 < minute || 60 < second {
        return None;
    }
    Some((hour * 3600 + minute * 60 + second, rest))
}

/// `hh:mm:ss`, `hh:mm:ss.123` or `hh:mm:ss,123` before a blank or a colon: seconds since midnight, milliseconds, and
/// the rest.
#[inline]
pub(crate) fn plain_clock(text: &[u8]) -> Option<(u32, u16, &[u8])> {
    let (second, rest) = clock(text)?;
    let (millis, rest) = match rest.first()? {
        b' ' | b':' => (0, rest),
        _ => fraction(rest),
    };
    matches!(rest.first()?, b' ' | b':').then_some((second, millis, rest))
}

/// `.123456` or `,123` as whole milliseconds; nothing where no fraction stands.
fn fraction(text: &[u8]) -> (u16, &[u8]) {
    let Some(([b'.' | b','], digits)) = text.split_first_chunk::<1>() else {
        return (0, text);
    };
    let len = digits.iter().take_while(|it| it.is_ascii_digit()).count();
    if len == 0 {
        return (0, text);
    }
    let mut padded =
        digits.iter().take(len).chain(std::iter::repeat(&b'0')).map(|it| u16::from(*it - b'0'));
    let mut next = || padded.next().unwrap_or(0);
    let millis = next() * 100 + next() * 10 + next();
    (millis, digits.get(len..).unwrap_or_default())
}

/// `Z`, `+hh:mm`, `+hhmm` or `+hh` as seconds east of UTC.
fn offset(text: &[u8]) -> (Option<i32>, &[u8]) {
    if let Some(([b'Z' | b'z'], rest)) = text.split_first_chunk::<1>() {
        return (Some(0), rest);
    }
    let Some((&[sign @ (b'+' | b'-'), h1, h2], rest)) = text.split_first_chunk::<3>() else {
        return (None, text);
    };
    let Some(hours) = two(h1, h2) else { return (None, text) };
    let minutes = rest.strip_prefix(b":").unwrap_or(rest);
    let (minute, rest) = match minutes.split_first_chunk::<2>() {
        Some((&[m1, m2], after)) if m1.is_ascii_digit() && m2.is_ascii_digit() => {
            (two(m1, m2).unwrap_or(0), after)
        }
        _ => (0, rest),
    };
    if 18 < hours || 59 < minute {
        return (None, text);
    }
    let seconds = i32::from(hours) * 3600 + i32::from(minute) * 60;
    (Some(if sign == b'-' { -seconds } else { seconds }), rest)
}

/// `+02:00`, `-0700` or `Z` as seconds east of UTC.
pub(crate) fn zone(text: &str) -> Option<i32> {
    offset(text.as_bytes()).0
}

fn rest_of<'r>(text: &'r str, rest: &[u8]) -> Option<&'r str> {
    text.get(text.len() - rest.len()..)
}

/// The number of an English month, by its first three letters in any case.
#[inline]
pub(crate) fn month(text: &[u8]) -> Option<u8> {
    let &[a, b, c] = text.first_chunk::<3>()?;
    // The last two letters tell it.
    let (first, number) = match [b | 0x20, c | 0x20] {
        [b'a', b'n'] => (b'j', 1),
        [b'e', b'b'] => (b'f', 2),
        [b'a', b'r'] => (b'm', 3),
        [b'p', b'r'] => (b'a', 4),
        [b'a', b'y'] => (b'm', 5),
        [b'u', b'n'] => (b'j', 6),
        [b'u', b'l'] => (b'j', 7),
        [b'u', b'g'] => (b'a', 8),
        [b'e', b'p'] => (b's', 9),
        [b'c', b't'] => (b'o', 10),
        [b'o', b'v'] => (b'n', 11),
        [b'e', b'c'] => (b'd', 12),
        _ => return None,
    };
    let is_word = a | 0x20 == first && b.is_ascii_alphabetic() && c.is_ascii_alphabetic();
    is_word.then_some(number)
}

/// `Nov 24 02:09:53`, `Nov  4 2026 02:09:53`, `Nov 24 02:09:53.123`, `Nov 24 02:09:53 2026`; with the text behind it.
pub(crate) fn bsd(text: &str) -> Option<(Stamp, &str)> {
    let bytes = text.as_bytes();
    let month = month(bytes)?;
    let (&[_, _, _, b' ', d1, d2], mut rest) = bytes.split_first_chunk::<6>()? else {
        return None;
    };
    let day = if d2 == b' ' && d1.is_ascii_digit() {
        rest = bytes.get(5..)?;
        d1 - b'0'
    } else {
        two(d1, d2)?
    };
    rest = rest.strip_prefix(b" ")?;
    let mut year = None;
    if let Some((digits, after)) = rest.split_first_chunk::<4>()
        && let Some(stated) = four(*digits)
        && after.first() == Some(&b' ')
    {
        year = Some(stated);
        rest = after.get(1..)?;
    }
    let (second, rest) = clock(rest)?;
    let (millis, mut rest) = fraction(rest);
    if year.is_none()
        && let Some((&[b' ', a, b, c, d], after)) = rest.split_first_chunk::<5>()
        && matches!((a, b), (b'1', b'9') | (b'2', b'0'))
        && after.first().is_none_or(|it| matches!(it, b' ' | b':'))
        && let Some(stated) = four([a, b, c, d])
    {
        year = Some(stated);
        rest = after;
    }
    Some((
        Stamp { year, month, day, second, millis, offset: None }.checked()?,
        rest_of(text, rest)?,
    ))
}

/// `2026-11-24T02:09:53.123+01:00`, `2026-11-24 02:09:53`, `2026/11/24 02:09:53,123 +0100`; with the text behind it.
pub(crate) fn iso(text: &str) -> Option<(Stamp, &str)> {
    let (&[y1, y2, y3, y4, d1, m1, m2, d2, n1, n2], rest) = text.as_bytes().split_first_chunk()?;
    if d1 != d2 || !matches!(d1, b'-' | b'/') {
        return None;
    }
    let (year, month, day) = (four([y1, y2, y3, y4])?, two(m1, m2)?, two(n1, n2)?);
    let ([b'T' | b't' | b' ' | b':'], rest) = rest.split_first_chunk::<1>()? else {
        return None;
    };
    let (second, rest) = clock(rest)?;
    let (millis, rest) = fraction(rest);
    let spaced = rest.strip_prefix(b" ").filter(|it| matches!(it.first(), Some(b'+' | b'-')));
    let (mut offset_seconds, mut after) = offset(spaced.unwrap_or(rest));
    if spaced.is_some() && offset_seconds.is_none() {
        (offset_seconds, after) = (None, rest);
    }
    let stamp = Stamp { year: Some(year), month, day, second, millis, offset: offset_seconds };
    Some((stamp.checked()?, rest_of(text, after)?))
}

/// A count since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its size; as milliseconds.
pub(crate) fn epoch_millis(text: &str) -> Option<i64> {
    let count: i64 = text.parse().ok()?;
    match count {
        ..=0 => None,
        1..=99_999_999_999 => Some(count * 1000),
        100_000_000_000..=99_999_999_999_999 => Some(count),
        100_000_000_000_000..=99_999_999_999_999_999 => Some(count / 1000),
        _ => Some(count / 1_000_000),
    }
}

/// `1767441600`, `1767441600.123`, or the same in milli-, micro- or nanoseconds.
pub(crate) fn epoch(text: &str) -> Option<Stamp> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = 9 <= whole.len() && whole.bytes().all(|it| it.is_ascii_digit());
    let millis = epoch_millis(whole).filter(|_| is_number)?;
    let (part, _) = fraction(format!(".{part}").as_bytes());
    of_unix_millis(millis + if whole.len() <= 10 { i64::from(part) } else { 0 })
}

/// The stamp, in UTC, of `millis` since 1970.
pub(crate) fn of_unix_millis(millis: i64) -> Option<Stamp> {
    let time = jiff::Timestamp::from_millisecond(millis).ok()?;
    let civil = jiff::tz::TimeZone::UTC.to_datetime(time);
    let since_midnight = millis.rem_euclid(86_400_000);
    Some(Stamp {
        year: Some(civil.year()),
        month: civil.month().unsigned_abs(),
        day: civil.day().unsigned_abs(),
        second: u32::try_from(since_midnight / 1000).ok()?,
        millis: u16::try_from(since_midnight % 1000).ok()?,
        offset: Some(0),
    })
}

/// `24-Nov-2026 02:09:53.123`, as Tomcat and BIND write; with the text behind it.
pub(crate) fn dmy(text: &str) -> Option<(Stamp, &str)> {
    let (&[d1, d2, b'-', a, b, c, b'-', y1, y2, y3, y4, b' '], rest) =
        text.as_bytes().split_first_chunk::<12>()?
    else {
        return None;
    };
    let (day, month, year) = (two(d1, d2)?, month(&[a, b, c])?, four([y1, y2, y3, y4])?);
    let (second, rest) = clock(rest)?;
    let (millis, rest) = fraction(rest);
    let stamp = Stamp { year: Some(year), month, day, second, millis, offset: None };
    Some((stamp.checked()?, rest_of(text, rest)?))
}

/// `8/22/2022 6:11:52 PM`, `2/11/2021, 3:58:01.241 AM`, as Microsoft's portals write; with the text behind it.
pub(crate) fn us(text: &str) -> Option<(Stamp, &str)> {
    let (month, rest) = text.split_once('/')?;
    let (day, rest) = rest.split_once('/')?;
    let (year, rest) = rest.split_at_checked(4)?;
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches(' ');
    let padded;
    let is_short = rest.as_bytes().get(1) == Some(&b':');
    let clock_text = if is_short {
        padded = format!("0{rest}");
        padded.as_str()
    } else {
        rest
    };
    let (mut second, tail) = clock(clock_text.as_bytes())?;
    let (millis, tail) = fraction(tail);
    let half = tail.get(..3).unwrap_or_default();
    let is_half = half.eq_ignore_ascii_case(b" AM") || half.eq_ignore_ascii_case(b" PM");
    if is_half {
        let is_evening = half.eq_ignore_ascii_case(b" PM");
        second = second % 43_200 + if is_evening { 43_200 } else { 0 };
    }
    let rest = rest_of(rest, if is_half { tail.get(3..)? } else { tail })?;
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let stamp = Stamp { year: Some(year), month, day, second, millis, offset: None };
    Some((stamp.checked()?, rest))
}

/// An ISO or US stamp of a service that writes UTC, whether it says so or not.
pub(crate) fn utc(text: &str) -> Option<Stamp> {
    let (mut stamp, _) = iso(text).or_else(|| us(text))?;
    stamp.offset.get_or_insert(0);
    Some(stamp)
}

/// A stamp of parts that a format has read itself; `clock_text` is `hh:mm:ss[.fff]`.
pub(crate) fn of_parts(
    year: Option<i16>,
    month: u8,
    day: u8,
    clock_text: &str,
) -> Option<(Stamp, &str)> {
    let (second, rest) = clock(clock_text.as_bytes())?;
    let (millis, rest) = fraction(rest);
    let stamp = Stamp { year, month, day, second, millis, offset: None };
    Some((stamp.checked()?, rest_of(clock_text, rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_is_read_and_nothing_else() {
        for second in 0..86_400 {
            let (hour, minute) = (second / 3600, second / 60 % 60);
            let text = format!("{hour:02}:{minute:02}:{:02}", second % 60);
            assert_eq!(clock(text.as_bytes()), Some((second, &b""[..])), "{text}");
        }
        assert_eq!(clock(b"23:59:60x"), Some((86_400, &b"x"[..])));
        assert_eq!(clock(b" 2:03:04"), Some((7384, &b""[..])));
        for byte in (0..=255u8).filter(|it| !it.is_ascii_digit()) {
            for at in 0..8 {
                let mut text = *b"12:34:56";
                text[at] = byte;
                let is_same = &text == b"12:34:56" || (at, byte) == (0, b' ');
                assert_eq!(clock(&text).is_some(), is_same, "{text:?}");
            }
        }
        for text in ["24:00:00", "23:60:00", "23:59:61", "1:23:45x", "12:34:5"] {
            assert_eq!(clock(text.as_bytes()), None, "{text}");
        }
    }

    fn millis(stamp: Stamp) -> i64 {
        stamp.utc_millis(stamp.year.unwrap_or(2026)) - i64::from(stamp.offset.unwrap_or(0)) * 1000
    }

    #[test]
    fn every_form_reads_the_same_moment() {
        let expected: jiff::Timestamp = "2026-11-24T02:09:53Z".parse().unwrap();
        for text in [
            "2026-11-24T02:09:53Z",
            "2026-11-24 03:09:53 +0100",
            "2026/11/24 02:09:53",
            "Nov 24 02:09:53",
            "Nov 24 2026 02:09:53",
            "Nov 24 02:09:53 2026",
            "11/24/2026 2:09:53 AM",
            "11/24/2026, 02:09:53",
        ] {
            let (stamp, rest) = iso(text).or_else(|| bsd(text)).or_else(|| us(text)).unwrap();
            assert_eq!(millis(stamp), expected.as_millisecond(), "{text}");
            assert_eq!(rest, "", "{text}");
        }
    }

    #[test]
    fn counts_of_every_unit_are_the_same_moment() {
        for text in ["1795485393", "1795485393000", "1795485393000000", "1795485393000000000"] {
            assert_eq!(epoch_millis(text), Some(1_795_485_393_000), "{text}");
        }
        assert_eq!(epoch_millis("0"), None);
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "Jan 92 00:00:06",
            "Feb 30 00:00:06",
            "2026-13-01T00:00:00Z",
            "2025-02-29 00:00:00",
            "Jan  1 24:00:00",
        ] {
            assert!(iso(text).or_else(|| bsd(text)).is_none(), "{text}");
        }
    }
}
