//! The middles of countries, from the outline of the world that the report shows: for the baselines that take a whole country
//! for one place. Of several parts the largest counts.

use std::collections::HashMap;

use doorwarden_model::great_circle_kilometres;

/// Units of a degree on the map.
const SCALE: f32 = 5.0;

/// Degrees north and east of each country's middle.
#[derive(Debug)]
pub(crate) struct Centroids(HashMap<[u8; 2], (f32, f32)>);

impl Centroids {
    /// Those of the map.
    pub(crate) fn new() -> Self {
        Self::of(include_str!("../../../crates/doorwarden/data/world.svgpath"))
    }

    fn of(map: &str) -> Self {
        let lines = map.lines().filter_map(|it| it.split_once('\t'));
        let middles = lines.filter_map(|(country, path)| {
            Some((country.as_bytes().try_into().ok()?, middle(path)?))
        });
        Self(middles.collect())
    }

    /// Kilometres between the middles of two countries; none where one of them is unknown.
    pub(crate) fn kilometres(&self, from: [u8; 2], to: [u8; 2]) -> Option<f64> {
        Some(great_circle_kilometres(*self.0.get(&from)?, *self.0.get(&to)?))
    }
}

/// The middle of the largest part.
fn middle(path: &str) -> Option<(f32, f32)> {
    let parts = path.split('M').filter_map(|it| center(&corners(it)));
    let (_, x, y) = parts.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some((90.0 - y / SCALE, x / SCALE - 180.0))
}

/// The corners of one part: a point, then steps.
fn corners(part: &str) -> Vec<(f32, f32)> {
    let (mut at, mut corners) = ((0.0, 0.0), Vec::new());
    let numbers = numbers(part);
    let (pairs, _) = numbers.as_chunks::<2>();
    for [x, y] in pairs {
        at = (at.0 + x, at.1 + y);
        corners.push(at);
    }
    corners
}

/// All numbers, between which a minus may be all that stands.
fn numbers(text: &str) -> Vec<f32> {
    let spaced = text.replace('-', " -");
    let numbers = spaced.split(|it: char| !it.is_ascii_digit() && it != '-');
    numbers.filter_map(|it| it.parse().ok()).collect()
}

/// Area and middle of a polygon.
fn center(corners: &[(f32, f32)]) -> Option<(f32, f32, f32)> {
    let first = *corners.first()?;
    let (mut area, mut x, mut y) = (0.0, 0.0, 0.0);
    // Measured from the first corner, as otherwise small differences of large numbers would be lost.
    let local: Vec<(f32, f32)> =
        corners.iter().map(|it| (it.0 - first.0, it.1 - first.1)).collect();
    for (from, to) in local.iter().zip(local.iter().cycle().skip(1)) {
        let cross = from.0 * to.1 - to.0 * from.1;
        area += cross / 2.0;
        x += (from.0 + to.0) * cross / 6.0;
        y += (from.1 + to.1) * cross / 6.0;
    }
    (area != 0.0).then(|| (area.abs(), first.0 + x / area, first.1 + y / area))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_have_middles() {
        let all = Centroids::new();
        let near = |country: &[u8; 2], north: f32, east: f32| {
            let it = all.0[country];
            (it.0 - north).abs() < 3.0 && (it.1 - east).abs() < 3.0
        };
        assert!(near(b"DE", 51.2, 10.4) && near(b"BR", -10.8, -53.1) && near(b"IN", 22.9, 79.6));
        assert!(near(b"SG", 1.3, 103.8), "{:?}", all.0[b"SG"]);
        let far = all.kilometres(*b"DE", *b"BR").unwrap();
        assert!((9_000.0..9_400.0).contains(&far), "{far}");
        assert_eq!(all.kilometres(*b"DE", *b"ZZ"), None);
        assert!(240 < all.0.len());
    }
}
