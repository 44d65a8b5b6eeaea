//! The bytes of a source as a window that moves on, with the number of the line that it begins on.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter};

use super::RECORD_CAP;

/// Bytes read at a time.
const BLOCK: usize = 256 << 10;

/// What is held of a source.
pub(crate) struct Feed<'r> {
    reader: &'r mut dyn Read,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    line: u64,
    end: Option<io::Result<()>>,
}

impl<'r> Feed<'r> {
    pub(crate) fn new(reader: &'r mut dyn Read) -> Self {
        Self { reader, buffer: Vec::new(), from: 0, to: 0, line: 1, end: None }
    }

    /// What is there without reading on.
    pub(crate) fn held(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    /// The next byte.
    pub(crate) fn first(&mut self) -> Option<u8> {
        self.want(1).first().copied()
    }

    /// At least `count` bytes, fewer only at the end.
    pub(crate) fn want(&mut self, count: usize) -> &[u8] {
        while self.to - self.from < count && self.more() {}
        self.held()
    }

    /// The line on which the window begins, 1-based.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// Reads on; `false` at the end.
    pub(crate) fn more(&mut self) -> bool {
        if self.end.is_some() {
            return false;
        }
        if self.buffer.len() - self.to < BLOCK / 2 {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
            // A window that fills half of its buffer is likely to grow on.
            let size = if self.buffer.len() / 2 < self.to { self.buffer.len() * 2 } else { 0 };
            self.buffer.resize(size.max(BLOCK).max(self.buffer.len()), 0);
        }
        loop {
            match self.reader.read(self.buffer.get_mut(self.to..).unwrap_or_default()) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(count) => self.to += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => self.end = Some(Err(error)),
            }
            return self.end.is_none();
        }
    }

    /// Moves the window on.
    pub(crate) fn advance(&mut self, count: usize) {
        let to = self.to.min(self.from + count);
        let passed = self.buffer.get(self.from..to).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.from = to;
    }

    /// The place of the next line break, or of the end; nothing where it is further away than a record may be long.
    pub(crate) fn line_end(&mut self) -> Option<usize> {
        let mut looked = 0;
        loop {
            if let Some(at) = memchr(b'\n', self.held().get(looked..).unwrap_or_default()) {
                return Some(looked + at);
            }
            looked = self.held().len();
            if RECORD_CAP <= looked {
                return None;
            }
            if !self.more() {
                return Some(looked);
            }
        }
    }

    /// Gives one line, or the first part of one that is too long, and moves behind it.
    pub(crate) fn one_line(&mut self, record: &mut dyn FnMut(u64, &[u8])) {
        let end = self.line_end();
        let len = end.unwrap_or(RECORD_CAP);
        record(self.line, trimmed(self.held().get(..len).unwrap_or_default()));
        self.advance(len);
        if end.is_some() {
            self.advance(1);
        } else {
            self.skip_line();
        }
    }

    /// Moves behind the next line break, however far it is.
    pub(crate) fn skip_line(&mut self) {
        loop {
            let found = memchr(b'\n', self.held());
            self.advance(found.map_or(self.held().len(), |at| at + 1));
            if found.is_some() || !self.more() {
                return;
            }
        }
    }

    /// Moves `count` bytes on, held or not.
    pub(crate) fn skip(&mut self, count: u64) {
        let mut left = count;
        while 0 < left {
            let step = usize::try_from(left).unwrap_or(usize::MAX).min(self.held().len());
            self.advance(step);
            left -= step as u64;
            if 0 < left && !self.more() {
                return;
            }
        }
    }

    /// How the reading ended.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.end.unwrap_or(Ok(()))
    }
}

/// A line without the rest of its break.
pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
