//! A scenario: a line an event, as the pages of detectors hold them.
//!
//! A line is `[xN] [Dd] HH:MM[:SS] user source service outcome [key=value]... [# signal]`: `xN` repeats it on N days,
//! `Dd` is the day, `-` is "not stated", `~` is a space; a line with `[A-B]` in it stands once for each number. Outcomes:
//! ok, fail, session, logoff, mfa-ok, mfa-denied, mfa-timeout, mfa-failed, enrolled, account, change, other. A line
//! `context <toml>` adds to the context file.

use std::{collections::BTreeMap, net::IpAddr};

use doorwarden_engine::{Engine, NameBook, Output, Prior};
use doorwarden_model::{
    Activity, Batch, Context, Event, Mfa, MfaResult, NetworkKind, Origin, Outcome, Place, Places,
    hash128,
};
use jiff::Timestamp;

/// Places of the addresses that scenarios use.
#[derive(Default)]
struct Atlas(BTreeMap<IpAddr, Place<'static>>);

impl Places for Atlas {
    fn place(&self, ip: IpAddr) -> Place<'_> {
        self.0.get(&ip).copied().unwrap_or_default()
    }

    fn kilometres_between(&self, from: [u8; 2], to: [u8; 2]) -> Option<f64> {
        Some(if from == to { 0.0 } else { 5_000.0 })
    }
}

/// Events and what is known about them.
pub(crate) struct Scenario {
    batch: Batch,
    atlas: Atlas,
    context: Context,
    /// Times of the marked lines.
    pub(crate) marked: Vec<Timestamp>,
}

/// 2026-01-05, a Monday.
const FIRST_DAY: i64 = 1_767_571_200;

/// Reads a scenario.
pub(crate) fn read(block: &str) -> Scenario {
    let mut scenario = Scenario {
        batch: Batch::default(),
        atlas: Atlas::default(),
        context: Context::default(),
        marked: Vec::new(),
    };
    let mut context = String::new();
    let mut rows: Vec<(i64, usize, String)> = Vec::new();
    for (nr, line) in block.lines().enumerate().filter(|it| !it.1.trim().is_empty()) {
        if let Some(toml) = line.strip_prefix("context ") {
            context.push_str(toml);
            context.push('\n');
            continue;
        }
        let (mut rest, mut days, mut day) = (line.trim(), 1, 0);
        if let Some((count, tail)) = rest.strip_prefix('x').and_then(|it| it.split_once(' '))
            && let Ok(count) = count.parse()
        {
            (days, rest) = (count, tail);
        }
        if let Some((at, tail)) =
            rest.split_once("d ").filter(|it| it.0.chars().all(|it| it.is_ascii_digit()))
        {
            (day, rest) = (at.parse().unwrap(), tail);
        }
        let (clock, tail) = rest.split_once(' ').unwrap();
        let mut parts = clock.split(':').map(|it| it.parse::<i64>().unwrap());
        let second =
            parts.next().unwrap() * 3600 + parts.next().unwrap() * 60 + parts.next().unwrap_or(0);
        for tail in numbered(tail) {
            rows.extend(
                (day..day + days).map(|it| (FIRST_DAY + it * 86_400 + second, nr, tail.clone())),
            );
        }
    }
    rows.sort();
    for (at, nr, tail) in rows {
        add(&mut scenario, at, nr as u64, &tail);
    }
    scenario.batch.sort();
    scenario.context = toml::from_str(&context).unwrap();
    scenario
}

/// The line for each number of its ranges, which count together.
fn numbered(line: &str) -> Vec<String> {
    let range = line.split_once('[').and_then(|it| it.1.split_once(']')).map(|it| it.0);
    let Some(range) = range else { return vec![line.to_owned()] };
    let (first, last) = range.split_once('-').unwrap();
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    let range = format!("[{range}]");
    (first..=last).map(|it| line.replace(&range, &it.to_string())).collect()
}

