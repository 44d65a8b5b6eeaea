//! Every framing, whole and broken.

use std::io::{self, Cursor, Read};

use super::*;
use crate::source::observe;

/// Gives the bytes in pieces of the sizes 1, 2, 3, ... so that every border falls somewhere.
struct Pieces<'b>(&'b [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.1 += 1;
        let count = into.len().min(self.1);
        self.0.read(&mut into[..count])
    }
}

/// The line and the text of every record; those that others carry are left out.
fn records(bytes: &[u8]) -> Vec<(u64, String)> {
    let all = |reader: &mut dyn Read| {
        let mut found: Vec<(u64, String)> = Vec::new();
        let mut last = (0, String::new());
        observe(reader, |it| {
            let this = (it.line, it.text.to_owned());
            // What is carried has the text of its carrier.
            if it.message.len() == it.text.len() || this != last || !it.text.starts_with('{') {
                found.push(this.clone());
            }
            last = this;
        });
        found
    };
    let whole = all(&mut &*bytes);
    assert_eq!(whole, all(&mut Pieces(bytes, 0)));
    whole
}

#[track_caller]
fn expect(bytes: &[u8], expected: &[(u64, &str)]) {
    let got = records(bytes);
    let got: Vec<(u64, &str)> = got.iter().map(|it| (it.0, it.1.as_str())).collect();
    assert_eq!(got, expected, "{}", String::from_utf8_lossy(&bytes[..bytes.len().min(300)]));
}

#[test]
fn files_are_told_by_their_first_bytes() {
    let octets = "7 <1>abcd7 <2>efgh";
    for (head, framing) in [
        (&b"Jan  3 10:11:12 vm sshd[7]: hello\n"[..], Framing::Lines),
        (b"", Framing::Lines),
        (b"\n\n", Framing::Lines),
        (b"{\"a\":1}\n{\"a\":2}\n", Framing::Lines),
        (b"{\"a\":1}", Framing::Lines),
        (b"{\"a\":1} \r\n{\"a\":2}\r\n", Framing::Lines),
        (b"{\"events\":1,\"records\":[{}]}\n{}", Framing::Lines),
        (b"{\"a\":\"an unfinished", Framing::Lines),
        (b"[2026-01-03 10:11:12] hello", Framing::Lines),
        (b"a, b, c", Framing::Lines),
        (b"date=2026-01-03,time=10:11:12,a=1\n", Framing::Lines),
        (b"2026-01-03,10:11:12,3\n", Framing::Lines),
        (b"\0\0\0\0\0\0\0\0\0\0\0\0Jan  3 10:11:12 vm", Framing::Lines),
        (b"7 <1>abcd\n7 <2>efgh\n", Framing::Lines),
        (b"{\n  \"a\": 1\n}\n", Framing::Values),
        (b"{\"a\":1}{\"a\":2}", Framing::Values),
        (b"{\"a\":1},\n{\"a\":2}", Framing::Values),
        (b" [{\"a\":1},{\"a\":2}]", Framing::Values),
        (b"[\n", Framing::Values),
        (b"{\"Records\":[{\"a\":1}]}", Framing::Values),
        (b"{\"a\":1\n", Framing::Values),
        (b"__CURSOR=s=1\n", Framing::Journal),
        (octets.as_bytes(), Framing::Octets),
        (b"Date,User name,\"IP address\"\r\n", Framing::Rows(b',')),
        (b"Date;User;Address;Id\n", Framing::Rows(b';')),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0", Framing::Binary),
    ] {
        assert_eq!(sniff(head), framing, "{}", String::from_utf8_lossy(head));
    }
}

