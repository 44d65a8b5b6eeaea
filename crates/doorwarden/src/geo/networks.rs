//! `--networks FILE`: addresses and blocks with a kind, in the forms in which such lists are published.
//!
//! Read are Tor's exit list (`ExitAddress 192.0.2.1 2026-01-31 08:00:00`), an address or block a line, CSV with a
//! kind beside it, and JSON or TOML. The kind stands in the file, in a first line `# kind: tor`, or in a word of the
//! file's name (`tor-exits.txt`).

use std::{net::IpAddr, path::Path};

use anyhow::{Context as _, bail};
use doorwarden_model::NetworkKind;
use ipnet::IpNet;
use serde_json::Value;

/// What was read from one file.
#[derive(Debug, Default)]
pub(super) struct List {
    /// The blocks in their order in the file.
    pub(super) blocks: Vec<(IpNet, NetworkKind)>,
    /// Lines or values that are neither an address nor a block.
    pub(super) not_understood: usize,
}

/// Reads the text of the list at `path`.
pub(super) fn read(path: &Path, text: &str) -> anyhow::Result<List> {
    let stem = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
    let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
    let kind = stated(text).or_else(|| kind_of(stem));
    let mut list = List::default();
    match extension {
        "json" => {
            let value = serde_json::from_str(text).context("is no JSON")?;
            values(&value, kind, &mut list);
        }
        "toml" => {
            let value = toml::from_str(text).context("is no TOML")?;
            values(&value, kind, &mut list);
        }
        _ => lines(text, kind, &mut list),
    }
    if list.blocks.is_empty() {
        bail!(
            "holds no address with a kind: state it beside the address, in a first line \
             `# kind: tor`, or in the file's name (tor, vpn, hosting, mobile, isp, corporate)"
        );
    }
    Ok(list)
}

/// The kind that a first line `# kind: tor` states.
fn stated(text: &str) -> Option<NetworkKind> {
    let line = text.trim_start_matches('\u{feff}').lines().next()?;
    let (key, kind) = line.trim_start().strip_prefix('#')?.split_once(':')?;
    if key.trim() == "kind" { kind_of(kind) } else { None }
}

/// The kind that one of the words of `text` names.
fn kind_of(text: &str) -> Option<NetworkKind> {
    text.split(|it: char| !it.is_ascii_alphanumeric()).find_map(|word| {
        Some(match word.to_ascii_lowercase().as_str() {
            "tor" | "torlist" | "exits" => NetworkKind::Tor,
            "vpn" | "vpns" | "relay" | "relays" | "proxy" | "proxies" => NetworkKind::Vpn,
            "hosting" | "cloud" | "datacenter" => NetworkKind::Hosting,
            "mobile" | "cellular" => NetworkKind::Mobile,
            "corporate" | "own" => NetworkKind::Corporate,
            "isp" => NetworkKind::Isp,
            _ => return None,
        })
    })
}

/// Other keys of Tor's exit list, which state nothing of addresses.
const TOR_KEYS: &[&str] = &["ExitNode ", "Published ", "LastStatus "];

fn lines(text: &str, kind: Option<NetworkKind>, list: &mut List) {
    for line in text.trim_start_matches('\u{feff}').lines() {
        let line = line.split(['#', ';']).next().unwrap_or_default().trim();
        if line.is_empty() || TOR_KEYS.iter().any(|it| line.starts_with(it)) {
            continue;
        }
        match line.strip_prefix("ExitAddress ") {
            Some(exit) => list.add(exit.split(' ').next(), Some(NetworkKind::Tor)),
            None => fields(line, kind, list),
        }
    }
}

/// One line of CSV, or of one value: the first field that is a block, and the first that names a kind.
fn fields(line: &str, kind: Option<NetworkKind>, list: &mut List) {
    let fields = || line.split([',', '\t', ' ']).map(|it| it.trim().trim_matches('"'));
    let own = fields().filter(|it| block(it).is_none()).find_map(kind_of);
    list.add(fields().find(|it| block(it).is_some()), own.or(kind));
}

/// `{ kind, cidrs }` at any depth; below a kind, or with one from the file's name, every text that is a block.
fn values(value: &Value, kind: Option<NetworkKind>, list: &mut List) {
    match value {
        Value::Object(fields) => {
            let own = fields.get("kind").and_then(Value::as_str).and_then(kind_of);
            for (_, value) in fields.iter().filter(|it| it.0 != "kind") {
                values(value, own.or(kind), list);
            }
        }
        Value::Array(items) => items.iter().for_each(|it| values(it, kind, list)),
        // Published lists name regions and dates beside the blocks.
        Value::String(text) if block(text).is_some() => list.add(Some(text), kind),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl List {
    fn add(&mut self, text: Option<&str>, kind: Option<NetworkKind>) {
        match (text.and_then(block), kind) {
            (Some(block), Some(kind)) => self.blocks.push((block, kind)),
            _ => self.not_understood += 1,
        }
    }
}

fn block(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
