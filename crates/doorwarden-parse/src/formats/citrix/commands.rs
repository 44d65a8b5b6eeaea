//! What an administrator's command does to the door.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use crate::{
    formats::citrix::{events, fields::Fields, line::Line},
    kv::stated,
    names::split_domain,
};

/// Verbs that change the configuration.
static CHANGING: &[&str] = &[
    "add", "set", "bind", "unbind", "rm", "unset", "enable", "disable", "clear", "update",
    "import", "link", "unlink", "create", "install", "rename", "force", "switch", "convert",
    "apply", "unlock",
];

/// Objects that are part of the door, as the words behind the verb start.
static DOOR: &[&str] = &[
    "authentication",
    "authorization",
    "aaa",
    "vpn",
    "portaltheme",
    "ssl cert",
    "ssl vserver",
    "ssl profile",
    "ssl parameter",
    "ssl crl",
    "certkey",
    "audit",
    "syslog",
    "nslog",
    "system",
    "tm ",
    "rdp ",
    "ica ",
    "ns config",
];

/// Fills `event` from `User u - Remote_ip ip - Command "..." - Status "..."`; whether it states anything.
pub(super) fn describe<'r>(line: &Line<'r>, event: &mut Event<'r>) -> bool {
    // The status is the appliance's last word; the command before it holds what was typed, quotes and all.
    let (left, status) = line
        .text
        .rsplit_once("\" - Status \"")
        .map_or((line.text.trim_end_matches('"'), None), |(left, it)| (left, Some(it)));
    let Some((head, command)) = left.split_once("Command \"") else { return false };
    let fields = Fields::of(head);
    (event.user, event.domain) = fields.person();
    event.src_ip = fields.client_ip;
    let is_refused = status.is_some_and(|it| !it.starts_with("Success"));
    let outcome = status.map(|_| if is_refused { Outcome::Failure } else { Outcome::Success });
    let mut words = command.split(' ').filter(|it| !it.is_empty());
    match words.next() {
        Some("login") => {
            event.activity = Activity::Logon;
            event.outcome = outcome;
            if is_refused {
                event.reason = Some(events::why(status.unwrap_or_default()));
                // The name is the client's: a second address may be its work.
                let is_single = line.text.matches("Remote_ip ").nth(1).is_none();
                event.src_ip = event.src_ip.filter(|_| is_single);
            }
            true
        }
        Some("logout") => {
            event.activity = Activity::Logoff;
            true
        }
        Some(verb) if CHANGING.contains(&verb) => changed(verb, command, outcome, event),
        _ => false,
    }
}

/// A command that changes something: whether that is the door or one of its accounts.
fn changed<'r>(
    verb: &str,
    command: &'r str,
    outcome: Option<Outcome>,
    event: &mut Event<'r>,
) -> bool {
    let object = command.get(verb.len()..).unwrap_or_default().trim_start();
    if !DOOR.iter().any(|it| starts_with(object, it)) {
        return false;
    }
    event.outcome = outcome;
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(Reason::Other);
    }
    event.detail = Some(command);
    let named = ["system user ", "aaa user ", "aaa localuser ", "system group ", "aaa group "]
        .iter()
        .find(|it| starts_with(object, it))
        .and_then(|it| object.get(it.len()..))
        .and_then(|it| it.split(' ').find(|it| !it.is_empty()));
    let Some(named) = named else {
        event.activity = Activity::Change;
        return true;
    };
    event.activity = Activity::Account;
    event.actor = event.user;
    (event.user, event.domain) = stated(named.trim_matches('"')).map_or((None, None), split_domain);
    true
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))
}
