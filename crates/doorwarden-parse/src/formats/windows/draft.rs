//! A Windows event while an adapter gathers it.

use bumpalo::{Bump, collections::Vec as BumpVec};

use super::{Log, When, WinEvent, activity_id, rendered};

/// What was found so far.
#[derive(Debug)]
pub(super) struct Draft<'r> {
    pub(super) event_id: Option<u32>,
    pub(super) provider: Option<&'r str>,
    pub(super) channel: Option<&'r str>,
    pub(super) computer: Option<&'r str>,
    pub(super) when: Option<When>,
    pub(super) record: Option<u64>,
    pub(super) activity: Option<&'r str>,
    /// The rendered message, read where the data are missing.
    pub(super) message: Option<&'r str>,
    pub(super) data: BumpVec<'r, (&'r str, &'r str)>,
    nameless: usize,
    arena: &'r Bump,
}

/// Names of which at least one stands in the data of nearly every event that states an account or an address.
const NAMES: &[&str] = &[
    "TargetUserName",
    "SubjectUserName",
    "AccountName",
    "OldTargetUserName",
    "User",
    "Username",
    "Param1",
    "ClientIP",
    "IPString",
    "payload",
    "IpAddress",
    "Session",
    "listenerName",
    "0",
    "resourceUri",
    "errorCode",
    "connection",
    "ReasonCode",
    "authFailureMessage",
];
/// Data kept of one event.
const DATA_CAP: usize = 512;

impl<'r> Draft<'r> {
    pub(super) fn new(arena: &'r Bump) -> Self {
        Self {
            event_id: None,
            provider: None,
            channel: None,
            computer: None,
            when: None,
            record: None,
            activity: None,
            message: None,
            data: BumpVec::new_in(arena),
            nameless: 0,
            arena,
        }
    }

    /// Adds a value; nameless ones are numbered.
    pub(super) fn push(&mut self, name: Option<&'r str>, value: &'r str) {
        if DATA_CAP <= self.data.len() {
            return;
        }
        let name = name.unwrap_or_else(|| {
            self.nameless += 1;
            bumpalo::format!(in self.arena, "{}", self.nameless - 1).into_bump_str()
        });
        self.data.push((name, value));
    }

    /// Leaves the nameless data alone, in their order: logs that tell values by their place know nothing of the fields
    /// that a collector puts beside them, and some collectors sort `param10` before `param2`.
    fn keep_numbered(&mut self) {
        let number = |it: &(&str, &str)| it.0.parse::<u16>().ok();
        self.data.retain(|it| number(it).is_some());
        self.data.sort_by_key(number);
    }

    /// Whether the data state something by themselves.
    fn has_data(&self) -> bool {
        let is_known = |it: &(&str, &str)| NAMES.iter().any(|name| it.0.eq_ignore_ascii_case(name));
        self.data.iter().any(is_known)
    }

    /// The event, where its id and log are known.
    pub(super) fn finish(mut self) -> Option<WinEvent<'r>> {
        let event_id = self.event_id?;
        let (provider, channel) =
            (self.provider.unwrap_or_default(), self.channel.unwrap_or_default());
        let log = Log::of(provider, channel);
        let is_placed = matches!(log, Log::Ras | Log::Adfs);
        if is_placed {
            self.keep_numbered();
        }
        // Wazuh joins nameless data by commas, which a name may hold as well: one alone says less than the text.
        let is_unclear = is_placed && self.data.len() < 2;
        if let Some(message) = self.message
            && log != Log::Other
            && (is_unclear || !self.has_data())
        {
            self.data.retain(|_| !is_placed);
            rendered::fields(log, event_id, message, &mut self.data);
        }
        Some(WinEvent {
            log,
            event_id,
            provider,
            channel,
            computer: self.computer,
            when: self.when,
            record: self.record,
            activity: self.activity.map(|it| activity_id(it, self.arena)),
            data: self.data.into_bump_slice(),
        })
    }
}
