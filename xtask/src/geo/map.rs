//! The outline of the world as SVG path data for the report, small enough to stand in every one.

use super::outline::{Outline, Point, Ring};

/// Units of a degree.
const SCALE: f64 = 5.0;

/// Half the side, in units, of the mark for a country that is too small for an outline.
const MARK: i32 = 2;

/// Countries left out: the map ends north of it.
const BELOW: &[[u8; 2]] = &[*b"AQ"];

const HEADER: &str = "\
# Outline of the world. Made with Natural Earth (public domain), 1:110,000,000, simplified.
# Equirectangular, viewBox \"0 0 1800 900\": x = 5 * (longitude + 180), y = 5 * (90 - latitude).
# A country a line: ISO 3166 letters, a tab, SVG path data; the smallest countries are marks.
";

/// The file: `coarse` gives the shapes, `fine` the places of countries that it lacks.
pub(crate) fn paths(coarse: &Outline, fine: &Outline) -> String {
    let mut out = HEADER.to_owned();
    for (country, rings) in fine.iter().filter(|it| !BELOW.contains(it.0)) {
        let shapes = coarse.get(country).map_or_else(String::new, |it| shapes(it));
        let path = if shapes.is_empty() { mark(rings) } else { shapes };
        out.extend([&String::from_utf8_lossy(country), "\t", &path, "\n"]);
    }
    out
}

fn shapes(rings: &[Ring]) -> String {
    let mut out = String::new();
    for ring in rings.iter().flat_map(pieces) {
        let mut points: Vec<(i32, i32)> = ring.iter().map(|it| on_map(*it)).collect();
        points.dedup();
        if points.first() == points.last() {
            points.pop();
        }
        if 3 <= points.len() {
            out.push_str(&line(&points));
        }
    }
    out
}

/// The ring, in two where it crosses the edge of the map (180 degrees east is 180 degrees west).
fn pieces(ring: &Ring) -> Vec<Ring> {
    let mut turns = 0.0;
    let mut last = ring.first().map_or(0.0, |it| it.0);
    let mut going_on = Ring::new();
    for (east, north) in ring {
        if 180.0 < (east - last).abs() {
            turns += 360.0 * (last - east).signum();
        }
        last = *east;
        going_on.push((east + turns, *north));
    }
    let cut = |turn: f64| {
        let moved: Ring = going_on.iter().map(|it| (it.0 + turn, it.1)).collect();
        let mirror = |it: Ring| it.into_iter().map(|it| (-it.0, it.1)).collect();
        mirror(west_of_edge(&mirror(west_of_edge(&moved))))
    };
    [-360.0, 0.0, 360.0].map(cut).into_iter().filter(|it| 3 <= it.len()).collect()
}

/// The part of the ring up to 180 degrees east, going along the edge where the rest was cut off.
fn west_of_edge(ring: &Ring) -> Ring {
    let mut out = Ring::new();
    let Some(mut before) = ring.last().copied() else { return out };
    for point in ring.iter().copied() {
        if (before.0 <= 180.0) != (point.0 <= 180.0) {
            let part = (180.0 - before.0) / (point.0 - before.0);
            out.push((180.0, before.1 + part * (point.1 - before.1)));
        }
        if point.0 <= 180.0 {
            out.push(point);
        }
        before = point;
    }
    out
}

/// `m` with an absolute point and steps from there on, closed.
fn line(points: &[(i32, i32)]) -> String {
    let mut out = String::new();
    let mut last = (0, 0);
    let mut letter = "M";
    for (x, y) in straightened(points) {
        let (step_x, step_y) = (x - last.0, y - last.1);
        let gap = if step_y < 0 { "" } else { " " };
        let before = if letter.is_empty() && 0 <= step_x { " " } else { "" };
        out.extend([letter, before, &step_x.to_string(), gap, &step_y.to_string()]);
        letter = if letter == "M" { "l" } else { "" };
        last = (x, y);
    }
    out.push('z');
    out
}

/// Without the points that lie on the straight line between their neighbours.
fn straightened(points: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::new();
    for point in points {
        if let [.., before, last] = out.as_slice()
            && (last.0 - before.0) * (point.1 - last.1) == (last.1 - before.1) * (point.0 - last.0)
        {
            out.pop();
        }
        out.push(*point);
    }
    out
}

/// A diamond in the middle of the largest part.
fn mark(rings: &[Ring]) -> String {
    let Some(ring) = rings.iter().max_by_key(|it| it.len()) else { return String::new() };
    let (mut west, mut south, mut east, mut north) = (180.0_f64, 90.0_f64, -180.0_f64, -90.0_f64);
    for (x, y) in ring {
        (west, east) = (west.min(*x), east.max(*x));
        (south, north) = (south.min(*y), north.max(*y));
    }
    let (x, y) = on_map((f64::midpoint(west, east), f64::midpoint(south, north)));
    format!("M{} {y}l{MARK}-{MARK} {MARK} {MARK}-{MARK} {MARK}z", x - MARK)
}

#[expect(clippy::cast_possible_truncation, reason = "the map is 1,800 units wide")]
fn on_map((east, north): Point) -> (i32, i32) {
    (((east + 180.0) * SCALE).round() as i32, ((90.0 - north) * SCALE).round() as i32)
}
