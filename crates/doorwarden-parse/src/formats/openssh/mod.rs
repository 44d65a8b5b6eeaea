//! OpenSSH `sshd`: what it and the modules of PAM inside it say.
//!
//! One message is told from another by its first letter, then by its first words: this is where most lines of most
//! archives come by. The files beside this one read the messages of one kind each.

mod attempt;
mod connection;
mod duo;
mod memory;
mod message;
mod notice;
mod peer;

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use self::memory::{Memory, Seen};
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    pam::{self, Act},
    stamp::Stamp,
};

/// # OpenSSH
///
/// The server of OpenSSH (`sshd`, since 9.8 also `sshd-session` and `sshd-auth`), portable releases 3.x to 10.x, on Linux,
/// the BSDs, macOS, Solaris, `OPNsense` and `pfSense`, network storage, and as Microsoft ships it with Windows.
///
/// ## Where the log is
/// `/var/log/auth.log` (Debian), `/var/log/secure` (Red Hat), the journal (`journalctl -u ssh`), a syslog server; on
/// Windows `C:\ProgramData\ssh\logs\sshd.log` after `SyslogFacility LOCAL0`. `LogLevel VERBOSE` in `sshd_config` adds
/// the key of each refused login and each connection.
///
/// ## What is read
/// - Attempts by password, public key, certificate, keyboard-interactive, GSSAPI and host: `Accepted`, `Failed`,
///   `Partial`, `Postponed`, `Invalid user`, `maximum authentication attempts exceeded`, and the end of a connection
///   that never signed in (`Connection closed by authenticating user`). The fingerprint of the key, or the id of the
///   certificate, is the event's certificate.
/// - Refusals by rule: `User ... not allowed because`, `ROOT LOGIN REFUSED`, `Access denied ... by PAM account
///   configuration`. A right password that a rule of PAM refuses is logged as `Failed password` as well: where the
///   module's own line stands before it, its reason is the rule, not the password.
/// - Sessions: PAM's `session opened` and `session closed`, `Starting session`, `Close session`, `Disconnected from
///   user`, `subsystem request`, and the sessions of `sftp-server`.
/// - PAM's modules inside `sshd`: `pam_unix`, `pam_sss`, `pam_krb5`, `pam_ldap`, `pam_winbind`, `pam_access`,
///   `pam_faillock`, `pam_tally2`, `pam_google_authenticator`, and Duo's `pam_duo` and `login_duo`.
/// - Connections that come to nothing, with their address: closed, reset, refused, timed out, no common algorithm, no
///   SSH at all, penalties of 9.8 and later.
///
/// `message repeated 3 times: [...]` counts three times, at most a hundred.
///
/// ## What is ignored
/// Keys found, forwardings, start and stop of the server, debug output; connection errors that state no address, unless
/// an earlier line of the same process did.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct OpenSsh;

/// Its id.
const ID: &str = "openssh";

/// What a reading function answers.
type Answer = Result<Parsed, Reject>;

impl Format for OpenSsh {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && message::of(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Answer {
        let message = message::of(record).ok_or(Reject::Shape)?;
        let mut reader = Reader { record, ctx, stamp: message.stamp, times: 1, layers: 0 };
        match record.app {
            Some("pam_duo" | "login_duo") => duo::read(&mut reader, message.text),
            Some(app) if app.ends_with(')') => reader.module(message.text),
            _ => reader.read(message.text),
        }
    }
}

/// Most events made of one `message repeated N times`.
const REPEAT_CAP: u32 = 100;

/// Longest message that is counted more than once: `sshd` writes none that is longer.
const REPEAT_LEN: usize = 2048;

/// Most messages read inside one another.
const LAYER_CAP: u32 = 3;

/// One record on its way to events.
struct Reader<'a, 'r, 's> {
    record: &'a Record<'r>,
    ctx: &'a mut Ctx<'r, 's>,
    /// A stamp that stands in the message.
    stamp: Option<Stamp>,
    /// How often the message was logged.
    times: u32,
    /// Messages around this one.
    layers: u32,
}

impl<'r> Reader<'_, 'r, '_> {
    /// Reads a message by its first letter.
    #[inline]
    fn read(&mut self, text: &'r str) -> Answer {
        match text.as_bytes().first() {
            Some(b'A' | b'F' | b'I' | b'P') => attempt::read(self, text),
            Some(b'C' | b'D' | b'R' | b'S' | b'T' | b'U' | b'b' | b'd' | b'r' | b's') => {
                connection::read(self, text)
            }
            Some(b'p' | b'(') => self.module(text),
            Some(b'e' | b'f' | b'[' | b'k' | b'm') => self.wrapped(text),
            _ => notice::read(self, text),
        }
    }

