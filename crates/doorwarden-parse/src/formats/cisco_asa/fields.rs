//! What the classes of messages share: who it is about, and what kind of act it is.

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::ID;
use crate::{Ctx, Parsed, Record, Reject, names::split_domain, record::address};

/// One message behind its tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a, 'r> {
    /// The record that carries it.
    pub(super) record: &'a Record<'r>,
    /// The device.
    pub(super) host: Option<&'r str>,
    /// Its number as written.
    pub(super) code: &'r str,
    /// Its number.
    pub(super) number: u32,
    /// What it says.
    pub(super) text: &'r str,
}

/// What kind of act a message states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// The activity.
    pub(super) activity: Activity,
    /// Its outcome.
    pub(super) outcome: Option<Outcome>,
    /// Why it was refused.
    pub(super) reason: Option<Reason>,
}

impl Kind {
    /// An act without a stated outcome.
    pub(super) const fn of(activity: Activity) -> Self {
        Self { activity, outcome: None, reason: None }
    }

    /// Access was given.
    pub(super) const ACCEPTED: Self =
        Self { activity: Activity::Logon, outcome: Some(Outcome::Success), reason: None };

    /// Access was refused.
    pub(super) const fn refused(reason: Reason) -> Self {
        Self::failed(Activity::Logon, reason)
    }

    /// An act that failed.
    pub(super) const fn failed(activity: Activity, reason: Reason) -> Self {
        Self { activity, outcome: Some(Outcome::Failure), reason: Some(reason) }
    }
}

/// A session opened, resumed or moved.
pub(super) const SESSION: Kind = Kind::of(Activity::Session);
/// A session ended.
pub(super) const LOGOFF: Kind = Kind::of(Activity::Logoff);
/// An address, device or connection.
pub(super) const OTHER: Kind = Kind::of(Activity::Other);

impl<'r> Message<'_, 'r> {
    /// An event of this message.
    pub(super) fn event(
        &self,
        ctx: &mut Ctx<'r, '_>,
        service: Service,
        kind: Kind,
    ) -> Result<Event<'r>, Reject> {
        let mut event = ctx.event(ID, service, kind.activity, self.record)?;
        event.host = self.host;
        event.code = Some(self.code);
        event.outcome = kind.outcome;
        event.reason = kind.reason;
        Ok(event)
    }

    /// An event of the remote access session of `peer`.
    pub(super) fn event_of(
        &self,
        ctx: &mut Ctx<'r, '_>,
        kind: Kind,
        peer: &Peer<'r>,
    ) -> Result<Event<'r>, Reject> {
        let mut event = self.event(ctx, Service::Vpn, kind)?;
        name(&mut event, peer.user);
        event.src_ip = source(peer.ip);
        Ok(event)
    }
}

/// Reports `event`.
pub(super) fn report<'r>(ctx: &mut Ctx<'r, '_>, event: &Event<'r>) -> Parsed {
    ctx.emit(event);
    Parsed::Event
}

/// Whose session it is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Peer<'r> {
    /// The name.
    pub(super) user: &'r str,
    /// The public address.
    pub(super) ip: &'r str,
    /// The text behind both.
    pub(super) rest: &'r str,
}

/// `Group <g> User <u> IP <i> rest`, where the device alone writes `rest`.
///
/// The client chooses the name, so it may itself hold `> IP <`: split from the right.
pub(super) fn peer(text: &str) -> Option<Peer<'_>> {
    let Some((_, tail)) = text.split_once(" User <") else { return plain_peer(text) };
    let (user, tail) = tail.rsplit_once("> IP <")?;
    let (ip, rest) = tail.split_once('>')?;
    Some(Peer { user, ip, rest: rest.trim_start() })
}

/// The same where the client writes into `rest`, and the name was authenticated before: split from the left.
pub(super) fn known_peer(text: &str) -> Option<Peer<'_>> {
    let Some((_, tail)) = text.split_once(" User <") else { return plain_peer(text) };
    let (user, tail) = tail.split_once("> IP <")?;
    let (ip, rest) = tail.split_once('>')?;
    Some(Peer { user, ip, rest: rest.trim_start() })
}

/// `Group g User u IP i rest`, as old versions and the guide write.
fn plain_peer(text: &str) -> Option<Peer<'_>> {
    let (_, tail) = text.split_once(" User ")?;
    let mut from = 0;
    while let Some(at) = tail.get(from..).and_then(|it| it.find(" IP ")) {
        let (user, after) = (tail.get(..from + at)?, tail.get(from + at + 4..)?);
        let (ip, rest) = after.split_once(' ').unwrap_or((after, ""));
        let ip = ip.trim_end_matches(',');
        if address(ip).is_some() {
            return Some(Peer { user, ip, rest });
        }
        from += at + 4;
    }
    None
}

/// `Group = g, Username = u, IP = i, rest`; every part may be missing.
///
/// The client chooses the name, so it may itself hold `, IP = `: the last one counts.
pub(super) fn keyed_peer(text: &str) -> Peer<'_> {
    let split = text.rsplit_once(", IP = ").or_else(|| Some(("", text.strip_prefix("IP = ")?)));
    let (head, tail) = split.unwrap_or((text, ""));
    let end = tail.find([',', ' ']).unwrap_or(tail.len());
    let (ip, rest) = tail.split_at_checked(end).unwrap_or((tail, ""));
    let head = without_repetition(head);
    let user = head.split_once("Username = ").map_or("", |it| it.1);
    let rest = if split.is_some() { rest.trim_start_matches([',', ' ']) } else { text };
    Peer { user: user.trim_end_matches(','), ip, rest }
}

/// Some messages state who it is twice: `Group = g, Username = u, IP = i, Group = g, Username = u`.
fn without_repetition(head: &str) -> &str {
    let second = head.rfind(", Group = ").and_then(|it| head.get(it + 2..));
    second.filter(|it| head.starts_with(it)).unwrap_or(head)
}

/// Names that stand for none.
const NOBODY: &[&str] =
    &["", "-", "N/A", "(null)", "None", "Unknown", "unknown", "<unknown>", "<not specified>"];

/// Sets the user and its domain.
pub(super) fn name<'r>(event: &mut Event<'r>, text: &'r str) {
    let text = unquoted(text.trim());
    if NOBODY.contains(&text) {
        return;
    }
    // The identity firewall puts `LOCAL\` in front of names that have a domain of their own.
    let nested = text.strip_prefix("LOCAL\\").filter(|it| it.contains(['\\', '@']));
    (event.user, event.domain) = split_domain(nested.unwrap_or(text));
}

/// Takes a pair of quotes off.
pub(super) fn unquoted(text: &str) -> &str {
    let pair = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    pair('\'').or_else(|| pair('"')).unwrap_or(text)
}

/// An address that a person came from; `0.0.0.0` stands for none.
pub(super) fn source(text: &str) -> Option<IpAddr> {
    address(text.trim().trim_end_matches(['.', ','])).filter(|it| !it.is_unspecified())
}

/// What follows `key` in `text`, up to `end` or the end.
pub(super) fn after<'r>(text: &'r str, key: &str, end: &str) -> Option<&'r str> {
    let (_, tail) = text.split_once(key)?;
    let value = tail.split_once(end).map_or(tail, |it| it.0).trim();
    (!value.is_empty()).then_some(value)
}

/// The last sentence, without its full stop, behind `Reason: `.
pub(super) fn cause(text: &str) -> Option<&str> {
    let (_, cause) = text.rsplit_once("eason: ")?;
    Some(cause.trim().trim_end_matches('.')).filter(|it| !it.is_empty())
}
