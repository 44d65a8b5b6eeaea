//! The logs of the demo: where each is kept, when it was rotated, and how it is packed.

use super::clock::{DAYS, Moment};

/// A log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    /// Cisco ASA `vpn-1`, local time without a zone.
    Asa,
    /// Okta's system log.
    Okta,
    /// Duo's authentications.
    Duo,
    /// `FreeRADIUS`, local time without a zone.
    Radius,
    /// sshd of `gate-1`, which faces the internet; local time without year and zone.
    Gate,
    /// sshd of `files-1`.
    Files,
    /// sshd of `db-1`, whose clock is behind.
    Database,
    /// RealVNC on `cad-3`, which somebody made reachable from outside.
    Cad,
    /// Windows events of terminal server 1, as XML.
    Desk1,
    /// Windows events of terminal server 2, as XML.
    Desk2,
    /// Windows events of the jump server, as Winlogbeat's JSON.
    Jump,
    /// Windows events of a server that everybody forgot.
    OldErp,
    /// IIS of Outlook on the web, UTC.
    Iis,
    /// Citrix Gateway.
    NetScaler,
}

/// One file of a log.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its path, or its name inside `archive`.
    pub(crate) path: String,
    /// The archive that it is in.
    pub(crate) archive: Option<&'static str>,
    /// What stands at its head.
    pub(crate) head: String,
    /// Records before that are in it.
    pub(crate) until: Moment,
}

/// Rotated on Sundays, a little after midnight.
const WEEKS: [Moment; 2] = [Moment::at(6, 0, 7), Moment::at(13, 0, 7)];

impl Channel {
    /// Its files, the oldest first.
    pub(crate) fn parts(self) -> Vec<Part> {
        match self {
            Self::Asa => weekly(["asa/vpn-1.log.2.gz", "asa/vpn-1.log.1.gz", "asa/vpn-1.log"]),
            Self::Okta => weekly([
                "okta/system-log-1.jsonl.gz",
                "okta/system-log-2.jsonl.gz",
                "okta/system-log-3.jsonl.gz",
            ]),
            Self::Duo => one("duo/authentication.jsonl.gz"),
            Self::Radius => {
                weekly(["radius/radius.log.2.gz", "radius/radius.log.1.gz", "radius/radius.log"])
            }
            Self::Gate => weekly([
                "linux/gate-1/auth.log-20260308.gz",
                "linux/gate-1/auth.log-20260315.gz",
                "linux/gate-1/auth.log-20260322",
            ]),
            Self::Files => weekly([
                "linux/files-1/auth.log-20260308.gz",
                "linux/files-1/auth.log-20260315.gz",
                "linux/files-1/auth.log-20260322",
            ]),
            Self::Database => weekly([
                "linux/db-1/auth.log-20260308.gz",
                "linux/db-1/auth.log-20260315",
                "linux/db-1/auth.log-20260322",
            ]),
            Self::Cad => one("linux/cad-3/syslog-20260322"),
            Self::Desk1 => one("windows/ts-1.xml.gz"),
            Self::Desk2 => one("windows/ts-2.xml.gz"),
            Self::Jump => one("windows/winlogbeat-jump-1.ndjson.gz"),
            Self::OldErp => one("windows/old-erp.xml.gz"),
            Self::Iis => (0..DAYS).map(iis).collect(),
            Self::NetScaler => {
                weekly(["netscaler/ns.log.1.gz", "netscaler/ns.log.0.gz", "netscaler/ns.log"])
            }
        }
    }

    /// What a number that runs through the log starts behind.
    pub(crate) const fn first_number(self) -> u64 {
        match self {
            Self::Desk1 => 481_203,
            Self::Desk2 => 230_511,
            Self::Jump => 77_120,
            Self::OldErp => 1_904_377,
            Self::NetScaler => 51_402,
            Self::Radius => 20_614,
            Self::Asa => 66_120_480,
            _ => 0,
        }
    }
}

/// A log that is one file.
fn one(path: &str) -> Vec<Part> {
    vec![Part {
        path: path.to_owned(),
        archive: None,
        head: String::new(),
        until: Moment::at(DAYS + 1, 0, 0),
    }]
}

/// A log that was rotated every week. Where its records state no year, the file's name does: the files of a checkout are
/// as old as the checkout.
fn weekly(paths: [&str; 3]) -> Vec<Part> {
    let until = WEEKS.into_iter().chain([Moment::at(DAYS + 1, 0, 0)]);
    let part = |(path, until): (&str, Moment)| Part {
        path: path.to_owned(),
        archive: None,
        head: String::new(),
        until,
    };
    paths.into_iter().zip(until).map(part).collect()
}

/// IIS begins a file at midnight UTC.
fn iis(day: i64) -> Part {
    let start = Moment::at(day, 1, 0);
    let head = format!(
        "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: {}\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n",
        start.plus(11).w3c()
    );
    Part {
        path: format!("u_ex{}.log", start.compact()),
        archive: Some("iis/owa-1-w3svc1.zip"),
        head,
        until: Moment::at(if day + 1 == DAYS { DAYS + 1 } else { day + 1 }, 1, 0),
    }
}
