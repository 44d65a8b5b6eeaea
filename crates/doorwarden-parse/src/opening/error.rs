//! What can go wrong while a file is opened, in words that say what to do.

use std::io;

use super::kind::Packing;

/// A part of a file that was not read, and why. The name of the part comes with it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file itself cannot be read.
    #[error("cannot be read to its end: what came before was read")]
    Read(#[source] io::Error),
    /// The packed data end too early.
    #[error("{packing} data end too early: what came before was read; copy the file again")]
    Truncated {
        /// How it is packed.
        packing: Packing,
    },
    /// The packed data are not what they should be.
    #[error("bad {packing} data: what came before was read; copy the file again")]
    Corrupt {
        /// How it is packed.
        packing: Packing,
        /// What the unpacker says.
        source: io::Error,
    },
    /// Something stands behind the packed data.
    #[error("{packing} data are followed by other bytes, which were not read")]
    Trailing {
        /// How it is packed.
        packing: Packing,
    },
    /// The member needs a password.
    #[error("encrypted: unpack it with its password and pass the result")]
    Encrypted,
    /// The member is packed in a way that is not known here.
    #[error("{method}, which is not read inside a zip: unpack it and pass the result")]
    Method {
        /// How it is packed.
        method: &'static str,
    },
    /// An archive of a kind that is not read.
    #[error("{what}: unpack it and pass the result")]
    Foreign {
        /// Which kind it is.
        what: &'static str,
    },
    /// A link inside an archive; what it points to is read where it stands.
    #[error("a link to `{to}` inside an archive: not followed")]
    Link {
        /// Where it points to, as written.
        to: String,
    },
    /// A device, a pipe or the like inside an archive.
    #[error("neither a file nor a folder: left out")]
    Special,
    /// A file with holes inside a tar archive, whose map of holes is not one.
    #[error("more than {limit} archives inside one another: unpack it and pass the result")]
    TooDeep {
        /// [`super::Limits::depth`].
        limit: u32,
    },
    /// Too many members.
    #[error("more than {limit} members: the others were not read; unpack it and pass the result")]
    TooManyMembers {
        /// [`super::Limits::members`].
        limit: u64,
    },
    /// More data than one file may hold.
    #[error(
        "unpacks to more than {limit} bytes: the rest was not read; unpack it and pass the result"
    )]
    TooLarge {
        /// [`super::Limits::unpacked`].
        limit: u64,
    },
    /// It unfolds as no log does.
    #[error(
        "unpacks to more than {limit} times its size, as an archive bomb does: the rest was not read"
    )]
    Bomb {
        /// [`super::Limits::ratio`].
        limit: u64,
    },
    /// A zip inside another archive that is too large to be set down.
    #[error("a zip of more than {limit} bytes inside an archive: unpack it and pass the result")]
    ScratchFull {
        /// [`super::Limits::scratch`].
        limit: u64,
    },
    /// No temporary file was to be had.
    #[error("a zip inside an archive needs a temporary file: give a folder with room for it")]
    Scratch(#[source] io::Error),
}

impl OpenError {
    /// Whether data that may be log records were not read; not so for links and devices.
    #[must_use]
    pub const fn is_loss(&self) -> bool {
        !matches!(self, Self::Link { .. } | Self::Special)
    }
}
