//! The stages, one after the other, over batches of events in their order.

mod stages;

use std::{collections::BTreeMap, net::IpAddr};

use doorwarden_model::{
    Activity, Batch, Context, EvidenceKind, Incident, NetworkKind, Outcome, Person, Place, Places,
    Session, Signal, SourceNet, hash64,
};

use crate::{
    account::AccountState,
    addresses::Addresses,
    attempts::Attempts,
    clocks::{ClockOffset, Clocks, source_key},
    companions::Companions,
    correlate,
    detector::SettingsError,
    facts::{Facts, Item, Kinds, is_private},
    known::Known,
    leases::Leases,
    moves::Moves,
    names::{AccountKey, Alias, Names},
    noise::Noise,
    organisation::{Organisation, Seen, is_probe},
    prior::{Prior, device_key},
    profile::{Risks, Usual, View, Zones},
    sessions::Sessions,
    shard::{ACCOUNTS, Shard},
    source::{DAY, Guessers, HOUR},
    story::Watch,
    table::{KeyMap, PARTITIONS, Partitioned, Table, partition},
};

/// Devices of accounts remembered.
const DEVICES: usize = 131_072;
/// Signals kept for incidents; beyond, the faintest are dropped and counted.
const SIGNALS: usize = 100_000;

/// What a finished run says.
#[derive(Debug, Default)]
pub struct Output {
    /// Incidents, the highest risk first.
    pub incidents: Vec<Incident>,
    /// Signals that make no incident by themselves.
    pub faint: Vec<Signal>,
    /// Names that were found to be one account.
    pub aliases: Vec<Alias>,
    /// Systems whose clocks are off.
    pub clocks: Vec<ClockOffset>,
    /// Signals that were dropped because there were too many.
    pub dropped_signals: u64,
    /// First and last event.
    pub span: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// Accounts that signed in.
    pub accounts: u64,
    /// What a score is worth.
    pub risks: Risks,
}

/// The state machine.
#[derive(Debug)]
pub struct Engine {
    names: Names,
    known: Known,
    attempts: Attempts,
    addresses: Addresses,
    companions: Companions,
    sessions: Sessions,
    moves: Moves,
    clocks: Clocks,
    organisation: Organisation,
    /// First day of each device of an account.
    devices: Table<i64>,
    /// Accounts by session id.
    ids: Table<(AccountKey, u64)>,
    /// Accounts that signed in, at most so many.
    known_accounts: KeyMap<u64, Seen>,
    accounts_cap: usize,
    shards: Vec<Shard>,
    /// Networks that guessed passwords.
    guessers: Guessers,
    signals: Vec<Signal>,
    noise: Noise,
    watched: Watch,
    dropped: u64,
    span: Option<(jiff::Timestamp, jiff::Timestamp)>,
    closed_at: i64,
    /// What is usual among all, as of the last full hour.
    view: View,
    /// Kinds of evidence that do not count.
    without: Vec<EvidenceKind>,
}

impl Engine {
    /// An engine with `settings` by detector id, on `shards` workers' shares; the result is the same for any number.
    pub fn new(
        prior: Prior,
        context: &Context,
        settings: &BTreeMap<String, serde_json::Value>,
        shards: usize,
    ) -> Result<Self, SettingsError> {
        let names = Names::new(prior, context);
        let zones = Zones::new(context.offices.iter().filter_map(|it| it.timezone.as_deref()));
        let known = Known::new(context, &names, &zones);
        let pools = context.vpn_pools.iter().map(|it| it.cidr).collect();
        let mut built = Vec::new();
        for _ in 0..shards.clamp(1, PARTITIONS) {
            built.push(Shard::new(settings, zones.clone())?);
        }
        Ok(Self {
            names,
            known,
            attempts: Attempts::new(),
            addresses: Addresses::new(),
            companions: Companions::new(),
            sessions: Sessions::new(Leases::new(pools)),
            moves: Moves::new(),
            clocks: Clocks::new(),
            organisation: Organisation::new(),
            devices: Table::new(DEVICES),
            ids: Table::new(65_536),
            known_accounts: KeyMap::default(),
            accounts_cap: ACCOUNTS,
            shards: built,
            guessers: Guessers::new(),
            signals: Vec::new(),
            noise: Noise::default(),
            watched: Watch::default(),
            dropped: 0,
            span: None,
            closed_at: i64::MIN,
            view: View::default(),
            without: Vec::new(),
        })
    }

