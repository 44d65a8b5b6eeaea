//! What is written: the same from the same seed, read by Doorwarden's own formats, and with a truth that points at lines
//! that say what it says.
#![expect(clippy::unwrap_used, reason = "a run that cannot be read should stop the test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::OnceLock,
};

use doorwarden_model::Event;
use doorwarden_parse::{Reject, SourceInfo, Unit, read_source};
use doorwarden_simulate::{Config, Sink, simulate};
use jiff::civil::Date;
use serde_json::Value;

#[derive(Debug, Default, PartialEq, Eq)]
struct Files(BTreeMap<String, String>);

impl Sink for Files {
    type Error = Infallible;

    fn append(&mut self, file: &str, lines: &str) -> Result<(), Infallible> {
        assert!(lines.ends_with('\n'));
        self.0.entry(file.to_owned()).or_default().push_str(lines);
        Ok(())
    }
}

fn small() -> Config {
    let mut config = Config::default();
    config.people = 220;
    config.days = 58;
    config.instances = 1;
    config
}

fn run(seed: u64, config: &Config) -> (Files, Value, String) {
    config.check().unwrap();
    let mut files = Files::default();
    let Ok(written) = simulate(seed, config, "people = 220", &mut files);
    let truth = serde_json::from_str(&written.truth).unwrap();
    (files, truth, written.context.unwrap())
}

fn made() -> &'static (Files, Value, String) {
    static MADE: OnceLock<(Files, Value, String)> = OnceLock::new();
    MADE.get_or_init(|| run(5, &small()))
}

#[derive(Debug, Default)]
struct Seen {
    events: BTreeMap<u64, Vec<(String, String, String)>>,
    count: u64,
    lost: Vec<String>,
}

impl doorwarden_parse::Sink for Seen {
    fn event(&mut self, event: &Event<'_>, _: u128, number: u64, _: Unit) {
        self.count += 1;
        let ip = event.src_ip.map(|it| it.to_string()).unwrap_or_default();
        let user = event.user.unwrap_or_default().to_owned();
        let service = event.service.word().to_owned();
        self.events.entry(number).or_default().push((user, ip, service));
    }

    fn unparsed(&mut self, _: u64, text: &str, _: Option<&'static str>, _: Option<&Reject>) {
        self.lost.push(text.to_owned());
    }
}

fn read(text: &str) -> Seen {
    let mut seen = Seen::default();
    let written = Some(Date::constant(2026, 4, 10));
    let info = SourceInfo { written, ..SourceInfo::default() };
    read_source(&mut text.as_bytes(), &info, &mut seen).1.unwrap();
    seen
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (files, truth, context) = made();
    let (again, same, text) = run(5, &small());
    assert_eq!(files, &again);
    assert_eq!(truth, &same);
    assert_eq!(context, &text);
    let (other, ..) = run(6, &small());
    assert_ne!(files, &other);
}

#[test]
fn every_line_is_understood() {
    for (file, text) in &made().0.0 {
        let seen = read(text);
        let lines = text.lines().count();
        assert!(seen.lost.len() * 200 <= lines, "{file}: {:?}", seen.lost.first());
        assert!(0 < seen.count, "{file} has no event");
    }
}

#[test]
fn steps_point_at_lines_that_say_what_they_say() {
    let (files, truth, _) = made();
    let read: BTreeMap<&str, Seen> =
        files.0.iter().map(|(file, text)| (file.as_str(), read(text))).collect();
    let mut count = 0;
    for campaign in truth["campaigns"].as_array().unwrap() {
        for step in campaign["steps"].as_array().unwrap() {
            let seen = &read[step["file"].as_str().unwrap()];
            let found = seen.events.get(&step["line"].as_u64().unwrap());
            let text = |key: &str| step[key].as_str().unwrap();
            let told = (text("account"), text("src_ip"), text("service"));
            let is_said = found.is_some_and(|it| {
                it.iter().any(|(user, ip, service)| {
                    (user.to_lowercase().as_str(), ip.as_str(), service.as_str()) == told
                })
            });
            assert!(is_said, "{} {step}: {found:?}", campaign["kind"]);
            count += 1;
        }
    }
    assert!(1_000 < count, "{count} steps");
}

#[test]
fn every_kind_is_there_from_day_31_on() {
    let (_, truth, _) = made();
    let campaigns = truth["campaigns"].as_array().unwrap();
    let kinds: BTreeSet<&str> = campaigns.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 20);
    let words = [
        "where",
        "what",
        "when",
        "travel",
        "service",
        "method",
        "session",
        "certificate",
        "factor",
        "dormancy",
        "source",
        "account",
        "door",
    ];
    for campaign in campaigns {
        // Two hours before the day begins in UTC it has begun in Japan.
        assert!("2026-03-04" <= campaign["first_step"].as_str().unwrap(), "{campaign}");
        assert!(!campaign["accounts"].as_array().unwrap().is_empty());
        let explained = campaign["explained_by"].as_array().unwrap();
        assert!(explained.iter().all(|it| words.contains(&it.as_str().unwrap())));
        let is_visible = campaign["visible"].as_bool().unwrap();
        assert_eq!(is_visible, !["C19", "C20"].contains(&campaign["kind"].as_str().unwrap()));
        assert!(!is_visible || !explained.is_empty(), "{campaign}");
    }
}

#[test]
fn nobody_is_attacked_twice_and_all_accounts_are_listed() {
    let (_, truth, _) = made();
    let listed: BTreeSet<&str> = truth["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    let mut entered = BTreeSet::new();
    for campaign in truth["campaigns"].as_array().unwrap() {
        if campaign["first_access"].is_null() {
            continue;
        }
        for account in campaign["accounts"].as_array().unwrap() {
            let account = account.as_str().unwrap();
            assert!(listed.contains(account), "{account}");
            assert!(entered.insert(account), "{account} is attacked twice");
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let mut config = Config::default();
    assert_eq!((config.people, config.days, config.instances), (2_000, 60, 4));
    config.check().unwrap();
    config.days = 12;
    assert_eq!(config.check().unwrap_err().to_string(), "`days` must be from 40 to 400");
    config.days = 60;
    config.campaigns.insert("C21".to_owned(), 1);
    assert_eq!(config.check().unwrap_err().to_string(), "`campaigns` knows C01 to C20, not `C21`");
}

#[test]
fn life_has_all_of_its_oddities() {
    let (_, truth, context) = made();
    let kinds: BTreeSet<&str> =
        truth["benign"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    for kind in [
        "holiday",
        "trip",
        "visit",
        "new-device",
        "conference",
        "merger",
        "rollout",
        "isp-change",
        "pentest",
        "helpdesk-day",
        "replacement",
        "domain-rename",
        "password-week",
        "log-outage",
        "joiner",
        "leaver",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
    assert!(context.contains("timezone = \"Asia/Kolkata\""), "{context}");
    assert!(!context.contains("[[people]]"), "more than was asked for");
}
