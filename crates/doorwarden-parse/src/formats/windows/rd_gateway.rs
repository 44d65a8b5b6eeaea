//! Remote Desktop Gateway.

use doorwarden_model::{
    Activity::{Logoff, Logon, Other, Session},
    Event,
    Outcome::{Failure, Success},
    Reason,
    Service::Rdp,
};

use super::{
    Log, WinEvent,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, record::address_port};

/// # Windows Remote Desktop Gateway
///
/// Server 2008 R2 or newer with the role service Remote Desktop Gateway: the door that people outside reach Remote
/// Desktop through, with their public address. `Microsoft-Windows-TerminalServices-Gateway%4Operational.evtx` in
/// `C:\Windows\System32\winevt\Logs`; all kinds of events are on by default (RD Gateway Manager, properties, Auditing).
///
/// | event | read as |
/// |---|---|
/// | 200, 201, 203 | logon: allowed or refused by the connection policy, refused because the server is full |
/// | 204, 205, 206 | the same over UDP: refused, connected, failed |
/// | 300, 301 | session allowed, logon refused by the resource policy; `target` is the resource |
/// | 302, 304 | session: connected to the resource, not connected |
/// | 306 | logon refused: no tunnel could be made, as where a cookie of its own was not accepted |
/// | 202, 207, 208, 303 | logoff: disconnected from the resource, by the administrator or the user |
/// | 307, 309 | logoff: the session's time was over, or who it is could not be checked once more |
/// | 312, 313 | other: a connection came in that may not be authenticated yet |
///
/// Ignored: the service itself, its certificate and its configuration.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsRdGateway;

/// Its id.
const ID: &str = "windows-rd-gateway";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("200", Rdp, Logon, Some(Success), plain),
    Row::new("201", Rdp, Logon, Some(Failure), refused),
    Row::new("202", Rdp, Logoff, Some(Success), plain),
    Row::new("203", Rdp, Logon, Some(Failure), refused),
    Row::new("204", Rdp, Logon, Some(Failure), refused),
    Row::new("205", Rdp, Session, Some(Success), plain),
    Row::new("206", Rdp, Session, Some(Failure), unreachable),
    Row::new("207", Rdp, Logoff, Some(Success), plain),
    Row::new("208", Rdp, Logoff, Some(Success), plain),
    Row::new("300", Rdp, Session, Some(Success), plain),
    Row::new("301", Rdp, Logon, Some(Failure), refused),
    Row::new("302", Rdp, Session, Some(Success), plain),
    Row::new("303", Rdp, Logoff, Some(Success), plain),
    Row::new("304", Rdp, Session, Some(Failure), unreachable),
    Row::new("306", Rdp, Logon, Some(Failure), no_tunnel),
    Row::new("307", Rdp, Logoff, Some(Success), ended),
    Row::new("309", Rdp, Logoff, Some(Success), ended),
    Row::new("312", Rdp, Other, None, plain),
    Row::new("313", Rdp, Other, None, plain),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsRdGateway {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::RdGateway)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

fn plain<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    (event.user, event.domain) = win.get("Username").map_or((None, None), split_domain);
    let place = win.get("IpAddress").and_then(address_port);
    event.src_ip = place.map(|it| it.0);
    event.src_port = place.and_then(|it| it.1);
    event.target = win.get("Resource");
    event.method = win.get("AuthType").map(|it| match it {
        "NTLM" => "ntlm",
        "Kerberos" => "kerberos",
        "Cookie" => "cookie",
        other => ctx.keep(other),
    });
    event.session = win.activity;
    event.user.is_some() || event.src_ip.is_some()
}

/// A policy, or the limit of connections, forbids it.
fn refused<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Policy);
    plain(win, event, ctx)
}

/// 306.
fn no_tunnel<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Other);
    plain(win, event, ctx)
}

/// 307 and 309.
fn ended<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.detail =
        Some(if win.event_id == 307 { "session timeout" } else { "reauthentication failed" });
    plain(win, event, ctx)
}

/// The policies allow it, but the resource could not be reached.
fn unreachable<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.reason = Some(Reason::Other);
    plain(win, event, ctx)
}
