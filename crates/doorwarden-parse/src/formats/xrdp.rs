//! xrdp, the Remote Desktop server of Linux: `xrdp`, `xrdp-sesman` and `xrdp-sesexec`.

use std::net::IpAddr;

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use crate::{
    Ctx, Format, Parsed, Recent, Record, Reject,
    names::split_domain,
    origin::set_source,
    pam,
    record::address_port,
    stamp::{self, Stamp},
};

/// # xrdp
///
/// xrdp 0.6 to 0.10: its gateway `xrdp`, its session manager `xrdp-sesman`, and `xrdp-sesexec` of 0.10.
///
/// ## Where the log is
/// `/var/log/xrdp.log` and `/var/log/xrdp-sesman.log`; syslog with `EnableSyslog=true` in `xrdp.ini` and `sesman.ini`.
///
/// ## What is read
/// - Attempts: `access granted`, `Access permitted`, `AUTHFAIL`, `login successful`, `login failed`, a group that may not.
///   `AUTHFAIL` also states the second since 1970: from there on stamps without a zone are known by it.
/// - Sessions: created, reconnected, terminated; PAM's sessions of `xrdp-sesman`.
/// - Connections with their address, and the client's computer name.
///
/// The address of an attempt stands in the session manager's log; the gateway's own line has none.
///
/// ## What is ignored
/// Channels, keyboard, displays, TLS errors, `xrdp-chansrv`.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Xrdp;

/// Its id.
const ID: &str = "xrdp";

/// What a reading function answers.
type Answer = Result<Parsed, Reject>;

impl Format for Xrdp {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && line(record).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Answer {
        let line = line(record).ok_or(Reject::Shape)?;
        if record.app == Some("xrdp-chansrv") {
            return Ok(Parsed::Ignored);
        }
        Reader { record, ctx, stamp: line.stamp }.read(line.text)
    }
}

/// A line behind its stamp and level.
#[derive(Debug, Clone, Copy)]
struct Line<'r> {
    stamp: Option<Stamp>,
    text: &'r str,
}

fn line<'r>(record: &Record<'r>) -> Option<Line<'r>> {
    if let Some(app) = record.app {
        let name = app.rsplit('/').next().unwrap_or(app);
        let is_ours = matches!(name, "xrdp" | "xrdp-sesman" | "xrdp-sesexec" | "xrdp-chansrv");
        return is_ours.then(|| Line {
            stamp: record.stamp,
            text: leveled(record.message).unwrap_or(record.message),
        });
    }
    if record.stamp.is_some() {
        return None;
    }
    let (stamp, rest) = record.body.strip_prefix('[')?.split_once("] ")?;
    let stamp = file_stamp(stamp)?;
    Some(Line { stamp: Some(stamp), text: leveled(rest)? })
}

/// `20261124-02:09:55`, since 0.10 `2026-11-24T02:09:55.123+0100`.
fn file_stamp(text: &str) -> Option<Stamp> {
    if let Some((stamp, "")) = stamp::iso(text) {
        return Some(stamp);
    }
    let (day, clock) = text.split_once('-')?;
    let (year, rest) = day.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let number = |it: &str| it.parse::<u8>().ok();
    let (stamp, rest) =
        stamp::of_parts(Some(year.parse().ok()?), number(month)?, number(day)?, clock)?;
    rest.is_empty().then_some(stamp)
}

/// Takes off process, thread and level: `(10471)(140145709626688)[INFO ] `, `[pid:10471 tid:10471] [INFO ] `.
fn leveled(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((number, after)) = rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
        if number.is_empty() || !number.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        rest = after;
    }
    if let Some((_, after)) = rest.strip_prefix("[pid:").and_then(|it| it.split_once("] ")) {
        rest = after;
    }
    let (level, rest) = rest.strip_prefix('[')?.split_once(']')?;
    let is_level = matches!(level, "CORE " | "ERROR" | "WARN " | "INFO " | "DEBUG" | "TRACE");
    is_level.then(|| rest.trim_start())
}

/// What is remembered of a source.
#[derive(Debug, Default)]
struct Memory {
    /// Seconds east of UTC, learnt from a line that states both clocks.
    offset: Option<i32>,
    /// Where the last request of a name came from.
    requests: Recent<CompactString, IpAddr, 64>,
    /// The last line that the window manager passed on: 0.9 writes it twice.
    passed_on: Option<CompactString>,
}

/// One record on its way to events.
struct Reader<'a, 'r, 's> {
    record: &'a Record<'r>,
    ctx: &'a mut Ctx<'r, 's>,
    stamp: Option<Stamp>,
}

impl<'r> Reader<'_, 'r, '_> {
    fn read(&mut self, text: &'r str) -> Answer {
        if let Some(rest) = text.strip_prefix("AUTHFAIL: ") {
            return self.refused(rest);
        }
        if let Some(rest) = text.strip_prefix("++ ") {
            return self.session(rest);
        }
        if pam::is_module("", text) {
            return self.module(text);
        }
        if let Some(answer) = self.request(text) {
            return answer;
        }
        if let Some(answer) = self.connection(text) {
            return answer;
        }
        self.gateway(text)
    }

