//! Palo Alto Networks GlobalProtect, in the form of the firewall's own syslog.

use std::net::Ipv4Addr;

use super::{Caller, Refusal};
use crate::{
    company::machines::CLIENTS,
    journal::{Channel, Journal},
    moment::Moment,
};

/// One of the gateways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Protect {
    /// Its log.
    pub(crate) channel: Channel,
    /// Its name.
    pub(crate) name: &'static str,
    /// Its serial number.
    pub(crate) serial: &'static str,
}

/// What happened.
struct What<'a> {
    event: &'static str,
    stage: &'static str,
    auth: &'static str,
    reason: &'a str,
    error: &'static str,
    status: &'static str,
    assigned: Ipv4Addr,
    seconds: i64,
}

const DONE: What<'static> = What {
    event: "",
    stage: "login",
    auth: "",
    reason: "",
    error: "",
    status: "success",
    assigned: Ipv4Addr::UNSPECIFIED,
    seconds: 0,
};

impl Protect {
    fn line(self, at: Moment, caller: &Caller<'_>, what: &What<'_>) -> String {
        let Caller { user, ip, netbios, machine, .. } = caller;
        let What { event, stage, auth, reason, error, status, assigned, seconds } = what;
        let (os, system) = machine.paloalto_os();
        let client = CLIENTS.iter().find(|it| it.0 == machine.client).map_or("6.2.1", |it| it.1);
        let host_id = machine.id.get(..32).unwrap_or_default().to_lowercase();
        let stamp = at.paloalto();
        let high = at.iso();
        let zulu = high.strip_suffix('Z').unwrap_or(&high);
        let gateway = self.name;
        format!(
            "1,{stamp},{},GLOBALPROTECT,0,2561,{stamp},vsys1,{event},{stage},{auth},,{netbios}\\{user},,{},{ip},0.0.0.0,{assigned},0.0.0.0,{host_id},,{client},{os},\"{system}\",1,{reason},{error},,{status},,{seconds},on-demand,0,{gateway},{},0x8000000000000000,{zulu}+00:00,,0,manual only,,,0,0,0,0,,{gateway},1",
            self.serial,
            machine.name,
            crate::journal::NUMBER
        )
    }

    /// The gateway refused.
    pub(crate) fn refused(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        why: Refusal,
    ) {
        let error = match why {
            Refusal::Password | Refusal::Unknown => {
                "Authentication failed: Invalid username or password"
            }
            Refusal::Expired => "Authentication failed: password expired",
            Refusal::Disabled => "Authentication failed: account disabled",
        };
        let what = What { event: "gateway-auth", auth: "RADIUS", error, status: "failure", ..DONE };
        let line = self.line(at, caller, &what);
        journal.state(self.channel, at, &line, caller.says("vpn"));
    }

    /// A session opens, and `assigned` is leased to it.
    pub(crate) fn opened(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        assigned: Ipv4Addr,
    ) {
        let proof = What { event: "gateway-auth", auth: "RADIUS", ..DONE };
        let line = self.line(at, caller, &proof);
        journal.state(self.channel, at, &line, caller.says("vpn"));
        let connected = What { event: "gateway-connected", stage: "connected", assigned, ..DONE };
        let at = at.plus_millis(2_100);
        journal.write(self.channel, at, &self.line(at, caller, &connected));
    }

    /// The session ended, after it was open since `start`.
    pub(crate) fn closed(
        self,
        journal: &mut Journal,
        at: Moment,
        caller: &Caller<'_>,
        start: Moment,
        assigned: Ipv4Addr,
    ) {
        let what = What {
            event: "gateway-logout",
            stage: "logout",
            reason: "client logout",
            assigned,
            seconds: at.since(start),
            ..DONE
        };
        journal.write(self.channel, at, &self.line(at, caller, &what));
    }
}
