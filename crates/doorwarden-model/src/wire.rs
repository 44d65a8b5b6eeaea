//! An event as bytes, for the time that it waits to be judged: about half of what its row takes. Read only by the
//! program that wrote it.
//!
//! Head (time, hash, file, line), flags, closed words, then what the flags announce: addresses, port, logon type, the
//! lengths of the texts, the texts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    Activity, Assumed, Event, MfaResult, Outcome, Reason, Service,
    batch::{EventKey, NO_TYPE, Origin, Row},
};

/// Most bytes that a row takes, its texts included: each is at most 1 KiB.
pub(crate) const LONGEST: usize = 16 << 10;

/// Flags beside one for each text.
const HAS_PORT: u16 = 1 << 14;
const HAS_TYPE: u16 = 1 << 15;

/// Takes bytes off the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|it| it[0])
    }

    /// A number in steps of seven bits.
    #[inline]
    fn variable(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            shift += 7;
        }
    }

    /// Reads an address, which a row may lack, into `to`; nothing where the bytes end before.
    fn ip(&mut self, kind: u8, to: &mut Option<IpAddr>) -> Option<()> {
        *to = match kind {
            1 => Some(IpAddr::V4(Ipv4Addr::from(self.take::<4>()?))),
            2 => Some(IpAddr::V6(Ipv6Addr::from(self.take::<16>()?))),
            _ => None,
        };
        Some(())
    }

    fn head(&mut self) -> Option<(i64, u128, Origin)> {
        let millis = i64::from_le_bytes(self.take()?);
        let id = u128::from_le_bytes(self.take()?);
        let file = u32::try_from(self.variable()?).ok()?;
        let line = self.variable()?;
        let is_record = self.0.first()? & 1 != 0;
        Some((millis, id, Origin { file, line, is_record }))
    }

    fn text(&mut self, len: usize) -> Option<&'a str> {
        let (text, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

fn put_variable(to: &mut Vec<u8>, mut value: u64) {
    while 0x80 <= value {
        to.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    to.push(value.to_le_bytes()[0]);
}

const fn kind(ip: Option<IpAddr>) -> u8 {
    match ip {
        None => 0,
        Some(IpAddr::V4(_)) => 1,
        Some(IpAddr::V6(_)) => 2,
    }
}

fn put_ip(to: &mut Vec<u8>, ip: Option<IpAddr>) {
    match ip {
        None => {}
        Some(IpAddr::V4(it)) => to.extend_from_slice(&it.octets()),
        Some(IpAddr::V6(it)) => to.extend_from_slice(&it.octets()),
    }
}

/// The word of a closed set by its place, which is one less than `byte`.
fn word<T: Copy>(all: &[T], byte: u8) -> Option<T> {
    all.get(usize::from(byte).checked_sub(1)?).copied()
}

/// Appends `row` and its texts.
pub(crate) fn put(to: &mut Vec<u8>, row: &Row, text: &str) {
    to.extend_from_slice(&row.key.millis.to_le_bytes());
    to.extend_from_slice(&row.key.id.to_le_bytes());
    put_variable(to, row.origin.file.into());
    put_variable(to, row.origin.line);
    let optional = |it: Option<u8>| it.map_or(0, |it| it + 1);
    let mut flags = 0u16;
    for (at, len) in row.text_lens.iter().enumerate() {
        flags |= u16::from(*len != 0) << at;
    }
    flags |= if row.src_port == 0 { 0 } else { HAS_PORT };
    flags |= if row.logon_type == NO_TYPE { 0 } else { HAS_TYPE };
    let [low, high] = flags.to_le_bytes();
    to.extend_from_slice(&[
        u8::from(row.origin.is_record)
            | row.key.phase << 1
            | kind(row.src_ip) << 4
            | kind(row.assigned_ip) << 6,
        low,
        high,
        row.format,
        row.service as u8 + 1,
        row.activity as u8 + 1,
        optional(row.outcome.map(|it| it as u8)) | (row.assumed as u8 + 1) << 4,
        optional(row.reason.map(|it| it as u8)) | optional(row.mfa.map(|it| it as u8)) << 4,
    ]);
    put_ip(to, row.src_ip);
    put_ip(to, row.assigned_ip);
    if row.src_port != 0 {
        to.extend_from_slice(&row.src_port.to_le_bytes());
    }
    if row.logon_type != NO_TYPE {
        to.push(row.logon_type);
    }
    for len in row.text_lens.iter().filter(|it| **it != 0) {
        put_variable(to, (*len).into());
    }
    to.extend_from_slice(text.as_bytes());
}

/// Order and origin of the row that `bytes` begin with; nothing where they hold no whole head.
pub(crate) fn head(bytes: &[u8]) -> Option<(EventKey, Origin)> {
    let mut from = Reader(bytes);
    let (millis, id, origin) = from.head()?;
    let phase = from.byte()? >> 1 & 7;
    Some((EventKey { millis, phase, id }, origin))
}

/// Takes the row that `bytes` begin with and its texts off them; nothing where they hold no whole row.
pub(crate) fn take<'a>(bytes: &mut &'a [u8]) -> Option<(Row, &'a str)> {
    let mut from = Reader(bytes);
    let (millis, id, origin) = from.head()?;
    let [kinds, low, high, format, service, activity, outcome, reason] = from.take()?;
    let flags = u16::from_le_bytes([low, high]);
    let (mut src_ip, mut assigned_ip) = (None, None);
    from.ip(kinds >> 4 & 3, &mut src_ip)?;
    from.ip(kinds >> 6, &mut assigned_ip)?;
    let src_port = if flags & HAS_PORT == 0 { 0 } else { u16::from_le_bytes(from.take()?) };
    let logon_type = if flags & HAS_TYPE == 0 { NO_TYPE } else { from.byte()? };
    let (mut text_lens, mut all) = ([0u16; Event::TEXTS], 0);
    for (at, len) in text_lens.iter_mut().enumerate() {
        if flags >> at & 1 != 0 {
            *len = u16::try_from(from.variable()?).ok()?;
            all += usize::from(*len);
        }
    }
    let text = from.text(all)?;
    let row = Row {
        key: EventKey { millis, phase: kinds >> 1 & 7, id },
        origin,
        text_start: 0,
        text_lens,
        src_ip,
        assigned_ip,
        src_port,
        format,
        service: word(Service::ALL, service)?,
        activity: word(Activity::ALL, activity)?,
        outcome: word(Outcome::ALL, outcome & 0xf),
        reason: word(Reason::ALL, reason & 0xf),
        mfa: word(MfaResult::ALL, reason >> 4),
        assumed: word(Assumed::ALL, outcome >> 4)?,
        logon_type,
    };
    *bytes = from.0;
    Some((row, text))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{Batch, Mfa};

    fn full() -> Event<'static> {
        let time = Timestamp::from_millisecond(-1_234_567).unwrap();
        let mut event = Event::new("okta", Service::Local, Activity::Other, time);
        event.outcome = Some(Outcome::Failure);
        event.reason = Some(Reason::Other);
        event.mfa = Some(Mfa { method: Some("push"), result: MfaResult::Enrolled });
        event.time_assumed = Assumed::YearAndZone;
        event.src_ip = Some("203.0.113.7".parse().unwrap());
        event.assigned_ip = Some("2001:db8::1".parse().unwrap());
        event.src_port = Some(65_535);
        event.logon_type = Some(10);
        event.user = Some("ana");
        event.detail = Some("ä");
        event
    }

    #[test]
    fn a_row_comes_back_as_it_was_and_no_part_of_it_does() {
        let empty = Event::new(
            "openssh",
            Service::Vpn,
            Activity::Logon,
            Timestamp::from_second(5).unwrap(),
        );
        for event in [full(), empty] {
            let origin = Origin { file: 70_000, line: u64::MAX, is_record: true };
            let mut batch = Batch::default();
            batch.push(&event, u128::MAX - 3, origin);
            let mut bytes = Vec::new();
            batch.encode(0, &mut bytes);
            let expected = batch.row(0).copied().unwrap();
            assert_eq!(head(&bytes), Some((expected.key, origin)));
            let mut back = Batch::default();
            let mut rest = &*bytes;
            back.push_encoded(&mut rest, batch.formats()).unwrap();
            assert!(rest.is_empty());
            assert_eq!(back.row(0), Some(&expected));
            assert_eq!(back.event(0), Some(event));
            for end in 0..bytes.len() {
                assert!(take(&mut bytes.get(..end).unwrap()).is_none(), "{end}");
            }
        }
    }
}
