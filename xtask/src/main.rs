//! Chores of the repository: `cargo xtask geo` builds the embedded geo tables, `cargo xtask demo` writes the
//! demo's logs.

mod demo;
mod geo;

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
    /// Build the embedded table of countries and networks, and the outline of the world.
    Geo(geo::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Demo(options) => demo::run(&options),
        Chore::Geo(options) => geo::run(&options),
    }
}
