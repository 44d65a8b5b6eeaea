//! `cargo xtask test`: every test of every crate, and the examples in the documentation.

use std::process::{Command, Stdio};

use crate::workspace::{self, say};

/// What `test` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only tests whose name holds this text; the examples are left out then.
    filter: Option<String>,
}

/// Runs them with nextest where it is installed, else with cargo's own runner.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut tests = workspace::cargo();
    if has_nextest() {
        tests.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        say(
            "cargo-nextest is not installed: cargo's own runner is slower, but runs the same tests",
        );
        tests.args(["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"]);
    }
    workspace::run(tests.args(&options.filter))?;
    if options.filter.is_some() {
        return Ok(());
    }
    workspace::run(workspace::cargo().args(["test", "--workspace", "--doc"]))
}

fn has_nextest() -> bool {
    let mut asked = Command::new("cargo-nextest");
    asked.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|it| it.success())
}
