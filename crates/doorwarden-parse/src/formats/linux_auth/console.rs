//! Consoles, and the sessions that `systemd-logind` keeps.

use doorwarden_model::{Activity, Outcome, Reason};

use super::{Answer, Reader};
use crate::{Parsed, names::split_domain, origin::set_source};

/// `FAILED LOGIN (1) on '/dev/tty1' FOR 'ana', Authentication failure`, `FAILED LOGIN 1 FROM 203.0.113.7 FOR ana, ...`,
/// `LOGIN ON tty1 BY ana`, `ROOT LOGIN ON pts/0 FROM 203.0.113.7`, `invalid password for 'ana' on 'tty1'`
pub(super) fn login<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if text.starts_with("FAILED LOGIN") || text.starts_with("TOO MANY LOGIN TRIES") {
        return failed(reader, text);
    }
    if let Some(rest) = text.strip_prefix("invalid password for ") {
        let (name, rest) = rest.split_once(" on ").unwrap_or((rest, ""));
        let from = rest.split_once(" from ").map_or("", |it| it.1);
        return refuse(reader, name, from, Reason::BadPassword);
    }
    let upper = |part: &str| text.split_once(part);
    let (name, from) = if text.starts_with("ROOT LOGIN") {
        ("root", upper(" FROM ").map_or("", |it| it.1))
    } else if let Some((_, rest)) = upper("LOGIN ON ").and_then(|it| it.1.split_once(" BY ")) {
        rest.split_once(" FROM ").unwrap_or((rest, ""))
    } else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.act(Activity::Logon, quoted(name), None)?;
    set_source(&mut event, quoted(from));
    Ok(reader.emit(&event))
}

/// The name stands behind the last ` FOR ` and before the reason: what the client types is in between.
fn failed<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    let Some((head, rest)) = text.split_once(" FOR ") else {
        return Ok(Parsed::Ignored);
    };
    let (name, why) = rest.rsplit_once(", ").unwrap_or((rest, ""));
    let from = head.split_once(" FROM ").map_or("", |it| it.1);
    let is_unknown = why.contains("not known") || name == "UNKNOWN";
    let reason = if is_unknown { Reason::UnknownUser } else { Reason::BadPassword };
    refuse(reader, name, from, reason)
}

fn refuse<'r>(
    reader: &mut Reader<'_, 'r, '_>,
    name: &'r str,
    from: &'r str,
    reason: Reason,
) -> Answer {
    let name = quoted(name);
    let mut event = reader.act(Activity::Logon, name, Some(reason))?;
    if name == "UNKNOWN" {
        event.user = None;
    }
    set_source(&mut event, quoted(from));
    Ok(reader.emit(&event))
}

fn quoted(text: &str) -> &str {
    text.trim().trim_matches(['\'', '`'])
}

/// `New session 5 of user ana.`, `Removed session 5.`
pub(super) fn sessions<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    if let Some(rest) = text.strip_prefix("New session ") {
        let Some((id, name)) = rest.split_once(" of user ") else {
            return Ok(Parsed::Ignored);
        };
        let (name, class) = name.split_once(" with class ").unwrap_or((name, ""));
        // A login screen and a user's service manager are sessions of nobody who signed in.
        if class.starts_with("'greeter") || class.starts_with("'manager") {
            return Ok(Parsed::Ignored);
        }
        let mut event = reader.event(Activity::Session)?;
        event.outcome = Some(Outcome::Success);
        (event.user, event.domain) = split_domain(quoted(name.trim_end_matches('.')));
        event.session = Some(quoted(id));
        return Ok(reader.emit(&event));
    }
    let Some(id) = text.strip_prefix("Removed session ") else {
        return Ok(Parsed::Ignored);
    };
    let mut event = reader.event(Activity::Logoff)?;
    event.session = Some(quoted(id.trim_end_matches('.')));
    Ok(reader.emit(&event))
}
