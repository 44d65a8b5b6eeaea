//! One source from its first byte to its last: framing, header, the format that claims each record, counts.

mod windows;

use std::{
    any::Any,
    io::{self, BufRead, Read},
};

use bumpalo::Bump;
use doorwarden_model::{Event, hash64, hash128};
use jiff::{civil::Date, tz::TimeZone};

use crate::{
    Ctx, Parsed, Record, Reject,
    clock::Clock,
    formats::{self, Entry},
    framing::{
        self, Framing,
        carrier::{self, Carried},
        feed::Feed,
        journal, lines, octets, rows,
        utf16::{self, Utf16},
        values,
    },
    peek::Peek,
    record::Block,
    stamp,
    syslog::{self, Header, Splitter},
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

/// What the number of a place in a source counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Lines, from 1.
    Line,
    /// Windows' own `EventRecordID`.
    Record,
}

/// Who takes what was read.
pub trait Sink {
    /// An event; `id` hashes what the device wrote, so that a copy elsewhere has the same.
    fn event(&mut self, event: &Event<'_>, id: u128, number: u64, unit: Unit);

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
    /// Whether it is neither text nor anything else that is read; it was left after its first bytes.
    pub is_binary: bool,
    /// Whether times without a year were given the year 2000, because nothing tells a better one.
    pub is_year_unknown: bool,
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

/// Counts what is read.
struct Counted<'r> {
    inner: &'r mut dyn Read,
    bytes: u64,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

/// What a file may begin with, where it says that it is UTF-8.
const BOM: &str = "\u{feff}";

/// Carriers inside one another that are opened.
const CARRIERS_CAP: u32 = 3;

/// The state of one source while it is read.
pub(crate) struct Source<'s> {
    sink: &'s mut dyn Sink,
    clock: Clock,
    splitter: Splitter,
    slots: Vec<Slot>,
    last: usize,
    forced: Option<usize>,
    stats: SourceStats,
    /// Sees every record before its format, in tests.
    observer: Option<Observer<'s>>,
}

/// Is shown every record.
type Observer<'s> = Box<dyn FnMut(&Record<'_>) + 's>;

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
            splitter: Splitter::default(),
            slots,
            last: 0,
            forced,
            stats: SourceStats::default(),
            observer: None,
        }
    }

    fn read(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        let mut counted = Counted { inner: reader, bytes: 0 };
        let mut peek = Peek::new(&mut counted);
        let result = match peek.ahead(framing::HEAD).map(utf16::order) {
            Ok(Some(order)) => self.read_text(&mut Peek::new(&mut Utf16::new(peek, order))),
            Ok(None) => self.read_text(&mut peek),
            Err(error) => Err(error),
        };
        self.stats.bytes = counted.bytes;
        result
    }

    fn read_text(&mut self, peek: &mut Peek<'_>) -> io::Result<()> {
        if peek.ahead(BOM.len())? == BOM.as_bytes() {
            peek.consume(BOM.len());
        }
        let mut arena = Bump::new();
        let mut record = |line: u64, bytes: &[u8]| {
            self.line(&String::from_utf8_lossy(bytes), line, &arena);
            arena.reset();
        };
        match framing::sniff(peek.ahead(framing::HEAD)?) {
            Framing::Lines => self.read_lines(peek),
            Framing::Values => values::each(Feed::new(peek), &mut record),
            Framing::Rows(comma) => rows::each(Feed::new(peek), comma, &mut record),
            Framing::Octets => octets::each(Feed::new(peek), &mut record),
            Framing::Journal => self.read_journal(peek),
            Framing::Evtx => self.read_evtx(&[], peek),
            Framing::Xml => self.read_xml(&[], peek),
            Framing::Binary => {
                self.stats.is_binary = true;
                Ok(())
            }
        }
    }

    fn into_stats(mut self) -> SourceStats {
        self.stats.is_year_unknown = self.clock.is_year_unknown();
        let used = self.slots.iter().filter(|it| it.count != FormatCount::default());
        self.stats.formats = used.map(|it| (it.entry.id(), it.count)).collect();
        self.stats
    }

    fn read_lines(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        let mut arena = Bump::new();
        let mut at = 0;
        let (cut, result) = lines::blocks(reader, |block| {
            if let Ok(text) = std::str::from_utf8(block) {
                lines::each_text(text, |line| {
                    at += 1;
                    self.line(line, at, &arena);
                });
            } else {
                lines::each(block, |line| {
                    at += 1;
                    self.line(&String::from_utf8_lossy(line), at, &arena);
                });
            }
            arena.reset();
        });
        self.stats.damaged += cut;
        result
    }

    fn read_journal(&mut self, reader: &mut dyn Read) -> io::Result<()> {
        let mut arena = Bump::new();
        journal::each(Feed::new(reader), &mut |line, entry| {
            let kept = |bytes: &[u8]| &*arena.alloc_str(&String::from_utf8_lossy(bytes));
            let message = kept(entry.message());
            let header = Header {
                stamp: entry.micros().and_then(|it| stamp::of_unix_millis(it / 1000)),
                host: entry.host().map(kept),
                app: entry.app().map(kept),
                pid: entry.pid().map(kept),
                structured: None,
                body: message,
                message,
            };
            self.stats.records += 1;
            self.record(&header.record(message, line), &arena, Unit::Line);
            arena.reset();
        })
    }

    fn line(&mut self, text: &str, line: u64, arena: &Bump) {
        self.stats.records += 1;
        // A hole that a rotation left, or the mark of a file that was appended to this one.
        let text = match text.as_bytes().first() {
            Some(0 | 0xef) => text.trim_start_matches(['\0', '\u{feff}']),
            _ => text,
        };
        let record = self.splitter.split(text).record(text, line);
        if text.is_empty() && !self.reads_blocks() {
            self.show(&record);
        } else if record.is_time() {
            self.show(&record);
            self.clock.head(&record);
        } else {
            self.record(&record, arena, Unit::Line);
        }
    }

    /// Whether the format that read last waits for the end of a block.
    fn reads_blocks(&self) -> bool {
        self.slots
            .get(self.last)
            .is_some_and(|it| it.carry.is_some() && it.entry.format.reads_blocks())
    }

    /// Gives `record` to the format that claims it, or what it carries to the one that claims that.
    pub(crate) fn record(&mut self, record: &Record<'_>, arena: &Bump, unit: Unit) {
        self.show(record);
        match self.claimant(record) {
            Some(at) => self.parse(at, record, arena, unit),
            None if self.windows_event(record, arena) => {}
            None => self.carried(record, arena, CARRIERS_CAP),
        }
    }

    fn show(&mut self, record: &Record<'_>) {
        if let Some(observer) = &mut self.observer {
            observer(record);
        }
    }

    /// Reads what a JSON object carries that no format claims.
    fn carried(&mut self, record: &Record<'_>, arena: &Bump, left: u32) {
        match carrier::carried(record, arena).filter(|_| 0 < left) {
            Some(Carried::One(inner)) => self.inner(&inner, arena, left - 1),
            Some(Carried::Many(array)) => {
                let mut is_told = array.starts_with("[]");
                for element in carrier::elements(array) {
                    is_told = true;
                    let header = Header { host: record.host, ..syslog::split(element) };
                    self.inner(&header.record(element, record.line), arena, left - 1);
                }
                if !is_told {
                    self.unclaimed(record);
                }
            }
            None if record.text.trim_ascii().is_empty() => {}
            None => self.unclaimed(record),
        }
    }

    fn unclaimed(&mut self, record: &Record<'_>) {
        self.stats.unclaimed += 1;
        self.sink.unparsed(record.line, record.text, None, None);
    }

    fn inner(&mut self, record: &Record<'_>, arena: &Bump, left: u32) {
        self.show(record);
        match self.claimant(record) {
            Some(at) => self.parse(at, record, arena, Unit::Line),
            None if self.windows_event(record, arena) => {}
            None => self.carried(record, arena, left),
        }
    }

    fn parse(&mut self, at: usize, record: &Record<'_>, arena: &Bump, unit: Unit) {
        self.last = at;
        let Some(slot) = self.slots.get_mut(at) else { return };
        let sink = &mut *self.sink;
        let mut emitted = 0u64;
        let mut on_event = |event: &Event<'_>, block: Option<Block<'_>>| {
            let block = block.unwrap_or(Block { line: record.line, text: record.body });
            let id = identity(record, block.text, event, emitted);
            emitted += 1;
            sink.event(event, id, block.line, unit);
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
        let claims = |it: &Slot| it.entry.format.claims(record);
        if let Some(at) = self.forced {
            // A JSON object may carry what the format reads.
            let may_read = record.json().is_none() || self.slots.get(at).is_some_and(claims);
            return may_read.then_some(at);
        }
        if self.slots.get(self.last).is_some_and(claims) {
            return Some(self.last);
        }
        self.slots.iter().position(claims)
    }
}

