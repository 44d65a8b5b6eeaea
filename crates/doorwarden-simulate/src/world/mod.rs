//! Lives the days one after the other: what is planned for a day is put in order and carried out.

pub(crate) mod act;
mod carry_out;
mod identity;
mod pool;
mod weigh;

pub(crate) use self::carry_out::gateway_site;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use self::{
    act::{Act, Who},
    pool::Pool,
};
use crate::{
    Sink,
    attacks::{self, Campaign},
    company::{
        found::Company,
        people::{Class, Person},
        sites::Gateway,
    },
    config::Config,
    journal::{Journal, Mark, Outage, Step},
    life,
    moment::{DAY, Moment},
};

/// Something odd that is harmless.
#[derive(Debug, Clone)]
pub(crate) struct Benign {
    /// What kind.
    pub(crate) kind: &'static str,
    /// Accounts.
    pub(crate) accounts: Vec<String>,
    /// From when on.
    pub(crate) from: Moment,
    /// Until when.
    pub(crate) until: Moment,
}

/// Everything planned, and everything that is.
#[derive(Debug)]
pub(crate) struct World<'c> {
    /// What was asked for.
    pub(crate) config: &'c Config,
    /// Where chance comes from.
    pub(crate) seed: u64,
    /// Midnight of the first day in UTC.
    pub(crate) start: Moment,
    /// Offices and accounts.
    pub(crate) company: Company,
    /// The logs.
    pub(crate) journal: Journal,
    /// Attacks.
    pub(crate) campaigns: Vec<Campaign>,
    /// What looks odd and is harmless.
    pub(crate) benign: Vec<Benign>,
    /// Accounts that an attack uses or will use: each belongs to one attack.
    pub(crate) victims: BTreeSet<usize>,
    later: BTreeMap<i64, Vec<Act>>,
    today: Vec<Act>,
    pools: BTreeMap<Gateway, Pool>,
    /// The last session of each account's browsers at the identity provider, and when it began.
    sessions: BTreeMap<(usize, String), (Moment, String)>,
    /// What each account was abused for last: when, from which country, by which attack.
    abused: BTreeMap<usize, (Moment, &'static str, usize)>,
    netbios: String,
}

/// What is left when all days are over.
#[derive(Debug)]
pub(crate) struct Run {
    /// Offices and accounts.
    pub(crate) company: Company,
    /// Attacks.
    pub(crate) campaigns: Vec<Campaign>,
    /// What looks odd and is harmless.
    pub(crate) benign: Vec<Benign>,
    /// Records of attacks.
    pub(crate) steps: Vec<Step>,
    /// The first moment.
    pub(crate) start: Moment,
    /// The moment behind the last.
    pub(crate) end: Moment,
}

impl<'c> World<'c> {
    /// Founds an organisation.
    pub(crate) fn new(seed: u64, config: &'c Config) -> Self {
        let midnight = jiff::tz::TimeZone::UTC.to_timestamp(config.start.at(0, 0, 0, 0));
        let start = Moment(midnight.unwrap_or_default().as_millisecond());
        let end = start.plus(config.days * DAY);
        let short = config.domain.split('.').next().unwrap_or_default();
        let pool = |third: u8| Pool::new(Ipv4Addr::new(10, 96 + third, 0, 2));
        let mut journal = Journal::new(seed, start, end);
        for day in &config.events.log_outage {
            let from = start.plus(day * DAY + 9 * 3_600);
            let channel = life::late_log(*day);
            journal.outages.push(Outage { channel, from, until: from.plus(3 * 3_600) });
        }
        let mut world = Self {
            config,
            seed,
            start,
            company: Company::found(config, seed),
            journal,
            campaigns: Vec::new(),
            benign: Vec::new(),
            victims: BTreeSet::new(),
            later: BTreeMap::new(),
            today: Vec::new(),
            pools: BTreeMap::from([
                (Gateway::Europe, pool(0)),
                (Gateway::America, pool(8)),
                (Gateway::Asia, pool(16)),
            ]),
            sessions: BTreeMap::new(),
            abused: BTreeMap::new(),
            netbios: short.to_uppercase().chars().take(15).collect(),
        };
        attacks::plan(&mut world);
        life::announce(&mut world);
        world
    }

