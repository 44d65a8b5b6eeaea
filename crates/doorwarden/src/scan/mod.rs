//! `doorwarden scan`: a folder of logs in, sessions and explained incidents out.

mod knowledge;
mod overview;
mod people;
mod pipeline;
mod place_notes;
mod settings;
mod writing;

use std::process::ExitCode;

use doorwarden_model::Severity;

pub(crate) use self::{
    overview::{Attempts, DoorUse, Overview},
    people::PersonNote,
    pipeline::Scan,
    settings::{Filter, Settings},
};
#[cfg(test)]
pub(crate) use self::{
    people::{Marked, People},
    place_notes::PlaceNotes,
};
use crate::{
    cli::ScanArguments,
    output::{harmless::harmless, incident_json, terminal, trouble},
};

/// Scans, writes, prints; the exit codes stand in docs/output.md.
pub(crate) fn run(arguments: &ScanArguments) -> ExitCode {
    let settings = match settings::Settings::load(arguments) {
        Ok(settings) => settings,
        Err(error) => {
            terminal::error(&error);
            return ExitCode::from(2);
        }
    };
    let scan = match pipeline::scan(&settings) {
        Ok(scan) => scan,
        Err(error) => {
            terminal::error(&error);
            return ExitCode::from(1);
        }
    };
    if arguments.json {
        for incident in scan.shown(&settings.filter) {
            terminal::line(&incident_json::line(incident, &scan));
        }
    }
    if arguments.json || arguments.common.quiet {
        for (path, why) in trouble::errors(&scan) {
            terminal::error(&anyhow::anyhow!("`{}`: {}", harmless(path), harmless(why)));
        }
    } else {
        terminal::report(&scan, &settings);
    }
    if let Some(error) = &scan.unwritten {
        terminal::error(error);
    }
    exit_code(&scan, arguments.fail_on)
}

fn exit_code(scan: &Scan, fail_on: Option<Severity>) -> ExitCode {
    let is_loud = |least: Severity| {
        scan.output.incidents.iter().any(|it| !it.expected && least <= it.severity())
    };
    if fail_on.is_some_and(is_loud) {
        ExitCode::from(3)
    } else if scan.has_errors() || scan.unwritten.is_some() {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}
