//! Which crate may use which, what the pure ones may never bring in, and under which licences the rest comes.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
};

use serde_json::Value;

use crate::{read, root};

/// Which of our crates each of our crates may use: the table of ARCHITECTURE.md.
const MAY_USE: &[(&str, &[&str])] = &[
    ("doorwarden-model", &[]),
    ("doorwarden-parse", &["doorwarden-model"]),
    ("doorwarden-engine", &["doorwarden-model"]),
    ("doorwarden-store", &["doorwarden-model"]),
    ("doorwarden-simulate", &[]),
    (
        "doorwarden",
        &[
            "doorwarden-model",
            "doorwarden-parse",
            "doorwarden-engine",
            "doorwarden-simulate",
            "doorwarden-store",
        ],
    ),
    ("xtask", &["doorwarden-model", "doorwarden-parse", "doorwarden-engine"]),
];

/// Crates that must give the same output for the same input everywhere.
const PURE: &[&str] = &[
    "doorwarden-model",
    "doorwarden-parse",
    "doorwarden-engine",
    "doorwarden-simulate",
    "doorwarden-store",
];

/// What none of them may bring in, even through others: networks, clocks, chance, threads of their own.
const IMPURE: &[&str] = &[
    "async-std",
    "axum",
    "crossbeam-channel",
    "datafusion",
    "fastrand",
    "hyper",
    "mio",
    "openssl",
    "rand",
    "rayon",
    "reqwest",
    "rusqlite",
    "rustls",
    "smol",
    "socket2",
    "time",
    "tokio",
    "ureq",
];

/// Crates that must not know one that others may.
const MUST_NOT_KNOW: &[(&str, &[&str])] = &[
    ("doorwarden-model", &["arrow-array", "parquet", "sonic-rs"]),
    ("doorwarden-parse", &["arrow-array", "chrono", "parquet", "clap", "indicatif"]),
    ("doorwarden-engine", &["arrow-array", "chrono", "parquet", "clap", "indicatif"]),
    ("doorwarden-simulate", &["chrono", "parquet", "clap", "indicatif", "sonic-rs"]),
];

/// Licences that a dependency may offer. None asks more of a user than to keep its notice; CC0 and Unlicense not even that.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// Everything that cargo knows of the workspace and its dependencies.
struct Metadata(Value);

impl Metadata {
    fn new() -> Self {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["metadata", "--format-version=1", "--locked"]).current_dir(root());
        let output = cargo.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "cargo metadata: {said}");
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    fn packages(&self) -> &[Value] {
        list(&self.0, "packages")
    }

    /// Names by id.
    fn names(&self) -> BTreeMap<&str, &str> {
        self.packages().iter().map(|it| (text(it, "id"), text(it, "name"))).collect()
    }

    fn ours(&self) -> impl Iterator<Item = &Value> {
        self.packages().iter().filter(|it| it.get("source").is_none_or(Value::is_null))
    }

    /// All that `name` brings in, without what only its tests and build scripts use.
    fn brought_in_by(&self, name: &str) -> BTreeSet<&str> {
        let names = self.names();
        let nodes = list(self.0.get("resolve").unwrap(), "nodes");
        let node = |id: &str| nodes.iter().find(|it| text(it, "id") == id).unwrap();
        let start = names.iter().find(|it| *it.1 == name).unwrap().0;
        let (mut open, mut seen) = (vec![*start], BTreeSet::new());
        while let Some(id) = open.pop() {
            let used = list(node(id), "deps").iter().filter(|it| is_of_the_program(it));
            open.extend(used.map(|it| text(it, "pkg")).filter(|it| seen.insert(*it)));
        }
        seen.into_iter().filter_map(|it| names.get(it).copied()).collect()
    }
}

