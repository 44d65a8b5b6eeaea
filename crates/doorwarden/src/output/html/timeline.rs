//! An incident drawn over time: what the detectors saw, and the sessions over the systems that they crossed.

use std::collections::BTreeMap;

use askama::Template;
use doorwarden_engine::spoken;
use doorwarden_model::{Incident, Severity};

use super::{
    chart::{Tick, ticks},
    sessions::SessionLine,
};
use crate::{
    output::{harmless::clipped, incident_json, words::moment},
    scan::Scan,
};

/// Lanes drawn for detectors, and for systems.
const DETECTORS: usize = 6;
const SYSTEMS: usize = 8;
/// Marks and bars drawn per lane.
const PER_LANE: usize = 24;
/// Width of the drawing, of its labels, and height of a lane.
const WIDE: i64 = 900;
const LEFT: i64 = 190;
const HIGH: i64 = 30;
/// Seconds that are shown at least.
const LEAST: i64 = 600;

/// A stretch of time.
pub(super) struct Bar {
    x: i64,
    wide: i64,
    is_open: bool,
    title: String,
}

/// A moment.
pub(super) struct Dot {
    x: i64,
    title: String,
}

/// A detector, or a system.
pub(super) struct Lane {
    y: i64,
    class: &'static str,
    name: String,
    note: String,
    bars: Vec<Bar>,
    dots: Vec<Dot>,
}

/// A session that came through another one.
pub(super) struct Step {
    x: i64,
    from: i64,
    to: i64,
}

/// The drawing.
#[derive(Template)]
#[template(path = "report/timeline.html")]
pub(super) struct Timeline {
    high: i64,
    lanes: Vec<Lane>,
    steps: Vec<Step>,
    ticks: Vec<(i64, String)>,
    description: String,
}

/// Where a moment stands.
#[derive(Clone, Copy)]
struct Scale {
    from: i64,
    to: i64,
}

impl Scale {
    fn x(self, second: i64) -> i64 {
        let at = second.clamp(self.from, self.to) - self.from;
        LEFT + at * (WIDE - LEFT - 10) / (self.to - self.from).max(1)
    }

    fn bar(self, first: i64, last: i64) -> (i64, i64) {
        let x = self.x(first);
        (x, (self.x(last) - x).max(3))
    }
}

impl Timeline {
    pub(super) fn new(incident: &Incident, sessions: &[&SessionLine], scan: &Scan) -> Self {
        let scale = scale(incident, sessions);
        let mut lanes = detectors(incident, scale);
        let first = lanes.len();
        let rows = systems(&mut lanes, sessions, scan, scale);
        let bottom = i64::try_from(lanes.len()).unwrap_or(0) * HIGH + 8;
        let marks: Vec<Tick> = ticks(scale.from, scale.to, 7);
        Self {
            high: bottom + 22,
            steps: steps(sessions, &rows, scale),
            ticks: marks
                .into_iter()
                .map(|it| (LEFT + it.at * (WIDE - LEFT - 10) / 1_000, it.text))
                .collect(),
            description: format!("{first} detectors and {} systems over time", lanes.len() - first),
            lanes,
        }
    }
}

/// The incident, and what of its sessions lies near.
fn scale(incident: &Incident, sessions: &[&SessionLine]) -> Scale {
    let (first, last) = incident_json::span(incident);
    let (first, last) = (first.as_second(), last.as_second());
    let around = (last - first).clamp(5_400, 6 * 3_600);
    let starts = sessions.iter().map(|it| it.start.as_second());
    let ends = sessions.iter().map(|it| it.end.unwrap_or(it.start).as_second());
    let from = starts.min().unwrap_or(first).clamp(first - around, first);
    let to = ends.max().unwrap_or(last).clamp(last, last + around);
    let margin = ((LEAST - (to - from)).max(0) / 2).max((to - from) / 25);
    Scale { from: from - margin, to: to + margin }
}

fn y(row: usize) -> i64 {
    i64::try_from(row).unwrap_or(0) * HIGH
}

