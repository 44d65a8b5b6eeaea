//! The two files that `init` writes: settings stand behind a `#`, explanations behind a `#` and a blank.

use doorwarden_engine::detectors;
use doorwarden_model::Places;

use super::learnt::{Learnt, Program};
use crate::output::{
    harmless::harmless,
    words::{count, counted},
};

/// Suggestions of each kind.
const SHOWN: usize = 20;

/// A text of a log as a TOML string: it may hold anything.
fn quoted(text: &str) -> String {
    toml::Value::String(harmless(text)).to_string()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// `context.toml`.
pub(super) fn context(learnt: &Learnt, places: &dyn Places) -> String {
    let mut lines = Vec::new();
    organisation(learnt, &mut lines);
    offices(learnt, places, &mut lines);
    pools(learnt, &mut lines);
    programs(&learnt.programs(), &mut lines);
    [HEAD, &lines.join("\n"), "\n", REST].concat()
}

fn organisation(learnt: &Learnt, lines: &mut Vec<String>) {
    let gateways = learnt.gateways();
    for (service, host, number) in gateways.iter().take(SHOWN) {
        lines.push(format!(
            "# Gateway seen: {service} {}, {}",
            harmless(host),
            counted(*number, "sign-in")
        ));
    }
    let mut domains: Vec<_> = learnt.domains.iter().collect();
    domains.sort_by_key(|it| std::cmp::Reverse(it.1));
    for (domain, number) in domains.iter().take(SHOWN) {
        lines.push(format!(
            "# Domain seen: {}, {}",
            harmless(domain),
            counted(**number, "sign-in")
        ));
    }
    let (dotted, bare): (Vec<_>, Vec<_>) = domains.into_iter().partition(|it| it.0.contains('.'));
    let own = list(dotted.iter().take(3).map(|it| quoted(it.0)));
    let own = if dotted.is_empty() { "[\"corp.example\"]".to_owned() } else { own };
    let netbios =
        bare.first().map_or_else(|| "\"CORP\"".to_owned(), |it| quoted(&it.0.to_uppercase()));
    lines.extend([
        "# Your organisation: accounts of these domains are its own.".to_owned(),
        "#[organisation]".to_owned(),
        "#name = \"Example Ltd\"".to_owned(),
        format!("#domains = {own}"),
        format!("#netbios = {netbios}"),
        String::new(),
    ]);
}

fn offices(learnt: &Learnt, places: &dyn Places, lines: &mut Vec<String>) {
    let offices = learnt.offices();
    lines.push(OFFICE.to_owned());
    if !offices.is_empty() {
        lines.push(
            "# Networks that several people share; a provider's may be among them:".to_owned(),
        );
    }
    for (nr, (net, seen)) in offices.iter().take(SHOWN).enumerate() {
        lines.push(format!("# {}, {}", seen.people(), counted(seen.sign_ins, "sign-in")));
        lines.push(format!("#[[offices]]\n#name = \"Office {}\"", nr + 1));
        if let Some(country) = places.place(net.first()).country_code() {
            lines.push(format!("#country = {}", quoted(country)));
        }
        lines.push(format!("#egress_cidrs = [{}]\n", quoted(&net.to_string())));
    }
}

fn pools(learnt: &Learnt, lines: &mut Vec<String>) {
    let pools = learnt.pools();
    lines.push(POOL.to_owned());
    for (net, seen) in pools.iter().take(SHOWN) {
        let leases = counted(seen.sign_ins, "lease");
        lines.push(format!("# {leases} of {} addresses\n#[[vpn_pools]]", seen.addresses()));
        if let Some(host) = seen.hosts.iter().find(|it| !it.is_empty()) {
            lines.push(format!("#gateway = {}", quoted(host)));
        }
        lines.push(format!("#cidr = {}\n", quoted(&net.to_string())));
    }
}

fn programs(programs: &[Program], lines: &mut Vec<String>) {
    lines.push(PROGRAM.to_owned());
    for it in programs.iter().take(SHOWN) {
        let sources = list(it.sources.iter().map(|it| quoted(&it.to_string())));
        lines.push(format!("# {}\n#[[service_accounts]]", it.why));
        lines.push(format!("#name = {}\n#source_ips = {sources}\n", quoted(&it.name)));
    }
    let left = programs.len().saturating_sub(SHOWN) as u64;
    if 0 < left {
        lines.push(format!("# and {} more names like these\n", count(left)));
    }
}

/// What stands first: keys that belong to no table.
const HEAD: &str = r#"# What you know of your organisation, for `doorwarden scan --context context.toml`.
#
# Every part is optional; the more is right, the quieter and the sharper it gets.
# A line that begins with # and no blank is a setting: check it, then take the # away.
# What was learnt from your logs is a suggestion only: whoever writes logs may have written it.

# External services that are meant to be open; any other one that lets somebody in is reported.
#allowed_services = ["vpn", "owa"]

# Accounts with administrative rights.
#privileged_accounts = ["ana-adm"]

# A CSV file of people, with the columns of `people` below.
#people_csv = "hr.csv"

"#;

const OFFICE: &str = r#"# Offices: where people work, when, and by which public addresses they are seen.
#[[offices]]
#name = "Head office"
#country = "DE"
#city = "Berlin"
#timezone = "Europe/Berlin"
#business_hours = { start = "08:00", end = "18:00", days = ["Mon", "Tue", "Wed", "Thu", "Fri"] }
#egress_cidrs = ["203.0.113.0/28"]
#internal_cidrs = ["10.0.0.0/8"]
"#;

const POOL: &str = r#"# Inner addresses that gateways lease: they tie a session inside to the one that came in.
#[[vpn_pools]]
#gateway = "vpn1"
#public_ip = "203.0.113.1"
#cidr = "10.99.0.0/16"
"#;

const PROGRAM: &str = r#"# Accounts of programs: they sign in at night, but only from where they run.
#[[service_accounts]]
#name = "svc-backup"
#source_ips = ["10.1.2.3"]
"#;

/// What no log tells.
const REST: &str = r#"# People.
#[[people]]
#account = "ana"
#office = "Head office"
#department = "Finance"
#class = "human"            # human, admin, service, shared, contractor
#start = 2020-01-31
#end = 2030-12-31

# People who left: no sign-in of theirs is right after that day.
#[[leavers]]
#name = "ben"
#date = 2026-01-31

# Addresses that scan with permission.
#[[authorised_scanners]]
#cidr = "198.51.100.0/28"
#description = "yearly penetration test"

# Public holidays.
#[[holidays]]
#country = "DE"
#date = 2026-12-25

# Logs whose stamps state no zone; `path` is how the file's path below the scanned folder begins.
#[[log_timezones]]
#path = "branch/"
#timezone = "America/New_York"

# Names of one account, and names that are not.
#[[aliases]]
#account = "ana"
#names = ["a.lopez", "ana@corp.example"]
#not = ["web1\\ana"]
"#;

/// `doorwarden.toml`.
pub(super) fn configuration() -> String {
    let mut lines = Vec::new();
    for entry in detectors::ALL {
        lines.push(format!("#[detectors.{}]\n#enabled = true", entry.id));
        for (name, default, meaning) in settings(&entry.page()) {
            lines.push(format!("# {meaning}\n#{name} = {default}"));
        }
        lines.push(String::new());
    }
    [CONFIGURATION, &lines.join("\n"), "\n", EXPECTED].concat()
}

const CONFIGURATION: &str = "\
# Settings of detectors, for `doorwarden scan --config doorwarden.toml`.
#
# A line that begins with # and no blank is a setting with its default: change it, then take the # away.
# `doorwarden explain DETECTOR` tells what each of them does.

";

const EXPECTED: &str = r#"# What is known and harmless: signals that match all that is given make no incident.
# A scan says when an entry has expired, or never matched.
#[[expected]]
#account = "svc-backup"
#source = "198.51.100.0/28"
#network = "hosting"
#service = "ssh"
#detector = "password-spray"
#until = 2030-12-31
#why = "yearly penetration test"
"#;

/// The settings of a detector's page: name, default, meaning.
fn settings(page: &str) -> Vec<(String, String, String)> {
    let rows = page.lines().filter_map(|it| it.strip_prefix("| `"));
    let fields = rows.filter_map(|row| {
        let (name, row) = row.split_once("` | ")?;
        let (default, meaning) = row.split_once(" | ")?;
        Some((name.to_owned(), default.to_owned(), meaning.trim_end_matches(" |").to_owned()))
    });
    fields.filter(|it| !it.1.is_empty() && it.1 != "null").collect()
}

#[cfg(test)]
mod tests {
    use doorwarden_model::Context;

    use super::*;
    use crate::geo::{Geo, GeoArguments};

    /// The page with all its settings switched on.
    fn switched_on(page: &str) -> String {
        let is_setting = |it: &&str| it.starts_with('#') && !it.starts_with("# ") && *it != "#";
        page.lines()
            .filter(is_setting)
            .map(|it| it.trim_start_matches('#'))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_context_is_valid_as_it_is_and_with_every_suggestion() {
        let geo = Geo::load(&GeoArguments::default(), &Context::default()).unwrap();
        let page = context(&Learnt::default(), &geo);
        assert_eq!(toml::from_str::<Context>(&page).unwrap(), Context::default());
        let context: Context = toml::from_str(&switched_on(&page)).unwrap();
        assert_eq!((context.offices.len(), context.aliases.len()), (1, 1));
    }

    #[test]
    fn the_configuration_is_valid_with_every_suggestion() {
        let page = configuration();
        assert_eq!(page.parse::<toml::Table>().unwrap(), toml::Table::new());
        let table: toml::Table = switched_on(&page).parse().unwrap();
        let detectors = table["detectors"].as_table().unwrap();
        assert_eq!(detectors.len(), doorwarden_engine::detectors::ALL.len());
    }
}
