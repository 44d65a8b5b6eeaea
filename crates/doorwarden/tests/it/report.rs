//! A scan of the sample logs: what it prints, and what it writes.

use crate::common::{Folder, doorwarden, stderr, stdout};
use serde_json::Value;

#[test]
fn a_pipe_gets_the_table_and_nothing_else() {
    let output = doorwarden(&["scan", "small"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("RISK\tSEVERITY\tWHEN (UTC)\tWHO\tDOOR\tFROM\tREASON\tID"));
    let rows: Vec<Vec<&str>> = lines.map(|it| it.split('\t').collect()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|it| it.len() == 8), "{text}");
    assert!(rows.iter().any(|it| it[3].starts_with("dora")), "{text}");
    let notes = stderr(&output);
    assert!(notes.contains("Read 2 files") && notes.contains("Not understood"), "{notes}");
    assert!(!text.contains('\u{1b}') && !notes.contains('\u{1b}'));
}

#[test]
fn json_prints_the_incidents_and_nothing_else() {
    let output = doorwarden(&["scan", "small", "--json"]);
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
    for line in stdout(&output).lines() {
        let incident: Value = serde_json::from_str(line).unwrap();
        assert!(incident["id"].as_str().unwrap().starts_with("i-"));
    }
}

#[test]
fn quiet_prints_nothing() {
    let output = doorwarden(&["scan", "small", "--quiet"]);
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn the_page_tells_the_take_over_over_all_systems() {
    let folder = Folder::new("report");
    doorwarden(&["scan", "small", "--out", folder.0.to_str().unwrap()]);
    let page = folder.read("report.html");
    let (_, card) = page.split_once("<article class=\"incident item ").unwrap();
    let (card, _) = card.split_once("</article>").unwrap();
    assert!(card.contains("dora"), "{card}");
    for lane in ["asa1", "web1", "db1"] {
        assert!(card.contains(&format!(">{lane}</text>")), "{lane}: {card}");
    }
    assert_eq!(card.matches("<circle cx=").count(), card.matches("<circle ").count());
    assert!(card.contains("class=\"step\""), "{card}");
}

#[test]
fn the_page_is_the_same_each_time() {
    let pages = [1, 4].map(|threads| {
        let folder = Folder::new(&format!("same-{threads}"));
        let threads = threads.to_string();
        doorwarden(&["scan", "small", "--threads", &threads, "--out", folder.0.to_str().unwrap()]);
        folder.read("report.html")
    });
    assert!(pages[0] == pages[1]);
}