    /// A message inside another: `error: `, Solaris' `[ID 800047 auth.info] `, `kernel:[  123.45]: `,
    /// `message repeated 3 times: [...]`.
    fn wrapped(&mut self, text: &'r str) -> Answer {
        self.layers += 1;
        if LAYER_CAP < self.layers {
            return Ok(Parsed::Ignored);
        }
        if let Some(rest) = text.strip_prefix("error: ").or_else(|| text.strip_prefix("fatal: ")) {
            return self.read(rest);
        }
        if let Some(rest) = text.strip_prefix("message repeated ")
            && let Some((count, rest)) = rest.split_once(" times: [")
        {
            let is_short = rest.len() <= REPEAT_LEN;
            self.times = if is_short { count.parse().unwrap_or(1).clamp(1, REPEAT_CAP) } else { 1 };
            return self.read(rest.strip_suffix(']').unwrap_or(rest).trim());
        }
        let inner = text.strip_prefix("[ID ").or_else(|| text.strip_prefix("kernel:"));
        match inner.and_then(|it| it.split_once(']')) {
            Some((_, rest)) => self.read(rest.trim_start_matches([':', ' '])),
            None => notice::read(self, text),
        }
    }

    /// A module of PAM inside `sshd`.
    fn module(&mut self, text: &'r str) -> Answer {
        let Some(pam) = pam::read(self.record.app.unwrap_or_default(), text) else {
            return Ok(Parsed::Ignored);
        };
        if pam.act == Act::Refused {
            self.refuse(pam.reason.unwrap_or(Reason::Policy));
        }
        // `check pass; user unknown` states an attempt, though nothing else.
        if pam.user.is_none() && pam.source.is_none() && pam.reason != Some(Reason::UnknownUser) {
            return Ok(Parsed::Ignored);
        }
        let seen = self.recall();
        let mut event = self.event(pam.activity())?;
        pam.apply(&mut event);
        if event.src_ip.is_none() && event.src_host.is_none() {
            Self::fill(&mut event, seen);
        }
        Ok(self.emit(&event))
    }

    fn event(&mut self, activity: Activity) -> Result<Event<'r>, Reject> {
        match self.stamp {
            Some(stamp) => Ok(self.ctx.event_at(ID, Service::Ssh, activity, stamp)),
            None => self.ctx.event(ID, Service::Ssh, activity, self.record),
        }
    }

    /// A refused attempt.
    fn failure(&mut self, reason: Reason) -> Result<Event<'r>, Reject> {
        let mut event = self.event(Activity::Logon)?;
        event.outcome = Some(Outcome::Failure);
        event.reason = Some(reason);
        Ok(event)
    }

    /// A refused attempt by a name that `sshd` calls invalid: no account has it, or a rule forbids the account.
    fn invalid(&mut self) -> Result<Event<'r>, Reject> {
        let refused = self.recall().and_then(|it| it.refused);
        self.failure(refused.unwrap_or(Reason::UnknownUser))
    }

    fn emit(&mut self, event: &Event<'r>) -> Parsed {
        for _ in 0..self.times {
            self.ctx.emit(event);
        }
        Parsed::Event
    }

    fn memory(&mut self) -> &mut Memory {
        self.ctx.carry::<Memory>()
    }

    /// Remembers that a rule refused the account, for the lines that follow.
    fn refuse(&mut self, reason: Reason) {
        let record = self.record;
        self.memory().refused(record, reason);
    }

    fn recall(&mut self) -> Option<Seen> {
        let record = self.record;
        self.memory().recall(record)
    }

    /// Remembers the client that `event` states; answers why the account was refused to it, where it was.
    #[inline]
    fn remember(&mut self, event: &Event<'r>) -> Option<Reason> {
        let (record, ip) = (self.record, event.src_ip?);
        self.memory().client(record, ip, event.src_port)
    }

    /// Gives `event` the client that an earlier line of the process stated.
    fn fill(event: &mut Event<'r>, seen: Option<Seen>) {
        if let Some(seen) = seen {
            (event.src_ip, event.src_port) = (seen.ip, seen.port);
        }
    }
}
