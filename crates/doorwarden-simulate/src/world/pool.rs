//! Addresses that a gateway leases; the one that was given back longest ago is leased next.

use std::{cmp::Reverse, collections::BinaryHeap, net::Ipv4Addr};

use crate::moment::Moment;

/// The pool of a gateway.
#[derive(Debug)]
pub(crate) struct Pool {
    first: u32,
    used: u32,
    free: BinaryHeap<Reverse<(Moment, u32)>>,
}

impl Pool {
    /// Addresses from `first` on.
    pub(crate) fn new(first: Ipv4Addr) -> Self {
        Self { first: u32::from(first), used: 0, free: BinaryHeap::new() }
    }

    /// An address that nobody else has from `at` to `until`.
    pub(crate) fn lease(&mut self, at: Moment, until: Moment) -> Ipv4Addr {
        let is_free = self.free.peek().is_some_and(|it| it.0.0 <= at);
        let given_back = if is_free { self.free.pop() } else { None };
        let address = given_back.map_or_else(|| self.fresh(), |it| it.0.1);
        self.free.push(Reverse((until.plus(60), address)));
        Ipv4Addr::from(address)
    }

    fn fresh(&mut self) -> u32 {
        self.used += 1;
        // Skips the addresses that end a block of 256.
        self.first + self.used / 250 * 256 + self.used % 250
    }
}
