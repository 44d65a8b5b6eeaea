//! The scan itself: read, merge, judge, write.

use std::{io::Write as _, path::Path};

use anyhow::Context as _;
use doorwarden_engine::{AccountKey, Engine, Item, NameBook, Output, Prior};
use doorwarden_model::{Batch, Incident, NetworkKind, Places, Session};
use doorwarden_store::{EventRow, EventWriter};

use super::{
    knowledge::Knowledge,
    overview::Overview,
    people::People,
    place_notes::PlaceNotes,
    settings::{Filter, Settings},
    writing::{OutFile, OutFolder},
};
use crate::{
    geo::Source,
    ingest::{self, FileReport, Merge},
    output::{incident_json, progress::Progress, session_json, summary_json},
    place_cache::PlaceCache,
    platform,
};

/// Events judged at a time.
const BATCH: usize = 256;

/// Sessions written at a time.
const SESSIONS: usize = 1_024;

/// All that a scan found.
#[derive(Debug)]
pub(crate) struct Scan {
    /// What the engine says.
    pub(crate) output: Output,
    /// Files, in the order of their names.
    pub(crate) files: Vec<FileReport>,
    /// Files by the number that origins name.
    pub(crate) names: Vec<String>,
    /// What a folder held beside logs.
    pub(crate) skipped: Vec<(String, &'static str)>,
    /// Paths that could not be read at all.
    pub(crate) errors: Vec<(String, String)>,
    pub(crate) overview: Overview,
    /// Where the addresses of incidents are.
    pub(crate) places: PlaceNotes,
    /// Those whom incidents name.
    pub(crate) people: People,
    /// Events that were copies of others.
    pub(crate) copies: u64,
    pub(crate) events: u64,
    pub(crate) sessions: u64,
    pub(crate) explained_sessions: u64,
    /// `[[expected]]` entries that expired or never matched.
    pub(crate) stale_expected: Vec<String>,
    /// Where places are from.
    pub(crate) geo: Vec<Source>,
    /// Kinds of network that nothing loaded can tell.
    pub(crate) blind_kinds: Vec<NetworkKind>,
    /// Why the folder of outputs was not written; all else was done.
    pub(crate) unwritten: Option<anyhow::Error>,
}

impl Scan {
    /// Whether something could not be read.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.files.iter().any(|it| !it.errors.is_empty())
    }

    /// The file that an origin names.
    pub(crate) fn file(&self, file: u32) -> &str {
        self.names.get(file as usize).map_or("", |it| it)
    }

    /// The incidents that are asked for.
    pub(crate) fn shown<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = &'a Incident> {
        self.output.incidents.iter().filter(|it| !it.expected && filter.shows(it))
    }
}

impl Filter {
    /// Whether anything is left out by wish.
    pub(crate) fn is_active(&self) -> bool {
        self.severity.is_some()
            || self.since.is_some()
            || self.until.is_some()
            || self.user.is_some()
    }

    /// Whether an incident is asked for.
    pub(crate) fn shows(&self, incident: &Incident) -> bool {
        let first = incident.signals.iter().map(|it| it.since).min();
        let last = incident.signals.iter().map(|it| it.time).max();
        let is_of = |name: &String| {
            let bare = |it: &str| {
                it.rsplit('\\').next().unwrap_or(it).split('@').next().unwrap_or(it).to_lowercase()
            };
            let wanted = bare(name);
            incident.signals.iter().any(|it| {
                it.account.as_deref().is_some_and(|it| bare(it) == wanted)
                    || it.users.iter().any(|it| bare(it) == wanted)
            })
        };
        self.severity.is_none_or(|it| it <= incident.severity())
            && self.since.is_none_or(|it| last.is_some_and(|last| it <= last))
            && self.until.is_none_or(|it| first.is_some_and(|first| first < it))
            && self.user.as_ref().is_none_or(is_of)
    }
}

/// Where events and sessions go while they are judged.
struct Writers {
    folder: OutFolder,
    events: EventWriter<OutFile>,
    sessions: OutFile,
}

/// The files of a scan, if any are asked for: given up where one cannot be written, while the scan goes on.
struct Outputs {
    writers: Option<Writers>,
    failed: Option<anyhow::Error>,
}

impl Outputs {
    fn start(folder: Option<&Path>) -> anyhow::Result<Self> {
        Ok(Self { writers: folder.map(start).transpose()?, failed: None })
    }

    fn write(&mut self, what: impl FnOnce(&mut Writers) -> anyhow::Result<()>) {
        if let Some(writers) = &mut self.writers
            && let Err(error) = what(writers)
        {
            (self.writers, self.failed) = (None, Some(error));
        }
    }
}

