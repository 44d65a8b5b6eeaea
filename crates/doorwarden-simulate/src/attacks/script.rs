//! What all campaigns are written with: victims, sources, devices and hours, as easy or as hard as chance has it.

use serde_json::Value;

use crate::{
    company::{
        machines::{Machine, Os, Program},
        people::Person,
    },
    config::Config,
    doors::{Answer, Refusal},
    journal::{Channel, Mark, Phase},
    life::calendar,
    moment::Moment,
    places::{NETWORKS, NetworkId, Origin, Use},
    random::Random,
    world::{
        World,
        act::{Act, Door, Factor, Help, Trouble, What, Who},
    },
};

/// Where rented servers stand that are nobody's neighbours.
const SERVERS: &[&str] = &["NL", "RU", "SG", "FI", "FR", "DE", "US", "GB"];
/// Where attackers have homes.
const HOMES: &[&str] = &["RU", "CN", "VN", "RO", "NG", "TR", "IR", "UA", "BR", "KR"];

/// What kind of network an attacker comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A rented server in another country.
    HostingForeign,
    /// One in the victim's country.
    HostingHome,
    /// Somebody's line in another country.
    ResidentialForeign,
    /// Somebody's line in the victim's country, of another provider.
    ResidentialHome,
    /// A telephone in the victim's country.
    Mobile,
    /// Another line of the victim's provider.
    SameIsp,
    /// The victim's own line.
    OwnMachine,
}

impl Source {
    const fn word(self) -> &'static str {
        match self {
            Self::HostingForeign => "hosting-foreign",
            Self::HostingHome => "hosting-home",
            Self::ResidentialForeign => "residential-foreign",
            Self::ResidentialHome => "residential-home",
            Self::Mobile => "mobile",
            Self::SameIsp => "same-isp",
            Self::OwnMachine => "own-machine",
        }
    }
}

/// What an attacker's device looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    /// One of the own.
    New,
    /// With the victim's kind of browser.
    AgentCloned,
    /// With the victim's ids, too.
    IdCloned,
    /// It tells no id.
    None,
    /// The victim's.
    Own,
}

impl Device {
    const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::AgentCloned => "ua-cloned",
            Self::IdCloned => "id-cloned",
            Self::None => "none",
            Self::Own => "own",
        }
    }
}

/// When an attacker comes, by the victim's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hours {
    /// While the victim works.
    Business,
    /// At night.
    Off,
    /// At any time.
    Mixed,
}

impl Hours {
    const fn word(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Off => "off",
            Self::Mixed => "mixed",
        }
    }
}

/// Who attacks: where from, with what, when.
#[derive(Debug, Clone)]
pub(super) struct Actor {
    /// Where from.
    pub(super) from: Origin,
    /// With what.
    pub(super) machine: Machine,
    /// When.
    pub(super) hours: Hours,
    /// With a second factor or without.
    pub(super) factor: Factor,
}

/// One campaign while it is planned.
pub(super) struct Script<'w, 'c> {
    pub(super) world: &'w mut World<'c>,
    pub(super) random: Random,
    /// The first day.
    pub(super) day: i64,
    number: usize,
}

impl<'w, 'c> Script<'w, 'c> {
    pub(super) fn new(world: &'w mut World<'c>, number: usize) -> Self {
        let day = world.campaigns.get(number).map_or(0, |it| it.day);
        let random = Random::of(world.seed, "campaign", number, day);
        Self { world, random, day, number }
    }

    /// Days that are left, the first with them, but at most `most`.
    pub(super) fn days(&self, most: i64) -> i64 {
        (self.world.config.days - self.day).clamp(1, most)
    }

    /// Whether the hard variant is chosen.
    pub(super) fn is_hard(&mut self) -> bool {
        self.random.chance(Config::permille(self.world.config.hard).min(1_000))
    }

    /// Notes what makes it easy or hard.
    pub(super) fn knob(&mut self, key: &'static str, value: impl Into<Value>) {
        if let Some(campaign) = self.world.campaigns.get_mut(self.number) {
            campaign.knobs.insert(key, value.into());
        }
    }

    /// Notes what explains it, beside what its sign-ins themselves contradict.
    pub(super) fn explain(&mut self, evidence: &'static str) {
        if let Some(campaign) = self.world.campaigns.get_mut(self.number) {
            campaign.explained_by.insert(evidence);
        }
    }

