//! Detail files: a line with the date, lines with a tab and `Attribute = value`, an empty line.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{ID, Memory, escapes::quoted, log::station};
use crate::{
    Ctx, Parsed, Record, Reject,
    clock::Heading,
    kv::stated,
    names::split_domain,
    record::{Block, address},
    stamp::Stamp,
};

/// Longest record that is kept; what follows is not looked at.
const TEXT_CAP: usize = 32 << 10;

/// A record that is being read.
#[derive(Debug)]
pub(super) struct Open {
    line: u64,
    stamp: Stamp,
    text: String,
}

impl Open {
    /// The record that begins behind its date.
    fn behind(heading: &Heading) -> Self {
        Self { line: heading.line, stamp: heading.stamp, text: heading.text.clone() }
    }
}

/// Whether `record` is a line of a detail file.
pub(super) fn claims(record: &Record<'_>) -> bool {
    record.text.is_empty() || attribute(record.text).is_some()
}

/// Name and value of a tab, `Acct-Status-Type = Start`.
fn attribute(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix('\t')?.split_once(" = ")?;
    let is_name = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b':' | b'.');
    let is_known = name.contains('-') || matches!(name, "Timestamp" | "Class" | "State");
    (is_known && name.bytes().all(is_name)).then_some((name, value))
}

/// Reads one line; an event comes with the line that ends its record.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let heading = ctx.heading(record).map(Open::behind);
    let memory: &mut Memory = ctx.carry();
    let mut ended = heading.and_then(|it| memory.open.replace(it));
    if let Some(open) = &mut memory.open
        && open.text.len() + record.text.len() < TEXT_CAP
    {
        open.text.push('\n');
        open.text.push_str(record.text);
    }
    // Some write one more attribute behind the time stamp: it states nothing of interest.
    if record.text.is_empty() || record.text.starts_with("\tTimestamp = ") {
        ended = memory.open.take();
    }
    match ended {
        Some(ended) => finish(&ended, ctx),
        None => Ok(Parsed::Ignored),
    }
}

/// What a record states.
#[derive(Debug, Default)]
struct Attributes<'r> {
    packet: Option<&'r str>,
    status: Option<&'r str>,
    user: Option<&'r str>,
    caller: Option<&'r str>,
    called: Option<&'r str>,
    tunnel_end: Option<&'r str>,
    framed: Option<&'r str>,
    server_name: Option<&'r str>,
    server_ip: Option<&'r str>,
    client_ip: Option<&'r str>,
    session: Option<&'r str>,
    cause: Option<&'r str>,
    message: Option<&'r str>,
    device: Option<&'r str>,
    agent: Option<&'r str>,
    timestamp: Option<&'r str>,
}

impl<'r> Attributes<'r> {
    fn of(text: &'r str, ctx: &Ctx<'r, '_>) -> Self {
        let mut found = Self::default();
        for (name, value) in text.lines().filter_map(attribute) {
            let value = quoted(value, ctx);
            found.set(name.split_once(':').map_or(name, |it| it.0), value);
        }
        found
    }

    fn set(&mut self, name: &str, value: &'r str) {
        let place = match name {
            "Packet-Type" => &mut self.packet,
            "Acct-Status-Type" => &mut self.status,
            "User-Name" => &mut self.user,
            "Calling-Station-Id" => &mut self.caller,
            "Called-Station-Id" => &mut self.called,
            "Tunnel-Client-Endpoint" => &mut self.tunnel_end,
            "Framed-IP-Address" => &mut self.framed,
            "NAS-Identifier" => &mut self.server_name,
            "NAS-IP-Address" | "NAS-IPv6-Address" => &mut self.server_ip,
            "Client-IP-Address" | "Packet-Src-IP-Address" => &mut self.client_ip,
            "Acct-Session-Id" => &mut self.session,
            "Acct-Terminate-Cause" => &mut self.cause,
            "Reply-Message" => &mut self.message,
            "Timestamp" => &mut self.timestamp,
            "Cisco-AVPair" => return self.set_pair(value),
            _ => return,
        };
        // The first counts: what a proxy adds stands behind what the access server sent.
        *place = place.or_else(|| stated(value));
    }

    /// What AnyConnect tells of its device.
    fn set_pair(&mut self, value: &'r str) {
        if let Some(uid) = value.strip_prefix("mdm-tlv=device-uid=") {
            self.device = stated(uid);
        } else if let Some(agent) = value.strip_prefix("mdm-tlv=ac-user-agent=") {
            self.agent = stated(agent);
        }
    }

    /// Activity and outcome.
    fn kind(&self) -> Option<(Activity, Option<Outcome>)> {
        match (self.status, self.packet) {
            (Some("Start" | "Interim-Update" | "Alive"), _) => Some((Activity::Session, None)),
            (Some("Stop"), _) => Some((Activity::Logoff, None)),
            (None, Some("Access-Accept")) => Some((Activity::Logon, Some(Outcome::Success))),
            (None, Some("Access-Reject")) => Some((Activity::Logon, Some(Outcome::Failure))),
            (None, Some("Access-Request")) => Some((Activity::Logon, None)),
            // Accounting-On and the like speak of the access server alone.
            _ => None,
        }
    }
}

fn finish(ended: &Open, ctx: &mut Ctx<'_, '_>) -> Result<Parsed, Reject> {
    let text = ctx.keep(&ended.text);
    let stated = Attributes::of(text, ctx);
    let Some((activity, outcome)) = stated.kind() else { return Ok(Parsed::Ignored) };
    let mut event = timed(&stated, ended.stamp, activity, ctx)?;
    event.outcome = outcome;
    event.code = stated.status.or(stated.packet);
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(Reason::Other);
    }
    if let Some(user) = stated.user {
        (event.user, event.domain) = split_domain(user);
    }
    let caller = stated.caller.filter(|it| address(it).is_some());
    let tunnel_end = stated.tunnel_end.filter(|it| address(it).is_some());
    if let Some(caller) = caller.or(tunnel_end).or(stated.caller) {
        station(&mut event, caller);
    }
    event.device = stated.device.or(event.device);
    event.client = stated.agent;
    event.assigned_ip = stated.framed.and_then(address);
    event.host = stated.server_name.or(stated.server_ip).or(stated.client_ip);
    event.target = stated.called;
    event.session = stated.session;
    event.detail = stated.cause.or(stated.message);
    ctx.emit_block(&event, Block { line: ended.line, text: &ended.text });
    Ok(Parsed::Event)
}

/// An event at the time that the record states: `Timestamp` counts seconds since 1970, so it has no zone to guess.
fn timed<'r>(
    stated: &Attributes<'r>,
    stamp: Stamp,
    activity: Activity,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Event<'r>, Reject> {
    if let Some(seconds) = stated.timestamp.and_then(|it| it.parse::<u32>().ok()) {
        return Ctx::event_at_millis(ID, Service::Radius, activity, i64::from(seconds) * 1000);
    }
    Ok(ctx.event_at(ID, Service::Radius, activity, stamp))
}
