//! The least distance between every two countries, from border to border.

use std::collections::BTreeMap;

use super::outline::{Outline, Point};

/// Whole km by the letters of two countries, the first of which sorts before the second.
pub(crate) type Distances = BTreeMap<([u8; 2], [u8; 2]), u32>;

/// The Earth's mean radius in km (IUGG).
const RADIUS: f64 = 6371.0088;

/// Points along a border are at most this many km apart.
const STEP: f64 = 10.0;

/// Points in a block, whose circle around tells whether it is worth a closer look.
const BLOCK: usize = 48;

/// A point on the unit sphere.
type Vector = [f64; 3];

/// Points that lie near each other, within `reach` (an angle) of `middle`.
#[derive(Debug)]
struct Block {
    points: Vec<Vector>,
    middle: Vector,
    reach: f64,
}

/// The least distances between the countries of `outline`; 0 for neighbours.
pub(crate) fn between(outline: &Outline) -> Distances {
    let borders: Vec<_> = outline.iter().map(|it| (*it.0, blocks(it.1))).collect();
    let mut out = Distances::new();
    for (index, (to, of_to)) in borders.iter().enumerate() {
        for (from, of_from) in borders.iter().take(index) {
            out.insert((*from, *to), least(of_from, of_to));
        }
    }
    out
}

fn blocks(rings: &[Vec<Point>]) -> Vec<Block> {
    let mut out = Vec::new();
    for ring in rings {
        let corners: Vec<Vector> = ring.iter().map(|it| vector(*it)).collect();
        let mut points: Vec<Vector> = Vec::new();
        for (from, to) in corners.iter().zip(corners.iter().skip(1)) {
            along(*from, *to, &mut points);
        }
        out.extend(points.chunks(BLOCK).map(block));
    }
    out
}

/// Points from `from` on, without `to`.
fn along(from: Vector, to: Vector, out: &mut Vec<Vector>) {
    let mut left = angle(from, to) * RADIUS / STEP;
    let pieces = left.ceil().max(1.0);
    left = 0.0;
    while left < pieces {
        let part = left / pieces;
        out.push(unit(mixed(from, to, part)));
        left += 1.0;
    }
}

fn block(points: &[Vector]) -> Block {
    let sum = points.iter().fold([0.0; 3], |sum, it| mixed(sum, *it, 0.5));
    let middle = unit(sum);
    let reach = points.iter().map(|it| angle(middle, *it)).fold(0.0, f64::max);
    Block { points: points.to_vec(), middle, reach }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "half the Earth's girth is 20,015 km"
)]
fn least(from: &[Block], to: &[Block]) -> u32 {
    let mut least = std::f64::consts::PI;
    for one in from {
        for other in to {
            if least <= angle(one.middle, other.middle) - one.reach - other.reach {
                continue;
            }
            for point in &one.points {
                let near = other.points.iter().map(|it| angle(*point, *it)).fold(least, f64::min);
                least = least.min(near);
            }
        }
    }
    (least * RADIUS) as u32
}

fn vector((east, north): Point) -> Vector {
    let (east, north) = (east.to_radians(), north.to_radians());
    [north.cos() * east.cos(), north.cos() * east.sin(), north.sin()]
}

/// The angle between two points, exact also where it is small.
fn angle(a: Vector, b: Vector) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    2.0 * (squares.sum::<f64>().sqrt() / 2.0).min(1.0).asin()
}

fn mixed(a: Vector, b: Vector, part: f64) -> Vector {
    let [ax, ay, az] = a;
    let [bx, by, bz] = b;
    let mix = |a: f64, b: f64| a + (b - a) * part;
    [mix(ax, bx), mix(ay, by), mix(az, bz)]
}

fn unit([x, y, z]: Vector) -> Vector {
    let length = (x * x + y * y + z * z).sqrt();
    [x / length, y / length, z / length]
}
