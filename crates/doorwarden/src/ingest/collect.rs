//! Reads all files, in parallel, into ordered runs; counts what was understood and what was not.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::anyhow;
use doorwarden_engine::NameBook;
use doorwarden_model::{Batch, Context, Event, Origin};
use doorwarden_parse::{
    Input as Opening, Limits, OpenError, Opened, Reject, Scratch, Sink, SourceInfo, SourceStats,
    Unit, Visitor, open, read_source, written_day,
};
use jiff::{civil::Date, tz::TimeZone};

use super::{
    runs::{Room, Run, Runs},
    walk::{Found, Input},
};
use crate::platform;

/// Samples of records that were not understood, kept per file.
const SAMPLES: usize = 5;
/// Files of which samples are kept, those with the most such records: an archive may hold a million files.
const SAMPLED: usize = 200;

/// What the user chose.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) threads: usize,
    /// Bytes for runs in memory.
    pub(crate) memory: usize,
    pub(crate) temp: PathBuf,
    pub(crate) year: Option<i16>,
    /// Zones by prefix of the relative path.
    pub(crate) zones: Vec<(String, TimeZone)>,
    /// Formats forced, by glob of the relative path.
    pub(crate) forced: Vec<(&'static str, String)>,
}

impl Settings {
    /// The zones that a context states; an unknown one is an error.
    pub(crate) fn zones(context: &Context) -> anyhow::Result<Vec<(String, TimeZone)>> {
        let zones = context.log_timezones.iter().map(|it| {
            let zone = TimeZone::get(&it.timezone).map_err(|_| {
                anyhow!(
                    "context: log_timezones: `{}` is no IANA time zone such as Europe/Berlin",
                    it.timezone
                )
            })?;
            Ok((it.path.clone(), zone))
        });
        zones.collect()
    }
}

/// What became of one source: a file, or a member of an archive.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileReport {
    pub(crate) name: String,
    pub(crate) stats: SourceStats,
    /// Why it could not be read, wholly or in part.
    pub(crate) errors: Vec<String>,
    /// Records that nothing understood: line, text, why.
    pub(crate) samples: Vec<(u64, String, String)>,
}

impl FileReport {
    /// Records that nothing understood.
    pub(crate) fn unread(&self) -> u64 {
        let rejected: u64 = self.stats.formats.iter().map(|it| it.1.rejected).sum();
        self.stats.unclaimed + rejected
    }
}

/// All that was read.
#[derive(Debug)]
pub(crate) struct Ingested {
    pub(crate) runs: Vec<Run>,
    pub(crate) names: NameBook,
    /// In the order in which workers met them; events name them by index.
    pub(crate) files: Vec<FileReport>,
    /// Place of each file in the order of names.
    pub(crate) ranks: Vec<u32>,
}

/// What the workers share.
struct Shared<'a> {
    settings: &'a Settings,
    inputs: &'a [Input],
    next: AtomicUsize,
    files: Mutex<Vec<FileReport>>,
    /// Files of which samples are kept, by records not understood, then by name.
    ranked: Mutex<BTreeSet<(Reverse<u64>, String, u32)>>,
    room: Room,
    progress: &'a (dyn Fn(u64) + Sync),
}

/// Reads all inputs; `progress` hears of the bytes read.
pub(crate) fn ingest(
    found: &Found,
    settings: &Settings,
    progress: &(dyn Fn(u64) + Sync),
) -> anyhow::Result<Ingested> {
    let shared = Shared {
        settings,
        inputs: &found.inputs,
        next: AtomicUsize::new(0),
        files: Mutex::new(Vec::new()),
        ranked: Mutex::new(BTreeSet::new()),
        room: Room::new(settings.memory),
        progress,
    };
    let workers = settings.threads.clamp(1, found.inputs.len().max(1));
    let batch_cap = (settings.memory / (workers + 1) / 2).clamp(1 << 20, 16 << 20);
    let results: Vec<anyhow::Result<(Vec<Run>, NameBook)>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|_| {
                scope.spawn({
                    let shared = &shared;
                    move || Worker::new(shared, batch_cap).work()
                })
            })
            .collect();
        handles
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| Err(anyhow!("a reader stopped unexpectedly"))))
            .collect()
    });
    let mut runs = Vec::new();
    let mut names = NameBook::default();
    for result in results {
        let (own, book) = result?;
        runs.extend(own);
        names.merge(book);
    }
    let files = shared.files.into_inner().map_err(|_| anyhow!("a reader stopped unexpectedly"))?;
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by(|a, b| name_of(&files, *a).cmp(name_of(&files, *b)));
    let mut ranks = vec![0; files.len()];
    for (rank, at) in order.into_iter().enumerate() {
        if let Some(slot) = ranks.get_mut(at) {
            *slot = u32::try_from(rank).unwrap_or(u32::MAX);
        }
    }
    Ok(Ingested { runs, names, files, ranks })
}

