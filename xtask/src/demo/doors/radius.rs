//! `FreeRADIUS`: on behalf of the gateway and of the office's wireless network.

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, NUMBER},
};

/// Who asks the server: the gateway or an access point, and what the client calls itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks<'a> {
    /// Name of the device that asks.
    pub(crate) client: &'a str,
    /// Address or hardware address of the person's device.
    pub(crate) caller: &'a str,
}

fn auth(journal: &mut Journal, at: Moment, what: &str, user: &str, asks: Asks<'_>) {
    let Asks { client, caller } = asks;
    let port = if client == "vpn-1" { at.0 / 1_000 % 4_096 } else { 0 };
    let line = format!(
        "{} : Auth: ({NUMBER}) {what}: [{user}] (from client {client} port {port} cli {caller})",
        at.ctime()
    );
    journal.write(Channel::Radius, at, line);
}

/// The password was right.
pub(crate) fn accepted(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    auth(journal, at, "Login OK", user, asks);
}

/// The password was wrong.
pub(crate) fn rejected(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    let what = "Login incorrect (ldap: Bind credentials incorrect: Invalid credentials)";
    auth(journal, at, what, user, asks);
}

/// Nobody has that name.
pub(crate) fn unknown(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    let what =
        "Login incorrect (No Auth-Type found: rejecting the user via Post-Auth-Type = Reject)";
    auth(journal, at, what, user, asks);
}