    /// Somebody of the staff who fits, and whom nobody else attacks.
    pub(super) fn victim(&mut self, fits: impl Fn(usize, &Person) -> bool) -> usize {
        let (staff, day) = (self.world.company.staff, self.day);
        let mut second = None;
        for _ in 0..4_000 {
            let at = self.random.place(staff);
            let Some(person) = self.world.person(at) else { continue };
            let is_free = person.is_active_human(day)
                && person.now.away.is_none()
                && !self.world.victims.contains(&at);
            if is_free && fits(at, person) {
                self.world.victims.insert(at);
                return at;
            }
            second = second.or(is_free.then_some(at));
        }
        let at = second.unwrap_or(0);
        self.world.victims.insert(at);
        at
    }

    /// Anybody.
    pub(super) fn anybody(&mut self) -> usize {
        self.victim(|_, _| true)
    }

    /// The account at a place, as it is on the first day.
    pub(super) fn person(&self, at: usize) -> Option<Person> {
        self.world.person(at).cloned()
    }

    /// An address of a kind.
    pub(super) fn origin(&mut self, victim: usize, source: Source) -> Origin {
        let Some(person) = self.world.person(victim) else {
            return NetworkId::draw(&mut self.random, "NL", Use::Hosting).address(&mut self.random);
        };
        let (country, home, random) = (person.country, person.now.home, &mut self.random);
        match source {
            Source::HostingForeign => {
                let server = elsewhere(random, SERVERS, country);
                NetworkId::draw(random, server, Use::Hosting).address(random)
            }
            Source::HostingHome => NetworkId::draw(random, country, Use::Hosting).address(random),
            Source::ResidentialForeign => {
                let place = elsewhere(random, HOMES, country);
                NetworkId::draw(random, place, Use::Isp).address(random)
            }
            Source::ResidentialHome => another_isp(random, country, home),
            Source::Mobile => NetworkId::draw(random, country, Use::Mobile).carrier_address(random),
            Source::SameIsp => home.network.address(random),
            Source::OwnMachine => home,
        }
    }

    /// A device.
    pub(super) fn machine(&mut self, victim: usize, device: Device) -> Machine {
        let mut machine = Machine::stranger(&mut self.random);
        let Some(own) = self.world.person(victim).map(|it| it.now.laptop.clone()) else {
            return machine;
        };
        match device {
            Device::New => {}
            Device::AgentCloned => {
                machine.os = own.os;
                machine.program = own.program;
                machine.major = own.major;
                machine.client = own.client;
            }
            Device::IdCloned | Device::Own => machine = own,
            Device::None => {
                machine.id.clear();
                machine.name.clear();
            }
        }
        machine
    }

    /// An attacker whose knobs are drawn, and noted.
    pub(super) fn actor(&mut self, victim: usize, easy: &[Source], hard: &[Source]) -> Actor {
        let is_hard = self.is_hard();
        let sources = if is_hard { hard } else { easy };
        let source = sources
            .get(self.random.place(sources.len()))
            .copied()
            .unwrap_or(Source::HostingForeign);
        let devices = if self.is_hard() {
            [Device::AgentCloned, Device::IdCloned, Device::None]
        } else {
            [Device::New; 3]
        };
        let device = devices.get(self.random.place(3)).copied().unwrap_or(Device::New);
        let hours = match (self.is_hard(), self.random.chance(500)) {
            (true, _) => Hours::Business,
            (false, true) => Hours::Off,
            (false, false) => Hours::Mixed,
        };
        let has_factor = self.random.chance(600);
        self.as_actor(
            victim,
            source,
            device,
            hours,
            if has_factor { Factor::Push } else { Factor::None },
        )
    }

    /// An attacker with these knobs, which are noted.
    pub(super) fn as_actor(
        &mut self,
        victim: usize,
        source: Source,
        device: Device,
        hours: Hours,
        factor: Factor,
    ) -> Actor {
        self.knob("source", source.word());
        self.knob("device", device.word());
        self.knob("hours", hours.word());
        self.knob("mfa", matches!(factor, Factor::Push | Factor::Passcode));
        Actor {
            from: self.origin(victim, source),
            machine: self.machine(victim, device),
            hours,
            factor,
        }
    }

    /// A moment of the `day`th day of the campaign, by the victim's clock.
    pub(super) fn when(&mut self, victim: usize, day: i64, hours: Hours) -> Moment {
        let Some(person) = self.world.person(victim) else { return self.world.start };
        let begins = person.begins;
        let minutes = match hours {
            Hours::Business => begins + 30 + self.random.between(0, 420),
            Hours::Off => self.random.between(15, 290),
            Hours::Mixed => self.random.between(15, 1_425),
        };
        let Some(person) = self.world.person(victim) else { return self.world.start };
        let mut day = self.day + day;
        if hours == Hours::Business {
            // Who hides in office hours does not come on weekends.
            let weekday = (self.world.start.plus(day * 86_400).day() + 3).rem_euclid(7);
            day -= (weekday - 4).max(0);
            day = day.max(self.day);
        }
        let at = self.world.local(person, day, minutes);
        at.plus_millis(self.random.between(0, 59_999))
    }

