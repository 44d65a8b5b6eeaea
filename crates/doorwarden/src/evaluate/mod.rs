//! `doorwarden evaluate`: how many planted attacks a scan found, how many false incidents it made, and what its risk is worth.
//!
//! It compares two files and reads no log: the truth that `doorwarden simulate` writes, and the incidents of a scan.

mod budget;
mod calibration;
mod campaigns;
mod false_incidents;
mod figures;
mod incidents;
mod matching;
mod score;
mod table;
#[cfg(test)]
mod tests;
mod truth;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;

use self::{incidents::Incident, score::Score, truth::Truth};
use crate::{
    cli::Color,
    output::{json, terminal},
};

/// What `evaluate` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doorwarden evaluate --truth logs.truth.json --incidents report/incidents.jsonl
  doorwarden evaluate --truth a.truth.json --incidents a/incidents.jsonl --truth b.truth.json --incidents b/incidents.jsonl --json")]
pub(crate) struct EvaluateCommand {
    /// What `doorwarden simulate` planted; several are pooled, each with its incidents. Example: `--truth logs.truth.json`
    #[arg(long, required = true, value_name = "FILE")]
    truth: Vec<PathBuf>,
    /// What a scan of those logs found, in the order of the truths. Example: `--incidents report/incidents.jsonl`
    #[arg(long, required = true, value_name = "FILE")]
    incidents: Vec<PathBuf>,
    /// Count false incidents only behind so many days, in which a scan learns. Example: `--learning-days 14`
    #[arg(long, value_name = "N", default_value_t = 0)]
    learning_days: u32,
    /// Print one JSON object instead of tables. Example: `--json | jq .recall`
    #[arg(long)]
    json: bool,
    /// Colours: never where the output is no terminal or `NO_COLOR` is set. Example: `--color never`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

/// One simulated organisation with what a scan found in it.
#[derive(Debug)]
struct Run {
    truth: Truth,
    /// Highest risk first, as a scan writes them.
    incidents: Vec<Incident>,
    /// Days at the beginning in which false incidents are not counted.
    learning_days: u32,
}

/// Evaluates.
pub(crate) fn run(command: &EvaluateCommand) -> ExitCode {
    if command.truth.len() != command.incidents.len() {
        terminal::error(&anyhow::anyhow!(
            "{} times --truth, but {} times --incidents: each truth needs the incidents of its scan",
            command.truth.len(),
            command.incidents.len()
        ));
        return ExitCode::from(2);
    }
    let pairs = command.truth.iter().zip(&command.incidents);
    let runs: anyhow::Result<Vec<Run>> =
        pairs.map(|(truth, incidents)| read(truth, incidents, command.learning_days)).collect();
    match runs {
        Ok(runs) => {
            print(&Score::of(&runs), command);
            ExitCode::SUCCESS
        }
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(1)
        }
    }
}

fn print(score: &Score, command: &EvaluateCommand) {
    if command.json {
        terminal::line(&json::text(score));
    } else {
        terminal::lines(table::of(score, command.color.style()));
    }
}

fn read(truth: &Path, incidents: &Path, learning_days: u32) -> anyhow::Result<Run> {
    let truth = Truth::read(&text(truth)?)
        .with_context(|| format!("`{}` is no truth of `doorwarden simulate`", truth.display()))?;
    anyhow::ensure!(
        learning_days < truth.days,
        "no day is left behind {learning_days} days of learning: the logs hold {}",
        truth.days
    );
    let incidents = incidents::read(&text(incidents)?)
        .with_context(|| format!("`{}` is no incidents.jsonl of a scan", incidents.display()))?;
    Ok(Run { truth, incidents, learning_days })
}

#[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
fn text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
