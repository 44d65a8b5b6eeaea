//! A scan made by hand, for tests of what people see: detectors may change their words, these stay.

use std::net::IpAddr;

use doorwarden_engine::{Alias, ClockOffset, Output};
use doorwarden_model::{
    Contribution, Evidence, EvidenceKind, Incident, NetworkKind, Origin, Person, Service, Signal,
    Step, Tier, Used,
};
use doorwarden_parse::{FormatCount, SourceStats};
use jiff::Timestamp;

use crate::{
    ingest::FileReport,
    scan::{Attempts, DoorUse, Marked, Overview, People, PersonNote, PlaceNotes, Scan},
};

/// A name that tries all there is: markup, control codes, a turned direction, a formula.
pub(crate) const HOSTILE: &str = "=cmd|'/c calc'!A1<script>alert(1)</script>\"><img src=x onerror=alert(2)>\u{1b}[2J\u{202e}ana\r\n";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evidence(time: &str, line: u64) -> Evidence {
    Evidence { time: at(time), id: line.into(), origin: Origin { file: 0, line, is_record: false } }
}

fn signal(detector: &'static str, tier: Tier, time: &str, reason: &str, baseline: &str) -> Signal {
    Signal {
        detector,
        time: at(time),
        since: at(time),
        told: at(time),
        account: None,
        users: Vec::new(),
        users_total: 0,
        src_ips: vec!["198.51.100.9".parse::<IpAddr>().unwrap()],
        src_ips_total: 1,
        names_known_account: false,
        has_success: false,
        services: vec![Service::Vpn],
        winners: Vec::new(),
        hosts: vec!["asa1".to_owned()],
        links: Vec::new(),
        tier,
        risk: tier.risk(),
        score: None,
        kind: EvidenceKind::Source,
        contributions: Vec::new(),
        techniques: &["T1110", "T1110.003"],
        reason: reason.to_owned(),
        baseline: baseline.to_owned(),
        quiet_if: "the account had signed in from this network before",
        evidence: vec![evidence(time, 7)],
        missing: Vec::new(),
    }
}

/// Makes the signal a sum of evidence.
fn weigh(signal: &mut Signal) {
    let part = |kind, nats, fact: &str, person: &str, colleagues: &str| Contribution {
        kind,
        nats,
        fact: fact.to_owned(),
        person: person.to_owned(),
        colleagues: colleagues.to_owned(),
    };
    (signal.score, signal.risk) = (Some(10.7), 85.4);
    signal.contributions = vec![
        part(
            EvidenceKind::Where,
            7.5,
            "new country RO",
            "never in 412 sign-ins",
            "1 in 2,900 of colleagues",
        ),
        part(EvidenceKind::What, 4.1, "new device `KALI<i>`", "once in 412 sign-ins", ""),
        part(EvidenceKind::Service, -0.4, "known door `vpn`", "", ""),
        part(EvidenceKind::Factor, -0.5, "a second factor was given", "", ""),
    ];
}

/// What is usual for ben, and for a hostile name.
pub(crate) fn people() -> People {
    People(vec![person("ben", "i-00000000000000aa"), person(HOSTILE, "i-00000000000000bb")])
}

fn used<T>(what: T, days: u16) -> Used<T> {
    Used { what, days, first_day: 20_731, last_day: 20_745 }
}

/// A person whom the incident `id` names.
pub(crate) fn person(account: &str, id: &str) -> PersonNote {
    let mut hours = [0.0; 48];
    (hours[7], hours[8], hours[33]) = (12.0, 3.0, 0.5);
    let person = Person {
        account: account.to_owned(),
        zone: "Europe/Berlin".to_owned(),
        hours,
        countries: vec![used(*b"DE", 14), used(*b"RO", 1)],
        providers: vec![used(3_320, 14), used(64_500, 1)],
        nets: (0..9).map(|it| used(std::net::Ipv4Addr::new(203, 0, it, 0), 14)).collect(),
        services: vec![used(Service::Vpn, 14)],
        devices: vec![used((), 13), used((), 1)],
        active_days: 14,
        first_day: 20_731,
    };
    PersonNote {
        person,
        holders: [(3_320, HOSTILE.to_owned())].into(),
        incidents: vec![id.to_owned()],
        incidents_total: 1,
        marked: vec![Marked { time: at("2026-10-20T00:09:00Z"), hour: 2 }],
    }
}

