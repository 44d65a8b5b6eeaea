//! Outlines of countries, read from TopoJSON (borders that neighbours share are kept once).

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use super::iso;

/// A position in degrees east and north.
pub(crate) type Point = (f64, f64);

/// A closed line; its last point is its first.
pub(crate) type Ring = Vec<Point>;

/// Of each country the rings around its parts; holes and lakes are among them.
pub(crate) type Outline = BTreeMap<[u8; 2], Vec<Ring>>;

#[derive(Deserialize)]
struct Topology {
    arcs: Vec<Vec<Point>>,
    transform: Transform,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: Point,
    translate: Point,
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(default)]
    id: String,
    properties: Properties,
    #[serde(default)]
    arcs: Value,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
}

/// Territories without digits of ISO 3166, and whom addresses there belong to.
const BY_NAME: &[(&str, [u8; 2])] =
    &[("Kosovo", *b"XK"), ("N. Cyprus", *b"CY"), ("Somaliland", *b"SO")];

/// Parts of a country that have letters of their own: the country, the part, and the box around it
/// (west, south, east, north).
const PARTS: &[([u8; 2], [u8; 2], [f64; 4])] = &[
    (*b"FR", *b"GF", [-55.0, 2.0, -51.0, 6.0]),
    (*b"FR", *b"GP", [-62.0, 15.7, -60.9, 16.6]),
    (*b"FR", *b"MQ", [-61.4, 14.3, -60.7, 15.0]),
    (*b"FR", *b"RE", [55.0, -21.6, 56.0, -20.7]),
    (*b"FR", *b"YT", [44.9, -13.2, 45.4, -12.5]),
    (*b"NL", *b"BQ", [-68.6, 12.0, -62.8, 17.8]),
    (*b"NO", *b"SJ", [-10.0, 70.8, 35.0, 81.0]),
];

/// Islands far from their country on which nobody lives, and so signs in: Macquarie, those south of New Zealand,
/// and Prince Edward's.
const EMPTY: &[([u8; 2], [f64; 4])] = &[
    (*b"AU", [158.0, -55.5, 159.5, -54.0]),
    (*b"NZ", [165.0, -53.0, 180.0, -47.5]),
    (*b"ZA", [37.0, -47.5, 38.5, -46.0]),
];

/// Small islands and towns that outlines leave out, by their middle.
const SMALL: &[([u8; 2], Point)] = &[
    (*b"BV", (3.36, -54.42)),
    (*b"CC", (96.83, -12.17)),
    (*b"CX", (105.63, -10.49)),
    (*b"GI", (-5.35, 36.14)),
    (*b"GP", (-61.5, 16.2)),
    (*b"MQ", (-61.0, 14.65)),
    (*b"RE", (55.5, -21.1)),
    (*b"YT", (45.15, -12.8)),
    (*b"GF", (-53.0, 4.0)),
    (*b"BQ", (-68.27, 12.2)),
    (*b"SJ", (16.0, 78.5)),
    (*b"TK", (-171.85, -9.17)),
    (*b"TV", (179.2, -8.52)),
    (*b"UM", (166.63, 19.29)),
];

/// The outline of every country in `topology`.
pub(crate) fn read(topology: &Value) -> anyhow::Result<Outline> {
    let topology = Topology::deserialize(topology).context("the outline is no TopoJSON")?;
    let arcs: Vec<Vec<Point>> =
        topology.arcs.iter().map(|it| positions(it, &topology.transform)).collect();
    let mut outline = Outline::new();
    for geometry in &topology.objects.countries.geometries {
        let by_name = BY_NAME.iter().find(|it| it.0 == geometry.properties.name).map(|it| it.1);
        let Some(country) = iso::letters_of(&geometry.id).or(by_name) else { continue };
        let mut lines = Vec::new();
        rings(&geometry.arcs, &arcs, &mut lines)?;
        lines.retain(|ring| !EMPTY.iter().any(|it| it.0 == country && lies_in(ring, &it.1)));
        for ring in lines {
            outline.entry(part_of(country, &ring)).or_default().push(ring);
        }
    }
    for (country, middle) in SMALL {
        outline.entry(*country).or_insert_with(|| vec![vec![*middle, *middle]]);
    }
    Ok(outline)
}

/// Arcs hold steps on a grid; this gives degrees.
fn positions(arc: &[Point], transform: &Transform) -> Vec<Point> {
    let (mut x, mut y) = (0.0, 0.0);
    let at = |step: &Point| {
        x += step.0;
        y += step.1;
        let Transform { scale, translate } = transform;
        (x * scale.0 + translate.0, y * scale.1 + translate.1)
    };
    arc.iter().map(at).collect()
}

/// A ring is an array of numbers of arcs; polygons nest rings, and countries polygons.
fn rings(value: &Value, arcs: &[Vec<Point>], out: &mut Vec<Ring>) -> anyhow::Result<()> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.first().is_some_and(Value::is_array) {
        return items.iter().try_for_each(|it| rings(it, arcs, out));
    }
    let mut ring = Ring::new();
    for item in items {
        let number = item.as_i64().context("an arc's number is none")?;
        // A complement stands for the arc read backwards.
        let index = usize::try_from(if number < 0 { !number } else { number })?;
        let arc = arcs.get(index).context("an arc is missing")?;
        if number < 0 {
            ring.extend(arc.iter().rev());
        } else {
            ring.extend(arc);
        }
    }
    ring.dedup();
    out.push(ring);
    Ok(())
}

/// The letters that the land inside `ring` has.
fn part_of(country: [u8; 2], ring: &Ring) -> [u8; 2] {
    let part = PARTS.iter().find(|it| it.0 == country && lies_in(ring, &it.2));
    part.map_or(country, |it| it.1)
}

fn lies_in(ring: &Ring, [west, south, east, north]: &[f64; 4]) -> bool {
    ring.iter().all(|it| (west..=east).contains(&&it.0) && (south..=north).contains(&&it.1))
}