/// A lane for each detector: its stretch, and the records that show it.
fn detectors(incident: &Incident, scale: Scale) -> Vec<Lane> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lanes: Vec<Lane> = Vec::new();
    for signal in &incident.signals {
        let row = *rows.entry(signal.detector).or_insert_with(|| {
            let name = spoken(signal.detector);
            let class = Severity::of(signal.tier.risk()).word();
            lanes.push(Lane {
                y: y(lanes.len()),
                class,
                name: clipped(&name, 28),
                note: String::new(),
                bars: Vec::new(),
                dots: Vec::new(),
            });
            lanes.len() - 1
        });
        let Some(lane) = lanes.get_mut(row) else { continue };
        let last = signal
            .evidence
            .iter()
            .map(|it| it.time)
            .chain([signal.time])
            .max()
            .unwrap_or(signal.time);
        let (x, wide) = scale.bar(signal.since.as_second(), last.as_second());
        if lane.bars.len() < PER_LANE {
            lane.bars.push(Bar { x, wide, is_open: false, title: clipped(&signal.reason, 200) });
        }
        for it in &signal.evidence {
            let x = scale.x(it.time.as_second());
            if lane.dots.len() < PER_LANE && lane.dots.iter().all(|dot| 4 < (dot.x - x).abs()) {
                lane.dots.push(Dot { x, title: moment(it.time) });
            }
        }
    }
    lanes.truncate(DETECTORS);
    lanes
}

/// A lane for each system that a session crossed; answers the row of each session's first system.
fn systems<'a>(
    lanes: &mut Vec<Lane>,
    sessions: &[&'a SessionLine],
    scan: &Scan,
    scale: Scale,
) -> BTreeMap<&'a str, usize> {
    let most = lanes.len() + SYSTEMS;
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for session in sessions {
        let unnamed = [session.service.clone()];
        let hosts = if session.hosts.is_empty() { &unnamed } else { session.hosts.as_slice() };
        for host in hosts {
            let row = match rows.get(host) {
                Some(row) => *row,
                None if most <= lanes.len() => continue,
                None => {
                    lanes.push(Lane {
                        y: y(lanes.len()),
                        class: "system",
                        name: clipped(host, 28),
                        note: services(scan, host, &session.service),
                        bars: Vec::new(),
                        dots: Vec::new(),
                    });
                    rows.insert(host.clone(), lanes.len() - 1);
                    lanes.len() - 1
                }
            };
            first.entry(&session.id).or_insert(row);
            let Some(lane) = lanes.get_mut(row).filter(|it| it.bars.len() < PER_LANE) else {
                continue;
            };
            lane.bars.push(bar(session, scale));
        }
    }
    first
}

fn bar(session: &SessionLine, scale: Scale) -> Bar {
    let start = session.start;
    let (x, wide) = scale.bar(start.as_second(), session.end.unwrap_or(start).as_second());
    let until = session
        .end
        .map_or_else(|| "end not logged".to_owned(), |it| format!("until {}", moment(it)));
    Bar {
        x,
        wide: if session.end.is_some() { wide } else { wide.max(14) },
        is_open: session.end.is_none(),
        title: format!(
            "{} ({}), {}, {until}",
            clipped(&session.user, 60),
            session.service,
            moment(start)
        ),
    }
}

/// The services that a host is known for.
fn services(scan: &Scan, host: &str, own: &str) -> String {
    let known = doorwarden_model::Service::ALL.iter();
    let known: Vec<&str> = known
        .filter(|it| scan.overview.doors.contains_key(&(**it, host.to_owned())))
        .map(|it| it.word())
        .collect();
    if known.is_empty() { own.to_owned() } else { known.join(", ") }
}

fn steps(sessions: &[&SessionLine], rows: &BTreeMap<&str, usize>, scale: Scale) -> Vec<Step> {
    let steps = sessions.iter().filter_map(|it| {
        let outer = rows.get(it.explained_by.as_deref()?)?;
        let inner = rows.get(it.id.as_str())?;
        let middle = |row: usize| y(row) + HIGH / 2;
        (outer != inner).then(|| Step {
            x: scale.x(it.start.as_second()),
            from: middle(*outer),
            to: middle(*inner),
        })
    });
    steps.take(PER_LANE).collect()
}
