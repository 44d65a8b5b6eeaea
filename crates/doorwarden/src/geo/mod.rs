//! Where an address is and what kind of network it belongs to: loaded databases first, then the embedded table.
//!
//! Everything is found offline; a cache over addresses is the caller's.

mod column;
pub(crate) mod command;
mod listed;
mod load;
mod mmdb;
mod mmdb_values;
mod networks;
mod ranges;
mod source;
mod special;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use doorwarden_model::{NetworkKind, Place, Places};

pub(crate) use self::source::Source;
use self::{mmdb::Database, ranges::Ranges, table::Table};

/// The table that the program carries.
static EMBEDDED: &[u8] = include_bytes!("../../data/geo.bin");

/// Outline of the world by country for a map, one `CODE<tab>path` a line; its first lines tell the projection.
pub(crate) static OUTLINE: &str = include_str!("../../data/world.svgpath");

/// Databases and lists to load over the embedded table.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct GeoArguments {
    /// Geo database in MMDB format (MaxMind, DB-IP, IPinfo), or a folder of them; repeatable. Example: `--geo GeoLite2-City.mmdb`
    #[arg(long = "geo", value_name = "PATH")]
    pub(crate) databases: Vec<PathBuf>,
    /// List of addresses with a kind of network, such as Tor's exits; repeatable. Example: `--networks tor-exits.txt`
    #[arg(long, value_name = "FILE")]
    pub(crate) networks: Vec<PathBuf>,
}

/// All that was loaded.
#[derive(Debug)]
pub(crate) struct Geo {
    own: Ranges,
    lists: Ranges,
    databases: Vec<Database>,
    table: Table<'static>,
    sources: Vec<Source>,
    kinds: Vec<NetworkKind>,
    undecodable: AtomicU64,
}

impl Geo {
    /// Where the data is from, how old it is and under which licence; loaded files first.
    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The kinds of network that nothing loaded can tell; an address is never one of them.
    pub(crate) fn blind_kinds(&self) -> impl Iterator<Item = NetworkKind> {
        let needed = [NetworkKind::Tor, NetworkKind::Corporate];
        needed.into_iter().filter(|it| !self.kinds.contains(it))
    }

    /// How many records of loaded databases could not be decoded so far.
    pub(crate) fn undecodable(&self) -> u64 {
        self.undecodable.load(Ordering::Relaxed)
    }

    /// Ranges of IPv4, ranges of IPv6, and networks in the embedded table.
    pub(crate) fn table_sizes(&self) -> [usize; 3] {
        self.table.sizes()
    }

    /// The holder of a provider's number, by the embedded table.
    pub(crate) fn holder(&self, asn: u32) -> Option<&str> {
        self.table.network_of(asn)?.holder
    }

    fn add_embedded<'a>(&'a self, ip: IpAddr, place: &mut Place<'a>) -> Option<NetworkKind> {
        let found = self.table.find(ip);
        place.country = place.country.or(found.country);
        let is_by_database = place.asn.is_some();
        let network = match place.asn {
            Some(number) => self.table.network_of(number),
            None => found.network,
        };
        if let Some(network) = network {
            place.asn = Some(network.number);
            place.holder = place.holder.or(network.holder);
        }
        // The table knows what the words of its own holders say.
        let words = || place.holder.filter(|_| is_by_database).and_then(words::kind_of);
        listed::kind_of(place.asn?).or_else(|| network.and_then(|it| it.kind)).or_else(words)
    }
}

impl Places for Geo {
    fn place(&self, ip: IpAddr) -> Place<'_> {
        let ip = special::unwrapped(ip);
        let mut place = Place::default();
        for database in &self.databases {
            if !database.add(ip, &mut place) {
                self.undecodable.fetch_add(1, Ordering::Relaxed);
            }
        }
        let known = self.own.kind_of(ip).or_else(|| self.lists.kind_of(ip));
        if special::is_private(ip) {
            place.network = known.or(Some(NetworkKind::Private));
            return place;
        }
        let by_network = self.add_embedded(ip, &mut place);
        place.network = known.or(place.network).or(by_network);
        place
    }

    fn kilometres_between(&self, from: [u8; 2], to: [u8; 2]) -> Option<f64> {
        self.table.kilometres_between(from, to).map(f64::from)
    }
}
