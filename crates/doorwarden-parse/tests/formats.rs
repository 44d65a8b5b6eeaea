//! Golden tests of all formats: every `src/formats/<id>/<theme>.log` against the `.snap` beside it, and the promises
//! that hold for all formats.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests read their own samples")]

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use doorwarden_model::{Event, Outcome};
use doorwarden_parse::{Reject, Sink, SourceInfo, SourceStats, Unit, formats, read_source};
use jiff::civil::date;

/// One readable line per event, in the words of the outputs.
#[derive(Default)]
struct Golden {
    lines: Vec<(u64, String)>,
    seen: BTreeSet<u64>,
}

impl Sink for Golden {
    fn event(&mut self, event: &Event<'_>, _: u128, line: u64, _: Unit) {
        self.seen.insert(line);
        self.lines.push((line, readable(event)));
    }

    fn unparsed(&mut self, line: u64, _: &str, format: Option<&'static str>, why: Option<&Reject>) {
        self.seen.insert(line);
        let why = match (format, why) {
            (Some(_), Some(why)) => format!("REJECT {why}"),
            _ => "unclaimed".to_owned(),
        };
        self.lines.push((line, why));
    }
}

fn readable(event: &Event<'_>) -> String {
    let mut text = format!("{} {} {}", event.time, event.service, event.activity);
    if let Some(outcome) = event.outcome {
        write!(text, " {outcome}").unwrap();
    }
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let is_plain =
                !value.contains([' ', '`', '"']) && value.chars().all(|it| !it.is_control());
            let value = if is_plain { value } else { format!("`{}`", value.escape_debug()) };
            write!(text, " {name}={value}").unwrap();
        }
    };
    let owned = |it: Option<&str>| it.map(str::to_owned);
    field("user", owned(event.user));
    field("domain", owned(event.domain));
    field("src", event.src_ip.map(|it| it.to_string()));
    field("port", event.src_port.map(|it| it.to_string()));
    field("src_host", owned(event.src_host));
    field("assigned", event.assigned_ip.map(|it| it.to_string()));
    field("host", owned(event.host));
    field("target", owned(event.target));
    field("session", owned(event.session));
    field("device", owned(event.device));
    field("client", owned(event.client));
    field("certificate", owned(event.certificate));
    field("method", owned(event.method));
    field("mfa", event.mfa.map(|it| format!("{}:{}", it.method.unwrap_or("?"), it.result)));
    field("reason", event.reason.map(|it| it.to_string()));
    field("code", owned(event.code));
    field("actor", owned(event.actor));
    field("detail", owned(event.detail));
    field("logon_type", event.logon_type.map(|it| it.to_string()));
    if event.time_assumed.word() != "" {
        write!(text, " assumed={}", event.time_assumed).unwrap();
    }
    text
}

fn read(bytes: &[u8]) -> (Golden, SourceStats) {
    let info = SourceInfo { written: Some(date(2026, 1, 3)), ..SourceInfo::default() };
    let mut golden = Golden::default();
    let (stats, result) = read_source(&mut &*bytes, &info, &mut golden);
    result.unwrap();
    (golden, stats)
}

/// Every sample, with the id of its format: the folder's name.
fn samples() -> Vec<(String, std::path::PathBuf)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats"));
    let mut found = Vec::new();
    for folder in fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let id = folder.file_name().unwrap().to_str().unwrap().replace('_', "-");
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            if !file.extension().is_some_and(|it| it == "rs" || it == "snap" || it == "new")
                && file.is_file()
            {
                found.push((id.clone(), file));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn samples_match_their_snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (_, path) in samples() {
        let bytes = fs::read(&path).unwrap();
        let (golden, _) = read(&bytes);
        let mut text = String::new();
        let mut lines = golden.lines;
        // A record of several lines is known by its first one, a record of an EVTX file by its own number.
        let records: BTreeSet<u64> =
            doorwarden_parse::claimants(&mut &*bytes).iter().map(|it| it.0).collect();
        lines.extend(
            records
                .into_iter()
                .filter(|it| !golden.seen.contains(it))
                .map(|it| (it, "ignored".to_owned())),
        );
        lines.sort_by_key(|it| it.0);
        for (line, what) in lines {
            writeln!(text, "{line:>3} {what}").unwrap();
        }
        settings.set_snapshot_path(path.parent().unwrap());
        settings
            .bind(|| insta::assert_snapshot!(path.file_stem().unwrap().to_str().unwrap(), text));
    }
}

