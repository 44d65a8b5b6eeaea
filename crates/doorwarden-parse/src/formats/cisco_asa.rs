//! Cisco ASA and FTD syslog messages.

use doorwarden_model::{Activity, Outcome, Reason, Service};

use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, record::address};

/// # Cisco ASA and FTD
///
/// Reads `%ASA-` and `%FTD-` messages.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct CiscoAsa;

/// Its id.
const ID: &str = "cisco-asa";

impl Format for CiscoAsa {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text()
            && record.app.is_some_and(|it| it.starts_with("%ASA-") || it.starts_with("%FTD-"))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let code = record.app.and_then(|it| it.rsplit('-').next()).ok_or(Reject::Shape)?;
        match code {
            "113039" => {
                let (user, tail) = between(record.message, "User <", ">").ok_or(Reject::Shape)?;
                let (ip, _) = between(tail, "IP <", ">").ok_or(Reject::Shape)?;
                let mut event = ctx.event(ID, Service::Vpn, Activity::Logon, record)?;
                event.outcome = Some(Outcome::Success);
                (event.user, event.domain) = split_domain(user);
                event.src_ip = address(ip);
                event.code = Some(code);
                ctx.emit(&event);
                Ok(Parsed::Event)
            }
            "113015" | "113005" => {
                let (_, tail) = record.message.split_once(" user = ").ok_or(Reject::Shape)?;
                let (user, ip) = tail.split_once(" : user IP = ").unwrap_or((tail, ""));
                let mut event = ctx.event(ID, Service::Vpn, Activity::Logon, record)?;
                event.outcome = Some(Outcome::Failure);
                event.reason = Some(Reason::BadPassword);
                (event.user, event.domain) = split_domain(user);
                event.src_ip = address(ip.trim());
                event.code = Some(code);
                ctx.emit(&event);
                Ok(Parsed::Event)
            }
            _ => Ok(Parsed::Ignored),
        }
    }
}

fn between<'r>(text: &'r str, open: &str, close: &str) -> Option<(&'r str, &'r str)> {
    let (_, tail) = text.split_once(open)?;
    tail.split_once(close)
}
