//! Each baseline on a handful of sign-ins.

use super::*;
use crate::evaluate::agent::Agent;

/// Day and hour, account, whether it got in, address, country, network number, device, agent.
type Row =
    (i64, i64, &'static str, bool, &'static str, &'static str, u32, &'static str, &'static str);

const HOME: &str = "203.0.113.7";
const PHONE: &str = "Mozilla/5.0 (iPhone; like Mac OS X) Safari/604";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Edg/141.0";

fn sign_ins(rows: &[Row]) -> SignIns {
    let mut all = SignIns::default();
    for (day, hour, account, is_success, ip, country, asn, device, agent) in rows {
        let names = &mut all.names;
        let sign_in = SignIn {
            time: (day * 24 + hour) * 3_600_000,
            account: names.number(account),
            is_success: *is_success,
            ip: ip.parse().unwrap(),
            country: country.as_bytes().try_into().ok(),
            asn: Some(*asn),
            is_hosting: *asn == 666,
            device: (!device.is_empty()).then(|| names.number(device)),
            agent: (!agent.is_empty()).then(|| Agent::of(agent, names)),
        };
        all.all.push(sign_in);
    }
    all
}

/// Ana at home each morning of so many days.
fn mornings(days: i64) -> Vec<Row> {
    (0..days).map(|day| (day, 8, "ana", true, HOME, "DE", 1, "laptop", EDGE)).collect()
}

/// Days and scores of what a baseline says of twenty mornings and then `more`.
fn told(id: &str, more: &[Row]) -> Vec<(i64, f64)> {
    let rows = [mornings(20), more.to_vec()].concat();
    let all = sign_ins(&rows);
    let baseline = ALL.iter().find(|it| it.id == id).unwrap();
    let judged = (baseline.judge)(&all, &Centroids::new());
    let days = account_days(&all.all, &judged);
    days.iter().map(|it| (all.all[it.worst.sign_in].day(), it.worst.score)).collect()
}

fn days(id: &str, more: &[Row]) -> Vec<i64> {
    told(id, more).into_iter().map(|it| it.0).collect()
}

#[test]
fn travel_needs_speed_and_another_network() {
    let brazil = |hour| (20, hour, "ana", true, "198.51.100.9", "BR", 2, "laptop", EDGE);
    let home = (20, 8, "ana", true, HOME, "DE", 1, "laptop", EDGE);
    assert_eq!(days("travel", &[home, brazil(9)]), [20]);
    // 9,200 km in eleven hours are below 900 km/h.
    assert_eq!(days("travel", &[home, brazil(19)]), [0; 0]);
    let same_net = (20, 9, "ana", true, "203.0.113.99", "BR", 2, "laptop", EDGE);
    assert_eq!(days("travel", &[home, same_net]), [0; 0]);
    let refused = (20, 9, "ana", false, "198.51.100.9", "BR", 2, "laptop", EDGE);
    assert_eq!(days("travel", &[home, refused]), [0; 0]);
}

#[test]
fn countries_are_new_or_long_unseen() {
    let in_france = |day| (day, 8, "ana", true, "198.51.100.9", "FR", 2, "laptop", EDGE);
    assert_eq!(days("new-country", &[in_france(22)]), [22]);
    assert_eq!(days("new-country", &[in_france(22), in_france(51)]), [22]);
    assert_eq!(days("new-country", &[in_france(22), in_france(52)]), [22, 52]);
    // 820 km in two hours are above 300 km/h; from an address that was seen they are nothing.
    let home = |hour| (22, hour, "ana", true, HOME, "DE", 1, "laptop", EDGE);
    let back = [in_france(22), in_france(22), home(10), in_france(22)];
    assert_eq!(days("new-country", &back).len(), 1);
    let elsewhere = (24, 10, "ana", true, "203.0.113.8", "DE", 1, "laptop", EDGE);
    assert_eq!(days("new-country", &[in_france(22), in_france(24), elsewhere]), [22, 24]);
}

#[test]
fn what_is_seen_first_is_told_once_and_not_while_learning() {
    let other = (16, 9, "ana", true, "198.51.100.9", "DE", 2, "laptop", EDGE);
    let early = (3, 9, "ana", true, "198.51.100.9", "DE", 3, "laptop", EDGE);
    assert_eq!(days("first-seen", &[other, other]), [16]);
    assert_eq!(days("first-seen", &[early]), [0; 0]);
    // The first sign-in of an account is no news, the second from elsewhere is.
    let ben = |asn| (18, 9, "ben", true, "198.51.100.9", "DE", asn, "", "");
    assert_eq!(days("first-seen", &[ben(5)]), [0; 0]);
    assert_eq!(days("first-seen", &[ben(5), ben(6)]), [18]);
}

#[test]
fn device_and_network_must_both_be_new_and_have_grades() {
    let it = |country, asn, device| (20, 9, "ana", true, "198.51.100.9", country, asn, device, "");
    assert_eq!(days("device-and-network", &[it("DE", 2, "laptop")]), [0; 0]);
    assert_eq!(days("device-and-network", &[it("DE", 1, "other")]), [0; 0]);
    assert_eq!(days("device-and-network", &[it("DE", 2, "")]), [0; 0], "no device stated");
    assert_eq!(told("device-and-network", &[it("DE", 2, "other")]), [(20, 1.0)]);
    assert_eq!(told("device-and-network", &[it("BR", 2, "other")]), [(20, 2.0)]);
    assert_eq!(told("device-and-network", &[it("BR", 666, "other")]), [(20, 3.0)]);
}

#[test]
fn freeman_weighs_what_everybody_has_against_what_the_account_has() {
    let score = |ip, country, asn, agent| {
        let rows: Vec<Row> = [
            (15..20).map(|day| (day, 9, "ben", true, "192.0.2.1", "FR", 9, "", PHONE)).collect(),
            vec![(20, 9, "ana", true, ip, country, asn, "", agent)],
        ]
        .concat();
        told("freeman", &rows).into_iter().find(|it| it.0 == 20).unwrap().1
    };
    let at_home = score(HOME, "DE", 1, EDGE);
    let elsewhere = score("198.51.100.9", "DE", 2, EDGE);
    let like_ben = score("192.0.2.1", "FR", 9, PHONE);
    let like_nobody = score("198.51.100.9", "BR", 8, "Other (Android 9) Chrome/1");
    assert!(at_home < elsewhere && elsewhere < like_ben, "{at_home} {elsewhere} {like_ben}");
    // At every level everybody has four times what the account is thought to have.
    let both = (like_ben - like_nobody).abs();
    assert!(both < 1e-9, "{like_ben} {like_nobody}");
    // Of 25 sign-ins of two accounts 20 are ana's: half by four fifths.
    let expected = 4f64.ln() * 2.0 + (0.5f64 / 0.8).ln();
    assert!((like_ben - expected).abs() < 1e-9, "{like_ben} {expected}");
}

#[test]
fn log_odds_add_up() {
    let score = |rows: &[Row]| told("log-odds", rows).into_iter().find(|it| it.0 == 20).unwrap().1;
    let it = |hour, ip, country, device| (20, hour, "ana", true, ip, country, 1, device, "");
    // Known address, device, country, hour: -1 -1 -0.5 -0.5.
    assert!((score(&[it(8, HOME, "DE", "laptop")]) + 3.0).abs() < 1e-9);
    // Seven hours late, from a new address, device and country: 1 + 1.5 + 2 + 1.75.
    assert!((score(&[it(15, "198.51.100.9", "BR", "x")]) - 6.25).abs() < 1e-9);
    let refused = |nr: usize| {
        let ips = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"];
        (20, 8, "ana", false, ips[nr], "DE", 1, "", "")
    };
    // Guessed from five addresses, with its own six: 2.5 + 1.
    let rows: Vec<Row> = (0..5).map(refused).chain([it(8, HOME, "DE", "laptop")]).collect();
    assert!((score(&rows) - 0.5).abs() < 1e-9);
}

#[test]
fn an_account_makes_one_incident_a_day() {
    let it = |hour, asn| (20, hour, "ana", true, "198.51.100.9", "DE", asn, "", "");
    let all = sign_ins(&[mornings(20), vec![it(9, 2), it(11, 3), it(13, 3)]].concat());
    let judged = first_seen::judge(&all, &Centroids::new());
    assert_eq!(judged.len(), 2);
    let days = account_days(&all.all, &judged);
    let hours: Vec<(i64, i64)> =
        days.iter().map(|it| (it.first / 3_600_000 % 24, it.last / 3_600_000 % 24)).collect();
    assert_eq!(hours, [(9, 11)]);
}
