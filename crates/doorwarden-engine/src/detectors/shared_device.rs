//! One device is used with several accounts.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Earlier, Findings, Past},
    names::AccountKey,
    source::DAY,
};

/// # Shared device
///
/// One device signed in with several accounts within a day, and it is no shared workstation.
///
/// ## Why it matters
/// An attacker's machine shows the same name or id behind every stolen account.
///
/// ## Example
/// ```scenario
/// 09:00 ana 198.51.100.9 vpn ok device=KALI
/// 10:00 ben 198.51.100.10 vpn ok device=KALI
/// 11:00 eve 198.51.100.11 vpn ok device=KALI # signal
/// ```
/// A person and the same person's administrator account are two:
/// ```scenario
/// 09:00 ana 203.0.113.7 vpn ok device=LAPTOP-7
/// 10:00 ana-adm 203.0.113.7 vpn ok device=LAPTOP-7
/// ```
///
/// ## False positives
/// Kiosks and shared workstations: ten accounts over ten days make one, and it is quiet from then on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SharedDevice {
    /// Accounts within a day (after Elastic's rule for Okta).
    accounts: usize,
    /// Accounts over as many days that make a shared workstation.
    workstation: usize,
}

impl Default for SharedDevice {
    fn default() -> Self {
        Self { accounts: 3, workstation: 10 }
    }
}

/// Accounts remembered per device.
const ACCOUNTS: usize = 32;

/// An account of the device, with its last sign-in.
#[derive(Debug)]
struct User {
    account: AccountKey,
    last: i64,
    /// Boxed: most devices have one account, and never say so.
    record: Box<Earlier>,
}

/// Accounts of one device, the one seen longest ago is forgotten first, and the days on which it was used.
#[derive(Debug, Default)]
pub(crate) struct Users {
    accounts: SmallVec<[User; 1]>,
    days: u32,
    last_day: i64,
}

impl Users {
    /// Takes note of a sign-in; says whether the account is new to the device.
    fn note(&mut self, account: AccountKey, item: &Item<'_>) -> bool {
        let now = item.millis();
        let day = now.div_euclid(DAY);
        self.days += u32::from(self.days == 0 || self.last_day < day);
        self.last_day = self.last_day.max(day);
        let record = Earlier::signed_in(item, account);
        if let Some(known) = self.accounts.iter_mut().find(|it| it.account == account) {
            known.last = now;
            *known.record = record;
            return false;
        }
        let users = self.accounts.iter().enumerate();
        if ACCOUNTS <= self.accounts.len()
            && let Some((oldest, _)) = users.min_by_key(|(_, it)| (it.last, it.account))
        {
            self.accounts.swap_remove(oldest);
        }
        self.accounts.push(User { account, last: now, record: Box::new(record) });
        true
    }

    /// The accounts that used it within the last day.
    fn today(&self, now: i64) -> impl Iterator<Item = &User> {
        self.accounts.iter().filter(move |it| now - it.last <= DAY)
    }
}

impl Detector for SharedDevice {
    const ID: &'static str = "shared-device";
    const SCOPE: Scope = Scope::Device;
    const EVIDENCE: EvidenceKind = EvidenceKind::What;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078"];
    const QUIET_IF: &'static str =
        "the device were a shared workstation: ten accounts over ten days";
    type Memory = Users;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in() && item.is_from_outside() && item.facts.device.is_some()
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let Some(account) = item.facts.account else { return };
        let now = item.millis();
        let is_new = memory.note(account, item);
        let today = memory.today(now).count();
        let is_workstation = self.workstation <= memory.accounts.len()
            && self.workstation as u64 <= u64::from(memory.days);
        if today < self.accounts || is_workstation {
            return;
        }
        if !is_new {
            out.extend();
            return;
        }
        let device = past.text(item.facts.device);
        let mut earlier: Vec<Earlier> = memory
            .today(now)
            .filter(|it| it.account != account)
            .map(|it| (*it.record).clone())
            .collect();
        earlier.sort_by_key(|it| it.evidence);
        let source = item.facts.net.map(|it| format!("source:{it}"));
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("the device `{device}` signed in with {today} accounts within a day"),
            baseline: "a device belongs to one person".to_owned(),
            since: earlier.first().map(|it| it.evidence.time),
            earlier,
            links: [Some(format!("device:{}", device.to_lowercase())), source]
                .into_iter()
                .flatten()
                .collect(),
            ..Finding::default()
        });
    }
}
