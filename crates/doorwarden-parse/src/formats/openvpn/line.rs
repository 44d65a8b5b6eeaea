//! One line of the server, whoever wrote it down: stamp, peer and message.

use std::net::IpAddr;

use crate::{
    Ctx, Record,
    formats::openvpn::access_server,
    record::address,
    stamp::{self, Stamp},
};

/// A line, cut into its parts.
#[derive(Debug)]
pub(super) struct Line<'r> {
    /// When it was written.
    pub(super) stamp: Option<Stamp>,
    /// The server, where a header names it.
    pub(super) host: Option<&'r str>,
    /// The client that it speaks of.
    pub(super) peer: Option<Peer<'r>>,
    /// What it says.
    pub(super) text: &'r str,
    /// Who says it.
    pub(super) speaker: Speaker,
}

/// Who wrote a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    /// The daemon, or a script of its own.
    Daemon,
    /// Access Server, which passes its daemons' lines on.
    AccessServer,
}

/// `[name/]address:port`, as it stands before most messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer<'r> {
    /// The common name, once it is known.
    pub(super) name: Option<&'r str>,
    /// The client's address.
    pub(super) ip: IpAddr,
    /// Its port.
    pub(super) port: Option<u16>,
}

/// Whether `record` is a line of the server.
pub(super) fn is_own(record: &Record<'_>) -> bool {
    if record.app.is_some_and(is_own_app) {
        // What PAM's modules say under the daemon's name is the system's.
        return !record.message.starts_with("pam_");
    }
    access_server::is_own(record.message) || file(record.text).is_some() || is_peers(record.body)
}

/// Whether a syslog tag is one of the server's.
fn is_own_app(app: &str) -> bool {
    ["openvpn", "ovpn", "OpenVPN"].iter().any(|it| app.starts_with(it))
}

/// Cuts `record`, which is a line of the server, into its parts.
pub(super) fn read<'r>(record: &Record<'r>, ctx: &Ctx<'r, '_>) -> Line<'r> {
    let is_tagged = record.app.is_some_and(is_own_app);
    if !is_tagged && let Some((stamp, rest)) = file(record.text) {
        // The syslog header reader took the peer for the host.
        return daemon(stamp, None, rest);
    }
    if is_tagged && !record.app.is_some_and(|it| it.starts_with("openvpnas"))
        || !is_tagged && is_peers(record.body)
    {
        let text = if is_tagged { record.message } else { record.body };
        return daemon(record.stamp, record.host, text);
    }
    let (inner, text) = access_server::unwrap(record.message, ctx);
    let header = record.stamp.filter(|it| it.year.is_some() && it.offset.is_some());
    let stamp = header.or(inner).or(record.stamp);
    Line { speaker: Speaker::AccessServer, ..daemon(stamp, record.host, text) }
}

fn daemon<'r>(stamp: Option<Stamp>, host: Option<&'r str>, text: &'r str) -> Line<'r> {
    let (peer, text) = peer(text.trim());
    Line { stamp, host, peer, text, speaker: Speaker::Daemon }
}

/// A line of the server's own log file: its stamp, and what stands behind it.
fn file(text: &str) -> Option<(Option<Stamp>, &str)> {
    let (stamp, rest) = file_stamp(text)?;
    let rest = rest.strip_prefix(' ')?;
    let rest = match rest.strip_prefix("us=") {
        Some(micros) => micros.split_once(' ')?.1,
        None => rest,
    };
    let is_own =
        is_peers(rest) || OWN_STARTS.iter().any(|it| rest.starts_with(it)) || is_advice(rest);
    is_own.then_some((Some(stamp), rest))
}

/// `2026-11-24 02:28:13`, or `Tue Nov 24 02:28:13 2026` before version 2.5.
fn file_stamp(text: &str) -> Option<(Stamp, &str)> {
    let bytes = text.as_bytes();
    if bytes.first()?.is_ascii_digit() {
        let is_spaced = bytes.get(10) == Some(&b' ');
        return stamp::iso(text).filter(|(stamp, _)| is_spaced && stamp.offset.is_none());
    }
    let (weekday, rest) = text.split_once(' ')?;
    if !matches!(weekday, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun") {
        return None;
    }
    stamp::bsd(rest).filter(|(stamp, _)| stamp.year.is_some())
}

/// Whether a client stands at the start of `text`, and something behind it that the server says of clients.
fn is_peers(text: &str) -> bool {
    matches!(peer(text), (Some(_), said) if PEER_STARTS.iter().any(|it| said.starts_with(it)))
}

/// What the server says of clients, by its first words.
static PEER_STARTS: &[&str] = &[
    "peer info: ",
    "TLS: ",
    "TLS Error: ",
    "TLS Auth Error: ",
    "TLS_ERROR: ",
    "Fatal TLS ",
    "tls-crypt",
    "VERIFY ",
    "VALIDATE ",
    "CRL",
    "[",
    "Peer Connection Initiated ",
    "MULTI",
    "SENT CONTROL ",
    "PUSH: ",
    "SIGTERM[",
    "SIGUSR1[",
    "SIGHUP[",
    "Control Channel",
    "Data Channel",
    "Outgoing ",
    "Incoming ",
    "Delayed exit ",
    "WARNING: ",
    "NOTE: ",
    "Note: ",
    "Connection reset",
    "Inactivity timeout",
    "Bad ",
    "Authenticate/Decrypt ",
    "Replay-window ",
    "Non-OpenVPN client ",
    "read ",
    "write ",
    "TCP",
    "UDP",
    "OPTIONS ",
    "Re-using ",
    "LZO ",
    "LZ4",
    "Local Options ",
    "Expected Remote ",
    "Timers: ",
    "Protocol options: ",
    "PLUGIN_",
    "Username",
    "X509",
    "Peer tried ",
    "Using ",
    "OpenSSL: ",
    "AUTH",
    "Closing ",
    "Float requested ",
    "client-",
    "dco_",
    "Key ",
    "PID_ERR ",
    "Override ",
    "Options error",
];

