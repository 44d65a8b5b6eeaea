//! The rows: which commands are compared, and what each has to reach.

use std::{ffi::OsString, path::PathBuf};

use super::{
    Options,
    job::{Job, Used},
    workload::{Shape, Workloads},
};

/// All that rows are made from.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    options: &'a Options,
    binary: PathBuf,
    workloads: Workloads<'a>,
}

/// What a row has to reach.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// At least this share of the reference's bytes per processor second.
    Share(f64),
    /// At most so many processor seconds.
    Seconds(f64),
    /// At most this multiple of the reference's memory.
    Memory(f64),
}

/// A row that was measured, or why it was not.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) goal: Goal,
    pub(crate) result: Result<Figures, String>,
}

/// Medians over all pairs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Bytes that the program read.
    pub(crate) bytes: u64,
    pub(crate) ours: Used,
    pub(crate) reference: Option<Used>,
    /// What the goal speaks of.
    pub(crate) reached: f64,
}

impl Measured {
    /// Whether it was measured and does not reach its goal.
    pub(crate) fn is_missed(&self) -> bool {
        self.result.as_ref().is_ok_and(|it| match self.goal {
            Goal::Share(least) => it.reached < least,
            Goal::Seconds(most) | Goal::Memory(most) => most < it.reached,
        })
    }
}

/// Rows against the probe: name, its mode, the workload, the share to reach.
const AGAINST_LIMITS: &[(&str, &str, &str, f64)] = &[
    ("sshd", "sshd", "sshd.log", 0.15),
    ("asa", "asa", "asa.log", 0.15),
    ("iis", "iis", "iis.log", 0.15),
    ("okta", "sonic-get-okta", "okta.jsonl", 0.40),
    ("entra", "sonic-get-entra", "entra.jsonl", 0.40),
];

/// Rows against the program's own rate on sshd.log.
const HOSTILE: &[(&str, Shape)] = &[
    ("lines that nobody claims", Shape::Strangers),
    ("lines of 1 MB", Shape::Long),
    ("a new user a line", Shape::Names),
    ("a new address a line", Shape::Addresses),
];

impl<'a> Bench<'a> {
    /// The rows that `options` ask for, of the program `binary`.
    pub(crate) fn new(options: &'a Options, binary: PathBuf) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&options.data)?;
        let workloads = Workloads {
            folder: &options.data,
            generators: options.generators.as_deref(),
            scale: options.scale,
        };
        Ok(Self { options, binary, workloads })
    }

    /// Measures one row after the other.
    pub(crate) fn run(&self) -> anyhow::Result<Vec<Measured>> {
        let mut rows = Vec::new();
        for (name, mode, file, least) in AGAINST_LIMITS {
            if self.wants(name) {
                rows.push(self.against_limits(name, mode, file, *least)?);
            }
        }
        if self.wants("evtx") {
            rows.push(self.against_evtx_dump()?);
        }
        for (name, shape) in HOSTILE {
            if self.wants(name) {
                rows.push(self.hostile(name, *shape)?);
            }
        }
        if self.wants("start") {
            rows.push(self.start("doorwarden --version", &["--version"])?);
            let nothing = self.options.data.join("nothing");
            std::fs::create_dir_all(&nothing)?;
            let (nothing, out) = (nothing.display().to_string(), self.out());
            rows.push(
                self.start(
                    "scan of an empty folder",
                    &["scan", &nothing, "--out", &out, "--quiet"],
                )?,
            );
        }
        for sizes in self.options.memory.windows(2).filter(|_| self.wants("memory")) {
            rows.push(self.memory(sizes)?);
        }
        Ok(rows)
    }

    fn wants(&self, name: &str) -> bool {
        self.options.only.is_empty()
            || self.options.only.iter().any(|it| name.contains(it.as_str()))
    }

    fn out(&self) -> String {
        self.options.data.join("out").display().to_string()
    }

    /// The whole scan, with one worker.
    fn scan(&self, file: &std::path::Path) -> anyhow::Result<Job> {
        let (path, out) = (file.display().to_string(), self.out());
        Job::new(&self.binary, &["scan", &path, "--out", &out, "--threads", "1", "--quiet"], file)
    }

