//! A list that grows without moving what it holds.
//!
//! A list that doubles copies all that it holds into memory that nobody touched before: for large values that is most
//! of what they cost. Here each piece of memory is as large as all before it, and stays where it is.

/// Values of the first segment, as a power of two.
const FIRST: u32 = 3;

/// Values by number; one that is given back is used again.
#[derive(Debug, Clone)]
pub(crate) struct Segments<T> {
    parts: Vec<Vec<Option<T>>>,
    free: Vec<u32>,
    len: u32,
}

impl<T> Default for Segments<T> {
    fn default() -> Self {
        Self { parts: Vec::new(), free: Vec::new(), len: 0 }
    }
}

/// Segment and place in it.
const fn place(at: u32) -> (usize, usize) {
    let at = at as usize + (1 << FIRST);
    let segment = at.ilog2() - FIRST;
    (segment as usize, at - (1 << (segment + FIRST)))
}

impl<T> Segments<T> {
    pub(crate) fn get(&self, at: u32) -> Option<&T> {
        let (segment, place) = place(at);
        self.parts.get(segment)?.get(place)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, at: u32) -> Option<&mut T> {
        let (segment, place) = place(at);
        self.parts.get_mut(segment)?.get_mut(place)?.as_mut()
    }

    /// Keeps `value`, and says under which number.
    pub(crate) fn put(&mut self, value: T) -> u32 {
        if let Some(at) = self.free.pop() {
            let (segment, place) = place(at);
            if let Some(slot) = self.parts.get_mut(segment).and_then(|it| it.get_mut(place)) {
                *slot = Some(value);
            }
            return at;
        }
        let at = self.len;
        self.len += 1;
        let (segment, _) = place(at);
        if self.parts.len() <= segment {
            self.parts.push(Vec::with_capacity(1 << (segment + FIRST as usize)));
        }
        if let Some(segment) = self.parts.get_mut(segment) {
            segment.push(Some(value));
        }
        at
    }

    pub(crate) fn take(&mut self, at: u32) -> Option<T> {
        let (segment, place) = place(at);
        let value = self.parts.get_mut(segment)?.get_mut(place)?.take()?;
        self.free.push(at);
        Some(value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.parts.iter().flatten().flatten()
    }

    /// All values.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(self).parts.into_iter().flatten().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_given_in_order_and_used_again() {
        let mut all = Segments::default();
        for value in 0..1_000u32 {
            assert_eq!(all.put(value), value);
        }
        assert_eq!(all.iter().copied().collect::<Vec<_>>(), (0..1_000).collect::<Vec<_>>());
        assert_eq!((all.take(7), all.take(7), all.take(1_000)), (Some(7), None, None));
        assert_eq!(all.get(7), None);
        assert_eq!(all.put(9_999), 7);
        assert_eq!(all.get_mut(7), Some(&mut 9_999));
        assert_eq!(all.drain().count(), 1_000);
        assert_eq!(all.put(1), 0);
    }

    #[test]
    fn no_segment_is_larger_than_all_before_it() {
        assert_eq!([0, 7, 8, 23, 24].map(place), [(0, 0), (0, 7), (1, 0), (1, 15), (2, 0)]);
    }
}
