//! 111xxx, 308xxx, 315xxx, 502xxx, 605xxx, 606xxx, 611xxx, 768xxx and 772xxx: administrators, what they do, and local accounts.

use doorwarden_model::{Activity, Reason, Service};

use super::fields::{Kind, LOGOFF, Message, OTHER, SESSION, after, name, report, source, unquoted};
use crate::{Ctx, Parsed, Reject};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        111_003 => erased(m, ctx),
        111_008 | 111_010 => command(m, ctx),
        307_001..=307_003 | 315_001 | 315_012 => denied_session(m, ctx),
        308_001 => enable(m, ctx),
        315_011 | 315_013 => ssh_session(m, ctx),
        502_101..=502_103 => local_account(m, ctx),
        502_111 | 502_112 => group_policy(m, ctx),
        605_004 | 605_005 => login(m, ctx),
        606_001 | 606_002 => asdm(m, ctx),
        611_101 | 611_102 => authentication(m, ctx),
        611_103 => logged_out(m, ctx),
        768_003 | 768_004 => over_quota(m, ctx),
        772_002..=772_004 => expired(m, ctx),
        772_005 | 772_006 => again(m, ctx),
        _ => Ok(Parsed::Ignored),
    }
}

/// `Login denied from 203.0.113.7/56332 to outside:198.51.100.1/ssh for user "u"`
fn login<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 605_004;
    let kind = if is_refused { Kind::refused(Reason::BadPassword) } else { Kind::ACCEPTED };
    // The device alone writes what stands in front of the name.
    let (head, user) = m.text.split_once(" for user ").ok_or(Reject::Shape)?;
    let (_, head) = head.split_once(" from ").ok_or(Reject::Shape)?;
    let (from, to) = head.split_once(" to ").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, service(to), kind)?;
    let (ip, port) = from.rsplit_once('/').unwrap_or((from, ""));
    (event.src_ip, event.src_port) = (source(ip), port.parse().ok());
    let to = to.rsplit_once('/').map_or(to, |it| it.0);
    event.target = to.split_once(':').map(|it| it.1);
    name(&mut event, user);
    Ok(report(ctx, &event))
}

/// The door of `outside:198.51.100.1/ssh`; management by browser is the gateway's own door.
fn service(to: &str) -> Service {
    let door = to.rsplit_once('/').map_or(to, |it| it.1);
    let is = |name: &&str| door.eq_ignore_ascii_case(name);
    if ["ssh", "22", "telnet", "23"].iter().any(is) {
        Service::Ssh
    } else if is(&"console") {
        Service::Local
    } else {
        Service::Vpn
    }
}

/// `User authentication succeeded: IP address: 203.0.113.7, Uname: u`; old versions state no address, or
/// `IP, 203.0.113.7 : Uname: u`.
fn authentication<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 611_102;
    let kind = if is_refused { Kind::refused(Reason::BadPassword) } else { Kind::ACCEPTED };
    let (head, user) = m.text.split_once("Uname:").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user);
    let ip = head.rsplit_once("IP address:").or_else(|| head.rsplit_once("IP,"));
    event.src_ip = source(ip.map_or("", |it| it.1).trim_matches([' ', ',', ':']));
    Ok(report(ctx, &event))
}

/// `User logged out: Uname: u`
fn logged_out<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, user) = m.text.split_once("Uname:").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, LOGOFF)?;
    name(&mut event, user);
    Ok(report(ctx, &event))
}

/// `Console enable password incorrect for 3 tries (from ssh (remote 203.0.113.7))`
fn enable<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let from = after(m.text, "(from ", ")").unwrap_or_default();
    let service = if from.starts_with("ssh") { Service::Ssh } else { Service::Local };
    let mut event = m.event(ctx, service, Kind::refused(Reason::BadPassword))?;
    event.src_ip = source(from.rsplit_once(' ').map_or(from, |it| it.1));
    event.detail = Some(m.text);
    Ok(report(ctx, &event))
}

