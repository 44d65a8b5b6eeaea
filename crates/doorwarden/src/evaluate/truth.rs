//! The truth beside simulated logs: who was attacked when, and what happened that only looks like an attack.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::incidents::{Spread, bare, source};

/// Kinds of campaigns that first try many accounts: the spray and the takeover behind it are looked for apart.
const SPRAYS: [&str; 3] = ["C11", "C12", "C15"];
/// How long after its first access a campaign can be found, and after its last step an incident is not false.
pub(super) const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Keys by which the file is known.
const KEYS: [&str; 7] = ["seed", "people", "days", "start", "end", "campaigns", "benign"];

/// What was simulated.
#[derive(Debug, Deserialize)]
pub(super) struct Truth {
    pub(super) people: u32,
    pub(super) days: u32,
    pub(super) start: Timestamp,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) benign: Vec<Benign>,
}

/// One attack.
#[derive(Debug, Deserialize)]
pub(super) struct Campaign {
    pub(super) kind: String,
    #[serde(default)]
    pub(super) name: String,
    /// Whether logs of sign-ins can show it at all.
    #[serde(default = "yes")]
    pub(super) visible: bool,
    #[serde(default)]
    knobs: BTreeMap<String, Value>,
    /// Kinds of evidence that tell it from its victims' own sign-ins.
    #[serde(default)]
    pub(super) explained_by: BTreeSet<String>,
    accounts: BTreeSet<String>,
    #[serde(default)]
    pub(super) sources: BTreeSet<String>,
    pub(super) first_access: Option<Timestamp>,
    first_step: Timestamp,
    last_step: Timestamp,
    #[serde(default)]
    steps: Vec<Step>,
    /// Accounts and sources of the steps behind a successful sign-in.
    #[serde(skip)]
    takeover: (BTreeSet<String>, BTreeSet<String>),
}

/// One event of an attack.
#[derive(Debug, Deserialize)]
struct Step {
    phase: String,
    account: Option<String>,
    src_ip: Option<String>,
}

/// Something harmless that may look like an attack.
#[derive(Debug, Deserialize)]
pub(super) struct Benign {
    pub(super) kind: String,
    /// Whose; empty where it is the whole organisation's.
    #[serde(default)]
    pub(super) accounts: BTreeSet<String>,
    #[serde(default)]
    pub(super) sources: BTreeSet<String>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

const fn yes() -> bool {
    true
}

impl Truth {
    /// Reads the file's text; says what was expected where it is something else.
    pub(super) fn read(text: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(text).context("expected one JSON object")?;
        let missing: Vec<&str> = KEYS.into_iter().filter(|it| value.get(it).is_none()).collect();
        anyhow::ensure!(
            missing.is_empty(),
            "expected one JSON object with `{}`, but there is no `{}`",
            KEYS.join("`, `"),
            missing.join("`, `")
        );
        let mut truth: Self = serde_json::from_value(value)?;
        anyhow::ensure!(0 < truth.people && 0 < truth.days, "nobody, or no day, was simulated");
        truth.campaigns.iter_mut().for_each(Campaign::normalise);
        for it in &mut truth.benign {
            it.accounts = it.accounts.iter().map(|it| bare(it)).collect();
            it.sources = it.sources.iter().map(|it| source(it)).collect();
        }
        Ok(truth)
    }
}

impl Campaign {
    fn normalise(&mut self) {
        self.accounts = self.accounts.iter().map(|it| bare(it)).collect();
        self.sources = self.sources.iter().map(|it| source(it)).collect();
        let inside = || self.steps.iter().filter(|it| it.phase != "probe");
        let accounts = inside().filter_map(|it| it.account.as_deref()).map(bare).collect();
        let sources = inside().filter_map(|it| it.src_ip.as_deref()).map(source).collect();
        self.takeover = (accounts, sources);
    }

    /// Whether it begins by trying many accounts.
    pub(super) fn is_spray(&self) -> bool {
        SPRAYS.contains(&self.kind.as_str())
    }

    /// From when on it can be found: its first access, or its first step where nobody got in.
    pub(super) fn onset(&self) -> Timestamp {
        self.first_access.unwrap_or(self.first_step)
    }

    /// When an incident on it finds it.
    pub(super) fn window(&self) -> Spread {
        Spread::new(self.onset(), self.onset() + WEEK)
    }

    /// When the attackers tried accounts, and had not got into one yet.
    pub(super) fn before_access(&self) -> Spread {
        match self.first_access {
            // A moment earlier, as the window of the takeover begins with the access itself.
            Some(access) => Spread::new(self.first_step, access - SignedDuration::from_millis(1)),
            None => Spread::new(self.first_step, self.last_step + WEEK),
        }
    }

    /// When an incident on it is not false.
    pub(super) fn aftermath(&self) -> Spread {
        Spread::new(self.first_step, self.last_step + WEEK)
    }

    /// Accounts that are its victims. Of a spray only those that were got into: it tries so many that one of them would be
    /// in an incident by chance.
    pub(super) fn victims(&self) -> &BTreeSet<String> {
        if self.is_spray() && !self.steps.is_empty() { &self.takeover.0 } else { &self.accounts }
    }

    /// Where those who got in came from; of a spray only those.
    pub(super) fn intruders(&self) -> &BTreeSet<String> {
        if self.is_spray() && !self.steps.is_empty() { &self.takeover.1 } else { &self.sources }
    }

    /// What makes it easy or hard to find, as names and values.
    pub(super) fn knobs(&self) -> impl Iterator<Item = (&str, String)> {
        self.knobs.iter().map(|(name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (name.as_str(), value)
        })
    }
}

impl Benign {
    /// When it went on.
    pub(super) fn span(&self) -> Spread {
        Spread::new(self.from, self.to)
    }

    /// Whether it was the whole organisation's.
    pub(super) fn is_everybodys(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Whether somebody attacked on the organisation's behalf.
    pub(super) fn is_pentest(&self) -> bool {
        self.kind.starts_with("pentest")
    }
}