fn name_of(files: &[FileReport], at: usize) -> &str {
    files.get(at).map_or("", |it| &it.name)
}

impl Shared<'_> {
    /// Keeps the samples of a file that was read, and forgets those of the file that matters least if there are too many.
    fn keep(&self, file: u32, samples: Vec<(u64, String, String)>) {
        let (Ok(mut files), Ok(mut ranked)) = (self.files.lock(), self.ranked.lock()) else {
            return;
        };
        let Some(report) = files.get_mut(file as usize).filter(|_| !samples.is_empty()) else {
            return;
        };
        report.samples = samples;
        ranked.insert((Reverse(report.unread()), report.name.clone(), file));
        if SAMPLED < ranked.len()
            && let Some((_, _, least)) = ranked.pop_last()
            && let Some(report) = files.get_mut(least as usize)
        {
            report.samples = Vec::new();
        }
    }
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    batch_cap: usize,
    batch: Batch,
    runs: Runs<'a>,
    names: NameBook,
    /// Why nothing more can be kept: the temporary folder is full.
    failed: Option<anyhow::Error>,
    current: Option<(Input, Option<Date>)>,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>, batch_cap: usize) -> Self {
        Self {
            shared,
            batch_cap,
            batch: Batch::default(),
            runs: Runs::new(&shared.room, &shared.settings.temp),
            names: NameBook::default(),
            failed: None,
            current: None,
        }
    }

    fn work(mut self) -> anyhow::Result<(Vec<Run>, NameBook)> {
        loop {
            let at = self.shared.next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = self.shared.inputs.get(at) else { break };
            self.file(input);
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
        }
        self.flush();
        match self.failed {
            Some(error) => Err(error),
            None => Ok((self.runs.finish(), self.names)),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the binary is where files are opened")]
    fn file(&mut self, input: &Input) {
        let name = input.path.display().to_string();
        if input.path == Path::new("-") {
            self.current = Some((input.clone(), None));
            open(&name, Opening::Stream(&mut io::stdin()), &Limits::default(), self);
            return;
        }
        match File::open(&input.path) {
            Ok(mut file) => {
                let written = file.metadata().and_then(|it| it.modified()).ok().and_then(day_of);
                self.current = Some((input.clone(), written));
                open(&name, Opening::File(&mut file), &Limits::default(), self);
            }
            Err(error) => {
                self.report(FileReport {
                    name,
                    errors: vec![error.to_string()],
                    ..FileReport::default()
                });
            }
        }
    }

    fn report(&self, report: FileReport) -> u32 {
        let Ok(mut files) = self.shared.files.lock() else { return u32::MAX };
        files.push(report);
        u32::try_from(files.len() - 1).unwrap_or(u32::MAX)
    }

    fn flush(&mut self) {
        if self.batch.is_empty() || self.failed.is_some() {
            return;
        }
        if let Err(error) = self.runs.add(&mut self.batch) {
            self.failed = Some(error);
        }
    }
}

impl Visitor for Worker<'_> {
    fn source(&mut self, opened: Opened<'_>) {
        let Some((input, written)) = self.current.clone() else { return };
        let settings = self.shared.settings;
        let inside = opened.name.split_once('!').map_or(String::new(), |(_, it)| format!("!{it}"));
        let relative = format!("{}{inside}", input.relative);
        let zone = settings
            .zones
            .iter()
            .filter(|it| relative.starts_with(&it.0))
            .max_by_key(|it| it.0.len());
        let info = SourceInfo {
            written: written_day(&relative, opened.written, settings.year, written),
            zone: zone.map(|it| it.1.clone()),
            forced: settings.forced.iter().find(|it| matches(&it.1, &relative)).map(|it| it.0),
        };
        let file =
            self.report(FileReport { name: opened.name.to_owned(), ..FileReport::default() });
        let mut collector = Collector { worker: self, file, samples: Vec::new() };
        let (stats, result) = read_source(opened.reader, &info, &mut collector);
        let samples = collector.samples;
        (self.shared.progress)(stats.bytes);
        if let Ok(mut files) = self.shared.files.lock()
            && let Some(report) = files.get_mut(file as usize)
        {
            report.stats = stats;
            // What went wrong with packed data is told by `failed`, with its cause.
            if let Err(error) = result
                && report.errors.is_empty()
            {
                report.errors.push(error.to_string());
            }
        }
        self.shared.keep(file, samples);
    }

    fn failed(&mut self, name: &str, error: OpenError) {
        if !error.is_loss() {
            return;
        }
        let text = match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        };
        if let Ok(mut files) = self.shared.files.lock()
            && let Some(report) = files.iter_mut().rev().find(|it| it.name == name)
        {
            report.errors = vec![text];
            return;
        }
        self.report(FileReport {
            name: name.to_owned(),
            errors: vec![text],
            ..FileReport::default()
        });
    }

    fn scratch(&mut self) -> io::Result<Box<dyn Scratch>> {
        let (file, path) = platform::create_temporary(&self.shared.settings.temp)?;
        // On systems that allow it the file has no name from here on; elsewhere it goes with the temporary folder.
        drop(std::fs::remove_file(&path));
        Ok(Box::new(file))
    }
}

