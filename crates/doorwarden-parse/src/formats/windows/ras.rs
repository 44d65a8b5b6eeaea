//! Routing and Remote Access: the VPN server of Windows, and its client.

use doorwarden_model::{
    Activity::{Logoff, Logon, Other, Session},
    Event,
    Outcome::{Failure, Success},
    Reason,
    Service::Vpn,
};
use smallvec::{SmallVec, smallvec};

use super::{
    Log, WinEvent,
    table::{self, Row},
};
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    formats::nps::rras,
    names::split_domain,
    record::{address, address_port},
};

/// # Windows Routing and Remote Access (RRAS), Always On VPN
///
/// Server 2008 R2 or newer as a VPN server (SSTP, IKEv2, L2TP, PPTP): events of the source `RemoteAccess` in
/// `System.evtx`; in the console choose "Log all events" (properties of the server, Logging). On a client: the source
/// `RasClient` in `Application.evtx`, where `target` is the connection that was dialled.
///
/// | event | read as |
/// |---|---|
/// | 20250, 20249, 20255, 20271 | logon on this server: accepted, refused; 20271 has the address of the client |
/// | 20253 | logon refused: no network protocol could be agreed on |
/// | 20274 | session: an inner address was leased |
/// | 20272, 20275 | logoff, with the user, with the inner address |
/// | 20221 | other: this client starts to dial |
/// | 20225, 20227, 20226 | logon of this client elsewhere: connected, refused, ended |
///
/// `session` is the CoId that all events of one connection share. Ignored: interfaces, routes, ports, devices.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsRas;

/// Its id.
const ID: &str = "windows-ras";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("20221", Vpn, Other, None, dialled),
    Row::new("20225", Vpn, Logon, Some(Success), dialled),
    Row::new("20226", Vpn, Logoff, Some(Success), dialled),
    Row::new("20227", Vpn, Logon, Some(Failure), dial_failed),
    Row::new("20249", Vpn, Logon, Some(Failure), failed),
    Row::new("20250", Vpn, Logon, Some(Success), connected),
    Row::new("20253", Vpn, Logon, Some(Failure), not_negotiated),
    Row::new("20255", Vpn, Logon, Some(Failure), protocol_error),
    Row::new("20271", Vpn, Logon, Some(Failure), refused),
    Row::new("20272", Vpn, Logoff, Some(Success), connected),
    Row::new("20274", Vpn, Session, Some(Success), leased),
    Row::new("20275", Vpn, Logoff, Some(Success), released),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsRas {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::Ras)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

/// The values behind the routing domain and the CoId, which newer versions put before them; the CoId is the session.
fn values<'r>(win: &WinEvent<'r>, event: &mut Event<'r>) -> &'r [(&'r str, &'r str)] {
    let mut rest = win.data;
    while let [(_, first), after @ ..] = rest
        && (is_guid(first) || (after.len() > 1 && matches!(plain_id(first), "" | "NA")))
    {
        // The routing domain is all zeros where there is only one.
        if is_guid(first)
            && first.bytes().any(|it| matches!(it, b'1'..=b'9' | b'a'..=b'f' | b'A'..=b'F'))
        {
            event.session = Some(plain_id(first));
        }
        rest = after;
    }
    rest
}

/// An id without braces and without the `CoId=` that may stand before it.
fn plain_id(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("CoId=").unwrap_or(text).trim_matches(['{', '}'])
}

/// Whether it is `{d14cc0bf-...}`.
fn is_guid(text: &str) -> bool {
    let text = plain_id(text);
    text.len() == 36 && text.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')
}

/// The values in the text of an event, as an English system renders it, in the order of the data.
///
/// The client chooses the name: what the server writes behind it is looked for from the right.
pub(super) fn values_of(event_id: u32, message: &str) -> SmallVec<[&str; 4]> {
    // Agents put quotes around the text, or the id before it.
    let is_before = |it: char| it.is_ascii_digit() || matches!(it, '"' | ':' | ' ');
    let (id, text) = rras::connection(message.trim_start_matches(is_before));
    let text = text.trim_end_matches(['"', ' ', '\r', '\n']);
    let mut values = text_values(event_id, text).unwrap_or_default();
    if is_guid(id) && !values.is_empty() {
        values.insert(0, id);
    }
    values
}

