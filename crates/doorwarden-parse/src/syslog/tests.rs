//! Headers as devices and relays write them.

use super::*;

/// A line, and the host, tag and message in it.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);

const LINES: &[Row] = &[
    ("Nov 24 02:09:53 vm sshd[25642]: hello", Some("vm"), Some("sshd"), "hello"),
    ("<38>Nov 24 02:09:53 vm sshd[25642]: hello", Some("vm"), Some("sshd"), "hello"),
    (
        "<38>1 2026-11-24T02:09:53.1+01:00 vm sshd 25642 - - hello",
        Some("vm"),
        Some("sshd"),
        "hello",
    ),
    (
        "67 <38>1 2026-11-24T02:09:53Z vm sshd 2 ID [a@1 x=\"]\\\"\"][b] hello",
        Some("vm"),
        Some("sshd"),
        "hello",
    ),
    ("2026-11-24T02:09:53+00:00 vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("Nov 24 02:09:53 relay Nov 24 02:09:52 vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("Nov 24 02:09:53 sshd[1]: hello", None, Some("sshd"), "hello"),
    ("sshd[1]: hello", None, Some("sshd"), "hello"),
    ("hello there: you", None, None, "hello there: you"),
    (
        "<166>Oct 01 2026 00:00:00 fw : %ASA-6-113039: Group",
        Some("fw"),
        Some("%ASA-6-113039"),
        "Group",
    ),
    ("<166>Oct 01 2026 00:00:00: %ASA-6-113039: Group", None, Some("%ASA-6-113039"), "Group"),
    (
        "Oct 01 00:00:00 1.2.3.4 Oct 01 2026 00:00:00: %ASA-6-113039: Group",
        Some("1.2.3.4"),
        Some("%ASA-6-113039"),
        "Group",
    ),
    (
        "<166>:Oct 01 2026 00:00:00 UTC: %ASA-auth-6-113039: Group",
        None,
        Some("%ASA-auth-6-113039"),
        "Group",
    ),
    ("2016 Mar 15 12:00:00 vm su[3]: hello", Some("vm"), Some("su"), "hello"),
    // Relays, journals and templates.
    ("Tue Nov 24 02:09:53 2026 authpriv.notice sshd[1]: hello", None, Some("sshd"), "hello"),
    (
        "Nov 24 02:09:54 relay 44 <38>Nov 24 02:09:53 vm sshd[1]: hello",
        Some("vm"),
        Some("sshd"),
        "hello",
    ),
    (
        "<166>:Nov 24 2026 02:09:53 UTC: %ASA-auth-6-113039: hello",
        None,
        Some("%ASA-auth-6-113039"),
        "hello",
    ),
    ("vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("Nov 24 02:09:53 gw vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("2026-11-24 02:09:53 UTC vm su[3]: hello", Some("vm"), Some("su"), "hello"),
    ("Tue 2026-11-24 02:09:53 CET vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("1795486193.123456 vm sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    ("Nov 24 02:09:53 vm <auth.info> sshd[1]: hello", Some("vm"), Some("sshd"), "hello"),
    (
        "Nov 24 02:09:53 <local0.info> 192.0.2.1 sshd[1]: hello",
        Some("192.0.2.1"),
        Some("sshd"),
        "hello",
    ),
    ("Nov 24 02:09:53 vm [sshd]: hello", Some("vm"), Some("sshd"), "hello"),
    (
        "Nov 24 02:09:53 vm sshd[1]: message repeated 2 times: [ hello]",
        Some("vm"),
        Some("sshd"),
        "message repeated 2 times: [ hello]",
    ),
    (
        "Nov 24 02:09:53 vm last message repeated 2 times",
        Some("vm"),
        None,
        "last message repeated 2 times",
    ),
    ("2026-11-24T02:09:53.1Z stdout F hello", None, None, "hello"),
    ("2026 Nov 24 02:09:53 relay->192.0.2.1 hello", Some("192.0.2.1"), None, "hello"),
    (
        "2026 Nov 24 02:09:53 vm->/var/log/auth.log Nov 24 02:09:52 vm sshd[1]: hello",
        Some("vm"),
        Some("sshd"),
        "hello",
    ),
    ("2026 Nov 24 02:09:53 (vm) any->WinEvtLog hello", Some("vm"), None, "hello"),
    ("<134>1 1795486193.123 mx events type=x", Some("mx"), None, "events type=x"),
    (
        "<134>1 2026-11-24T02:09:53Z vm 1,2026/11/24 02:09:53,0,x",
        Some("vm"),
        None,
        "1,2026/11/24 02:09:53,0,x",
    ),
    (
        "<5>1 2026-11-24T02:09:53Z vm {\"a\": \"b c d e f\"}",
        Some("vm"),
        None,
        "{\"a\": \"b c d e f\"}",
    ),
    ("<38>1 2026-11-24T02:09:53Z vm app: - - - hello", Some("vm"), Some("app"), "hello"),
    ("2026-11-24 02:09:53 - n1 - [::1] x", None, None, "- n1 - [::1] x"),
    (
        "<174>1 2026-11-24T02:09:53Z vpn Pulse - - - 2026-11-24 02:09:53 - n1 - [::1] x",
        Some("vpn"),
        Some("Pulse"),
        "2026-11-24 02:09:53 - n1 - [::1] x",
    ),
    // No host where another word stands.
    ("2026-11-24T02:09:53+01:00: hello there", None, None, "hello there"),
    ("2026-11-24 02:09:53,123 WARN  [a.b] hello", None, None, "[a.b] hello"),
    ("24-Nov-2026 02:09:53.123 INFO [main] hello", None, None, "[main] hello"),
    ("2026-11-24 02:09:53,283 | Administrator | x", None, None, "| Administrator | x"),
    ("Nov 24 02:09:53 date=2026-11-24 time=02:09:53", None, None, "date=2026-11-24 time=02:09:53"),
    ("date=2026-11-24 time=02:09:53 x: y", None, None, "date=2026-11-24 time=02:09:53 x: y"),
    ("2026/11/24 02:09:53.349  2136  3688 hello", None, None, "2136  3688 hello"),
    // Cisco.
    ("<190>*Nov 24 2026 02:09:53.398 UTC: %SYS-5-X: hello", None, Some("%SYS-5-X"), "hello"),
    (
        "<190>: sw1: Nov 24 2026 02:09:53.398 UTC: %SYS-5-X: hello",
        Some("sw1"),
        Some("%SYS-5-X"),
        "hello",
    ),
    (
        "<165>7433: sw1: 007439: 2y10w: %SEC_LOGIN-5-X: hello",
        Some("sw1"),
        Some("%SEC_LOGIN-5-X"),
        "hello",
    ),
    (
        "Nov 24 02:09:54 192.0.2.1 585917: Nov 24 02:09:53.272: %SEC-6-X: hello",
        Some("192.0.2.1"),
        Some("%SEC-6-X"),
        "hello",
    ),
    (
        "<190>Nov 24 02:09:54 192.0.2.1 sw1: 3132779: Nov 24 2026 02:09:53.398 UTC: %SYS-5-X: hello",
        Some("sw1"),
        Some("%SYS-5-X"),
        "hello",
    ),
    (
        "<187>Nov 24 02:09:54 sw1 : 2026 Nov 24 02:09:53.206 UTC: %ETH-5-X: hello",
        Some("sw1"),
        Some("%ETH-5-X"),
        "hello",
    ),
    ("2026 Nov 24 02:09:53 sw1 %LLDP-3-X: hello", Some("sw1"), Some("%LLDP-3-X"), "hello"),
    ("<189>Nov 24 02:09:53 sw1 AEST: %SYS-5-X: hello", Some("sw1"), Some("%SYS-5-X"), "hello"),
    ("Nov 24 02:09:53 fw proc : %FTD-6-X: hello", Some("fw"), Some("%FTD-6-X"), "hello"),
    ("fw : %ASA-6-X: hello", Some("fw"), Some("%ASA-6-X"), "hello"),
    ("Invalid user %ASA-6-X: hello", None, None, "Invalid user %ASA-6-X: hello"),
    // A mnemonic inside a message is no header.
    (
        "Nov 24 02:09:53 vm sshd[1]: Invalid user  %ASA-6-113039: Group",
        Some("vm"),
        Some("sshd"),
        "Invalid user  %ASA-6-113039: Group",
    ),
    ("Invalid user x; %ASA-6-113039: Group", None, None, "Invalid user x; %ASA-6-113039: Group"),
];

#[test]
fn headers_of_all_kinds_come_off() {
    for &(line, host, app, message) in LINES {
        let got = split(line);
        assert_eq!((got.host, got.app, got.message), (host, app, message), "{line}");
        let stamp = got.stamp.filter(|_| !line.contains("2016") && !line.contains("00:00:00"));
        if let Some(stamp) = stamp {
            assert_eq!((stamp.month, stamp.day, stamp.second / 60), (11, 24, 129), "{line}");
        }
    }
}

#[test]
fn a_year_comes_from_the_other_stamp_of_a_record() {
    for (line, year, offset) in [
        ("2026-11-24T02:09:54Z relay Nov 24 02:09:53 vm sshd[1]: hello", Some(2026), None),
        ("2026-01-01T00:00:04Z relay Dec 31 23:59:59 vm sshd[1]: hello", Some(2025), None),
        ("2026 Jan  1 00:00:04 vm->x Dec 31 23:59:59 vm sshd[1]: hello", Some(2025), None),
        ("Nov 24 02:09:54 relay Nov 24 2026 02:09:53 UTC: %ASA-6-113039: x", Some(2026), Some(0)),
        ("Tue Nov 24 02:09:53 CET 2026 vm sshd[1]: hello", Some(2026), Some(3600)),
        ("Nov 24 02:09:53 vm sshd[1]: hello", None, None),
    ] {
        let stamp = split(line).stamp.unwrap();
        assert_eq!((stamp.year, stamp.offset), (year, offset), "{line}");
    }
}

#[test]
fn the_quick_way_reads_what_the_slow_way_reads() {
    let lines = [
        "Nov 24 02:09:53 vm sshd[1]: one",
        "Nov 24 02:09:54 vm sshd[22]: two",
        "Nov 24 12:09:54 vm sshd[22]: two",
        "Nov 24 02:09:54 vm  sshd[22]: two",
        "Nov 24 02:09:54 vm : %ASA-6-113039: x",
        "Nov 24 02:09:55 vm : %ASA-6-113039: x",
        "Nov 24 02:09:55 vm Nov 24 02:09:53 vm2 sshd[1]: x",
        "Nov 24 02:09:55 vm <38>Nov 24 02:09:53 vm2 sshd[1]: x",
        "Nov 24 02:09:65 vm sshd[1]: x",
        "Nov 24 aa:bb:cc vm sshd[1]: x",
        "Tue Nov 24 02:09:53 2026 : Auth: (1) x",
        "Tue Nov 24 02:09:54 2026 : Auth: (1) x",
        "Nov 24 02:09:53 2026 vm sshd[1]: x",
        "Nov 24 02:09:53 2026",
        "Nov 24 02:09:53 CET vm sshd[1]: x",
        "Nov 24 02:09:53 CET 2026 vm sshd[1]: x",
        "Nov 24 2026 02:09:53 vm sshd[1]: x",
        "Nov 24 2026 02:09:53 UTC: %ASA-6-113039: x",
        "24-Nov-2026 02:09:53.123 INFO [main] x",
        "Nov 24 02:09:53 INFO sshd[1]: x",
        "Nov 24 02:09:53 vm sshd[1]: message repeated 2 times: [ x]",
        "Nov 24 02:09:55 vm",
        "Nov 24 02:09:55 vm ",
        "2026-11-24T02:09:53.123456+01:00 vm sshd[1]: x",
        "2026-11-24T02:09:54.654321+01:00 vm sshd[1]: x",
        "2026-11-24T02:09:54+01:00 vm sshd[1]: x",
        "2026-11-24T02:09:55+01:00 vm sshd[1]: x",
        "2026-11-24T02:09:55+02:00 vm sshd[1]: x",
        "2026-11-24T02:09:53.12345x+01:00 vm sshd[1]: x",
        "<38>1 2026-11-24T02:09:53Z vm sshd 1 - - x",
        "<38>1 2026-11-24T02:09:54Z vm sshd 1 - - x",
        "02:09:53 vm 02:09:53 02:09:53 vm x",
        "Nov 24 02:09:53 02:09:53 vm x",
        "{\"a\": \"Nov 24 02:09:53 vm sshd[1]: x\"}",
        "",
        "x",
    ];
    let mut splitter = Splitter::default();
    for line in lines.iter().chain(lines.iter().rev()).chain(&lines) {
        assert_eq!(splitter.split(line), split(line), "{line}");
    }
    // Every pair, also broken: what is remembered of one line must not reach the next.
    for one in lines {
        for two in lines {
            for at in 0..two.len() {
                for byte in [":", " ", "7", "%", "\u{e9}"] {
                    let mut broken = two.to_owned();
                    broken.replace_range(at..=at, byte);
                    let mut splitter = Splitter::default();
                    splitter.split(one);
                    assert_eq!(splitter.split(&broken), split(&broken), "{one} / {broken}");
                }
            }
        }
    }
}

#[test]
fn structured_data_may_hold_quotes_and_brackets() {
    let line = "<38>1 2026-11-24T02:09:53Z vm sshd 2 ID [a@1 x=\"]\\\"\"][b] hello";
    assert_eq!(split(line).structured, Some("[a@1 x=\"]\\\"\"][b]"));
}
