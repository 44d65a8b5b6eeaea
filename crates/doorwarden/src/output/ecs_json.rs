//! One event in the Elastic Common Schema, version 8.
//!
//! What the schema has no place for stands in `doorwarden`, under the names of `doorwarden parse`.

use std::net::IpAddr;

use doorwarden_model::{Activity, Event, Outcome, Reason};
use serde::Serialize;
use serde_json::{Map, Value};

use super::event_json::{Written, time};

/// Version of the schema.
const VERSION: &str = "8.11.0";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "@timestamp")]
    timestamp: String,
    ecs: Version,
    event: EventFields<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<User<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<Host<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<Source<'a>>,
    service: Service,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<UserAgent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    log: Log<'a>,
    related: Related<'a>,
    doorwarden: Map<String, Value>,
}

#[derive(Serialize)]
struct Version {
    version: &'static str,
}

#[derive(Serialize)]
struct EventFields<'a> {
    id: String,
    kind: &'static str,
    category: &'static [&'static str],
    #[serde(rename = "type")]
    kinds: &'static [&'static str],
    action: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    module: &'static str,
    dataset: String,
}

#[derive(Serialize, Default)]
struct User<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Box<User<'a>>>,
}

#[derive(Serialize, Default)]
struct Source<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo: Option<Geo<'a>>,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    system: Option<System<'a>>,
}

#[derive(Serialize)]
struct Geo<'a> {
    country_iso_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    city_name: Option<&'a str>,
}

#[derive(Serialize)]
struct System<'a> {
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<Host<'a>>,
}

#[derive(Serialize)]
struct Host<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Service {
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct UserAgent<'a> {
    original: &'a str,
}

#[derive(Serialize)]
struct Log<'a> {
    file: LogFile<'a>,
}

#[derive(Serialize)]
struct LogFile<'a> {
    path: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    user: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip: Vec<IpAddr>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<&'a str>,
}

/// The object as one line of text.
pub(crate) fn line(written: &Written<'_>) -> String {
    let event = written.event;
    let document = Document {
        timestamp: time(event.time),
        ecs: Version { version: VERSION },
        event: event_fields(written),
        user: user(event),
        source: source(written),
        host: event.host.map(|name| Host { name }),
        destination: event.target.map(destination),
        service: Service { kind: event.service.word() },
        user_agent: event.client.map(|original| UserAgent { original }),
        message: event.detail,
        log: Log { file: LogFile { path: written.file } },
        related: Related {
            user: [event.user, event.actor].into_iter().flatten().collect(),
            ip: [event.src_ip, event.assigned_ip].into_iter().flatten().collect(),
            hosts: [event.host, event.target, event.src_host].into_iter().flatten().collect(),
        },
        doorwarden: rest(written),
    };
    super::json::text(&document)
}

fn event_fields<'a>(written: &Written<'a>) -> EventFields<'a> {
    let event = written.event;
    let (category, kinds) = category(event);
    EventFields {
        id: format!("{:032x}", written.id),
        kind: "event",
        category,
        kinds,
        action: event.activity.word(),
        outcome: event.outcome.map_or("unknown", Outcome::word),
        reason: event.reason.map(Reason::word),
        code: event.code,
        module: "doorwarden",
        dataset: format!("doorwarden.{}", event.format),
    }
}

/// Category and type, of those that the schema allows together.
const fn category(event: &Event<'_>) -> (&'static [&'static str], &'static [&'static str]) {
    match event.activity {
        Activity::Logon => (&["authentication"], &["start"]),
        Activity::Logoff => (&["authentication", "session"], &["end"]),
        Activity::Mfa => (&["authentication"], &["info"]),
        Activity::Session => match event.outcome {
            Some(Outcome::Success) => (&["session"], &["start"]),
            Some(Outcome::Failure) | None => (&["session"], &["info"]),
        },
        Activity::Account => (&["iam"], &["user", "change"]),
        Activity::Change => (&["configuration"], &["change"]),
        Activity::Other => (&["network"], &["info"]),
    }
}

/// Who acts; for a change of an account by another, that other one, with the account as the target.
fn user<'a>(event: &Event<'a>) -> Option<User<'a>> {
    let named = User { name: event.user, domain: event.domain, target: None };
    match event.actor {
        Some(actor) => {
            Some(User { name: Some(actor), domain: None, target: Some(Box::new(named)) })
        }
        None => event.user.is_some().then_some(named),
    }
}

fn source<'a>(written: &Written<'a>) -> Option<Source<'a>> {
    let event = written.event;
    let ip = event.src_ip.map(|it| it.to_string());
    let address = ip.or_else(|| event.src_host.map(str::to_owned))?;
    let place = &written.place;
    Some(Source {
        address: Some(address),
        ip: event.src_ip,
        port: event.src_port,
        domain: event.src_host,
        geo: place
            .country_code()
            .map(|it| Geo { country_iso_code: it.to_owned(), city_name: place.city }),
        system: place
            .asn
            .map(|number| System { number, organization: place.holder.map(|name| Host { name }) }),
    })
}

/// A host is named by its address where the log has nothing else.
fn destination(host: &str) -> Source<'_> {
    let ip = host.parse().ok();
    let domain = ip.is_none().then_some(host);
    Source { address: Some(host.to_owned()), ip, domain, ..Source::default() }
}

fn rest(written: &Written<'_>) -> Map<String, Value> {
    let event = written.event;
    let mut rest = Map::new();
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            rest.insert(name.to_owned(), value);
        }
    };
    let place = if written.is_record { "record" } else { "line" };
    add(place, Some(written.line.into()));
    add(
        "time_assumed",
        Some(event.time_assumed.word()).filter(|it| !it.is_empty()).map(Into::into),
    );
    add("session", event.session.map(Into::into));
    add("device", event.device.map(Into::into));
    add("assigned_ip", event.assigned_ip.map(|it| it.to_string().into()));
    add("certificate", event.certificate.map(Into::into));
    add("method", event.method.map(Into::into));
    add("mfa_method", event.mfa.and_then(|it| it.method).map(Into::into));
    add("mfa_result", event.mfa.map(|it| it.result.word().into()));
    add("logon_type", event.logon_type.map(Into::into));
    add("network", written.place.network.map(|it| it.word().into()));
    rest
}