fn add(scenario: &mut Scenario, at: i64, nr: u64, tail: &str) {
    let (tail, is_marked) =
        tail.split_once(" # signal").map_or((tail, false), |(it, _)| (it.trim_end(), true));
    let words: Vec<String> = tail.split_whitespace().map(|it| it.replace('~', " ")).collect();
    let mut words = words.iter().map(String::as_str);
    let mut word = || Some(words.next().unwrap()).filter(|it| *it != "-");
    let (name, source, service, what) = (word(), word(), word().unwrap(), word().unwrap());
    let time = Timestamp::from_second(at).unwrap();
    let mut event = Event::new("scenario", service.parse().unwrap(), Activity::Logon, time);
    if let Some(name) = name {
        let (domain, user) =
            name.split_once('\\').map_or((None, name), |(domain, user)| (Some(domain), user));
        (event.user, event.domain) = (Some(user), domain);
    }
    event.src_ip = source.map(|it| it.parse().unwrap());
    let result = kind(&mut event, what);
    event.mfa = result.map(|result| Mfa { method: Some("push"), result });
    let mut place = Place::default();
    for pair in words {
        let (key, value) = pair.split_once('=').unwrap();
        match key {
            "host" => event.host = Some(value),
            "target" => event.target = Some(value),
            "device" => event.device = Some(value),
            "cert" => event.certificate = Some(value),
            "id" => event.session = Some(value),
            "client" => event.client = Some(value),
            "code" => event.code = Some(value),
            "detail" => event.detail = Some(value),
            "actor" => event.actor = Some(value),
            "method" => event.method = Some(value),
            "mfa" => {
                event.mfa =
                    Some(Mfa { method: Some(value), result: result.unwrap_or(MfaResult::Success) });
            }
            "lease" => event.assigned_ip = Some(value.parse().unwrap()),
            "reason" => event.reason = Some(value.parse().unwrap()),
            "logon_type" => event.logon_type = Some(value.parse().unwrap()),
            "country" => place.country = Some(value.as_bytes().try_into().unwrap()),
            "asn" => place.asn = Some(value.parse().unwrap()),
            "net" => place.network = Some(value.parse::<NetworkKind>().unwrap()),
            unknown => panic!("unknown key `{unknown}`"),
        }
    }
    if let Some(ip) = event.src_ip
        && place != Place::default()
    {
        scenario.atlas.0.insert(ip, place);
    }
    let id = hash128(format!("{at} {tail}").as_bytes());
    scenario.batch.push(&event, id, Origin { file: 0, line: nr + 1, is_record: false });
    if is_marked {
        scenario.marked.push(time);
    }
}

fn kind(event: &mut Event<'_>, what: &str) -> Option<MfaResult> {
    let (activity, outcome, result) = match what {
        "ok" => (Activity::Logon, Some(Outcome::Success), None),
        "fail" => (Activity::Logon, Some(Outcome::Failure), None),
        "session" => (Activity::Session, Some(Outcome::Success), None),
        "logoff" => (Activity::Logoff, None, None),
        "mfa-ok" => (Activity::Mfa, Some(Outcome::Success), Some(MfaResult::Success)),
        "enrolled" => (Activity::Account, Some(Outcome::Success), Some(MfaResult::Enrolled)),
        "mfa-denied" => (Activity::Mfa, Some(Outcome::Failure), Some(MfaResult::Denied)),
        "mfa-timeout" => (Activity::Mfa, Some(Outcome::Failure), Some(MfaResult::Timeout)),
        "mfa-failed" => (Activity::Mfa, Some(Outcome::Failure), Some(MfaResult::Failed)),
        "account" => (Activity::Account, Some(Outcome::Success), None),
        "change" => (Activity::Change, Some(Outcome::Success), None),
        "other" => (Activity::Other, None, None),
        unknown => panic!("unknown outcome `{unknown}`"),
    };
    (event.activity, event.outcome) = (activity, outcome);
    result
}

/// What the engine says of it, on so many workers' shares.
pub(crate) fn output(scenario: &Scenario, shards: usize) -> Output {
    let mut book = NameBook::default();
    (0..scenario.batch.len()).for_each(|it| book.learn(&scenario.batch.event(it).unwrap()));
    let prior = Prior::new(&book, &scenario.context);
    let mut engine = Engine::new(prior, &scenario.context, &BTreeMap::new(), shards).unwrap();
    let mut items = Engine::items(&scenario.batch, |ip| scenario.atlas.place(ip));
    let mut sessions = Vec::new();
    for batch in items.chunks_mut(16) {
        engine.observe(batch, &scenario.atlas, &mut sessions);
    }
    engine.finish(&scenario.atlas, &mut sessions)
}
