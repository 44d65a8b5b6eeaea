//! VNC servers and screen sharing.
//!
//! `phrases` reads servers that write one sentence a line, address included; `endpoint` those of RealVNC's family, whose
//! sentences speak of a connection that an earlier line stated.

mod endpoint;
mod phrases;

use std::net::IpAddr;

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use crate::{
    Ctx, Format, Parsed, Recent, Record, Reject,
    formats::windows::{WinEvent, start},
    names::split_domain,
    origin::set_source,
    record::address_port,
    stamp::{self, Stamp},
};

/// # VNC
///
/// RealVNC Server 4 to 7, TigerVNC (`Xvnc`, `x0vncserver`), TightVNC (Windows and Unix), `UltraVNC`, x11vnc and other users
/// of `LibVNCServer` (vino), macOS screen sharing.
///
/// ## Where the log is
/// - RealVNC: the Application event log (source `VNC Server`), `C:\ProgramData\RealVNC-Service\vncserver.log`, syslog,
///   `~/.vnc/vncserver-x11.log`.
/// - TigerVNC: `~/.vnc/HOST:DISPLAY.log`, `~/.local/state/tigervnc/`, syslog or the journal.
/// - TightVNC: the Application event log (source `tvnserver`), `tvnserver.log`; on Unix `~/.vnc/HOST:DISPLAY.log`.
/// - `UltraVNC`: the Application event log (source `UltraVNC`), `mslogon.log` beside the program.
/// - x11vnc: standard error, or the file of `-o`.
/// - macOS: the unified log, process `screensharingd`; `/var/log/system.log` on old releases.
///
/// ## What is read
/// Attempts with their address, and their name where the server knows names; connections; the end of a session. TigerVNC
/// and x11vnc do not say that a password was right: TigerVNC's `Server default pixel format` and x11vnc's `client_set_net`
/// come only after it.
///
/// ## What is ignored
/// Encodings, statistics, the X server around it.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Vnc;

/// Its id.
const ID: &str = "vnc";

/// What a reading function answers.
type Answer = Result<Parsed, Reject>;

impl Format for Vnc {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        line(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Answer {
        let mut line = line(record).ok_or(Reject::Shape)?;
        if let Some(event) = record.windows() {
            line.text = sentence(event, ctx);
        }
        let mut reader = Reader { record, ctx, stamp: line.stamp };
        match line.kind {
            Kind::Endpoint => endpoint::read(&mut reader, line.text),
            Kind::Phrase => phrases::read(&mut reader, line.text),
        }
    }
}

/// Who reads a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Endpoint,
    Phrase,
}

/// A line behind its stamp.
#[derive(Debug, Clone, Copy)]
struct Line<'r> {
    kind: Kind,
    stamp: Option<Stamp>,
    text: &'r str,
}

fn line<'r>(record: &Record<'r>) -> Option<Line<'r>> {
    if let Some(event) = record.windows() {
        let kind = match event.provider {
            "VNC Server" | "WinVNC4" => Kind::Endpoint,
            "tvnserver" | "TightVNC Server" | "UltraVNC" | "UltraVnc" | "WinVNC" => Kind::Phrase,
            _ => return None,
        };
        return Some(Line { kind, stamp: None, text: "" });
    }
    if !record.is_text() {
        return None;
    }
    if let Some(app) = record.app {
        let kind = kind_of(app.rsplit('/').next().unwrap_or(app))?;
        return Some(Line { kind, stamp: record.stamp, text: record.message });
    }
    if record.stamp.is_some() { None } else { own_file(record.body) }
}

fn kind_of(program: &str) -> Option<Kind> {
    match program {
        "screensharingd" | "x11vnc" | "vino-server" | "Xtightvnc" => Some(Kind::Phrase),
        "Xvnc"
        | "Xvnc-core"
        | "Xtigervnc"
        | "x0vncserver"
        | "x0tigervncserver"
        | "w0vncserver"
        | "winvnc4"
        | "vncserver"
        | "vncserver-x11"
        | "vncserver-x11-core"
        | "vncserver-mac"
        | "vncserver-virtual"
        | "vncserver-x11-serviced"
        | "vncserver-virtuald" => Some(Kind::Endpoint),
        _ => None,
    }
}

/// A line of a server's own file.
fn own_file(text: &str) -> Option<Line<'_>> {
    match text.as_bytes().first()? {
        b' ' => endpoint::is_ours(text).then_some(Line {
            kind: Kind::Endpoint,
            stamp: None,
            text: text.trim_start(),
        }),
        b'[' => {
            let (processes, rest) = text.strip_prefix('[')?.split_once("] ")?;
            let is_pair = processes.contains('/')
                && processes.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'/' | b' '));
            let (mut stamp, rest) = stamp::iso(rest).filter(|_| is_pair)?;
            // TightVNC for Windows writes UTC, with `:357` for the milliseconds, and a sign for the level.
            stamp.offset = Some(0);
            let (_, rest) = rest.split_once(' ')?;
            let text = rest.get(1..)?.trim_start();
            Some(Line { kind: Kind::Phrase, stamp: Some(stamp), text })
        }
        it if it.is_ascii_digit() => {
            let (stamp, text) = day_first(text)?;
            let text = text.strip_prefix([' ', '\t'])?.trim_start();
            Some(Line { kind: Kind::Phrase, stamp: Some(stamp), text })
        }
        _ => None,
    }
}

