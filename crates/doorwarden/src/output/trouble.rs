//! What went wrong with files: said alike on the terminal and on the page.

use doorwarden_parse::SourceStats;

use super::words::counted;
use crate::scan::Scan;

/// A path, and what is to be said of it.
pub(crate) type Trouble = (String, String);

/// What could not be read, wholly or in part, or was read with a guess.
pub(crate) fn of(scan: &Scan) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for file in &scan.files {
        let whys = file.errors.iter().cloned().chain(with_a_guess(&file.stats));
        troubles.extend(whys.map(|why| (file.name.clone(), why)));
    }
    troubles.extend(scan.errors.iter().cloned());
    troubles
}

/// What could not be read, wholly or in part.
pub(crate) fn errors(scan: &Scan) -> impl Iterator<Item = (&str, &str)> {
    let files = scan.files.iter();
    let files = files.flat_map(|it| it.errors.iter().map(|why| (it.name.as_str(), why.as_str())));
    files.chain(scan.errors.iter().map(|it| (it.0.as_str(), it.1.as_str())))
}

/// What is to be said of a source that was read: all of it, or none, may have been guessed.
pub(crate) fn of_source(stats: &SourceStats) -> Vec<String> {
    let binary = stats.is_binary.then(|| BINARY.to_owned());
    with_a_guess(stats).chain(binary).collect()
}

fn with_a_guess(stats: &SourceStats) -> impl Iterator<Item = String> {
    let damaged =
        (0 < stats.damaged).then(|| format!("{} damaged or cut", counted(stats.damaged, "part")));
    let year = stats
        .is_year_unknown
        .then(|| "its times state no year and nothing tells it: give it with --year".to_owned());
    damaged.into_iter().chain(year)
}

const BINARY: &str = "neither text nor another kind that is read";

/// What was found and is no log.
pub(crate) fn no_logs(scan: &Scan) -> impl Iterator<Item = (&str, &str)> {
    let binary = scan.files.iter().filter(|it| it.stats.is_binary);
    let binary = binary.map(|it| (it.name.as_str(), BINARY));
    binary.chain(scan.skipped.iter().map(|it| (it.0.as_str(), it.1)))
}
