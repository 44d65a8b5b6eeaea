//! Bytes in, events out: opening, framing and one file per log format under [`formats`].
//!
//! Nothing here detects, stores, reads a clock or opens a file: the binary hands in readers.

mod carry;
mod clock;
mod csv;

pub mod formats;
mod framing;
mod json;
mod kv;
mod names;
mod record;
mod sightings;
mod source;
mod stamp;
mod syslog;

pub use crate::{
    carry::Recent,
    record::{Ctx, Format, Parsed, Payload, Record, Reject},
    source::{FormatCount, Sink, SourceInfo, SourceStats, claimants, read_source},
};
