//! Cisco ASA `vpn-1`: `AnyConnect` and the administrators of the gateway itself.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, Lease, NUMBER},
    places::own,
};

/// A client that connects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    /// Its account.
    pub(crate) user: &'a str,
    /// Its public address.
    pub(crate) ip: Ipv4Addr,
    /// The group policy that it gets.
    pub(crate) group: &'a str,
    /// Host name that it reports.
    pub(crate) device: &'a str,
    /// Id that it reports.
    pub(crate) device_id: &'a str,
    /// Operating system and version of the client program.
    pub(crate) agent: &'a str,
}

/// A certificate that a client showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Certificate<'a> {
    /// Subject.
    pub(crate) subject: &'a str,
    /// Serial number.
    pub(crate) serial: &'a str,
}

fn line(at: Moment, severity: u8, code: u32, text: &str) -> String {
    format!("{} vpn-1 : %ASA-{severity}-{code:06}: {text}", at.cisco())
}

fn message(journal: &mut Journal, at: Moment, severity: u8, code: u32, text: &str) {
    journal.write(Channel::Asa, at, line(at, severity, code, text));
}

/// A TLS handshake with the gateway.
pub(crate) fn handshake(journal: &mut Journal, at: Moment, ip: Ipv4Addr, port: u64) {
    let (gateway, peer) = (own::VPN, format!("client outside:{ip}/{port}"));
    let starting = format!("Starting SSL handshake with {peer} to {gateway}/443 for TLS session");
    message(journal, at, 6, 725_001, &starting);
    let completed =
        format!("Device completed SSL handshake with {peer} to {gateway}/443 for TLSv1.2 session");
    message(journal, at.plus_millis(180), 6, 725_002, &completed);
}

/// The RADIUS server refused.
pub(crate) fn rejected(journal: &mut Journal, at: Moment, user: &str, ip: Ipv4Addr) {
    let text = format!(
        "AAA user authentication Rejected : reason = AAA failure : server = {} : user = {user} : user IP = {ip}",
        own::RADIUS
    );
    message(journal, at, 6, 113_005, &text);
}

/// A name that the gateway itself does not know.
pub(crate) fn unknown(journal: &mut Journal, at: Moment, user: &str, ip: Ipv4Addr) {
    let text = format!(
        "AAA user authentication Rejected : reason = User was not found : local database : user = {user} : user IP = {ip}"
    );
    message(journal, at, 6, 113_015, &text);
}

/// The RADIUS server accepted.
pub(crate) fn accepted(journal: &mut Journal, at: Moment, client: &Client<'_>) {
    let Client { user, group, .. } = client;
    let server = own::RADIUS;
    let accepted =
        format!("AAA user authentication Successful : server =  {server} : user = {user}");
    message(journal, at, 6, 113_004, &accepted);
    let policy = format!("AAA retrieved default group policy ({group}) for user = {user}");
    message(journal, at.plus_millis(5), 6, 113_009, &policy);
    let status = format!("AAA transaction status ACCEPT : user = {user}");
    message(journal, at.plus_millis(9), 6, 113_008, &status);
}

/// The certificate was right.
pub(crate) fn certified(
    journal: &mut Journal,
    at: Moment,
    client: &Client<'_>,
    certificate: &Certificate<'_>,
) {
    let (Client { user, ip, group, .. }, Certificate { subject, serial }) = (client, certificate);
    let validated = format!(
        "Certificate was successfully validated. serial number: {serial}, subject name:  {subject}."
    );
    message(journal, at, 6, 717_022, &validated);
    let chain = "Certificate chain was successfully validated with warning, revocation status was not checked.";
    message(journal, at.plus_millis(4), 6, 717_028, chain);
    let named = format!(
        "Group <{group}>: Authenticating ssl-client connection from <{ip}> with username, <{user}>, from client certificate"
    );
    message(journal, at.plus_millis(20), 5, 113_024, &named);
    let policy = format!("AAA retrieved default group policy ({group}) for user = {user}");
    message(journal, at.plus_millis(25), 6, 113_009, &policy);
}

/// The session is open, and `assigned` is leased to it.
pub(crate) fn opened(journal: &mut Journal, at: Moment, client: &Client<'_>, assigned: Ipv4Addr) {
    let Client { user, ip, group, device, device_id, agent } = client;
    let attribute = |name: &str, value: &str| {
        format!("DAP: User {user}, Addr {ip}: Session Attribute {name} = \"{value}\"")
    };
    let attributes = [
        attribute("endpoint.anyconnect.deviceuniqueid", device_id),
        attribute("endpoint.device.hostname", device),
        attribute("endpoint.anyconnect.useragent", agent),
    ];
    for (attribute, step) in attributes.iter().zip(0..) {
        message(journal, at.plus_millis(-400 + step), 7, 734_003, attribute);
    }
    let dap = format!(
        "DAP: User {user}, Addr {ip}, Connection AnyConnect: The following DAP records were selected for this connection: DfltAccessPolicy"
    );
    message(journal, at.plus_millis(-390), 6, 734_001, &dap);
    let who = format!("Group <{group}> User <{user}> IP <{ip}>");
    message(journal, at, 6, 113_039, &format!("{who} AnyConnect parent session started."));
    let after = |seconds: i64| at.plus(seconds);
    let client = format!("{who} Client Type: Cisco AnyConnect VPN Agent for {agent}");
    message(journal, after(1), 6, 722_055, &client);
    let leased = format!("{who} IPv4 Address <{assigned}> IPv6 address <::> assigned to session");
    message(journal, after(2), 4, 722_051, &leased);
    let first = format!("{who} First TCP SVC connection established for SVC session.");
    message(journal, after(3), 5, 722_033, &first);
    let tunnel = format!("{who} TCP SVC connection established without compression");
    message(journal, after(3), 6, 722_022, &tunnel);
    let datagrams = format!("{who} New UDP SVC connection, no existing connection.");
    message(journal, after(5), 5, 722_034, &datagrams);
}

