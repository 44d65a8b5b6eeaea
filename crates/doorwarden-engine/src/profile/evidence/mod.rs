//! A sign-in against the person's normal: evidence of each kind in nats, and their sum.
//!
//! What no log states is no evidence. Kinds that go together on any journey (a new place, odd hours, a far place) are capped
//! together, and what a new place and a new device have in common at this organisation is taken off.

mod device;
mod door;
mod hour;
mod place;
mod source;
mod travel;

use doorwarden_model::{EvidenceKind, NetworkKind, Places};
use smallvec::SmallVec;

use super::{
    Clients, Group, Keys, Level, Zones,
    organisation::{GRADES, View},
    rates::{Novelty, Rate},
};
use crate::{account::AccountState, facts::Item, known::Known, source::DAY};

/// The place, the journey and the hour together count at most this much.
pub(super) const JOURNEY: f64 = 11.0;
pub(super) const JOURNEY_KINDS: [EvidenceKind; 3] =
    [EvidenceKind::Where, EvidenceKind::Travel, EvidenceKind::When];
/// Days and active days below which what is known of a person counts less.
const COLD_DAYS: i64 = 14;
const COLD_ACTIVE: u32 = 5;

/// What is judged, and what is known.
#[derive(Clone, Copy)]
struct Scene<'a> {
    item: &'a Item<'a>,
    state: &'a AccountState,
    view: &'a View,
    known: &'a Known,
    places: &'a dyn Places,
    /// First event of the archive, in milliseconds.
    start: i64,
    keys: &'a Keys,
    group: Group,
    day: u16,
}

/// What a piece of evidence rests on: the numbers that its words are made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fact {
    /// A level is new to the person: how often it is to the person and to the colleagues.
    New { level: Level, own: Rate, colleagues: f64 },
    /// The kind of network is more usual among attackers than among the colleagues' new ones.
    NetworkKind { kind: NetworkKind, share: f64, users: f64 },
    /// Known for so many days.
    Known { level: Level, days: u16 },
    /// An address that many of the organisation share.
    Shared,
    /// A client that scripts use.
    Script,
    /// The share of the person's and of the colleagues' sign-ins at this hour.
    Hour { hour: usize, is_rest: bool, own: f64, colleagues: f64 },
    /// So far from the last sign-in, so soon after it.
    Leap { kilometres: f64, minutes: i64 },
    /// The share of colleagues that use the door.
    Service { colleagues: f64 },
    /// Away for so many days, and how often anybody is.
    Away { days: i64, share: f64 },
    /// A second factor was given.
    Factor,
    /// The network attacked within a day.
    Hot,
    /// Failures on this account from this network within the hour.
    Guessed { failures: u32 },
    /// Settled accounts that came to this network for the first time within a day.
    Newcomers { accounts: u32 },
    /// New places and new devices come together more often than by chance.
    Together,
    /// The place, the journey and the hour count once.
    Capped,
}

/// A piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Part {
    pub(crate) kind: EvidenceKind,
    /// In nats; positive speaks for an attacker.
    pub(crate) nats: f64,
    pub(crate) fact: Fact,
}

/// A sign-in as it was judged.
#[derive(Debug, Clone)]
pub(crate) struct Assessment {
    /// Sum of the parts, in nats, rounded to 0.01.
    pub(crate) score: f64,
    pub(crate) parts: SmallVec<[Part; 8]>,
    pub(crate) keys: Keys,
    pub(crate) group: Group,
    /// The hour of the person's day: see [`super::hours`].
    pub(crate) bin: usize,
    /// How new the place and the device were: 0 known, then the network, provider and country; client, device, system.
    pub(crate) grades: (usize, usize),
    /// How long the account was away.
    pub(crate) gap: Option<usize>,
    fresh: [Option<Novelty>; Level::COUNT],
}

impl Assessment {
    /// Whether `level` was new, where it could have been.
    pub(crate) fn fresh(&self, level: Level) -> Option<Novelty> {
        self.fresh.get(level as usize).copied().flatten()
    }

    fn occasion(&mut self, level: Level, novelty: Novelty) {
        if let Some(it) = self.fresh.get_mut(level as usize) {
            *it = Some(novelty);
        }
    }

    fn add(&mut self, kind: EvidenceKind, nats: f64, fact: Fact) {
        self.parts.push(Part { kind, nats, fact });
    }

