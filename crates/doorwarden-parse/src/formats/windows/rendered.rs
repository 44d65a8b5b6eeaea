//! The rendered text of an event, as Event Viewer shows it: its labels as names of data.
//!
//! English labels only; other languages are read where a collector hands on the data themselves.

use bumpalo::collections::Vec as BumpVec;

use super::Log;
use crate::stamp::{self, Stamp};

/// Labels that open a section, with what they put before `UserName`, `DomainName` and `LogonId` below them.
const SECTIONS: &[(&str, Section)] = &[
    ("Subject", Section::Subject),
    ("New Logon", Section::Target),
    ("Account For Which Logon Failed", Section::Target),
    ("Account Whose Credentials Were Used", Section::Target),
    ("Target Account", Section::Target),
    ("New Account", Section::Target),
    ("New Computer Account", Section::Target),
    ("Target Computer", Section::Target),
    ("New Group", Section::Group),
    ("Deleted Group", Section::Group),
    ("Account That Was Locked Out", Section::Target),
    ("Account Information", Section::Target),
    ("Target Server", Section::Other),
    ("Member", Section::Member),
    ("Group", Section::Group),
    ("User", Section::Subject),
    ("Network Information", Section::Other),
    ("Process Information", Section::Other),
    ("Failure Information", Section::Other),
    ("Additional Information", Section::Other),
    ("Detailed Authentication Information", Section::Other),
    ("Logon Information", Section::Other),
    ("Service Information", Section::Service),
    ("Session", Section::Other),
    ("Client Machine", Section::Client),
    ("NAS", Section::Other),
    ("RADIUS Client", Section::RadiusClient),
    ("Authentication Details", Section::Other),
];

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Subject,
    Target,
    Member,
    Group,
    Service,
    Client,
    RadiusClient,
    Other,
}

/// Labels whose value is one datum, whatever section they stand in. Longer ones before those that they end with.
const LABELS: &[(&str, &str)] = &[
    ("Source Network Address", "IpAddress"),
    ("Network Address", "IpAddress"),
    ("Client Address", "IpAddress"),
    ("Source Port", "IpPort"),
    ("Client Port", "IpPort"),
    ("Port", "IpPort"),
    ("Source Workstation", "Workstation"),
    ("Workstation Name", "WorkstationName"),
    ("Logon Type", "LogonType"),
    ("Logon Process", "LogonProcessName"),
    ("Authentication Package", "AuthenticationPackageName"),
    ("Package Name (NTLM only)", "LmPackageName"),
    ("Sub Status", "SubStatus"),
    ("Status", "Status"),
    ("Failure Reason", "FailureReason"),
    ("Failure Code", "Status"),
    ("Result Code", "Status"),
    ("Error Code", "Status"),
    ("Caller Process Name", "ProcessName"),
    ("Process Name", "ProcessName"),
    ("Logon Account", "TargetUserName"),
    ("Target Server Name", "TargetServerName"),
    ("Service Name", "ServiceName"),
    ("Certificate Thumbprint", "CertThumbprint"),
    ("Session Name", "SessionName"),
    ("Client Name", "ClientName"),
    ("Caller Computer Name", "CallerComputerName"),
    ("Group Name", "GroupName"),
    ("Old Account Name", "OldTargetUserName"),
    ("New Account Name", "NewTargetUserName"),
    ("Fully Qualified Account Name", "FullyQualifiedSubjectUserName"),
    ("Calling Station Identifier", "CallingStationID"),
    ("Called Station Identifier", "CalledStationID"),
    ("NAS Identifier", "NASIdentifier"),
    ("Client Friendly Name", "ClientName"),
    ("Client IP Address", "ClientIPAddress"),
    ("Authentication Type", "AuthenticationType"),
    ("Account Session Identifier", "AccountSessionIdentifier"),
    ("Reason Code", "ReasonCode"),
];

/// Labels whose meaning depends on the section.
const SECTION_LABELS: &[&str] = &[
    "Account Name",
    "User Name",
    "Account Domain",
    "Domain Name",
    "Group Domain",
    "Domain",
    "Logon ID",
    "Supplied Realm Name",
    "Security ID",
];

