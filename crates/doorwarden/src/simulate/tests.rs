//! The networks that addresses are drawn from lie where the built-in table says.

use std::net::{IpAddr, Ipv4Addr};

use doorwarden_model::{Context, NetworkKind, Places as _};
use doorwarden_simulate::{NETWORKS, Network, Use};

use crate::geo::{Geo, GeoArguments};

/// Addresses looked at in each range.
const PROBES: u32 = 40;

fn addresses(network: &Network) -> impl Iterator<Item = IpAddr> {
    network.ranges.iter().flat_map(|(first, prefix)| {
        let size = 1u64 << (32 - prefix);
        (0..PROBES).map(move |it| {
            let step = u64::from(it) * size / u64::from(PROBES) + 7;
            IpAddr::V4(Ipv4Addr::from(u32::from(*first) + u32::try_from(step).unwrap()))
        })
    })
}

#[test]
fn addresses_lie_in_the_country_that_they_are_drawn_for() {
    let geo = Geo::load(&GeoArguments::default(), &Context::default()).unwrap();
    // A relay hides where its users are, and that is what it is there for.
    for network in NETWORKS.iter().filter(|it| it.of != Use::Relay) {
        let all: Vec<IpAddr> = addresses(network).collect();
        let is_right = |it: &&IpAddr| geo.place(**it).country_code() == Some(network.country);
        let right = all.iter().filter(is_right).count();
        assert!(all.len() * 3 <= right * 4, "{}: {right} of {}", network.name, all.len());
        let is_rented = |it: &&IpAddr| geo.place(**it).network == Some(NetworkKind::Hosting);
        let rented = all.iter().filter(is_rented).count();
        match network.of {
            Use::Hosting | Use::Gateway => assert!(all.len() * 3 <= rented * 4, "{}", network.name),
            Use::Isp | Use::Business | Use::Mobile => {
                assert!(rented * 4 <= all.len(), "{}: {rented}", network.name);
            }
            Use::Vpn | Use::Relay | Use::Flight | Use::Inside => {}
        }
    }
}
