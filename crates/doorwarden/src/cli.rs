//! Arguments: what can be asked for, each with an example.

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode, str::FromStr};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use doorwarden_model::Severity;
use jiff::tz::TimeZone;

use crate::{
    evaluate::{self, EvaluateCommand},
    explain::{self, ExplainCommand},
    geo, ingest,
    init::{self, InitCommand},
    manual::{self, CompletionsCommand, ManCommand},
    output::{style::Style, terminal},
    parse::{self, ParseCommand},
    scan,
    simulate::{self, SimulateCommand},
    sources::{self, SourcesCommand},
};

#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Start here:  doorwarden scan FOLDER --out REPORT\nthen open REPORT/report.html in a browser."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read logs, stitch sessions, explain incidents.
    #[command(
        after_help = "Example:  doorwarden scan /var/log --out report --context context.toml"
    )]
    Scan(Box<ScanArguments>),
    /// Print one normalised event a line for each record that states something.
    Parse(ParseCommand),
    /// Tell what a detector looks for, or one incident in full.
    Explain(ExplainCommand),
    /// Compare what a scan found with what `simulate` planted.
    Evaluate(EvaluateCommand),
    /// List the log formats that are read, and check how much is understood of some files.
    Sources(SourcesCommand),
    /// Write a context and a configuration with what is learnt from logs.
    Init(Box<InitCommand>),
    /// Write an invented organisation's logs with attacks hidden in them, and the truth beside them.
    Simulate(SimulateCommand),
    /// Print the completions of a shell.
    Completions(CompletionsCommand),
    /// Print the manual page, or write all of them.
    Man(ManCommand),
    /// Tell where addresses are, and what is loaded to tell it.
    Geo(geo::command::GeoCommand),
}

/// What `scan` takes.
#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// Files and folders of logs, packed or not; `-` is standard input. Example: `/var/log vpn.tar.gz`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Folder to write report.html, incidents.jsonl, sessions.jsonl, events.parquet and summary.json into. Example: `--out report`
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// What you know of the organisation (TOML or JSON; `doorwarden init` writes one). Example: `--context context.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) context: Option<PathBuf>,
    /// Settings of detectors and what is expected. Example: `--config doorwarden.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// What an earlier scan learnt of the organisation as a whole, never of a person: its prior.json. Example: `--prior report/prior.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) prior: Option<PathBuf>,
    /// False incidents of medium and above that are acceptable, per 10,000 people and day; it never bounds how many true ones are shown. Example: `--budget 1`
    #[arg(long, value_name = "N", default_value_t = 5.0, value_parser = budget)]
    pub(crate) budget: f64,
    /// Report only incidents of at least this severity. Example: `--severity high`
    #[arg(long, value_parser = severity)]
    pub(crate) severity: Option<Severity>,
    /// Report only what went on at or after this day or moment (UTC). Example: `--since 2026-01-31`
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,
    /// Report only what began before this day or moment (UTC). Example: `--until 2026-02-28T12:00:00Z`
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// Report only incidents of this person. Example: `--user ana`
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Print the incidents as JSON Lines instead of a table. Example: `--json | jq .title`
    #[arg(long)]
    pub(crate) json: bool,
    /// Read files that match GLOB with one format only. Example: `--as openssh='*.txt'`
    #[arg(long = "as", value_name = "FORMAT=GLOB")]
    pub(crate) forced: Vec<String>,
    /// Year of stamps that state none, where neither record nor file name tells. Example: `--year 2025`
    #[arg(long)]
    pub(crate) year: Option<i16>,
    /// Exit with code 3 where there is an incident of at least this severity. Example: `--fail-on high`
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) fail_on: Option<Severity>,
    #[command(flatten)]
    pub(crate) geo: geo::GeoArguments,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What several commands take.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Workers; the output is the same for any number. Example: `--threads 1`
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Print nothing but errors. Example: `--quiet`
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Colours: never where the output is no terminal or `NO_COLOR` is set. Example: `--color never`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// Bound on the resident memory of the process; above it, events wait on disk. Example: `--max-memory 2GiB`
    #[arg(long, value_name = "SIZE", default_value = "768MiB")]
    pub(crate) max_memory: Size,
    /// Folder for temporary files. Example: `--temp /var/tmp`
    #[arg(long, value_name = "DIR")]
    pub(crate) temp: Option<PathBuf>,
}

impl Common {
    /// How files are read.
    pub(crate) fn ingest(
        &self,
        year: Option<i16>,
        zones: Vec<(String, TimeZone)>,
        forced: Vec<(&'static str, String)>,
    ) -> ingest::Settings {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        ingest::Settings {
            threads: self.threads.unwrap_or_else(cores),
            memory: usize::try_from(self.max_memory.for_runs()).unwrap_or(usize::MAX),
            temp: self.temp.clone().unwrap_or_else(std::env::temp_dir),
            year,
            zones,
            forced,
        }
    }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// How text on standard output is set off.
    pub(crate) fn style(self) -> Style {
        if self.is_on() { Style::colored() } else { Style::plain() }
    }

    /// Whether standard output gets colours.
    #[expect(clippy::disallowed_methods, reason = "the binary is where the environment is read")]
    fn is_on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                std::io::stdout().is_terminal()
                    && std::env::var("NO_COLOR").map_or(true, |it| it.is_empty())
            }
        }
    }
}

