//! `cargo xtask gen`: docs/reference, from the doc comments of formats and detectors and from the program's own help.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};
use doorwarden_engine::detectors;
use doorwarden_parse::formats;

use crate::workspace::{self, say};

/// What `gen` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Write nothing, and fail where what lies in docs/reference is not what would be written.
    #[arg(long)]
    check: bool,
    /// A program that was built from the same sources, instead of building one.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

/// Pages by their path below docs/reference.
type Pages = BTreeMap<PathBuf, String>;

/// Writes the pages and removes what is none of them, or compares.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let binary = match &options.binary {
        Some(path) => path.clone(),
        None => workspace::program("dev")?,
    };
    let folder = workspace::root().join("docs/reference");
    let (wanted, present) = (pages(&binary)?, lying_in(&folder)?);
    let names = wanted.keys().chain(present.keys()).collect::<std::collections::BTreeSet<_>>();
    let changed: Vec<&PathBuf> =
        names.into_iter().filter(|it| wanted.get(*it) != present.get(*it)).collect();
    if options.check {
        ensure!(changed.is_empty(), "docs/reference is stale, run `cargo xtask gen`: {changed:?}");
        return Ok(());
    }
    for name in &changed {
        match wanted.get(*name) {
            Some(text) => workspace::write(&folder.join(name), text)?,
            None => fs::remove_file(folder.join(name))?,
        }
    }
    say(format_args!("docs/reference: {} pages, {} changed", wanted.len(), changed.len()));
    Ok(())
}

fn lying_in(folder: &Path) -> anyhow::Result<Pages> {
    let mut pages = Pages::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap_or(&path).to_owned();
                pages.insert(name, workspace::read(&path)?);
            }
        }
    }
    Ok(pages)
}

fn pages(binary: &Path) -> anyhow::Result<Pages> {
    let mut pages = Pages::new();
    for format in formats::ALL {
        pages.insert(format!("formats/{}.md", format.id()).into(), format.page());
    }
    for detector in detectors::ALL {
        pages.insert(format!("detectors/{}.md", detector.id).into(), detector.page());
    }
    pages.insert("commands.md".into(), commands(binary)?);
    pages.insert("README.md".into(), index());
    Ok(pages)
}

fn index() -> String {
    let mut text = "# Reference\n\nWritten by `cargo xtask gen` from the code; change the code.\n\n\
                    - [Commands](commands.md)\n\n## Log formats\n\n| format | what it reads |\n|---|---|\n"
        .to_owned();
    for format in formats::ALL {
        let (id, title) = (format.id(), title(&format.page()));
        text.extend(["| [`", id, "`](formats/", id, ".md) | ", &title, " |\n"]);
    }
    text.push_str("\n## Detectors\n\n| detector | what it sees | ATT&CK |\n|---|---|---|\n");
    for detector in detectors::ALL {
        let (id, what) = (detector.id, first_paragraph(&detector.page()));
        let techniques = detector.techniques.join(", ");
        text.extend([
            "| [`",
            id,
            "`](detectors/",
            id,
            ".md) | ",
            &what,
            " | ",
            &techniques,
            " |\n",
        ]);
    }
    text
}

fn title(page: &str) -> String {
    page.lines().next().unwrap_or_default().trim_start_matches("# ").replace('`', "")
}

fn first_paragraph(page: &str) -> String {
    page.split("\n\n").nth(1).unwrap_or_default().replace('\n', " ")
}

/// The help of the program and of all its commands.
fn commands(binary: &Path) -> anyhow::Result<String> {
    let mut text =
        "# Commands\n\nWhat `doorwarden --help` and `doorwarden COMMAND --help` print.\n"
            .to_owned();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        let help = help(binary, &path)?;
        let names = subcommands(&help).into_iter().rev();
        open.extend(names.map(|it| [path.clone(), vec![it]].concat()));
        let title = [vec!["doorwarden".to_owned()], path].concat().join(" ");
        text.extend(["\n## ", &title, "\n\n```text\n", help.trim_end(), "\n```\n"]);
    }
    Ok(text)
}

fn help(binary: &Path, path: &[String]) -> anyhow::Result<String> {
    let mut command = Command::new(binary);
    // The help is wrapped at the width of the terminal; without one, at a fixed width.
    command.args(path).arg("--help").env_remove("COLUMNS").env("NO_COLOR", "1");
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    let lines: Vec<String> =
        String::from_utf8(output.stdout)?.lines().map(|it| it.trim_end().to_owned()).collect();
    Ok(lines.join("\n"))
}

/// The words that stand first in the lines below `Commands:`.
fn subcommands(help: &str) -> Vec<String> {
    let below = help.lines().skip_while(|it| *it != "Commands:").skip(1);
    let lines = below.take_while(|it| !it.is_empty()).filter_map(|it| it.strip_prefix("  "));
    let words = lines.filter(|it| !it.starts_with(' ')).filter_map(|it| it.split(' ').next());
    words.filter(|it| *it != "help").map(str::to_owned).collect()
}
