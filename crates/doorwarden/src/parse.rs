//! `doorwarden parse`: events as JSON Lines.

use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::Path,
    process::ExitCode,
};

use doorwarden_model::Event;
use doorwarden_parse::{Reject, Sink, SourceInfo, read_source};

use crate::{cli::ParseArguments, output::event_json};

struct Printer<'a, W: Write> {
    name: String,
    out: &'a mut W,
    shows_unparsed: bool,
}

impl<W: Write> Sink for Printer<'_, W> {
    fn event(&mut self, event: &Event<'_>, _: u128, line: u64, is_record: bool) {
        let text = event_json::line(event, &self.name, line, is_record);
        // A closed pipe ends the program at the next flush.
        drop(writeln!(self.out, "{text}"));
    }

    fn unparsed(
        &mut self,
        line: u64,
        text: &str,
        format: Option<&'static str>,
        why: Option<&Reject>,
    ) {
        if self.shows_unparsed {
            let why = why
                .map_or_else(String::new, |it| format!(" ({}: {it})", format.unwrap_or_default()));
            anyhow_print(&format!(
                "{}:{line}: not understood{why}: {}",
                self.name,
                text.escape_debug()
            ));
        }
    }
}

#[expect(clippy::print_stderr, reason = "what was asked for with --unparsed goes there")]
fn anyhow_print(text: &str) {
    eprintln!("{text}");
}

/// Parses each file in turn.
pub(crate) fn run(arguments: &ParseArguments) -> ExitCode {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for path in &arguments.files {
        if let Err(error) = one(path, arguments, &mut out) {
            anyhow_print(&format!("doorwarden: {error:#}"));
            code = ExitCode::from(1);
        }
    }
    drop(out.flush());
    code
}

#[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
fn one(path: &Path, arguments: &ParseArguments, out: &mut impl Write) -> anyhow::Result<()> {
    let mut reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path)?)
    };
    let info = SourceInfo::default();
    let mut printer =
        Printer { name: path.display().to_string(), out, shows_unparsed: arguments.unparsed };
    let (_, result) = read_source(&mut *reader, &info, &mut printer);
    Ok(result?)
}