/// Labels that only end the value before them.
const OTHERS: &[&str] = &[
    "Process ID",
    "Caller Process ID",
    "Logon GUID",
    "Linked Logon ID",
    "Network Account Name",
    "Network Account Domain",
    "Restricted Admin Mode",
    "Virtual Account",
    "Elevated Token",
    "Impersonation Level",
    "Transited Services",
    "Key Length",
    "User ID",
    "Service ID",
    "Ticket Options",
    "Ticket Encryption Type",
    "Pre-Authentication Type",
    "Privileges",
    "Additional Information",
    "Reason",
    "EAP Type",
    "Logging Results",
    "NAS Port",
    "NAS Port-Type",
    "NAS IPv4 Address",
    "NAS IPv6 Address",
    "OS-Version",
    "Connection Request Policy Name",
    "Network Policy Name",
    "Proxy Policy Name",
    "Authentication Provider",
    "Authentication Server",
    "Attributes",
    "Changed Attributes",
    "SAM Account Name",
    "SID History",
    "Session ID",
    "Expiration time",
    "Remote Credential Guard",
    "Certificate Information",
    "Certificate Issuer Name",
    "Certificate Serial Number",
];

/// Data of a message, at most.
const CAP: usize = 64;

/// Adds what the labels of `message` state to `data`.
pub(super) fn fields<'r>(
    log: Log,
    event_id: u32,
    message: &'r str,
    data: &mut BumpVec<'r, (&'r str, &'r str)>,
) {
    match log {
        Log::Security => labelled(event_id, message, data),
        Log::TerminalServices => terminal_services(event_id, message, data),
        Log::RdGateway => quoted(message, data),
        Log::RdpCoreTs => rdpcorets(message, data),
        Log::OpenSsh => openssh(message, data),
        Log::WinRm => winrm(event_id, message, data),
        Log::Ras => placed(super::ras::values_of(event_id, message), data),
        Log::Adfs => placed(super::adfs::values_of(message), data),
        Log::Vnc | Log::Other => {}
    }
}

/// A label and where its value starts.
struct Label<'r> {
    name: &'r str,
    start: usize,
    value: usize,
}

/// The labels of a message, in order. A colon inside a value is a label only where a known label stands before it.
fn labels(message: &str) -> impl Iterator<Item = Label<'_>> {
    message.match_indices(':').filter_map(|(colon, _)| {
        let before = message.get(..colon)?.trim_end();
        let known = SECTION_LABELS
            .iter()
            .chain(LABELS.iter().map(|it| &it.0))
            .chain(SECTIONS.iter().map(|it| &it.0))
            .chain(OTHERS)
            .filter(|it| before.ends_with(**it))
            .max_by_key(|it| it.len())?;
        let start = before.len() - known.len();
        let name = before.get(start..)?;
        // A label stands at the start of a line or behind a blank.
        let is_apart =
            message.get(..start)?.chars().next_back().is_none_or(|it| {
                it.is_whitespace() || it == '"' || it == '.' || it.is_ascii_digit()
            });
        is_apart.then_some(Label { name, start, value: colon + 1 })
    })
}

/// Security events: sections and labels.
fn labelled<'r>(event_id: u32, message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    let mut section = Section::Other;
    let mut ahead = labels(message).take(CAP).peekable();
    while let Some(label) = ahead.next() {
        let end = ahead.peek().map_or(message.len(), |it| it.start.max(label.value));
        let value = message.get(label.value..end).map(first_line).unwrap_or_default();
        if let Some(found) = SECTIONS.iter().find(|it| it.0 == label.name)
            && value.is_empty()
        {
            section = found.1;
            continue;
        }
        let Some(name) = name_of(event_id, section, label.name) else { continue };
        // On one line the explanation of the event follows the last value.
        let is_word = matches!(
            name,
            "IpAddress" | "ClientAddress" | "IpPort" | "Status" | "SubStatus" | "LogonType"
        );
        let value = if is_word { value.split(' ').next().unwrap_or_default() } else { value };
        // Names are chosen by the one who signs in, and stand before the addresses: of two names the first counts, of
        // two addresses the last.
        match data.iter_mut().find(|it| it.0 == name) {
            Some(known) if matches!(name, "IpAddress" | "IpPort" | "Status" | "SubStatus") => {
                known.1 = value;
            }
            Some(_) => {}
            // The data write these numbers in small letters, the text in large ones.
            None if name.ends_with("LogonId") || name == "LogonID" => {
                let number = data.bump().alloc_str(value);
                number.make_ascii_lowercase();
                data.push((name, number));
            }
            None => data.push((name, value)),
        }
    }
}