    fn act(
        &self,
        phase: Phase,
        victim: usize,
        (at, until): (Moment, Moment),
        actor: &Actor,
        what: What,
    ) -> Act {
        Act {
            at,
            until,
            who: Who::Account(victim),
            from: actor.from,
            machine: actor.machine.clone(),
            what,
            mark: Some(Mark { campaign: self.number, phase }),
        }
    }

    /// Does something.
    pub(super) fn does(
        &mut self,
        phase: Phase,
        victim: usize,
        at: Moment,
        minutes: i64,
        actor: &Actor,
        what: What,
    ) {
        let act = self.act(phase, victim, (at, at.plus(minutes * 60)), actor, what);
        self.world.will(act);
    }

    /// Dials in, and does things inside after so many seconds each.
    pub(super) fn tunnel(
        &mut self,
        phase: Phase,
        victim: usize,
        (at, minutes): (Moment, i64),
        actor: &Actor,
        inside: Vec<(i64, What)>,
    ) {
        let inner = inside
            .into_iter()
            .map(|(later, what)| {
                let from = at.plus(later);
                self.act(phase, victim, (from, from.plus(minutes * 20)), actor, what)
            })
            .collect();
        let what = What::Tunnel {
            trouble: Trouble::NONE,
            factor: actor.factor,
            certificate: false,
            moves: None,
            inner,
        };
        self.does(phase, victim, at, minutes, actor, what);
    }

    /// A sign-in at the identity provider.
    pub(super) fn sign_in(&mut self, phase: Phase, victim: usize, at: Moment, actor: &Actor) {
        let what = What::SignIn { trouble: Trouble::NONE, factor: actor.factor, apps: 2 };
        self.does(phase, victim, at, 30, actor, what);
    }

    /// Tries a password that is wrong.
    pub(super) fn tries(
        &mut self,
        who: Who,
        at: Moment,
        from: Origin,
        machine: &Machine,
        door: Door,
    ) {
        let why = if who.account().is_some() { Refusal::Password } else { Refusal::Unknown };
        self.world.will(Act {
            at,
            until: at,
            who,
            from,
            machine: machine.clone(),
            what: What::Refused(door, why),
            mark: Some(Mark { campaign: self.number, phase: Phase::Probe }),
        });
    }

    /// The help desk does something to the victim's account.
    pub(super) fn help(&mut self, phase: Option<Phase>, victim: usize, at: Moment, help: Help) {
        let act = calendar::help(self.world, victim, at, help, &mut self.random);
        if let Some(mut act) = act {
            act.mark = phase.map(|phase| Mark { campaign: self.number, phase });
            self.world.will(act);
        }
    }

    /// Something to do inside.
    pub(super) fn errand(&mut self) -> What {
        match self.random.below(3) {
            0 => What::Desktop(Channel::Desk1),
            1 => What::Network(Channel::Desk2),
            _ => What::Network(Channel::Desk1),
        }
    }

    /// How long a stay is, in minutes.
    pub(super) fn stay(&mut self) -> i64 {
        self.random.between(8, 150)
    }
}

/// A program without a window.
pub(super) fn scripted(mut machine: Machine) -> Machine {
    machine.program = Program::Script;
    machine.os = Os::Linux;
    machine
}

/// A country of a list that is another one.
fn elsewhere(random: &mut Random, from: &[&'static str], country: &str) -> &'static str {
    let others: Vec<&str> = from.iter().copied().filter(|it| *it != country).collect();
    random.pick(&others)
}

/// A line of another provider of the country; of the same, where there is only one.
pub(super) fn another_isp(random: &mut Random, country: &str, home: Origin) -> Origin {
    let others: Vec<&str> = NETWORKS
        .iter()
        .filter(|it| {
            it.of == Use::Isp && it.country == country && it.name != home.network.get().name
        })
        .map(|it| it.name)
        .collect();
    if others.is_empty() {
        return home.network.address(random);
    }
    let name = random.pick(&others);
    NetworkId::named(name).address(random)
}

/// Prompts that are not approved.
pub(super) fn prompts(count: u8, answer: Answer) -> Trouble {
    Trouble { typos: 0, pushes: (count, answer) }
}
