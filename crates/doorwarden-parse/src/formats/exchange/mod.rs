//! Microsoft Exchange Server: the logs of its front ends and mail protocols.

mod audit;
mod http;
mod mail;
mod smtp;

use bumpalo::collections::Vec as BumpVec;
use compact_str::CompactString;
use doorwarden_model::Reason;

use crate::{
    Ctx, Format, Parsed, Recent, Record, Reject, csv, kv::stated, sightings::Sightings, stamp,
};

/// # Exchange Server
///
/// The protocol logs of Exchange Server 2013, 2016, 2019 and Subscription Edition.
///
/// ## Where it is found
/// Below `%ExchangeInstallPath%`: `Logging\HttpProxy\*` and the other logs with an authenticated user and a client
/// address (`Logging\Ews`, `Logging\MapiHttp`), written by default; `Logging\Imap4` and `Logging\Pop3`
/// (`Set-ImapSettings -ProtocolLogEnabled $true`); `TransportRoles\Logs\FrontEnd\ProtocolLog\SmtpReceive`
/// (`Set-ReceiveConnector -ProtocolLoggingLevel Verbose`); `Logging\LocalQueue\Exchange\audit*` (administrators'
/// cmdlets). The columns are those of `#Fields:`. Times are UTC. IIS's own logs are another format.
///
/// ## What is read
/// - `HttpProxy`: the form of Outlook on the web (`/owa/auth.owa`) with its result, refused requests that name someone,
///   the way out, and the first authenticated request of a person, address, program and protocol in half an hour as
///   `session`;
/// - IMAP4 and POP3: `login`, `authenticate`, `pass` with their result; the first command of a session that was
///   authenticated before the log begins; the end of a session; a connection that ended without a sign-in as `other`;
/// - SMTP: `AUTH` that was accepted or refused, with the name that Exchange notes beside it;
/// - audit: cmdlets that change mailboxes' owners, permissions and roles as `account`, those that change virtual
///   directories, authentication, connectors or certificates as `change`.
///
/// ## What is ignored
/// Exchange's own probes (`HealthMailbox...`), mail itself, and what other logs of Exchange say.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Exchange;

/// Its id.
const ID: &str = "exchange";

/// What is kept of a log from line to line.
#[derive(Debug, Default)]
struct Memory {
    /// Where the last `#Fields:` put the columns.
    columns: Option<Positions>,
    seen: Sightings,
    /// Mail sessions, by their id and client; the value is the name that was noted.
    sessions: Recent<u64, Session, 2048>,
}

/// A mail session.
#[derive(Debug, Default, Clone)]
struct Session {
    user: Option<CompactString>,
    /// Whether its sign-in was reported.
    is_known: bool,
    reason: Option<Reason>,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Directive,
    Http,
    Mail,
    Smtp,
    Audit,
}

impl Format for Exchange {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && kind(record.text).is_some()
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let row = || csv::fields(record.text, ',', ctx.arena);
        match kind(record.text).ok_or(Reject::Shape)? {
            Kind::Directive => {
                let text = record.text.strip_prefix("#Fields: ").unwrap_or(record.text);
                if !text.starts_with('#') {
                    ctx.carry::<Memory>().columns = Some(positions(text));
                }
                Ok(Parsed::Ignored)
            }
            Kind::Http => http::read(&Row::new(row(), ctx), ctx),
            Kind::Mail => mail::read(&Row::new(row(), ctx), ctx),
            Kind::Smtp => smtp::read(&row(), ctx),
            Kind::Audit => audit::read(&row(), ctx),
        }
    }
}

/// Starts of the lines before the rows.
const DIRECTIVES: &[&str] = &[
    "#Software: Microsoft Exchange",
    "#Version: 15.",
    "#Version: 14.",
    "#Log-type: ",
    "#Fields: DateTime,",
    "#Fields: dateTime,",
    "#Fields: date-time,",
    "#Fields: Timestamp,Server,",
    "DateTime,RequestId,",
    "dateTime,sessionId,",
];

