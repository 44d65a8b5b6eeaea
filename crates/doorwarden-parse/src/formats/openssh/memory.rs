//! What earlier lines of the same `sshd` process said, for lines that state no address themselves.

use std::net::IpAddr;

use doorwarden_model::{Reason, hash64};

use crate::Record;

/// Lines that a thing is remembered for. Small, so that a reader that starts in the middle of a file and first reads
/// this many lines before its place knows the same.
const REACH: u64 = 1000;

/// Processes remembered at a time; a newer one takes an older one's place.
const SLOTS: usize = 256;

/// What is known of one process.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    key: u64,
    line: u64,
    /// Address of the client.
    pub(super) ip: Option<IpAddr>,
    /// Its port.
    pub(super) port: Option<u16>,
    /// Why a rule, or a module of PAM, refused the account, where one did.
    pub(super) refused: Option<Reason>,
}

/// The processes of one source.
#[derive(Debug)]
pub(super) struct Memory {
    slots: Box<[Seen]>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { slots: vec![Seen::default(); SLOTS].into_boxed_slice() }
    }
}

impl Memory {
    /// What is known of the process that wrote `record`.
    pub(super) fn recall(&self, record: &Record<'_>) -> Option<Seen> {
        let key = key(record)?;
        let seen = self.slots.get(slot(key))?;
        (seen.key == key && record.line.saturating_sub(seen.line) <= REACH).then_some(*seen)
    }

    /// Remembers the client of the process that wrote `record`; answers why the account was refused, where it was.
    #[inline]
    pub(super) fn client(
        &mut self,
        record: &Record<'_>,
        ip: IpAddr,
        port: Option<u16>,
    ) -> Option<Reason> {
        let seen = self.seen(record)?;
        (seen.ip, seen.port) = (Some(ip), port);
        seen.refused
    }

    /// Remembers that the account was refused to the process that wrote `record`.
    pub(super) fn refused(&mut self, record: &Record<'_>, reason: Reason) {
        if let Some(seen) = self.seen(record) {
            seen.refused = Some(reason);
        }
    }

    #[inline]
    fn seen(&mut self, record: &Record<'_>) -> Option<&mut Seen> {
        let key = key(record)?;
        let seen = self.slots.get_mut(slot(key))?;
        if seen.key != key || REACH < record.line.saturating_sub(seen.line) {
            *seen = Seen { key, ..Seen::default() };
        }
        seen.line = record.line;
        Some(seen)
    }
}

fn key(record: &Record<'_>) -> Option<u64> {
    let host = record.host.map_or(0, |it| hash64(0, it.as_bytes()));
    record.pid.map(|it| hash64(host, it.as_bytes()))
}

/// The place of a key: its last bits.
#[expect(clippy::cast_possible_truncation, reason = "only the last bits are wanted")]
const fn slot(key: u64) -> usize {
    key as usize % SLOTS
}
