//! One device is used with several accounts.

use std::collections::BTreeMap;

use doorwarden_model::Tier;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
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

/// Accounts of one device with their last sign-in, and the days on which it was used.
#[derive(Debug, Default)]
pub(crate) struct Users {
    accounts: BTreeMap<AccountKey, i64>,
    days: u32,
    last_day: i64,
}

impl Detector for SharedDevice {
    const ID: &'static str = "shared-device";
    const SCOPE: Scope = Scope::Device;
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
        let device = past.text(item.facts.device);
        let now = item.millis();
        let day = now.div_euclid(DAY);
        memory.days += u32::from(memory.days == 0 || memory.last_day < day);
        memory.last_day = memory.last_day.max(day);
        let is_new = memory.accounts.insert(account, now).is_none();
        if ACCOUNTS < memory.accounts.len()
            && let Some(oldest) =
                memory.accounts.iter().min_by_key(|it| (*it.1, *it.0)).map(|it| *it.0)
        {
            memory.accounts.remove(&oldest);
        }
        let today = memory.accounts.values().filter(|it| now - **it <= DAY).count();
        let is_workstation = self.workstation <= memory.accounts.len()
            && self.workstation as u64 <= u64::from(memory.days);
        if today < self.accounts || is_workstation {
            return;
        }
        if !is_new {
            out.extend();
            return;
        }
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!("the device `{device}` signed in with {today} accounts within a day"),
            baseline: "a device belongs to one person".to_owned(),
            links: vec![format!("device:{}", device.to_lowercase())],
            ..Finding::default()
        });
    }
}