    fn event(&mut self, activity: Activity) -> Result<Event<'r>, Reject> {
        let offset = self.ctx.carry::<Memory>().offset;
        let mut event = match self.stamp {
            Some(mut stamp) => {
                stamp.offset = stamp.offset.or(offset);
                self.ctx.event_at(ID, Service::Rdp, activity, stamp)
            }
            None => self.ctx.event(ID, Service::Rdp, activity, self.record)?,
        };
        event.host = self.record.host;
        Ok(event)
    }

    /// An attempt of `name`: with a reason where it was refused.
    fn attempt(&mut self, name: &'r str, refused: Option<Reason>) -> Result<Event<'r>, Reject> {
        let mut event = self.event(Activity::Logon)?;
        event.outcome = Some(if refused.is_some() { Outcome::Failure } else { Outcome::Success });
        event.reason = refused;
        event.method = Some("password");
        (event.user, event.domain) = split_domain(name);
        Ok(event)
    }

    fn emit(&mut self, event: &Event<'r>) -> Parsed {
        self.ctx.emit(event);
        Parsed::Event
    }

    /// `user=ana ip=203.0.113.7 time=1795488364`; the client chooses the name, so read from the right.
    fn refused(&mut self, text: &'r str) -> Answer {
        let (rest, time) = text.rsplit_once(" time=").ok_or(Reject::Shape)?;
        let (name, ip) = rest.rsplit_once(" ip=").ok_or(Reject::Shape)?;
        let name = name.strip_prefix("user=").ok_or(Reject::Shape)?;
        if name.is_empty() && ip.is_empty() {
            return Err(Reject::Shape);
        }
        self.learn(time.trim());
        let mut event = self.attempt(name, Some(Reason::BadPassword))?;
        put_client(&mut event, ip);
        Ok(self.emit(&event))
    }

    /// Learns how far the source's clock is from UTC, to the quarter of an hour that zones differ by.
    fn learn(&mut self, time: &str) {
        let Some(stamp) = self.stamp.filter(|it| it.offset.is_none()) else { return };
        let (Some(year), Ok(seconds)) = (stamp.year, time.parse::<i64>()) else { return };
        let apart = (stamp.utc_millis(year) / 1000).saturating_sub(seconds);
        let quarters = apart.saturating_add(450).div_euclid(900);
        let is_zone = (-56..=56).contains(&quarters) && apart.abs_diff(quarters * 900) <= 60;
        if is_zone {
            self.ctx.carry::<Memory>().offset = i32::try_from(quarters * 900).ok();
        }
    }

    /// `created session (access granted): username ana, ip 203.0.113.7:4711 - socket: 12`, `reconnected session:
    /// username ana, display :10.0, session_pid 1, ip ...`, `terminated session:  username ana, ...`
    fn session(&mut self, text: &'r str) -> Answer {
        let Some((what, rest)) = text.split_once("username ").or_else(|| text.split_once("user "))
        else {
            return Ok(Parsed::Ignored);
        };
        let (rest, ip) = rest.rsplit_once(", ip ").unwrap_or((rest, ""));
        let (name, rest) = rest.split_once(", display ").unwrap_or((rest, ""));
        if name.trim().is_empty() {
            return Err(Reject::Shape);
        }
        let mut event = if what.contains("access granted") || what.starts_with("reconnected") {
            self.attempt(name, None)?
        } else {
            let is_end = what.starts_with("terminated");
            let mut event =
                self.event(if is_end { Activity::Logoff } else { Activity::Session })?;
            event.outcome = (!is_end).then_some(Outcome::Success);
            (event.user, event.domain) = split_domain(name);
            event
        };
        event.session = rest.split_once("session_pid ").map(|it| it.1.trim_end_matches(','));
        match ip.split_once(" - ") {
            // With a socket there is always a port, and an IPv6 address has no brackets.
            Some((client, _)) if client.contains(':') => {
                let (ip, port) = client.rsplit_once(':').unwrap_or((client, ""));
                set_source(&mut event, ip);
                event.src_port = port.parse().ok();
            }
            _ => put_client(&mut event, ip),
        }
        Ok(self.emit(&event))
    }

    /// A module of PAM inside the session manager.
    fn module(&mut self, text: &'r str) -> Answer {
        let Some(pam) = pam::read("", text).filter(|it| it.user.is_some() || it.source.is_some())
        else {
            return Ok(Parsed::Ignored);
        };
        let mut event = self.event(pam.activity())?;
        pam.apply(&mut event);
        Ok(self.emit(&event))
    }

    /// Requests of the gateway to the session manager, and its answers.
    fn request(&mut self, text: &'r str) -> Option<Answer> {
        let pair =
            if let Some(rest) = text.strip_prefix("Received authentication request for user: ") {
                rest.rsplit_once(" ip: ")
            } else if let Some(rest) = text.strip_prefix("Received system login request from ") {
                rest.split_once(" for user: ").and_then(|it| it.1.rsplit_once(" IP: "))
            } else if let Some(name) = text.strip_prefix("Access permitted for user: ") {
                return Some(self.answered(name, None));
            } else {
                let (name, reason) = refusal(text)?;
                return Some(self.answered(name, Some(reason)));
            };
        let (name, ip) = pair?;
        Some(self.requested(name, ip))
    }

    fn requested(&mut self, name: &'r str, ip: &'r str) -> Answer {
        let mut event = self.event(Activity::Other)?;
        (event.user, event.domain) = split_domain(name);
        put_client(&mut event, ip);
        if let Some(ip) = event.src_ip {
            self.ctx.carry::<Memory>().requests.insert(name.into(), ip);
        }
        Ok(self.emit(&event))
    }

    fn answered(&mut self, name: &'r str, refused: Option<Reason>) -> Answer {
        let ip = self.ctx.carry::<Memory>().requests.get(name).copied();
        let mut event = self.attempt(name, refused)?;
        event.src_ip = ip;
        Ok(self.emit(&event))
    }

    /// `Socket 12: AF_INET6 connection received from ::ffff:203.0.113.7 port 4711`, `A connection received from: ...`,
    /// `TLS connection established from ...`, `Connected client computer name: PC`
    fn connection(&mut self, text: &'r str) -> Option<Answer> {
        if let Some(name) = text.strip_prefix("Connected client computer name: ") {
            return Some(self.computer(name));
        }
        let rest = if text.starts_with("Socket ") || text.starts_with("A connection ") {
            text.split_once("connection received from")?.1
        } else {
            text.strip_prefix("TLS connection established from")?
        };
        // The session manager's own connections come from the gateway beside it.
        if self.record.app == Some("xrdp-sesman") {
            return Some(Ok(Parsed::Ignored));
        }
        let rest = rest.strip_prefix(':').filter(|it| it.starts_with(' ')).unwrap_or(rest);
        let (ip, port) = rest.trim_start().split_once(" port ")?;
        Some(self.connected(ip, port))
    }

    fn connected(&mut self, ip: &'r str, port: &'r str) -> Answer {
        let mut event = self.event(Activity::Other)?;
        set_source(&mut event, ip);
        event.src_port = port.split([':', ' ']).next().and_then(|it| it.parse().ok());
        Ok(self.emit(&event))
    }

    fn computer(&mut self, name: &'r str) -> Answer {
        let mut event = self.event(Activity::Other)?;
        event.device = Some(name).filter(|it| !it.is_empty());
        Ok(self.emit(&event))
    }

    /// `[xrdp_wm_log_msg: ]login successful for user ana on display 10`, `login failed for user ana`
    fn gateway(&mut self, text: &'r str) -> Answer {
        let passed_on = text.strip_prefix("xrdp_wm_log_msg: ");
        let text = passed_on.unwrap_or(text);
        let Some((verb, rest)) = text.strip_prefix("login ").and_then(|it| it.split_once(" for "))
        else {
            return Ok(Parsed::Ignored);
        };
        let refused = match verb {
            "successful" => None,
            "failed" => Some(Reason::BadPassword),
            _ => return Ok(Parsed::Ignored),
        };
        let last = std::mem::take(&mut self.ctx.carry::<Memory>().passed_on);
        if passed_on.is_some() {
            self.ctx.carry::<Memory>().passed_on = Some(text.into());
        } else if last.as_deref() == Some(text) {
            return Ok(Parsed::Ignored);
        }
        let name = rest.strip_prefix("user ").unwrap_or_default();
        let name = match refused {
            None => name.rsplit_once(" on display ").map_or(name, |it| it.0),
            Some(_) => name,
        };
        let event = self.attempt(name, refused)?;
        Ok(self.emit(&event))
    }
}

/// The name and the reason of a refusal that states nothing else.
fn refusal(text: &str) -> Option<(&str, Reason)> {
    const WORDS: [(&str, &str, Reason); 4] = [
        ("Username okay but group problem for user: ", "", Reason::Policy),
        ("Username or password error for user: ", "", Reason::BadPassword),
        ("Can't get UID for user ", "", Reason::UnknownUser),
        ("Access denied for user ", " by your system admin", Reason::Policy),
    ];
    WORDS.iter().find_map(|(start, end, reason)| {
        Some((text.strip_prefix(start)?.strip_suffix(end)?, *reason))
    })
}

/// Puts down `203.0.113.7:4711` or an address alone.
fn put_client<'r>(event: &mut Event<'r>, text: &'r str) {
    match address_port(text) {
        Some((ip, port)) => (event.src_ip, event.src_port) = (Some(ip), port),
        None => set_source(event, text),
    }
}
