//! Active Directory Federation Services.

use doorwarden_model::{
    Activity::{Account, Logoff, Logon, Other},
    Event, Mfa, MfaResult,
    Outcome::{Failure, Success},
    Reason,
    Service::Idp,
};
use smallvec::SmallVec;

use super::{
    Log, WinEvent,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject, names::split_domain, record::address};

/// # Active Directory Federation Services (AD FS)
///
/// AD FS of Server 2012 R2 or newer. The sign-ins are audit events of the source `AD FS Auditing` in the Security log:
/// enable success and failure audits in the properties of the federation service, "Audit Application Generated"
/// (Advanced Audit Policy) and, from 2016 on, `Set-AdfsProperties -AuditLevel Basic`. Errors stand in
/// `AD FS%4Admin.evtx`. The address is the client's, as a web application proxy forwards it.
///
/// | event | read as |
/// |---|---|
/// | 1200, 1201 | logon: a token was issued, refused; `target` is the relying party |
/// | 1202, 1203 | logon: new credentials were checked |
/// | 1204, 1205 | account: password changed, not changed |
/// | 1206, 1207 | logoff |
/// | 1210 | logon refused: locked for the extranet |
/// | 324, 325 | logon refused: the caller may not have a token for the relying party, `target` |
/// | 342, 411 | logon refused: the token was not valid |
/// | 403, 410 | other: a request, with the client's address; `session` ties it to the decision |
/// | 512, 515 | other, logon refused: locked account let through by configuration, right password for a locked account |
/// | 516 | account locked |
///
/// Ignored: claims, configuration, certificates, artefacts.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsAdfs;

/// Its id.
const ID: &str = "windows-adfs";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("324", Idp, Logon, Some(Failure), not_authorised),
    Row::new("325", Idp, Logon, Some(Failure), not_authorised),
    Row::new("342", Idp, Logon, Some(Failure), invalid_token),
    Row::new("403", Idp, Other, None, request),
    Row::new("410", Idp, Other, None, headers),
    Row::new("411", Idp, Logon, Some(Failure), invalid_token),
    Row::new("512", Idp, Other, None, lockout),
    Row::new("515", Idp, Logon, Some(Failure), lockout),
    Row::new("516", Idp, Account, Some(Success), lockout),
    Row::new("1200", Idp, Logon, Some(Success), audit),
    Row::new("1201", Idp, Logon, Some(Failure), audit),
    Row::new("1202", Idp, Logon, Some(Success), audit),
    Row::new("1203", Idp, Logon, Some(Failure), audit),
    Row::new("1204", Idp, Account, Some(Success), audit),
    Row::new("1205", Idp, Account, Some(Failure), audit),
    Row::new("1206", Idp, Logoff, Some(Success), audit),
    Row::new("1207", Idp, Logoff, Some(Failure), audit),
    Row::new("1210", Idp, Logon, Some(Failure), audit),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsAdfs {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::Adfs)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}

/// The activity id, which is the first value; all zeros where the request has none.
fn instance<'r>(win: &WinEvent<'r>) -> Option<&'r str> {
    first_id(win).filter(|id| id.bytes().any(|it| !matches!(it, b'0' | b'-')))
}

fn first_id<'r>(win: &WinEvent<'r>) -> Option<&'r str> {
    let id = win.data.first()?.1.trim();
    (id.len() == 36 && id.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-')).then_some(id)
}

/// The values behind the activity id.
fn values<'r>(win: &WinEvent<'r>) -> &'r [(&'r str, &'r str)] {
    win.data.get(usize::from(first_id(win).is_some())..).unwrap_or_default()
}

fn nth<'r>(win: &WinEvent<'r>, at: usize) -> Option<&'r str> {
    values(win).get(at).map(|it| it.1.trim()).filter(|it| !matches!(*it, "" | "-" | "N/A"))
}

/// The first of a list of addresses: the client's; the others are proxies.
fn client_address(list: &str) -> Option<std::net::IpAddr> {
    address(list.split([',', ';']).next()?.trim())
}

/// The text of the first element `name`, entities resolved.
fn element<'r>(xml: &'r str, name: &str, ctx: &Ctx<'r, '_>) -> Option<&'r str> {
    let (_, rest) = xml.split_once(&*["<", name, ">"].concat())?;
    let (text, _) = rest.split_once("</")?;
    let text = match quick_xml::escape::unescape(text).ok()? {
        std::borrow::Cow::Borrowed(text) => text,
        std::borrow::Cow::Owned(text) => ctx.keep(&text),
    };
    Some(text.trim()).filter(|it| !matches!(*it, "" | "N/A"))
}

/// 1200 to 1210: the audit as XML inside a value.
fn audit<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.session = instance(win);
    let Some(xml) = win.data.iter().map(|it| it.1).find(|it| it.contains("<AuditBase")) else {
        return false;
    };
    let get = |name| element(xml, name, ctx);
    (event.user, event.domain) = get("UserId").map_or((None, None), split_domain);
    let place = get("ForwardedIpAddress").or_else(|| get("IpAddress"));
    event.src_ip = place.and_then(client_address);
    event.client = get("UserAgentString");
    event.target = get("RelyingParty");
    event.device = get("DeviceId");
    event.method = get("PrimaryAuth").and_then(method);
    if get("MfaPerformed") == Some("true") {
        event.mfa = Some(Mfa { method: get("MfaMethod"), result: MfaResult::Success });
    }
    if event.outcome == Some(Failure) {
        event.reason = Some(reason(get("FailureType"), get("ErrorCode")));
    }
    event.user.is_some() || event.src_ip.is_some()
}

