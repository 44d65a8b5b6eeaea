//! Chores of the repository, run as `cargo xtask CHORE`.

mod bench;
mod demo;
mod evaluate;
mod fuzz;
mod geo;
mod reference;
mod scaffold;
mod suite;
mod workspace;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Chores of the repository", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run every test: of all crates, and the examples in their documentation.
    Test(suite::Options),
    /// Write docs/reference from the doc comments in the code and the program's help.
    Gen(reference::Options),
    /// Begin a log format or a detector: its file, its samples, and which lines to add.
    New(scaffold::Options),
    /// Feed broken logs to the formats: nothing may panic, nothing may take long.
    Fuzz(fuzz::Options),
    /// Measure against references and goals, and print the table of docs/benchmarks.md.
    Bench(bench::Options),
    /// Find out how much of simulated attacks is found, beside others' rules: the table of docs/evaluation.md.
    Evaluate(evaluate::Options),
    /// Run a command and print what it used, as JSON; `bench` starts itself this way.
    #[command(hide = true)]
    Measure(bench::MeasureOptions),
    /// Write the demo: three weeks of an invented company's logs, with attacks hidden in them.
    Demo(demo::Options),
    /// Build the embedded table of countries and networks, and the outline of the world.
    Geo(geo::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Test(options) => suite::run(&options),
        Chore::Gen(options) => reference::run(&options),
        Chore::New(options) => scaffold::run(&options),
        Chore::Fuzz(options) => fuzz::run(&options),
        Chore::Bench(options) => bench::run(&options),
        Chore::Evaluate(options) => evaluate::run(&options),
        Chore::Measure(options) => bench::measure(&options),
        Chore::Demo(options) => demo::run(&options),
        Chore::Geo(options) => geo::run(&options),
    }
}
