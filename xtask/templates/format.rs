//! {{TYPE}}: say here in one line which product's log this is.

use doorwarden_model::{Activity, Outcome, Reason, Service};

use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, origin::set_source};

/// # {{TYPE}}
///
/// **Products.** Vendor, product, versions.
///
/// **Where.** Where the log is found, and how to switch it on.
///
/// **Read.** Sign-ins and refusals.
///
/// **Ignored.** Everything else.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct {{TYPE}};

/// Its id.
const ID: &str = "{{ID}}";

impl Format for {{TYPE}} {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && record.app == Some(ID)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some((outcome, rest)) = result(record.message) else { return Ok(Parsed::Ignored) };
        // The client chooses the name, so it may itself hold " from ": split from the right.
        let (name, source) = rest.rsplit_once(" from ").ok_or(Reject::Shape)?;
        let mut event = ctx.event(ID, Service::Vpn, Activity::Logon, record)?;
        event.outcome = Some(outcome);
        event.reason = (outcome == Outcome::Failure).then_some(Reason::BadPassword);
        (event.user, event.domain) = split_domain(name);
        set_source(&mut event, source);
        ctx.emit(&event);
        Ok(Parsed::Event)
    }
}

/// The outcome that `message` states, and what stands behind it.
fn result(message: &str) -> Option<(Outcome, &str)> {
    let accepted = message.strip_prefix("accepted ").map(|it| (Outcome::Success, it));
    accepted.or_else(|| message.strip_prefix("refused ").map(|it| (Outcome::Failure, it)))
}
