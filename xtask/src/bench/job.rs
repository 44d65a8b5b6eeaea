//! One command, run and measured: processor seconds of the whole process, and its largest resident memory.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::workspace::say;

/// A command, and how many bytes it reads.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) words: Vec<OsString>,
    pub(crate) bytes: u64,
}

impl Job {
    /// `program` with `words`, reading `input`.
    pub(crate) fn new(program: &Path, words: &[&str], input: &Path) -> anyhow::Result<Self> {
        let size = std::fs::metadata(input)
            .with_context(|| format!("cannot read `{}`", input.display()))?;
        let own = words.iter().map(OsString::from);
        let words = std::iter::once(program.into()).chain(own).collect();
        Ok(Self { words, bytes: if size.is_file() { size.len() } else { 0 } })
    }

    /// Runs it once.
    pub(crate) fn run(&self) -> anyhow::Result<Used> {
        // A process of its own for each: the system keeps only the largest memory of all that one has started.
        let own = std::env::current_exe().context("cannot find this program")?;
        let mut command = Command::new(own);
        command.arg("measure").arg("--").args(&self.words).stderr(Stdio::inherit());
        let output = command.output().context("cannot start this program")?;
        ensure!(output.status.success(), "{:?} failed", self.words);
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// What a command used.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Used {
    /// Processor seconds, in the program and in the system for it.
    pub(crate) seconds: f64,
    /// Largest resident memory in bytes.
    pub(crate) memory: u64,
}

/// What `measure` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct MeasureOptions {
    /// The command.
    #[arg(required = true, last = true)]
    words: Vec<PathBuf>,
}

/// Runs the command without its output, and prints what it used.
pub(crate) fn measure(options: &MeasureOptions) -> anyhow::Result<()> {
    let (program, words) = options.words.split_first().context("no command")?;
    let mut command = Command::new(program);
    let status =
        command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status =
        status.status().with_context(|| format!("cannot start `{}`", program.display()))?;
    ensure!(status.code().is_some_and(|it| it <= 1), "`{}`: {status}", program.display());
    say(serde_json::to_string(&used()?)?);
    Ok(())
}

/// What the command that just ended used, by the system's own account.
#[cfg(unix)]
fn used() -> anyhow::Result<Used> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeVal,
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |it: TimeVal| {
        std::time::Duration::new(u64::try_from(it.tv_sec()).unwrap_or(0), 0).as_secs_f64()
            + f64::from(i32::try_from(it.tv_usec()).unwrap_or(0)) / 1e6
    };
    Ok(Used {
        seconds: seconds(usage.user_time()) + seconds(usage.system_time()),
        memory: u64::try_from(usage.max_rss())? * 1024,
    })
}

#[cfg(not(unix))]
fn used() -> anyhow::Result<Used> {
    anyhow::bail!("only Unix tells what a process used")
}
