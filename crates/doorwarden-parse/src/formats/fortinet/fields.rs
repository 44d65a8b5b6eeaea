//! The forms in which Fortinet appliances write a record, and its fields by name.

use std::net::IpAddr;

use bumpalo::Bump;
use doorwarden_model::{Activity, Event, Outcome, Service};
use memchr::memmem;

use super::ID;
use crate::{
    Ctx, Record, Reject,
    cef::{self, Envelope},
    json,
    kv::{self, stated},
    named::{Author, Named},
    names::split_domain,
    record::address,
    stamp::{self, Stamp},
};

/// How a record was written, found without reading it all.
#[derive(Debug)]
pub(super) enum Carrier<'r> {
    /// `key=value key="quoted value"`
    Pairs(&'r str),
    /// CEF.
    Envelope(Envelope<'r>),
    /// A JSON object.
    Json(&'r str),
    /// `FortiAuthenticator`: pairs, then a sentence.
    Authenticator(&'r str),
}

impl<'r> Carrier<'r> {
    /// The form of `record`, if it is one of Fortinet's.
    pub(super) fn of(record: &Record<'r>) -> Option<Self> {
        if let Some(json) = record.json() {
            let has = |it: &str| memmem::find(json.as_bytes(), it.as_bytes()).is_some();
            let is_own = (has("\"logid\":") || has("\"log_id\":"))
                && has("\"subtype\":")
                && has("\"type\":");
            return is_own.then_some(Self::Json(json));
        }
        if !record.is_text() {
            return None;
        }
        let message = record.message;
        if message.starts_with("category=\"") && message.contains("\" subcategory=\"") {
            return Some(Self::Authenticator(message));
        }
        // `format rfc5424` writes the pairs as structured data.
        let texts = [Some(message), record.structured];
        if let Some(text) = texts.into_iter().flatten().find(|it| is_list(it)) {
            return Some(Self::Pairs(text));
        }
        let envelope = cef::envelope(record.body)?;
        (envelope.vendor == "Fortinet").then_some(Self::Envelope(envelope))
    }

    /// Whether it is an event, as opposed to traffic and what was found in it.
    pub(super) fn is_event(&self, arena: &'r Bump) -> bool {
        let is_event = |it: &str| it.trim_start_matches('"').starts_with("event");
        match self {
            Self::Authenticator(_) => true,
            Self::Pairs(text) => word(text, "type=").is_some_and(is_event),
            Self::Json(text) => json::one(text, &["type"], arena).is_some_and(is_event),
            Self::Envelope(it) if it.name.starts_with("event") => true,
            Self::Envelope(it) => {
                let mut pairs = it.pairs.clone();
                pairs.any(|(key, value)| {
                    matches!(key, "cat" | "type" | "FTNTFGTtype") && is_event(value)
                })
            }
        }
    }
}

/// Whether `text` has the names that every record of this form has.
fn is_list(text: &str) -> bool {
    let has_id = word(text, "logid=").or_else(|| word(text, "log_id=")).is_some();
    has_id && word(text, "type=").is_some() && word(text, "subtype=").is_some()
}

/// The text behind `key`, where it stands at the start of a word.
fn word<'r>(text: &'r str, key: &str) -> Option<&'r str> {
    let bytes = text.as_bytes();
    let at = memmem::find_iter(bytes, key.as_bytes()).find(|at| {
        at.checked_sub(1).is_none_or(|it| matches!(bytes.get(it), Some(b' ' | b',' | b'\t')))
    })?;
    text.get(at + key.len()..)
}

/// One record, its fields at hand.
#[derive(Debug)]
pub(super) struct Line<'r> {
    named: Named<'r>,
    host: Option<&'r str>,
    stamp: Option<Stamp>,
}

/// Who wrote a field.
fn author(name: &str) -> Author {
    match name {
        "user" | "duser" | "suser" | "xauthuser" | "xauth_user" | "useralt" => Author::Client,
        "msg" => Author::Echo,
        _ => Author::Device,
    }
}

/// CEF's keys begin with the product: `FTNTFGTremip`.
fn without_product(key: &str) -> &str {
    match key.strip_prefix("FTNT") {
        Some(rest) => rest.get(3..).unwrap_or(key),
        None => key,
    }
}

impl<'r> Line<'r> {
    /// Reads the fields.
    pub(super) fn read(
        record: &Record<'r>,
        carrier: Carrier<'r>,
        arena: &'r Bump,
    ) -> Result<Self, Reject> {
        let collect = |pairs: &mut dyn Iterator<Item = (&'r str, &'r str)>| {
            Named::collect(pairs, author, arena)
        };
        let named = match carrier {
            Carrier::Pairs(text) | Carrier::Authenticator(text) => {
                collect(&mut kv::pairs(text).map(|(key, value)| (key, cef::plain(value, arena))))
            }
            Carrier::Envelope(it) => collect(
                &mut it.pairs.map(|(key, value)| (without_product(key), cef::plain(value, arena))),
            ),
            Carrier::Json(text) => collect(&mut json::members(text).filter_map(|(key, value)| {
                Some((&*arena.alloc_str(&key), json::unquoted(value, arena)?))
            })),
        };
        let named = named.ok_or(Reject::Shape)?;
        Ok(Self { named, host: record.host, stamp: record.stamp })
    }

