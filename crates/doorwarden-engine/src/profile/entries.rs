//! What an account used and how often: small tables of decayed counts, all in one list.
//!
//! A value counts once a day, and less on its first days: an attacker needs days to become usual, not sign-ins.

use doorwarden_model::Used;

/// What is counted (science: half-lives and caps after Freeman et al. 2016 and our own measurements).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Country,
    Provider,
    Net,
    System,
    Client,
    Device,
    Service,
}

impl Kind {
    pub(crate) const COUNT: usize = Self::Service as usize + 1;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Country,
        Self::Provider,
        Self::Net,
        Self::System,
        Self::Client,
        Self::Device,
        Self::Service,
    ];

    /// Days after which a count is worth half.
    const fn half_life(self) -> f32 {
        match self {
            Self::Country | Self::System => 180.0,
            Self::Client | Self::Service => 120.0,
            Self::Provider | Self::Device => 90.0,
            Self::Net => 45.0,
        }
    }

    /// Values remembered; of more the one that counts least is forgotten.
    const fn cap(self) -> usize {
        match self {
            Self::System => 4,
            Self::Client => 6,
            Self::Country | Self::Device | Self::Service => 8,
            Self::Provider => 12,
            Self::Net => 16,
        }
    }
}

/// A value is known as long as its count is at least this.
const KNOWN: f32 = 0.15;
/// What a value counts on its first day, on its second, and from the third on.
const WEIGHTS: [f32; 3] = [0.25, 0.5, 1.0];

/// One value: 16 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    /// Hash of the value, or the value.
    pub(crate) key: u32,
    /// Decayed count as of `last`.
    count: f32,
    /// Days since 1970 of the first and last use, and distinct days in all.
    first: u16,
    last: u16,
    days: u16,
}

impl Entry {
    /// The count on `day`.
    fn on(&self, day: u16, kind: Kind) -> f32 {
        let passed = f32::from(day.saturating_sub(self.last));
        if passed == 0.0 {
            self.count
        } else {
            self.count * libm::exp2f(-passed / kind.half_life())
        }
    }

    /// Distinct days of use.
    pub(crate) const fn days(&self) -> u16 {
        self.days
    }
}

impl Entry {
    /// First day of use, counted from 1970.
    pub(crate) const fn first(&self) -> u16 {
        self.first
    }

    /// The days of use, for showing.
    pub(crate) const fn used<T>(&self, what: T) -> Used<T> {
        Used { what, days: self.days, first_day: self.first, last_day: self.last }
    }
}

/// The tables of one account.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Entries {
    all: Vec<Entry>,
    /// End of each kind's part of `all`.
    ends: [u8; Kind::COUNT],
}

impl Entries {
    fn range(&self, kind: Kind) -> std::ops::Range<usize> {
        let nr = kind as usize;
        let end = |nr: usize| usize::from(self.ends.get(nr).copied().unwrap_or(0));
        (if nr == 0 { 0 } else { end(nr - 1) })..end(nr)
    }

    /// The values of one kind.
    pub(crate) fn of(&self, kind: Kind) -> &[Entry] {
        self.all.get(self.range(kind)).unwrap_or_default()
    }

    /// The value, where it is known on `day`. What was first used today is news still: one entry leaves several records,
    /// the directory's before the gateway's.
    pub(crate) fn known(&self, kind: Kind, key: u32, day: u16) -> Option<&Entry> {
        let is_known = |it: &&Entry| it.key == key && it.first < day && KNOWN <= it.on(day, kind);
        self.of(kind).iter().find(is_known)
    }

    /// The values that were used before `day`.
    pub(crate) fn before(&self, kind: Kind, day: u16) -> impl Iterator<Item = &Entry> {
        self.of(kind).iter().filter(move |it| it.first < day)
    }

    /// Whether the value was used for the first time on `day`: its novelty was counted.
    pub(crate) fn is_of_today(&self, kind: Kind, key: u32, day: u16) -> bool {
        self.of(kind).iter().any(|it| it.key == key && it.first == day)
    }

    /// What an unknown value is worth as a novelty: half where it was used once, long ago.
    pub(crate) fn novelty(&self, kind: Kind, key: u32, day: u16) -> f64 {
        if self.of(kind).iter().any(|it| it.key == key && it.first < day) { 0.5 } else { 1.0 }
    }

