//! Founds the organisation: draws everybody with an account from the seed.

use std::collections::BTreeMap;

use super::{
    machines::{CLIENTS, Machine, Os, Phone},
    names::Names,
    people::{Class, Habits, Known, Now, Person, Shift, Style},
    sites::{self, Gateway, PLANS, Site},
};
use crate::{
    config::Config,
    places::{NetworkId, Origin, Use},
    random::Random,
};

/// Countries in which contractors live.
const ABROAD: &[&str] = &["IN", "PL", "RO", "PT", "CZ", "VN", "TR", "FR", "ES"];

/// Programs that have accounts, and the server that each runs on.
const PROGRAMS: &[&str] = &[
    "svc-backup",
    "svc-deploy",
    "svc-monitor",
    "svc-scan",
    "svc-report",
    "svc-sync",
    "svc-ci",
    "svc-etl",
];

/// The organisation.
#[derive(Debug)]
pub(crate) struct Company {
    /// Offices.
    pub(crate) sites: Vec<Site>,
    /// Accounts.
    pub(crate) people: Vec<Person>,
    /// How many of the first accounts are staff and contractors.
    pub(crate) staff: usize,
    /// The account with rights of an administrator of those who have one.
    pub(crate) admins: BTreeMap<usize, usize>,
}

impl Company {
    /// Draws everybody.
    pub(crate) fn found(config: &Config, seed: u64) -> Self {
        let line = config.events.office_line.first().copied();
        let site =
            |(at, plan)| Site::new(plan, config.start, config.days, line.filter(|_| at == 1));
        let sites = PLANS.iter().enumerate().map(site).collect();
        let mut company = Self { sites, people: Vec::new(), staff: 0, admins: BTreeMap::new() };
        let mut names = Names::new(seed);
        for at in 0..config.people {
            let (account, name) = names.next();
            let person = member(config, seed, at, (account, name));
            company.people.push(person);
        }
        if let Some(day) = config.events.merger.first().filter(|it| **it < config.days) {
            for at in config.people..config.people + config.people / 25 {
                let mut person = member(config, seed, at, names.next());
                settle(&mut person, sites::MERGED, &mut Random::of(seed, "merged", at, 0));
                person.works = (*day, i64::MAX);
                person.class = Class::Human;
                company.people.push(person);
            }
        }
        company.staff = company.people.len();
        company.add_others(config, seed);
        company
    }

    fn add_others(&mut self, config: &Config, seed: u64) {
        let owners: Vec<usize> =
            (0..self.staff).filter(|it| it % 33 == 4 && self.is_ordinary(*it)).collect();
        for owner in owners {
            let Some(mut admin) = self.people.get(owner).cloned() else { continue };
            admin.account = format!("adm-{}", admin.account.replace('.', "-"));
            admin.class = Class::Admin;
            admin.owner = Some(owner);
            admin.habits = Habits::default();
            admin.now.known = Known::default();
            self.admins.insert(owner, self.people.len());
            self.people.push(admin);
        }
        for number in 0..(config.people / 60).max(1) {
            let kind = PROGRAMS.get(number % PROGRAMS.len()).copied().unwrap_or("svc");
            let account = format!("{kind}-{:02}", number + 1);
            self.people.push(self.other(seed, number, account, Class::Service));
        }
        for number in 0..(config.people / 100).max(1) {
            let rooms = ["reception", "warehouse", "workshop", "lab", "frontdesk", "print"];
            let room = rooms.get(number % rooms.len()).copied().unwrap_or("desk");
            let account = format!("{room}-{:02}", number + 1);
            self.people.push(self.other(seed, number, account, Class::Shared));
        }
    }

    /// Somebody of the staff who is there all the time.
    fn is_ordinary(&self, at: usize) -> bool {
        self.people.get(at).is_some_and(|it| {
            it.class == Class::Human && !it.is_dormant && it.works == (i64::MIN, i64::MAX)
        })
    }

    fn other(&self, seed: u64, number: usize, account: String, class: Class) -> Person {
        let mut random = Random::of(seed, class.word(), number, 0);
        let mut person = self.people.first().cloned().unwrap_or_else(|| draw(&mut random, 0));
        person.name.clone_from(&account);
        person.account = account;
        person.class = class;
        person.is_dormant = false;
        person.works = (i64::MIN, i64::MAX);
        person.now = now(&mut random);
        settle(&mut person, random.weighted(&[30, 14, 9, 18, 6, 13, 6, 4]), &mut random);
        person
    }
}

fn member(config: &Config, seed: u64, at: usize, (account, name): (String, String)) -> Person {
    let mut random = Random::of(seed, "person", at, 0);
    let shares: Vec<u64> = PLANS.iter().map(|it| it.share).collect();
    let site = random.weighted(&shares);
    let mut person = draw(&mut random, site);
    person.account = account;
    person.name = name;
    person.is_dormant = random.chance(20);
    if random.chance(40) {
        contract(&mut person, &mut random);
    }
    if random.chance(30) {
        person.works.0 = random.between(3, config.days - 3);
    } else if random.chance(25) {
        person.works.1 = random.between(8, config.days);
    }
    let opens = config.events.new_office.first().copied();
    if opens.is_some_and(|it| it < config.days) && random.chance(8) {
        settle(&mut person, sites::NEW, &mut random);
        person.works.0 = opens.unwrap_or(0).max(person.works.0);
    }
    person
}

