//! RRAS's messages: `CoId={...}: The user CORP\ana connected from 203.0.113.7 but failed ...`.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::ID;
use crate::{
    Ctx, Parsed, Record, Reject,
    names::split_domain,
    record::{address, address_port},
};

/// Whether `record` is a message of RRAS.
pub(super) fn claims(record: &Record<'_>) -> bool {
    let text = record.message.trim_start();
    IDS.iter().any(|it| text.starts_with(it))
}

/// What stands before the ids that messages begin with: newer versions name the routing domain before the connection.
const IDS: &[&str] =
    &["CoId={", "CoId= {", "CoID={", "CoID= {", "RoutingDomainID- {", "RoutingDomainID-{"];

/// The last of the ids before a message, which is the connection's, and the message.
pub(in crate::formats) fn connection(text: &str) -> (&str, &str) {
    let (mut id, mut rest) = ("", text.trim_start());
    while let Some(tail) = IDS.iter().find_map(|it| rest.strip_prefix(it))
        && let Some((found, tail)) = tail.split_once('}')
    {
        (id, rest) = (found, tail.trim_start_matches([':', ' ']));
    }
    (id, rest)
}

/// Reads one message.
///
/// The client chooses the name: refusals are looked for first, and their words from the right.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (id, text) = connection(record.message);
    let Some(user) = text.strip_prefix("The user ") else {
        return unfinished(record, ctx, text);
    };
    let Some(stated) = refusal(user).or_else(|| session(user)) else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event(ID, Service::Vpn, stated.activity, record)?;
    stated.fill(&mut event);
    event.session = Some(id).filter(|it| !matches!(*it, "" | "NA"));
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a message states.
struct Stated<'r> {
    user: &'r str,
    activity: Activity,
    outcome: Option<Outcome>,
    from: &'r str,
    assigned: &'r str,
    detail: &'r str,
}

impl<'r> Stated<'r> {
    const fn of(user: &'r str, activity: Activity, outcome: Option<Outcome>) -> Self {
        Self { user, activity, outcome, from: "", assigned: "", detail: "" }
    }

    fn fill(&self, event: &mut Event<'r>) {
        (event.user, event.domain) = split_domain(self.user);
        event.outcome = self.outcome;
        if self.outcome == Some(Outcome::Failure) {
            event.reason = Some(reason(self.detail));
        }
        if let Some((ip, port)) = address_port(self.from) {
            (event.src_ip, event.src_port) = (Some(ip), port);
        }
        event.assigned_ip = address(self.assigned);
        event.detail = Some(self.detail.trim()).filter(|it| !it.is_empty());
    }
}

/// How refusals go on behind the name.
const REFUSALS: &[&str] = &[
    " but failed an authentication attempt due to the following reason: ",
    " failed an authentication attempt due to the following reason: ",
    " was disconnected because of the following reason: ",
];

fn refusal(text: &str) -> Option<Stated<'_>> {
    const UNPROVEN: &str = " has connected and failed to authenticate on port ";
    if let Some((user, _)) = text.rsplit_once(UNPROVEN) {
        return Some(Stated::of(user, Activity::Logon, Some(Outcome::Failure)));
    }
    let (who, detail) = REFUSALS.iter().find_map(|it| text.rsplit_once(it))?;
    let (user, from) = who
        .rsplit_once(" connected from ")
        .or_else(|| who.rsplit_once(", attempting to connect on "))
        .unwrap_or((who, ""));
    let stated = Stated::of(user, Activity::Logon, Some(Outcome::Failure));
    Some(Stated { from, detail, ..stated })
}

fn session(text: &str) -> Option<Stated<'_>> {
    if let Some((user, _)) =
        text.split_once(" has connected and has been successfully authenticated")
    {
        return Some(Stated::of(user, Activity::Logon, Some(Outcome::Success)));
    }
    if let Some(tail) = text.strip_prefix("with ip address ") {
        let (assigned, _) = tail.split_once(" has disconnected")?;
        return Some(Stated { assigned, ..Stated::of("", Activity::Logoff, None) });
    }
    let (user, tail) = text.split_once(" connected on port ")?;
    if let Some((_, assigned)) = tail.split_once(" has been assigned address ") {
        let assigned = assigned.split(' ').next().unwrap_or_default().trim_end_matches('.');
        return Some(Stated { assigned, ..Stated::of(user, Activity::Session, None) });
    }
    let at = tail.find("The user was active for ")?;
    tail.split_once(" and disconnected on ")?;
    let detail = tail.get(at..)?;
    Some(Stated { detail, ..Stated::of(user, Activity::Logoff, None) })
}

/// What RRAS says of a refusal, and what it means; the first that fits counts.
const REASONS: &[(&str, Reason)] = &[
    ("not recognized", Reason::BadPassword),
    ("password has expired", Reason::Expired),
    ("account has expired", Reason::Expired),
    ("locked", Reason::Locked),
    ("disabled", Reason::Disabled),
    ("policy", Reason::Policy),
    ("not have dial-in permission", Reason::Policy),
    ("time of day", Reason::Policy),
    ("certificate", Reason::Certificate),
    ("protocol", Reason::Protocol),
    ("password", Reason::BadPassword),
];

fn reason(detail: &str) -> Reason {
    REASONS.iter().find(|it| detail.contains(it.0)).map_or(Reason::Other, |it| it.1)
}

/// `A connection between the VPN server and the VPN client 203.0.113.7 has been established, but the VPN connection
/// cannot be completed.`
fn unfinished<'r>(
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
    text: &'r str,
) -> Result<Parsed, Reject> {
    let Some((_, tail)) = text.split_once(" and the VPN client ") else {
        return Ok(Parsed::Ignored);
    };
    let ip = tail.split(' ').next().and_then(address_port).map(|it| it.0);
    let Some(ip) = ip else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event(ID, Service::Vpn, Activity::Other, record)?;
    event.src_ip = Some(ip);
    event.detail = Some(text);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
