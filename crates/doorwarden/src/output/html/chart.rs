//! What all drawings share: steps of colour, and marks on an axis of time.

use jiff::{Timestamp, tz::TimeZone};

/// Steps of colour; 0 means nothing at all.
pub(super) const STEPS: u64 = 5;

/// The step of `value` where the largest is `most`, on a logarithmic scale: sign-ins differ by orders of magnitude.
pub(super) fn step(value: u64, most: u64) -> u64 {
    if value == 0 {
        return 0;
    }
    let logarithm =
        |it: u64| u64::from((it.saturating_add(1)).ilog2()) * 16 + fraction(it.saturating_add(1));
    let (own, whole) = (logarithm(value), logarithm(most.max(value)).max(1));
    (own * STEPS).div_ceil(whole).clamp(1, STEPS)
}

/// Sixteenths of the way from a power of two to the next.
fn fraction(value: u64) -> u64 {
    let power = value.ilog2();
    ((u128::from(value) << 4) >> power) as u64 & 15
}

/// A mark on an axis of time: place in thousandths, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: i64,
    pub(super) text: String,
}

/// Distances between marks, in seconds.
const DISTANCES: &[i64] = &[
    1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800,
    604_800, 1_209_600, 2_592_000, 7_776_000, 15_552_000, 31_536_000,
];

/// At most `most` marks from `first` to `last`, at round times of UTC.
pub(super) fn ticks(first: i64, last: i64, most: i64) -> Vec<Tick> {
    let length = last.saturating_sub(first).max(1);
    let fits = |it: &&i64| length / **it < most;
    let distance = DISTANCES.iter().find(fits).copied().unwrap_or(i64::MAX / 4);
    let mut ticks = Vec::new();
    let mut at = first.div_euclid(distance).saturating_add(1).saturating_mul(distance);
    let mut day = None;
    while at <= last {
        if let Ok(time) = Timestamp::from_second(at) {
            let civil = TimeZone::UTC.to_datetime(time);
            let is_new = day != Some(civil.date());
            day = Some(civil.date());
            let form = match (distance, is_new) {
                (86_400.., _) => "%-d %b",
                (_, true) => "%-d %b %H:%M",
                (60.., false) => "%H:%M",
                (_, false) => "%H:%M:%S",
            };
            ticks.push(Tick {
                at: at.saturating_sub(first).saturating_mul(1_000) / length,
                text: civil.strftime(form).to_string(),
            });
        }
        at = at.saturating_add(distance);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_grow_with_the_number() {
        let steps: Vec<u64> = [0, 1, 3, 30, 300, 1_000].map(|it| step(it, 1_000)).into();
        assert_eq!(steps, [0, 1, 2, 3, 5, 5]);
        assert_eq!(step(1, 1), STEPS);
    }

    #[test]
    fn marks_stand_at_round_times() {
        let texts =
            |first, last| ticks(first, last, 6).into_iter().map(|it| it.text).collect::<Vec<_>>();
        assert_eq!(texts(0, 3_600), ["1 Jan 00:15", "00:30", "00:45", "01:00"]);
        assert_eq!(texts(80_000, 80_000 + 86_400 * 4), ["2 Jan", "3 Jan", "4 Jan", "5 Jan"]);
        assert!(ticks(i64::MIN / 4, i64::MAX / 4, 6).len() < 8);
    }
}