/// Takes the events of one source.
struct Collector<'w, 'a> {
    worker: &'w mut Worker<'a>,
    file: u32,
    samples: Vec<(u64, String, String)>,
}

impl Sink for Collector<'_, '_> {
    fn event(&mut self, event: &Event<'_>, id: u128, line: u64, unit: Unit) {
        self.worker.names.learn(event);
        self.worker.batch.push(
            event,
            id,
            Origin { file: self.file, line, is_record: unit == Unit::Record },
        );
        if self.worker.batch_cap <= self.worker.batch.size() {
            self.worker.flush();
        }
    }

    fn unparsed(
        &mut self,
        line: u64,
        text: &str,
        format: Option<&'static str>,
        why: Option<&Reject>,
    ) {
        if self.samples.len() < SAMPLES {
            let why = match (format, why) {
                (Some(format), Some(why)) => format!("{format}: {why}"),
                _ => "no format understands it".to_owned(),
            };
            self.samples.push((line, text.chars().take(300).collect(), why));
        }
    }
}

fn day_of(time: std::time::SystemTime) -> Option<Date> {
    let time = jiff::Timestamp::try_from(time).ok()?;
    Some(TimeZone::UTC.to_datetime(time).date())
}

/// Whether `name` matches a glob with `*` and `?`.
fn matches(glob: &str, name: &str) -> bool {
    let (glob, name): (Vec<char>, Vec<char>) = (glob.chars().collect(), name.chars().collect());
    let (mut at, mut from, mut star) = (0, 0, None);
    while from < name.len() {
        let here = glob.get(at);
        if here == Some(&'*') {
            star = Some((at, from));
            at += 1;
        } else if here == Some(&'?') || here.is_some() && here == name.get(from) {
            at += 1;
            from += 1;
        } else if let Some((back, begun)) = star {
            star = Some((back, begun + 1));
            at = back + 1;
            from = begun + 1;
        } else {
            return false;
        }
    }
    glob.get(at..).unwrap_or_default().iter().all(|it| *it == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_names() {
        for (glob, name, expected) in [
            ("*.log", "a/b.log", true),
            ("*.log", "b.log.gz", false),
            ("a?c*", "abcdef", true),
            ("*", "", true),
            ("a", "b", false),
        ] {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
    }
}