/// The hash of what the device wrote, without a relay's header; `ordinal` tells events of one record apart.
fn identity(record: &Record<'_>, wrote: &str, event: &Event<'_>, ordinal: u64) -> u128 {
    if let Some(id) = record.windows().and_then(|it| it.identity(event.time.as_second())) {
        return id ^ u128::from(mix(ordinal));
    }
    let host = record.host.map_or(0, |it| hash64(1, it.as_bytes()));
    let moment = event.time.as_millisecond().unsigned_abs().wrapping_add(ordinal << 48);
    hash128(wrote.as_bytes()) ^ (u128::from(host) << 64) ^ u128::from(mix(moment))
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
    let mut found = Vec::new();
    observe(reader, |record| {
        let names =
            formats::ALL.iter().filter(|it| it.format.claims(record)).map(Entry::id).collect();
        found.push((record.line, names));
    });
    found
}

/// Shows every record of `reader` to `observer`, and what it carries after it.
pub(crate) fn observe(reader: &mut dyn Read, observer: impl FnMut(&Record<'_>)) {
    struct Nothing;
    impl Sink for Nothing {
        fn event(&mut self, _: &Event<'_>, _: u128, _: u64, _: Unit) {}
        fn unparsed(&mut self, _: u64, _: &str, _: Option<&'static str>, _: Option<&Reject>) {}
    }
    let mut nothing = Nothing;
    let mut source = Source::new(&SourceInfo::default(), &mut nothing);
    source.observer = Some(Box::new(observer));
    // An unreadable end leaves what was seen before it.
    drop(source.read(reader));
}
