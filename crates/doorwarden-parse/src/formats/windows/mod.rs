//! Windows events, whatever they were written as: EVTX, XML, the JSON of a collector, or rendered text.
//!
//! One file per log holds the table of the event ids that it reads; ids and logs that are in no table are ignored.

mod adfs;
mod cef;
mod codes;
mod draft;
mod json;
mod openssh;
mod other;
mod place;
mod ras;
mod rd_gateway;
mod rdpcorets;
mod rendered;
mod security;
mod security_fields;
mod table;
mod terminal_services;
mod text;
mod winrm;
pub(crate) mod xml;

use bumpalo::Bump;
use doorwarden_model::hash128;
use smallvec::SmallVec;

use self::table::Row;
pub(crate) use self::table::start;
pub(crate) use self::{
    adfs::WindowsAdfs, openssh::WindowsOpenSsh, other::WindowsOther, place::Place, ras::WindowsRas,
    rd_gateway::WindowsRdGateway, rdpcorets::WindowsRdpCoreTs, security::WindowsSecurity,
    terminal_services::WindowsTerminalServices, winrm::WindowsWinRm,
};
use crate::{Record, record::Payload, stamp::Stamp};

/// A Windows event.
#[derive(Debug, Clone, Copy)]
pub struct WinEvent<'r> {
    /// The log that it belongs to, as far as a format reads it.
    pub log: Log,
    /// `Event/System/EventID`.
    pub event_id: u32,
    /// `Event/System/Provider/@Name`.
    pub provider: &'r str,
    /// `Event/System/Channel`.
    pub channel: &'r str,
    /// `Event/System/Computer`.
    pub computer: Option<&'r str>,
    /// `Event/System/TimeCreated`, where it is stated.
    pub(crate) when: Option<When>,
    /// `Event/System/EventRecordID`.
    pub record: Option<u64>,
    /// `Event/System/Correlation/@ActivityID`, without braces, in small letters.
    pub activity: Option<&'r str>,
    /// `EventData` or `UserData`, by name; nameless data are named `0`, `1`, ... Empty where no format reads the event.
    pub data: &'r [(&'r str, &'r str)],
}

/// The logs that formats read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Security auditing, NPS among it, and the clearing of logs.
    Security,
    /// Remote Desktop Services: sessions and their connections.
    TerminalServices,
    /// The Remote Desktop protocol itself.
    RdpCoreTs,
    /// Remote Desktop Gateway.
    RdGateway,
    /// Windows Remote Management.
    WinRm,
    /// OpenSSH for Windows.
    OpenSsh,
    /// Routing and Remote Access, and the VPN client.
    Ras,
    /// Active Directory Federation Services.
    Adfs,
    /// VNC servers that write into the application log.
    Vnc,
    /// None that a format reads.
    Other,
}

/// When an event was written, as its source states it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum When {
    /// Milliseconds since 1970.
    Millis(i64),
    /// A stamp that may leave out its zone.
    Stamp(Stamp),
}

/// Providers, and channels where a collector hands on no provider, with the log that they belong to.
const LOGS: &[(&str, Log)] = &[
    ("Microsoft-Windows-Security-Auditing", Log::Security),
    ("Microsoft Windows security auditing.", Log::Security),
    ("Microsoft-Windows-Eventlog", Log::Security),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager", Log::TerminalServices),
    ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", Log::TerminalServices),
    ("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", Log::RdpCoreTs),
    ("Microsoft-Windows-TerminalServices-Gateway", Log::RdGateway),
    ("Microsoft-Windows-WinRM", Log::WinRm),
    ("Microsoft-Windows-Windows Remote Management", Log::WinRm),
    ("OpenSSH", Log::OpenSsh),
    ("RemoteAccess", Log::Ras),
    ("RasClient", Log::Ras),
    ("AD FS Auditing", Log::Adfs),
    ("AD FS", Log::Adfs),
    ("AD FS 2.0 Auditing", Log::Adfs),
    ("AD FS 2.0", Log::Adfs),
    ("VNC Server", Log::Vnc),
    ("WinVNC4", Log::Vnc),
    ("tvnserver", Log::Vnc),
    ("TightVNC Server", Log::Vnc),
    ("UltraVNC", Log::Vnc),
    ("WinVNC", Log::Vnc),
    ("Security", Log::Security),
];

impl Log {
    /// The log of a provider, or of a channel where the provider is unknown.
    pub(crate) fn of(provider: &str, channel: &str) -> Self {
        let find =
            |name: &str| LOGS.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1);
        let channel = channel.split_once('/').map_or(channel, |it| it.0);
        find(provider).or_else(|| find(channel)).unwrap_or(Self::Other)
    }

    /// Whether a format reads events with this id.
    pub(crate) fn reads(self, event_id: u32) -> bool {
        self == Self::Vnc || self.rows().is_some_and(|it| table::find(it, event_id).is_some())
    }

    const fn rows(self) -> Option<&'static [Row]> {
        match self {
            Self::Security => Some(security::ROWS),
            Self::TerminalServices => Some(terminal_services::ROWS),
            Self::RdpCoreTs => Some(rdpcorets::ROWS),
            Self::RdGateway => Some(rd_gateway::ROWS),
            Self::WinRm => Some(winrm::ROWS),
            Self::OpenSsh => Some(openssh::ROWS),
            Self::Ras => Some(ras::ROWS),
            Self::Adfs => Some(adfs::ROWS),
            Self::Vnc | Self::Other => None,
        }
    }
}

impl<'r> WinEvent<'r> {
    /// The value named `name`, whatever case a collector gave it; absent where it is missing, empty or `-`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'r str> {
        let value = self.data.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.trim();
        (!matches!(value, "" | "-" | "N/A" | "(NULL)" | "NULL" | "(null)")).then_some(value)
    }

    /// The hash of what names the event in its log, whatever it was written as; `second` is its time.
    ///
    /// A computer that was installed anew or rolled back counts from one again, so the number alone is no name.
    pub(crate) fn identity(&self, second: i64) -> Option<u128> {
        let mut name: SmallVec<[u8; 192]> = SmallVec::new();
        name.extend(self.computer.unwrap_or_default().bytes().map(|it| it.to_ascii_lowercase()));
        name.push(0);
        name.extend_from_slice(self.channel.as_bytes());
        name.push(0);
        name.extend_from_slice(&self.record?.to_le_bytes());
        name.extend_from_slice(&self.event_id.to_le_bytes());
        name.extend_from_slice(&second.to_le_bytes());
        Some(hash128(&name))
    }
}

/// An activity id as all adapters give it: without braces, in small letters.
pub(crate) fn activity_id<'r>(text: &str, arena: &'r Bump) -> &'r str {
    let id = arena.alloc_str(text.trim_matches(['{', '}']));
    id.make_ascii_lowercase();
    id
}

/// The Windows event that a line of text or JSON states.
pub(crate) fn adapt<'r>(record: &Record<'r>, arena: &'r Bump) -> Option<&'r WinEvent<'r>> {
    let event = match record.payload {
        Payload::Windows(event) => return Some(event),
        Payload::Json => json::read(record.message, arena),
        Payload::Text => text::read(record, arena),
    };
    event.filter(|it| it.log != Log::Other || other::is_windows(it)).map(|it| &*arena.alloc(it))
}
