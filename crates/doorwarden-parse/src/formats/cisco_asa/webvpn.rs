//! 716xxx, 719xxx and 721xxx to 724xxx: the SSL VPN, from its portal to the tunnels of AnyConnect.

use doorwarden_model::{Activity, Reason, Service};

use super::fields::{
    Kind, LOGOFF, Message, OTHER, Peer, SESSION, after, cause, known_peer, name, peer, report,
    source, unquoted,
};
use crate::{Ctx, Parsed, Reject, record::address};

/// Reads one message of the class.
pub(super) fn read<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    match m.number {
        716_036 | 716_037 => file_server(m, ctx),
        716_040 | 716_160 | 716_162..=716_164 | 716_600..=716_603 | 722_056 => nameless(m, ctx),
        716_053 | 716_054 => saml_server(m, ctx),
        719_022 | 719_023 => mail_proxy(m, ctx),
        721_016 | 721_018 => standby(m, ctx),
        722_001..=722_003 => unparsed_request(m, ctx),
        722_007..=722_014 => client_message(m, ctx),
        722_053 | 722_055 => client_type(m, ctx),
        723_001 | 723_002 => citrix(m, ctx),
        _ => match kind(m.number) {
            Some(kind) => session(m, ctx, kind),
            None => Ok(Parsed::Ignored),
        },
    }
}

/// What the messages state that name group, user and address.
const fn kind(number: u32) -> Option<Kind> {
    Some(match number {
        716_001 | 716_038 => Kind::ACCEPTED,
        716_002 | 716_060 | 722_038 => LOGOFF,
        716_039 => Kind::refused(Reason::BadPassword),
        716_006
        | 716_009
        | 716_023
        | 716_046
        | 716_057
        | 716_061
        | 722_042
        | 722_046..=722_050
        | 722_054
        | 722_057
        | 724_001 => Kind::refused(Reason::Policy),
        716_007 | 716_052 => Kind::refused(Reason::Other),
        716_058 | 716_059 | 722_022 | 722_023 | 722_028..=722_034 | 722_037 | 722_051 => SESSION,
        722_020 => Kind::failed(Activity::Session, Reason::Other),
        716_044
        | 716_045
        | 716_047..=716_049
        | 716_051
        | 722_006
        | 722_039..=722_041
        | 722_043
        | 724_002 => OTHER,
        _ => return None,
    })
}

fn session<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>, kind: Kind) -> Result<Parsed, Reject> {
    let who = peer(m.text).or_else(|| unplaced(m)).ok_or(Reject::Shape)?;
    let mut event = m.event_of(ctx, kind, &who)?;
    match m.number {
        722_051 => event.assigned_ip = assigned(who.rest),
        // The session goes on from another address than it was opened from.
        716_059 => {
            let moved = who.rest.rsplit_once("onnection from ").map_or("", |it| it.1);
            let moved = moved.strip_prefix("IP ").unwrap_or(moved);
            let moved = moved.trim_end_matches('.').trim_matches(['<', '>']);
            event.src_ip = source(moved).or(event.src_ip);
        }
        716_002 | 722_023 | 722_037 | 722_038 => event.detail = ending(who.rest),
        _ => {}
    }
    Ok(report(ctx, &event))
}

/// `Group g User u Session could not be established: session limit of 2 reached.` states no address.
fn unplaced<'r>(m: &Message<'_, 'r>) -> Option<Peer<'r>> {
    let (_, tail) = m.text.split_once(" User ").filter(|_| m.number == 716_023)?;
    let (user, rest) = tail.split_once(" Session could not be established")?;
    Some(Peer { user: user.trim_matches(['<', '>']), ip: "", rest })
}

/// `WebVPN user: u has been authenticated.` and `WebVPN user: u has not been successfully authenticated. Access denied.`
fn mail_proxy<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 719_023;
    let kind = if is_refused { Kind::refused(Reason::BadPassword) } else { Kind::ACCEPTED };
    let (_, user) = m.text.split_once("WebVPN user: ").ok_or(Reject::Shape)?;
    let end = if is_refused { " has not been" } else { " has been" };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    name(&mut event, user.rsplit_once(end).ok_or(Reject::Shape)?.0);
    Ok(report(ctx, &event))
}

/// The reason behind `WebVPN session terminated: ` or `SVC closing connection: `.
fn ending(text: &str) -> Option<&str> {
    let (_, cause) = text.split_once(": ")?;
    Some(cause.trim_end_matches('.')).filter(|it| !it.is_empty())
}

/// `IPv4 Address <10.0.0.5> IPv6 address <::> assigned to session`, or `Address <10.0.0.5> assigned to session`
fn assigned(text: &str) -> Option<std::net::IpAddr> {
    let addresses = text.split(['<', '>']).filter_map(address);
    let plain = text.split(' ').filter_map(address);
    addresses.chain(plain).find(|it| !it.is_unspecified())
}

