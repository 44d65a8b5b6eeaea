//! An administrator's account comes from outside, from where it never came before.

use doorwarden_model::Tier;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Privileged external access
///
/// An account that the context names as privileged signed in from a public network or device that is new to it.
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
        if !past.known.is_privileged(item) || past.known.is_egress(ip) {
            return;
        }
        let is_new_net = !account.knows_net(net);
        let is_new_device = item
            .facts
            .device
            .is_some_and(|it| !account.devices.is_empty() && !account.knows_device(it));
        if !is_new_net && !is_new_device {
            return;
        }
        let what = if is_new_net {
            format!("{net}, a network that is new to it")
        } else {
            format!("{ip} on a device that is new to it")
        };
        let name = out.account().to_owned();
        out.report(Finding {
            tier: Tier::Page,
            reason: format!(
                "the privileged account {name} signed in to {} from {what}",
                item.event.service
            ),
            baseline: account.usual(),
            links: vec![format!("source:{net}")],
            missing: if item.facts.device.is_none() { vec!["device"] } else { Vec::new() },
            ..Finding::default()
        });
    }
}
