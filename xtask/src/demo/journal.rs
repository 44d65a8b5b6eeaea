//! Where all records go: one channel per log, put in order at the end, cut where it was rotated, and packed.

use std::{collections::BTreeMap, io::Write as _, path::Path};

use anyhow::Context as _;
use flate2::{Compression, write::GzEncoder};

use super::{
    channel::{Channel, Part},
    clock::Moment,
};

/// Stands in a record for a number that runs through its log.
pub(crate) const NUMBER: char = '\u{1}';

/// The attack that a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Id of the campaign.
    pub(crate) campaign: &'static str,
    /// `probe`, `access`, `persist` or `inside`.
    pub(crate) phase: &'static str,
}

/// The VPN session that a sign-in inside came through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lease {
    /// Account of the session.
    pub(crate) user: &'static str,
    /// When the gateway opened it.
    pub(crate) start: Moment,
    /// Address that the gateway leased to it.
    pub(crate) assigned: std::net::Ipv4Addr,
}

/// A sign-in inside.
#[derive(Debug, Clone)]
pub(crate) struct Inner {
    /// The account that signed in.
    pub(crate) user: String,
    /// The session that it came through; none for a desk in the office.
    pub(crate) lease: Option<Lease>,
}

#[derive(Debug)]
struct Entry {
    at: Moment,
    text: String,
    mark: Option<Mark>,
    inner: Option<Inner>,
}

/// All records.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    channels: BTreeMap<Channel, Vec<Entry>>,
    mark: Option<Mark>,
}

/// A record's place, once everything is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// File, relative to the folder of the logs; `archive!member` inside an archive.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: usize,
}

/// A record that the truth speaks of.
#[derive(Debug)]
pub(crate) struct Noted {
    /// Where it is.
    pub(crate) place: Place,
    /// When it happened.
    pub(crate) at: Moment,
    /// The attack that it belongs to.
    pub(crate) mark: Option<Mark>,
    /// The sign-in inside that it states.
    pub(crate) inner: Option<Inner>,
}

/// The logs as files, and the records that the truth speaks of.
#[derive(Debug, Default)]
pub(crate) struct Written {
    /// Content by path, relative to the folder of the logs.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Records of attacks and sign-ins inside.
    pub(crate) noted: Vec<Noted>,
}

impl Journal {
    /// What follows belongs to `mark`.
    pub(crate) fn mark(&mut self, mark: Option<Mark>) {
        self.mark = mark;
    }

    /// Writes a record of one line.
    pub(crate) fn write(&mut self, channel: Channel, at: Moment, text: String) {
        self.put(channel, at, text, None);
    }

    /// Writes a record that states a sign-in of `user` inside, which came through `lease`.
    pub(crate) fn inner(
        &mut self,
        channel: Channel,
        at: Moment,
        text: String,
        user: &str,
        lease: Option<&Lease>,
    ) {
        let inner = Inner { user: user.to_owned(), lease: lease.cloned() };
        self.put(channel, at, text, Some(inner));
    }

    fn put(&mut self, channel: Channel, at: Moment, text: String, inner: Option<Inner>) {
        let mark = self.mark;
        self.channels.entry(channel).or_default().push(Entry { at, text, mark, inner });
    }

    /// Puts all records in order and into files.
    pub(crate) fn render(self) -> anyhow::Result<Written> {
        let mut written = Written::default();
        let mut archives: BTreeMap<&str, Vec<(String, Vec<u8>)>> = BTreeMap::new();
        for (channel, mut entries) in self.channels {
            entries.sort_by_key(|it| it.at);
            let mut number = channel.first_number();
            for part in channel.parts() {
                let rest = entries.split_off(entries.partition_point(|it| it.at < part.until));
                let text = lines(&part, entries, &mut number, &mut written.noted);
                entries = rest;
                let is_packed = Path::new(&part.path).extension().is_some_and(|it| it == "gz");
                match part.archive {
                    Some(archive) => archives.entry(archive).or_default().push((part.path, text)),
                    None if is_packed => {
                        drop(written.files.insert(part.path, gzipped(&text)?));
                    }
                    None => drop(written.files.insert(part.path, text)),
                }
            }
        }
        for (archive, members) in archives {
            written.files.insert(archive.to_owned(), zipped(members)?);
        }
        written.noted.sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.place.cmp(&b.place)));
        Ok(written)
    }
}

/// The lines of one file, its head first.
fn lines(part: &Part, entries: Vec<Entry>, number: &mut u64, noted: &mut Vec<Noted>) -> Vec<u8> {
    let mut text = part.head.clone();
    let first = text.matches('\n').count() + 1;
    let file = match part.archive {
        Some(archive) => format!("{archive}!{}", part.path),
        None => part.path.clone(),
    };
    for (line, entry) in (first..).zip(entries) {
        if entry.text.contains(NUMBER) {
            *number += 1;
            text.push_str(&entry.text.replace(NUMBER, &number.to_string()));
        } else {
            text.push_str(&entry.text);
        }
        text.push('\n');
        if entry.mark.is_some() || entry.inner.is_some() {
            noted.push(Noted {
                place: Place { file: file.clone(), line },
                at: entry.at,
                mark: entry.mark,
                inner: entry.inner,
            });
        }
    }
    text.into_bytes()
}

fn gzipped(text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text).context("cannot pack a log")?;
    encoder.finish().context("cannot pack a log")
}

fn zipped(members: Vec<(String, Vec<u8>)>) -> anyhow::Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(9));
    for (name, text) in members {
        archive.start_file(name, options).context("cannot pack a log")?;
        archive.write_all(&text).context("cannot pack a log")?;
    }
    Ok(archive.finish().context("cannot pack a log")?.into_inner())
}
