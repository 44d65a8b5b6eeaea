//! Where sign-ins come from: a map of the world by country, and the countries in figures.

use std::collections::BTreeMap;

use askama::Template;

use super::{chart::step, countries};
use crate::{
    output::words::{count, percent},
    scan::{Attempts, Overview},
};

/// Countries in the table.
const ROWS: usize = 12;

/// Outlines by country: ISO 3166 code and SVG path data, equirectangular, 1800 × 900.
fn paths() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::geo::OUTLINE
        .lines()
        .filter(|it| !it.starts_with('#'))
        .filter_map(|it| it.split_once('\t'))
}

/// Whether the map shows that country.
pub(super) fn has_shape(code: &str) -> bool {
    paths().any(|it| it.0 == code)
}

/// A country on the map.
pub(super) struct Shape {
    code: &'static str,
    path: &'static str,
    class: String,
    title: String,
}

/// A country, or a kind of network, in the table.
pub(super) struct Row {
    name: String,
    sign_ins: String,
    share: String,
    refusals: String,
}

/// The map and its tables.
#[derive(Template)]
#[template(path = "report/world.html")]
pub(super) struct World {
    shapes: Vec<Shape>,
    countries: Vec<Row>,
    more: usize,
    networks: Vec<Row>,
    is_known: bool,
}

impl World {
    pub(super) fn new(overview: &Overview) -> Self {
        let known = &overview.countries;
        let by_code: BTreeMap<&str, &Attempts> = known
            .iter()
            .filter_map(|(code, it)| Some((std::str::from_utf8(code).ok()?, it)))
            .collect();
        let most = known.values().map(|it| it.sign_ins).max().unwrap_or(0);
        let shape = |(code, path): (&'static str, &'static str)| {
            let attempts = by_code.get(code).copied().copied().unwrap_or_default();
            Shape { code, path, class: class(attempts, most), title: title(code, attempts) }
        };
        let mut ranked: Vec<_> = by_code.iter().collect();
        ranked.sort_by_key(|it| std::cmp::Reverse((it.1.sign_ins, it.1.refusals)));
        let sign_ins = known.values().map(|it| it.sign_ins).sum();
        let countries =
            ranked.iter().take(ROWS).map(|it| row(countries::name(it.0), **it.1, sign_ins));
        let of_networks = overview.networks.values().map(|it| it.sign_ins).sum();
        let mut networks: Vec<_> = overview.networks.iter().collect();
        networks.sort_by_key(|it| std::cmp::Reverse((it.1.sign_ins, it.1.refusals)));
        Self {
            shapes: if known.is_empty() { Vec::new() } else { paths().map(shape).collect() },
            countries: countries.collect(),
            more: ranked.len().saturating_sub(ROWS),
            networks: networks
                .into_iter()
                .map(|(kind, it)| row(network(*kind), *it, of_networks))
                .collect(),
            is_known: !known.is_empty(),
        }
    }
}

fn row(name: &str, attempts: Attempts, whole: u64) -> Row {
    Row {
        name: name.to_owned(),
        sign_ins: count(attempts.sign_ins),
        share: percent(attempts.sign_ins, whole),
        refusals: count(attempts.refusals),
    }
}

/// The colour: by sign-ins; another one where there were refusals only.
fn class(attempts: Attempts, most: u64) -> String {
    match (attempts.sign_ins, attempts.refusals) {
        (0, 0) => "h0".to_owned(),
        (0, _) => "refused".to_owned(),
        (sign_ins, _) => format!("h{}", step(sign_ins, most)),
    }
}

fn title(code: &str, attempts: Attempts) -> String {
    let name = countries::name(code);
    if attempts == Attempts::default() {
        return name.to_owned();
    }
    format!("{name}: {} sign-ins, {} refused", count(attempts.sign_ins), count(attempts.refusals))
}

/// A kind of network for people.
pub(super) fn network(kind: doorwarden_model::NetworkKind) -> &'static str {
    use doorwarden_model::NetworkKind::{Corporate, Hosting, Isp, Mobile, Private, Tor, Vpn};
    match kind {
        Isp => "Internet provider",
        Mobile => "Mobile carrier",
        Hosting => "Hosting or cloud",
        Vpn => "Commercial VPN",
        Tor => "Tor",
        Corporate => "The organisation’s own",
        Private => "Inside (private)",
    }
}
