//! The VPN 3000 concentrator, whose events are numbered by class: `SEV=4 AUTH/22 RPT=12 203.0.113.7`.

use doorwarden_model::{Reason, Service};
use memchr::memmem;

use super::{
    ID,
    fields::{Kind, LOGOFF, SESSION, after, name, report, source},
};
use crate::{Ctx, Parsed, Record, Reject, stamp};

/// How far into a line the severity may stand.
const SEVERITY_CAP: usize = 48;

/// Whether `record` is `11504 01/08/2007 09:10:37.780 SEV=3 AUTH/5 RPT=124 ...`.
pub(super) fn claims(record: &Record<'_>) -> bool {
    let bytes = record.message.as_bytes();
    let head = bytes.get(..SEVERITY_CAP).unwrap_or(bytes);
    head.first().is_some_and(u8::is_ascii_digit) && memmem::find(head, b" SEV=").is_some()
}

/// What the events state, by class and number.
fn kind(class: &str) -> Option<Kind> {
    Some(match class {
        "AUTH/4" | "IKE/52" | "PPP/8" | "HTTP/47" | "SSH/16" => Kind::ACCEPTED,
        "AUTH/5" | "IKE/167" | "PPP/9" | "SSH/33" | "PSH/23" => Kind::refused(Reason::BadPassword),
        "AUTH/9" => Kind::refused(Reason::Other),
        "AUTH/22" => SESSION,
        "AUTH/28" => LOGOFF,
        _ => return None,
    })
}

/// Reads one event.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (head, tail) = record.message.split_once(" SEV=").ok_or(Reject::Shape)?;
    let mut words = tail.splitn(4, ' ');
    let (_, class, _) = (words.next(), words.next(), words.next());
    let (Some(class), Some(text)) = (class, words.next()) else { return Err(Reject::Shape) };
    let Some(kind) = kind(class) else { return Ok(Parsed::Ignored) };
    let service = match class.split('/').next() {
        Some("SSH" | "PSH") => Service::Ssh,
        _ => Service::Vpn,
    };
    let mut event = match stamp_of(head) {
        Some(stamp) => ctx.event_at(ID, service, kind.activity, stamp),
        None => ctx.event(ID, service, kind.activity, record)?,
    };
    (event.host, event.code) = (record.host, Some(class));
    (event.outcome, event.reason) = (kind.outcome, kind.reason);
    let text = text.trim_start();
    event.src_ip = text.split(' ').next().and_then(source);
    name(&mut event, user(class, text));
    if class == "AUTH/28" {
        event.detail = text.find("Session Type").and_then(|it| text.get(it..));
    }
    Ok(report(ctx, &event))
}

/// The name in `User [u]`, `user = u, domain = ...` or `login: u.`
fn user<'r>(class: &str, text: &'r str) -> &'r str {
    let found = match class {
        "AUTH/4" | "AUTH/5" | "AUTH/9" => {
            let tail = text.split_once("user = ").map(|it| it.1);
            tail.map(|it| it.rsplit_once(", domain = ").map_or(it, |it| it.0))
        }
        "HTTP/47" => text.rsplit_once("login: ").map(|it| it.1.trim_end_matches('.')),
        _ => after(text, "ser [", "]").or_else(|| after(text, "user: ", " ")),
    };
    found.map_or("", str::trim)
}

/// The stamp in `11504 01/08/2007 09:10:37.780`.
fn stamp_of(head: &str) -> Option<stamp::Stamp> {
    let mut words = head.split(' ').skip(1);
    let (date, clock) = (words.next()?, words.next()?);
    let mut parts = date.splitn(3, '/');
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next()?.parse().ok()?;
    Some(stamp::of_parts(Some(year), month, day, clock)?.0)
}
