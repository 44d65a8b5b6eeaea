//! A small memory for formats whose records speak of earlier ones.

use std::{collections::VecDeque, hash::Hash};

use hashbrown::HashMap;

/// Remembers the last `CAP` keys; the oldest is forgotten first, whatever an attacker writes.
#[derive(Debug, Clone)]
pub struct Recent<K, V, const CAP: usize = 1024> {
    values: HashMap<K, V>,
    order: VecDeque<K>,
}

impl<K, V, const CAP: usize> Default for Recent<K, V, CAP> {
    fn default() -> Self {
        Self { values: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Hash + Eq + Clone, V, const CAP: usize> Recent<K, V, CAP> {
    /// Remembers `value` for `key`, in place of an earlier one.
    pub fn insert(&mut self, key: K, value: V) {
        if self.values.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        while CAP < self.values.len() {
            let Some(oldest) = self.order.pop_front() else { break };
            self.values.remove(&oldest);
        }
        // Removed keys stay in the queue until their turn; keep that bounded too.
        if 2 * CAP < self.order.len() {
            let values = &self.values;
            self.order.retain(|it| values.contains_key(it));
        }
    }

    /// What is remembered for `key`.
    pub fn get<Q: Hash + ?Sized + hashbrown::Equivalent<K>>(&self, key: &Q) -> Option<&V> {
        self.values.get(key)
    }

    /// What is remembered for `key`, to change it.
    pub fn get_mut<Q: Hash + ?Sized + hashbrown::Equivalent<K>>(
        &mut self,
        key: &Q,
    ) -> Option<&mut V> {
        self.values.get_mut(key)
    }

    /// Forgets `key`.
    pub fn remove<Q: Hash + ?Sized + hashbrown::Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
        self.values.remove(key)
    }
}
