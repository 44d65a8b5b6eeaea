//! `report.html`: one self-contained page for people. No network, no other file, works without scripts.
//!
//! Each section has a file here that chooses what is shown, and a template of the same name that says how.
//! Everything is bounded, so that ten thousand incidents still make a page of a few megabytes.

mod chart;
mod clock;
mod countries;
mod days;
mod doors;
pub(crate) mod escape;
mod head;
mod heat;
mod incident;
mod incidents;
mod logs;
mod notes;
mod people;
mod person;
mod sessions;
mod techniques;
#[cfg(test)]
mod tests;
mod timeline;
mod weighed;
mod world;

use std::path::Path;

use anyhow::Context as _;
use askama::Template;
use doorwarden_model::Incident;

use crate::scan::{Scan, Settings};

/// The page: its sections in order.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'a> {
    style: &'static str,
    script: &'static str,
    policy: &'static str,
    head: head::Head,
    incidents: incidents::Incidents,
    people: people::People,
    heat: heat::Heat,
    days: days::Days,
    world: world::World,
    doors: doors::Doors,
    logs: logs::Logs<'a>,
    notes: notes::Notes,
}

/// What the page may load and run: nothing but its own style, and the script with this hash.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src \
                      'sha256-QHKHPacD8oUk9lWgrmRM+8RvTSppNMfbvJnBtHnnw0E='; base-uri 'none'; form-action 'none'";

/// The page; `sessions` is the file of stitched sessions as far as it is written.
pub(crate) fn page(scan: &Scan, settings: &Settings, sessions: &Path) -> anyhow::Result<String> {
    let all: Vec<&Incident> = scan.shown(&settings.filter).collect();
    let sessions = sessions::Sessions::read(sessions, scan, &all);
    let page = Page {
        style: include_str!("../../../templates/report/style.css"),
        script: include_str!("../../../templates/report/script.js"),
        policy: POLICY,
        head: head::Head::new(scan, settings),
        incidents: incidents::Incidents::new(scan, &all, &sessions),
        people: people::People::new(scan, &all, incidents::LINKED, &sessions),
        heat: heat::Heat::new(&scan.overview),
        days: days::Days::new(scan, &settings.filter),
        world: world::World::new(&scan.overview),
        doors: doors::Doors::new(&scan.overview),
        logs: logs::Logs::new(scan),
        notes: notes::Notes::new(scan),
    };
    page.render().context("cannot write the report")
}
