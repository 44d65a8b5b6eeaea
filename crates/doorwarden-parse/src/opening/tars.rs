//! tar archives, read as a stream.

use std::{
    cell::Cell,
    io::{self, Read},
};

use tar::{Archive, Entry, EntryType};

use crate::peek::Peek;

use super::{Guard, OpenError, Opening, Place, day, guard::explain, kind::Packing};

/// Bytes that may stand between two members: long names and attributes, which are read into memory.
const HEADERS_CAP: u64 = 1 << 20;

impl Opening<'_> {
    pub(super) fn tar(&mut self, place: &Place, peek: Peek<'_>) {
        let budget = Cell::new(HEADERS_CAP);
        let mut archive = Archive::new(Budgeted { inner: peek, left: &budget });
        let entries = archive.entries();
        let Ok(mut entries) = entries else { return };
        loop {
            match entries.next() {
                None => break,
                Some(Ok(entry)) => {
                    if !self.ledger.count_member() {
                        break;
                    }
                    budget.set(u64::MAX);
                    let left = self.tar_member(place, entry);
                    self.report();
                    let Some(left) = left else { break };
                    budget.set(left.saturating_add(HEADERS_CAP));
                }
                Some(Err(error)) => {
                    // Where a layer around this one broke, that was already said.
                    if !self.ledger.is_broken(place.depth) {
                        self.ledger.note(&place.name, tar_error(error));
                    }
                    break;
                }
            }
        }
        self.ledger.mend(place.depth + 1);
    }

    /// Reads one member; answers how many of its bytes are left to skip, nothing where the archive ends in it.
    fn tar_member<R: Read>(&mut self, place: &Place, entry: Entry<'_, R>) -> Option<u64> {
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let written = entry.header().mtime().ok().and_then(|it| i64::try_from(it).ok());
        let member = place.member(&name, written.and_then(day::of_unix));
        let size = entry.size();
        let stored = entry.header().entry_size().unwrap_or(0);
        let is_sparse = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => false,
            EntryType::GNUSparse => true,
            EntryType::Directory | EntryType::XGlobalHeader => return Some(size),
            EntryType::Link | EntryType::Symlink => {
                let to = entry.link_name_bytes().unwrap_or_default();
                let to = String::from_utf8_lossy(&to).into_owned();
                self.ledger.note(&member.name, OpenError::Link { to });
                return Some(size);
            }
            _ => {
                self.ledger.note(&member.name, OpenError::Special);
                return Some(size);
            }
        };
        // A hole costs nothing in the archive: its zeros count as unpacked, as a zip's bytes do.
        let (packing, stated) =
            if is_sparse { (Packing::Zip, None) } else { (Packing::Tar, Some(size)) };
        let mut guard = Guard::of(self.ledger, &member, packing, entry).expecting(stated);
        self.stream(&member, &mut guard);
        let left = if is_sparse { stored } else { guard.left() };
        let is_whole = !self.ledger.is_broken(member.depth);
        self.ledger.mend(member.depth);
        is_whole.then_some(left)
    }
}

/// The library says of a cut archive only in words that it is cut.
fn tar_error(error: io::Error) -> OpenError {
    let is_cut = error.to_string().contains("unexpected EOF");
    explain(Packing::Tar, if is_cut { io::ErrorKind::UnexpectedEof.into() } else { error })
}

/// A reader that stops where what stands between members gets too long.
struct Budgeted<'b, R> {
    inner: R,
    left: &'b Cell<u64>,
}

impl<R: Read> Read for Budgeted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other("a member's name or attributes are too long"));
        }
        let count = self.inner.read(into)?;
        self.left.set(self.left.get().saturating_sub(count as u64));
        Ok(count)
    }
}