/// The datum that a label means in a section.
fn name_of(event_id: u32, section: Section, label: &str) -> Option<&'static str> {
    let is_session = matches!(event_id, 4778 | 4779 | 4825);
    Some(match (label, section) {
        ("Account Name" | "User Name", Section::Subject) if is_session => "AccountName",
        ("Account Domain" | "Domain", Section::Subject) if is_session => "AccountDomain",
        ("Logon ID", Section::Subject) if is_session => "LogonID",
        ("Account Name", Section::Subject) => "SubjectUserName",
        ("Account Domain" | "Domain Name", Section::Subject) => "SubjectDomainName",
        ("Logon ID", Section::Subject) => "SubjectLogonId",
        ("Account Name", Section::Target | Section::Group) => "TargetUserName",
        ("Account Domain" | "Supplied Realm Name", Section::Target)
        | ("Group Domain", Section::Group) => "TargetDomainName",
        ("Logon ID", Section::Target) => "TargetLogonId",
        ("Account Name", Section::Member) => "MemberName",
        ("Security ID", Section::Member) => "MemberSid",
        ("Account Name", Section::Client) => "SubjectMachineName",
        ("Client Address", _) if is_session => "ClientAddress",
        (_, _) => LABELS.iter().find(|it| it.0 == label)?.1,
    })
}

/// The text up to the line's end; collectors escape line breaks in several ways.
fn first_line(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '\t', '\u{a0}']);
    let mut text = text.trim_start_matches("#011").trim_start_matches([' ', '\t']);
    for end in ["\r", "\n", "#015", "#012", "\\r", "\\n"] {
        if let Some((line, _)) = text.split_once(end) {
            text = line;
        }
    }
    text.trim_end_matches("#011").trim_end()
}

/// `User: CORP\ana Session ID: 3 Source Network Address: 203.0.113.7`, on one line or on several.
fn terminal_services<'r>(
    event_id: u32,
    message: &'r str,
    data: &mut BumpVec<'r, (&'r str, &'r str)>,
) {
    const PAIRS: [(&str, &str, &str); 4] = [
        ("User:", "User", "Param1"),
        ("Domain:", "Domain", "Param2"),
        ("Session ID:", "SessionID", "SessionID"),
        ("Source Network Address:", "Address", "Param3"),
    ];
    for (label, name, parameter) in PAIRS {
        let Some((_, value)) = message.split_once(label) else { continue };
        let next = PAIRS.iter().filter_map(|it| value.find(it.0)).min().unwrap_or(value.len());
        let value = value.get(..next).map(first_line).unwrap_or_default();
        data.push((if event_id == 1149 { parameter } else { name }, value));
    }
    connections(event_id, message, data);
}

/// What states no name: `Session 3 has been disconnected by session 4`, `Listener RDP-Tcp received a connection`, ...
fn connections<'r>(event_id: u32, message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    let message = message.trim().trim_end_matches('.');
    let tail = |start: &str| message.strip_prefix(start);
    let pair = match event_id {
        39 => tail("Session ").and_then(|it| it.split_once(" has been disconnected by session ")),
        40 => tail("Session ").and_then(|it| it.split_once(" has been disconnected, reason code ")),
        261 => tail("Listener ").and_then(|it| it.split_once(" received a connection")),
        1158 => message.rsplit_once(" from IP address ").map(|it| (it.1, "")),
        _ => None,
    };
    let names = match event_id {
        39 => ("TargetSession", "Source"),
        40 => ("Session", "Reason"),
        261 => ("listenerName", "1"),
        _ => ("Param1", "1"),
    };
    if let Some((one, two)) = pair {
        data.push((names.0, one));
        data.push((names.1, two));
    }
}

