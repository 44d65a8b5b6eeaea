//! The demo, scanned by the built program: what is hidden is found, what is innocent stays quiet, and the output is the
//! same for any number of threads, any order of files, and with old copies lying about.
#![expect(clippy::unwrap_used, reason = "a demo that cannot be read should stop the test")]
#![expect(clippy::disallowed_methods, reason = "a test reads and writes files")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The folder of the demo.
fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

/// A folder for what a test writes, of its own where tests run in processes of their own.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("demo-{name}-{}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// What a scan wrote.
#[derive(PartialEq, Eq)]
struct Output {
    incidents: String,
    sessions: String,
}

impl Output {
    /// The incidents.
    fn incidents(&self) -> Vec<Value> {
        self.incidents.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }

    /// The sessions.
    fn sessions(&self) -> Vec<Value> {
        self.sessions.lines().map(|it| serde_json::from_str(it).unwrap()).collect()
    }
}

/// Scans `logs` in `folder`, with what the administrators know.
fn scan(folder: &Path, name: &str, threads: &str) -> Output {
    let out = Scratch::new(name);
    let done = Command::new(env!("CARGO_BIN_EXE_doorwarden"))
        .current_dir(folder)
        .args(["scan", "logs", "--quiet", "--threads", threads, "--context"])
        .arg(demo().join("context.toml"))
        .arg("--out")
        .arg(&out.0)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let read = |name: &str| fs::read_to_string(out.0.join(name)).unwrap();
    Output { incidents: read("incidents.jsonl"), sessions: read("sessions.jsonl") }
}

/// The scan that the others are compared with.
fn plain() -> &'static Output {
    static PLAIN: OnceLock<Output> = OnceLock::new();
    PLAIN.get_or_init(|| scan(&demo(), "plain", "2"))
}

fn truth() -> Value {
    serde_json::from_str(&fs::read_to_string(demo().join("logs.truth.json")).unwrap()).unwrap()
}

/// The texts of a list.
fn texts<'v>(of: &'v Value, key: &str) -> BTreeSet<&'v str> {
    of[key].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

/// A moment.
fn time(of: &Value, key: &str) -> Timestamp {
    of[key].as_str().unwrap().parse().unwrap()
}

/// Whether the incident is about the attack: accounts, sources and days have something in common.
fn is_about(incident: &Value, attack: &Value) -> bool {
    let users: BTreeSet<&str> =
        texts(incident, "users").iter().map(|it| it.rsplit('\\').next().unwrap()).collect();
    let day = SignedDuration::from_hours(24);
    !users.is_disjoint(&texts(attack, "accounts"))
        && !texts(incident, "src_ips").is_disjoint(&texts(attack, "src_ips"))
        && time(incident, "first_seen") <= time(attack, "last") + day
        && time(attack, "first") - day <= time(incident, "last_seen")
}

fn is_at_least(incident: &Value, severity: &str) -> bool {
    let order = ["low", "medium", "high", "critical"];
    let rank = |it: &str| order.iter().position(|known| *known == it).unwrap();
    rank(severity) <= rank(incident["severity"].as_str().unwrap())
}

/// What an incident is called, for a failed test's message.
fn title(incident: &Value) -> String {
    format!("{} {} ({})", incident["severity"], incident["title"], incident["first_seen"])
}

