//! What differs between operating systems: file modes, processor time, memory. Nothing else may ask which one it is.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

/// Creates `path` for writing, readable by its owner only where the system knows such a thing.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private(File::options().write(true).read(true).create(true).truncate(true), path)
}

/// The same, for a file that must not be there yet.
pub(crate) fn create_new_private(path: &Path) -> io::Result<File> {
    private(File::options().write(true).create_new(true), path)
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
