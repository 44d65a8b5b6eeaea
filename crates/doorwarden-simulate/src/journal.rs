//! Where all records go: one log per device, each day put in order, cut where it was rotated, and handed out.

use std::{collections::BTreeMap, fmt::Write as _, net::IpAddr};

use crate::{
    Sink,
    moment::{DAY, Moment},
    random::Random,
};

/// Stands in a record for a number that runs through its log.
pub(crate) const NUMBER: char = '\u{1}';

/// Records of a day wait for two more: people live by clocks that are half a day apart, and sessions last.
const WAITS: i64 = 2;

/// A log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Channel {
    /// Cisco ASA in Berlin.
    AsaEurope,
    /// Cisco ASA in Boston.
    AsaAmerica,
    /// GlobalProtect in Boston, which replaces it.
    ProtectAmerica,
    /// GlobalProtect in Bengaluru.
    ProtectAsia,
    /// Citrix Gateway.
    Citrix,
    /// Duo's authentications.
    Duo,
    /// Entra's audit log.
    EntraAudit,
    /// Entra's interactive sign-ins.
    Entra,
    /// Entra's non-interactive ones.
    EntraTokens,
    /// IIS of Outlook on the web.
    Iis,
    /// sshd of the bastion, which faces the internet.
    Bastion,
    /// sshd of a server inside.
    Server1,
    /// sshd of another.
    Server2,
    /// Okta's system log.
    Okta,
    /// `FreeRADIUS`, whose clock is wrong.
    Radius,
    /// The directory's Security log.
    Directory,
    /// Remote Desktop gateway.
    DesktopGateway,
    /// Terminal server 1.
    Desk1,
    /// Terminal server 2.
    Desk2,
    /// The jump server, which one can reach from the internet, because somebody forgot.
    Jump,
}

impl Channel {
    /// Its file that is named by `day`.
    fn file(self, day: &str) -> String {
        match self {
            Self::AsaEurope => format!("vpn/vpn-eu.log-{day}"),
            Self::AsaAmerica => format!("vpn/vpn-us.log-{day}"),
            Self::ProtectAmerica => format!("vpn/gp-us.log-{day}"),
            Self::ProtectAsia => format!("vpn/gp-asia.log-{day}"),
            Self::Citrix => format!("citrix/ns.log-{day}"),
            Self::Duo => format!("duo/authentication-{day}.jsonl"),
            Self::EntraAudit => format!("entra/audit-{day}.jsonl"),
            Self::Entra => format!("entra/sign-ins-{day}.jsonl"),
            Self::EntraTokens => format!("entra/non-interactive-{day}.jsonl"),
            Self::Iis => format!("iis/owa-1/u_ex{}.log", day.get(2..).unwrap_or(day)),
            Self::Bastion => format!("linux/gate-1/auth.log-{day}"),
            Self::Server1 => format!("linux/app-1/auth.log-{day}"),
            Self::Server2 => format!("linux/app-2/auth.log-{day}"),
            Self::Okta => format!("okta/system-log-{day}.jsonl"),
            Self::Radius => format!("radius/radius.log-{day}"),
            Self::Directory => format!("windows/dc-1-security-{day}.xml"),
            Self::DesktopGateway => format!("windows/rdg-1-{day}.xml"),
            Self::Desk1 => format!("windows/ts-1-{day}.xml"),
            Self::Desk2 => format!("windows/ts-2-{day}.xml"),
            Self::Jump => format!("windows/winlogbeat-jump-1-{day}.ndjson"),
        }
    }

    /// What a number that runs through the log starts behind.
    const fn first_number(self) -> u64 {
        match self {
            Self::Directory => 8_120_400,
            Self::DesktopGateway => 51_300,
            Self::Desk1 => 481_203,
            Self::Desk2 => 230_511,
            Self::Jump => 77_120,
            Self::Citrix => 90_402,
            Self::Radius => 20_614,
            _ => 7_000_000_000,
        }
    }

