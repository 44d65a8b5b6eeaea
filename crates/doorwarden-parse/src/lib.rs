//! Bytes in, events out: opening, framing and one file per log format under [`formats`].
//!
//! Nothing here detects, stores, reads a clock or opens a file: the binary hands in readers.

mod carry;
mod cef;
mod clock;
mod csv;

pub mod formats;
mod framing;
mod json;
mod kv;
mod named;
mod names;
mod opening;
mod origin;
mod pam;
mod peek;
mod record;
mod sightings;
mod source;
mod stamp;
mod syslog;
mod text;

pub use crate::{
    carry::Recent,
    opening::{
        Input, Limits, OpenError, Opened, ReadSeek, Scratch, Visitor, is_packed, open, written_day,
    },
    record::{Ctx, Format, Parsed, Payload, Record, Reject},
    source::{FormatCount, Sink, SourceInfo, SourceStats, Unit, claimants, read_source},
};
