//! Cisco ASA and FTD: the tag of a message, and the file that reads its class.

mod aaa;
mod admin;
mod certificates;
mod connections;
mod device;
mod fields;
mod ikev2;
mod ipsec;
mod shown;
mod vpn3000;
mod webvpn;

use memchr::memchr;

use self::fields::Message;
use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Cisco ASA and FTD
///
/// **Products.** Cisco Adaptive Security Appliance (ASA and its virtual form; software 7.0 to 9.22), Secure Firewall Threat Defense
/// (FTD 6.x and 7.x), and what came before: PIX, FWSM and the VPN 3000 concentrator.
///
/// **Where.** Syslog (`%ASA-6-113039: ...`, `%FTD-...`, `%PIX-...`), as the appliance sends it, with or without a
/// relay's header, in the EMBLEM form, with RFC 5424 stamps, or as the bare message.
/// On an ASA: `logging enable`, `logging timestamp rfc5424` (states year and zone), `logging device-id hostname`,
/// `logging trap informational`, `logging host inside 192.0.2.10`, and `no logging hide username`, without which the
/// name in a refused sign-in is `*****`. On FTD: *Devices > Platform Settings > Syslog*, classes `auth`, `vpn`,
/// `webvpn`, `svc`, `vpnc`, `ca`, `session`, level informational.
///
/// **Read.** Sign-ins and refusals of remote access and of administrators (113xxx, 109xxx, 605xxx, 611xxx, 716xxx,
/// 719xxx, 713xxx, 751xxx, 768003, 768004, 772xxx, 308001, 315xxx); sessions, their addresses, clients and ends (113019,
/// 716xxx, 722xxx, 602303, 602304, 603xxx, 713xxx, 721xxx, 737xxx, 746xxx, 750xxx, 751xxx); certificates (717xxx); posture
/// (734xxx); addresses shut out (7332xx); accounts and configuration (111008, 111010, 502xxx); TLS handshakes (725xxx);
/// connections towards ports of remote access (302013-302016, 106001, 106006, 106023, 106100, 710002, 710003, 430002,
/// 430003).
///
/// What a client shows of itself (734003, 717022 with 113024) is added to the sign-in that follows (113039).
///
/// **Ignored.** All other traffic, site-to-site negotiation details, debugging, failover, hardware, and servers that
/// are up or down.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct CiscoAsa;

/// Its id.
const ID: &str = "cisco-asa";

impl Format for CiscoAsa {
    fn id(&self) -> &'static str {
        ID
    }

    #[inline]
    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (message(record).is_some() || vpn3000::claims(record))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some(message) = message(record) else {
            return vpn3000::read(record, ctx);
        };
        match message.number / 1000 {
            106 | 302 | 430 | 710 | 725 => connections::read(&message, ctx),
            109 | 113 => aaa::read(&message, ctx),
            716 | 719 | 721..=724 => webvpn::read(&message, ctx),
            602 | 603 | 713 => ipsec::read(&message, ctx),
            750 | 751 => ikev2::read(&message, ctx),
            717 => certificates::read(&message, ctx),
            733 | 734 | 737 | 746 => device::read(&message, ctx),
            111 | 112 | 307 | 308 | 315 | 502 | 605 | 606 | 611 | 768 | 772 => {
                admin::read(&message, ctx)
            }
            _ => Ok(Parsed::Ignored),
        }
    }
}

/// The message that `record` carries.
#[inline]
fn message<'a, 'r>(record: &'a Record<'r>) -> Option<Message<'a, 'r>> {
    match record.app {
        Some(app) => match number_of(app) {
            Some((code, number)) => {
                Some(Message { record, host: record.host, code, number, text: record.message })
            }
            None => relayed(record),
        },
        None => relayed(record).or_else(|| untagged(record)),
    }
}

/// The number at the end of `%ASA-6-113039`, `%FTD-vpn-6-722022` or `ASA-6-113039`.
#[inline]
fn number_of(tag: &str) -> Option<(&str, u32)> {
    let tag = tag.trim_start_matches('%');
    let is_ours = ["ASA-", "FTD-", "PIX-", "FWSM-", "NGIPS-"].iter().any(|it| tag.starts_with(it));
    if !is_ours {
        return None;
    }
    let (before, code) = tag.split_at_checked(tag.len().checked_sub(6)?)?;
    Some((code, six_digits(code).filter(|_| before.ends_with('-'))?))
}

fn six_digits(code: &str) -> Option<u32> {
    let digit = |it: u8| it.is_ascii_digit().then(|| u32::from(it - b'0'));
    code.bytes().try_fold(0, |sum, it| Some(sum * 10 + digit(it)?))
}

/// How far into a message its tag may stand.
const PREFIX_CAP: usize = 80;

/// A message whose tag is not where a header ends: behind a relay's program name, a zone, a facility or a host.
fn relayed<'a, 'r>(record: &'a Record<'r>) -> Option<Message<'a, 'r>> {
    let bytes = record.message.as_bytes();
    let at = memchr(b'%', bytes.get(..PREFIX_CAP).unwrap_or(bytes))?;
    let (prefix, tagged) = record.message.split_at_checked(at)?;
    let word = prefix.trim_end_matches([' ', ':']);
    // A client may choose a name that looks like a tag: in front of it stands one word of a header, or nothing.
    if !word.is_empty() && (record.app.is_some() || !is_header(word, prefix)) {
        return None;
    }
    let (tag, text) = tagged.split_once(':')?;
    let (code, number) = number_of(tag)?;
    let is_host = word.contains('.') || record.host.is_none_or(is_facility);
    let host = if is_host && !word.is_empty() { Some(word) } else { record.host };
    Some(Message { record, host, code, number, text: text.trim_start() })
}

/// Whether `word`, followed by a tag in `prefix`, is a host or a program.
fn is_header(word: &str, prefix: &str) -> bool {
    let is_word = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'-' | b'_' | b':');
    let is_host = word.bytes().any(|it| it.is_ascii_digit() || matches!(it, b'.' | b'-'));
    word.bytes().all(is_word) && (is_host || prefix.trim_end().ends_with(':'))
}

/// Whether `host` is `local4.err` or the like, as some relays write in front of the host.
fn is_facility(host: &str) -> bool {
    let level = host.rsplit_once('.').map(|it| it.1);
    matches!(
        level,
        Some("emerg" | "alert" | "crit" | "err" | "warning" | "notice" | "info" | "debug")
    )
}

/// How messages begin that are claimed without a tag, by their number alone.
const OPENINGS: &[&str] = &[
    "AAA ",
    "Auth",
    "Built ",
    "DAP: ",
    "Deny ",
    "Group ",
    "IPSEC: ",
    "Local:",
    "Login ",
    "SSH ",
    "SSL ",
    "Teardown ",
    "User ",
];

/// `113039: Group <g> User <u> ...`, where a collector has cut off the tag up to the number.
fn untagged<'a, 'r>(record: &'a Record<'r>) -> Option<Message<'a, 'r>> {
    let (code, rest) = record.message.split_at_checked(6)?;
    let number = six_digits(code)?;
    let text = rest.strip_prefix(": ")?;
    let is_ours = OPENINGS.iter().any(|it| text.starts_with(it));
    is_ours.then_some(Message { record, host: record.host, code, number, text })
}
