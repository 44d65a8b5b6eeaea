//! What is written is read back by the reader of the crate `parquet`, value by value.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what the test itself makes is sound"
)]

use std::{collections::BTreeMap, net::IpAddr};

use bytes::Bytes;
use doorwarden_model::{
    Activity, Event, Mfa, MfaResult, NetworkKind, Origin, Outcome, Place, Reason, Service,
};
use doorwarden_store::{EventRow, EventWriter};
use jiff::Timestamp;
use parquet::{
    file::reader::{FileReader as _, SerializedFileReader},
    record::{Field, Row},
};

/// More than a row group, and no multiple of anything.
const ROWS: u32 = 131_072 + 70_001;

/// The texts that event `nr` borrows.
struct Texts {
    user: String,
    session: String,
    ip: IpAddr,
}

impl Texts {
    fn new(nr: u32) -> Self {
        let ip = if nr.is_multiple_of(3) {
            IpAddr::V6((u128::from(nr % 700) | 0x2001_0db8 << 96).into())
        } else {
            IpAddr::V4(((nr % 5_000) | 0xcb00_7100).into())
        };
        Self { user: format!("user{}", nr % 300), session: format!("s{nr}"), ip }
    }
}

fn event(nr: u32, texts: &Texts) -> Event<'_> {
    let time = Timestamp::from_millisecond(1_700_000_000_000 + i64::from(nr / 7) * 999).unwrap();
    let mut event = Event::new("openssh", Service::Ssh, Activity::Logon, time);
    event.user = Some(texts.user.as_str()).filter(|_| !nr.is_multiple_of(11));
    event.session = Some(&texts.session);
    event.src_ip = Some(texts.ip).filter(|_| !nr.is_multiple_of(13));
    event.src_port = u16::try_from(nr % 65_536).ok().filter(|it| *it != 0);
    event.host = Some("bastion");
    if nr % 5 == 1 {
        event.outcome = Some(Outcome::Failure);
        event.reason = Some(Reason::ALL[nr as usize % Reason::ALL.len()]);
    }
    if nr % 1_000 == 7 {
        event.mfa = Some(Mfa {
            method: Some("push").filter(|_| nr % 2_000 == 7),
            result: MfaResult::Denied,
        });
        event.logon_type = Some(10);
        event.detail = Some("grüße\0");
    }
    event
}

fn place(nr: u32) -> Place<'static> {
    Place {
        country: Some(*b"DE").filter(|_| !nr.is_multiple_of(17)),
        asn: Some(u32::MAX - nr).filter(|_| nr.is_multiple_of(2)),
        network: NetworkKind::ALL.get(nr as usize % 9).copied(),
        ..Place::default()
    }
}

fn origin(nr: u32) -> Origin {
    Origin { file: nr % 3, line: u64::from(nr) * 5 + 1, is_record: nr % 31 == 30 }
}

/// The canonical name of the account of row `nr`: of some that have one it is not known.
fn name(account: u64) -> Option<&'static str> {
    ["ana", "ben", ""].get(usize::try_from(account % 4).unwrap()).copied()
}

/// The account of row `nr`.
fn account(nr: u32) -> Option<u64> {
    (nr % 2 == 1).then_some(u64::from(nr / 2))
}

fn written() -> Bytes {
    let mut writer = EventWriter::new(Vec::new()).unwrap();
    let all: Vec<u32> = (0..ROWS).collect();
    for some in all.chunks(7) {
        let texts: Vec<Texts> = some.iter().map(|nr| Texts::new(*nr)).collect();
        let events: Vec<Event<'_>> =
            some.iter().zip(&texts).map(|(nr, texts)| event(*nr, texts)).collect();
        let places: Vec<Place<'_>> = some.iter().map(|nr| place(*nr)).collect();
        let row = |((nr, event), place): ((&u32, _), _)| EventRow {
            file: ["a.log", "b.log", "c.log"][*nr as usize % 3],
            origin: origin(*nr),
            event,
            account: account(*nr),
            place,
        };
        let rows: Vec<EventRow<'_>> = some.iter().zip(&events).zip(&places).map(row).collect();
        writer.push(&rows, name).unwrap();
    }
    writer.finish().unwrap().into()
}

/// The stated values of a row, as text.
fn stated(row: &Row) -> BTreeMap<String, String> {
    let texts = row.get_column_iter().filter_map(|(name, field)| {
        let text = match field {
            Field::Null => return None,
            Field::Str(it) => it.clone(),
            Field::Group(it) => format!("{:?}", stated(it)),
            other => other.to_string(),
        };
        Some((name.clone(), text))
    });
    texts.collect()
}

fn expected(nr: u32) -> BTreeMap<String, String> {
    let texts = Texts::new(nr);
    let event = event(nr, &texts);
    let (place, origin) = (place(nr), origin(nr));
    let mut row = BTreeMap::new();
    let mut put = |key: &str, value: Option<String>| {
        row.extend(value.map(|it| (key.to_owned(), it)));
    };
    put("file", Some(["a.log", "b.log", "c.log"][nr as usize % 3].to_owned()));
    put(if origin.is_record { "record" } else { "line" }, Some(origin.line.to_string()));
    put("format", Some("openssh".to_owned()));
    put("time", Some(event.time.strftime("%Y-%m-%d %H:%M:%S%.3f +00:00").to_string()));
    put("service", Some("ssh".to_owned()));
    put("activity", Some("logon".to_owned()));
    put("outcome", event.outcome.map(|it| it.to_string()));
    put("reason", event.reason.map(|it| it.to_string()));
    put("account", account(nr).and_then(name).map(str::to_owned));
    put("src_ip", event.src_ip.map(|it| it.to_string()));
    put("src_port", event.src_port.map(|it| it.to_string()));
    put("user", event.user.map(str::to_owned));
    put("host", event.host.map(str::to_owned));
    put("session", event.session.map(str::to_owned));
    put("detail", event.detail.map(str::to_owned));
    put("country", place.country_code().map(str::to_owned));
    put("asn", place.asn.map(|it| it.to_string()));
    put("network", place.network.map(|it| it.to_string()));
    put("logon_type", event.logon_type.map(|it| it.to_string()));
    let mfa = event.mfa.map(|it| {
        let method = it.method.map(|it| ("method".to_owned(), it.to_owned()));
        let result = ("result".to_owned(), it.result.to_string());
        format!("{:?}", method.into_iter().chain([result]).collect::<BTreeMap<_, _>>())
    });
    put("mfa", mfa);
    row
}

#[test]
fn every_value_is_read_back() {
    let reader = SerializedFileReader::new(written()).unwrap();
    assert_eq!(reader.num_row_groups(), 2);
    let mut count = 0;
    for (nr, row) in (0..).zip(reader.get_row_iter(None).unwrap()) {
        assert_eq!(stated(&row.unwrap()), expected(nr), "row {nr}");
        count += 1;
    }
    assert_eq!(count, ROWS);
}

#[test]
fn a_file_without_events_has_all_columns() {
    let bytes: Bytes = EventWriter::new(Vec::new()).unwrap().finish().unwrap().into();
    let reader = SerializedFileReader::new(bytes).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.num_rows(), 0);
    assert_eq!(metadata.schema_descr().num_columns(), 34);
}
