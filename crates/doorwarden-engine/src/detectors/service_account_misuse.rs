//! A program's account is used like a person's.

use std::net::IpAddr;

use doorwarden_model::{EvidenceKind, Service, SourceNet, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::source_link,
    source::DAY,
};

/// # Service account misuse
///
/// An account that the context names as a program's signed in through a remote door, interactively, or from elsewhere than
/// its own addresses. So did one that the log shows to be a program's: for two weeks and longer it came from one network, with
/// one program, at the same minutes of the day or hour, weekends as well.
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
/// A program that nobody wrote down:
/// ```scenario
/// x20 03:15 sync 203.0.113.9 ssh ok method=publickey asn=64500
/// 20d 14:40 sync 198.51.100.9 ssh ok method=password asn=64510 # signal
/// ```
/// A person who begins at eight, more or less, and not on weekends; and a telephone that fetches mail at home all day:
/// ```scenario
/// x5 08:00 ana 203.0.113.9 ssh ok method=password asn=64500
/// 7d 08:07 ana 203.0.113.9 ssh ok method=password asn=64500
/// 8d 07:50 ana 203.0.113.9 ssh ok method=password asn=64500
/// 9d 08:21 ana 203.0.113.9 ssh ok method=password asn=64500
/// x20 03:15 ben 203.0.113.8 owa ok method=password asn=64500
/// 20d 14:40 ana 198.51.100.9 ssh ok method=password asn=64510
/// 20d 14:40 ben 198.51.100.9 owa ok method=password asn=64510
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ServiceAccountMisuse {
    /// Days with sign-ins after which the log can show that an account is a program's (our choice).
    days: u32,
    /// How many of these must be Saturdays or Sundays (our choice: people rest).
    weekend_days: u32,
    /// Share of the sign-ins that must fall on the same few minutes (our choice).
    regular_share: f64,
}

impl Default for ServiceAccountMisuse {
    fn default() -> Self {
        Self { days: 14, weekend_days: 3, regular_share: 0.95 }
    }
}

/// Minutes of the day or hour remembered at which a program comes.
const MINUTES: usize = 4;

/// How an account that may be a program's came so far.
#[derive(Debug, Default)]
pub(crate) struct Rhythm {
    net: Option<SourceNet>,
    /// Hash of door, method and client.
    way: u64,
    days: u32,
    weekend_days: u32,
    last_day: i64,
    sign_ins: u32,
    /// The first minutes of the day at which it came, and how often it came at one of them.
    daily: SmallVec<[i64; MINUTES]>,
    at_daily: u32,
    /// The same of the hour.
    hourly: SmallVec<[i64; MINUTES]>,
    at_hourly: u32,
}

impl Detector for ServiceAccountMisuse {
    const ID: &'static str = "service-account-misuse";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Account;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str = "the sign-in had come from the account's own addresses (`service_accounts.source_ips` in the context)";
    type Memory = Rhythm;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        match past.known.service_account(item) {
            Some((host, ips)) => judge_named(item, host.as_deref(), ips, out),
            None => self.judge_learnt(item, past, memory, out),
        }
    }
}

impl ServiceAccountMisuse {
    /// An account of which the context says nothing.
    fn judge_learnt(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Rhythm,
        out: &mut Findings<'_>,
    ) {
        let Some(net) = item.facts.net else { return };
        let minute = item.millis().div_euclid(60_000);
        if memory.net == Some(net) && memory.way == way(item) {
            memory.learn(item, minute);
            return;
        }
        if !self.is_program(memory) {
            if is_programs(item.event.service) {
                *memory = Rhythm { net: Some(net), way: way(item), ..Rhythm::default() };
                memory.learn(item, minute);
            } else {
                *memory = Rhythm::default();
            }
            return;
        }
        let is_new_provider = item
            .place
            .asn
            .is_none_or(|asn| past.account.is_none_or(|account| !account.knows_asn(asn)));
        if memory.net == Some(net) || !item.is_from_outside() || !is_new_provider {
            return;
        }
        // The program itself moved to another server, where it keeps its hours.
        let keeps_hours = memory.way == way(item) && memory.is_on_time(minute);
        let name = out.account().to_owned();
        out.report(Finding {
            tier: if keeps_hours { Tier::Digest } else { Tier::Queue },
            reason: format!(
                "{name}, which a program uses, signed in to {} from {net}, where it never came from",
                item.event.service
            ),
            baseline: format!(
                "on {} days, weekends as well, it came from one network at the same minutes; {}",
                memory.days,
                past.usual().unwrap_or_default()
            ),
            links: source_link(item),
            ..Finding::default()
        });
    }

