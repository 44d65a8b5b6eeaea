//! The truth about the demo's logs: what was hidden where, which session each sign-in inside came through, and what
//! looks odd but is innocent.

use serde_json::{Value, json};

use super::{
    attacks::{CAMPAIGNS, Campaign},
    journal::Noted,
};

/// What is odd but innocent: account, when, why.
const INNOCENT: &[(&str, &str, &str)] = &[
    (
        "jana.schuster",
        "2026-03-14 to 2026-03-22",
        "on holiday in Spain; the known telephone fetches mail from a holiday flat and from a Spanish carrier",
    ),
    ("tobias.engel", "2026-03-11 and 2026-03-12", "business trip to Milan with the known laptop"),
    (
        "robert.adler",
        "2026-03-10 to 2026-03-13",
        "business trip to Boston with the known laptop, flights between",
    ),
    ("marek.nowak", "always", "two lines at home, of two providers"),
    (
        "paul.reuter",
        "2026-03-16 and 2026-03-17",
        "the telephone keeps the old password and is refused hundreds of times, from networks that it always uses",
    ),
    (
        "britta.sommer",
        "2026-03-11, 2026-03-13, 2026-03-18",
        "a new laptop, tried at home in the evening",
    ),
    ("mona.ziegler", "2026-03-10", "a new telephone: new factor, set up in the office"),
    (
        "anna.brandt",
        "2026-03-13",
        "three prompts time out in a cellar before one is answered at home",
    ),
    (
        "svenja.arndt",
        "2026-03-20",
        "goes on working in the train: VPN and Okta session move to a carrier once",
    ),
    (
        "karsten.wolff, elif.yildiz, luca.bianchi, oskar.pfeiffer",
        "2026-03-19",
        "four colleagues for a day in one hotel, with their own laptops",
    ),
    (
        "vikram.rao, ines.moreau, eva.horak",
        "always",
        "work from India, France and the Czech Republic",
    ),
    (
        "everybody",
        "2026-03-16",
        "passwords expired over the weekend: many typos behind the office's one address",
    ),
    (
        "28 accounts",
        "2026-03-17",
        "a security company tests mail, VPN and SSH from 188.68.47.118, as the context file says",
    ),
    (
        "adm-maurer, adm-peters",
        "eight days",
        "configure the gateway from the administrators' own network",
    ),
    ("svc-backup", "every night", "signs in to three Linux servers from 10.20.1.15"),
    ("werkstatt", "working days", "one account and one desktop for the whole workshop"),
    (
        "nobody",
        "always",
        "hundreds of sources guess names at SSH, VPN, mail, Citrix and the forgotten server, in vain",
    ),
];

/// The truth as JSON.
pub(crate) fn json(seed: u64, noted: &[Noted]) -> String {
    let attacks: Vec<Value> = CAMPAIGNS.iter().map(|it| attack(it, noted)).collect();
    let inner: Vec<Value> = noted.iter().filter_map(inner_sign_in).collect();
    let innocent: Vec<Value> = INNOCENT
        .iter()
        .map(|(account, when, why)| json!({"account": account, "when": when, "why": why}))
        .collect();
    let attacks: Vec<String> = attacks.iter().map(ToString::to_string).collect();
    let inner: Vec<String> = inner.iter().map(ToString::to_string).collect();
    let innocent: Vec<String> = innocent.iter().map(ToString::to_string).collect();
    // One entry a line, so that a change can be read.
    format!(
        "{{\n\"seed\": {seed},\n\"organisation\": \"Arboria GmbH\",\n\"attacks\": [\n{}\n],\n\"innocent\": [\n{}\n],\n\"inner_sign_ins\": [\n{}\n]\n}}\n",
        attacks.join(",\n"),
        innocent.join(",\n"),
        inner.join(",\n")
    )
}

fn attack(campaign: &Campaign, noted: &[Noted]) -> Value {
    let own = noted.iter().filter(|it| it.mark.is_some_and(|it| it.campaign == campaign.id));
    let first = own.clone().map(|it| it.at).min().map(super::clock::Moment::iso);
    let last = own.clone().map(|it| it.at).max().map(super::clock::Moment::iso);
    let records: Vec<Value> = own
        .map(|it| {
            let phase = it.mark.map_or("", |it| it.phase);
            json!([it.place.file, it.place.line, phase])
        })
        .collect();
    json!({
        "id": campaign.id,
        "group": campaign.group,
        "needs_history": campaign.needs_history,
        "first": first,
        "last": last,
        "accounts": campaign.accounts,
        "src_ips": campaign.sources,
        "services": campaign.services,
        "expected_detectors": campaign.detectors,
        "severity_at_least": campaign.severity,
        "story": campaign.story,
        "records": records,
    })
}

fn inner_sign_in(noted: &Noted) -> Option<Value> {
    let inner = noted.inner.as_ref()?;
    let lease = inner.lease.as_ref()?;
    Some(json!({
        "file": noted.place.file,
        "line": noted.place.line,
        "user": inner.user,
        "session": {"user": lease.user, "start": lease.start.iso(), "assigned_ip": lease.assigned},
    }))
}
