//! From a record's binary XML to a [`WinEvent`]: its head first, its data only where a format reads the event.

use bumpalo::{Bump, collections::Vec as BumpVec};
use hashbrown::HashMap;

use super::{
    Raw,
    binxml::{self, Field, Instance, Kind, Origin, Plan, Reader, Value, What},
    value,
};
use crate::formats::windows::{Log, Place, When, WinEvent, activity_id};

/// Binary XML inside binary XML; real events have it once.
const NESTING_CAP: u8 = 8;
/// Bytes of templates compiled for one chunk: templates may be made to overlap.
const COMPILED_CAP: usize = 16 * super::CHUNK;
/// Bytes of text taken from one record: one value may be named many times.
const TEXT_CAP: usize = 256 << 10;

/// Reads the events of one chunk.
pub(super) struct Events<'c> {
    chunk: &'c [u8],
    arena: &'c Bump,
    plans: HashMap<usize, Option<Plan<'c>>>,
    compiled: usize,
    provider: Recent<'c>,
    channel: Recent<'c>,
    computer: Recent<'c>,
    log: (&'c str, &'c str, Log),
}

/// The last text of its kind: records of one chunk mostly repeat it.
#[derive(Clone, Copy, Default)]
struct Recent<'c> {
    raw: &'c [u8],
    text: &'c str,
}

/// The head of an event as far as it was read.
#[derive(Default)]
struct Head<'c> {
    event_id: Option<u32>,
    provider: &'c str,
    channel: &'c str,
    computer: Option<&'c str>,
    millis: Option<i64>,
    record: Option<u64>,
    activity: Option<&'c str>,
}

/// Data gathered for one record.
struct Gathered<'c> {
    data: BumpVec<'c, (&'c str, &'c str)>,
    nameless: usize,
    bytes: usize,
}

impl<'c> Events<'c> {
    pub(super) fn new(chunk: &'c [u8], arena: &'c Bump) -> Self {
        let recent = Recent::default();
        Self {
            chunk,
            arena,
            plans: HashMap::new(),
            compiled: 0,
            provider: recent,
            channel: recent,
            computer: recent,
            log: ("", "", Log::Other),
        }
    }

