//! A public address straight to an inner service, past the concentrator.

use doorwarden_model::{Service, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    source::DAY,
};

/// # Concentrator bypass
///
/// Somebody signed in from a public address straight to remote desktop, WinRM, VNC or SSH, past the VPN.
///
/// ## Why it matters
/// Such a door asks for a password only, and nobody watches it; mitigation M1035 wants all access through concentrators.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok host=fw1
/// 5d 02:00 ana 198.51.100.9 rdp ok host=srv7 # signal
/// ```
/// Remote desktop from inside, over the VPN:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok host=fw1 lease=10.8.0.5
/// 5d 08:00 ana 203.0.113.7 vpn ok host=fw1 lease=10.8.0.5
/// 5d 08:05 ana 10.8.0.5 rdp ok host=srv7
/// ```
/// SSH servers are often published on purpose; it counts only for those who otherwise come by VPN:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 ssh ok host=web1
/// ```
///
/// ## False positives
/// A server that is published on purpose: `allowed_services` in the context.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ConcentratorBypass {
    /// Days of direct sign-ins after which an account's direct SSH is usual.
    usual_days: u32,
}

impl Default for ConcentratorBypass {
    fn default() -> Self {
        Self { usual_days: 2 }
    }
}

/// Days on which the account came directly.
#[derive(Debug, Default)]
pub(crate) struct Direct {
    days: u32,
    last_day: i64,
}

/// Formats of gateways in front of remote desktops: they are concentrators themselves.
const GATEWAYS: &[&str] = &["windows-rd-gateway", "iis", "citrix"];

impl Detector for ConcentratorBypass {
    const ID: &'static str = "concentrator-bypass";
    const SCOPE: Scope = Scope::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1021"];
    const QUIET_IF: &'static str = "the sign-in had come through the VPN, or the service were meant to be open (`allowed_services` in the context)";
    type Memory = Direct;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && item.is_from_outside()
            && matches!(
                item.event.service,
                Service::Rdp | Service::Winrm | Service::Vnc | Service::Ssh
            )
            && !GATEWAYS.contains(&item.event.format)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(ip), service) = (item.facts.src_ip, item.event.service) else { return };
        let is_usual = self.usual_days <= memory.days;
        let day = item.millis().div_euclid(DAY);
        memory.days += u32::from(memory.days == 0 || memory.last_day < day);
        memory.last_day = memory.last_day.max(day);
        if past.known.allowed_services.contains(&service) || past.known.is_egress(ip) {
            return;
        }
        let uses_vpn =
            past.account.is_some_and(|it| it.is_settled() && it.knows_service(Service::Vpn));
        let is_new_net = past
            .account
            .is_none_or(|account| item.facts.net.is_none_or(|net| !account.knows_net(net)));
        let tier = match service {
            Service::Ssh if is_usual || !uses_vpn || !is_new_net => return,
            Service::Ssh => Tier::Queue,
            _ if is_usual && !is_new_net => return,
            _ if uses_vpn && is_new_net => Tier::Page,
            _ => Tier::Queue,
        };
        let name = out.account().to_owned();
        let host = item.event.target.or(item.event.host).unwrap_or("a computer");
        out.report(Finding {
            tier,
            reason: format!(
                "{name} signed in to {service} on {host} straight from {ip}, without a VPN session"
            ),
            baseline: if uses_vpn {
                format!("the account comes by VPN; {}", past.usual().unwrap_or_default())
            } else {
                "inner services are reached through a VPN or gateway".to_owned()
            },
            links: item.facts.net.iter().map(|it| format!("source:{it}")).collect(),
            ..Finding::default()
        });
    }
}
