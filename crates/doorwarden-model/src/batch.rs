//! Many events in one piece of memory: how they come from parsing, and how they go to be judged.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::{Activity, Assumed, Event, Mfa, MfaResult, Outcome, Reason, Service, wire};

/// Where a record was read. No decision, order or id depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into the run's list of files.
    pub file: u32,
    /// 1-based line, or the `EventRecordID`; see `is_record`.
    pub line: u64,
    /// Whether `line` is the record number of an EVTX file.
    pub is_record: bool,
}

/// The total order of events: time, then what leads to what, then the hash of what the device wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventKey {
    /// Milliseconds since 1970.
    pub millis: i64,
    /// See [`Event::phase`].
    pub phase: u8,
    /// Hash of the record's bytes without the relay's header; see [`crate::hash128`].
    pub id: u128,
}

/// The fixed part of an event; its texts lie in the batch.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C)]
pub struct Row {
    /// Order and identity.
    pub key: EventKey,
    /// Where it was read.
    pub origin: Origin,
    pub(crate) text_start: u32,
    pub(crate) text_lens: [u16; Event::TEXTS],
    pub(crate) src_ip: Option<IpAddr>,
    pub(crate) assigned_ip: Option<IpAddr>,
    pub(crate) src_port: u16,
    pub(crate) format: u8,
    pub(crate) service: Service,
    pub(crate) activity: Activity,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) reason: Option<Reason>,
    pub(crate) mfa: Option<MfaResult>,
    pub(crate) assumed: Assumed,
    pub(crate) logon_type: u8,
}

impl Row {
    fn text_len(&self) -> usize {
        self.text_lens.iter().map(|it| usize::from(*it)).sum()
    }
}

/// Longest text kept of one field, in bytes; the whole record stays in its file.
const TEXT_CAP: usize = 1024;
/// Marks an absent logon type.
pub(crate) const NO_TYPE: u8 = u8::MAX;

/// Events in one piece of memory.
#[derive(Debug, Default, Clone)]
pub struct Batch {
    rows: Vec<Row>,
    text: String,
    formats: Vec<&'static str>,
}

impl Batch {
    /// Appends `event`, copying its texts; one over 1 KiB is cut.
    ///
    /// `id` is the hash of what the device wrote.
    pub fn push(&mut self, event: &Event<'_>, id: u128, origin: Origin) {
        let text_start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let mut text_lens = [0u16; Event::TEXTS];
        for (len, text) in text_lens.iter_mut().zip(event.texts()) {
            let Some(text) = text else { continue };
            let kept = text.get(..text.floor_char_boundary(TEXT_CAP)).unwrap_or_default();
            self.text.push_str(kept);
            *len = u16::try_from(kept.len()).unwrap_or_default();
        }
        let key = EventKey { millis: event.time.as_millisecond(), phase: event.phase(), id };
        let format = self.format_index(event.format);
        self.rows.push(Row {
            key,
            origin,
            text_start,
            text_lens,
            src_ip: event.src_ip,
            assigned_ip: event.assigned_ip,
            src_port: event.src_port.unwrap_or(0),
            format,
            service: event.service,
            activity: event.activity,
            outcome: event.outcome,
            reason: event.reason,
            mfa: event.mfa.map(|it| it.result),
            assumed: event.time_assumed,
            logon_type: event.logon_type.unwrap_or(NO_TYPE),
        });
    }

