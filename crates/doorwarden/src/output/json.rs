//! JSON that does no harm where somebody prints it: what could steer a terminal or turn the direction of writing is
//! escaped, so that programs read the same text as without.

use std::io::{self, Write};

use serde::Serialize;

use super::harmless::is_hostile;

/// `value` in one line.
pub(crate) fn text(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(512);
    // Writing into memory does not fail, and the outputs have no maps but with text as keys.
    if write(&mut bytes, value).is_err() {
        bytes.clear();
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes `value` without a line break.
pub(crate) fn write(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    Ok(serde_json::to_writer(Escaping(to), value)?)
}

/// Writes `value` over many lines, for people.
pub(crate) fn write_pretty(to: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    Ok(serde_json::to_writer_pretty(Escaping(to), value)?)
}

/// Takes JSON in pieces, each of whole characters; hostile ones occur inside strings only.
struct Escaping<'w, W>(&'w mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.iter().all(|it| *it < 0x7f) {
            return self.0.write_all(bytes);
        }
        for piece in String::from_utf8_lossy(bytes).split_inclusive(is_steering) {
            let plain = piece.trim_end_matches(is_steering);
            self.0.write_all(plain.as_bytes())?;
            let hostile = piece.get(plain.len()..).unwrap_or_default();
            for unit in hostile.encode_utf16() {
                write!(self.0, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether `it` must be escaped; JSON escapes the control codes of ASCII by itself, but for the last.
fn is_steering(it: char) -> bool {
    !matches!(it, '\0'..'\u{7f}') && is_hostile(it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_escaped_and_read_back_as_it_was() {
        for name in ["a\u{1b}[31m\u{9b}b\n", "\u{202e}\u{202d}x", "\u{7f}é日", "\u{e0041}", ""] {
            let written = text(&[name]);
            assert!(!written.chars().any(is_hostile), "{written:?}");
            assert_eq!(serde_json::from_str::<[String; 1]>(&written).unwrap(), [name]);
        }
        assert_eq!(text(&"Zoë \u{202e}"), "\"Zoë \\u202e\"");
        let mut pretty = Vec::new();
        write_pretty(&mut pretty, &["\u{9b}"]).unwrap();
        assert_eq!(pretty, b"[\n  \"\\u009b\"\n]");
    }
}
