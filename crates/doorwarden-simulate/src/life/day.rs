//! A person's day.

use crate::{
    company::{
        machines::Machine,
        people::{Class, Habits, Person, Shift, Style, Why},
        sites::{self, Idp, PLANS},
    },
    config::Config,
    doors::{
        Answer, Refusal,
        sshd::{Proof, Server},
    },
    journal::Channel,
    moment::Moment,
    places::{NetworkId, Origin, Use},
    random::Random,
    world::{
        World,
        act::{Act, Door, Factor, Trouble, What, Who},
    },
};

/// A stay at one place.
#[derive(Debug, Clone, Copy)]
struct Sitting {
    from: Moment,
    until: Moment,
    /// The office, or the line of a home, a café, a hotel.
    place: Place,
    is_first: bool,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Office(usize),
    Outside(Origin),
}

/// What a person's day is planned with.
pub(super) struct Plan<'w> {
    world: &'w World<'w>,
    pub(super) person: &'w Person,
    pub(super) at: usize,
    pub(super) day: i64,
    /// The office by whose clock the day goes.
    zone: usize,
    pub(super) acts: Vec<Act>,
}

/// A way in that somebody takes for once.
fn detour(typos: u8, random: &mut Random) -> Option<What> {
    match random.below(1_000) {
        0..6 => Some(What::WebMail { typos }),
        6..9 => Some(What::Citrix { typos }),
        9..12 => Some(What::DesktopGateway { typos }),
        _ => None,
    }
}

/// The office by whose clock somebody lives: where one works elsewhere, the one that is nearest.
fn zone(person: &Person) -> usize {
    let Some(away) = person.now.away else { return person.zone };
    match away.why {
        Why::Site(site) => site,
        Why::Trip | Why::Conference | Why::Holiday | Why::Visit => {
            let country = away.from.country();
            PLANS.iter().position(|it| it.country == country).unwrap_or(person.zone)
        }
    }
}

/// Plans the day of the account at a place.
pub(super) fn plan(world: &World<'_>, at: usize, day: i64, random: &mut Random) -> Vec<Act> {
    let Some(person) = world.person(at) else { return Vec::new() };
    let mut plan = Plan { world, person, at, day, zone: zone(person), acts: Vec::new() };
    if !person.is_employed(day) {
        plan.after(random);
        return plan.acts;
    }
    if person.is_dormant {
        plan.sleep(random);
        return plan.acts;
    }
    if person.now.journey == Some(day) {
        plan.journey(random);
        return plan.acts;
    }
    plan.phone(random);
    match person.now.away {
        Some(away) if away.why == Why::Holiday => plan.holiday(away.from, random),
        _ => plan.work(random),
    }
    plan.acts
}

