//! The `Key value - Key "value"` list of a message.

use std::net::IpAddr;

use crate::{
    kv::stated,
    names::split_domain,
    record::{address, address_port},
};

/// What the list states; of a key that stands twice the first counts, as the last ones are the client's own words.
#[derive(Debug, Default)]
pub(super) struct Fields<'r> {
    /// `ana@203.0.113.7`: the session's name and the address it was opened from.
    pub(super) context: Option<&'r str>,
    /// The name.
    pub(super) user: Option<&'r str>,
    /// The address of the client that signed in.
    pub(super) client_ip: Option<IpAddr>,
    /// How often a client's address is stated.
    pub(super) client_ips: usize,
    /// The address and port that this connection came from.
    pub(super) source: Option<(IpAddr, Option<u16>)>,
    /// Where the connection goes.
    pub(super) destination: Option<&'r str>,
    /// The virtual server.
    pub(super) vserver: Option<&'r str>,
    /// Session id.
    pub(super) session: Option<&'r str>,
    /// User agent.
    pub(super) browser: Option<&'r str>,
    /// Why it was refused.
    pub(super) failure: Option<&'r str>,
    /// `Allowed` or `Denied`.
    pub(super) access: Option<&'r str>,
    /// `name:domain`.
    pub(super) named: Option<&'r str>,
    /// Host name that the client reported.
    pub(super) device: Option<&'r str>,
    /// Version of the client.
    pub(super) version: Option<&'r str>,
}

impl<'r> Fields<'r> {
    /// Reads the list in `text`.
    pub(super) fn of(text: &'r str) -> Self {
        let mut fields = Self::default();
        for (key, value) in pairs(text) {
            fields.take(key, value);
        }
        fields
    }

    fn take(&mut self, key: &str, value: &'r str) {
        let first = |slot: &mut Option<&'r str>| {
            if slot.is_none() {
                *slot = stated(value);
            }
        };
        match key {
            "Context" => first(&mut self.context),
            "User" => first(&mut self.user),
            "Client_ip"
            | "Client IP"
            | "ClientIP"
            | "client_ip"
            | "nsica_session_client_ip"
            | "Remote_ip" => {
                self.client_ips += 1;
                self.client_ip = self.client_ip.or_else(|| address(value));
            }
            "Source" => self.source = self.source.or_else(|| address_port(value)),
            "Destination" => first(&mut self.destination),
            "Vserver" | "Vserver_ip" => first(&mut self.vserver),
            "SessionId" | "sessionId" | "Sessionid" | "Session id" | "connectionId"
            | "session_guid" => first(&mut self.session),
            "Browser_type" | "Browser" => first(&mut self.browser),
            "Failure_reason" => first(&mut self.failure),
            "Access" => first(&mut self.access),
            "username:domainname" => first(&mut self.named),
            "client_hostname" => first(&mut self.device),
            "client_version" => first(&mut self.version),
            _ => {}
        }
    }

    /// Name and domain, from whichever field states them.
    pub(super) fn person(&self) -> (Option<&'r str>, Option<&'r str>) {
        if let Some((name, domain)) = self.named.and_then(|it| it.rsplit_once(':')) {
            let (user, own) = split_domain(name);
            return (user, stated(domain).or(own));
        }
        let context = || Some(self.context?.rsplit_once('@')?.0);
        self.user.or_else(context).map_or((None, None), split_domain)
    }

    /// The address that the session was opened from.
    pub(super) fn client(&self) -> Option<IpAddr> {
        self.client_ip.or_else(|| address(self.context?.rsplit_once('@')?.1))
    }
}

/// Keys of two words.
static LONG_KEYS: &[&str] = &["Client IP", "Session id"];

/// The pairs of the list, in order.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        let (part, tail) = next_part(rest)?;
        rest = tail;
        Some(pair(part))
    })
}

/// Cuts off the text up to the next `- ` outside quotes; older versions write `15- User` without a blank before.
fn next_part(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() {
        return None;
    }
    let bytes = text.as_bytes();
    let mut is_quoted = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'-' if !is_quoted && bytes.get(at + 1).is_none_or(|it| *it == b' ') => {
                let (part, tail) = text.split_at_checked(at)?;
                return Some((part.trim(), tail.get(1..)?.trim_start()));
            }
            _ => {}
        }
    }
    Some((text, ""))
}

fn pair(part: &str) -> (&str, &str) {
    for key in LONG_KEYS {
        if let Some(value) = part.strip_prefix(key) {
            return (key, bare(value));
        }
    }
    let (key, value) = part.split_once(' ').unwrap_or((part, ""));
    (key.trim_end_matches(':'), bare(value))
}

fn bare(value: &str) -> &str {
    value.trim_start_matches([' ', ':']).trim().trim_matches('"').trim()
}
