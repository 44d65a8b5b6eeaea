//! What an administrator of the organisation has at hand: the context file.

use crate::{
    company::{
        people::Class,
        sites::{Gateway, MERGED, NEW},
    },
    config::{Config, Knowledge},
    life::calendar,
    world::{MERGED_DOMAIN, Run, renamed_domain},
};

/// The file; nothing where nobody asked for it.
pub(crate) fn toml(config: &Config, run: &Run, seed: u64) -> Option<String> {
    if config.context == Knowledge::None {
        return None;
    }
    let mut domains = vec![config.domain.clone()];
    if !config.events.domain_rename.is_empty() {
        domains.push(renamed_domain(&config.domain));
    }
    if config.events.merger.first().is_some_and(|it| *it < config.days) {
        domains.push(MERGED_DOMAIN.to_owned());
    }
    let netbios = config.domain.split('.').next().unwrap_or_default().to_uppercase();
    let mut text = format!(
        "[organisation]\nname = {:?}\ndomains = {domains:?}\nnetbios = {:?}\n",
        config.organisation,
        netbios.chars().take(15).collect::<String>()
    );
    for (at, site) in run.company.sites.iter().enumerate() {
        let opens = match at {
            MERGED => config.events.merger.first(),
            NEW => config.events.new_office.first(),
            _ => Some(&0),
        };
        if opens.is_none_or(|it| config.days <= *it) {
            continue;
        }
        let plan = site.plan;
        text += &format!(
            "\n[[offices]]\nname = {:?}\ncountry = {:?}\ncity = {:?}\ntimezone = {:?}\nbusiness_hours = {{ start = \"08:00\", end = \"18:00\", days = [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\"] }}\n",
            plan.city, plan.country, plan.city, plan.zone
        );
        if config.context == Knowledge::Full {
            let (now, then) = (site.egress_cidr(0), site.egress_cidr(config.days));
            let lines = if now == then { vec![now] } else { vec![now, then] };
            text += &format!(
                "egress_cidrs = {lines:?}\ninternal_cidrs = [\"10.{}.0.0/16\"]\n",
                16 + at
            );
        }
    }
    if config.context == Knowledge::Full {
        full(config, run, seed, &mut text);
    }
    Some(text)
}

fn full(config: &Config, run: &Run, seed: u64, text: &mut String) {
    for (gateway, name, cidr) in [
        (Gateway::Europe, "vpn-eu", "10.96.0.0/13"),
        (Gateway::America, "vpn-us", "10.104.0.0/13"),
        (Gateway::Asia, "gp-asia", "10.112.0.0/13"),
    ] {
        let site = run.company.sites.get(crate::world::gateway_site(gateway));
        let ip = site.map(|it| it.gateway().ip.to_string()).unwrap_or_default();
        *text +=
            &format!("\n[[vpn_pools]]\ngateway = {name:?}\npublic_ip = {ip:?}\ncidr = {cidr:?}\n");
    }
    for day in &config.events.pentest {
        let ip = calendar::testers(seed, *day).ip;
        *text += &format!(
            "\n[[authorised_scanners]]\ncidr = \"{ip}/32\"\ndescription = \"penetration test of day {day}\"\n"
        );
    }
    for person in &run.company.people {
        let office = run.company.sites.get(person.site).map_or("", |it| it.plan.city);
        *text += &format!(
            "\n[[people]]\naccount = {:?}\nclass = {:?}\noffice = {office:?}\n",
            person.account,
            person.class.word()
        );
        if let Some(owner) = person.owner.and_then(|it| run.company.people.get(it)) {
            *text += &format!("owner = {:?}\n", owner.account);
        }
    }
    let admins: Vec<&str> = run
        .company
        .people
        .iter()
        .filter(|it| it.class == Class::Admin)
        .map(|it| it.account.as_str())
        .collect();
    // A key of the whole file has to stand before its tables.
    *text = format!("privileged_accounts = {admins:?}\n\n{text}");
}
