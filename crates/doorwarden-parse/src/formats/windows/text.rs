//! Windows events as lines of text: what syslog agents make of the rendered message.

use bumpalo::Bump;

use super::{When, WinEvent, cef, draft::Draft, rendered, xml};
use crate::{
    Record, kv,
    stamp::{self, Stamp},
};

/// Reads the event in a line; absent where it is none.
pub(super) fn read<'r>(record: &Record<'r>, arena: &'r Bump) -> Option<WinEvent<'r>> {
    let text = record.message.trim_start();
    // What a JSON object carries may be any program's message, and so anybody's; a shipper's own is read as JSON.
    let is_carried = record.text.trim_start().starts_with('{');
    if text.starts_with('<') {
        return (!is_carried && xml::is_event(text)).then(|| xml::read(text, arena))?;
    }
    let draft = Draft::new(arena);
    let is_structured = |it: &&str| it.contains("EventID=") || it.contains("eventid=");
    let mut event = if let Some(structured) = record.structured.filter(is_structured) {
        structured_data(structured, draft)?
    } else if let Some((before, rest)) = ossec_split(record) {
        ossec(before, rest, draft)?
    } else if let Some(rest) = record.body.strip_prefix("MSWinEventLog") {
        snare(rest, draft)?
    } else if let Some(rest) = record.body.strip_prefix("AgentDevice=WindowsLog") {
        wincollect(rest, draft)?
    } else if record.body.starts_with("CEF:0|") {
        cef::read(record.body, draft, arena)?
    } else if let Some(app) = record.app {
        tagged(app, text, draft)?
    } else if is_carried {
        return None;
    } else {
        return bare(text, arena);
    };
    event.when = event.when.or(record.stamp.map(When::Stamp));
    event.computer = event.computer.or(record.host);
    event.message = event.message.or(Some(text));
    event.finish()
}

/// Splunk's text of an event: a time, `LogName=Security`, `EventCode=4624`, ..., `Message=...`.
pub(super) fn bare<'r>(text: &'r str, arena: &'r Bump) -> Option<WinEvent<'r>> {
    let head_end = text.find("Message=").unwrap_or(text.len());
    let (head, message) = text.split_at_checked(head_end)?;
    if !head.contains("EventCode=") {
        return None;
    }
    let mut draft = Draft::new(arena);
    draft.message = message.strip_prefix("Message=");
    let mut lines = head.split(['\n', '\r']).flat_map(|it| it.split("#012"));
    // Without the time before it, it is somebody's text that speaks of an event.
    draft.when = Some(When::Stamp(rendered::american(lines.next()?)?));
    for line in lines {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = Some(value.trim()).filter(|it| !it.is_empty());
        match key.trim() {
            "LogName" => draft.channel = value,
            "SourceName" => draft.provider = value,
            "EventCode" => draft.event_id = value.and_then(|it| it.parse().ok()),
            "ComputerName" => draft.computer = value,
            "RecordNumber" => draft.record = value.and_then(|it| it.parse().ok()),
            _ => {}
        }
    }
    draft.finish()
}

/// RFC 5424 structured data of NXLog, `[NXLOG@14506 EventID="4624" Channel="Security" TargetUserName="ana" ...]`, and
/// of VMware's agent, which gives the head only: `[... eventid="4624" channel="Security" providername="..."]`.
fn structured_data<'r>(structured: &'r str, mut draft: Draft<'r>) -> Option<Draft<'r>> {
    for (key, value) in kv::pairs(structured) {
        match key {
            "EventID" | "eventid" => draft.event_id = value.parse().ok(),
            "SourceName" | "providername" => draft.provider = Some(value),
            "Channel" | "channel" => draft.channel = Some(value),
            "RecordNumber" | "eventrecordid" => draft.record = value.parse().ok(),
            "Hostname" | "hostname" => draft.computer = Some(value),
            _ => draft.push(Some(key), value),
        }
    }
    draft.event_id.map(|_| draft)
}

/// What stands before and behind the tag of OSSEC's agent, where it stands right behind a header: another program's
/// message may hold it anywhere.
fn ossec_split<'r>(record: &Record<'r>) -> Option<(&'r str, &'r str)> {
    let is_tagged = record.app == Some("WinEvtLog") || record.text.starts_with("WinEvtLog: ");
    if !is_tagged {
        // `2026 Mar 02 07:58:02 (dc01) 192.0.2.10->WinEvtLog 2026 Mar 02 07:58:01 `
        year_first(record.text.get(..20)?)?;
    }
    let (before, rest) = record.text.split_once("WinEvtLog: ")?;
    (is_tagged || before.split_whitespace().count() <= 10).then_some((before, rest))
}

