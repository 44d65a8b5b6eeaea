//! Logs that are broken on purpose or by accident: nothing stops a scan, and what is wrong is told where people look.

use std::{
    fs,
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::common::{Folder, assert_memory, doorwarden_in, is_harmless, stderr, stdout};

const LINE: &str = "2026-03-03T10:00:00Z gate sshd[1]: Accepted password for ana from 203.0.113.5 port 4000 ssh2\n";

/// Scans `paths`; answers the exit code, summary.json and all that was printed.
fn scan(folder: &Folder, paths: &[&str]) -> (Option<i32>, Value, String) {
    let arguments = [&["scan"], paths, &["--out", "out"]].concat();
    let output = doorwarden_in(&folder.0, &arguments);
    let told = stdout(&output) + &stderr(&output);
    assert!(is_harmless(&told), "{told:?}");
    let summary = serde_json::from_str(&folder.read("out/summary.json")).unwrap();
    (output.status.code(), summary, told)
}

/// Runs the program on what comes through a pipe.
fn piped(folder: &Folder, arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_doorwarden"))
        .args(arguments)
        .current_dir(&folder.0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_damaged_or_guessed_is_told_everywhere() {
    let folder = Folder::new("told");
    let no_year = LINE.replace("2026-03-03T10:00:00Z", "Mar  3 10:00:00");
    let cases: [(Vec<u8>, &str, &str); 3] = [
        ([b"x".repeat(5 << 20).as_slice(), b"\n"].concat(), "damaged", "1 part damaged"),
        (no_year.into_bytes(), "year_unknown", "--year"),
        ([0, 1, 2, 3, 0xff, 0xfe, 7, 0].repeat(500), "binary", "neither text nor"),
    ];
    for (bytes, key, words) in cases {
        let scan = piped(&folder, &["scan", "-", "--out", "out"], &bytes);
        assert_eq!(scan.status.code(), Some(0), "{}", stderr(&scan));
        assert!(key == "binary" || stderr(&scan).contains(words), "{key}: {}", stderr(&scan));
        let summary: Value = serde_json::from_str(&folder.read("out/summary.json")).unwrap();
        let told = &summary["files"][0][key];
        assert!(*told == true || *told == 1, "{key}: {}", summary["files"][0]);
        assert!(folder.read("out/report.html").contains(words), "{key}: not on the page");
        let checked = piped(&folder, &["sources", "check", "-"], &bytes);
        assert!(stdout(&checked).contains(words), "{key}: {}", stdout(&checked));
        let parsed = piped(&folder, &["parse", "-"], &bytes);
        assert!(stderr(&parsed).contains(words), "{key}: {}", stderr(&parsed));
    }
}

#[test]
fn strange_years_are_dates_or_rejects_and_found_in_no_wrong_day() {
    let folder = Folder::new("years");
    let years = ["-0001", "0000", "0001", "1601", "1969", "9999", "10000", "292277026596"];
    let lines: String = years.iter().map(|it| LINE.replace("2026", it)).collect();
    folder.write("years.log", lines.as_bytes());
    let (code, summary, told) = scan(&folder, &["years.log"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(summary["lines"], 8);
    assert!(summary["events"].as_u64().is_some_and(|it| (1..=8).contains(&it)), "{summary}");
    assert_eq!(folder.read("out/incidents.jsonl"), "", "a sign-in a century is no attack");
}

#[test]
fn many_hosts_take_little_memory() {
    let folder = Folder::new("hosts");
    let line = |nr: u32| {
        let (minute, second) = (nr / 60 % 60, nr % 60);
        LINE.replace("gate", &format!("host{nr}"))
            .replace("10:00:00", &format!("10:{minute:02}:{second:02}"))
    };
    let text: String = (0..130_000).map(line).collect();
    folder.write("hosts.log", text.as_bytes());
    let (code, summary, _) = scan(&folder, &["hosts.log", "--max-memory", "512MiB"]);
    assert_eq!((code, &summary["events"]), (Some(0), &Value::from(130_000)));
    assert_memory(&summary, 512 << 20);
    assert_eq!(summary["sessions"], 130_000, "no session is lost where there are too many");
    assert!(folder.read("out/report.html").len() < 5 << 20);
}

#[test]
fn names_that_are_no_text_are_read() {
    let folder = Folder::new("no-text");
    let (before, after) = LINE.split_once("ana").unwrap();
    folder.write("log", [before.as_bytes(), b"a\xff\xc0\0na", after.as_bytes()].concat());
    let (code, summary, told) = scan(&folder, &["log"]);
    assert_eq!((code, &summary["events"]), (Some(0), &Value::from(1)), "{told}");
}

#[test]
fn nothing_to_read_is_said() {
    let folder = Folder::new("nothing");
    fs::create_dir_all(folder.0.join("empty")).unwrap();
    folder.write("empty.log", b"");
    let (code, _, told) = scan(&folder, &["empty"]);
    assert_eq!(code, Some(0));
    assert!(told.contains("No log was found there"), "{told}");
    let (code, summary, _) = scan(&folder, &["empty.log"]);
    assert_eq!((code, &summary["files"][0]["bytes"]), (Some(0), &Value::from(0)));
    let (code, summary, told) = scan(&folder, &["gone", "empty.log"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("gone: ") && told.contains("o such file"), "{told}");
    assert_eq!(summary["errors"][0]["path"], "gone");
}

#[test]
fn a_quiet_scan_still_tells_what_could_not_be_read() {
    let folder = Folder::new("quiet");
    folder.write("whole.log", LINE.as_bytes());
    folder.write("cut.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03cut");
    for how in ["--quiet", "--json"] {
        let output = doorwarden_in(&folder.0, &["scan", "gone", "cut.gz", "whole.log", how]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty(), "{}", stdout(&output));
        let told = stderr(&output);
        assert!(told.lines().count() == 2 && told.contains("`gone`") && told.contains("`cut.gz`"));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_that_was_asked_for_is_told_what_to_do() {
    let folder = Folder::new("pipe");
    folder.write("whole.log", LINE.as_bytes());
    let made = Command::new("mkfifo").arg(folder.0.join("pipe")).status();
    assert!(made.unwrap().success());
    let (code, summary, told) = scan(&folder, &["pipe", "whole.log"]);
    assert_eq!((code, &summary["events"]), (Some(1), &Value::from(1)));
    assert!(told.contains("pipe: neither a file nor a folder: pipe what it gives into"), "{told}");
}

#[test]
fn standard_input_is_read_packed_or_not() {
    let folder = Folder::new("stdin");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(LINE.as_bytes()).unwrap();
    for bytes in [LINE.as_bytes().to_vec(), packed.finish().unwrap()] {
        let scan = piped(&folder, &["scan", "-", "--out", "out", "--quiet"], &bytes);
        assert_eq!(scan.status.code(), Some(0), "{}", stderr(&scan));
        let summary: Value = serde_json::from_str(&folder.read("out/summary.json")).unwrap();
        assert_eq!((&summary["events"], &summary["files"][0]["file"]), (&1.into(), &"-".into()));
    }
}

#[test]
fn a_wrong_context_stops_before_anything_is_read() {
    let folder = Folder::new("context");
    folder.write("whole.log", LINE.as_bytes());
    folder.write("syntax.toml", b"[organisation]\nname = \"x\"\n= broken\n");
    folder.write("key.toml", b"[organisation]\nname = \"x\"\nnonsense = 1\n");
    folder.write("key.json", b"{\n\"organisation\": {\n\"nonsense\": 1}}");
    let deep = "{\"organisation\":".to_owned() + &"[".repeat(100_000);
    folder.write("deep.json", deep.as_bytes());
    folder.write("deep.toml", ("a = ".to_owned() + &"[".repeat(100_000)).as_bytes());
    let cases: [(&str, &[&str]); 6] = [
        ("gone.toml", &["o such file"]),
        ("syntax.toml", &["line 3"]),
        ("key.toml", &["nonsense", "line 3"]),
        ("key.json", &["nonsense", "line 3"]),
        ("deep.json", &["line 1"]),
        ("deep.toml", &["line 1"]),
    ];
    for (name, words) in cases {
        let output = doorwarden_in(&folder.0, &["scan", "whole.log", "--context", name]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        let told = stderr(&output);
        assert!(told.contains(name) && told.len() < 4_000, "{name}: {} bytes", told.len());
        for word in words {
            assert!(told.contains(word), "{name}: {told}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_no_success() {
    let folder = Folder::new("unprinted");
    folder.write("whole.log", LINE.as_bytes());
    let commands: [&[&str]; 4] =
        [&["parse", "whole.log"], &["scan", "whole.log"], &["explain"], &["sources"]];
    for arguments in commands {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_doorwarden"))
            .args(arguments)
            .current_dir(&folder.0)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        let told = stderr(&output);
        assert_eq!(told.matches("cannot write to standard output").count(), 1, "{told}");
    }
}

#[cfg(unix)]
#[test]
fn outputs_go_through_no_link_and_are_for_their_owner_only() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = Folder::new("links");
    folder.write("whole.log", LINE.as_bytes());
    folder.write("precious", b"precious");
    fs::create_dir_all(folder.0.join("out")).unwrap();
    for name in [".incidents.jsonl.new", ".events.parquet.new", "summary.json"] {
        symlink(folder.0.join("precious"), folder.0.join("out").join(name)).unwrap();
    }
    let (code, ..) = scan(&folder, &["whole.log"]);
    assert_eq!(code, Some(0));
    assert_eq!(folder.read("precious"), "precious");
    for entry in fs::read_dir(folder.0.join("out")).unwrap() {
        let path = entry.unwrap().path();
        let facts = fs::symlink_metadata(&path).unwrap();
        assert!(facts.is_file(), "{}", path.display());
        assert_eq!(facts.permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn the_first_scan_and_the_next_write_the_same() {
    let folder = Folder::new("next");
    folder.write("logs/whole.log", LINE.as_bytes());
    let summaries = [1, 2].map(|_| {
        let output = doorwarden_in(&folder.0, &["scan", "logs", "--out", "logs/out", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = folder.read("logs/out/summary.json");
        let mut summary: Value = serde_json::from_str(&text).unwrap();
        summary.as_object_mut().unwrap().remove("run");
        summary
    });
    assert_eq!(summaries[0], summaries[1]);
}