/// `SSH session from 203.0.113.7 on interface outside for user "u" disconnected by SSH server, reason: ...`
fn ssh_session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, tail) = m.text.split_once(" session from ").ok_or(Reject::Shape)?;
    let (ip, tail) = tail.split_once(" on interface ").ok_or(Reject::Shape)?;
    let (_, tail) = tail.split_once(" for user ").ok_or(Reject::Shape)?;
    let ends = [" disconnected by SSH server", " terminated", " rekeyed"];
    let split = ends.iter().find_map(|it| tail.rfind(it)).unwrap_or(tail.len());
    let (user, rest) = tail.split_at_checked(split).unwrap_or((tail, ""));
    // A session that ends because nobody signed in was a refusal.
    let kind = match m.number {
        315_013 => SESSION,
        _ if rest.contains("Rejected by server") => Kind::refused(Reason::BadPassword),
        // Nobody tried to sign in, so nobody leaves.
        _ if unquoted(user.trim()).is_empty() => OTHER,
        _ => LOGOFF,
    };
    let mut event = m.event(ctx, Service::Ssh, kind)?;
    name(&mut event, user);
    event.src_ip = source(ip);
    event.detail = Some(rest.trim()).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}

/// `Denied SSH session from 203.0.113.7 on interface outside`, its Telnet kin, and ciphers that are too weak.
fn denied_session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        307_002 => Kind::of(Activity::Other),
        307_003 => Kind::refused(Reason::BadPassword),
        315_012 => Kind::refused(Reason::Protocol),
        _ => Kind::refused(Reason::Policy),
    };
    let ip = after(m.text, " session from ", " ").or_else(|| after(m.text, "client '", "'"));
    let ip = ip.or_else(|| after(m.text, " from ", " "));
    let mut event = m.event(ctx, Service::Ssh, kind)?;
    event.src_ip = source(ip.ok_or(Reject::Shape)?);
    Ok(report(ctx, &event))
}

/// `ASDM session number 0 from 203.0.113.7 started`
fn asdm<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = if m.number == 606_001 { SESSION } else { LOGOFF };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    event.src_ip = source(after(m.text, " from ", " ").ok_or(Reject::Shape)?);
    event.session = after(m.text, "session number ", " ");
    event.client = Some("ASDM");
    Ok(report(ctx, &event))
}

/// `New user added to local dbase: Uname: u Priv: 15 Encpass: *****`
fn local_account<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (head, tail) = m.text.split_once("Uname: ").ok_or(Reject::Shape)?;
    let level = if m.number == 502_103 { " From: " } else { " Priv: " };
    let (user, _) = tail.rsplit_once(level).unwrap_or((tail, ""));
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Account))?;
    name(&mut event, user);
    event.detail = match m.number {
        502_103 => m.text.get(head.len() + "Uname: ".len() + user.len() + 1..),
        _ => Some(head.trim_end_matches([' ', ':'])),
    };
    Ok(report(ctx, &event))
}

/// `New group policy added: name: p Type: t`
fn group_policy<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Change))?;
    event.detail = Some(m.text);
    Ok(report(ctx, &event))
}

/// `203.0.113.7 Erase configuration.`
fn erased<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Change))?;
    event.src_ip = source(m.text.split(' ').next().unwrap_or_default());
    event.detail = Some("write erase");
    Ok(report(ctx, &event))
}

/// `QUOTA: management session quota exceeded for user u: current 3,user limit 3` and
/// `QUOTA: management session quota exceeded for ssh protocol: current 2, protocol limit 2`
fn over_quota<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (_, tail) = m.text.split_once(" exceeded for ").ok_or(Reject::Shape)?;
    let (who, _) = tail.rsplit_once(": current ").ok_or(Reject::Shape)?;
    let user = who.strip_prefix("user ").filter(|_| m.number == 768_003);
    let door =
        if user.is_some() { Service::Vpn } else { service(who.trim_end_matches(" protocol")) };
    let mut event = m.event(ctx, door, Kind::refused(Reason::Policy))?;
    name(&mut event, user.unwrap_or_default());
    event.detail = Some("too many management sessions");
    Ok(report(ctx, &event))
}

