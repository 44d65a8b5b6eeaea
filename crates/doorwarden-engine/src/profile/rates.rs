//! How often something new happens: to this person, to the colleagues, to everybody.
//!
//! A beta-binomial estimate that backs off from the person to the peer group to the organisation: the fortieth country of
//! a traveller is cheap, the first of a clerk is not. The organisation's own rates begin at seeds, so that nothing is blind.

/// What can be new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Country,
    Provider,
    Net,
    System,
    Client,
    Device,
    Service,
    /// Two places too far apart in the time between.
    Leap,
    /// A night with sign-ins at hours that the person hardly uses.
    Night,
}

impl Level {
    pub(crate) const COUNT: usize = Self::Night as usize + 1;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Country,
        Self::Provider,
        Self::Net,
        Self::System,
        Self::Client,
        Self::Device,
        Self::Service,
        Self::Leap,
        Self::Night,
    ];

    /// The rate a sign-in before anything is known of the organisation.
    pub(crate) const fn seed(self) -> f64 {
        match self {
            Self::Country => 5e-4,
            Self::System => 8e-4,
            Self::Client | Self::Service | Self::Leap => 2e-3,
            Self::Provider => 4e-3,
            Self::Device => 6e-3,
            Self::Net => 2e-2,
            Self::Night => 1e-2,
        }
    }
}

/// Sign-ins that the peers' rate stands for in a person's.
const PERSON: f64 = 20.0;
/// Sign-ins that the organisation's rate stands for in a peer group's.
const PEERS: f64 = 200.0;
/// Sign-ins that the seed stands for in the organisation's rate.
const SEED: f64 = 2_000.0;
/// Days after which what was counted is worth half.
const HALF_LIFE: f32 = 180.0;

/// Whether something was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Novelty {
    Known,
    New,
}

impl From<bool> for Novelty {
    fn from(is_new: bool) -> Self {
        if is_new { Self::New } else { Self::Known }
    }
}

/// How often a level was new, out of how many times that it could have been; decayed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rate {
    pub(crate) new: f32,
    pub(crate) all: f32,
}

/// The rates of one person.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rates {
    rates: [Rate; Level::COUNT],
    day: u16,
}

impl Rates {
    /// What was counted for a level.
    pub(crate) fn of(&self, level: Level) -> Rate {
        self.rates.get(level as usize).copied().unwrap_or_default()
    }

    /// Lets all fade until `day`.
    pub(crate) fn fade(&mut self, day: u16) {
        let passed = day.saturating_sub(self.day);
        if 0 < passed && self.day != 0 {
            let rest = libm::exp2f(-f32::from(passed) / HALF_LIFE);
            for it in &mut self.rates {
                *it = Rate { new: it.new * rest, all: it.all * rest };
            }
        }
        self.day = self.day.max(day);
    }

    /// Counts an occasion on which `level` could have been new.
    pub(crate) fn count(&mut self, level: Level, novelty: Novelty) {
        if let Some(it) = self.rates.get_mut(level as usize) {
            it.all += 1.0;
            it.new += f32::from(u8::from(novelty == Novelty::New));
        }
    }

    /// Adds another person's.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (own, other) in self.rates.iter_mut().zip(&other.rates) {
            own.new += other.new;
            own.all += other.all;
        }
        self.day = self.day.max(other.day);
    }
}

/// A person's rate, given that of the peers.
pub(crate) fn of_person(own: Rate, peers: f64) -> f64 {
    (f64::from(own.new) + PERSON * peers) / (f64::from(own.all) + PERSON)
}

/// A group's rate, given that of the organisation.
pub(crate) fn of_peers(new: f64, all: f64, organisation: f64) -> f64 {
    (new + PEERS * organisation) / (all + PEERS)
}

/// The organisation's rate.
pub(crate) fn of_organisation(new: f64, all: f64, level: Level) -> f64 {
    (new + SEED * level.seed()) / (all + SEED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn novelty_is_cheap_for_those_who_live_by_it() {
        let price = |new, all| libm::log(0.36 / of_person(Rate { new, all }, 4e-3));
        assert!((price(12.0, 300.0) - 2.2).abs() < 0.2, "{}", price(12.0, 300.0));
        assert!((price(0.0, 300.0) - 7.2).abs() < 0.2, "{}", price(0.0, 300.0));
        assert!(price(0.0, 20.0) < price(0.0, 300.0));
    }

    #[test]
    fn rates_fade() {
        let mut rates = Rates::default();
        rates.fade(100);
        rates.count(Level::Net, Novelty::New);
        rates.fade(280);
        assert_eq!(rates.of(Level::Net), Rate { new: 0.5, all: 0.5 });
    }
}