/// `Security: AUDIT_SUCCESS(4624): Microsoft-Windows-Security-Auditing: ana: CORP: ws01: An account was ...`
fn ossec<'r>(before: &'r str, rest: &'r str, mut draft: Draft<'r>) -> Option<Draft<'r>> {
    let (channel, rest) = rest.split_once(": ")?;
    let (kind, rest) = rest.split_once(": ")?;
    let (provider, rest) = rest.split_once(": ")?;
    let (_, id) = kind.strip_suffix(')')?.rsplit_once('(')?;
    draft.event_id = Some(id.parse().ok()?);
    (draft.channel, draft.provider) = (Some(channel), Some(provider));
    // User, domain and computer; a name may hold anything but the two signs between them.
    let mut parts = rest.splitn(4, ": ");
    draft.computer = parts.nth(2);
    draft.message = parts.next();
    draft.when = year_first(before).map(When::Stamp);
    draft.computer.map(|_| draft)
}

/// The stamp that ends `text`: `2015 Jan 26 10:32:29 `.
fn year_first(text: &str) -> Option<Stamp> {
    let text = text.trim_end();
    let at = text.len().checked_sub(20)?;
    let (year, rest) = text.get(at..)?.split_once(' ')?;
    let (stamp, _) = stamp::bsd(rest)?;
    Some(Stamp { year: Some(year.parse().ok()?), ..stamp })
}

/// Snare: fields between tabs, which syslog daemons may have escaped.
///
/// `\t1\tSecurity\t4711\tFri Nov 20 09:00:00 2026\t4624\tMicrosoft-Windows-Security-Auditing\t...`
fn snare<'r>(rest: &'r str, mut draft: Draft<'r>) -> Option<Draft<'r>> {
    let tab = if rest.starts_with("#011") { "#011" } else { "\t" };
    let mut fields = rest.split(tab).skip(1);
    let _level = fields.next()?;
    draft.channel = fields.next();
    let _counter = fields.next()?;
    let date = fields.next()?;
    draft.event_id = Some(fields.next()?.trim().parse().ok()?);
    draft.provider = fields.next();
    let (_user, _kind, _outcome) = (fields.next()?, fields.next()?, fields.next()?);
    draft.computer = fields.next();
    let _category = fields.next()?;
    let _binary = fields.next()?;
    draft.message = fields.next();
    // The day of the week stands first, the year last.
    let parts = date.split_once(' ').and_then(|it| stamp::bsd(it.1));
    draft.when = parts.map(|it| When::Stamp(it.0));
    Some(draft)
}

/// The least number that counts milliseconds, and the largest that is looked at.
const SECONDS_CAP: i64 = 100_000_000_000;
const MILLIS_CAP: i64 = 100_000_000_000_000;

/// IBM's `WinCollect`: names and values between tabs, the message last.
///
/// `\tAgentLogFile=Security\tSource=Microsoft-Windows-Security-Auditing\tComputer=ws01\tEventIDCode=4624\t...Message=...`
fn wincollect<'r>(rest: &'r str, mut draft: Draft<'r>) -> Option<Draft<'r>> {
    // Relays escape the tabs, or make blanks of them.
    let tab = ["\t", "#011", "\\t", " "].into_iter().find(|it| rest.starts_with(it))?;
    let (head, message) = rest.split_once("Message=").unwrap_or((rest, ""));
    draft.message = Some(message).filter(|it| !it.is_empty());
    for (key, value) in head.split(tab).filter_map(|it| it.split_once('=')) {
        match key {
            "AgentLogFile" => draft.channel = Some(value),
            "Source" => draft.provider = Some(value),
            "Computer" => draft.computer = Some(value),
            // `EventID` holds the qualifiers of old events as well.
            "EventIDCode" => draft.event_id = value.parse().ok(),
            "EventID" => draft.event_id = draft.event_id.or_else(|| value.parse().ok()),
            "RecordNumber" => draft.record = value.parse().ok(),
            "TimeGenerated" => {
                // Seconds; milliseconds where no agent collects.
                let number = value.parse::<i64>().ok().filter(|it| (0..=MILLIS_CAP).contains(it));
                let millis = number.map(|it| if it < SECONDS_CAP { it * 1000 } else { it });
                draft.when = millis.map(When::Millis);
            }
            _ => {}
        }
    }
    draft.event_id.map(|_| draft)
}

