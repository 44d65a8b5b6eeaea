//! Chores of the repository: `cargo xtask geo` builds the embedded geo tables.

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
    /// Build the embedded table of countries and networks, and the outline of the world.
    Geo(geo::Options),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Geo(options) => geo::run(&options),
    }
}
