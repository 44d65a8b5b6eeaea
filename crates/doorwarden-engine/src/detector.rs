//! The contract between the engine and a detector.

use std::{collections::BTreeMap, fmt, net::IpAddr};

use compact_str::CompactString;
use doorwarden_model::{
    Contribution, Evidence, EvidenceKind, Places, Service, SourceNet, Tier, hash64,
};
use jiff::Timestamp;
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;

use crate::{
    account::AccountState,
    companions::Companions,
    facts::{Item, Kinds},
    known::Known,
    names::AccountKey,
    profile::{Assessment, View},
    signals::{Book, Subject, is_suspicion},
    source::{DAY, Guessers, SourceState},
    table::Partitioned,
};

/// Entities remembered per detector that keeps a memory of its own.
const MEMORIES: usize = 65_536;

/// Which entity a detector looks at, and so which of its pasts it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// The source network.
    Source,
    /// The account.
    Account,
    /// The certificate.
    Certificate,
    /// The device that the client reports.
    Device,
    /// The session id.
    Session,
    /// The device that logged it.
    Host,
    /// All of them: one memory.
    Organisation,
}

impl Scope {
    /// How many there are.
    pub(crate) const COUNT: usize = Self::Organisation as usize + 1;

    /// The key of the entity that `item` belongs to in this scope.
    #[must_use]
    pub fn key(self, item: &Item<'_>) -> Option<u64> {
        match self {
            Self::Source => item.facts.net.map(SourceNet::key),
            Self::Account => item.facts.account.map(|it| it.0),
            Self::Certificate => item.facts.certificate,
            Self::Device => item.facts.device,
            Self::Session => item.event.session.map(|it| hash64(item.facts.host, it.as_bytes())),
            Self::Host => Some(item.facts.host),
            Self::Organisation => Some(0),
        }
    }
}

/// What a detector may know beside the event.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    /// What the source network did; in scope `Source`.
    pub source: Option<&'a SourceState>,
    /// What the account did before; in scope `Account`, where it signed in before.
    pub account: Option<&'a AccountState>,
    /// What the administrator says.
    pub known: &'a Known,
    /// Distances between places.
    pub places: &'a dyn Places,
    /// First event of the archive, in milliseconds.
    pub start: i64,
    /// Texts of devices and certificates.
    pub(crate) companions: &'a Companions,
    /// Networks that guessed passwords.
    pub(crate) guessers: &'a Guessers,
    /// What is usual among all.
    pub(crate) organisation: &'a View,
    /// The sign-in against its account's normal; in scope `Account`.
    pub(crate) assessment: Option<&'a Assessment>,
}

impl Past<'_> {
    /// The text of a device or certificate.
    #[must_use]
    pub fn text(&self, key: Option<u64>) -> &str {
        key.map_or("", |it| self.companions.text(it))
    }
}

impl Past<'_> {
    /// Whether an attempt from `net` at `then` was part of guessing there, as far as it is known at `now`.
    #[must_use]
    pub fn was_guessing(&self, net: SourceNet, then: i64, now: i64) -> bool {
        self.guessers.did(net.key(), then, now)
    }

    /// Where the account usually comes from, in words, where it signed in before.
    #[must_use]
    pub fn usual(&self) -> Option<String> {
        self.account.map(AccountState::usual)
    }
}

impl fmt::Debug for Past<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Past").field("start", &self.start).finish_non_exhaustive()
    }
}

/// A behaviour worth an analyst's time. The value is its settings; their doc comment is its page and its test.
///
/// Implementations are pure: equal events in equal order give equal signals.
pub trait Detector: Settings {
    /// Kebab-case name, as in every output.
    const ID: &'static str;
    /// The entity that it looks at.
    const SCOPE: Scope;
    /// What its findings are about.
    const EVIDENCE: EvidenceKind;
    /// The kinds of event that it looks at.
    const LOOKS_AT: Kinds;
    /// ATT&CK techniques.
    const TECHNIQUES: &'static [&'static str];
    /// What would have made it quiet, for the analyst.
    const QUIET_IF: &'static str;
    /// What it remembers of one entity; `()` where the shared past is enough.
    type Memory: Default + fmt::Debug + Send;

    /// Whether it has to look at `item` at all; cheap, and no memory is made where it says no.
    fn wants(&self, item: &Item<'_>) -> bool;

    /// Judges one event against the past.
    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    );
}