    fn of(&self, kinds: &[EvidenceKind]) -> f64 {
        self.parts.iter().filter(|it| kinds.contains(&it.kind)).map(|it| it.nats).sum()
    }

    /// The hour of the person's day, and how many nats more usual it is among others than for the person.
    pub(crate) fn oddness_of_hour(&self) -> Option<(usize, f64)> {
        self.parts.iter().find_map(|it| match it.fact {
            Fact::Hour { hour, own, colleagues, .. } => {
                Some((hour, ratio(0.5 * colleagues + 0.5 / 48.0, own)))
            }
            _ => None,
        })
    }

    /// Kinds of evidence that speak for an attacker.
    pub(crate) fn kinds_against(&self) -> usize {
        let mut kinds: SmallVec<[EvidenceKind; 8]> = SmallVec::new();
        for part in self.parts.iter().filter(|it| 1.0 <= it.nats) {
            if !kinds.contains(&part.kind) {
                kinds.push(part.kind);
            }
        }
        kinds.len()
    }
}

/// What is asked.
pub(crate) struct Setting<'a> {
    pub(crate) item: &'a Item<'a>,
    pub(crate) state: &'a AccountState,
    pub(crate) view: &'a View,
    pub(crate) known: &'a Known,
    pub(crate) places: &'a dyn Places,
    pub(crate) start: i64,
    pub(crate) without: &'a [EvidenceKind],
}

/// Judges a sign-in, unless it is the last one's like.
pub(crate) fn assess(
    setting: &Setting<'_>,
    zones: &mut Zones,
    clients: &mut Clients,
) -> Option<Assessment> {
    let Setting { item, state, view, known, places, start, without } = *setting;
    let day = super::day_of(item.millis());
    let keys = Keys::of(item, clients);
    // A portal's every request is a sign-in: what is like the last one within the hour says nothing new.
    if keys.mark(item) == state.profile.mark {
        return None;
    }
    let home = state.profile.home(day).or(item.place.country);
    let group = group(known.class(item), home);
    let scene = Scene { item, state, view, known, places, start, keys: &keys, group, day };
    let mut result = Assessment {
        score: 0.0,
        parts: SmallVec::new(),
        keys,
        group,
        bin: 0,
        grades: (0, 0),
        gap: None,
        fresh: [None; Level::COUNT],
    };
    place::judge(&scene, &mut result);
    device::judge(&scene, &mut result);
    hour::judge(&scene, zones, &mut result);
    travel::judge(&scene, &mut result);
    door::judge(&scene, &mut result);
    let cold = coldness(&scene);
    for part in &mut result.parts {
        part.nats *= cold;
    }
    source::judge(&scene, &mut result);
    together(&scene, &mut result);
    result.parts.retain(|it| !without.contains(&it.kind));
    cap(&mut result);
    result.score = rounded(result.parts.iter().map(|it| it.nats).sum());
    for part in &mut result.parts {
        part.nats = rounded(part.nats);
    }
    Some(result)
}

/// How much counts what is known of a person: less in the first days of a new account.
fn coldness(scene: &Scene<'_>) -> f64 {
    let age = scene.item.millis().div_euclid(DAY) - scene.state.first_day;
    let active = scene.state.active_days;
    if active == 0 || age < COLD_DAYS && active < COLD_ACTIVE {
        0.4 + 0.12 * f64::from(active)
    } else {
        1.0
    }
}

/// Takes off what a new place and a new device have in common among honest people: holidays, new laptops on journeys.
fn together(scene: &Scene<'_>, result: &mut Assessment) {
    let (place, device) = result.grades;
    if place == 0 || device == 0 || GRADES <= place.max(device) {
        return;
    }
    let off = (0.7 * libm::log(scene.view.together(place, device))).clamp(0.0, 3.0);
    if 0.0 < off {
        result.add(EvidenceKind::Where, -off, Fact::Together);
    }
}

fn cap(result: &mut Assessment) {
    let over = result.of(&JOURNEY_KINDS) - JOURNEY;
    if 0.0 < over {
        result.add(EvidenceKind::Where, -over, Fact::Capped);
    }
}

fn group(class: u32, home: Option<[u8; 2]>) -> Group {
    1 << 31 | class << 16 | home.map_or(0, super::country_key)
}

fn rounded(nats: f64) -> f64 {
    (nats * 100.0).round() / 100.0
}

/// `ln(attackers / owner)`.
fn ratio(attackers: f64, owner: f64) -> f64 {
    libm::log(attackers / owner)
}
