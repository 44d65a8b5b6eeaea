//! One account opens two doors from where it never is: somebody keeps a second way in.

use doorwarden_model::{EvidenceKind, NetworkKind, Service, SourceNet, Tier};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    account::AccountState,
    detector::{Earlier, Findings, Past},
    novelty::{missing, source_link},
    source::DAY,
};

/// # Redundant foothold
///
/// Within two weeks an account used two kinds of doors from networks that it never used, while its owner went on signing in from
/// the usual ones or the networks are rented. Where neither is the case it only adds weight to other findings.
///
/// ## Why it matters
/// An intruder who wants to stay keeps more than one way in: Threat Group-3390 read mail over the web after its VPN access had
/// been closed.
///
/// ## Example
/// ```scenario
/// x10 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 8d 21:00 ana 198.51.100.9 owa ok asn=64510
/// 10d 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 12d 21:00 ana 198.51.100.9 vpn ok asn=64510 # signal
/// ```
/// Two rented servers:
/// ```scenario
/// x10 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 11d 21:00 ana 198.51.100.9 owa ok asn=64510 net=hosting
/// 12d 21:00 ana 192.0.2.9 vpn ok asn=64511 net=hosting # signal
/// ```
/// A journey: mail on the telephone at the hotel, and the VPN on the own laptop.
/// ```scenario
/// x10 08:00 ana 203.0.113.7 vpn ok asn=64500 device=laptop-1
/// 11d 19:00 ana 198.51.100.9 owa ok asn=64510
/// 11d 20:00 ana 198.51.100.9 vpn ok asn=64510 device=laptop-1
/// 12d 20:00 ana 198.51.101.9 owa ok asn=64511
/// 13d 20:00 ana 198.51.100.9 citrix ok asn=64510
/// ```
/// Somebody who has moved uses the new line for everything, and two lines at home are no news after their first days:
/// ```scenario
/// x30 08:00 ana 203.0.113.7 vpn ok asn=64500
/// x30 21:00 ana 198.51.100.9 vpn ok asn=64510
/// 30d 08:00 ana 203.0.113.7 vpn ok asn=64500
/// 30d 21:00 ana 198.51.100.9 owa ok asn=64510
/// ```
///
/// ## False positives
/// Two short journeys within two weeks, on devices that state no name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RedundantFoothold {
    /// Days within which the two doors are used (our choice).
    days: i64,
    /// Hours around a use within which the owner's own sign-ins count (our choice).
    owner_hours: i64,
}

impl Default for RedundantFoothold {
    fn default() -> Self {
        Self { days: 14, owner_hours: 24 }
    }
}

/// Uses remembered per account.
const USES: usize = 6;

/// A sign-in from a network that the account did not use before these days.
#[derive(Debug, Clone)]
struct Use {
    millis: i64,
    service: Service,
    net: SourceNet,
    asn: Option<u32>,
    device: Option<u64>,
    is_hosted: bool,
    owner: Owner,
    record: Box<Earlier>,
}

/// Whether the owner was at the usual place about that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Unknown,
    Before,
    BeforeAndAfter,
}

/// Uses within two weeks, and when the owner last came from a usual network.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    uses: SmallVec<[Use; 0]>,
    last_home: Option<i64>,
}

impl Detector for RedundantFoothold {
    const ID: &'static str = "redundant-foothold";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Service;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1133", "T1078"];
    const QUIET_IF: &'static str = "the account had used one of the networks before, or a device that it knows came from there";
    type Memory = Uses;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && item.is_from_outside()
            && is_foothold(item.event.service)
            && !matches!(item.place.network, Some(NetworkKind::Mobile | NetworkKind::Corporate))
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(net), Some(ip), Some(account)) =
            (item.facts.net, item.facts.src_ip, past.account)
        else {
            return;
        };
        let now = item.millis();
        memory.uses.retain(|it| now - it.millis <= self.days * DAY);
        if past.known.is_egress(ip) || memory.is_usual(item, net, account) {
            memory.owner_came(now, self.owner_hours * 3_600_000);
            return;
        }
        let is_intruders = item
            .facts
            .device
            .is_some_and(|device| memory.uses.iter().any(|it| it.device == Some(device)));
        if item.facts.has_known_device && !is_intruders {
            // Whose laptop this is, the network and what came from there is as well.
            memory.uses.retain(|it| it.net != net && it.asn != item.place.asn);
            return;
        }
        if !account.is_settled() || item.place.asn.is_none() {
            return;
        }
        let is_again = |it: &Use| it.net == net && it.service == item.event.service;
        if memory.uses.iter().any(is_again) {
            out.extend();
            return;
        }
        memory.push(item, net, now - self.owner_hours * 3_600_000);
        judge(item, past, memory, out);
    }
}