    /// Appends the row that `bytes` begin with, and takes it off them; nothing where they hold no whole row.
    ///
    /// `formats` are those of the batch that encoded it.
    pub fn push_encoded(&mut self, bytes: &mut &[u8], formats: &[&'static str]) -> Option<()> {
        let (mut row, text) = wire::take(bytes)?;
        row.text_start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        row.format = self.format_index(formats.get(usize::from(row.format)).copied()?);
        self.text.push_str(text);
        self.rows.push(row);
        Some(())
    }

    /// Order and origin of the row that encoded `bytes` begin with; nothing where they hold no whole one.
    #[must_use]
    pub fn encoded_head(bytes: &[u8]) -> Option<(EventKey, Origin)> {
        wire::head(bytes)
    }

    /// Most bytes that an encoded row takes.
    pub const LONGEST: usize = wire::LONGEST;

    /// Of the rows from `from` on, which have one key, keeps as many as the file has that has most of them.
    ///
    /// So a copy of a record in another file counts once, and two equal lines of one device stay two. The first file
    /// by `rank` gives the origin; the ids of further ones are told apart.
    pub fn merge_copies(&mut self, from: usize, rank: impl Fn(Origin) -> (u32, u64)) {
        let Some(group) = self.rows.get_mut(from..) else { return };
        group.sort_by_key(|it| rank(it.origin));
        let (mut kept, mut file, mut of_file) = (0usize, u32::MAX, 0usize);
        for at in 0..group.len() {
            let Some(row) = group.get(at).copied() else { break };
            let own = rank(row.origin).0;
            (file, of_file) = if own == file { (file, of_file + 1) } else { (own, 1) };
            if kept < of_file {
                if let Some(slot) = group.get_mut(kept) {
                    *slot = row;
                    slot.key.id = slot.key.id.wrapping_add((kept as u128) << 32);
                }
                kept += 1;
            }
        }
        self.rows.truncate(from + kept);
    }

    /// Appends row `index` as bytes, for [`Batch::push_encoded`].
    pub fn encode(&self, index: usize, bytes: &mut Vec<u8>) {
        let Some(row) = self.rows.get(index) else { return };
        let start = row.text_start as usize;
        wire::put(bytes, row, self.text.get(start..start + row.text_len()).unwrap_or_default());
    }

    /// Names of the formats, by the numbers that [`Batch::encode`] writes.
    #[must_use]
    pub fn formats(&self) -> &[&'static str] {
        &self.formats
    }

    fn format_index(&mut self, format: &'static str) -> u8 {
        let known = self.formats.iter().position(|it| std::ptr::eq(*it, format) || *it == format);
        let at = known.unwrap_or_else(|| {
            self.formats.push(format);
            self.formats.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    /// The fixed part of event `index`.
    #[must_use]
    pub fn row(&self, index: usize) -> Option<&Row> {
        self.rows.get(index)
    }

    /// All fixed parts, in the order of appending or, after [`Batch::sort`], of their keys.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Event `index`, borrowed from the batch.
    #[must_use]
    pub fn event(&self, index: usize) -> Option<Event<'_>> {
        let row = self.rows.get(index)?;
        let mut at = row.text_start as usize;
        let texts = row.text_lens.map(|len| {
            let from = at;
            at += usize::from(len);
            if len == 0 { None } else { self.text.get(from..at) }
        });
        let [
            user,
            domain,
            src_host,
            host,
            target,
            session,
            device,
            client,
            certificate,
            method,
            mfa,
            code,
            actor,
            detail,
        ] = texts;
        Some(Event {
            time: Timestamp::from_millisecond(row.key.millis).unwrap_or_default(),
            time_assumed: row.assumed,
            format: self.formats.get(usize::from(row.format)).copied().unwrap_or_default(),
            service: row.service,
            activity: row.activity,
            outcome: row.outcome,
            reason: row.reason,
            user,
            domain,
            src_ip: row.src_ip,
            src_port: Some(row.src_port).filter(|it| *it != 0),
            src_host,
            assigned_ip: row.assigned_ip,
            host,
            target,
            session,
            device,
            client,
            certificate,
            method,
            mfa: row.mfa.map(|result| Mfa { method: mfa, result }),
            code,
            actor,
            detail,
            logon_type: Some(row.logon_type).filter(|it| *it != NO_TYPE),
        })
    }

    /// How many events it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes that it takes in memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.rows.len() * size_of::<Row>() + self.text.len()
    }

    /// Brings the events into the order of their keys.
    pub fn sort(&mut self) {
        if !self.rows.is_sorted_by_key(|it| it.key.millis) {
            self.rows.sort_unstable_by_key(|it| (it.key, it.origin));
            return;
        }
        // Most logs are in order but for the events of one moment.
        for moment in self.rows.chunk_by_mut(|a, b| a.key.millis == b.key.millis) {
            if 1 < moment.len() {
                moment.sort_unstable_by_key(|it| (it.key, it.origin));
            }
        }
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.text.clear();
    }
}