#[test]
fn every_attack_that_needs_no_history_is_found() {
    let (truth, incidents) = (truth(), plain().incidents());
    let mut missed = Vec::new();
    for attack in truth["attacks"].as_array().unwrap() {
        if attack["needs_history"] == true {
            continue;
        }
        let expected = texts(attack, "expected_detectors");
        let is_found = incidents.iter().filter(|it| is_about(it, attack)).any(|it| {
            let signals = it["signals"].as_array().unwrap();
            is_at_least(it, attack["severity_at_least"].as_str().unwrap())
                && !texts(it, "services").is_disjoint(&texts(attack, "services"))
                && signals.iter().any(|it| expected.contains(it["detector"].as_str().unwrap()))
        });
        if !is_found {
            let about: Vec<String> =
                incidents.iter().filter(|it| is_about(it, attack)).map(title).collect();
            missed.push(format!("{}: {about:?}", attack["id"]));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_innocent_are_left_alone() {
    let truth = truth();
    let attacks = truth["attacks"].as_array().unwrap();
    let others: Vec<Value> = plain()
        .incidents()
        .into_iter()
        .filter(|it| {
            is_at_least(it, "medium") && !attacks.iter().any(|attack| is_about(it, attack))
        })
        .collect();
    let titles: Vec<String> = others.iter().map(title).collect();
    assert!(others.len() <= 3, "{titles:#?}");
    assert!(!others.iter().any(|it| is_at_least(it, "high")), "{titles:#?}");
}

#[test]
fn sign_ins_inside_are_tied_to_the_session_that_they_came_through() {
    let (truth, sessions) = (truth(), plain().sessions());
    let mut by_record: BTreeMap<(&str, u64), &Value> = BTreeMap::new();
    let mut by_id: BTreeMap<&str, &Value> = BTreeMap::new();
    for session in &sessions {
        by_id.insert(session["id"].as_str().unwrap(), session);
        for event in session["events"].as_array().unwrap() {
            let file = event["file"].as_str().unwrap().strip_prefix("logs/").unwrap();
            by_record.insert((file, event["line"].as_u64().unwrap()), session);
        }
    }
    let (mut right, mut wrong) = (0, Vec::new());
    let inner = truth["inner_sign_ins"].as_array().unwrap();
    for sign_in in inner {
        let record = (sign_in["file"].as_str().unwrap(), sign_in["line"].as_u64().unwrap());
        let explained = by_record.get(&record).and_then(|it| it["explained_by"].as_str());
        let Some(outer) = explained.and_then(|it| by_id.get(it)) else { continue };
        if is_session(outer, &sign_in["session"]) {
            right += 1;
        } else {
            wrong.push(format!("{sign_in} is tied to {outer}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), inner.len(), wrong.first());
    assert!(inner.len() * 95 <= right * 100, "{right} of {}", inner.len());
}

/// Whether `session` is the one that the truth describes; it begins with the second factor, a little before the lease.
fn is_session(session: &Value, truth: &Value) -> bool {
    let before = time(truth, "start").duration_since(time(session, "start"));
    session["assigned_ip"] == truth["assigned_ip"]
        && session["user"].as_str().unwrap().eq_ignore_ascii_case(truth["user"].as_str().unwrap())
        && before.abs() < SignedDuration::from_mins(10)
}

#[test]
fn the_output_is_the_same_for_any_number_of_threads() {
    for threads in ["1", "8"] {
        let other = scan(&demo(), &format!("threads-{threads}"), threads);
        assert!(other == *plain(), "{threads} threads");
    }
}

/// All files of the demo's logs, relative to its folder.
fn files() -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![demo().join("logs")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path.strip_prefix(demo()).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}

#[test]
fn the_output_is_the_same_for_any_order_of_files() {
    let folder = Scratch::new("shuffled-logs");
    let (even, odd): (Vec<_>, Vec<_>) =
        files().into_iter().enumerate().rev().partition(|it| it.0 % 2 == 0);
    for (_, file) in odd.into_iter().chain(even) {
        copy(&demo().join(&file), &folder.0.join(&file));
    }
    assert!(scan(&folder.0, "shuffled", "2") == *plain());
}

#[test]
fn the_output_is_the_same_whatever_the_files_are_called() {
    let folder = Scratch::new("renamed-logs");
    let all = files();
    for (nr, file) in all.iter().enumerate() {
        let name = file.file_name().unwrap().to_str().unwrap();
        // The names that came first come last; the date in a name gives the year to stamps without one, and stays.
        let renamed = file.with_file_name(format!("{}renamed-{name}", "z".repeat(all.len() - nr)));
        copy(&demo().join(file), &folder.0.join(renamed));
    }
    let Output { incidents, sessions } = scan(&folder.0, "renamed", "2");
    let original = |it: String| {
        let names: Vec<&str> = it.split("renamed-").collect();
        let (last, before) = names.split_last().unwrap();
        let before = before.iter().map(|it| it.trim_end_matches('z'));
        before.chain([*last]).collect::<String>()
    };
    let found = Output { incidents: original(incidents), sessions: original(sessions) };
    assert!(found == *plain());
}

#[test]
fn old_copies_change_nothing() {
    let folder = Scratch::new("copied-logs");
    for file in files() {
        let name = file.file_name().unwrap().to_str().unwrap();
        copy(&demo().join(&file), &folder.0.join(&file));
        // Copies keep the date in their names: it gives the year to stamps without one.
        copy(&demo().join(&file), &folder.0.join(file.with_file_name(format!("copy-of-{name}"))));
    }
    let Output { incidents, sessions } = scan(&folder.0, "copied", "2");
    // Of two copies either may be named as evidence.
    let original = |it: String| it.replace("copy-of-", "");
    let found = Output { incidents: original(incidents), sessions: original(sessions) };
    assert!(found == *plain());
}
