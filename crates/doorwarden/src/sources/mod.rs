//! `doorwarden sources`: which log formats are read, and how much is understood of some files.

mod check;
mod shape;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use doorwarden_parse::formats;

use crate::{
    cli::Color,
    output::{markdown, terminal},
};

/// What `sources` takes.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  doorwarden sources
  doorwarden sources openssh
  doorwarden sources check /var/log"
)]
pub(crate) struct SourcesCommand {
    /// The format whose page is shown; none lists them all. Example: `openssh`
    #[arg(value_name = "FORMAT", value_parser = known)]
    format: Option<&'static str>,
    /// Colours: never where the output is no terminal or `NO_COLOR` is set. Example: `--color never`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
    #[command(subcommand)]
    command: Option<Asked>,
}

#[derive(Debug, Subcommand)]
enum Asked {
    /// Tell how much of each file is understood, and what the other lines look like.
    #[command(after_help = "Example:  doorwarden sources check firewall.log")]
    Check(CheckArguments),
}

/// What `sources check` takes.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Files and folders of logs, packed or not; `-` is standard input. Example: `/var/log vpn.tar.gz`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Read the files with one format only. Example: `--as openssh`
    #[arg(long = "as", value_name = "FORMAT", value_parser = known)]
    pub(crate) forced: Option<&'static str>,
    /// Colours: never where the output is no terminal or `NO_COLOR` is set. Example: `--color never`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// Lists, shows or checks.
pub(crate) fn run(command: &SourcesCommand) -> ExitCode {
    let screen = terminal::screen(command.color.style());
    match (&command.command, command.format) {
        (Some(Asked::Check(arguments)), _) => check::run(arguments),
        (None, Some(id)) => {
            terminal::lines(markdown::rendered(&page(id), screen));
            ExitCode::SUCCESS
        }
        (None, None) => {
            let rows: Vec<(&str, String)> =
                formats::ALL.iter().map(|it| (it.id(), title(it.id()))).collect();
            terminal::lines(terminal::pairs(&rows, screen));
            ExitCode::SUCCESS
        }
    }
}

/// The id of a format that exists.
pub(crate) fn known(text: &str) -> Result<&'static str, String> {
    let found = formats::ALL.iter().find(|it| it.id() == text);
    found
        .map(formats::Entry::id)
        .ok_or_else(|| "no such format; `doorwarden sources` lists them".to_owned())
}

fn page(id: &str) -> String {
    formats::ALL.iter().find(|it| it.id() == id).map(formats::Entry::page).unwrap_or_default()
}

/// The title of a format's page.
pub(crate) fn title(id: &str) -> String {
    let page = page(id);
    page.lines().next().unwrap_or_default().trim_start_matches('#').trim().replace('`', "")
}
