//! `doorwarden geo`: what is loaded, how old it is and under which licence; and what it knows of addresses.

use std::{net::IpAddr, process::ExitCode};

use doorwarden_model::{Context, NetworkKind, Place, Places};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;

use super::{Geo, GeoArguments, Source};
use crate::output::terminal;

/// What `geo` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  doorwarden geo
  doorwarden geo 8.8.8.8 2001:4860:4860::8888
  doorwarden geo --geo GeoLite2-City.mmdb --networks tor-exits.txt 198.51.100.7")]
pub(crate) struct GeoCommand {
    /// Addresses to answer; none shows what is loaded. Example: `198.51.100.7`
    #[arg(value_name = "ADDRESS")]
    addresses: Vec<IpAddr>,
    #[command(flatten)]
    data: GeoArguments,
    /// Print JSON Lines. Example: `--json | jq .country`
    #[arg(long)]
    json: bool,
}

/// Answers each address, or tells what is loaded.
pub(crate) fn run(command: &GeoCommand) -> ExitCode {
    let geo = match Geo::load(&command.data, &Context::default()) {
        Ok(geo) => geo,
        Err(error) => {
            terminal::error(&error);
            return ExitCode::from(2);
        }
    };
    let lines = if command.addresses.is_empty() {
        if command.json { sources_as_json(&geo) } else { description(&geo) }
    } else {
        let line = if command.json { as_json } else { as_text };
        command.addresses.iter().map(|ip| line(*ip, &geo.place(*ip))).collect()
    };
    if 0 < geo.undecodable() {
        let count = geo.undecodable();
        terminal::note(&format!("doorwarden: {count} records of loaded databases are damaged"));
    }
    terminal::lines(lines);
    ExitCode::SUCCESS
}

fn sources_as_json(geo: &Geo) -> Vec<String> {
    geo.sources().iter().filter_map(|it| serde_json::to_string(it).ok()).collect()
}

fn description(geo: &Geo) -> Vec<String> {
    let today = today();
    let mut lines: Vec<String> = geo.sources().iter().flat_map(|it| of_source(it, today)).collect();
    let [v4, v6, networks] = geo.table_sizes();
    lines.push(format!(
        "The embedded table has {v4} ranges of IPv4, {v6} of IPv6, and {networks} networks."
    ));
    for kind in geo.blind_kinds() {
        lines.push(format!("No address is `{kind}`: {}.", remedy(kind)));
    }
    lines
}

/// What must be loaded so that addresses can be of this kind.
fn remedy(kind: NetworkKind) -> &'static str {
    match kind {
        NetworkKind::Tor => "load a list of Tor's exits with --networks",
        NetworkKind::Corporate => "state offices and pools in the file for --context of `scan`",
        NetworkKind::Isp
        | NetworkKind::Mobile
        | NetworkKind::Hosting
        | NetworkKind::Vpn
        | NetworkKind::Private => "load a database with --geo",
    }
}

fn of_source(source: &Source, today: Date) -> Vec<String> {
    let version = source.version.as_ref().map_or_else(String::new, |it| format!(" {it}"));
    let age = source.built.map_or_else(String::new, |built| {
        format!("; made {built}, {} days ago", built.duration_until(today).as_hours() / 24)
    });
    let mut lines = vec![
        format!("{}{version}: {}{age}", shown(&source.name), source.holds),
        format!("    licence: {}", source.licence),
    ];
    if !source.credit.is_empty() {
        lines.push(format!("    credit: {} {}", source.credit, source.link).trim_end().to_owned());
    }
    if let Some(path) = &source.path {
        lines.push(format!("    file: {}", shown(path)));
    }
    lines
}

fn as_text(ip: IpAddr, place: &Place<'_>) -> String {
    let mut parts = Vec::new();
    parts.extend(place.country_code().map(str::to_owned));
    parts.extend(place.city.map(shown));
    parts.extend(place.position.map(|(north, east)| format!("{north:.2} {east:.2}")));
    let holder = place.holder.map_or_else(String::new, |it| format!(" {}", shown(it)));
    parts.extend(place.asn.map(|it| format!("AS{it}{holder}")));
    parts.extend(place.network.map(|it| it.word().to_owned()));
    let answer = if parts.is_empty() { "unknown".to_owned() } else { parts.join(", ") };
    format!("{ip}: {answer}")
}

fn as_json(ip: IpAddr, place: &Place<'_>) -> String {
    let answer = Answer {
        ip,
        country: place.country_code(),
        city: place.city,
        latitude: place.position.map(|it| it.0),
        longitude: place.position.map(|it| it.1),
        asn: place.asn,
        holder: place.holder,
        network: place.network,
    };
    serde_json::to_string(&answer).unwrap_or_default()
}

/// An address and what is known of it; what is not known is left out.
#[derive(Serialize)]
struct Answer<'a> {
    ip: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<NetworkKind>,
}

/// `text` for a terminal: whatever could steer it, or turn the direction of writing, is replaced.
fn shown(text: &str) -> String {
    let steers = |it: char| {
        it.is_control() || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|it| if steers(it) { '\u{fffd}' } else { it }).collect()
}

#[expect(clippy::disallowed_methods, reason = "an age is counted from today")]
fn today() -> Date {
    TimeZone::UTC.to_datetime(Timestamp::now()).date()
}
