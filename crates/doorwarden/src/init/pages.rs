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
    let mut page = String::from(
        "# What you know of your organisation, for `doorwarden scan --context context.toml`.\n\
         #\n\
         # Every part is optional; the more is right, the quieter and the sharper it gets.\n\
         # A line that begins with # and no blank is a setting: check it, then take the # away.\n\
         # What was learnt from your logs is a suggestion only: whoever writes logs may have written it.\n\n",
    );
    organisation(learnt, &mut page);
    offices(learnt, places, &mut page);
    pools(learnt, &mut page);
    programs(&learnt.programs(), &mut page);
    gateways(learnt, &mut page);
    page.push_str(REST);
    page
}

fn organisation(learnt: &Learnt, page: &mut String) {
    let mut domains: Vec<_> = learnt.domains.iter().collect();
    domains.sort_by_key(|it| std::cmp::Reverse(it.1));
    let seen = |it: &(&String, &u64)| format!("{} ({})", harmless(it.0), counted(*it.1, "sign-in"));
    let seen: Vec<String> = domains.iter().take(SHOWN).map(seen).collect();
    let (dotted, bare): (Vec<_>, Vec<_>) = domains.into_iter().partition(|it| it.0.contains('.'));
    let own = dotted.iter().take(3).map(|it| quoted(it.0));
    page.push_str("# Your organisation: accounts of these domains are its own.\n");
    if !seen.is_empty() {
        page.push_str(&format!("# Seen in the logs: {}\n", seen.join(", ")));
    }
    page.push_str("#[organisation]\n#name = \"Example Ltd\"\n");
    let own = if dotted.is_empty() { "[\"corp.example\"]".to_owned() } else { list(own) };
    page.push_str(&format!("#domains = {own}\n"));
    let netbios =
        bare.first().map_or_else(|| "\"CORP\"".to_owned(), |it| quoted(&it.0.to_uppercase()));
    page.push_str(&format!("#netbios = {netbios}\n\n"));
}

fn offices(learnt: &Learnt, places: &dyn Places, page: &mut String) {
    let offices = learnt.offices();
    page.push_str(
        "# Offices: where people work, when, and by which public addresses they are seen.\n\
         #[[offices]]\n#name = \"Head office\"\n#country = \"DE\"\n#city = \"Berlin\"\n#timezone = \"Europe/Berlin\"\n\
         #business_hours = { start = \"08:00\", end = \"18:00\", days = [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\"] }\n\
         #egress_cidrs = [\"203.0.113.0/28\"]\n#internal_cidrs = [\"10.0.0.0/8\"]\n\n",
    );
    if !offices.is_empty() {
        page.push_str("# Networks that several people share; a provider's may be among them:\n");
    }
    for (nr, (net, seen)) in offices.iter().take(SHOWN).enumerate() {
        let sign_ins = counted(seen.sign_ins, "sign-in");
        page.push_str(&format!(
            "# {}, {sign_ins}\n#[[offices]]\n#name = \"Office {}\"\n",
            seen.people(),
            nr + 1
        ));
        if let Some(country) = places.place(net.first()).country_code() {
            page.push_str(&format!("#country = {}\n", quoted(country)));
        }
        page.push_str(&format!("#egress_cidrs = [{}]\n\n", quoted(&net.to_string())));
    }
}

fn pools(learnt: &Learnt, page: &mut String) {
    let pools = learnt.pools();
    page.push_str("# Inner addresses that gateways lease: they tie a session inside to the one that came in.\n");
    if pools.is_empty() {
        page.push_str(
            "# No lease was seen in the logs.\n#[[vpn_pools]]\n#gateway = \"vpn1\"\n#public_ip = \"203.0.113.1\"\n#cidr = \"10.99.0.0/16\"\n\n",
        );
    }
    for (net, seen) in pools.iter().take(SHOWN) {
        let leases = counted(seen.sign_ins, "lease");
        page.push_str(&format!("# {leases} of {} addresses\n#[[vpn_pools]]\n", seen.addresses()));
        if let Some(host) = seen.hosts.iter().find(|it| !it.is_empty()) {
            page.push_str(&format!("#gateway = {}\n", quoted(host)));
        }
        page.push_str(&format!("#cidr = {}\n\n", quoted(&net.to_string())));
    }
}

fn programs(programs: &[Program], page: &mut String) {
    page.push_str("# Accounts of programs: they sign in at night, but only from where they run.\n");
    if programs.is_empty() {
        page.push_str(
            "#[[service_accounts]]\n#name = \"svc-backup\"\n#source_ips = [\"10.1.2.3\"]\n\n",
        );
    }
    for it in programs.iter().take(SHOWN) {
        let sources = list(it.sources.iter().map(|it| quoted(&it.to_string())));
        page.push_str(&format!(
            "# {}\n#[[service_accounts]]\n#name = {}\n#source_ips = {sources}\n\n",
            it.why,
            quoted(&it.name)
        ));
    }
    let left = programs.len().saturating_sub(SHOWN);
    if 0 < left {
        page.push_str(&format!("# and {} more names like these\n\n", count(left as u64)));
    }
}

fn gateways(learnt: &Learnt, page: &mut String) {
    let all = learnt.gateways();
    if !all.is_empty() {
        page.push_str("# Gateways seen:\n");
    }
    for (service, host, number) in all.iter().take(SHOWN) {
        page.push_str(&format!(
            "# {service} {}: {}\n",
            harmless(host),
            counted(*number, "sign-in")
        ));
    }
    if !all.is_empty() {
        page.push('\n');
    }
}

/// What no log tells.
const REST: &str = r#"# External services that are meant to be open; any other one that lets somebody in is reported.
# It stands before all tables, so put it at the head of this file: allowed_services = ["vpn", "owa"]

# People. With many, name a CSV file with these columns at the head of this file: people_csv = "hr.csv"
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

# Accounts with administrative rights stand at the head of this file too: privileged_accounts = ["ana-adm"]

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
    let mut page = String::from(
        "# Settings of detectors, for `doorwarden scan --config doorwarden.toml`.\n\
         #\n\
         # A line that begins with # and no blank is a setting with its default: change it, then take the # away.\n\
         # `doorwarden explain DETECTOR` tells what each of them does.\n\n",
    );
    for entry in detectors::ALL {
        page.push_str(&format!("#[detectors.{}]\n#enabled = true\n", entry.id));
        for (name, default, meaning) in settings(&entry.page()) {
            page.push_str(&format!("# {meaning}\n#{name} = {default}\n"));
        }
        page.push('\n');
    }
    page.push_str(
        "# What is known and harmless: signals that match all that is given make no incident.\n\
         # `doorwarden` says when an entry has expired, or never matched.\n\
         #[[expected]]\n#account = \"svc-backup\"\n#source = \"198.51.100.0/28\"\n#network = \"hosting\"\n\
         #service = \"ssh\"\n#detector = \"password-spray\"\n#until = 2030-12-31\n#why = \"yearly penetration test\"\n",
    );
    page
}

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