/// What `text` is: all rows start with `2026-01-02T03:04:05.678Z,`, and differ in what follows.
fn kind(text: &str) -> Option<Kind> {
    if text.starts_with(['#', 'D', 'd']) {
        let date = text.strip_prefix("#Date: ");
        let is_date = date.is_some_and(|it| it.len() == 24 && it.ends_with('Z'));
        let is_known = DIRECTIVES.iter().any(|it| text.starts_with(it));
        return (is_date || is_known).then_some(Kind::Directive);
    }
    let (time, rest) = text.split_at_checked(24)?;
    if !time.starts_with('2') || !time.ends_with('Z') || !rest.starts_with(',') {
        return None;
    }
    let mut fields = rest.get(1..)?.splitn(5, ',');
    let (one, two, three, four) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    if is_hex(one, 16) && is_number(two) && three.contains(':') && four.contains(':') {
        return Some(Kind::Mail);
    }
    if is_hex(two, 16) && is_number(three) && four.contains(':') {
        return Some(Kind::Smtp);
    }
    let is_id = |it: &str| it.len() == 36 && it.bytes().filter(|byte| *byte == b'-').count() == 4;
    if is_id(two) && matches!(three, "ExchangeAdmin" | "ExchangeItem") {
        return Some(Kind::Audit);
    }
    // The version of the server follows the id in the logs of web requests, and other ids in MapiHttp's.
    (is_id(one) && (is_number(two) || is_id(three))).then_some(Kind::Http)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn is_hex(text: &str, len: usize) -> bool {
    text.len() == len && text.bytes().all(|it| it.is_ascii_hexdigit())
}

/// Columns that are read of web requests and mail sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Protocol,
    Stem,
    Authentication,
    IsAuthenticated,
    User,
    Mail,
    Agent,
    Software,
    Address,
    ClientIp,
    Host,
    FrontEnd,
    Status,
    StatusCode,
    Query,
    Errors,
    Session,
    Server,
    Client,
    Name,
    Command,
    Parameters,
    Context,
}

/// Names of the columns in small letters, and where they stand when no head names them.
const COLUMNS: &[(&str, u8)] = &[
    ("protocol", 7),
    ("urlstem", 9),
    ("authenticationtype", 11),
    ("isauthenticated", 12),
    ("authenticateduser", 13),
    ("authenticateduseremail", NOWHERE),
    ("useragent", 16),
    ("clientsoftware", NOWHERE),
    ("clientipaddress", 17),
    ("clientip", NOWHERE),
    ("serverhostname", 18),
    ("sourcecafeserver", NOWHERE),
    ("httpstatus", 19),
    ("httpstatuscode", NOWHERE),
    ("urlquery", 65),
    ("genericerrors", 68),
    ("sessionid", 1),
    ("sip", 3),
    ("cip", 4),
    ("user", 5),
    ("command", 9),
    ("parameters", 10),
    ("context", 11),
];

/// A column that a log does not have.
const NOWHERE: u8 = u8::MAX;

/// Where each of [`COLUMNS`] stands.
type Positions = [u8; COLUMNS.len()];

/// What a head names.
fn positions(head: &str) -> Positions {
    let mut found = [NOWHERE; COLUMNS.len()];
    for (slot, (name, _)) in found.iter_mut().zip(COLUMNS) {
        let at = head.split(',').position(|it| it.trim().eq_ignore_ascii_case(name));
        *slot = at.and_then(|it| u8::try_from(it).ok()).unwrap_or(NOWHERE);
    }
    found
}

/// A row, and where its columns stand.
struct Row<'r> {
    fields: BumpVec<'r, &'r str>,
    columns: Option<Positions>,
}

impl<'r> Row<'r> {
    fn new(fields: BumpVec<'r, &'r str>, ctx: &mut Ctx<'r, '_>) -> Self {
        Self { fields, columns: ctx.carry::<Memory>().columns }
    }

    /// What `column` says.
    fn get(&self, column: Column) -> Option<&'r str> {
        let at = column as usize;
        let usual = COLUMNS.get(at).map(|(_, usual)| usual);
        let position = self.columns.as_ref().map_or(usual, |it| it.get(at))?;
        self.fields.get(usize::from(*position)).copied().and_then(stated)
    }
}

/// The time that a row starts with.
fn time(fields: &[&str]) -> Result<stamp::Stamp, Reject> {
    let text = fields.first().copied().unwrap_or_default();
    stamp::utc(text).ok_or_else(|| Reject::Timestamp(text.chars().take(32).collect()))
}

/// Words of refusals, and what they mean.
const REASONS: &[(&str, Reason)] = &[
    ("Locked", Reason::Locked),
    ("LockedOut", Reason::Locked),
    ("Disabled", Reason::Disabled),
    ("Expired", Reason::Expired),
    ("UserNotFound", Reason::UnknownUser),
    ("UnknownUser", Reason::UnknownUser),
    ("Blocked", Reason::Policy),
    ("NotAllowed", Reason::Policy),
    ("permission", Reason::Policy),
    ("CertificateFail", Reason::Certificate),
    ("LogonDenied", Reason::BadPassword),
    ("InvalidCred", Reason::BadPassword),
];

/// Why Exchange refused, by its words; a wrong password where it says nothing else.
fn reason(words: &str) -> Reason {
    let found = REASONS.iter().find(|(word, _)| words.contains(word));
    found.map_or(Reason::BadPassword, |(_, reason)| *reason)
}

/// Exchange watches itself with mailboxes of its own.
fn is_probe(user: &str) -> bool {
    let name = user.rsplit('\\').next().unwrap_or(user);
    name.starts_with("HealthMailbox") || name.starts_with("extest_")
}
