//! Sign-ins of a scan's events.parquet, as the baselines look at them.

use std::{collections::HashMap, fs::File, net::IpAddr, path::Path};

use anyhow::Context as _;
use doorwarden_model::SourceNet;
use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, Row},
    schema::types::Type,
};

use super::agent::Agent;

/// Columns that are read.
const COLUMNS: [&str; 12] = [
    "time", "service", "activity", "outcome", "account", "src_ip", "device", "client", "country",
    "asn", "network", "city",
];

/// All sign-ins of one scan, in order of time, and what their numbers stand for.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    pub(crate) all: Vec<SignIn>,
    pub(crate) names: Names,
    /// Whether the scan knew cities.
    pub(crate) has_cities: bool,
}

/// An attempt of an account from outside, refused or not. Texts are numbers of [`Names`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignIn {
    /// Milliseconds since 1970.
    pub(crate) time: i64,
    pub(crate) account: u32,
    pub(crate) is_success: bool,
    pub(crate) ip: IpAddr,
    pub(crate) country: Option<[u8; 2]>,
    pub(crate) asn: Option<u32>,
    pub(crate) is_hosting: bool,
    /// Id that the device reported.
    pub(crate) device: Option<u32>,
    pub(crate) agent: Option<Agent>,
}

/// Texts that were met, numbered.
#[derive(Debug, Default)]
pub(crate) struct Names {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

/// A row as it stands in the file.
#[derive(Debug, Default)]
struct Written {
    time: i64,
    is_local: bool,
    is_logon: bool,
    is_success: Option<bool>,
    account: Option<u32>,
    ip: Option<IpAddr>,
    country: Option<[u8; 2]>,
    asn: Option<u32>,
    network: String,
    device: Option<u32>,
    agent: Option<Agent>,
    has_city: bool,
}

impl Names {
    /// The number of `text`.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The text with this number.
    pub(crate) fn text(&self, number: u32) -> &str {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        self.texts.get(index).map_or("", |it| it)
    }
}

impl SignIn {
    /// The network of its address.
    pub(crate) fn net(&self) -> SourceNet {
        SourceNet::of(self.ip)
    }

    /// Days since 1970.
    pub(crate) const fn day(&self) -> i64 {
        self.time.div_euclid(86_400_000)
    }

    /// The device as well as the log tells it: its id, else its client program.
    pub(crate) fn what(&self) -> Option<(bool, u32)> {
        let client = self.agent.map(|it| (false, it.whole));
        self.device.map(|it| (true, it)).or(client)
    }
}

impl SignIns {
    /// Reads the file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let told = || format!("cannot read `{}`", path.display());
        #[expect(clippy::disallowed_methods, reason = "a chore reads files")]
        let reader =
            SerializedFileReader::new(File::open(path).with_context(told)?).with_context(told)?;
        let schema = reader.metadata().file_metadata().schema();
        let wanted = schema.get_fields().iter().filter(|it| COLUMNS.contains(&it.name()));
        let wanted = Type::group_type_builder(schema.name()).with_fields(wanted.cloned().collect());
        let mut found = Self::default();
        for row in reader.get_row_iter(Some(wanted.build()?))? {
            found.push(&row.with_context(told)?);
        }
        found.all.sort_by_key(|it| it.time);
        Ok(found)
    }

    fn push(&mut self, row: &Row) {
        let row = Written::of(row, &mut self.names);
        self.has_cities |= row.has_city;
        let (Some(account), Some(ip), Some(is_success)) = (row.account, row.ip, row.is_success)
        else {
            return;
        };
        if row.is_local || !row.is_logon || is_inner(ip) {
            return;
        }
        self.all.push(SignIn {
            time: row.time,
            account,
            is_success,
            ip,
            country: row.country,
            asn: row.asn,
            is_hosting: matches!(row.network.as_str(), "hosting" | "vpn" | "tor"),
            device: row.device,
            agent: row.agent,
        });
    }
}

impl Written {
    fn of(row: &Row, names: &mut Names) -> Self {
        let mut read = Self::default();
        for (column, field) in row.get_column_iter() {
            match field {
                Field::Str(text) => read.put(column, text, names),
                Field::TimestampMillis(time) => read.time = *time,
                Field::UInt(number) => read.asn = Some(*number),
                // Nothing else is among the columns that are read.
                _ => {}
            }
        }
        read
    }

    fn put(&mut self, column: &str, text: &str, names: &mut Names) {
        match column {
            // What happens on the machine itself comes from nowhere.
            "service" => self.is_local = text == "local",
            "activity" => self.is_logon = text == "logon",
            "outcome" => self.is_success = Some(text == "success"),
            "account" => self.account = Some(names.number(text)),
            "src_ip" => self.ip = text.parse().ok(),
            "device" => self.device = Some(names.number(text)),
            "client" => self.agent = Some(Agent::of(text, names)),
            "country" => self.country = text.as_bytes().try_into().ok(),
            "network" => text.clone_into(&mut self.network),
            "city" => self.has_city = true,
            _ => {}
        }
    }
}

/// Whether an address is used inside only.
fn is_inner(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(it) => it.is_private() || it.is_loopback() || it.is_link_local(),
        IpAddr::V6(it) => it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local(),
    }
}