    /// Whether what was learnt is plainly no person's.
    fn is_program(&self, memory: &Rhythm) -> bool {
        let regular = f64::from(memory.at_daily.max(memory.at_hourly));
        self.days <= memory.days
            && self.weekend_days <= memory.weekend_days
            && self.regular_share * f64::from(memory.sign_ins) <= regular
    }
}

impl Rhythm {
    fn learn(&mut self, item: &Item<'_>, minute: i64) {
        let day = item.millis().div_euclid(DAY);
        if self.days == 0 || self.last_day < day {
            self.days = self.days.saturating_add(1);
            // 1970 began on a Thursday.
            self.weekend_days += u32::from(5 <= (day + 3).rem_euclid(7));
            self.last_day = day;
        }
        self.sign_ins = self.sign_ins.saturating_add(1);
        self.at_daily += u32::from(falls_on(&mut self.daily, minute, 1_440));
        self.at_hourly += u32::from(falls_on(&mut self.hourly, minute, 60));
    }

    /// Whether it comes at this minute.
    fn is_on_time(&self, minute: i64) -> bool {
        let is_near = |known: &[i64], length| {
            known.iter().any(|it| are_near(*it, minute.rem_euclid(length), length))
        };
        is_near(&self.daily, 1_440) || self.at_daily < self.at_hourly && is_near(&self.hourly, 60)
    }
}

/// Whether a minute is one of those known of a day or hour of this length, or is now, as there was room for it.
fn falls_on(known: &mut SmallVec<[i64; MINUTES]>, minute: i64, length: i64) -> bool {
    let minute = minute.rem_euclid(length);
    if known.iter().any(|it| are_near(*it, minute, length)) {
        return true;
    }
    if known.len() == MINUTES {
        return false;
    }
    known.push(minute);
    true
}

/// Whether two minutes of a day or hour are at most two apart.
const fn are_near(one: i64, other: i64, length: i64) -> bool {
    let apart = (one - other).rem_euclid(length);
    apart <= 2 || length - 2 <= apart
}

/// By which door, method and client it came.
fn way(item: &Item<'_>) -> u64 {
    let method =
        hash64(item.event.service as u64, item.event.method.unwrap_or_default().as_bytes());
    hash64(method, item.event.client.unwrap_or_default().as_bytes())
}

/// Whether programs use such doors and people's telephones do not, which would look like programs.
const fn is_programs(service: Service) -> bool {
    match service {
        Service::Ssh
        | Service::Winrm
        | Service::Windows
        | Service::Rdp
        | Service::RemoteTool
        | Service::Docker
        | Service::K8s => true,
        Service::Vpn
        | Service::Citrix
        | Service::Owa
        | Service::Vnc
        | Service::Idp
        | Service::Radius
        | Service::Local => false,
    }
}

/// An account that the context names.
fn judge_named(item: &Item<'_>, host: Option<&str>, ips: &[IpAddr], out: &mut Findings<'_>) {
    let is_own_ip = item.facts.src_ip.is_some_and(|it| ips.contains(&it));
    let is_own_host = host
        .as_ref()
        .is_some_and(|it| item.event.host.is_some_and(|host| host.eq_ignore_ascii_case(it)));
    let is_interactive = matches!(item.event.logon_type, Some(2 | 7 | 10 | 11));
    let is_door = matches!(
        item.event.service,
        Service::Vpn | Service::Citrix | Service::Owa | Service::Rdp | Service::Vnc | Service::Idp
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
