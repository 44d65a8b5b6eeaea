//! `cargo xtask fuzz`: broken logs, made from all samples, against everything that reads logs.
//!
//! It needs no nightly compiler and no instrumentation: it knows what logs look like, which finds more in a minute than
//! random bytes do. The same seed breaks the same logs.

use std::{
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use doorwarden_model::Event;
use doorwarden_parse::{Reject, Sink, SourceInfo, Unit, read_source};

use crate::workspace::{self, say};

/// What `fuzz` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How long to go on.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Where the row of broken logs begins; another one breaks other logs.
    #[arg(long, default_value_t = 0x1133)]
    seed: u64,
    /// Read these files once instead, such as one that an earlier run kept.
    files: Vec<PathBuf>,
}

/// Longest that a broken log of at most [`LONGEST`] bytes may take, in a build that is not optimised.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longest broken log in bytes.
const LONGEST: usize = 1 << 20;

/// Breaks and reads until the time is over.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    for path in &options.files {
        read(&bytes_of(path)?)?;
        say(format_args!("{}: read", path.display()));
    }
    if !options.files.is_empty() {
        return Ok(());
    }
    let samples = samples()?;
    ensure!(!samples.is_empty(), "no samples found");
    let mut random = Random(options.seed | 1);
    let (started, mut count, mut bytes) = (now(), 0u64, 0usize);
    while started.elapsed() < Duration::from_secs(options.seconds) {
        let sample = random.of(&samples).cloned().unwrap_or_default();
        let log = broken(&sample, &samples, &mut random);
        if let Err(error) = read(&log) {
            let kept = workspace::root().join(format!("target/fuzz-{}-{count}", options.seed));
            workspace::write(&kept, &log)?;
            bail!("{error}; `cargo xtask fuzz {}` shows it again", kept.display());
        }
        count += 1;
        bytes += log.len();
    }
    say(format_args!(
        "{count} broken logs, {} MB, made from {} samples",
        bytes >> 20,
        samples.len()
    ));
    Ok(())
}

/// Reads one log as the program would.
fn read(log: &[u8]) -> anyhow::Result<()> {
    let started = now();
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        read_source(&mut &*log, &SourceInfo::default(), &mut Nobody).1
    }));
    match result {
        Ok(read) => read.context("it was not read to its end")?,
        Err(_) => bail!("it panicked"),
    }
    let took = started.elapsed();
    ensure!(took < PATIENCE, "{} bytes took {} s", log.len(), took.as_secs());
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a chore may ask what time it is")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
fn bytes_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Takes events and keeps none.
struct Nobody;

impl Sink for Nobody {
    fn event(&mut self, _: &Event<'_>, _: u128, _: u64, _: Unit) {}

    fn unparsed(&mut self, _: u64, _: &str, _: Option<&'static str>, _: Option<&Reject>) {}
}

/// The samples of all formats that git knows.
fn samples() -> anyhow::Result<Vec<Vec<u8>>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "crates/doorwarden-parse/src/formats"]).current_dir(workspace::root());
    let listed = String::from_utf8(git.output().context("cannot start git")?.stdout)?;
    let paths = listed.lines().map(|it| workspace::root().join(it));
    let is_sample = |it: &PathBuf| it.extension().is_some_and(|it| it != "rs" && it != "snap");
    paths.filter(is_sample).map(|it| bytes_of(&it)).collect()
}

/// A row of pseudo-random numbers (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((self.0 >> 8) % end).unwrap_or(0)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// A piece of at most `longest` bytes.
    fn piece<'a>(&mut self, bytes: &'a [u8], longest: usize) -> &'a [u8] {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(longest)).min(bytes.len());
        bytes.get(at..end).unwrap_or_default()
    }
}

/// What separates things in logs, and what closes what nobody opened.
const MARKS: &[&[u8]] = &[
    b" ",
    b"\n",
    b"\r\n",
    b"\t",
    b"\"",
    b"'",
    b"\\",
    b"=",
    b":",
    b",",
    b";",
    b"|",
    b"<",
    b">",
    b"[",
    b"]",
    b"{",
    b"}",
    b"(",
    b")",
    b"%",
    b"\0",
    b"\xff",
    b"\xe2\x80\xae",
    b" from ",
    b" user ",
    b"]: ",
    b"\": \"",
    b"/>",
    b"99999999999999999999",
    b"-1",
    b"::",
    b"255.255.255.255",
];

/// `sample`, broken in a few places with pieces of others.
fn broken(sample: &[u8], samples: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut log = sample.to_vec();
    for _ in 0..=random.below(24) {
        let at = random.below(log.len() + 1);
        let other = random.of(samples).map(Vec::as_slice).unwrap_or_default();
        match random.below(8) {
            0 => log.truncate(at),
            1 => drop(log.drain(at..(at + random.below(64)).min(log.len()))),
            2 => insert(&mut log, at, random.piece(other, 96)),
            3 => insert(&mut log, at, random.piece(other, 4096)),
            4 => {
                let piece = random.piece(other, 48).repeat(1 + random.below(2000));
                insert(&mut log, at, &piece);
            }
            5 => {
                let mark = random.of(MARKS).copied().unwrap_or_default();
                let count = if random.below(8) == 0 { random.below(20_000) } else { 1 };
                insert(&mut log, at, &mark.repeat(count));
            }
            _ => {
                if let Some(byte) = log.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or(0);
                }
            }
        }
    }
    log.truncate(LONGEST);
    log
}

fn insert(log: &mut Vec<u8>, at: usize, piece: &[u8]) {
    log.splice(at..at, piece.iter().copied());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_read_broken() {
        let samples = samples().unwrap();
        assert!(formats().len() <= samples.len(), "{} samples", samples.len());
        let mut random = Random(0x1133);
        for (nr, sample) in samples.iter().enumerate() {
            let log = broken(sample, &samples, &mut random);
            read(&log).unwrap_or_else(|error| panic!("sample {nr}: {error}"));
        }
    }

    fn formats() -> std::collections::BTreeSet<&'static str> {
        doorwarden_parse::formats::ALL.iter().map(doorwarden_parse::formats::Entry::id).collect()
    }
}
