//! Which door, and after how long: the first use of a service, the return of an account that nobody used.

use doorwarden_model::EvidenceKind;

use super::{Assessment, Fact, Scene, ratio};
use crate::{
    profile::{
        entries::{Entry, Kind},
        rates::Level,
    },
    source::DAY,
};

/// How often an attacker uses a door that the person never used.
const ATTACKERS: f64 = 0.25;
/// Bounds of the evidence in nats, and what it counts.
const LEAST: f64 = -0.4;
const MOST: f64 = 4.0;
const WEIGHT: f64 = 0.7;
/// The share of colleagues that use a door from which on its first use is worth half.
const COMMON: f64 = 0.2;
/// How often an attacker finds an account that nobody used for so long.
const AWAY: f64 = 0.05;
/// How much longer than usual an absence must be to say something.
const LONGER: i64 = 4;
/// Days with sign-ins below which absence counts half.
const FEW: u32 = 5;
/// Days of absence that are told apart.
const GAPS: [i64; 3] = [21, 45, 90];

pub(super) fn judge(scene: &Scene<'_>, result: &mut Assessment) {
    away(scene, result);
    if scene.state.active_days == 0 {
        return;
    }
    let entries = &scene.state.profile.entries;
    let own = scene.state.profile.rates.of(Level::Service);
    let (rate, _) = scene.view.rate(own, scene.group, Level::Service);
    let is_known = |it: &Entry| it.key == scene.keys.service && it.first() < scene.day;
    let known = entries.of(Kind::Service).iter().find(|it| is_known(it));
    let is_news = !entries.is_of_today(Kind::Service, scene.keys.service, scene.day);
    if is_news {
        result.occasion(Level::Service, known.is_none().into());
    }
    if let Some(known) = known {
        let nats = WEIGHT * ratio(0.75, 1.0 - rate).clamp(LEAST, 0.0);
        result.add(
            EvidenceKind::Service,
            nats,
            Fact::Known { level: Level::Service, days: known.days() },
        );
        return;
    }
    let (share, accounts) = scene.view.share_of_service(scene.group, scene.item.event.service);
    let mut nats = WEIGHT * ratio(ATTACKERS, rate).clamp(LEAST, MOST);
    if COMMON <= share && 20.0 <= accounts {
        nats /= 2.0;
    }
    result.add(EvidenceKind::Service, nats, Fact::Service { colleagues: share });
}

/// Days between two days with sign-ins, on average: who comes once a month is not away for weeks.
fn usual_gap(scene: &Scene<'_>) -> i64 {
    let state = scene.state;
    (state.last_day - state.first_day) / i64::from(state.active_days.saturating_sub(1).max(1))
}

fn away(scene: &Scene<'_>, result: &mut Assessment) {
    let Some(last) = scene.state.last_success else { return };
    let days = (scene.item.millis() - last).div_euclid(DAY);
    let bin = GAPS.iter().filter(|it| **it < days).count();
    result.gap = Some(bin);
    if bin == 0 || days < LONGER * usual_gap(scene) {
        return;
    }
    let share = scene.view.share_of_gap(bin);
    // Of whom there are hardly any days nobody knows how often to expect one.
    let certainty = if scene.state.active_days < FEW { 0.5 } else { 1.0 };
    let nats = certainty * ratio(AWAY, share).clamp(0.0, MOST);
    result.add(EvidenceKind::Dormancy, nats, Fact::Away { days, share });
}
