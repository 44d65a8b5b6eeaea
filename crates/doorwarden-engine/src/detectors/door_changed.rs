//! The door itself was changed by somebody who does not usually do that.

use doorwarden_model::{Activity, EvidenceKind, Outcome, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    source::DAY,
};

/// # Door changed
///
/// The portal page, authentication source, certificate authority, a local VPN account, the policy of factors or the logging
/// of a door was changed by an account, or from an address, that does not usually do it, or soon after a suspicious sign-in.
///
/// ## Why it matters
/// Intruders altered the Cisco WebVPN page to take passwords; a local account or an added authority outlives every reset.
///
/// ## Example
/// ```scenario
/// x6 09:00 netadmin 10.0.0.9 vpn change detail=webvpn-customization host=fw1
/// 8d 02:00 ana 198.51.100.9 vpn change detail=webvpn-customization host=fw1 # signal
/// ```
/// The administrator at the usual place:
/// ```scenario
/// x6 09:00 netadmin 10.0.0.9 vpn change detail=webvpn-customization host=fw1
/// 8d 09:00 netadmin 10.0.0.9 vpn change detail=aaa-server host=fw1
/// ```
///
/// ## False positives
/// A new administrator's first day; a change from a new management station.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DoorChanged {
    /// Days on which an account must have changed the door before it is usual.
    usual_days: u32,
    /// Days of log before anything can be called unusual.
    history_days: i64,
}

impl Default for DoorChanged {
    fn default() -> Self {
        Self { usual_days: 2, history_days: 3 }
    }
}

/// Networks remembered per account.
const NETS: usize = 4;

/// Days on which the account changed doors, and from where.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    days: u32,
    last_day: i64,
    nets: Vec<Option<SourceNet>>,
}

impl Detector for DoorChanged {
    const ID: &'static str = "door-changed";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Door;
    const LOOKS_AT: Kinds = Kinds::CHANGE;
    const TECHNIQUES: &'static [&'static str] = &["T1556", "T1133", "T1505"];
    const QUIET_IF: &'static str =
        "the account had made such changes from this address on earlier days";
    type Memory = Habits;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.event.activity == Activity::Change && item.event.outcome != Some(Outcome::Failure)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        let day = now.div_euclid(DAY);
        let is_usual = self.usual_days <= memory.days && memory.nets.contains(&item.facts.net);
        let suspicion = past.account.and_then(|it| it.last_suspicion).filter(|it| now - it <= DAY);
        memory.days += u32::from(memory.days == 0 || memory.last_day < day);
        memory.last_day = memory.last_day.max(day);
        if !memory.nets.contains(&item.facts.net) {
            if memory.nets.len() == NETS {
                memory.nets.remove(0);
            }
            memory.nets.push(item.facts.net);
        }
        if is_usual && suspicion.is_none() {
            return;
        }
        // On the first days nobody's habits are known.
        if suspicion.is_none() && now - past.start < self.history_days * DAY {
            return;
        }
        let is_through_vpn = item.facts.session.explained_by.is_some();
        let tier = if suspicion.is_some() || item.is_from_outside() {
            Tier::Page
        } else if is_through_vpn {
            Tier::Queue
        } else {
            // From inside, by a hand that is new to it: most likely a new administrator.
            Tier::Digest
        };
        let name = out.account().to_owned();
        let host = item.event.host.unwrap_or("the door");
        let place = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let what = item.event.detail.or(item.event.code).unwrap_or("its configuration");
        let what: String = what.chars().take(160).collect();
        let why = if suspicion.is_some() {
            ", within a day of a suspicious sign-in of that account"
        } else {
            ""
        };
        out.report(Finding {
            tier,
            reason: format!("{name} changed {host}{place}: {what}{why}"),
            baseline: match memory.days {
                0 | 1 => "this account did not change a door before".to_owned(),
                days => format!(
                    "this account changed doors on {} days, not from this address",
                    days - 1
                ),
            },
            links: item
                .facts
                .net
                .filter(|_| item.is_from_outside())
                .iter()
                .map(|it| format!("source:{it}"))
                .collect(),
            ..Finding::default()
        });
    }
}
