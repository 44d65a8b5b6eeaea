//! The demo: three weeks of logs of an invented company, with attacks hidden in them, and the truth about both.
//!
//! Everything follows from a seed; no clock, no file and no network is asked.

mod attacks;
mod channel;
mod clock;
mod company;
mod context;
mod doors;
mod journal;
mod life;
mod places;
mod plan;
mod random;
#[cfg(test)]
mod tests;
mod truth;
mod world;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};

use self::world::World;

/// The seed of the committed demo.
const SEED: u64 = 1133;

/// What `demo` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Where chance comes from: the same number gives the same logs.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Folder that `logs`, `context.toml` and `logs.truth.json` are written into.
    #[arg(long, default_value = "demo")]
    out: PathBuf,
    /// Write nothing; fail where the folder differs from what would be written.
    #[arg(long)]
    check: bool,
}

/// Writes the demo, or checks it.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let files = build(options.seed)?;
    if options.check {
        return check(&options.out, &files);
    }
    let logs = options.out.join("logs");
    if logs.exists() {
        fs::remove_dir_all(&logs).with_context(|| format!("cannot clear `{}`", logs.display()))?;
    }
    let mut bytes = 0;
    for (path, content) in &files {
        bytes += content.len();
        write(&options.out.join(path), content)?;
    }
    tell(&format!("{}: {} files, {bytes} bytes", options.out.display(), files.len()));
    Ok(())
}

/// All files by their path.
fn build(seed: u64) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut world = World::new(seed);
    life::live(&mut world);
    attacks::attack(&mut world);
    let written = world.finish().render()?;
    let truth = truth::json(seed, &written.noted);
    let mut files: BTreeMap<String, Vec<u8>> =
        written.files.into_iter().map(|(path, it)| (format!("logs/{path}"), it)).collect();
    files.insert("context.toml".to_owned(), context::toml().into_bytes());
    files.insert("logs.truth.json".to_owned(), truth.into_bytes());
    Ok(files)
}

#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
fn check(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    for (path, content) in files {
        let path = out.join(path);
        let found = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        ensure!(found == *content, "`{}` differs: run `cargo xtask demo`", path.display());
    }
    tell(&format!("{}: {} files are as they should be", out.display(), files.len()));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a chore writes files")]
fn write(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write `{}`", path.display()))
}

#[expect(clippy::print_stdout, reason = "a chore tells what it did")]
fn tell(text: &str) {
    println!("{text}");
}
