//! SMTP receive logs: `date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context`.

use doorwarden_model::{Activity, Event, Outcome, Service, hash64};

use super::{ID, Memory, Session, mail, reason, time};
use crate::{Ctx, Parsed, Reject, names::split_domain, record::address_port};

pub(super) fn read<'r>(fields: &[&'r str], ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let get = |at: usize| fields.get(at).copied().unwrap_or_default().trim();
    let stamp = time(fields)?;
    let (id, data, context) = (get(2), get(7), get(8));
    let key = hash64(2, id.as_bytes());
    if get(6) == "*" {
        let Some(user) = note(data, context, key, ctx) else { return Ok(Parsed::Ignored) };
        let mut event = ctx.event_at(ID, Service::Owa, Activity::Logon, stamp);
        event.outcome = Some(Outcome::Success);
        (event.user, event.domain) = split_domain(user);
        finish(&mut event, fields);
        ctx.emit(&event);
        return Ok(Parsed::Event);
    }
    let is_reply = get(6) == ">";
    let (outcome, session) = match data.get(..3) {
        Some("235") if is_reply => (Outcome::Success, take(key, ctx)),
        Some("535") if is_reply => (Outcome::Failure, take(key, ctx)),
        _ => return Ok(Parsed::Ignored),
    };
    if session.is_known {
        return Ok(Parsed::Ignored);
    }
    let mut event = ctx.event_at(ID, Service::Owa, Activity::Logon, stamp);
    event.outcome = Some(outcome);
    if outcome == Outcome::Failure {
        event.reason = session.reason.or_else(|| Some(reason(data)));
    } else {
        let known = Session { is_known: true, ..Session::default() };
        ctx.carry::<Memory>().sessions.insert(key, known);
    }
    let user = session.user.map(|it| ctx.keep(&it));
    (event.user, event.domain) = user.map_or((None, None), split_domain);
    finish(&mut event, fields);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What was noted of the session so far.
fn take(key: u64, ctx: &mut Ctx<'_, '_>) -> Session {
    ctx.carry::<Memory>().sessions.remove(&key).unwrap_or_default()
}

/// Reads a remark of the server; gives the name where it says that someone was authenticated.
fn note<'r>(data: &'r str, context: &'r str, key: u64, ctx: &mut Ctx<'r, '_>) -> Option<&'r str> {
    let said = if context.is_empty() { data } else { context };
    let memory = ctx.carry::<Memory>();
    let mut session = memory.sessions.get(&key).cloned().unwrap_or_default();
    if context == "authenticated" {
        // Servers authenticate to each other, too.
        let is_computer = data.ends_with('$') || data.starts_with("NT AUTHORITY");
        let is_new = !session.is_known && !is_computer;
        session.is_known = true;
        memory.sessions.insert(key, session);
        return Some(data).filter(|it| is_new && !it.is_empty());
    }
    if let Some(name) = said.strip_prefix("User Name: ") {
        session.user = mail::kept(name).filter(|it| it != "NULL");
    } else if let Some((_, rest)) = said.split_once("Session for") {
        let name = rest.split_once(" will now be proxied").map_or(rest, |(name, _)| name);
        session.user = mail::kept(name.trim());
    } else if said.starts_with("Inbound ") && said.contains("failed because") {
        session.reason = Some(reason(said));
    } else {
        return None;
    }
    memory.sessions.insert(key, session);
    None
}

fn finish<'r>(event: &mut Event<'r>, fields: &[&'r str]) {
    let get = |at: usize| fields.get(at).copied().unwrap_or_default();
    if let Some((ip, port)) = address_port(get(5)) {
        (event.src_ip, event.src_port) = (Some(ip), port);
    }
    event.session = Some(get(2));
    event.target = Some(get(1)).filter(|it| !it.is_empty());
    event.host = get(1).split_once('\\').map(|(server, _)| server);
    event.client = Some("SMTP");
    event.method = Some("password");
}
