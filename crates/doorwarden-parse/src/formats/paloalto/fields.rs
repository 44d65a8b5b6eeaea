//! The forms in which PAN-OS and Strata Logging Service write a record, and its fields by column or name.

use std::net::IpAddr;

use bumpalo::{Bump, collections::Vec as BumpVec};
use doorwarden_model::{Activity, Event, Outcome, Service};
use memchr::memmem;

use super::ID;
use crate::{
    Ctx, Record, Reject,
    cef::{self, Envelope, Pairs},
    csv, json,
    kv::stated,
    named::{Author, Named},
    names::split_domain,
    record::address,
    stamp::{self, Stamp},
};

/// How a record was written, found without reading it all.
#[derive(Debug)]
pub(super) enum Carrier<'r> {
    /// Comma-separated values; `shift` columns stand before their usual place.
    Csv { text: &'r str, kind: &'r str, shift: usize },
    /// CEF or LEEF.
    Envelope(Envelope<'r>),
    /// A JSON object.
    Json(&'r str),
    /// A list of pairs.
    List(Pairs<'r>),
}

/// The logs that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogType {
    /// GLOBALPROTECT
    GlobalProtect,
    /// SYSTEM
    System,
    /// CONFIG
    Config,
    /// AUTHENTICATION
    Authentication,
    /// USERID
    UserId,
    /// HIPMATCH
    HipMatch,
    /// Those that state no sign-in.
    Other,
}

impl LogType {
    fn of(word: &str) -> Self {
        let is = |it: &str| word.eq_ignore_ascii_case(it);
        if is("GLOBALPROTECT") {
            Self::GlobalProtect
        } else if is("SYSTEM") {
            Self::System
        } else if is("CONFIG") {
            Self::Config
        } else if is("AUTHENTICATION") || is("AUTH") {
            Self::Authentication
        } else if is("USERID") {
            Self::UserId
        } else if is("HIPMATCH") || is("HIP-MATCH") {
            Self::HipMatch
        } else {
            Self::Other
        }
    }
}

/// Vendor in CEF's and LEEF's header.
const VENDOR: &str = "Palo Alto Networks";
/// Products that write these logs, and not those of an endpoint agent.
const PRODUCTS: [&str; 5] =
    ["PAN-OS", "LF", "Next Generation Firewall", "PAN-OS Syslog Integration", "Panorama"];

impl<'r> Carrier<'r> {
    /// The form of `record`, if it is one of Palo Alto's.
    pub(super) fn of(record: &Record<'r>) -> Option<Self> {
        if let Some(json) = record.json() {
            let has = |it: &str| memmem::find(json.as_bytes(), it.as_bytes()).is_some();
            let is_own = has("\"LogType\":") && (has("\"DeviceSN\":") || has("\"LogSourceID\":"));
            return is_own.then_some(Self::Json(json));
        }
        if !record.is_text() {
            return None;
        }
        if let Some(csv) = Self::csv(record.message) {
            return Some(csv);
        }
        if let Some(envelope) = cef::envelope(record.body) {
            let is_own = envelope.vendor == VENDOR && PRODUCTS.contains(&envelope.product);
            return is_own.then_some(Self::Envelope(envelope));
        }
        Self::list(record.message)
    }

    /// `1,2026/01/02 03:04:05,serial,TYPE,...`; up to 9.1.2 GlobalProtect has two more before its type.
    fn csv(message: &'r str) -> Option<Self> {
        let (head, rest) = message.split_once(',')?;
        let number = head.rsplit(' ').next()?;
        let is_number = !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit());
        let is_date = matches!(
            rest.as_bytes().first_chunk::<5>(),
            Some([b'1' | b'2', b'0'..=b'9', b'0'..=b'9', b'0'..=b'9', b'/' | b'-'])
        );
        if !is_number || !is_date {
            return None;
        }
        let text = message.get(head.len() - number.len()..)?;
        let mut columns = text.splitn(7, ',').skip(3);
        let kind = columns.next()?;
        if !kind.is_empty() && kind.bytes().all(|it| it.is_ascii_uppercase() || it == b'-') {
            return Some(Self::Csv { text, kind, shift: 0 });
        }
        let kind = columns.nth(1)?;
        (kind == "GLOBALPROTECT").then_some(Self::Csv { text, kind, shift: 2 })
    }

    /// `type=SYSTEM, subtype=auth, time_generated=...`, the same with bars, or Strata's e-mail form.
    fn list(message: &'r str) -> Option<Self> {
        let has = |it: &str| memmem::find(message.as_bytes(), it.as_bytes()).is_some();
        let is_mail = message.starts_with("TimeReceived=") || message.starts_with("LogTime=");
        if is_mail && has(" LogType=") {
            return Some(Self::List(cef::separated(message, ' ')));
        }
        if !has("time_generated=") || !has("serial=") || !has("type=") {
            return None;
        }
        let separator = if message.contains("|type=") { '|' } else { ',' };
        Some(Self::List(cef::separated(message, separator)))
    }

    /// Which log the record belongs to.
    pub(super) fn log_type(&self, arena: &'r Bump) -> LogType {
        let of_pairs = |mut pairs: Pairs<'r>| {
            let found = pairs.find(|(key, _)| matches!(*key, "cat" | "type" | "LogType" | "Type"));
            found.map_or(LogType::Other, |(_, value)| LogType::of(value))
        };
        match self {
            Self::Csv { kind, .. } => LogType::of(kind),
            Self::Json(text) => {
                json::one(text, &["LogType"], arena).map_or(LogType::Other, LogType::of)
            }
            Self::List(pairs) => of_pairs(pairs.clone()),
            Self::Envelope(envelope) => {
                let words = [envelope.event, envelope.name];
                let named = words.map(LogType::of).into_iter().find(|it| *it != LogType::Other);
                match named {
                    Some(kind) => kind,
                    None if envelope.name.is_empty() => of_pairs(envelope.pairs.clone()),
                    None => LogType::Other,
                }
            }
        }
    }
}