/// A line tagged with the provider: `Microsoft-Windows-Security-Auditing[516]: An account was ...`, or with the id
/// before the message: `Security-Auditing: 4624: AUDIT_SUCCESS An account was ...`.
fn tagged<'r>(app: &'r str, message: &'r str, mut draft: Draft<'r>) -> Option<Draft<'r>> {
    let is_short = matches!(app, "Security-Auditing" | "Security_Auditing");
    draft.provider = Some(if is_short {
        "Microsoft-Windows-Security-Auditing"
    } else {
        app.trim_end_matches(':')
    });
    if super::Log::of(draft.provider?, "") == super::Log::Other {
        return None;
    }
    let digits = message.bytes().take_while(u8::is_ascii_digit).count();
    draft.event_id = if 0 < digits {
        message.get(..digits)?.parse().ok()
    } else {
        // Zero is no event's id: the provider is known, the event is none that is read.
        Some(TITLES.iter().find(|it| message.starts_with(it.0)).map_or(0, |it| it.1))
    };
    draft.event_id.map(|_| draft)
}

/// First words of messages, where an agent leaves out the id.
const TITLES: &[(&str, u32)] = &[
    ("An account was successfully logged on", 4624),
    ("An account failed to log on", 4625),
    ("An account was logged off", 4634),
    ("User initiated logoff", 4647),
    ("A logon was attempted using explicit credentials", 4648),
    ("Special privileges assigned to new logon", 4672),
    ("A user account was created", 4720),
    ("A user account was enabled", 4722),
    ("An attempt was made to change an account's password", 4723),
    ("An attempt was made to reset an account's password", 4724),
    ("A user account was disabled", 4725),
    ("A user account was deleted", 4726),
    ("A security-enabled global group was created", 4727),
    ("A security-enabled global group was deleted", 4730),
    ("A security-enabled local group was created", 4731),
    ("A security-enabled local group was deleted", 4734),
    ("A security-enabled universal group was created", 4754),
    ("A security-enabled universal group was deleted", 4758),
    ("A computer account was created", 4741),
    ("A computer account was deleted", 4743),
    ("A member was added to a security-enabled global group", 4728),
    ("A member was removed from a security-enabled global group", 4729),
    ("A member was added to a security-enabled local group", 4732),
    ("A member was removed from a security-enabled local group", 4733),
    ("A user account was changed", 4738),
    ("A user account was locked out", 4740),
    ("A member was added to a security-enabled universal group", 4756),
    ("A member was removed from a security-enabled universal group", 4757),
    ("A user account was unlocked", 4767),
    ("A Kerberos authentication ticket (TGT) was requested", 4768),
    ("A Kerberos service ticket was requested", 4769),
    ("A Kerberos service ticket was renewed", 4770),
    ("Kerberos pre-authentication failed", 4771),
    ("The computer attempted to validate the credentials for an account", 4776),
    ("The domain controller attempted to validate the credentials for an account", 4776),
    ("A session was reconnected to a Window Station", 4778),
    ("A session was disconnected from a Window Station", 4779),
    ("The workstation was locked", 4800),
    ("The workstation was unlocked", 4801),
    ("A user was denied the access to Remote Desktop", 4825),
    ("Special groups have been assigned to a new logon", 4964),
    ("The audit log was cleared", 1102),
    ("System audit policy was changed", 4719),
    ("Network Policy Server granted access to a user", 6272),
    ("Network Policy Server denied access to a user", 6273),
    ("Network Policy Server discarded the request for a user", 6274),
    ("Network Policy Server granted full access to a user", 6278),
    ("Network Policy Server locked the user account", 6279),
    ("Remote Desktop Services: Session logon succeeded", 21),
    ("Remote Desktop Services: Shell start notification received", 22),
    ("Remote Desktop Services: Session logoff succeeded", 23),
    ("Remote Desktop Services: Session has been disconnected", 24),
    ("Remote Desktop Services: Session reconnection succeeded", 25),
    ("Remote Desktop Services: User authentication succeeded", 1149),
];
