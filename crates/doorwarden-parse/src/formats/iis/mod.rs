//! Internet Information Services: W3C logs of the doors that stand behind it.

mod columns;
mod doors;
mod judge;

use std::net::IpAddr;

use bumpalo::Bump;
use doorwarden_model::{Activity, Event, Outcome};
use memchr::{memchr, memchr_iter};

use self::{
    columns::{CAP, Columns, Role, addresses},
    doors::{Door, Page},
    judge::{Memory, Request, judge},
};
use crate::{
    Ctx, Format, Parsed, Record, Reject,
    names::split_domain,
    record::address,
    stamp::{self, Stamp},
};

/// # IIS
///
/// The W3C logs of Microsoft Internet Information Services, for the doors behind it: Outlook on the web, the Exchange
/// admin centre, `ActiveSync`, EWS, MAPI, Autodiscover, Outlook Anywhere, remote `PowerShell`, RD Web Access, RD
/// Gateway, AD FS 2.0.
///
/// ## Where it is found
/// `C:\inetpub\logs\LogFiles\W3SVC*\u_ex*.log`, IIS 6 to 10. The columns are those of `#Fields:`, which may change
/// within a file; rows without a head are read by the order that IIS always writes. Switch on an
/// `X-Forwarded-For` field where a proxy or load balancer stands before the server: its address is then the source
/// (the last public one, since the client may write the ones before it). Times are UTC.
///
/// ## What is read
/// - forms: `POST /owa/auth.owa` with the name that IIS adds once it is authenticated is a sign-in, without one a
///   refusal, as is the form that comes back with `reason=2`; where a server turns out to log names of refused ones
///   too, the next request decides. RD Web Access and AD FS answer 302 to the right password and 200 to a wrong one;
/// - basic and integrated authentication: 401 with a name, or with the Windows code of a refused logon (1326, 1909,
///   ...), is a refusal; 401 without either is only the handshake;
/// - requests with a name that were answered: the first of a person, address, program and door, and the first after
///   half an hour, is a `session`; those between are ignored. At most 32,768 of them are remembered;
/// - `ActiveSync`'s `DeviceId` as device; sign-out pages.
///
/// ## What is ignored
/// Other paths; Exchange's own probes (`HealthMailbox...`); requests to the back end's port 444 without a forwarded
/// address, which repeat those of the front end.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Iis;

/// Its id.
const ID: &str = "iis";

impl Format for Iis {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (row_of(record.text).is_some() || is_directive(record.text))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some((row, slash)) = row_of(record.text) else {
            if let Some(list) = record.text.strip_prefix("#Fields: ") {
                ctx.carry::<Memory>().columns = Some(Columns::named(list));
            }
            return Ok(Parsed::Ignored);
        };
        // Most requests are no door's, so the path is looked at before anything else.
        let Some(door) = row.get(slash..).and_then(Door::of) else { return Ok(Parsed::Ignored) };
        let is_bare = row.len() == record.text.len();
        let stamp = record.stamp.filter(|_| is_bare).or_else(|| Some(stamp::iso(row)?.0));
        match stamp {
            Some(stamp) => request(row, door, stamp, ctx),
            None => Err(Reject::Timestamp(row.chars().take(19).collect())),
        }
    }
}

/// The lines that IIS puts before its rows.
fn is_directive(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('#') else { return false };
    rest.starts_with("Software: Microsoft Internet Information Services")
        || rest == "Version: 1.0"
        || rest.strip_prefix("Date: ").is_some_and(|it| it.len() == 19 && stamp::iso(it).is_some())
        || rest.strip_prefix("Fields: ").is_some_and(|it| it.contains("cs-uri-stem"))
}

