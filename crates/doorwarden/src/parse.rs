//! `doorwarden parse`: one event a line, in Doorwarden's own words or in those of a schema that others share.

use std::{
    cell::Cell,
    io::{self, BufWriter, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use doorwarden_model::{Context, Event};
use doorwarden_parse::{Reject, Sink, SourceInfo, Unit, read_source};

use crate::{
    geo::{Geo, GeoArguments},
    output::{
        ecs_json, event_json, event_json::Written, harmless::harmless, ocsf_json, terminal, trouble,
    },
    place_cache::PlaceCache,
    reading::{self, Options, Reader},
};

/// What `parse` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  doorwarden parse auth.log | jq .user
  doorwarden parse vpn.log.gz archive.zip --format ocsf > events.jsonl
  journalctl -o short-iso | doorwarden parse -")]
pub(crate) struct ParseCommand {
    /// Log files, packed or not; `-` is standard input. Example: `auth.log vpn.tar.gz`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The words of the output. Example: `--format ecs`
    #[arg(long, value_name = "NAME", default_value = "json")]
    format: Words,
    /// Show records that no format understands, on standard error. Example: `--unparsed 2> unknown.txt`
    #[arg(long)]
    unparsed: bool,
    /// Read the files with one format only. Example: `--as openssh`
    #[arg(long = "as", value_name = "FORMAT", value_parser = crate::sources::known)]
    forced: Option<&'static str>,
    /// Year of stamps that state none, where neither record nor file name tells. Example: `--year 2025`
    #[arg(long)]
    year: Option<i16>,
    #[command(flatten)]
    geo: GeoArguments,
}

/// The words of the output.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Words {
    /// Doorwarden's own keys.
    Json,
    /// Open Cybersecurity Schema Framework, class Authentication (3002).
    Ocsf,
    /// Elastic Common Schema.
    Ecs,
}

/// Parses each file in turn.
pub(crate) fn run(command: &ParseCommand) -> ExitCode {
    let geo = match Geo::load(&command.geo, &Context::default()) {
        Ok(geo) => geo,
        Err(error) => {
            terminal::error(&error);
            return ExitCode::from(2);
        }
    };
    let mut printer = Printer {
        places: PlaceCache::new(&geo),
        name: String::new(),
        out: BufWriter::with_capacity(1 << 16, io::stdout().lock()),
        words: command.format,
        shows_unparsed: command.unparsed,
        is_closed: Cell::new(false),
        has_failed: false,
    };
    let options = Options { year: command.year, forced: command.forced };
    for path in &command.files {
        if let Err(error) = reading::read(path, &options, &mut printer) {
            terminal::error(&error);
            printer.has_failed = true;
        }
    }
    if !printer.is_closed.get() {
        terminal::is_printed(printer.out.flush());
    }
    if printer.has_failed { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

struct Printer<'g, W: Write> {
    places: PlaceCache<'g>,
    name: String,
    out: BufWriter<W>,
    words: Words,
    shows_unparsed: bool,
    /// Whether nobody listens any more, as behind `| head`.
    is_closed: Cell<bool>,
    has_failed: bool,
}

impl<W: Write> Reader for Printer<'_, W> {
    fn source(&mut self, name: &str, info: &SourceInfo, reader: &mut dyn Read) {
        name.clone_into(&mut self.name);
        let is_closed = Cell::new(self.is_closed.get());
        let mut reader = WhileHeard { reader, is_closed: &is_closed };
        let mut sink = Printing { printer: self, is_closed: &is_closed };
        let (stats, result) = read_source(&mut reader, info, &mut sink);
        self.is_closed.set(is_closed.get());
        for why in trouble::of_source(&stats) {
            terminal::note(&format!("doorwarden: `{}`: {why}", harmless(name)));
        }
        // What goes wrong with packed data is told by `failed`, with its cause.
        if let Err(error) = result
            && !name.contains('!')
        {
            self.failed(name, error.to_string());
        }
    }

    fn failed(&mut self, name: &str, why: String) {
        terminal::error(&anyhow::anyhow!("`{}`: {why}", harmless(name)));
        self.has_failed = true;
    }
}

/// Ends where nobody listens any more.
struct WhileHeard<'r> {
    reader: &'r mut dyn Read,
    is_closed: &'r Cell<bool>,
}

impl Read for WhileHeard<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.is_closed.get() { Ok(0) } else { self.reader.read(to) }
    }
}

struct Printing<'p, 'g, W: Write> {
    printer: &'p mut Printer<'g, W>,
    is_closed: &'p Cell<bool>,
}

impl<W: Write> Sink for Printing<'_, '_, W> {
    fn event(&mut self, event: &Event<'_>, id: u128, line: u64, unit: Unit) {
        let printer = &mut *self.printer;
        let written = Written {
            event,
            id,
            file: &printer.name,
            line,
            is_record: unit == Unit::Record,
            place: event.src_ip.map(|ip| printer.places.place(ip)).unwrap_or_default(),
        };
        let text = match printer.words {
            Words::Json => event_json::line(&written),
            Words::Ocsf => ocsf_json::line(&written),
            Words::Ecs => ecs_json::line(&written),
        };
        if !self.is_closed.get() && !terminal::is_printed(writeln!(printer.out, "{text}")) {
            self.is_closed.set(true);
        }
    }

    fn unparsed(
        &mut self,
        line: u64,
        text: &str,
        format: Option<&'static str>,
        why: Option<&Reject>,
    ) {
        if self.printer.shows_unparsed {
            let why = why
                .map_or_else(String::new, |it| format!(" ({}: {it})", format.unwrap_or_default()));
            let name = &self.printer.name;
            terminal::note(&harmless(&format!("{name}:{line}: not understood{why}: {text}")));
        }
    }
}
