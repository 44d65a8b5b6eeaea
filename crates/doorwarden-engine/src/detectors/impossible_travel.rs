//! One account, two places, no time between.

use doorwarden_model::{EvidenceKind, NetworkKind, Place, Places, Tier};
use jiff::SignedDuration;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    account::Position,
    detector::{Earlier, Findings, Past},
};

/// # Impossible travel
///
/// An account signed in from two places that nobody can travel between in the time, not counting relays and mobile carriers.
///
/// ## Why it matters
/// One of the two is somebody else. By itself it is weak: networks are registered far from where they are used.
///
/// ## Example
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok country=DE
/// 4d 08:00 ana 203.0.113.7 vpn ok country=DE
/// 4d 09:00 ana 198.51.100.9 vpn ok country=BR # signal
/// ```
/// Half a day is enough for five thousand kilometres:
/// ```scenario
/// x4 08:00 ana 203.0.113.7 vpn ok country=DE
/// 4d 08:00 ana 203.0.113.7 vpn ok country=DE
/// 4d 18:00 ana 198.51.100.9 vpn ok country=BR
/// ```
///
/// ## False positives
/// Relays, satellites, a provider that registers its addresses abroad: two places that the account uses on and off become usual.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ImpossibleTravel {
    /// Kilometres an hour that an airliner flies (after Panther's rule).
    kilometres_an_hour: f64,
    /// Kilometres below which the data's errors are larger.
    kilometres: f64,
}

impl Default for ImpossibleTravel {
    fn default() -> Self {
        Self { kilometres_an_hour: 900.0, kilometres: 500.0 }
    }
}

/// Two minutes for clocks that differ, in milliseconds.
const SKEW: i64 = 120_000;

impl Detector for ImpossibleTravel {
    const ID: &'static str = "impossible-travel";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Travel;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN;
    const TECHNIQUES: &'static [&'static str] = &["T1078"];
    const QUIET_IF: &'static str =
        "one of the two networks were known to the account, a relay's or a mobile carrier's";
    type Memory = ();

    fn wants(&self, item: &Item<'_>) -> bool {
        item.is_sign_in()
            && item.is_from_outside()
            && item.place.country.is_some()
            && !matches!(item.place.network, Some(NetworkKind::Mobile | NetworkKind::Corporate))
    }

    fn observe(&self, item: &Item<'_>, past: &Past<'_>, (): &mut (), out: &mut Findings<'_>) {
        let (Some(account), Some(net), Some(ip)) =
            (past.account, item.facts.net, item.facts.src_ip)
        else {
            return;
        };
        let Some(country) = item.place.country else { return };
        if account.knows_net(net)
            || past.known.is_egress(ip)
            || account.knows_country(country) && !item.is_hosted()
        {
            return;
        }
        let far = account
            .positions
            .iter()
            .rev()
            .find_map(|from| Some((from, self.distance(from, item, past.places)?)));
        let Some((from, kilometres)) = far else { return };
        let minutes = (item.millis() - from.millis) / 60_000;
        let name = out.account().to_owned();
        let places = |it: [u8; 2]| String::from_utf8_lossy(&it).into_owned();
        let earlier = Earlier {
            name: name.as_str().into(),
            is_known: true,
            ip: Some(from.ip),
            service: from.service,
            evidence: from.evidence,
            signed_in: None,
        };
        out.report(Finding {
            // The place is priced by `unusual-sign-in`; by itself a jump is a table's error as often as not.
            tier: if item.is_hosted() { Tier::Digest } else { Tier::Evidence },
            reason: format!(
                "{name} signed in to {} from {ip} ({}), {minutes} minutes after {} ({}): at least {kilometres:.0} km",
                item.event.service,
                places(country),
                from.ip,
                from.country.map(places).unwrap_or_default(),
            ),
            baseline: account.usual(),
            earlier: vec![earlier],
            links: vec![format!("source:{net}")],
            ..Finding::default()
        });
    }
}

impl ImpossibleTravel {
    /// Kilometres between the two, where nobody can travel them in the time.
    fn distance(&self, from: &Position, item: &Item<'_>, places: &dyn Places) -> Option<f64> {
        let is_relay = matches!(
            from.network,
            Some(
                NetworkKind::Mobile | NetworkKind::Corporate | NetworkKind::Vpn | NetworkKind::Tor
            )
        );
        if is_relay || from.country == item.place.country && from.coordinates.is_none() {
            return None;
        }
        let there = Place { country: from.country, position: from.coordinates, ..Place::default() };
        let kilometres = places.kilometres_apart(&there, &item.place)?;
        let millis = (item.millis() - from.millis + SKEW).max(60_000);
        let hours = SignedDuration::from_millis(millis).as_secs_f64() / 3600.0;
        (self.kilometres <= kilometres && self.kilometres_an_hour < kilometres / hours)
            .then_some(kilometres)
    }
}
