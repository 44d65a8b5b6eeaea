//! Databases in MaxMind's format, whoever made them: MaxMind, DB-IP, IPinfo, ip-location-db.
//!
//! They name the same things differently; `Record` knows all of their names, and no file is taken for another.

use std::{fs, net::IpAddr, path::Path};

use anyhow::{Context as _, anyhow};
use doorwarden_model::{NetworkKind, Place};
use maxminddb::Reader;
use serde::Deserialize;

use super::mmdb_values::{Flag, Number, Text};

/// An open database.
#[derive(Debug)]
pub(super) struct Database {
    reader: Reader<Vec<u8>>,
}

/// Every name that a field has in one of the layouts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    country: Text<'a>,
    #[serde(borrow)]
    country_code: Text<'a>,
    #[serde(borrow)]
    registered_country: Text<'a>,
    #[serde(borrow)]
    city: Text<'a>,
    location: Position,
    latitude: Number,
    longitude: Number,
    lat: Number,
    lng: Number,
    autonomous_system_number: Number,
    asn: Number,
    #[serde(borrow)]
    autonomous_system_organization: Text<'a>,
    #[serde(borrow)]
    as_name: Text<'a>,
    #[serde(borrow)]
    organization: Text<'a>,
    #[serde(borrow)]
    org: Text<'a>,
    #[serde(borrow)]
    isp: Text<'a>,
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    connection_type: Text<'a>,
    #[serde(borrow)]
    user_type: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    is_tor_exit_node: Flag,
    tor: Flag,
    is_anonymous_vpn: Flag,
    is_public_proxy: Flag,
    is_residential_proxy: Flag,
    vpn: Flag,
    proxy: Flag,
    relay: Flag,
    is_hosting_provider: Flag,
    hosting: Flag,
    #[serde(borrow)]
    traits: Traits<'a>,
}

/// Where MaxMind's larger databases put a position.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Position {
    latitude: Number,
    longitude: Number,
}

/// What MaxMind's Enterprise database says of the network.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Traits<'a> {
    autonomous_system_number: Number,
    #[serde(borrow)]
    autonomous_system_organization: Text<'a>,
    #[serde(borrow)]
    connection_type: Text<'a>,
    #[serde(borrow)]
    user_type: Text<'a>,
}

impl Database {
    /// Opens the file at `path`; it is read into memory whole, as a mapped file could change under the program.
    #[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let bytes = fs::read(path).with_context(|| format!("cannot read `{name}`"))?;
        let reader = Reader::from_source(bytes)
            .map_err(|error| anyhow!("`{name}` is no MMDB database: {error}"))?;
        Ok(Self { reader })
    }

    /// What the maker calls it.
    pub(super) fn name(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// When it was made, in seconds since 1970.
    pub(super) fn built(&self) -> i64 {
        i64::try_from(self.reader.metadata().build_epoch).unwrap_or(0)
    }

    /// Adds to `place` what the database knows of `ip` and no database before it knew.
    ///
    /// A record that cannot be decoded counts as none: `false` says so.
    pub(super) fn add<'a>(&'a self, ip: IpAddr, place: &mut Place<'a>) -> bool {
        // An IPv4 database holds no IPv6 addresses, which is no defect of it.
        if self.reader.metadata().ip_version == 4 && ip.is_ipv6() {
            return true;
        }
        match self.reader.lookup(ip).and_then(|it| it.decode::<Record<'a>>()) {
            Ok(record) => {
                if let Some(record) = record {
                    record.fill(place);
                }
                true
            }
            Err(_) => false,
        }
    }
}

impl<'a> Record<'a> {
    fn fill(&self, place: &mut Place<'a>) {
        place.country = place.country.or_else(|| self.country());
        if place.city.is_none() {
            place.city = self.city.0;
            // A position without a city is the middle of a country, which is where nobody is.
            place.position = self.city.0.and_then(|_| self.position());
        }
        if place.asn.is_none() {
            place.asn = self.asn();
            place.holder = self.asn().and_then(|_| self.holder());
        }
        place.network = place.network.or_else(|| self.network());
    }

    /// The code stands in `country_code`, in `country.iso_code` or in `country`, which elsewhere is a name.
    fn country(&self) -> Option<[u8; 2]> {
        [&self.country_code, &self.country, &self.registered_country]
            .iter()
            .find_map(|it| it.code())
    }

    fn position(&self) -> Option<(f32, f32)> {
        let pairs = [
            (&self.location.latitude, &self.location.longitude),
            (&self.latitude, &self.longitude),
            (&self.lat, &self.lng),
        ];
        let (north, east) =
            pairs.iter().find_map(|it| it.0.degrees(90.0).zip(it.1.degrees(180.0)))?;
        Some((north, east))
    }

    fn asn(&self) -> Option<u32> {
        let fields =
            [&self.autonomous_system_number, &self.asn, &self.traits.autonomous_system_number];
        fields.iter().find_map(|it| it.whole())
    }

    fn holder(&self) -> Option<&'a str> {
        [
            &self.autonomous_system_organization,
            &self.as_name,
            &self.organization,
            &self.org,
            &self.isp,
            &self.name,
            &self.traits.autonomous_system_organization,
        ]
        .iter()
        .find_map(|it| it.0)
    }

    fn network(&self) -> Option<NetworkKind> {
        if self.is_tor_exit_node.0 || self.tor.0 {
            return Some(NetworkKind::Tor);
        }
        let relays = [
            &self.is_anonymous_vpn,
            &self.is_public_proxy,
            &self.is_residential_proxy,
            &self.vpn,
            &self.proxy,
            &self.relay,
        ];
        if relays.iter().any(|it| it.0) {
            return Some(NetworkKind::Vpn);
        }
        if self.is_hosting_provider.0 || self.hosting.0 {
            return Some(NetworkKind::Hosting);
        }
        let words = [
            &self.user_type,
            &self.traits.user_type,
            &self.connection_type,
            &self.traits.connection_type,
            &self.kind,
        ];
        words.iter().find_map(|it| kind_of(it.0?))
    }
}

/// What MaxMind's user and connection types and IPinfo's kinds of networks mean here.
fn kind_of(word: &str) -> Option<NetworkKind> {
    Some(match word {
        "Cellular" | "cellular" => NetworkKind::Mobile,
        "hosting" | "content_delivery_network" => NetworkKind::Hosting,
        "isp" | "residential" | "Cable/DSL" => NetworkKind::Isp,
        "consumer_privacy_network" => NetworkKind::Vpn,
        _ => return None,
    })
}

/// What the name that the maker gave it says of its licence, and the credit that it asks for.
pub(super) fn licence_of(name: &str) -> (&'static str, &'static str) {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        it if it.starts_with("geolite2") => {
            ("GeoLite2 End User License Agreement", "GeoLite2 data created by MaxMind")
        }
        it if it.starts_with("geoip2") => ("MaxMind, commercial", ""),
        it if it.starts_with("dbip") && it.contains("lite") => {
            ("CC BY 4.0", "IP Geolocation by DB-IP")
        }
        it if it.starts_with("dbip") => ("DB-IP, commercial", ""),
        it if it.contains("ipinfo") => ("IPinfo, see its terms", "IP address data by IPinfo"),
        _ => ("not stated in the file: see where it is from", ""),
    }
}
