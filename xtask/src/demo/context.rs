//! What Arboria's administrators tell Doorwarden: the context file.

use super::{
    company::{PEOPLE, Way},
    life::TESTERS,
};

const HEAD: &str = r#"# What the administrators of Arboria GmbH know. Used as: doorwarden scan demo/logs --context demo/context.toml
# Written by `cargo xtask demo`.

allowed_services = ["vpn", "citrix", "owa", "idp", "ssh"]
privileged_accounts = ["adm-maurer", "adm-peters"]

# Logs that state no zone.
log_timezones = [
  { path = "asa/", timezone = "Europe/Berlin" },
  { path = "radius/", timezone = "Europe/Berlin" },
  { path = "linux/", timezone = "Europe/Berlin" },
]

[organisation]
name = "Arboria GmbH"
domains = ["arboria.example"]
netbios = "ARBORIA"

[[offices]]
name = "Berlin"
country = "DE"
city = "Berlin"
timezone = "Europe/Berlin"
business_hours = { start = "08:00", end = "18:00", days = ["Mon", "Tue", "Wed", "Thu", "Fri"] }
egress_cidrs = ["203.0.113.20/32"]
internal_cidrs = ["10.20.0.0/16"]

[[vpn_pools]]
gateway = "vpn-1"
public_ip = "203.0.113.10"
cidr = "10.99.0.0/24"

[[service_accounts]]
name = "svc-backup"
host = "bkp-1"
source_ips = ["10.20.1.15"]

[[service_accounts]]
name = "deploy"
host = "build-1"
source_ips = ["10.20.1.16"]

[[leavers]]
name = "bernd.lorenz"
date = 2026-02-27

[[holidays]]
country = "DE"
date = 2026-03-08

"#;

/// The file.
pub(crate) fn toml() -> String {
    let mut text = HEAD.to_owned();
    text += &format!(
        "[[authorised_scanners]]\ncidr = \"{TESTERS}/32\"\ndescription = \"penetration test on 17 March\"\n\n"
    );
    for person in PEOPLE.iter().filter(|it| it.account != "bernd.lorenz") {
        let class = if person.department == "contractors" { "contractor" } else { "human" };
        let office = if person.way == Way::Citrix && class == "contractor" {
            ""
        } else {
            "office = \"Berlin\"\n"
        };
        text += &format!(
            "[[people]]\naccount = \"{}\"\n{office}department = \"{}\"\nclass = \"{class}\"\n\n",
            person.account, person.department
        );
    }
    for (account, class, owner) in [
        ("adm-maurer", "admin", "owner = \"stefan.maurer\"\n"),
        ("adm-peters", "admin", "owner = \"yvonne.peters\"\n"),
        ("werkstatt", "shared", ""),
    ] {
        text += &format!(
            "[[people]]\naccount = \"{account}\"\noffice = \"Berlin\"\nclass = \"{class}\"\n{owner}\n"
        );
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
