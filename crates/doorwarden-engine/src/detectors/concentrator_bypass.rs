//! A public address straight to an inner service, past the concentrator.

use doorwarden_model::{EvidenceKind, Service, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::is_elsewhere,
    source::DAY,
};

/// # Concentrator bypass
///
/// Somebody signed in from a public address straight to remote desktop, WinRM, VNC or SSH, past the VPN; or to mail or Citrix,
/// where the account otherwise comes by VPN only.
///
/// ## Why it matters
/// Such a door asks for a password only, and nobody watches it; mitigation M1035 wants all access through concentrators.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok host=fw1
/// 5d 02:00 ana 198.51.100.9 rdp ok host=srv7 # signal
/// ```
/// Mail over the web, by somebody who reads it over the VPN, and that from somewhere else:
/// ```scenario
/// x10 08:00 ana 203.0.113.7 vpn ok host=fw1 asn=64500
/// 11d 02:00 ana 198.51.100.9 owa ok host=mail asn=64510 # signal
/// ```
/// Somebody who reads it at home now and then:
/// ```scenario
/// x10 08:00 ana 203.0.113.7 vpn ok host=fw1 asn=64500
/// 3d 20:00 ana 203.0.113.7 owa ok host=mail asn=64500
/// 11d 20:00 ana 198.51.100.9 owa ok host=mail asn=64510
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
    /// Share of an account's sign-ins that come by VPN, from which on mail and Citrix past it count (our choice).
    vpn_share: f64,
    /// And how many sign-ins these must be.
    vpn_sign_ins: u32,
    /// Share of accounts that use the door, from which on its use past the VPN only adds weight (our choice).
    common_share: f64,
}

impl Default for ConcentratorBypass {
    fn default() -> Self {
        Self { usual_days: 2, vpn_share: 0.95, vpn_sign_ins: 10, common_share: 0.05 }
    }
}

/// How the account came: on how many days directly, and how often by VPN and past it.
#[derive(Debug, Default)]
pub(crate) struct Direct {
    days: u32,
    last_day: i64,
    by_vpn: u32,
    past_vpn: u32,
}

/// Formats of gateways in front of remote desktops: they are concentrators themselves.
const GATEWAYS: &[&str] = &["windows-rd-gateway", "iis", "citrix"];

impl Detector for ConcentratorBypass {
    const ID: &'static str = "concentrator-bypass";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Service;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1021"];
    const QUIET_IF: &'static str = "the sign-in had come through the VPN, or the service were meant to be open (`allowed_services` in the context)";
    type Memory = Direct;

    fn wants(&self, item: &Item<'_>) -> bool {
        if !item.is_sign_in() {
            return false;
        }
        let service = item.event.service;
        let is_through = item.facts.session.explained_by.is_some();
        let is_published = matches!(service, Service::Owa | Service::Citrix);
        is_through && (is_published || is_inner(service))
            || item.is_from_outside()
                && (service == Service::Vpn
                    || is_published
                    || is_inner(service) && !GATEWAYS.contains(&item.event.format))
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        if item.event.service == Service::Vpn || !item.is_from_outside() {
            memory.by_vpn = memory.by_vpn.saturating_add(1);
            return;
        }
        let comes_by_vpn = self.comes_by_vpn(memory);
        memory.past_vpn = memory.past_vpn.saturating_add(1);
        let (Some(ip), service) = (item.facts.src_ip, item.event.service) else { return };
        let tier = if is_inner(service) {
            self.judge_inner(item, past, memory)
        } else if comes_by_vpn && is_elsewhere(item, past) {
            Some(self.judge_published(item))
        } else {
            None
        };
        let is_meant = past.known.allowed_services.contains(&service) || past.known.is_egress(ip);
        let Some(tier) = tier.filter(|_| !is_meant) else { return };
        let name = out.account().to_owned();
        let host = item.event.target.or(item.event.host).unwrap_or("a computer");
        out.report(Finding {
            tier,
            reason: format!(
                "{name} signed in to {service} on {host} straight from {ip}, without a VPN session"
            ),
            baseline: if comes_by_vpn || uses_vpn(past) {
                format!("the account comes by VPN; {}", past.usual().unwrap_or_default())
            } else {
                "inner services are reached through a VPN or gateway".to_owned()
            },
            links: item.facts.net.iter().map(|it| format!("source:{it}")).collect(),
            ..Finding::default()
        });
    }
}

impl ConcentratorBypass {
    /// Whether nearly all that the account did came by VPN, and it did enough.
    fn comes_by_vpn(&self, memory: &Direct) -> bool {
        let all = memory.by_vpn.saturating_add(memory.past_vpn);
        self.vpn_sign_ins <= all && self.vpn_share * f64::from(all) <= f64::from(memory.by_vpn)
    }

    /// A sign-in to a service that belongs behind the VPN.
    fn judge_inner(&self, item: &Item<'_>, past: &Past<'_>, memory: &mut Direct) -> Option<Tier> {
        let is_usual = self.usual_days <= memory.days;
        let day = item.millis().div_euclid(DAY);
        memory.days += u32::from(memory.days == 0 || memory.last_day < day);
        memory.last_day = memory.last_day.max(day);
        let uses_vpn = uses_vpn(past);
        let is_new_net = past
            .account
            .is_none_or(|account| item.facts.net.is_none_or(|net| !account.knows_net(net)));
        match item.event.service {
            Service::Ssh if is_usual || !uses_vpn || !is_new_net => None,
            Service::Ssh => Some(Tier::Queue),
            _ if is_usual && !is_new_net => None,
            _ if uses_vpn && is_new_net => Some(Tier::Page),
            _ => Some(Tier::Queue),
        }
    }

    /// A sign-in to a service that is often published, by an account that never needed it.
    fn judge_published(&self, item: &Item<'_>) -> Tier {
        let all = &item.facts.organisation;
        let is_common =
            self.common_share * f64::from(all.accounts) <= f64::from(all.service_accounts);
        if is_common && 1 < all.service_accounts { Tier::Evidence } else { Tier::Queue }
    }
}

fn uses_vpn(past: &Past<'_>) -> bool {
    past.account.is_some_and(|it| it.is_settled() && it.knows_service(Service::Vpn))
}

/// Whether the service belongs behind a VPN or gateway.
const fn is_inner(service: Service) -> bool {
    matches!(service, Service::Rdp | Service::Winrm | Service::Vnc | Service::Ssh)
}
