//! JSON objects that carry a record from one program to the next: journald, Beats, rsyslog, syslog-ng, fluentd, Vector,
//! Docker, Splunk, GELF, Azure Monitor. What they carry is read as if it had come without them.

use std::sync::LazyLock;

use bumpalo::Bump;

use super::{
    envelope,
    shippers::{Keeps, Path, SHIPPERS, Shipper},
};
use crate::{
    Record,
    json::{self, Fields, Paths},
    stamp::{self, Stamp},
    syslog::{self, Header},
};

/// Where carriers keep what a header states, the most telling first.
const STATED: [&[Path]; 4] = [
    // When.
    &[
        &["_SOURCE_REALTIME_TIMESTAMP"],
        &["__REALTIME_TIMESTAMP"],
        &["@timestamp"],
        &["timestamp"],
        &["time"],
        &["timereported"],
        &["EventTime"],
        &["TimeGenerated"],
        &["_time"],
        &["result", "_time"],
        &["ISODATE"],
        &["DATE"],
        &["date"],
        &["ts"],
        &["received_at"],
    ],
    // The computer.
    &[
        &["_HOSTNAME"],
        &["host", "hostname"],
        &["host", "name"],
        &["host"],
        &["hostname"],
        &["HOST"],
        &["sysloghost"],
        &["logsource"],
        &["fromhost"],
        &["HostName"],
        &["Computer"],
        &["result", "host"],
    ],
    // The program.
    &[
        &["SYSLOG_IDENTIFIER"],
        &["_COMM"],
        &["programname"],
        &["program"],
        &["PROGRAM"],
        &["appname"],
        &["app-name"],
        &["app_name"],
        &["ident"],
        &["process", "name"],
        &["ProcessName"],
        &["syslogtag"],
        &["syslog-tag"],
        &["_application_name"],
    ],
    // The process.
    &[
        &["SYSLOG_PID"],
        &["_PID"],
        &["procid"],
        &["pid"],
        &["PID"],
        &["process", "pid"],
        &["ProcessID"],
        &["proc_id"],
    ],
];

/// Positions in [`STATED`].
mod at {
    pub(super) const TIME: usize = 0;
    pub(super) const HOST: usize = 1;
    pub(super) const PROGRAM: usize = 2;
    pub(super) const PROCESS: usize = 3;
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

/// The paths of all carriers, each of them once.
struct Table {
    names: Vec<Path>,
    paths: Paths,
}

impl Table {
    fn new() -> Self {
        let lists = |it: &'static Shipper| [it.records, it.all, it.any, it.none];
        let mut names: Vec<Path> =
            SHIPPERS.iter().flat_map(lists).chain(STATED).flatten().copied().collect();
        names.sort_unstable();
        names.dedup();
        Self { paths: Paths::new(&names), names }
    }

    fn find<'r>(&'static self, json: &'r str, arena: &'r Bump) -> Option<Found<'r>> {
        Some(Found { names: &self.names, fields: self.paths.find(json)?, arena })
    }
}

/// What an object has of the paths of all carriers.
struct Found<'r> {
    names: &'static [Path],
    fields: Fields<'r>,
    arena: &'r Bump,
}

impl<'r> Found<'r> {
    /// What stands at `path`, as JSON; absent where it is null or empty.
    fn raw(&self, path: Path) -> Option<&'r str> {
        let raw = self.fields.raw(self.names.binary_search(&path).ok()?)?;
        (!matches!(raw, "null" | "\"\"" | "{}" | "[]")).then_some(raw)
    }

    fn text(&self, path: Path) -> Option<&'r str> {
        json::unquoted(self.raw(path)?, self.arena)
    }

    /// The first of a group of [`STATED`] that is there.
    fn stated(&self, group: usize) -> Option<&'r str> {
        let text = STATED.get(group)?.iter().find_map(|it| self.text(it));
        text.filter(|it| *it != "-")
    }

    /// Whether the object is one of `shipper`'s.
    fn is_of(&self, shipper: &Shipper) -> bool {
        let has = |it: &Path| self.raw(it).is_some();
        let is_its_own = match shipper.keeps {
            Keeps::Whole | Keeps::Message => true,
            Keeps::Numbered => self.text(&["id"]).is_some_and(is_long_number),
            Keeps::SystemLog => self.text(&["logName"]).is_some_and(is_system_log),
        };
        is_its_own
            && shipper.all.iter().all(has)
            && (shipper.any.is_empty() || shipper.any.iter().any(has))
            && !shipper.none.iter().any(has)
    }
}

