//! Packed files, unpacked as they are read: gzip, Zstandard, bzip2, xz, zip and tar, nested in any order.
//!
//! What a file is follows from its first bytes, never from its name. Nothing is written: a member's name is only a
//! name, so one that climbs out of its folder does no harm. Opening files and finding them is the caller's.

mod day;
mod error;
mod guard;
mod gzip;
mod kind;
mod tars;
mod zips;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    io::{self, Read, Seek, Write},
};

use jiff::civil::Date;

use crate::peek::Peek;

pub use self::{day::written_day, error::OpenError};
use self::{
    guard::{Guard, Ledger},
    kind::{HEAD, Kind, Packing},
};

/// How far an archive may unfold before it is taken for an attack; each cap stands here and nowhere else.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Layers of packing inside one another; a `.tar.gz` has two.
    pub depth: u32,
    /// Unpacked bytes for each packed byte, counted once [`Limits::ratio_from`] is passed.
    pub ratio: u64,
    /// Unpacked bytes below which any ratio is fine.
    pub ratio_from: u64,
    /// Unpacked bytes of one file, all its members and layers together.
    pub unpacked: u64,
    /// Members of one file, those of nested archives counted too.
    pub members: u64,
    /// Bytes of a zip inside another archive: its directory stands at its end, so it is kept in a scratch file.
    pub scratch: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 5,
            ratio: 1000,
            ratio_from: 64 << 20,
            unpacked: 64 << 30,
            members: 1_000_000,
            scratch: 8 << 30,
        }
    }
}

/// A file as the caller has it.
pub enum Input<'a> {
    /// A file that can be read anywhere.
    File(&'a mut dyn ReadSeek),
    /// A pipe: read once, from its first byte to its last.
    Stream(&'a mut dyn Read),
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Stream(_) => "Stream",
        })
    }
}

/// What can be read anywhere.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// A temporary file of the caller's.
pub trait Scratch: Read + Write + Seek {}

impl<T: Read + Write + Seek + ?Sized> Scratch for T {}

/// One unpacked source, to be read at once.
pub struct Opened<'a> {
    /// The file's name as given; within an archive `file!member`, and so on for archives inside archives.
    pub name: &'a str,
    /// Day on which the archive's member, or what gzip packed, was last written.
    pub written: Option<Date>,
    /// Its bytes. An error that it gives is reported to [`Visitor::failed`] as well, with its cause.
    pub reader: &'a mut dyn Read,
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut it = f.debug_struct("Opened");
        it.field("name", &self.name).field("written", &self.written).finish_non_exhaustive()
    }
}

/// Who takes what [`open`] finds.
pub trait Visitor {
    /// Reads a source. It need not be read to its end.
    fn source(&mut self, opened: Opened<'_>);

    /// Hears that a part of `name` could not be read; what came before was, and what follows will be.
    fn failed(&mut self, name: &str, error: OpenError);

    /// An empty temporary file, for a zip that is not itself a file.
    fn scratch(&mut self) -> io::Result<Box<dyn Scratch>>;
}

/// Hands every source inside `input` to `visitor`: the file itself where it is not packed, else its members.
pub fn open(name: &str, input: Input<'_>, limits: &Limits, visitor: &mut dyn Visitor) {
    let ledger = Ledger::new(name, limits);
    let place = Place { name: name.to_owned(), written: None, depth: 0 };
    let mut opening = Opening { ledger: &ledger, visitor };
    match input {
        Input::File(file) => opening.file(&place, file),
        Input::Stream(stream) => opening.stream(&place, &mut Guard::base(&ledger, name, stream)),
    }
    opening.report();
}

/// Whether a file that begins with `head` is packed, so that only [`open`] can read it.
#[must_use]
pub fn is_packed(head: &[u8]) -> bool {
    Kind::of(head) != Kind::Plain
}

/// Where in a file the reading is.
#[derive(Debug, Clone)]
struct Place {
    name: String,
    written: Option<Date>,
    depth: u32,
}

impl Place {
    /// The layer inside this one; the innermost date known is the nearest to the log's.
    fn inside(&self, written: Option<Date>) -> Self {
        Self { name: self.name.clone(), written: written.or(self.written), depth: self.depth + 1 }
    }

