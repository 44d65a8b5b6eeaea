//! Opens one file, packed or not, and hands each source inside to its reader: what `parse`, `sources check` and the
//! like share. A scan does the same in its workers.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context as _, bail};
use doorwarden_parse::{
    Input, Limits, OpenError, Opened, Scratch, SourceInfo, Visitor, open, written_day,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{output::harmless::harmless, platform};

/// How sources are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    /// Year of stamps that state none, where nothing else tells.
    pub(crate) year: Option<i16>,
    /// The only format that may read them.
    pub(crate) forced: Option<&'static str>,
}

/// Who reads the sources inside a file.
pub(crate) trait Reader {
    /// Reads one source: the file, or a member of an archive.
    fn source(&mut self, name: &str, info: &SourceInfo, reader: &mut dyn Read);

    /// Hears that a part could not be read.
    fn failed(&mut self, name: &str, why: String);
}

/// Hands every source in the file at `path` to `reader`; `-` is standard input.
#[expect(clippy::disallowed_methods, reason = "the binary is where files are opened")]
pub(crate) fn read(path: &Path, options: &Options, reader: &mut dyn Reader) -> anyhow::Result<()> {
    let name = path.display().to_string();
    let mut opening = Opening { reader, options, written: None };
    if path == Path::new("-") {
        open(&name, Input::Stream(&mut io::stdin()), &Limits::default(), &mut opening);
        return Ok(());
    }
    let cannot = || format!("cannot read `{}`", harmless(&name));
    let mut file = File::open(path).with_context(cannot)?;
    let facts = file.metadata().with_context(cannot)?;
    if facts.is_dir() {
        let name = harmless(&name);
        bail!("`{name}` is a folder: `doorwarden scan {name}` reads folders");
    }
    opening.written = facts.modified().ok().and_then(day_of);
    if facts.is_file() {
        open(&name, Input::File(&mut file), &Limits::default(), &mut opening);
    } else {
        open(&name, Input::Stream(&mut file), &Limits::default(), &mut opening);
    }
    Ok(())
}

struct Opening<'r> {
    reader: &'r mut dyn Reader,
    options: &'r Options,
    /// The day on which the file was last written.
    written: Option<Date>,
}

impl Visitor for Opening<'_> {
    fn source(&mut self, opened: Opened<'_>) {
        let info = SourceInfo {
            written: written_day(opened.name, opened.written, self.options.year, self.written),
            zone: None,
            forced: self.options.forced,
        };
        self.reader.source(opened.name, &info, opened.reader);
    }

    fn failed(&mut self, name: &str, error: OpenError) {
        if error.is_loss() {
            let why = std::error::Error::source(&error)
                .map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
            self.reader.failed(name, why);
        }
    }

    fn scratch(&mut self) -> io::Result<Box<dyn Scratch>> {
        let (file, path) = platform::create_temporary(&std::env::temp_dir())?;
        // On systems that allow it the file has no name from here on.
        drop(std::fs::remove_file(&path));
        Ok(Box::new(file))
    }
}

fn day_of(time: std::time::SystemTime) -> Option<Date> {
    Some(TimeZone::UTC.to_datetime(Timestamp::try_from(time).ok()?).date())
}