#[test]
fn every_sample_is_read_by_its_own_format_alone() {
    for (id, path) in samples() {
        let (_, stats) = read(&fs::read(&path).unwrap());
        for (format, count) in &stats.formats {
            let is_own = *format == id || format.starts_with(&format!("{id}-"));
            assert!(is_own, "{}: {format} claims {count:?} of {id}'s records", path.display());
        }
    }
}

#[test]
fn at_most_one_format_claims_a_record() {
    for (id, path) in samples() {
        let bytes = fs::read(&path).unwrap();
        let claimants = doorwarden_parse::claimants(&mut &*bytes);
        for (line, names) in claimants {
            assert!(
                names.len() <= 1,
                "{} line {line} of {id}: claimed by {names:?}",
                path.display()
            );
        }
    }
}

#[test]
fn every_format_has_a_hostile_sample_and_a_page() {
    let with_hostile: BTreeSet<String> = samples()
        .into_iter()
        .filter(|(_, path)| path.file_stem().unwrap().to_str().unwrap().starts_with("hostile"))
        .map(|(id, _)| id)
        .collect();
    for entry in formats::ALL {
        let own = entry.id();
        let has = with_hostile.iter().any(|it| own == it || own.starts_with(&format!("{it}-")));
        assert!(has, "{own} has no hostile-*.log sample");
        assert!(200 < entry.page().len(), "{own}: its page says too little");
    }
}

#[test]
fn file_names_are_the_ids() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats"));
    let registered: BTreeSet<&str> =
        formats::ALL.iter().map(doorwarden_parse::formats::Entry::id).collect();
    for file in fs::read_dir(root).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
        if name == "mod" || path.extension().is_none_or(|it| it != "rs") {
            continue;
        }
        let is_known =
            registered.iter().any(|it| *it == name || it.starts_with(&format!("{name}-")));
        assert!(is_known, "formats/{name}.rs is not registered in formats/mod.rs");
    }
}

#[test]
fn no_bytes_make_a_format_panic() {
    // A deterministic storm over every sample: cut, flipped, repeated and spliced lines.
    let mut seed = 0x1133_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 1).unwrap()
    };
    for (_, path) in samples() {
        let bytes = fs::read(&path).unwrap();
        for _ in 0..20 {
            let mut broken = bytes.clone();
            for _ in 0..=(next() % 40) {
                if broken.is_empty() {
                    break;
                }
                let at = next() % broken.len();
                match next() % 4 {
                    0 => broken[at] = u8::try_from(next() % 256).unwrap(),
                    1 => broken.truncate(at),
                    2 => broken.insert(at, b"\0 =<>:[]{}\"'\\,;\n"[next() % 16]),
                    _ => {
                        let piece: Vec<u8> =
                            broken[at..broken.len().min(at + next() % 64)].to_vec();
                        let to = next() % broken.len();
                        broken.splice(to..to, piece);
                    }
                }
            }
            let (golden, _) = read(&broken);
            for (_, line) in golden.lines {
                assert!(!line.is_empty());
            }
        }
    }
}

/// Fails on a success of the victim.
struct NoSuccessOf<'a>(&'a Path);

impl Sink for NoSuccessOf<'_> {
    fn event(&mut self, event: &Event<'_>, _: u128, line: u64, _: Unit) {
        let is_success = event.outcome == Some(Outcome::Success);
        let is_victim = event.user.is_some_and(|it| it.eq_ignore_ascii_case("victim"));
        assert!(!(is_success && is_victim), "{} line {line}: a forged success", self.0.display());
    }
    fn unparsed(&mut self, _: u64, _: &str, _: Option<&'static str>, _: Option<&Reject>) {}
}

#[test]
fn failures_never_count_as_successes_of_a_hostile_name() {
    // A name may look like another message; no such line may turn a failure into a success.
    for (_, path) in samples() {
        if !path.file_stem().unwrap().to_str().unwrap().starts_with("hostile") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let (_, result) =
            read_source(&mut &*bytes, &SourceInfo::default(), &mut NoSuccessOf(&path));
        result.unwrap();
    }
}
