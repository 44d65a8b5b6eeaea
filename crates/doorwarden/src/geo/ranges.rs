//! Blocks of addresses with a kind of network, as one sorted list in which the narrowest block counts.

use std::net::IpAddr;

use doorwarden_model::NetworkKind;
use ipnet::IpNet;

/// Disjoint ranges that each start where the one before ends; sorted.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    v4: Vec<(u128, Option<NetworkKind>)>,
    v6: Vec<(u128, Option<NetworkKind>)>,
}

impl Ranges {
    /// Of two equal blocks the first one given counts, of two nested ones the narrower.
    pub(super) fn new(blocks: &[(IpNet, NetworkKind)]) -> Self {
        let of = |is_v4: bool| {
            let mut own: Vec<_> = blocks
                .iter()
                .filter(|it| matches!(it.0, IpNet::V4(_)) == is_v4)
                .map(|(net, kind)| (number(net.network()), number(net.broadcast()), *kind))
                .collect();
            own.sort_by_key(|it| (it.0, std::cmp::Reverse(it.1)));
            own.dedup_by_key(|it| (it.0, it.1));
            flat(&own)
        };
        Self { v4: of(true), v6: of(false) }
    }

    /// The kind of the narrowest block that holds `ip`.
    pub(super) fn kind_of(&self, ip: IpAddr) -> Option<NetworkKind> {
        let list = if ip.is_ipv4() { &self.v4 } else { &self.v6 };
        let ip = number(ip);
        let after = list.partition_point(|it| it.0 <= ip);
        list.get(after.checked_sub(1)?)?.1
    }
}

/// Blocks are nested or apart, never half over another, so the open ones form a stack.
fn flat(sorted: &[(u128, u128, NetworkKind)]) -> Vec<(u128, Option<NetworkKind>)> {
    let mut out = Vec::with_capacity(sorted.len() * 2);
    let mut open: Vec<(u128, NetworkKind)> = Vec::new();
    for (first, last, kind) in sorted {
        close(&mut open, &mut out, *first);
        out.push((*first, Some(*kind)));
        open.push((*last, *kind));
    }
    close(&mut open, &mut out, u128::MAX);
    out
}

/// Ends the open blocks that lie before `next`; behind each the block around it goes on.
fn close(
    open: &mut Vec<(u128, NetworkKind)>,
    out: &mut Vec<(u128, Option<NetworkKind>)>,
    next: u128,
) {
    while let Some(&(last, _)) = open.last()
        && last < next
    {
        open.pop();
        out.push((last + 1, open.last().map(|it| it.1)));
    }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(it) => u128::from(u32::from(it)),
        IpAddr::V6(it) => u128::from(it),
    }
}
