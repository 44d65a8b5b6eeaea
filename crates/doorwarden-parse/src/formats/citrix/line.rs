//! The header that every audit message has: date, appliance, packet engine, kind.

use crate::{
    Record, Reject,
    stamp::{self, Stamp},
};

/// A message, cut into its parts.
#[derive(Debug)]
pub(super) struct Line<'r> {
    /// When it was written.
    pub(super) date: Date<'r>,
    /// The appliance.
    pub(super) host: Option<&'r str>,
    /// `SSLVPN LOGIN`: feature and kind, as one text.
    pub(super) name: &'r str,
    /// The feature alone.
    pub(super) feature: &'r str,
    /// The kind alone.
    pub(super) kind: &'r str,
    /// What it says.
    pub(super) text: &'r str,
}

/// A date whose order of day and month is not known yet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Date<'r> {
    /// The header's stamp is the message's own.
    Header,
    /// Year, month and day are told apart.
    Known(Stamp),
    /// Two numbers of up to 12 could be month and day either way.
    Open { first: u8, second: u8, year: i16, clock: &'r str, offset: Option<i32> },
}

/// Which of the two numbers is the day, as far as the source has shown it.
#[derive(Debug, Default)]
pub(super) struct Order {
    is_day_first: Option<bool>,
}

/// Words that may stand between the syslog header and the message's own date: a priority in words, a host.
const WORDS_BEFORE: usize = 3;

/// Longest text searched for a CEF header.
const CEF_WITHIN: usize = 96;

/// Whether it is an application firewall message in CEF.
pub(super) fn is_cef(record: &Record<'_>) -> bool {
    let body = record.body;
    body.find("CEF:0|Citrix|").is_some_and(|at| at <= CEF_WITHIN)
}

/// Reads the message of `record`; `None` where it is none.
pub(super) fn read<'r>(record: &Record<'r>) -> Option<Line<'r>> {
    // Cheap to rule out, and nearly all other lines are.
    memchr::memmem::find(record.body.as_bytes(), b"PPE-")?;
    let body = record.body.trim_start();
    if let Some((engine, rest)) = body.split_once(" :")
        && is_engine(engine)
    {
        // The syslog header reader took date and host for its own.
        return kind(Date::Header, None, rest);
    }
    let mut rest = body;
    for _ in 0..=WORDS_BEFORE {
        let (word, tail) = rest.split_once(' ')?;
        if let Some(date) = date(word, tail) {
            return behind_date(date, tail);
        }
        // A tag or a quoted text there means that somebody else speaks.
        if word.ends_with(':') || word.contains(['[', '"', '=', '{']) {
            return None;
        }
        rest = tail.trim_start();
    }
    None
}

/// Reads `GMT host 0-PPE-0 : ...`.
fn behind_date<'r>(date: Date<'r>, rest: &'r str) -> Option<Line<'r>> {
    let rest = rest.trim_start();
    let rest = after_zone(rest).unwrap_or(rest).trim_start();
    let (head, tail) = rest.split_once(" :")?;
    let (host, engine) = match head.rsplit_once(' ') {
        Some((host, engine)) => (Some(host.trim()), engine),
        None => (None, head),
    };
    if !is_engine(engine) || host.is_some_and(|it| it.contains(' ')) {
        return None;
    }
    kind(date, host, tail)
}

fn after_zone(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC"))?;
    rest.starts_with(' ').then_some(rest)
}

/// `0-PPE-0` or `PPE-0`.
fn is_engine(word: &str) -> bool {
    let Some((before, after)) = word.split_once("PPE-") else { return false };
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    is_number(before.strip_suffix('-').unwrap_or(before)) && !after.is_empty() && is_number(after)
}

/// Reads ` default SSLVPN LOGIN 123 0 : text`; partition and numbers may be missing.
fn kind<'r>(date: Date<'r>, host: Option<&'r str>, rest: &'r str) -> Option<Line<'r>> {
    let (head, text) = rest.split_once(" :")?;
    let is_number = |it: char| it.is_ascii_digit() || it == ' ';
    let head = head.trim_end_matches(is_number).trim_start();
    let (before, kind) = head.rsplit_once(' ')?;
    let feature = before.rsplit(' ').next()?;
    let name = head.get(head.len() - feature.len() - 1 - kind.len()..)?;
    Some(Line { date, host, name, feature, kind, text: text.trim() })
}

/// Reads `01/02/2026:03:04:05` or `2026/01/02:03:04:05`, with the zone that follows it.
fn date<'r>(word: &'r str, tail: &str) -> Option<Date<'r>> {
    let (day, clock) = word.split_once(':')?;
    let mut parts = day.split('/');
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let offset = after_zone(tail.trim_start()).map(|_| 0);
    if first.len() == 4 {
        return known(
            first.parse().ok()?,
            second.parse().ok()?,
            third.parse().ok()?,
            clock,
            offset,
        );
    }
    let (first, second) = (first.parse().ok()?, second.parse().ok()?);
    let year = third.parse().ok()?;
    Some(Date::Open { first, second, year, clock, offset })
}

fn known<'r>(year: i16, month: u8, day: u8, clock: &str, offset: Option<i32>) -> Option<Date<'r>> {
    let (stamp, _) = stamp::of_parts(Some(year), month, day, clock)?;
    Some(Date::Known(Stamp { offset, ..stamp }))
}

impl Date<'_> {
    /// The message's own stamp, if it has one; `order` remembers what the source has shown.
    pub(super) fn stamp(
        self,
        header: Option<Stamp>,
        order: &mut Order,
    ) -> Result<Option<Stamp>, Reject> {
        let (first, second, year, clock, offset) = match self {
            Self::Known(stamp) => return Ok(Some(stamp)),
            Self::Header => return Ok(None),
            Self::Open { first, second, year, clock, offset } => {
                (first, second, year, clock, offset)
            }
        };
        if let Some(is_day_first) = shown(first, second, header) {
            order.is_day_first = Some(is_day_first);
        }
        let (month, day) =
            if order.is_day_first == Some(true) { (second, first) } else { (first, second) };
        match stamp::of_parts(Some(year), month, day, clock) {
            Some((stamp, _)) => Ok(Some(Stamp { offset, ..stamp })),
            None => Err(Reject::Timestamp(format!("{first}/{second}/{year}:{clock}"))),
        }
    }
}

/// Whether the first number is the day, where the numbers or the header's date tell.
fn shown(first: u8, second: u8, header: Option<Stamp>) -> Option<bool> {
    if 12 < first || 12 < second {
        return Some(12 < first);
    }
    if first == second {
        return None;
    }
    let header = header?;
    match (header.month == first, header.month == second) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}
