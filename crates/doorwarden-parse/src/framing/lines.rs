//! One record a line: LF or CRLF, of any length up to a cap, UTF-8 or nearly.

use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;
/// Longest line that is read as a whole; of a longer one the first part is one record, the rest is skipped.
pub(crate) const LINE_CAP: usize = 4 << 20;

/// Hands on blocks of whole lines, the last line's break included where there is one; `head` was read before.
///
/// The flag tells that the block is a cut line's first part.
pub(crate) fn blocks(
    head: &[u8],
    reader: &mut dyn Read,
    mut block: impl FnMut(&[u8]),
) -> io::Result<u64> {
    let mut buffer = vec![0; BLOCK.max(head.len())];
    let mut filled = head.len();
    if let Some(start) = buffer.get_mut(..filled) {
        start.copy_from_slice(head);
    }
    let mut total = head.len() as u64;
    let mut is_skipping = false;
    loop {
        let whole = memrchr(b'\n', buffer.get(..filled).unwrap_or_default()).map(|it| it + 1);
        match whole {
            Some(end) => {
                let lines = buffer.get(..end).unwrap_or_default();
                block(if is_skipping { after_break(lines) } else { lines });
                is_skipping = false;
                buffer.copy_within(end..filled, 0);
                filled -= end;
            }
            None if LINE_CAP <= filled => {
                if !is_skipping {
                    block(buffer.get(..filled).unwrap_or_default());
                }
                is_skipping = true;
                filled = 0;
            }
            None => {}
        }
        if filled == buffer.len() {
            buffer.resize((filled * 2).min(LINE_CAP + BLOCK), 0);
        }
        let free = buffer.get_mut(filled..).unwrap_or_default();
        match reader.read(free) {
            Ok(0) => break,
            Ok(count) => {
                filled += count;
                total += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                if !is_skipping {
                    block(buffer.get(..filled).unwrap_or_default());
                }
                return Err(error);
            }
        }
    }
    if 0 < filled && !is_skipping {
        block(buffer.get(..filled).unwrap_or_default());
    }
    Ok(total)
}

fn after_break(lines: &[u8]) -> &[u8] {
    memchr::memchr(b'\n', lines).and_then(|at| lines.get(at + 1..)).unwrap_or_default()
}

/// The lines of a block, without their breaks.
pub(crate) fn each(block: &[u8], mut line: impl FnMut(&[u8])) {
    let mut from = 0;
    for at in memchr_iter(b'\n', block) {
        line(trim_return(block.get(from..at).unwrap_or_default()));
        from = at + 1;
    }
    if from < block.len() {
        line(trim_return(block.get(from..).unwrap_or_default()));
    }
}

fn trim_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
