//! What the daemon says of clients, by the first words of a message.

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason};

use crate::{
    formats::openvpn::line::{is_name, place_of},
    record::address,
};

pub(super) const OK: Option<Outcome> = Some(Outcome::Success);
pub(super) const NO: Option<Outcome> = Some(Outcome::Failure);

/// What a message states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing that is read.
    Nothing,
    /// What the event holds now.
    Something,
    /// A new connection begins: what was said of one from the same port before no longer counts.
    Begun,
    /// A named client finished its handshake; whether that was the sign-in, the lines before tell.
    Connected,
    /// The client's session ended, if it had one.
    Ended,
}

/// Fills an event from what stands behind a known start.
type Reader = for<'r> fn(&'r str, &mut Event<'r>) -> Said;

/// Starts of messages, in the order in which they are tried.
static STARTS: &[(&str, Reader)] = &[
    ("peer info: ", peer_info),
    ("TLS: Username/Password authentication ", password),
    ("TLS: Username/auth-token authentication ", token),
    ("TLS: Initial packet from ", begun),
    ("TLS: new session incoming connection from ", begun),
    ("TCP connection established with ", begun),
    ("TLS Auth Error: ", auth_error),
    ("TLS Error: Auth ", auth_error),
    ("TLS Error: ", broken),
    ("TLS_ERROR: ", broken),
    ("Fatal TLS error", broken),
    ("tls-crypt unwrap error: ", broken),
    ("Authenticate/Decrypt packet error: ", broken),
    ("Bad encapsulated packet length from peer", broken),
    ("Non-OpenVPN client protocol detected", broken),
    ("VERIFY OK: depth=0, ", verified),
    ("VERIFY CRL: certificate ", revoked_number),
    ("VERIFY ", unverified),
    ("CRL CHECK FAILED: ", revoked),
    ("Peer Connection Initiated with ", handshake),
    ("[", named),
    ("MULTI_sva: pool returned ", leased),
    ("MULTI: Learn: ", learned),
    ("MULTI: primary virtual IP for ", leased_to),
    ("MULTI: primary virtual IPv6 for ", leased_to),
    ("MULTI: new connection by client '", replacing),
    ("MULTI: client has been rejected due to 'disable' directive", disabled),
    ("MULTI: no dynamic or static remote ", no_address),
    ("MULTI: new incoming connection would exceed maximum number of clients", full),
    ("SENT CONTROL [", control),
    ("AUTH: Received control message: AUTH_FAILED", refused),
    ("Connection reset, restarting", interrupted),
    ("SIGTERM[", signal),
    ("SIGUSR1[", signal),
    ("SIGHUP[", signal),
    ("PLUGIN_CALL: plugin function PLUGIN_", plugin),
    ("WARNING: Failed running command (--", command),
    ("PLUGIN AUTH-PAM: ", pam),
    ("AUTH-PAM: ", pam),
    ("Incorrect password supplied for LDAP DN \"", ldap_password),
    ("LDAP user \"", ldap_user),
];

/// Fills `event` from `text`.
pub(super) fn describe<'r>(text: &'r str, event: &mut Event<'r>) -> Said {
    for (start, read) in STARTS {
        if let Some(tail) = text.strip_prefix(start) {
            return read(tail, event);
        }
    }
    Said::Nothing
}

pub(super) fn says(
    event: &mut Event<'_>,
    activity: Activity,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
) -> Said {
    (event.activity, event.outcome, event.reason) = (activity, outcome, reason);
    Said::Something
}

/// `IV_GUI_VER=OpenVPN_GUI_11`
fn peer_info<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((key, value)) = tail.split_once('=') else { return Said::Nothing };
    match key {
        "IV_VER" | "IV_GUI_VER" => event.client = Some(value),
        "IV_HWADDR" => event.device = Some(value),
        _ => {}
    }
    says(event, Activity::Other, None, None)
}

/// `succeeded for username 'ana' [CN SET]`
fn password<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.method = Some("password");
    answered(tail, event, Reason::BadPassword)
}

