//! Simulating, scanning and scoring: the program itself, started as people start it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use serde::Deserialize;

use super::Options;
use crate::workspace::{self, say};

/// One simulated organisation.
#[derive(Debug)]
pub(crate) struct Seed {
    folder: PathBuf,
}

/// A scan of each seed under one configuration, or a baseline over each.
#[derive(Debug)]
pub(crate) struct Method {
    /// How the table calls it.
    pub(crate) title: String,
    /// Incidents of each seed, in the order of seeds.
    pub(crate) incidents: Vec<PathBuf>,
    /// Whether what it tells without a budget is what it ships.
    pub(crate) ships_threshold: bool,
    /// Whether a higher score can be asked for.
    pub(crate) has_grades: bool,
}

/// What `doorwarden evaluate --json` says, as far as the table shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct Score {
    pub(crate) recall: Share,
    pub(crate) false_incidents: Rate,
    pub(crate) budgets: Vec<AtBudget>,
    pub(crate) costs: Vec<Cost>,
}

/// A share with its interval.
#[derive(Debug, Deserialize)]
pub(crate) struct Share {
    #[serde(rename = "share")]
    pub(crate) part: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// False incidents for 10,000 people and day.
#[derive(Debug, Deserialize)]
pub(crate) struct Rate {
    pub(crate) per_10000_people_and_day: f64,
}

/// What is found within a budget; nothing where there is no threshold for it.
#[derive(Debug, Deserialize)]
pub(crate) struct AtBudget {
    pub(crate) budget: f64,
    pub(crate) threshold: Option<f64>,
    pub(crate) recall: Share,
}

/// What finding a share of campaigns costs.
#[derive(Debug, Deserialize)]
pub(crate) struct Cost {
    pub(crate) recall: f64,
    pub(crate) per_10000_people_and_day: Option<f64>,
}

impl Seed {
    /// Simulates the organisation, unless its logs lie there and may be taken.
    #[expect(clippy::disallowed_methods, reason = "chores write files")]
    pub(crate) fn simulated(number: u64, options: &Options) -> anyhow::Result<Self> {
        let name = format!("{number}-{}x{}", options.people, options.days);
        let seed = Self { folder: options.data.join(name) };
        if options.reuse && seed.truth().is_file() {
            return Ok(seed);
        }
        say(format_args!("simulating seed {number}"));
        if seed.logs().exists() {
            std::fs::remove_dir_all(seed.logs())?;
        }
        std::fs::create_dir_all(&seed.folder)?;
        let mut command = Command::new(&options.binary);
        command.arg("simulate").args(["--seed", &number.to_string()]);
        let config = seed.folder.join("simulate.toml");
        std::fs::write(&config, format!("people = {}\ndays = {}\n", options.people, options.days))?;
        command.arg("--config").arg(config).arg("--quiet").arg("--out").arg(seed.logs());
        workspace::run(&mut command)?;
        ensure!(seed.truth().is_file(), "`{}` was not written", seed.truth().display());
        Ok(seed)
    }

    /// Scans its logs, and tells where the results lie. `name` is the folder's, `more` are further arguments.
    pub(crate) fn scanned(
        &self,
        name: &str,
        more: &[OsString],
        options: &Options,
    ) -> anyhow::Result<PathBuf> {
        let out = self.folder.join(name);
        say(format_args!("scanning {} into {}", self.logs().display(), out.display()));
        let mut command = Command::new(&options.binary);
        command.arg("scan").arg(self.logs()).arg("--out").arg(&out).arg("--quiet");
        let context = self.logs().join("context.toml");
        if context.is_file() {
            command.arg("--context").arg(context);
        }
        workspace::run(command.args(more).args(&options.scan))?;
        Ok(out)
    }

    fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// Where the truth lies: beside the logs, never among them.
    pub(crate) fn truth(&self) -> PathBuf {
        self.folder.join("logs.truth.json")
    }

    /// A file or folder of this seed.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Fails where the program does not take a configuration.
pub(crate) fn check(options: &Options, config: &Path) -> anyhow::Result<()> {
    let nothing = options.data.join("nothing");
    std::fs::create_dir_all(&nothing)?;
    let mut command = Command::new(&options.binary);
    command.arg("scan").arg(nothing).arg("--quiet").arg("--config").arg(config);
    workspace::run(&mut command)
}

/// Scores a method over all seeds.
pub(crate) fn score(
    options: &Options,
    seeds: &[Seed],
    incidents: &[PathBuf],
) -> anyhow::Result<Score> {
    let text = evaluated(options, seeds, incidents, &["--json"])?;
    serde_json::from_str(&text).context("`doorwarden evaluate --json` says something else")
}

/// What `doorwarden evaluate` prints about a method over all seeds.
pub(crate) fn evaluated(
    options: &Options,
    seeds: &[Seed],
    incidents: &[PathBuf],
    more: &[&str],
) -> anyhow::Result<String> {
    let mut command = Command::new(&options.binary);
    let days = super::baselines::LEARNING_DAYS.to_string();
    command.arg("evaluate").args(["--learning-days", &days, "--color", "never"]).args(more);
    for (seed, incidents) in seeds.iter().zip(incidents) {
        command.arg("--truth").arg(seed.truth()).arg("--incidents").arg(incidents);
    }
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The incidents of a scan's folder.
pub(crate) fn incidents(out: &Path) -> PathBuf {
    out.join("incidents.jsonl")
}
