//! Becoming somebody else: `sudo`, `su`, `doas`, and polkit.

use doorwarden_model::{Activity, Reason};

use super::{Answer, Reader};
use crate::Parsed;

/// What `sudo` gives as a reason not to run a command.
const REFUSALS: &[(&str, Reason)] = &[
    ("incorrect password attempt", Reason::BadPassword),
    ("NOT in sudoers", Reason::Policy),
    ("NOT authorized on host", Reason::Policy),
    ("command not allowed", Reason::Policy),
    ("not allowed to ", Reason::Policy),
    ("a password is required", Reason::Other),
    ("no tty present", Reason::Other),
    ("a terminal is required", Reason::Other),
    ("you must have a tty", Reason::Policy),
    ("account validation failure", Reason::Policy),
    ("Account or password is expired", Reason::Expired),
    ("password expired", Reason::Expired),
];

/// `ana : [3 incorrect password attempts ; ]TTY=pts/0 ; PWD=/home/ana ; USER=root ; COMMAND=/bin/ls`
pub(super) fn sudo<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((name, rest)) = text.split_once(" : ") else {
        return Ok(Parsed::Ignored);
    };
    let first = rest.split(" ; ").next().unwrap_or(rest);
    let is_setting =
        first.split_once('=').is_some_and(|it| it.0.bytes().all(|it| it.is_ascii_uppercase()));
    let refused = REFUSALS.iter().find(|it| !is_setting && first.contains(it.0)).map(|it| it.1);
    if refused.is_none() && !(is_setting && rest.contains("COMMAND=")) {
        return Ok(Parsed::Ignored);
    }
    // A wrong password is an attempt; a rule that says no comes after a right one.
    let activity = match refused {
        Some(Reason::BadPassword) => Activity::Logon,
        _ => Activity::Session,
    };
    let mut event = reader.act(activity, name.trim(), refused)?;
    let as_whom = rest.find("USER=").and_then(|it| rest.get(it..));
    event.detail = as_whom;
    Ok(reader.emit(&event))
}

/// The many ways in which `su` is told: `Successful su for root by ana`, `FAILED SU (to root) ana on pts/0`, `+ pts/0
/// ana:root`, `ana to root on /dev/ttyp0`, `BAD SU ana to root on /dev/ttyp0`, `'su root' failed for ana on pts/0`,
/// `failed: tty4 changing from ana to root`.
pub(super) fn su<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some(change) = change(text) else {
        return Ok(Parsed::Ignored);
    };
    let (activity, refused) = if change.is_refused {
        (Activity::Logon, Some(Reason::BadPassword))
    } else {
        (Activity::Session, None)
    };
    let mut event = reader.act(activity, change.from, refused)?;
    event.detail = Some(change.to);
    Ok(reader.emit(&event))
}

/// Somebody becoming somebody else.
#[derive(Debug, Clone, Copy)]
struct Change<'r> {
    from: &'r str,
    to: &'r str,
    is_refused: bool,
}

fn change(text: &str) -> Option<Change<'_>> {
    let of = |from, to, is_refused| Some(Change { from, to, is_refused });
    if let Some((head, rest)) = text.split_once(" su for ") {
        let (to, from) = rest.rsplit_once(" by ")?;
        return of(from, to, head.eq_ignore_ascii_case("failed"));
    }
    if let Some((head, rest)) = text.split_once("(to ") {
        let (to, rest) = rest.split_once(") ")?;
        let (from, _) = rest.rsplit_once(" on ").unwrap_or((rest, ""));
        return of(from, to, head.starts_with("FAILED"));
    }
    if let Some(rest) = text.strip_prefix('+').or_else(|| text.strip_prefix('-')) {
        let (_, pair) = rest.strip_prefix(' ')?.rsplit_once(' ')?;
        let (from, to) = pair.split_once([':', '-'])?;
        return of(from, to, text.starts_with('-'));
    }
    if let Some(rest) = text.strip_prefix("'su ") {
        let (to, rest) = rest.split_once("' ")?;
        let (what, rest) = rest.split_once(" for ")?;
        let (from, _) = rest.split_once(" on ").unwrap_or((rest, ""));
        return of(from, to, what.starts_with("failed"));
    }
    if let Some((what, rest)) = text.split_once(" changing from ") {
        let (from, to) = rest.split_once(" to ")?;
        return of(from, to, what.starts_with("failed"));
    }
    let (pair, _) = text.rsplit_once(" on ")?;
    let bad = pair.strip_prefix("BAD SU ");
    let (from, to) = bad.unwrap_or(pair).split_once(" to ")?;
    (!from.contains(' ')).then_some(())?;
    of(from, to, bad.is_some())
}

/// `ana ran command /bin/ksh as root from /home/ana`, `failed auth for ana`, `failed command for ana: ls`
pub(super) fn doas<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(name) = text.strip_prefix("failed auth for ") {
        let event = reader.act(Activity::Logon, name, Some(Reason::BadPassword))?;
        return Ok(reader.emit(&event));
    }
    if let Some(rest) = text.strip_prefix("failed command for ") {
        let (name, command) = rest.split_once(": ").unwrap_or((rest, ""));
        let mut event = reader.act(Activity::Session, name, Some(Reason::Policy))?;
        event.detail = Some(command);
        return Ok(reader.emit(&event));
    }
    let Some((name, what)) = text.split_once(" ran command ") else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.act(Activity::Session, name, None)?;
    event.detail = Some(what);
    Ok(reader.emit(&event))
}

/// `Operator of unix-session:2 successfully authenticated as unix-user:ana to gain ONE-SHOT authorization for action
/// org.example.act for ...`, `Operator of unix-session:2 FAILED to authenticate to gain authorization for action ...
/// (owned by unix-user:ana)`, `ana: Executing command [USER=root] [TTY=pts/0] [CWD=/] [COMMAND=/bin/sh]`
pub(super) fn polkit<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let action = text.split_once(" for action ").and_then(|it| it.1.split(' ').next());
    if let Some((_, rest)) = text.split_once(" successfully authenticated as unix-user:") {
        let name = rest.split(' ').next().unwrap_or(rest);
        let mut event = reader.act(Activity::Logon, name, None)?;
        event.detail = action;
        return Ok(reader.emit(&event));
    }
    if text.contains(" FAILED to authenticate to gain authorization ") {
        let owner = text.rsplit_once("(owned by unix-user:").map(|it| it.1.trim_end_matches(')'));
        let Some(owner) = owner else { return Ok(Parsed::Ignored) };
        let mut event = reader.act(Activity::Logon, owner, Some(Reason::BadPassword))?;
        event.detail = action;
        return Ok(reader.emit(&event));
    }
    let Some((name, what)) = text.split_once(": ") else {
        return Ok(Parsed::Ignored);
    };
    let (refused, command) = if let Some(command) = what.strip_prefix("Executing command ") {
        (None, command)
    } else if let Some(rest) = what.strip_prefix("Error executing command as another user: ") {
        (Some(Reason::Policy), rest)
    } else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.act(Activity::Session, name, refused)?;
    event.detail = Some(command);
    Ok(reader.emit(&event))
}
