//! From paths to one ordered stream of events: walking, reading in parallel, runs, spilling, merging.

mod collect;
mod merge;
mod runs;
mod walk;

pub(crate) use self::{
    collect::{FileReport, Ingested, Settings, ingest},
    merge::Merge,
    walk::{Found, token, walk},
};