/// Settings that a configuration file may change.
pub trait Settings:
    JsonSchema + DeserializeOwned + Default + fmt::Debug + Send + Sync + 'static
{
}
impl<T: JsonSchema + DeserializeOwned + Default + fmt::Debug + Send + Sync + 'static> Settings
    for T
{
}

/// An earlier event of a pattern, which was not a finding when it happened.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The name as logged.
    pub name: CompactString,
    /// Whether the account signed in before.
    pub is_known: bool,
    /// The source address, where it is another one than the current event's.
    pub ip: Option<IpAddr>,
    /// The door.
    pub service: Service,
    /// The record.
    pub evidence: Evidence,
    /// The account, where it was a sign-in that the story tells.
    pub signed_in: Option<AccountKey>,
}

impl Earlier {
    /// The sign-in that `item` states.
    pub(crate) fn signed_in(item: &Item<'_>, account: AccountKey) -> Self {
        Self {
            name: item.event.user.unwrap_or_default().into(),
            is_known: item.facts.is_known,
            ip: item.facts.src_ip,
            service: item.event.service,
            evidence: item.evidence(),
            signed_in: Some(account),
        }
    }
}

/// What a detector has to say.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// What it is worth by itself.
    pub tier: Tier,
    /// One sentence; `{count}`, `{accounts}`, `{sources}`, `{minutes}` and `{until}` are filled in when the signal closes.
    pub reason: String,
    /// One sentence on what would be normal.
    pub baseline: String,
    /// When the pattern began.
    pub since: Option<Timestamp>,
    /// Earlier events of the pattern.
    pub earlier: Vec<Earlier>,
    /// Links to other signals: `source:203.0.113.0/24`, `device:...`, `certificate:...`, `session:...`.
    pub links: Vec<String>,
    /// Facts that no log stated.
    pub missing: Vec<&'static str>,
    /// From 0 to 100, where it is worth more than the tier's least.
    pub risk: Option<f64>,
    /// Sum of the evidence in nats, where it is a sum.
    pub score: Option<f64>,
    /// The evidence that was added up, the strongest first.
    pub contributions: Vec<Contribution>,
}

/// Where a detector reports to.
#[derive(Debug)]
pub struct Findings<'a> {
    pub(crate) subject: Subject<'a>,
    pub(crate) item: &'a Item<'a>,
    pub(crate) book: &'a mut Book,
    pub(crate) effects: &'a mut Effects,
}

/// What findings change in the shared pasts.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Effects {
    /// The source's successes are suspicious until then.
    pub(crate) hot_until: Option<i64>,
    /// A signal of at least the queue's tier spoke of the account.
    pub(crate) is_suspicious: bool,
}

impl Findings<'_> {
    /// Reports that the event completes or continues the pattern.
    pub fn report(&mut self, finding: Finding) {
        self.effects.is_suspicious |= is_suspicion(finding.tier);
        self.book.report(&self.subject, self.item, finding);
    }

    /// Lets a signal that is still open grow by the event; says whether there was one.
    pub fn extend(&mut self) -> bool {
        self.book.extend(self.subject.detector, self.subject.entity, self.item)
    }

    /// Makes the source's successes suspicious for a day.
    pub fn heat_source(&mut self) {
        self.effects.hot_until = Some(self.item.millis() + DAY);
    }

    /// Speaks of no account in particular: the event at hand is one of many.
    pub fn about_nobody(&mut self) {
        self.subject.account = None;
    }

    /// Speaks of another entity than the scope's: one signal each.
    #[must_use]
    pub fn about(&mut self, entity: u64) -> &mut Self {
        self.subject.entity = entity;
        self
    }

    /// The canonical account of the event.
    #[must_use]
    pub fn account(&self) -> &str {
        self.subject.account.or(self.item.event.user).unwrap_or("(no name)")
    }
}

/// Why settings could not be used.
#[derive(Debug, thiserror::Error)]
#[error("settings of detector `{detector}`: {source}")]
pub struct SettingsError {
    detector: &'static str,
    source: serde_json::Error,
}

/// A row of the registry: all that the rest of the system knows of a detector.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// See [`Detector::ID`].
    pub id: &'static str,
    /// See [`Detector::SCOPE`].
    pub scope: Scope,
    /// See [`Detector::LOOKS_AT`].
    pub looks_at: Kinds,
    /// See [`Detector::TECHNIQUES`].
    pub techniques: &'static [&'static str],
    schema: fn() -> schemars::Schema,
    build: Build,
}

