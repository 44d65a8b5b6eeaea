//! The stages that judge: the source, the account, then certificates, devices, sessions, hosts and the organisation.

use doorwarden_model::Places;

use super::Engine;
use crate::{
    account::AccountState,
    companions::Companions,
    detector::{Effects, Past, Scope},
    facts::{Item, Kinds},
    known::Known,
    names::AccountKey,
    profile::{Assessment, Setting, Verdict, View, assess},
    shard::{Shard, judge},
    source::{self, DAY, Guessers, SourceState},
    table::partition,
};

/// What every stage knows.
#[derive(Clone, Copy)]
struct Ground<'a> {
    known: &'a Known,
    places: &'a dyn Places,
    start: i64,
    companions: &'a Companions,
    view: &'a View,
}

impl<'a> Ground<'a> {
    const fn past(self, guessers: &'a Guessers) -> Past<'a> {
        Past {
            source: None,
            account: None,
            known: self.known,
            places: self.places,
            start: self.start,
            companions: self.companions,
            guessers,
            organisation: self.view,
            assessment: None,
        }
    }
}

/// Marks a sign-in that a signal speaks of.
fn suspect(item: &mut Item<'_>, effects: Effects, of: Kinds) {
    item.facts.is_suspicious |= effects.is_suspicious && item.facts.kinds.meets(of);
}

impl Engine {
    /// Second stage: what the source network did.
    pub(super) fn source_stage(&mut self, items: &mut [Item<'_>], places: &dyn Places, start: i64) {
        let Self { shards, known, companions, view, names, guessers, .. } = self;
        let ground = Ground { known, places, start, companions, view };
        let count = shards.len();
        for (index, shard) in shards.iter_mut().enumerate() {
            for item in items.iter_mut() {
                let Some(net) = item.facts.net else { continue };
                let key = net.key();
                let may_scan = item.facts.kinds.meets(Kinds::REFUSAL) && known.is_scanner(item);
                if may_scan || !source::concerns(item) || partition(key) % count != index {
                    continue;
                }
                let Some(table) = shard.sources.of(key) else { continue };
                let state = table.get_or(key, item.millis(), SourceState::default);
                item.facts.source = state.observe(item);
                let past = Past { source: Some(state), ..ground.past(guessers) };
                let name = item.facts.account.and_then(|it| names.display(it));
                let (detectors, books) = (&mut shard.detectors, &mut shard.books);
                let effects = judge(detectors, books, Scope::Source, key, item, &past, name);
                item.facts.is_suspicious = false;
                suspect(item, effects, Kinds::SIGN_IN);
                if let Some(until) = effects.hot_until {
                    state.heat(until);
                    guessers.note(key, item.millis(), until);
                    item.facts.source.is_hot = true;
                }
            }
        }
    }

    /// Third stage: the account; judges, then learns.
    pub(super) fn account_stage(
        &mut self,
        items: &mut [Item<'_>],
        places: &dyn Places,
        start: i64,
    ) {
        let Self { shards, known, companions, view, names, guessers, watched, without, .. } = self;
        let ground = Ground { known, places, start, companions, view };
        let count = shards.len();
        for (index, shard) in shards.iter_mut().enumerate() {
            let learnt = Kinds::SIGN_IN.and(Kinds::ACCOUNT);
            let looks_at = shard.detectors.looks_at(Scope::Account).and(learnt);
            for item in items.iter_mut().filter(|it| looks_at.meets(it.facts.kinds)) {
                let Some(account) = item.facts.account else { continue };
                if partition(account.0) % count != index || item.facts.is_program {
                    continue;
                }
                let assessment = assessed(shard, ground, account, item, without);
                let Some(table) = shard.accounts.of(account.0) else { continue };
                let state = table.get(account.0, item.millis());
                let past = Past {
                    account: state.as_deref().map(|it| &**it),
                    assessment: assessment.as_ref(),
                    ..ground.past(guessers)
                };
                let name = names.display(account);
                let (detectors, books) = (&mut shard.detectors, &mut shard.books);
                let (scope, key) = (Scope::Account, account.0);
                let effects = judge(detectors, books, scope, key, item, &past, name);
                // What somebody did to a door is no reason to suspect what is done to it next.
                suspect(item, effects, Kinds::SIGN_IN.and(Kinds::FACTOR));
                let Some(state) = state else { continue };
                if let Some(assessment) = &assessment {
                    let is_bad = effects.is_suspicious || item.facts.is_suspicious;
                    let verdict =
                        if is_bad { Verdict::Bad } else { view.verdict(assessment.score) };
                    state.profile.learn(item, assessment, verdict, &mut shard.counts);
                }
                if remember(state, item) {
                    watched.see(account, item);
                }
            }
        }
    }

    /// Certificates, devices, session ids; then the organisation.
    pub(super) fn other_stages(&mut self, items: &mut [Item<'_>], places: &dyn Places, start: i64) {
        let Self { shards, known, companions, view, names, guessers, .. } = self;
        let ground = Ground { known, places, start, companions, view };
        let count = shards.len();
        for scope in
            [Scope::Certificate, Scope::Device, Scope::Session, Scope::Host, Scope::Organisation]
        {
            for (index, shard) in shards.iter_mut().enumerate() {
                let looks_at = shard.detectors.looks_at(scope);
                for item in items.iter_mut().filter(|it| looks_at.meets(it.facts.kinds)) {
                    let Some(key) = scope.key(item) else { continue };
                    if partition(key) % count != index {
                        continue;
                    }
                    let name = item.facts.account.and_then(|it| names.display(it));
                    let (detectors, books) = (&mut shard.detectors, &mut shard.books);
                    let past = ground.past(guessers);
                    let effects = judge(detectors, books, scope, key, item, &past, name);
                    if scope != Scope::Organisation {
                        suspect(item, effects, Kinds::SIGN_IN.and(Kinds::FACTOR));
                    }
                }
            }
        }
    }
}

/// The sign-in against its account's normal; makes the account known where it was not.
fn assessed(
    shard: &mut Shard,
    ground: Ground<'_>,
    account: AccountKey,
    item: &Item<'_>,
    without: &[doorwarden_model::EvidenceKind],
) -> Option<Assessment> {
    if !item.facts.kinds.meets(Kinds::SIGN_IN) {
        return None;
    }
    let state = shard.accounts.of(account.0)?.get_or(account.0, item.millis(), Box::default);
    state.profile.settle(&mut shard.zones, ground.known.zone(item), item);
    let setting = Setting {
        item,
        state,
        view: ground.view,
        known: ground.known,
        places: ground.places,
        start: ground.start,
        without,
    };
    assess(&setting, &mut shard.zones, &mut shard.clients)
}

/// Learns what was judged; says whether the event belongs to what an intruder does.
fn remember(state: &mut AccountState, item: &Item<'_>) -> bool {
    if item.facts.is_suspicious {
        state.suspect(item);
    }
    let is_watched = state.last_suspicion.is_some_and(|it| item.millis() - it <= DAY)
        && state.is_of_suspicion(item);
    state.learn(item);
    is_watched
}
