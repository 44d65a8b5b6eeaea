//! Files of a scan: written beside their final names, put in place at the end, readable by their owner only.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::platform;

/// The folder that a scan writes into.
#[derive(Debug)]
pub(crate) struct OutFolder {
    folder: PathBuf,
    finished: Vec<(PathBuf, PathBuf)>,
}

impl OutFolder {
    /// Makes the folder where it does not exist.
    pub(crate) fn create(folder: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        Ok(Self { folder: folder.to_path_buf(), finished: Vec::new() })
    }

    /// What is said where the file `name` cannot be written.
    pub(crate) fn cannot(&self, name: &str) -> String {
        cannot(&self.folder.join(name))
    }

    /// Starts the file that will be `name`.
    pub(crate) fn start(&self, name: &str) -> anyhow::Result<OutFile> {
        let hidden = self.folder.join(format!(".{name}.new"));
        let file = platform::create_private(&hidden)
            .with_context(|| format!("cannot write `{}`", hidden.display()))?;
        Ok(OutFile {
            hidden,
            path: self.folder.join(name),
            writer: BufWriter::with_capacity(1 << 18, file),
        })
    }

    /// Takes a file that is complete.
    pub(crate) fn done(&mut self, mut file: OutFile) -> anyhow::Result<()> {
        file.writer.flush().with_context(|| cannot(&file.path))?;
        self.finished.push((std::mem::take(&mut file.hidden), std::mem::take(&mut file.path)));
        Ok(())
    }

    /// Writes a whole file.
    pub(crate) fn write(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut file = self.start(name)?;
        file.write_all(bytes).with_context(|| cannot(&file.path))?;
        self.done(file)
    }

    /// Puts all complete files in place.
    pub(crate) fn commit(mut self) -> anyhow::Result<()> {
        for (hidden, path) in &self.finished {
            std::fs::rename(hidden, path)
                .with_context(|| format!("cannot put `{}` in place", path.display()))?;
        }
        self.finished.clear();
        Ok(())
    }
}

fn cannot(path: &Path) -> String {
    format!("cannot write `{}`: is the disk full?", path.display())
}

impl Drop for OutFolder {
    /// A scan that failed leaves the files of the one before it, and none of its own.
    fn drop(&mut self) {
        for (hidden, _) in &self.finished {
            drop(std::fs::remove_file(hidden));
        }
    }
}

/// A file on its way.
#[derive(Debug)]
pub(crate) struct OutFile {
    hidden: PathBuf,
    /// Its final name.
    pub(crate) path: PathBuf,
    writer: BufWriter<File>,
}

impl OutFile {
    /// Where it is until it is put in place.
    pub(crate) fn hidden(&self) -> &Path {
        &self.hidden
    }
}

impl Drop for OutFile {
    fn drop(&mut self) {
        if !self.hidden.as_os_str().is_empty() {
            drop(std::fs::remove_file(&self.hidden));
        }
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}
