//! `OpenVPN` servers.
//!
//! [`line`] cuts a line into stamp, client and message, [`server`] tells what the daemon's message states, [`memory`]
//! what was said of the client before; [`scripts`] are the firewalls' own, [`access_server`] and [`cloud`] the
//! vendor's other products.

mod access_server;
mod cloud;
mod line;
mod memory;
mod python;
mod scripts;
mod server;

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Outcome, Service};
use jiff::Timestamp;

use crate::{
    Ctx, Format, Parsed, Payload, Record, Reject,
    formats::openvpn::{
        line::{Line, Speaker},
        memory::{Known, Peers},
        server::Said,
    },
    names::split_domain,
};

/// # `OpenVPN`
///
/// Reads the log of `OpenVPN` servers 2.0 to 2.7, of `OpenVPN` Access Server 2, of `CloudConnexa`, and what pfSense and
/// `OPNsense` add.
///
/// **Where it is found.** Where `log` or `log-append` of the server's configuration says, else in syslog under
/// `openvpn` or `ovpn-NAME`; Access Server writes `/var/log/openvpnas.log`, pfSense `/var/log/openvpn.log`. `verb 3`
/// (the usual setting) states everything that is read.
///
/// ```text
/// 2026-01-02 03:04:05 203.0.113.7:51000 TLS: Username/Password authentication succeeded for username 'ana' [CN SET]
/// 2026-01-02 03:04:05 203.0.113.7:51000 [ana] Peer Connection Initiated with [AF_INET]203.0.113.7:51000
/// ```
///
/// **What is read.** Passwords and tokens accepted, refused or answered later, by the daemon, PAM, LDAP and scripts;
/// certificates refused; connections by name, leased addresses, ends of sessions; what clients report of themselves;
/// failed handshakes. A connection by name is the sign-in where no password was asked for, else the session that
/// follows it. A line that leaves out the name gets it from the lines before it, by the client's address and port. Of
/// Access Server the sign-ins to the VPN and to its web pages, of `CloudConnexa` connections and their ends.
///
/// **What is ignored.** Ciphers, options, routes, buffers, the management interface, start and end of the server, and
/// the status file, which is no log.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct OpenVpn;

/// Its id.
const ID: &str = "openvpn";

impl Format for OpenVpn {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        match record.payload {
            Payload::Json => cloud::is_own(record.message),
            Payload::Text => line::is_own(record),
            Payload::Windows(_) => false,
        }
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        if let Some(json) = record.json() {
            return cloud::parse(json, record, ctx);
        }
        let line = line::read(record, ctx);
        // The time is set once it is clear that the line states something.
        let mut event = Event::new(ID, Service::Vpn, Activity::Other, Timestamp::UNIX_EPOCH);
        event.host = line.host;
        if let Some(peer) = line.peer {
            event.user = peer.name;
            (event.src_ip, event.src_port) = (Some(peer.ip), peer.port);
        }
        let said = said(&line, &mut event, ctx);
        if said == Said::Nothing {
            return Ok(Parsed::Ignored);
        }
        let timed = match line.stamp {
            Some(stamp) => ctx.event_at(ID, Service::Vpn, Activity::Other, stamp),
            None => ctx.event(ID, Service::Vpn, Activity::Other, record)?,
        };
        (event.time, event.time_assumed) = (timed.time, timed.time_assumed);
        remember(said, line.speaker, &mut event, ctx);
        if let Some(name) = event.user {
            (event.user, event.domain) = split_domain(name);
        }
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}

/// Fills `event` from what the line says.
fn said<'r>(line: &Line<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> Said {
    match line.speaker {
        Speaker::AccessServer => access_server::describe(line.text, event, ctx),
        Speaker::Daemon => match server::describe(line.text, event) {
            Said::Nothing => scripts::describe(line.text, event),
            said => said,
        },
    }
}

/// Completes `event` by what is known of the client, and remembers what it adds.
fn remember<'r>(said: Said, speaker: Speaker, event: &mut Event<'r>, ctx: &mut Ctx<'r, '_>) {
    let peer = event.src_ip.zip(event.src_port);
    if said == Said::Begun
        && let Some(peer) = peer
    {
        ctx.carry::<Peers>().forget(peer);
    }
    let known = known(peer, ctx);
    match said {
        Said::Connected => connected(&known, speaker, event),
        Said::Ended => ended(&known, event),
        Said::Nothing | Said::Something | Said::Begun => {}
    }
    known.complete(event, ctx);
    let Some(peer) = peer else { return };
    if said == Said::Ended {
        ctx.carry::<Peers>().forget(peer);
    } else {
        ctx.carry::<Peers>().note(peer, event);
    }
}

fn known(peer: Option<(IpAddr, u16)>, ctx: &mut Ctx<'_, '_>) -> Known {
    peer.and_then(|it| ctx.carry::<Peers>().get(it).cloned()).unwrap_or_default()
}

/// A named client finished its handshake: that was the sign-in, unless a password decides. Access Server asks for one
/// behind the daemon's back, and tells of it by itself.
fn connected(known: &Known, speaker: Speaker, event: &mut Event<'_>) {
    if speaker == Speaker::AccessServer || !known.has_no_password() {
        event.activity = Activity::Session;
        return;
    }
    event.activity = Activity::Logon;
    event.outcome = Some(Outcome::Success);
    event.method = known.has_certificate().then_some("certificate");
}

/// Only a client that had a name had a session.
fn ended(known: &Known, event: &mut Event<'_>) {
    let had_session = event.user.is_some() || known.is_signed_in();
    event.activity = if had_session { Activity::Logoff } else { Activity::Other };
}