    /// Seconds that its clock is ahead.
    const fn ahead(self) -> i64 {
        match self {
            Self::Radius => 118,
            Self::Server2 => -121,
            _ => 0,
        }
    }
}

/// What an attacker is after with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Looking for a way in.
    Probe,
    /// Coming in, and what is done inside.
    Access,
    /// Making sure to come in again.
    Persist,
    /// Coming in again after having been away or thrown out.
    ReEnter,
}

impl Phase {
    /// As the truth calls it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Access => "access",
            Self::Persist => "persist",
            Self::ReEnter => "re-enter",
        }
    }
}

/// The attack that a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Number of the campaign.
    pub(crate) campaign: usize,
    /// What it is for.
    pub(crate) phase: Phase,
}

/// What a record states of a sign-in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Says<'a> {
    /// The account, bare; empty where the log does not say.
    pub(crate) account: &'a str,
    /// Where from.
    pub(crate) ip: Option<IpAddr>,
    /// Which service.
    pub(crate) service: &'static str,
}

/// A record of an attack.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Its attack.
    pub(crate) mark: Mark,
    /// When, as the log says.
    pub(crate) at: Moment,
    /// The account.
    pub(crate) account: String,
    /// Where from.
    pub(crate) ip: Option<IpAddr>,
    /// Which service.
    pub(crate) service: &'static str,
    /// File.
    pub(crate) file: String,
    /// Line, from 1.
    pub(crate) line: u64,
}

#[derive(Debug)]
struct Entry {
    written: Moment,
    text: (usize, usize),
    step: Option<usize>,
}

/// The records of one log and day.
#[derive(Debug, Default)]
struct Bucket {
    text: String,
    entries: Vec<Entry>,
}

/// How far a log has been handed out.
#[derive(Debug)]
struct Place {
    file: String,
    lines: u64,
    number: u64,
}

/// A device whose records arrive late.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outage {
    /// Its log.
    pub(crate) channel: Channel,
    /// From when on.
    pub(crate) from: Moment,
    /// Until when: then all comes at once.
    pub(crate) until: Moment,
}

/// All records that are not handed out yet.
#[derive(Debug)]
pub(crate) struct Journal {
    /// Midnight of the first day.
    start: Moment,
    end: Moment,
    buckets: BTreeMap<(i64, Channel), Bucket>,
    places: BTreeMap<Channel, Place>,
    mark: Option<Mark>,
    steps: Vec<Step>,
    chance: Random,
    /// Outages of the log transport.
    pub(crate) outages: Vec<Outage>,
}

impl Journal {
    /// An empty one for the time from `start` to `end`.
    pub(crate) fn new(seed: u64, start: Moment, end: Moment) -> Self {
        Self {
            start,
            end,
            buckets: BTreeMap::new(),
            places: BTreeMap::new(),
            mark: None,
            steps: Vec::new(),
            chance: Random::new(seed, "transport"),
            outages: Vec::new(),
        }
    }

    /// What follows belongs to `mark`.
    pub(crate) fn mark(&mut self, mark: Option<Mark>) {
        self.mark = mark;
    }

    /// What the clock of `channel` shows at `at`.
    pub(crate) fn clock(channel: Channel, at: Moment) -> Moment {
        at.plus(channel.ahead())
    }

    /// Writes a record of one line.
    pub(crate) fn write(&mut self, channel: Channel, at: Moment, text: &str) {
        self.put(channel, at, text, None);
    }

    /// Writes a record that states a sign-in.
    pub(crate) fn state(&mut self, channel: Channel, at: Moment, text: &str, says: Says<'_>) {
        let Some(mark) = self.mark else { return self.put(channel, at, text, None) };
        if at < self.start || self.end <= at {
            return;
        }
        self.steps.push(Step {
            mark,
            at: Self::clock(channel, at),
            account: says.account.to_owned(),
            ip: says.ip,
            service: says.service,
            file: String::new(),
            line: 0,
        });
        self.put(channel, at, text, Some(self.steps.len() - 1));
    }

