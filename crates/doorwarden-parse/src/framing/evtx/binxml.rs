//! Binary XML (MS-EVEN6 2.2.12 to 2.2.18): reading it, and compiling a template to the values that matter.

use bumpalo::{Bump, collections::Vec as BumpVec};
use smallvec::SmallVec;

use super::value::utf16;
use crate::formats::windows::Place;

/// Elements open at a time; real events have five.
const DEPTH_CAP: usize = 64;
/// Fields kept of a template; real ones have a few dozen.
const FIELD_CAP: usize = 1024;
/// Values of one record.
const VALUE_CAP: u32 = 4096;

/// Reads little-endian values of a chunk one after another, never past its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Reader<'c> {
    pub(super) const fn new(bytes: &'c [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Where the next value stands.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'c [u8]> {
        let end = self.at.checked_add(count)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(*self.take(2)?.first_chunk()?))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    /// UTF-16 text with its length in units before it.
    fn text(&mut self) -> Option<&'c [u8]> {
        let units = self.u16()?;
        self.take(usize::from(units) * 2)
    }

    /// A reference to a name, as UTF-16; the name itself stands in the stream where it is used first.
    fn name(&mut self) -> Option<&'c [u8]> {
        let offset = self.u32()? as usize;
        let mut name = Self::new(self.bytes, offset);
        // Link to the next name of its bucket, and the hash.
        name.take(6)?;
        let text = name.text()?;
        if offset == self.at {
            self.at = name.at + 2;
        }
        Some(text)
    }
}

/// Whether UTF-16 `name` is ASCII `word`.
fn is(name: &[u8], word: &str) -> bool {
    name.len() == word.len() * 2
        && name.as_chunks::<2>().0.iter().zip(word.bytes()).all(|(unit, it)| *unit == [it, 0])
}

/// A part of an event that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What<'c> {
    /// `Provider/@Name`.
    Provider,
    /// `EventID`.
    EventId,
    /// `TimeCreated/@SystemTime`.
    Time,
    /// `EventRecordID`.
    RecordId,
    /// `Correlation/@ActivityID`.
    Activity,
    /// `Channel`.
    Channel,
    /// `Computer`.
    Computer,
    /// A value of `EventData` or `UserData`, with its name where it has one.
    Data(Option<&'c str>),
    /// Binary XML of its own, below an element of this kind.
    Inside(Place),
}

/// Where the part's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin<'c> {
    /// In the record, by its place in the list of values.
    Slot(u16),
    /// In the template itself, as UTF-16.
    Literal(&'c [u8]),
}

/// A part and where its value is.
pub(super) type Field<'c> = (What<'c>, Origin<'c>);

/// A template, or a stream without one, compiled: its parts in their order.
pub(super) type Plan<'c> = &'c [Field<'c>];

/// What a stream of tokens is: elements of a template name the value that they depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A template.
    Template,
    /// The tokens of a record itself.
    Record,
}

/// Compiles the tokens of `chunk` from `start` to `end` that stand below an element of the kind `parent`.
pub(super) fn compile<'c>(
    chunk: &'c [u8],
    (start, end): (usize, usize),
    parent: Place,
    kind: Kind,
    arena: &'c Bump,
) -> Option<Plan<'c>> {
    let mut walk = Walk {
        reader: Reader::new(chunk, start),
        parent,
        stack: SmallVec::new(),
        attribute: None,
        kind,
        arena,
        fields: BumpVec::new_in(arena),
    };
    while walk.reader.position() < end && walk.token()? {}
    Some(walk.fields.into_bump_slice())
}

/// An element that is open.
#[derive(Clone, Copy)]
struct Open<'c> {
    place: Place,
    /// For a value: what names it.
    name: Option<&'c str>,
}

/// What an attribute's value is for.
#[derive(Clone, Copy)]
enum Attribute<'c> {
    Field(What<'c>),
    LeafName,
    Other,
}

struct Walk<'c> {
    reader: Reader<'c>,
    parent: Place,
    stack: SmallVec<[Open<'c>; 8]>,
    /// The attribute whose value comes next; absent behind the element's start.
    attribute: Option<Attribute<'c>>,
    kind: Kind,
    arena: &'c Bump,
    fields: BumpVec<'c, Field<'c>>,
}

impl<'c> Walk<'c> {
    /// Reads one token; `false` behind the last one.
    fn token(&mut self) -> Option<bool> {
        match self.reader.u8()? {
            0x00 => return Some(false),
            token @ (0x01 | 0x41) => self.open(token)?,
            0x02 => self.attribute = None,
            0x03 | 0x04 => {
                self.attribute = None;
                self.stack.pop();
            }
            0x05 | 0x45 => {
                // The type of a literal value is always text.
                self.reader.u8()?;
                let text = self.reader.text()?;
                self.value(Origin::Literal(text));
            }
            0x06 | 0x46 => self.attribute()?,
            0x07 | 0x47 => {
                let text = self.reader.text()?;
                self.value(Origin::Literal(text));
            }
            0x08 | 0x48 => {
                self.reader.u16()?;
            }
            0x09 | 0x49 | 0x0a => {
                self.reader.name()?;
            }
            0x0b => {
                self.reader.text()?;
            }
            0x0d | 0x0e => {
                let slot = self.reader.u16()?;
                self.reader.u8()?;
                self.value(Origin::Slot(slot));
            }
            0x0f => {
                self.reader.take(3)?;
            }
            _ => return None,
        }
        Some(true)
    }