/// `File Access: User u logged into the s server.`
fn file_server<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_refused = m.number == 716_037;
    let kind = if is_refused { Kind::refused(Reason::BadPassword) } else { Kind::ACCEPTED };
    let who = known_peer(m.text).ok_or(Reject::Shape)?;
    let mut event = m.event_of(ctx, kind, &who)?;
    let server = who.rest.rsplit_once(" into the ").map_or("", |it| it.1);
    let server = server.trim_end_matches('.').trim_end_matches(" server");
    event.target = Some(server.trim_matches(['<', '>'])).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}

/// Messages that state an address at most.
fn nameless<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = match m.number {
        716_160 | 716_162 => Kind::refused(Reason::Other),
        716_600..=716_603 => OTHER,
        _ => Kind::refused(Reason::Policy),
    };
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    if let Some((_, user)) = m.text.split_once("Denied ").filter(|_| m.number == 716_040) {
        let user = user.trim_end_matches('.').trim_end_matches(" login");
        // Some versions write the word instead of the name.
        name(&mut event, if user == "user" { "" } else { user });
    }
    if matches!(m.number, 716_160 | 716_162..=716_164) {
        event.method = Some("federated");
    }
    let ip = after(m.text, "Client IP: ", " ").or_else(|| after(m.text, " from IP ", " "));
    if m.number == 722_056 {
        // The client writes its agent, and may write " rejected from " into it.
        let ip = after(m.text, " rejected from ", " ").unwrap_or_default();
        event.src_ip = source(ip.trim_matches(['<', '>', '.']));
        let client = m.text.split_once("Client info: ").map_or("", |it| it.1);
        event.client = client.rsplit_once(" Reason: ").map(|it| it.0.trim_end_matches('.'));
    } else {
        event.src_ip = source(ip.unwrap_or_default().trim_matches(['<', '>', '.']));
    }
    event.detail = cause(m.text);
    Ok(report(ctx, &event))
}

/// `SAML Server added: Name: n Type: SP`
fn saml_server<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let mut event = m.event(ctx, Service::Vpn, Kind::of(Activity::Change))?;
    event.detail = Some(m.text);
    Ok(report(ctx, &event))
}

/// `(WebVPN-Secondary) WebVPN session for client user u, IP i has been created.`
fn standby<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = if m.number == 721_016 { SESSION } else { LOGOFF };
    let (_, tail) = m.text.split_once(" client user ").ok_or(Reject::Shape)?;
    let (user, tail) = tail.rsplit_once(", IP ").ok_or(Reject::Shape)?;
    let ip = tail.split(' ').next().unwrap_or_default();
    let who =
        Peer { user: user.trim_matches(['<', '>']), ip: ip.trim_matches(['<', '>']), rest: "" };
    let event = m.event_of(ctx, kind, &who)?;
    Ok(report(ctx, &event))
}

/// `IP 203.0.113.7 Error authenticating SVC connect request.`
fn unparsed_request<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let is_sign_in = m.number == 722_003;
    let kind = if is_sign_in { Kind::refused(Reason::Other) } else { OTHER };
    let tail = m.text.strip_prefix("IP ").ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Vpn, kind)?;
    let ip = tail.split(' ').next().unwrap_or_default();
    event.src_ip = source(ip.trim_matches(['<', '>']));
    Ok(report(ctx, &event))
}

/// `SVC Message: 16/NOTICE: The user has requested to disconnect the connection..`
fn client_message<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let who = known_peer(m.text).ok_or(Reject::Shape)?;
    let message = who.rest.strip_prefix("SVC Message: ").unwrap_or(who.rest);
    // 16 is the client's logout; 17 and 18 close a tunnel after an error or for a new key.
    let kind = if message.starts_with("16/") { LOGOFF } else { SESSION };
    let mut event = m.event_of(ctx, kind, &who)?;
    event.detail = message.split_once(": ").map(|it| it.1);
    Ok(report(ctx, &event))
}

/// `Client Type: Cisco AnyConnect VPN Agent for Windows 5.1.2` and `Unknown client <agent> connection`
fn client_type<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let who = known_peer(m.text).ok_or(Reject::Shape)?;
    let mut event = m.event_of(ctx, OTHER, &who)?;
    let client = match m.number {
        722_055 => who.rest.strip_prefix("Client Type: "),
        _ => who.rest.strip_prefix("Unknown client ").map(|it| it.trim_end_matches(" connection")),
    };
    let client = client.unwrap_or_default().trim();
    event.client = Some(unquoted(client)).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}

/// `WebVPN Citrix ICA connection c is up.`
fn citrix<'r>(m: &Message<'_, 'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let kind = if m.number == 723_001 { SESSION } else { LOGOFF };
    let who = peer(m.text).ok_or(Reject::Shape)?;
    let mut event = m.event(ctx, Service::Citrix, kind)?;
    name(&mut event, who.user);
    event.src_ip = source(who.ip);
    let connection = after(who.rest, "ICA connection ", " ").unwrap_or_default();
    event.session = Some(connection.trim_matches(['<', '>'])).filter(|it| !it.is_empty());
    Ok(report(ctx, &event))
}