/// The row in `text`, which a relay may have put behind its own header, and where the path that it asks for starts: a
/// date, a time, and the first slash behind a method.
#[inline]
fn row_of(text: &str) -> Option<(&str, usize)> {
    let row = if is_date(text.as_bytes()) { text } else { behind_header(text)? };
    let bytes = row.as_bytes();
    let slash = memchr(b'/', bytes)?;
    let before = bytes.get(..slash)?.strip_suffix(b" ")?;
    let is_method = |it: &&u8| it.is_ascii_uppercase() || **it == b'_';
    let len = before.iter().rev().take_while(is_method).count();
    let is_word = before.len().checked_sub(len + 1).and_then(|it| before.get(it)) == Some(&b' ');
    (is_word && (3..=METHOD_CAP).contains(&len)).then_some((row, slash))
}

/// Longest method of HTTP and its relatives.
const METHOD_CAP: usize = 24;

/// Whether `2026-01-02 03:04:05 ` starts it.
#[inline]
fn is_date(bytes: &[u8]) -> bool {
    matches!(
        bytes.first_chunk::<20>(),
        Some([
            b'1' | b'2',
            _,
            _,
            _,
            b'-',
            _,
            _,
            b'-',
            _,
            _,
            b' ',
            _,
            _,
            b':',
            _,
            _,
            b':',
            _,
            _,
            b' '
        ])
    )
}

/// Bytes in which a relay's header ends.
const HEADER_CAP: usize = 160;

#[cold]
fn behind_header(text: &str) -> Option<&str> {
    let head = text.as_bytes().get(..text.len().min(HEADER_CAP))?;
    memchr_iter(b' ', head).find_map(|at| text.get(at + 1..).filter(|it| is_date(it.as_bytes())))
}

/// A row cut at its blanks.
struct Row<'r> {
    text: &'r str,
    ends: [usize; CAP],
    count: usize,
}

impl<'r> Row<'r> {
    /// Eight bytes at a time: blanks stand close together, where a search for each of them costs more.
    fn cut(text: &'r str) -> Self {
        let mut row = Self { text, ends: [text.len(); CAP], count: 1 };
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        let mut at = 0;
        for word in words {
            let mut blanks = blanks(u64::from_le_bytes(*word));
            while blanks != 0 {
                row.end(at + (blanks.trailing_zeros() / 8) as usize);
                blanks &= blanks - 1;
            }
            at += 8;
        }
        for (offset, _) in rest.iter().enumerate().filter(|(_, it)| **it == b' ') {
            row.end(at + offset);
        }
        row
    }

    /// A column ends at `at`.
    #[inline]
    fn end(&mut self, at: usize) {
        if let Some(slot) = self.ends.get_mut(self.count - 1) {
            *slot = at;
        }
        self.count += 1;
    }

    /// The column at `column`; absent where it is `-`.
    fn get(&self, column: usize) -> Option<&'r str> {
        if self.count <= column {
            return None;
        }
        let start = match column.checked_sub(1) {
            Some(before) => self.ends.get(before)? + 1,
            None => 0,
        };
        self.text.get(start..*self.ends.get(column)?).filter(|it| !matches!(*it, "-" | ""))
    }
}

/// Marks the blanks in `word` by the highest bit of their byte, exactly.
#[inline]
const fn blanks(word: u64) -> u64 {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let zeroes = word ^ 0x2020_2020_2020_2020;
    !(((zeroes & LOW) + LOW) | zeroes | LOW)
}

