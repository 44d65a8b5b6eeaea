//! JSON that does no harm where somebody prints it: what could steer a terminal or turn the direction of writing is
//! escaped, so that programs read the same text as without.

use std::io::{self, Write};

use serde::Serialize;

use super::harmless::is_hostile;

/// `value` in one line.
pub(crate) fn text(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    if is_plain(text.as_bytes()) { text } else { escaped(&text) }
}

/// Appends `value` without a line break; nothing where it cannot be written as JSON.
pub(crate) fn append(to: &mut Vec<u8>, value: &impl Serialize) {
    let from = to.len();
    let is_written = serde_json::to_writer(&mut *to, value).is_ok();
    let own = to.get(from..).unwrap_or_default();
    if is_written && is_plain(own) {
        return;
    }
    let safe = if is_written { escaped(&String::from_utf8_lossy(own)) } else { String::new() };
    to.truncate(from);
    to.extend_from_slice(safe.as_bytes());
}

/// Appends `text` as a JSON string.
pub(crate) fn put_text(to: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|it| matches!(it, b' '..=b'~') && it != b'"' && it != b'\\') {
        to.push(b'"');
        to.extend_from_slice(text.as_bytes());
        to.push(b'"');
    } else {
        append(to, &text);
    }
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
        if is_plain(bytes) {
            return self.0.write_all(bytes);
        }
        self.0.write_all(escaped(&String::from_utf8_lossy(bytes)).as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether nothing can be hostile in it: most lines hold nothing but ASCII.
fn is_plain(json: &[u8]) -> bool {
    json.is_ascii() && memchr::memchr(0x7f, json).is_none()
}

fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 64);
    for it in json.chars() {
        if is_steering(it) {
            let units = &mut [0; 2];
            for unit in it.encode_utf16(units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(it);
        }
    }
    text
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
        let mut lines = b"\xff".to_vec();
        append(&mut lines, &"a\u{9b}");
        append(&mut lines, &1);
        assert_eq!(lines, b"\xff\"a\\u009b\"1");
        let mut pretty = Vec::new();
        write_pretty(&mut pretty, &["\u{9b}"]).unwrap();
        assert_eq!(pretty, b"[\n  \"\\u009b\"\n]");
    }
}
