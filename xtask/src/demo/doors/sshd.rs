//! OpenSSH on Linux, as syslogd writes it: no year, no zone.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, Lease},
};

/// A connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connection<'a> {
    /// Server.
    pub(crate) to: Channel,
    /// The name that the client gives.
    pub(crate) user: &'a str,
    /// Its address.
    pub(crate) ip: Ipv4Addr,
    /// Its port.
    pub(crate) port: u64,
}

/// The server's name, and how many seconds its clock is behind.
const fn host(of: Channel) -> (&'static str, i64) {
    match of {
        Channel::Files => ("files-1", 0),
        Channel::Database => ("db-1", 75),
        _ => ("gate-1", 0),
    }
}

/// Process ids come again after a while, as on a server.
fn pid(port: u64, at: Moment) -> i64 {
    (at.0 / 3_000 + i64::try_from(port).unwrap_or(0) * 7) % 31_000 + 800
}

fn text(of: Channel, at: Moment, pid: i64, what: &str) -> (Moment, String) {
    let (host, behind) = host(of);
    let at = at.plus(-behind);
    (at, format!("{} {host} sshd[{pid}]: {what}", at.syslog()))
}

fn write(journal: &mut Journal, of: Channel, at: Moment, pid: i64, what: &str) {
    let (at, line) = text(of, at, pid, what);
    journal.write(of, at, line);
}

/// A session from `at` to `until` with a key or a password; `lease` is the VPN session that it came through.
pub(crate) fn session(
    journal: &mut Journal,
    at: Moment,
    until: Moment,
    connection: &Connection<'_>,
    key: Option<&str>,
    lease: Option<&Lease>,
) {
    let Connection { to, user, ip, port } = *connection;
    let pid = pid(port, at);
    let how = match key {
        Some(key) => format!(
            "Accepted publickey for {user} from {ip} port {port} ssh2: ED25519 SHA256:{key}"
        ),
        None => format!("Accepted password for {user} from {ip} port {port} ssh2"),
    };
    let (when, line) = text(to, at, pid, &how);
    journal.inner(to, when, line, user, lease);
    let uid = 1_000 + user.len();
    let open =
        format!("pam_unix(sshd:session): session opened for user {user}(uid={uid}) by (uid=0)");
    write(journal, to, at.plus_millis(40), pid, &open);
    let left = format!("Received disconnect from {ip} port {port}:11: disconnected by user");
    write(journal, to, until, pid + 1, &left);
    let gone = format!("Disconnected from user {user} {ip} port {port}");
    write(journal, to, until.plus_millis(1), pid + 1, &gone);
    let closed = format!("pam_unix(sshd:session): session closed for user {user}");
    write(journal, to, until.plus_millis(5), pid, &closed);
}

/// A wrong password for a name that exists.
pub(crate) fn failed(journal: &mut Journal, at: Moment, connection: &Connection<'_>) {
    let Connection { to, user, ip, port } = *connection;
    let pid = pid(port, at);
    let failure = format!(
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={ip}  user={user}"
    );
    write(journal, to, at, pid, &failure);
    let failed = format!("Failed password for {user} from {ip} port {port} ssh2");
    write(journal, to, at.plus(2), pid, &failed);
}

/// A try with a name that nobody has.
pub(crate) fn unknown(journal: &mut Journal, at: Moment, connection: &Connection<'_>) {
    let Connection { to, user, ip, port } = *connection;
    let pid = pid(port, at);
    write(journal, to, at, pid, &format!("Invalid user {user} from {ip} port {port}"));
    let failed = format!("Failed password for invalid user {user} from {ip} port {port} ssh2");
    write(journal, to, at.plus(2), pid, &failed);
    let closed = format!("Connection closed by invalid user {user} {ip} port {port} [preauth]");
    write(journal, to, at.plus(3), pid, &closed);
}

/// Cron's hourly work.
pub(crate) fn cron(journal: &mut Journal, of: Channel, at: Moment) {
    let (host, behind) = host(of);
    let at = at.plus(-behind);
    let pid = at.0 / 5_000 % 30_000 + 900;
    for (what, later) in
        [("opened for user root(uid=0) by (uid=0)", 0), ("closed for user root", 40)]
    {
        let stamp = at.syslog();
        let line = format!("{stamp} {host} CRON[{pid}]: pam_unix(cron:session): session {what}");
        journal.write(of, at.plus_millis(later), line);
    }
}

/// The power fails while a line is written.
pub(crate) fn cut(journal: &mut Journal, of: Channel, at: Moment) {
    let line: String = at.syslog().chars().take(9).collect();
    journal.write(of, at, line);
}

/// A client that only looked.
pub(crate) fn looked(journal: &mut Journal, at: Moment, connection: &Connection<'_>) {
    let Connection { to, ip, port, .. } = *connection;
    let what = format!("Connection closed by {ip} port {port} [preauth]");
    write(journal, to, at, pid(port, at), &what);
}
