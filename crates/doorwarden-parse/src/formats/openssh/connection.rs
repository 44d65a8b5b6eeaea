//! Connections and sessions: opened, closed, reset, refused, come to nothing.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use super::{
    Answer, Reader,
    attempt::{put, put_client},
    notice,
    peer::{self, Client, Named, Who},
};
use crate::{Parsed, Reject, names::split_domain, origin::set_source};

/// Reads a message whose first letter is one of `CDRSTUbdrs`.
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(rest) = text.strip_prefix("Connection ") {
        if let Some(rest) =
            rest.strip_prefix("closed by ").or_else(|| rest.strip_prefix("reset by "))
        {
            return ended(reader, rest);
        }
        if let Some(rest) = rest.strip_prefix("from ") {
            return plain(reader, rest);
        }
        return notice::read(reader, text);
    }
    if let Some(rest) = text.strip_prefix("Received disconnect from ") {
        return plain(reader, rest);
    }
    if let Some(rest) = text.strip_prefix("Disconnect") {
        if let Some(rest) = rest.strip_prefix("ed from ").or_else(|| rest.strip_prefix("ing ")) {
            return ended(reader, rest);
        }
        if let Some(rest) = rest.strip_prefix("ing: Too many authentication failures") {
            return too_many(reader, rest);
        }
        return Ok(Parsed::Ignored);
    }
    session(reader, text).unwrap_or_else(|| notice::read(reader, text))
}

/// Sessions inside a connection.
fn session<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Option<Answer> {
    if let Some(rest) = text.strip_prefix("Starting session: ") {
        return Some(started(reader, rest));
    }
    if let Some(rest) = text.strip_prefix("Close session: user ") {
        return Some(closed(reader, rest));
    }
    if let Some(rest) = text.strip_prefix("subsystem request for ") {
        return Some(subsystem(reader, rest));
    }
    let rest = text.strip_prefix("session ")?;
    let (activity, rest) = if let Some(rest) = rest.strip_prefix("opened for local user ") {
        (Activity::Session, rest)
    } else {
        (Activity::Logoff, rest.strip_prefix("closed for local user ")?)
    };
    Some(transfer(reader, activity, rest))
}

/// The end of a connection, with or without somebody at its other end.
fn ended<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let (who, named) = peer::remote(text);
    let mut event = match who {
        Who::Nobody => return plain(reader, text),
        Who::User => reader.event(Activity::Logoff)?,
        Who::Authenticating => reader.failure(Reason::Other)?,
        Who::Invalid => reader.invalid()?,
    };
    put(&mut event, &named);
    Ok(reader.emit(&event))
}

/// A connection of which nothing but its client is said.
fn plain<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    connection(reader, &peer::client(text), None)
}

/// A connection; `broken` tells why it came to nothing.
pub(super) fn connection<'r>(
    reader: &mut Reader<'_, 'r, '_>,
    client: &Client<'r>,
    broken: Option<Reason>,
) -> Answer {
    let mut event = reader.event(Activity::Other)?;
    event.outcome = broken.map(|_| Outcome::Failure);
    event.reason = broken;
    put_client(&mut event, client);
    let is_named = event.src_host.is_some() && peer::is_end(client.rest);
    if event.src_ip.is_none() && !is_named {
        return Ok(Parsed::Ignored);
    }
    reader.remember(&event);
    Ok(reader.emit(&event))
}

/// A connection that broke, of which an earlier line may have stated the client.
pub(super) fn broken(reader: &mut Reader<'_, '_, '_>, reason: Reason) -> Answer {
    let Some(seen) = reader.recall().filter(|it| it.ip.is_some()) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.event(Activity::Other)?;
    event.outcome = Some(Outcome::Failure);
    event.reason = Some(reason);
    Reader::fill(&mut event, Some(seen));
    Ok(reader.emit(&event))
}

/// `[ for ana] [preauth]`, as releases before 7.5 end.
fn too_many<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let text = text.strip_suffix(" [preauth]").unwrap_or(text);
    let seen = reader.recall();
    let mut event = reader.failure(Reason::Other)?;
    if let Some(name) = text.strip_prefix(" for ") {
        (event.user, event.domain) = split_domain(name);
    }
    Reader::fill(&mut event, seen);
    Ok(reader.emit(&event))
}

/// `shell on pts/0 for ana from 203.0.113.7 port 4711 id 0`
fn started<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let named = peer::unknown(text.rsplit_once(" id ").map_or(text, |it| it.0));
    let named = named.ok_or(Reject::Shape)?;
    let (what, name) = named.name.rsplit_once(" for ").ok_or(Reject::Shape)?;
    let mut event = reader.event(Activity::Session)?;
    event.outcome = Some(Outcome::Success);
    event.detail = Some(what);
    put(&mut event, &Named { name, ..named });
    Ok(reader.emit(&event))
}

/// `ana from 203.0.113.7 port 4711 id 0`
fn closed<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let named = peer::known(text.rsplit_once(" id ").map_or(text, |it| it.0));
    let mut event = reader.event(Activity::Logoff)?;
    put(&mut event, &named.ok_or(Reject::Shape)?);
    Ok(reader.emit(&event))
}

/// `sftp by user ana[ failed, subsystem not found]`; old releases leave out the user.
fn subsystem<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((what, name)) = text.split_once(" by user ") else {
        return Ok(Parsed::Ignored);
    };
    let refused = name.split_once(" failed, ");
    let name = refused.map_or(name, |it| it.0);
    let seen = reader.recall();
    let mut event = reader.event(Activity::Session)?;
    event.outcome = Some(if refused.is_some() { Outcome::Failure } else { Outcome::Success });
    event.reason = refused.map(|_| Reason::Policy);
    event.detail = Some(what);
    (event.user, event.domain) = split_domain(name);
    Reader::fill(&mut event, seen);
    Ok(reader.emit(&event))
}

/// `ana from [203.0.113.7]`, as `sftp-server` says.
fn transfer<'r>(reader: &mut Reader<'_, 'r, '_>, activity: Activity, text: &'r str) -> Answer {
    let (name, from) = text.rsplit_once(" from ").ok_or(Reject::Shape)?;
    let mut event: Event<'r> = reader.event(activity)?;
    event.outcome = (activity == Activity::Session).then_some(Outcome::Success);
    event.detail = Some("sftp");
    (event.user, event.domain) = split_domain(name);
    set_source(&mut event, from.trim_matches(['[', ']']));
    Ok(reader.emit(&event))
}
