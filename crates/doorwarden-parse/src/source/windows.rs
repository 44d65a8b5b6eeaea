//! Sources of Windows events: EVTX and XML files, and Windows events inside lines of text and JSON.

use std::io::{self, Read};

use bumpalo::Bump;

use super::{Source, Unit};
use crate::{
    Payload, Record,
    formats::windows::{self, WinEvent},
    framing::{
        evtx,
        xml::{self, Piece},
    },
};

impl Source<'_> {
    /// Reads an EVTX file.
    pub(super) fn read_evtx(&mut self, head: &[u8], reader: &mut dyn Read) -> io::Result<()> {
        let (bytes, result) = evtx::read(head, reader, self);
        self.stats.bytes += bytes;
        result
    }

    /// Reads a file of events as XML.
    pub(super) fn read_xml(&mut self, head: &[u8], reader: &mut dyn Read) -> io::Result<()> {
        let arena = std::cell::RefCell::new(Bump::new());
        let (bytes, result) = xml::read(
            head,
            reader,
            |piece, line| self.piece(piece, line, &arena.borrow()),
            || arena.borrow_mut().reset(),
        );
        self.stats.bytes += bytes;
        result
    }

    fn piece(&mut self, piece: Piece<'_>, line: u64, arena: &Bump) {
        self.stats.records += 1;
        let (Piece::Event(bytes) | Piece::Line(bytes)) = piece;
        let text = &*String::from_utf8_lossy(bytes);
        let event = match piece {
            Piece::Event(_) => windows::xml::read(text, arena),
            Piece::Line(_) => None,
        };
        match event {
            Some(event) => self.record(&of_event(&event, text, line), arena, Unit::Line),
            None => self.record(&of_text(text, line), arena, Unit::Line),
        }
    }

    /// Reads `record` as a Windows event, where that is what the line or the JSON states.
    pub(super) fn windows_event(&mut self, record: &Record<'_>, arena: &Bump) -> bool {
        if record.windows().is_some() {
            return false;
        }
        let Some(event) = windows::adapt(record, arena) else { return false };
        let record = Record { payload: Payload::Windows(event), ..*record };
        self.record(&record, arena, Unit::Line);
        true
    }
}

impl evtx::Taker for Source<'_> {
    fn event<'r>(&mut self, event: &'r WinEvent<'r>, arena: &'r Bump) {
        self.stats.records += 1;
        let text = if event.channel.is_empty() { event.provider } else { event.channel };
        let record = of_event(event, text, event.record.unwrap_or_default());
        self.record(&record, arena, Unit::Record);
    }

    fn damaged(&mut self, number: u64, what: &str) {
        self.stats.damaged += 1;
        self.sink.unparsed(number, what, None, None);
    }
}

/// A record that is a Windows event.
fn of_event<'r>(event: &'r WinEvent<'r>, text: &'r str, line: u64) -> Record<'r> {
    Record { host: event.computer, payload: Payload::Windows(event), ..of_text(text, line) }
}

/// A record without a header.
fn of_text(text: &str, line: u64) -> Record<'_> {
    Record {
        text,
        line,
        stamp: None,
        host: None,
        app: None,
        pid: None,
        structured: None,
        body: text,
        message: text,
        payload: Payload::Text,
    }
}