/// Makes a detector from its part of the configuration.
type Build = fn(Option<&serde_json::Value>) -> Result<Box<dyn AnyDetector>, SettingsError>;

impl Entry {
    pub(crate) const fn of<D: Detector>() -> Self {
        Self {
            id: D::ID,
            scope: D::SCOPE,
            looks_at: D::LOOKS_AT,
            techniques: D::TECHNIQUES,
            schema: schema_of::<D>,
            build: build::<D>,
        }
    }

    /// The user's page as Markdown: the doc comment, then the settings with their defaults.
    #[must_use]
    pub fn page(&self) -> String {
        let schema = (self.schema)();
        let text = |name: &str| schema.get(name).and_then(|it| it.as_str()).unwrap_or_default();
        let mut page = format!("# {}\n\n{}\n", text("title"), text("description"));
        let settings: BTreeMap<String, serde_json::Value> = schema
            .get("properties")
            .and_then(|it| serde_json::from_value(it.clone()).ok())
            .unwrap_or_default();
        if !settings.is_empty() {
            page.push_str("\n## Settings\n\n| setting | default | meaning |\n|---|---|---|\n");
        }
        for (name, setting) in settings {
            let default = setting.get("default").map_or_else(String::new, ToString::to_string);
            let meaning = setting.get("description").and_then(|it| it.as_str()).unwrap_or_default();
            let row = ["| `", &name, "` | ", &default, " | ", &meaning.replace('\n', " "), " |\n"];
            page.extend(row);
        }
        page
    }

    /// The detector with the given settings, or its defaults.
    pub(crate) fn build(
        &self,
        settings: Option<&serde_json::Value>,
    ) -> Result<Box<dyn AnyDetector>, SettingsError> {
        (self.build)(settings)
    }
}

fn schema_of<D: Detector>() -> schemars::Schema {
    schema_for!(D)
}

fn build<D: Detector>(
    settings: Option<&serde_json::Value>,
) -> Result<Box<dyn AnyDetector>, SettingsError> {
    let settings: D = match settings {
        Some(value) => {
            D::deserialize(value).map_err(|source| SettingsError { detector: D::ID, source })?
        }
        None => D::default(),
    };
    Ok(Box::new(Keyed::<D> { settings, memories: Partitioned::new(MEMORIES) }))
}

/// A detector with the memories of all its entities, its type erased.
pub(crate) trait AnyDetector: fmt::Debug + Send {
    fn wants(&self, item: &Item<'_>) -> bool;
    fn observe(
        &mut self,
        key: u64,
        item: &Item<'_>,
        past: &Past<'_>,
        account: Option<&str>,
        book: &mut Book,
        effects: &mut Effects,
    );
}

#[derive(Debug)]
struct Keyed<D: Detector> {
    settings: D,
    memories: Partitioned<D::Memory>,
}

impl<D: Detector> AnyDetector for Keyed<D> {
    fn wants(&self, item: &Item<'_>) -> bool {
        self.settings.wants(item)
    }

    fn observe(
        &mut self,
        key: u64,
        item: &Item<'_>,
        past: &Past<'_>,
        account: Option<&str>,
        book: &mut Book,
        effects: &mut Effects,
    ) {
        let subject = Subject {
            detector: D::ID,
            techniques: D::TECHNIQUES,
            kind: D::EVIDENCE,
            quiet_if: D::QUIET_IF,
            entity: key,
            account,
        };
        let mut out = Findings { subject, item, book, effects };
        if size_of::<D::Memory>() == 0 {
            self.settings.observe(item, past, &mut D::Memory::default(), &mut out);
            return;
        }
        let Some(table) = self.memories.of(key) else { return };
        let memory = table.get_or(key, item.millis(), D::Memory::default);
        self.settings.observe(item, past, memory, &mut out);
    }
}

/// A detector's name as people write it: `mfa-fatigue` is `MFA fatigue`.
#[must_use]
pub fn spoken(detector: &str) -> String {
    let mut words = detector.replace('-', " ");
    let capitals = if ["mfa ", "otp "].iter().any(|it| words.starts_with(it)) { 3 } else { 1 };
    if let Some(first) = words.get_mut(..capitals) {
        first.make_ascii_uppercase();
    }
    words
}
