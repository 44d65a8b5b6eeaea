//! Golden tests of incidents: every `stories/<name>.txt`, a scenario, against what is told about it in the `.snap`.

use std::{fmt::Write as _, fs, path::Path};

use doorwarden_model::{Incident, Signal};

use crate::scenario::{output, read};

/// An incident as text: its title, its story, then why.
fn told(incident: &Incident) -> String {
    let mut text = format!("{:.1} {}\n", incident.risk, incident.title);
    for step in &incident.story {
        writeln!(text, "  {} {}", step.time, step.what).unwrap();
    }
    for signal in &incident.signals {
        writeln!(text, "{}", why(signal)).unwrap();
    }
    text
}

/// A signal with the lines of the scenario that show it.
fn why(signal: &Signal) -> String {
    let lines: Vec<u64> = signal.evidence.iter().map(|it| it.origin.line).collect();
    format!(
        "- {} of {}; {}; lines {lines:?}",
        signal.detector,
        signal.users.join(", "),
        signal.baseline
    )
}

#[test]
fn stories_match_their_snapshots() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/stories");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(folder);
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut stories: Vec<_> = files.filter(|it| it.extension() == Some("txt".as_ref())).collect();
    stories.sort();
    for path in stories {
        let scenario = read(&fs::read_to_string(&path).unwrap());
        let tell = |shards| -> Vec<String> {
            output(&scenario, shards).incidents.iter().map(told).collect()
        };
        let text = tell(1).join("\n");
        for shards in [2, 3, 8] {
            assert_eq!(text, tell(shards).join("\n"), "{} on {shards} shards", path.display());
        }
        let name = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}
