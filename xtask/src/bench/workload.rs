//! Logs to measure with: those of outside generators, and shapes that an attacker would choose.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::workspace::{self, say};

/// Where workloads lie, and what makes those that are missing.
#[derive(Debug)]
pub(crate) struct Workloads<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) generators: Option<&'a Path>,
    pub(crate) scale: f64,
}

/// Name, script with its words before the number of lines, number of lines, words behind it.
const GENERATED: &[(&str, &[&str], u32, &[&str])] = &[
    ("sshd.log", &["gen_sshd.py"], 8_000_000, &["20000", "200000"]),
    ("asa.log", &["gen_asa.py"], 5_000_000, &["20000"]),
    ("iis.log", &["gen_iis.py"], 3_000_000, &["20000"]),
    ("okta.jsonl", &["gen_json.py", "okta"], 1_000_000, &["20000"]),
    ("entra.jsonl", &["gen_json.py", "entra"], 300_000, &["20000"]),
];

/// What an attacker may fill a log with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    /// Lines that look like sign-ins and that no format claims.
    Strangers,
    /// Lines of a megabyte.
    Long,
    /// Another name in each line.
    Names,
    /// Another address in each line.
    Addresses,
    /// A thousand people's ordinary sign-ins.
    Plain,
}

impl Workloads<'_> {
    /// A workload by its name; nothing where it neither lies there nor can be made.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<Option<PathBuf>> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Ok(Some(path));
        }
        let (Some(scripts), Some((_, words, lines, rest))) =
            (self.generators, GENERATED.iter().find(|it| it.0 == name))
        else {
            return Ok(None);
        };
        std::fs::create_dir_all(self.folder)?;
        say(format_args!("making {}", path.display()));
        let (script, words) = words.split_first().context("no script")?;
        let lines = (f64::from(*lines) * self.scale).ceil().to_string();
        let mut python = Command::new("python3");
        python.arg(scripts.join(script)).args(words).arg(lines).args(*rest).arg(&path);
        workspace::run(&mut python)?;
        Ok(Some(path))
    }

    /// The first Windows log in the folder or in its folder `evtx`.
    pub(crate) fn find_evtx(&self) -> Option<PathBuf> {
        let folders = [self.folder.to_owned(), self.folder.join("evtx")];
        let entries =
            folders.iter().filter_map(|it| std::fs::read_dir(it).ok()).flatten().flatten();
        entries.map(|it| it.path()).filter(|it| it.extension().is_some_and(|it| it == "evtx")).min()
    }

    /// A log of about `megabytes` in a hostile shape, made where it does not lie there.
    pub(crate) fn shaped(&self, shape: Shape, megabytes: u64) -> anyhow::Result<PathBuf> {
        let name = format!("{shape:?}-{megabytes}.log").to_lowercase();
        let path = self.folder.join(name);
        if path.is_file() {
            return Ok(path);
        }
        std::fs::create_dir_all(self.folder)?;
        say(format_args!("making {}", path.display()));
        let unfinished = path.with_extension("new");
        write(shape, megabytes << 20, &unfinished)?;
        std::fs::rename(&unfinished, &path)?;
        Ok(path)
    }

    /// Megabytes of a hostile log.
    pub(crate) fn megabytes(&self) -> u64 {
        // Whole percents of 200 MB.
        (1..=100).take_while(|it| f64::from(*it) <= self.scale * 100.0).count() as u64 * 2
    }
}

fn write(shape: Shape, bytes: u64, path: &Path) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (mut written, mut number) = (0, 0u64);
    while written < bytes {
        let line = line(shape, number, written, bytes);
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
        number += 1;
    }
    out.flush().with_context(|| format!("cannot write `{}`", path.display()))
}

/// Line `number`, at a time of September that grows with what was written.
fn line(shape: Shape, number: u64, written: u64, bytes: u64) -> String {
    let second = u128::from(written) * (28 * 86_400) / u128::from(bytes.max(1));
    let (day, rest) = (1 + second / 86_400, second % 86_400);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    let stamp = format!("Sep {day:2} {hour:02}:{minute:02}:{second:02} gw{}", number % 8);
    let (pid, port) = (1000 + number % 50_000, 1024 + number % 60_000);
    // An odd factor visits every address before one comes again.
    let spread = number.wrapping_mul(2_654_435_761);
    let [.., b, c, d] = spread.to_be_bytes();
    let few = number % 997;
    match shape {
        Shape::Strangers => format!(
            "{stamp} gatekeeperd[{pid}]: visitor user{few} came by 11.{b}.{c}.{d} port {port}, nothing to see\n"
        ),
        Shape::Long => format!(
            "{stamp} sshd[{pid}]: Failed password for invalid user {} from 11.7.{b}.{c} port {port} ssh2\n",
            "x".repeat(1 << 20)
        ),
        Shape::Names => format!(
            "{stamp} sshd[{pid}]: Failed password for invalid user u{spread:016x} from 11.7.3.{} port {port} ssh2\n",
            few % 250
        ),
        Shape::Addresses => format!(
            "{stamp} sshd[{pid}]: Failed password for user{few} from 11.{b}.{c}.{d} port {port} ssh2\n"
        ),
        Shape::Plain => format!(
            "{stamp} sshd[{pid}]: Accepted publickey for user{few} from 11.9.{}.{} port {port} ssh2\n",
            few / 250,
            few % 250
        ),
    }
}