fn text_values(event_id: u32, text: &str) -> Option<SmallVec<[&str; 4]>> {
    let behind = |words: &str| text.strip_prefix("The user ")?.rsplit_once(words);
    let pair = |it: (_, _)| smallvec![it.0, it.1];
    match event_id {
        20249 => behind(" has connected and failed to authenticate on port ").map(pair),
        20250 => {
            behind(" has connected and has been successfully authenticated on port ").map(pair)
        }
        20253 => behind(" connected to port ").map(pair),
        20255 => {
            let (_, tail) = text.split_once(" module on port: ")?;
            let (port, tail) = tail.split_once(", UserName: ")?;
            let (user, why) = tail.split_once(". ")?;
            Some(smallvec![port.trim(), user, why])
        }
        20271 => {
            let (who, why) =
                behind(" but failed an authentication attempt due to the following reason: ")?;
            let (user, from) = who.rsplit_once(" connected from ")?;
            Some(smallvec![user, from, why])
        }
        20272 => behind(" and disconnected on ")?.0.rsplit_once(" connected on port ").map(pair),
        20274 => {
            let (who, leased) = behind(" has been assigned address ")?;
            let (user, port) = who.rsplit_once(" connected on port ")?;
            Some(smallvec![user, port, leased.trim_end_matches('.')])
        }
        20275 => {
            let leased = behind(" has disconnected")?.0.strip_prefix("with ip address ")?;
            Some(smallvec![leased])
        }
        _ => None,
    }
}

fn nth<'r>(values: &[(&'r str, &'r str)], at: usize) -> Option<&'r str> {
    values.get(at).map(|it| it.1.trim()).filter(|it| !it.is_empty())
}

fn user<'r>(values: &[(&'r str, &'r str)], at: usize, event: &mut Event<'r>) -> bool {
    // The server writes this where no name was sent yet.
    let name = nth(values, at).filter(|it| *it != "<Unauthenticated User>");
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.user.is_some()
}

/// 20250: user, port. 20272: user, port, start, end, duration, bytes, reason, tunnel.
fn connected<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    user(values, 0, event)
}

/// 20249: user, port.
fn failed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.reason = Some(Reason::Other);
    user(values, 0, event)
}

/// 20253: user, port.
fn not_negotiated<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.reason = Some(Reason::Protocol);
    user(values, 0, event)
}

/// 20255: port, user, error.
fn protocol_error<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.reason = Some(nth(values, 2).map_or(Reason::Other, reason));
    user(values, 1, event)
}

/// 20271: user, address, error.
fn refused<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    let place = nth(values, 1).and_then(address_port);
    (event.src_ip, event.src_port) = place.map_or((None, None), |it| (Some(it.0), it.1));
    event.reason = Some(nth(values, 2).map_or(Reason::Other, reason));
    user(values, 0, event)
}

/// 20274: user, port, inner address.
fn leased<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.assigned_ip = nth(values, 2).and_then(address);
    user(values, 0, event)
}

/// 20275: inner address.
fn released<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.assigned_ip = nth(values, 0).and_then(address);
    event.assigned_ip.is_some()
}

/// 20221, 20225, 20226: user, connection.
fn dialled<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    // The client says which kind of connection before its name: take the last short value that is no number.
    event.target = match win.event_id {
        20226 => nth(values, 1),
        _ => values.iter().skip(1).map(|it| it.1.trim()).find(|it| is_connection(it)),
    };
    user(values, 0, event)
}

/// A name of a connection, and no kind, setting or number.
fn is_connection(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['=', '\n'])
        && !matches!(text, "VPN" | "Phone" | "Broadband" | "Internet" | "DCC")
        && !matches!(text, "per-user" | "all-user")
}

/// 20227: user, connection, error.
fn dial_failed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let values = values(win, event);
    event.target = nth(values, 1);
    event.reason = Some(match nth(values, 2) {
        Some("691") => Reason::BadPassword,
        Some("646" | "649" | "812" | "629") => Reason::Policy,
        Some("647") => Reason::Disabled,
        Some("648" | "709") => Reason::Expired,
        Some("13801" | "13806" | "798" | "853") => Reason::Certificate,
        Some("718" | "721" | "734" | "789" | "809" | "800" | "868") => Reason::Protocol,
        _ => Reason::Other,
    });
    user(values, 0, event)
}

/// The reason in the words of an English system.
fn reason(text: &str) -> Reason {
    const REASONS: [(&str, Reason); 7] = [
        ("because of a policy", Reason::Policy),
        ("permission", Reason::Policy),
        ("locked", Reason::Locked),
        ("disabled", Reason::Disabled),
        ("expired", Reason::Expired),
        ("certificate", Reason::Certificate),
        ("password", Reason::BadPassword),
    ];
    REASONS.iter().find(|it| text.contains(it.0)).map_or(Reason::Other, |it| it.1)
}
