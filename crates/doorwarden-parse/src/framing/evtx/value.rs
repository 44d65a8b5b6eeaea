//! Typed values of binary XML as the text and numbers that an XML export of the same event shows.

use bumpalo::{Bump, collections::String as BumpString, format};

use super::binxml::Value;
use crate::stamp;

/// Type of an embedded piece of binary XML.
pub(super) const BINARY_XML: u8 = 0x21;
/// Type of a list of texts.
pub(super) const TEXTS: u8 = 0x81;
/// Milliseconds between 1601 and 1970.
const EPOCH: i64 = 11_644_473_600_000;

/// UTF-16 as text, up to its end mark; unpaired surrogates become U+FFFD.
pub(super) fn utf16<'a>(bytes: &[u8], arena: &'a Bump) -> &'a str {
    let units = bytes.as_chunks::<2>().0;
    let len = units.iter().rposition(|it| *it != [0, 0]).map_or(0, |it| it + 1);
    let units = units.get(..len).unwrap_or_default();
    if units.iter().all(|it| it[1] == 0 && it[0] < 0x80) {
        let ascii = arena.alloc_slice_fill_iter(units.iter().map(|it| it[0]));
        return std::str::from_utf8(ascii).unwrap_or_default();
    }
    let mut text = BumpString::with_capacity_in(units.len() * 2, arena);
    let units = units.iter().map(|it| u16::from_le_bytes(*it));
    text.extend(char::decode_utf16(units).map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER)));
    text.into_bump_str()
}

/// A little-endian number of up to eight bytes.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |sum, it| sum << 8 | u64::from(*it))
}

/// The same, with its sign.
fn signed(bytes: &[u8]) -> i64 {
    let bits = u32::try_from(bytes.len().min(8) * 8).unwrap_or(64);
    let shift = 64 - bits.max(1);
    (little_endian(bytes) << shift).cast_signed() >> shift
}

/// A whole number, however it is typed.
pub(super) fn number(value: Value<'_>) -> Option<u64> {
    match value.kind {
        0x03..=0x0a | 0x10 | 0x14 | 0x15 => Some(little_endian(value.bytes)),
        0x01 => digits(value.bytes),
        _ => None,
    }
}

/// A whole number written as UTF-16.
pub(super) fn digits(utf16: &[u8]) -> Option<u64> {
    let mut number = None;
    for &unit in utf16.as_chunks::<2>().0 {
        match unit {
            [digit @ b'0'..=b'9', 0] => {
                let digit = u64::from(digit - b'0');
                number = Some(number.unwrap_or(0u64).checked_mul(10)?.checked_add(digit)?);
            }
            [0, 0] => break,
            _ => return None,
        }
    }
    number
}

/// Milliseconds since 1970 of a FILETIME.
pub(super) fn filetime(ticks: u64) -> i64 {
    i64::try_from(ticks / 10_000).unwrap_or(i64::MAX) - EPOCH
}

/// Milliseconds since 1970, where the value is a time.
pub(super) fn time(value: Value<'_>, arena: &Bump) -> Option<i64> {
    match value.kind {
        0x11 => Some(filetime(little_endian(value.bytes))),
        0x01 => {
            let (stamp, _) = stamp::iso(utf16(value.bytes, arena))?;
            Some(stamp.utc_millis(stamp.year?) - i64::from(stamp.offset.unwrap_or(0)) * 1000)
        }
        _ => None,
    }
}

/// The value as text; absent where there is none, or none that anyone could read.
pub(super) fn text<'a>(value: Value<'_>, arena: &'a Bump) -> Option<&'a str> {
    let bytes = value.bytes;
    Some(match value.kind {
        0x01 => utf16(bytes, arena),
        0x02 => ansi(bytes, arena),
        0x03 | 0x05 | 0x07 | 0x09 => format!(in arena, "{}", signed(bytes)).into_bump_str(),
        0x04 | 0x06 | 0x08 | 0x0a => format!(in arena, "{}", little_endian(bytes)).into_bump_str(),
        0x0d => {
            if little_endian(bytes) == 0 {
                "false"
            } else {
                "true"
            }
        }
        0x0f => guid(bytes, arena)?,
        0x10 | 0x14 | 0x15 => format!(in arena, "0x{:x}", little_endian(bytes)).into_bump_str(),
        0x11 => {
            let moment = jiff::Timestamp::from_millisecond(filetime(little_endian(bytes))).ok()?;
            format!(in arena, "{moment}",).into_bump_str()
        }
        0x13 => sid(bytes, arena)?,
        _ => return None,
    })
}

/// Text of an old code page: ASCII as it is, the rest as Latin-1.
fn ansi<'a>(bytes: &[u8], arena: &'a Bump) -> &'a str {
    let bytes = bytes.split(|it| *it == 0).next().unwrap_or_default();
    let mut text = BumpString::with_capacity_in(bytes.len(), arena);
    text.extend(bytes.iter().map(|it| char::from(*it)));
    text.into_bump_str()
}

fn guid<'a>(bytes: &[u8], arena: &'a Bump) -> Option<&'a str> {
    let [a1, a2, a3, a4, b1, b2, c1, c2, rest @ ..] = bytes.first_chunk::<16>()?;
    let head = u32::from_le_bytes([*a1, *a2, *a3, *a4]);
    let (b, c) = (u16::from_le_bytes([*b1, *b2]), u16::from_le_bytes([*c1, *c2]));
    let tail = u64::from_be_bytes(*rest);
    let (d, e) = (tail >> 48, tail & 0xffff_ffff_ffff);
    Some(format!(in arena, "{{{head:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}}}",).into_bump_str())
}

fn sid<'a>(bytes: &[u8], arena: &'a Bump) -> Option<&'a str> {
    use std::fmt::Write as _;

    let (&[revision, _, a1, a2, a3, a4, a5, a6], rest) = bytes.split_first_chunk::<8>()?;
    let authority = u64::from_be_bytes([0, 0, a1, a2, a3, a4, a5, a6]);
    let mut text = format!(in arena, "S-{revision}-{authority}",);
    for part in rest.as_chunks::<4>().0 {
        write!(text, "-{}", u32::from_le_bytes(*part)).ok()?;
    }
    Some(text.into_bump_str())
}
