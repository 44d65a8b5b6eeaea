//! Servers that write a sentence a line: x11vnc and `LibVNCServer`, TightVNC, `UltraVNC`, macOS.

use doorwarden_model::{Activity, Outcome, Reason};

use super::{Answer, Reader, put_client, put_name};
use crate::Parsed;

/// Reads one sentence.
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some((_, rest)) = text.split_once("Authentication: ")
        && let Some((verb, rest)) = rest.split_once(" :: User Name: ")
    {
        return mac(reader, verb, rest);
    }
    let text =
        text.strip_prefix("[IPv4] ").or_else(|| text.strip_prefix("[IPv6] ")).unwrap_or(text);
    if let Some(answer) = attempt(reader, text) {
        return answer;
    }
    connection(reader, text).unwrap_or(Ok(Parsed::Ignored))
}

/// `ana :: Viewer Address: 203.0.113.7 :: Type: DH`; the name is what was typed.
fn mac<'r>(reader: &mut Reader<'_, 'r, '_>, verb: &str, text: &'r str) -> Answer {
    let refused = match verb {
        "SUCCEEDED" => None,
        "FAILED" => Some(Reason::BadPassword),
        _ => return Ok(Parsed::Ignored),
    };
    let (name, rest) = text.rsplit_once(" :: Viewer Address: ").unwrap_or((text, ""));
    let (ip, kind) = rest.split_once(" :: Type: ").unwrap_or((rest, ""));
    let mut event = reader.attempt(refused)?;
    put_name(&mut event, name);
    put_client(&mut event, ip);
    event.method = Some(if kind.starts_with("Kerberos") { "kerberos" } else { "password" });
    reader.emit(&event)
}

/// Sentences that state an attempt: how they start, and why it was refused; behind stand the client and perhaps the name.
const ATTEMPTS: &[(&str, Option<Reason>)] = &[
    ("Authentication accepted from ", None),
    ("Authentication failed from ", Some(Reason::BadPassword)),
    ("Authentication passed by ", None),
    ("Connection rejected from client ", Some(Reason::BadPassword)),
    ("Error during RFB initialization: Authentication failed from ", Some(Reason::BadPassword)),
    ("Full-control authentication passed by ", None),
    ("Invalid attempt (not ", Some(Reason::Policy)),
    ("Invalid attempt from client ", Some(Reason::BadPassword)),
    ("Password authentication accepted from ", None),
    ("Read-only authentication passed by ", None),
    ("View-only authentication passed by ", None),
];

fn attempt<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    // `authProcessClientMessage: authentication failed from 203.0.113.7`, under one of three names.
    if let Some((_, client)) = text.split_once(": authentication failed from ") {
        return Some(attempted(reader, client, Some(Reason::BadPassword)));
    }
    if let Some((start, refused)) = ATTEMPTS.iter().find(|it| text.starts_with(it.0)) {
        let rest = text.get(start.len()..)?;
        let rest = rest.split_once(") from client ").map_or(rest, |it| it.1);
        return Some(attempted(reader, rest, *refused));
    }
    // UltraVNC: with an account it let somebody in, without one it only says that there is somebody.
    let rest = text.strip_prefix("Connection received from ")?;
    rest.contains(" using ").then(|| attempted(reader, rest, None))
}

fn attempted<'r>(
    reader: &mut Reader<'_, 'r, '_>,
    text: &'r str,
    refused: Option<Reason>,
) -> Answer {
    let (client, name) = with_account(text);
    if refused.is_none() {
        reader.establish(client);
    }
    let mut event = reader.attempt(refused)?;
    event.method = Some("password");
    put_client(&mut event, client);
    put_name(&mut event, name);
    reader.emit(&event)
}

/// `203.0.113.7 using CORP\ana account (Interactive)`: the client, and the name or nothing.
fn with_account(text: &str) -> (&str, &str) {
    match text.split_once(" using ") {
        Some((client, rest)) => (client, rest.rsplit_once(" account").map_or(rest, |it| it.0)),
        None => (text.split([' ', ',']).next().unwrap_or(text), ""),
    }
}

/// What a client does only once it is through.
const THROUGH: &[&str] = &[" encoding for client ", "Pixel format for client ", "Enabling "];

fn connection<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    if let Some(client) = text
        .strip_prefix("Got connection from client ")
        .or_else(|| text.strip_prefix("Connection received from "))
    {
        return Some(stated(reader, Activity::Other, client, None));
    }
    if let Some(rest) = text.strip_prefix("Incoming rfb connection from ") {
        let (ip, _) = rest.split_once(" to port ").unwrap_or((rest, ""));
        return Some(stated(reader, Activity::Other, ip, None));
    }
    if let Some(rest) = text.strip_prefix("denying client: ") {
        let (ip, _) = rest.split_once(' ').unwrap_or((rest, ""));
        return Some(stated(reader, Activity::Other, ip, Some(Reason::Policy)));
    }
    if let Some(rest) = text.strip_prefix("client_set_net: ") {
        let (client, _) = rest.split_once(' ').unwrap_or((rest, ""));
        return Some(opened(reader, client));
    }
    if THROUGH.iter().any(|it| text.contains(it))
        && let Some((_, client)) = text.rsplit_once(" for client ")
    {
        return Some(opened(reader, client.trim_end_matches(':')));
    }
    gone(reader, text)
}

/// A connection; refused for `reason`.
fn stated<'r>(
    reader: &mut Reader<'_, 'r, '_>,
    activity: Activity,
    client: &'r str,
    reason: Option<Reason>,
) -> Answer {
    let client = client.trim();
    if activity == Activity::Other {
        reader.forget(client);
    }
    let mut event = reader.event(activity)?;
    put_client(&mut event, client);
    event.reason = reason;
    event.outcome = reason.map(|_| Outcome::Failure);
    reader.emit(&event)
}

/// A client that is through: said once.
fn opened<'r>(reader: &mut Reader<'_, 'r, '_>, client: &'r str) -> Answer {
    if !reader.establish(client) {
        return Ok(Parsed::Ignored);
    }
    let mut event = reader.event(Activity::Session)?;
    event.outcome = Some(Outcome::Success);
    put_client(&mut event, client);
    reader.emit(&event)
}

/// `Client 203.0.113.7 gone`, `Client 203.0.113.7 using ana account disconnected (Interactive) (ID:3)`, `The client
/// 203.0.113.7 has disconnected`
fn gone<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    let rest = text.strip_prefix("Client ").or_else(|| text.strip_prefix("The client "))?;
    let is_end = rest.ends_with(" gone") || rest.contains("disconnected");
    if !is_end || rest.contains("Authentication failed") {
        return None;
    }
    let (client, name) = with_account(rest);
    let was_through =
        reader.forget(client) || !name.is_empty() || rest.contains(" has disconnected");
    let activity = if was_through { Activity::Logoff } else { Activity::Other };
    let mut event = match reader.event(activity) {
        Ok(event) => event,
        Err(reject) => return Some(Err(reject)),
    };
    put_client(&mut event, client);
    put_name(&mut event, name);
    Some(reader.emit(&event))
}
