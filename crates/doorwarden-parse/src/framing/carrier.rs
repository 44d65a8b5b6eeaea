//! JSON objects that carry a line of text from one program to the next: journald, Beats, rsyslog, syslog-ng, fluentd,
//! Vector, Docker, Splunk, GELF, Azure Monitor. What they carry is read as if it had come without them.

use std::sync::LazyLock;

use bumpalo::Bump;

use super::envelope;
use crate::{
    Record,
    json::{self, Fields, Paths},
    stamp::{self, Stamp},
    syslog::{self, Header},
};

/// Where carriers keep what a header states, the most telling first.
const PATHS: [&[&[&str]]; 5] = [
    // The line itself.
    &[
        &["_raw"],
        &["result", "_raw"],
        &["event", "original"],
        &["log"],
        &["MESSAGE"],
        &["message"],
        &["msg"],
        &["SyslogMessage"],
        &["full_message"],
        &["short_message"],
        &["@message"],
        &["line"],
        &["textPayload"],
        &["event"],
    ],
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
    ],
    // The computer.
    &[
        &["_HOSTNAME"],
        &["host", "hostname"],
        &["host", "name"],
        &["host"],
        &["hostname"],
        &["HOST"],
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

/// The position of `MESSAGE`.
const BYTES: usize = 4;

/// Paths of the first group whose text is a line as the device sent it, header and all.
const WHOLE: usize = 3;

/// The objects in which some put the whole record.
const OBJECTS: [&[&str]; 5] =
    [&["_source"], &["result"], &["event"], &["jsonPayload"], &["_airbyte_data"]];

static TEXTS: LazyLock<Paths> = LazyLock::new(|| Paths::new(&PATHS.concat()));
static WRAPPED: LazyLock<Paths> = LazyLock::new(|| Paths::new(&OBJECTS));

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
    let found = TEXTS.find(json)?;
    if let Some((at, text)) = message(&found, arena) {
        let header = header(at, text, &found, arena);
        let host = header.host.or(record.host);
        return Some(Carried::One(Record { host, ..header.record(record.text, record.line) }));
    }
    if let Some(start) = envelope::array_start(json.as_bytes()) {
        return json.get(start.len - 1..).map(Carried::Many);
    }
    let found = WRAPPED.find(json)?;
    let object =
        (0..OBJECTS.len()).find_map(|at| found.raw(at).filter(|it| it.starts_with('{')))?;
    Some(Carried::One(Record { body: object, message: object, ..*record }))
}

/// What a header would state of `text`: by its own, where it came with one, and by the carrier.
fn header<'r>(at: usize, text: &'r str, found: &Fields<'r>, arena: &'r Bump) -> Header<'r> {
    let stamp = stamp_of(found, arena);
    let host = first(found, 2, arena);
    let tag = first(found, 3, arena).map(tag_parts);
    let pid = first(found, 4, arena);
    // A carrier that names the program has taken the header off. What looks like one in the message may be forged.
    if let Some((app, tag_pid)) = tag.filter(|_| WHOLE <= at) {
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

/// The carried line, and the position of its path; journald writes one that is no text as an array of bytes.
fn message<'r>(found: &Fields<'r>, arena: &'r Bump) -> Option<(usize, &'r str)> {
    let texts = range(0).filter_map(|at| Some((at, found.text(at, arena)?)));
    let mut texts = texts.map(|(at, it)| (at, it.trim_end_matches(['\n', '\r', '\0'])));
    texts.find(|(_, it)| !it.is_empty()).or_else(|| {
        let raw = found.raw(BYTES)?.strip_prefix('[')?.strip_suffix(']')?;
        let bytes: Vec<u8> = raw.split(',').map_while(|it| it.trim().parse().ok()).collect();
        (!bytes.is_empty()).then(|| (BYTES, &*arena.alloc_str(&String::from_utf8_lossy(&bytes))))
    })
}

/// The first value that is stated of a group of paths.
fn first<'r>(found: &Fields<'r>, group: usize, arena: &'r Bump) -> Option<&'r str> {
    range(group).find_map(|at| found.text(at, arena)).filter(|it| *it != "-")
}

/// The positions of a group of paths in [`TEXTS`].
fn range(group: usize) -> std::ops::Range<usize> {
    let start = PATHS.iter().take(group).map(|it| it.len()).sum();
    start..start + PATHS.get(group).map_or(0, |it| it.len())
}

fn stamp_of<'r>(found: &Fields<'r>, arena: &'r Bump) -> Option<Stamp> {
    let text = range(1).find_map(|at| found.text(at, arena))?;
    stamp::iso(text).or_else(|| stamp::bsd(text)).map(|it| it.0).or_else(|| stamp::epoch(text))
}

/// The elements of an array of records.
pub(crate) fn elements(array: &str) -> impl Iterator<Item = &str> {
    json::elements(array).filter(|it| it.starts_with('{'))
}