fn token<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.method = Some("token");
    answered(tail, event, Reason::Other)
}

fn answered<'r>(tail: &'r str, event: &mut Event<'r>, reason: Reason) -> Said {
    let Some((answer, tail)) = tail.split_once(" for username '") else { return Said::Nothing };
    // The client chooses the name: only the end of the line is the server's.
    let name = tail.strip_suffix(" [CN SET]").unwrap_or(tail);
    event.user = Some(name.strip_suffix('\'').unwrap_or(name));
    match answer {
        "succeeded" => says(event, Activity::Logon, OK, None),
        "failed" => says(event, Activity::Logon, NO, Some(reason)),
        _ => says(event, Activity::Logon, None, None),
    }
}

/// `Auth Username/Password verification failed for peer` and what else refuses a client.
fn auth_error<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.method = Some("password");
    let named = |from: &str, to: &str| Some(tail.split_once(from)?.1.rsplit_once(to)?.0);
    let reason = if tail.contains("verification failed") {
        Reason::BadPassword
    } else if tail.contains(" attempted to change from '") {
        event.user = named("' to '", "' -- ").or(event.user);
        Reason::Policy
    } else if tail.contains("client-config-dir") {
        event.user = named(" common name '", "' file='").or(event.user);
        Reason::Policy
    } else if tail.contains(" certs ") {
        event.method = Some("certificate");
        Reason::Certificate
    } else {
        Reason::Other
    };
    says(event, Activity::Logon, NO, Some(reason))
}

/// A connection that never came as far as a sign-in; its address may stand at the end only.
fn broken<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    if event.src_ip.is_none() {
        let place = tail.rsplit_once(" from ").or_else(|| tail.rsplit_once(", remote="));
        from(place.map_or("", |(_, it)| it), event);
    }
    says(event, Activity::Other, NO, Some(Reason::Protocol))
}

/// `[AF_INET]203.0.113.7:51000, sid=...`
fn begun<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    from(tail, event);
    says(event, Activity::Other, None, None);
    Said::Begun
}

fn handshake<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    from(tail, event);
    says(event, Activity::Other, None, None)
}

/// Takes the address that starts `text`, unless the line named the client before.
fn from(text: &str, event: &mut Event<'_>) {
    if event.src_ip.is_some() {
        return;
    }
    let word = text.split([' ', ',']).next().unwrap_or_default();
    if let Some((ip, port)) = place_of(word) {
        (event.src_ip, event.src_port) = (Some(ip), port);
    }
}

/// `C=SE, O=Example, CN=ana`, or `/C=SE/O=Example/CN=ana` before version 2.3.
fn verified<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.certificate = Some(tail);
    event.user = event.user.or_else(|| common_name(tail));
    says(event, Activity::Other, None, None)
}

/// `ERROR: depth=0, error=certificate has expired: CN=ana, serial=7`, `X509NAME ERROR: CN=ana, must be ...`.
fn unverified<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((_, tail)) = tail.split_once("ERROR").filter(|(it, _)| it.len() <= 12) else {
        return Said::Nothing;
    };
    let tail = tail.trim_start_matches([':', ' ']);
    let (depth, tail) =
        tail.split_once(", ").filter(|(it, _)| it.starts_with("depth=")).unwrap_or(("", tail));
    let (error, subject) = match tail.strip_prefix("error=") {
        Some(tail) => tail.split_once(": ").unwrap_or((tail, "")),
        None => ("", tail),
    };
    if matches!(depth, "" | "depth=0") && subject.contains("CN=") {
        let subject = subject.split_once(", must be ").map_or(subject, |(it, _)| it);
        event.certificate = Some(subject);
        event.user = event.user.or_else(|| common_name(subject));
    }
    let has_expired = error == "certificate has expired";
    uncertified(event, if has_expired { Reason::Expired } else { Reason::Certificate })
}

