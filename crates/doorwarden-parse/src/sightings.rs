//! Which client was seen lately: web servers log requests, not sessions.

use doorwarden_model::hash64;

use crate::Recent;

/// How long a client's further requests state nothing new, in seconds.
const QUIET: i64 = 30 * 60;
/// Clients remembered per source; the one that came first is forgotten first.
const CAP: usize = 1 << 15;

/// Remembers when each client was last reported.
#[derive(Debug, Default)]
pub(crate) struct Sightings(Recent<u64, i64, CAP>);

impl Sightings {
    /// Whether a request of `client` at `second` (since 1970) opens or resumes a session: it is the first, or the last
    /// one reported is half an hour away.
    pub(crate) fn is_new(&mut self, client: u64, second: i64) -> bool {
        if let Some(last) = self.0.get_mut(&client) {
            if second.saturating_sub(*last).saturating_abs() < QUIET {
                return false;
            }
            *last = second;
            return true;
        }
        self.0.insert(client, second);
        true
    }
}

/// The hash of an address, as logged, and a program on it.
pub(crate) fn program(origin: &str, agent: &str) -> u64 {
    hash64(hash64(1, origin.as_bytes()), agent.as_bytes())
}

/// The hash of a person behind a [`program`] at a door.
pub(crate) fn client(program: u64, door: u8, user: &str) -> u64 {
    hash64(program ^ u64::from(door), user.as_bytes())
}
