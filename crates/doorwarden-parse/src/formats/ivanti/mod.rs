//! Pulse Secure and Ivanti Connect Secure, and the Juniper Secure Access before them.
//!
//! [`entry`] reads an entry out of its three shapes, [`meaning`] tells by its text what it states, [`codes`] by its
//! message id where the text tells nothing.

mod codes;
mod entry;
mod meaning;

use doorwarden_model::{Activity, Service};

use crate::{
    Ctx, Format, Parsed, Payload, Record, Reject, formats::ivanti::entry::When, names::split_domain,
};

/// # Pulse Secure and Ivanti Connect Secure
///
/// Reads the User Access, Admin Access and Events logs of Ivanti Connect Secure (22.x), Pulse Connect Secure (8.x,
/// 9.x), the Juniper Secure Access and MAG gateways before them, and Neurons for Zero Trust Access.
///
/// **Where it is found.** System > Log/Monitoring > Settings of each of the three logs: enter a syslog server there,
/// with the filter *Standard*, *WELF* or *JSON*; or save a log as a text file. All three shapes are read, behind any
/// syslog header:
///
/// - `2026-01-02 03:04:05 - node - [203.0.113.7] ana(Staff)[Employees] - Login succeeded for ana/Staff ...`
/// - `id=firewall time="2026-01-02 03:04:05" ... vpn=ivs user=ana realm="Staff" ... msg="AUT24414: ..."`
/// - `{"message_id":"AUT24414","us_timestamp":"...","source_ip":"...","user":"...","raw_message":"..."}`
///
/// **What is read.** Primary and secondary authentication, logins and their refusals, logouts, session time-outs and
/// terminations, sessions that were resumed or whose remote address changed, VPN tunnels with their leased address
/// and the client's host name, Host Checker's results, rejected certificates, connections that did not sign in,
/// administrators' logins, changes of the configuration, of logging and of local accounts, and the integrity checker.
/// Enable *Login/logout*, *VPN Tunneling*, *Administrator changes* and *Client certificate* under the log's settings.
///
/// **What is ignored.** Web, file and terminal requests, connection statistics, key exchanges, the synchronisation
/// between cluster nodes, licences, RADIUS accounting, realm restrictions that were passed.
///
/// The stamp of an entry states no zone. Where the syslog header does, its zone is used; else the zone is assumed.
/// Names are chosen by whoever signs in: an entry in which a name could pass for the entry's own fields is refused.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Ivanti;

/// Its id.
const ID: &str = "ivanti";

impl Format for Ivanti {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        match record.payload {
            Payload::Json => entry::is_json(record.message),
            Payload::Text => entry::is_text(record),
            Payload::Windows(_) => false,
        }
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let entry = entry::read(record, ctx)?;
        if meaning::is_web(entry.message) {
            return Ok(Parsed::Ignored);
        }
        let mut event = match entry.when {
            When::Unstated => ctx.event(ID, Service::Vpn, Activity::Other, record)?,
            When::Stamp(stamp) => ctx.event_at(ID, Service::Vpn, Activity::Other, stamp),
            When::Millis(millis) => {
                Ctx::event_at_millis(ID, Service::Vpn, Activity::Other, millis)?
            }
        };
        event.host = entry.host;
        event.code = entry.code;
        event.src_ip = entry.src.filter(|it| !it.is_loopback());
        event.user = entry.user;
        event.session = entry.session;
        event.device = entry.device;
        event.client = entry.client;
        event.certificate = entry.certificate;
        if !meaning::describe(&entry, &mut event) {
            return Ok(Parsed::Ignored);
        }
        if let Some(name) = event.user {
            (event.user, event.domain) = split_domain(name);
        }
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}
