//! The three forms of the accounting files, read into one.

use crate::{Ctx, csv, kv::stated};

/// A form of the accounting files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `<Event><Timestamp data_type="4">...</Timestamp>...</Event>`
    Elements,
    /// `"NPS1","IAS",11/24/2026,02:09:53,1,"CORP\ana",...`
    Columns,
    /// `192.0.2.3,ana,11/24/2026,02:09:53,IAS,NPS1,4136,1,...`
    Pairs,
}

/// The form of `line`.
pub(super) fn form(line: &str) -> Option<Form> {
    match line.as_bytes().first()? {
        b'<' => line.starts_with("<Event><Timestamp data_type=").then_some(Form::Elements),
        first if *first == b'"' || first.is_ascii_alphanumeric() => columns_or_pairs(line),
        _ => None,
    }
}

/// Tells by the place of date and service; neither can be shifted by what a client writes into a name.
fn columns_or_pairs(line: &str) -> Option<Form> {
    let (first, rest) = line.split_once(',')?;
    let (second, rest) = rest.split_once(',')?;
    if is_service(second) && is_date(rest.split(',').next()?) && !first.is_empty() {
        return Some(Form::Columns);
    }
    // The name is the second value: it may hold commas where it is quoted.
    let rest = match second.strip_prefix('"') {
        Some(_) if !second.ends_with('"') => rest.split_once("\",")?.1,
        _ => rest,
    };
    let mut words = rest.split(',');
    let (date, _, service) = (words.next()?, words.next()?, words.next()?);
    (is_date(date) && is_service(service)).then_some(Form::Pairs)
}

fn is_service(word: &str) -> bool {
    matches!(word.trim_matches('"'), "IAS" | "RAS" | "NPS")
}

/// `11/24/2026`
fn is_date(word: &str) -> bool {
    let parts = word.trim_matches('"').split('/');
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    parts.clone().count() == 3 && parts.into_iter().all(is_number)
}

/// What a record states.
#[derive(Debug, Default)]
pub(super) struct Packet<'r> {
    /// Month, day and year, with slashes.
    pub(super) date: &'r str,
    /// Time of day.
    pub(super) clock: &'r str,
    /// `IAS` or `RAS`.
    pub(super) service: &'r str,
    /// The server that wrote it.
    pub(super) computer: Option<&'r str>,
    /// 1 request, 2 accept, 3 reject, 4 accounting, 11 challenge.
    pub(super) kind: Option<u32>,
    /// The name as the client wrote it.
    pub(super) user: Option<&'r str>,
    /// `CORP\ana` or `corp.example/Users/Ana`: who it is by the directory.
    pub(super) full_name: Option<&'r str>,
    /// Calling-Station-Id.
    pub(super) caller: Option<&'r str>,
    /// The outer address of a tunnel.
    pub(super) tunnel_end: Option<&'r str>,
    /// The leased inner address.
    pub(super) framed: Option<&'r str>,
    /// The access server: its friendly name, its own name, its addresses.
    pub(super) servers: [Option<&'r str>; 4],
    /// Authentication-Type.
    pub(super) method: Option<u32>,
    /// EAP-Friendly-Name.
    pub(super) eap: Option<&'r str>,
    /// The network policy that decided.
    pub(super) policy: Option<&'r str>,
    /// Reason-Code.
    pub(super) reason: Option<u32>,
    /// Acct-Status-Type.
    pub(super) status: Option<&'r str>,
    /// Acct-Session-Id.
    pub(super) session: Option<&'r str>,
    /// Acct-Terminate-Cause.
    pub(super) cause: Option<u32>,
    /// Ties an answer to its request.
    pub(super) class: Option<&'r str>,
    /// The name of the client's computer.
    pub(super) device: Option<&'r str>,
    /// The version of its VPN client.
    pub(super) client: Option<&'r str>,
}

/// Reads a line of `form`.
pub(super) fn read<'r>(form: Form, line: &'r str, ctx: &Ctx<'r, '_>) -> Packet<'r> {
    match form {
        Form::Elements => elements(line, ctx),
        Form::Columns => columns(&csv::fields(line, ',', ctx.arena)),
        Form::Pairs => pairs(&csv::fields(line, ',', ctx.arena)),
    }
}

/// Attributes by the number that the pairs' form uses: RADIUS's own below 256, NPS's above.
impl<'r> Packet<'r> {
    fn set(&mut self, number: u32, value: &'r str) {
        let Some(value) = stated(value) else { return };
        let (text, number_of) = (Some(value), value.parse().ok());
        match number {
            1 => self.user = self.user.or(text),
            8 => self.framed = text,
            25 => self.class = text,
            31 => self.caller = text,
            32 => self.servers[1] = text,
            4 => self.servers[2] = text,
            4108 => self.servers[3] = text,
            4128 => self.servers[0] = text,
            40 => self.status = text,
            44 => self.session = text,
            49 => self.cause = number_of,
            66 => self.tunnel_end = text,
            4127 => self.method = number_of,
            4129 => self.full_name = self.full_name.or(text),
            4130 => self.full_name = text,
            4132 => self.eap = text,
            // The server writes these behind all that a client sent: the last one counts.
            4136 => self.kind = number_of,
            4142 => self.reason = number_of,
            4149 => self.policy = text,
            _ => {}
        }
    }
}

