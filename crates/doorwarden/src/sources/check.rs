//! `doorwarden sources check`: per file which formats read it, how much is understood, and the shapes of the rest.

use std::{
    collections::{BTreeMap, btree_map},
    io::Read,
    process::ExitCode,
};

use doorwarden_model::Event;
use doorwarden_parse::{Reject, Sink, SourceInfo, SourceStats, Unit, read_source};

use super::{CheckArguments, shape};
use crate::{
    ingest,
    output::{
        harmless::{clipped, harmless},
        terminal::{self, Screen, wrap},
        trouble,
        words::{bytes, count, counted, percent},
    },
    reading::{self, Options, Reader},
};

/// Shapes shown per file, and shapes told apart.
const SHOWN: usize = 20;
const KEPT: usize = 10_000;

/// Checks all files.
pub(super) fn run(arguments: &CheckArguments) -> ExitCode {
    let found = ingest::walk(&arguments.paths, None, &[]);
    let screen = terminal::screen(arguments.color.style());
    let mut checker = Checker { screen, has_failed: !found.errors.is_empty() };
    let options = Options { year: None, forced: arguments.forced };
    for input in &found.inputs {
        if let Err(error) = reading::read(&input.path, &options, &mut checker) {
            checker.failed(&input.path.display().to_string(), format!("{error:#}"));
        }
    }
    for (path, why) in &found.errors {
        checker.failed(&path.display().to_string(), why.clone());
    }
    if checker.has_failed { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

struct Checker {
    screen: Screen,
    has_failed: bool,
}

impl Reader for Checker {
    fn source(&mut self, name: &str, info: &SourceInfo, reader: &mut dyn Read) {
        let mut shapes = Shapes::default();
        let (stats, result) = read_source(reader, info, &mut shapes);
        terminal::lines(told(name, &stats, &shapes, self.screen));
        if let Err(error) = result {
            self.failed(name, error.to_string());
        }
    }

    fn failed(&mut self, name: &str, why: String) {
        terminal::error(&anyhow::anyhow!("`{}`: {why}", harmless(name)));
        self.has_failed = true;
    }
}

/// Lines of one shape.
struct Shape {
    count: u64,
    first: u64,
    sample: String,
    why: Option<String>,
}

/// The shapes of a file's lines that nothing understood.
#[derive(Default)]
struct Shapes {
    known: BTreeMap<String, Shape>,
    others: u64,
}

impl Sink for Shapes {
    fn event(&mut self, _: &Event<'_>, _: u128, _: u64, _: Unit) {}

    fn unparsed(
        &mut self,
        line: u64,
        text: &str,
        format: Option<&'static str>,
        why: Option<&Reject>,
    ) {
        let is_full = KEPT <= self.known.len();
        match self.known.entry(shape::of(text)) {
            btree_map::Entry::Occupied(mut known) => known.get_mut().count += 1,
            btree_map::Entry::Vacant(_) if is_full => self.others += 1,
            btree_map::Entry::Vacant(free) => {
                let why = why.map(|it| format!("{}: {it}", format.unwrap_or_default()));
                free.insert(Shape { count: 1, first: line, sample: clipped(text, 400), why });
            }
        }
    }
}

/// What is to be said of one source.
fn told(name: &str, stats: &SourceStats, shapes: &Shapes, screen: Screen) -> Vec<String> {
    let style = screen.style;
    let rejected: u64 = stats.formats.iter().map(|it| it.1.rejected).sum();
    let open = stats.unclaimed + rejected;
    let read = stats.records.saturating_sub(open);
    let mut lines = vec![format!(
        "{}  {}, {}, {} understood",
        style.bold(&harmless(name)),
        counted(stats.records, "line"),
        bytes(stats.bytes),
        percent(read, stats.records)
    )];
    for (id, it) in &stats.formats {
        let counts = [
            Some(counted(it.events, "event")),
            (0 < it.ignored).then(|| format!("{} of no matter", count(it.ignored))),
            (0 < it.rejected).then(|| format!("{} not readable", count(it.rejected))),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        lines.push(format!("  {}  {}", style.code(&wrap::padded(id, 26)), counts.join(", ")));
    }
    lines.extend(trouble::of_source(stats).into_iter().map(|it| format!("  {it}")));
    if stats.formats.is_empty() && 0 < stats.records {
        lines.push(
            "  no format reads it; `doorwarden sources` lists those that there are".to_owned(),
        );
    }
    lines.extend(of_shapes(shapes, screen));
    lines.push(String::new());
    lines
}

fn of_shapes(shapes: &Shapes, screen: Screen) -> Vec<String> {
    let mut ranked: Vec<(&String, &Shape)> = shapes.known.iter().collect();
    ranked.sort_by_key(|it| (std::cmp::Reverse(it.1.count), it.1.first));
    let mut lines = Vec::new();
    if !ranked.is_empty() {
        lines.push("  Not understood, by shape (count, first line):".to_owned());
    }
    let room = screen.columns.saturating_sub(24);
    for (text, it) in ranked.iter().take(SHOWN) {
        let head = format!("  {:>9}  {:>8}  ", count(it.count), it.first);
        let text = harmless(text);
        let sample = if it.count == 1 { &it.sample } else { &text };
        lines.push(format!("{head}{}", wrap::cut(sample, room)));
        if let Some(why) = &it.why {
            lines.push(screen.style.dim(&format!("{:23}{}", "", wrap::cut(why, room))));
        }
    }
    let left = ranked.len().saturating_sub(SHOWN) as u64;
    if 0 < left {
        lines.push(format!("  and {} more", counted(left, "shape")));
    }
    if 0 < shapes.others {
        lines.push(format!("  and {} of still other shapes", counted(shapes.others, "line")));
    }
    lines
}
