//! The rarer messages: refusals by rule, PAM's errors, connections that come to nothing.

use doorwarden_model::{Activity, Reason};

use super::{
    Answer, Reader,
    attempt::{put, put_client},
    connection::{broken, connection},
    peer::{self, Client, Who},
};
use crate::{Parsed, Reject, names::split_domain, origin::set_source};

/// Reads a message that is no attempt and no end of a connection.
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(answer) = refusal(reader, text) {
        return answer;
    }
    if let Some(answer) = from_client(reader, text) {
        return answer;
    }
    if BROKEN.iter().any(|it| text.starts_with(it)) {
        return broken(reader, Reason::Protocol);
    }
    Ok(Parsed::Ignored)
}

/// Ends of a connection that do not state its client.
const BROKEN: &[&str] = &[
    "Bad packet length ",
    "Corrupted MAC on input",
    "Read from socket failed",
    "Unable to negotiate a key exchange method",
    "kex_exchange_identification: ",
    "no matching ",
];

/// Refusals that name somebody, or speak of a credential.
fn refusal<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    if let Some(rest) = text.strip_prefix("User ") {
        return Some(by_rule(reader, rest));
    }
    if let Some(rest) = text.strip_prefix("maximum authentication attempts exceeded for ") {
        return Some(exceeded(reader, rest));
    }
    if let Some(rest) = text.strip_prefix("PAM: ") {
        return Some(pam_error(reader, rest));
    }
    if text.starts_with("PAM ") {
        return Some(reader.module(text));
    }
    if let Some(rest) = text.strip_prefix("input_userauth_request: invalid user ") {
        let name = rest.strip_suffix(" [preauth]").unwrap_or(rest);
        return Some(remembered(reader, Some(name), Reason::UnknownUser));
    }
    if let Some(rest) = text.strip_prefix("Access denied for user ") {
        let name = rest.split_once(" by PAM account configuration")?.0;
        return Some(remembered(reader, Some(name), Reason::Policy));
    }
    if let Some(rest) = text.strip_prefix("Account ") {
        let name = rest.split_once(" has expired")?.0;
        return Some(remembered(reader, Some(name), Reason::Expired));
    }
    if let Some(rest) = text.strip_prefix("Authentication ") {
        return Some(authentication(reader, rest));
    }
    let rest = text.strip_prefix("ROOT LOGIN REFUSED FROM ")?;
    Some(root_refused(reader, rest))
}

/// `ana from 203.0.113.7 not allowed because not listed in AllowUsers`, `ana password has expired (password aged)`
fn by_rule<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some((name, _)) = text.split_once(" password has expired") {
        return remembered(reader, Some(name), Reason::Expired);
    }
    let Some((who, why)) = text.split_once(" not allowed because ") else {
        return Ok(Parsed::Ignored);
    };
    let reason = if why.starts_with("account is locked") { Reason::Locked } else { Reason::Policy };
    reader.refuse(reason);
    let Some((name, from)) = who.rsplit_once(" from ") else {
        return remembered(reader, Some(who), reason);
    };
    let mut event = reader.failure(reason)?;
    (event.user, event.domain) = split_domain(name);
    set_source(&mut event, from);
    reader.remember(&event);
    event.detail = Some(why);
    Ok(reader.emit(&event))
}

/// A refusal that does not state the client: an earlier line may have.
fn remembered<'r>(
    reader: &mut Reader<'_, 'r, '_>,
    name: Option<&'r str>,
    reason: Reason,
) -> Answer {
    let seen = reader.recall();
    let reason = seen.and_then(|it| it.refused).unwrap_or(reason);
    let mut event = reader.failure(reason)?;
    if let Some(name) = name {
        (event.user, event.domain) = split_domain(name);
    }
    Reader::fill(&mut event, seen);
    Ok(reader.emit(&event))
}

/// `[invalid user ]ana from 203.0.113.7 port 4711 ssh2 [preauth]`
fn exceeded<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let (named, reason) = match text.strip_prefix("invalid user ") {
        Some(rest) => (peer::unknown(rest), Reason::UnknownUser),
        None => (peer::known(text), Reason::Other),
    };
    let mut event = reader.failure(reason)?;
    put(&mut event, &named.ok_or(Reject::Shape)?);
    Ok(reader.emit(&event))
}

/// `Authentication failure for [illegal user ]ana from 203.0.113.7[ via 192.0.2.1]`
fn pam_error<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((what, who)) = text.split_once(" for ") else {
        // `PAM: 2 more authentication failures; ...`
        return reader.module(text);
    };
    let Some((name, from)) = who.rsplit_once(" from ") else {
        return Ok(Parsed::Ignored);
    };
    let unknown = name.strip_prefix("illegal user ").or_else(|| name.strip_prefix("invalid user "));
    let reason = if unknown.is_some() { Reason::UnknownUser } else { pam_reason(what) };
    let mut event = reader.failure(reason)?;
    event.method = Some("keyboard-interactive");
    (event.user, event.domain) = split_domain(unknown.unwrap_or(name));
    let from = from.split_once(" via ").map_or(from, |it| it.0);
    set_source(&mut event, from.trim_end());
    Ok(reader.emit(&event))
}

/// What PAM's own words mean; they differ from system to system in their case.
fn pam_reason(what: &str) -> Reason {
    let says = |part: &str| {
        what.as_bytes().windows(part.len()).any(|it| it.eq_ignore_ascii_case(part.as_bytes()))
    };
    if says("authentication failure") || says("authentication error") {
        Reason::BadPassword
    } else if says("not known") || says("unknown user") {
        Reason::UnknownUser
    } else if says("expired") || says("no longer valid") {
        Reason::Expired
    } else if says("locked") {
        Reason::Locked
    } else if says("permission denied") {
        Reason::Policy
    } else {
        Reason::Other
    }
}