/// A number of bytes, written as `768MiB`, `2G` or `1000000`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size(pub(crate) u64);

/// Bytes that the tables, the page and the columns take at most: 228 MiB were measured on a million junk names and
/// addresses, with room for 20 MiB of events.
const LEAST_MEMORY: u64 = 256 << 20;
/// Accounts that are remembered in any case; most logs of one organisation hold fewer.
const LEAST_ACCOUNTS: u64 = 32_768;
/// Bytes that an account takes in all tables together.
const PER_ACCOUNT: u64 = 800;

impl Size {
    /// Bytes for events that wait in memory: two fifths of what is above the least; two are for accounts, and one is
    /// the allocator's.
    fn for_runs(self) -> u64 {
        (self.above() / 5 * 2).max(LEAST_MEMORY / 13)
    }

    /// Accounts that are remembered.
    pub(crate) fn for_accounts(self) -> usize {
        let most = (self.above() / 5 * 2 / PER_ACCOUNT).clamp(LEAST_ACCOUNTS, 1 << 20);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    const fn above(self) -> u64 {
        self.0 - LEAST_MEMORY
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|it: char| !it.is_ascii_digit());
        let factor =
            match text.get(digits.len()..).unwrap_or_default().trim().to_ascii_lowercase().as_str()
            {
                "" | "b" => 1,
                "k" | "kb" | "kib" => 1 << 10,
                "m" | "mb" | "mib" => 1 << 20,
                "g" | "gb" | "gib" => 1 << 30,
                _ => return Err("expected a size such as 768MiB or 2GiB".to_owned()),
            };
        let number: u64 =
            digits.parse().map_err(|_| "expected a size such as 768MiB or 2GiB".to_owned())?;
        let bytes = number.checked_mul(factor).ok_or("too large")?;
        if bytes < LEAST_MEMORY {
            return Err("at least 256MiB are needed: the tables have a fixed size".to_owned());
        }
        Ok(Self(bytes))
    }
}

fn severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(|()| "expected low, medium, high or critical".to_owned())
}

fn budget(text: &str) -> Result<f64, String> {
    let budget: f64 = text.parse().map_err(|_| "expected a number such as 5 or 0.5".to_owned())?;
    if (0.01..=1_000.0).contains(&budget) {
        Ok(budget)
    } else {
        Err("expected a number from 0.01 to 1000".to_owned())
    }
}

/// The first thing that one sees.
const WELCOME: &str = "\
Doorwarden reads the logs of your remote-access services and tells which sign-ins are not their owner's.
It only reads: it changes nothing, and nothing leaves this machine.

  Look:      doorwarden scan /var/log --out report
             then open report/report.html in a browser
  Teach it:  doorwarden init /var/log --out .
             check context.toml, then scan with --context context.toml
  Ask it:    doorwarden explain               what it looks for, and one incident in full
             doorwarden sources               which logs it reads, and how to switch them on

`doorwarden help` shows everything.";

/// Reads the arguments and does what they ask.
pub(crate) fn run() -> ExitCode {
    let Some(command) = Arguments::parse().command else {
        terminal::line(WELCOME);
        return ExitCode::SUCCESS;
    };
    let code = answer(command);
    if terminal::has_failed() { ExitCode::from(1) } else { code }
}

fn answer(command: Command) -> ExitCode {
    match command {
        Command::Scan(arguments) => scan::run(&arguments),
        Command::Parse(command) => parse::run(&command),
        Command::Explain(command) => explain::run(&command),
        Command::Evaluate(command) => evaluate::run(&command),
        Command::Sources(command) => sources::run(&command),
        Command::Init(command) => init::run(&command),
        Command::Simulate(command) => simulate::run(&command),
        Command::Completions(command) => manual::completions(&command),
        Command::Man(command) => manual::pages(&command),
        Command::Geo(command) => geo::command::run(&command),
    }
}

/// All arguments, for completions and manual pages.
pub(crate) fn command() -> clap::Command {
    Arguments::command()
}

/// What `doorwarden scan` with `arguments` is asked, for tests.
#[cfg(test)]
pub(crate) fn scan_arguments(arguments: &[&str]) -> ScanArguments {
    let arguments = ["doorwarden", "scan"].iter().chain(arguments);
    match Arguments::parse_from(arguments).command {
        Some(Command::Scan(arguments)) => *arguments,
        _ => unreachable!("it is a scan"),
    }
}

#[cfg(test)]
mod tests;
