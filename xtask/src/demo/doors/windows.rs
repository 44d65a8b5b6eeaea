//! Windows: Security and Terminal Services events of the servers that people have desktops on; XML as `wevtutil` exports
//! it, and Winlogbeat's JSON for the jump server.

use std::net::Ipv4Addr;

use serde_json::{Map, Value, json};

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, Lease, NUMBER},
};

/// The directory's short name.
pub(crate) const DOMAIN: &str = "ARBORIA";

/// Somebody at a desktop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visitor<'a> {
    /// Server.
    pub(crate) to: Channel,
    /// Account, without its domain.
    pub(crate) user: &'a str,
    /// Address that the server sees.
    pub(crate) ip: Ipv4Addr,
    /// Name of the computer that it comes from.
    pub(crate) device: &'a str,
}

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
struct Kind {
    provider: &'static str,
    channel: &'static str,
    id: u32,
    /// The data is `UserData`, not `EventData`.
    is_user_data: bool,
    /// Values of `Keywords` and what they mean.
    keywords: (&'static str, &'static str),
}

const fn security(id: u32) -> Kind {
    let keywords = match id {
        4625 => ("0x8010000000000000", "Audit Failure"),
        _ => ("0x8020000000000000", "Audit Success"),
    };
    Kind {
        provider: "Microsoft-Windows-Security-Auditing",
        channel: "Security",
        id,
        is_user_data: false,
        keywords,
    }
}

const fn local_session(id: u32) -> Kind {
    Kind {
        provider: "Microsoft-Windows-TerminalServices-LocalSessionManager",
        channel: "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        id,
        is_user_data: true,
        keywords: ("0x1000000000000000", ""),
    }
}

const CONNECTED: Kind = Kind {
    provider: "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
    channel: "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    id: 1149,
    is_user_data: true,
    keywords: ("0x1000000000000000", ""),
};

const REACHED: Kind = Kind {
    provider: "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
    channel: "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
    id: 131,
    is_user_data: false,
    keywords: ("0x4000000000000000", ""),
};

type Data<'a> = &'a [(&'a str, &'a str)];

const fn computer(of: Channel) -> &'static str {
    match of {
        Channel::Desk1 => "ts-1.arboria.example",
        Channel::Desk2 => "ts-2.arboria.example",
        Channel::Jump => "jump-1.arboria.example",
        _ => "old-erp.arboria.example",
    }
}

fn text(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    if of == Channel::Jump { as_json(of, at, kind, data) } else { as_xml(of, at, kind, data) }
}

fn as_xml(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    let Kind { provider, channel, id, is_user_data, keywords } = kind;
    let body: String = if is_user_data {
        let fields: String =
            data.iter().flat_map(|(key, it)| ["<", key, ">", it, "</", key, ">"]).collect();
        format!("<UserData><EventXML xmlns='Event_NS'>{fields}</EventXML></UserData>")
    } else {
        let fields: String =
            data.iter().flat_map(|(key, it)| ["<Data Name='", key, "'>", it, "</Data>"]).collect();
        format!("<EventData>{fields}</EventData>")
    };
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>{id}</EventID><Version>0</Version><Level>0</Level><Task>0</Task><Opcode>0</Opcode><Keywords>{}</Keywords><TimeCreated SystemTime='{}'/><EventRecordID>{NUMBER}</EventRecordID><Correlation/><Execution ProcessID='704' ThreadID='3120'/><Channel>{channel}</Channel><Computer>{}</Computer><Security/></System>{body}</Event>",
        keywords.0,
        at.iso(),
        computer(of)
    )
}

fn as_json(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    let Kind { provider, channel, id, is_user_data, keywords } = kind;
    let fields: Map<String, Value> =
        data.iter().map(|(key, it)| ((*key).to_owned(), Value::from(*it))).collect();
    let mut event = json!({
        "@timestamp": at.iso(),
        "agent": {"type": "winlogbeat", "version": "8.17.1"},
        "event": {"code": id.to_string(), "kind": "event", "provider": provider},
        "host": {"name": computer(of)},
        "winlog": {
            "channel": channel,
            "computer_name": computer(of),
            "event_id": id.to_string(),
            "keywords": [keywords.1],
            "provider_name": provider,
            "record_id": NUMBER.to_string(),
        },
    });
    let key = if is_user_data { "user_data" } else { "event_data" };
    if let Some(winlog) = event.get_mut("winlog").and_then(Value::as_object_mut) {
        winlog.insert(key.to_owned(), Value::Object(fields));
    }
    // The number is put in where the log is written; JSON would escape its place holder.
    event.to_string().replace("\\u0001", &NUMBER.to_string())
}

fn write(journal: &mut Journal, of: Channel, at: Moment, kind: Kind, data: Data<'_>) {
    let text = text(of, at, kind, data);
    journal.write(of, at, text);
}

fn inner(
    journal: &mut Journal,
    visitor: &Visitor<'_>,
    (at, kind): (Moment, Kind),
    data: Data<'_>,
    lease: Option<&Lease>,
) {
    let text = text(visitor.to, at, kind, data);
    journal.inner(visitor.to, at, text, visitor.user, lease);
}

/// A logon id, as Windows counts them.
fn logon_id(at: Moment) -> String {
    format!("{:#x}", at.0 / 50 % 0x7fff_ffff)
}

