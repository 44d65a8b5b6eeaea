//! Windows events as JSON, in the shapes that collectors give them.
//!
//! Winlogbeat and Elastic Agent (`winlog.event_data`), Wazuh (`win.system`, `win.eventdata`), NXLog and Microsoft
//! Sentinel (everything flat), `evtx_dump` (`Event.System`), Splunk (the rendered text), GELF. They differ in the case of
//! their keys and in nesting, not in their words: keys are compared without case and without signs, by their last part
//! and the object they stand in.

use bumpalo::Bump;
use smallvec::SmallVec;

use super::{When, WinEvent, draft::Draft, rendered, text, xml};
use crate::{json, stamp};

/// Objects inside objects that are looked into.
const DEPTH_CAP: u8 = 7;
/// Keys looked at in one record.
const KEY_CAP: usize = 2048;

/// Reads the event in `json`; absent where it is none.
pub(super) fn read<'r>(json: &'r str, arena: &'r Bump) -> Option<WinEvent<'r>> {
    if !may_be_windows(json) {
        return None;
    }
    let mut walk = Walk {
        draft: Draft::new(arena),
        arena,
        time_rank: 0,
        receipt: None,
        keys: 0,
        raw: None,
        host: None,
        bare_id: None,
    };
    walk.object(json, Place::Top, DEPTH_CAP);
    walk.take_bare_id();
    if walk.draft.event_id.is_none() {
        // A program's own record may hold anything in its message; a shipper's has nothing else beside it.
        let message = walk.draft.message.filter(|_| walk.draft.data.is_empty());
        let raw = walk.raw.or(message)?.trim_start();
        return if xml::is_event(raw) { xml::read(raw, arena) } else { text::bare(raw, arena) };
    }
    walk.place_in_zone();
    walk.draft.computer = walk.draft.computer.or(walk.host);
    walk.draft.finish()
}

/// Rules out most other JSON, and what was cut off.
fn may_be_windows(json: &str) -> bool {
    const WORDS: [&str; 9] = [
        "Security",
        "Microsoft-Windows",
        "AD FS",
        "OpenSSH",
        "RemoteAccess",
        "RasClient",
        "\"System\"",
        "\"Application\"",
        "\"Windows PowerShell\"",
    ];
    json.trim_end().ends_with('}')
        && WORDS.iter().any(|it| memchr::memmem::find(json.as_bytes(), it.as_bytes()).is_some())
}

/// What kind of object a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The outermost one, or one that only wraps it: head and data may both stand here.
    Top,
    /// Only the head's fields.
    Head,
    /// ECS `event`: its `code` is the id.
    Event,
    /// The event's data.
    Data,
    /// One value with attributes: `{"#text": 4624, "#attributes": {...}}`.
    Field,
}

struct Walk<'r> {
    draft: Draft<'r>,
    arena: &'r Bump,
    /// How good the time found so far is.
    time_rank: u8,
    /// When a collector received it, with its zone.
    receipt: Option<stamp::Stamp>,
    keys: usize,
    /// The original record inside.
    raw: Option<&'r str>,
    /// What may be the computer where nothing better names it.
    host: Option<&'r str>,
    /// A number that is only called `Id`.
    bare_id: Option<u32>,
}

