//! The people whom incidents name, as the engine knows them: asked once, while it is at hand.

use std::collections::{BTreeMap, BTreeSet};

use doorwarden_engine::Engine;
use doorwarden_model::{Incident, Person, Places as _, Severity};
use jiff::Timestamp;

use crate::geo::Geo;

/// People told of, those of the highest risk first.
const PEOPLE: usize = 200;
/// Incidents looked through, incidents kept per person, and sign-ins of them.
const INCIDENTS: usize = 2_000;
const PER_PERSON: usize = 6;
const SIGN_INS: usize = 24;

/// A sign-in of an incident, on the person's own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marked {
    pub(crate) time: Timestamp,
    /// The bin of [`Person::hours`].
    pub(crate) hour: usize,
}

/// A person, and what of the incidents is theirs.
#[derive(Debug, Clone)]
pub(crate) struct PersonNote {
    pub(crate) person: Person,
    /// Names of the holders of providers.
    pub(crate) holders: BTreeMap<u32, String>,
    /// Ids of the incidents that name the account, the gravest first, and how many there are.
    pub(crate) incidents: Vec<String>,
    pub(crate) incidents_total: usize,
    /// Their sign-ins, in order of time.
    pub(crate) marked: Vec<Marked>,
}

/// The people whom incidents of medium severity and above name, those of the highest risk first.
#[derive(Debug, Clone, Default)]
pub(crate) struct People(pub(crate) Vec<PersonNote>);

impl People {
    /// Asks for the people of `incidents`, which have the highest risk first.
    pub(crate) fn gather<'a>(
        incidents: impl Iterator<Item = &'a Incident>,
        engine: &Engine,
        geo: &Geo,
    ) -> Self {
        let mut people = Self::default();
        let mut places: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        let grave = incidents.filter(|it| Severity::Medium <= it.severity());
        for incident in grave.take(INCIDENTS) {
            let accounts: BTreeSet<&str> =
                incident.signals.iter().filter_map(|it| it.account.as_deref()).collect();
            for account in accounts {
                let room = people.0.len() < PEOPLE;
                let place = *places.entry(account).or_insert_with(|| {
                    let note = PersonNote::of(engine.person(account).filter(|_| room)?, geo);
                    people.0.push(note);
                    Some(people.0.len() - 1)
                });
                if let Some(note) = place.and_then(|it| people.0.get_mut(it)) {
                    note.add(incident, engine);
                }
            }
        }
        for note in &mut people.0 {
            note.marked.sort_by_key(|it| it.time);
        }
        people
    }

    /// The person of that account.
    pub(crate) fn of(&self, account: &str) -> Option<&PersonNote> {
        self.0.iter().find(|it| it.person.account == account)
    }
}

impl PersonNote {
    fn of(person: Person, geo: &Geo) -> Self {
        // A loaded database may know better names, and only knows them by address.
        let by_net = person.nets.iter().filter_map(|it| {
            let place = geo.place(it.what.into());
            Some((place.asn?, place.holder?.to_owned()))
        });
        let mut holders: BTreeMap<u32, String> = by_net.collect();
        for it in &person.providers {
            if let Some(holder) = geo.holder(it.what) {
                holders.entry(it.what).or_insert_with(|| holder.to_owned());
            }
        }
        Self { person, holders, incidents: Vec::new(), incidents_total: 0, marked: Vec::new() }
    }

    fn add(&mut self, incident: &Incident, engine: &Engine) {
        self.incidents_total += 1;
        if PER_PERSON <= self.incidents.len() {
            return;
        }
        self.incidents.push(incident.id.clone());
        let account = self.person.account.as_str();
        let own = incident.signals.iter().filter(|it| it.account.as_deref() == Some(account));
        for signal in own.filter(|it| it.has_success) {
            let time = signal.told;
            let is_known = self.marked.iter().any(|it| it.time == time);
            if let Some(hour) = engine.hour_of(account, time)
                && !is_known
                && self.marked.len() < SIGN_INS
            {
                self.marked.push(Marked { time, hour });
            }
        }
    }
}
