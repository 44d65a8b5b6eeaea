//! Runs the program in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A folder that is gone with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    /// An empty folder named after the test.
    pub(crate) fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("doorwarden-test-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Writes a file in it, and the folder that it lies in.
    #[expect(clippy::disallowed_methods, reason = "tests make their own logs")]
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// What a file in it holds.
    #[expect(clippy::disallowed_methods, reason = "tests look at what was written")]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Runs `doorwarden` beside the sample logs.
pub(crate) fn doorwarden(arguments: &[&str]) -> Output {
    doorwarden_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), arguments)
}

/// Runs `doorwarden` in `folder`.
pub(crate) fn doorwarden_in(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_doorwarden"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

/// What it printed.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it noted.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Fails where a scan took `bytes` of memory or more, or where a system that tells it was not asked.
pub(crate) fn assert_memory(summary: &serde_json::Value, bytes: u64) {
    let peak = summary["run"]["peak_memory_bytes"].as_u64();
    assert!(peak.is_some() || !cfg!(unix), "the summary does not tell the peak of memory");
    assert!(peak.is_none_or(|it| it < bytes), "{peak:?} bytes");
}

/// Whether a text could steer a terminal, or turn the direction of writing.
pub(crate) fn is_harmless(text: &str) -> bool {
    let is_hostile = |it: char| {
        it.is_control() && !matches!(it, '\n' | '\t')
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !text.chars().any(is_hostile)
}
