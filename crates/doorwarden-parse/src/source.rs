//! One source from its first byte to its last: framing, header, the format that claims each record, counts.

mod windows;

use std::{
    any::Any,
    io::{self, Read},
};

use bumpalo::Bump;
use doorwarden_model::{Event, hash64, hash128};
use jiff::{civil::Date, tz::TimeZone};

use crate::{
    Ctx, Parsed, Payload, Record, Reject,
    clock::Clock,
    formats::{self, Entry},
    framing::{self, lines},
    syslog,
};

/// What the caller knows of a source beside its bytes.
#[derive(Debug, Clone, Default)]
pub struct SourceInfo {
    /// Day on which it was last written: gives the year to stamps that state none.
    pub written: Option<Date>,
    /// Zone of stamps that state none.
    pub zone: Option<TimeZone>,
    /// Id of the only format that may read it.
    pub forced: Option<&'static str>,
}

/// Who takes what was read.
pub trait Sink {
    /// An event; `id` hashes what the device wrote, so that a copy elsewhere has the same.
    fn event(&mut self, event: &Event<'_>, id: u128, line: u64, is_record: bool);

    /// A record that no format claims (`format` absent), or that its format could not read.
    fn unparsed(
        &mut self,
        line: u64,
        text: &str,
        format: Option<&'static str>,
        why: Option<&Reject>,
    );
}

/// Counts of one format within a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormatCount {
    /// Events reported.
    pub events: u64,
    /// Records understood that state nothing.
    pub ignored: u64,
    /// Records that it claims and could not read.
    pub rejected: u64,
}