/// A row that asks for a door.
fn request<'r>(
    text: &'r str,
    door: Door,
    mut stamp: Stamp,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let row = Row::cut(text);
    stamp.offset = Some(0);
    let memory = ctx.carry::<Memory>();
    let stated = memory.columns.filter(|it| it.count == row.count);
    let columns = stated.or_else(|| Columns::guessed(text)).ok_or(Reject::Shape)?;
    let get = |role: Role| row.get(columns.of(role));
    let (forwarded, connection) = (get(Role::Forwarded), get(Role::Client));
    if forwarded.is_none() && get(Role::Port) == Some("444") {
        return Ok(Parsed::Ignored);
    }
    let stem = get(Role::Stem).unwrap_or_default();
    let request = Request {
        door,
        page: Page::of(door, get(Role::Method).unwrap_or_default(), stem),
        stem,
        query: get(Role::Query).unwrap_or_default(),
        user: get(Role::User).filter(|it| *it != "Anonymous"),
        origin: forwarded.or(connection).unwrap_or_default(),
        agent: get(Role::Agent).unwrap_or_default(),
        status: get(Role::Status).unwrap_or_default(),
        substatus: get(Role::Substatus).unwrap_or_default(),
        win32: get(Role::Win32).unwrap_or_default(),
        second: stamp.utc_millis(stamp.year.unwrap_or_default()) / 1000,
    };
    let Some(verdict) = judge(&request, memory) else { return Ok(Parsed::Ignored) };
    let mut event = ctx.event_at(ID, door.service(request.query), verdict.activity, stamp);
    event.outcome = verdict.outcome;
    event.reason = verdict.reason;
    let is_form = request.page != Page::Inside && verdict.activity == Activity::Logon;
    event.method = is_form.then_some("password");
    let remembered = verdict.remembered.map(|it| ctx.keep(&it));
    fill(&mut event, &request, remembered, ctx.arena);
    event.src_ip = source(forwarded, connection);
    event.host = get(Role::Computer).or_else(|| get(Role::Server));
    ctx.emit(&event);
    Ok(Parsed::Event)
}

fn fill<'r>(
    event: &mut Event<'r>,
    request: &Request<'r>,
    remembered: Option<&'r str>,
    arena: &'r Bump,
) {
    let name = remembered.or(request.user).map(|it| unescaped(it, arena));
    (event.user, event.domain) = name.map_or((None, None), split_domain);
    event.client = Some(agent(request.agent, arena)).filter(|it| !it.is_empty());
    if request.door == Door::ActiveSync {
        event.device = parameter(request.query, "DeviceId").map(|it| unescaped(it, arena));
    }
    if event.user.is_none() && event.outcome == Some(Outcome::Failure) {
        // ActiveSync states the name in its query, whether it was right or not.
        let stated = parameter(request.query, "User").filter(|_| request.door == Door::ActiveSync);
        (event.user, event.domain) =
            stated.map_or((None, None), |it| split_domain(unescaped(it, arena)));
    }
}

/// Where the person came from: the last public address that proxies wrote, else the first one, else the connection's.
fn source(forwarded: Option<&str>, connection: Option<&str>) -> Option<IpAddr> {
    let Some(list) = forwarded else { return connection.and_then(address) };
    let public = addresses(list).filter(is_public).last();
    public.or_else(|| columns::first_address(list)).or_else(|| connection.and_then(address))
}

/// Whether an address is routed in the internet.
fn is_public(ip: &IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let is_shared =
                ip.octets().first() == Some(&100) && matches!(ip.octets().get(1), Some(64..=127));
            !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared)
        }
        IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
    }
}

/// The value of `key` in a query.
fn parameter<'r>(query: &'r str, key: &str) -> Option<&'r str> {
    query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case(key).then_some(value).filter(|it| !it.is_empty())
    })
}

/// A user agent: IIS writes its blanks as plus signs.
fn agent<'r>(logged: &'r str, arena: &'r Bump) -> &'r str {
    if memchr(b'+', logged.as_bytes()).is_none() {
        return logged;
    }
    arena.alloc_str(&logged.replace('+', " "))
}

/// Undoes `%5C` and its like, where the result is text.
fn unescaped<'r>(logged: &'r str, arena: &'r Bump) -> &'r str {
    if memchr(b'%', logged.as_bytes()).is_none() {
        return logged;
    }
    let mut bytes = Vec::with_capacity(logged.len());
    let mut rest = logged.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.first_chunk::<2>().filter(|_| first == b'%');
        let value =
            digits.and_then(|it| u8::from_str_radix(std::str::from_utf8(it).ok()?, 16).ok());
        bytes.push(value.unwrap_or(first));
        rest = if value.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).map_or(logged, |it| arena.alloc_str(&it))
}
