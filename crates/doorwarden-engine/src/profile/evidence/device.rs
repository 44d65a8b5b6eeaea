//! What: operating system, client, device.

use doorwarden_model::EvidenceKind;

use super::{Assessment, Fact, Scene, ratio};
use crate::profile::{
    entries::Kind,
    rates::{Level, Rate},
};

/// How often an attacker's system, client or device is one that the person never used; how often it seems known.
const ATTACKERS: [(Level, Kind, f64); 3] = [
    (Level::System, Kind::System, 0.24),
    (Level::Client, Kind::Client, 0.36),
    (Level::Device, Kind::Device, 0.34),
];
const SEEMS_KNOWN: f64 = 0.06;
/// Bounds of the evidence in nats, and what it counts beside the place.
const LEAST: f64 = -2.6;
const MOST: f64 = 5.0;
const WEIGHT: f64 = 0.9;
/// What a client that anybody can name is worth at most in the person's favour; the same for a cookie.
const CLAIMED: f64 = -1.2;
/// What a client of scripts adds.
const SCRIPT: f64 = 2.0;
/// Days of use from which on a device speaks for the person.
const SETTLED: u16 = 3;

pub(super) fn judge(scene: &Scene<'_>, result: &mut Assessment) {
    let entries = &scene.state.profile.entries;
    if scene.keys.is_script && scene.state.active_days != 0 {
        let is_usual = scene
            .keys
            .client
            .is_some_and(|it| entries.known(Kind::Client, it, scene.day).is_some());
        if !is_usual {
            result.add(EvidenceKind::What, SCRIPT, Fact::Script);
        }
    }
    let device = scene.keys.device.and_then(|it| entries.known(Kind::Device, it, scene.day));
    let mut rest = 1.0;
    let mut newest: Option<(usize, Level, Rate, f64, f64)> = None;
    for (grade, (level, kind, attackers)) in ATTACKERS.into_iter().enumerate() {
        let Some(key) = scene.keys.get(kind) else { continue };
        if !has_space(scene, kind, key) {
            continue;
        }
        let own = scene.state.profile.rates.of(level);
        let (rate, colleagues) = scene.view.rate(own, scene.group, level);
        rest -= rate;
        let is_new = entries.known(kind, key, scene.day).is_none();
        // Below a level that is new all is new.
        if newest.is_none() && !entries.is_of_today(kind, key, scene.day) {
            result.occasion(level, is_new.into());
        }
        if is_new && newest.is_none() {
            let nats =
                entries.novelty(kind, key, scene.day) * ratio(attackers, rate).clamp(LEAST, MOST);
            newest = Some((3 - grade, level, own, colleagues, nats));
        }
    }
    match (device, newest) {
        (Some(device), _) => {
            let floor = if scene.item.event.format == "okta" { CLAIMED } else { LEAST };
            let nats = ratio(SEEMS_KNOWN, rest.max(0.05)).clamp(floor, 0.0);
            let nats = if device.days() < SETTLED { 0.0 } else { WEIGHT * nats };
            let fact = Fact::Known { level: Level::Device, days: device.days() };
            result.add(EvidenceKind::What, nats, fact);
        }
        (None, Some((grade, level, own, colleagues, nats))) => {
            result.grades.1 = grade;
            result.add(EvidenceKind::What, WEIGHT * nats, Fact::New { level, own, colleagues });
        }
        (None, None) => {
            let client =
                scene.keys.client.and_then(|it| entries.known(Kind::Client, it, scene.day));
            if let Some(client) = client.filter(|it| SETTLED <= it.days()) {
                let nats = WEIGHT * ratio(SEEMS_KNOWN, rest.max(0.05)).clamp(CLAIMED, 0.0);
                let fact = Fact::Known { level: Level::Client, days: client.days() };
                result.add(EvidenceKind::What, nats, fact);
            }
        }
    }
}

/// Whether the person ever stated such a thing to this product: a field that appears for the first time is not new, it was
/// unknown.
fn has_space(scene: &Scene<'_>, kind: Kind, key: u32) -> bool {
    let mut all = scene.state.profile.entries.before(kind, scene.day);
    if kind == Kind::System {
        return all.next().is_some();
    }
    all.any(|it| it.key & 0xff == key & 0xff)
}
