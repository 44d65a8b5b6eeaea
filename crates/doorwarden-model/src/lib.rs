//! The nouns of Doorwarden as plain values: what a log record becomes, and what is said about it.
//!
//! This crate does no I/O, reads no clock, knows no log format and holds no detection logic.

mod batch;
pub mod context;
mod event;
mod finding;
mod hash;
mod person;
mod place;
mod session;
mod wire;

pub use crate::{
    batch::{Batch, EventKey, Origin, Row},
    context::{AccountClass, Context},
    event::{Activity, Assumed, Event, Mfa, MfaResult, Outcome, Reason, Service},
    finding::{Contribution, Evidence, EvidenceKind, Incident, Severity, Signal, Step, Tier},
    hash::{hash64, hash128},
    person::{Person, Used},
    place::{NetworkKind, Place, Places, SourceNet, great_circle_kilometres},
    session::Session,
};
