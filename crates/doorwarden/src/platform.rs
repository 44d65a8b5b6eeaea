//! What differs between operating systems: file modes, processor time, memory. Nothing else may ask which one it is.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// Creates `path` for writing, readable by its owner only where the system knows such a thing.
///
/// What lies there is replaced, not written to: it may be a link that somebody laid, or open for others to read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => create_new_private(path),
    }
}

/// Names tried for a temporary file.
const TRIES: u32 = 1_000;

/// Creates a temporary file in `folder`, and says what it is called. In a folder that many write into somebody may have
/// taken the name: what is there is never opened.
pub(crate) fn create_temporary(folder: &Path) -> io::Result<(File, PathBuf)> {
    let mut last = io::ErrorKind::AlreadyExists.into();
    for nr in 0..TRIES {
        let path = folder.join(format!("doorwarden-{}-{nr}.tmp", std::process::id()));
        match create_new_private(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// The same, for a file that must not be there yet.
pub(crate) fn create_new_private(path: &Path) -> io::Result<File> {
    private(File::options().write(true).read(true).create_new(true), path)
}

fn private(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// Processor seconds of this process, and the largest resident memory in bytes; nothing where the system does not say.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "the binary is where the system is asked")]
pub(crate) fn usage() -> Option<(f64, u64)> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = peak.trim().strip_suffix("kB")?.trim().parse().ok()?;
    let seconds = f64::from(u32::try_from(ticks).ok()?) / 100.0;
    Some((seconds, kibibytes * 1024))
}

/// Processor seconds of this process, and the largest resident memory in bytes; nothing where the system does not say.
#[cfg(not(target_os = "linux"))]
pub(crate) fn usage() -> Option<(f64, u64)> {
    None
}
