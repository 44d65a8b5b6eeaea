//! One record a line: LF or CRLF, of any length up to a cap, UTF-8 or nearly.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memrchr};

use super::{RECORD_CAP, feed::trimmed};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// Hands on blocks of whole lines, the last line's break included where there is one.
///
/// Of a line longer than [`RECORD_CAP`] the first part comes as a block of its own, the rest is skipped. Zeros at the
/// start of a line, the hole that a rotation leaves in a file still written to, are left out however many they are.
/// Answers how many lines were cut, and how the reading ended.
pub(crate) fn blocks(reader: &mut dyn Read, mut block: impl FnMut(&[u8])) -> (u64, io::Result<()>) {
    let mut buffer = vec![0; BLOCK];
    let mut filled = 0;
    let mut is_skipping = false;
    let mut cut = 0;
    let result = loop {
        if filled == buffer.len() {
            buffer.resize((filled * 2).min(RECORD_CAP + BLOCK), 0);
        }
        match reader.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
            Ok(count) => {
                // Only what is new can hold a break: what was there before is one line without its end.
                let fresh = buffer.get(filled..filled + count).unwrap_or_default();
                let whole = memrchr(b'\n', fresh).map(|at| filled + at + 1);
                filled += count;
                if let Some(end) = whole {
                    let lines = buffer.get(..end).unwrap_or_default();
                    block(if is_skipping { after_break(lines) } else { lines });
                    is_skipping = false;
                    buffer.copy_within(end..filled, 0);
                    filled -= end;
                } else if RECORD_CAP <= filled {
                    let hole = buffer.iter().take(filled).take_while(|it| **it == 0).count();
                    if is_skipping || hole == 0 {
                        if !is_skipping {
                            block(buffer.get(..filled).unwrap_or_default());
                            cut += 1;
                        }
                        is_skipping = true;
                        filled = 0;
                    } else {
                        buffer.copy_within(hole..filled, 0);
                        filled -= hole;
                    }
                }
            }
        }
    };
    if 0 < filled && !is_skipping {
        block(buffer.get(..filled).unwrap_or_default());
    }
    (cut, result)
}

fn after_break(lines: &[u8]) -> &[u8] {
    memchr(b'\n', lines).and_then(|at| lines.get(at + 1..)).unwrap_or_default()
}

/// The lines of a block, without their breaks.
pub(crate) fn each(block: &[u8], mut line: impl FnMut(&[u8])) {
    let mut from = 0;
    for at in memchr_iter(b'\n', block) {
        line(trimmed(block.get(from..at).unwrap_or_default()));
        from = at + 1;
    }
    if from < block.len() {
        line(trimmed(block.get(from..).unwrap_or_default()));
    }
}

/// The lines of a block that is text.
pub(crate) fn each_text(block: &str, mut line: impl FnMut(&str)) {
    let mut from = 0;
    for at in memchr_iter(b'\n', block.as_bytes()) {
        let text = block.get(from..at).unwrap_or_default();
        line(text.strip_suffix('\r').unwrap_or(text));
        from = at + 1;
    }
    if from < block.len() {
        let text = block.get(from..).unwrap_or_default();
        line(text.strip_suffix('\r').unwrap_or(text));
    }
}
