//! An account uses a door that it never used.

use doorwarden_model::{EvidenceKind, Service, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Findings, Past},
    facts::OrganisationFacts,
    novelty::{is_cold, is_elsewhere, is_on_new_device, missing, source_link},
    source::DAY,
};

/// # First use of a service
///
/// An account signed in through a kind of door that it never used and few others use, from a provider or on a device that is
/// new to it. By itself, from where the account always is, it only adds weight to other findings.
///
/// ## Why it matters
/// Whoever has a password tries it on every door. FIN5, `OilRig` and Dragonfly went from one remote service to the next.
///
/// ## Example
/// ```scenario
/// x20 08:00 u[1-30] 203.0.113.[1-30] vpn ok asn=64500
/// x20 09:00 kim 203.0.113.99 citrix ok asn=64500
/// 20d 02:00 u1 198.51.100.9 citrix ok asn=64510 # signal
/// ```
/// A door that many use is no surprise, nor is one whose log has just begun:
/// ```scenario
/// x20 08:00 u[1-30] 203.0.113.[1-30] vpn ok asn=64500
/// x20 09:00 u[1-9] 203.0.113.[1-9] owa ok asn=64500
/// 20d 09:00 u[10-12] 203.0.113.[10-12] idp ok asn=64500
/// 20d 20:00 u20 198.51.100.9 owa ok asn=64510
/// 20d 21:00 u21 198.51.100.8 idp ok asn=64510
/// ```
/// A door that is being rolled out: the first few still add weight, and then it is known to be one.
/// ```scenario
/// x20 08:00 u[1-80] 203.0.113.[1-80] vpn ok asn=64500
/// x20 09:00 kim 203.0.113.99 citrix ok asn=64500
/// 20d 09:00 u[1-8] 203.0.113.[1-8] citrix ok asn=64500 # signal
/// 21d 20:00 u20 198.51.100.9 citrix ok asn=64510
/// ```
/// A person who has just begun uses everything for the first time:
/// ```scenario
/// x20 08:00 u[1-30] 203.0.113.[1-30] vpn ok asn=64500
/// x20 09:00 kim 203.0.113.99 citrix ok asn=64500
/// 19d 08:00 new 203.0.113.98 vpn ok asn=64500
/// 20d 08:00 new 198.51.100.9 citrix ok asn=64510
/// ```
///
/// ## False positives
/// A journey on which something else is needed than at home, on a device that states no name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FirstUseOfService {
    /// Share of all accounts that use the door, from which on a new place does not make it a finding (our choice).
    rare_share: f64,
    /// Share of all accounts from which on it says nothing.
    common_share: f64,
    /// Accounts that used the door for the first time within three days: it is being rolled out (our choice; at most 8).
    wave: u32,
}

impl Default for FirstUseOfService {
    fn default() -> Self {
        Self { rare_share: 0.05, common_share: 0.2, wave: 8 }
    }
}

/// Days for which a door must have been in the log before its use by somebody can be a finding.
const DOOR_DAYS: i64 = 7;

impl Detector for FirstUseOfService {
    const ID: &'static str = "first-use-of-service";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Service;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1021"];
    const QUIET_IF: &'static str =
        "the account had used this kind of door before, or many others did";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && (item.is_from_outside() || item.facts.session.explained_by.is_some())
            && is_door(item.event.service)
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some(account) = past.account.filter(|it| it.is_settled()) else { return };
        let (service, all) = (item.event.service, &item.facts.organisation);
        let share = real(all.service_accounts as usize) / real(all.accounts.max(1) as usize);
        if account.knows_service(service)
            || is_cold(item, past)
            || !is_old(item, all)
            || self.common_share <= share
            || self.wave <= all.service_newcomers
        {
            return;
        }
        let is_new = is_elsewhere(item, past) || is_on_new_device(item, past);
        let is_finding = is_new && share < self.rare_share;
        let place = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let place = if is_new { format!("{place}, new to it as well") } else { place };
        out.report(Finding {
            tier: if is_finding { Tier::Queue } else { Tier::Evidence },
            reason: format!("{} signed in to {service} for the first time{place}", out.account()),
            baseline: format!(
                "{} of {} accounts use {service}; {}",
                all.service_accounts,
                all.accounts,
                account.usual()
            ),
            links: source_link(item),
            missing: missing(item),
            ..Finding::default()
        });
    }
}

/// Whether the door was in the log for long enough to tell who uses it.
fn is_old(item: &Item<'_>, all: &OrganisationFacts) -> bool {
    all.service_since.is_some_and(|it| DOOR_DAYS * DAY <= item.millis() - it)
}

/// Doors that a person chooses; the others stand behind one of them.
const fn is_door(service: Service) -> bool {
    match service {
        Service::Vpn
        | Service::Citrix
        | Service::Rdp
        | Service::Vnc
        | Service::Owa
        | Service::Winrm
        | Service::Ssh
        | Service::Idp
        | Service::RemoteTool
        | Service::Docker
        | Service::K8s => true,
        Service::Radius | Service::Windows | Service::Local => false,
    }
}
