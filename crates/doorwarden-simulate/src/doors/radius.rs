//! `FreeRADIUS`: on behalf of the gateways and of offices' wireless networks. Its clock is two minutes ahead.

use crate::{
    journal::{Channel, Journal, NUMBER},
    moment::Moment,
};

/// Who asks the server, and what the person's device calls itself: an address or a hardware address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks<'a> {
    /// Name of the device that asks.
    pub(crate) client: &'a str,
    /// Address or hardware address of the person's device.
    pub(crate) caller: &'a str,
}

/// The password was right.
pub(crate) fn accepted(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    write(journal, at, "Login OK", user, asks);
}

/// The password was wrong.
pub(crate) fn rejected(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    let what = "Login incorrect (ldap: Bind credentials incorrect: Invalid credentials)";
    write(journal, at, what, user, asks);
}

/// Nobody has that name.
pub(crate) fn unknown(journal: &mut Journal, at: Moment, user: &str, asks: Asks<'_>) {
    let what =
        "Login incorrect (No Auth-Type found: rejecting the user via Post-Auth-Type = Reject)";
    write(journal, at, what, user, asks);
}

fn write(journal: &mut Journal, at: Moment, what: &str, user: &str, asks: Asks<'_>) {
    let Asks { client, caller } = asks;
    let stamp = Journal::clock(Channel::Radius, at).ctime();
    let port = at.seconds() % 4_096;
    let line = format!(
        "{stamp} : Auth: ({NUMBER}) {what}: [{user}] (from client {client} port {port} cli {caller})"
    );
    journal.write(Channel::Radius, at, &line);
}
