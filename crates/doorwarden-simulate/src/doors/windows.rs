//! Windows: Security and Terminal Services events of servers, the Remote Desktop gateway and the directory; XML as
//! `wevtutil` exports it, and Winlogbeat's JSON for the jump server.

use super::{Caller, Refusal, guid};
use crate::{
    journal::{Channel, Journal, NUMBER, Says},
    moment::Moment,
};

/// Where an event belongs.
#[derive(Debug, Clone, Copy)]
struct Kind {
    provider: &'static str,
    channel: &'static str,
    id: u32,
    /// The element around the data, where it is no `EventData`.
    around: &'static str,
}

const fn security(id: u32) -> Kind {
    Kind { provider: "Microsoft-Windows-Security-Auditing", channel: "Security", id, around: "" }
}

const fn local_session(id: u32) -> Kind {
    Kind {
        provider: "Microsoft-Windows-TerminalServices-LocalSessionManager",
        channel: "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        id,
        around: "EventXML",
    }
}

const fn gateway(id: u32) -> Kind {
    Kind {
        provider: "Microsoft-Windows-TerminalServices-Gateway",
        channel: "Microsoft-Windows-TerminalServices-Gateway/Operational",
        id,
        around: "EventInfo",
    }
}

const CONNECTED: Kind = Kind {
    provider: "Microsoft-Windows-TerminalServices-RemoteConnectionManager",
    channel: "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
    id: 1149,
    around: "EventXML",
};

type Data<'a> = &'a [(&'a str, &'a str)];

const fn computer(of: Channel) -> &'static str {
    match of {
        Channel::Desk1 => "ts-1.corp.internal",
        Channel::Desk2 => "ts-2.corp.internal",
        Channel::Jump => "jump-1.corp.internal",
        Channel::DesktopGateway => "rdg-1.corp.internal",
        _ => "dc-1.corp.internal",
    }
}

fn text(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    if of == Channel::Jump { as_json(of, at, kind, data) } else { as_xml(of, at, kind, data) }
}

fn as_xml(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    let Kind { provider, channel, id, around } = kind;
    let body: String = if around.is_empty() {
        let fields: String =
            data.iter().flat_map(|(key, it)| ["<Data Name='", key, "'>", it, "</Data>"]).collect();
        format!("<EventData>{fields}</EventData>")
    } else {
        let fields: String =
            data.iter().flat_map(|(key, it)| ["<", key, ">", it, "</", key, ">"]).collect();
        format!("<UserData><{around} xmlns='Event_NS'>{fields}</{around}></UserData>")
    };
    let keywords = if id == 4625 { "0x8010000000000000" } else { "0x8020000000000000" };
    let correlation = data.iter().find(|it| it.0 == "Username").map_or_else(
        || "<Correlation/>".to_owned(),
        |it| format!("<Correlation ActivityID='{{{}}}'/>", guid(&format!("{}{}", it.1, at.day()))),
    );
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>{id}</EventID><Version>0</Version><Level>0</Level><Task>0</Task><Opcode>0</Opcode><Keywords>{keywords}</Keywords><TimeCreated SystemTime='{}'/><EventRecordID>{NUMBER}</EventRecordID>{correlation}<Execution ProcessID='704' ThreadID='3120'/><Channel>{channel}</Channel><Computer>{}</Computer><Security/></System>{body}</Event>",
        at.iso(),
        computer(of)
    )
}

fn as_json(of: Channel, at: Moment, kind: Kind, data: Data<'_>) -> String {
    let Kind { provider, channel, id, around } = kind;
    let fields: Vec<String> = data
        .iter()
        .map(|(key, it)| format!("\"{key}\":\"{}\"", it.replace('\\', "\\\\")))
        .collect();
    let body = if around.is_empty() { "event_data" } else { "user_data" };
    let (stamp, computer) = (at.iso(), computer(of));
    let keyword = if id == 4625 { "Audit Failure" } else { "Audit Success" };
    format!(
        "{{\"@timestamp\":\"{stamp}\",\"agent\":{{\"type\":\"winlogbeat\",\"version\":\"8.17.1\"}},\"event\":{{\"code\":\"{id}\",\"kind\":\"event\",\"provider\":\"{provider}\"}},\"host\":{{\"name\":\"{computer}\"}},\"winlog\":{{\"channel\":\"{channel}\",\"computer_name\":\"{computer}\",\"event_id\":\"{id}\",\"keywords\":[\"{keyword}\"],\"provider_name\":\"{provider}\",\"record_id\":\"{NUMBER}\",\"{body}\":{{{}}}}}}}",
        fields.join(",")
    )
}

/// The name of the computer that somebody comes from.
fn workstation<'a>(caller: &Caller<'a>) -> &'a str {
    if caller.machine.name.is_empty() { "-" } else { &caller.machine.name }
}

/// A right password: 4624 of `logon_type`.
fn logged_on(
    journal: &mut Journal,
    of: Channel,
    at: Moment,
    caller: &Caller<'_>,
    logon_type: &str,
) {
    let (ip, id) = (caller.ip.to_string(), format!("{:#x}", at.0 / 50 % 0x7fff_ffff));
    let is_desktop = logon_type == "10";
    let data: Data<'_> = &[
        ("SubjectUserSid", "S-1-0-0"),
        ("SubjectUserName", "-"),
        ("SubjectDomainName", "-"),
        ("SubjectLogonId", "0x0"),
        ("TargetUserSid", "S-1-5-21-1085031214-1563985344-725345543-1104"),
        ("TargetUserName", caller.user),
        ("TargetDomainName", caller.netbios),
        ("TargetLogonId", &id),
        ("LogonType", logon_type),
        ("LogonProcessName", if is_desktop { "User32 " } else { "NtLmSsp " }),
        ("AuthenticationPackageName", if is_desktop { "Negotiate" } else { "NTLM" }),
        ("WorkstationName", workstation(caller)),
        ("LogonGuid", "{00000000-0000-0000-0000-000000000000}"),
        ("IpAddress", &ip),
        ("IpPort", "0"),
    ];
    let service = if is_desktop { "rdp" } else { "windows" };
    journal.state(of, at, &text(of, at, security(4624), data), caller.says(service));
}