impl Plan<'_> {
    pub(super) fn clock(&self, minutes: i64) -> Moment {
        // Nobody is as exact as a minute.
        let mut random = Random::of(self.world.seed, "second", self.at, self.day * 1_440 + minutes);
        self.world.clock(self.zone, self.day, minutes).plus_millis(random.between(0, 59_999))
    }

    /// Days since Monday.
    fn weekday(&self) -> i64 {
        let today = self.world.start.plus(self.day * 86_400);
        (today.day() + 3).rem_euclid(7)
    }

    pub(super) fn act(&self, at: Moment, from: Origin, what: What) -> Act {
        let machine = self.person.now.laptop.clone();
        Act { at, until: at, who: Who::Account(self.at), from, machine, what, mark: None }
    }

    fn holiday(&mut self, from: Origin, random: &mut Random) {
        if !random.chance(90) {
            return;
        }
        let at = self.clock(random.between(480, 1_320));
        let mut act = if self.person.habits.has(Habits::WEB_MAIL) {
            let until = at.plus(random.between(120, 900));
            Act { until, ..self.act(at, from, What::WebMail { typos: self.typos(random, 1) }) }
        } else {
            self.sign_in(at, from, random)
        };
        if random.chance(150) {
            act.machine = Machine::stranger(random);
        }
        self.acts.push(act);
    }

    fn work(&mut self, random: &mut Random) {
        let is_weekend = 5 <= self.weekday();
        let rests =
            self.world.company.sites.get(self.person.site).is_some_and(|it| it.rests(self.day));
        let is_by_day = self.person.shift == Shift::Day;
        if is_by_day && self.person.habits.has(Habits::ON_CALL) && random.seldom(1, 9) {
            let from = self.clock(random.between(60, 300));
            let until = from.plus(random.between(900, 4_000));
            let place = Place::Outside(self.person.now.home);
            self.sit(Sitting { from, until, place, is_first: true }, random);
        }
        if is_weekend || rests {
            if random.chance(self.person.weekend / 2) {
                let from = self.clock(random.between(540, 1_260));
                let until = from.plus(random.between(900, 7_200));
                let place = Place::Outside(self.person.now.home);
                self.sit(Sitting { from, until, place, is_first: true }, random);
            }
            return;
        }
        if random.chance(35) {
            return;
        }
        self.working_day(random);
    }

    fn working_day(&mut self, random: &mut Random) {
        let week = self.day.div_euclid(7) + i64::try_from(self.at).unwrap_or(0);
        let later = match self.person.shift {
            Shift::Day => 0,
            Shift::Evening => 420,
            Shift::Night => 840,
            Shift::Rotating => week.rem_euclid(3) * 420,
        };
        let begin = self.person.begins + later + random.around(25);
        let place = self.place(random);
        let lunch = begin + random.between(180, 260);
        let back = lunch + random.between(30, 75);
        let end = back + random.between(200, 320);
        for (from, until, is_first) in [(begin, lunch, true), (back, end, false)] {
            let (from, until) = (self.clock(from), self.clock(until));
            if is_first || random.chance(600) {
                self.sit(Sitting { from, until, place, is_first }, random);
            }
        }
        let has_peak = self.person.habits.has(Habits::SECOND_PEAK) && random.chance(350);
        if self.person.shift == Shift::Day && (has_peak || random.chance(12)) {
            // A few work late into the night for once.
            let latest = if has_peak { 90 } else { 400 };
            let from = self.clock((end + 30).max(1_170) + random.between(0, latest));
            let until = from.plus(random.between(900, 6_000));
            let home = self.person.now.away.map_or(self.person.now.home, |it| it.from);
            self.sit(Sitting { from, until, place: Place::Outside(home), is_first: false }, random);
        }
    }

    /// Where somebody works today.
    fn place(&self, random: &mut Random) -> Place {
        let person = self.person;
        if let Some(away) = person.now.away {
            return match away.why {
                Why::Site(site) => Place::Office(site),
                // Some work in the air.
                Why::Trip if random.chance(60) => {
                    Place::Outside(NetworkId::named("Gogo").carrier_address(random))
                }
                Why::Trip | Why::Visit | Why::Conference | Why::Holiday => {
                    Place::Outside(away.from)
                }
            };
        }
        let in_office = match person.style {
            Style::Office => 930,
            Style::Hybrid => 520,
            Style::Remote => 15,
        };
        if person.class != Class::Contractor && random.chance(in_office) {
            return Place::Office(person.site);
        }
        match random.below(1_000) {
            0..14 => {
                Place::Outside(NetworkId::draw(random, person.country, Use::Isp).address(random))
            }
            14..34 => Place::Outside(person.now.carrier.carrier_address(random)),
            _ => Place::Outside(person.now.home),
        }
    }

    fn sit(&mut self, sitting: Sitting, random: &mut Random) {
        match sitting.place {
            Place::Office(site) => self.in_office(sitting, site, random),
            Place::Outside(line) => self.outside(sitting, line, random),
        }
    }

    fn in_office(&mut self, sitting: Sitting, site: usize, random: &mut Random) {
        let Some(office) = self.world.company.sites.get(site) else { return };
        let egress = office.egress(self.day, self.at);
        if random.chance(400) {
            let act = self.act(sitting.from.plus(-200), egress, What::Wireless);
            self.acts.push(act);
        }
        if sitting.is_first || random.chance(250) {
            let act = self.sign_in(sitting.from.plus(random.between(20, 900)), egress, random);
            let refreshed = self.refresh(&act, sitting, random);
            self.acts.extend(refreshed);
            self.expire(act.at, egress);
            self.acts.push(act);
        }
        let desk = sites::desk(site, self.at);
        for mut call in self.calls(sitting, random) {
            call.from = desk;
            self.acts.push(call);
        }
    }

    fn outside(&mut self, sitting: Sitting, line: Origin, random: &mut Random) {
        let person = self.person;
        let line = match person.now.via {
            Some(via) if person.habits.has(Habits::CLOUD_DESKTOP) => via,
            _ => line,
        };
        let surfs = self.surfs_from(line, random);
        if person.habits.has(Habits::WEB_MAIL) && random.chance(300) {
            let at = sitting.from.plus(random.between(10, 1_800));
            let until = at.plus(random.between(200, 2_400));
            let what = What::WebMail { typos: self.typos(random, 1) };
            let mut act = Act { until, ..self.act(at, surfs, what) };
            self.maybe_own(&mut act, random);
            self.acts.push(act);
        }
        let is_alone = person.habits.has(Habits::NO_TUNNEL) || person.habits.has(Habits::CITRIX);
        if is_alone || random.chance(300) {
            let at = sitting.from.plus(-random.between(40, 400));
            let mut act = self.sign_in(at, surfs, random);
            self.maybe_own(&mut act, random);
            if is_alone {
                self.expire(at, surfs);
                let refreshed = self.refresh(&act, sitting, random);
                self.acts.extend(refreshed);
            }
            self.acts.push(act);
        }
        self.dial(sitting, line, surfs, random);
    }

    /// Uses the own computer now and then.
    fn maybe_own(&self, act: &mut Act, random: &mut Random) {
        if self.person.habits.has(Habits::OWN_COMPUTER) && random.chance(250) {
            act.machine = self.person.now.own.clone();
        }
    }

    fn dial(&mut self, sitting: Sitting, line: Origin, surfs: Origin, random: &mut Random) {
        let (habits, Sitting { from, until, .. }) = (self.person.habits, sitting);
        let typos = self.typos(random, 1);
        if let Some(what) = detour(typos, random) {
            // The usual way does not work, or somebody shows another one.
            let act = Act { until, ..self.act(from, surfs, what) };
            self.acts.push(act);
        }
        if habits.has(Habits::CITRIX) {
            let act = Act { until, ..self.act(from, line, What::Citrix { typos }) };
            self.acts.push(act);
            return;
        }
        if self.person.class == Class::Contractor && habits.has(Habits::SHELLS) {
            let until = from.plus(random.between(600, 9_000));
            for typo in 1..=i64::from(typos) {
                let what = What::Refused(Door::Shell(Server::Bastion), Refusal::Password);
                let act = self.act(from.plus(-30 * typo), line, what);
                self.acts.push(act);
            }
            let shell = What::Shell(Server::Bastion, Proof::Key);
            let act = Act { until, ..self.act(from, line, shell) };
            self.acts.push(act);
            return;
        }
        if habits.has(Habits::NO_TUNNEL) {
            return;
        }
        if habits.has(Habits::DESKTOP_GATEWAY) && random.chance(600) {
            let act = Act { until, ..self.act(from, line, What::DesktopGateway { typos }) };
            self.acts.push(act);
            return;
        }
        let has_certificate = self.at % 11 == 3;
        let mut inner = self.calls(sitting, random);
        let signed_in = self.sign_in(from.plus(random.between(60, 900)), surfs, random);
        inner.extend(self.refresh(&signed_in, sitting, random));
        inner.push(signed_in);
        let moves = (random.chance(20) && 3_600 < until.since(from)).then(|| {
            let when = from.plus(random.between(600, 3_000));
            (when, self.person.now.carrier.carrier_address(random))
        });
        let what = What::Tunnel {
            trouble: self.trouble(random),
            factor: Factor::Push,
            certificate: has_certificate,
            moves,
            inner,
        };
        let mut act = Act { until, ..self.act(from, line, what) };
        // A certificate stays on the laptop.
        if !has_certificate && random.chance(200) {
            self.maybe_own(&mut act, random);
        }
        self.acts.push(act);
    }

    /// Where the browser comes from, when it does not go through the tunnel.
    fn surfs_from(&self, line: Origin, random: &mut Random) -> Origin {
        let habits = self.person.habits;
        match self.person.now.via {
            Some(via) if habits.has(Habits::WEB_GATEWAY) => {
                if random.chance(30) {
                    // Sometimes another country's gateway is nearer, or the table of addresses is wrong.
                    NetworkId::named("Zscaler US").address(random)
                } else {
                    via.network.address(random)
                }
            }
            Some(_) if habits.has(Habits::HIDES) && random.chance(600) => {
                NetworkId::draw(random, self.person.country, Use::Vpn).address(random)
            }
            Some(via) if habits.has(Habits::CLOUD_DESKTOP) => via,
            _ if line == self.person.now.home
                && self.at.is_multiple_of(3)
                && random.chance(800) =>
            {
                line.modern(&self.person.account, random).unwrap_or(line)
            }
            _ => line,
        }
    }

    fn typos(&self, random: &mut Random, times: u64) -> u8 {
        let mut count = 0;
        while count < 4 && random.chance(self.person.typos * times) {
            count += 1;
        }
        count
    }

    fn trouble(&self, random: &mut Random) -> Trouble {
        let times = if self.weekday() == 0 { 2 } else { 1 };
        let pushes = match random.below(1_000) {
            0..8 => (1 + u8::from(random.chance(300)), Answer::Nothing),
            8..12 => (1, Answer::Denied),
            _ => (0, Answer::Nothing),
        };
        Trouble { typos: self.typos(random, times), pushes }
    }

    /// A sign-in at the identity provider.
    pub(super) fn sign_in(&self, at: Moment, from: Origin, random: &mut Random) -> Act {
        let apps = 1 + random.below(1 + self.person.volume / 900);
        let factor = if self.person.idp == Idp::Entra && random.chance(600) {
            Factor::Remembered
        } else {
            Factor::Push
        };
        let mut trouble = self.trouble(random);
        if self.expires() {
            trouble.typos += 1 + u8::from(random.chance(500));
        }
        let apps = u8::try_from(apps).unwrap_or(3);
        let mut act = self.act(at, from, What::SignIn { trouble, factor, apps });
        if self.person.habits.has(Habits::PRIVATE) {
            act.machine.browser_id = random.hex(32);
        }
        act
    }

    /// The old password is tried once more.
    fn expire(&mut self, at: Moment, from: Origin) {
        if self.expires() {
            let what = What::Refused(Door::SignIn, Refusal::Expired);
            let act = self.act(at.plus(-400), from, what);
            self.acts.push(act);
        }
    }

    /// Whether this is the day of the week of expired passwords on which one notices.
    fn expires(&self) -> bool {
        let mine = i64::try_from(self.at % 5).unwrap_or(0);
        self.world.config.events.password_week.iter().any(|it| it + mine == self.day)
    }

    /// Programs ask for new tokens as long as the computer runs.
    fn refresh(&self, act: &Act, sitting: Sitting, random: &mut Random) -> Vec<Act> {
        if self.person.idp != Idp::Entra {
            return Vec::new();
        }
        let wanted = Config::permille(self.world.config.token_refreshes);
        let count = wanted / 1_000 + u64::from(random.chance(wanted % 1_000));
        let length = sitting.until.since(sitting.from).max(600);
        let refreshed = (0..count).map(|_| {
            let at = act.at.plus(random.between(60, length));
            Act { at, until: at, what: What::Refresh, ..act.clone() }
        });
        refreshed.collect()
    }

    /// What is called inside.
    fn calls(&self, sitting: Sitting, random: &mut Random) -> Vec<Act> {
        let mut calls = Vec::new();
        let Sitting { from, until, .. } = sitting;
        let length = until.since(from);
        let mut call = |at: Moment, until: Moment, who: usize, what: What| {
            let act = self.act(at, Origin::inside(std::net::Ipv4Addr::LOCALHOST), what);
            calls.push(Act { until, who: Who::Account(who), ..act });
        };
        let habits = self.person.habits;
        if habits.has(Habits::DESKTOP) && random.chance(600) && 900 < length {
            let desk = if self.at.is_multiple_of(2) { Channel::Desk1 } else { Channel::Desk2 };
            let at = from.plus(random.between(90, 600));
            call(at, until.plus(-random.between(20, 200)), self.at, What::Desktop(desk));
        }
        if habits.has(Habits::SHELLS) && 900 < length {
            for _ in 0..=random.below(2) {
                let at = from.plus(random.between(120, length - 300));
                let server = if random.chance(600) { Server::First } else { Server::Second };
                call(
                    at,
                    at.plus(random.between(60, 3_000)),
                    self.at,
                    What::Shell(server, Proof::Key),
                );
            }
        }
        if let Some(admin) = self.world.company.admins.get(&self.at).copied()
            && random.chance(400)
            && 2_000 < length
        {
            let at = from.plus(random.between(600, length - 900));
            call(at, at.plus(random.between(300, 3_000)), admin, What::Desktop(Channel::Jump));
            call(at.plus(120), at.plus(120), admin, What::Network(Channel::Desk1));
        }
        calls
    }
}
