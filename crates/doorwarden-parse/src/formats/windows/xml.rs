//! Windows events as XML: one `Event` element, as Event Viewer, `wevtutil`, NXLog and Splunk write it.

use bumpalo::{Bump, collections::String as BumpString};
use quick_xml::{
    Reader,
    events::{BytesStart, Event as Xml},
};

use super::{Place, When, WinEvent, draft::Draft};
use crate::stamp;

/// Elements open at a time; real events have five.
const DEPTH_CAP: usize = 64;

/// Whether `text` starts like an event.
pub(crate) fn is_event(text: &str) -> bool {
    text.strip_prefix("<Event").is_some_and(|it| it.starts_with([' ', '>', '\t', '\r', '\n']))
}

/// Reads the event in `text`; absent where it is none, or has no id.
pub(crate) fn read<'r>(text: &'r str, arena: &'r Bump) -> Option<WinEvent<'r>> {
    let mut walk =
        Walk { draft: Draft::new(arena), stack: Vec::new(), text: Text::default(), arena };
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().ok()? {
            Xml::Start(start) => walk.open(&start)?,
            Xml::Empty(start) => {
                walk.open(&start)?;
                walk.close();
            }
            Xml::End(_) => {
                walk.close();
                if walk.stack.is_empty() {
                    return walk.draft.finish();
                }
            }
            Xml::Text(text) => walk.text.push(&text.into_inner(), arena),
            Xml::CData(text) => walk.text.push(&text.into_inner(), arena),
            Xml::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref().ok()? {
                    Some(character) => Some(character),
                    None => entity(&reference),
                };
                let mut bytes = [0; 4];
                walk.text.push(character?.encode_utf8(&mut bytes), arena);
            }
            Xml::Eof => return None,
            Xml::Comment(_) | Xml::Decl(_) | Xml::PI(_) | Xml::DocType(_) => {}
        }
    }
}

/// The character of a named reference.
fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// The text of the open element.
#[derive(Default)]
struct Text<'r>(Option<BumpString<'r>>);

impl<'r> Text<'r> {
    fn push(&mut self, piece: &str, arena: &'r Bump) {
        match &mut self.0 {
            Some(text) => text.push_str(piece),
            None => self.0 = Some(BumpString::from_str_in(piece, arena)),
        }
    }

    fn take(&mut self) -> &'r str {
        self.0.take().map_or("", BumpString::into_bump_str)
    }
}

struct Walk<'r> {
    draft: Draft<'r>,
    stack: Vec<(Place, Option<&'r str>)>,
    text: Text<'r>,
    arena: &'r Bump,
}

impl<'r> Walk<'r> {
    fn open(&mut self, start: &BytesStart<'_>) -> Option<()> {
        if DEPTH_CAP <= self.stack.len() {
            return None;
        }
        let name = start.local_name();
        let name: &str = name.as_ref();
        let parent = self.stack.last().map_or(Place::Root, |it| it.0);
        let place = parent.below(|it| it == name);
        let mut leaf_name = None;
        if place == Place::Leaf {
            leaf_name = self
                .attribute(start, "Name")
                .or_else(|| (name != "Data").then(|| &*self.arena.alloc_str(name)));
        }
        match place {
            Place::Provider => self.draft.provider = self.attribute(start, "Name"),
            Place::Time => {
                let text = self.attribute(start, "SystemTime");
                self.draft.when = text.and_then(stamp::iso).map(|it| When::Stamp(it.0));
            }
            Place::Correlation => self.draft.activity = self.attribute(start, "ActivityID"),
            _ => {}
        }
        self.text.take();
        self.stack.push((place, leaf_name));
        Some(())
    }

    fn attribute(&self, start: &BytesStart<'_>, name: &str) -> Option<&'r str> {
        let found = start.try_get_attribute(name).ok()??;
        let value = quick_xml::escape::unescape(&found.value).ok()?;
        Some(&*self.arena.alloc_str(&value)).filter(|it| !it.is_empty())
    }

    fn close(&mut self) {
        let Some((place, name)) = self.stack.pop() else { return };
        let text = self.text.take();
        match place {
            Place::EventId => self.draft.event_id = text.trim().parse().ok(),
            Place::RecordId => self.draft.record = text.trim().parse().ok(),
            Place::Channel => self.draft.channel = Some(text.trim()),
            Place::Computer => self.draft.computer = Some(text.trim()).filter(|it| !it.is_empty()),
            Place::Leaf => self.draft.push(name, text),
            _ => {}
        }
    }
}
