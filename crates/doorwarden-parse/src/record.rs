//! What a format gets to read, and what it answers.

use std::{any::Any, fmt, net::IpAddr};

use bumpalo::Bump;
use doorwarden_model::{Activity, Assumed, Event, Service};
use jiff::Timestamp;

use crate::{
    clock::{Clock, Heading},
    formats::windows::WinEvent,
    stamp::Stamp,
};

/// One framed record: a line, a JSON value, a Windows event.
#[derive(Debug, Clone, Copy)]
pub struct Record<'r> {
    /// The whole record as read.
    pub text: &'r str,
    /// Its first line, 1-based; for an EVTX file the `EventRecordID`.
    pub line: u64,
    /// The header's stamp, where there was a header.
    pub(crate) stamp: Option<Stamp>,
    /// The device that wrote it, by the header.
    pub host: Option<&'r str>,
    /// Program or tag of the header, without its process id.
    pub app: Option<&'r str>,
    /// Process id of the header.
    pub pid: Option<&'r str>,
    /// RFC 5424 structured data of the header.
    pub structured: Option<&'r str>,
    /// What the device wrote: from the tag on.
    pub body: &'r str,
    /// Behind header and tag.
    pub message: &'r str,
    /// What kind of text it is.
    pub payload: Payload<'r>,
}

/// What kind of text a record is.
#[derive(Debug, Clone, Copy)]
pub enum Payload<'r> {
    /// A line of text.
    Text,
    /// A JSON object; it stands in [`Record::message`].
    Json,
    /// A Windows event, whatever it was written as.
    Windows(&'r WinEvent<'r>),
}

impl<'r> Record<'r> {
    /// Whether it is a line of text.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self.payload, Payload::Text)
    }

    /// Whether it is a line that holds nothing but a time: that of the lines behind it.
    pub(crate) fn is_time(&self) -> bool {
        self.body.is_empty()
            && self.stamp.is_some()
            && self.host.is_none()
            && self.structured.is_none()
    }

    /// The JSON object that it is, if it is one.
    #[must_use]
    pub const fn json(&self) -> Option<&'r str> {
        match self.payload {
            Payload::Json => Some(self.message),
            Payload::Text | Payload::Windows(_) => None,
        }
    }

    /// The Windows event that it is, if it is one.
    #[must_use]
    pub const fn windows(&self) -> Option<&'r WinEvent<'r>> {
        match self.payload {
            Payload::Windows(event) => Some(event),
            Payload::Text | Payload::Json => None,
        }
    }
}

/// What became of a record that a format claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {
    /// It states something; the events are with the [`Ctx`].
    Event,
    /// It is well formed, but states no sign-in, session or change.
    Ignored,
}

/// Why a record that a format claims could not be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reject {
    /// The record does not have the shape that the format knows.
    #[error("not the shape that this format knows")]
    Shape,
    /// The stamp is no date.
    #[error("bad or missing time stamp `{0}`")]
    Timestamp(String),
}

/// A log format. One line belongs to at most one of them.
pub trait Format: Sync + fmt::Debug {
    /// Kebab-case name, as in every output and in the file's name.
    fn id(&self) -> &'static str;

    /// Whether `record` is one of this format's. Cheap, and exclusive: a test runs each format over every other
    /// format's samples.
    fn claims(&self, record: &Record<'_>) -> bool;

    /// Whether its records are blocks of lines that an empty line ends. Once such a format has read something, it gets
    /// the empty lines of the source too, as a record without text.
    fn reads_blocks(&self) -> bool {
        false
    }

    /// Reads a record that it claims; events go to [`Ctx::emit`].
    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject>;
}

/// What a format may use beside the record.
pub struct Ctx<'r, 's> {
    pub(crate) arena: &'r Bump,
    pub(crate) clock: &'s mut Clock,
    pub(crate) carry: &'s mut Option<Box<dyn Any + Send>>,
    pub(crate) emitted: &'s mut dyn FnMut(&Event<'r>, Option<Block<'_>>),
}

/// Where a record that was written over several lines stands, and what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'b> {
    /// Its first line, 1-based.
    pub(crate) line: u64,
    /// All its lines.
    pub(crate) text: &'b str,
}

