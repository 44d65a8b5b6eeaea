//! What is said about events: signals, and the incidents that they make.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Origin, Service, event::words};

words! {
    /// How loud an incident is; follows from its risk.
    Severity {
        /// Risk below 60.
        Low = "low",
        /// Risk from 60.
        Medium = "medium",
        /// Risk from 80.
        High = "high",
        /// Risk from 94.
        Critical = "critical",
    }
}

impl Severity {
    /// The severity of a risk from 0 to 100.
    #[must_use]
    pub fn of(risk: f64) -> Self {
        if 94.0 <= risk {
            Self::Critical
        } else if 80.0 <= risk {
            Self::High
        } else if 60.0 <= risk {
            Self::Medium
        } else {
            Self::Low
        }
    }
}

words! {
    /// What a signal is worth by itself, before it is calibrated.
    #[derive(Default)]
    Tier {
        /// Evidence: no incident by itself.
        #[default]
        Evidence = "evidence",
        /// Digest: an incident of low severity.
        Digest = "digest",
        /// Queue: an incident of at least medium severity.
        Queue = "queue",
        /// Page: an incident of at least high severity.
        Page = "page",
    }
}

impl Tier {
    /// The least risk of an incident with such a signal.
    #[must_use]
    pub const fn risk(self) -> f64 {
        match self {
            Self::Evidence => 10.0,
            Self::Digest => 30.0,
            Self::Queue => 60.0,
            Self::Page => 80.0,
        }
    }
}

words! {
    /// What a piece of evidence is about.
    EvidenceKind {
        /// A country, provider, network or kind of network that is new.
        Where = "where",
        /// An operating system, client or device that is new.
        What = "what",
        /// An hour that is unusual.
        When = "when",
        /// Two places too far apart.
        Travel = "travel",
        /// A door used for the first time, a second foothold, a way round the concentrator.
        Service = "service",
        /// A weaker way to sign in than usual.
        Method = "method",
        /// One session on two networks, or sessions that exclude each other.
        Session = "session",
        /// A certificate in other hands.
        Certificate = "certificate",
        /// The second factor: prompts refused and approved, reset, enrolled.
        Factor = "factor",
        /// An account that nobody used for long.
        Dormancy = "dormancy",
        /// What the source did: guessing, spraying, many accounts.
        Source = "source",
        /// What kind of account it is: a leaver's, a program's, an administrator's.
        Account = "account",
        /// The door itself was changed.
        Door = "door",
    }
}

/// A piece of evidence for or against a sign-in being its owner's.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// What it is about.
    pub kind: EvidenceKind,
    /// Natural logarithm of how much more often attackers do that than the owner; negative where it speaks for the owner.
    pub nats: f64,
    /// What was seen.
    pub fact: String,
    /// How often the person does that; empty where it does not depend on the person.
    pub person: String,
    /// How often the colleagues do; empty where it is not known.
    pub colleagues: String,
}

/// A record that shows what a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Time of the record.
    pub time: Timestamp,
    /// Id of the event.
    pub id: u128,
    /// Where it was read.
    pub origin: Origin,
}

/// A detector's finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// Id of the detector.
    pub detector: &'static str,
    /// Time of the event that completed the pattern.
    pub time: Timestamp,
    /// Time of the first event of the pattern.
    pub since: Timestamp,
    /// Where it stands in a story: the sign-in or approval that completed it, else where the pattern began.
    pub told: Timestamp,
    /// Whom it is about: canonical account, where one account is meant.
    pub account: Option<String>,
    /// Names as logged, those with a success first; at most 200.
    pub users: Vec<String>,
    /// How many names there were.
    pub users_total: u64,
    /// Source addresses, those with a success first; at most 200.
    pub src_ips: Vec<IpAddr>,
    /// How many source addresses there were.
    pub src_ips_total: u64,
    /// Whether one of the names belongs to an account that signs in at other times.
    pub names_known_account: bool,
    /// Whether one of the attempts succeeded.
    pub has_success: bool,
    /// Doors that it came through.
    pub services: Vec<Service>,
    /// Hashes of the accounts that signed in, at most 16: what they did belongs to the story.
    pub winners: Vec<u64>,
    /// Computers and devices involved.
    pub hosts: Vec<String>,
    /// Links to other signals of one attack: `source:`, `device:`, `certificate:`, `session:` keys.
    pub links: Vec<String>,
    /// What it is worth by itself.
    pub tier: Tier,
    /// From 0 to 100: the tier's least, or what the score is worth.
    pub risk: f64,
    /// What it is about; what a sum of evidence is about stands in `contributions`.
    pub kind: EvidenceKind,
    /// Sum of `contributions` in nats, where the finding is a sum of evidence.
    pub score: Option<f64>,
    /// The evidence that it adds up, the strongest first.
    pub contributions: Vec<Contribution>,
    /// ATT&CK techniques.
    pub techniques: &'static [&'static str],
    /// One sentence: what happened.
    pub reason: String,
    /// One sentence: what would be normal.
    pub baseline: String,
    /// What would have made it quiet.
    pub quiet_if: &'static str,
    /// Records that show it: first, last, those that succeeded; at most 20.
    pub evidence: Vec<Evidence>,
    /// Facts that the logs did not state.
    pub missing: Vec<&'static str>,
}

/// One step of an incident's story.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When.
    pub time: Timestamp,
    /// What, in plain words.
    pub what: String,
}

/// Signals that belong to one attack.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// From its earliest signal: detector, entity, event.
    pub id: String,
    /// Ids of the incidents that were merged into this one.
    pub merged: Vec<String>,
    /// One line for a table.
    pub title: String,
    /// From 0 to 100, in steps of 0.1.
    pub risk: f64,
    /// Days of log before the incident, on which it could stand.
    pub history_days: u32,
    /// What happened, in order.
    pub story: Vec<Step>,
    /// Never empty, in order of time.
    pub signals: Vec<Signal>,
    /// Whether an `[[expected]]` entry covers all of its signals.
    pub expected: bool,
}

impl Incident {
    /// Follows from the risk.
    #[must_use]
    pub fn severity(&self) -> Severity {
        Severity::of(self.risk)
    }
}