/// Passwords were guessed, and one of them was right.
pub(crate) fn taken_over() -> Incident {
    let mut spray = signal(
        "password-spray",
        Tier::Queue,
        "2026-10-20T00:00:10Z",
        "12 accounts were tried from 198.51.100.0/24 on vpn",
        "nobody signs in from there",
    );
    spray.users = ["ana", "ben", "cem"].map(str::to_owned).into();
    spray.users_total = 12;
    spray.evidence =
        vec![evidence("2026-10-20T00:00:10Z", 100), evidence("2026-10-20T00:03:00Z", 111)];
    let mut success = signal(
        "success-after-guessing",
        Tier::Page,
        "2026-10-20T00:09:00Z",
        "ben signed in to vpn from 198.51.100.0/24, a network that guessed passwords of many accounts within the last day",
        "usually from 203.0.113.0/24 on 14 days",
    );
    success.account = Some("ben".to_owned());
    success.has_success = true;
    weigh(&mut success);
    success.missing = vec!["device", "second factor"];
    success.evidence = vec![evidence("2026-10-20T00:09:00Z", 120)];
    Incident {
        id: "i-00000000000000aa".to_owned(),
        merged: vec!["i-00000000000000ab".to_owned()],
        title: "Success after guessing: ben (vpn)".to_owned(),
        risk: 84.0,
        history_days: 19,
        story: vec![
            Step { time: spray.since, what: spray.reason.clone() },
            Step { time: success.since, what: success.reason.clone() },
        ],
        signals: vec![spray, success],
        expected: false,
    }
}

/// An incident all of whose texts are hostile.
pub(crate) fn hostile() -> Incident {
    let reason = format!("{HOSTILE} was refused 40 times");
    let mut signal = signal("brute-force", Tier::Digest, "2026-10-21T10:00:00Z", &reason, HOSTILE);
    signal.account = Some(HOSTILE.to_owned());
    signal.users = vec![HOSTILE.to_owned()];
    signal.hosts = vec![HOSTILE.to_owned()];
    Incident {
        id: "i-00000000000000bb".to_owned(),
        merged: Vec::new(),
        title: format!("Brute force: {HOSTILE} (vpn)"),
        risk: 30.0,
        history_days: 0,
        story: vec![Step { time: signal.since, what: signal.reason.clone() }],
        signals: vec![signal],
        expected: false,
    }
}

fn files() -> Vec<FileReport> {
    let counts = FormatCount { events: 1_200, ignored: 30, rejected: 2 };
    let read = FileReport {
        name: "logs/asa1.log".to_owned(),
        stats: SourceStats {
            bytes: 182_000,
            records: 1_240,
            unclaimed: 8,
            formats: vec![("cisco-asa", counts)],
            is_year_unknown: true,
            ..SourceStats::default()
        },
        errors: Vec::new(),
        samples: vec![(17, format!("kernel: {HOSTILE}"), "no format understands it".to_owned())],
    };
    let broken = FileReport {
        name: format!("logs/{HOSTILE}.gz"),
        errors: vec!["gzip data end too early".to_owned()],
        ..FileReport::default()
    };
    vec![read, broken]
}

fn overview() -> Overview {
    let mut overview = Overview::default();
    overview.attempts = Attempts { sign_ins: 900, refusals: 310 };
    overview.hours[1][7] = 120;
    overview.hours[4][22] = 3;
    for day in 20_731..20_762 {
        let attempts = Attempts { sign_ins: 30, refusals: u64::from(day % 7 == 0) * 40 };
        overview.days.insert(day, attempts);
    }
    overview.countries.insert(*b"DE", Attempts { sign_ins: 890, refusals: 10 });
    overview.countries.insert(*b"BR", Attempts { sign_ins: 0, refusals: 300 });
    overview.networks.insert(NetworkKind::Isp, Attempts { sign_ins: 900, refusals: 310 });
    let door = DoorUse {
        sign_ins: 900,
        refusals: 310,
        accounts: [1, 2, 3].into(),
        from_outside: 890,
        sessions: 900,
        sessions_with_factor: 450,
        last: at("2026-10-31T17:00:00Z").as_millisecond(),
        ..DoorUse::default()
    };
    overview.doors.insert((Service::Vpn, "asa1".to_owned()), door);
    overview.doors.insert((Service::Ssh, HOSTILE.to_owned()), DoorUse::default());
    overview
}

/// The scan.
pub(crate) fn scan() -> Scan {
    let alias = Alias {
        name: "web1\\ben".to_owned(),
        account: HOSTILE.to_owned(),
        since: Some(at("2026-10-05T08:00:00Z")),
        proof: "the same session on two days".to_owned(),
    };
    let clock = ClockOffset {
        system: "openssh web1".to_owned(),
        against: "cisco-asa asa1".to_owned(),
        millis: -3_600_000,
        joins: 41,
    };
    Scan {
        output: Output {
            incidents: vec![taken_over(), hostile()],
            aliases: vec![alias],
            clocks: vec![clock],
            span: Some((at("2026-10-01T00:02:00Z"), at("2026-10-31T17:00:00Z"))),
            accounts: 3,
            ..Output::default()
        },
        files: files(),
        names: vec!["logs/asa1.log".to_owned()],
        skipped: vec![("logs/README".to_owned(), "a README")],
        errors: vec![("logs/secret".to_owned(), "permission denied".to_owned())],
        overview: overview(),
        places: PlaceNotes::default(),
        people: people(),
        copies: 5,
        events: 1_200,
        sessions: 900,
        explained_sessions: 60,
        stale_expected: vec![
            "the expected entry \"test\" matched nothing: is it still needed?".to_owned(),
        ],
        geo: Vec::new(),
        unwritten: None,
        blind_kinds: vec![NetworkKind::Tor],
    }
}
