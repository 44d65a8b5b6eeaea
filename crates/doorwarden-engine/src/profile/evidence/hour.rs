//! When: the hour in the person's own zone, on a work day or a rest day. Weak: who means it comes in hours.

use doorwarden_model::EvidenceKind;

use super::{Assessment, Fact, Scene, Zones, ratio};

/// Bounds of the evidence in nats, and what it counts.
const LEAST: f64 = -0.7;
const MOST: f64 = 2.5;
const WEIGHT: f64 = 0.6;
/// Sign-ins below which a person has no hours yet.
const FEW: f64 = 8.0;

pub(super) fn judge(scene: &Scene<'_>, zones: &mut Zones, result: &mut Assessment) {
    let profile = &scene.state.profile;
    let home = profile.home(scene.day);
    let seconds = scene.item.millis().div_euclid(1_000);
    let mut bin_at = |zone: u8| {
        let civil = zones.civil(zone, seconds);
        let is_rest = civil.is_weekend(home) || scene.known.is_holiday(home, civil.day);
        civil.hour + 24 * usize::from(is_rest)
    };
    let bin = bin_at(profile.zone);
    result.bin = bin;
    if profile.hours.total() < FEW {
        return;
    }
    let colleagues = scene.view.share_of_hour(scene.group, bin);
    let mut own = profile.hours.share(bin, colleagues);
    // Travellers keep their habits by the clock of the place.
    let here = scene.item.place.country.filter(|it| home.is_some_and(|home| home != *it));
    let there = here.and_then(|it| Zones::of_country(it, scene.item.place.position.map(|it| it.1)));
    if let Some(zone) = there {
        let civil = zones.civil(zone, seconds);
        let there = civil.hour + 24 * usize::from(civil.is_weekend(home));
        let share = scene.view.share_of_hour(scene.group, there);
        own = own.midpoint(profile.hours.share(there, share));
    }
    let attackers = 0.5 * colleagues + 0.5 / 48.0;
    let nats = WEIGHT * ratio(attackers, own).clamp(LEAST, MOST);
    let fact = Fact::Hour { hour: bin % 24, is_rest: 24 <= bin, own, colleagues };
    result.add(EvidenceKind::When, nats, fact);
}