/// `C=SE, CN=ana (serial 7) is REVOKED`
fn revoked<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    // The client chose its subject; what stands behind it is the server's.
    let subject = tail.rsplit_once(" is REVOKED").map_or(tail, |(it, _)| it);
    event.certificate = Some(subject.rsplit_once(" (serial ").map_or(subject, |(it, _)| it));
    event.user = event.user.or_else(|| common_name(tail));
    uncertified(event, Reason::Certificate)
}

/// `VERIFY CRL: certificate serial number 07 is revoked`, where the list is a folder.
fn revoked_number<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.detail = Some(tail);
    uncertified(event, Reason::Certificate)
}

/// A client's certificate was refused; without a client it was a server's, seen from the other side.
fn uncertified(event: &mut Event<'_>, reason: Reason) -> Said {
    event.method = Some("certificate");
    if event.src_ip.is_none() {
        event.user = None;
        return says(event, Activity::Other, NO, Some(reason));
    }
    says(event, Activity::Logon, NO, Some(reason))
}

fn common_name(subject: &str) -> Option<&str> {
    let (before, tail) = subject.split_once("CN=")?;
    let name =
        if before.ends_with('/') { tail.split('/').next() } else { tail.split(", ").next() }?;
    let name = name.split_once(" (serial ").map_or(name, |(it, _)| it);
    let name = name.strip_suffix(" is REVOKED").unwrap_or(name);
    (!name.is_empty()).then_some(name)
}

/// `ana] Peer Connection Initiated with [AF_INET]203.0.113.7:51000`, `ana] Inactivity timeout (--ping-restart)`.
fn named<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    if let Some((name, place)) = tail.rsplit_once("] Peer Connection Initiated with ") {
        // Without the client before it, the line is the other side's: the name is the server's.
        if event.src_ip.is_none() {
            return handshake(place, event);
        }
        event.user = event.user.or(Some(name)).filter(|it| is_name(it));
        return match event.user {
            Some(_) => Said::Connected,
            None => says(event, Activity::Other, None, None),
        };
    }
    let Some((name, _)) = tail.rsplit_once("] Inactivity timeout ") else { return Said::Nothing };
    if event.src_ip.is_some() {
        event.user = event.user.or(Some(name)).filter(|it| is_name(it));
    }
    interrupted(tail, event)
}

/// A connection that was lost; its end is told by the signal that follows.
fn interrupted<'r>(_: &'r str, event: &mut Event<'r>) -> Said {
    if event.src_ip.is_none() {
        return Said::Nothing;
    }
    let activity = if event.user.is_some() { Activity::Session } else { Activity::Other };
    says(event, activity, None, None)
}

/// `IPv4=10.8.0.6, IPv6=(Not enabled)`
fn leased<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.assigned_ip = tail.split(", ").find_map(|it| address(it.split_once('=')?.1));
    says(event, Activity::Session, None, None)
}

/// `10.8.0.6 -> ana/203.0.113.7:51000`; a network behind the client is no lease.
fn learned<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.assigned_ip = tail.split_once(" -> ").and_then(|(it, _)| address(it));
    says(event, Activity::Session, None, None)
}

/// `ana/203.0.113.7:51000: 10.8.0.6`
fn leased_to<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.assigned_ip = tail.rsplit_once(": ").and_then(|(_, it)| address(it));
    says(event, Activity::Session, None, None)
}

/// `ana' will cause previous active sessions by this client to be dropped.`
fn replacing<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let name = tail.rsplit_once("' will cause ").map(|(it, _)| it);
    event.user = event.user.or(name);
    says(event, Activity::Session, None, None)
}

fn disabled<'r>(_: &'r str, event: &mut Event<'r>) -> Said {
    says(event, Activity::Logon, NO, Some(Reason::Disabled))
}

fn no_address<'r>(_: &'r str, event: &mut Event<'r>) -> Said {
    says(event, Activity::Session, NO, Some(Reason::Other))
}

fn full<'r>(_: &'r str, event: &mut Event<'r>) -> Said {
    says(event, Activity::Other, NO, Some(Reason::Policy))
}

