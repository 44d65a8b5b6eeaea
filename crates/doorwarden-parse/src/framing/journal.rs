//! systemd's journal as `journalctl -o export` writes it: blocks of `KEY=value` lines, binary values behind their
//! length, a blank line between entries.

use std::io;

use super::{RECORD_CAP, feed::Feed};

/// Whether `text`, the start of a file, is an exported journal.
pub(super) fn begins(text: &[u8]) -> bool {
    text.starts_with(b"__CURSOR=") || text.starts_with(b"__REALTIME_TIMESTAMP=")
}

/// What is read of an entry; empty where it states nothing.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    values: [Vec<u8>; KEYS.len()],
}

/// Keys that are read.
const KEYS: [&str; 9] = [
    "MESSAGE",
    "_SOURCE_REALTIME_TIMESTAMP",
    "__REALTIME_TIMESTAMP",
    "_HOSTNAME",
    "SYSLOG_IDENTIFIER",
    "_COMM",
    "SYSLOG_PID",
    "_PID",
    "_TRANSPORT",
];

impl Entry {
    /// The first value that is stated, by positions in [`KEYS`].
    fn first(&self, keys: [usize; 2]) -> Option<&[u8]> {
        keys.iter()
            .filter_map(|it| self.values.get(*it))
            .find(|it| !it.is_empty())
            .map(Vec::as_slice)
    }

    /// The message.
    pub(crate) fn message(&self) -> &[u8] {
        self.first([0, 0]).unwrap_or_default()
    }

    /// Microseconds since 1970: the program's own time before the time of reception.
    pub(crate) fn micros(&self) -> Option<i64> {
        std::str::from_utf8(self.first([1, 2])?).ok()?.parse().ok()
    }

    /// The computer.
    pub(crate) fn host(&self) -> Option<&[u8]> {
        self.first([3, 3])
    }

    /// The program.
    pub(crate) fn app(&self) -> Option<&[u8]> {
        self.first([4, 5])
    }

    /// The process.
    pub(crate) fn pid(&self) -> Option<&[u8]> {
        self.first([6, 7])
    }

    fn clear(&mut self) {
        self.values.iter_mut().for_each(Vec::clear);
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        let at = KEYS.iter().position(|it| it.as_bytes() == key);
        if let Some(held) = at.and_then(|it| self.values.get_mut(it)) {
            held.clear();
            held.extend_from_slice(value);
        }
    }
}

/// Gives every entry with the line that it begins on.
pub(crate) fn each(mut feed: Feed<'_>, record: &mut dyn FnMut(u64, &Entry)) -> io::Result<()> {
    let mut entry = Entry::default();
    let mut start = None;
    while let Some(first) = feed.first() {
        if first == b'\n' {
            if let Some(line) = start.take() {
                record(line, &entry);
            }
            entry.clear();
            feed.advance(1);
            continue;
        }
        start = start.or(Some(feed.line()));
        field(&mut feed, &mut entry);
    }
    if let Some(line) = start {
        record(line, &entry);
    }
    feed.finish()
}

/// Reads one field, and moves behind it.
fn field(feed: &mut Feed<'_>, entry: &mut Entry) {
    let Some(end) = feed.line_end() else {
        return feed.skip_line();
    };
    let line = feed.held().get(..end).unwrap_or_default();
    if let Some(at) = memchr::memchr(b'=', line) {
        let (key, value) = line.split_at_checked(at).unwrap_or_default();
        entry.set(key, value.get(1..).unwrap_or_default());
        return feed.advance(end + 1);
    }
    let key = line.to_vec();
    feed.advance(end + 1);
    let Some(size) = feed.want(8).first_chunk::<8>().map(|it| u64::from_le_bytes(*it)) else {
        return feed.skip(8);
    };
    feed.advance(8);
    match usize::try_from(size) {
        Ok(len) if len <= RECORD_CAP => {
            let value = feed.want(len);
            entry.set(&key, value.get(..len).unwrap_or(value));
            feed.advance(len);
        }
        _ => feed.skip(size),
    }
    if feed.first() == Some(b'\n') {
        feed.advance(1);
    }
}