/// Somebody of the office `site`, of whom only the name is missing.
fn draw(random: &mut Random, site: usize) -> Person {
    let styles = [Style::Office, Style::Hybrid, Style::Remote];
    let shifts = [Shift::Day, Shift::Evening, Shift::Night, Shift::Rotating];
    let busy = libm::exp(0.5 * random.normal());
    // The square of a die is a distribution with many who never work on weekends.
    let weekend = random.below(32);
    let typos = 4 + random.below(30) + random.below(30) + random.below(12);
    let mut person = Person {
        account: String::new(),
        name: String::new(),
        class: Class::Human,
        owner: None,
        site,
        zone: site,
        country: "",
        style: styles.get(random.weighted(&[25, 50, 25])).copied().unwrap_or(Style::Hybrid),
        shift: shifts.get(random.weighted(&[86, 5, 5, 4])).copied().unwrap_or(Shift::Day),
        begins: 510 + random.around(60),
        volume: Config::permille(busy.min(4.0)),
        weekend: weekend * weekend,
        typos,
        travels: random.pick(&[0, 0, 10, 20, 40, 80, 150]),
        gateway: Gateway::Europe,
        idp: super::sites::Idp::Okta,
        habits: habits(random),
        works: (i64::MIN, i64::MAX),
        is_dormant: false,
        lag: random.between(0, 9),
        now: now(random),
    };
    settle(&mut person, site, random);
    person
}

/// Gives somebody a home near an office.
fn settle(person: &mut Person, site: usize, random: &mut Random) {
    let Some(plan) = PLANS.get(site) else { return };
    person.site = site;
    person.zone = site;
    person.gateway = plan.gateway;
    person.idp = plan.idp;
    live_in(person, plan.country, random);
}

fn live_in(person: &mut Person, country: &'static str, random: &mut Random) {
    person.country = country;
    person.now.home = NetworkId::draw(random, country, Use::Isp).address(random);
    person.now.carrier = NetworkId::draw(random, country, Use::Mobile);
    let habits = person.habits;
    person.now.via = if habits.has(Habits::WEB_GATEWAY) {
        Some(NetworkId::draw(random, country, Use::Gateway).address(random))
    } else if habits.has(Habits::CLOUD_DESKTOP) {
        let cloud = match country {
            "US" | "BR" => "AWS Virginia",
            "IN" => "AWS Mumbai",
            "JP" => "AWS Tokyo",
            _ => "AWS Frankfurt",
        };
        Some(NetworkId::named(cloud).address(random))
    } else {
        None
    };
}

/// Somebody of another company, mostly abroad and in the time zone of the office that pays.
fn contract(person: &mut Person, random: &mut Random) {
    person.class = Class::Contractor;
    person.style = Style::Remote;
    let country = random.pick(ABROAD);
    live_in(person, country, random);
    person.habits.add(if random.chance(500) { Habits::CITRIX } else { Habits::SHELLS });
    if random.chance(100) {
        // Some keep a rented server between themselves and their customers.
        person.now.via = Some(NetworkId::draw(random, "NL", Use::Hosting).address(random));
        person.habits.add(Habits::CLOUD_DESKTOP);
    }
}

fn habits(random: &mut Random) -> Habits {
    let mut habits = Habits::default();
    let shares = [
        (Habits::PRIVATE, 60),
        (Habits::OLD_CLIENT, 350),
        (Habits::HIDES, 40),
        (Habits::RELAY, 50),
        (Habits::OWN_COMPUTER, 120),
        (Habits::SHELLS, 150),
        (Habits::CITRIX, 80),
        (Habits::DESKTOP_GATEWAY, 70),
        (Habits::WEB_MAIL, 250),
        (Habits::PHONE_MAIL, 550),
        (Habits::SECOND_PEAK, 250),
        (Habits::ON_CALL, 30),
        (Habits::DESKTOP, 200),
        (Habits::NO_TUNNEL, 120),
    ];
    for (habit, share) in shares {
        if random.chance(share) {
            habits.add(habit);
        }
    }
    match random.below(1_000) {
        0..50 => habits.add(Habits::WEB_GATEWAY),
        50..80 => habits.add(Habits::CLOUD_DESKTOP),
        _ => {}
    }
    habits
}

fn now(random: &mut Random) -> Now {
    let os = random.pick(&[
        Os::Windows,
        Os::Windows,
        Os::Windows,
        Os::Windows,
        Os::Mac,
        Os::Mac,
        Os::Linux,
    ]);
    let number = random.below(900_000) + 100_000;
    let mut laptop = Machine::new(random, format!("NL-{number}"), os);
    laptop.client = CLIENTS[0].0;
    let mut own = Machine::stranger(random);
    own.name = format!("PC-{}", random.hex(6).to_uppercase());
    Now {
        home: Origin::inside(std::net::Ipv4Addr::LOCALHOST),
        carrier: NetworkId::INSIDE,
        away: None,
        journey: None,
        laptop,
        own,
        phone: Phone::new(random),
        stale: None,
        via: None,
        known: Known::default(),
    }
}
