//! 113xxx and 109xxx: authentication, authorization and what came of them.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Reason, Service};

use super::fields::{
    Kind, LOGOFF, Message, OTHER, Peer, SESSION, after, keyed_peer, name, peer, report, source,
    unquoted,
};
use super::shown;
use crate::{Ctx, Parsed, Reject, record::address_port};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        113_004 | 113_008 | 113_012 => accepted(m, ctx),
        113_005 | 113_013..=113_017 => refused(m, ctx),
        113_006 | 113_007 => locked(m, ctx),
        113_010 => challenged(m, ctx),
        113_019 => disconnected(m, ctx),
        113_021 => no_admin_rights(m, ctx),
        113_024 | 113_025 => certificate_name(m, ctx),
        113_029..=113_040 => session(m, ctx),
        109_001..=109_008 | 109_010 | 109_024 | 109_025 => proxied(m, ctx),
        109_011 | 109_012 => proxy_session(m, ctx),
        109_017 | 109_040 => too_many(m, ctx),
        109_031..=109_034 => other_refusals(m, ctx),
        109_100..=109_104 => change_of_authorization(m, ctx),
        109_201..=109_213 => user_entry(m, ctx),
        _ => Ok(Parsed::Ignored),
    }
}

/// `... server = s : user = u : user IP = i`; the user and the address.
fn subject(text: &str) -> (&str, &str) {
    let found = text.split_once("user =").or_else(|| text.split_once("User ="));
    let tail = found.map_or("", |it| it.1);
    // The client chooses the name, so it may itself hold `user IP = `: the last one counts.
    let (user, ip) = tail.rsplit_once("user IP =").unwrap_or((tail, ""));
    let user = user.trim();
    (user.strip_suffix(':').map_or(user, str::trim_end), ip)
}

fn accepted<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    if m.text.starts_with("AAA user accounting") {
        return Ok(Parsed::Ignored);
    }
    let is_refused = m.number == 113_008 && !m.text.contains("ACCEPT");
    let kind = if is_refused { Kind::refused(Reason::Other) } else { Kind::ACCEPTED };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    subject_into(&mut event, m.text);
    Ok(report(ctx, &event))
}

fn subject_into<'r>(event: &mut Event<'r>, text: &'r str) {
    let (user, ip) = subject(text);
    name(event, user);
    event.src_ip = source(ip);
}

/// What the device says of a refusal, and what it means; the first that fits counts.
const REASONS: &[(&str, Reason)] = &[
    ("not found", Reason::UnknownUser),
    ("Invalid account", Reason::UnknownUser),
    ("ocked", Reason::Locked),
    ("isabled", Reason::Disabled),
    ("xpired", Reason::Expired),
    ("ertificate", Reason::Certificate),
    ("nvalid password", Reason::BadPassword),
    ("AAA failure", Reason::BadPassword),
    ("Unspecified", Reason::BadPassword),
    ("imultaneous", Reason::Policy),
    ("hours", Reason::Policy),
    ("ime of day", Reason::Policy),
    ("estrict", Reason::Policy),
    ("dialin", Reason::Policy),
    ("olicy", Reason::Policy),
    ("hallenge", Reason::MfaFailed),
];

fn refused<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let stated = after(m.text, "reason =", " : ").unwrap_or_default();
    let stated = stated.split_once(':').map_or(stated, |it| it.0);
    let known = REASONS.iter().find(|it| stated.contains(it.0)).map(|it| it.1);
    let is_authorization = m.text.starts_with("AAA user authorization");
    let reason = match known {
        Some(Reason::BadPassword) | None if is_authorization => Reason::Policy,
        Some(reason) => reason,
        None => Reason::Other,
    };
    let mut event = m.event(ctx, Service::Vpn, Kind::refused(reason))?;
    subject_into(&mut event, m.text);
    Ok(report(ctx, &event))
}

