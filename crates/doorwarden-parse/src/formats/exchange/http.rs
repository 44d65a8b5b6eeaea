//! Web requests: `HttpProxy`, and other logs with the same names of columns.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{Column, ID, Memory, Row, is_probe, reason, time};
use crate::{
    Ctx, Parsed, Reject,
    names::split_domain,
    record::address,
    sightings::{client, program},
};

/// What a request states.
type Verdict = (Activity, Outcome, Option<Reason>);

pub(super) fn read<'r>(row: &Row<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let stamp = time(&row.fields)?;
    let user = row.get(Column::User).filter(|it| *it != "Anonymous");
    let user = user.or_else(|| row.get(Column::Mail));
    if user.is_some_and(is_probe) {
        return Ok(Parsed::Ignored);
    }
    let ip = row.get(Column::Address).or_else(|| row.get(Column::ClientIp));
    let agent = row.get(Column::Agent).or_else(|| row.get(Column::Software));
    let second = stamp.utc_millis(stamp.year.unwrap_or_default()) / 1000;
    let origin = ip.unwrap_or_default();
    let verdict = verdict(row, user, origin, agent.unwrap_or_default(), second, ctx);
    let Some((activity, outcome, reason)) = verdict else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event_at(ID, Service::Owa, activity, stamp);
    (event.outcome, event.reason) = (Some(outcome), reason);
    (event.user, event.domain) = user.map_or((None, None), split_domain);
    event.src_ip = ip.and_then(address);
    event.client = agent;
    details(&mut event, row);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

fn verdict<'r>(
    row: &Row<'r>,
    user: Option<&'r str>,
    origin: &str,
    agent: &str,
    second: i64,
    ctx: &mut Ctx<'r, '_>,
) -> Option<Verdict> {
    let status = row.get(Column::Status).or_else(|| row.get(Column::StatusCode));
    let status: u16 = status?.parse().ok()?;
    let is_authenticated = row
        .get(Column::IsAuthenticated)
        .map_or(user.is_some(), |it| it.eq_ignore_ascii_case("true"));
    let protocol = row.get(Column::Protocol).unwrap_or("Mapi");
    let door = u8::try_from(doorwarden_model::hash64(7, protocol.as_bytes()) >> 56).unwrap_or(0);
    let key = |user| client(program(origin, agent), door, user);
    let stem = row.get(Column::Stem).unwrap_or_default();
    if ends_with(stem, "/auth.owa") {
        if !is_authenticated {
            let said = row.get(Column::Errors).unwrap_or_default();
            return Some((Activity::Logon, Outcome::Failure, Some(reason(said))));
        }
        // The requests behind the form belong to the same session.
        ctx.carry::<Memory>().seen.is_new(key(user?), second);
        return Some((Activity::Logon, Outcome::Success, None));
    }
    let user = user?;
    if status == 401 {
        return Some((Activity::Logon, Outcome::Failure, Some(Reason::BadPassword)));
    }
    if !is_authenticated || !(200..400).contains(&status) {
        return None;
    }
    if ends_with(stem, "/logoff.owa") || ends_with(stem, "/logoff.aspx") {
        return Some((Activity::Logoff, Outcome::Success, None));
    }
    let is_new = ctx.carry::<Memory>().seen.is_new(key(user), second);
    is_new.then_some((Activity::Session, Outcome::Success, None))
}

fn ends_with(stem: &str, end: &str) -> bool {
    let start = stem.len().checked_sub(end.len());
    start.and_then(|it| stem.get(it..)).is_some_and(|it| it.eq_ignore_ascii_case(end))
}

fn details<'r>(event: &mut Event<'r>, row: &Row<'r>) {
    event.host = row.get(Column::Host).or_else(|| row.get(Column::FrontEnd));
    event.code = row.get(Column::Protocol);
    event.method = row.get(Column::Authentication).map(|it| match it {
        "FBA" | "Basic" | "LiveIdBasic" | "LiveIdFba" => "password",
        "NTLM" => "ntlm",
        "Kerberos" => "kerberos",
        "Negotiate" => "negotiate",
        "OAuth" | "Bearer" | "LiveIdToken" => "token",
        "ADFS" | "AdfsFederation" => "federated",
        other => other,
    });
    let query = row.get(Column::Query).unwrap_or_default();
    event.device = query.split(['?', '&']).find_map(|it| it.strip_prefix("DeviceId="));
}
