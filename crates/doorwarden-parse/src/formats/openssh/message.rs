//! Where the message of `sshd` starts: behind a tag, in brackets, bare, or behind the stamp of the Windows port.

use crate::{
    Record,
    stamp::{self, Stamp},
};

/// A message, and the stamp before it that the header's reader does not know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'r> {
    /// What `sshd` says.
    pub(super) text: &'r str,
    /// The stamp of the Windows port's own log file.
    pub(super) stamp: Option<Stamp>,
}

/// The message of `record`, where it is one of `sshd` or of what runs inside it.
#[inline]
pub(super) fn of<'r>(record: &Record<'r>) -> Option<Message<'r>> {
    let bare = |text| Some(Message { text, stamp: None });
    match record.app {
        Some(app) if app.starts_with("sshd") => bare(record.message),
        Some(app) if is_relative(app) => bare(record.message),
        // `error: PAM: ...` without a header looks as if `error` were the program.
        Some("error" | "fatal") | None => headless(record.body),
        Some(_) => None,
    }
}

/// Whether `app` is `sshd` by its path, or a program that speaks for it.
fn is_relative(app: &str) -> bool {
    let name = app.rsplit('/').next().unwrap_or(app);
    matches!(name, "sftp-server" | "internal-sftp" | "pam_duo" | "login_duo")
        || name.starts_with("sshd")
}

/// A message without a tag.
fn headless(body: &str) -> Option<Message<'_>> {
    let first = *body.as_bytes().first()?;
    if first == b'[' {
        let text = body.strip_prefix("[sshd]")?;
        let text = text.strip_prefix(':').unwrap_or(text).trim_start();
        return Some(Message { text, stamp: None });
    }
    if first.is_ascii_digit() {
        let (pid, rest) = body.split_once(' ')?;
        let is_pid = pid.len() <= 10 && pid.bytes().all(|it| it.is_ascii_digit());
        let (stamp, text) = stamp::iso(rest).filter(|_| is_pid)?;
        let text = text.trim_start();
        let is_ours = is_bare(text) || text.starts_with("Server listening on ");
        return is_ours.then_some(Message { text, stamp: Some(stamp) });
    }
    is_bare(body).then_some(Message { text: body, stamp: None })
}

/// How messages start that nothing but `sshd` writes.
const STARTS: &[&str] = &[
    "Accepted gssapi-",
    "Accepted hostbased for ",
    "Accepted keyboard-interactive",
    "Accepted password for ",
    "Accepted publickey for ",
    "Bad protocol version identification ",
    "Close session: user ",
    "Did not receive identification string from ",
    "Disconnected from ",
    "Disconnecting authenticating user ",
    "Disconnecting invalid user ",
    "Failed gssapi-",
    "Failed hostbased for ",
    "Failed keyboard-interactive",
    "Failed none for ",
    "Failed password for ",
    "Failed publickey for ",
    "Failed unknown for ",
    "Illegal user ",
    "Invalid user ",
    "Partial ",
    "Postponed ",
    "ROOT LOGIN REFUSED FROM ",
    "Received disconnect from ",
    "Starting session: ",
    "Unable to negotiate with ",
    "banner exchange: Connection from ",
    "drop connection #",
    "error: PAM: ",
    "error: Received disconnect from ",
    "error: kex_exchange_identification: ",
    "error: maximum authentication attempts exceeded for ",
    "fatal: Access denied for user ",
    "fatal: Timeout before authentication for ",
    "fatal: Unable to negotiate with ",
    "pam_google_authenticator(sshd:",
    "pam_sss(sshd:",
    "pam_unix(sshd:",
    "ssh_dispatch_run_fatal: Connection from ",
    "subsystem request for ",
];

/// Whether `text` starts as only `sshd` starts.
fn is_bare(text: &str) -> bool {
    if let Some((_, inner)) =
        text.strip_prefix("message repeated ").and_then(|it| it.split_once('['))
    {
        return STARTS.iter().any(|it| inner.trim_start().starts_with(it));
    }
    // `User ... not allowed because`, and the ends of connections, have everyday starts: ask for more of them.
    if let Some(rest) = text.strip_prefix("User ") {
        return rest.contains(" not allowed because ");
    }
    if let Some(rest) = text.strip_prefix("Connection ") {
        let is_end = ["closed by ", "reset by "].iter().any(|it| rest.starts_with(it));
        return is_end && rest.contains(" port ");
    }
    STARTS.iter().any(|it| text.starts_with(it))
}