/// `User 'u' locked out on exceeding '3' successive ...` and `User 'u' unlocked by 'admin'`.
fn locked<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let tail = m.text.strip_prefix("User ").ok_or(Reject::Shape)?;
    let (user, rest) = match m.number {
        113_006 => tail.rsplit_once(" locked out"),
        _ => tail.rsplit_once(" unlocked by "),
    }
    .ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Account))?;
    name(&mut event, user);
    if m.number == 113_006 {
        event.detail = tail.get(user.len() + 1..);
    } else {
        event.detail = Some("unlocked");
        event.actor = Some(unquoted(rest.trim_end_matches('.')));
    }
    Ok(report(ctx, &event))
}

/// `AAA challenge received for user u from server s.`
fn challenged<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, tail) = m.text.split_once(" for user ").ok_or(Reject::Shape)?;
    let (user, _) = tail.rsplit_once(" from server ").unwrap_or((tail, ""));
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Mfa))?;
    name(&mut event, user);
    event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
    Ok(report(ctx, &event))
}

/// `Group = g, Username = u, IP = i, Session disconnected. Session Type: ..., Duration: ..., Reason: ...`
fn disconnected<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (who, detail) = m.text.rsplit_once("Session disconnected").unwrap_or((m.text, ""));
    let peer = keyed_peer(who.trim_end_matches([',', ' ']));
    let mut event = m.event_of(ctx, LOGOFF, &peer)?;
    event.detail = Some(detail.trim_start_matches(['.', ' '])).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}

/// `Attempted console login failed user 'u' did NOT have appropriate Admin Rights.`
fn no_admin_rights<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::refused(Reason::Policy))?;
    let tail = m.text.split_once(" user ").map_or("", |it| it.1);
    name(&mut event, tail.rsplit_once(" did NOT").map_or(tail, |it| it.0));
    Ok(report(ctx, &event))
}

/// `Group <g>: Authenticating ssl-client connection from <i> with username, <u>, from client certificate`
fn certificate_name<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 113_025;
    let kind = if is_refused { Kind::refused(Reason::Certificate) } else { OTHER };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    let (_, tail) = m.text.split_once(" connection from ").ok_or(Reject::Shape)?;
    let (ip, tail) = tail.split_once(' ').unwrap_or((tail, ""));
    event.src_ip = source(ip.trim_matches(['<', '>']));
    let user = tail.strip_prefix("with username, ").unwrap_or_default();
    let user = user.rsplit_once(", from client certificate").map_or(user, |it| it.0);
    name(&mut event, user.trim_matches(['<', '>']));
    event.method = Some("certificate");
    if !is_refused {
        shown::note_name(&event, ctx);
    }
    Ok(report(ctx, &event))
}

/// 113029 to 113040: what became of an AnyConnect session.
fn session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        113_039 => Kind::ACCEPTED,
        113_031 | 113_032 | 113_034 | 113_036 => OTHER,
        113_038 => Kind::refused(Reason::Other),
        _ => Kind::refused(Reason::Policy),
    };
    let who = match peer(m.text) {
        Some(who) => who,
        // Two of them name nobody in some versions.
        None if matches!(m.number, 113_037 | 113_040) => Peer::default(),
        None => return Err(Reject::Shape),
    };
    let mut event = m.event_of(ctx, kind, &who)?;
    if m.number == 113_039 {
        shown::complete(&mut event, ctx);
    }
    Ok(report(ctx, &event))
}

