//! Accounts and groups: made, changed, locked, removed.

use doorwarden_model::{Activity, Outcome};

use super::{Answer, Reader};
use crate::{Parsed, names::split_domain};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    User,
    Group,
}

/// How messages start, what stands behind the name, and what they are about.
const CHANGES: &[(&str, &str, About)] = &[
    ("add '", "' to group ", About::User),
    ("change user '", "' ", About::User),
    ("changed password expiry for ", "", About::User),
    ("changed user '", "' ", About::User),
    ("delete '", "' from group ", About::User),
    ("delete user '", "'", About::User),
    ("failed adding user '", "'", About::User),
    ("failed deleting user '", "'", About::User),
    ("group '", "' removed", About::Group),
    ("lock user '", "' password", About::User),
    ("members of group ", " set by ", About::Group),
    ("new group: name=", ",", About::Group),
    ("new user: name=", ",", About::User),
    ("password changed for ", "", About::User),
    ("password for '", "' changed by ", About::User),
    ("removed group '", "' ", About::Group),
    ("unlock user '", "' password", About::User),
    ("user ", " added by ", About::User),
    ("user ", " removed by ", About::User),
];

/// Reads what `useradd` and its relatives say; what they write for each file that they touch is left out.
pub(super) fn read<'r>(reader: &mut Reader<'_, 'r, '_>, text: &'r str) -> Answer {
    for (start, end, about) in CHANGES {
        let Some(rest) = text.strip_prefix(start) else { continue };
        let found = if end.is_empty() { Some((rest, "")) } else { rest.split_once(end) };
        let Some((name, rest)) = found else { continue };
        if *about == About::Group && rest.starts_with(" from /etc/") {
            return Ok(Parsed::Ignored);
        }
        let mut event = reader.event(Activity::Account)?;
        let is_failure = text.starts_with("failed ");
        event.outcome = Some(if is_failure { Outcome::Failure } else { Outcome::Success });
        if *about == About::User {
            (event.user, event.domain) = split_domain(name.trim());
        }
        if end.ends_with(" by ") {
            event.actor = rest.split(' ').next().map(|it| it.trim_matches('\''));
        }
        event.detail = Some(text);
        return Ok(reader.emit(&event));
    }
    Ok(Parsed::Ignored)
}
