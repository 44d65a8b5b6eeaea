//! What the source did to others, and the second factor: evidence that does not rest on the person's habits.

use doorwarden_model::{EvidenceKind, MfaResult};

use super::{Assessment, Fact, Scene};

/// A network that attacked within a day; a password that came after at least so many wrong ones.
const HOT: f64 = 6.0;
const GUESSED: f64 = 6.0;
const FAILURES: u32 = 15;
/// Each further settled account that comes to a network for the first time within a day, and at most.
const NEWCOMER: f64 = 1.6;
const NEWCOMERS: f64 = 5.0;
/// A second factor that can be asked for or copied.
const FACTOR: f64 = -0.4;

pub(super) fn judge(scene: &Scene<'_>, result: &mut Assessment) {
    let source = &scene.item.facts.source;
    if source.is_hot {
        result.add(EvidenceKind::Source, HOT, Fact::Hot);
    } else if FAILURES <= source.failures_on_account {
        let failures = source.failures_on_account;
        result.add(EvidenceKind::Source, GUESSED, Fact::Guessed { failures });
    }
    if 3 <= source.newcomers && !source.is_shared && !scene.item.facts.has_known_device {
        let others = f64::from(source.newcomers - 1);
        let nats = (NEWCOMER * others).min(NEWCOMERS);
        result.add(EvidenceKind::Source, nats, Fact::Newcomers { accounts: source.newcomers });
    }
    if scene.item.event.mfa.is_some_and(|it| it.result == MfaResult::Success) {
        result.add(EvidenceKind::Factor, FACTOR, Fact::Factor);
    }
}