    /// The value that counts most on `day`.
    pub(crate) fn usual(&self, kind: Kind, day: u16) -> Option<u32> {
        let most = self
            .of(kind)
            .iter()
            .max_by(|a, b| a.on(day, kind).total_cmp(&b.on(day, kind)).then(b.key.cmp(&a.key)))?;
        Some(most.key)
    }

    /// Counts the value on `day`; `weight` is 1, or less for what was judged bad. Says whether the value is a new one.
    pub(crate) fn learn(&mut self, kind: Kind, key: u32, day: u16, weight: f32) -> bool {
        let range = self.range(kind);
        let part = self.all.get_mut(range.clone()).unwrap_or_default();
        if let Some(entry) = part.iter_mut().find(|it| it.key == key) {
            if entry.last < day {
                let days = usize::from(entry.days).min(WEIGHTS.len() - 1);
                entry.count = entry.on(day, kind) + weight * WEIGHTS.get(days).unwrap_or(&1.0);
                entry.last = day;
                entry.days = entry.days.saturating_add(1);
            }
            return false;
        }
        let count = weight * WEIGHTS[0];
        self.insert(kind, Entry { key, count, first: day, last: day, days: 1 });
        true
    }

    /// Takes a value in, in place of the one that counts least where there are too many.
    fn insert(&mut self, kind: Kind, entry: Entry) {
        let range = self.range(kind);
        if range.len() < kind.cap() {
            self.all.insert(range.end, entry);
            for end in self.ends.iter_mut().skip(kind as usize) {
                *end += 1;
            }
            return;
        }
        let (part, day) = (self.all.get_mut(range).unwrap_or_default(), entry.last);
        let least = part
            .iter_mut()
            .min_by(|a, b| a.on(day, kind).total_cmp(&b.on(day, kind)).then(a.key.cmp(&b.key)));
        if let Some(least) = least {
            *least = entry;
        }
    }

    /// Adds what was learnt under another name.
    pub(crate) fn merge(&mut self, other: &Self) {
        for kind in Kind::ALL {
            for from in other.of(kind) {
                let range = self.range(kind);
                let part = self.all.get_mut(range).unwrap_or_default();
                let Some(own) = part.iter_mut().find(|it| it.key == from.key) else {
                    self.insert(kind, *from);
                    continue;
                };
                let last = own.last.max(from.last);
                own.count = own.on(last, kind) + from.on(last, kind);
                (own.first, own.last) = (own.first.min(from.first), last);
                own.days = own.days.max(from.days);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_once_a_day_and_fades() {
        let mut entries = Entries::default();
        assert!(entries.learn(Kind::Net, 7, 100, 1.0));
        assert!(!entries.learn(Kind::Net, 7, 100, 1.0));
        let seen = entries.of(Kind::Net)[0];
        assert_eq!((seen.count, seen.days), (0.25, 1));
        assert!(entries.known(Kind::Net, 7, 130).is_some());
        assert!(entries.known(Kind::Net, 7, 140).is_none(), "0.25 falls below 0.15 after 33 days");
        entries.learn(Kind::Net, 7, 101, 1.0);
        entries.learn(Kind::Net, 7, 102, 1.0);
        assert!(entries.known(Kind::Net, 7, 102 + 120).is_some());
    }

    #[test]
    fn what_was_judged_bad_stays_unknown() {
        let mut entries = Entries::default();
        for day in 100..103 {
            entries.learn(Kind::Provider, 7, day, 0.05);
        }
        assert!(entries.known(Kind::Provider, 7, 103).is_none());
    }

    #[test]
    fn kinds_have_room_of_their_own() {
        let mut entries = Entries::default();
        for key in 0..40 {
            entries.learn(Kind::Net, key, 100, 1.0);
            entries.learn(Kind::Country, key, 100, 1.0);
        }
        assert_eq!(entries.of(Kind::Net).len(), 16);
        assert_eq!(entries.of(Kind::Country).len(), 8);
        assert!(entries.of(Kind::Device).is_empty());
        assert!(entries.known(Kind::Net, 39, 100).is_none(), "it is today's");
        assert!(entries.known(Kind::Net, 39, 101).is_some(), "the newest stays");
    }
}
