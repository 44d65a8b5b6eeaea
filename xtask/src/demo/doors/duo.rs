//! Duo: the second factor of the gateway.

use std::net::Ipv4Addr;

use serde_json::json;

use crate::demo::{channel::Channel, clock::Moment, journal::Journal};

/// How a prompt was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By its owner, yes.
    Approved,
    /// By its owner, no.
    Denied,
    /// Not at all.
    Nothing,
}

/// A push to the telephone of `user`, for a sign-in from `ip`.
pub(crate) fn push(journal: &mut Journal, at: Moment, user: &str, ip: Ipv4Addr, answer: Answer) {
    let (reason, result) = match answer {
        Answer::Approved => ("user_approved", "success"),
        Answer::Denied => ("user_cancelled", "denied"),
        Answer::Nothing => ("no_response", "denied"),
    };
    let key = user.bytes().fold(17u64, |sum, it| sum.wrapping_mul(31).wrapping_add(u64::from(it)));
    let entry = json!({
        "access_device": {"browser": null, "browser_version": null, "hostname": null, "ip": ip, "os": null},
        "application": {"key": "DIARBORIAVPN00000001", "name": "Arboria VPN"},
        "auth_device": {"ip": null, "key": format!("DP{key:018X}"), "name": "telephone"},
        "email": format!("{user}@arboria.example"),
        "event_type": "authentication",
        "factor": "duo_push",
        "isotimestamp": at.python(),
        "reason": reason,
        "result": result,
        "timestamp": at.0 / 1_000,
        "txid": format!("{:08x}-{:04x}-4a6e-9c11-{:012x}", at.0 / 1_000, at.0 % 0xffff, key & 0xffff_ffff_ffff),
        "user": {"groups": ["vpn"], "key": format!("DU{key:018X}"), "name": user},
    });
    journal.write(Channel::Duo, at, entry.to_string());
}
