//! Ordered runs of events: in memory while there is room, else in a temporary file.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Context as _;
use doorwarden_model::Batch;

use crate::platform;

/// Bytes written and, where runs are few, read at a time.
const BLOCK: usize = 256 << 10;
/// Bytes read ahead of all runs together; the rows that they hold take about twice as much.
const AHEAD: usize = 32 << 20;
/// Least bytes read at a time: more than the longest row, with all its texts, takes.
const LEAST_BLOCK: usize = 32 << 10;

/// Bytes to read at a time of each of `runs` runs: the more there are, the longer the logs, and memory stays as it is.
pub(crate) fn block(runs: usize) -> usize {
    (AHEAD / runs.max(1)).clamp(LEAST_BLOCK, BLOCK)
}

/// The temporary file of one worker, gone when the run is over.
#[derive(Debug)]
pub(crate) struct Spill {
    file: Mutex<File>,
    path: PathBuf,
    length: Mutex<u64>,
}

impl Spill {
    pub(crate) fn create(folder: &Path) -> anyhow::Result<Self> {
        let (file, path) = platform::create_temporary(folder).with_context(|| {
            format!("cannot write into `{}`: give a folder with room by --temp", folder.display())
        })?;
        Ok(Self { file: Mutex::new(file), path, length: Mutex::new(0) })
    }

    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut file = self.file.lock().map_err(|_| io::Error::other("another worker failed"))?;
        let mut length =
            self.length.lock().map_err(|_| io::Error::other("another worker failed"))?;
        let at = *length;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        *length += bytes.len() as u64;
        Ok(at)
    }

    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().map_err(|_| io::Error::other("another worker failed"))?;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        // Nothing is lost where the temporary file stays.
        drop(std::fs::remove_file(&self.path));
    }
}

/// Bytes that runs may take in memory, shared by all workers.
#[derive(Debug)]
pub(crate) struct Room {
    cap: usize,
    taken: AtomicUsize,
}

impl Room {
    pub(crate) const fn new(cap: usize) -> Self {
        Self { cap, taken: AtomicUsize::new(0) }
    }

    /// Takes `bytes` where there is room.
    fn take(&self, bytes: usize) -> bool {
        let before = self.taken.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes <= self.cap {
            return true;
        }
        self.taken.fetch_sub(bytes, Ordering::Relaxed);
        false
    }
}

/// An ordered run.
#[derive(Debug)]
pub(crate) enum Run {
    /// In memory.
    Memory(Batch),
    /// On disk, from `at` to `end`; `batch` holds the rows read last.
    Disk { spill: Arc<Spill>, at: u64, end: u64, left_over: Vec<u8>, batch: Batch },
}

impl Run {
    /// Sorts `batch` and puts it where there is room.
    pub(crate) fn new(
        mut batch: Batch,
        room: &Room,
        spill: &mut dyn FnMut() -> anyhow::Result<Arc<Spill>>,
    ) -> anyhow::Result<Self> {
        batch.sort();
        if room.take(batch.size()) {
            return Ok(Self::Memory(batch));
        }
        let spill = spill()?;
        let (mut at, mut end) = (None, 0);
        let mut bytes = Vec::with_capacity(BLOCK * 2);
        for from in (0..batch.len()).step_by(1024) {
            batch.encode(from, (from + 1024).min(batch.len()), &mut bytes);
            if BLOCK <= bytes.len() || batch.len() <= from + 1024 {
                let written = spill.append(&bytes).with_context(|| {
                    format!(
                        "cannot write `{}`: give a folder with room by --temp",
                        spill.path.display()
                    )
                })?;
                at.get_or_insert(written);
                end = written + bytes.len() as u64;
                bytes.clear();
            }
        }
        let formats = batch.formats().to_vec();
        Ok(Self::Disk {
            spill,
            at: at.unwrap_or(0),
            end,
            left_over: Vec::new(),
            batch: Batch::with_formats(formats),
        })
    }

    /// The rows at hand.
    pub(crate) const fn batch(&self) -> &Batch {
        match self {
            Self::Memory(batch) | Self::Disk { batch, .. } => batch,
        }
    }

    /// Whether it waits on disk.
    pub(crate) const fn is_on_disk(&self) -> bool {
        matches!(self, Self::Disk { .. })
    }

    /// Reads the next rows from disk, about `block` bytes; false where there are none.
    pub(crate) fn refill(&mut self, block: usize) -> io::Result<bool> {
        match self {
            Self::Memory(batch) => {
                *batch = Batch::default();
                Ok(false)
            }
            Self::Disk { spill, at, end, left_over, batch } => {
                batch.clear();
                let want = usize::try_from((*end - *at).min(block as u64)).unwrap_or(block);
                if want == 0 {
                    return Ok(false);
                }
                let have = left_over.len();
                left_over.resize(have + want, 0);
                spill.read(*at, left_over.get_mut(have..).unwrap_or_default())?;
                *at += want as u64;
                let used = batch.decode(left_over);
                left_over.drain(..used);
                Ok(!batch.is_empty())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Event, Origin, Service};

    use super::*;

    #[test]
    fn the_longest_rows_are_read_back_whole_from_the_least_blocks() {
        let text = &*"x".repeat(1_000);
        let mut batch = Batch::default();
        for nr in 0..100u32 {
            let time = jiff::Timestamp::from_second(i64::from(nr)).unwrap();
            let mut event = Event::new("openssh", Service::Ssh, Activity::Logon, time);
            for it in [&mut event.user, &mut event.domain, &mut event.src_host, &mut event.host] {
                *it = Some(text);
            }
            for it in [&mut event.target, &mut event.session, &mut event.device, &mut event.client]
            {
                *it = Some(text);
            }
            for it in [&mut event.certificate, &mut event.method, &mut event.code] {
                *it = Some(text);
            }
            (event.actor, event.detail) = (Some(text), Some(text));
            batch.push(
                &event,
                u128::from(nr),
                Origin { file: 0, line: nr.into(), is_record: false },
            );
        }
        let mut spill = || Spill::create(&std::env::temp_dir()).map(Arc::new);
        let mut run = Run::new(batch, &Room::new(0), &mut spill).unwrap();
        assert!(run.is_on_disk());
        let (mut rows, mut blocks) = (0, 0);
        while run.refill(block(usize::MAX)).unwrap() {
            let lines = run.batch().rows().iter().map(|it| it.origin.line);
            assert!(lines.eq(rows..rows + run.batch().len() as u64));
            rows += run.batch().len() as u64;
            blocks += 1;
        }
        assert_eq!(rows, 100);
        assert!(30 < blocks, "{blocks} blocks");
    }
}