    fn against_limits(
        &self,
        name: &str,
        mode: &str,
        file: &str,
        least: f64,
    ) -> anyhow::Result<Measured> {
        let Some(path) = self.workloads.find(file)? else {
            return Ok(missing(name, Goal::Share(least), file));
        };
        let Some(limits) = &self.options.limits else {
            return Ok(missing(name, Goal::Share(least), "the probe (--limits)"));
        };
        let reference = Job::new(limits, &[mode, &path.display().to_string()], &path)?;
        self.pairs(name, Goal::Share(least), &self.scan(&path)?, Some(&reference))
    }

    fn against_evtx_dump(&self) -> anyhow::Result<Measured> {
        let goal = Goal::Share(0.50);
        let Some(path) = self.workloads.find_evtx() else {
            return Ok(missing("evtx", goal, "a .evtx file"));
        };
        let Some(dump) = &self.options.evtx_dump else {
            return Ok(missing("evtx", goal, "the reference (--evtx-dump)"));
        };
        let words = ["-t", "1", "-o", "jsonl", &path.display().to_string()];
        let reference = Job::new(dump, &words, &path)?;
        self.pairs("evtx", goal, &self.scan(&path)?, Some(&reference))
    }

    fn hostile(&self, name: &str, shape: Shape) -> anyhow::Result<Measured> {
        let goal = Goal::Share(1.0 / 3.0);
        let Some(plain) = self.workloads.find("sshd.log")? else {
            return Ok(missing(name, goal, "sshd.log"));
        };
        let hostile = self.workloads.shaped(shape, self.workloads.megabytes())?;
        self.pairs(name, goal, &self.scan(&hostile)?, Some(&self.scan(&plain)?))
    }

    fn start(&self, name: &str, words: &[&str]) -> anyhow::Result<Measured> {
        let program: OsString = self.binary.clone().into();
        let words = std::iter::once(program).chain(words.iter().map(OsString::from)).collect();
        self.pairs(name, Goal::Seconds(0.020), &Job { words, bytes: 0 }, None)
    }

    fn memory(&self, sizes: &[u64]) -> anyhow::Result<Measured> {
        let [less, more] = sizes else {
            return Ok(missing("memory", Goal::Memory(1.05), "two sizes"));
        };
        let name = format!("memory, {less} MB to {more} MB");
        let small = self.workloads.shaped(Shape::Plain, *less)?;
        let large = self.workloads.shaped(Shape::Plain, *more)?;
        self.pairs(&name, Goal::Memory(1.05), &self.scan(&large)?, Some(&self.scan(&small)?))
    }

    /// Runs both in turn, so that whatever else the machine does hits both alike.
    fn pairs(
        &self,
        name: &str,
        goal: Goal,
        ours: &Job,
        reference: Option<&Job>,
    ) -> anyhow::Result<Measured> {
        let (mut own, mut other, mut reached) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..self.options.pairs {
            let used = ours.run()?;
            let beside = reference.map(Job::run).transpose()?;
            reached.push(match (goal, beside, reference) {
                (Goal::Share(_), Some(beside), Some(job)) => {
                    rate(ours.bytes, used) / rate(job.bytes, beside)
                }
                (Goal::Memory(_), Some(beside), _) => real(used.memory) / real(beside.memory),
                (Goal::Seconds(_) | Goal::Share(_) | Goal::Memory(_), _, _) => used.seconds,
            });
            own.push(used);
            other.extend(beside);
        }
        let reference = (!other.is_empty()).then(|| medians(&other));
        let figures = Figures {
            bytes: ours.bytes,
            ours: medians(&own),
            reference,
            reached: median(&mut reached),
        };
        Ok(Measured { name: name.to_owned(), goal, result: Ok(figures) })
    }
}

fn missing(name: &str, goal: Goal, what: &str) -> Measured {
    Measured {
        name: name.to_owned(),
        goal,
        result: Err(format!("not measured: {what} is missing")),
    }
}

/// Bytes per processor second.
pub(crate) fn rate(bytes: u64, used: Used) -> f64 {
    real(bytes) / used.seconds.max(1e-6)
}

/// `number` in steps of 1,024, which figures of megabytes do not miss.
fn real(number: u64) -> f64 {
    f64::from(u32::try_from(number / 1024).unwrap_or(u32::MAX)) * 1024.0
}

fn medians(all: &[Used]) -> Used {
    let mut memory: Vec<u64> = all.iter().map(|it| it.memory).collect();
    memory.sort_unstable();
    let seconds = median(&mut all.iter().map(|it| it.seconds).collect::<Vec<_>>());
    Used { seconds, memory: memory.get(memory.len() / 2).copied().unwrap_or(0) }
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}