impl<'r> Walk<'r> {
    fn object(&mut self, object: &'r str, place: Place, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for (key, value) in json::members(object) {
            self.keys += 1;
            if KEY_CAP < self.keys {
                return;
            }
            let (parent, last) = flat(&key);
            let place = if parent.is_empty() { place } else { dotted(parent, place) };
            let key = Key::new(last);
            match value.trim_start().as_bytes().first() {
                Some(b'{') => self.nested(&key, value, place, depth),
                Some(b'[') => self.list(&key, value, place, depth),
                _ => self.scalar(&key, value, place),
            }
        }
    }

    /// An object named `key`.
    fn nested(&mut self, key: &Key<'_>, value: &'r str, place: Place, depth: u8) {
        if key.is_any(&["eventid", "provider", "timecreated", "correlation"]) {
            self.field(key, value, depth);
        } else if key.is_any(&["eventdata", "userdata", "eventinfo", "eventxml"])
            || place == Place::Data
        {
            self.object(value, Place::Data, depth);
        } else if key.is("event") && place == Place::Top {
            self.object(value, Place::Event, depth);
        } else if key.is_any(&["winlog", "system"]) {
            self.object(value, Place::Head, depth);
        } else if key.is_any(&["win", "data", "result", "source", "fields", "log", "body"])
            && place == Place::Top
        {
            self.object(value, Place::Top, depth);
        }
    }

    /// `"EventID": {"#text": 4624}`, `"Provider": {"@Name": ...}`, `"TimeCreated": {"#attributes": {"SystemTime": ...}}`.
    fn field(&mut self, key: &Key<'_>, value: &'r str, depth: u8) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for (inner, value) in json::members(value) {
            let inner = Key::new(&inner);
            if value.trim_start().starts_with('{') {
                self.field(key, value, depth);
            } else if (key.is("eventid") && inner.is_any(&["text", "value", "id"]))
                || (key.is("provider") && inner.is("name"))
            {
                self.scalar(key, value, Place::Field);
            } else if inner.is_any(&["systemtime", "activityid"]) {
                self.scalar(&inner, value, Place::Field);
            }
        }
    }

    /// `"Data": ["ana", ...]`, or a list of `{"@Name": ..., "#text": ...}`.
    fn list(&mut self, key: &Key<'_>, value: &'r str, place: Place, depth: u8) {
        let is_head = place == Place::Top && key.is("fields");
        if place != Place::Data && !is_head && !key.is_any(&["data", "eventdata", "userdata"]) {
            return;
        }
        for element in json::elements(value) {
            if !element.trim_start().starts_with('{') {
                if let Some(text) = json::unquoted(element, self.arena) {
                    self.draft.push(None, text);
                }
                continue;
            }
            let (mut name, mut text) = (None, None);
            for (inner, value) in json::members(element) {
                let inner = Key::new(&inner);
                if inner.is("name") {
                    name = json::unquoted(value, self.arena);
                } else if inner.is_any(&["text", "value", "content"]) {
                    text = json::unquoted(value, self.arena);
                }
            }
            match (name, text) {
                (Some(name), Some(text)) if is_head => self.fact(&Key::new(name), text, Place::Top),
                (Some(_), text) => self.draft.push(name, text.unwrap_or_default()),
                (None, _) => self.object(element, Place::Data, depth),
            }
        }
    }

    fn scalar(&mut self, key: &Key<'_>, value: &'r str, place: Place) {
        if let Some(text) = json::unquoted(value, self.arena) {
            self.fact(key, text, place);
        }
    }

    fn fact(&mut self, key: &Key<'_>, text: &'r str, place: Place) {
        if place == Place::Data {
            self.data(key, text);
            return;
        }
        if key.is_any(&["raw", "original"]) {
            self.raw = Some(text);
        } else if key.is("host") && place == Place::Top {
            self.host = Some(text);
        } else if !self.head(key, text, place) && place == Place::Top {
            self.draft.push(Some(self.arena.alloc_str(key.text)), text);
        }
    }

    /// A value of the data; `Data` alone is no name.
    fn data(&mut self, key: &Key<'_>, text: &'r str) {
        if key.is("data") {
            self.draft.push(None, text);
        } else if let Some(number) = key.text.strip_prefix("param").filter(|it| is_number(it)) {
            // Winlogbeat counts nameless data from `param1`.
            let at = number.parse::<usize>().unwrap_or(1).saturating_sub(1);
            self.draft.push(Some(bumpalo::format!(in self.arena, "{at}",).into_bump_str()), text);
            self.draft.push(Some(self.arena.alloc_str(key.text)), text);
        } else if !key.is("xmlname") {
            self.draft.push(Some(self.arena.alloc_str(key.text)), text);
        }
    }

    /// A field of the head; `false` where `key` is none.
    fn head(&mut self, key: &Key<'_>, text: &'r str, place: Place) -> bool {
        let draft = &mut self.draft;
        let first = |old: &mut Option<&'r str>| *old = old.or(Some(text));
        if key.is_any(&["eventid", "eventcode", "eventidentifier"])
            || (place == Place::Event && key.is("code"))
        {
            draft.event_id = draft.event_id.or_else(|| text.trim().parse().ok());
        } else if key.is_any(&["channel", "logname", "eventlog", "logfile", "eventchannel"]) {
            first(&mut draft.channel);
        } else if key.is_any(&["providername", "sourcename", "eventsourcename", "provider"])
            || key.is_any(&["eventsource", "source"])
        {
            first(&mut draft.provider);
        } else if key.is_any(&["computer", "computername", "hostname", "machinename"]) {
            first(&mut draft.computer);
        } else if key.is_any(&["recordid", "recordnumber", "eventrecordid", "eventrecordnumber"]) {
            draft.record = draft.record.or_else(|| text.trim().parse().ok());
        } else if key.is("activityid") {
            first(&mut draft.activity);
        } else if key.is_any(&["message", "fullmessage", "eventmessage", "renderedmessage", "text"])
            || key.is_any(&["rendereddescription", "description"])
        {
            first(&mut draft.message);
        } else if key.is("id") && place == Place::Top {
            self.bare_id = text.trim().parse().ok();
        } else {
            return self.time(key, text);
        }
        true
    }

    /// A time, better than the one known.
    fn time(&mut self, key: &Key<'_>, text: &'r str) -> bool {
        let rank = if key.is_any(&["systemtime", "timecreated"]) {
            4
        } else if key.is_any(&["eventtime", "timegenerated", "timewritten"]) {
            3
        } else if key.is_any(&["timestamp", "time"]) {
            2
        } else {
            return false;
        };
        let Some(when) = moment(text) else { return true };
        if let (2, When::Stamp(stamp)) = (rank, when) {
            self.receipt = Some(stamp);
        }
        if self.time_rank < rank {
            (self.draft.when, self.time_rank) = (Some(when), rank);
        }
        true
    }

    /// PowerShell's `Get-WinEvent` calls the id of an event `Id`, and its log and provider as nothing else does.
    fn take_bare_id(&mut self) {
        let draft = &mut self.draft;
        if draft.event_id.is_none() && draft.provider.is_some() && draft.channel.is_some() {
            draft.event_id = self.bare_id;
        }
    }

    /// NXLog states the event's time in the sender's zone and does not name it; the receipt beside it is in UTC, and a
    /// few seconds later, so that their distance in whole quarters of an hour is the zone.
    fn place_in_zone(&mut self) {
        const QUARTER: i64 = 900_000;
        let (Some(When::Stamp(stamp)), Some(receipt)) = (self.draft.when, self.receipt) else {
            return;
        };
        let (None, Some(offset)) = (stamp.offset, receipt.offset) else { return };
        let (Some(year), Some(receipt_year)) = (stamp.year, receipt.year) else { return };
        let received = receipt.utc_millis(receipt_year) - i64::from(offset) * 1000;
        let ahead = stamp.utc_millis(year) - received;
        let quarters = (ahead + QUARTER / 2).div_euclid(QUARTER);
        if quarters.abs() <= 14 * 4
            && let Ok(offset) = i32::try_from(quarters * QUARTER / 1000)
        {
            self.draft.when = Some(When::Stamp(stamp::Stamp { offset: Some(offset), ..stamp }));
        }
    }
}