#[test]
fn lines_end_with_lf_or_crlf() {
    expect(b"one\r\ntwo\n\nfour", &[(1, "one"), (2, "two"), (3, ""), (4, "four")]);
    expect(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo\n", &[(1, "one"), (2, "two")]);
    expect(b"one\rstill one\n", &[(1, "one\rstill one")]);
    expect(b"bad \xff byte\ngood\n", &[(1, "bad \u{fffd} byte"), (2, "good")]);
}

#[test]
fn holes_are_left_out() {
    for hole in [3, 10_000, RECORD_CAP + 100_000, 3 * RECORD_CAP] {
        let line = "Jan  3 10:11:12 vm sshd[7]: hello";
        let bytes = [line.as_bytes(), b"\n", &vec![0; hole], b"two\nthree\n"].concat();
        expect(&bytes, &[(1, line), (2, "two"), (3, "three")]);
    }
}

#[test]
fn of_a_very_long_line_the_first_part_is_read() {
    for len in [64 << 20, RECORD_CAP, RECORD_CAP + 1, (1 << 20) - 4] {
        let bytes = [&b"one\n"[..], &vec![b'x'; len], b"\nthree\n"].concat();
        let mut found = Vec::new();
        observe(&mut &*bytes, |it| found.push((it.line, it.text.len())));
        assert_eq!((found[0], found[2], found.len()), ((1, 3), (3, 5), 3));
        assert!(found[1].1 <= RECORD_CAP + (1 << 20), "{}", found[1].1);
        assert!(len.min(RECORD_CAP) <= found[1].1, "{}", found[1].1);
    }
}

#[test]
fn utf16_is_read_as_text() {
    let text = "Jan  3 10:11:12 vm ünï🔒\r\nzwei\r\n";
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    for bytes in [little(text), big(text), little(&marked), big(&marked)] {
        expect(&bytes, &[(1, "Jan  3 10:11:12 vm ünï🔒"), (2, "zwei")]);
    }
    // Cut in the middle of a pair.
    let mut cut = little("one line\nlock 🔒");
    cut.truncate(cut.len() - 1);
    expect(&cut, &[(1, "one line"), (2, "lock \u{fffd}\u{fffd}")]);
}

#[test]
fn json_is_split_however_it_is_printed() {
    let nested = r#"{"a":"} \" {","b":[{"c":1}]}"#;
    let two = [(1, nested), (1, nested)];
    expect(format!("{nested}{nested}").as_bytes(), &two);
    expect(format!("[{nested},{nested}]").as_bytes(), &two);
    expect(format!("[{nested} , {nested}").as_bytes(), &two);
    for start in [
        r#"{"Records":["#,
        r#"{"value":["#,
        r#"{"@odata.context":"https://x","value":["#,
        r#"{"stat":"OK","response":{"authlogs":["#,
    ] {
        let end = if start.contains("response") { r#"],"metadata":{"a":[1]}}}"# } else { "]}" };
        expect(format!("{start}{nested},{nested}{end}\n").as_bytes(), &two);
        let pages = format!("{start}{nested}{end}\n{start}{nested}{end}\n");
        expect(pages.as_bytes(), &[(1, nested), (2, nested)]);
    }
    let pretty = "{\n  \"a\": 1,\n  \"b\": {}\n}";
    expect(format!("{pretty}\n{pretty}\n").as_bytes(), &[(1, pretty), (5, pretty)]);
    expect(format!("\u{feff}[\n{pretty},\n{pretty}\n]\n").as_bytes(), &[(2, pretty), (6, pretty)]);
    expect(
        format!("{{\"value\": [\n{pretty},\n{pretty}\n]}}").as_bytes(),
        &[(2, pretty), (6, pretty)],
    );
}

#[test]
fn a_record_with_an_array_of_its_own_is_no_wrapper() {
    let record = r#"{"id":{"time":1},"events":[{"name":"x"}]}"#;
    expect(format!("{record}\n{record}\n").as_bytes(), &[(1, record), (2, record)]);
    expect(format!("[{record}]").as_bytes(), &[(1, record)]);
}

#[test]
fn json_that_does_not_end_costs_no_other_record() {
    let good = r#"{"a":1}"#;
    let broken = format!("[\n{good},\n{{\"b\":\"lost quote}},\n{good},\n{good}\n]\n");
    let got = records(broken.as_bytes());
    assert_eq!(got[0], (2, good.to_owned()));
    assert_eq!(got.len(), 5, "{got:?}");
    expect(
        format!("{good}{good}\nplain text\n{good}\n").as_bytes(),
        &[(1, good), (1, good), (2, "plain text"), (3, good)],
    );
    let large = format!("[{{\"a\":\"{}\"}},{good}]", "x".repeat(2 * RECORD_CAP));
    let mut found = Vec::new();
    observe(&mut large.as_bytes(), |it| found.push((it.line, it.text.len())));
    assert_eq!(found.first().map(|it| it.0), Some(1));
}

#[test]
fn quoted_values_may_hold_line_breaks() {
    let heading = "Date,User,Reason,Address";
    let rows = format!(
        "{heading}\r\n2026-01-03,ana,\"a \"\"b\"\"\r\nc, d\",192.0.2.1\r\n2026-01-03,\"bob\",ok,192.0.2.2\r\n"
    );
    expect(
        rows.as_bytes(),
        &[
            (1, heading),
            (2, "2026-01-03,ana,\"a \"\"b\"\"\r\nc, d\",192.0.2.1"),
            (4, "2026-01-03,\"bob\",ok,192.0.2.2"),
        ],
    );
    // A lone quote hides nothing.
    let lone = format!("{heading}\n1,\"eve,x,y\n2,bob,x,y\n3,\"eve,x,y\n4,ana,x,y\n");
    expect(
        lone.as_bytes(),
        &[(1, heading), (2, "1,\"eve,x,y"), (3, "2,bob,x,y"), (4, "3,\"eve,x,y"), (5, "4,ana,x,y")],
    );
}

#[test]
fn octet_counts_set_messages_apart() {
    let first = "<38>1 2026-01-03T10:11:12Z vm sshd 7 - - hello";
    let second = "<38>Jan  3 10:11:12 vm sshd[7]: two\nlines";
    let stream = format!("{} {first}{} {second}{} {first}", first.len(), second.len(), first.len());
    expect(stream.as_bytes(), &[(1, first), (1, second), (2, first)]);
    let mut cut = stream.clone().into_bytes();
    cut.truncate(stream.len() - 3);
    assert_eq!(records(&cut).len(), 3);
    let noisy =
        format!("{} {first}{} {first}noise\n{} {first}", first.len(), first.len(), first.len());
    expect(noisy.as_bytes(), &[(1, first), (1, first), (1, "noise"), (2, first)]);
}

/// What the header of every record states, as `stamp host app[pid]: message`, in the order in which they are carried.
fn headers(bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    observe(&mut &*bytes, |it| {
        let stamp = it.stamp.map_or(0, |it| it.utc_millis(it.year.unwrap_or(1)) / 1000);
        let word = |it: Option<&str>| it.unwrap_or("-").to_owned();
        found.push(format!(
            "{stamp} {} {}[{}]: {}",
            word(it.host),
            word(it.app),
            word(it.pid),
            it.message
        ));
    });
    found
}

#[test]
fn an_exported_journal_is_read() {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(
        b"__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1767435073000001\n_SOURCE_REALTIME_TIMESTAMP=1767435072123456\n\
        _HOSTNAME=vm\nSYSLOG_IDENTIFIER=sshd\n_COMM=sshd-session\n_PID=7\nMESSAGE=one=1\n\n",
    );
    bytes.extend_from_slice(b"__CURSOR=s=1;i=3\nBLOB\n");
    let blob = b"\n\nMESSAGE=forged\n\n";
    bytes.extend_from_slice(&(blob.len() as u64).to_le_bytes());
    bytes.extend_from_slice(blob);
    bytes.extend_from_slice(b"\nMESSAGE\n\x07\0\0\0\0\0\0\0two\n\xffxx\n_COMM=login\n");
    assert_eq!(
        headers(&bytes),
        ["1767435072 vm sshd[7]: one=1".to_owned(), "0 - login[-]: two\n\u{fffd}xx".to_owned(),]
    );
    let mut lines = Vec::new();
    observe(&mut Pieces(&bytes, 0), |it| lines.push(it.line));
    assert_eq!(lines, [1, 10]);
}

/// What carriers write, and the header and the message that it carries, all of one moment.
const CARRIED: &[(&str, &str)] = &[
    (
        r#"{"MESSAGE":"hello","SYSLOG_IDENTIFIER":"sshd","_HOSTNAME":"vm","_PID":"7","__REALTIME_TIMESTAMP":"1767435072999999"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"MESSAGE":[104,105,10,255],"_COMM":"sshd","__REALTIME_TIMESTAMP":"1767435072999999"}"#,
        "- sshd[-]: hi\n\u{fffd}",
    ),
    (
        r#"{"message":"<38>Jan  3 10:11:12 vm sshd[7]: hello","host":"relay","@version":"1","@timestamp":"2026-01-03T10:11:13.000Z"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"@timestamp":"2026-01-03T10:11:12.000Z","message":"hello","host":{"name":"vm"},"process":{"name":"sshd","pid":7}}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"event":{"original":"Jan  3 10:11:12 vm sshd[7]: hello"},"message":"hello","process":{"name":"sshd"},"@timestamp":"2026-01-03T10:11:12Z"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"log":"sshd[7]: hello\n","stream":"stderr","time":"2026-01-03T10:11:12.5Z"}"#,
        "- sshd[7]: hello",
    ),
    (
        r#"{"timestamp":"2026-01-03T10:11:12Z","host":"vm","syslogtag":"sshd[7]:","msg":" hello"}"#,
        "vm sshd[7]:  hello",
    ),
    (
        r#"{"PROGRAM":"sshd","PID":"7","MESSAGE":"hello","HOST":"vm","DATE":"Jan  3 10:11:12 2026"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"preview":false,"result":{"_raw":"Jan  3 10:11:12 vm sshd[7]: hello","_time":"2026-01-03T10:11:12.000+00:00"}}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"version":"1.1","host":"vm","short_message":"hello","timestamp":1767435072.1234,"_application_name":"sshd"}"#,
        "vm sshd[-]: hello",
    ),
    (
        r#"{"@timestamp":"2026-01-03T10:11:12Z","@version":"1","message":" hello","sysloghost":"vm","severity":"info","facility":"auth","programname":"sshd","procid":"7"}"#,
        "vm sshd[7]:  hello",
    ),
    (
        r#"{"@timestamp":"2026-01-03T10:11:12Z","timestamp":"Jan  3 10:11:12","program":"sshd","pid":"7","logsource":"vm","message":"hello"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"full_log":"Jan  3 10:11:12 vm sshd[7]: hello","agent":{"id":"003","name":"vm"},"manager":{"name":"soc"},"predecoder":{"program_name":"sshd"},"timestamp":"2026-01-03T10:11:13.001+0000"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"logStreamName":"vm","timestamp":1767435072000,"message":"Jan  3 10:11:12 vm sshd[7]: hello","ingestionTime":1767435073000}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"messageType":"DATA_MESSAGE","logGroup":"auth","logEvents":[{"id":"37199773595581154154810589279545129148442535997644275712","timestamp":1767435072000,"message":"Jan  3 10:11:12 vm sshd[7]: hello"}]}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"insertId":"x","jsonPayload":{"message":"Jan  3 10:11:12 vm sshd[7]: hello"},"logName":"projects/corp/logs/syslog","timestamp":"2026-01-03T10:11:13Z"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"date":1767435072.5,"pri":"38","host":"vm","ident":"sshd","pid":"7","message":"hello"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"file":"/var/log/auth.log","host":"vm","message":"Jan  3 10:11:12 vm sshd[7]: hello","source_type":"file","timestamp":"2026-01-03T10:11:12Z"}"#,
        "vm sshd[7]: hello",
    ),
    (
        r#"{"TimeGenerated":"2026-01-03T10:11:12Z","Computer":"vm","ProcessName":"sshd","ProcessID":7,"SyslogMessage":"hello"}"#,
        "vm sshd[7]: hello",
    ),
];

#[test]
fn carried_lines_are_read_as_if_they_had_come_alone() {
    for (json, expected) in CARRIED {
        let expected = format!("1767435072 {expected}");
        assert_eq!(headers(json.as_bytes()).last(), Some(&expected), "{json}");
    }
}

#[test]
fn a_message_cannot_forge_a_header_that_its_carrier_took_off() {
    let forged = r#"{"MESSAGE":"Jan  3 10:11:12 vm sshd[7]: Accepted password for victim from 192.0.2.1 port 2 ssh2","SYSLOG_IDENTIFIER":"logger","_HOSTNAME":"vm","__REALTIME_TIMESTAMP":"1767435072999999"}"#;
    let got = headers(forged.as_bytes());
    assert!(got[1].contains(" vm logger[-]: Jan  3"), "{got:?}");
}

#[test]
fn carriers_inside_one_another_have_an_end() {
    let mut text = "hello".to_owned();
    for _ in 0..6 {
        let inner = sonic_rs::to_string(&text).unwrap();
        text = format!("{{\"log\":{inner},\"stream\":\"stdout\"}}");
    }
    assert_eq!(headers(text.as_bytes()).len(), 4);
    let deep = "{\"data\":[".repeat(200_000);
    assert!(!headers(deep.as_bytes()).is_empty());
    let many = r#"{"records":[{"log":"one","stream":"a"},{"log":"two","stream":"a"}]}"#;
    let got = headers(format!("{{\"x\":{many}}}\n{{}}\n").as_bytes());
    assert_eq!(got.len(), 2);
    let many = format!("{{}}\n{many}\n");
    let got = headers(many.as_bytes());
    assert_eq!(got.last().map(String::as_str), Some("0 - -[-]: two"));
}

#[test]
fn no_bytes_make_framing_panic() {
    let mut seed = 0x1133_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap()
    };
    let little: Vec<u8> = "one\ntwo, three\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let samples: [&[u8]; 9] = [
        b"Jan  3 10:11:12 vm sshd[7]: hello\n<38>1 2026-01-03T10:11:12Z vm sshd 7 ID [a@1 b=\"c\"] d\n",
        b"{\"a\":\"}\",\"b\":[{\"c\":1}]}\n{\"message\":\"<38>x\",\"host\":{\"name\":\"vm\"}}\n",
        b"{\"stat\":\"OK\",\"response\":{\"authlogs\":[{\"a\":1},{\"b\":[]}],\"metadata\":{}}}",
        b"{\n \"a\": 1\n}\n{\n \"b\": \"\\\"\"\n}\n",
        b"__CURSOR=1\nMESSAGE\n\x03\0\0\0\0\0\0\0a\nb\n_PID=7\n\n__CURSOR=2\nMESSAGE=x\n\n",
        b"9 <1>abcdef9 <2>ghijkl14 <3>mnop\nqrst12 <4>uvwxyz12",
        b"Date,User,Reason\n1,\"a\nb\",c\n2,d,\"e\"\n",
        &little,
        b"{\"MESSAGE\":[1,2,300],\"records\":[{\"log\":\"a\"}]}\n",
    ];
    for sample in samples {
        for _ in 0..300 {
            let mut broken = sample.repeat(1 + next() % 3);
            for _ in 0..=next() % 6 {
                let at = next() % broken.len();
                match next() % 4 {
                    0 => broken[at] = u8::try_from(next() % 256).unwrap(),
                    1 => broken.truncate(at.max(4)),
                    2 => broken.insert(at, b"\0 =<>:[]{}\"'\\,;\n"[next() % 16]),
                    _ => {
                        let piece = broken[at..broken.len().min(at + next() % 64)].to_vec();
                        let to = next() % broken.len();
                        broken.splice(to..to, piece);
                    }
                }
            }
            records(&broken);
        }
    }
}

#[test]
fn what_came_before_a_fault_is_read() {
    for bytes in [&b"one\ntwo"[..], b"{\"a\":1}{\"b\":2}{\"c", b"__CURSOR=1\nMESSAGE=x\n"] {
        struct Fault;
        impl Read for Fault {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("a bad sector"))
            }
        }
        let mut count = 0;
        observe(&mut Cursor::new(bytes).chain(Fault), |_| count += 1);
        assert!(0 < count);
    }
}
