//! What a source network did: the second stage.
//!
//! An attacker chooses how many networks there are, so a network costs little until it has failed a few times.

use std::collections::VecDeque;

use compact_str::CompactString;
use doorwarden_model::{Evidence, Outcome, Reason, Service};
use smallvec::SmallVec;

use crate::{
    detector::Earlier,
    facts::{Item, SourceFacts},
    names::AccountKey,
    table::Partitioned,
};

/// Milliseconds of an hour and a day.
pub(crate) const HOUR: i64 = 3_600_000;
/// Milliseconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;
/// Failed attempts remembered one by one.
const RING: usize = 64;
/// Networks that guessed passwords remembered.
const GUESSERS: usize = 16_384;
/// Accounts that succeeded remembered.
const SUCCEEDED: usize = 64;

/// A failed attempt.
#[derive(Debug, Clone)]
pub struct Failed {
    /// When.
    pub millis: i64,
    /// Whose, whether such an account exists or not.
    pub account: AccountKey,
    /// The name as logged.
    pub name: CompactString,
    /// Whether the account signed in before.
    pub is_known: bool,
    /// Whether the log says that there is no such account.
    pub is_unknown_user: bool,
    /// The door.
    pub service: Service,
    /// The record.
    pub evidence: Evidence,
}

/// An account that signed in from here.
#[derive(Debug, Clone)]
pub struct Succeeded {
    /// Who.
    pub account: AccountKey,
    /// First time.
    pub first: i64,
    /// Last time.
    pub last: i64,
    /// Whether the account had a history of at least three days, none of it with this provider, when it first came.
    pub was_settled: bool,
    /// The first record, where it was.
    pub newcomer: Option<Box<Earlier>>,
}

/// When networks guessed passwords: for those who look at an account, which are where its network is not.
#[derive(Debug)]
pub(crate) struct Guessers(Partitioned<Guessing>);

/// When one of them did.
#[derive(Debug, Clone, Copy)]
struct Guessing {
    since: i64,
    until: i64,
}

impl Guessers {
    pub(crate) fn new() -> Self {
        Self(Partitioned::new(GUESSERS))
    }

    /// The network guesses at `now`, and is suspicious until then.
    pub(crate) fn note(&mut self, net: u64, now: i64, until: i64) {
        let Some(table) = self.0.of(net) else { return };
        let known = table.get_or(net, now, || Guessing { since: now, until });
        if known.until < now {
            known.since = now;
        }
        known.until = known.until.max(until);
    }

    /// Whether an attempt at `then` was part of the guessing, as far as it is known at `now`.
    pub(crate) fn did(&self, net: u64, then: i64, now: i64) -> bool {
        self.0
            .peek(net)
            .is_some_and(|it| it.since <= now && it.since - HOUR <= then && then <= it.until)
    }
}

/// What one source network did.
#[derive(Debug, Default)]
pub struct SourceState {
    /// Last failed attempts, oldest first.
    failures: VecDeque<Failed>,
    /// Failures per five minutes, and the five minutes of the newest.
    buckets: [u32; 12],
    newest_bucket: i64,
    /// Accounts that signed in from here; at the cap the one seen longest ago is forgotten.
    succeeded: SmallVec<[Succeeded; 2]>,
    /// Days with sign-ins within the last 64, as bits.
    days: u64,
    newest_day: i64,
    /// Until when its successes are suspicious.
    hot_until: Option<i64>,
}

impl SourceState {
    /// Adds the event, and says what the network did so far.
    pub(crate) fn observe(&mut self, item: &Item<'_>) -> SourceFacts {
        let now = item.millis();
        if item.is_refusal() {
            self.fail(item);
        }
        let mut facts = self.facts(item);
        if item.is_sign_in()
            && let Some(account) = item.facts.account
        {
            facts.is_first_success = self.succeed(account, item);
            facts.accounts_succeeded = self.accounts_succeeded(now);
            facts.newcomers = self.newcomers(now);
        }
        facts
    }

    fn fail(&mut self, item: &Item<'_>) {
        let now = item.millis();
        let Some(account) = item.facts.account else { return };
        let bucket = now.div_euclid(HOUR / 12);
        if self.failures.is_empty() {
            (self.buckets, self.newest_bucket) = ([0; 12], bucket);
        }
        let passed = (bucket - self.newest_bucket).clamp(0, 12);
        for step in 0..passed {
            if let Some(old) = self.bucket(self.newest_bucket + 1 + step) {
                *old = 0;
            }
        }
        self.newest_bucket = self.newest_bucket.max(bucket);
        if let Some(count) = self.bucket(bucket) {
            *count = count.saturating_add(1);
        }
        while self.failures.front().is_some_and(|it| HOUR < now - it.millis)
            || self.failures.len() == RING
        {
            self.failures.pop_front();
        }
        self.failures.push_back(Failed {
            millis: now,
            account,
            name: item.event.user.unwrap_or_default().into(),
            is_known: item.facts.is_known,
            is_unknown_user: item.event.reason == Some(Reason::UnknownUser),
            service: item.event.service,
            evidence: item.evidence(),
        });
    }

