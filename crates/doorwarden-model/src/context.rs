//! What an administrator knows about the organisation: the context file, key by key.
//!
//! Reading a file is the binary's; here are the shapes and the questions asked of them.

use ipnet::IpNet;
use jiff::civil::{Date, Time};
use serde::{Deserialize, Deserializer};

use crate::Service;

/// The context file; every part optional, unknown keys are an error.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Context {
    /// Name and domains of the organisation.
    pub organisation: Organisation,
    /// Its offices.
    pub offices: Vec<Office>,
    /// Inner addresses that its gateways lease.
    pub vpn_pools: Vec<VpnPool>,
    /// Its people.
    pub people: Vec<Person>,
    /// A CSV file with the columns of `people`, read by the binary.
    pub people_csv: Option<String>,
    /// Accounts of programs.
    pub service_accounts: Vec<ServiceAccount>,
    /// Accounts with administrative rights.
    pub privileged_accounts: Vec<String>,
    /// People who left.
    pub leavers: Vec<Leaver>,
    /// Addresses that scan with permission.
    pub authorised_scanners: Vec<Scanner>,
    /// Public holidays.
    pub holidays: Vec<Holiday>,
    /// Time zones of logs that state none.
    pub log_timezones: Vec<LogTimezone>,
    /// Names of one account, and names that are not.
    pub aliases: Vec<Alias>,
    /// External services that are meant to be open.
    pub allowed_services: Vec<Service>,
}

/// Name and domains of the organisation.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Organisation {
    /// Name for people.
    pub name: Option<String>,
    /// DNS domains of its accounts.
    pub domains: Vec<String>,
    /// `NetBIOS` name of its directory.
    pub netbios: Option<String>,
}

/// An office.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Name that `people.office` uses.
    pub name: String,
    /// ISO 3166 alpha-2 code.
    pub country: Option<String>,
    /// City.
    pub city: Option<String>,
    /// IANA time zone.
    pub timezone: Option<String>,
    /// When people work there.
    pub business_hours: Option<BusinessHours>,
    /// Public addresses of the office.
    #[serde(default)]
    pub egress_cidrs: Vec<IpNet>,
    /// Inner addresses of the office.
    #[serde(default)]
    pub internal_cidrs: Vec<IpNet>,
}

/// When people work; may cross midnight.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// Start of work, civil time of the office.
    #[serde(deserialize_with = "clock")]
    pub start: Time,
    /// End of work.
    #[serde(deserialize_with = "clock")]
    pub end: Time,
    /// `Mon` to `Sun`; empty means Monday to Friday.
    #[serde(default)]
    pub days: Vec<String>,
}

/// Inner addresses that a gateway leases.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VpnPool {
    /// The gateway's host name in its logs.
    pub gateway: Option<String>,
    /// Its public address.
    pub public_ip: Option<std::net::IpAddr>,
    /// The pool.
    pub cidr: IpNet,
}

/// What an account belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountClass {
    /// One person's everyday account.
    #[default]
    Human,
    /// A person's account with administrative rights.
    Admin,
    /// A program's.
    Service,
    /// Used by several people.
    Shared,
    /// An outside worker's.
    Contractor,
}

/// A person, or another holder of an account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account.
    pub account: String,
    /// Name of an office.
    pub office: Option<String>,
    /// Department.
    pub department: Option<String>,
    /// What the account belongs to.
    #[serde(default)]
    pub class: AccountClass,
    /// Account of the person who answers for it.
    pub owner: Option<String>,
    /// First day.
    #[serde(default, deserialize_with = "optional_date")]
    pub start: Option<Date>,
    /// Last day.
    #[serde(default, deserialize_with = "optional_date")]
    pub end: Option<Date>,
}

/// A program's account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// The account.
    pub name: String,
    /// The computer that it runs on.
    pub host: Option<String>,
    /// Where it signs in from.
    #[serde(default)]
    pub source_ips: Vec<std::net::IpAddr>,
}

/// A person who left.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaver {
    /// The account.
    pub name: String,
    /// Last day.
    #[serde(deserialize_with = "date")]
    pub date: Date,
}

/// Addresses that scan with permission.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// The addresses.
    pub cidr: IpNet,
    /// Who and why.
    pub description: Option<String>,
}

/// A public holiday.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// ISO 3166 alpha-2 code.
    pub country: String,
    /// The day.
    #[serde(deserialize_with = "date")]
    pub date: Date,
}

/// The zone of logs that state none.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogTimezone {
    /// Prefix of the file's path relative to the scanned one.
    pub path: String,
    /// IANA time zone.
    pub timezone: String,
}

/// Names of one account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The canonical account.
    pub account: String,
    /// Names that are it.
    #[serde(default)]
    pub names: Vec<String>,
    /// Names that are not.
    #[serde(default)]
    pub not: Vec<String>,
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

impl Written {
    fn date<E: serde::de::Error>(&self) -> Result<Date, E> {
        let (Self::Text(text) | Self::Toml { text }) = self;
        text.parse().map_err(|_| E::custom(format!("`{text}` is no date like 2026-01-31")))
    }
}

fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    Written::deserialize(from)?.date()
}

fn optional_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    Option::<Written>::deserialize(from)?.map(|it| it.date()).transpose()
}

fn clock<'de, D: Deserializer<'de>>(from: D) -> Result<Time, D::Error> {
    let (Written::Text(text) | Written::Toml { text }) = Written::deserialize(from)?;
    let padded = if text.len() == 5 { format!("{text}:00") } else { text.clone() };
    padded.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is no time like 08:30")))
}
