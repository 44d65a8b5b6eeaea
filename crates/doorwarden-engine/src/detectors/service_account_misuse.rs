//! A program's account is used like a person's.

use doorwarden_model::{Service, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Service account misuse
///
/// An account that the context names as a program's signed in through a remote door, interactively, or from elsewhere than
/// its own addresses.
///
/// ## Why it matters
/// Programs never move: one sign-in from elsewhere is enough. Their passwords are old, and nobody misses a prompt.
///
/// ## Example
/// ```scenario
/// context [[service_accounts]]
/// context name = "svc-backup"
/// context source_ips = ["10.0.0.9"]
/// 02:00 svc-backup 10.0.0.9 ssh ok
/// 03:00 svc-backup 198.51.100.9 vpn ok # signal
/// ```
/// From its own address:
/// ```scenario
/// context [[service_accounts]]
/// context name = "svc-backup"
/// context source_ips = ["10.0.0.9"]
/// 02:00 svc-backup 10.0.0.9 ssh ok
/// ```
///
/// ## False positives
/// An administrator who tests the account: use another one.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServiceAccountMisuse {}

impl Detector for ServiceAccountMisuse {
    const ID: &'static str = "service-account-misuse";
    const SCOPE: Scope = Scope::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str = "the sign-in had come from the account's own addresses (`service_accounts.source_ips` in the context)";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let Some((host, ips)) = past.known.service_account(item) else { return };
        let is_own_ip = item.facts.src_ip.is_some_and(|it| ips.contains(&it));
        let is_own_host = host
            .as_ref()
            .is_some_and(|it| item.event.host.is_some_and(|host| host.eq_ignore_ascii_case(it)));
        let is_interactive = matches!(item.event.logon_type, Some(2 | 7 | 10 | 11));
        let is_door = matches!(
            item.event.service,
            Service::Vpn
                | Service::Citrix
                | Service::Owa
                | Service::Rdp
                | Service::Vnc
                | Service::Idp
        );
        let is_elsewhere = item.is_from_outside() && !is_own_ip
            || !ips.is_empty() && item.facts.src_ip.is_some() && !is_own_ip;
        if !(is_interactive || is_elsewhere || is_door && !is_own_ip && !is_own_host) {
            return;
        }
        let how = if is_interactive { " interactively" } else { "" };
        let place = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let name = out.account().to_owned();
        let own: Vec<String> = ips.iter().take(3).map(ToString::to_string).collect();
        out.report(Finding {
            tier: Tier::Page,
            reason: format!(
                "the service account {name} signed in to {}{how}{place}",
                item.event.service
            ),
            baseline: if own.is_empty() {
                "a program's account signs in to no remote door".to_owned()
            } else {
                format!("it signs in from {}", own.join(", "))
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
