//! `cargo xtask bench`: what the program needs, beside references that ran in turn with it, against the goals.

mod job;
mod rows;
mod table;
mod workload;

use std::path::PathBuf;

use anyhow::ensure;

pub(crate) use self::job::{MeasureOptions, measure};
use self::rows::Bench;
use crate::workspace::{self, say};

/// What `bench` takes. Rows whose program or file is missing are left out, and the table says so.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder with the workloads: sshd.log, asa.log, iis.log, okta.jsonl, entra.jsonl and one .evtx file; the hostile
    /// ones are made there.
    #[arg(long, value_name = "DIR", default_value = "target/bench")]
    data: PathBuf,
    /// Folder with the scripts `gen_sshd.py`, `gen_asa.py`, `gen_iis.py` and `gen_json.py`, for workloads that are missing.
    #[arg(long, value_name = "DIR")]
    generators: Option<PathBuf>,
    /// Size of the workloads that are made, as a share of full size.
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    scale: f64,
    /// The probe of what the machine can do: `limits MODE FILE`.
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// The reference reader of Windows logs: `evtx_dump` of the crate `evtx`.
    #[arg(long, value_name = "FILE")]
    evtx_dump: Option<PathBuf>,
    /// The program to measure, instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Pairs of runs; the medians are shown.
    #[arg(long, default_value_t = 5)]
    pairs: usize,
    /// Sizes in MB of a growing log, whose reading must not take more memory. Example: `--memory 1000,5000`
    #[arg(long, value_name = "MB", value_delimiter = ',')]
    memory: Vec<u64>,
    /// Only these rows. Example: `--only sshd,asa`
    #[arg(long, value_name = "ROW", value_delimiter = ',')]
    only: Vec<String>,
    /// Put the table into this file, between its lines `<!-- table -->` and `<!-- end -->`.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// Measures all rows; fails where a goal was missed.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    ensure!(0 < options.pairs, "at least one pair of runs is needed");
    let binary = match &options.binary {
        Some(path) => path.clone(),
        None => workspace::program("bench")?,
    };
    let results = Bench::new(options, binary)?.run()?;
    let table = table::of(&results, options.pairs);
    say(&table);
    if let Some(path) = &options.into {
        workspace::put_table(path, &table)?;
    }
    let missed: Vec<&str> =
        results.iter().filter(|it| it.is_missed()).map(|it| it.name.as_str()).collect();
    ensure!(missed.is_empty(), "goals missed: {}", missed.join(", "));
    Ok(())
}
