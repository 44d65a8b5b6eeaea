//! What a client showed of itself a moment before its session was opened: its device and its certificate.
//!
//! The appliance states both in messages of their own, and the sign-in without them.

use std::collections::VecDeque;

use compact_str::CompactString;
use doorwarden_model::{Event, hash64};

use crate::{Ctx, Recent};

/// Seconds within which the messages of one sign-in follow each other.
const NEAR: i64 = 90;
/// Seconds between a certificate and the name that is taken from it.
const NEXT: i64 = 5;

/// What one client showed.
#[derive(Debug, Clone, Default)]
struct Shown {
    second: i64,
    device: CompactString,
    certificate: CompactString,
}

/// Certificates remembered whose name did not follow yet.
const PENDING: usize = 64;

/// A certificate that was accepted: on which appliance, when, and whose it says it is.
#[derive(Debug)]
struct Accepted {
    appliance: u64,
    second: i64,
    subject: CompactString,
}

/// What clients showed lately, and the certificates that were accepted and have no name yet.
#[derive(Debug, Default)]
struct Memory {
    clients: Recent<u64, Shown, 256>,
    accepted: VecDeque<Accepted>,
}

/// The appliance.
fn host(event: &Event<'_>) -> u64 {
    hash64(1, event.host.unwrap_or_default().as_bytes())
}

/// The client: its name and address at an appliance.
fn client(event: &Event<'_>) -> Option<u64> {
    let ip = event.src_ip?;
    let named = hash64(host(event), event.user?.as_bytes());
    Some(hash64(named, ip.to_string().as_bytes()))
}

fn near<'m>(memory: &'m mut Memory, event: &Event<'_>) -> Option<&'m mut Shown> {
    let key = client(event)?;
    let second = event.time.as_second();
    if memory.clients.get(&key).is_none_or(|it| NEAR < (second - it.second).abs()) {
        memory.clients.insert(key, Shown { second, ..Shown::default() });
    }
    memory.clients.get_mut(&key)
}

/// How a client says which device it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DeviceBy {
    Name,
    Id,
}

/// The client said which device it is: a name counts for more than an id.
pub(super) fn note_device(event: &Event<'_>, by: DeviceBy, ctx: &mut Ctx<'_, '_>) {
    let Some(shown) = near(ctx.carry::<Memory>(), event) else { return };
    if by == DeviceBy::Name || shown.device.is_empty() {
        shown.device = event.device.unwrap_or_default().into();
    }
}

/// A certificate was accepted; whose it is follows.
pub(super) fn note_certificate(event: &Event<'_>, ctx: &mut Ctx<'_, '_>) {
    let subject = event.certificate.unwrap_or_default().into();
    let accepted = &mut ctx.carry::<Memory>().accepted;
    if accepted.len() == PENDING {
        accepted.pop_front();
    }
    accepted.push_back(Accepted {
        appliance: host(event),
        second: event.time.as_second(),
        subject,
    });
}

/// The client's name was taken from the certificate: from the one that holds the name, as several people may sign in at
/// once; from another one only where it is the only one.
pub(super) fn note_name(event: &Event<'_>, ctx: &mut Ctx<'_, '_>) {
    let memory = ctx.carry::<Memory>();
    let (appliance, second) = (host(event), event.time.as_second());
    memory.accepted.retain(|it| (0..=NEXT).contains(&(second - it.second)));
    let user = event.user.unwrap_or_default().to_lowercase();
    let is_own = |it: &&(usize, &Accepted)| holds(&it.1.subject, &user);
    let here: Vec<(usize, &Accepted)> =
        memory.accepted.iter().enumerate().filter(|it| it.1.appliance == appliance).collect();
    let own = here.iter().find(is_own).map(|it| it.0);
    let only = here.first().map(|it| it.0).filter(|_| here.len() == 1);
    let Some(found) = own.or(only).and_then(|it| memory.accepted.remove(it)) else { return };
    if let Some(shown) = near(memory, event) {
        shown.certificate = found.subject;
    }
}

/// Whether a subject names `user`: `cn=user,ou=...`, or an address `user@...`.
fn holds(subject: &str, user: &str) -> bool {
    let subject = subject.to_lowercase();
    let mut values = subject.split([',', '=', '/', '+', ' ', '@']);
    !user.is_empty() && values.any(|it| it == user)
}

/// Adds what the client showed to its sign-in.
pub(super) fn complete<'r>(event: &mut Event<'r>, ctx: &mut Ctx<'r, '_>) {
    let Some(key) = client(event) else { return };
    let Some(shown) = ctx.carry::<Memory>().clients.remove(&key) else { return };
    if NEAR < (event.time.as_second() - shown.second).abs() {
        return;
    }
    if !shown.device.is_empty() {
        event.device = Some(ctx.keep(&shown.device));
    }
    if !shown.certificate.is_empty() {
        event.certificate = Some(ctx.keep(&shown.certificate));
        event.method = Some("certificate");
    }
}
