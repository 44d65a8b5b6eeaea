//! Windows Remote Management.

use doorwarden_model::{
    Activity::{Logon, Other, Session},
    Event,
    Outcome::{Failure, Success},
    Reason,
    Service::Winrm,
};

use super::{
    Log, WinEvent, codes,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, record::address};

/// # Windows Remote Management (WinRM, PowerShell remoting)
///
/// Windows 7 and Server 2008 R2 or newer; on by default: `Microsoft-Windows-WinRM%4Operational.evtx` in
/// `C:\Windows\System32\winevt\Logs`. The same log holds what the computer does as a server and as a client.
///
/// | event | read as |
/// |---|---|
/// | 169 | logon on this server, with name and method |
/// | 192 | logon refused on this server: no right to it |
/// | 91, 193 | session: a shell was created, with name and address where the version states them; a virtual account is used |
/// | 6 | other: this computer connects to another one, `target` |
/// | 142, 161, 162, 163, 164 | logon refused by another computer, where the code or text says so |
///
/// Ignored: the service itself, plug-ins, certificates, operations that failed for other reasons.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsWinRm;

/// Its id.
const ID: &str = "windows-winrm";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("6", Winrm, Other, None, client),
    Row::new("91", Winrm, Session, Some(Success), shell),
    Row::new("142", Winrm, Logon, Some(Failure), operation_failed),
    Row::new("161", Winrm, Logon, Some(Failure), client_failed),
    Row::new("162", Winrm, Logon, Some(Failure), credentials_failed),
    Row::new("163", Winrm, Logon, Some(Failure), mechanism_refused),
    Row::new("164", Winrm, Logon, Some(Failure), access_denied),
    Row::new("169", Winrm, Logon, Some(Success), authenticated),
    Row::new("192", Winrm, Logon, Some(Failure), unauthorised),
    Row::new("193", Winrm, Session, Some(Success), virtual_account),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsWinRm {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::WinRm)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

/// The value of the first of these fields that is stated.
fn first<'r>(win: &WinEvent<'r>, names: &[&str]) -> Option<&'r str> {
    names.iter().find_map(|it| win.get(it))
}

/// 169: `CORP\ana` and `NTLM`.
fn authenticated<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    (event.user, event.domain) = win.get("username").map_or((None, None), split_domain);
    event.method = win.get("authenticationMechanism").map(|it| match it {
        "NTLM" => "ntlm",
        "Kerberos" => "kerberos",
        "Negotiate" => "negotiate",
        "Basic" => "password",
        "Client Certificate" | "Certificate" => "certificate",
        other => ctx.keep(other),
    });
    event.session = win.activity;
    event.user.is_some()
}

/// 91: `http://schemas.microsoft.com/powershell/Microsoft.PowerShell (CORP\ana clientIP: 203.0.113.7)`.
fn shell<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.session = win.get("shellId").or(win.activity);
    let Some(resource) = win.get("resourceUri") else { return event.session.is_some() };
    let who = resource.split_once(" (").and_then(|it| it.1.strip_suffix(')'));
    if let Some((name, ip)) = who.and_then(|it| it.rsplit_once(" clientIP: ")) {
        (event.user, event.domain) = split_domain(name);
        event.src_ip = address(ip);
    }
    event.detail = Some(resource.split_once(" (").map_or(resource, |it| it.0));
    true
}

/// 193.
fn virtual_account<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let name = first(win, &["userName", "user", "0"]);
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.detail = first(win, &["virtualAccountName", "virtualAccount", "2"]);
    event.session = win.activity;
    event.user.is_some()
}

/// 192.
fn unauthorised<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Policy);
    event.session = win.activity;
    event.detail = first(win, &["errorCode", "0"]);
    true
}

/// 6: `gw01.corp.example/wsman?PSVersion=5.1`.
fn client<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let place = first(win, &["connection", "connectionString", "0"]);
    event.target = place.and_then(|it| it.split(['/', '?']).next()).filter(|it| !it.is_empty());
    event.session = win.activity;
    event.target.is_some()
}

/// 142: only where the code says that the account was not let in.
fn operation_failed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = first(win, &["errorCode", "1"]).and_then(codes::win32);
    event.session = win.activity;
    event.reason.is_some()
}

/// 161: the client's message, in the system's language.
fn client_failed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    const TEXTS: [(&str, Reason); 5] = [
        ("user name or password is incorrect", Reason::BadPassword),
        ("Access is denied", Reason::Policy),
        ("unknown user name or bad password", Reason::BadPassword),
        ("user name or password", Reason::Other),
        ("cannot find the specified user", Reason::UnknownUser),
    ];
    let Some(text) = first(win, &["authFailureMessage", "0"]) else { return false };
    event.reason = TEXTS.iter().find(|it| text.contains(it.0)).map(|it| it.1);
    event.session = win.activity;
    event.reason.is_some()
}

/// 162.
fn credentials_failed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::BadPassword);
    event.session = win.activity;
    true
}

/// 163.
fn mechanism_refused<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Protocol);
    event.session = win.activity;
    true
}

/// 164.
fn access_denied<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Policy);
    event.target = first(win, &["destination", "computer", "0"]);
    event.session = win.activity;
    true
}
