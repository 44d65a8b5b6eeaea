//! All runs as one stream in the total order, copies merged away, in bounded memory.

use std::{cmp::Reverse, collections::BinaryHeap, io};

use doorwarden_model::{Batch, EventKey, Origin};

use super::runs::{Run, block};

/// The next row of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    key: EventKey,
    rank: u32,
    line: u64,
    run: usize,
}

/// Hands out the events of all runs, batch by batch.
#[derive(Debug)]
pub(crate) struct Merge {
    runs: Vec<Run>,
    /// Bytes read at a time of each run on disk.
    block: usize,
    heads: BinaryHeap<Reverse<Head>>,
    ranks: Vec<u32>,
    copies: u64,
}

impl Merge {
    pub(crate) fn new(runs: Vec<Run>, ranks: Vec<u32>) -> io::Result<Self> {
        let block = block(runs.iter().filter(|it| it.is_on_disk()).count());
        let mut merge = Self { runs, block, heads: BinaryHeap::new(), ranks, copies: 0 };
        for run in 0..merge.runs.len() {
            merge.advance(run)?;
        }
        Ok(merge)
    }

    /// Events that were copies of others.
    pub(crate) const fn copies(&self) -> u64 {
        self.copies
    }

    fn rank(&self, origin: Origin) -> u32 {
        self.ranks.get(origin.file as usize).copied().unwrap_or(u32::MAX)
    }

    /// The head of `run`, reading more of it where needed; nothing at its end.
    fn head(&mut self, run: usize) -> io::Result<Option<Head>> {
        let Some(source) = self.runs.get_mut(run) else { return Ok(None) };
        let Some((key, origin)) = source.head(self.block)? else { return Ok(None) };
        Ok(Some(Head { key, rank: self.rank(origin), line: origin.line, run }))
    }

    fn advance(&mut self, run: usize) -> io::Result<()> {
        if let Some(head) = self.head(run)? {
            self.heads.push(Reverse(head));
        }
        Ok(())
    }

    /// Fills `batch` with about `count` events; empty at the end. Events of one key are never parted.
    pub(crate) fn next(&mut self, batch: &mut Batch, count: usize) -> io::Result<()> {
        batch.clear();
        let mut group = 0;
        let mut last: Option<EventKey> = None;
        while let Some(Reverse(first)) = self.heads.pop() {
            let mut head = first;
            // The run goes on as long as it is ahead of all others.
            loop {
                if last != Some(head.key) {
                    self.close_group(batch, group);
                    group = batch.len();
                    last = Some(head.key);
                    if count <= batch.len() {
                        self.heads.push(Reverse(head));
                        return Ok(());
                    }
                }
                if let Some(run) = self.runs.get_mut(head.run) {
                    run.take(batch)?;
                }
                let Some(next) = self.head(head.run)? else { break };
                if self.heads.peek().is_some_and(|other| other.0 < next) {
                    self.heads.push(Reverse(next));
                    break;
                }
                head = next;
            }
        }
        self.close_group(batch, group);
        Ok(())
    }

    fn close_group(&mut self, batch: &mut Batch, from: usize) {
        if batch.len() <= from + 1 {
            return;
        }
        let before = batch.len();
        let ranks = &self.ranks;
        batch.merge_copies(from, |it| {
            (ranks.get(it.file as usize).copied().unwrap_or(u32::MAX), it.line)
        });
        self.copies += (before - batch.len()) as u64;
    }
}
