//! Chores of the repository: `cargo xtask demo` writes the demo's logs.

mod demo;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Chores of the repository")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write the demo: three weeks of an invented company's logs, with attacks hidden in them.
    Demo(demo::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Demo(options) => demo::run(&options),
    }
}