impl fmt::Debug for Ctx<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ctx").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl<'r> Ctx<'r, '_> {
    /// Reports an event.
    pub fn emit(&mut self, event: &Event<'r>) {
        (self.emitted)(event, None);
    }

    /// Reports an event that a block of lines states, of which the current record is the last.
    pub(crate) fn emit_block(&mut self, event: &Event<'r>, block: Block<'_>) {
        (self.emitted)(event, Some(block));
    }

    /// An event of `record` at the time and host that its header states; a record without any stamp takes the time of
    /// the one before it.
    pub fn event(
        &mut self,
        format: &'static str,
        service: Service,
        activity: Activity,
        record: &Record<'r>,
    ) -> Result<Event<'r>, Reject> {
        let mut event = if let Some(stamp) = record.stamp {
            self.event_at(format, service, activity, stamp)
        } else {
            let (time, assumed) = self.clock.unstated();
            let mut event = Event::new(format, service, activity, time);
            event.time_assumed = assumed;
            event
        };
        event.host = record.host;
        Ok(event)
    }

    /// An event at a stamp that the format read itself.
    pub(crate) fn event_at(
        &mut self,
        format: &'static str,
        service: Service,
        activity: Activity,
        stamp: Stamp,
    ) -> Event<'r> {
        let (time, assumed) = self.clock.resolve(stamp);
        let mut event = Event::new(format, service, activity, time);
        event.time_assumed = assumed;
        event
    }

    /// An event at `millis` since 1970, UTC.
    pub(crate) fn event_at_millis(
        format: &'static str,
        service: Service,
        activity: Activity,
        millis: i64,
    ) -> Result<Event<'r>, Reject> {
        let time = Timestamp::from_millisecond(millis)
            .map_err(|_| Reject::Timestamp(millis.to_string()))?;
        let mut event = Event::new(format, service, activity, time);
        event.time_assumed = Assumed::Nothing;
        Ok(event)
    }

    /// The line before `record`, where it holds nothing but a time.
    pub(crate) fn heading(&self, record: &Record<'_>) -> Option<&Heading> {
        self.clock.heading_of(record.line)
    }

    /// Keeps a text that the record does not hold as such (unescaped, joined) as long as the record.
    pub(crate) fn keep(&self, text: &str) -> &'r str {
        self.arena.alloc_str(text)
    }

    /// Joins texts, and keeps the result as long as the record.
    pub(crate) fn concat(&self, parts: &[&str]) -> &'r str {
        let mut text = bumpalo::collections::String::new_in(self.arena);
        for part in parts {
            text.push_str(part);
        }
        text.into_bump_str()
    }

    /// What this format remembers of this source; starts empty. Must stay small: see [`crate::Recent`].
    pub(crate) fn carry<T: Any + Send + Default>(&mut self) -> &mut T {
        if self.carry.as_ref().is_none_or(|it| !it.is::<T>()) {
            *self.carry = Some(Box::new(T::default()));
        }
        match self.carry.as_mut().and_then(|it| it.downcast_mut::<T>()) {
            Some(carry) => carry,
            None => unreachable!("the carry was just set to this type"),
        }
    }
}

/// Reads an address, with or without brackets or zone; IPv4 in IPv6 becomes IPv4.
#[must_use]
#[inline]
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    if let Some(ip) = ipv4(text.as_bytes()) {
        return Some(IpAddr::V4(ip));
    }
    let text = text.trim_matches(['[', ']']);
    let text = text.split_once('%').map_or(text, |(it, _)| it);
    let ip: IpAddr = text.parse().ok()?;
    Some(ip.to_canonical())
}

/// Reads `203.0.113.7`, and nothing else, quickly.
#[inline]
fn ipv4(text: &[u8]) -> Option<std::net::Ipv4Addr> {
    if 15 < text.len() || text.len() < 7 {
        return None;
    }
    let (mut value, mut octet, mut digits, mut dots) = (0u32, 0u32, 0u8, 0u8);
    for &byte in text {
        if byte.is_ascii_digit() {
            octet = octet * 10 + u32::from(byte - b'0');
            digits += 1;
            if 3 < digits || 255 < octet {
                return None;
            }
        } else if byte == b'.' && 0 < digits && dots < 3 {
            value = value << 8 | octet;
            (octet, digits) = (0, 0);
            dots += 1;
        } else {
            return None;
        }
    }
    (dots == 3 && 0 < digits).then(|| std::net::Ipv4Addr::from(value << 8 | octet))
}

/// Reads `203.0.113.7:443`, `[2001:db8::1]:443` or an address alone.
#[must_use]
pub(crate) fn address_port(text: &str) -> Option<(IpAddr, Option<u16>)> {
    if let Some(ip) = address(text) {
        return Some((ip, None));
    }
    let (ip, port) = text.rsplit_once(':')?;
    Some((address(ip)?, port.parse().ok()))
}
