//! What cannot be read or written is told with its name and what to do, and everything else is still scanned.

use std::{fs, io::Write as _, path::Path};

use serde_json::Value;

use crate::common::{Folder, doorwarden_in, is_harmless, stderr, stdout};

const LINE: &str =
    "Mar  3 10:00:00 gate sshd[1]: Accepted password for ana from 203.0.113.5 port 4000 ssh2\n";

/// The packed form of `bytes`.
fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

/// Lines enough that their packed form can be cut.
fn lines() -> String {
    (0..2_000).map(|nr| LINE.replace("port 4000", &format!("port {}", 1_000 + nr * 7))).collect()
}

/// Scans `logs` in `folder` and returns what summary.json says.
fn scan(folder: &Folder, code: i32) -> (Value, String) {
    let output = doorwarden_in(&folder.0, &["scan", "logs", "--out", "out"]);
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), stderr(&output));
    let told = stdout(&output) + &stderr(&output);
    assert!(is_harmless(&told), "{told}");
    (serde_json::from_str(&folder.read("out/summary.json")).unwrap(), told)
}

/// What is told of the file `name`.
fn told_of<'t>(told: &'t str, name: &str) -> &'t str {
    let is_of = |line: &&str| line.contains(name) && line.contains(": ");
    told.lines().find(is_of).unwrap_or_else(|| panic!("nothing is told of {name}: {told}"))
}

#[test]
fn a_cut_archive_is_read_as_far_as_it_goes() {
    let folder = Folder::new("cut");
    let packed = gzipped(lines().as_bytes());
    folder.write("logs/cut.log.gz", &packed[..packed.len() / 2]);
    folder.write("logs/whole.log", LINE.as_bytes());
    let (summary, told) = scan(&folder, 1);
    assert!(told_of(&told, "cut.log.gz").contains("too early"), "{told}");
    let events = summary["events"].as_u64().unwrap();
    assert!((500..2_001).contains(&events), "{events} events");
}

#[test]
fn a_bomb_is_given_up_and_its_neighbours_are_read() {
    let folder = Folder::new("bomb");
    let zeros = gzipped(&vec![0; 200 << 20]);
    folder.write("logs/bomb.log.gz", &zeros);
    folder.write("logs/nested.log.gz", gzipped(&gzipped(&vec![b'A'; 200 << 20])));
    folder.write("logs/whole.log", LINE.as_bytes());
    let (summary, told) = scan(&folder, 1);
    for name in ["bomb.log.gz", "nested.log.gz"] {
        let line = told_of(&told, name);
        assert!(line.contains("unpack") || line.contains("times"), "{line}");
    }
    assert_eq!(summary["events"], 1);
}

#[test]
fn odd_files_do_not_stop_a_scan() {
    let folder = Folder::new("odd");
    folder.write("logs/whole.log", LINE.as_bytes());
    folder.write("logs/empty.log", b"");
    folder.write("logs/nothing.bin", [0, 1, 2, 3, 0xff, 0xfe, 0, 0].repeat(500));
    folder.write(
        "logs/long.log",
        [b"x".repeat(12 << 20).as_slice(), b"\n", LINE.as_bytes()].concat(),
    );
    folder.write("logs/deep.json", b"[".repeat(200_000));
    folder.write("logs/deep.jsonl", br#"{"a":"#.repeat(200_000));
    folder.write("logs/nul.log", [b"\0\0\0\n", LINE.as_bytes(), b"\xff\xfe\n"].concat());
    let (summary, _) = scan(&folder, 0);
    assert_eq!(summary["events"], 1, "the line that three logs hold is one record");
    assert_eq!(summary["copies"], 2);
}

#[cfg(unix)]
#[test]
fn loops_pipes_and_steering_names_are_passed() {
    let folder = Folder::new("loop");
    folder.write("logs/whole.log", LINE.as_bytes());
    folder.write("logs/na\u{1b}[31m\nme.log", LINE.replace("ana", "ben").as_bytes());
    std::os::unix::fs::symlink(".", folder.0.join("logs/again")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.0.join("logs/pipe.log")).status();
    assert!(made.unwrap().success());
    let (summary, _) = scan(&folder, 0);
    assert_eq!(summary["events"], 2);
    assert_eq!(summary["files"].as_array().unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("closed");
    folder.write("logs/whole.log", LINE.as_bytes());
    folder.write("logs/closed.log", LINE.as_bytes());
    let closed = folder.0.join("logs/closed.log");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    if fs::File::options().read(true).open(&closed).is_ok() {
        // Permissions do not bind the super-user; the test below fails reads for everybody.
        return;
    }
    let (summary, told) = scan(&folder, 1);
    assert!(told_of(&told, "closed.log").contains("ermission"), "{told}");
    assert_eq!(summary["events"], 1);
}

/// Memory that is not mapped: opened by whoever runs this, and read by nobody.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_fails_while_it_is_read_is_named() {
    let folder = Folder::new("failing");
    folder.write("logs/whole.log", LINE.as_bytes());
    let output = doorwarden_in(&folder.0, &["scan", "/proc/self/mem", "logs", "--out", "out"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told = stdout(&output) + &stderr(&output);
    assert!(told_of(&told, "/proc/self/mem").contains("nput/output error"), "{told}");
    let summary: Value = serde_json::from_str(&folder.read("out/summary.json")).unwrap();
    assert_eq!(summary["events"], 1);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_nothing_half_written_stays() {
    let folder = Folder::new("full");
    folder.write("logs/whole.log", lines().as_bytes());
    let program = env!("CARGO_BIN_EXE_doorwarden");
    // A file may grow to 4 KiB here: writing more fails as on a full disk.
    let script = format!("trap '' XFSZ; ulimit -f 8; exec '{program}' scan logs --out out");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("cannot write `out/"), "{}", stderr(&output));
    assert!(stderr(&output).contains("is the disk full?"), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("RISK\t"), "what was found is still printed");
    assert!(stderr(&output).contains("2,000 events"), "{}", stderr(&output));
    let left = fs::read_dir(folder.0.join("out")).unwrap().count();
    assert_eq!(left, 0, "files are left in {}", Path::new("out").display());
}