    fn open(&mut self, token: u8) -> Option<()> {
        if self.kind == Kind::Template {
            // The value on which the element depends.
            self.reader.u16()?;
        }
        self.reader.u32()?;
        let name = self.reader.name()?;
        if token == 0x41 {
            // It has attributes: their size.
            self.reader.u32()?;
        }
        if DEPTH_CAP <= self.stack.len() {
            return None;
        }
        let place = self.place().below(|it| is(name, it));
        let is_named = place == Place::Leaf && !is(name, "Data");
        let name = is_named.then(|| utf16(name, self.arena));
        self.stack.push(Open { place, name });
        self.attribute = Some(Attribute::Other);
        Some(())
    }

    fn place(&self) -> Place {
        self.stack.last().map_or(self.parent, |it| it.place)
    }

    fn attribute(&mut self) -> Option<()> {
        let name = self.reader.name()?;
        self.attribute = Some(match self.place() {
            Place::Provider if is(name, "Name") => Attribute::Field(What::Provider),
            Place::Time if is(name, "SystemTime") => Attribute::Field(What::Time),
            Place::Correlation if is(name, "ActivityID") => Attribute::Field(What::Activity),
            Place::Leaf if is(name, "Name") => Attribute::LeafName,
            _ => Attribute::Other,
        });
        Some(())
    }

    /// A value of the open attribute or element.
    fn value(&mut self, origin: Origin<'c>) {
        let what = match (self.attribute, origin) {
            (Some(Attribute::Field(what)), _) => what,
            (Some(Attribute::LeafName), Origin::Literal(text)) => {
                if let Some(open) = self.stack.last_mut() {
                    open.name = Some(utf16(text, self.arena));
                }
                return;
            }
            (Some(Attribute::LeafName | Attribute::Other), _) => return,
            (None, _) => match self.content(origin) {
                Some(what) => what,
                None => return,
            },
        };
        if self.fields.len() < FIELD_CAP {
            self.fields.push((what, origin));
        }
    }

    /// What a value between the tags of the open element is.
    fn content(&self, origin: Origin<'c>) -> Option<What<'c>> {
        let place = self.place();
        match place {
            Place::EventId => Some(What::EventId),
            Place::RecordId => Some(What::RecordId),
            Place::Channel => Some(What::Channel),
            Place::Computer => Some(What::Computer),
            Place::Leaf => Some(What::Data(self.stack.last().and_then(|it| it.name))),
            Place::Root | Place::Event | Place::EventData | Place::UserData | Place::Wrapper => {
                matches!(origin, Origin::Slot(_)).then_some(What::Inside(place))
            }
            Place::System | Place::Provider | Place::Time | Place::Correlation | Place::Other => {
                None
            }
        }
    }
}

/// A typed value of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'c> {
    /// Its type.
    pub(super) kind: u8,
    /// Where it lies in the chunk.
    pub(super) start: usize,
    /// Its bytes.
    pub(super) bytes: &'c [u8],
}

/// A reference to a template, and the values for it.
pub(super) struct Instance<'c> {
    /// Where the template stands in the chunk.
    pub(super) template: usize,
    /// The values, by slot.
    pub(super) values: SmallVec<[Value<'c>; 32]>,
}

/// Reads a reference to a template, from behind its token on.
pub(super) fn instance<'c>(reader: &mut Reader<'c>) -> Option<Instance<'c>> {
    reader.take(5)?;
    let template = reader.u32()? as usize;
    if template == reader.position() {
        // Used for the first time, it stands right here: link, GUID, size, tokens.
        reader.take(20)?;
        let size = reader.u32()? as usize;
        reader.take(size)?;
    }
    let count = reader.u32()?;
    if VALUE_CAP < count {
        return None;
    }
    let sizes = reader.take(count as usize * 4)?;
    let mut values = SmallVec::new();
    for &[low, high, kind, _] in sizes.as_chunks::<4>().0 {
        let start = reader.position();
        let bytes = reader.take(usize::from(u16::from_le_bytes([low, high])))?;
        values.push(Value { kind, start, bytes });
    }
    Some(Instance { template, values })
}

/// Where the tokens of the template at `offset` start and end.
pub(super) fn template_body(chunk: &[u8], offset: usize) -> Option<(usize, usize)> {
    let mut reader = Reader::new(chunk, offset);
    reader.take(20)?;
    let size = reader.u32()? as usize;
    let start = reader.position();
    let end = start.checked_add(size)?;
    (end <= chunk.len()).then_some((start, end))
}
