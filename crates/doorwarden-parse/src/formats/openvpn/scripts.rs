//! What the scripts of pfSense and `OPNsense` say under the daemon's name.

use doorwarden_model::{Activity, Event, Reason};

use crate::formats::openvpn::{
    line::place_of,
    server::{NO, OK, Said, says},
};

/// Ends of a refusal; the name before them is the client's.
static REFUSED: &[&str] =
    &[" could not authenticate.", " could not authenticate", " failed to authenticate."];

/// Fills `event` from `text`.
pub(super) fn describe<'r>(text: &'r str, event: &mut Event<'r>) -> Said {
    if let Some(tail) = text.strip_prefix("user ") {
        return authentication(tail, event);
    }
    if let Some(tail) = text.strip_prefix("openvpn server '") {
        return connection(tail, event);
    }
    if text.starts_with("Username does not match certificate common name") {
        return mismatch(text, event);
    }
    Said::Nothing
}

/// `'ana' authenticated using 'LDAP'`, `'ana' could not authenticate.`
fn authentication<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    event.method = Some("password");
    // The refusal goes first: a name may hold the words of the other one, the end of the line is the script's.
    if let Some(name) = REFUSED.iter().find_map(|it| tail.strip_suffix(it)) {
        event.user = Some(bare(name));
        return says(event, Activity::Logon, NO, Some(Reason::BadPassword));
    }
    let using = tail.strip_suffix('\'').and_then(|it| it.rsplit_once(" authenticated using '"));
    let name = using.map(|(name, _)| name).or_else(|| tail.strip_suffix(" authenticated"));
    let Some(name) = name else { return Said::Nothing };
    event.user = Some(bare(name));
    says(event, Activity::Logon, OK, None)
}

fn bare(name: &str) -> &str {
    name.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(name)
}

/// `ovpns1' user 'ana' address '203.0.113.7:51000' - connected`
fn connection<'r>(tail: &'r str, event: &mut Event<'r>) -> Said {
    let parts = || {
        let (who, state) = tail.rsplit_once("' - ")?;
        let (who, place) = who.rsplit_once("' address '")?;
        Some((who.split_once("' user '")?.1, place, state))
    };
    let Some((name, place, state)) = parts() else { return Said::Nothing };
    event.user = Some(name).filter(|it| !it.is_empty());
    if let Some((ip, port)) = place_of(place) {
        (event.src_ip, event.src_port) = (Some(ip), port);
    }
    match state.trim() {
        "connecting" => says(event, Activity::Other, None, None),
        "connected" => says(event, Activity::Session, OK, None),
        "disconnected" => says(event, Activity::Logoff, None, None),
        _ => Said::Nothing,
    }
}

/// `Username does not match certificate common name (ana != bea), access denied.`
fn mismatch<'r>(text: &'r str, event: &mut Event<'r>) -> Said {
    let names = text.split_once('(').and_then(|(_, it)| it.rsplit_once(')')).map(|(it, _)| it);
    let name = names.and_then(|it| it.split_once(" != ")).map(|(name, _)| name);
    event.user = name.map(|it| it.trim_matches(['"', '\'']));
    says(event, Activity::Logon, NO, Some(Reason::Policy))
}
