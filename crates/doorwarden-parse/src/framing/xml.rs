//! Windows events as XML, one or many lines each, below an `Events` root or without one, also all on one line.

use std::io::{self, Read};

use memchr::{memchr_iter, memmem};

use super::RECORD_CAP;

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// A piece of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    /// One event, from its start tag to its end tag.
    Event(&'t [u8]),
    /// A line outside of events, or an event that does not end.
    Line(&'t [u8]),
}

/// Whether a source that starts with `head` holds events as XML.
pub(crate) fn is_xml(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if head.starts_with(b"<?xml") {
        return memmem::find(head, b"<Event").is_some();
    }
    head.starts_with(b"<Events") || event_at(head, 0) == Some(true)
}

/// Whether a start tag (`true`) or an end tag (`false`) of `Event` stands at `at`.
fn event_at(text: &[u8], at: usize) -> Option<bool> {
    let rest = text.get(at..)?.strip_prefix(b"<")?;
    if rest.starts_with(b"/Event>") {
        return Some(false);
    }
    let after = rest.strip_prefix(b"Event")?.first()?;
    matches!(after, b' ' | b'>' | b'\t' | b'\r' | b'\n').then_some(true)
}

/// Where the first event in `text` starts.
fn start_of(text: &[u8]) -> Option<usize> {
    memmem::find_iter(text, b"<Event").find(|it| event_at(text, *it) == Some(true))
}

/// Behind the end tag of the event that starts `text`; `UserData` may hold an `Event` of its own.
fn end_of(text: &[u8]) -> Option<usize> {
    let mut depth = 0u32;
    for at in memmem::find_iter(text, b"Event") {
        let (before, closing) = (at.checked_sub(1)?, at.checked_sub(2));
        if event_at(text, before) == Some(true) {
            depth += 1;
        } else if closing.and_then(|it| event_at(text, it)) == Some(false) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at + "Event>".len());
            }
        }
    }
    None
}

/// Hands on the pieces of a source in order, each with the line that it starts in; `done` comes after each block.
pub(crate) fn read(
    head: &[u8],
    reader: &mut dyn Read,
    mut piece: impl FnMut(Piece<'_>, u64),
    mut done: impl FnMut(),
) -> (u64, io::Result<()>) {
    let mut reader = io::Cursor::new(head).chain(reader);
    let mut buffer = vec![0; BLOCK];
    let (mut filled, mut total, mut line) = (0, 0, 1u64);
    loop {
        let free = buffer.get_mut(filled..).unwrap_or_default();
        let wanted = free.len();
        let (count, result) = super::fill(&mut reader, free);
        filled += count;
        total += count as u64;
        let is_last = result.is_err() || count < wanted;
        let text = buffer.get(..filled).unwrap_or_default();
        let mut split = Split { text, at: 0, line, is_last };
        while let Some((next, at)) = split.next() {
            piece(next, at);
        }
        done();
        let (used, at) = (split.at, split.line);
        line = at;
        if is_last {
            return (total, result);
        }
        buffer.copy_within(used..filled, 0);
        filled -= used;
        if filled == buffer.len() {
            buffer.resize((filled * 2).min(RECORD_CAP + BLOCK), 0);
        }
    }
}

/// Takes pieces off the front of a buffer.
struct Split<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
    /// Whether nothing follows the buffer.
    is_last: bool,
}

impl<'t> Split<'t> {
    /// The next piece and its line; absent where more must be read first.
    fn next(&mut self) -> Option<(Piece<'t>, u64)> {
        loop {
            let rest = self.text.get(self.at..).filter(|it| !it.is_empty())?;
            match start_of(rest) {
                Some(0) => {
                    let (len, is_event) = self.event(rest)?;
                    let (text, line) = (rest.get(..len).unwrap_or_default(), self.line);
                    self.advance(text);
                    let piece = if is_event { Piece::Event(text) } else { Piece::Line(text) };
                    return Some((piece, line));
                }
                start => {
                    let outside = rest.get(..start.unwrap_or(rest.len())).unwrap_or_default();
                    let len = self.first_line(outside, start)?;
                    let line = self.line;
                    self.advance(outside.get(..len).unwrap_or_default());
                    let text = outside.get(..len).unwrap_or_default().trim_ascii();
                    if !is_envelope(text) {
                        return Some((Piece::Line(text), line));
                    }
                }
            }
        }
    }

    /// The length of the event that starts `rest`; without an end it is cut at the cap, or at the source's end.
    fn event(&self, rest: &[u8]) -> Option<(usize, bool)> {
        match end_of(rest) {
            Some(end) => Some((end, true)),
            None if self.is_last || RECORD_CAP <= rest.len() => Some((rest.len(), false)),
            None => None,
        }
    }

    /// The length of the first line of text outside of events; `event` is where one follows the text.
    fn first_line(&self, text: &[u8], event: Option<usize>) -> Option<usize> {
        match memchr::memchr(b'\n', text) {
            Some(at) => Some(at + 1),
            None if event.is_some() || self.is_last || RECORD_CAP <= text.len() => Some(text.len()),
            None => None,
        }
    }

    fn advance(&mut self, text: &[u8]) {
        self.at += text.len();
        self.line += memchr_iter(b'\n', text).count() as u64;
    }
}

/// Whether a line outside of events is only the root's tag, the declaration or a comment.
fn is_envelope(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    line.is_empty()
        || line.starts_with(b"<?xml")
        || line.starts_with(b"<!--")
        || line.starts_with(b"<Events")
        || line.starts_with(b"</Events")
}
