//! `doorwarden simulate`.

use crate::common::{Folder, doorwarden_in, stderr, stdout};

#[test]
fn the_truth_lies_beside_the_logs_and_never_in_them() {
    let folder = Folder::new("simulate");
    folder.write("small.toml", "people = 40\ndays = 42\ninstances = 1\nstart = 2026-02-02\n");
    let arguments = ["simulate", "--seed", "3", "--out", "logs", "--config", "small.toml"];
    let output = doorwarden_in(&folder.0, &arguments);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("Wrote "), "{}", stdout(&output));
    let truth: serde_json::Value = serde_json::from_str(&folder.read("logs.truth.json")).unwrap();
    assert_eq!(truth["config"], folder.read("small.toml"));
    assert!(folder.read("logs/context.toml").contains("[[offices]]"));
    assert!(!folder.0.join("logs/logs.truth.json").exists());

    let again = doorwarden_in(&folder.0, &arguments);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("not empty"), "{}", stderr(&again));

    let scan = ["scan", "logs", "--out", "report", "--context", "logs/context.toml", "--quiet"];
    let output = doorwarden_in(&folder.0, &scan);
    assert!(output.status.success(), "{}", stderr(&output));
    let summary: serde_json::Value =
        serde_json::from_str(&folder.read("report/summary.json")).unwrap();
    let (lost, lines) = (summary["not_understood"].as_u64(), summary["lines"].as_u64());
    assert!(lost.unwrap() * 200 <= lines.unwrap(), "{lost:?} of {lines:?} are not understood");
    assert_eq!(summary["first_event"].as_str().unwrap().get(..10), Some("2026-02-02"));
}

#[test]
fn a_key_that_is_unknown_is_an_error_that_names_it() {
    let folder = Folder::new("simulate-key");
    folder.write("bad.toml", "peeple = 40\n");
    let arguments = ["simulate", "--seed", "3", "--out", "logs", "--config", "bad.toml"];
    let output = doorwarden_in(&folder.0, &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("peeple"), "{}", stderr(&output));
    assert!(!folder.0.join("logs").exists());
}
