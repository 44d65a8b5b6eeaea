//! Where: country, then provider, then network; and what kind of network it is.

use doorwarden_model::{EvidenceKind, NetworkKind};

use super::{Assessment, Fact, Scene, ratio};
use crate::profile::{
    entries::Kind,
    rates::{Level, Rate},
};

/// How often an attacker comes from a country, a provider, a network that the person never used; from a known one.
const ATTACKERS: [(Level, Kind, f64); 3] = [
    (Level::Country, Kind::Country, 0.50),
    (Level::Provider, Kind::Provider, 0.36),
    (Level::Net, Kind::Net, 0.10),
];
const FROM_KNOWN: f64 = 0.04;
/// Bounds of the evidence, in nats.
const LEAST: f64 = -3.0;
const MOST: f64 = 7.5;
/// Days of use from which on a place speaks for the person.
const SETTLED: u16 = 3;
/// The share of attackers that come from the organisation's own country (residential proxies).
const DOMESTIC: f64 = 0.3;
/// Accounts from which on a country is one of the organisation's.
const COUNTRY: f64 = 3.0;

pub(super) fn judge(scene: &Scene<'_>, result: &mut Assessment) {
    let item = scene.item;
    let Some(ip) = item.facts.src_ip.filter(|_| item.is_from_outside()) else { return };
    if item.facts.source.is_shared || scene.known.is_egress(ip) {
        result.add(EvidenceKind::Where, -0.5, Fact::Shared);
        return;
    }
    let entries = &scene.state.profile.entries;
    let mut rest = 1.0;
    for (grade, (level, kind, attackers)) in ATTACKERS.into_iter().enumerate() {
        let Some(key) = scene.keys.get(kind) else { continue };
        let own = scene.state.profile.rates.of(level);
        let (rate, colleagues) = scene.view.rate(own, scene.group, level);
        let is_new = entries.known(kind, key, scene.day).is_none();
        if !entries.of(kind).is_empty() && !entries.is_of_today(kind, key, scene.day) {
            result.occasion(level, is_new.into());
        }
        rest -= rate;
        if is_new {
            result.grades.0 = 3 - grade;
            let forgotten = entries.novelty(kind, key, scene.day);
            let novelty = New { level, attackers, own, rate, colleagues, forgotten };
            novel(scene, result, &novelty);
            return;
        }
    }
    let known = [Kind::Net, Kind::Provider, Kind::Country].into_iter().find_map(|kind| {
        let key = scene.keys.get(kind)?;
        let level = if kind == Kind::Net { Level::Net } else { Level::Provider };
        Some((level, entries.known(kind, key, scene.day)?.days()))
    });
    if let Some((level, days)) = known {
        let nats = ratio(FROM_KNOWN, rest.max(0.05)).clamp(LEAST, 0.0);
        let nats = if days < SETTLED { 0.0 } else { nats };
        result.add(EvidenceKind::Where, nats, Fact::Known { level, days });
    }
}

/// A level that is new to the person.
struct New {
    level: Level,
    attackers: f64,
    own: Rate,
    rate: f64,
    colleagues: f64,
    /// Less than 1 where it is not new but forgotten.
    forgotten: f64,
}

fn novel(scene: &Scene<'_>, result: &mut Assessment, new: &New) {
    let New { level, attackers, own, rate, colleagues, forgotten } = *new;
    // Who was only seen from inside has no places yet.
    let entries = &scene.state.profile.entries;
    let is_unseen = entries.before(Kind::Net, scene.day).next().is_none()
        && entries.before(Kind::Country, scene.day).next().is_none();
    let nats = if scene.state.active_days == 0 || is_unseen {
        first(scene)
    } else {
        forgotten * (ratio(attackers, rate) + at_home(scene, level)).clamp(LEAST, MOST)
    };
    result.add(EvidenceKind::Where, nats, Fact::New { level, own, colleagues });
    let (Some(kind), Some(asn)) = (scene.item.place.network, scene.item.place.asn) else { return };
    if level == Level::Net {
        return;
    }
    let share = scene.view.share_of_kind(kind);
    let mut of_kind = ratio(among_attackers(kind), share);
    let (users, all) = scene.view.users(asn, kind);
    if matches!(kind, NetworkKind::Hosting | NetworkKind::Vpn | NetworkKind::Tor) {
        // A gateway in the cloud, a cloud desktop, a partner's jump host: what many use is no attacker's.
        of_kind += ratio(1.0 / 50.0, (users + 0.5) / (all + 25.0));
    }
    let room = MOST - nats.max(0.0);
    result.add(
        EvidenceKind::Where,
        of_kind.clamp(LEAST, room.max(0.0) + 2.0),
        Fact::NetworkKind { kind, share, users },
    );
}

/// The first sign-in of an account is judged by what its organisation does: a country that others come from is nothing.
fn first(scene: &Scene<'_>) -> f64 {
    let is_young = scene.item.millis() - scene.start < 14 * crate::source::DAY;
    let users = scene.keys.country.map_or(COUNTRY, |it| scene.view.users_of_country(it));
    if is_young || COUNTRY <= users { 0.0 } else { 3.0 }
}

/// A country where most of the colleagues are is no strange one, though some attackers come from there too.
fn at_home(scene: &Scene<'_>, level: Level) -> f64 {
    let share = scene.keys.country.map_or(0.0, |it| scene.view.share_of_country(it));
    if level == Level::Country && DOMESTIC < share { ratio(DOMESTIC, share) } else { 0.0 }
}

/// How often attackers come from such a network (weights of science 2.1: hosted, foreign and domestic proxies, thieves).
const fn among_attackers(kind: NetworkKind) -> f64 {
    match kind {
        NetworkKind::Hosting => 0.55,
        NetworkKind::Isp => 0.35,
        NetworkKind::Mobile => 0.04,
        NetworkKind::Vpn => 0.06,
        NetworkKind::Tor => 0.02,
        NetworkKind::Corporate | NetworkKind::Private => 0.002,
    }
}