/// The session ended `reason`, after it was open since `start`.
pub(crate) fn closed(
    journal: &mut Journal,
    at: Moment,
    client: &Client<'_>,
    start: Moment,
    reason: &str,
) {
    let Client { user, ip, group, .. } = client;
    let who = format!("Group <{group}> User <{user}> IP <{ip}>");
    if reason == "User Requested" {
        let asked = format!(
            "{who} SVC Message: 16/NOTICE: The user has requested to disconnect the connection.."
        );
        message(journal, at.plus(-1), 5, 722_012, &asked);
    }
    message(
        journal,
        at,
        6,
        722_023,
        &format!("{who} UDP SVC connection terminated without compression"),
    );
    let seconds = at.since(start);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let (sent, received) = (at.0 / 7 % 90_000_000 + 400_000, at.0 / 13 % 9_000_000 + 90_000);
    let text = format!(
        "Group = {group}, Username = {user}, IP = {ip}, Session disconnected. Session Type: AnyConnect-Parent, Duration: {hours}h:{minutes:02}m:{seconds:02}s, Bytes xmt: {sent}, Bytes rcv: {received}, Reason: {reason}"
    );
    message(journal, at.plus_millis(300), 4, 113_019, &text);
}

/// The session lost its connection and took it up again, from `next`.
pub(crate) fn resumed(journal: &mut Journal, at: Moment, client: &Client<'_>, next: Ipv4Addr) {
    let Client { user, ip, group, .. } = client;
    let who = format!("Group <{group}> User <{user}> IP <{ip}>");
    let lost = format!("{who} AnyConnect session lost connection. Waiting to resume.");
    message(journal, at, 6, 716_058, &lost);
    let back = format!("{who} AnyConnect session resumed connection from IP <{next}>.");
    message(journal, at.plus(95), 6, 716_059, &back);
}

/// An administrator signs in to the gateway from `ip`, runs `commands` and signs out; `lease` is the VPN session that it
/// came through.
pub(crate) fn administered(
    journal: &mut Journal,
    at: Moment,
    user: &str,
    ip: Ipv4Addr,
    commands: &[&str],
    lease: Option<&Lease>,
) {
    let port = 51_000 + at.0 / 1_000 % 9_000;
    let permitted =
        format!("Login permitted from {ip}/{port} to inside:10.20.9.1/ssh for user \"{user}\"");
    journal.inner(Channel::Asa, at, line(at, 6, 605_005, &permitted), user, lease);
    let succeeded = format!("User authentication succeeded: IP address: {ip}, Uname: {user}");
    message(journal, at.plus_millis(12), 6, 611_101, &succeeded);
    message(
        journal,
        at.plus(4),
        5,
        111_008,
        &format!("User '{user}' executed the 'enable' command."),
    );
    let mut now = at.plus(20);
    for command in commands {
        message(
            journal,
            now,
            5,
            111_008,
            &format!("User '{user}' executed the '{command}' command."),
        );
        let from = format!("User '{user}', running 'CLI' from IP {ip}, executed '{command}'");
        message(journal, now.plus_millis(3), 5, 111_010, &from);
        now = now.plus(37);
    }
    let ended = format!(
        "SSH session from {ip} on interface inside for user \"{user}\" terminated normally"
    );
    message(journal, now.plus(41), 6, 315_011, &ended);
    message(journal, now.plus(41), 5, 611_103, &format!("User logged out: Uname: {user}"));
}

/// A packet that the access list refuses.
pub(crate) fn denied(journal: &mut Journal, at: Moment, ip: Ipv4Addr, port: u64, to: (u8, u16)) {
    let (host, service) = to;
    let text = format!(
        "Deny tcp src outside:{ip}/{port} dst inside:203.0.113.{host}/{service} by access-group \"outside_in\" [0x9a1c33e0, 0x0]"
    );
    message(journal, at, 4, 106_023, &text);
}

/// A connection that the access list lets in.
pub(crate) fn built(journal: &mut Journal, at: Moment, ip: Ipv4Addr, port: u64, to: (&str, u16)) {
    let (host, service) = to;
    let text = format!(
        "Built inbound TCP connection {NUMBER} for outside:{ip}/{port} ({ip}/{port}) to inside:{host}/{service} (203.0.113.77/{service})"
    );
    message(journal, at, 6, 302_013, &text);
}
