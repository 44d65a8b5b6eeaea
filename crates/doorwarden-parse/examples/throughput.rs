//! Reads standard input as one source and counts what comes out: the cost of reading alone, without printing.
//!
//! `perf stat -e task-clock target/release/examples/throughput < auth.log`

use std::io::{self, Write};

use doorwarden_model::Event;
use doorwarden_parse::{Reject, Sink, SourceInfo, Unit, read_source};

#[derive(Default)]
struct Counts {
    events: u64,
    unparsed: u64,
}

impl Sink for Counts {
    fn event(&mut self, _: &Event<'_>, _: u128, _: u64, _: Unit) {
        self.events += 1;
    }

    fn unparsed(&mut self, _: u64, _: &str, _: Option<&'static str>, _: Option<&Reject>) {
        self.unparsed += 1;
    }
}

fn main() -> io::Result<()> {
    let mut counts = Counts::default();
    let (stats, result) = read_source(&mut io::stdin().lock(), &SourceInfo::default(), &mut counts);
    let Counts { events, unparsed } = counts;
    let (bytes, records) = (stats.bytes, stats.records);
    writeln!(
        io::stdout(),
        "{bytes} bytes, {records} records, {events} events, {unparsed} unparsed"
    )?;
    result
}
