//! `doorwarden explain`: what a detector looks for, or one incident in full.

mod incident;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use doorwarden_engine::detectors;

use crate::{
    cli::Color,
    output::{markdown, terminal},
};

/// What `explain` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doorwarden explain
  doorwarden explain password-spray
  doorwarden explain i-0123456789abcdef --out report")]
pub(crate) struct ExplainCommand {
    /// A detector, or the id of an incident; none lists all detectors. Example: `password-spray`
    #[arg(value_name = "DETECTOR|INCIDENT")]
    subject: Option<String>,
    /// Folder that a scan wrote into; without it `.` and `report` are tried. Example: `--out report`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Colours: never where the output is no terminal or `NO_COLOR` is set. Example: `--color never`
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: Color,
}

/// Explains.
pub(crate) fn run(command: &ExplainCommand) -> ExitCode {
    let screen = terminal::screen(command.color.style());
    let lines = match command.subject.as_deref() {
        None => Ok(list(screen)),
        Some(id) if id.starts_with("i-") => incident::told(id, command.out.as_deref(), screen),
        Some(id) => match detectors::ALL.iter().find(|it| it.id == id) {
            Some(entry) => Ok(markdown::rendered(&entry.page(), screen)),
            None => Err(anyhow::anyhow!(
                "no detector `{id}`; `doorwarden explain` lists them, and ids of incidents begin with `i-`"
            )),
        },
    };
    match lines {
        Ok(lines) => {
            terminal::lines(lines);
            ExitCode::SUCCESS
        }
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(2)
        }
    }
}

/// All detectors with what each looks for.
fn list(screen: terminal::Screen) -> Vec<String> {
    let rows: Vec<(&str, String)> =
        detectors::ALL.iter().map(|it| (it.id, first_sentence(&it.page()))).collect();
    terminal::pairs(&rows, screen)
}

/// The first sentence of a page behind its title.
fn first_sentence(page: &str) -> String {
    let lines = page.lines().filter(|it| !it.starts_with('#'));
    let lines = lines.skip_while(|it| it.trim().is_empty()).take_while(|it| !it.trim().is_empty());
    let paragraph = lines.collect::<Vec<_>>().join(" ");
    match paragraph.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => paragraph,
    }
}
