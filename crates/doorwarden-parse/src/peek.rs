//! A reader whose next bytes can be looked at.

use std::io::{self, BufRead, Read};

/// Bytes read at a time for an unpacker.
const BLOCK: usize = 64 << 10;

/// Reads from `inner`, some of which was looked at before; large reads bypass its buffer.
pub(crate) struct Peek<'r> {
    inner: &'r mut dyn Read,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    /// What ended the reading ahead; given once what came before it is taken.
    fault: Option<io::Error>,
}

impl<'r> Peek<'r> {
    pub(crate) fn new(inner: &'r mut dyn Read) -> Self {
        Self { inner, buffer: Vec::new(), from: 0, to: 0, fault: None }
    }

    /// The next `count` bytes, or as many as there are.
    pub(crate) fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.to - self.from < count {
            match self.more(count) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if self.from == self.to => return Err(error),
                Err(error) => {
                    self.fault = Some(error);
                    break;
                }
            }
        }
        Ok(self.buffer.get(self.from..self.to.min(self.from + count)).unwrap_or_default())
    }

    /// Reads more into a buffer of `size`; `false` at the end.
    fn more(&mut self, size: usize) -> io::Result<bool> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let free = self.buffer.get_mut(self.to..).unwrap_or_default();
        let count = retry(self.inner, free)?;
        self.to += count;
        Ok(0 < count)
    }
}

/// Reads once, whatever interrupts.
fn retry(reader: &mut dyn Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

impl Read for Peek<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let held = self.buffer.get(self.from..self.to).unwrap_or_default();
        if held.is_empty() {
            return self.fault.take().map_or_else(|| retry(self.inner, into), Err);
        }
        let count = held.len().min(into.len());
        for (to, from) in into.iter_mut().zip(held) {
            *to = *from;
        }
        self.from += count;
        Ok(count)
    }
}

impl BufRead for Peek<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            self.more(BLOCK)?;
        }
        Ok(self.buffer.get(self.from..self.to).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.from = (self.from + count).min(self.to);
    }
}