    /// The same engine that remembers at most so many accounts, each about 700 bytes; of more it forgets those that
    /// were away for longest.
    #[must_use]
    pub fn remembering(mut self, accounts: usize) -> Self {
        self.accounts_cap = accounts;
        self.names.bound(accounts);
        for shard in &mut self.shards {
            shard.accounts = Partitioned::new(accounts);
        }
        self
    }

    /// The same engine for a budget of so many false incidents of medium and above per 10,000 people and day, in which
    /// kinds of evidence `without` do not count.
    #[must_use]
    pub fn weighing(mut self, budget: f64, without: Vec<EvidenceKind>) -> Self {
        self.view.budget = budget;
        self.without = without;
        self
    }

    /// The same engine that begins with what was known of the organisation before.
    #[must_use]
    pub fn knowing(mut self, usual: Usual) -> Self {
        self.view.begin_with(usual);
        self
    }

    /// What is known of the organisation by now: for the next run's [`Engine::knowing`].
    #[must_use]
    pub fn usual(&self) -> Usual {
        self.view.usual()
    }

    /// The items of a batch, ready for [`Engine::observe`]; `place` looks an address up.
    pub fn items<'b>(
        batch: &'b Batch,
        mut place: impl FnMut(IpAddr) -> Place<'b>,
    ) -> Vec<Item<'b>> {
        // An item is large: a list that grows would copy it several times.
        let mut items = Vec::with_capacity(batch.len());
        for (at, row) in batch.rows().iter().enumerate() {
            let Some(event) = batch.event(at) else { continue };
            let place = event.src_ip.map(&mut place).unwrap_or_default();
            let facts = Facts::default();
            items.push(Item { event, key: row.key, origin: row.origin, place, facts });
        }
        items
    }

    /// Judges and learns; `items` come in the order of their keys. Sessions that are over are added to `done`.
    pub fn observe<'b>(
        &mut self,
        items: &mut [Item<'b>],
        places: &'b dyn Places,
        done: &mut Vec<Session>,
    ) {
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        let since = self.span.map_or(first.event.time, |it| it.0);
        self.span = Some((since, last.event.time));
        let start = since.as_millisecond();
        let now = last.millis();
        let mut rest = items;
        while let Some(hour) = rest.first().map(|it| it.millis().div_euclid(HOUR)) {
            let end = rest.iter().position(|it| it.millis().div_euclid(HOUR) != hour);
            let (these, later) = rest.split_at_mut(end.unwrap_or(rest.len()));
            self.hour(these, hour, places, start, done);
            rest = later;
        }
        if DAY / 4 <= now.saturating_sub(self.closed_at) {
            self.closed_at = now;
            self.collect(now - DAY, places);
        }
    }

    /// Judges and learns events of one hour: what all do is published between hours.
    fn hour<'b>(
        &mut self,
        items: &mut [Item<'b>],
        hour: i64,
        places: &'b dyn Places,
        start: i64,
        done: &mut Vec<Session>,
    ) {
        self.view.publish(self.shards.iter_mut().map(|it| &mut it.counts), hour);
        for item in items.iter_mut() {
            self.resolve(item, places, done);
        }
        self.source_stage(items, places, start);
        self.account_stage(items, places, start);
        self.other_stages(items, places, start);
    }

    /// First stage: account, address, attempt, session.
    fn resolve<'b>(
        &mut self,
        item: &mut Item<'b>,
        places: &'b dyn Places,
        done: &mut Vec<Session>,
    ) {
        let now = item.millis();
        item.facts.host = device_key(&item.event);
        item.facts.kinds = Kinds::REST;
        let (device, certificate) = self.companions.of(&item.event, item.facts.host, now);
        (item.facts.device, item.facts.certificate) = (device, certificate);
        if item.event.activity == Activity::Other && !Addresses::concern(&item.event) {
            return;
        }
        let ip = self.addresses.of(&item.event, now);
        if ip != item.event.src_ip
            && let Some(ip) = ip
        {
            item.place = places.place(ip);
        }
        item.facts.src_ip = ip;
        item.facts.net = ip.map(SourceNet::of);
        item.facts.is_inside = ip
            .is_some_and(|it| is_private(it) || self.known.own.iter().any(|net| net.contains(&it)))
            || matches!(item.place.network, Some(NetworkKind::Private));
        if let Some(resolved) = self.names.resolve(&item.event, item.facts.host) {
            item.facts.account = Some(resolved.account);
            item.facts.name = resolved.name;
            item.facts.is_program = resolved.is_program;
            item.facts.is_known = resolved.signs_in;
            let seen = self.known_accounts.get(&resolved.account.0).copied().unwrap_or_default();
            item.facts.is_settled = seen.is_settled();
            item.facts.is_new_provider = seen.is_new_provider(item);
        }
        let name = item.facts.account.map_or(0, |it| it.0);
        item.facts.is_attempt = self.attempts.is_new(&item.event, name, item.facts.host, now);
        item.facts.kinds = Kinds::of(item);
        item.facts.has_known_device = self.knows_device(item);
        item.facts.session = self.sessions.observe(item, &self.clocks, done);
        if item.facts.session.is_start {
            self.moves.opened(item);
        } else if let Some(first) = item.facts.session.first_ip {
            item.facts.session.is_usual_move = self.moves.is_usual(item, &places.place(first));
        }
        self.compare_with_all(item);
        if item.facts.kinds.meets(Kinds::SIGN_IN) {
            self.signed_in(item);
        }
        self.compare_names(item);
    }

    /// How common the event is among all accounts.
    fn compare_with_all(&mut self, item: &mut Item<'_>) {
        self.organisation.learn_change(item);
        let Some(account) = item.facts.account else { return };
        if item.facts.kinds.meets(Kinds::SIGN_IN) {
            let seen = self.known_accounts.get(&account.0).copied().unwrap_or_default();
            item.facts.organisation = self.organisation.of(item, &seen);
        } else if is_probe(item)
            && let Some(seen) = self.known_accounts.get_mut(&account.0)
        {
            seen.probe(item.millis());
            item.facts.organisation.settled = self.organisation.settled();
        }
    }

    /// Whether the account used the device that signs in on an earlier day; remembers it.
    fn knows_device(&mut self, item: &Item<'_>) -> bool {
        let (Some(account), Some(device)) = (item.facts.account, item.facts.device) else {
            return false;
        };
        let day = item.millis().div_euclid(DAY);
        item.facts.kinds.meets(Kinds::SIGN_IN)
            && *self.devices.get_or(account.0 ^ device, item.millis(), || day) < day
    }

    /// Two names under one session id on two systems may be one account; see [`Names::suspect`].
    fn compare_names(&mut self, item: &Item<'_>) {
        let (Some(account), Some(id)) = (item.facts.account, item.event.session) else { return };
        if id.len() < 8 || item.facts.is_program || item.event.outcome == Some(Outcome::Failure) {
            return;
        }
        let now = item.millis();
        let key = hash64(80, id.as_bytes());
        let seen = *self.ids.get_or(key, now, || (account, item.facts.host));
        if seen.0 == account || seen.1 == item.facts.host {
            return;
        }
        let why = "both signed in under one session id, on two days";
        if let Some((from, to)) = self.names.suspect(seen.0, account, item.event.time, why) {
            self.unite(from, to, now);
        }
    }

    /// What was learnt of `from` is `to`'s from now on.
    fn unite(&mut self, from: AccountKey, to: AccountKey, now: i64) {
        let count = self.shards.len();
        let shard = self.shards.get_mut(partition(from.0) % count);
        let Some(old) = shard.and_then(|it| it.accounts.of(from.0)?.remove(from.0)) else { return };
        let shard = self.shards.get_mut(partition(to.0) % count);
        if let Some(table) = shard.and_then(|it| it.accounts.of(to.0)) {
            table.get_or(to.0, now, Box::default).merge(*old);
        }
    }

    fn signed_in(&mut self, item: &Item<'_>) {
        let Some(account) = item.facts.account else { return };
        if !self.known_accounts.contains_key(&account.0) {
            self.names.remember(&item.event, account);
            if self.accounts_cap <= self.known_accounts.len() {
                return;
            }
        }
        let seen = self.known_accounts.entry(account.0).or_default();
        self.organisation.learn(item, seen);
        if item.is_from_outside()
            && let Some(ip) = item.facts.src_ip
        {
            self.clocks.learn(&item.event, account, source_key(ip), item.millis());
        }
    }

    /// Takes signals that spoke last before `before`; noise of the internet is only counted.
    fn collect(&mut self, before: i64, places: &dyn Places) {
        let mut closed: Vec<Signal> = Vec::new();
        let mut told = Vec::new();
        for book in self.shards.iter_mut().flat_map(|it| &mut it.books) {
            closed.extend(book.take_closed(before));
            told.extend(book.take_told());
        }
        self.watched.add(told);
        closed.sort_by(correlate::signal_order);
        for signal in closed {
            if Noise::is_noise(&signal) {
                self.noise.add(&signal, places);
            } else if self.signals.len() < SIGNALS {
                self.signals.push(signal);
            } else {
                self.dropped += 1;
            }
        }
    }

    /// Ends the run: sessions that are still open, incidents, what was learnt.
    pub fn finish(&mut self, places: &dyn Places, done: &mut Vec<Session>) -> Output {
        self.sessions.finish(done);
        self.collect(i64::MAX, places);
        let mut signals = std::mem::take(&mut self.signals);
        signals.extend(self.noise.take());
        let (incidents, faint) = correlate::correlate(
            signals,
            self.watched.take(),
            &self.names,
            self.span.map(|it| it.0),
        );
        Output {
            incidents,
            faint,
            aliases: self.names.aliases(),
            clocks: self.clocks.found(),
            dropped_signals: self.dropped,
            span: self.span,
            accounts: self.known_accounts.len() as u64,
            risks: Risks::new(&self.view),
        }
    }

    /// The canonical name of an account that signed in.
    #[must_use]
    pub fn account_name(&self, account: AccountKey) -> Option<&str> {
        self.names.display(account)
    }

    /// What the sign-ins of an account look like, by its canonical name.
    #[must_use]
    pub fn person(&self, account: &str) -> Option<Person> {
        let (shard, state) = self.state(account)?;
        Some(state.profile.shown(account, &shard.zones, state))
    }

    /// The bin of [`Person::hours`] that a moment falls into.
    #[must_use]
    pub fn hour_of(&self, account: &str, time: jiff::Timestamp) -> Option<usize> {
        let (shard, state) = self.state(account)?;
        Some(state.profile.hour_of(&shard.zones, &self.known, time))
    }

    fn state(&self, account: &str) -> Option<(&Shard, &AccountState)> {
        let key = self.names.named(account);
        let shard = self.shards.get(partition(key.0) % self.shards.len())?;
        Some((shard, shard.accounts.peek(key.0)?))
    }

    /// The account that a name on the command line or in a configuration means.
    #[must_use]
    pub fn named(&self, name: &str) -> AccountKey {
        self.names.named(name)
    }
}
