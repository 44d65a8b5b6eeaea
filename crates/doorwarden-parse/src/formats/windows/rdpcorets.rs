//! The Remote Desktop protocol's own log.

use doorwarden_model::{
    Activity::{Logon, Other},
    Event,
    Outcome::Failure,
    Reason,
    Service::Rdp,
};

use super::{
    Log, WinEvent,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject, record::address_port};

/// # Windows Remote Desktop protocol (RdpCoreTS)
///
/// Windows 8 and Server 2012 or newer, on the computer that is logged on to; on by default:
/// `Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx` in `C:\Windows\System32\winevt\Logs`. It
/// knows addresses, but no names: who signed in stands in the Security log and in those of Remote Desktop Services.
///
/// | event | read as |
/// |---|---|
/// | 131 | other: a connection came in, with its address and port |
/// | 140 | logon refused: wrong name or password, with the address |
/// | 139 | other: the peer was cut off for an error of the protocol |
/// | 98, 103 | other: the connection stands, its end; `session` is the activity id that all events of one connection share |
///
/// Ignored: channels, display drivers, time zones, state machines.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsRdpCoreTs;

/// Its id.
const ID: &str = "windows-rdpcorets";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("98", Rdp, Other, None, connection),
    Row::new("103", Rdp, Other, None, connection),
    Row::new("131", Rdp, Other, None, client),
    Row::new("139", Rdp, Other, None, client),
    Row::new("140", Rdp, Logon, Some(Failure), refused),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsRdpCoreTs {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::RdpCoreTs)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

/// The address in a field, with its port where one is stated.
fn from<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, name: &str) -> bool {
    let Some((ip, port)) = win.get(name).and_then(address_port) else { return false };
    (event.src_ip, event.src_port) = (Some(ip), port);
    event.session = win.activity;
    true
}

/// 131 and 139.
fn client<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.detail = if win.event_id == 139 { win.get("ErrorCode") } else { win.get("ConnType") };
    from(win, event, "ClientIP")
}

/// 140.
fn refused<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::BadPassword);
    from(win, event, "IPString")
}

/// 98 and 103.
fn connection<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.session = win.activity;
    event.detail = Some(match (win.event_id, win.get("ReasonCode")) {
        (98, _) => "connected",
        (_, Some(code)) => ctx.keep(&["disconnected, reason ", code].concat()),
        (_, None) => "disconnected",
    });
    event.session.is_some()
}
