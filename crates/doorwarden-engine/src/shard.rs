//! One worker's share of the partitions: what is remembered there, and the detectors that judge there.

use std::collections::BTreeMap;

use crate::{
    account::AccountState,
    detector::{AnyDetector, Effects, Past, Scope, SettingsError},
    detectors,
    facts::{Item, Kinds},
    profile::{Clients, Counts, Zones},
    signals::Book,
    source::SourceState,
    table::{PARTITIONS, Partitioned, partition},
};

/// Source networks and accounts remembered.
const SOURCES: usize = 131_072;
/// Accounts remembered where nobody says how many; those that never signed in are not.
pub(crate) const ACCOUNTS: usize = 1_048_576;

/// Detectors by scope, each with the kinds of event that it looks at.
#[derive(Debug, Default)]
pub(crate) struct Scoped([Vec<Watcher>; Scope::COUNT]);

/// A detector with the kinds of event that it looks at.
type Watcher = (Kinds, Box<dyn AnyDetector>);

impl Scoped {
    /// The kinds that any detector of `scope` looks at.
    pub(crate) fn looks_at(&self, scope: Scope) -> Kinds {
        let all = self.0.get(scope as usize).into_iter().flatten();
        all.fold(Kinds::default(), |sum, it| sum.and(it.0))
    }
}

/// One worker's share of the partitions.
#[derive(Debug)]
pub(crate) struct Shard {
    pub(crate) sources: Partitioned<SourceState>,
    /// Boxed: a table that grows would copy what is large.
    pub(crate) accounts: Partitioned<Box<AccountState>>,
    pub(crate) detectors: Scoped,
    pub(crate) books: Vec<Book>,
    /// What waits to be published to all.
    pub(crate) counts: Counts,
    pub(crate) zones: Zones,
    pub(crate) clients: Clients,
}

impl Shard {
    pub(crate) fn new(
        settings: &BTreeMap<String, serde_json::Value>,
        zones: Zones,
    ) -> Result<Self, SettingsError> {
        let mut built = Scoped::default();
        for entry in detectors::ALL {
            let own = settings.get(entry.id);
            let is_off = own.and_then(|it| it.get("enabled")).and_then(serde_json::Value::as_bool)
                == Some(false);
            if is_off {
                continue;
            }
            let own = own.map(|it| {
                let mut it = it.clone();
                if let Some(map) = it.as_object_mut() {
                    map.remove("enabled");
                }
                it
            });
            if let Some(scoped) = built.0.get_mut(entry.scope as usize) {
                scoped.push((entry.looks_at, entry.build(own.as_ref())?));
            }
        }
        Ok(Self {
            sources: Partitioned::new(SOURCES).keeping(SourceState::has_succeeded),
            accounts: Partitioned::new(ACCOUNTS),
            detectors: built,
            books: (0..PARTITIONS).map(|_| Book::default()).collect(),
            counts: Counts::default(),
            zones,
            clients: Clients::default(),
        })
    }
}

/// Asks the detectors of one scope.
pub(crate) fn judge(
    detectors: &mut Scoped,
    books: &mut [Book],
    scope: Scope,
    key: u64,
    item: &Item<'_>,
    past: &Past<'_>,
    account: Option<&str>,
) -> Effects {
    let mut effects = Effects::default();
    let Some(book) = books.get_mut(partition(key)) else { return effects };
    for (kinds, detector) in detectors.0.get_mut(scope as usize).into_iter().flatten() {
        if kinds.meets(item.facts.kinds) && detector.wants(item) {
            detector.observe(key, item, past, account, book, &mut effects);
        }
    }
    effects
}
