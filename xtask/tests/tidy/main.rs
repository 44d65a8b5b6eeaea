//! Rules of the house that the compiler does not know. Each failure says what to do.
#![expect(clippy::unwrap_used, reason = "a check may stop where it cannot read")]

mod corpus;
mod crates;
mod documents;
mod sources;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository's top folder.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a check reads files")]
fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file that git knows or would take, by its path below the top folder.
fn committed() -> Vec<PathBuf> {
    let mut git = Command::new("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let listed = git.current_dir(root()).output().unwrap().stdout;
    let listed = String::from_utf8(listed).unwrap();
    let files = listed.split('\0').filter(|it| !it.is_empty()).map(PathBuf::from);
    files.filter(|it| root().join(it).is_file()).collect()
}

/// Those of them that are text, with their text.
#[expect(clippy::disallowed_methods, reason = "a check reads files")]
fn texts() -> impl Iterator<Item = (PathBuf, String)> {
    committed().into_iter().filter_map(|path| {
        let text = String::from_utf8(fs::read(root().join(&path)).unwrap()).ok()?;
        Some((path, text))
    })
}

/// The files of Rust below one of `folders`, with their text.
fn rust_below(folders: &'static [&str]) -> impl Iterator<Item = (PathBuf, String)> {
    texts().filter(move |(path, _)| {
        path.extension().is_some_and(|it| it == "rs")
            && folders.iter().any(|it| path.starts_with(it))
    })
}
