//! Windows events in CEF, as `ArcSight`'s connector for Windows writes them and Microsoft's guides show them.

use bumpalo::Bump;

use super::{When, draft::Draft};
use crate::{
    cef,
    named::{Author, Named},
};

/// How a record begins behind its header.
const START: &str = "CEF:0|Microsoft|Microsoft Windows|";

/// Keys and the data that they hold.
const KEYS: &[(&str, &str)] = &[
    ("duser", "TargetUserName"),
    ("dntdom", "TargetDomainName"),
    ("suser", "SubjectUserName"),
    ("sntdom", "SubjectDomainName"),
    ("src", "IpAddress"),
    ("spt", "IpPort"),
    ("dproc", "ProcessName"),
];

/// What the labels of custom keys call the data that they hold.
const LABELS: &[(&str, &str)] = &[
    ("LogonType", "LogonType"),
    ("Logon Type", "LogonType"),
    ("Reason or Error Code", "Status"),
    ("Authentication Package Name", "AuthenticationPackageName"),
];

/// Custom keys, and where their labels stand.
const CUSTOM: &[(&str, &str)] = &[
    ("cn1", "cn1Label"),
    ("cn2", "cn2Label"),
    ("cn3", "cn3Label"),
    ("cs1", "cs1Label"),
    ("cs2", "cs2Label"),
    ("cs3", "cs3Label"),
    ("cs4", "cs4Label"),
    ("cs5", "cs5Label"),
    ("cs6", "cs6Label"),
];

/// Who wrote a value.
fn author(key: &str) -> Author {
    match key {
        "duser" | "suser" => Author::Client,
        "msg" => Author::Echo,
        _ => Author::Device,
    }
}

/// Reads the event in `body`; absent where it is none.
pub(super) fn read<'r>(body: &'r str, mut draft: Draft<'r>, arena: &'r Bump) -> Option<Draft<'r>> {
    let envelope = cef::envelope(body.starts_with(START).then_some(body)?)?;
    let (provider, id) = envelope.event.rsplit_once(':')?;
    draft.event_id = Some(id.parse().ok()?);
    draft.provider = Some(provider);
    let values = envelope.pairs.map(|(key, value)| (key, cef::plain(value, arena)));
    let named = Named::collect(values, author, arena)?;
    draft.channel = named.get("cat");
    draft.computer = named.get("dvchost").or_else(|| named.get("dhost"));
    draft.when = named.get("rt").and_then(|it| it.parse().ok()).map(When::Millis);
    for (key, name) in KEYS {
        if let Some(value) = named.get(key) {
            draft.push(Some(name), value);
        }
    }
    for (key, label) in CUSTOM {
        let label = named.get(label).unwrap_or_default();
        let name = LABELS.iter().find(|it| it.0 == label).map(|it| it.1);
        if let (Some(name), Some(value)) = (name, named.get(key)) {
            draft.push(Some(name), value);
        }
    }
    // The check of a password names the computer that asked for it otherwise than a logon does.
    let workstation = if id == "4776" { "Workstation" } else { "WorkstationName" };
    if let Some(host) = named.get("shost") {
        draft.push(Some(workstation), host);
    }
    Some(draft)
}
