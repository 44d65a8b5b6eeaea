//! `cargo xtask new`: the beginning of a log format or a detector, which reads its own sample and passes every test.

use std::{fs, path::Path};

use anyhow::{bail, ensure};

use crate::workspace::{self, say};

/// What `new` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to begin.
    #[arg(value_enum)]
    kind: Kind,
    /// Its id, in kebab case, as outputs will state it. Example: `acme-vpn`
    name: String,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    /// A log format: what a product writes.
    Format,
    /// A detector: what somebody does.
    Detector,
}

/// Where the formats lie.
const FORMATS: &str = "crates/doorwarden-parse/src/formats";
/// Where the detectors lie.
const DETECTORS: &str = "crates/doorwarden-engine/src/detectors";

/// Writes the files and says what is left to do.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let names = Names::new(&options.name)?;
    match options.kind {
        Kind::Format => format(&names),
        Kind::Detector => detector(&names),
    }
}

fn format(names: &Names) -> anyhow::Result<()> {
    let (module, kind) = (&names.module, &names.kind);
    let file = format!("{FORMATS}/{module}.rs");
    put(&file, &names.fill(include_str!("../templates/format.rs")))?;
    let samples = [
        ("sign-ins.log", include_str!("../templates/sign-ins.log")),
        ("hostile-names.log", include_str!("../templates/hostile-names.log")),
    ];
    for (name, text) in samples {
        put(&format!("{FORMATS}/{module}/{name}"), &names.fill(text))?;
    }
    say(format_args!(
        "\nNow add two lines to {FORMATS}/mod.rs:\n\n    mod {module};\n    Entry::of(&{module}::{kind}),\n\n\
         Write samples, then let the goldens be written and read them:\n\n    \
         INSTA_UPDATE=always cargo nextest run -p doorwarden-parse\n    cargo xtask gen"
    ));
    Ok(())
}

fn detector(names: &Names) -> anyhow::Result<()> {
    let (module, kind) = (&names.module, &names.kind);
    put(
        &format!("{DETECTORS}/{module}.rs"),
        &names.fill(include_str!("../templates/detector.rs")),
    )?;
    say(format_args!(
        "\nNow add two lines to {DETECTORS}/mod.rs, each in its alphabetical place:\n\n    mod {module};\n    \
         Entry::of::<{module}::{kind}>(),\n\nIts scenarios are its tests:\n\n    \
         cargo nextest run -p doorwarden-engine\n    cargo xtask gen"
    ));
    Ok(())
}

/// Writes a file that must not exist yet.
fn put(path: &str, text: &str) -> anyhow::Result<()> {
    let full = workspace::root().join(path);
    ensure!(!exists(&full), "`{path}` exists already");
    workspace::write(&full, text)?;
    say(format_args!("{path}"));
    Ok(())
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// One name in the spellings that a file of Rust needs.
#[derive(Debug)]
struct Names {
    /// `acme-vpn`
    id: String,
    /// `acme_vpn`
    module: String,
    /// `AcmeVpn`
    kind: String,
    /// `Acme vpn`
    title: String,
}

impl Names {
    fn new(id: &str) -> anyhow::Result<Self> {
        let is_word = |it: &str| {
            it.starts_with(|it: char| it.is_ascii_lowercase())
                && it.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        };
        if !id.split('-').all(is_word) {
            bail!("`{id}` is no id such as acme-vpn: lower-case words joined by hyphens");
        }
        let kind = id.split('-').map(capitalised).collect();
        let title = capitalised(&id.replace('-', " "));
        Ok(Self { id: id.to_owned(), module: id.replace('-', "_"), kind, title })
    }

    fn fill(&self, template: &str) -> String {
        template
            .replace("{{ID}}", &self.id)
            .replace("{{TYPE}}", &self.kind)
            .replace("{{TITLE}}", &self.title)
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