/// Reads, judges and writes.
#[expect(clippy::disallowed_methods, reason = "how long it took is told in the summary")]
pub(crate) fn scan(settings: &Settings) -> anyhow::Result<Scan> {
    let began = std::time::Instant::now();
    let mut outputs = Outputs::start(settings.out.as_deref())?;
    let found = ingest::walk(&settings.paths, settings.out.as_deref(), &settings.others);
    let progress = if settings.is_quiet { Progress::hidden() } else { Progress::shown() };
    let mut ingested = ingest::ingest(&found, &settings.ingest, &|bytes| progress.add(bytes))?;
    let mut engine = engine(settings, &mut ingested.names)?;
    let names: Vec<String> = ingested.files.iter().map(|it| it.name.clone()).collect();
    let mut scan = Scan {
        output: Output::default(),
        files: ingested.files,
        skipped: found.skipped.iter().map(|it| (it.0.display().to_string(), it.1)).collect(),
        errors: found.errors.iter().map(|it| (it.0.display().to_string(), it.1.clone())).collect(),
        names,
        overview: Overview::default(),
        places: PlaceNotes::default(),
        people: People::default(),
        copies: 0,
        events: 0,
        sessions: 0,
        explained_sessions: 0,
        stale_expected: Vec::new(),
        geo: settings.geo.sources().to_vec(),
        blind_kinds: settings.geo.blind_kinds().collect(),
        unwritten: None,
    };
    scan.files.sort_by(|a, b| a.name.cmp(&b.name));
    let places: &dyn Places = &settings.geo;
    let merge =
        Merge::new(ingested.runs, ingested.ranks).context("cannot read the temporary file back")?;
    judge(merge, &mut engine, places, &mut scan, &mut outputs)?;
    progress.done();
    scan.places = PlaceNotes::gather(&scan.output.incidents, places);
    super::settings::apply_expected(&mut scan, &settings.config.expected, places);
    scan.people = People::gather(scan.shown(&settings.filter), &engine, &settings.geo);
    scan.unwritten = match outputs {
        Outputs { writers: Some(writers), .. } => {
            let knowledge = Knowledge::text(&ingested.names, &engine.usual())?;
            finish(writers, &scan, settings, began.elapsed(), &knowledge).err()
        }
        Outputs { failed, .. } => failed,
    };
    Ok(scan)
}

/// An engine that knows what the settings and the names in the logs tell.
fn engine(settings: &Settings, names: &mut NameBook) -> anyhow::Result<Engine> {
    if let Some(prior) = &settings.prior {
        names.merge(prior.names.clone());
    }
    let prior = Prior::new(names, &settings.context);
    let engine = Engine::new(prior, &settings.context, &settings.config.detectors, 1)?;
    let without = settings.config.profile.without.clone();
    let engine = engine.remembering(settings.accounts).weighing(settings.budget, without);
    Ok(match &settings.prior {
        Some(prior) => engine.knowing(prior.usual.clone()),
        None => engine,
    })
}

fn start(folder: &Path) -> anyhow::Result<Writers> {
    let folder = OutFolder::create(folder)?;
    let events = folder.start("events.parquet")?;
    let sessions = folder.start("sessions.jsonl")?;
    Ok(Writers { events: EventWriter::new(events)?, sessions, folder })
}

fn judge(
    mut merge: Merge,
    engine: &mut Engine,
    places: &dyn Places,
    scan: &mut Scan,
    outputs: &mut Outputs,
) -> anyhow::Result<()> {
    let mut batch = Batch::default();
    let mut done: Vec<Session> = Vec::new();
    let mut cache = PlaceCache::new(places);
    loop {
        merge.next(&mut batch, BATCH).context("cannot read the temporary file back")?;
        if batch.is_empty() {
            break;
        }
        let mut items = Engine::items(&batch, |ip| cache.place(ip));
        engine.observe(&mut items, places, &mut done);
        scan.events += items.len() as u64;
        for item in &items {
            scan.overview.add(item);
        }
        outputs.write(|it| write_events(it, scan, engine, &items));
        write_sessions(&mut done, scan, outputs);
    }
    scan.copies = merge.copies();
    scan.output = engine.finish(places, &mut done);
    write_sessions(&mut done, scan, outputs);
    scan.overview.settle();
    Ok(())
}

fn write_events(
    writers: &mut Writers,
    scan: &Scan,
    engine: &Engine,
    items: &[Item<'_>],
) -> anyhow::Result<()> {
    let rows: Vec<EventRow<'_>> = items
        .iter()
        .map(|item| EventRow {
            file: scan.file(item.origin.file),
            origin: item.origin,
            event: &item.event,
            account: item.facts.account.map(|it| it.0),
            place: &item.place,
        })
        .collect();
    let written = writers.events.push(&rows, |it| engine.account_name(AccountKey(it)));
    written.with_context(|| writers.folder.cannot("events.parquet"))
}

fn write_sessions(done: &mut Vec<Session>, scan: &mut Scan, outputs: &mut Outputs) {
    scan.sessions += done.len() as u64;
    for session in done.iter() {
        scan.overview.session(session);
    }
    scan.explained_sessions += done.iter().filter(|it| it.explained_by.is_some()).count() as u64;
    outputs.write(|it| {
        let mut lines = Vec::new();
        for some in done.chunks(SESSIONS) {
            for session in some {
                session_json::write(&mut lines, session, scan);
            }
            it.sessions.write_all(&lines).with_context(|| it.folder.cannot("sessions.jsonl"))?;
            lines.clear();
        }
        Ok(())
    });
    done.clear();
    done.shrink_to(SESSIONS);
}

fn finish(
    writers: Writers,
    scan: &Scan,
    settings: &Settings,
    elapsed: std::time::Duration,
    knowledge: &[u8],
) -> anyhow::Result<()> {
    let Writers { mut folder, events, sessions } = writers;
    let events = events.finish().with_context(|| folder.cannot("events.parquet"))?;
    folder.done(events)?;
    let written = sessions.hidden().to_path_buf();
    folder.done(sessions)?;
    let mut incidents = folder.start("incidents.jsonl")?;
    for incident in scan.shown(&settings.filter) {
        writeln!(incidents, "{}", incident_json::line(incident, scan))
            .with_context(|| folder.cannot("incidents.jsonl"))?;
    }
    folder.done(incidents)?;
    folder.write("report.html", crate::output::html::page(scan, settings, &written)?.as_bytes())?;
    folder.write("prior.json", knowledge)?;
    let run = summary_json::Run {
        seconds: elapsed.as_secs_f64(),
        usage: platform::usage(),
        threads: settings.ingest.threads,
    };
    let mut summary = folder.start("summary.json")?;
    summary_json::write(&mut summary, scan, &run).with_context(|| folder.cannot("summary.json"))?;
    folder.done(summary)?;
    folder.commit()
}
