//! Names, hosts and clients that try to steer whatever shows them: none does, in no output, and none is lost.

use serde_json::{Value, json};

use crate::common::{Folder, doorwarden_in, is_harmless, stderr, stdout};

/// What an attacker types into a name field.
const NAMES: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "=cmd|'/c calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\u{1b}]0;owned\u{7}\u{1b}[2J",
    "\u{9b}31mred",
    "\u{202e}gnp.exe\u{202c}",
    "ana\u{200b}",
    "a\r\nOct  3 10:00:00 web1 sshd[1]: Accepted password for root from 192.0.2.1 port 1 ssh2",
    "tab\there",
    "\u{e0041}\u{2028}x",
    "{{7*7}}${7*7}",
];

/// A sign-in at Okta, where a name may hold whatever JSON can write.
fn event(name: &str, second: usize, result: &str) -> String {
    json!({
        "uuid": format!("{name}-{second}"),
        "published": format!("2026-10-03T10:{:02}:{:02}.000Z", second / 60, second % 60),
        "eventType": "user.session.start",
        "displayMessage": "User login to Okta",
        "outcome": {"result": result, "reason": if result == "SUCCESS" { Value::Null } else { json!("INVALID_CREDENTIALS") }},
        "actor": {"id": name, "type": "User", "alternateId": name, "displayName": name},
        "client": {
            "ipAddress": "203.0.113.9",
            "userAgent": {"rawUserAgent": name, "os": name, "browser": name},
            "device": name,
            "zone": name,
        },
        "authenticationContext": {"externalSessionId": name},
    })
    .to_string()
}

/// Many names are tried from one address, and each gets in at the end.
fn log() -> String {
    let mut lines = Vec::new();
    for (nr, name) in NAMES.iter().enumerate() {
        lines.extend((0..20).map(|step| event(name, nr * 40 + step, "FAILURE")));
        lines.push(event(name, nr * 40 + 30, "SUCCESS"));
    }
    lines.push(format!("{} what nothing understands", NAMES.concat().replace(['\r', '\n'], " ")));
    lines.join("\n") + "\n"
}

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("logs/okta\u{202e}.jsonl", log());
    folder
}

/// Runs the program; nothing that it prints steers a terminal.
fn run(folder: &Folder, arguments: &[&str]) -> String {
    let output = doorwarden_in(&folder.0, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", stderr(&output));
    for text in [stdout(&output), stderr(&output)] {
        assert!(is_harmless(&text), "{arguments:?}: {text:?}");
    }
    stdout(&output)
}

#[test]
fn nothing_that_is_printed_or_written_steers_a_screen() {
    let folder = folder("steering");
    let table = run(&folder, &["scan", "logs", "--out", "out"]);
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells.len(), 8, "{line:?}");
        assert!(!cells.iter().any(|it| it.starts_with(['=', '+', '-', '@'])), "{line:?}");
    }
    for name in ["incidents.jsonl", "sessions.jsonl", "summary.json", "report.html"] {
        let text = folder.read(&format!("out/{name}"));
        assert!(is_harmless(&text) && !text.is_empty(), "{name}");
    }
    let incidents = folder.read("out/incidents.jsonl");
    let ids: Vec<String> = incidents.lines().map(id).collect();
    assert!(!ids.is_empty());
    for id in ids {
        let told = run(&folder, &["explain", &id, "--out", "out", "--color", "never"]);
        assert!(told.contains("Why it stands out"), "{told}");
    }
    run(&folder, &["sources", "check", "logs", "--color", "never"]);
    run(&folder, &["scan", "logs", "--json"]);
}

fn id(incident: &str) -> String {
    serde_json::from_str::<Value>(incident).unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn the_page_has_no_markup_but_its_own() {
    let folder = folder("markup");
    run(&folder, &["scan", "logs", "--out", "out", "--quiet"]);
    let page = folder.read("out/report.html");
    assert_eq!(page.matches("<script").count(), 1);
    for mark in ["<img", "onerror=alert(2)>", "<script>alert"] {
        assert!(!page.contains(mark), "{mark}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[test]
fn events_in_all_words_are_harmless_and_hold_the_names_as_they_were() {
    let folder = folder("words");
    let file = "logs/okta\u{202e}.jsonl";
    for (words, path) in [("json", "/user"), ("ecs", "/user/name"), ("ocsf", "/user/name")] {
        let text = run(&folder, &["parse", file, "--format", words]);
        let events: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
        assert_eq!(events.len(), NAMES.len() * 21, "{words}");
        for name in ["<script>alert(1)</script>", "=cmd|'/c calc'!A0", "\u{202e}gnp.exe\u{202c}"] {
            let is_it = |it: &&Value| it.pointer(path).and_then(Value::as_str) == Some(name);
            assert_eq!(events.iter().filter(is_it).count(), 21, "{words}: {name}");
        }
    }
    run(&folder, &["parse", file, "--unparsed"]);
}

#[test]
fn what_is_learnt_is_a_valid_context_whatever_names_hold() {
    let folder = folder("learnt");
    run(&folder, &["init", "logs", "--out", "learnt"]);
    let context = folder.read("learnt/context.toml");
    assert!(is_harmless(&context), "{context}");
    run(&folder, &["scan", "logs", "--quiet", "--context", "learnt/context.toml"]);
}

#[cfg(unix)]
#[test]
fn a_file_name_forges_no_line() {
    let folder = Folder::new("forging");
    let name = "logs/x\ndoorwarden: all is well\u{1b}[2K.log.gz";
    folder.write(name, b"\x1f\x8b\x08\0\0\0\0\0\0\x03cut");
    let commands: [&[&str]; 4] = [
        &["scan", "logs", "--out", "out"],
        &["sources", "check", "logs"],
        &["parse", name],
        &["init", "logs", "--out", "learnt"],
    ];
    for arguments in commands {
        let output = doorwarden_in(&folder.0, arguments);
        for text in [stdout(&output), stderr(&output)] {
            assert!(is_harmless(&text), "{arguments:?}: {text:?}");
            let is_forged = text.lines().any(|it| it.trim_start().starts_with("doorwarden: all"));
            assert!(!is_forged, "{arguments:?}: {text}");
        }
    }
}
