//! Attempts to sign in: `Accepted`, `Failed`, `Partial`, `Postponed`, `Invalid user`, and what was refused by rule.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason};

use super::{
    Answer, Reader, notice,
    peer::{self, Client, Named},
};
use crate::{Parsed, Reject, names::split_domain, origin::set_source, text::cut};

/// What `sshd` says of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Accepted,
    Failed,
    /// One of several methods succeeded.
    Partial,
    /// The answer is still to come.
    Postponed,
}

/// Reads a message whose first letter is one of `AFIP`.
#[inline]
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(rest) = text.strip_prefix("Failed ") {
        return attempt(reader, rest, Verb::Failed);
    }
    if let Some(rest) = text.strip_prefix("Accepted ") {
        return attempt(reader, rest, Verb::Accepted);
    }
    if let Some(rest) =
        text.strip_prefix("Invalid user ").or_else(|| text.strip_prefix("Illegal user "))
    {
        return invalid(reader, rest);
    }
    if let Some(rest) = text.strip_prefix("Postponed ") {
        return attempt(reader, rest, Verb::Postponed);
    }
    if let Some(rest) = text.strip_prefix("Partial ") {
        return attempt(reader, rest, Verb::Partial);
    }
    notice::read(reader, text)
}

/// `ana from 203.0.113.7 port 4711`
fn invalid<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let named = peer::unknown(text).ok_or(Reject::Shape)?;
    let mut event = reader.failure(Reason::UnknownUser)?;
    put(&mut event, &named);
    reader.remember(&event);
    Ok(reader.emit(&event))
}

/// `password for [invalid user ]ana from 203.0.113.7 port 4711 ssh2[: key]`
fn attempt<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str, verb: Verb) -> Answer {
    // `Accepted key ... found at`, `Failed to ...` speak of something else.
    let Some((method, rest)) = cut(text, b' ') else {
        return Ok(Parsed::Ignored);
    };
    let Some(rest) = rest.strip_prefix("for ") else {
        return Ok(Parsed::Ignored);
    };
    let (named, is_known) = who(rest).ok_or(Reject::Shape)?;
    let activity = match verb {
        Verb::Partial => Activity::Mfa,
        Verb::Postponed if is_known => Activity::Other,
        Verb::Accepted | Verb::Failed | Verb::Postponed => Activity::Logon,
    };
    let mut event = reader.event(activity)?;
    event.method = Some(method_word(method));
    put(&mut event, &named);
    key(&mut event, peer::info(named.client.rest));
    let refused = reader.remember(&event);
    match verb {
        Verb::Accepted => event.outcome = Some(Outcome::Success),
        Verb::Partial => event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge }),
        // A name that no account has cannot get any further; nor one that a rule forbids, which is called invalid too.
        Verb::Failed | Verb::Postponed if !is_known => {
            refuse(&mut event, refused.unwrap_or(Reason::UnknownUser));
        }
        Verb::Failed => refuse(&mut event, refused.unwrap_or_else(|| wrong(method))),
        Verb::Postponed => {}
    }
    Ok(reader.emit(&event))
}

fn refuse(event: &mut Event<'_>, reason: Reason) {
    event.outcome = Some(Outcome::Failure);
    event.reason = Some(reason);
}

/// The name, its client, and whether an account has that name.
#[inline]
fn who(text: &str) -> Option<(Named<'_>, bool)> {
    let is_lower = matches!(text.as_bytes().first(), Some(b'i' | b'<' | b'u'));
    if is_lower {
        let unknown =
            text.strip_prefix("invalid user ").or_else(|| text.strip_prefix("illegal user "));
        if let Some(rest) = unknown {
            return Some((peer::unknown(rest)?, false));
        }
        if text.starts_with("<invalid username> from ") {
            let named = peer::unknown(text)?;
            return Some((Named { name: "", ..named }, false));
        }
        // `for user ana from`, as some ports write; `user` alone is a name.
        if let Some(rest) = text.strip_prefix("user ")
            && !rest.starts_with("from ")
        {
            return Some((peer::known(rest)?, true));
        }
    }
    Some((peer::known(text)?, true))
}

/// Puts down name and client.
#[inline]
pub(super) fn put<'r>(event: &mut Event<'r>, named: &Named<'r>) {
    (event.user, event.domain) = split_domain(named.name);
    put_client(event, &named.client);
}

/// Puts down a client.
#[inline]
pub(super) fn put_client<'r>(event: &mut Event<'r>, client: &Client<'r>) {
    event.src_ip = client.ip;
    event.src_port = client.port;
    if client.ip.is_none() {
        set_source(event, client.text);
    }
}

/// The method in the words of events.
fn method_word(method: &str) -> &'static str {
    match method {
        "password" => "password",
        "publickey" => "publickey",
        "hostbased" => "hostbased",
        "none" => "none",
        _ if method.starts_with("keyboard-interactive") => "keyboard-interactive",
        _ if method.starts_with("gssapi") => "kerberos",
        _ => "unknown",
    }
}

/// Why an attempt by `method` with a good name fails.
fn wrong(method: &str) -> Reason {
    match method {
        "publickey" | "hostbased" => Reason::Certificate,
        "password" => Reason::BadPassword,
        _ if method.starts_with("keyboard-interactive") => Reason::BadPassword,
        _ => Reason::Other,
    }
}

/// `ED25519 SHA256:zSpz`, or `ED25519-CERT SHA256:zSpz ID ana (serial 7) CA RSA SHA256:Yc2v`.
fn key<'r>(event: &mut Event<'r>, info: &'r str) {
    let Some((kind, rest)) = cut(info, b' ') else { return };
    if kind.ends_with("-CERT") {
        event.method = Some("certificate");
        let id = rest.strip_prefix("ID ").or_else(|| rest.split_once(" ID ").map(|it| it.1));
        event.certificate = id.and_then(|it| it.rsplit_once(" (serial ")).map(|it| it.0);
    } else if matches!(event.method, Some("publickey" | "hostbased")) {
        let end = rest.bytes().position(|it| matches!(it, b' ' | b','));
        let print = end.and_then(|it| rest.get(..it)).unwrap_or(rest);
        event.certificate = Some(print).filter(|it| it.contains(':'));
    }
}