/// What became of a source.
#[derive(Debug, Clone, Default)]
pub struct SourceStats {
    /// Bytes read, after unpacking.
    pub bytes: u64,
    /// Records framed.
    pub records: u64,
    /// Records that no format claims, blank ones left out.
    pub unclaimed: u64,
    /// Parts that could not be told apart into records: damaged or cut.
    pub damaged: u64,
    /// Per format that claimed a record.
    pub formats: Vec<(&'static str, FormatCount)>,
}

/// Reads `reader` to its end; what was read before an error stays reported.
pub fn read_source(
    reader: &mut dyn Read,
    info: &SourceInfo,
    sink: &mut dyn Sink,
) -> (SourceStats, io::Result<()>) {
    let mut source = Source::new(info, sink);
    let result = source.read(reader);
    (source.into_stats(), result)
}

/// Bytes looked at to tell what kind of file it is.
const HEAD: usize = 8192;

/// Fills `head` as far as the source goes, and cuts it there.
fn fill(reader: &mut dyn Read, head: &mut Vec<u8>) -> io::Result<()> {
    let mut filled = 0;
    let result = loop {
        match reader.read(head.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break Ok(()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break Err(error),
        }
    };
    head.truncate(filled);
    result
}

/// The state of one source while it is read.
pub(crate) struct Source<'s> {
    sink: &'s mut dyn Sink,
    clock: Clock,
    slots: Vec<Slot>,
    last: usize,
    forced: Option<usize>,
    stats: SourceStats,
    /// Sees every record before its format, in tests.
    observer: Option<Box<dyn FnMut(&Record<'_>) + 's>>,
}

/// What is kept for one format.
struct Slot {
    entry: &'static Entry,
    carry: Option<Box<dyn Any + Send>>,
    count: FormatCount,
}

impl<'s> Source<'s> {
    pub(crate) fn new(info: &SourceInfo, sink: &'s mut dyn Sink) -> Self {
        let slots: Vec<Slot> = formats::ALL
            .iter()
            .map(|entry| Slot { entry, carry: None, count: FormatCount::default() })
            .collect();
        let forced = info.forced.and_then(|id| slots.iter().position(|it| it.entry.id() == id));
        Self {
            sink,
            clock: Clock::new(info.written, info.zone.clone()),
            slots,
            last: 0,
            forced,
            stats: SourceStats::default(),
            observer: None,
        }
    }

    fn read(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        let mut head = vec![0; HEAD];
        fill(reader, &mut head)?;
        match framing::sniff(&head) {
            framing::Framing::Lines => self.read_lines(&head, reader),
            framing::Framing::Evtx => self.read_evtx(&head, reader),
            framing::Framing::Xml => self.read_xml(&head, reader),
        }
    }

    fn into_stats(mut self) -> SourceStats {
        let used = self.slots.iter().filter(|it| it.count != FormatCount::default());
        self.stats.formats = used.map(|it| (it.entry.id(), it.count)).collect();
        self.stats
    }

    fn read_lines(&mut self, head: &[u8], reader: &mut dyn Read) -> io::Result<()> {
        let mut arena = Bump::new();
        let bytes = lines::blocks(head, reader, |block| {
            match std::str::from_utf8(block) {
                Ok(_) => lines::each(block, |line| match std::str::from_utf8(line) {
                    Ok(line) => self.line(line, &arena),
                    Err(_) => self.line(&String::from_utf8_lossy(line), &arena),
                }),
                Err(_) => {
                    lines::each(block, |line| self.line(&String::from_utf8_lossy(line), &arena))
                }
            }
            arena.reset();
        })?;
        self.stats.bytes += bytes;
        Ok(())
    }

    fn line(&mut self, text: &str, arena: &Bump) {
        self.stats.records += 1;
        let line = self.stats.records;
        if text.is_empty() {
            return;
        }
        let header = syslog::split(text);
        let is_json = header.message.starts_with('{');
        let record = Record {
            text,
            line,
            stamp: header.stamp,
            host: header.host,
            app: header.app,
            pid: header.pid,
            structured: header.structured,
            body: header.body,
            message: header.message,
            payload: if is_json { Payload::Json } else { Payload::Text },
        };
        self.record(&record, arena, false);
    }

    /// Gives `record` to the format that claims it.
    pub(crate) fn record(&mut self, record: &Record<'_>, arena: &Bump, is_record: bool) {
        if let Some(observer) = &mut self.observer {
            observer(record);
        }
        let Some(at) = self.claimant(record) else {
            if self.windows_event(record, arena) {
                return;
            }
            if !record.text.trim().is_empty() {
                self.stats.unclaimed += 1;
                self.sink.unparsed(record.line, record.text, None, None);
            }
            return;
        };
        self.last = at;
        let Some(slot) = self.slots.get_mut(at) else { return };
        let sink = &mut *self.sink;
        let mut emitted = 0u64;
        let mut on_event = |event: &Event<'_>| {
            let id = identity(record, event, emitted);
            emitted += 1;
            sink.event(event, id, record.line, is_record);
        };
        let mut ctx =
            Ctx { arena, clock: &mut self.clock, carry: &mut slot.carry, emitted: &mut on_event };
        let result = slot.entry.format.parse(record, &mut ctx);
        slot.count.events += emitted;
        match result {
            Ok(Parsed::Event) if 0 < emitted => {}
            Ok(Parsed::Event | Parsed::Ignored) => slot.count.ignored += u64::from(emitted == 0),
            Err(reject) => {
                slot.count.rejected += 1;
                self.sink.unparsed(record.line, record.text, Some(slot.entry.id()), Some(&reject));
            }
        }
    }

    /// The format that reads `record`: the last one where it still claims, else the first in order.
    fn claimant(&self, record: &Record<'_>) -> Option<usize> {
        if self.forced.is_some() {
            return self.forced;
        }
        let claims = |it: &Slot| it.entry.format.claims(record);
        if self.slots.get(self.last).is_some_and(claims) {
            return Some(self.last);
        }
        self.slots.iter().position(claims)
    }
}

/// The hash of what the device wrote, without a relay's header; `ordinal` tells events of one record apart.
fn identity(record: &Record<'_>, event: &Event<'_>, ordinal: u64) -> u128 {
    if let Some(id) = record.windows().and_then(|it| it.identity(event.time.as_second())) {
        return id ^ u128::from(mix(ordinal));
    }
    let host = record.host.map_or(0, |it| hash64(1, it.as_bytes()));
    let moment = event.time.as_millisecond().unsigned_abs().wrapping_add(ordinal << 48);
    hash128(record.body.as_bytes()) ^ (u128::from(host) << 64) ^ u128::from(mix(moment))
}

/// Spreads a number over 64 bits (the finaliser of `SplitMix64`).
const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// For tests: the ids of all formats that claim each record of `reader`.
#[doc(hidden)]
pub fn claimants(reader: &mut dyn Read) -> Vec<(u64, Vec<&'static str>)> {
    struct Nothing;
    impl Sink for Nothing {
        fn event(&mut self, _: &Event<'_>, _: u128, _: u64, _: bool) {}
        fn unparsed(&mut self, _: u64, _: &str, _: Option<&'static str>, _: Option<&Reject>) {}
    }
    let mut found = Vec::new();
    let mut nothing = Nothing;
    let mut source = Source::new(&SourceInfo::default(), &mut nothing);
    source.observer = Some(Box::new(|record: &Record<'_>| {
        let names =
            formats::ALL.iter().filter(|it| it.format.claims(record)).map(Entry::id).collect();
        found.push((record.line, names));
    }));
    // An unreadable end leaves what was seen before it.
    drop(source.read(reader));
    drop(source);
    found
}