/// `Authentication succeeded for user 'u' from 203.0.113.7/51234 to 10.0.0.5/23 on interface outside`
fn proxied<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        109_005 => Kind::ACCEPTED,
        109_006 => Kind::refused(Reason::BadPassword),
        109_008 => Kind::refused(Reason::Policy),
        109_002 | 109_003 | 109_010 => Kind::refused(Reason::Other),
        109_024 | 109_025 => Kind::failed(Activity::Other, Reason::Policy),
        _ => OTHER,
    };
    // The name may itself hold " from ": the addresses stand at the end.
    let (head, tail) = m.text.rsplit_once(" from ").ok_or(Reject::Shape)?;
    let (from, to) = tail.split_once(" to ").unwrap_or((tail, ""));
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    if let Some((ip, port)) = from.split_once('/') {
        event.src_ip = source(ip);
        event.src_port = port.parse().ok();
    }
    let target = to.split([' ', '/']).next().unwrap_or_default();
    event.target = Some(target).filter(|it| !it.is_empty());
    if let Some((_, user)) = head.split_once(" for user ") {
        name(&mut event, user);
    }
    Ok(report(ctx, &event))
}

/// `Authen Session Start: user 'u', sid 5` and `Authen Session End: user 'u', sid 5, elapsed 300 seconds`
fn proxy_session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = if m.number == 109_011 { SESSION } else { LOGOFF };
    let (_, tail) = m.text.split_once(": user ").ok_or(Reject::Shape)?;
    let (user, sid) = tail.rsplit_once(", sid ").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    event.session = sid.split([',', ' ']).next().filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}

/// `User at 203.0.113.7 exceeded auth proxy rate limit of 10 connections/sec`
fn too_many<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, OTHER)?;
    event.src_ip = source(after(m.text, "User at ", " ").ok_or(Reject::Shape)?);
    event.detail = m.text.split_once(" exceeded ").map(|it| it.1);
    Ok(report(ctx, &event))
}

/// 109031 to 109034: refusals that the device itself makes.
fn other_refusals<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (reason, tail) = match m.number {
        109_031 => (Reason::UnknownUser, m.text.split_once(" login for ")),
        109_032 => (Reason::Policy, m.text.split_once("downloaded for user ")),
        _ => (Reason::Protocol, m.text.split_once(" user ")),
    };
    let (_, tail) = tail.ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, Kind::refused(reason))?;
    let end = if m.number == 109_032 { "; Error in ACE" } else { ". Interactive challenge" };
    let tail = tail.rsplit_once(end).map_or(tail.trim_end_matches(['.', ' ']), |it| it.0);
    let (user, from) = tail.rsplit_once(" from ").unwrap_or((tail, ""));
    name(&mut event, user);
    let from = from.split(' ').next().unwrap_or_default();
    let (ip, port) = from.split_once('/').unwrap_or((from, ""));
    (event.src_ip, event.src_port) = (source(ip), port.parse().ok());
    Ok(report(ctx, &event))
}

/// `Received CoA update from s for user "u", with session ID x, changing authorization attributes.`
fn change_of_authorization<'r>(
    m: &Message<'_, 'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let kind = match m.number {
        109_101 => LOGOFF,
        109_100 => SESSION,
        _ => return Ok(Parsed::Ignored),
    };
    let (_, tail) = m.text.split_once(" for user ").ok_or(Reject::Shape)?;
    let (user, tail) = tail.rsplit_once(", with session ID").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    let session = tail.trim_start_matches([':', ' ']).split([',', ' ']).next();
    event.session = session.map(|it| it.trim_end_matches('.')).filter(|it| !it.is_empty());
    event.detail = Some("change of authorization");
    Ok(report(ctx, &event))
}

/// `UAUTH: Session=0x1234, User=u, Assigned IP=10.0.0.5, Succeeded adding entry.`
fn user_entry<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        109_201 | 109_207 => SESSION,
        109_203 => Kind::failed(Activity::Session, Reason::Other),
        109_210 => LOGOFF,
        _ => return Ok(Parsed::Ignored),
    };
    let (_, tail) = m.text.split_once("Session=").ok_or(Reject::Shape)?;
    let (session, tail) = tail.split_once(", User=").ok_or(Reject::Shape)?;
    let (user, tail) = tail.rsplit_once(", Assigned IP=").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    event.session = Some(session);
    event.assigned_ip = tail.split(',').next().and_then(address_port).map(|it| it.0);
    Ok(report(ctx, &event))
}
