//! Places of addresses, looked up once where an address comes again soon.

use std::net::IpAddr;

use doorwarden_model::{Place, Places};

/// Places of the addresses seen last; most of a log's addresses come again soon.
pub(crate) struct PlaceCache<'p> {
    places: &'p dyn Places,
    slots: Vec<Option<(IpAddr, Place<'p>)>>,
}

/// Slots of the cache; a power of two.
const SLOTS: usize = 1 << 15;

impl<'p> PlaceCache<'p> {
    /// An empty cache over `places`.
    pub(crate) fn new(places: &'p dyn Places) -> Self {
        Self { places, slots: vec![None; SLOTS] }
    }

    /// What is known of `ip`.
    pub(crate) fn place(&mut self, ip: IpAddr) -> Place<'p> {
        let key = match ip {
            IpAddr::V4(it) => u64::from(u32::from(it)),
            IpAddr::V6(it) => {
                u64::try_from((u128::from(it) >> 56) & u128::from(u64::MAX)).unwrap_or(0)
            }
        };
        let at = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 49) as usize % SLOTS;
        match self.slots.get(at) {
            Some(Some((known, place))) if *known == ip => *place,
            _ => {
                let place = self.places.place(ip);
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = Some((ip, place));
                }
                place
            }
        }
    }
}
