//! A small organisation whose every figure can be counted by hand: a thousand people for fifty days, which is five times
//! 10,000 people for a day.

use serde_json::{Value, json};

use super::{Run, incidents, score::Score, truth::Truth};

/// The truth with these campaigns and what was harmless.
fn truth(campaigns: &Value, benign: &Value) -> Value {
    json!({
        "seed": 1, "people": 1000, "days": 50, "start": "2026-01-01T00:00:00Z", "end": "2026-02-20T00:00:00Z",
        "config": "", "campaigns": campaigns, "benign": benign, "accounts": [],
    })
}

/// A campaign of `kind` on `account` from 203.0.113.7, that got in on 10 February at noon.
fn campaign(kind: &str, account: &str) -> Value {
    json!({
        "id": "c-001", "kind": kind, "name": "Somebody", "visible": kind != "C19",
        "knobs": {"source": "hosting-foreign", "mfa": true}, "explained_by": ["where", "what"],
        "accounts": [account], "sources": ["203.0.113.7"], "first_access": "2026-02-10T12:00:00Z",
        "first_step": "2026-02-10T12:00:00Z", "last_step": "2026-02-11T12:00:00Z",
        "steps": [{"time": "2026-02-10T12:00:00Z", "phase": "access", "account": account, "src_ip": "203.0.113.7",
                   "service": "vpn", "file": "vpn.log", "line": 12}],
    })
}

/// A spray over a hundred accounts from three addresses since 1 February, that got into ana's on 10 February from a fourth.
fn spray() -> Value {
    let mut spray = campaign("C11", "ana");
    let names: Vec<String> = (0..100).map(|it| format!("p{it}")).collect();
    spray["accounts"] = json!(names.iter().map(String::as_str).chain(["ana"]).collect::<Vec<_>>());
    spray["sources"] = json!(["192.0.2.1", "192.0.2.2", "192.0.2.3", "203.0.113.7"]);
    spray["first_step"] = json!("2026-02-01T00:00:00Z");
    let probe = json!({"time": "2026-02-01T00:00:00Z", "phase": "probe", "account": "p1", "src_ip": "192.0.2.1"});
    let steps = spray["steps"].as_array().cloned().unwrap_or_default();
    spray["steps"] = json!([probe, steps[0].clone()]);
    spray
}

/// An incident with one signal.
fn incident(risk: f64, time: &str, user: &str, src_ip: &str) -> Value {
    json!({
        "risk": risk, "first_seen": time, "last_seen": time, "users": [user], "src_ips": [src_ip],
        "signals": [{"detector": "impossible-travel", "time": time, "user": user, "src_ip": src_ip, "risk": risk}],
    })
}

fn run(truth: &Value, incidents: &[Value]) -> Run {
    let lines: Vec<String> = incidents.iter().map(ToString::to_string).collect();
    Run {
        truth: Truth::read(&truth.to_string()).unwrap(),
        incidents: incidents::read(&lines.join("\n")).unwrap(),
        learning_days: 0,
    }
}

fn score(campaigns: &Value, incidents: &[Value]) -> Score {
    Score::of(&[run(&truth(campaigns, &json!([])), incidents)])
}

/// Whether a campaign on ana is found by this one incident.
fn is_found(incident: Value) -> bool {
    score(&json!([campaign("C01", "ana")]), &[incident]).recall.found == 1
}