/// A remote desktop from `at` to `until`.
pub(crate) fn desktop(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    of: Channel,
    caller: &Caller<'_>,
) {
    let (ip, number) = (caller.ip.to_string(), (at.0 / 9_000 % 400 + 2).to_string());
    let user = format!("{}\\{}", caller.netbios, caller.user);
    let connected: Data<'_> =
        &[("Param1", caller.user), ("Param2", caller.netbios), ("Param3", &ip)];
    journal.state(of, at, &text(of, at, CONNECTED, connected), caller.says("rdp"));
    logged_on(journal, of, at.plus_millis(1_100), caller, "10");
    let session: Data<'_> = &[("User", &user), ("SessionID", &number), ("Address", &ip)];
    let later = at.plus_millis(1_700);
    journal.write(of, later, &text(of, later, local_session(21), session));
    let ended: Data<'_> = &[("User", &user), ("SessionID", &number)];
    journal.write(of, until, &text(of, until, local_session(23), ended));
}

/// A network logon: a share, a service, a command over `WinRM`.
pub(crate) fn network(journal: &mut Journal, at: Moment, of: Channel, caller: &Caller<'_>) {
    logged_on(journal, of, at, caller, "3");
}

/// A wrong password, or a name that nobody has.
pub(crate) fn refused(
    journal: &mut Journal,
    at: Moment,
    of: Channel,
    caller: &Caller<'_>,
    why: Refusal,
) {
    let ip = caller.ip.to_string();
    let sub_status = match why {
        Refusal::Password => "0xc000006a",
        Refusal::Unknown => "0xc0000064",
        Refusal::Expired => "0xc0000071",
        Refusal::Disabled => "0xc0000072",
    };
    let data: Data<'_> = &[
        ("SubjectUserSid", "S-1-0-0"),
        ("SubjectUserName", "-"),
        ("SubjectDomainName", "-"),
        ("SubjectLogonId", "0x0"),
        ("TargetUserSid", "S-1-0-0"),
        ("TargetUserName", caller.user),
        ("TargetDomainName", caller.netbios),
        ("Status", "0xc000006d"),
        ("FailureReason", "%%2313"),
        ("SubStatus", sub_status),
        ("LogonType", "3"),
        ("LogonProcessName", "NtLmSsp "),
        ("AuthenticationPackageName", "NTLM"),
        ("WorkstationName", workstation(caller)),
        ("IpAddress", &ip),
        ("IpPort", "0"),
    ];
    journal.state(of, at, &text(of, at, security(4625), data), caller.says("windows"));
}

/// A session through the Remote Desktop gateway to a desktop inside.
pub(crate) fn through_gateway(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    caller: &Caller<'_>,
) {
    let (of, ip) = (Channel::DesktopGateway, caller.ip.to_string());
    let user = format!("{}\\{}", caller.netbios, caller.user);
    let mut tell = |at: Moment, id: u32, resource: &str| {
        let data: Data<'_> = &[
            ("Username", &user),
            ("IpAddress", &ip),
            ("AuthType", "NTLM"),
            ("Resource", resource),
            ("ConnectionProtocol", "HTTP"),
            ("ErrorCode", "0"),
        ];
        journal.state(of, at, &text(of, at, gateway(id), data), caller.says("rdp"));
    };
    tell(at, 200, "");
    tell(at.plus_millis(900), 300, "ts-2.corp.internal");
    tell(at.plus_millis(1_500), 302, "ts-2.corp.internal");
    tell(until, 303, "ts-2.corp.internal");
}

/// The Remote Desktop gateway refuses.
pub(crate) fn refused_by_gateway(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    let (of, ip) = (Channel::DesktopGateway, caller.ip.to_string());
    let user = format!("{}\\{}", caller.netbios, caller.user);
    let data: Data<'_> = &[
        ("Username", &user),
        ("IpAddress", &ip),
        ("AuthType", "NTLM"),
        ("Resource", ""),
        ("ConnectionProtocol", "HTTP"),
        ("ErrorCode", "23003"),
    ];
    journal.state(of, at, &text(of, at, gateway(201), data), caller.says("rdp"));
}

/// `actor` changes the account of `user` in the directory: 4724 is a new password, 4725 the account's end.
pub(crate) fn changed(
    journal: &mut Journal,
    at: Moment,
    id: u32,
    (user, netbios): (&str, &str),
    actor: &str,
) {
    let data: Data<'_> = &[
        ("TargetUserName", user),
        ("TargetDomainName", netbios),
        ("TargetSid", "S-1-5-21-1085031214-1563985344-725345543-1104"),
        ("SubjectUserSid", "S-1-5-21-1085031214-1563985344-725345543-1003"),
        ("SubjectUserName", actor),
        ("SubjectDomainName", netbios),
        ("SubjectLogonId", "0x44f1"),
    ];
    let says = Says { account: user, ip: None, service: "windows" };
    journal.state(Channel::Directory, at, &text(Channel::Directory, at, security(id), data), says);
}
