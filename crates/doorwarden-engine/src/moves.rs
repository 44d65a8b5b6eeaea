//! Sessions that move between providers: whether that is a theft or how a source, or a person's two lines, always are.
//!
//! The first stage learns it in the order of events; a detector of sessions sees one session only.

use doorwarden_model::{NetworkKind, Place};

use crate::{facts::Item, source::DAY, table::Table};

/// Sources remembered.
const SOURCES: usize = 4_096;
/// Pairs of providers of accounts remembered.
const PAIRS: usize = 65_536;
/// Days after its first session on which a source is learnt.
const LEARN_DAYS: i64 = 7;
/// One moved session in so many is the most that is believed (0.5 %), once three accounts' moved.
const BELIEVED: u32 = 200;
const ACCOUNTS: usize = 3;
/// Days on which an account's sessions moved between two providers, after which these are its two lines.
const USUAL_DAYS: u32 = 2;

/// What the sessions of a source did in its first days.
#[derive(Debug, Clone, Copy, Default)]
struct Source {
    since: i64,
    sessions: u32,
    moved: u32,
    accounts: [u64; ACCOUNTS],
}

impl Source {
    /// Whether so many sessions move that a move says nothing.
    fn is_restless(&self) -> bool {
        self.accounts.iter().all(|it| *it != 0)
            && self.sessions < self.moved.saturating_mul(BELIEVED)
    }
}

/// A pair of providers between which an account's sessions move.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    days: u32,
    last_day: i64,
}

/// Moves of sessions, by source and by account.
#[derive(Debug)]
pub(crate) struct Moves {
    sources: Table<Source>,
    pairs: Table<Pair>,
    /// Sessions that were counted as moved.
    counted: Table<()>,
}

impl Moves {
    pub(crate) fn new() -> Self {
        Self {
            sources: Table::new(SOURCES),
            pairs: Table::new(PAIRS),
            counted: Table::new(SOURCES),
        }
    }

    /// Takes note of a session that opens.
    pub(crate) fn opened(&mut self, item: &Item<'_>) {
        let now = item.millis();
        if item.event.session.is_some() && item.is_from_outside() {
            let source = self
                .sources
                .get_or(item.facts.host, now, || Source { since: now, ..Source::default() });
            if now - source.since <= LEARN_DAYS * DAY {
                source.sessions = source.sessions.saturating_add(1);
            }
        }
    }

    /// Whether it is usual that a session that began at `first` is used from where `item` comes from; learns from it.
    pub(crate) fn is_usual(&mut self, item: &Item<'_>, first: &Place<'_>) -> bool {
        let (Some(account), Some(number)) = (item.facts.account, item.facts.session.number) else {
            return false;
        };
        let (Some(from), Some(to)) = (first.asn, item.place.asn) else { return false };
        if from == to {
            return false;
        }
        let (now, day) = (item.millis(), item.millis().div_euclid(DAY));
        let providers = u64::from(from.min(to)) << 32 | u64::from(from.max(to));
        let pair = self.pairs.get_or(account.0 ^ providers.rotate_left(13), now, Pair::default);
        let is_todays = pair.last_day == day && 0 < pair.days;
        let is_pair = USUAL_DAYS <= pair.days - u32::from(is_todays);
        pair.days += u32::from(!is_todays);
        pair.last_day = day;
        let Some(source) = self.sources.get(item.facts.host, now) else { return is_pair };
        let is_carrier = |it: &Place<'_>| it.network == Some(NetworkKind::Mobile);
        let is_counted = self.counted.peek(number).is_some();
        if !is_counted
            && now - source.since <= LEARN_DAYS * DAY
            && !is_carrier(first)
            && !is_carrier(&item.place)
        {
            self.counted.get_or(number, now, || ());
            source.moved = source.moved.saturating_add(1);
            if !source.accounts.contains(&account.0)
                && let Some(slot) = source.accounts.iter_mut().find(|it| **it == 0)
            {
                *slot = account.0;
            }
        }
        is_pair || source.is_restless()
    }
}
