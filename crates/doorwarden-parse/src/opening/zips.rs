//! zip archives: by the directory at their end, and without it as far as they go.
//!
//! The directory is the truth about a zip: before a member its size may be missing, and members that stand in the file
//! may be deleted. A zip that is not itself a file is therefore set down in a scratch file first. The directory is
//! walked, not loaded: a million members take no memory, and two of one name are both read.

use std::io::{self, Read, Seek, Write};

use jiff::civil::Date;
use zip::{
    CompressionMethod, DateTime, SUPPORTED_COMPRESSION_METHODS, ZipReadOptions,
    read::{Config, ZipFile, ZipFileEntry, read_zipfile_from_stream},
    result::ZipError,
    unstable::read::ZipIterable,
};

use crate::peek::Peek;

use super::{Guard, OpenError, Opening, Place, ReadSeek, guard::explain, kind::Packing};

impl Opening<'_> {
    pub(super) fn zip(&mut self, place: &Place, file: &mut dyn ReadSeek) {
        match ZipIterable::try_new(&mut *file, Config::default()) {
            Ok(mut archive) => {
                if let Err(error) = self.zip_members(place, &mut archive) {
                    self.zip_failed(place, error);
                }
            }
            Err(_) if self.ledger.is_broken(place.depth) => {}
            Err(_) => self.cut_zip(place, file),
        }
        self.ledger.mend(place.depth + 1);
    }

    fn zip_members<R: Read + Seek>(
        &mut self,
        place: &Place,
        archive: &mut ZipIterable<R>,
    ) -> Result<(), ZipError> {
        let files = archive.files()?;
        while let Some(entry) = files.next() {
            let entry = entry?;
            if !self.ledger.count_member() {
                break;
            }
            self.zip_member(place, entry, files.reader_mut());
            self.report();
            if self.ledger.is_broken(place.depth) {
                break;
            }
        }
        Ok(())
    }

    fn zip_member<R: Read + Seek>(&mut self, place: &Place, entry: ZipFileEntry<'_>, file: &mut R) {
        if entry.is_dir() {
            return;
        }
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let member = place.member(&name, entry.last_modified().and_then(day_of));
        if entry.encrypted() {
            self.ledger.note(&member.name, OpenError::Encrypted);
            return;
        }
        if !SUPPORTED_COMPRESSION_METHODS.contains(&entry.compression()) {
            let method = method_name(entry.compression());
            self.ledger.note(&member.name, OpenError::Method { method });
            return;
        }
        let is_link = entry.is_symlink();
        match entry.with_reader(file, ZipReadOptions::new()) {
            Ok(file) if is_link => self.zip_link(&member, file),
            Ok(file) => self.zip_data(&member, file),
            Err(error) => self.zip_failed(&member, error),
        }
    }

    fn zip_data<R: Read>(&mut self, member: &Place, file: ZipFile<'_, R>) {
        let mut guard = Guard::of(self.ledger, member, Packing::Zip, file);
        self.stream(member, &mut guard);
        self.ledger.mend(member.depth);
    }

    /// The data of a link are the name of what it points to.
    fn zip_link<R: Read>(&mut self, member: &Place, file: ZipFile<'_, R>) {
        let mut to = Vec::new();
        let to = match file.take(1024).read_to_end(&mut to) {
            Ok(_) => String::from_utf8_lossy(&to).into_owned(),
            Err(_) => String::new(),
        };
        self.ledger.note(&member.name, OpenError::Link { to });
    }

    /// Reads a zip without a directory, most often a download that was cut, member by member from its start.
    fn cut_zip(&mut self, place: &Place, file: &mut dyn ReadSeek) {
        let mut file = file;
        if file.rewind().is_err() {
            return;
        }
        while let Ok(Some(entry)) = read_zipfile_from_stream(&mut file) {
            if !self.ledger.count_member() {
                break;
            }
            if entry.is_dir() {
                continue;
            }
            let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let member = place.member(&name, entry.last_modified().and_then(day_of));
            self.zip_data(&member, entry);
            self.report();
            if self.ledger.is_broken(place.depth) {
                return;
            }
        }
        self.ledger.note(&place.name, OpenError::Truncated { packing: Packing::Zip });
    }

    /// Sets a zip down that is no file of its own, and reads it there.
    pub(super) fn nested_zip(&mut self, place: &Place, peek: &mut Peek<'_>) {
        let mut scratch = match self.visitor.scratch() {
            Ok(scratch) => scratch,
            Err(error) => return self.ledger.note(&place.name, OpenError::Scratch(error)),
        };
        match self.set_down(peek, &mut scratch) {
            Ok(()) => {
                let broken = self.ledger.set_aside();
                self.zip(place, &mut scratch);
                self.ledger.put_back(broken);
            }
            Err(error) => self.ledger.note(&place.name, error),
        }
    }

    /// Copies `peek`; an end that comes too early still leaves the members before it.
    fn set_down(&self, peek: &mut Peek<'_>, scratch: &mut dyn Write) -> Result<(), OpenError> {
        let limit = self.ledger.limits.scratch;
        let mut left = limit;
        let mut block = vec![0; 64 << 10];
        // A fault of the layer around is in the ledger already.
        while let Ok(count) = peek.read(&mut block) {
            if count == 0 {
                break;
            }
            left = left.checked_sub(count as u64).ok_or(OpenError::ScratchFull { limit })?;
            scratch
                .write_all(block.get(..count).unwrap_or_default())
                .map_err(OpenError::Scratch)?;
        }
        scratch.flush().map_err(OpenError::Scratch)
    }

    fn zip_failed(&self, place: &Place, error: ZipError) {
        if self.ledger.is_broken(place.depth) {
            return;
        }
        let error = match error {
            ZipError::Io(source) => explain(Packing::Zip, source),
            other => OpenError::Corrupt { packing: Packing::Zip, source: io::Error::other(other) },
        };
        self.ledger.note(&place.name, error);
    }
}

/// The packing that a member asks for and that is not read here.
fn method_name(method: CompressionMethod) -> &'static str {
    const NAMES: &[(CompressionMethod, &str)] = &[
        (CompressionMethod::IMPLODE, "imploded"),
        (CompressionMethod::LZMA, "packed with LZMA"),
        (CompressionMethod::XZ, "packed with xz"),
        (CompressionMethod::PPMD, "packed with PPMd"),
        (CompressionMethod::AES, "encrypted with AES"),
    ];
    NAMES.iter().find(|it| it.0 == method).map_or("packed in an unknown way", |it| it.1)
}

/// The member's day; the earliest that a zip can state is what packers write who know none.
fn day_of(time: DateTime) -> Option<Date> {
    let year = i16::try_from(time.year()).ok().filter(|it| 1980 < *it)?;
    Date::new(year, i8::try_from(time.month()).ok()?, i8::try_from(time.day()).ok()?).ok()
}
