//! When a person signs in: hours of work days and rest days, in the person's own zone.
//!
//! A histogram rather than a mean: people have mornings and evenings, rotating shifts, a pager.

/// Bins: 24 hours of a work day, 24 of a rest day.
pub(crate) const BINS: usize = 48;
/// What a sign-in adds to its bin.
const UNIT: u8 = 8;
/// Days after which all counts are halved.
const HALF_LIFE: u16 = 60;
/// Sign-ins that the colleagues' hours stand for in a person's.
const PEERS: f64 = 12.0;
/// Sign-ins below which the hours are smeared further.
const FEW: f64 = 40.0;

/// The hours of one person. A bin counts once a day; at its brim all are halved.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hours {
    bins: [u8; BINS],
    /// The day of `today`, and of the last halving.
    day: u16,
    halved: u16,
    /// Bins of that day that were counted already, by hour.
    today: u32,
}

impl Default for Hours {
    fn default() -> Self {
        Self { bins: [0; BINS], day: 0, halved: 0, today: 0 }
    }
}

impl Hours {
    /// Counts a sign-in in `bin` on `day`.
    pub(crate) fn learn(&mut self, bin: usize, day: u16) {
        if self.halved == 0 {
            self.halved = day;
        }
        if self.day != day {
            (self.day, self.today) = (day, 0);
        }
        while HALF_LIFE <= day.saturating_sub(self.halved) {
            self.halve();
            self.halved += HALF_LIFE;
        }
        let bit = 1 << (bin % 24);
        if self.today & bit != 0 {
            return;
        }
        self.today |= bit;
        if self.bins.get(bin).is_some_and(|it| u8::MAX - UNIT < *it) {
            self.halve();
        }
        if let Some(it) = self.bins.get_mut(bin) {
            *it += UNIT;
        }
    }

    fn halve(&mut self) {
        for it in &mut self.bins {
            *it /= 2;
        }
    }

    /// Sign-ins counted.
    pub(crate) fn total(&self) -> f64 {
        self.bins.iter().map(|it| f64::from(*it)).sum::<f64>() / f64::from(UNIT)
    }

    /// Sign-ins counted in each bin.
    pub(crate) fn counts(&self) -> [f32; BINS] {
        self.bins.map(|it| f32::from(it) / f32::from(UNIT))
    }

    /// Sign-ins near `bin`: hours run into each other.
    fn near(&self, bin: usize, total: f64) -> f64 {
        let weights: [f64; 5] =
            if total < FEW { [0.1, 0.2, 0.4, 0.2, 0.1] } else { [0.0, 0.25, 0.5, 0.25, 0.0] };
        let (half, hour) = (bin / 24 * 24, bin % 24);
        let at = |shift: usize| {
            let bin = half + (hour + 22 + shift) % 24;
            self.bins.get(bin).map_or(0.0, |it| f64::from(*it))
        };
        let sum: f64 = weights.iter().enumerate().map(|(shift, weight)| weight * at(shift)).sum();
        sum / f64::from(UNIT)
    }

    /// The share of the person's sign-ins that falls into `bin`, given the colleagues' share.
    pub(crate) fn share(&self, bin: usize, colleagues: f64) -> f64 {
        let total = self.total();
        let prior = 0.8 * colleagues + 0.2 / 48.0;
        (self.near(bin, total) + PEERS * prior) / (total + PEERS)
    }

    /// Turns the hours by `shift` when the person's zone turns out to be another one.
    pub(crate) fn turn(&mut self, shift: i32) {
        let old = self.bins;
        for half in [0, 24] {
            for hour in 0..24_i32 {
                let from = usize::try_from((hour - shift).rem_euclid(24)).unwrap_or(0);
                let to = usize::try_from(hour).unwrap_or(0);
                if let (Some(to), Some(from)) = (self.bins.get_mut(half + to), old.get(half + from))
                {
                    *to = *from;
                }
            }
        }
    }

    /// Adds another person's.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (own, other) in self.bins.iter_mut().zip(other.bins) {
            *own = own.saturating_add(other);
        }
        self.halved = self.halved.max(other.halved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_hours_are_likely_and_unusual_ones_are_not() {
        let mut hours = Hours::default();
        for day in 100..140 {
            for bin in [8, 9, 13] {
                hours.learn(bin, day);
                hours.learn(bin, day);
            }
        }
        let flat = 1.0 / 48.0;
        assert!(0.15 < hours.share(9, flat));
        assert!(0.03 < hours.share(10, flat), "an hour later is near");
        assert!(hours.share(2, flat) < 0.005);
        assert!(hours.share(9 + 24, flat) < 0.005, "never on a rest day");
        assert!(hours.total() < 130.0, "a bin counts once a day");
    }

    #[test]
    fn a_turn_moves_hours_and_keeps_days_apart() {
        let mut hours = Hours::default();
        hours.learn(23, 100);
        hours.learn(24, 101);
        hours.turn(2);
        assert_eq!((hours.counts()[1], hours.counts()[26]), (1.0, 1.0));
    }
}
