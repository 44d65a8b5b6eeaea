//! Windows events of logs that no format reads: known, and counted as ignored.

use super::{Log, WinEvent, table};
use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Other Windows events
///
/// The events of all other providers and channels, such as System, Application, Sysmon or `PowerShell`, whatever they
/// come as: EVTX, XML, JSON of a collector, rendered text. A collector hands on all logs of a computer in one stream.
///
/// ## What is read
/// Nothing: no sign-in stands there. The records are counted as ignored, so that what is listed as not understood is
/// worth a look.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsOther;

impl Format for WindowsOther {
    fn id(&self) -> &'static str {
        "windows-other"
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::Other)
    }

    fn parse<'r>(&self, _: &Record<'r>, _: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        Ok(Parsed::Ignored)
    }
}

/// Channels that every Windows has, beside those of Microsoft's components.
const CHANNELS: &[&str] = &[
    "Application",
    "System",
    "Setup",
    "ForwardedEvents",
    "HardwareEvents",
    "Windows PowerShell",
    "Directory Service",
    "DNS Server",
    "DFS Replication",
    "Key Management Service",
    "Internet Explorer",
    "OAlerts",
];

/// Whether an event in JSON or text, that no format reads, is one of Windows: any program may write an `EventID`.
pub(super) fn is_windows(event: &WinEvent<'_>) -> bool {
    let is_microsofts = |it: &str| it.starts_with("Microsoft-Windows-");
    is_microsofts(event.provider)
        || is_microsofts(event.channel)
        || CHANNELS.iter().any(|it| it.eq_ignore_ascii_case(event.channel))
}
