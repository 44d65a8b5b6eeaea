//! What a scan learnt of an organisation goes into the next one, and what is no such file is refused.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Folder, doorwarden_in, stderr, stdout};

/// Three people sign in every morning of a month from Germany; in the last night one of them does from Brazil.
fn logs() -> String {
    let mut text = String::new();
    for day in 1..=30 {
        for (nr, name) in ["ana", "ben", "eva"].iter().enumerate() {
            writeln!(
                text,
                "2026-03-{day:02}T0{}:00:00Z gate sshd[{day}]: Accepted password for {name} from 87.144.17{nr}.55 port 4000 ssh2",
                6 + nr
            )
            .unwrap();
        }
    }
    text + "2026-03-31T01:30:00Z gate sshd[31]: Accepted password for ana from 187.65.250.30 port 4000 ssh2\n"
}

fn scan(folder: &Folder, more: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["scan", "logs", "--quiet", "--out"], more].concat();
    let output = doorwarden_in(&folder.0, &arguments);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

/// Kinds of evidence of the sign-in from Brazil, and its risk.
fn night(incidents: &str) -> (Vec<String>, f64) {
    let all = incidents.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
    let signals = all.flat_map(|it| it["signals"].as_array().unwrap().clone());
    let found = signals
        .into_iter()
        .find(|it| it["detector"] == "unusual-sign-in" && it["src_ip"] == "187.65.250.30");
    let Some(found) = found else { return (Vec::new(), 0.0) };
    let kinds = found["kinds"].as_array().unwrap();
    let kinds = kinds.iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    (kinds, found["risk"].as_f64().unwrap())
}

#[test]
fn a_prior_goes_into_the_next_scan_and_holds_no_name() {
    let folder = Folder::new("prior");
    folder.write("logs/auth.log", logs().as_bytes());
    assert_eq!(scan(&folder, &["one"]).0, Some(0));
    let prior = folder.read("one/prior.json");
    assert!(!prior.contains("ana") && !prior.contains("187.65"), "{prior}");
    assert_eq!(scan(&folder, &["two", "--prior", "one/prior.json"]).0, Some(0));
    assert_eq!(scan(&folder, &["three", "--prior", "one/prior.json"]).0, Some(0));
    assert_eq!(folder.read("two/incidents.jsonl"), folder.read("three/incidents.jsonl"));
    // A month more without a new country makes one rarer; that of the night was judged bad and is not learnt.
    assert_ne!(folder.read("one/prior.json"), folder.read("two/prior.json"));
    let (before, after) =
        (night(&folder.read("one/incidents.jsonl")), night(&folder.read("two/incidents.jsonl")));
    assert!(before.1 < after.1, "{before:?} {after:?}");
}

#[test]
fn a_prior_of_another_version_is_refused() {
    let folder = Folder::new("prior-version");
    folder.write("logs/auth.log", logs().as_bytes());
    for (text, expected) in [("{\"version\":99}", "is of version 99"), ("[]", "is no prior.json")] {
        folder.write("prior.json", text.as_bytes());
        let (code, told) = scan(&folder, &["out", "--prior", "prior.json"]);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn evidence_that_is_left_out_does_not_count() {
    let folder = Folder::new("without");
    folder.write("logs/auth.log", logs().as_bytes());
    folder.write("without.toml", b"[profile]\nwithout = [\"where\"]\n");
    folder.write("wrong.toml", b"[profile]\nwithout = [\"weather\"]\n");
    assert_eq!(scan(&folder, &["all"]).0, Some(0));
    assert_eq!(scan(&folder, &["some", "--config", "without.toml"]).0, Some(0));
    let (all, some) =
        (night(&folder.read("all/incidents.jsonl")), night(&folder.read("some/incidents.jsonl")));
    assert!(all.0.contains(&"where".to_owned()), "{all:?}");
    assert!(!some.0.contains(&"where".to_owned()) && some.1 < all.1, "{some:?} {all:?}");
    let (code, told) = scan(&folder, &["none", "--config", "wrong.toml"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("weather"), "{told}");
}

#[test]
fn a_smaller_budget_asks_for_more() {
    let folder = Folder::new("budget");
    folder.write("logs/auth.log", logs().as_bytes());
    let mut risks = Vec::new();
    for budget in ["50", "5", "0.5"] {
        assert_eq!(scan(&folder, &["out", "--budget", budget]).0, Some(0));
        risks.push(night(&folder.read("out/incidents.jsonl")).1);
    }
    assert!(risks.windows(2).all(|it| it[1] < it[0]), "{risks:?}");
    assert_eq!(scan(&folder, &["out", "--budget", "0"]).0, Some(2));
}