    /// Lives all days.
    pub(crate) fn run<S: Sink>(mut self, sink: &mut S) -> Result<Run, S::Error> {
        for day in 0..self.config.days {
            life::live(&mut self, day);
            attacks::attack(&mut self, day);
            self.carry_out_day(day);
            self.journal.hand_out(day, sink)?;
        }
        let end = self.start.plus(self.config.days * DAY);
        let steps = self.journal.finish(sink)?;
        Ok(Run {
            company: self.company,
            campaigns: self.campaigns,
            benign: self.benign,
            steps,
            start: self.start,
            end,
        })
    }

    fn carry_out_day(&mut self, day: i64) {
        let mut acts = std::mem::take(&mut self.today);
        let rest = self.later.split_off(&(day + 1));
        let due = std::mem::replace(&mut self.later, rest);
        acts.extend(due.into_values().flatten());
        acts.sort_by_key(|it| it.at);
        for act in acts {
            self.carry_out(&act);
        }
        self.journal.mark(None);
    }

    /// Something will be done.
    pub(crate) fn will(&mut self, act: Act) {
        let day = (act.at.0 - self.start.0).div_euclid(DAY * 1_000);
        self.later.entry(day).or_default().push(act);
    }

    /// Something is done today.
    pub(crate) fn today(&mut self, act: Act) {
        self.today.push(act);
    }

    /// The account at a place.
    pub(crate) fn person(&self, at: usize) -> Option<&Person> {
        self.company.people.get(at)
    }

    /// `minutes` after midnight of `day` by the clock of an account's owner.
    pub(crate) fn local(&self, person: &Person, day: i64, minutes: i64) -> Moment {
        self.clock(person.zone, day, minutes)
    }

    /// `minutes` after midnight of `day` by the clock of an office.
    pub(crate) fn clock(&self, site: usize, day: i64, minutes: i64) -> Moment {
        match self.company.sites.get(site) {
            Some(site) => site.at(self.start, day, minutes),
            None => self.start.plus(day * DAY + minutes * 60),
        }
    }

    /// The day, counted from the first, that a moment is on in UTC.
    pub(crate) fn day_of(&self, at: Moment) -> i64 {
        at.day() - self.start.day()
    }

    /// The domain of an account's mail address at a moment.
    fn domain(&self, account: usize, at: Moment) -> String {
        let is_merged = self
            .person(account)
            .is_some_and(|it| it.site == crate::company::sites::MERGED && it.class == Class::Human);
        if is_merged {
            return MERGED_DOMAIN.to_owned();
        }
        let day = self.day_of(at);
        match self.config.events.domain_rename.first() {
            Some(renamed) if *renamed <= day => renamed_domain(&self.config.domain),
            _ => self.config.domain.clone(),
        }
    }

    /// The campaign of a mark.
    fn campaign(&mut self, mark: Mark) -> Option<&mut Campaign> {
        self.campaigns.get_mut(mark.campaign)
    }

    /// Notes something odd that is harmless.
    pub(crate) fn note(
        &mut self,
        kind: &'static str,
        who: &[usize],
        (from, until): (Moment, Moment),
    ) {
        let accounts =
            who.iter().filter_map(|it| self.person(*it)).map(|it| it.account.clone()).collect();
        self.benign.push(Benign { kind, accounts, from, until });
    }
}

/// The domain of the company that joins.
pub(crate) const MERGED_DOMAIN: &str = "windmolen.example";

/// The domain after it was renamed.
pub(crate) fn renamed_domain(domain: &str) -> String {
    format!("my-{domain}")
}

impl Who {
    /// The account's place, where there is one.
    pub(crate) const fn account(&self) -> Option<usize> {
        match self {
            Self::Account(at) => Some(*at),
            Self::Name(_) => None,
        }
    }
}
