//! What people mean to do, before anything is written: visits through the gateway, and calls of servers inside.

use std::net::Ipv4Addr;

use super::{
    channel::Channel,
    clock::Moment,
    company::{PEOPLE, Person, Way, short},
    doors::okta::{self, Browser},
    journal::Mark,
    random::Random,
};

/// What is called inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    /// A remote desktop.
    Desktop(Channel),
    /// A shell on a Linux server, with a key.
    Shell(Channel),
    /// A shell with a password.
    PasswordShell(Channel),
    /// A share of a Windows server.
    Share(Channel),
    /// Outlook on the web.
    WebMail,
    /// The screen of a workstation.
    Screen,
    /// The gateway's own configuration, and what is done to it.
    Gateway(&'static [&'static str]),
}

/// A call of a server inside.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// When.
    pub(crate) at: Moment,
    /// Until when.
    pub(crate) until: Moment,
    /// What.
    pub(crate) to: To,
    /// The account that signs in.
    pub(crate) user: String,
    /// When the connection was cut, and for how many seconds.
    pub(crate) gap: Option<(Moment, i64)>,
    /// Wrong passwords before the right one.
    pub(crate) typos: u8,
}

impl Call {
    /// A call without hindrance.
    pub(crate) fn new(at: Moment, until: Moment, to: To, user: &str) -> Self {
        Self { at, until, to, user: user.to_owned(), gap: None, typos: 0 }
    }
}

/// A computer that people come with.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    /// Host name.
    pub(crate) name: String,
    /// Id that the VPN client reports.
    pub(crate) id: String,
    /// Operating system and version of the VPN client.
    pub(crate) agent: &'static str,
}

impl Device {
    /// A computer called `name`.
    pub(crate) fn named(name: &str, agent: &'static str) -> Self {
        let mut random = Random::new(3, name);
        Self { name: name.to_owned(), id: random.hex(40).to_uppercase(), agent }
    }

    /// The laptop of the person at desk `index`; the `generation` counts up when it is replaced.
    pub(crate) fn laptop(index: usize, generation: u8) -> Self {
        let agents =
            ["Windows 5.1.7.80", "Windows 5.1.7.80", "Mac OS X 5.1.7.80", "Linux_64 5.1.7.80"];
        let agent = agents.get(index % 7 / 2).copied().unwrap_or("Windows 5.1.7.80");
        Self::named(&format!("ARB-L-{:03}", 100 + index * 3 + usize::from(generation) * 170), agent)
    }
}

/// How the second factor went before it was given.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trouble {
    /// Wrong passwords.
    pub(crate) typos: u8,
    /// Pushes that the owner denied.
    pub(crate) denied: u8,
    /// Pushes that nobody answered.
    pub(crate) unanswered: u8,
}

/// A visit through the gateway.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// When the client connects.
    pub(crate) at: Moment,
    /// When the session ends.
    pub(crate) until: Moment,
    /// Account.
    pub(crate) user: &'static str,
    /// Public address.
    pub(crate) ip: Ipv4Addr,
    /// Kind of sign-in.
    pub(crate) way: Way,
    /// The computer.
    pub(crate) device: Device,
    /// What went wrong first.
    pub(crate) trouble: Trouble,
    /// Why it ended, as the gateway says.
    pub(crate) reason: &'static str,
    /// When the client went on from another address, and from which.
    pub(crate) moves: Option<(Moment, Ipv4Addr)>,
    /// What was done inside.
    pub(crate) calls: Vec<Call>,
    /// The attack that it belongs to.
    pub(crate) mark: Option<Mark>,
}

impl Visit {
    /// A visit without hindrance.
    pub(crate) fn new(
        (at, until): (Moment, Moment),
        user: &'static str,
        ip: Ipv4Addr,
        way: Way,
        device: Device,
    ) -> Self {
        Self {
            at,
            until,
            user,
            ip,
            way,
            device,
            trouble: Trouble::default(),
            reason: "User Requested",
            moves: None,
            calls: Vec::new(),
            mark: None,
        }
    }
}

/// The browser of the person at desk `index` on a day: its Okta session lasts that day.
pub(crate) fn browser(person: &Person, index: usize, day: i64, ip: &str) -> Browser {
    let agents = [okta::CHROME, okta::EDGE, okta::CHROME, okta::SAFARI, okta::FIREFOX];
    let mut random = Random::new(11, person.account);
    Browser {
        user: person.account.to_owned(),
        name: person.name.to_owned(),
        ip: ip.to_owned(),
        agent: agents.get(index % agents.len()).copied().unwrap_or(okta::CHROME),
        device: random.hex(32),
        session: okta::session_id(&mut Random::new(13, &format!("{} {day}", person.account))),
    }
}

/// The SSH key of an account, as its fingerprint.
pub(crate) fn key(account: &str) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Random::new(5, account).text(letters, 43)
}

/// The telephone of an account: id and kind.
pub(crate) fn phone(account: &str, generation: u8) -> (String, &'static str) {
    let mut random = Random::new(17, &format!("{account} {generation}"));
    let is_apple = random.chance(550);
    let id = random.hex(if is_apple { 26 } else { 32 }).to_uppercase();
    (id, if is_apple { "iPhone" } else { "Android" })
}

/// Subject and serial number of a person's VPN certificate.
pub(crate) fn certificate(account: &str) -> (String, String) {
    let serial = Random::new(19, account).hex(20).to_uppercase();
    (format!("cn={account},ou=Staff,o=Arboria GmbH,c=DE"), serial)
}

/// The hardware address of a laptop's wireless card.
pub(crate) fn hardware_address(account: &str) -> String {
    let mut random = Random::new(23, &short(account));
    let bytes: Vec<String> = (0..3).map(|_| random.hex(2).to_uppercase()).collect();
    format!("3C-22-FB-{}", bytes.join("-"))
}

/// Where each person lives in terms of addresses: the one of each day.
pub(crate) fn home(seed: u64, account: &str, day: i64) -> Ipv4Addr {
    let mut random = Random::new(seed, &format!("home {account}"));
    let Some(person) = PEOPLE.iter().find(|it| it.account == account) else {
        return Ipv4Addr::LOCALHOST;
    };
    let mut ip = person.home.address(&mut random);
    for _ in 0..day {
        // Leases of providers at home last some weeks.
        if random.chance(40) {
            ip = person.home.address(&mut random);
        }
    }
    ip
}

/// The address behind which a person's telephone surfs on a day.
pub(crate) fn mobile(seed: u64, account: &str, day: i64) -> Ipv4Addr {
    let mut random = Random::new(seed, &format!("mobile {account} {}", day / 2));
    PEOPLE
        .iter()
        .find(|it| it.account == account)
        .map_or(Ipv4Addr::LOCALHOST, |it| it.carrier.address(&mut random))
}
