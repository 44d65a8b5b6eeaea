//! Where the addresses of incidents are: looked up once, while the geo data is at hand.

use std::{collections::BTreeMap, net::IpAddr};

use doorwarden_model::{Incident, NetworkKind, Places};

/// Incidents and addresses of each that are looked up.
const INCIDENTS: usize = 2_000;
/// Addresses looked up per incident.
const ADDRESSES: usize = 8;

/// What is known of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PlaceNote {
    pub(crate) country: Option<[u8; 2]>,
    pub(crate) city: Option<String>,
    pub(crate) asn: Option<u32>,
    pub(crate) holder: Option<String>,
    pub(crate) network: Option<NetworkKind>,
}

/// What is known of the addresses of incidents.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlaceNotes(BTreeMap<IpAddr, PlaceNote>);

impl PlaceNotes {
    /// Looks up the addresses of `incidents`.
    pub(crate) fn gather(incidents: &[Incident], places: &dyn Places) -> Self {
        let mut notes = BTreeMap::new();
        for incident in incidents.iter().take(INCIDENTS) {
            for ip in crate::output::incident_json::src_ips(incident).into_iter().take(ADDRESSES) {
                notes.entry(ip).or_insert_with(|| PlaceNote::of(ip, places));
            }
        }
        Self(notes)
    }

    /// What is known of `ip`.
    pub(crate) fn of(&self, ip: IpAddr) -> Option<&PlaceNote> {
        self.0.get(&ip)
    }
}

impl PlaceNote {
    fn of(ip: IpAddr, places: &dyn Places) -> Self {
        let place = places.place(ip);
        Self {
            country: place.country,
            city: place.city.map(str::to_owned),
            asn: place.asn,
            holder: place.holder.map(str::to_owned),
            network: place.network,
        }
    }

    /// The country's code.
    pub(crate) fn country_code(&self) -> Option<&str> {
        self.country.as_ref().and_then(|it| std::str::from_utf8(it).ok())
    }
}
