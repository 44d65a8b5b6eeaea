//! Events in, sessions and incidents out: a pure state machine on event time.
//!
//! Four stages, each keyed once, each adding facts to the event, none looking back: *resolve* (account, address, session),
//! *source* (what this network did), *account* (judge the person's event), *organisation* (what all of them did).
//! No clock, no file, no thread, no log format: the same events give the same incidents everywhere.

mod account;
mod addresses;
mod attempts;
mod changes;
mod clocks;
mod companions;
mod correlate;
mod count;
mod detector;
pub mod detectors;
mod engine;
mod facts;
mod known;
mod leases;
mod moves;
mod names;
mod noise;
mod novelty;
mod organisation;
mod prior;
mod profile;
mod sessions;
mod shard;
mod signals;
mod source;
mod stay;
mod story;
mod table;

pub use crate::{
    clocks::ClockOffset,
    detector::{Detector, Entry, Finding, Scope, Settings, SettingsError, spoken},
    engine::{Engine, Output},
    facts::{Facts, Item, Kinds, OrganisationFacts, SessionFacts, SourceFacts},
    names::{AccountKey, Alias},
    prior::{NameBook, Prior},
    profile::{IfKnown, Risks, Usual},
};
