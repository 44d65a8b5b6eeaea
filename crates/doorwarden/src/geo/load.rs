//! Opening databases and lists, and taking the organisation's own networks from the context.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::AtomicU64,
};

use anyhow::{Context as _, bail};
use doorwarden_model::{NetworkKind, context::Context};
use ipnet::IpNet;

use super::{
    EMBEDDED, Geo, GeoArguments, Source,
    mmdb::{self, Database},
    networks,
    ranges::Ranges,
    source,
    table::Table,
};

impl Geo {
    /// Loads what the arguments name; `context` tells the organisation's own networks.
    pub(crate) fn load(arguments: &GeoArguments, context: &Context) -> anyhow::Result<Self> {
        let table = Table::new(EMBEDDED).context("the embedded geo table is damaged")?;
        let mut sources = Vec::new();
        let mut databases = Vec::new();
        for path in files(&arguments.databases)? {
            let database = Database::open(&path)?;
            sources.push(of_database(&database, &path));
            databases.push(database);
        }
        let mut blocks = Vec::new();
        for path in &arguments.networks {
            let (list, source) = read_list(path)?;
            blocks.extend(list);
            sources.push(source);
        }
        sources.extend(source::embedded(table.sources()));
        let own = own_networks(context);
        let kinds = own.iter().chain(&blocks).map(|it| it.1).collect();
        Ok(Self {
            own: Ranges::new(&own),
            lists: Ranges::new(&blocks),
            databases,
            table,
            sources,
            kinds,
            undecodable: AtomicU64::new(0),
        })
    }
}

/// The files named, and those ending in `.mmdb` of each folder named, sorted by name.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let unreadable = || format!("cannot read the folder `{}`", path.display());
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).with_context(unreadable)? {
            let file = entry.with_context(unreadable)?.path();
            if file.extension().is_some_and(|it| it == "mmdb") {
                inside.push(file);
            }
        }
        if inside.is_empty() {
            bail!("the folder `{}` holds no .mmdb file", path.display());
        }
        inside.sort();
        out.extend(inside);
    }
    Ok(out)
}

fn of_database(database: &Database, path: &Path) -> Source {
    let (licence, credit) = mmdb::licence_of(database.name());
    Source {
        name: database.name().to_owned(),
        holds: "database".to_owned(),
        path: Some(path.display().to_string()),
        version: None,
        built: source::day_of(database.built()),
        licence: licence.to_owned(),
        credit: credit.to_owned(),
        link: String::new(),
    }
}

#[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
fn read_list(path: &Path) -> anyhow::Result<(Vec<(IpNet, NetworkKind)>, Source)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let list = networks::read(path, &String::from_utf8_lossy(&bytes))
        .with_context(|| format!("`{}`", path.display()))?;
    let name = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let source = Source {
        name,
        holds: of_list(&list),
        path: Some(path.display().to_string()),
        version: None,
        built: None,
        licence: "not stated in the file: see where it is from".to_owned(),
        credit: String::new(),
        link: String::new(),
    };
    Ok((list.blocks, source))
}

/// How many blocks of which kinds, and how much was not understood.
fn of_list(list: &networks::List) -> String {
    let mut kinds: Vec<&str> = list.blocks.iter().map(|it| it.1.word()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let count = list.blocks.len();
    let known = format!("{count} networks ({})", kinds.join(", "));
    match list.not_understood {
        0 => known,
        more => format!("{known}, {more} lines not understood"),
    }
}

/// The offices' networks, the gateways' pools and their public addresses.
fn own_networks(context: &Context) -> Vec<(IpNet, NetworkKind)> {
    let offices =
        context.offices.iter().flat_map(|it| it.egress_cidrs.iter().chain(&it.internal_cidrs));
    let pools = context.vpn_pools.iter().map(|it| &it.cidr);
    let gateways = context.vpn_pools.iter().filter_map(|it| it.public_ip.map(IpNet::from));
    offices.chain(pools).copied().chain(gateways).map(|it| (it, NetworkKind::Corporate)).collect()
}
