//! What can be asked for: an organisation's size, its calendar, and what is hidden in its logs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// The file that a user writes; every key may be left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Config {
    /// Name of the organisation.
    pub organisation: String,
    /// Its domain; after `events.domain_rename` it has another one.
    pub domain: String,
    /// People who work there, from 20 to 100,000. Service, shared and administrators' accounts come on top.
    pub people: usize,
    /// Days, from 40 to 400.
    pub days: i64,
    /// First day.
    #[serde(deserialize_with = "date")]
    pub start: Date,
    /// How many campaigns of each kind are hidden, all from day 31 on.
    pub instances: usize,
    /// How many of single kinds, as in `campaigns = { C01 = 12, C19 = 0 }`.
    pub campaigns: BTreeMap<String, usize>,
    /// Share of the campaigns that use the hard variant of each knob, from 0 to 1.
    pub hard: f64,
    /// Failed sign-ins from the internet a day, as a share of the number of people.
    pub noise: f64,
    /// Non-interactive token refreshes for each sign-in at Entra.
    pub token_refreshes: f64,
    /// What context.toml tells.
    pub context: Knowledge,
    /// Days on which something happens to everybody.
    pub events: Events,
}

/// What an administrator has at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Knowledge {
    /// No context.toml is written.
    None,
    /// The organisation's name, domains and offices with their time zones.
    Basic,
    /// Also offices' and gateways' addresses, people, service accounts, leavers and the announced penetration test.
    Full,
}

/// Days, counted from 0, on which something happens to everybody; an empty list is never.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Events {
    /// Another company joins: 4 % more accounts, of another country, behind an office of their own.
    pub merger: Vec<i64>,
    /// One of the gateways is replaced by one of another maker.
    pub replacement: Vec<i64>,
    /// The domain gets another name, and with it everybody's name at the identity provider.
    pub domain_rename: Vec<i64>,
    /// A new version of the VPN client, for everybody within a few days.
    pub client_rollout: Vec<i64>,
    /// All passwords expire within this week.
    pub password_week: Vec<i64>,
    /// A tester tries accounts from one address for a working week.
    pub pentest: Vec<i64>,
    /// The help desk renews the second factor of every fiftieth person.
    pub helpdesk_day: Vec<i64>,
    /// A gateway's log arrives three hours late.
    pub log_outage: Vec<i64>,
    /// One per cent of the staff meet in a hotel for two days.
    pub conference: Vec<i64>,
    /// An office's line is of another provider from this day on.
    pub office_line: Vec<i64>,
    /// A small new office opens.
    pub new_office: Vec<i64>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            organisation: "Nordlicht Group".to_owned(),
            domain: "nordlicht.example".to_owned(),
            people: 2_000,
            days: 60,
            start: Date::constant(2026, 2, 2),
            instances: 4,
            campaigns: BTreeMap::new(),
            hard: 0.5,
            noise: 0.25,
            token_refreshes: 1.0,
            context: Knowledge::Basic,
            events: Events::default(),
        }
    }
}

impl Default for Events {
    fn default() -> Self {
        Self {
            merger: vec![45],
            replacement: vec![38],
            domain_rename: vec![52],
            client_rollout: vec![16, 43],
            password_week: vec![7, 49],
            pentest: vec![35],
            helpdesk_day: vec![22, 46],
            log_outage: vec![20, 40],
            conference: vec![24, 50],
            office_line: vec![33],
            new_office: vec![40],
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// A number is outside of what makes sense.
    #[error("`{key}` must be from {least} to {most}")]
    Range {
        /// The key.
        key: &'static str,
        /// The least value.
        least: i64,
        /// The greatest value.
        most: i64,
    },
    /// A campaign of this kind does not exist.
    #[error("`campaigns` knows C01 to C20, not `{0}`")]
    Kind(String),
    /// A domain is needed to make names from.
    #[error("`domain` must be lower-case letters, digits, `.` and `-`")]
    Domain,
}

impl Config {
    /// Whether it can be used.
    pub fn check(&self) -> Result<(), ConfigError> {
        let people = i64::try_from(self.people).unwrap_or(i64::MAX);
        let shares = [("hard", self.hard, 1), ("noise", self.noise, 100)];
        range("people", people, 20, 100_000)?;
        range("days", self.days, 40, 400)?;
        range("instances", i64::try_from(self.instances).unwrap_or(i64::MAX), 0, 100)?;
        range("start's year", i64::from(self.start.year()), 2_000, 2_100)?;
        for (key, share, most) in
            shares.into_iter().chain([("token_refreshes", self.token_refreshes, 100)])
        {
            if !(0.0..=f64::from(most)).contains(&share) {
                return Err(ConfigError::Range { key, least: 0, most: i64::from(most) });
            }
        }
        let unknown = self
            .campaigns
            .keys()
            .find(|it| !crate::attacks::KINDS.iter().any(|kind| kind.id == it.as_str()));
        if let Some(kind) = unknown {
            return Err(ConfigError::Kind(kind.clone()));
        }
        let is_sign =
            |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || ".-".contains(it);
        if self.domain.is_empty() || !self.domain.chars().all(is_sign) {
            return Err(ConfigError::Domain);
        }
        Ok(())
    }

    /// How many campaigns of `kind` are hidden.
    pub(crate) fn count(&self, kind: &str) -> usize {
        self.campaigns.get(kind).copied().unwrap_or(self.instances)
    }

    /// A share as one of a thousand.
    pub(crate) fn permille(share: f64) -> u64 {
        // The share was checked to be from 0 to 100.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 100,000"
        )]
        let permille = libm::round(share * 1_000.0) as u64;
        permille
    }
}

fn range(key: &'static str, value: i64, least: i64, most: i64) -> Result<(), ConfigError> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(ConfigError::Range { key, least, most })
    }
}

/// A day as TOML's own date or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Toml {
        #[serde(rename = "$__toml_private_datetime")]
        text: String,
    },
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let (Written::Text(text) | Written::Toml { text }) = Written::deserialize(from)?;
    text.parse()
        .map_err(|_| serde::de::Error::custom(format!("`{text}` is no date like 2026-01-31")))
}
