//! EVTX files made here byte by byte: the same events as XML must come out alike, damage must be counted.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the test itself makes is sound"
)]

mod maker;

use doorwarden_model::Event;
use doorwarden_parse::{Reject, Sink, SourceInfo, SourceStats, Unit, read_source};

use crate::maker::{CHUNK, Sample, chunk, file};

/// The same events as an XML export.
fn xml(samples: &[Sample]) -> String {
    let mut all = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>");
    for it in samples {
        let time = jiff::Timestamp::from_millisecond(i64::try_from(it.millis).unwrap()).unwrap();
        let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let data: String = it
            .data
            .iter()
            .map(|(name, value)| match (it.wrapper, *name) {
                (Some(_), name) => format!("<{name}>{}</{name}>", escape(value)),
                (None, "") => format!("<Data>{}</Data>", escape(value)),
                (None, name) => format!("<Data Name=\"{name}\">{}</Data>", escape(value)),
            })
            .collect();
        let data = match it.wrapper {
            Some(wrapper) => format!("<UserData><{wrapper}>{data}</{wrapper}></UserData>"),
            None => format!("<EventData>{data}</EventData>"),
        };
        all += &format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
             <Provider Name='{}'/><EventID>{}</EventID><TimeCreated SystemTime='{time}'/>\
             <EventRecordID>{}</EventRecordID>\
             <Correlation ActivityID='{{F4201F3A-1111-4A5E-9A35-4E79CAA60000}}'/>\
             <Channel>{}</Channel><Computer>ts01.corp.example</Computer></System>{data}</Event>\n",
            it.provider, it.event_id, it.record, it.channel
        );
    }
    all + "</Events>"
}

const SECURITY: &str = "Microsoft-Windows-Security-Auditing";
const SESSIONS: &str = "Microsoft-Windows-TerminalServices-LocalSessionManager";
const RDP: &str = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS";
/// 2026-03-02T07:58:01.123Z
const MILLIS: u64 = 1_772_438_281_123;

fn samples() -> Vec<Sample> {
    let sample =
        |at: u64, event_id, provider, wrapper, data: &[(&'static str, &'static str)]| Sample {
            record: 1000 + at,
            event_id,
            provider,
            channel: if provider == SECURITY { "Security" } else { provider },
            millis: MILLIS + at * 1000,
            wrapper,
            data: data.to_vec(),
        };
    let logon = [
        ("TargetUserName", "ana"),
        ("TargetDomainName", "CORP"),
        ("TargetLogonId", "0x9a01"),
        ("LogonType", "10"),
        ("WorkstationName", "TS01"),
        ("IpAddress", "203.0.113.7"),
    ];
    let refused = [
        ("TargetUserName", "J\u{f6}rg \u{1f512} <&>"),
        ("SubStatus", "0xc000006a"),
        ("LogonType", "3"),
        ("IpAddress", "::ffff:203.0.113.66"),
    ];
    vec![
        sample(0, 4624, SECURITY, None, &logon),
        sample(1, 4625, SECURITY, None, &refused),
        sample(2, 4688, SECURITY, None, &[("NewProcessName", "C:\\Windows\\System32\\cmd.exe")]),
        sample(
            3,
            25,
            SESSIONS,
            Some("EventXML"),
            &[("User", "CORP\\ana"), ("SessionID", "3"), ("Address", "203.0.113.9")],
        ),
        sample(4, 131, RDP, None, &[("ConnType", "TCP"), ("ClientIP", "203.0.113.7:50123")]),
        sample(5, 4624, SECURITY, None, &logon),
        sample(6, 20250, "RemoteAccess", None, &[("", "CORP\\bo"), ("", "VPN2-127")]),
        sample(7, 1, "Microsoft-Windows-Sysmon", None, &[("Image", "C:\\x.exe")]),
    ]
}

/// Events as debug text with their ids; their numbers.
#[derive(Default)]
struct Seen {
    events: Vec<(u128, String)>,
    numbers: Vec<(u64, bool)>,
    unparsed: Vec<String>,
}

impl Sink for Seen {
    fn event(&mut self, event: &Event<'_>, id: u128, line: u64, unit: Unit) {
        self.events.push((id, format!("{event:?}")));
        self.numbers.push((line, unit == Unit::Record));
    }

    fn unparsed(&mut self, _: u64, text: &str, _: Option<&'static str>, _: Option<&Reject>) {
        self.unparsed.push(text.to_owned());
    }
}

fn read(bytes: &[u8]) -> (Seen, SourceStats) {
    let mut seen = Seen::default();
    let (stats, result) = read_source(&mut &*bytes, &SourceInfo::default(), &mut seen);
    result.unwrap();
    (seen, stats)
}

#[test]
fn a_record_and_its_xml_export_are_one_event() {
    let bytes = file(&[chunk(&samples())]);
    let (binary, stats) = read(&bytes);
    let (text, _) = read(xml(&samples()).as_bytes());
    assert_eq!(binary.events, text.events);
    assert_eq!(binary.events.len(), 6);
    assert_eq!((stats.records, stats.damaged, stats.bytes), (8, 0, bytes.len() as u64));
    assert_eq!(binary.numbers[..2], [(1000, true), (1001, true)]);
    assert_eq!(text.numbers[..2], [(2, false), (3, false)]);
    let ignored = stats.formats.iter().find(|it| it.0 == "windows-other").map(|it| it.1.ignored);
    assert_eq!((ignored, binary.unparsed.len()), (Some(1), 0));
}

#[test]
fn a_collectors_json_has_the_same_id() {
    let json = r#"{"@timestamp":"2026-03-02T08:00:00Z","winlog":{"event_id":4624,"record_id":1000,"channel":"Security","computer_name":"TS01.corp.example","provider_name":"Microsoft-Windows-Security-Auditing","time_created":"2026-03-02T07:58:01.123Z","event_data":{"TargetUserName":"ana"}}}"#;
    let (binary, _) = read(&file(&[chunk(&samples())]));
    let (other, _) = read(json.as_bytes());
    assert_eq!(binary.events[0].0, other.events[0].0);
    assert_ne!(binary.events[0].0, binary.events[4].0);
}

#[test]
fn damage_is_counted_and_passed_over() {
    let good = chunk(&samples());
    let whole = file(&[good.clone(), vec![0; CHUNK], good.clone()]);
    assert_eq!(read(&whole).1.damaged, 0);

    let cut = whole.len() - 63_000;
    let (seen, stats) = read(&whole[..cut]);
    // The chunk, and the record at its end.
    assert_eq!(stats.damaged, 2);
    assert!(6 < seen.events.len(), "{}", seen.events.len());

    let mut broken = whole.clone();
    broken[4096 + 512] = b'X';
    let (seen, stats) = read(&broken);
    assert_eq!((stats.damaged, seen.events.len()), (1, 11));

    let mut broken = whole;
    broken[4096] = b'X';
    let (seen, stats) = read(&broken);
    assert_eq!((stats.damaged, seen.events.len()), (1, 6));
    assert!(seen.unparsed[0].contains("chunk"));
}

#[test]
fn no_bytes_make_the_reader_panic_or_hang() {
    let good = file(&[chunk(&samples())]);
    let end = 4096 + 6000;
    let mut seed = 0x1133_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 1).unwrap()
    };
    for _ in 0..400 {
        let mut broken = good.clone();
        for _ in 0..=(next() % 20) {
            let at = 4096 + next() % (end - 4096);
            broken[at] = u8::try_from(next() % 256).unwrap();
        }
        read(&broken);
    }
}
