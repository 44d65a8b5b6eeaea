//! From events at rest to a table.

use doorwarden_model::{Activity, Event, NetworkKind, Origin, Outcome, Place, Service};
use doorwarden_store::{EventRow, EventWriter};
use jiff::Timestamp;

use super::{
    baselines::ALL,
    centroids::Centroids,
    findings,
    runs::{Method, Score},
    sign_ins::SignIns,
    table,
};

/// The event of day `day`: ana at home, and on the last day from elsewhere; what is no sign-in from outside lies between.
fn event(day: i64) -> Event<'static> {
    let time = Timestamp::from_second(1_767_254_400 + day * 86_400).unwrap();
    let service = if day == 3 { Service::Local } else { Service::Vpn };
    let activity = if day == 4 { Activity::Logoff } else { Activity::Logon };
    let mut event = Event::new("openssh", service, activity, time);
    let ip = match day {
        5 => "10.0.0.1",
        20 => "198.51.100.9",
        _ => "203.0.113.7",
    };
    event.src_ip = ip.parse().ok();
    event.outcome = Some(if day == 6 { Outcome::Failure } else { Outcome::Success });
    event.device = Some(if day == 20 { "other" } else { "laptop" });
    event.client = Some("AnyConnect Windows 4.10");
    event
}

fn read() -> SignIns {
    let mut writer = EventWriter::new(Vec::new()).unwrap();
    for day in 0..=20 {
        let (event, is_last) = (event(day), day == 20);
        let place = Place {
            country: Some(if is_last { *b"BR" } else { *b"DE" }),
            asn: Some(if is_last { u32::MAX } else { 64_500 }),
            network: Some(if is_last { NetworkKind::Hosting } else { NetworkKind::Isp }),
            ..Place::default()
        };
        let origin = Origin { file: 0, line: 1, is_record: false };
        let account = (day != 7).then_some(1);
        let row = EventRow { file: "a.log", origin, event: &event, account, place: &place };
        writer.push(&[row], |_| Some("ana")).unwrap();
    }
    let path =
        std::env::temp_dir().join(format!("doorwarden-xtask-{}.parquet", std::process::id()));
    crate::workspace::write(&path, writer.finish().unwrap()).unwrap();
    let all = SignIns::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    all
}

#[test]
fn sign_ins_are_read_and_become_incidents() {
    let all = read();
    assert_eq!(all.all.len(), 17, "no sign-in from outside: days 3, 4, 5, 7");
    assert_eq!(all.all.iter().filter(|it| !it.is_success).count(), 1);
    let last = all.all.last().unwrap();
    assert_eq!((last.asn, last.country, last.is_hosting), (Some(u32::MAX), Some(*b"BR"), true));
    assert!(!all.has_cities && last.agent.is_some());
    let lines = |id: &str| {
        let baseline = ALL.iter().find(|it| it.id == id).unwrap();
        findings::lines(baseline, &all, &Centroids::new(), 1_000)
    };
    assert_eq!(
        lines("device-and-network"),
        "{\"risk\":80.0,\"first_seen\":\"2026-01-21T08:00:00Z\",\"last_seen\":\"2026-01-21T08:00:00Z\",\
         \"users\":[\"ana\"],\"src_ips\":[\"198.51.100.9\"],\"signals\":[{\"detector\":\"device-and-network\",\
         \"time\":\"2026-01-21T08:00:00Z\",\"user\":\"ana\",\"src_ip\":\"198.51.100.9\",\"risk\":80.0}]}\n"
    );
    // A scored one judges each of the seven days behind the learning, the worst first.
    let scored = lines("freeman");
    assert_eq!(scored.lines().count(), 7);
    assert!(
        scored.starts_with("{\"risk\":") && scored.lines().next().unwrap().contains("2026-01-21")
    );
}

#[test]
fn rows_show_only_what_a_method_can_do() {
    let score = || -> Score {
        let text = r#"{"recall": {"found": 3, "of": 4, "share": 0.75, "low": 0.3, "high": 0.954},
            "false_incidents": {"incidents": 1, "per_10000_people_and_day": 325.4, "low": 0, "high": 1},
            "budgets": [{"budget": 0.1, "threshold": null, "recall": {"share": 0, "low": 0, "high": 1}},
                        {"budget": 5.0, "threshold": 61.5, "recall": {"share": 0.5, "low": 0, "high": 1}}],
            "costs": [{"recall": 0.5, "per_10000_people_and_day": 4.3}, {"recall": 0.8, "per_10000_people_and_day": null}]}"#;
        serde_json::from_str(text).unwrap()
    };
    let method = |title: &str, ships_threshold, has_grades| Method {
        title: title.to_owned(),
        incidents: Vec::new(),
        ships_threshold,
        has_grades,
    };
    let rows = [
        (method("both", true, true), score()),
        (method("rule", true, false), score()),
        (method("scored", false, true), score()),
    ];
    assert_eq!(
        table::of(&rows),
        "| method | recall as shipped | false as shipped | recall @ 0.1 | recall @ 5 | false for recall 0.5 | false for recall 0.8 |\n\
         |---|--:|--:|--:|--:|--:|--:|\n\
         | both | 0.75 (0.30–0.95) | 325 | – | 0.50 | 4.30 | – |\n\
         | rule | 0.75 (0.30–0.95) | 325 | – | – | – | – |\n\
         | scored | – | – | – | 0.50 | 4.30 | – |\n"
    );
}
