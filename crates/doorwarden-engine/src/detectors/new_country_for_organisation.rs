//! A country from which nobody here ever came.

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Findings, Past},
    novelty::{is_cold, is_on_new_device, missing, source_link},
};

/// # New country for the organisation
///
/// An account signed in from a country from which no account of the organisation came in half a year, or several did within a
/// week from one that hardly anybody comes from.
///
/// ## Why it matters
/// What is new to one person happens every day; what is new to all of them is rare.
///
/// ## Example
/// ```scenario
/// x20 08:00 u[1-12] 203.0.113.[1-12] vpn ok country=DE device=laptop-[1-12]
/// 20d 02:00 u1 198.51.100.9 vpn ok country=KP device=kali # signal
/// ```
/// ```scenario
/// x20 08:00 u[1-12] 203.0.113.[1-12] vpn ok country=DE
/// 20d 02:00 u1 198.51.100.9 vpn ok country=KP # signal
/// ```
/// Three within a week, from where hardly anybody came:
/// ```scenario
/// x20 08:00 u[1-120] 203.0.113.[1-120] vpn ok country=DE
/// 16d 09:00 u1 198.51.100.1 vpn ok country=KP # signal
/// 18d 09:00 u2 198.51.101.2 vpn ok country=KP
/// 20d 09:00 u3 198.51.102.3 vpn ok country=KP # signal
/// ```
/// A country where a colleague lives:
/// ```scenario
/// x20 08:00 u[1-12] 203.0.113.[1-12] vpn ok country=DE
/// x20 08:00 kim 192.0.2.7 vpn ok country=KR
/// 20d 02:00 u1 198.51.100.9 vpn ok country=KR
/// ```
/// Somebody whose first days these are, and an organisation too small to have countries of its own:
/// ```scenario
/// x20 08:00 u[1-12] 203.0.113.[1-12] vpn ok country=DE
/// 20d 02:00 new 198.51.100.9 vpn ok country=PT
/// ```
/// ```scenario
/// x20 08:00 u[1-3] 203.0.113.[1-3] vpn ok country=DE
/// 20d 02:00 u1 198.51.100.9 vpn ok country=PT
/// ```
///
/// ## False positives
/// The first holiday in a country. On the own laptop it only adds weight, and without a device it stands in the weekly list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct NewCountryForOrganisation {
    /// Accounts that an organisation must have (our choice).
    accounts: u32,
    /// Accounts that came from a rare country for the first time within a week (our choice; at most 8).
    wave: u32,
    /// Share of accounts up to which a country is rare (after Defender's "infrequent country").
    rare_share: f64,
}

impl Default for NewCountryForOrganisation {
    fn default() -> Self {
        Self { accounts: 10, wave: 3, rare_share: 0.01 }
    }
}

impl Detector for NewCountryForOrganisation {
    const ID: &'static str = "new-country-for-organisation";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Where;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078", "T1133"];
    const QUIET_IF: &'static str =
        "anybody had signed in from this country within half a year, or the device were known";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && item.is_from_outside()
            && item.place.country.is_some()
            && self.accounts <= item.facts.organisation.accounts
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let (Some(country), Some(ip)) = (item.place.country, item.facts.src_ip) else { return };
        let Some(account) = past.account.filter(|it| it.is_settled()) else { return };
        let all = &item.facts.organisation;
        let together = all.country_newcomers + 1;
        // Those of this week are news themselves.
        let before = all.country_accounts.saturating_sub(all.country_newcomers);
        let is_wave = self.wave <= together
            && 2 * before <= together
            && real(before as usize) < self.rare_share * real(all.accounts as usize);
        if account.knows_country(country)
            || 0 < all.country_accounts && !is_wave
            || past.known.is_egress(ip)
            || is_cold(item, past)
        {
            return;
        }
        let is_foreign = is_on_new_device(item, past) || item.is_hosted();
        let tier = match () {
            () if item.facts.has_known_device => Tier::Evidence,
            () if is_foreign && all.country_accounts == 0 => Tier::Queue,
            () => Tier::Digest,
        };
        let code = String::from_utf8_lossy(&country).into_owned();
        let (name, service) = (out.account().to_owned(), item.event.service);
        let mut links = source_link(item);
        let why = if all.country_accounts == 0 {
            "where nobody here came from before".to_owned()
        } else {
            links.push(format!("country:{code}"));
            format!("account number {together} within a week from a country of few")
        };
        out.report(Finding {
            tier,
            reason: format!("{name} signed in to {service} from {ip} in {code}, {why}"),
            baseline: format!(
                "{before} of {} accounts came from {code}; {}",
                all.accounts,
                account.usual()
            ),
            links,
            missing: missing(item),
            ..Finding::default()
        });
    }
}
