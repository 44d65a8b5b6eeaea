//! `CloudConnexa`: the audit log of the hosted service, one JSON object an event.

use std::sync::LazyLock;

use doorwarden_model::{Activity, Event, Outcome, Service};

use crate::{
    Ctx, Parsed, Record, Reject,
    formats::openvpn::ID,
    json::{Fields, Paths},
    names::split_domain,
    record::address,
    stamp,
};

/// Whether `json` is one of its events.
pub(super) fn is_own(json: &str) -> bool {
    json.contains("CloudConnexaLogVersion") && json.contains("\"eventName\"")
}

/// Keys, in the order of the constants below; a header object may or may not stand around the first ones.
static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["timestamp"],
        &["eventName"],
        &["initiatorType"],
        &["initiatorName"],
        &["parentEntityType"],
        &["parentEntityName"],
        &["initiatorPublicIp"],
        &["publicIp"],
        &["userAgent"],
        &["log", "clientPublicIp"],
        &["log", "clientTunnelIpV4"],
        &["log", "clientSessionId"],
        &["log", "clientUUID"],
    ])
});
const TIME: usize = 0;
const NAME: usize = 1;
const TYPE: usize = 2;
const INITIATOR: usize = 3;
const PARENT_TYPE: usize = 4;
const PARENT: usize = 5;
const INITIATOR_IP: usize = 6;
const PUBLIC_IP: usize = 7;
const AGENT: usize = 8;
const CLIENT_IP: usize = 9;
const TUNNEL_IP: usize = 10;
const SESSION: usize = 11;
const DEVICE: usize = 12;

/// Reads an event.
pub(super) fn parse<'r>(
    json: &'r str,
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let fields = PATHS.find(json).ok_or(Reject::Shape)?;
    let name = fields.text(NAME, ctx.arena).ok_or(Reject::Shape)?;
    let (activity, outcome) = match name {
        "client-connected" => (Activity::Logon, Some(Outcome::Success)),
        "client-disconnected" => (Activity::Logoff, None),
        _ => return Ok(Parsed::Ignored),
    };
    let mut event = event(&fields, record, ctx)?;
    event.code = Some(name);
    (event.activity, event.outcome) = (activity, outcome);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// An event with all that does not depend on its kind.
fn event<'r>(
    fields: &Fields<'r>,
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Event<'r>, Reject> {
    let arena = ctx.arena;
    let text = |at| fields.text(at, arena);
    let mut event = match text(TIME).and_then(stamp::iso) {
        Some((stamp, _)) => ctx.event_at(ID, Service::Vpn, Activity::Other, stamp),
        None => ctx.event(ID, Service::Vpn, Activity::Other, record)?,
    };
    // A device of a person is what connects; the person is its parent.
    let owner = [(TYPE, INITIATOR), (PARENT_TYPE, PARENT)]
        .into_iter()
        .find(|(kind, _)| text(*kind).is_some_and(|it| it.eq_ignore_ascii_case("user")))
        .and_then(|(_, name)| text(name));
    (event.user, event.domain) = owner.map_or((None, None), split_domain);
    event.src_ip =
        [CLIENT_IP, INITIATOR_IP, PUBLIC_IP].into_iter().find_map(|it| address(text(it)?));
    event.assigned_ip = text(TUNNEL_IP).and_then(|it| address(it.split('/').next()?));
    event.client = text(AGENT);
    event.session = text(SESSION);
    event.device = text(DEVICE);
    Ok(event)
}
