//! `doorwarden simulate`: writes an invented organisation's logs with attacks hidden in them, and the truth beside them.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::File,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::Args;
use doorwarden_simulate::{Config, Sink};

use crate::{output::terminal, platform};

/// What `simulate` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:  doorwarden simulate --seed 7 --out company
          doorwarden scan company --out report --context company/context.toml

The truth is in company.truth.json. A configuration, of which every key may be left out:
  people = 500
  days = 90
  start = \"2026-02-02\"
  instances = 6                       # campaigns of each kind
  campaigns = { C11 = 1, C19 = 0 }    # but of these
  hard = 0.5                          # share of hard variants
  context = \"full\"                    # or \"basic\", \"none\"
  [events]
  merger = [45]                       # days, counted from 0; [] is never")]
pub(crate) struct SimulateCommand {
    /// Where chance comes from: the same number and configuration give the same bytes. Example: `--seed 7`
    #[arg(long, value_name = "N")]
    seed: u64,
    /// Folder to write the logs and context.toml into; it must be empty or missing. Example: `--out company`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to simulate (TOML). Example: `--config company.toml`
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print nothing but errors. Example: `--quiet`
    #[arg(long)]
    quiet: bool,
}

/// Writes the logs.
pub(crate) fn run(command: &SimulateCommand) -> ExitCode {
    let (asked, config) = match configuration(command.config.as_deref()) {
        Ok(it) => it,
        Err(error) => {
            terminal::error(&error);
            return ExitCode::from(2);
        }
    };
    match simulate(command, &asked, &config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(1)
        }
    }
}

/// The configuration, and the text that it is from.
#[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
fn configuration(path: Option<&Path>) -> anyhow::Result<(String, Config)> {
    let Some(path) = path else { return Ok((String::new(), Config::default())) };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let config: Config =
        toml::from_str(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    config.check().with_context(|| format!("cannot use `{}`", path.display()))?;
    Ok((text, config))
}

fn simulate(command: &SimulateCommand, asked: &str, config: &Config) -> anyhow::Result<()> {
    let out = &command.out;
    if std::fs::read_dir(out).is_ok_and(|mut it| it.next().is_some()) {
        bail!("`{}` is not empty: name a new folder", out.display());
    }
    std::fs::create_dir_all(out)
        .with_context(|| format!("cannot make the folder `{}`", out.display()))?;
    let mut files = Files { out: out.clone(), open: BTreeMap::new(), bytes: 0, lines: 0, count: 0 };
    let written = doorwarden_simulate::simulate(command.seed, config, asked, &mut files)
        .with_context(|| format!("cannot write into `{}`", out.display()))?;
    files.finish().with_context(|| format!("cannot write into `{}`", out.display()))?;
    if let Some(context) = &written.context {
        save(&out.join("context.toml"), context)?;
    }
    let truth = beside(out, ".truth.json")?;
    save(&truth, &written.truth)?;
    if !command.quiet {
        let Files { bytes, lines, count, .. } = files;
        terminal::line(&format!(
            "Wrote {lines} lines ({bytes} bytes) into {count} files below {}; the truth is in {}",
            out.display(),
            truth.display()
        ));
    }
    Ok(())
}

/// A file beside a folder, with its name and `ending`.
fn beside(folder: &Path, ending: &str) -> anyhow::Result<PathBuf> {
    let whole = std::path::absolute(folder).context("cannot tell where the folder is")?;
    let Some(name) = whole.file_name() else { bail!("`{}` has no name", folder.display()) };
    let mut name: OsString = name.to_owned();
    name.push(ending);
    Ok(folder.with_file_name(name))
}

fn save(path: &Path, text: &str) -> anyhow::Result<()> {
    let save = || platform::create_private(path)?.write_all(text.as_bytes());
    save().with_context(|| format!("cannot write `{}`", path.display()))
}

/// The files that lines go to; those of the last weeks are open.
struct Files {
    out: PathBuf,
    open: BTreeMap<String, BufWriter<File>>,
    bytes: u64,
    lines: u64,
    count: u64,
}

/// More files are never open: there are twenty logs, each of one file a week.
const MOST_OPEN: usize = 64;

impl Files {
    fn finish(&mut self) -> io::Result<()> {
        self.open.values_mut().try_for_each(BufWriter::flush)
    }

    fn file(&mut self, path: &str) -> io::Result<&mut BufWriter<File>> {
        if MOST_OPEN <= self.open.len() {
            self.finish()?;
            self.open.clear();
        }
        if !self.open.contains_key(path) {
            let whole = self.out.join(path);
            if let Some(folder) = whole.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let file = if whole.exists() {
                File::options().append(true).open(&whole)?
            } else {
                self.count += 1;
                platform::create_new_private(&whole)?
            };
            self.open.insert(path.to_owned(), BufWriter::new(file));
        }
        self.open.get_mut(path).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Sink for Files {
    type Error = io::Error;

    fn append(&mut self, file: &str, lines: &str) -> io::Result<()> {
        self.bytes += lines.len() as u64;
        self.lines += memchr::memchr_iter(b'\n', lines.as_bytes()).count() as u64;
        self.file(file)?.write_all(lines.as_bytes())
    }
}

#[cfg(test)]
mod tests;
