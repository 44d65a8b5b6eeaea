//! One network looks for names that exist.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use super::earlier;
use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Enumeration
///
/// One network failed with many names that nobody has, within an hour.
///
/// ## Why it matters
/// Whoever learns which names exist tries passwords next: the network is marked, and a success from it counts.
///
/// ## Example
/// ```scenario
/// 09:00:00 a1 198.51.100.9 ssh fail reason=unknown-user
/// 09:00:20 a2 198.51.100.9 ssh fail reason=unknown-user
/// 09:00:40 a3 198.51.100.9 ssh fail reason=unknown-user
/// 09:01:00 a4 198.51.100.9 ssh fail reason=unknown-user
/// 09:01:20 a5 198.51.100.9 ssh fail reason=unknown-user
/// 09:01:40 a6 198.51.100.9 ssh fail reason=unknown-user
/// 09:02:00 a7 198.51.100.9 ssh fail reason=unknown-user
/// 09:02:20 a8 198.51.100.9 ssh fail reason=unknown-user
/// 09:02:40 a9 198.51.100.9 ssh fail reason=unknown-user
/// 09:03:00 b1 198.51.100.9 ssh fail reason=unknown-user
/// 09:03:20 b2 198.51.100.9 ssh fail reason=unknown-user
/// 09:03:40 b3 198.51.100.9 ssh fail reason=unknown-user
/// 09:04:00 b4 198.51.100.9 ssh fail reason=unknown-user
/// 09:04:20 b5 198.51.100.9 ssh fail reason=unknown-user
/// 09:04:40 b6 198.51.100.9 ssh fail reason=unknown-user
/// 09:05:00 b7 198.51.100.9 ssh fail reason=unknown-user
/// 09:05:20 b8 198.51.100.9 ssh fail reason=unknown-user
/// 09:05:40 b9 198.51.100.9 ssh fail reason=unknown-user
/// 09:06:00 c1 198.51.100.9 ssh fail reason=unknown-user
/// 09:06:20 c2 198.51.100.9 ssh fail reason=unknown-user # signal
/// 09:06:40 c2 198.51.100.9 ssh ok
/// ```
/// Three wrong names are a person:
/// ```scenario
/// 09:00:00 anna 198.51.100.9 ssh fail reason=unknown-user
/// 09:00:20 anne 198.51.100.9 ssh fail reason=unknown-user
/// 09:00:40 annna 198.51.100.9 ssh fail reason=unknown-user
/// 09:01:00 ana 198.51.100.9 ssh ok
/// ```
///
/// ## False positives
/// None by itself: without a success it is only counted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Enumeration {
    /// Names that nobody has, within an hour (CrowdSec blocks at 5).
    names: u32,
}

impl Default for Enumeration {
    fn default() -> Self {
        Self { names: 20 }
    }
}

impl Detector for Enumeration {
    const ID: &'static str = "enumeration";
    const SCOPE: Scope = Scope::Source;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL.and(Kinds::SIGN_IN);
    const TECHNIQUES: &'static [&'static str] = &["T1110", "T1589.001"];
    const QUIET_IF: &'static str = "the names had existed";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        self.names <= item.facts.source.unknown_failed && (item.is_refusal() || item.is_sign_in())
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(source) = past.source else { return };
        out.heat_source();
        if out.extend() {
            return;
        }
        let net = item.facts.net.map(|it| it.to_string()).unwrap_or_default();
        out.about_nobody();
        out.report(Finding {
            tier: Tier::Evidence,
            reason: format!(
                "{{accounts}} names were tried from {net} on {}, most of them nobody's",
                item.event.service
            ),
            baseline: "people know their own name".to_owned(),
            earlier: earlier(source),
            since: source.failures().next().map(|it| it.evidence.time),
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}
