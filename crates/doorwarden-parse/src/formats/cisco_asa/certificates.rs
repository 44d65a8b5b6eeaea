//! 717xxx: certificates of clients, and of the device itself.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::fields::{Kind, LOGOFF, Message, OTHER, SESSION, after, name, peer, report, source};
use super::shown;
use crate::{Ctx, Parsed, Reject};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        717_009 | 717_022 | 717_027..=717_029 | 717_037 | 717_038 | 717_059 | 717_060 => {
            checked(m, ctx)
        }
        717_052 | 717_053 => periodic(m, ctx),
        717_043 | 717_044 | 717_047 | 717_048 => issued(m, ctx),
        717_050 | 717_051 => enrolled(m, ctx),
        717_003 | 717_005 | 717_007 | 717_062 | 717_068 => changed(m, ctx),
        _ => Ok(Parsed::Ignored),
    }
}

/// `Certificate was successfully validated. serial number: 4E81, subject name: cn=u,o=x.`
fn checked<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        717_009 | 717_027 | 717_037 => Kind::failed(Activity::Other, Reason::Certificate),
        // The device's own management page refuses a certificate that no rule allows.
        717_060 => Kind::refused(Reason::Certificate),
        717_022 | 717_028 => Kind { outcome: Some(Outcome::Success), ..OTHER },
        _ => OTHER,
    };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    certificate(&mut event, m.text);
    if m.number == 717_022 {
        shown::note_certificate(&event, ctx);
    }
    if kind.outcome == Some(Outcome::Failure) && event.detail.is_none() {
        event.detail = m.text.split_once(". ").map(|it| it.1.trim_end_matches('.'));
    }
    Ok(report(ctx, &event))
}

/// Where a subject starts and ends, by the version's wording.
const SUBJECTS: &[(&str, &str)] =
    &[("subject name: ", ", issuer"), ("Subject Name ", " Issuer Name "), ("subject:", ", issuer")];

/// Where a serial number starts.
const SERIALS: &[&str] = &["serial number: ", "serial number:", "Serial Number "];

/// Sets subject and serial number.
fn certificate<'r>(event: &mut Event<'r>, text: &'r str) {
    let subject = SUBJECTS.iter().find_map(|it| {
        let (_, tail) = text.split_once(it.0)?;
        Some(tail.split_once(it.1).map_or(tail, |it| it.0))
    });
    let serial = SERIALS.iter().find_map(|it| after(text, it, ","));
    let serial = serial.map(|it| it.trim_end_matches('.'));
    let subject = subject.map(|it| it.trim().trim_matches('"').trim_end_matches(['.', ' ']));
    event.certificate = subject.filter(|it| !it.is_empty()).or(serial);
    event.detail = serial;
}

/// `Group <g> User <u> IP <i> Session disconnected due to periodic certificate authentication failure. ...`
fn periodic<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_ended = m.number == 717_052;
    let kind = if is_ended { LOGOFF } else { SESSION };
    let who = peer(m.text).ok_or(Reject::Shape)?;
    let mut event = m.event_of(ctx, kind, &who)?;
    certificate(&mut event, who.rest);
    event.detail = who.rest.split_once(". ").map(|it| it.0);
    Ok(report(ctx, &event))
}

/// `Revoked certificate issued to user: u, with serial number 4E81.` and what the local CA does for a user.
fn issued<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (head, tail) = m.text.split_once("user: ").ok_or(Reject::Shape)?;
    let kind = match m.number {
        717_044 => Kind::failed(Activity::Account, Reason::Other),
        _ => Kind::of(Activity::Account),
    };
    let (user, rest) = match m.number {
        717_043 => tail.rsplit_once(". Info: "),
        717_044 => tail.rsplit_once(". Error: "),
        _ => tail.rsplit_once(", with serial number "),
    }
    .unwrap_or((tail, ""));
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    let rest = rest.trim_end_matches('.');
    if matches!(m.number, 717_047 | 717_048) {
        event.certificate = Some(rest).filter(|it| !it.is_empty());
        event.detail = Some(head.trim_end());
    } else {
        event.detail = Some(rest).filter(|it| !it.is_empty());
    }
    Ok(report(ctx, &event))
}

/// `SCEP Proxy: Processed request type PKIOperation from IP i, User u, TunnelGroup t, GroupPolicy g to CA c`
fn enrolled<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    // The other request types only ask what the authority can do.
    if !m.text.contains("request type PKIOperation ") {
        return Ok(Parsed::Ignored);
    }
    let is_denied = m.number == 717_051;
    let kind = if is_denied {
        Kind::failed(Activity::Account, Reason::Policy)
    } else {
        Kind::of(Activity::Account)
    };
    let (_, tail) = m.text.split_once(" from IP ").ok_or(Reject::Shape)?;
    let (ip, tail) = tail.split_once(", User ").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    event.src_ip = source(ip);
    name(&mut event, tail.rsplit_once(", TunnelGroup ").map_or(tail, |it| it.0));
    event.detail = Some("certificate enrolment by SCEP");
    Ok(report(ctx, &event))
}

/// A certificate of the device came, left or was replaced.
fn changed<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Change))?;
    event.detail = Some(m.text);
    Ok(report(ctx, &event))
}
