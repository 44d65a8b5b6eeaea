//! Travel: two places that nobody can travel between in the time.

use doorwarden_model::{EvidenceKind, NetworkKind, Place};

use super::{Assessment, Fact, Scene, ratio};
use crate::{
    account::Position,
    profile::{entries::Kind, rates::Level},
};

/// An airliner's speed in km/h, after Panther's rule.
const SPEED: f64 = 900.0;
/// Kilometres below which the tables of places err.
const NEAR: f64 = 150.0;
/// Two minutes for clocks that differ, in milliseconds.
const SKEW: i64 = 120_000;
/// What it counts where the network is new to the person, and where it is known; the place was paid for already.
const NEW: f64 = 0.6;
const KNOWN: f64 = 0.3;
const MOST: f64 = 5.0;

pub(super) fn judge(scene: &Scene<'_>, result: &mut Assessment) {
    let item = scene.item;
    if !item.is_from_outside() || item.facts.source.is_shared || is_adrift(item.place.network) {
        return;
    }
    let last = scene.state.positions.iter().rev().find(|it| !is_adrift(it.network));
    let Some(last) = last else { return };
    let leap = leap(last, scene);
    result.occasion(Level::Leap, leap.is_some().into());
    let Some((kilometres, minutes)) = leap else { return };
    let own = scene.state.profile.rates.of(Level::Leap);
    let (rate, _) = scene.view.rate(own, scene.group, Level::Leap);
    let entries = &scene.state.profile.entries;
    let is_known =
        scene.keys.net.is_some_and(|it| entries.known(Kind::Net, it, scene.day).is_some());
    let weight = if is_known { KNOWN } else { NEW };
    let nats = weight * ratio(0.5, rate).clamp(0.0, MOST);
    result.add(EvidenceKind::Travel, nats, Fact::Leap { kilometres, minutes });
}

/// Whether such a network says little about where its user is.
const fn is_adrift(kind: Option<NetworkKind>) -> bool {
    matches!(kind, Some(NetworkKind::Vpn | NetworkKind::Tor | NetworkKind::Corporate))
}

/// How far a table may be off, in km, by the kind of network.
const fn radius(kind: Option<NetworkKind>) -> f64 {
    match kind {
        Some(NetworkKind::Mobile) => 250.0,
        Some(NetworkKind::Hosting) => 60.0,
        Some(
            NetworkKind::Isp
            | NetworkKind::Corporate
            | NetworkKind::Private
            | NetworkKind::Vpn
            | NetworkKind::Tor,
        )
        | None => 50.0,
    }
}

/// Kilometres and minutes between the last sign-in and this one, where nobody can travel them in the time.
fn leap(last: &Position, scene: &Scene<'_>) -> Option<(f64, i64)> {
    let item = scene.item;
    let from = Place { country: last.country, position: last.coordinates, ..Place::default() };
    let apart = scene.places.kilometres_apart(&from, &item.place)?;
    let far = apart - 2.0 * (radius(last.network) + radius(item.place.network));
    let millis = (item.millis() - last.millis + SKEW).max(60_000);
    let hours = f64::from(i32::try_from(millis / 1_000).unwrap_or(i32::MAX)) / 3_600.0;
    (NEAR < far && SPEED < far / hours).then_some((apart, millis / 60_000))
}