/// `PASSWORD: ssh login failed, user u, IP 203.0.113.7, cause: password expired`; the console lets them in with a warning.
fn expired<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let (session, tail) = m.text.split_once(", user ").ok_or(Reject::Shape)?;
    let (who, _) = tail.rsplit_once(", cause: ").unwrap_or((tail, ""));
    let (user, ip) = who.rsplit_once(", IP ").unwrap_or((who, ""));
    let is_warning = m.number == 772_002;
    let kind = if is_warning { Kind::of(Activity::Other) } else { Kind::refused(Reason::Expired) };
    let session = after(session, "PASSWORD: ", " login").unwrap_or_default();
    let door = if is_warning { Service::Local } else { service(session) };
    let mut event = m.event(ctx, door, kind)?;
    name(&mut event, user.trim());
    event.src_ip = source(ip.trim());
    Ok(report(ctx, &event))
}

/// `REAUTH: user u passed authentication` and `REAUTH: user u failed authentication`
fn again<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 772_006;
    let (kind, end) = if is_refused {
        (Kind::refused(Reason::BadPassword), " failed authentication")
    } else {
        (Kind::ACCEPTED, " passed authentication")
    };
    let (_, tail) = m.text.split_once("user ").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, tail.rsplit_once(end).ok_or(Reject::Shape)?.0);
    Ok(report(ctx, &event))
}

/// Commands that look, move about or save what was changed before.
const HARMLESS: &[&str] = &[
    "cd",
    "changeto",
    "conf",
    "configure",
    "debug",
    "dir",
    "disable",
    "enable",
    "end",
    "exit",
    "help",
    "login",
    "logout",
    "more",
    "no debug",
    "packet-tracer",
    "pager",
    "perfmon",
    "ping",
    "pwd",
    "quit",
    "show",
    "terminal",
    "test",
    "traceroute",
    "undebug",
    "who",
];

/// Whether `command` leaves the door other than it was.
fn is_change(command: &str) -> bool {
    let starts_with = |it: &str| {
        command.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let saves = starts_with("write") && !starts_with("write erase");
    let counters = starts_with("clear")
        && !["clear config", "clear logg", "clear aaa"].iter().any(|it| command.starts_with(it));
    let copies = starts_with("copy") && command.trim_end().ends_with(" startup-config");
    !(saves || counters || copies || HARMLESS.iter().any(|it| starts_with(it)))
}

/// `User 'u' executed the 'no logging enable' command.` or
/// `User 'u', running 'CLI' from IP 203.0.113.7, executed 'no logging enable'`
fn command<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let tail = m.text.strip_prefix("User ").ok_or(Reject::Shape)?;
    let (user, from, command) = if m.number == 111_008 {
        let (user, command) = tail.split_once(" executed the ").ok_or(Reject::Shape)?;
        (user, "", command.strip_suffix('.').unwrap_or(command).trim_end_matches(" command"))
    } else {
        let (user, tail) = tail.split_once(", running ").ok_or(Reject::Shape)?;
        let (from, command) = tail.split_once(", executed ").ok_or(Reject::Shape)?;
        (user, from, command)
    };
    let command = unquoted(command.trim());
    if !is_change(command) {
        return Ok(Parsed::Ignored);
    }
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Change))?;
    name(&mut event, user);
    event.src_ip = source(from.rsplit_once(" from IP ").map_or("", |it| it.1));
    event.client = after(from, "'", "'").filter(|it| *it != "N/A");
    event.detail = Some(command);
    Ok(report(ctx, &event))
}