/// How the person proved who they are, by the URI of the method.
fn method(uri: &str) -> Option<&'static str> {
    const METHODS: [(&str, &str); 5] = [
        ("Password", "password"),
        ("TLSClient", "certificate"),
        ("X509", "certificate"),
        ("authentication:windows", "kerberos"),
        ("Kerberos", "kerberos"),
    ];
    METHODS.iter().find(|it| uri.contains(it.0)).map(|it| it.1)
}

/// The values in the text of an event, as an English system renders it, in the order of the data: what stands behind a
/// label or below it, and the audit.
///
/// A person chooses the name that an error begins with: below a label, only a bare label is one.
pub(super) fn values_of(message: &str) -> SmallVec<[&str; 6]> {
    const LABELS: [&str; 5] =
        ["Activity ID:", "Token Type:", "User:", "Client IP:", "Error message:"];
    let mut values = SmallVec::new();
    let (head, audit) = message.find("<AuditBase").map_or((message, ""), |it| message.split_at(it));
    let mut is_below_label = false;
    for line in head.lines().map(str::trim).filter(|it| !it.is_empty()) {
        match LABELS.iter().find_map(|it| line.strip_prefix(it)).map(str::trim) {
            Some("") => is_below_label = true,
            _ if is_below_label => {
                values.push(line);
                is_below_label = false;
            }
            Some(value) => values.push(value),
            None => {}
        }
    }
    if !audit.is_empty() {
        values.push(audit);
    }
    values
}

/// Why an audit failed.
fn reason(failure: Option<&str>, code: Option<&str>) -> Reason {
    let (failure, code) = (failure.unwrap_or_default(), code.unwrap_or_default());
    if failure.contains("Lockout") || code.contains("AccountRestricted") {
        Reason::Locked
    } else if failure.contains("Authorization") {
        Reason::Policy
    } else if failure.contains("Credential") || code.contains("password") {
        Reason::BadPassword
    } else {
        Reason::Other
    }
}

/// What the text of a refused token says, by how its error ends.
const ERRORS: &[(&str, Reason)] = &[
    ("-The user name or password is incorrect", Reason::BadPassword),
    ("-The referenced account is currently locked out", Reason::Locked),
    ("-This user can't sign in because this account is currently disabled", Reason::Disabled),
    ("-The user's account has expired", Reason::Expired),
    ("-The user's password must be changed", Reason::Expired),
    ("-The password for this account has expired", Reason::Expired),
    ("-The specified account does not exist", Reason::UnknownUser),
    ("-Your account has time restrictions", Reason::Policy),
    ("-Account restrictions are preventing this user", Reason::Policy),
];

/// 342 and 411: type of the token, address in newer versions, `ana@corp.example-The user name or password is incorrect`.
fn invalid_token<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.session = instance(win);
    event.reason = Some(Reason::Other);
    for (_, value) in values(win) {
        // The person chooses the name, so the text behind it is looked for from the right.
        let found = ERRORS.iter().find_map(|it| Some((value.rfind(it.0)?, it.1)));
        if let (Some((at, reason)), None) = (found, event.user) {
            let name = value.get(..at).unwrap_or_default();
            (event.user, event.domain) = split_domain(name);
            event.reason = Some(reason);
        }
        if event.src_ip.is_none() {
            event.src_ip = client_address(value.trim());
        }
    }
    event.user.is_some() || event.src_ip.is_some()
}

/// 324 and 325: caller, the relying party, where the rules say no.
fn not_authorised<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.session = instance(win);
    event.reason = Some(Reason::Policy);
    (event.user, event.domain) = nth(win, 0).map_or((None, None), split_domain);
    // Where the caller acts for somebody else, that name stands between them.
    let rest = values(win).iter().skip(1).map(|it| it.1.trim());
    event.target = rest.into_iter().find(|it| it.contains(':'));
    event.user.is_some()
}

/// 403: date, address, method, path, query, port, local address, agent, length, caller.
fn request<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.session = instance(win);
    event.src_ip = nth(win, 1).and_then(client_address);
    event.client = nth(win, 7);
    event.detail = nth(win, 3);
    event.src_ip.is_some()
}

/// 410: names and values of headers, in turn.
fn headers<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    let header = |name: &str| {
        let at = values(win).iter().position(|it| it.1.trim().trim_end_matches(':') == name)?;
        nth(win, at + 1)
    };
    event.session = instance(win);
    let place = header("X-MS-Forwarded-Client-IP").or_else(|| header("X-MS-ADFS-Proxy-Client-IP"));
    event.src_ip = place.and_then(client_address);
    event.client = header("X-MS-Client-User-Agent");
    event.detail = header("X-MS-Endpoint-Absolute-Path");
    event.src_ip.is_some()
}

/// 512, 515, 516: user, address, count of wrong passwords, time of the last one.
fn lockout<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    event.session = instance(win);
    (event.user, event.domain) = nth(win, 0).map_or((None, None), split_domain);
    event.src_ip = nth(win, 1).and_then(client_address);
    event.detail = Some(match win.event_id {
        512 => "locked, but allowed to try",
        515 => "right password for a locked account",
        _ => "locked",
    });
    if event.outcome == Some(Failure) {
        event.reason = Some(Reason::Locked);
    }
    event.user.is_some()
}
