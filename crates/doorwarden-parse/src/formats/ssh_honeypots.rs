//! Honeypots that look like SSH servers: nobody signs in to them, but their visitors are worth knowing.

use std::sync::LazyLock;

use doorwarden_model::{Activity, Event, Service};

use crate::{
    Ctx, Format, Parsed, Record, Reject,
    json::Paths,
    origin::set_source,
    record::address_port,
    stamp::{self, Stamp},
};

/// # SSH honeypots
///
/// Cowrie (SSH and telnet), sshesame and endlessh.
///
/// ## Where the log is
/// Cowrie: `var/log/cowrie/cowrie.json` and `cowrie.log`, or syslog with `[output_localsyslog]`. sshesame: standard
/// error or `logging.file`. endlessh: standard output with `-v`, or syslog with `-s`.
///
/// ## What is read
/// Every visit, as an event of the kind `other` with its address: connections, the names that were tried, commands. A
/// honeypot lets in whom it likes, so none of it is an attempt to sign in, and none of it has an outcome.
///
/// ## What is ignored
/// Passwords, channels, downloads, the honeypot's own settings.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct SshHoneypots;

/// Its id.
const ID: &str = "ssh-honeypots";

impl Format for SshHoneypots {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        if let Some(json) = record.json() {
            return memchr::memmem::find(json.as_bytes(), b"\"cowrie.").is_some();
        }
        record.is_text() && kind(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        match kind(record) {
            _ if record.json().is_some() => cowrie_json(record, ctx),
            Some(Kind::Cowrie) => cowrie(record, ctx),
            Some(Kind::Sshesame) => sshesame(record, ctx),
            Some(Kind::Endlessh) => endlessh(record, ctx),
            None => Err(Reject::Shape),
        }
    }
}

/// The honeypots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cowrie,
    Sshesame,
    Endlessh,
}

fn kind(record: &Record<'_>) -> Option<Kind> {
    match record.app {
        Some("cowrie") => return Some(Kind::Cowrie),
        Some("sshesame") => return Some(Kind::Sshesame),
        Some("endlessh") => return Some(Kind::Endlessh),
        Some(_) => return None,
        None => {}
    }
    if record.stamp.is_none() {
        return endlessh_go(record.body).map(|_| Kind::Endlessh);
    }
    // In its own file endlessh writes the verb where a header has its host.
    if matches!(record.host, Some("ACCEPT" | "CLOSE")) && record.body.starts_with("host=") {
        return Some(Kind::Endlessh);
    }
    let rest = record.body.strip_prefix('[')?;
    if ["cowrie.", "HoneyPotSSHTransport,", "CowrieTelnetTransport,"]
        .iter()
        .any(|it| rest.starts_with(it))
    {
        return Some(Kind::Cowrie);
    }
    let (client, rest) = rest.split_once("] ")?;
    address_port(client)?;
    let is_ours = SSHESAME.iter().any(|it| rest.starts_with(it));
    is_ours.then_some(Kind::Sshesame)
}

/// How sshesame's lines start, behind the address.
const SSHESAME: &[&str] =
    &["[channel ", "authentication for user ", "connection ", "rejection of ", "keepalive "];

fn visit<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Event<'r>, Reject> {
    ctx.event(ID, Service::Ssh, Activity::Other, record)
}

/// Puts down `203.0.113.7:4711`.
fn put_client<'r>(event: &mut Event<'r>, client: &'r str) {
    match address_port(client) {
        Some((ip, port)) => (event.src_ip, event.src_port) = (Some(ip), port),
        None => set_source(event, client),
    }
}

/// `[203.0.113.7:4711] authentication for user "admin" with password "1" accepted`
fn sshesame<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (client, rest) =
        record.message.strip_prefix('[').and_then(|it| it.split_once("] ")).ok_or(Reject::Shape)?;
    let rest = match rest.strip_prefix("[channel ").and_then(|it| it.split_once("] ")) {
        Some((_, "closed")) => return Ok(Parsed::Ignored),
        Some((_, rest)) => rest,
        None => rest,
    };
    let mut event = visit(record, ctx)?;
    put_client(&mut event, client);
    let name = rest.strip_prefix("authentication for user \"").map(quoted);
    event.user = name.filter(|it| !it.is_empty());
    event.client = rest.strip_prefix("connection with client version \"").map(quoted);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What stands before the closing quote; a backslash hides the next one.
