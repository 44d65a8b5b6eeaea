//! What people sign in with: laptops, telephones, browsers, and what these tell of themselves.

use crate::random::Random;

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Os {
    /// Windows.
    #[default]
    Windows,
    /// macOS.
    Mac,
    /// Linux.
    Linux,
}

/// A browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Program {
    /// Chrome.
    #[default]
    Chrome,
    /// Edge.
    Edge,
    /// Firefox.
    Firefox,
    /// Safari.
    Safari,
    /// A program without a window.
    Script,
}

/// A computer and what its programs tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Machine {
    /// Host name.
    pub(crate) name: String,
    /// Id that a VPN client reports; empty where an old client reports none.
    pub(crate) id: String,
    /// Cookie or fingerprint of its browser.
    pub(crate) browser_id: String,
    /// Operating system.
    pub(crate) os: Os,
    /// Browser.
    pub(crate) program: Program,
    /// Version of the browser.
    pub(crate) major: i64,
    /// Version of the VPN client.
    pub(crate) client: &'static str,
}

/// VPN clients, the older first: of Cisco and of Palo Alto.
pub(crate) const CLIENTS: [(&str, &str); 3] =
    [("5.1.2.42", "6.1.4"), ("5.1.7.80", "6.2.1"), ("5.1.10.233", "6.3.2")];

impl Machine {
    /// A computer called `name`, of which everything follows.
    pub(crate) fn new(random: &mut Random, name: String, os: Os) -> Self {
        let programs = match os {
            Os::Windows => {
                [Program::Chrome, Program::Chrome, Program::Edge, Program::Edge, Program::Firefox]
            }
            Os::Mac => [
                Program::Safari,
                Program::Chrome,
                Program::Chrome,
                Program::Safari,
                Program::Firefox,
            ],
            Os::Linux => [
                Program::Firefox,
                Program::Chrome,
                Program::Firefox,
                Program::Chrome,
                Program::Firefox,
            ],
        };
        Self {
            name,
            id: random.hex(40).to_uppercase(),
            browser_id: random.hex(32),
            os,
            program: random.pick(&programs),
            major: 133,
            client: CLIENTS[0].0,
        }
    }

    /// An attacker's or borrowed computer, called as such are.
    pub(crate) fn stranger(random: &mut Random) -> Self {
        let os = random.pick(&[Os::Windows, Os::Windows, Os::Windows, Os::Linux, Os::Mac]);
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let name = match os {
            Os::Windows => format!("DESKTOP-{}", random.text(letters, 7)),
            Os::Mac => format!("MacBook-{}", random.below(9)),
            Os::Linux => random.pick(&["kali", "ubuntu", "vmi", "debian"]).to_owned(),
        };
        let mut machine = Self::new(random, name, os);
        machine.client = CLIENTS.get(random.place(3)).map_or("5.1.2.42", |it| it.0);
        machine
    }

    /// The user agent of its browser.
    pub(crate) fn agent(&self) -> String {
        let (major, os) = (
            self.major,
            match self.os {
                Os::Windows => "Windows NT 10.0; Win64; x64",
                Os::Mac => "Macintosh; Intel Mac OS X 10_15_7",
                Os::Linux => "X11; Linux x86_64",
            },
        );
        let chrome = format!(
            "Mozilla/5.0 ({os}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36"
        );
        match self.program {
            Program::Chrome => chrome,
            Program::Edge => format!("{chrome} Edg/{major}.0.0.0"),
            Program::Firefox => {
                format!("Mozilla/5.0 ({os}; rv:{major}.0) Gecko/20100101 Firefox/{major}.0")
            }
            Program::Safari => format!(
                "Mozilla/5.0 ({os}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{} Safari/605.1.15",
                major % 10
            ),
            Program::Script => "python-requests/2.32.3".to_owned(),
        }
    }

    /// What Cisco's client calls its operating system.
    pub(crate) const fn cisco_os(&self) -> &'static str {
        match self.os {
            Os::Windows => "Windows",
            Os::Mac => "Mac OS X",
            Os::Linux => "Linux_64",
        }
    }

    /// What Palo Alto's client calls it, shortly and in full.
    pub(crate) const fn paloalto_os(&self) -> (&'static str, &'static str) {
        match self.os {
            Os::Windows => ("Windows", "Microsoft Windows 11 Enterprise , 64-bit"),
            Os::Mac => ("Mac", "Apple Mac OS X 15.3.1"),
            Os::Linux => ("Linux", "Linux Ubuntu 24.04"),
        }
    }
}

/// A telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone {
    /// Its id.
    pub(crate) id: String,
    /// Whether it is an iPhone.
    pub(crate) is_apple: bool,
}

impl Phone {
    /// Any telephone.
    pub(crate) fn new(random: &mut Random) -> Self {
        let is_apple = random.chance(550);
        let id = random.hex(if is_apple { 26 } else { 32 }).to_uppercase();
        Self { id, is_apple }
    }

    /// Its browser, of which nothing is the laptop's.
    pub(crate) fn browser(&self, account: &str) -> Machine {
        let mut random = Random::new(43, &format!("{account}{}", self.id));
        let (os, program) =
            if self.is_apple { (Os::Mac, Program::Safari) } else { (Os::Linux, Program::Chrome) };
        let mut machine = Machine::new(&mut random, String::new(), os);
        machine.program = program;
        machine.id.clear();
        machine
    }
}
