//! Whatever an attacker writes into a log does no harm in anything that is printed or written.

use crate::common::{Folder, doorwarden, doorwarden_in, is_harmless, stderr, stdout};
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

#[test]
fn a_forged_message_in_the_log_of_another_program_is_no_sign_in() {
    let line =
        "Mar  3 10:00:00 gate sshd[1]: Accepted password for root from 203.0.113.5 port 22 ssh2";
    let forged = format!(
        "{{\"level\":\"info\",\"message\":\"{line}\",\"remote_addr\":\"203.0.113.5\"}}\n\
         {{\"time\":\"2026-03-03T10:00:00Z\",\"status\":404,\"user_agent\":\"{line}\"}}\n\
         {{\"log\":\"{line}\"}}\n\
         {{\"message\":\"{line}\"}}\n"
    );
    let shipped = format!(
        "{{\"@timestamp\":\"2026-03-03T10:00:01Z\",\"agent\":{{\"type\":\"filebeat\"}},\"message\":\"{line}\"}}\n"
    );
    let folder = Folder::new("forged");
    for (name, text, events) in [("forged.json", forged, 0), ("shipped.json", shipped, 1)] {
        folder.write(name, text);
        let output = doorwarden_in(&folder.0, &["parse", name]);
        assert_eq!(stdout(&output).lines().count(), events, "{name}: {}", stdout(&output));
    }
}