/// A flattened key as its path and its last part; Graylog joins them with `_`.
fn flat(key: &str) -> (&str, &str) {
    if let Some((_, name)) = key.split_once("winlog_event_data_") {
        ("event_data", name)
    } else if let Some((_, name)) = key.split_once("winlog_") {
        ("winlog", name)
    } else {
        key.rsplit_once('.').unwrap_or(("", key))
    }
}

/// What the path before a dotted key's last part says about it.
fn dotted(parent: &str, place: Place) -> Place {
    let last = parent.rsplit('.').next().unwrap_or(parent);
    let last = Key::new(last);
    if last.is_any(&["eventdata", "userdata"]) {
        Place::Data
    } else if last.is("event") {
        Place::Event
    } else if last.is_any(&["winlog", "system"]) {
        Place::Head
    } else if place == Place::Data {
        place
    } else {
        Place::Field
    }
}

/// A time as ISO text, as Splunk writes it, or as a number since 1970.
fn moment(text: &str) -> Option<When> {
    if let Some((stamp, _)) = stamp::iso(text) {
        return Some(When::Stamp(stamp));
    }
    if let Some(stamp) = rendered::american(text) {
        return Some(When::Stamp(stamp));
    }
    // Old PowerShell writes `/Date(1795514400000)/`.
    let number = text.trim().trim_start_matches("/Date(").trim_end_matches(")/");
    let number: f64 = number.parse().ok()?;
    let millis = match number {
        // Seconds, milliseconds, microseconds, nanoseconds.
        1e8..1e11 => number * 1e3,
        1e11..1e14 => number,
        1e14..1e17 => number / 1e3,
        1e17..1e20 => number / 1e6,
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "the ranges above fit")]
    Some(When::Millis(millis as i64))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// A key, with and without its case and signs.
struct Key<'k> {
    text: &'k str,
    plain: SmallVec<[u8; 32]>,
}

impl<'k> Key<'k> {
    fn new(text: &'k str) -> Self {
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric);
        Self { text, plain: letters.map(|it| it.to_ascii_lowercase()).collect() }
    }

    fn is(&self, word: &str) -> bool {
        self.plain.as_slice() == word.as_bytes()
    }

    fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|it| self.is(it))
    }
}
