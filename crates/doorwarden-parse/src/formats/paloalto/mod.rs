//! Palo Alto Networks firewalls, Panorama and Prisma Access: which of their logs is read where.

mod config;
mod fields;
mod global_protect;
mod identity;
mod reason;
mod system;

use crate::{Ctx, Format, Parsed, Record, Reject};

use fields::{Carrier, Log, LogType};

/// # Palo Alto Networks PAN-OS, GlobalProtect and Prisma Access
///
/// The logs of PAN-OS firewalls (7.1 to 12.1), of Panorama, and of Prisma Access by Strata Logging Service (Cortex
/// Data Lake).
///
/// **Where they are.** On the firewall: Device > Server Profiles > Syslog, then Device > Log Settings for System,
/// Configuration, User-ID, HIP Match and GlobalProtect, and Objects > Log Forwarding for Authentication. In Strata
/// Logging Service: Log Forwarding, to syslog or HTTPS.
///
/// **Forms.** The default comma-separated one, bare or behind a syslog header of any kind; CEF and LEEF, by Palo Alto's
/// templates or by Strata Logging Service; its JSON and e-mail forms; custom formats that write the fields' own names
/// (`type=SYSTEM, subtype=auth, ...`, set apart by commas or bars).
///
/// **What is read.**
/// - GLOBALPROTECT, in the columns of 9.1.0-9.1.2 and of 9.1.3 and later: sign-ins at portal, gateway and Clientless
///   VPN, registration, tunnels, configuration, host checks, sign-outs. A pre-login is an attempt whose outcome is not
///   known yet, as the client has not proven anything; where it fails, it is a refused attempt.
/// - SYSTEM: `auth-success` and `auth-fail` of authentication profiles, single sign-on and captive portal; sign-ins of
///   administrators; GlobalProtect's messages of PAN-OS up to 9.0; logs that were cleared.
/// - AUTHENTICATION: the first factor as a logon, further ones as a second factor.
/// - CONFIG: accounts (local users, administrators) as `account`, everything else as `change`.
/// - USERID and HIPMATCH state which user or device is behind an address (`other`).
///
/// **What is ignored.** TRAFFIC, THREAT and all other log types; SYSTEM messages that state no sign-in.
///
/// **Time.** The time at which the record was generated. It has no zone, except in records from Strata Logging Service
/// and where PAN-OS 10 and later adds its high-resolution stamp.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct PaloAlto;

/// Its id.
const ID: &str = "paloalto";

impl Format for PaloAlto {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        Carrier::of(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let carrier = Carrier::of(record).ok_or(Reject::Shape)?;
        let kind = carrier.log_type(ctx.arena);
        if kind == LogType::Other {
            return Ok(Parsed::Ignored);
        }
        let log = Log::read(record, carrier, ctx.arena)?;
        match kind {
            LogType::GlobalProtect => global_protect::read(&log, ctx),
            LogType::System => system::read(&log, ctx),
            LogType::Config => config::read(&log, ctx),
            LogType::Authentication => identity::authentication(&log, ctx),
            LogType::UserId => identity::user_id(&log, ctx),
            LogType::HipMatch => identity::hip_match(&log, ctx),
            LogType::Other => Ok(Parsed::Ignored),
        }
    }
}
