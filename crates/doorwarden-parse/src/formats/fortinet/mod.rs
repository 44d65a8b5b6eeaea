//! Fortinet's logs: which kind of record is read where.

mod admin;
mod authenticator;
mod fields;
mod reason;
mod user;
mod vpn;

use crate::{Ctx, Format, Parsed, Record, Reject};

use fields::{Carrier, Line};

/// # Fortinet FortiGate and `FortiAuthenticator`
///
/// The event logs of `FortiOS` 4.3 to 7.6 (FortiGate, `FortiProxy`), the administrators' sign-ins of the other
/// Fortinet appliances that write the same form, and the authentications of `FortiAuthenticator`.
///
/// **Where they are.** `config log syslogd setting`, `set status enable`, `set server ...`; `config log eventfilter` must
/// let `vpn`, `user`, `system` and `endpoint` through. `FortiAnalyzer` forwards the same records.
///
/// **Forms.** `key=value` (`format default`), bare or behind a syslog header; `format csv`, `cef`, `rfc5424`; JSON.
///
/// **What is read.**
/// - `subtype=vpn`, SSL-VPN: refused sign-ins (39426), sign-ins (`tunnel-up` of `ssl-web`), tunnels with the address
///   that they lease (`tunnel-up` of `ssl-tunnel`), their statistics and ends, web applications let through or refused,
///   new connections and aborted ones.
/// - `subtype=vpn`, `IPsec`, L2TP and PPTP: tunnels up and down; negotiations that a peer began and that failed, or in
///   which a user signed in. `user` is the peer's address where nobody signed in, so addresses are no names.
/// - `subtype=user`: authentications at a policy or proxy (43008-43011, 43016-43039), FSSO logons and logoffs, lockouts,
///   codes sent for a second factor.
/// - `subtype=system`: sign-ins of administrators (32001-32003, 32021), changes of local users, groups and
///   administrators (`account`), changes of what guards the door: VPN, authentication servers, certificates, policies,
///   logging, portal pages (`change`).
/// - `subtype=endpoint`: which device `FortiClient` runs on (`other`).
///
/// **What is ignored.** `type=traffic`, `utm` and all others; events that state no sign-in, session or such change.
///
/// **Time.** `eventtime` where the record has one; else `date` and `time` with `tz`. The session is the tunnel's id, for
/// administrators `sn`.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Fortinet;

/// Its id.
const ID: &str = "fortinet";

impl Format for Fortinet {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        Carrier::of(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let carrier = Carrier::of(record).ok_or(Reject::Shape)?;
        if !carrier.is_event(ctx.arena) {
            return Ok(Parsed::Ignored);
        }
        let line = Line::read(record, carrier, ctx.arena)?;
        match line.subtype() {
            "vpn" | "sslvpn-user" | "sslvpn-session" | "ipsec" | "l2tp" | "pptp" => {
                vpn::read(&line, ctx)
            }
            "user" | "auth" => user::read(&line, ctx),
            "system" | "admin" | "config" => admin::read(&line, ctx),
            "endpoint" => user::endpoint(&line, ctx),
            "Authentication" => authenticator::read(&line, record, ctx),
            _ => Ok(Parsed::Ignored),
        }
    }
}
