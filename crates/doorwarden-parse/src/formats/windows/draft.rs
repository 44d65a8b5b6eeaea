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

    /// The event, where its id and log are known.
    pub(super) fn finish(mut self) -> Option<WinEvent<'r>> {
        let event_id = self.event_id?;
        let (provider, channel) =
            (self.provider.unwrap_or_default(), self.channel.unwrap_or_default());
        let log = Log::of(provider, channel);
        let has_data =
            || self.data.iter().any(|it| NAMES.iter().any(|name| it.0.eq_ignore_ascii_case(name)));
        if let Some(message) = self.message
            && log != Log::Other
            && !has_data()
        {
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
