//! `cargo xtask evaluate`: how much of what was planted into simulated logs is found, beside what others' rules would find.

mod agent;
mod baselines;
mod centroids;
mod findings;
mod runs;
mod sign_ins;
mod table;
#[cfg(test)]
mod tests;

use std::{ffi::OsString, path::PathBuf};

use anyhow::{Context as _, ensure};

use self::{
    baselines::{Kind, LEARNING_DAYS},
    centroids::Centroids,
    runs::{Method, Score, Seed},
    sign_ins::SignIns,
};
use crate::workspace::{self, say};

/// Kinds of evidence, each of which `--ablate` leaves out once.
const KINDS: [&str; 13] = [
    "where",
    "what",
    "when",
    "travel",
    "service",
    "method",
    "session",
    "certificate",
    "factor",
    "dormancy",
    "source",
    "account",
    "door",
];

/// What the page says of places, where the events name cities and where not: neither states positions.
const WITH_CITIES: &str = "The events name cities, but no positions: for B1 and B2 a sign-in is in the middle of its country.";
const WITHOUT_CITIES: &str =
    "The events name no cities: for B1 and B2 a sign-in is in the middle of its country.";

/// What `evaluate` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Seeds of the simulated organisations, whose results are pooled. Example: `--seeds 1,2,3`
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,2,3,4,5")]
    seeds: Vec<u64>,
    /// People of each organisation.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    people: u32,
    /// Days of logs.
    #[arg(long, value_name = "N", default_value_t = 60)]
    days: u32,
    /// The program to evaluate, built with optimisation.
    #[arg(long, value_name = "FILE", default_value = "target/release/doorwarden")]
    binary: PathBuf,
    /// Folder for logs and results.
    #[arg(long, value_name = "DIR", default_value = "target/evaluate")]
    data: PathBuf,
    /// Take logs that lie in the folder already, instead of simulating them again.
    #[arg(long)]
    reuse: bool,
    /// Add rows for scans with these configurations. Example: `--config strict.toml`
    #[arg(long, value_name = "FILE")]
    config: Vec<PathBuf>,
    /// Add a row for each kind of evidence, for scans without it.
    #[arg(long)]
    ablate: bool,
    /// Put the table into this file, between its lines `<!-- table -->` and `<!-- end -->`.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// Further arguments of every scan. Example: `-- --threads 2`
    #[arg(last = true)]
    scan: Vec<OsString>,
}

/// Simulates, scans, scores, and prints the table.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    ensure!(!options.seeds.is_empty(), "no seed");
    ensure!(LEARNING_DAYS < options.days, "at least {} days are needed", LEARNING_DAYS + 1);
    ensure!(
        options.binary.is_file(),
        "no program at `{}`: build it, or name one with --binary",
        options.binary.display()
    );
    let variants = variants(options)?;
    let seeds: Vec<Seed> = options
        .seeds
        .iter()
        .map(|it| Seed::simulated(*it, options))
        .collect::<anyhow::Result<_>>()?;
    let mut rows = vec![scored(options, &seeds, own(options, &seeds)?)?];
    for method in configured(options, &seeds, &variants)? {
        rows.push(scored(options, &seeds, method)?);
    }
    let (methods, places) = baselines(options, &seeds)?;
    for method in methods {
        rows.push(scored(options, &seeds, method)?);
    }
    let text = page(options, &seeds, &rows, places)?;
    if let Some(path) = &options.into {
        workspace::put_table(path, &text)?;
    }
    say(&text);
    Ok(())
}

fn scored(options: &Options, seeds: &[Seed], method: Method) -> anyhow::Result<(Method, Score)> {
    let score = runs::score(options, seeds, &method.incidents)?;
    Ok((method, score))
}

/// The program with its defaults.
fn own(options: &Options, seeds: &[Seed]) -> anyhow::Result<Method> {
    of_scans(options, seeds, "**Doorwarden**", "scan", &[])
}

fn of_scans(
    options: &Options,
    seeds: &[Seed],
    title: &str,
    folder: &str,
    more: &[OsString],
) -> anyhow::Result<Method> {
    let scan = |seed: &Seed| Ok(runs::incidents(&seed.scanned(folder, more, options)?));
    let incidents = seeds.iter().map(scan).collect::<anyhow::Result<_>>()?;
    Ok(Method { title: title.to_owned(), incidents, ships_threshold: true, has_grades: true })
}