/// `refused: bad ownership ...`, `tried for ana with correct key but not from a permitted host (host=..., ip=...)`,
/// `key RSA SHA256:zSpz revoked by file /etc/ssh/revoked`
fn authentication<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if text.starts_with("refused: ") {
        return remembered(reader, None, Reason::Policy);
    }
    let seen = reader.recall();
    if let Some((key, _)) =
        text.strip_prefix("key ").and_then(|it| it.split_once(" revoked by file "))
    {
        let mut event = reader.failure(Reason::Certificate)?;
        event.method = Some("publickey");
        event.certificate = key.rsplit(' ').next();
        Reader::fill(&mut event, seen);
        return Ok(reader.emit(&event));
    }
    let Some((name, rest)) = text.strip_prefix("tried for ").and_then(|it| it.split_once(" with "))
    else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.failure(Reason::Policy)?;
    event.method = Some("publickey");
    (event.user, event.domain) = split_domain(name);
    if let Some((_, ip)) = rest.split_once(" ip=") {
        set_source(&mut event, ip.split([',', ')']).next().unwrap_or(ip));
    }
    Ok(reader.emit(&event))
}

/// `203.0.113.7[ port 4711]`
fn root_refused<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let mut event = reader.failure(Reason::Policy)?;
    event.user = Some("root");
    put_client(&mut event, &peer::client(text));
    Ok(reader.emit(&event))
}

/// Where in a message its client stands.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Right behind the start.
    First,
    /// Right behind the start, perhaps behind the name of somebody.
    Remote,
    /// Behind the last ` from `: the client chose what stands before.
    LastFrom,
    /// In the first brackets.
    Brackets,
    /// In the last parentheses.
    Parentheses,
    /// Behind ` new `, with the length of its network.
    Network,
    /// Between semicolons, as a patched server writes.
    Semicolons,
}

/// Messages that state a client: how they start, where it stands, and why its connection came to nothing.
const CLIENTS: &[(&str, Place, Option<Reason>)] = &[
    ("Address ", Place::First, None),
    ("Bad protocol version identification ", Place::LastFrom, Some(Reason::Protocol)),
    ("Closing connection to ", Place::First, None),
    ("Did not receive identification string from ", Place::First, None),
    ("Magic value check failed ", Place::LastFrom, Some(Reason::Protocol)),
    ("Read error from remote host ", Place::Remote, None),
    ("SSH: Server;", Place::Semicolons, None),
    ("Timeout before authentication for connection from ", Place::First, None),
    ("Timeout before authentication for ", Place::First, None),
    ("Timeout, client not responding from ", Place::Remote, None),
    ("Unable to negotiate with ", Place::First, Some(Reason::Protocol)),
    ("banner exchange: Connection from ", Place::First, Some(Reason::Protocol)),
    ("drop connection #", Place::Brackets, Some(Reason::Policy)),
    ("refused connect from ", Place::Parentheses, Some(Reason::Policy)),
    ("reverse mapping checking getaddrinfo for ", Place::Brackets, None),
    ("srclimit_penalise: ", Place::Network, None),
    ("ssh_dispatch_run_fatal: Connection from ", Place::Remote, Some(Reason::Protocol)),
];

fn from_client<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    let (start, place, reason) = CLIENTS.iter().find(|it| text.starts_with(it.0))?;
    let rest = text.get(start.len()..)?;
    let client = match place {
        Place::First => peer::client(rest),
        Place::Remote => return Some(remote(reader, rest, *reason)),
        Place::LastFrom => peer::unknown(rest)?.client,
        Place::Brackets => bracketed(rest)?,
        Place::Parentheses => match rest.rsplit_once('(') {
            Some((_, ip)) => peer::client(ip.trim_end_matches([')', ' '])),
            None => peer::client(rest),
        },
        Place::Network => peer::client(rest.split_once(" new ")?.1.split_once('/')?.0),
        Place::Semicolons => return Some(patched(reader, rest)),
    };
    Some(connection(reader, &client, *reason))
}

/// `3 from [203.0.113.7]:4711 on [192.0.2.1]:22 past MaxStartups`
fn bracketed(text: &str) -> Option<Client<'_>> {
    let (_, rest) = text.split_once('[')?;
    let (ip, rest) = rest.split_once(']')?;
    let port = rest.strip_prefix(':').and_then(|it| it.split(' ').next());
    Some(Client { port: port.and_then(|it| it.parse().ok()), ..peer::client(ip) })
}

/// A connection that broke, with or without somebody at its other end.
fn remote<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str, reason: Option<Reason>) -> Answer {
    let (who, named) = peer::remote(text);
    let mut event = match who {
        Who::Nobody => return connection(reader, &named.client, reason),
        Who::User => reader.event(Activity::Logoff)?,
        Who::Authenticating => reader.failure(Reason::Other)?,
        Who::Invalid => reader.invalid()?,
    };
    put(&mut event, &named);
    Ok(reader.emit(&event))
}

/// `Ltype: Authname;Remote: 203.0.113.7-4711;Name: ana [preauth]`
fn patched<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let text = text.strip_suffix(" [preauth]").unwrap_or(text);
    let mut event = reader.event(Activity::Other)?;
    // The name is the last part, and may itself hold a semicolon.
    let (parts, name) = text.split_once(";Name: ").unwrap_or((text, ""));
    (event.user, event.domain) = split_domain(name);
    let from = parts.split(';').find_map(|it| it.strip_prefix("Remote: "));
    let (ip, port) = from.and_then(|it| it.rsplit_once('-')).ok_or(Reject::Shape)?;
    set_source(&mut event, ip);
    event.src_port = port.parse().ok();
    reader.remember(&event);
    Ok(reader.emit(&event))
}