/// Where a field stands: its column in the comma-separated form, and its names in all others.
#[derive(Debug)]
pub(super) struct Column(pub(super) usize, pub(super) &'static [&'static str]);

/// When the record was generated.
const GENERATED: Column = Column(
    6,
    &[
        "time_generated",
        "TimeGenerated",
        "PanOSLogTimeStamp",
        "start",
        "devTime",
        "EventTime",
        "PanOSEventTime",
    ],
);
/// When management received it: the next best.
const RECEIVED: Column =
    Column(1, &["receive_time", "rt", "ReceiveTime", "TimeReceived", "LogTime", "timestamp"]);
/// Names of the high-resolution stamp; its column differs by log.
pub(super) const HIGH_RESOLUTION: &[&str] =
    &["high_res_timestamp", "TimeGeneratedHighResolution", "PanOSTimeGeneratedHighResolution"];
/// Names of the device's name; its column differs by log.
pub(super) const DEVICE: &[&str] =
    &["device_name", "DeviceName", "LogSourceName", "dvchost", "PanOSDeviceName", "dvc"];
/// No column of the comma-separated form.
pub(super) const NOWHERE: usize = usize::MAX;
/// CEF's zone.
const ZONE: Column = Column(NOWHERE, &["dtz"]);
/// The firewall's serial number.
const SERIAL: Column = Column(
    2,
    &["serial", "SerialNumber", "DeviceSN", "LogSourceID", "PanOSDeviceSN", "deviceExternalId"],
);
/// The kind of message within a log.
pub(super) const SUBTYPE: Column =
    Column(4, &["subtype", "SubType", "Subtype", "LogSubtype", "envelope-name"]);

/// One record, its fields at hand.
#[derive(Debug)]
pub(super) struct Log<'r> {
    fields: Fields<'r>,
    host: Option<&'r str>,
    stamp: Option<Stamp>,
}

/// The fields as they were written.
#[derive(Debug)]
enum Fields<'r> {
    Csv { fields: BumpVec<'r, &'r str>, shift: usize },
    Named(Named<'r>),
}

/// Who wrote a named field.
fn author(name: &str) -> Author {
    match name {
        "srcuser"
        | "user"
        | "usr.id"
        | "suser"
        | "usrName"
        | "admin"
        | "duser"
        | "duser0"
        | "User"
        | "SourceUserName"
        | "SourceUser"
        | "PanOSSourceUserName"
        | "AdminUsername" => Author::Client,
        "opaque" | "msg" | "EventDescription" => Author::Echo,
        _ => Author::Device,
    }
}

impl<'r> Log<'r> {
    /// Reads the fields.
    pub(super) fn read(
        record: &Record<'r>,
        carrier: Carrier<'r>,
        arena: &'r Bump,
    ) -> Result<Self, Reject> {
        let collect = |pairs: &mut dyn Iterator<Item = (&'r str, &'r str)>| {
            Named::collect(pairs, author, arena).map(Fields::Named)
        };
        let fields = match carrier {
            Carrier::Csv { text, shift, .. } => {
                Some(Fields::Csv { fields: csv::fields(text, ',', arena), shift })
            }
            Carrier::Envelope(it) => {
                let header = [("envelope-event", it.event), ("envelope-name", it.name)];
                let pairs = it.pairs.map(|(key, value)| (key, cef::plain(value, arena)));
                collect(&mut header.into_iter().chain(pairs))
            }
            Carrier::Json(text) => collect(&mut json::members(text).filter_map(|(key, value)| {
                Some((&*arena.alloc_str(&key), json::unquoted(value, arena)?))
            })),
            Carrier::List(pairs) => {
                collect(&mut pairs.map(|(key, value)| (key, cef::plain(value, arena))))
            }
        };
        let fields = fields.ok_or(Reject::Shape)?;
        Ok(Self { fields, host: record.host, stamp: record.stamp })
    }

