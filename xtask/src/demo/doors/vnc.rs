//! RealVNC on a Linux workstation of the drawing office.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, Lease},
};

fn text(at: Moment, what: &str) -> String {
    format!("{} cad-3 vncserver-x11[612]: {what}", at.syslog())
}

/// A session of `user` from `at` to `until`; `lease` is the VPN session that it came through.
pub(crate) fn session(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    user: &str,
    (ip, port): (Ipv4Addr, u64),
    lease: Option<&Lease>,
) {
    journal.write(
        Channel::Cad,
        at,
        text(at, &format!("Connections: connected: {ip}::{port} (TCP)")),
    );
    let granted =
        format!("Connections: authenticated: {ip}::{port} (TCP), as {user} (f permissions)");
    journal.inner(Channel::Cad, at.plus(4), text(at.plus(4), &granted), user, lease);
    let gone = format!(
        "Connections: disconnected: {ip}::{port} (TCP) ([EndOfStream] Disconnection by client)"
    );
    journal.write(Channel::Cad, until, text(until, &gone));
}

/// A wrong password.
pub(crate) fn failed(journal: &mut Journal, at: Moment, ip: Ipv4Addr, port: u64) {
    journal.write(
        Channel::Cad,
        at,
        text(at, &format!("Connections: connected: {ip}::{port} (TCP)")),
    );
    let refused = format!(
        "Connections: disconnected: {ip}::{port} (TCP) ([AuthFailure] Either the username was not recognised, or the password was incorrect)"
    );
    journal.write(Channel::Cad, at.plus(3), text(at.plus(3), &refused));
}