/// What the server says by itself, by its first words.
static OWN_STARTS: &[&str] = &[
    "OpenVPN 2.",
    "OpenVPN 3.",
    "library versions: ",
    "DCO version: ",
    "MANAGEMENT: ",
    "net_",
    "TUN/TAP ",
    "Socket Buffers: ",
    "UDPv4 ",
    "UDPv6 ",
    "TCPv4",
    "TCPv6",
    "MULTI: ",
    "IFCONFIG POOL",
    "ifconfig_pool",
    "Initialization Sequence ",
    "event_wait ",
    "Closing TUN/TAP ",
    "SIGTERM[",
    "SIGUSR1[",
    "SIGHUP[",
    "SIGINT[",
    "TLS Error: ",
    "TLS: ",
    "TLS Auth Error: ",
    "TCP connection established ",
    "Diffie-Hellman initialized ",
    "Could not determine IPv4/IPv6 ",
    "Listening for incoming TCP ",
    "Control Channel ",
    "Outgoing Control ",
    "Incoming Control ",
    "Data Channel ",
    "Outgoing Data ",
    "Incoming Data ",
    "ROUTE_GATEWAY ",
    "PUSH: ",
    "OPTIONS IMPORT: ",
    "VERIFY ",
    "AUTH-PAM: ",
    "PLUGIN_",
    "PLUGIN AUTH-PAM: ",
    "CRL: ",
    "GID set to ",
    "UID set to ",
    "/sbin/ip ",
    "/sbin/ifconfig ",
    "AUTH: Received control message: ",
    "Exiting due to fatal error",
    "tls-crypt unwrap error: ",
    "Authenticate/Decrypt packet error: ",
    "Preserving previous TUN/TAP ",
    "Restart pause, ",
];

/// `WARNING: ... --option ...`: advice on the server's own options.
fn is_advice(text: &str) -> bool {
    let Some((kind, said)) = text.split_once(": ") else { return false };
    matches!(kind, "Note" | "NOTE" | "WARNING" | "DEPRECATED OPTION" | "Options error")
        && (said.contains("--") || said.contains("ovpn-dco"))
}

/// Longest text searched for the end of a name with blanks.
const NAME_WITHIN: usize = 128;

/// Takes the client off the start of `text`.
///
/// The name may hold blanks, and `/`: it ends at the last one before the first address that a blank follows.
fn peer(text: &str) -> (Option<Peer<'_>>, &str) {
    let Some((first, rest)) = text.split_once(' ') else { return (None, text) };
    if let Some(peer) = client(first) {
        return (Some(peer), rest);
    }
    let mut at = first.len() + 1;
    for word in rest.split(' ') {
        let before = text.get(..at).unwrap_or_default();
        if NAME_WITHIN < at || before.contains([':', '\'', '"', '[']) {
            break;
        }
        let end = at + word.len();
        if word.contains('/')
            && let (Some(name), Some(said)) = (text.get(..end), text.get(end + 1..))
            && let Some(peer) = client(name)
        {
            return (Some(peer), said);
        }
        at = end + 1;
    }
    (None, text)
}

/// `name/203.0.113.7:51000` or `203.0.113.7:51000`.
fn client(word: &str) -> Option<Peer<'_>> {
    let (name, place) = match word.rsplit_once('/') {
        Some((name, place)) => (Some(name), place),
        None => (None, word),
    };
    let (ip, port) = place_of(place)?;
    // An address alone before a message is no client of this server.
    port?;
    Some(Peer { name: name.filter(|it| is_name(it)), ip, port })
}

/// Whether a common name is one, and not what stands there before it is known.
pub(super) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "UNDEF" | "None")
}

/// `[AF_INET]203.0.113.7:51000`, `udp4:203.0.113.7:51000`, `2001:db8::7:51000`: the last colon is the port's.
pub(super) fn place_of(word: &str) -> Option<(IpAddr, Option<u16>)> {
    let word =
        word.strip_prefix("[AF_INET]").or_else(|| word.strip_prefix("[AF_INET6]")).unwrap_or(word);
    let word = match word.split_once(':') {
        Some((protocol, place)) if is_protocol(protocol) => place,
        _ => word,
    };
    if let Some((ip, port)) = word.rsplit_once(':')
        && let (Some(ip), Ok(port)) = (address(ip), port.parse())
    {
        return Some((ip, Some(port)));
    }
    Some((address(word)?, None))
}

fn is_protocol(word: &str) -> bool {
    let Some(family) = word.strip_prefix("udp").or_else(|| word.strip_prefix("tcp")) else {
        return false;
    };
    matches!(family, "" | "4" | "6" | "4-server" | "6-server" | "-server")
}
