//! Names and addresses as `sshd` writes them, read from the side that the client cannot write to.

use std::net::{IpAddr, Ipv4Addr};

use crate::{
    record::address,
    text::{cut, cut_last, cut_last_word, cut_word},
};

/// A client: `203.0.113.7 port 4711`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Client<'r> {
    /// Its address as text, or its name.
    pub(super) text: &'r str,
    /// Its address.
    pub(super) ip: Option<IpAddr>,
    /// Its port.
    pub(super) port: Option<u16>,
    /// What stands behind.
    pub(super) rest: &'r str,
}

/// Reads a client at the start of `text`.
#[inline]
pub(super) fn client(text: &str) -> Client<'_> {
    if let Some((ip, len)) = ipv4_prefix(text.as_bytes())
        && let Some((word, rest)) = text.split_at_checked(len)
        && (rest.is_empty() || rest.starts_with(' '))
    {
        let (port, rest) = match rest.strip_prefix(" port ") {
            Some(rest) => number(rest),
            None => (None, rest.trim_start_matches(' ')),
        };
        return Client { text: word, ip: Some(IpAddr::V4(ip)), port, rest };
    }
    let (word, rest) = cut(text, b' ').unwrap_or((text, ""));
    // Old releases write `203.0.113.7: 11: Bye Bye`.
    let (word, rest) = match word.strip_suffix(':') {
        Some(word) => (word, rest),
        None => (word, rest.trim_start_matches(' ')),
    };
    let (port, rest) = rest.strip_prefix("port ").map_or((None, rest), number);
    Client { text: word, ip: address(word), port, rest }
}

/// The IPv4 address at the start of `text`, and its length: most clients, in one pass.
#[inline]
fn ipv4_prefix(text: &[u8]) -> Option<(Ipv4Addr, usize)> {
    let (mut value, mut octet, mut digits, mut dots) = (0u32, 0u32, 0u32, 0u32);
    let mut len = 0;
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                octet = octet * 10 + u32::from(byte - b'0');
                digits += 1;
                if 3 < digits || 255 < octet {
                    return None;
                }
            }
            b'.' if 0 < digits && dots < 3 => {
                value = value << 8 | octet;
                (octet, digits) = (0, 0);
                dots += 1;
            }
            _ => break,
        }
        len += 1;
    }
    (dots == 3 && 0 < digits).then(|| (Ipv4Addr::from(value << 8 | octet), len))
}

/// The port at the start of `text`, and what stands behind it.
#[inline]
fn number(text: &str) -> (Option<u16>, &str) {
    let (mut value, mut digits) = (0u32, 0);
    for byte in text.bytes().take(6).take_while(u8::is_ascii_digit) {
        value = value * 10 + u32::from(byte - b'0');
        digits += 1;
    }
    let port = if digits == 0 { None } else { u16::try_from(value).ok() };
    (port, text.get(digits..).unwrap_or_default())
}

/// A name and the client it came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'r> {
    /// The name; empty where the client sent none.
    pub(super) name: &'r str,
    /// Where it came from.
    pub(super) client: Client<'r>,
}

/// Most places tried as the end of a name.
const TRIES: usize = 8;

/// Reads `ana from 203.0.113.7 port 4711 ssh2: info`, where `ana` is an account of this host.
///
/// Such a name has no blank, and what the client may choose stands behind its address.
#[inline]
pub(super) fn known(text: &str) -> Option<Named<'_>> {
    if let Some((name, rest)) = cut(text, b' ')
        && let Some(rest) = rest.strip_prefix("from ")
    {
        let named = Named { name, client: client(rest) };
        if is_end(named.client.rest) {
            return Some(named);
        }
    }
    unknown(text)
}

/// Reads `ana from 203.0.113.7 port 4711 ssh2`, where the client chose the name, which may itself hold ` from `.
pub(super) fn unknown(text: &str) -> Option<Named<'_>> {
    let (mut last, mut left) = (None, text);
    for _ in 0..TRIES {
        let Some((name, _)) = cut_last_word(left, " from ") else { break };
        let rest = text.get(name.len() + " from ".len()..).unwrap_or_default();
        let named = Named { name, client: client(rest) };
        if is_end(named.client.rest) {
            return Some(named);
        }
        last = last.or(Some(named));
        left = name;
    }
    last
}

/// Whether `rest` is what `sshd` writes behind a port.
#[inline]
pub(super) fn is_end(rest: &str) -> bool {
    if rest == " ssh2" {
        return true;
    }
    let rest = rest.trim_start_matches(' ');
    let rest = rest.strip_prefix("ssh").map_or(rest, |it| it.trim_start_matches(['1', '2']));
    rest.is_empty()
        || rest.starts_with(": ")
        || rest.starts_with(" [preauth]")
        || rest == "[preauth]"
}

/// What stands behind `ssh2: `.
#[inline]
pub(super) fn info(rest: &str) -> &str {
    if rest == " ssh2" {
        return "";
    }
    let info = rest.strip_prefix(" ssh2: ").or_else(|| cut_word(rest, ": ").map(|it| it.1));
    let info = info.unwrap_or_default();
    info.strip_suffix(" [preauth]").unwrap_or(info)
}

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// Nobody yet.
    Nobody,
    /// Somebody with the name of an account, who has not signed in.
    Authenticating,
    /// Somebody with the name of no account.
    Invalid,
    /// Somebody who has signed in.
    User,
}

/// Reads `[authenticating |invalid ]user ana 203.0.113.7 port 4711`, or the client alone, at the start of `text`.
pub(super) fn remote(text: &str) -> (Who, Named<'_>) {
    let (who, rest) = if let Some(rest) = text.strip_prefix("authenticating user ") {
        (Who::Authenticating, rest)
    } else if let Some(rest) = text.strip_prefix("invalid user ") {
        (Who::Invalid, rest)
    } else if let Some(rest) = text.strip_prefix("user ") {
        (Who::User, rest)
    } else {
        return (Who::Nobody, Named { name: "", client: client(text) });
    };
    // The second name that a client sent stands behind its address; the first one stands before it.
    let rest = cut_word(rest, ": Change of username ").map_or(rest, |it| it.0);
    (who, last(rest))
}

/// Reads `ana 203.0.113.7 port 4711` from its end.
fn last(text: &str) -> Named<'_> {
    let mut left = text;
    for _ in 0..TRIES {
        let Some((before, _)) = cut_last_word(left, " port ") else { break };
        // The client may send an empty name: the blank before the address is there all the same.
        let name = cut_last(before, b' ').map(|it| it.0);
        let start = name.map_or(0, |it| it.len() + 1);
        let client = client(text.get(start..).unwrap_or_default());
        if client.ip.is_some() && client.port.is_some() {
            return Named { name: name.unwrap_or_default(), client };
        }
        left = before;
    }
    let text = text.strip_suffix(" [preauth]").unwrap_or(text);
    let (name, rest) = text.rsplit_once(' ').unwrap_or(("", text));
    Named { name, client: client(rest) }
}
