//! A bounded table of what is remembered per key, cut into partitions.
//!
//! The partition of a key is fixed, each partition has its own share of the cap and evicts what was used longest ago:
//! so the content never depends on how many workers share the partitions.

use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashMap;

/// Partitions of every table; a power of two.
pub(crate) const PARTITIONS: usize = 64;

/// The partition of a key.
pub(crate) const fn partition(key: u64) -> usize {
    // Other bits than those that the hash map looks at first.
    (spread(key) >> 20) as usize % PARTITIONS
}

/// Spreads a key over all bits (the finaliser of `SplitMix64`).
pub(crate) const fn spread(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}

/// Hashes a key that is one already.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = spread(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = spread(self.0 ^ key);
    }
}

/// A map from keys that are hashes.
pub(crate) type KeyMap<K, V> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;

/// What is remembered per key; at the cap the quarter used longest ago is forgotten.
#[derive(Debug, Clone)]
pub(crate) struct Table<V> {
    entries: KeyMap<u64, Slot<V>>,
    cap: usize,
    /// What is forgotten last, as long as it takes no more than half of the table.
    is_dear: fn(&V) -> bool,
}

#[derive(Debug, Clone)]
struct Slot<V> {
    used: i64,
    value: V,
}

impl<V> Table<V> {
    /// A table of at most `cap` keys.
    pub(crate) fn new(cap: usize) -> Self {
        Self { entries: KeyMap::default(), cap: cap.max(4), is_dear: |_| false }
    }

    /// What is remembered for `key`, marked as used at `now`.
    pub(crate) fn get(&mut self, key: u64, now: i64) -> Option<&mut V> {
        let slot = self.entries.get_mut(&key)?;
        slot.used = slot.used.max(now);
        Some(&mut slot.value)
    }

    /// What is remembered for `key`, without marking it.
    pub(crate) fn peek(&self, key: u64) -> Option<&V> {
        self.entries.get(&key).map(|it| &it.value)
    }

    /// What is remembered for `key`, made by `new` where nothing is.
    pub(crate) fn get_or(&mut self, key: u64, now: i64, new: impl FnOnce() -> V) -> &mut V {
        if self.cap <= self.entries.len() && !self.entries.contains_key(&key) {
            self.evict();
        }
        let slot = self.entries.entry(key).or_insert_with(|| Slot { used: now, value: new() });
        slot.used = slot.used.max(now);
        &mut slot.value
    }

    /// Takes out the quarter used longest ago where the table is full, in the order of their keys.
    pub(crate) fn make_room(&mut self) -> Vec<(u64, V)> {
        if self.entries.len() < self.cap {
            return Vec::new();
        }
        let mut keys = self.oldest();
        keys.sort_unstable();
        keys.into_iter().filter_map(|key| Some((key, self.remove(key)?))).collect()
    }

    /// Forgets `key`.
    pub(crate) fn remove(&mut self, key: u64) -> Option<V> {
        self.entries.remove(&key).map(|it| it.value)
    }

    /// Takes out the values for which `is_wanted`, in the order of their keys.
    pub(crate) fn take_where(&mut self, mut is_wanted: impl FnMut(&V) -> bool) -> Vec<(u64, V)> {
        let mut keys: Vec<u64> = self
            .entries
            .iter()
            .filter(|(_, it)| is_wanted(&it.value))
            .map(|(key, _)| *key)
            .collect();
        keys.sort_unstable();
        keys.into_iter().filter_map(|key| Some((key, self.remove(key)?))).collect()
    }

    /// Takes out all values, in the order of their keys.
    pub(crate) fn drain_sorted(&mut self) -> Vec<(u64, V)> {
        let mut all: Vec<(u64, V)> =
            self.entries.drain().map(|(key, it)| (key, it.value)).collect();
        all.sort_unstable_by_key(|it| it.0);
        all
    }

    fn evict(&mut self) {
        for key in self.oldest() {
            self.entries.remove(&key);
        }
    }

    /// The keys of the quarter used longest ago, what is dear left out as long as it takes no more than half.
    fn oldest(&self) -> Vec<u64> {
        let mut ages: Vec<(bool, i64, u64)> = self
            .entries
            .iter()
            .map(|(key, it)| ((self.is_dear)(&it.value), it.used, *key))
            .collect();
        let dear = ages.iter().filter(|it| it.0).count();
        if ages.len() < 2 * dear {
            for it in &mut ages {
                it.0 = false;
            }
        }
        let quarter = (ages.len() / 4).max(1);
        ages.select_nth_unstable(quarter - 1);
        ages.truncate(quarter);
        ages.into_iter().map(|it| it.2).collect()
    }
}

/// One table per partition.
#[derive(Debug, Clone)]
pub(crate) struct Partitioned<V>(Vec<Table<V>>);

impl<V> Partitioned<V> {
    /// Tables of at most `cap` keys together.
    pub(crate) fn new(cap: usize) -> Self {
        Self((0..PARTITIONS).map(|_| Table::new(cap / PARTITIONS)).collect())
    }

    /// The same tables, in which a flood of other keys does not push out what `is_dear`.
    pub(crate) fn keeping(mut self, is_dear: fn(&V) -> bool) -> Self {
        for it in &mut self.0 {
            it.is_dear = is_dear;
        }
        self
    }

    /// What is remembered for `key`, without marking it.
    pub(crate) fn peek(&self, key: u64) -> Option<&V> {
        self.0.get(partition(key))?.peek(key)
    }

    /// The table that `key` lives in.
    pub(crate) fn of(&mut self, key: u64) -> Option<&mut Table<V>> {
        self.0.get_mut(partition(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_table_forgets_what_was_used_longest_ago() {
        let mut table = Table::new(8);
        for key in 0..8 {
            *table.get_or(key, i64::try_from(key).unwrap(), || 0) = key;
        }
        table.get(0, 100);
        table.get_or(99, 101, || 99);
        assert_eq!(table.peek(0), Some(&0), "just used");
        assert_eq!(table.peek(1), None, "used longest ago");
        assert_eq!(table.peek(99), Some(&99));
        let kept = (0..8).filter(|key| table.peek(*key).is_some()).count();
        assert_eq!(kept, 6, "a quarter was forgotten");
    }

    #[test]
    fn a_flood_does_not_push_out_what_is_dear() {
        let mut tables = Partitioned::new(8 * PARTITIONS).keeping(|it: &u64| *it < 3);
        let table = tables.of(0).unwrap();
        for key in 0..1_000 {
            table.get_or(key, i64::try_from(key).unwrap(), || key);
        }
        assert!((0..3).all(|key| table.peek(key).is_some()));
    }

    #[test]
    fn what_is_dear_takes_no_more_than_half() {
        let mut tables = Partitioned::new(8 * PARTITIONS).keeping(|it: &u64| *it < 900);
        let table = tables.of(0).unwrap();
        for key in 0..1_000 {
            table.get_or(key, i64::try_from(key).unwrap(), || key);
        }
        assert!((998..1_000).all(|key| table.peek(key).is_some()));
    }
}
