//! Many accounts are tried on one day from where their owners never are, each hardly ever.

use std::collections::{BTreeSet, VecDeque};

use doorwarden_model::{EvidenceKind, Tier};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    count::real,
    detector::{Earlier, Findings, Past},
    organisation::is_probe,
    source::DAY,
    table::KeyMap,
};

/// # Low and slow spray
///
/// Within a day, attempts on many more accounts than usual were refused that came from providers which these accounts never
/// use, on no device. It goes on as one signal for as long as the campaign does.
///
/// ## Why it matters
/// A spray of one try per account and day shows nothing per account and nothing per network: CovertNetwork-1658 did so in four
/// of five cases. People mistype at home and on their own computers, so that what remains is nearly all somebody else's.
///
/// ## Example
/// ```scenario
/// x20 08:00 u[1-30] 203.0.113.[1-30] vpn ok asn=64500
/// 20d 09:00 u[1-25] 198.51.[1-25].9 vpn fail asn=64510
/// 20d 11:00 u26 198.51.26.9 vpn fail asn=64510 # signal
/// 21d 09:00 u[1-30] 198.51.[1-30].9 vpn fail asn=64510
/// ```
/// A little more than usual, four days in a row:
/// ```scenario
/// x22 08:00 u[1-36] 203.0.113.[1-36] vpn ok asn=64500
/// x18 10:00 u[1-20] 198.51.[1-20].9 vpn fail asn=64510
/// 18d 10:00 u[1-36] 198.51.[1-36].9 vpn fail asn=64510
/// 19d 10:00 u[1-36] 198.51.[1-36].9 vpn fail asn=64510
/// 20d 10:00 u[1-36] 198.51.[1-36].9 vpn fail asn=64510
/// 21d 10:00 u1 198.51.1.9 vpn fail asn=64510 # signal
/// 21d 10:01 u[2-36] 198.51.[2-36].9 vpn fail asn=64510
/// ```
/// The internet guesses at these accounts every day, and at a few more on one of them:
/// ```scenario
/// x20 08:00 u[1-36] 203.0.113.[1-36] vpn ok asn=64500
/// x18 10:00 u[1-20] 198.51.[1-20].9 vpn fail asn=64510
/// 19d 10:00 u[1-36] 198.51.[1-36].9 vpn fail asn=64510
/// ```
/// The morning after a change of all passwords, at home or on the own computers, is none, and names of nobody do not count:
/// ```scenario
/// x20 08:00 u[1-60] 203.0.113.[1-60] vpn ok asn=64500
/// 20d 09:00 u[1-30] 192.0.2.[1-30] vpn fail asn=64500
/// 20d 09:01 u[31-60] 198.51.100.[31-60] vpn fail asn=64510 device=laptop-[31-60]
/// 20d 09:02 x[1-60] 198.51.101.[1-60] vpn fail asn=64510
/// ```
///
/// ## False positives
/// A roll-out of a new client that keeps old passwords, while its people travel.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct LowAndSlowSpray {
    /// Accounts within a day below which it says nothing (our choice: a spray of fewer hides among the usual).
    accounts: usize,
    /// How many times the usual number it must be on one day (our choice, tried on simulated organisations).
    factor: f64,
    /// How many times the usual number it must be on several days in a row.
    lasting_factor: f64,
    /// On how many.
    lasting_days: u32,
    /// Days of log before a day can be compared with the usual.
    history_days: i64,
}

impl Default for LowAndSlowSpray {
    fn default() -> Self {
        Self { accounts: 25, factor: 2.5, lasting_factor: 1.6, lasting_days: 4, history_days: 14 }
    }
}

/// Accounts remembered that were tried within a day.
const TRIED: usize = 32_768;
/// First tries remembered, for the signal.
const RECORDS: usize = 256;
/// No day teaches more than so many times the usual.
const CLIP: f64 = 3.0;
/// Days after which what was too much is the usual: an organisation changes.
const PATIENCE: u32 = 28;

/// Which share of the settled accounts is usual, over so many days.
#[derive(Debug, Default)]
struct Usual {
    share: f64,
    days: u32,
}

impl Usual {
    /// A moving average, which begins as a plain one.
    fn learn(&mut self, share: f64, span: u32) {
        self.days += 1;
        let weight = (2.0 / (f64::from(span) + 1.0)).max(1.0 / f64::from(self.days));
        self.share += weight * (share - self.share);
    }
}

/// The accounts tried within a day, and how many are usual.
#[derive(Debug, Default)]
pub(crate) struct Monitor {
    /// The last try of each account within a day, and the same in their order.
    tried: KeyMap<u64, i64>,
    order: BTreeSet<(i64, u64)>,
    records: VecDeque<Earlier>,
    /// The day at hand, counted from 1970, and whether it was found to be too much.
    day: i64,
    is_flagged: bool,
    /// Days in a row, up to yesterday, that were too much to be learnt.
    raised: u32,
    working: Usual,
    weekend: Usual,
    /// Accounts that could be tried: while a log is young there are more every day.
    settled: f64,
}

