//! Ordered runs of events as bytes: in memory while there is room, else in a temporary file.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Context as _;
use doorwarden_model::{Batch, EventKey, Origin};

use crate::platform;

/// Bytes written and, where runs are few, read at a time.
const BLOCK: usize = 256 << 10;
/// Bytes read ahead of all runs together.
const AHEAD: usize = 32 << 20;
/// Least bytes read at a time.
const LEAST_BLOCK: usize = 2 * Batch::LONGEST;

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

    fn append(&self, bytes: &[u8]) -> anyhow::Result<u64> {
        self.try_append(bytes).with_context(|| {
            format!("cannot write `{}`: give a folder with room by --temp", self.path.display())
        })
    }

    fn try_append(&self, bytes: &[u8]) -> io::Result<u64> {
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

/// What of a run is not at hand.
#[derive(Debug)]
enum Rest {
    /// Blocks of whole rows.
    Memory(VecDeque<Vec<u8>>),
    /// In the temporary file, from `at` to `end`.
    Disk { spill: Arc<Spill>, at: u64, end: u64 },
}

/// An ordered run.
#[derive(Debug)]
pub(crate) struct Run {
    formats: Vec<&'static str>,
    rest: Rest,
    /// The block at hand, and how much of it was taken.
    bytes: Vec<u8>,
    at: usize,
}

impl Run {
    /// Whether it waits on disk.
    pub(crate) const fn is_on_disk(&self) -> bool {
        matches!(self.rest, Rest::Disk { .. })
    }

    /// Order and origin of the next row, reading about `block` bytes more where needed; nothing at the end.
    pub(crate) fn head(&mut self, block: usize) -> io::Result<Option<(EventKey, Origin)>> {
        if self.bytes.len() - self.at < Batch::LONGEST {
            self.refill(block)?;
        }
        if self.bytes.len() <= self.at {
            return Ok(None);
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        Batch::encoded_head(rest).map(Some).ok_or_else(damaged)
    }

    /// Appends the next row to `batch`; [`Run::head`] was asked before.
    pub(crate) fn take(&mut self, batch: &mut Batch) -> io::Result<()> {
        let mut rest = self.bytes.get(self.at..).unwrap_or_default();
        batch.push_encoded(&mut rest, &self.formats).ok_or_else(damaged)?;
        self.at = self.bytes.len() - rest.len();
        Ok(())
    }

    fn refill(&mut self, block: usize) -> io::Result<()> {
        match &mut self.rest {
            Rest::Memory(blocks) => {
                if self.bytes.len() <= self.at {
                    (self.bytes, self.at) = (blocks.pop_front().unwrap_or_default(), 0);
                }
            }
            Rest::Disk { spill, at, end } => {
                let want = usize::try_from((*end - *at).min(block as u64)).unwrap_or(block);
                if want == 0 {
                    return Ok(());
                }
                self.bytes.drain(..self.at);
                self.at = 0;
                let have = self.bytes.len();
                self.bytes.resize(have + want, 0);
                spill.read(*at, self.bytes.get_mut(have..).unwrap_or_default())?;
                *at += want as u64;
            }
        }
        Ok(())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it was changed by somebody else")
}

/// Makes runs of batches, one batch after the other; a batch that goes on where the last one ended lengthens its run.
pub(crate) struct Runs<'a> {
    room: &'a Room,
    temp: &'a Path,
    spill: Option<Arc<Spill>>,
    done: Vec<Run>,
    current: Option<Current>,
}

/// The run that may still be lengthened.
struct Current {
    run: Run,
    last: EventKey,
}

impl<'a> Runs<'a> {
    /// No run yet; what `room` does not hold goes into the folder `temp`.
    pub(crate) const fn new(room: &'a Room, temp: &'a Path) -> Self {
        Self { room, temp, spill: None, done: Vec::new(), current: None }
    }

    /// Sorts `batch`, puts it where there is room, and empties it.
    pub(crate) fn add(&mut self, batch: &mut Batch) -> anyhow::Result<()> {
        batch.sort();
        let (Some(first), Some(last)) = (batch.rows().first(), batch.rows().last()) else {
            return Ok(());
        };
        let goes_on = self
            .current
            .as_ref()
            .is_some_and(|it| it.last <= first.key && batch.formats().starts_with(&it.run.formats));
        if !goes_on {
            self.close();
        }
        let last = last.key;
        let mut bytes = Vec::with_capacity(BLOCK);
        for at in 0..batch.len() {
            batch.encode(at, &mut bytes);
            if BLOCK - Batch::LONGEST < bytes.len() {
                self.put(bytes, last, batch.formats())?;
                bytes = Vec::with_capacity(BLOCK);
            }
        }
        if !bytes.is_empty() {
            bytes.shrink_to_fit();
            self.put(bytes, last, batch.formats())?;
        }
        batch.clear();
        Ok(())
    }

    /// All runs.
    pub(crate) fn finish(mut self) -> Vec<Run> {
        self.close();
        self.done
    }

    fn close(&mut self) {
        self.done.extend(self.current.take().map(|it| it.run));
    }

    /// Adds a block to the current run, which goes on disk from the block on for which there is no room.
    fn put(
        &mut self,
        bytes: Vec<u8>,
        last: EventKey,
        formats: &[&'static str],
    ) -> anyhow::Result<()> {
        // What is on disk goes on there: runs are few.
        let is_on_disk = self.current.as_ref().is_some_and(|it| it.run.is_on_disk());
        let has_room = !is_on_disk && self.room.take(bytes.capacity());
        if !has_room && !is_on_disk {
            self.close();
        }
        let new = |rest| Run { formats: Vec::new(), rest, bytes: Vec::new(), at: 0 };
        let mut current = match self.current.take() {
            Some(it) => it,
            None if has_room => Current { run: new(Rest::Memory(VecDeque::new())), last },
            None => {
                let spill = self.spill()?;
                Current { run: new(Rest::Disk { spill, at: u64::MAX, end: 0 }), last }
            }
        };
        current.last = last;
        current.run.formats = formats.to_vec();
        match &mut current.run.rest {
            Rest::Memory(blocks) => blocks.push_back(bytes),
            Rest::Disk { spill, at, end } => {
                let written = spill.append(&bytes)?;
                *at = (*at).min(written);
                *end = written + bytes.len() as u64;
            }
        }
        self.current = Some(current);
        Ok(())
    }

    fn spill(&mut self) -> anyhow::Result<Arc<Spill>> {
        if let Some(spill) = &self.spill {
            return Ok(spill.clone());
        }
        let spill = Arc::new(Spill::create(self.temp)?);
        Ok(self.spill.insert(spill).clone())
    }
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Event, Service};

    use super::*;

    fn batch(texts: &str, seconds: impl Iterator<Item = i64>) -> Batch {
        let mut batch = Batch::default();
        for (nr, second) in (0u32..).zip(seconds) {
            let time = jiff::Timestamp::from_second(second).unwrap();
            let mut event = Event::new("openssh", Service::Ssh, Activity::Logon, time);
            for it in [&mut event.user, &mut event.domain, &mut event.src_host, &mut event.host] {
                *it = Some(texts);
            }
            for it in [&mut event.target, &mut event.session, &mut event.device, &mut event.client]
            {
                *it = Some(texts);
            }
            for it in [&mut event.certificate, &mut event.method, &mut event.code] {
                *it = Some(texts);
            }
            (event.actor, event.detail) = (Some(texts), Some(texts));
            let origin = Origin { file: 0, line: u64::try_from(second).unwrap(), is_record: false };
            batch.push(&event, u128::from(nr), origin);
        }
        batch
    }

    fn lines(runs: &mut [Run]) -> Vec<Vec<u64>> {
        let mut all = Vec::new();
        for run in runs {
            let mut lines = Vec::new();
            let mut batch = Batch::default();
            while let Some((_, origin)) = run.head(block(usize::MAX)).unwrap() {
                assert!(!run.is_on_disk() || run.bytes.len() <= LEAST_BLOCK + Batch::LONGEST);
                run.take(&mut batch).unwrap();
                assert_eq!(batch.rows().last().unwrap().origin, origin);
                lines.push(origin.line);
            }
            all.push(lines);
        }
        all
    }

    #[test]
    fn the_longest_rows_are_read_back_whole_from_the_least_blocks() {
        let temp = std::env::temp_dir();
        let room = Room::new(0);
        let mut runs = Runs::new(&room, &temp);
        runs.add(&mut batch(&"x".repeat(1_024), 0..100)).unwrap();
        let mut runs = runs.finish();
        assert!(runs.iter().all(Run::is_on_disk));
        assert_eq!(lines(&mut runs), [(0..100).collect::<Vec<_>>()]);
    }

    #[test]
    fn what_goes_on_in_order_is_one_run_and_what_has_no_room_another() {
        let temp = std::env::temp_dir();
        let room = Room::new(1 << 20);
        let mut runs = Runs::new(&room, &temp);
        for from in [0, 10, 20, 15] {
            runs.add(&mut batch("x", from..from + 10)).unwrap();
        }
        runs.add(&mut batch(&"x".repeat(1_000), 25..125)).unwrap();
        let mut runs = runs.finish();
        let on_disk: Vec<bool> = runs.iter().map(Run::is_on_disk).collect();
        assert_eq!(on_disk, [false, false, true]);
        let all = lines(&mut runs);
        assert!(all.iter().all(|it| it.is_sorted()));
        let [first, rest @ ..] = &*all else { panic!("three runs") };
        assert_eq!(*first, (0..30).collect::<Vec<_>>());
        assert_eq!(rest.concat(), (15..125).collect::<Vec<_>>());
    }
}
