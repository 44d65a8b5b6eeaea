//! Remote Desktop Services: the logs of its session manager and its connection manager.

use doorwarden_model::{
    Activity::{Logoff, Logon, Other, Session},
    Event,
    Outcome::Success,
    Service::{self, Rdp},
};

use super::{
    Log, WinEvent,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, record::address};

/// # Windows Remote Desktop Services
///
/// Windows 7 and Server 2008 R2 or newer, on the computer that is logged on to. Both logs are on by default:
/// `Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx` and
/// `Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx` in
/// `C:\Windows\System32\winevt\Logs`.
///
/// | event | read as |
/// |---|---|
/// | 21 | logon: a session was opened; `LOCAL` as its address is the console, and then `local` |
/// | 22, 25 | session: the shell started, the session was resumed |
/// | 23, 24, 39, 40 | logoff: the session ended or was disconnected; 39 and 40 state its number only |
/// | 1149 | logon: the name and password were right, with the client's address; without a name `other` |
/// | 261, 1158 | other: a connection came in |
///
/// Ignored: listeners, plug-ins, arbitration, licences.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsTerminalServices;

/// Its id.
const ID: &str = "windows-terminal-services";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("21", Rdp, Logon, Some(Success), session),
    Row::new("22", Rdp, Session, Some(Success), session),
    Row::new("23", Rdp, Logoff, Some(Success), session),
    Row::new("24", Rdp, Logoff, Some(Success), session),
    Row::new("25", Rdp, Session, Some(Success), session),
    Row::new("39", Rdp, Logoff, None, disconnected),
    Row::new("40", Rdp, Logoff, None, disconnected),
    Row::new("261", Rdp, Other, None, connection),
    Row::new("1149", Rdp, Logon, Some(Success), authenticated),
    Row::new("1158", Rdp, Other, None, connection),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsTerminalServices {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::TerminalServices)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

/// 21 to 25.
fn session<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    (event.user, event.domain) = win.get("User").map_or((None, None), split_domain);
    event.session = win.get("SessionID");
    match win.get("Address") {
        Some("LOCAL") => event.service = Service::Local,
        place => event.src_ip = place.and_then(address),
    }
    if win.event_id == 24 {
        event.detail = Some("disconnected");
    }
    event.user.is_some()
}

/// 39 and 40.
fn disconnected<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.session = win.get("TargetSession").or_else(|| win.get("Session"));
    event.detail = match (win.get("Reason"), win.get("Source")) {
        (Some(reason), _) => Some(ctx.keep(&["disconnected, reason ", reason].concat())),
        (None, Some(other)) => Some(ctx.keep(&["disconnected by session ", other].concat())),
        (None, None) => Some("disconnected"),
    };
    event.session.is_some()
}

/// 261 and 1158.
fn connection<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.src_ip = win.get("Param1").and_then(address);
    event.detail = win.get("listenerName");
    event.src_ip.is_some() || event.detail.is_some()
}

/// 1149.
fn authenticated<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    (event.user, event.domain) = win.get("Param1").map_or((None, None), split_domain);
    event.domain = win.get("Param2").or(event.domain);
    event.src_ip = win.get("Param3").and_then(address);
    if event.user.is_none() {
        // Without network level authentication nobody has signed in yet.
        (event.activity, event.outcome) = (Other, None);
    }
    event.user.is_some() || event.src_ip.is_some()
}
