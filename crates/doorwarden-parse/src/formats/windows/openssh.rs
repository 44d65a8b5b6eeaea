//! OpenSSH for Windows: the messages of `sshd`, as Windows events.

use doorwarden_model::{Activity, Event, Service};
use jiff::tz::TimeZone;

use super::{
    Log, When, WinEvent,
    table::{self, Row},
};
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    formats::openssh::OpenSsh,
    record::{Block, Payload},
    stamp::Stamp,
};

/// # OpenSSH for Windows
///
/// The optional feature "OpenSSH Server" of Windows 10, Server 2019 and newer. It logs what `sshd` logs elsewhere:
/// `OpenSSH%4Operational.evtx` (and `OpenSSH%4Admin.evtx`) in `C:\Windows\System32\winevt\Logs`, on by default;
/// `LogLevel VERBOSE` in `sshd_config` adds fingerprints of keys. The messages are read as the format `openssh` reads
/// them: accepted and failed sign-ins, unknown users, closed sessions. Ignored: every other process and message.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsOpenSsh;

/// Its id.
const ID: &str = "windows-openssh";

/// Any of these levels may carry a message; the rows only say that the event is read.
pub(super) const ROWS: &[Row] = &[
    Row::new("1", Service::Ssh, Activity::Other, None, nothing),
    Row::new("2", Service::Ssh, Activity::Other, None, nothing),
    Row::new("3", Service::Ssh, Activity::Other, None, nothing),
    Row::new("4", Service::Ssh, Activity::Other, None, nothing),
];

impl Format for WindowsOpenSsh {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::OpenSsh)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let win = table::event_of(record, ctx)?;
        let Some(message) = win.get("payload").or_else(|| win.get("1")) else {
            return Ok(Parsed::Ignored);
        };
        let inner = Record {
            text: message,
            stamp: win.when.and_then(stamp),
            host: win.computer,
            app: win.get("process").or_else(|| win.get("0")),
            body: message,
            message,
            payload: Payload::Text,
            ..*record
        };
        if !OpenSsh.claims(&inner) {
            return Ok(Parsed::Ignored);
        }
        let outer = &mut *ctx.emitted;
        let mut renamed = |event: &Event<'r>, block: Option<Block<'_>>| {
            outer(&Event { format: ID, ..*event }, block);
        };
        let mut inner_ctx = Ctx {
            arena: ctx.arena,
            clock: &mut *ctx.clock,
            carry: &mut *ctx.carry,
            emitted: &mut renamed,
        };
        OpenSsh.parse(&inner, &mut inner_ctx)
    }
}

fn nothing<'r>(_: &WinEvent<'r>, _: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    false
}

/// The event's time as a stamp, as a syslog header would have given it.
fn stamp(when: When) -> Option<Stamp> {
    let millis = match when {
        When::Stamp(stamp) => return Some(stamp),
        When::Millis(millis) => millis,
    };
    let civil = TimeZone::UTC.to_datetime(jiff::Timestamp::from_millisecond(millis).ok()?);
    let time = civil.time();
    let second =
        i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    Some(Stamp {
        year: Some(civil.year()),
        month: civil.month().unsigned_abs(),
        day: civil.day().unsigned_abs(),
        second: second.unsigned_abs(),
        millis: time.millisecond().unsigned_abs(),
        offset: Some(0),
    })
}
