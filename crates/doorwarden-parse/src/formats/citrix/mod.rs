//! Citrix `NetScaler` (ADC and Gateway) audit messages.
//!
//! [`line`] reads the message's own header, [`fields`] its `Key value - Key value` list, [`events`] tells what each
//! kind of message states, [`commands`] what an administrator's command does.

mod commands;
mod events;
mod fields;
mod line;

use doorwarden_model::{Activity, Service};

use crate::{Ctx, Format, Parsed, Record, Reject, formats::citrix::line::Order};

/// # Citrix `NetScaler` Gateway
///
/// Reads the audit log of `NetScaler` ADC and Gateway (Citrix ADC, Access Gateway), versions 9 to 14.
///
/// **Where it is found.** `/var/log/ns.log` on the appliance, and on every syslog server that a syslog action
/// names: System > Auditing > Syslog, with the log levels *Informational*, *Notice*, *Warning* and *Alert*.
///
/// ```text
/// 01/02/2026:03:04:05 GMT ns1 0-PPE-0 : default SSLVPN LOGIN 123 0 : Context ana@203.0.113.7 - SessionId: 12 - ...
/// ```
///
/// The date stands as month/day, day/month or year/month/day, as the appliance is set: a part over 12 or the syslog
/// header tells which, and it is remembered for the rest of the source. Without `GMT` the zone is assumed.
///
/// **What is read.** Logins, logouts, time-outs and removed sessions of Gateway (`SSLVPN`) and of traffic management
/// (`AAATM`), refused sign-ins (`AAA LOGIN_FAILED`), tunnel and flow statistics with the address that they came from
/// (it may differ from that of the login), ICA sessions, denied resources, endpoint analysis, and `CMD_EXECUTED` of
/// all consoles: administrators' logins, changes of local accounts, and changes of authentication, AAA, VPN, portal
/// themes, certificates and logging.
///
/// **What is ignored.** Web requests, connections, SSL handshakes, the application firewall (also in CEF form), the
/// state of services, `show` and `stat` commands, other configuration, the AAA daemon's traces of single steps.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Citrix;

/// Its id.
const ID: &str = "citrix";

impl Format for Citrix {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (line::read(record).is_some() || line::is_cef(record))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some(line) = line::read(record) else {
            // The application firewall is all that speaks CEF.
            return if line::is_cef(record) { Ok(Parsed::Ignored) } else { Err(Reject::Shape) };
        };
        let stamp = line.date.stamp(record.stamp, ctx.carry::<Order>())?;
        if !events::is_known(&line) {
            return Ok(Parsed::Ignored);
        }
        let mut event = match stamp {
            Some(stamp) => ctx.event_at(ID, Service::Citrix, Activity::Other, stamp),
            None => ctx.event(ID, Service::Citrix, Activity::Other, record)?,
        };
        event.host = line.host.or(record.host);
        event.code = Some(line.name);
        if !events::describe(&line, &mut event) {
            return Ok(Parsed::Ignored);
        }
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}
