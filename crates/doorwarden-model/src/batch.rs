//! Many events in one piece of memory: how they travel from parsing to judging, and to disk when memory is short.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::{Activity, Assumed, Event, Mfa, MfaResult, Outcome, Reason, Service};

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
    text_start: u32,
    text_lens: [u16; Event::TEXTS],
    src_ip: Option<IpAddr>,
    assigned_ip: Option<IpAddr>,
    src_port: u16,
    format: u8,
    service: Service,
    activity: Activity,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    mfa: Option<MfaResult>,
    assumed: Assumed,
    logon_type: u8,
}

/// Longest text kept of one field, in bytes; the whole record stays in its file.
const TEXT_CAP: usize = 1024;
/// Length that marks an absent text; an empty text is absent too.
const NO_TYPE: u8 = u8::MAX;

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

    /// Appends row `index` of `other`.
    pub fn push_from(&mut self, other: &Batch, index: usize) {
        if let (Some(row), Some(event)) = (other.rows.get(index), other.event(index)) {
            self.push(&event, row.key.id, row.origin);
        }
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
        if !self.rows.is_sorted_by_key(|it| it.key) {
            self.rows.sort_unstable_by_key(|it| (it.key, it.origin));
        }
    }

    /// Empties it, keeping its memory.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.text.clear();
    }
}
