//! IMAP4 and POP3: `dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context,puid`.

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Outcome, Service, hash64};

use super::{Column, ID, Memory, Row, Session, is_probe, reason, time};
use crate::{Ctx, Parsed, Reject, names::split_domain, record::address_port};

pub(super) fn read<'r>(row: &Row<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let stamp = time(&row.fields)?;
    let command = row.get(Column::Command).unwrap_or_default();
    let parameters = row.get(Column::Parameters).unwrap_or_default();
    let context = row.get(Column::Context).unwrap_or_default();
    let user = row.get(Column::Name);
    if user.is_some_and(is_probe) {
        return Ok(Parsed::Ignored);
    }
    let from = row.get(Column::Client).unwrap_or_default();
    let id = row.get(Column::Session).unwrap_or_default();
    let key = hash64(hash64(1, id.as_bytes()), from.as_bytes());
    let is_attempt = ["login", "authenticate", "pass", "auth", "apop"]
        .iter()
        .any(|it| command.eq_ignore_ascii_case(it));
    let (activity, outcome) = if is_attempt {
        match attempt(context) {
            Some(outcome) => (Activity::Logon, Some(outcome)),
            None => return Ok(Parsed::Ignored),
        }
    } else {
        match other(command, user, key, ctx) {
            Some(Activity::Session) => (Activity::Session, Some(Outcome::Success)),
            Some(activity) => (activity, None),
            None => return Ok(Parsed::Ignored),
        }
    };
    let mut event = ctx.event_at(ID, Service::Owa, activity, stamp);
    event.outcome = outcome;
    if outcome == Some(Outcome::Failure) {
        event.reason = Some(reason(context));
    }
    if is_attempt {
        event.method = Some("password");
        let is_known = outcome == Some(Outcome::Success);
        let session = Session { is_known, ..Session::default() };
        ctx.carry::<Memory>().sessions.insert(key, session);
    }
    let name = user.or_else(|| named(parameters, context));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.session = Some(id);
    event.code = Some(command);
    ends(&mut event, row.get(Column::Server), from);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// `R=OK;...` or `R="2 NO AUTHENTICATE failed.";...`
fn attempt(context: &str) -> Option<Outcome> {
    let result = context.strip_prefix("R=")?;
    Some(if result.starts_with("OK") { Outcome::Success } else { Outcome::Failure })
}

/// What any other command states of its session.
fn other(command: &str, user: Option<&str>, key: u64, ctx: &mut Ctx<'_, '_>) -> Option<Activity> {
    let sessions = &mut ctx.carry::<Memory>().sessions;
    let is = |it: &str| command.eq_ignore_ascii_case(it);
    if is("CloseSession") {
        sessions.remove(&key);
        return Some(if user.is_some() { Activity::Logoff } else { Activity::Other });
    }
    user?;
    if is("user") {
        return Some(Activity::Other);
    }
    if is("logout") || is("quit") || sessions.get(&key).is_some_and(|it| it.is_known) {
        return None;
    }
    // The log began after the sign-in.
    sessions.insert(key, Session { is_known: true, ..Session::default() });
    Some(Activity::Session)
}

/// The name among the parameters, or in `Msg="AuthFailed:LogonDenied,User: ana"`.
fn named<'r>(parameters: &'r str, context: &'r str) -> Option<&'r str> {
    let said = context.rsplit_once("User: ").map(|(_, it)| it);
    let said = said.and_then(|it| it.split(['"', ';', ',']).next());
    let first = parameters.split(' ').next();
    let first = first.filter(|it| !matches!(*it, "" | "PLAIN" | "NTLM" | "LOGIN" | "*****"));
    said.or(first).filter(|it| !it.is_empty())
}

/// Fills in the client's end and the server's.
fn ends<'r>(event: &mut Event<'r>, server: Option<&'r str>, from: &str) {
    if let Some((ip, port)) = address_port(from) {
        (event.src_ip, event.src_port) = (Some(ip), port);
    }
    let Some((host, port)) = server.and_then(|it| it.rsplit_once(':')) else { return };
    event.host = Some(host);
    event.client = match port {
        "143" | "993" | "1993" | "9933" => Some("IMAP4"),
        "110" | "995" | "1995" => Some("POP3"),
        _ => None,
    };
}

/// A name that is kept.
pub(super) fn kept(name: &str) -> Option<CompactString> {
    Some(CompactString::from(name)).filter(|it| !it.is_empty())
}
