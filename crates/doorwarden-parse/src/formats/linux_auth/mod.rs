//! Signing in on the spot, and becoming somebody else, on Linux and other Unix systems; and the accounts themselves.
//!
//! What comes in over SSH is the server's to say: see `openssh` and `dropbear`.

mod account;
mod console;
mod sudo;

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, pam};

/// # Linux and Unix: console, sudo, su, accounts
///
/// Linux distributions, the BSDs, macOS and Solaris.
///
/// ## Where the log is
/// `/var/log/auth.log` (Debian), `/var/log/secure` (Red Hat), `/var/log/messages` (SUSE), the journal, a syslog server.
///
/// ## What is read
/// - `sudo`, `su`, `doas`, `pkexec`: a command or shell as somebody else is a session of who asked for it (the event's
///   user); as whom, and the command, are its detail. A wrong password is a refused logon; a rule that says no is a
///   refused session.
/// - Consoles and desktops: `login`, `agetty`, `gdm`, `lightdm`, `sddm`, `xdm`; sessions of `systemd-logind`.
/// - `polkitd`: who proved who they are, to do what.
/// - Accounts: `useradd`, `usermod`, `userdel`, `groupadd`, `groupmod`, `groupdel`, `gpasswd`, `passwd`, `chpasswd`,
///   `chage`, `chfn`, `chsh`, `adduser`.
///
/// Service is `local` throughout: none of it is a door to the outside.
///
/// ## What is ignored
/// The sessions of `cron`, `at`, `systemd --user`, `runuser` and of login screens: nobody signs in there. PAM's lines of
/// other daemons belong to those daemons.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct LinuxAuth;

/// Its id.
const ID: &str = "linux-auth";

/// What a reading function answers.
type Answer = Result<Parsed, Reject>;

impl Format for LinuxAuth {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && program(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Answer {
        let (program, text) = program(record).ok_or(Reject::Shape)?;
        let mut reader = Reader { record, ctx };
        if program == Program::Nobody {
            return Ok(Parsed::Ignored);
        }
        let app = record.app.unwrap_or_default();
        if pam::is_module(app, text) {
            return reader.module(program, app, text);
        }
        // Solaris puts `[ID 366847 auth.notice] ` before the text.
        let id = text.strip_prefix("[ID ").and_then(|it| it.split_once("] "));
        let text = id.map_or(text, |it| it.1);
        match program {
            Program::Sudo => sudo::sudo(&mut reader, text),
            Program::Su => sudo::su(&mut reader, text),
            Program::Doas => sudo::doas(&mut reader, text),
            Program::Polkit => sudo::polkit(&mut reader, text),
            Program::Console => console::login(&mut reader, text),
            Program::Sessions => console::sessions(&mut reader, text),
            Program::Accounts => account::read(&mut reader, text),
            Program::Nobody => Ok(Parsed::Ignored),
        }
    }
}

/// Kinds of programs that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Sudo,
    Su,
    Doas,
    Polkit,
    Console,
    Sessions,
    Accounts,
    /// One that opens sessions without anybody signing in.
    Nobody,
}

/// The program that wrote `record`, and what it says.
fn program<'r>(record: &Record<'r>) -> Option<(Program, &'r str)> {
    let Some(app) = record.app else {
        return odd_tag(record.body);
    };
    let name = app.rsplit('/').next().unwrap_or(app);
    let name = name.split_once('(').map_or(name, |it| it.0);
    let program = match name {
        "sudo" | "sudo-i" => Program::Sudo,
        "su" | "su-l" => Program::Su,
        "doas" => Program::Doas,
        "polkitd" | "polkit-agent-helper-1" | "pkexec" => Program::Polkit,
        "login"
        | "agetty"
        | "mgetty"
        | "lightdm"
        | "sddm"
        | "sddm-helper"
        | "xdm"
        | "kdm"
        | "lxdm"
        | "gdm"
        | "gdm3"
        | "gdm-session-worker"
        | "kcheckpass"
        | "kscreenlocker_greet"
        | "vlock"
        | "xscreensaver"
        | "mate-screensaver-dialog"
        | "cinnamon-screensaver-pam-helper" => Program::Console,
        "systemd-logind" | "elogind" | "elogind-daemon" => Program::Sessions,
        "useradd" | "usermod" | "userdel" | "groupadd" | "groupmod" | "groupdel" | "gpasswd"
        | "passwd" | "chpasswd" | "chage" | "chfn" | "chsh" | "adduser" | "addgroup"
        | "newusers" => Program::Accounts,
        "CRON" | "cron" | "crond" | "anacron" | "atd" | "runuser" | "runuser-l" => Program::Nobody,
        "systemd" if record.message.starts_with("pam_") => Program::Nobody,
        _ if name.starts_with("gdm-") => Program::Console,
        _ => return None,
    };
    Some((program, record.message))
}

/// Tags that are none to a syslog reader: GNOME's display manager calls itself `gdm-password]`, and polkit
/// `polkitd(authority=local)`.
fn odd_tag(body: &str) -> Option<(Program, &str)> {
    let program = match body.as_bytes().first()? {
        b'g' if body.starts_with("gdm-") => Program::Console,
        b'p' if body.starts_with("polkitd(authority=") => Program::Polkit,
        _ => return None,
    };
    let (tag, text) = body.split_once(": ")?;
    let is_tag = tag.ends_with(']') && !tag.contains(' ');
    is_tag.then_some((program, text))
}

/// Services of PAM in which nobody signs in, whatever program runs them.
fn is_nobody(service: &str) -> bool {
    matches!(service, "systemd-user" | "cron" | "crond" | "gdm-launch-environment" | "runuser")
        || service.ends_with("-greeter")
}

/// One record on its way to events.
struct Reader<'a, 'r, 's> {
    record: &'a Record<'r>,
    ctx: &'a mut Ctx<'r, 's>,
}

impl<'r> Reader<'_, 'r, '_> {
    /// A module of PAM inside one of the programs.
    fn module(&mut self, program: Program, app: &'r str, text: &'r str) -> Answer {
        let Some(pam) = pam::read(app, text).filter(|it| !is_nobody(it.service)) else {
            return Ok(Parsed::Ignored);
        };
        if pam.user.is_none() && pam.caller.is_none() {
            return Ok(Parsed::Ignored);
        }
        let mut event = self.event(pam.activity())?;
        pam.apply(&mut event);
        // Who asks to be somebody else is who acts; a console asks for nobody.
        if let Some(caller) = pam.caller
            && matches!(program, Program::Sudo | Program::Su | Program::Doas | Program::Polkit)
            && pam.user != Some(caller)
        {
            event.detail = pam.user;
            (event.user, event.domain) = split_domain(caller);
        }
        Ok(self.emit(&event))
    }

    fn event(&mut self, activity: Activity) -> Result<Event<'r>, Reject> {
        self.ctx.event(ID, Service::Local, activity, self.record)
    }

    /// An event of `user`: with a reason where it was refused.
    fn act(
        &mut self,
        activity: Activity,
        user: &'r str,
        refused: Option<Reason>,
    ) -> Result<Event<'r>, Reject> {
        let mut event = self.event(activity)?;
        (event.user, event.domain) = split_domain(user);
        event.reason = refused;
        event.outcome = Some(if refused.is_some() { Outcome::Failure } else { Outcome::Success });
        Ok(event)
    }

    fn emit(&mut self, event: &Event<'r>) -> Parsed {
        self.ctx.emit(event);
        Parsed::Event
    }
}
