//! Reads what the next events will ask the large tables for, and throws it away.
//!
//! A table of a hundred thousand accounts is not near the processor: each first look into an entry waits for memory.
//! Here the looks of many events stand side by side and wait together; when the stages ask, one event after the other,
//! what they need has come. Nothing is decided here, and nothing changes.

use doorwarden_model::{Activity, Outcome, SourceNet};

use super::Engine;
use crate::{
    attempts::Attempts,
    detector::Scope,
    facts::{Item, Kinds},
    names::AccountKey,
    stay::id_key,
    table::partition,
};

impl Engine {
    pub(super) fn read_ahead(&self, items: &[Item<'_>]) {
        let accounts: Vec<Option<AccountKey>> =
            items.iter().map(|it| self.names.peek(&it.event, it.facts.host)).collect();
        let mut read = 0u64;
        for (item, account) in items.iter().zip(&accounts) {
            if item.event.activity != Activity::Other {
                read ^= self.read_source(item) ^ self.read_ids(item);
                read ^= account.map_or(0, |it| self.read_account(item, it));
            }
        }
        // The compiler must not see that nobody needs it.
        std::hint::black_box(read);
    }

    fn read_source(&self, item: &Item<'_>) -> u64 {
        let Some(ip) = item.event.src_ip else { return 0 };
        let key = SourceNet::of(ip).key();
        let shard = self.shards.get(partition(key) % self.shards.len());
        shard.map_or(0, |it| it.sources.read(key))
    }

    fn read_ids(&self, item: &Item<'_>) -> u64 {
        id_key(&item.event).map_or(0, |it| self.sessions.read_id(it))
            ^ Scope::Session.key(item).map_or(0, |it| self.read_memories(Scope::Session, item, it))
    }

    fn read_account(&self, item: &Item<'_>, account: AccountKey) -> u64 {
        let key = account.0;
        let mut read = self.attempts.read(Attempts::key(&item.event, key, item.facts.host));
        read ^= self.known_accounts.get(&key).map_or(0, |it| it.last_day.cast_unsigned());
        read ^= self.names.display(account).map_or(0, |it| it.len() as u64);
        read ^= self.read_memories(Scope::Account, item, key);
        if item.event.outcome != Some(Outcome::Failure) {
            let shard = self.shards.get(partition(key) % self.shards.len());
            let state = shard.and_then(|it| it.accounts.peek(key));
            read ^= state.map_or(0, |it| it.active_days.into());
            read ^= self.sessions.read_account(account) ^ self.clocks.read(account);
        }
        read
    }

    fn read_memories(&self, scope: Scope, item: &Item<'_>, key: u64) -> u64 {
        let kinds = match item.event.outcome {
            Some(Outcome::Failure) => Kinds::REFUSAL,
            Some(Outcome::Success) => Kinds::SIGN_IN,
            None => return 0,
        };
        let shard = self.shards.get(partition(key) % self.shards.len());
        shard.map_or(0, |it| it.detectors.read(scope, kinds, key))
    }
}
