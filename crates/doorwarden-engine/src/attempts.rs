//! Two records of one attempt are counted once: PAM and sshd, 4776 and 4624, a gateway and its RADIUS server.

use doorwarden_model::{Activity, Event, Outcome, hash64};

use crate::table::Table;

/// Records of one attempt lie at most this far apart, in milliseconds.
const WINDOW: i64 = 10_000;
/// Attempts remembered.
const CAP: usize = 65_536;
/// Kinds of records told apart within an attempt.
const KINDS: usize = 4;

/// What was seen of the attempts of one name on one device within the window.
#[derive(Debug, Clone, Copy, Default)]
struct Burst {
    last: i64,
    /// Hash of a kind of record, and how many of it were seen.
    kinds: [(u32, u32); KINDS],
    /// Attempts counted by a record that states no address.
    unplaced: u32,
}

/// Counts attempts over their records.
#[derive(Debug)]
pub(crate) struct Attempts(Table<Burst>);

impl Attempts {
    pub(crate) fn new() -> Self {
        Self(Table::new(CAP))
    }

    /// Whether the record is the first to speak of its attempt: of each kind of record an attempt has one, so an
    /// attempt is new when its kind is seen more often than any kind before. A record that states where the attempt
    /// came from counts again where the one before it did not: without, no source would ever be learnt of a gateway
    /// that first repeats what the directory said.
    pub(crate) fn is_new(&mut self, event: &Event<'_>, name: u64, host: u64, millis: i64) -> bool {
        let Some(outcome) = event.outcome else { return true };
        if !matches!(event.activity, Activity::Logon | Activity::Session | Activity::Mfa) {
            return true;
        }
        let part = u64::from(outcome == Outcome::Success)
            | u64::from(event.activity == Activity::Mfa) << 1;
        let key = name ^ host.rotate_left(21) ^ (part << 61);
        let burst = self.0.get_or(key, millis, Burst::default);
        if burst.last == 0 || WINDOW < millis.saturating_sub(burst.last) {
            *burst = Burst::default();
        }
        burst.last = millis;
        let most = burst.kinds.iter().map(|it| it.1).max().unwrap_or(0);
        let kind = kind(event);
        let slot = burst.kinds.iter_mut().find(|it| it.0 == kind || it.1 == 0);
        let Some(slot) = slot else { return false };
        *slot = (kind, slot.1 + 1);
        let is_first = most < slot.1;
        match event.src_ip {
            None => burst.unplaced += u32::from(is_first),
            Some(_) if !is_first && 0 < burst.unplaced => {
                burst.unplaced -= 1;
                return true;
            }
            Some(_) => {}
        }
        is_first
    }
}

/// Tells kinds of records apart: by format, code, method and activity, as the vendor's texts do.
fn kind(event: &Event<'_>) -> u32 {
    let seed = hash64(event.activity as u64, event.format.as_bytes());
    let seed = hash64(seed, event.code.unwrap_or_default().as_bytes());
    let hash = hash64(seed, event.method.unwrap_or_default().as_bytes());
    u32::try_from(hash >> 32).unwrap_or(0) | 1
}

#[cfg(test)]
mod tests {
    use doorwarden_model::Service;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn pairs_count_once_and_repeats_count_each() {
        let mut attempts = Attempts::new();
        let mut pam = Event::new("openssh", Service::Ssh, Activity::Logon, Timestamp::UNIX_EPOCH);
        pam.outcome = Some(Outcome::Failure);
        let mut failed = pam;
        failed.method = Some("password");
        let records = [(pam, 1), (failed, 3), (failed, 4), (pam, 5), (failed, 6), (failed, 30_000)];
        let got = records.map(|(event, at)| attempts.is_new(&event, 7, 8, at));
        assert_eq!(got, [true, false, true, false, true, true]);
    }

    #[test]
    fn the_record_that_states_the_address_counts() {
        let mut attempts = Attempts::new();
        let mut bare =
            Event::new("cisco-asa", Service::Vpn, Activity::Logon, Timestamp::UNIX_EPOCH);
        (bare.outcome, bare.code) = (Some(Outcome::Success), Some("113004"));
        let mut again = bare;
        again.code = Some("113008");
        let mut placed = bare;
        (placed.code, placed.src_ip) = (Some("113039"), "203.0.113.7".parse().ok());
        let records = [(bare, 1), (again, 2), (placed, 3), (placed, 4), (placed, 30_000)];
        let got = records.map(|(event, at)| attempts.is_new(&event, 7, 8, at));
        assert_eq!(got, [true, false, true, true, true]);
    }
}