/// `24/11/2026 02:26:15` of `LibVNCServer` and `UltraVNC`, `24/11/26 02:26:15` of TightVNC for Unix.
fn day_first(text: &str) -> Option<(Stamp, &str)> {
    let (date, rest) = text.split_once(' ')?;
    let mut parts = date.split('/');
    let mut number = |len: std::ops::RangeInclusive<usize>| {
        let part = parts.next().filter(|it| len.contains(&it.len()))?;
        part.parse::<i16>().ok().filter(|it| 0 <= *it)
    };
    let (day, month, year) = (number(1..=2)?, number(1..=2)?, number(2..=4)?);
    let year = if year < 100 { 2000 + year } else { year };
    stamp::of_parts(Some(year), month.try_into().ok()?, day.try_into().ok()?, rest)
}

/// What a Windows event says: behind the stamp of `UltraVNC`, and with the part of RealVNC's server that stands alone.
fn sentence<'r>(event: &WinEvent<'r>, ctx: &Ctx<'r, '_>) -> &'r str {
    let mut texts = event.data.iter().map(|it| it.1.trim());
    let first = texts.next().unwrap_or_default();
    let text = day_first(first).map_or(first, |it| it.1).trim_start();
    match texts.next() {
        Some(second) if text == "Connections" => ctx.keep(&format!("{text}: {second}")),
        _ => text,
    }
}

/// A client of a server.
#[derive(Debug, Clone, Copy, Default)]
struct Peer {
    ip: Option<IpAddr>,
    port: Option<u16>,
    method: Option<&'static str>,
    is_established: bool,
}

/// What is remembered of a source.
#[derive(Debug, Default)]
struct Memory {
    /// The last client of each process.
    last: Recent<CompactString, Peer, 64>,
    /// Clients that are through, by their address as written.
    established: Recent<CompactString, (), 64>,
}

/// One record on its way to events.
struct Reader<'a, 'r, 's> {
    record: &'a Record<'r>,
    ctx: &'a mut Ctx<'r, 's>,
    stamp: Option<Stamp>,
}

impl<'r> Reader<'_, 'r, '_> {
    fn memory(&mut self) -> &mut Memory {
        self.ctx.carry::<Memory>()
    }

    fn event(&mut self, activity: Activity) -> Result<Event<'r>, Reject> {
        if let Some(windows) = self.record.windows() {
            return start(ID, Service::Vnc, activity, windows, self.ctx);
        }
        let mut event = match self.stamp {
            Some(stamp) => self.ctx.event_at(ID, Service::Vnc, activity, stamp),
            None => self.ctx.event(ID, Service::Vnc, activity, self.record)?,
        };
        event.host = self.record.host;
        Ok(event)
    }

    /// An attempt: with a reason where it was refused.
    fn attempt(&mut self, refused: Option<Reason>) -> Result<Event<'r>, Reject> {
        let mut event = self.event(Activity::Logon)?;
        event.outcome = Some(if refused.is_some() { Outcome::Failure } else { Outcome::Success });
        event.reason = refused;
        Ok(event)
    }

    /// Reports an event that states somebody or some place; one that states neither was cut.
    fn emit(&mut self, event: &Event<'r>) -> Answer {
        if event.user.is_none() && event.src_ip.is_none() && event.src_host.is_none() {
            return Err(Reject::Shape);
        }
        self.ctx.emit(event);
        Ok(Parsed::Event)
    }

    /// The key under which the last client of the process is kept.
    fn process(&self) -> CompactString {
        self.record.pid.unwrap_or_default().into()
    }

    fn last(&mut self) -> Option<Peer> {
        let process = self.process();
        self.memory().last.get(&process).copied()
    }

    fn keep_last(&mut self, peer: Peer) {
        let process = self.process();
        self.memory().last.insert(process, peer);
    }

    /// Marks a client as through; whether it was not before.
    fn establish(&mut self, client: &str) -> bool {
        let is_new = self.memory().established.get(client).is_none();
        self.memory().established.insert(client.into(), ());
        is_new
    }

    /// Forgets a client; whether it was through.
    fn forget(&mut self, client: &str) -> bool {
        self.memory().established.remove(client).is_some()
    }
}

/// Puts down a name; `(anonymous)` is nobody's.
fn put_name<'r>(event: &mut Event<'r>, name: &'r str) {
    if !matches!(name.trim(), "(anonymous)" | "N/A" | "") {
        (event.user, event.domain) = split_domain(name);
    }
}

/// Puts down `203.0.113.7::4711`, `[2001:db8::1]::4711`, `203.0.113.7:4711` or an address alone.
fn put_client<'r>(event: &mut Event<'r>, client: &'r str) {
    if let Some((ip, port)) = client.rsplit_once("::")
        && (ip.ends_with(']') || ip.contains('.'))
    {
        set_source(event, ip.trim_matches(['[', ']']));
        event.src_port = port.parse().ok();
        return;
    }
    match address_port(client) {
        Some((ip, port)) => (event.src_ip, event.src_port) = (Some(ip), port),
        None => set_source(event, client),
    }
}
