//! What people type, and what they get.

use crate::common::{Folder, doorwarden, doorwarden_in, stderr, stdout};
use serde_json::Value;

#[test]
fn alone_it_says_what_to_do_first() {
    let output = doorwarden(&[]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(stdout(&output));
}

#[test]
fn explain_lists_detectors_and_shows_their_pages() {
    let list = stdout(&doorwarden(&["explain"]));
    assert!(list.lines().any(|it| it.starts_with("password-spray ")), "{list}");
    let page = stdout(&doorwarden(&["explain", "password-spray"]));
    assert!(page.starts_with("Password spray\n"), "{page}");
    assert!(page.contains("Settings") && !page.contains("```"), "{page}");
    let output = doorwarden(&["explain", "nonsense"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no detector `nonsense`"));
}

#[test]
fn explain_tells_an_incident_in_full() {
    let folder = Folder::new("explain");
    let out = folder.0.to_str().unwrap();
    doorwarden(&["scan", "small", "--out", out]);
    let incidents = folder.read("incidents.jsonl");
    let first: Value = serde_json::from_str(incidents.lines().next().unwrap()).unwrap();
    let told = stdout(&doorwarden(&["explain", first["id"].as_str().unwrap(), "--out", out]));
    for step in first["story"].as_array().unwrap() {
        let start = step["what"].as_str().unwrap().split(' ').next().unwrap();
        assert!(told.contains(start), "{told}");
    }
    assert!(told.contains("Why it stands out") && told.contains("small/vpn/asa1-20261031.log:"));
    let output = doorwarden(&["explain", "i-ffffffffffffffff", "--out", out]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn sources_lists_formats_and_shows_their_pages() {
    let list = stdout(&doorwarden(&["sources"]));
    assert!(list.lines().any(|it| it.starts_with("openssh ") && it.ends_with("OpenSSH")), "{list}");
    assert!(stdout(&doorwarden(&["sources", "openssh"])).starts_with("OpenSSH\n"));
    assert_eq!(doorwarden(&["sources", "nonsense"]).status.code(), Some(2));
}

#[test]
fn sources_check_shows_the_shapes_of_what_is_not_understood() {
    let output = doorwarden(&["sources", "check", "small/linux"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    assert!(
        text.contains("kernel: DROP IN=eth0 SRC=<ip> DST=<ip> PROTO=TCP SPT=<n> DPT=<n>"),
        "{text}"
    );
    assert!(text.lines().any(|it| it.trim_start().starts_with("6 ")), "{text}");
}

#[test]
fn init_writes_valid_files_and_never_over_others() {
    let folder = Folder::new("init");
    let out = folder.0.to_str().unwrap();
    let output = doorwarden(&["init", "small", "--out", out]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let context = folder.read("context.toml");
    assert!(context.contains("#egress_cidrs = [\"203.0.113.0/24\"]"), "{context}");
    assert!(context.contains("# vpn asa1: "), "{context}");
    std::fs::write(folder.0.join("context.toml"), "# mine\n").unwrap();
    let again = doorwarden(&["init", "small", "--out", out]);
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("context.toml is there already: left as it is"));
    assert_eq!(folder.read("context.toml"), "# mine\n");
    let scan = doorwarden(&[
        "scan",
        "small",
        "--config",
        &format!("{out}/doorwarden.toml"),
        "--context",
        &format!("{out}/context.toml"),
    ]);
    assert_eq!(scan.status.code(), Some(0), "{}", stderr(&scan));
}

#[test]
fn parse_speaks_the_words_of_others() {
    let first = |format: &str| {
        let output = doorwarden(&["parse", "small/vpn/asa1-20261031.log", "--format", format]);
        let text = stdout(&output);
        serde_json::from_str::<Value>(text.lines().next().unwrap()).unwrap()
    };
    let (own, ocsf, ecs) = (first("json"), first("ocsf"), first("ecs"));
    assert_eq!(own["time"], "2026-10-05T07:12:22.000Z");
    assert_eq!(
        [&ocsf["class_uid"], &ocsf["activity_id"], &ocsf["type_uid"], &ocsf["status_id"]],
        [3002, 1, 300_201, 1]
    );
    assert_eq!(ocsf["time"], 1_791_184_342_000_i64);
    assert_eq!(
        [&ocsf["user"]["name"], &ocsf["src_endpoint"]["ip"], &ocsf["dst_endpoint"]["hostname"]],
        [&own["user"], &own["src_ip"], &own["host"]]
    );
    assert_eq!(ecs["@timestamp"], own["time"]);
    assert_eq!(ecs["event"]["category"], serde_json::json!(["authentication"]));
    assert_eq!([&ecs["event"]["outcome"], &ecs["event"]["kind"]], ["success", "event"]);
    assert_eq!([&ecs["user"]["name"], &ecs["source"]["ip"]], [&own["user"], &own["src_ip"]]);
}

#[test]
fn parse_names_scan_for_folders_and_goes_on() {
    let output = doorwarden(&["parse", "small", "small/vpn/asa1-20261031.log"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`doorwarden scan small` reads folders"));
    assert!(!output.stdout.is_empty());
}

#[test]
fn shells_and_man_get_what_they_want() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(stdout(&doorwarden(&["completions", shell])).contains("doorwarden"), "{shell}");
    }
    assert!(stdout(&doorwarden(&["man"])).contains(".TH doorwarden 1"));
    let folder = Folder::new("man");
    doorwarden_in(&folder.0, &["man", "--out", "pages"]);
    assert!(folder.0.join("pages/doorwarden-scan.1").is_file());
}