    fn put(&mut self, channel: Channel, at: Moment, text: &str, step: Option<usize>) {
        if at < self.start || self.end <= at {
            return;
        }
        let mut written = at;
        if let Some(outage) =
            self.outages.iter().find(|it| it.channel == channel && it.from <= at && at < it.until)
        {
            written = outage.until.plus_millis((at.0 - outage.from.0) / 200);
        }
        match self.chance.below(1_000) {
            // Half a percent is late or written twice.
            0..3 => written = written.plus(self.chance.between(1, 45)),
            // What has a number of its own is written once.
            3..5 if !text.contains(NUMBER) => {
                let again = written.plus(self.chance.between(0, 20));
                self.keep(channel, again, text, None);
            }
            _ => {}
        }
        self.keep(channel, written, text, step);
    }

    fn keep(&mut self, channel: Channel, written: Moment, text: &str, step: Option<usize>) {
        let bucket = self.buckets.entry((written.day(), channel)).or_default();
        let from = bucket.text.len();
        bucket.text.push_str(text);
        bucket.entries.push(Entry { written, text: (from, bucket.text.len()), step });
    }

    /// Hands out everything of days that nothing can be added to once `day`, counted from the first, is over.
    pub(crate) fn hand_out<S: Sink>(&mut self, day: i64, sink: &mut S) -> Result<(), S::Error> {
        let until = self.start.day() + day - WAITS;
        let rest = self.buckets.split_off(&(until + 1, Channel::AsaEurope));
        let ready = std::mem::replace(&mut self.buckets, rest);
        for ((day, channel), bucket) in ready {
            self.hand_out_bucket(day, channel, bucket, sink)?;
        }
        Ok(())
    }

    /// Hands out everything.
    pub(crate) fn finish<S: Sink>(mut self, sink: &mut S) -> Result<Vec<Step>, S::Error> {
        for ((day, channel), bucket) in std::mem::take(&mut self.buckets) {
            self.hand_out_bucket(day, channel, bucket, sink)?;
        }
        Ok(self.steps)
    }

    fn hand_out_bucket<S: Sink>(
        &mut self,
        day: i64,
        channel: Channel,
        mut bucket: Bucket,
        sink: &mut S,
    ) -> Result<(), S::Error> {
        bucket.entries.sort_by_key(|it| it.written);
        let week = (day - self.start.day()).div_euclid(7);
        let begins = self.start.plus(week * 7 * DAY);
        // A file is named by the day on which it is put aside; IIS names it by its first.
        let named = if channel == Channel::Iis { begins } else { begins.plus(7 * DAY) };
        let file = channel.file(&named.compact());
        let mut out = String::with_capacity(bucket.text.len() + bucket.entries.len());
        let place = self.places.entry(channel).or_insert_with(|| Place {
            file: String::new(),
            lines: 0,
            number: channel.first_number(),
        });
        if place.file != file {
            place.lines = head(channel, begins, &mut out);
            place.file = file;
        }
        for entry in &bucket.entries {
            let text = bucket.text.get(entry.text.0..entry.text.1).unwrap_or_default();
            place.lines += 1;
            line(&mut out, text, &mut place.number);
            if let Some(step) = entry.step.and_then(|it| self.steps.get_mut(it)) {
                step.file.clone_from(&place.file);
                step.line = place.lines;
            }
        }
        sink.append(&place.file, &out)
    }
}

/// Writes what stands at the head of a file; says how many lines that are.
fn head(channel: Channel, begins: Moment, out: &mut String) -> u64 {
    if channel != Channel::Iis {
        return 0;
    }
    let date = begins.plus(11).w3c();
    let head = format!(
        "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: {date}\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\n"
    );
    out.push_str(&head);
    4
}

/// Writes a record with its number, if it has one.
fn line(out: &mut String, text: &str, number: &mut u64) {
    match text.split_once(NUMBER) {
        Some((before, behind)) => {
            *number += 1;
            out.push_str(before);
            // Writing to a text cannot fail.
            write!(out, "{number}").ok();
            out.push_str(behind);
        }
        None => out.push_str(text),
    }
    out.push('\n');
}
