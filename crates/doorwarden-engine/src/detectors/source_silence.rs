//! A device that always writes has stopped.

use doorwarden_model::{EvidenceKind, Tier};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    source::{DAY, HOUR},
};

/// # Source silence
///
/// A device that wrote every day was silent for much longer than ever before, and writes again.
///
/// ## Why it matters
/// Whoever is in may stop the log; more often a disk is full or a relay is down. Either way what happened then is not known.
///
/// ## Example
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok host=fw1
/// x20 12:00 ben 203.0.113.8 vpn ok host=fw1
/// x20 16:00 eve 203.0.113.9 vpn ok host=fw1
/// 24d 08:00 ana 203.0.113.7 vpn ok host=fw1 # signal
/// ```
/// A night is no silence:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok host=fw1
/// x20 12:00 ben 203.0.113.8 vpn ok host=fw1
/// x20 16:00 eve 203.0.113.9 vpn ok host=fw1
/// 20d 08:00 ana 203.0.113.7 vpn ok host=fw1
/// ```
///
/// ## False positives
/// Maintenance; a small device over a long holiday.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SourceSilence {
    /// How many times longer than the longest silence before (our choice).
    factor: i64,
    /// Days of log before a silence can be judged.
    days: i64,
    /// Records before a silence can be judged.
    records: u64,
}

impl Default for SourceSilence {
    fn default() -> Self {
        Self { factor: 3, days: 10, records: 40 }
    }
}

/// How a device wrote so far.
#[derive(Debug, Default)]
pub(crate) struct Rhythm {
    first: i64,
    last: i64,
    longest: i64,
    records: u64,
}

impl Detector for SourceSilence {
    const ID: &'static str = "source-silence";
    const SCOPE: Scope = Scope::Host;
    const EVIDENCE: EvidenceKind = EvidenceKind::Door;
    const LOOKS_AT: Kinds = Kinds::ALL;
    const TECHNIQUES: &'static [&'static str] = &["T1562"];
    const QUIET_IF: &'static str = "the device had written at least once in that time";
    type Memory = Rhythm;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.event.host.is_some()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        _: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        if memory.records == 0 {
            memory.first = now;
            memory.last = now;
        }
        let gap = now - memory.last;
        let is_judged =
            self.records <= memory.records && self.days * DAY <= memory.last - memory.first;
        let is_silence = is_judged && 12 * HOUR <= gap && self.factor * memory.longest <= gap;
        memory.records += 1;
        if is_silence {
            out.about_nobody();
            let host = item.event.host.unwrap_or_default();
            let since = Timestamp::from_millisecond(memory.last).unwrap_or(item.event.time);
            out.report(Finding {
                tier: Tier::Digest,
                reason: format!(
                    "{host} ({}) had written nothing for {} hours, since {}",
                    item.event.format,
                    gap / HOUR,
                    since.strftime("%Y-%m-%d %H:%M")
                ),
                baseline: format!("its longest silence before was {} hours", memory.longest / HOUR),
                since: Some(since),
                links: vec![format!("host:{host}")],
                ..Finding::default()
            });
        }
        memory.longest = memory.longest.max(gap);
        memory.last = now;
    }
}
