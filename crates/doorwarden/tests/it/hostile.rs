//! Whatever an attacker writes into a log does no harm in anything that is printed or written.

use crate::common::{Folder, doorwarden, is_harmless, stderr, stdout};
use serde_json::Value;

#[test]
fn names_do_no_harm_anywhere() {
    let folder = Folder::new("hostile");
    let out = folder.0.to_str().unwrap();
    let output = doorwarden(&["scan", "small", "--out", out]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    for text in [stdout(&output), stderr(&output), folder.read("report.html")] {
        assert!(is_harmless(&text), "{text}");
    }
    let page = folder.read("report.html");
    assert!(!page.contains("<script>alert") && !page.contains("<img"));
    assert_eq!(page.matches("<script>").count(), 1);
    for name in ["incidents.jsonl", "sessions.jsonl"] {
        for line in folder.read(name).lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            if let Some(id) = value["id"].as_str().filter(|it| it.starts_with("i-")) {
                let told = doorwarden(&["explain", id, "--out", out]);
                assert_eq!(told.status.code(), Some(0));
                assert!(is_harmless(&stdout(&told)), "{}", stdout(&told));
            }
        }
    }
}

#[test]
fn a_forged_message_inside_a_name_is_no_sign_in() {
    let output = doorwarden(&["parse", "small/linux/auth.log"]);
    for line in stdout(&output).lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_ne!(event["src_ip"], "192.0.2.1", "{event}");
    }
}

#[test]
fn samples_and_shapes_do_no_harm() {
    let output = doorwarden(&["sources", "check", "small"]);
    assert!(is_harmless(&stdout(&output)) && is_harmless(&stderr(&output)));
    let output = doorwarden(&["parse", "small/linux/auth.log", "--unparsed"]);
    assert!(is_harmless(&stderr(&output)));
}
