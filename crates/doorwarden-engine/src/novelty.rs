//! What "new to the account" means to detectors: places and devices, with what is no news left out.

use doorwarden_model::NetworkKind;

use crate::{account::KnownNet, detector::Past, facts::Item, source::DAY};

/// Days of log before anything can be new to an organisation (docs/guide.md).
const COLD_DAYS: i64 = 14;

/// Whether the log is too young to tell what is usual.
pub(crate) fn is_cold(item: &Item<'_>, past: &Past<'_>) -> bool {
    item.millis() - past.start < COLD_DAYS * DAY
}

/// Whether the account comes by a provider by which it did not come before today, on no device that it knows.
///
/// A lease at home changes within the provider, and a telephone finds a carrier wherever its owner usually is. What was learnt
/// today is news still: RADIUS speaks before the gateway, and mail is fetched before the VPN is opened.
pub(crate) fn is_elsewhere(item: &Item<'_>, past: &Past<'_>) -> bool {
    let (Some(account), Some(net), Some(ip)) = (past.account, item.facts.net, item.facts.src_ip)
    else {
        return false;
    };
    let today = item.millis().div_euclid(DAY);
    let is_known =
        |it: &KnownNet| it.first_day < today && (it.net == net || it.asn == item.place.asn);
    item.is_from_outside()
        && item.place.asn.is_some()
        && !account.nets.iter().any(is_known)
        && !is_carrier(item, past)
        && !past.known.is_egress(ip)
        && !item.facts.has_known_device
}

/// Whether it comes by a telephone's carrier in a country of the account's: one is found wherever its owner usually is.
pub(crate) fn is_carrier(item: &Item<'_>, past: &Past<'_>) -> bool {
    item.place.network == Some(NetworkKind::Mobile)
        && item
            .place
            .country
            .is_some_and(|it| past.account.is_some_and(|own| own.knows_country(it)))
}

/// Whether the client states a device, and the account, which has stated some, used it on no earlier day.
pub(crate) fn is_on_new_device(item: &Item<'_>, past: &Past<'_>) -> bool {
    item.facts.device.is_some()
        && !item.facts.has_known_device
        && past.account.is_some_and(|it| !it.devices.is_empty())
}

/// The facts that a judgement on place and device had to do without.
pub(crate) fn missing(item: &Item<'_>) -> Vec<&'static str> {
    if item.facts.device.is_none() { vec!["device"] } else { Vec::new() }
}

/// The link to the network that the event came from.
pub(crate) fn source_link(item: &Item<'_>) -> Vec<String> {
    let net = item.facts.net.filter(|_| item.is_from_outside());
    net.iter().map(|it| format!("source:{it}")).collect()
}