    /// The event of `raw`; absent where it cannot be read.
    pub(super) fn read(&mut self, raw: &Raw) -> Option<WinEvent<'c>> {
        let mut reader = Reader::new(self.chunk, raw.body.0);
        let mut head = Head::default();
        let mut gathered = Gathered { data: BumpVec::new_in(self.arena), nameless: 0, bytes: 0 };
        let (plan, values) = self.stream(&mut reader, raw.body.1, Place::Root)?;
        for field in plan {
            self.head_field(field, &values, &mut head);
        }
        let event_id = head.event_id?;
        let log = self.log_of(head.provider, head.channel);
        if log.reads(event_id) {
            for field in plan {
                self.data_field(field, &values, &mut gathered, NESTING_CAP);
            }
        }
        let millis = head.millis.unwrap_or_else(|| value::filetime(raw.filetime));
        Some(WinEvent {
            log,
            event_id,
            provider: head.provider,
            channel: head.channel,
            computer: head.computer,
            when: Some(When::Millis(millis)),
            record: head.record.or(Some(raw.id)),
            activity: head.activity,
            data: gathered.data.into_bump_slice(),
        })
    }

    /// The first template of a stream with its values, or the stream itself where it uses none.
    fn stream(
        &mut self,
        reader: &mut Reader<'c>,
        end: usize,
        parent: Place,
    ) -> Option<(Plan<'c>, smallvec::SmallVec<[Value<'c>; 32]>)> {
        let mut ahead = *reader;
        let mut token = ahead.u8()?;
        if token == 0x0f {
            ahead.take(3)?;
            token = ahead.u8()?;
        }
        if token != 0x0c {
            self.compiled += end.saturating_sub(reader.position());
            if COMPILED_CAP < self.compiled {
                return None;
            }
            let plan = binxml::compile(
                self.chunk,
                (reader.position(), end),
                parent,
                Kind::Record,
                self.arena,
            )?;
            return Some((plan, smallvec::SmallVec::new()));
        }
        let Instance { template, values } = binxml::instance(&mut ahead)?;
        Some((self.plan(template, parent)?, values))
    }

    /// The template at `offset`, compiled when it is met first.
    fn plan(&mut self, offset: usize, parent: Place) -> Option<Plan<'c>> {
        if let Some(known) = self.plans.get(&offset) {
            return *known;
        }
        let body = binxml::template_body(self.chunk, offset)?;
        self.compiled += body.1 - body.0;
        if COMPILED_CAP < self.compiled {
            return None;
        }
        let plan = binxml::compile(self.chunk, body, parent, Kind::Template, self.arena);
        self.plans.insert(offset, plan);
        plan
    }

    fn log_of(&mut self, provider: &'c str, channel: &'c str) -> Log {
        if (self.log.0, self.log.1) != (provider, channel) {
            self.log = (provider, channel, Log::of(provider, channel));
        }
        self.log.2
    }

    fn head_field(
        &mut self,
        (what, origin): &Field<'c>,
        values: &[Value<'c>],
        head: &mut Head<'c>,
    ) {
        let Some(it) = resolve(*origin, values) else { return };
        let arena = self.arena;
        match what {
            What::Provider => head.provider = self.provider.text(it, arena),
            What::Channel => head.channel = self.channel.text(it, arena),
            What::Computer => {
                head.computer = Some(self.computer.text(it, arena)).filter(|it| !it.is_empty());
            }
            What::EventId => {
                head.event_id = value::number(it).and_then(|it| u32::try_from(it).ok());
            }
            What::RecordId => head.record = value::number(it),
            What::Time => head.millis = value::time(it, arena),
            What::Activity => {
                head.activity = value::text(it, arena).map(|it| activity_id(it, arena));
            }
            What::Data(_) | What::Inside(_) => {}
        }
    }

    fn data_field(
        &mut self,
        (what, origin): &Field<'c>,
        values: &[Value<'c>],
        gathered: &mut Gathered<'c>,
        nesting: u8,
    ) {
        let Some(it) = resolve(*origin, values) else { return };
        match what {
            What::Data(_) | What::Inside(_) if it.kind == value::BINARY_XML => {
                let parent = if let What::Inside(place) = what { *place } else { Place::Leaf };
                self.inside(it, parent, gathered, nesting);
            }
            What::Data(name) => gathered.add(*name, it, self.arena),
            What::Inside(_)
            | What::Provider
            | What::Channel
            | What::Computer
            | What::EventId
            | What::RecordId
            | What::Time
            | What::Activity => {}
        }
    }

    /// Binary XML that is itself a value.
    fn inside(&mut self, it: Value<'c>, parent: Place, gathered: &mut Gathered<'c>, nesting: u8) {
        let Some(nesting) = nesting.checked_sub(1) else { return };
        let mut reader = Reader::new(self.chunk, it.start);
        let Some((plan, values)) = self.stream(&mut reader, it.start + it.bytes.len(), parent)
        else {
            return;
        };
        for field in plan {
            self.data_field(field, &values, gathered, nesting);
        }
    }
}

/// The value of a part.
fn resolve<'c>(origin: Origin<'c>, values: &[Value<'c>]) -> Option<Value<'c>> {
    match origin {
        Origin::Slot(slot) => values.get(usize::from(slot)).copied(),
        Origin::Literal(bytes) => Some(Value { kind: 0x01, start: 0, bytes }),
    }
}

impl<'c> Recent<'c> {
    fn text(&mut self, it: Value<'c>, arena: &'c Bump) -> &'c str {
        if it.kind != 0x01 {
            return value::text(it, arena).unwrap_or_default();
        }
        if self.raw != it.bytes {
            *self = Self { raw: it.bytes, text: value::utf16(it.bytes, arena) };
        }
        self.text
    }
}

impl<'c> Gathered<'c> {
    /// Adds a value, or each text of a list; nameless ones are numbered.
    fn add(&mut self, name: Option<&'c str>, it: Value<'c>, arena: &'c Bump) {
        if it.kind == value::TEXTS {
            for item in texts(it.bytes) {
                self.add_one(name, value::utf16(item, arena), arena);
            }
            return;
        }
        let text = value::text(it, arena).unwrap_or_default();
        self.add_one(name, text, arena);
    }

    fn add_one(&mut self, name: Option<&'c str>, text: &'c str, arena: &'c Bump) {
        self.bytes += text.len();
        if TEXT_CAP < self.bytes {
            return;
        }
        let name = name.unwrap_or_else(|| {
            self.nameless += 1;
            bumpalo::format!(in arena, "{}", self.nameless - 1).into_bump_str()
        });
        self.data.push((name, text));
    }
}

/// The texts of a list, each behind the end mark of the one before.
fn texts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let units = rest.as_chunks::<2>().0;
        if units.is_empty() {
            return None;
        }
        let len = units.iter().position(|it| *it == [0, 0]).unwrap_or(units.len());
        let (text, after) = rest.split_at_checked(len * 2)?;
        rest = after.get(2..).unwrap_or_default();
        Some(text)
    })
}