    fn bucket(&mut self, bucket: i64) -> Option<&mut u32> {
        self.buckets.get_mut(usize::try_from(bucket.rem_euclid(12)).unwrap_or(0))
    }

    fn succeed(&mut self, account: AccountKey, item: &Item<'_>) -> bool {
        let now = item.millis();
        // Who brings a known device is where that network is, and nobody else.
        let was_settled =
            item.facts.is_settled && item.facts.is_new_provider && !item.facts.has_known_device;
        let day = now.div_euclid(DAY);
        if self.days == 0 {
            self.newest_day = day;
        }
        let passed = u32::try_from((day - self.newest_day).clamp(0, 64)).unwrap_or(64);
        self.days = self.days.checked_shl(passed).unwrap_or(0) | 1;
        self.newest_day = self.newest_day.max(day);
        if let Some(known) = self.succeeded.iter_mut().find(|it| it.account == account) {
            known.last = now;
            return false;
        }
        if self.succeeded.len() == SUCCEEDED
            && let Some(at) =
                (0..SUCCEEDED).min_by_key(|at| self.succeeded.get(*at).map(|it| it.last))
        {
            self.succeeded.swap_remove(at);
        }
        let newcomer = was_settled.then(|| Box::new(Earlier::signed_in(item, account)));
        self.succeeded.push(Succeeded { account, first: now, last: now, was_settled, newcomer });
        true
    }

    fn facts(&self, item: &Item<'_>) -> SourceFacts {
        let now = item.millis();
        let mut facts = SourceFacts {
            is_hot: self.hot_until.is_some_and(|it| now <= it),
            is_shared: self.is_shared(),
            accounts_succeeded: self.accounts_succeeded(now),
            ..SourceFacts::default()
        };
        if self.failures.is_empty() {
            return facts;
        }
        let recent = now.div_euclid(HOUR / 12) - self.newest_bucket;
        if recent < 12 {
            facts.failures = self.buckets.iter().fold(0, |sum, it| sum.saturating_add(*it));
        }
        let mut seen = [0u64; 16];
        for failed in self.failures.iter().filter(|it| now - it.millis <= HOUR) {
            facts.failures_on_account += u32::from(Some(failed.account) == item.facts.account);
            // Who signs in from here mistypes from here: an office on a Monday is no spray.
            if self.succeeded.iter().any(|it| it.account == failed.account) {
                continue;
            }
            let bit = crate::table::spread(failed.account.0) % 1024;
            let Some(word) = seen.get_mut(usize::try_from(bit / 64).unwrap_or(0)) else { continue };
            if *word & (1 << (bit % 64)) == 0 {
                *word |= 1 << (bit % 64);
                facts.accounts_failed += 1;
                facts.unknown_failed += u32::from(failed.is_unknown_user || !failed.is_known);
            }
        }
        facts
    }

    fn accounts_succeeded(&self, now: i64) -> u32 {
        let recent = self.succeeded.iter().filter(|it| now - it.last <= DAY).count();
        u32::try_from(recent).unwrap_or(u32::MAX)
    }

    /// Settled accounts whose first success here falls into the last 24 hours.
    fn newcomers(&self, now: i64) -> u32 {
        let new =
            self.succeeded.iter().filter(|it| now - it.first <= DAY && it.was_settled).count();
        u32::try_from(new).unwrap_or(u32::MAX)
    }

    /// An address that many share: at least eight accounts on at least three days.
    fn is_shared(&self) -> bool {
        8 <= self.succeeded.len() && 3 <= self.days.count_ones()
    }

    /// Failed attempts within the last hour, oldest first; at most 64.
    pub fn failures(&self) -> impl Iterator<Item = &Failed> + Clone {
        self.failures.iter()
    }

    /// Whether anybody signed in from here: an attacker chooses how many networks refuse, not how many succeed.
    pub(crate) fn has_succeeded(&self) -> bool {
        !self.succeeded.is_empty()
    }

    /// Accounts that signed in from here.
    pub fn succeeded(&self) -> &[Succeeded] {
        &self.succeeded
    }

    /// Makes its successes suspicious until `millis`.
    pub(crate) fn heat(&mut self, millis: i64) {
        self.hot_until = self.hot_until.max(Some(millis));
    }
}

/// Whether the source stage has to look at the event.
pub(crate) fn concerns(item: &Item<'_>) -> bool {
    item.facts.net.is_some()
        && item.event.outcome.is_some()
        && (item.is_refusal() || item.event.outcome == Some(Outcome::Success))
}
