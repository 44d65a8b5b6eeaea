//! Where things lie in the repository, running cargo in it, and talking to whoever started a chore.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, ensure};
use serde_json::Value;

/// The repository's top folder.
pub(crate) fn root() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// The cargo that started this chore, in the top folder.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs `command` to its end, and fails where it fails.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(status.success(), "{command:?} failed: {status}");
    Ok(())
}

/// Builds the program with a cargo profile, and tells where it lies.
pub(crate) fn program(profile: &str) -> anyhow::Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--package", "doorwarden", "--profile", profile]);
    build.arg("--message-format=json-render-diagnostics").stderr(Stdio::inherit());
    let output = build.output().context("cannot start cargo")?;
    ensure!(output.status.success(), "the program does not build");
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable =
        messages.lines().filter_map(|it| serde_json::from_str::<Value>(it).ok()).find_map(|it| {
            let is_ours = it.pointer("/target/name").is_some_and(|it| it == "doorwarden");
            let path = it.get("executable").and_then(Value::as_str)?;
            is_ours.then(|| PathBuf::from(path))
        });
    executable.context("cargo names no program that it built")
}

/// The text of a file.
#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Writes a file, and the folders that it lies in.
#[expect(clippy::disallowed_methods, reason = "a chore writes files")]
pub(crate) fn write(path: &Path, text: impl AsRef<[u8]>) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))
}

/// Puts `table` into a page, between its lines `<!-- table -->` and `<!-- end -->`.
pub(crate) fn put_table(page: &Path, table: &str) -> anyhow::Result<()> {
    let text = read(page)?;
    let (head, rest) = text.split_once("<!-- table -->").context("no line `<!-- table -->`")?;
    let (_, tail) = rest.split_once("<!-- end -->").context("no line `<!-- end -->`")?;
    write(page, format!("{head}<!-- table -->\n\n{table}\n<!-- end -->{tail}"))
}

/// A line for whoever started the chore.
#[expect(clippy::print_stdout, reason = "a chore tells what it did")]
pub(crate) fn say(text: impl std::fmt::Display) {
    println!("{text}");
}