/// `ana]: 'AUTH_FAILED,reason' (status=1)`: what was sent to the client.
fn control<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((name, sent)) = tail.rsplit_once("]: '") else { return Said::Nothing };
    event.user = event.user.or(Some(name)).filter(|it| is_name(it));
    if let Some(why) = sent.strip_prefix("AUTH_FAILED") {
        return refused(why, event);
    }
    if sent.starts_with("AUTH_PENDING") || sent.starts_with("INFO_PRE,") {
        event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
        return says(event, Activity::Mfa, None, None);
    }
    if let Some(lease) = sent.strip_prefix("PUSH_REPLY,").and_then(|it| it.split_once(",ifconfig "))
    {
        event.assigned_ip = lease.1.split([' ', ',']).next().and_then(address);
        return says(event, Activity::Session, None, None);
    }
    Said::Nothing
}

/// `,CRV1:R,E:...' (status=1)`, `,SESSION: token expired`, or nothing at all.
fn refused<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    if tail.starts_with(",CRV1:") {
        event.mfa = Some(Mfa { method: None, result: MfaResult::Challenge });
        return says(event, Activity::Mfa, None, None);
    }
    let reason = if tail.starts_with(",SESSION") {
        Reason::Expired
    } else if tail.starts_with(",TEMP") {
        Reason::Other
    } else {
        Reason::BadPassword
    };
    says(event, Activity::Logon, NO, Some(reason))
}

/// `soft,remote-exit] received, client-instance exiting`
fn signal<'r>(tail: &'r str, _: &mut Event<'r>) -> Said {
    if tail.contains("] received, client-instance ") { Said::Ended } else { Said::Nothing }
}

/// `AUTH_USER_PASS_VERIFY failed with status 1: /usr/lib/openvpn/...`
fn plugin<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((function, _)) = tail.split_once(" failed with status ") else { return Said::Nothing };
    hook(function, event)
}

/// `auth-user-pass-verify): external program exited with error status: 1`
fn command<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    hook(tail.split(')').next().unwrap_or_default(), event)
}

/// What it means that a script or plugin refused a client.
fn hook(function: &str, event: &mut Event<'_>) -> Said {
    let (method, reason) = match function {
        "AUTH_USER_PASS_VERIFY" | "auth-user-pass-verify" => {
            (Some("password"), Reason::BadPassword)
        }
        "TLS_VERIFY" | "tls-verify" => (Some("certificate"), Reason::Certificate),
        "CLIENT_CONNECT" | "CLIENT_CONNECT_V2" | "client-connect" => (None, Reason::Policy),
        _ => return Said::Nothing,
    };
    event.method = method;
    says(event, Activity::Logon, NO, Some(reason))
}

/// `BACKGROUND: user 'ana' failed to authenticate: Authentication failure`
fn pam<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((who, why)) = tail.rsplit_once("' failed to authenticate: ") else {
        return Said::Nothing;
    };
    event.user = who.split_once("user '").map(|(_, it)| it);
    event.method = Some("password");
    let reason = match why {
        "User not known to the underlying authentication module" => Reason::UnknownUser,
        "Have exhausted maximum number of retries for service" => Reason::Locked,
        "User account has expired"
        | "Authentication token is no longer valid; new one required" => Reason::Expired,
        "Permission denied" => Reason::Policy,
        _ => Reason::BadPassword,
    };
    says(event, Activity::Logon, NO, Some(reason))
}

/// `CN=Ana Example,OU=Staff,DC=corp,DC=example"`
fn ldap_password<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let name = tail.trim_end_matches('"').split(',').next();
    event.user = name.and_then(|it| it.split_once('=')).map(|(_, it)| it);
    event.method = Some("password");
    says(event, Activity::Logon, NO, Some(Reason::BadPassword))
}

/// `ana" was not found.`
fn ldap_user<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let Some((name, _)) = tail.rsplit_once("\" was not found") else { return Said::Nothing };
    event.user = Some(name);
    says(event, Activity::Logon, NO, Some(Reason::UnknownUser))
}
