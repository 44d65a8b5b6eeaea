//! From paths to one ordered stream of events: walking, reading in parallel, runs, spilling, merging.

mod collect;
mod merge;
mod runs;
mod walk;

pub(crate) use self::{
    collect::{FileReport, Settings, ingest},
    merge::Merge,
    walk::walk,
};