/// Whether a dependency ends up in the program, and not only in tests or build scripts.
fn is_of_the_program(dependency: &Value) -> bool {
    list(dependency, "dep_kinds").iter().any(|it| it.get("kind").is_none_or(Value::is_null))
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

#[test]
fn dependencies_point_downwards() {
    let metadata = Metadata::new();
    for package in metadata.ours() {
        let name = text(package, "name");
        let row = MAY_USE.iter().find(|it| it.0 == name);
        let (_, allowed) =
            row.unwrap_or_else(|| panic!("{name} is missing in the table of crates"));
        for dependency in list(package, "dependencies") {
            let used = text(dependency, "name");
            let is_ours = MAY_USE.iter().any(|it| it.0 == used);
            let is_for_tests = text(dependency, "kind") == "dev";
            assert!(
                !is_ours || is_for_tests || allowed.contains(&used),
                "{name} may not use {used}"
            );
        }
    }
}

#[test]
fn pure_crates_stay_pure() {
    let metadata = Metadata::new();
    for name in PURE {
        let brought_in = metadata.brought_in_by(name);
        let bad: Vec<_> = IMPURE.iter().filter(|it| brought_in.contains(**it)).collect();
        assert!(bad.is_empty(), "{name} must stay pure, but brings in {bad:?}");
    }
    for (name, unwanted) in MUST_NOT_KNOW {
        let brought_in = metadata.brought_in_by(name);
        let bad: Vec<_> = unwanted.iter().filter(|it| brought_in.contains(**it)).collect();
        assert!(bad.is_empty(), "{name} must not know {bad:?}");
    }
}

#[test]
fn licences_of_dependencies_are_allowed() {
    let metadata = Metadata::new();
    let mut bad = Vec::new();
    for package in metadata.packages() {
        let licence = text(package, "license").replace('/', " OR ");
        if !is_allowed(&licence) {
            bad.push(format!("{}: `{licence}`", text(package, "name")));
        }
    }
    assert!(bad.is_empty(), "licences that are not in the list: {bad:#?}");
}

/// Whether one can use what is licensed so under licences of the list alone.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.trim();
    if let Some((left, right)) = split(expression, " OR ") {
        return is_allowed(left) || is_allowed(right);
    }
    if let Some((left, right)) = split(expression, " AND ") {
        return is_allowed(left) && is_allowed(right);
    }
    match expression.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        Some(inner) => is_allowed(inner),
        None => LICENCES.contains(&expression),
    }
}

/// Splits at the first `operator` that stands outside all parentheses.
fn split<'a>(expression: &'a str, operator: &str) -> Option<(&'a str, &'a str)> {
    let is_outside = |at: &usize| {
        let before = expression.split_at(*at).0;
        before.matches('(').count() == before.matches(')').count()
    };
    let at = expression.match_indices(operator).map(|it| it.0).find(is_outside)?;
    let (left, right) = expression.split_at(at);
    Some((left, right.strip_prefix(operator)?))
}

#[test]
fn licence_expressions_are_understood() {
    assert!(is_allowed("MIT OR GPL-3.0"));
    assert!(is_allowed("(MIT OR GPL-3.0) AND Unicode-3.0"));
    assert!(!is_allowed("MIT AND GPL-3.0"));
    assert!(!is_allowed("MPL-2.0"));
    assert!(!is_allowed(""));
}

#[test]
fn dependencies_stand_in_the_workspace_table_and_have_a_reason() {
    let manifest: toml::Value = toml::from_str(&read("Cargo.toml")).unwrap();
    let table = manifest.get("workspace").and_then(|it| it.get("dependencies")).unwrap();
    let names = table.as_table().unwrap().keys().filter(|it| !it.starts_with("doorwarden"));
    let text = read("ARCHITECTURE.md");
    let reasons: Vec<&str> = text.lines().filter(|it| it.starts_with("- `")).collect();
    let missing: Vec<_> =
        names.filter(|it| !reasons.iter().any(|line| line.contains(&format!("`{it}`")))).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md has no line of reason for {missing:?}");

    for package in Metadata::new().ours() {
        let path = text_of_manifest(package);
        let versions = path.lines().filter(|it| it.contains("version = \"")).count();
        assert_eq!(versions, 0, "{} names a version of its own", text_name(package));
    }
}

fn text_of_manifest(package: &Value) -> String {
    read(text(package, "manifest_path"))
}

fn text_name(package: &Value) -> &str {
    text(package, "name")
}