    fn member(&self, name: &str, written: Option<Date>) -> Self {
        Self { name: format!("{}!{name}", self.name), ..self.inside(written) }
    }
}

/// One call of [`open`].
struct Opening<'o> {
    ledger: &'o Ledger<'o>,
    visitor: &'o mut dyn Visitor,
}

impl Opening<'_> {
    fn file(&mut self, place: &Place, file: &mut dyn ReadSeek) {
        self.ledger.set_packed_size(file.seek(io::SeekFrom::End(0)).ok());
        let mut file = Guard::base(self.ledger, &place.name, file);
        let head = file.rewind().and_then(|()| Peek::new(&mut file).ahead(HEAD).map(Kind::of));
        match head {
            Ok(Kind::Packed(Packing::Zip)) => self.zip(place, &mut file),
            Ok(_) => {
                if file.rewind().is_ok() {
                    self.stream(place, &mut file);
                }
            }
            Err(_) => {}
        }
        self.report();
    }

    /// Reads one layer, whatever it is.
    fn stream(&mut self, place: &Place, reader: &mut dyn Read) {
        let mut peek = Peek::new(reader);
        let kind = match peek.ahead(HEAD) {
            Ok(head) => Kind::of(head),
            Err(_) => return self.report(),
        };
        match kind {
            Kind::Plain => {
                let name = &place.name;
                self.visitor.source(Opened { name, written: place.written, reader: &mut peek });
            }
            Kind::Foreign(what) => self.ledger.note(&place.name, OpenError::Foreign { what }),
            Kind::Packed(_) if self.ledger.limits.depth <= place.depth => {
                let limit = self.ledger.limits.depth;
                self.ledger.note(&place.name, OpenError::TooDeep { limit });
            }
            Kind::Packed(Packing::Gzip) => self.gzip(place, &mut peek),
            Kind::Packed(Packing::Tar) => self.tar(place, peek),
            Kind::Packed(Packing::Zip) => self.nested_zip(place, &mut peek),
            Kind::Packed(Packing::Zstd) => self.zstd(place, peek),
            Kind::Packed(Packing::Bzip2) => {
                self.unpacked(
                    place,
                    None,
                    Packing::Bzip2,
                    bzip2::bufread::MultiBzDecoder::new(peek),
                );
            }
            Kind::Packed(Packing::Xz) => {
                let decoder = lzma_rust2::XzReader::new_mem_limit(peek, true, XZ_MEMORY_KIB);
                self.unpacked(place, None, Packing::Xz, decoder);
            }
        }
        self.report();
    }

    fn zstd(&mut self, place: &Place, peek: Peek<'_>) {
        match zstd::Decoder::with_buffer(peek) {
            Ok(decoder) => self.unpacked(place, None, Packing::Zstd, decoder),
            Err(source) => {
                self.ledger
                    .note(&place.name, OpenError::Corrupt { packing: Packing::Zstd, source });
            }
        }
    }

    /// Reads the layer that `decoder` gives.
    fn unpacked(
        &mut self,
        place: &Place,
        written: Option<Date>,
        packing: Packing,
        decoder: impl Read,
    ) {
        let inner = place.inside(written);
        let mut guard = Guard::of(self.ledger, &inner, packing, decoder);
        self.stream(&inner, &mut guard);
        self.ledger.mend(inner.depth);
    }

    /// Tells the visitor of what went wrong since the last time.
    fn report(&mut self) {
        for (name, error) in self.ledger.take_notes() {
            self.visitor.failed(&name, error);
        }
    }
}

/// Memory that an xz file may ask for; `xz -9` needs 65 MiB.
const XZ_MEMORY_KIB: u32 = 200 << 10;