fn quoted(text: &str) -> &str {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return text.get(..at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

/// `ACCEPT host=::ffff:203.0.113.7 port=4711 fd=4 n=1/4096`
fn endlessh<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let Some((_, rest)) = record.message.split_once("host=") else {
        return Ok(Parsed::Ignored);
    };
    let (ip, rest) = rest.split_once(" port=").ok_or(Reject::Shape)?;
    let mut event = match endlessh_go(record.body) {
        Some(stamp) => ctx.event_at(ID, Service::Ssh, Activity::Other, stamp),
        None => visit(record, ctx)?,
    };
    event.host = event.host.filter(|it| !matches!(*it, "ACCEPT" | "CLOSE"));
    set_source(&mut event, ip);
    event.src_port = rest.split(' ').next().and_then(|it| it.parse().ok());
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// The stamp of `I1124 02:09:53.500000       1 client.go:61] ACCEPT host=203.0.113.7 port=4711 n=2/4096`.
fn endlessh_go(text: &str) -> Option<Stamp> {
    let (date, rest) = text.strip_prefix('I')?.split_once(' ')?;
    let (month, day) = date.split_at_checked(2)?;
    let (stamp, rest) = stamp::of_parts(None, month.parse().ok()?, day.parse().ok()?, rest)?;
    let (place, what) = rest.split_once("] ")?;
    let is_ours = place.contains("client.go:")
        && (what.starts_with("ACCEPT host=") || what.starts_with("CLOSE host="));
    is_ours.then_some(stamp)
}

/// `2026-11-24T02:09:53+0000 [cowrie.ssh.factory.CowrieSSHFactory] New connection: 203.0.113.7:4711 (192.0.2.1:22) ...`
fn cowrie<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let inner = stamp::iso(record.message);
    let text = inner.map_or(record.message, |it| it.1).trim_start();
    let Some((place, text)) = text.strip_prefix('[').and_then(|it| it.split_once("] ")) else {
        return Ok(Parsed::Ignored);
    };
    let mut event = match inner {
        Some((stamp, _)) => ctx.event_at(ID, Service::Ssh, Activity::Other, stamp),
        None => visit(record, ctx)?,
    };
    event.host = record.host;
    if let Some(rest) = text.strip_prefix("New connection: ") {
        let (client, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        put_client(&mut event, client);
        let session = rest.split_once("[session: ").map(|it| it.1.trim_end_matches(']'));
        event.session = session;
    } else if let Some(rest) = text.strip_prefix("login attempt [") {
        let (name, _) = rest.split_once('/').ok_or(Reject::Shape)?;
        let name = name.strip_prefix("b'").and_then(|it| it.strip_suffix('\'')).unwrap_or(name);
        event.user = Some(name).filter(|it| !it.is_empty());
        set_source(&mut event, place.rsplit(',').next().unwrap_or_default());
    } else {
        return Ok(Parsed::Ignored);
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// Where Cowrie's JSON has what is read.
static COWRIE: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["eventid"],
        &["timestamp"],
        &["src_ip"],
        &["src_port"],
        &["username"],
        &["session"],
        &["version"],
        &["sensor"],
    ])
});

/// What Cowrie tells of a visitor.
const VISITS: &[&str] = &[
    "cowrie.client.version",
    "cowrie.command.input",
    "cowrie.direct-tcpip.request",
    "cowrie.login.failed",
    "cowrie.login.success",
    "cowrie.session.closed",
    "cowrie.session.connect",
];

fn cowrie_json<'r>(record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let fields = COWRIE.find(record.message).ok_or(Reject::Shape)?;
    let arena = ctx.arena;
    let what = fields.text(0, arena).ok_or(Reject::Shape)?;
    if !VISITS.contains(&what) {
        return Ok(Parsed::Ignored);
    }
    let stated = fields.text(1, arena).unwrap_or_default();
    let (stamp, _) = stamp::iso(stated).ok_or_else(|| Reject::Timestamp(stated.to_owned()))?;
    let mut event = ctx.event_at(ID, Service::Ssh, Activity::Other, stamp);
    set_source(&mut event, fields.text(2, arena).unwrap_or_default());
    event.src_port = fields.int(3).and_then(|it| it.try_into().ok());
    event.user = fields.text(4, arena);
    event.session = fields.text(5, arena);
    event.client = fields.text(6, arena);
    event.host = record.host.or(fields.text(7, arena));
    event.code = Some(what);
    ctx.emit(&event);
    Ok(Parsed::Event)
}