/// A configuration to scan with besides the defaults.
#[derive(Debug)]
struct Variant {
    title: String,
    /// Name of the folder of its results.
    folder: String,
    config: PathBuf,
}

/// All configurations that were asked for. Each is tried on nothing first: none should fail behind hours of scans.
fn variants(options: &Options) -> anyhow::Result<Vec<Variant>> {
    let mut variants = Vec::new();
    for (nr, config) in options.config.iter().enumerate() {
        let name = config.file_stem().context("a configuration without a name")?.display();
        let (title, folder) = (format!("Doorwarden with {name}"), format!("scan-with-{nr}"));
        variants.push(Variant { title, folder, config: config.clone() });
    }
    for kind in KINDS.into_iter().filter(|_| options.ablate) {
        let config = options.data.join(format!("without-{kind}.toml"));
        workspace::write(&config, format!("[profile]\nwithout = [\"{kind}\"]\n"))?;
        let title = format!("Doorwarden without *{kind}*");
        variants.push(Variant { title, folder: format!("scan-without-{kind}"), config });
    }
    variants.iter().try_for_each(|it| runs::check(options, &it.config))?;
    Ok(variants)
}

/// The program with each of these configurations.
fn configured(
    options: &Options,
    seeds: &[Seed],
    variants: &[Variant],
) -> anyhow::Result<Vec<Method>> {
    let method = |it: &Variant| {
        let more = ["--config".into(), it.config.clone().into_os_string()];
        of_scans(options, seeds, &it.title, &it.folder, &more)
    };
    variants.iter().map(method).collect()
}

/// All baselines over the events that the scans read, and what these told of places.
fn baselines(options: &Options, seeds: &[Seed]) -> anyhow::Result<(Vec<Method>, &'static str)> {
    let empty = |it: &baselines::Baseline| Method {
        title: it.title.to_owned(),
        incidents: Vec::new(),
        ships_threshold: it.kind != Kind::Scored,
        has_grades: it.kind != Kind::Rule,
    };
    let mut methods: Vec<Method> = baselines::ALL.iter().map(empty).collect();
    let (centroids, mut has_cities) = (Centroids::new(), false);
    let people_days = u64::from(options.people) * u64::from(options.days - LEARNING_DAYS);
    for seed in seeds {
        let events = seed.path("scan").join("events.parquet");
        say(format_args!("judging {} by others' rules", events.display()));
        let all = SignIns::read(&events)?;
        has_cities |= all.has_cities;
        for (baseline, method) in baselines::ALL.iter().zip(&mut methods) {
            let path = seed.path(baseline.id).join("incidents.jsonl");
            let lines = findings::lines(baseline, &all, &centroids, people_days);
            workspace::write(&path, lines)?;
            method.incidents.push(path);
        }
    }
    Ok((methods, if has_cities { WITH_CITIES } else { WITHOUT_CITIES }))
}

/// What goes between the marks: the command, the table, and Doorwarden's own score in full.
fn page(
    options: &Options,
    seeds: &[Seed],
    rows: &[(Method, Score)],
    places: &str,
) -> anyhow::Result<String> {
    let Some((own, _)) = rows.first() else { return Ok(String::new()) };
    let full = runs::evaluated(options, seeds, &own.incidents, &[])?;
    Ok(format!(
        "Made by `{}`. The numbers behind @ and all false incidents are for 10,000 people and day. {places}\n\n{}\n\
         Doorwarden alone, in full:\n\n```text\n{}\n```\n",
        command(options),
        table::of(rows),
        full.trim_end()
    ))
}

/// The command that makes the same table.
fn command(options: &Options) -> String {
    let seeds: Vec<String> = options.seeds.iter().map(u64::to_string).collect();
    let mut text = format!(
        "cargo xtask evaluate --seeds {} --people {} --days {}",
        seeds.join(","),
        options.people,
        options.days
    );
    for config in &options.config {
        text.extend([" --config ", &config.display().to_string()]);
    }
    if options.ablate {
        text.push_str(" --ablate");
    }
    if !options.scan.is_empty() {
        text.push_str(" --");
    }
    for word in &options.scan {
        text.extend([" ", &word.display().to_string()]);
    }
    text
}
