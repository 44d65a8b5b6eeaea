//! TigerVNC and RealVNC: what happens to a connection, which the line with its address announced.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use super::{Answer, Peer, Reader, put_client, put_name};
use crate::Parsed;

/// Parts of the server whose lines stand in its own file, behind a blank.
const PARTS: &[&str] = &[
    "Blacklist",
    "Clipboard",
    "ComparingUpdateTracker",
    "Config",
    "Connections",
    "EncodeManager",
    "Selection",
    "SConnection",
    "SMsgReader",
    "SMsgWriter",
    "SSecurity",
    "TcpListener",
    "TLS",
    "TXWindow",
    "UnixListener",
    "VNCSConnST",
    "VNCServerST",
    "XDesktop",
    "XserverDesktop",
    "vncext",
];

/// Whether `text` is a line of a server's own file: ` Connections: accepted: ...`.
pub(super) fn is_ours(text: &str) -> bool {
    let Some((part, _)) = text.strip_prefix(' ').and_then(|it| it.split_once(':')) else {
        return false;
    };
    PARTS.iter().any(|it| part.starts_with(it)) && !part.contains(' ')
}

/// Reads `Connections: accepted: 203.0.113.7::4711` and its like.
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((part, rest)) = text.split_once(": ") else {
        return Ok(Parsed::Ignored);
    };
    let rest = rest.trim_start();
    match part {
        "Connections" => connections(reader, rest),
        "SConnection" => security(reader, rest),
        "VNCSConnST" if rest.starts_with("Server default pixel format") => through(reader),
        _ => Ok(Parsed::Ignored),
    }
}

fn connections<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((verb, rest)) = text.split_once(": ") else {
        return Ok(Parsed::Ignored);
    };
    match verb {
        "accepted" | "Accepted" | "connected" => connected(reader, rest),
        "authenticated" => authenticated(reader, rest),
        "blacklisted" | "Blacklisted" | "rejected" => {
            let mut event = reader.event(Activity::Other)?;
            event.outcome = Some(Outcome::Failure);
            event.reason = Some(Reason::Policy);
            put_client(&mut event, client(rest));
            reader.emit(&event)
        }
        "closed" | "Closed" | "disconnected" => disconnected(reader, rest),
        _ => Ok(Parsed::Ignored),
    }
}

/// `203.0.113.7::4711` of `203.0.113.7::4711 (TCP), as ana (d permissions)`.
fn client(text: &str) -> &str {
    text.split([' ', ',']).next().unwrap_or(text)
}

fn connected<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let client = client(text);
    reader.forget(client);
    let mut event = reader.event(Activity::Other)?;
    put_client(&mut event, client);
    reader.keep_last(Peer { ip: event.src_ip, port: event.src_port, ..Peer::default() });
    reader.emit(&event)
}

/// `203.0.113.7::4711 (TCP), as ana (d permissions)`
fn authenticated<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let client = client(text);
    reader.establish(client);
    let mut event = reader.attempt(None)?;
    put_client(&mut event, client);
    if let Some((_, name)) = text.split_once(", as ") {
        put_name(&mut event, name.rsplit_once(" (").map_or(name, |it| it.0));
    }
    reader.emit(&event)
}

/// `203.0.113.7::4711 (TCP) ([AuthFailure] Either the username was not recognised, or the password was incorrect)`
fn disconnected<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let client = client(text);
    let code = text.split_once("([").and_then(|it| it.1.split_once(']')).map_or("", |it| it.0);
    let refused = match code {
        "AuthFailure" => Some(Reason::BadPassword),
        "AuthDenied" => Some(Reason::Policy),
        _ => None,
    };
    let mut event = if refused.is_some() {
        reader.attempt(refused)?
    } else if reader.forget(client) {
        reader.event(Activity::Logoff)?
    } else {
        reader.event(Activity::Other)?
    };
    // The attempt itself was reported when it was made.
    if text.ends_with("(Too many security failures)") {
        (event.outcome, event.reason) = (Some(Outcome::Failure), Some(Reason::Policy));
    } else if text.contains(" (Authentication fail") {
        (event.outcome, event.reason) = (Some(Outcome::Failure), Some(Reason::BadPassword));
    }
    put_client(&mut event, client);
    reader.emit(&event)
}

/// What the handshake says.
fn security<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(rest) = text.strip_prefix("Client requests security type ") {
        let kind = rest.split(['(', ' ']).next().unwrap_or(rest);
        if let Some(peer) = reader.last() {
            reader.keep_last(Peer { method: Some(method(kind)), ..peer });
        }
        return Ok(Parsed::Ignored);
    }
    let why = text
        .strip_prefix("AuthFailureException: ")
        .or_else(|| text.strip_prefix("Authentication error: "));
    let Some(why) = why else { return Ok(Parsed::Ignored) };
    let is_rule = ["rejected", "in use", "denied"].iter().any(|it| why.contains(it));
    let reason = if is_rule { Reason::Policy } else { Reason::BadPassword };
    let mut event = reader.attempt(Some(reason))?;
    of_last(reader, &mut event);
    reader.emit(&event)
}

/// The server describes its screen once a client is through.
fn through(reader: &mut Reader<'_, '_, '_>) -> Answer {
    let mut event = reader.attempt(None)?;
    of_last(reader, &mut event);
    if let Some(peer) = reader.last().filter(|it| !it.is_established)
        && let (Some(ip), Some(port)) = (peer.ip, peer.port)
    {
        let client = if ip.is_ipv6() { format!("[{ip}]::{port}") } else { format!("{ip}::{port}") };
        reader.establish(&client);
        reader.keep_last(Peer { is_established: true, ..peer });
    }
    reader.emit(&event)
}

/// Gives `event` the last client of its process.
fn of_last(reader: &mut Reader<'_, '_, '_>, event: &mut Event<'_>) {
    if let Some(peer) = reader.last() {
        (event.src_ip, event.src_port, event.method) = (peer.ip, peer.port, peer.method);
    }
}

/// The method in the words of events.
fn method(kind: &str) -> &'static str {
    match kind {
        "None" | "TLSNone" | "X509None" => "none",
        _ => "password",
    }
}
