//! OpenSSH `sshd` messages, as syslog carries them.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use crate::{Ctx, Format, Parsed, Record, Reject, record::address};

/// # OpenSSH
///
/// Reads `Accepted`, `Failed` and `Invalid user` messages of `sshd`.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct OpenSsh;

/// Its id.
const ID: &str = "openssh";

impl Format for OpenSsh {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && matches!(record.app, Some("sshd" | "sshd-session"))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let message = record.message;
        if let Some(tail) = message.strip_prefix("Accepted ") {
            return attempt(record, ctx, tail, Outcome::Success);
        }
        if let Some(tail) = message.strip_prefix("Failed ") {
            return attempt(record, ctx, tail, Outcome::Failure);
        }
        Ok(Parsed::Ignored)
    }
}

/// `password for ana from 203.0.113.7 port 4711 ssh2`
fn attempt<'r>(
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
    tail: &'r str,
    outcome: Outcome,
) -> Result<Parsed, Reject> {
    let (method, tail) = tail.split_once(" for ").ok_or(Reject::Shape)?;
    let known = tail.strip_prefix("invalid user ");
    let mut event: Event<'r> = ctx.event(ID, Service::Ssh, Activity::Logon, record)?;
    event.outcome = Some(outcome);
    if outcome == Outcome::Failure {
        event.reason =
            Some(if known.is_some() { Reason::UnknownUser } else { Reason::BadPassword });
    }
    // The client chooses the name, so it may itself hold " from ": split from the right.
    let (name, from) = known.unwrap_or(tail).rsplit_once(" from ").ok_or(Reject::Shape)?;
    let mut words = from.split(' ');
    event.user = Some(name).filter(|it| !it.is_empty());
    event.src_ip = words.next().and_then(address);
    event.src_port = words.nth(1).and_then(|it| it.parse().ok());
    event.method = Some(method);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
