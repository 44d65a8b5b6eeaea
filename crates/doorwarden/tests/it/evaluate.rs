//! What a scan found against what was planted, from the files to the terminal.

use serde_json::{Value, json};

use crate::common::{Folder, doorwarden, stderr, stdout};

/// Writes a truth and incidents into `folder`: one attack of two is found, and there is one false incident.
fn planted(folder: &Folder) -> [String; 2] {
    let campaign = |kind: &str, name: &str, account: &str, source: &str| {
        json!({
            "id": "c-001", "kind": kind, "name": name, "visible": true, "knobs": {"hours": "off"},
            "explained_by": ["travel"], "accounts": [account], "sources": [source],
            "first_access": "2026-02-10T12:00:00Z", "first_step": "2026-02-10T12:00:00Z",
            "last_step": "2026-02-11T12:00:00Z", "steps": [],
        })
    };
    let truth = json!({
        "seed": 1, "people": 2000, "days": 60, "start": "2026-01-01T00:00:00Z", "end": "2026-03-02T00:00:00Z",
        "config": "", "accounts": [],
        "campaigns": [
            campaign("C01", "APT18", "ana", "203.0.113.7"),
            campaign("C10", "Volt Typhoon", "ben", "203.0.113.8"),
        ],
        "benign": [{"kind": "holiday", "accounts": ["cem"], "from": "2026-01-20T00:00:00Z", "to": "2026-01-30T00:00:00Z"}],
    });
    let incident = |risk: f64, user: &str, src_ip: &str, time: &str| {
        let signal = json!({"detector": "impossible-travel", "time": time, "user": user, "src_ip": src_ip, "risk": risk, "kinds": ["travel"]});
        let incident = json!({
            "risk": risk, "first_seen": time, "last_seen": time, "users": [user], "src_ips": [src_ip], "signals": [signal],
        });
        format!("{incident}\n")
    };
    let found = incident(82.5, "CORP\\Ana", "203.0.113.7", "2026-02-10T12:03:00Z");
    let harmless = incident(61.0, "cem", "198.51.100.1", "2026-01-25T07:00:00Z");
    folder.write("logs.truth.json", truth.to_string());
    folder.write("incidents.jsonl", found + &harmless);
    ["logs.truth.json", "incidents.jsonl"].map(|it| folder.0.join(it).display().to_string())
}

#[test]
fn evaluate_tells_what_was_found_and_what_it_cost() {
    let folder = Folder::new("evaluate");
    let [truth, incidents] = planted(&folder);
    let output = doorwarden(&["evaluate", "--truth", &truth, "--incidents", &incidents]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn evaluate_pools_pairs_and_prints_one_object() {
    let folder = Folder::new("evaluate-json");
    let [truth, incidents] = planted(&folder);
    let pair = ["--truth", &truth, "--incidents", &incidents];
    let words: Vec<&str> = ["evaluate", "--json"].into_iter().chain(pair).chain(pair).collect();
    let score: Value = serde_json::from_str(&stdout(&doorwarden(&words))).unwrap();
    assert_eq!([&score["recall"]["found"], &score["recall"]["of"]], [2, 4]);
    assert_eq!(score["people_days"], 240_000.0);
    assert_eq!(score["false_incidents"]["by_cause"][0]["class"], "holiday");
    assert_eq!(score["time_to_detect"]["median_minutes"], 3.0);
}

#[test]
fn evaluate_refuses_what_it_cannot_compare() {
    let folder = Folder::new("evaluate-wrong");
    let [truth, incidents] = planted(&folder);
    let demo = "../../../demo/logs.truth.json";
    let output = doorwarden(&["evaluate", "--truth", demo, "--incidents", &incidents]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.contains("is no truth of `doorwarden simulate`: expected one JSON object with"),
        "{said}"
    );
    let output =
        doorwarden(&["evaluate", "--truth", &truth, "--truth", &truth, "--incidents", &incidents]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("2 times --truth, but 1 times --incidents"));
    let late = ["evaluate", "--truth", &truth, "--incidents", &incidents, "--learning-days", "60"];
    assert_eq!(doorwarden(&late).status.code(), Some(1));
}