/// Whether it is an id as `CloudWatch` gives to what it streams: 56 digits.
fn is_long_number(id: &str) -> bool {
    50 <= id.len() && id.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a log of Google Cloud, `projects/corp/logs/syslog`, is a system's, and no program's own.
fn is_system_log(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    matches!(
        name,
        "syslog" | "auth" | "authlog" | "auth.log" | "secure" | "messages" | "linux_syslog"
    )
}

/// What a JSON object that no format claims carries.
pub(crate) enum Carried<'r> {
    /// One record.
    One(Record<'r>),
    /// A JSON array of records.
    Many(&'r str),
}

/// Takes what `record` carries out of it.
pub(crate) fn carried<'r>(record: &Record<'r>, arena: &'r Bump) -> Option<Carried<'r>> {
    let json = record.json()?;
    let found = TABLE.find(json, arena)?;
    for shipper in SHIPPERS.iter().filter(|it| found.is_of(it)) {
        for path in shipper.records {
            let Some(raw) = found.raw(path) else { continue };
            if raw.starts_with('{') {
                return Some(Carried::One(Record { body: raw, message: raw, ..*record }));
            }
            if let Some(text) = line(raw, &found) {
                let header = header(shipper.keeps, text, &found);
                let host = header.host.or(record.host);
                return Some(Carried::One(Record {
                    host,
                    ..header.record(record.text, record.line)
                }));
            }
        }
    }
    let start = envelope::array_start(json.as_bytes())?;
    json.get(start.len - 1..).map(Carried::Many)
}

/// What a header would state of `text`: by its own, where it came with one, and by the carrier.
fn header<'r>(keeps: Keeps, text: &'r str, found: &Found<'r>) -> Header<'r> {
    let stamp = found.stated(at::TIME).and_then(stamp_of);
    let host = found.stated(at::HOST);
    let tag = found.stated(at::PROGRAM).map(tag_parts);
    let pid = found.stated(at::PROCESS);
    // A carrier that names the program has taken the header off. What looks like one in the message may be forged.
    if let Some((app, tag_pid)) = tag.filter(|_| keeps != Keeps::Whole) {
        let (app, pid) = (Some(app), pid.or(tag_pid));
        return Header { stamp, host, app, pid, body: text, message: text, structured: None };
    }
    let mut header = syslog::split(text);
    header.host = header.host.or(host);
    header.stamp = match (header.stamp, stamp) {
        (Some(own), Some(other)) => Some(own.dated_by(other)),
        (own, other) => own.or(other),
    };
    if header.app.is_none() {
        header.app = tag.map(|it| it.0);
        header.pid = pid;
    }
    header
}

/// `sshd[4711]:` or `sshd`.
fn tag_parts(tag: &str) -> (&str, Option<&str>) {
    let tag = tag.trim_end_matches(':');
    match tag.split_once('[') {
        Some((app, pid)) => (app, Some(pid.trim_end_matches(']'))),
        None => (tag, None),
    }
}

/// The carried line; journald writes one that is no text as an array of bytes.
fn line<'r>(raw: &'r str, found: &Found<'r>) -> Option<&'r str> {
    let text = if let Some(list) = raw.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        let bytes: Vec<u8> = list.split(',').map_while(|it| it.trim().parse().ok()).collect();
        found.arena.alloc_str(&String::from_utf8_lossy(&bytes))
    } else {
        json::unquoted(raw, found.arena)?.trim_end_matches(['\n', '\r', '\0'])
    };
    (!text.is_empty()).then_some(text)
}

fn stamp_of(text: &str) -> Option<Stamp> {
    stamp::iso(text).or_else(|| stamp::bsd(text)).map(|it| it.0).or_else(|| stamp::epoch(text))
}

/// The elements of an array of records.
pub(crate) fn elements(array: &str) -> impl Iterator<Item = &str> {
    json::elements(array).filter(|it| it.starts_with('{'))
}
