//! Arguments: what can be asked for, each with an example.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{geo, parse};

#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print one normalised event a line for each record that states something.
    Parse(ParseArguments),
    /// Tell where addresses are, and what is loaded to tell it.
    Geo(geo::command::GeoCommand),
}

/// What `parse` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct ParseArguments {
    /// Log files; `-` is standard input.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Show records that no format understands, on standard error.
    #[arg(long)]
    pub(crate) unparsed: bool,
}

/// Reads the arguments and does what they ask.
pub(crate) fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Parse(arguments) => parse::run(&arguments),
        Command::Geo(command) => geo::command::run(&command),
    }
}