#[test]
fn found_is_what_is_told_of_a_victim_within_a_week() {
    assert!(is_found(incident(60.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7")));
    assert!(is_found(incident(94.0, "2026-02-17T12:00:00Z", "ANA", "198.51.100.1")));
    assert!(!is_found(incident(59.9, "2026-02-10T12:00:00Z", "ana", "203.0.113.7")), "low");
    assert!(!is_found(incident(90.0, "2026-02-17T12:00:01Z", "ana", "203.0.113.7")), "too late");
    assert!(!is_found(incident(90.0, "2026-02-10T11:59:59Z", "ana", "203.0.113.7")), "too early");
    assert!(!is_found(incident(90.0, "2026-02-10T12:00:00Z", "ben", "203.0.113.7")), "another");
}

#[test]
fn names_are_compared_without_their_realm() {
    for name in ["corp\\Ana", "ana@corp.example", " Ana ", "host\\ANA@x"] {
        assert!(is_found(incident(60.0, "2026-02-10T13:00:00Z", name, "198.51.100.1")), "{name}");
    }
    assert!(!is_found(incident(60.0, "2026-02-10T13:00:00Z", "ana.b", "198.51.100.1")));
}

#[test]
fn a_crowd_is_about_nobody_in_it() {
    let named = |count: usize| {
        let mut it = incident(80.0, "2026-02-10T13:00:00Z", "p0", "198.51.100.1");
        let crowd: Vec<String> = (1..count).map(|it| format!("p{it}")).collect();
        it["users"] = json!(crowd.iter().map(String::as_str).chain(["ana"]).collect::<Vec<_>>());
        it
    };
    assert!(is_found(named(20)));
    assert!(!is_found(named(21)));
}

#[test]
fn a_spray_is_noticed_by_its_sources_and_found_by_its_takeover() {
    let sprays = |incidents: &[Value]| {
        let score = score(&json!([spray()]), incidents);
        let sprays =
            (score.sprays.noticed_before_access.found, score.sprays.found_at_takeover.found);
        (sprays.0, sprays.1, score.recall.found, score.false_incidents.all.incidents)
    };
    // On the spray, a week before it succeeded.
    let early = incident(80.0, "2026-02-03T00:00:00Z", "p1", "192.0.2.2");
    assert_eq!(sprays(std::slice::from_ref(&early)), (1, 0, 0, 0));
    // On the spray, while and after it succeeded: it names no victim.
    assert_eq!(sprays(&[incident(80.0, "2026-02-11T00:00:00Z", "p1", "192.0.2.2")]), (0, 0, 0, 0));
    // On the victim; on where the intruder came from.
    let victim = incident(80.0, "2026-02-11T00:00:00Z", "ana", "198.51.100.9");
    assert_eq!(sprays(std::slice::from_ref(&victim)), (0, 1, 1, 0));
    assert_eq!(sprays(&[incident(80.0, "2026-02-11T00:00:00Z", "x", "203.0.113.7")]), (0, 1, 1, 0));
    assert_eq!(sprays(&[victim, early]), (1, 1, 1, 0));
    // On one of the hundred, from elsewhere, is false.
    assert_eq!(
        sprays(&[incident(80.0, "2026-02-11T00:00:00Z", "p1", "198.51.100.9")]),
        (0, 0, 0, 1)
    );
}

#[test]
fn a_spray_that_got_in_nowhere_is_found_where_it_is_noticed() {
    let mut failed = spray();
    failed["first_access"] = json!(null);
    let incident = incident(80.0, "2026-02-03T00:00:00Z", "p1", "192.0.2.2");
    let score = score(&json!([failed]), &[incident]);
    assert_eq!((score.recall.found, score.sprays.noticed_before_access.found), (1, 1));
    assert_eq!(score.sprays.found_at_takeover.of, 0);
}

#[test]
fn what_no_log_can_show_and_each_knob_stand_apart() {
    let mut quiet = campaign("C10", "ben");
    quiet["knobs"] = json!({"source": "residential", "mfa": true});
    quiet["sources"] = json!(["203.0.113.8"]);
    let found = incident(90.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7");
    let campaigns = json!([campaign("C01", "ana"), quiet, campaign("C19", "cem")]);
    let score = score(&campaigns, &[found]);
    assert_eq!((score.recall.found, score.recall.of), (1, 2));
    assert_eq!((score.invisible.found, score.invisible.of), (0, 1));
    let kinds: Vec<(&str, usize, bool)> =
        score.kinds.iter().map(|it| (it.kind.as_str(), it.recall.found, it.visible)).collect();
    assert_eq!(kinds, [("C01", 1, true), ("C10", 0, true), ("C19", 0, false)]);
    assert!((score.macro_recall - 0.5).abs() < 1e-9);
    let knobs: Vec<String> = score
        .knobs
        .iter()
        .map(|it| format!("{}={} {}/{}", it.knob, it.value, it.recall.found, it.recall.of))
        .collect();
    assert_eq!(knobs, ["mfa=true 1/2", "source=hosting-foreign 1/1", "source=residential 0/1"]);
}

#[test]
fn time_to_detect_counts_from_the_first_access_to_the_earliest_signal() {
    let mut late = incident(90.0, "2026-02-10T12:10:00Z", "ana", "203.0.113.7");
    late["first_seen"] = json!("2026-02-01T00:00:00Z");
    late["signals"] = json!([
        {"detector": "enumeration", "time": "2026-02-01T00:00:00Z", "user": "ana", "src_ip": null, "risk": 30.0},
        {"detector": "brute-force", "time": "2026-02-10T12:10:00Z", "user": "ana", "src_ip": null, "risk": 60.0},
    ]);
    let campaigns = json!([campaign("C01", "ana"), campaign("C02", "ben"), campaign("C03", "cem")]);
    let incidents = [
        late,
        incident(60.0, "2026-02-10T12:01:00Z", "ben", "198.51.100.2"),
        incident(90.0, "2026-02-10T15:00:00Z", "ben", "198.51.100.2"),
        // Low ones find nothing, however early they are.
        incident(30.0, "2026-02-10T12:00:00Z", "cem", "198.51.100.3"),
        incident(60.0, "2026-02-10T14:00:00Z", "cem", "198.51.100.3"),
    ];
    let delays = score(&campaigns, &incidents).time_to_detect;
    assert_eq!(delays.campaigns, 3);
    assert_eq!((delays.median_minutes, delays.p90_minutes), (Some(10.0), Some(120.0)));
}

#[test]
fn one_of_the_two_strongest_reasons_must_be_right() {
    let right = |signals: Value| {
        let mut it = incident(90.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7");
        it["signals"] = signals;
        for signal in it["signals"].as_array_mut().unwrap() {
            signal["time"] = json!("2026-02-10T12:00:00Z");
            signal["user"] = json!("ana");
        }
        score(&json!([campaign("C01", "ana")]), &[it]).right_reasons.found == 1
    };
    let signal = |risk: f64, kinds: &[&str]| json!({"detector": "x", "risk": risk, "kinds": kinds});
    assert!(right(json!([signal(60.0, &["when", "what"])])));
    assert!(!right(json!([signal(60.0, &["when", "travel", "what"])])), "third");
    // The riskiest signal comes first, then the order of the file; what is said twice counts once.
    assert!(!right(json!([signal(30.0, &["what"]), signal(60.0, &["when", "travel"])])));
    assert!(right(json!([signal(60.0, &["when"]), signal(60.0, &["when", "where"])])));
}

#[test]
fn false_incidents_are_about_no_campaign() {
    let false_by = |incident: Value| {
        score(&json!([campaign("C01", "ana")]), &[incident]).false_incidents.all.incidents
    };
    assert_eq!(false_by(incident(60.0, "2026-02-10T12:00:00Z", "ben", "198.51.100.1")), 1);
    assert_eq!(false_by(incident(59.0, "2026-02-10T12:00:00Z", "ben", "198.51.100.1")), 0, "low");
    assert_eq!(false_by(incident(60.0, "2026-01-10T12:00:00Z", "ben", "203.0.113.7")), 0, "source");
    assert_eq!(false_by(incident(60.0, "2026-02-18T12:00:00Z", "ana", "198.51.100.1")), 0, "week");
    assert_eq!(false_by(incident(60.0, "2026-02-18T12:00:01Z", "ana", "198.51.100.1")), 1, "later");
    assert_eq!(
        false_by(incident(60.0, "2026-02-10T11:59:00Z", "ana", "198.51.100.1")),
        1,
        "earlier"
    );
}

/// Ten false incidents: four on one day, three on another, one each on three; of them six medium, three high, one critical.
fn ten() -> Vec<Value> {
    let times = ["05", "05", "05", "05", "10", "10", "10", "20", "21", "22"];
    let risks = [60.0, 60.0, 61.0, 62.0, 63.0, 64.0, 80.0, 81.0, 82.0, 95.0];
    let each = times.iter().zip(risks).enumerate();
    let of = |(nr, (day, risk))| {
        incident(risk, &format!("2026-01-{day}T08:00:00Z"), &format!("p{nr}"), "198.51.100.1")
    };
    each.map(of).collect()
}

#[test]
fn false_incidents_are_counted_by_people_and_day() {
    let score = score(&json!([]), &ten());
    assert!((score.people_days - 50_000.0).abs() < 1e-9);
    let it = score.false_incidents;
    assert_eq!(it.all.incidents, 10);
    assert!((it.all.per_10000_people_and_day - 2.0).abs() < 1e-9);
    // Byar's bounds of ten, 4.79 and 18.39, over five.
    assert!(
        (it.all.low - 0.958).abs() < 0.01 && (it.all.high - 3.678).abs() < 0.01,
        "{:?}",
        it.all
    );
    assert!((it.per_1000_people_and_day - 0.2).abs() < 1e-9);
    // Of fifty days the 48th: one incident of a thousand people is ten of ten thousand.
    assert_eq!((it.p95_day.to_bits(), it.worst_day.to_bits()), (10f64.to_bits(), 40f64.to_bits()));
    let by: Vec<(&str, usize)> =
        it.by_severity.iter().map(|it| (it.class.as_str(), it.rate.incidents)).collect();
    assert_eq!(by, [("critical", 1), ("high", 3), ("medium", 6), ("low", 0)]);
}

#[test]
fn no_false_incident_is_no_proof_of_precision() {
    let found = incident(90.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7");
    let score = score(&json!([campaign("C01", "ana")]), &[found]);
    assert_eq!(score.false_incidents.all.incidents, 0);
    // At most 3.67 in five times 10,000 people and day, so one in a day against 0.73.
    assert!((score.precision.day - 0.577).abs() < 0.002, "{:?}", score.precision);
}

#[test]
fn days_of_learning_count_for_nothing() {
    let mut run = run(&truth(&json!([]), &json!([])), &ten());
    run.learning_days = 10;
    let score = Score::of(&[run]);
    // The 11th of January is day 10, the first that counts: three incidents come later.
    assert_eq!(score.false_incidents.all.incidents, 3);
    assert!((score.people_days - 40_000.0).abs() < 1e-9);
}

#[test]
fn false_incidents_have_causes_and_penetration_tests_are_apart() {
    let span = |kind: &str, accounts: &[&str], from: &str, to: &str| json!({"kind": kind, "accounts": accounts, "from": from, "to": to});
    let benign = json!([
        span("merger", &[], "2026-01-04T00:00:00Z", "2026-01-06T00:00:00Z"),
        span("holiday", &["p0", "p1"], "2026-01-05T00:00:00Z", "2026-01-09T00:00:00Z"),
        span("new-device", &["p0"], "2026-01-05T00:00:00Z", "2026-01-05T09:00:00Z"),
        span("pentest", &["p4"], "2026-01-08T00:00:00Z", "2026-01-12T00:00:00Z"),
        span("isp-change", &["p9"], "2026-01-22T00:00:00Z", "2026-01-22T00:00:00Z"),
    ]);
    let it = Score::of(&[run(&truth(&json!([]), &benign), &ten())]).false_incidents;
    assert_eq!((it.all.incidents, it.pentest), (9, 1));
    let by = |classes: &[super::false_incidents::Class]| -> Vec<(String, usize)> {
        classes.iter().map(|it| (it.class.clone(), it.rate.incidents)).collect()
    };
    let named = |names: &[(&str, usize)]| -> Vec<(String, usize)> {
        names.iter().map(|it| (it.0.to_owned(), it.1)).collect()
    };
    // p9's own change of provider ended before, and is no change of the organisation either.
    let causes = [("none known", 5), ("merger", 2), ("holiday", 1), ("new-device", 1)];
    assert_eq!(by(&it.by_cause), named(&causes));
    // The merger's week is the 4th to the 10th: four incidents on the 5th, two on the 10th.
    assert_eq!(by(&it.weeks), named(&[("merger", 6), ("other weeks", 3)]));
    let rates: Vec<u64> =
        it.weeks.iter().map(|it| it.rate.per_10000_people_and_day.to_bits()).collect();
    assert_eq!(rates, [8.5714f64.to_bits(), 0.6977f64.to_bits()]);
}

#[test]
fn budgets_move_the_threshold() {
    let campaigns = json!([
        campaign("C01", "ana"),
        campaign("C02", "ben"),
        campaign("C03", "cem"),
        campaign("C04", "dov")
    ]);
    let mut incidents = ten();
    for (risk, name) in [(97.0, "ana"), (81.0, "ben"), (30.0, "cem")] {
        incidents.push(incident(risk, "2026-02-10T12:00:00Z", name, "203.0.113.7"));
    }
    let score = score(&campaigns, &incidents);
    let at: Vec<(f64, Option<f64>, usize, usize)> = score
        .budgets
        .iter()
        .map(|it| (it.budget, it.threshold, it.false_incidents, it.recall.found))
        .collect();
    // Five times 10,000 people and day: half an incident, 2.5, 5, 25, 50 are allowed.
    assert_eq!(
        at,
        [
            (0.1, Some(97.0), 0, 1),
            (0.5, Some(82.0), 2, 1),
            // The sixth from above has risk 63, which would be one too many.
            (1.0, Some(64.0), 5, 2),
            (5.0, Some(30.0), 10, 3),
            (10.0, Some(30.0), 10, 3),
        ]
    );
    let five = &score.budgets[3];
    assert!((five.recall.part - 0.75).abs() < 1e-9);
    // 0.75 a week against five a day.
    assert!((five.precision.week - 0.021).abs() < 1e-9, "{:?}", five.precision);
    let costs: Vec<Option<f64>> =
        score.costs.iter().map(|it| it.per_10000_people_and_day).collect();
    // Half are found at 81, with three false ones; four fifths are not found at all.
    assert_eq!(costs, [Some(0.6), None, None]);
}

#[test]
fn incidents_of_one_risk_are_taken_together() {
    let incidents: Vec<Value> = (0..10)
        .map(|nr| incident(60.0, "2026-01-05T08:00:00Z", &format!("p{nr}"), "198.51.100.1"))
        .chain([incident(60.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7")])
        .collect();
    let score = score(&json!([campaign("C01", "ana")]), &incidents);
    let found: Vec<usize> = score.budgets.iter().map(|it| it.recall.found).collect();
    assert_eq!(found, [0, 0, 0, 1, 1]);
    assert_eq!(score.budgets[0].threshold, None);
}

#[test]
fn calibration_joins_bands_in_which_little_is_expected() {
    let bands = score(&json!([]), &ten()).calibration;
    let of: Vec<(u32, u32, usize, usize)> =
        bands.iter().map(|it| (it.from, it.to, it.observed, it.observed_at_or_above)).collect();
    // Five times: 0.79 are expected from 90, 2.5 from 80, 7.9 from 70, 25 from 60.
    assert_eq!(of[..3], [(70, 100, 4, 4), (60, 70, 6, 10), (50, 60, 0, 10)]);
    assert!(
        (bands[0].expected - 7.9057).abs() < 1e-9 && (bands[1].expected - 17.0943).abs() < 1e-9
    );
    assert!((bands[0].ratio - 0.506).abs() < 1e-3, "{:?}", bands[0]);
    // Byar's bounds of four, 1.08 and 10.24, over 7.9.
    assert!(
        (bands[0].low - 0.136).abs() < 0.005 && (bands[0].high - 1.295).abs() < 0.005,
        "{:?}",
        bands[0]
    );
    assert_eq!((bands.len(), bands.last().map(|it| (it.from, it.to))), (8, Some((0, 10))));
    assert!((bands[1].expected_at_or_above - 25.0).abs() < 1e-9);
}

#[test]
fn several_runs_are_pooled() {
    let found = incident(90.0, "2026-02-10T12:00:00Z", "ana", "203.0.113.7");
    let campaigns = json!([campaign("C01", "ana")]);
    let all = truth(&campaigns, &json!([]));
    let mut with_found = ten();
    with_found.push(found);
    let score = Score::of(&[run(&all, &with_found), run(&all, &[])]);
    assert_eq!((score.runs, score.recall.found, score.recall.of), (2, 1, 2));
    assert!((score.people_days - 100_000.0).abs() < 1e-9);
    assert!((score.false_incidents.all.per_10000_people_and_day - 1.0).abs() < 1e-9);
    // Of a hundred days five have false incidents.
    assert_eq!(score.false_incidents.p95_day.to_bits(), 0f64.to_bits());
}

#[test]
fn other_truths_are_refused_with_what_is_expected() {
    let demo = r#"{"seed": 1133, "organisation": "Arboria GmbH", "attacks": []}"#;
    let error = Truth::read(demo).unwrap_err().to_string();
    assert!(error.contains("`campaigns`") && error.contains("there is no `people`"), "{error}");
    assert!(Truth::read("[]").is_err() && Truth::read("no json").is_err());
    assert!(incidents::read("{\"risk\": 60}").unwrap_err().to_string().contains("line 1"));
}
