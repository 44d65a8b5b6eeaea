//! OpenSSH on Linux: the bastion and two servers inside, as syslogd writes it: no year, no zone.

use super::{Caller, Refusal};
use crate::{
    journal::{Channel, Journal, Says},
    moment::Moment,
    random::Random,
};

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// The bastion, which faces the internet.
    Bastion,
    /// One inside.
    First,
    /// Another, whose clock is behind.
    Second,
}

impl Server {
    const fn channel(self) -> Channel {
        match self {
            Self::Bastion => Channel::Bastion,
            Self::First => Channel::Server1,
            Self::Second => Channel::Server2,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Bastion => "gate-1",
            Self::First => "app-1",
            Self::Second => "app-2",
        }
    }
}

/// How somebody proves to be who they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The key of the account.
    Key,
    /// A password.
    Password,
}

fn line(of: Server, at: Moment, pid: i64, what: &str) -> String {
    let stamp = Journal::clock(of.channel(), at).syslog();
    format!("{stamp} {} sshd[{pid}]: {what}", of.name())
}

/// Process id and port of a connection.
fn numbers(at: Moment, user: &str) -> (i64, i64) {
    let salt = i64::try_from(user.len()).unwrap_or(0) * 977;
    ((at.0 / 37 + salt) % 31_000 + 800, 49_152 + (at.0 / 11 + salt) % 16_000)
}

/// The fingerprint of an account's key.
fn key(account: &str) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Random::new(5, account).text(letters, 43)
}

/// A session from `at` to `until`.
pub(crate) fn session(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    of: Server,
    caller: &Caller<'_>,
    proof: Proof,
) {
    let Caller { user, ip, .. } = caller;
    let (pid, port) = numbers(at, user);
    let how = match proof {
        Proof::Key => format!(
            "Accepted publickey for {user} from {ip} port {port} ssh2: ED25519 SHA256:{}",
            key(user)
        ),
        Proof::Password => format!("Accepted password for {user} from {ip} port {port} ssh2"),
    };
    journal.state(of.channel(), at, &line(of, at, pid, &how), caller.says("ssh"));
    let opened = format!(
        "pam_unix(sshd:session): session opened for user {user}(uid={}) by (uid=0)",
        1_000 + user.len()
    );
    let later = at.plus_millis(40);
    journal.write(of.channel(), later, &line(of, later, pid, &opened));
    let left = format!("Disconnected from user {user} {ip} port {port}");
    journal.write(of.channel(), until, &line(of, until, pid + 1, &left));
}

/// A wrong password, or a name that nobody has.
pub(crate) fn refused(
    journal: &mut Journal,
    at: Moment,
    of: Server,
    caller: &Caller<'_>,
    why: Refusal,
) {
    let Caller { user, ip, .. } = caller;
    let (pid, port) = numbers(at, user);
    let unknown = if why == Refusal::Unknown { "invalid user " } else { "" };
    let text = format!("Failed password for {unknown}{user} from {ip} port {port} ssh2");
    let says = Says { account: user, ip: Some(*ip), service: "ssh" };
    journal.state(of.channel(), at, &line(of, at, pid, &text), says);
    let closed = if unknown.is_empty() { "authenticating user " } else { unknown };
    let text = format!("Connection closed by {closed}{user} {ip} port {port} [preauth]");
    let later = at.plus(2);
    journal.write(of.channel(), later, &line(of, later, pid, &text));
}
