//! `doorwarden init`: reads logs once and writes a context and a configuration with what was learnt as comments.

mod learnt;
mod pages;

use std::{
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use doorwarden_model::{Batch, Context};

use self::learnt::Learnt;
use crate::{
    cli::Common,
    geo::{Geo, GeoArguments},
    ingest::{self, Merge},
    output::{progress::Progress, terminal, words::counted},
    platform,
};

/// Events looked at a time.
const BATCH: usize = 1_024;

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:  doorwarden init /var/log --out .

Then check context.toml, take away the # of what is right, and use both files:
  doorwarden scan /var/log --context context.toml --config doorwarden.toml --out report")]
pub(crate) struct InitCommand {
    /// Files and folders of logs, packed or not. Example: `/var/log`
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder to write context.toml and doorwarden.toml into; files that are there stay as they are. Example: `--out .`
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Reads, learns, writes.
pub(crate) fn run(command: &InitCommand) -> ExitCode {
    match init(command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(1)
        }
    }
}

/// Says whether everything was read and written.
fn init(command: &InitCommand) -> anyhow::Result<bool> {
    let own = command.out.join("doorwarden.toml");
    let found = ingest::walk(&command.paths, None, &[own]);
    let progress = if command.common.quiet { Progress::hidden() } else { Progress::shown() };
    let settings = command.common.ingest(None, Vec::new(), Vec::new());
    let ingested = ingest::ingest(&found, &settings, &|bytes| progress.add(bytes))?;
    let broken = ingested.files.iter().any(|it| !it.errors.is_empty());
    let mut merge =
        Merge::new(ingested.runs, ingested.ranks).context("cannot read the temporary file back")?;
    let geo = Geo::load(&GeoArguments::default(), &Context::default())?;
    let mut learnt = Learnt::default();
    let mut batch = Batch::default();
    loop {
        merge.next(&mut batch, BATCH).context("cannot read the temporary file back")?;
        if batch.is_empty() {
            break;
        }
        for event in (0..batch.rows().len()).filter_map(|at| batch.event(at)) {
            learnt.add(&event);
        }
    }
    progress.done();
    std::fs::create_dir_all(&command.out)
        .with_context(|| format!("cannot make the folder `{}`", command.out.display()))?;
    let is_quiet = command.common.quiet;
    let mut is_complete = !broken && found.errors.is_empty();
    let context = ("context.toml", pages::context(&learnt, &geo));
    for (name, text) in [context, ("doorwarden.toml", pages::configuration())] {
        let path = command.out.join(name);
        let is_written = write(&path, &text)?;
        is_complete &= is_written;
        if is_written && !is_quiet {
            terminal::line(&format!("Wrote {}", path.display()));
        }
    }
    if !is_quiet {
        terminal::line(&format!(
            "Learnt from {} in {}. Check the files, and take away the # of what is right.",
            counted(learnt.events(), "event"),
            counted(ingested.files.len() as u64, "file")
        ));
    }
    for (path, why) in &found.errors {
        terminal::error(&anyhow::anyhow!("`{}`: {why}", path.display()));
    }
    Ok(is_complete)
}

/// Writes a file that is not there yet; says no where it is.
fn write(path: &Path, text: &str) -> anyhow::Result<bool> {
    let mut file = match platform::create_new_private(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            terminal::note(&format!("{} is there already: left as it is", path.display()));
            return Ok(false);
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot write `{}`", path.display()));
        }
    };
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(true)
}
