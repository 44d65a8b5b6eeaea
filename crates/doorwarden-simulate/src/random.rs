//! Chance from a seed: `SplitMix64`, a stream of its own per label, person and day, so that a change in one place moves
//! no other.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream of `label`.
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        // FNV-1a over the label.
        let hash = label.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, it| {
            (hash ^ u64::from(it)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut random = Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ hash);
        random.next();
        random
    }

    /// The stream of `label` for one of many, on one of many days.
    pub(crate) fn of(seed: u64, label: &str, number: usize, day: i64) -> Self {
        let mut random = Self::new(seed, label);
        random.0 ^= (number as u64).wrapping_mul(0x9fb2_1c65_1e98_df25);
        random.next();
        random.0 ^= day.cast_unsigned().wrapping_mul(0xd6e8_feb8_6659_fd93);
        random.next();
        random
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let it = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        it ^ (it >> 31)
    }

    /// A number from 0 to `limit`, without `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A place in a list of `len`.
    pub(crate) fn place(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// A number around 0, seldom farther than `spread`: the sum of three dice.
    pub(crate) fn around(&mut self, spread: i64) -> i64 {
        (0..3).map(|_| self.between(-spread, spread)).sum::<i64>() / 2
    }

    /// Whether something happens that does in `permille` of a thousand cases.
    pub(crate) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// Whether something happens that does in `count` of `of` cases.
    pub(crate) fn seldom(&mut self, count: u64, of: u64) -> bool {
        self.below(of) < count
    }

    /// A number from 0 to 1, without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / 4_294_967_296.0
    }

    /// A number of the normal distribution, from twelve dice: no machine's own logarithm is asked.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of `from`; its default where there is none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let at = self.place(from.len());
        from.get(at).copied().unwrap_or_default()
    }

    /// A place in `weights`, as often as its weight says.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// `len` signs out of `alphabet`, which is ASCII.
    pub(crate) fn text(&mut self, alphabet: &str, len: usize) -> String {
        let signs = alphabet.as_bytes();
        (0..len).map(|_| char::from(self.pick(signs))).collect()
    }

    /// `len` hexadecimal digits.
    pub(crate) fn hex(&mut self, len: usize) -> String {
        self.text("0123456789abcdef", len)
    }

    /// Puts a list in an order by chance.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.place(last + 1);
            list.swap(last, other);
        }
    }
}