fn judge(item: &Item<'_>, past: &Past<'_>, memory: &Uses, out: &mut Findings<'_>) {
    let others: Vec<&Use> =
        memory.uses.iter().filter(|it| it.service != item.event.service).collect();
    let Some(other) = others.first() else { return };
    let is_hosted = memory.uses.iter().any(|it| it.is_hosted);
    let is_owner_elsewhere = others.iter().any(|it| it.owner == Owner::BeforeAndAfter);
    let why = match (is_owner_elsewhere, is_hosted) {
        (true, _) => ", while its owner signed in from the usual networks",
        (false, true) => ", rented ones among them",
        (false, false) => "",
    };
    let earlier: Vec<Earlier> = others.iter().map(|it| (*it.record).clone()).collect();
    let mut links = source_link(item);
    links.extend(others.iter().map(|it| format!("source:{}", it.net)));
    links.dedup();
    out.report(Finding {
        tier: if why.is_empty() { Tier::Evidence } else { Tier::Queue },
        reason: format!(
            "{} used {} and {} from networks that it never used, within {}{why}",
            out.account(),
            other.service,
            item.event.service,
            days((item.millis() - other.millis) / DAY + 1)
        ),
        baseline: past.usual().unwrap_or_default(),
        since: earlier.first().map(|it| it.evidence.time),
        earlier,
        links,
        missing: missing(item),
        ..Finding::default()
    });
}

fn days(count: i64) -> String {
    if count == 1 { "a day".to_owned() } else { format!("{count} days") }
}

impl Uses {
    /// Whether the account used the network, or its provider, before the uses that are under suspicion.
    fn is_usual(&self, item: &Item<'_>, net: SourceNet, account: &AccountState) -> bool {
        let asn = item.place.asn;
        let is_suspect = self.uses.iter().any(|it| it.net == net || it.asn == asn);
        !is_suspect && (account.knows_net(net) || asn.is_some_and(|it| account.knows_asn(it)))
    }

    fn owner_came(&mut self, now: i64, window: i64) {
        for it in &mut self.uses {
            if it.owner == Owner::Before && now - it.millis <= window {
                it.owner = Owner::BeforeAndAfter;
            }
        }
        self.last_home = Some(now);
    }

    fn push(&mut self, item: &Item<'_>, net: SourceNet, since: i64) {
        let Some(account) = item.facts.account else { return };
        if self.uses.len() == USES {
            self.uses.remove(0);
        }
        let was_there = self.last_home.is_some_and(|it| since <= it);
        self.uses.push(Use {
            millis: item.millis(),
            service: item.event.service,
            net,
            asn: item.place.asn,
            device: item.facts.device,
            is_hosted: item.is_hosted(),
            owner: if was_there { Owner::Before } else { Owner::Unknown },
            record: Box::new(Earlier::signed_in(item, account)),
        });
    }
}

/// Doors by which somebody stays inside; providers of identity and RADIUS only lead to one.
const fn is_foothold(service: Service) -> bool {
    match service {
        Service::Vpn
        | Service::Citrix
        | Service::Rdp
        | Service::Vnc
        | Service::Owa
        | Service::Winrm
        | Service::Ssh
        | Service::RemoteTool
        | Service::Docker
        | Service::K8s => true,
        Service::Idp | Service::Radius | Service::Windows | Service::Local => false,
    }
}
