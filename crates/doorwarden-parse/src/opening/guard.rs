//! Readers that count, stop at the caps and remember what went wrong and where.

use std::{
    cell::{Cell, RefCell},
    io::{self, Read, Seek, SeekFrom},
};

use super::{Limits, OpenError, Place, kind::Packing};

/// The counts and faults of one file, shared by all its layers.
pub(super) struct Ledger<'l> {
    pub(super) limits: &'l Limits,
    name: &'l str,
    packed: Cell<u64>,
    packed_size: Cell<Option<u64>>,
    unpacked: Cell<u64>,
    members: Cell<u64>,
    /// Whether a cap on what is unpacked was passed.
    is_over: Cell<bool>,
    /// The outermost layer that cannot be read on.
    broken: Cell<Option<u32>>,
    notes: RefCell<Vec<(String, OpenError)>>,
}

impl<'l> Ledger<'l> {
    pub(super) fn new(name: &'l str, limits: &'l Limits) -> Self {
        Self {
            limits,
            name,
            packed: Cell::new(0),
            packed_size: Cell::new(None),
            unpacked: Cell::new(0),
            members: Cell::new(0),
            is_over: Cell::new(false),
            broken: Cell::new(None),
            notes: RefCell::default(),
        }
    }

    /// The file's size: read twice, its bytes still count once.
    pub(super) fn set_packed_size(&self, size: Option<u64>) {
        self.packed_size.set(size);
    }

    /// Keeps a fault for the visitor.
    pub(super) fn note(&self, name: &str, error: OpenError) {
        self.notes.borrow_mut().push((name.to_owned(), error));
    }

    pub(super) fn take_notes(&self) -> Vec<(String, OpenError)> {
        self.notes.take()
    }

    /// Whether the layer at `depth` cannot be read on.
    pub(super) fn is_broken(&self, depth: u32) -> bool {
        self.broken.get().is_some_and(|it| it <= depth)
    }

    /// Keeps a fault that ends the layer at `depth` and all inside it.
    pub(super) fn break_at(&self, depth: u32, name: &str, error: OpenError) {
        self.put_back(Some(depth));
        self.note(name, error);
    }

    /// Leaves the layer at `depth`: what is around it can be read on.
    pub(super) fn mend(&self, depth: u32) {
        if self.broken.get().is_some_and(|it| depth <= it) {
            self.broken.set(None);
        }
    }

    /// Forgets for a while that the layers around are broken, to read what was set down of them; not past a cap.
    pub(super) fn set_aside(&self) -> Option<u32> {
        let is_capped = self.limits.members < self.members.get() || self.is_over.get();
        if is_capped { None } else { self.broken.take() }
    }

    /// Undoes [`Ledger::set_aside`].
    pub(super) fn put_back(&self, broken: Option<u32>) {
        if let Some(depth) = broken {
            self.broken.set(Some(self.broken.get().map_or(depth, |it| it.min(depth))));
        }
    }

    /// Counts a member; `false` where there are too many.
    pub(super) fn count_member(&self) -> bool {
        let limit = self.limits.members;
        self.members.set(self.members.get().saturating_add(1));
        if limit < self.members.get() && !self.is_broken(0) {
            self.break_at(0, self.name, OpenError::TooManyMembers { limit });
        }
        self.members.get() <= limit
    }

    fn count_unpacked(&self, count: usize) -> io::Result<()> {
        let total = self.unpacked.get().saturating_add(count as u64);
        self.unpacked.set(total);
        let read = self.packed.get().max(1);
        let packed = self.packed_size.get().map_or(read, |size| size.min(read).max(1));
        let limits = self.limits;
        let error = if limits.unpacked < total {
            OpenError::TooLarge { limit: limits.unpacked }
        } else if limits.ratio_from < total && limits.ratio < total / packed {
            OpenError::Bomb { limit: limits.ratio }
        } else {
            return Ok(());
        };
        if !self.is_over.replace(true) {
            self.break_at(0, self.name, error);
        }
        Err(broken())
    }
}

/// What every reader of a broken layer gives; its cause is in the ledger.
fn broken() -> io::Error {
    io::Error::other("not read to its end")
}

/// The layer's reader as the next layer sees it.
pub(super) struct Guard<'g, R> {
    inner: R,
    ledger: &'g Ledger<'g>,
    name: &'g str,
    depth: u32,
    /// How the bytes were packed; absent for the file itself.
    packing: Option<Packing>,
    /// Bytes still to come, where the archive states it.
    expected: Option<u64>,
}

impl<'g, R> Guard<'g, R> {
    /// The file itself.
    pub(super) const fn base(ledger: &'g Ledger<'g>, name: &'g str, inner: R) -> Self {
        Self { inner, ledger, name, depth: 0, packing: None, expected: None }
    }

    /// What an unpacker gives for the layer at `place`.
    pub(super) fn of(ledger: &'g Ledger<'g>, place: &'g Place, packing: Packing, inner: R) -> Self {
        let (name, depth) = (place.name.as_str(), place.depth);
        Self { inner, ledger, name, depth, packing: Some(packing), expected: None }
    }

    /// The same for a member whose size the archive states.
    pub(super) const fn expecting(mut self, size: Option<u64>) -> Self {
        self.expected = size;
        self
    }

    /// Bytes that were not read.
    pub(super) fn left(&self) -> u64 {
        self.expected.unwrap_or(0)
    }

    fn fail(&self, source: io::Error) -> io::Error {
        if !self.ledger.is_broken(self.depth) {
            let error = match self.packing {
                None => OpenError::Read(source),
                Some(packing) => explain(packing, source),
            };
            self.ledger.break_at(self.depth, self.name, error);
        }
        broken()
    }
}

/// Whether an unpacker's error says that data are missing or that they are wrong.
pub(super) fn explain(packing: Packing, source: io::Error) -> OpenError {
    if source.kind() == io::ErrorKind::UnexpectedEof {
        return OpenError::Truncated { packing };
    }
    OpenError::Corrupt { packing, source }
}

impl<R: Read> Read for Guard<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        if self.ledger.is_broken(self.depth) {
            return Err(broken());
        }
        let count = match self.inner.read(into) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => return Err(self.fail(error)),
        };
        if let Some(expected) = &mut self.expected {
            if count == 0 && 0 < *expected {
                return Err(self.fail(io::ErrorKind::UnexpectedEof.into()));
            }
            *expected = expected.saturating_sub(count as u64);
        }
        match self.packing {
            None => {
                let packed = &self.ledger.packed;
                packed.set(packed.get().saturating_add(count as u64));
            }
            // A tar archive's members are as long in it as out of it.
            Some(Packing::Tar) => {}
            Some(_) => self.ledger.count_unpacked(count)?,
        }
        Ok(count)
    }
}

impl<R: Seek> Seek for Guard<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to).map_err(|error| self.fail(error))
    }
}