/// The numbers of the columns from the sixth on that are read.
const COLUMNS: &[(usize, u32)] = &[
    (4, 4136),
    (5, 1),
    (6, 4130),
    (8, 31),
    (10, 8),
    (11, 32),
    (12, 4),
    (15, 4108),
    (16, 4128),
    (23, 4127),
    (24, 4149),
    (25, 4142),
    (26, 25),
    (30, 4132),
    (31, 40),
    (35, 44),
    (40, 49),
    (46, 66),
];

/// Where RRAS writes the name of the client's computer and the version of its VPN client.
const CLIENT: (usize, usize) = (64, 65);

fn columns<'r>(fields: &[&'r str]) -> Packet<'r> {
    let at = |index: usize| fields.get(index).copied().unwrap_or_default();
    let mut packet = Packet {
        computer: stated(at(0)),
        service: at(1),
        date: at(2),
        clock: at(3),
        device: stated(at(CLIENT.0)).map(computer_name),
        client: stated(at(CLIENT.1)),
        ..Packet::default()
    };
    for (index, number) in COLUMNS {
        packet.set(*number, at(*index));
    }
    packet
}

/// `MSRAS-0-LAPTOP7` without what Windows puts in front.
fn computer_name(text: &str) -> &str {
    text.trim_start_matches("MSRAS-0-").trim_start_matches("MSRAS-1-")
}

fn pairs<'r>(fields: &[&'r str]) -> Packet<'r> {
    let at = |index: usize| fields.get(index).copied().unwrap_or_default();
    let mut packet = Packet {
        date: at(2),
        clock: at(3),
        service: at(4),
        computer: stated(at(5)),
        ..Packet::default()
    };
    packet.set(4, at(0));
    packet.set(1, at(1));
    for pair in fields.get(6..).unwrap_or_default().chunks_exact(2) {
        if let &[number, value] = pair {
            packet.set(number.trim().parse().unwrap_or_default(), value);
        }
    }
    packet
}

/// The elements that are read, by the number of their attribute.
const ELEMENTS: &[(&str, u32)] = &[
    ("User-Name", 1),
    ("NAS-IP-Address", 4),
    ("Framed-IP-Address", 8),
    ("Class", 25),
    ("Calling-Station-Id", 31),
    ("NAS-Identifier", 32),
    ("Acct-Status-Type", 40),
    ("Acct-Session-Id", 44),
    ("Acct-Terminate-Cause", 49),
    ("Tunnel-Client-Endpt", 66),
    ("Client-IP-Address", 4108),
    ("Client-Friendly-Name", 4128),
    ("Authentication-Type", 4127),
    ("SAM-Account-Name", 4129),
    // So it is misspelt in the files.
    ("Fully-Qualifed-User-Name", 4130),
    ("Fully-Qualified-User-Name", 4130),
    ("EAP-Friendly-Name", 4132),
    ("Packet-Type", 4136),
    ("Reason-Code", 4142),
    ("NP-Policy-Name", 4149),
];

fn elements<'r>(line: &'r str, ctx: &Ctx<'r, '_>) -> Packet<'r> {
    let mut packet = Packet { service: "IAS", ..Packet::default() };
    let mut rest = line.strip_prefix("<Event>").unwrap_or(line);
    while let Some((name, value, tail)) = element(rest) {
        rest = tail;
        let value = unescaped(value, ctx);
        match name {
            "Timestamp" if packet.date.is_empty() => {
                (packet.date, packet.clock) = value.split_once(' ').unwrap_or((value, ""));
            }
            "Computer-Name" => packet.computer = packet.computer.or_else(|| stated(value)),
            "Event-Source" => packet.service = value,
            "MS-RAS-Client-Name" => packet.device = stated(value).map(computer_name),
            "MS-RAS-Client-Version" => packet.client = stated(value),
            _ => {
                if let Some((_, number)) = ELEMENTS.iter().find(|it| it.0 == name) {
                    packet.set(*number, value);
                }
            }
        }
    }
    packet
}

/// Name and value of the element at the start of `text`, and what follows.
fn element(text: &str) -> Option<(&str, &str, &str)> {
    let (tag, tail) = text.strip_prefix('<')?.split_once('>')?;
    let name = tag.split(' ').next()?;
    if tag.ends_with('/') {
        return Some((name.trim_end_matches('/'), "", tail));
    }
    let (value, tail) = tail.split_once("</")?;
    let (_, tail) = tail.split_once('>')?;
    Some((name, value, tail))
}

/// Replaces the entities that XML knows.
fn unescaped<'r>(value: &'r str, ctx: &Ctx<'r, '_>) -> &'r str {
    if !value.contains('&') {
        return value;
    }
    let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    ctx.keep(&value.replace("&apos;", "'").replace("&amp;", "&"))
}
