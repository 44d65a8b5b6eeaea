//! Windows events, whatever they were written as: EVTX, XML, or the JSON of a collector.

use jiff::Timestamp;

/// A Windows event.
#[derive(Debug, Clone, Copy)]
pub struct WinEvent<'r> {
    /// `Event/System/EventID`.
    pub event_id: u32,
    /// `Event/System/Provider/@Name`.
    pub provider: &'r str,
    /// `Event/System/Channel`.
    pub channel: &'r str,
    /// `Event/System/Computer`.
    pub computer: Option<&'r str>,
    /// `Event/System/TimeCreated`.
    pub time: Timestamp,
    /// `Event/System/EventRecordID`.
    pub record: Option<u64>,
    /// `EventData` or `UserData`, by name; nameless data are named `0`, `1`, ...
    pub data: &'r [(&'r str, &'r str)],
}

impl<'r> WinEvent<'r> {
    /// The value named `name`; absent where it is missing, empty or `-`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'r str> {
        let value = self.data.iter().find(|(key, _)| *key == name)?.1;
        crate::kv::stated(value)
    }
}