impl Detector for LowAndSlowSpray {
    const ID: &'static str = "low-and-slow-spray";
    const SCOPE: Scope = Scope::Organisation;
    const EVIDENCE: EvidenceKind = EvidenceKind::Source;
    const LOOKS_AT: Kinds = Kinds::REFUSAL;
    const TECHNIQUES: &'static [&'static str] = &["T1110.003"];
    const QUIET_IF: &'static str =
        "the accounts had been tried from providers or on devices that their owners use";
    type Memory = Monitor;

    fn wants(&self, item: &Item<'_>) -> bool {
        is_probe(item)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(account), Some(ip)) = (item.facts.account, item.facts.src_ip) else { return };
        if past.known.is_scanner(item) || past.known.is_egress(ip) {
            return;
        }
        let now = item.millis();
        self.turn_to(now.div_euclid(DAY), memory);
        memory.settled = f64::from(item.facts.organisation.settled);
        memory.add(account.0, item);
        let count = real(memory.order.len());
        let usual = memory.usual();
        if now - past.start < self.history_days * DAY
            || count <= self.limit(usual, self.lasting_factor)
        {
            return;
        }
        out.about_nobody();
        let is_lasting = self.lasting_days <= memory.raised + 1;
        if out.extend() || !is_lasting && count <= self.limit(usual, self.factor) {
            return;
        }
        memory.is_flagged = true;
        let mut earlier: Vec<Earlier> = memory.records.iter().cloned().collect();
        earlier.pop();
        let how = if is_lasting {
            format!("more than usual on {} days in a row", memory.raised + 1)
        } else {
            format!("within a day {:.1} times as many as usual", count / usual.max(1.0))
        };
        out.report(Finding {
            tier: Tier::Queue,
            reason: format!(
                "{{accounts}} accounts were tried up to {{until}} from {{sources}} addresses of providers that they never use, {how}"
            ),
            baseline: format!("on such a day {usual:.0} accounts are tried like this"),
            since: earlier.first().map(|it| it.evidence.time),
            earlier,
            ..Finding::default()
        });
    }
}

impl LowAndSlowSpray {
    fn limit(&self, usual: f64, factor: f64) -> f64 {
        real(self.accounts).max(factor * usual)
    }

    /// Learns from the days before `day` that are over.
    fn turn_to(&self, day: i64, memory: &mut Monitor) {
        if memory.day == 0 || 14 < day - memory.day {
            // Nothing was logged in between.
            (memory.day, memory.raised, memory.is_flagged) = (day, 0, false);
        }
        while memory.day < day {
            self.end_day(memory);
            memory.day += 1;
        }
    }

    fn end_day(&self, memory: &mut Monitor) {
        let count = real(memory.order.range((memory.day * DAY, 0)..).count());
        let usual = memory.usual();
        let is_known = 10 <= memory.working.days + memory.weekend.days;
        let is_raised = is_known && self.limit(usual, self.lasting_factor) < count;
        if (is_raised || memory.is_flagged) && memory.raised < PATIENCE {
            memory.raised += 1;
        } else {
            memory.raised = 0;
            let clipped = count.min((CLIP * usual).max(real(self.accounts)));
            let is_weekend = is_weekend(memory.day);
            let of = if is_weekend { &mut memory.weekend } else { &mut memory.working };
            if memory.settled < 1.0 {
                return;
            }
            // As many as two weeks hold.
            of.learn(clipped / memory.settled, if is_weekend { 4 } else { 10 });
        }
        memory.is_flagged = false;
    }
}

impl Monitor {
    /// How many accounts are usual on a day like the one at hand.
    fn usual(&self) -> f64 {
        let (same, other) = if is_weekend(self.day) {
            (&self.weekend, &self.working)
        } else {
            (&self.working, &self.weekend)
        };
        self.settled * if same.days == 0 { other.share } else { same.share }
    }

    fn add(&mut self, account: u64, item: &Item<'_>) {
        let now = item.millis();
        while let Some((millis, oldest)) = self.order.first().copied()
            && (millis < now - DAY || self.order.len() == TRIED)
        {
            self.order.remove(&(millis, oldest));
            self.tried.remove(&oldest);
        }
        while self.records.front().is_some_and(|it| it.evidence.time.as_millisecond() < now - DAY)
            || self.records.len() == RECORDS
        {
            self.records.pop_front();
        }
        self.order.insert((now, account));
        if let Some(before) = self.tried.insert(account, now) {
            if before != now {
                self.order.remove(&(before, account));
            }
            return;
        }
        self.records.push_back(Earlier {
            name: item.event.user.unwrap_or_default().into(),
            is_known: true,
            ip: item.facts.src_ip,
            service: item.event.service,
            evidence: item.evidence(),
            signed_in: None,
        });
    }
}

/// Whether a day, counted from 1970, which began on a Thursday, is a Saturday or Sunday.
const fn is_weekend(day: i64) -> bool {
    5 <= (day + 3).rem_euclid(7)
}
