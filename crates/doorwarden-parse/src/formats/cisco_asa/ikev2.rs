//! 750xxx and 751xxx: `IKEv2`.

use doorwarden_model::{Activity, Reason, Service};

use super::fields::{Kind, LOGOFF, Message, OTHER, SESSION, after, cause, name, report, source};
use crate::{Ctx, Parsed, Reject, record::address};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some(kind) = kind(m) else { return Ok(Parsed::Ignored) };
    let ends = Ends::of(m.text);
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, ends.user);
    (event.src_ip, event.src_port) = (source(ends.ip), ends.port.parse().ok());
    match m.number {
        750_003 | 750_007 | 750_009 | 751_011 | 751_006 => event.detail = cause_of(ends.rest),
        750_013 => (event.src_ip, event.src_port) = moved(m.text),
        751_005 => event.session = after(ends.rest, "Session ID: ", ","),
        751_025 => event.assigned_ip = assigned(ends.rest),
        751_026 => event.client = ends.rest.split_once("Client OS: ").map(|it| it.1.trim()),
        _ => {}
    }
    Ok(report(ctx, &event))
}

fn kind(m: &Message<'_, '_>) -> Option<Kind> {
    Some(match m.number {
        750_001 | 750_002 | 750_004 | 751_023 | 751_026 => OTHER,
        750_003 => aborted(m.text),
        750_006 | 750_013 | 751_025 => SESSION,
        750_007 if m.text.contains("ekey") => SESSION,
        750_007 => LOGOFF,
        750_008 | 750_009 | 751_009 | 751_022 => Kind::failed(Activity::Other, Reason::Policy),
        751_005 => Kind::refused(Reason::Other),
        751_006 => Kind::refused(Reason::Certificate),
        751_008 | 751_015 | 751_018..=751_021 | 751_024 => Kind::refused(Reason::Policy),
        751_011 => Kind::refused(Reason::BadPassword),
        _ => return None,
    })
}

/// Errors of a negotiation that refuse whoever tried, and what they mean; the first that fits counts.
const REFUSALS: &[(&str, Reason)] = &[
    ("certificate", Reason::Certificate),
    ("signature", Reason::Certificate),
    ("uthenticat", Reason::BadPassword),
    ("Auth exchange failed", Reason::BadPassword),
    ("authorization failed", Reason::Policy),
];

fn aborted(text: &str) -> Kind {
    let refusal = REFUSALS.iter().find(|it| text.contains(it.0));
    // Proposals that do not fit and lost packets are no sign-in.
    refusal.map_or(Kind::failed(Activity::Other, Reason::Protocol), |it| Kind::refused(it.1))
}

/// `Local:198.51.100.1:4500 Remote:203.0.113.7:51820 Username:u IKEv2 rest`; every part may be missing.
#[derive(Default)]
struct Ends<'r> {
    ip: &'r str,
    port: &'r str,
    user: &'r str,
    rest: &'r str,
}

impl<'r> Ends<'r> {
    fn of(text: &'r str) -> Self {
        let Some((_, tail)) = text.split_once("Remote:") else {
            return Self { rest: text, ..Self::default() };
        };
        let (remote, tail) = tail.trim_start().split_once(' ').unwrap_or((tail, ""));
        let (ip, port) = remote.rsplit_once(':').unwrap_or((remote, ""));
        let Some((_, tail)) = tail.split_once("Username:") else {
            return Self { ip, port, rest: tail, ..Self::default() };
        };
        // A name may hold blanks; old versions write no `IKEv2` behind it.
        let tail = tail.trim_start();
        let split = tail.split_once(" IKEv2 ").or_else(|| tail.split_once(' '));
        let (user, rest) = split.unwrap_or((tail, ""));
        Self { ip, port, user, rest }
    }
}

/// The error or reason at the end.
fn cause_of(text: &str) -> Option<&str> {
    let error = text.split_once("ERROR: ").or_else(|| text.split_once("Error: "));
    error.map(|it| it.1.trim_end_matches('.')).or_else(|| cause(text))
}

/// `IPv4 Address=10.0.0.5 IPv6 address=:: assigned to session`
fn assigned(text: &str) -> Option<std::net::IpAddr> {
    let values = text.split(' ').filter_map(|it| it.split_once('=')).filter_map(|it| address(it.1));
    values.into_iter().find(|it| !it.is_unspecified())
}

/// `Peer Moved: Previous 203.0.113.7:500/198.51.100.1:500. Updated 203.0.113.9:4500/198.51.100.1:4500`
fn moved(text: &str) -> (Option<std::net::IpAddr>, Option<u16>) {
    let updated = text.split_once("Updated ").map_or("", |it| it.1);
    let remote = updated.split_once('/').map_or(updated, |it| it.0);
    let (ip, port) = remote.rsplit_once(':').unwrap_or((remote, ""));
    (source(ip), port.parse().ok())
}