/// `The user "CORP\ana", on client computer "203.0.113.7", ... resource "ts01"`.
fn quoted<'r>(message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    const PAIRS: [(&str, &str); 5] = [
        ("user \"", "Username"),
        ("client computer \"", "IpAddress"),
        ("resource \"", "Resource"),
        ("resource: \"", "Resource"),
        ("method used was: \"", "AuthType"),
    ];
    for (before, name) in PAIRS {
        let found = message.split_once(before).and_then(|it| it.1.split_once('"'));
        if let Some((value, _)) = found {
            data.push((name, value.trim_end_matches('\\')));
        }
    }
}

/// `The server accepted a new TCP connection from client 203.0.113.7:50123.` and `... IP address of 203.0.113.7 failed`.
fn rdpcorets<'r>(message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    const PAIRS: [(&str, &str); 3] = [
        ("connection from client ", "ClientIP"),
        ("Client IP:", "ClientIP"),
        ("IP address of ", "IPString"),
    ];
    for (before, name) in PAIRS {
        if let Some((_, rest)) = message.split_once(before) {
            let value = rest.split([' ', ')', '\r', '\n']).next().unwrap_or_default();
            data.push((name, value.trim_end_matches('.')));
        }
    }
}

/// `sshd: Accepted password for ana from 203.0.113.7 port 4711 ssh2`
fn openssh<'r>(message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    if let Some((process, payload)) = message.split_once(": ") {
        data.push(("process", process));
        data.push(("payload", payload));
    }
}

/// `User CORP\ana authenticated successfully using NTLM` and `... with ResourceUri: http://... (CORP\ana clientIP: ...)`
fn winrm<'r>(event_id: u32, message: &'r str, data: &mut BumpVec<'r, (&'r str, &'r str)>) {
    if event_id == 161 {
        data.push(("authFailureMessage", message.trim()));
    }
    if let Some((_, code)) = message.rsplit_once(" failed, error code ") {
        data.push(("errorCode", code.trim()));
    }
    if let Some(request) = message.strip_prefix("Request for user ")
        && let Some((user, _)) =
            request.rsplit_once(" will be executed using WinRM virtual account")
    {
        // The security id stands behind the name.
        data.push(("userName", user.rsplit_once(" (").map_or(user, |it| it.0)));
    }
    if let Some((_, rest)) = message.split_once("ResourceUri: ") {
        data.push(("resourceUri", first_line(rest)));
    }
    let user = message.split_once("User ").map(|it| it.1);
    if let Some((user, method)) =
        user.and_then(|it| it.rsplit_once(" authenticated successfully using "))
    {
        data.push(("username", user));
        data.push((
            "authenticationMechanism",
            method.split([' ', '\r', '\n']).next().unwrap_or(method),
        ));
    }
    if let Some((_, rest)) = message.split_once("connection string is: ") {
        data.push(("connection", first_line(rest)));
    }
}

/// Values that are told by their place, where nothing named is worth keeping.
fn placed<'r>(
    values: impl IntoIterator<Item = &'r str>,
    data: &mut BumpVec<'r, (&'r str, &'r str)>,
) {
    const PLACES: [&str; 6] = ["0", "1", "2", "3", "4", "5"];
    data.extend(PLACES.into_iter().zip(values));
}

/// `03/12/2021 10:48:14 AM`, as Splunk writes it on an American system.
pub(super) fn american(text: &str) -> Option<Stamp> {
    let (date, clock) = text.trim().split_once(' ')?;
    let mut parts = date.split('/');
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let year = parts.next()?.parse().ok()?;
    let (stamp, rest) = stamp::of_parts(Some(year), month, day, clock.get(..8)?)?;
    let is_whole = rest.is_empty();
    let half = clock.get(8..)?.trim();
    let hour = stamp.second / 3600;
    let second = match half.get(..2) {
        Some("PM") if hour < 12 => stamp.second + 12 * 3600,
        Some("AM") if hour == 12 => stamp.second - 12 * 3600,
        _ => stamp.second,
    };
    is_whole.then_some(Stamp { second, ..stamp })
}