    /// The first of `names` that states a value.
    pub(super) fn get(&self, names: &[&str]) -> Option<&'r str> {
        names.iter().find_map(|it| self.named.get(it).and_then(stated))
    }

    /// The kind of event.
    pub(super) fn subtype(&self) -> &'r str {
        let of_category = || self.get(&["cat"]).and_then(|it| it.split_once(':')).map(|it| it.1);
        let stated = self.get(&["subtype", "subcategory"]);
        stated.or_else(of_category).unwrap_or_default()
    }

    /// What was done.
    pub(super) fn action(&self) -> &'r str {
        self.get(&["action", "act", "operation"]).unwrap_or_default()
    }

    /// What came of it. Where forged words stand beside the true one, nothing may turn a refusal into a success.
    pub(super) fn status(&self) -> Option<Outcome> {
        let words = || ["status", "outcome"].into_iter().flat_map(|it| self.named.values(it));
        let is_any =
            |known: &[&str]| words().any(|it| known.iter().any(|k| it.eq_ignore_ascii_case(k)));
        if is_any(&["failure", "failed", "fail", "error", "negotiate_error", "timed_out", "denied"])
        {
            return Some(Outcome::Failure);
        }
        is_any(&["success", "succeeded", "logon"]).then_some(Outcome::Success)
    }

    /// What the record says in words.
    pub(super) fn message(&self) -> Option<&'r str> {
        self.get(&["msg", "logdesc"])
    }

    /// Whether the description or the message hold `part`, in lower case.
    pub(super) fn says(&self, part: &str) -> bool {
        let texts = [self.get(&["logdesc"]), self.get(&["msg"])];
        texts.into_iter().flatten().any(|it| super::reason::has(it, part))
    }

    /// An address in the first of `names` that states one; `0.0.0.0` and `::` state none.
    pub(super) fn address(&self, names: &[&str]) -> Option<IpAddr> {
        let stated = |name: &&str| self.named.get(name).and_then(address);
        names.iter().filter_map(stated).find(|it| !it.is_unspecified())
    }

    /// An event with what every record states: time, device, message id.
    pub(super) fn event(
        &self,
        service: Service,
        activity: Activity,
        ctx: &mut Ctx<'r, '_>,
    ) -> Result<Event<'r>, Reject> {
        let counted = self.get(&["eventtime"]).and_then(stamp::epoch_millis);
        let mut event = match (counted, self.civil().or(self.stamp)) {
            (Some(millis), _) => Ctx::event_at_millis(ID, service, activity, millis)?,
            (None, Some(stamp)) => ctx.event_at(ID, service, activity, stamp),
            (None, None) => {
                let text = self.get(&["date", "rt"]).unwrap_or_default();
                return Err(Reject::Timestamp(text.chars().take(32).collect()));
            }
        };
        let device = self.get(&["devname", "dvchost", "device_name"]).or(self.host);
        event.host = device.or_else(|| self.get(&["devid", "deviceExternalId", "device_id"]));
        event.code = self.get(&["logid", "log_id", "typeid"]);
        Ok(event)
    }

    /// `date` and `time`, with `tz`.
    fn civil(&self) -> Option<Stamp> {
        let date = self.get(&["date"])?;
        let mut numbers = date.splitn(3, '-').map(str::parse::<i16>);
        let mut next = || numbers.next()?.ok();
        let (year, month, day) = (next()?, next()?, next()?);
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let (mut stamp, _) = stamp::of_parts(Some(year), month, day, self.get(&["time"])?)?;
        stamp.offset = self.get(&["tz"]).and_then(stamp::zone);
        Some(stamp)
    }
}

/// The name in `event`, split off its domain; a certificate's subject is one, an address is no name.
pub(super) fn set_user<'r>(event: &mut Event<'r>, name: Option<&'r str>) {
    let Some(name) = name.filter(|it| address(it).is_none()) else { return };
    if name.contains("CN=") || name.contains("CN = ") {
        event.certificate = Some(name);
    } else {
        (event.user, event.domain) = split_domain(name);
    }
}

/// `https(192.0.2.1)` as door and address; an address alone is one without door.
pub(super) fn door(ui: &str) -> (&str, Option<IpAddr>) {
    match ui.split_once('(') {
        Some((door, rest)) => (door, address(rest.trim_end_matches(')'))),
        None if address(ui).is_some() => ("", address(ui)),
        None => (ui, None),
    }
}
