//! Cisco ASA: `AnyConnect`.

use std::net::{IpAddr, Ipv4Addr};

use super::{Caller, Refusal};
use crate::{
    journal::{Channel, Journal},
    moment::Moment,
};

/// One of the gateways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asa {
    /// Its log.
    pub(crate) channel: Channel,
    /// Its name.
    pub(crate) name: &'static str,
}

/// How a client got in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof<'a> {
    /// Password at the RADIUS server.
    Password,
    /// A certificate with this subject and serial number.
    Certificate(&'a str, &'a str),
}

/// The RADIUS server that the gateways ask.
const RADIUS: &str = "10.16.1.5";

impl Asa {
    fn line(self, at: Moment, severity: u8, code: u32, text: &str) -> String {
        format!("{} {} : %ASA-{severity}-{code:06}: {text}", at.cisco(), self.name)
    }

    fn message(self, journal: &mut Journal, at: Moment, severity: u8, code: u32, text: &str) {
        journal.write(self.channel, at, &self.line(at, severity, code, text));
    }

    /// The gateway refused.
    pub(crate) fn refused(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        why: Refusal,
    ) {
        let Caller { user, ip, .. } = caller;
        let (code, reason, server) = match why {
            Refusal::Unknown => (113_015, "User was not found", "local database".to_owned()),
            Refusal::Password | Refusal::Expired | Refusal::Disabled => {
                (113_005, "AAA failure", format!("server = {RADIUS}"))
            }
        };
        let text = format!(
            "AAA user authentication Rejected : reason = {reason} : {server} : user = {user} : user IP = {ip}"
        );
        journal.state(self.channel, at, &self.line(at, 6, code, &text), caller.says("vpn"));
    }

    /// A session opens, and `assigned` is leased to it.
    pub(crate) fn opened(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        proof: Proof<'_>,
        assigned: Ipv4Addr,
    ) {
        let Caller { user, ip, machine, .. } = caller;
        let group = self.prove(journal, at.plus(-2), caller, proof);
        let attribute = |name: &str, value: &str| {
            format!("DAP: User {user}, Addr {ip}: Session Attribute endpoint.{name} = \"{value}\"")
        };
        if !machine.id.is_empty() {
            let id = attribute("anyconnect.deviceuniqueid", &machine.id);
            self.message(journal, at.plus_millis(-400), 7, 734_003, &id);
            let name = attribute("device.hostname", &machine.name);
            self.message(journal, at.plus_millis(-399), 7, 734_003, &name);
        }
        let who = format!("Group <{group}> User <{user}> IP <{ip}>");
        let started =
            self.line(at, 6, 113_039, &format!("{who} AnyConnect parent session started."));
        journal.state(self.channel, at, &started, caller.says("vpn"));
        let agent = format!("{} {}", machine.cisco_os(), machine.client);
        let client = format!("{who} Client Type: Cisco AnyConnect VPN Agent for {agent}");
        self.message(journal, at.plus(1), 6, 722_055, &client);
        let leased =
            format!("{who} IPv4 Address <{assigned}> IPv6 address <::> assigned to session");
        self.message(journal, at.plus(2), 4, 722_051, &leased);
    }

    fn prove(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        proof: Proof<'_>,
    ) -> &'static str {
        let Caller { user, ip, .. } = caller;
        match proof {
            Proof::Password => {
                let text = format!(
                    "AAA user authentication Successful : server =  {RADIUS} : user = {user}"
                );
                self.message(journal, at, 6, 113_004, &text);
                "VPN-Staff"
            }
            Proof::Certificate(subject, serial) => {
                let valid = format!(
                    "Certificate was successfully validated. serial number: {serial}, subject name:  {subject}."
                );
                self.message(journal, at, 6, 717_022, &valid);
                let named = format!(
                    "Group <VPN-Cert>: Authenticating ssl-client connection from <{ip}> with username, <{user}>, from client certificate"
                );
                self.message(journal, at.plus_millis(20), 5, 113_024, &named);
                "VPN-Cert"
            }
        }
    }

    /// The session lost its connection and took it up again, from `next`.
    pub(crate) fn resumed(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        next: IpAddr,
    ) {
        let who = format!("Group <VPN-Staff> User <{}> IP <{}>", caller.user, caller.ip);
        let lost = format!("{who} AnyConnect session lost connection. Waiting to resume.");
        self.message(journal, at, 6, 716_058, &lost);
        let back = format!("{who} AnyConnect session resumed connection from IP <{next}>.");
        let says = crate::journal::Says { ip: Some(next), ..caller.says("vpn") };
        let at = at.plus(95);
        journal.state(self.channel, at, &self.line(at, 6, 716_059, &back), says);
    }

    /// The session ended, after it was open since `start`.
    pub(crate) fn closed(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        start: Moment,
        proof: Proof<'_>,
    ) {
        let Caller { user, ip, .. } = caller;
        let group = if proof == Proof::Password { "VPN-Staff" } else { "VPN-Cert" };
        let seconds = at.since(start);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let (sent, received) = (at.0 / 7 % 90_000_000 + 400_000, at.0 / 13 % 9_000_000 + 90_000);
        let text = format!(
            "Group = {group}, Username = {user}, IP = {ip}, Session disconnected. Session Type: AnyConnect-Parent, Duration: {hours}h:{minutes:02}m:{seconds:02}s, Bytes xmt: {sent}, Bytes rcv: {received}, Reason: User Requested"
        );
        self.message(journal, at, 4, 113_019, &text);
    }
}