/// A right password: 4624 of `logon_type`.
fn logged_on(
    journal: &mut Journal,
    visitor: &Visitor<'_>,
    at: Moment,
    logon_type: &str,
    lease: Option<&Lease>,
) {
    let (ip, id) = (visitor.ip.to_string(), logon_id(at));
    let (process, package) = match logon_type {
        "10" => ("User32 ", "Negotiate"),
        _ => ("NtLmSsp ", "NTLM"),
    };
    let data: Data<'_> = &[
        ("SubjectUserSid", "S-1-0-0"),
        ("SubjectUserName", "-"),
        ("SubjectDomainName", "-"),
        ("SubjectLogonId", "0x0"),
        ("TargetUserSid", "S-1-5-21-1085031214-1563985344-725345543-1104"),
        ("TargetUserName", visitor.user),
        ("TargetDomainName", DOMAIN),
        ("TargetLogonId", &id),
        ("LogonType", logon_type),
        ("LogonProcessName", process),
        ("AuthenticationPackageName", package),
        ("WorkstationName", visitor.device),
        ("LogonGuid", "{00000000-0000-0000-0000-000000000000}"),
        ("IpAddress", &ip),
        ("IpPort", "0"),
    ];
    inner(journal, visitor, (at, security(4624)), data, lease);
}

fn logged_off(journal: &mut Journal, visitor: &Visitor<'_>, at: Moment, on: Moment, kind: &str) {
    let id = logon_id(on);
    let data: Data<'_> = &[
        ("TargetUserSid", "S-1-5-21-1085031214-1563985344-725345543-1104"),
        ("TargetUserName", visitor.user),
        ("TargetDomainName", DOMAIN),
        ("TargetLogonId", &id),
        ("LogonType", kind),
    ];
    write(journal, visitor.to, at, security(4634), data);
}

/// A remote desktop from `at` to `until`, with an interruption where `gap` says when and for how many seconds; it is
/// session `number` on its server, and `lease` the VPN session that it came through.
pub(crate) fn desktop(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    gap: Option<(Moment, i64)>,
    visitor: &Visitor<'_>,
    number: u32,
    lease: Option<&Lease>,
) {
    let (ip, number) = (visitor.ip.to_string(), number.to_string());
    let user = format!("{DOMAIN}\\{}", visitor.user);
    let endpoint = format!("{ip}:{}", 49_200 + at.0 / 1_000 % 15_000);
    write(journal, visitor.to, at, REACHED, &[("ConnType", "TCP"), ("ClientIP", &endpoint)]);
    let connected: Data<'_> = &[("Param1", visitor.user), ("Param2", DOMAIN), ("Param3", &ip)];
    inner(journal, visitor, (at.plus_millis(900), CONNECTED), connected, lease);
    logged_on(journal, visitor, at.plus_millis(1_050), "3", lease);
    logged_off(journal, visitor, at.plus_millis(9_400), at.plus_millis(1_050), "3");
    logged_on(journal, visitor, at.plus_millis(2_100), "10", lease);
    let session: Data<'_> = &[("User", &user), ("SessionID", &number), ("Address", &ip)];
    inner(journal, visitor, (at.plus_millis(2_600), local_session(21)), session, lease);
    write(journal, visitor.to, at.plus_millis(3_300), local_session(22), session);
    if let Some((gap, seconds)) = gap {
        write(journal, visitor.to, gap, local_session(24), session);
        let back = gap.plus(seconds);
        inner(journal, visitor, (back.plus_millis(-700), CONNECTED), connected, lease);
        inner(journal, visitor, (back, local_session(25)), session, lease);
    }
    write(
        journal,
        visitor.to,
        until,
        local_session(23),
        &[("User", &user), ("SessionID", &number)],
    );
    logged_off(journal, visitor, until.plus_millis(600), at.plus_millis(2_100), "10");
}

/// A network logon: a share, a service.
pub(crate) fn network(
    journal: &mut Journal,
    at: Moment,
    visitor: &Visitor<'_>,
    lease: Option<&Lease>,
) {
    logged_on(journal, visitor, at, "3", lease);
    logged_off(journal, visitor, at.plus_millis(8_200), at, "3");
}

/// A wrong password, or a name that nobody has.
pub(crate) fn failed(journal: &mut Journal, at: Moment, visitor: &Visitor<'_>, sub_status: &str) {
    let ip = visitor.ip.to_string();
    let data: Data<'_> = &[
        ("SubjectUserSid", "S-1-0-0"),
        ("SubjectUserName", "-"),
        ("SubjectDomainName", "-"),
        ("SubjectLogonId", "0x0"),
        ("TargetUserSid", "S-1-0-0"),
        ("TargetUserName", visitor.user),
        ("TargetDomainName", DOMAIN),
        ("Status", "0xc000006d"),
        ("FailureReason", "%%2313"),
        ("SubStatus", sub_status),
        ("LogonType", "3"),
        ("LogonProcessName", "NtLmSsp "),
        ("AuthenticationPackageName", "NTLM"),
        ("WorkstationName", visitor.device),
        ("IpAddress", &ip),
        ("IpPort", "0"),
    ];
    write(journal, visitor.to, at, security(4625), data);
}

/// The computer's own logons, as every Windows writes them all day.
pub(crate) fn own(journal: &mut Journal, of: Channel, at: Moment) {
    let (short, id) = (computer(of).split('.').next().unwrap_or_default(), logon_id(at));
    let name = format!("{}$", short.to_uppercase());
    let data: Data<'_> = &[
        ("SubjectUserSid", "S-1-5-18"),
        ("SubjectUserName", &name),
        ("SubjectDomainName", DOMAIN),
        ("SubjectLogonId", "0x3e7"),
        ("TargetUserSid", "S-1-5-18"),
        ("TargetUserName", "SYSTEM"),
        ("TargetDomainName", "NT AUTHORITY"),
        ("TargetLogonId", &id),
        ("LogonType", "5"),
        ("LogonProcessName", "Advapi  "),
        ("AuthenticationPackageName", "Negotiate"),
        ("WorkstationName", "-"),
        ("IpAddress", "-"),
        ("IpPort", "-"),
    ];
    write(journal, of, at, security(4624), data);
}
