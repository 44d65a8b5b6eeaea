//! An administrator's account comes from outside, from where it never came before.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::{is_cold, is_elsewhere, is_on_new_device, missing},
};

/// # Privileged external access
///
/// An account that the context names as privileged signed in from a public network or device that is new to it; or one that was
/// seen to change other people's accounts or a door, from a provider or device that is new to it.
///
/// ## Why it matters
/// An administrator's account opens everything; it should come from few, known places.
///
/// ## Example
/// ```scenario
/// context privileged_accounts = ["ana-adm"]
/// x4 08:00 ana-adm 203.0.113.7 vpn ok
/// 5d 02:00 ana-adm 198.51.100.9 vpn ok # signal
/// ```
/// An administrator by deed, of whom the context says nothing:
/// ```scenario
/// x20 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 2d 10:00 ben - idp account detail=password-reset actor=ana
/// 9d 10:00 eve - idp account detail=added~to~VPN~Users actor=CORP\\ana
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 # signal
/// ```
/// Somebody who changed the own password, twice, is none; nor is a journey of an administrator with the own laptop one:
/// ```scenario
/// x20 08:00 eve 203.0.113.7 vpn ok asn=64500
/// x20 08:00 ana 203.0.113.8 vpn ok asn=64500 device=laptop-1
/// 2d 10:00 eve - idp account detail=password-reset actor=eve
/// 9d 10:00 eve - idp account detail=password-reset actor=eve
/// 2d 10:00 ben - idp account detail=password-reset actor=ana
/// 9d 10:00 ben - idp account detail=password-reset actor=ana
/// 20d 02:00 eve 198.51.100.9 vpn ok asn=64510
/// 20d 02:00 ana 198.51.100.9 vpn ok asn=64510 device=laptop-1
/// ```
/// From where it always comes:
/// ```scenario
/// context privileged_accounts = ["ana-adm"]
/// x4 08:00 ana-adm 203.0.113.7 vpn ok
/// 5d 02:00 ana-adm 203.0.113.9 vpn ok
/// ```
///
/// ## False positives
/// An administrator who travels.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PrivilegedExternalAccess {}

impl Detector for PrivilegedExternalAccess {
    const ID: &'static str = "privileged-external-access";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078.002", "T1133"];
    const QUIET_IF: &'static str = "the account had used this network and device before";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.is_from_outside()
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let (Some(net), Some(ip)) = (item.facts.net, item.facts.src_ip) else { return };
        let Some(account) = past.account.filter(|it| it.is_settled()) else { return };
        let is_stated = past.known.is_privileged(item);
        if !is_stated && !item.facts.organisation.is_administrator || past.known.is_egress(ip) {
            return;
        }
        let is_new_net = !account.knows_net(net);
        let is_new_device = is_on_new_device(item, past);
        // What the log alone tells of somebody's rights is judged with the care that people deserve.
        let is_finding = if is_stated {
            is_new_net || is_new_device
        } else {
            !is_cold(item, past) && (is_elsewhere(item, past) || is_new_net && is_new_device)
        };
        if !is_finding {
            return;
        }
        let what = if is_new_net {
            format!("{net}, a network that is new to it")
        } else {
            format!("{ip} on a device that is new to it")
        };
        let kind = if is_stated {
            "the privileged account"
        } else {
            "an account that administers others,"
        };
        let name = out.account().to_owned();
        out.report(Finding {
            tier: if is_stated { Tier::Page } else { Tier::Queue },
            reason: format!("{kind} {name} signed in to {} from {what}", item.event.service),
            baseline: account.usual(),
            links: vec![format!("source:{net}")],
            missing: missing(item),
            ..Finding::default()
        });
    }
}
