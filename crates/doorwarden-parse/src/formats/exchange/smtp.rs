//! SMTP receive logs: `date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context`.

use doorwarden_model::{Activity, Event, Outcome, Service, hash64};

use super::{ID, Memory, Session, mail, reason, time};
use crate::{Ctx, Parsed, Reject, names::split_domain, record::address_port};

pub(super) fn read<'r>(fields: &[&'r str], ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let get = |at: usize| fields.get(at).copied().unwrap_or_default().trim();
    let (stamp, data) = (time(fields)?, get(7));
    let key = hash64(2, get(2).as_bytes());
    let said = match (get(6), data.get(..3)) {
        ("*", _) => note(data, get(8), key, ctx),
        (">", Some("235")) => reply(Outcome::Success, key, ctx),
        (">", Some("535")) => reply(Outcome::Failure, key, ctx),
        _ => None,
    };
    let Some((outcome, session)) = said else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event_at(ID, Service::Owa, Activity::Logon, stamp);
    event.outcome = Some(outcome);
    if outcome == Outcome::Failure {
        event.reason = session.reason.or_else(|| Some(reason(data)));
    }
    let user = session.user.map(|it| ctx.keep(&it));
    (event.user, event.domain) = user.map_or((None, None), split_domain);
    finish(&mut event, fields);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a line says of a session, where that was not said before.
type Said = Option<(Outcome, Session)>;

/// The server's answer to `AUTH`.
fn reply(outcome: Outcome, key: u64, ctx: &mut Ctx<'_, '_>) -> Said {
    let sessions = &mut ctx.carry::<Memory>().sessions;
    let session = sessions.remove(&key).unwrap_or_default();
    if outcome == Outcome::Success {
        sessions.insert(key, Session { is_known: true, ..Session::default() });
    }
    (!session.is_known).then_some((outcome, session))
}

/// A remark of the server: who was authenticated, or who was not and why.
fn note(data: &str, context: &str, key: u64, ctx: &mut Ctx<'_, '_>) -> Said {
    let said = if context.is_empty() { data } else { context };
    let sessions = &mut ctx.carry::<Memory>().sessions;
    let mut session = sessions.get(&key).cloned().unwrap_or_default();
    if context == "authenticated" {
        // Servers authenticate to each other, too.
        let is_computer = data.ends_with('$') || data.starts_with("NT AUTHORITY");
        let is_new = !session.is_known && !is_computer && !data.is_empty();
        sessions.insert(key, Session { is_known: true, ..Session::default() });
        session.user = mail::kept(data);
        return is_new.then_some((Outcome::Success, session));
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
    // Once both the name and the reason are known, the refusal is stated; the reply only repeats it.
    let is_stated = session.user.is_some() && session.reason.is_some() && !session.is_known;
    session.is_known |= is_stated;
    sessions.insert(key, session.clone());
    is_stated.then_some((Outcome::Failure, session))
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
