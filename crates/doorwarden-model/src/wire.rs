//! A batch as bytes, for the time that it waits on disk. Read only by the program that wrote it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::{
    Activity, Assumed, Event, MfaResult, Outcome, Reason, Service,
    batch::{Batch, EventKey, Origin, Row},
};

/// Takes bytes off the front.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|it| it[0])
    }

    /// Reads an address, which a row may lack, into `to`; nothing where the bytes end before.
    fn ip(&mut self, to: &mut Option<IpAddr>) -> Option<()> {
        let kind = self.byte()?;
        let bytes = self.take::<16>()?;
        let [a, b, c, d, ..] = bytes;
        *to = match kind {
            4 => Some(IpAddr::V4(Ipv4Addr::new(a, b, c, d))),
            6 => Some(IpAddr::V6(Ipv6Addr::from(bytes))),
            _ => None,
        };
        Some(())
    }
}

fn put_ip(to: &mut Vec<u8>, ip: Option<IpAddr>) {
    let (kind, bytes) = match ip {
        None => (0, [0; 16]),
        Some(IpAddr::V4(it)) => {
            let [a, b, c, d] = it.octets();
            (4, [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        }
        Some(IpAddr::V6(it)) => (6, it.octets()),
    };
    to.push(kind);
    to.extend_from_slice(&bytes);
}

/// The word of a closed set by its place, which is one less than `byte`.
fn word<T: Copy>(all: &[T], byte: u8) -> Option<T> {
    all.get(usize::from(byte).checked_sub(1)?).copied()
}

/// Appends `row` and its texts.
pub(crate) fn put(to: &mut Vec<u8>, row: &Row, text: &str) {
    to.extend_from_slice(&row.key.millis.to_le_bytes());
    to.push(row.key.phase);
    to.extend_from_slice(&row.key.id.to_le_bytes());
    to.extend_from_slice(&row.origin.file.to_le_bytes());
    to.extend_from_slice(&row.origin.line.to_le_bytes());
    to.push(u8::from(row.origin.is_record));
    to.extend_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
    for len in row.text_lens {
        to.extend_from_slice(&len.to_le_bytes());
    }
    put_ip(to, row.src_ip);
    put_ip(to, row.assigned_ip);
    to.extend_from_slice(&row.src_port.to_le_bytes());
    let optional = |it: Option<u8>| it.map_or(0, |it| it + 1);
    to.extend_from_slice(&[
        row.format,
        row.service as u8 + 1,
        row.activity as u8 + 1,
        optional(row.outcome.map(|it| it as u8)),
        optional(row.reason.map(|it| it as u8)),
        optional(row.mfa.map(|it| it as u8)),
        row.assumed as u8 + 1,
        row.logon_type,
    ]);
    to.extend_from_slice(text.as_bytes());
}

/// Reads one row off `bytes` into `batch`; the bytes behind it, or nothing where they are no row.
pub(crate) fn take<'a>(bytes: &'a [u8], batch: &mut Batch) -> Option<&'a [u8]> {
    let mut from = Reader(bytes);
    let key = EventKey {
        millis: i64::from_le_bytes(from.take()?),
        phase: from.byte()?,
        id: u128::from_le_bytes(from.take()?),
    };
    let origin = Origin {
        file: u32::from_le_bytes(from.take()?),
        line: u64::from_le_bytes(from.take()?),
        is_record: from.byte()? != 0,
    };
    let len = u32::from_le_bytes(from.take()?) as usize;
    let mut text_lens = [0u16; Event::TEXTS];
    for it in &mut text_lens {
        *it = u16::from_le_bytes(from.take()?);
    }
    let (mut src_ip, mut assigned_ip) = (None, None);
    from.ip(&mut src_ip)?;
    from.ip(&mut assigned_ip)?;
    let src_port = u16::from_le_bytes(from.take()?);
    let [format, service, activity, outcome, reason, mfa, assumed, logon_type] = from.take()?;
    let (text, rest) = from.0.split_at_checked(len)?;
    let row = Row {
        key,
        origin,
        text_start: 0,
        text_lens,
        src_ip,
        assigned_ip,
        src_port,
        format,
        service: word(Service::ALL, service)?,
        activity: word(Activity::ALL, activity)?,
        outcome: word(Outcome::ALL, outcome),
        reason: word(Reason::ALL, reason),
        mfa: word(MfaResult::ALL, mfa),
        assumed: word(Assumed::ALL, assumed)?,
        logon_type,
    };
    batch.push_row(row, std::str::from_utf8(text).ok()?);
    Some(rest)
}
