//! A flood of junk in a log leaves memory bounded and what is found about real accounts as it was.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Folder, assert_memory, doorwarden_in, stderr};

/// Junk lines; a run over a million is measured with `cargo xtask bench`.
const JUNK: u32 = 150_000;

/// Three weeks of one real account, and a take-over after guessing at its end.
fn real() -> String {
    let mut text = String::new();
    for day in 1..=21 {
        for hour in [8, 13] {
            let (port, pid) = (4_000 + day * 10 + hour, day * 100 + hour);
            writeln!(text, "2026-03-{day:02}T{hour:02}:05:00Z gate sshd[{pid}]: Accepted password for ana from 198.51.100.7 port {port} ssh2").unwrap();
        }
    }
    for second in 0..30 {
        writeln!(text, "2026-03-22T02:00:{second:02}Z gate sshd[9{second:02}]: Failed password for ana from 203.0.113.66 port {} ssh2", 5_000 + second).unwrap();
    }
    text + "2026-03-22T02:00:40Z gate sshd[999]: Accepted password for ana from 203.0.113.66 port 5100 ssh2\n"
}

/// Names and addresses that occur once each, over the same weeks.
fn junk() -> String {
    let mut text = String::new();
    for nr in 0..JUNK {
        let second = u64::from(nr) * 1_814_400 / u64::from(JUNK);
        let (day, rest) = (1 + second / 86_400, second % 86_400);
        let (hour, minute, second) = (rest / 3_600, rest / 60 % 60, rest % 60);
        let (a, b, c) = (nr / 65_536 % 200 + 11, nr / 256 % 256, nr % 256);
        writeln!(text, "2026-03-{day:02}T{hour:02}:{minute:02}:{second:02}Z gate sshd[7]: Failed password for invalid user junk{nr} from {a}.{b}.{c}.9 port 22 ssh2").unwrap();
    }
    text
}

/// Risk, detectors and accounts of the incidents about `ana`.
fn about_ana(folder: &Folder) -> Vec<(Value, Value, Value)> {
    let of = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
    let incidents = folder.read("out/incidents.jsonl");
    let all = incidents.lines().map(of);
    let own = all.filter(|it| it["users"].to_string().contains("ana\""));
    own.map(|it| (it["severity"].clone(), it["risk"].clone(), it["title"].clone())).collect()
}

fn scan(name: &str, text: &str) -> (Folder, Value) {
    let folder = Folder::new(name);
    folder.write("auth.log", text);
    let output = doorwarden_in(
        &folder.0,
        &["scan", "auth.log", "--out", "out", "--max-memory", "256MiB", "--quiet"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let summary = serde_json::from_str(&folder.read("out/summary.json")).unwrap();
    (folder, summary)
}

#[test]
fn junk_names_and_sources_change_nothing_about_real_accounts() {
    let (alone, _) = scan("alone", &real());
    let (flooded, summary) = scan("flooded", &(real() + &junk()));
    assert_eq!(summary["events"], u64::from(JUNK) + 42 + 31);
    assert_eq!(summary["accounts"], 1, "names that never sign in are no accounts");
    let found = about_ana(&alone);
    assert!(!found.is_empty(), "the take-over is found");
    assert_eq!(found, about_ana(&flooded));
    let incidents = flooded.read("out/incidents.jsonl").lines().count();
    assert!(incidents < 60, "noise is rolled up, not {incidents} incidents");
    assert_memory(&summary, 256 << 20);
}
