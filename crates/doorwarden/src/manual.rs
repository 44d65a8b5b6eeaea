//! What shells and `man` want to know: made from the arguments themselves, so that it is never stale.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Args;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::{cli, output::terminal};

/// What `completions` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doorwarden completions bash > ~/.local/share/bash-completion/completions/doorwarden
  doorwarden completions zsh > ~/.zfunc/_doorwarden")]
pub(crate) struct CompletionsCommand {
    /// The shell. Example: `bash`
    shell: Shell,
}

/// What `man` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doorwarden man | man -l -
  doorwarden man --out ~/.local/share/man/man1")]
pub(crate) struct ManCommand {
    /// Folder to write the pages of all commands into. Example: `--out man1`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Prints completions.
pub(crate) fn completions(command: &CompletionsCommand) -> ExitCode {
    let mut text = Vec::new();
    clap_complete::generate(command.shell, &mut cli::command(), "doorwarden", &mut text);
    print(&text)
}

/// Prints the page of `doorwarden`, or writes those of all commands.
pub(crate) fn pages(command: &ManCommand) -> ExitCode {
    match &command.out {
        None => {
            let mut text = Vec::new();
            match Man::new(cli::command()).render(&mut text) {
                Ok(()) => print(&text),
                Err(_) => ExitCode::from(1),
            }
        }
        Some(out) => match write(out) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                terminal::error(&error);
                ExitCode::from(1)
            }
        },
    }
}

fn write(out: &PathBuf) -> anyhow::Result<()> {
    std::fs::create_dir_all(out)
        .with_context(|| format!("cannot make the folder `{}`", out.display()))?;
    clap_mangen::generate_to(cli::command(), out)
        .with_context(|| format!("cannot write into `{}`", out.display()))
}

fn print(text: &[u8]) -> ExitCode {
    terminal::print(text);
    ExitCode::SUCCESS
}
