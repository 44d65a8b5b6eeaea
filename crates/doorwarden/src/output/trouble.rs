//! What went wrong with files: said alike on the terminal and on the page.

use super::words::counted;
use crate::scan::Scan;

/// A path, and what is to be said of it.
pub(crate) type Trouble = (String, String);

/// What could not be read, wholly or in part, or was read with a guess.
pub(crate) fn of(scan: &Scan) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for file in &scan.files {
        let mut add = |why: String| troubles.push((file.name.clone(), why));
        file.errors.iter().cloned().for_each(&mut add);
        if 0 < file.stats.damaged {
            add(format!("{} damaged or cut", counted(file.stats.damaged, "part")));
        }
        if file.stats.is_year_unknown {
            add("its times state no year and nothing tells it: give it with --year".to_owned());
        }
    }
    troubles.extend(scan.errors.iter().cloned());
    troubles
}

/// What was found and is no log.
pub(crate) fn no_logs(scan: &Scan) -> impl Iterator<Item = (&str, &str)> {
    let binary = scan.files.iter().filter(|it| it.stats.is_binary);
    let binary = binary.map(|it| (it.name.as_str(), "neither text nor another kind that is read"));
    binary.chain(scan.skipped.iter().map(|it| (it.0.as_str(), it.1)))
}