    /// A field's value, where one is stated.
    pub(super) fn get(&self, column: &Column) -> Option<&'r str> {
        match &self.fields {
            Fields::Csv { fields, shift } => {
                let at = if column.0 < 3 { column.0 } else { column.0.saturating_add(*shift) };
                stated(fields.get(at)?)
            }
            Fields::Named(named) => {
                column.1.iter().find_map(|name| named.get(name).and_then(stated))
            }
        }
    }

    /// Whether any value of `column`, forged ones included, is a word for a failure.
    pub(super) fn says_failure(&self, column: &Column) -> bool {
        let is_failure = |it: &str| outcome(it) == Some(Outcome::Failure);
        match &self.fields {
            Fields::Csv { .. } => self.get(column).is_some_and(is_failure),
            Fields::Named(named) => column.1.iter().flat_map(|it| named.values(it)).any(is_failure),
        }
    }

    /// The address in the first of `columns` that states one; `0.0.0.0` and `::` state none.
    pub(super) fn address(&self, columns: &[&Column]) -> Option<IpAddr> {
        let stated = |column: &&Column| self.get(column).and_then(address);
        columns.iter().filter_map(stated).find(|it| !it.is_unspecified())
    }

    /// An event at the time at which the record was generated, by the device that wrote it.
    pub(super) fn event(
        &self,
        service: Service,
        activity: Activity,
        columns: &Common,
        ctx: &mut Ctx<'r, '_>,
    ) -> Result<Event<'r>, Reject> {
        let mut generated = [&GENERATED, &RECEIVED].into_iter().filter_map(|it| self.get(it));
        let moment = generated.find_map(Moment::read);
        let moment = moment.or(self.stamp.map(Moment::Stamp));
        let mut event = match moment {
            Some(Moment::Stamp(mut stamp)) => {
                if stamp.offset.is_none() && self.get(&ZONE) == Some("UTC") {
                    stamp.offset = Some(0);
                }
                let precise = self.get(&columns.high_resolution).and_then(Moment::read);
                ctx.event_at(ID, service, activity, with_zone(stamp, precise))
            }
            Some(Moment::Millis(millis)) => Ctx::event_at_millis(ID, service, activity, millis)?,
            None => {
                let text = self.get(&GENERATED).unwrap_or_default();
                return Err(Reject::Timestamp(text.chars().take(32).collect()));
            }
        };
        let serial = || self.get(&SERIAL).filter(|it| *it != "no-serial");
        event.host = self.get(&columns.device).or(self.host).or_else(serial);
        Ok(event)
    }
}

/// The columns of every log whose places differ from log to log.
#[derive(Debug)]
pub(super) struct Common {
    high_resolution: Column,
    device: Column,
}

impl Common {
    /// By the places in the comma-separated form.
    pub(super) const fn at(high_resolution: usize, device: usize) -> Self {
        Self {
            high_resolution: Column(high_resolution, HIGH_RESOLUTION),
            device: Column(device, DEVICE),
        }
    }
}

/// A time as one of the forms writes it.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Stamp(Stamp),
    Millis(i64),
}

impl Moment {
    /// `2026/01/02 03:04:05`, `2026-01-02T03:04:05.000000Z`, `Jan 02 2026 03:04:05 GMT`, or a count since 1970.
    fn read(text: &str) -> Option<Self> {
        let Some((mut stamp, rest)) = stamp::iso(text).or_else(|| stamp::bsd(text)) else {
            return stamp::epoch_millis(text).map(Self::Millis);
        };
        if stamp.offset.is_none() && matches!(rest.trim(), "GMT" | "UTC") {
            stamp.offset = Some(0);
        }
        Some(Self::Stamp(stamp))
    }
}

/// Seconds by which the high-resolution stamp may differ from the time of generation to speak of the same moment.
const SAME_MOMENT: i64 = 600;

/// The stamp with the zone of the high-resolution one, and its fraction where both state the same second.
fn with_zone(stamp: Stamp, precise: Option<Moment>) -> Stamp {
    let (Some(Moment::Stamp(precise)), None) = (precise, stamp.offset) else {
        return stamp;
    };
    let seconds = |it: Stamp| it.year.map(|year| it.utc_millis(year) / 1000);
    match (seconds(stamp), seconds(precise)) {
        (Some(a), Some(b)) if a == b && precise.offset.is_some() => precise,
        (Some(a), Some(b)) if (a - b).abs() <= SAME_MOMENT => {
            Stamp { offset: precise.offset, ..stamp }
        }
        _ => stamp,
    }
}

/// Writes a name into `event`, split off its domain.
pub(super) fn set_user<'r>(event: &mut Event<'r>, name: Option<&'r str>) {
    if let Some(name) = name {
        (event.user, event.domain) = split_domain(name);
    }
}

/// What a status word says.
pub(super) fn outcome(status: &str) -> Option<Outcome> {
    let is = |it: &str| status.eq_ignore_ascii_case(it);
    if is("success") || is("succeeded") {
        Some(Outcome::Success)
    } else if is("failure") || is("failed") || is("fail") || is("unauthorized") {
        Some(Outcome::Failure)
    } else {
        None
    }
}
