//! What people, programs and attackers mean to do, before anything is written.

use crate::{
    company::machines::Machine,
    doors::{
        Answer, Refusal,
        sshd::{self, Server},
    },
    journal::{Channel, Mark},
    moment::Moment,
    places::Origin,
};

/// Whose account is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// One that exists, by its place.
    Account(usize),
    /// A name that nobody has.
    Name(String),
}

/// The second factor, as it is given at last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Factor {
    /// A push that is approved.
    Push,
    /// A one-time password.
    Passcode,
    /// None is asked for.
    None,
    /// One that was given before is remembered.
    Remembered,
    /// It is never given: the sign-in fails.
    Refused,
}

/// What goes before a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// Wrong passwords.
    pub(crate) typos: u8,
    /// Prompts on the telephone that were not approved, and how they were answered.
    pub(crate) pushes: (u8, Answer),
}

impl Trouble {
    /// None.
    pub(crate) const NONE: Self = Self { typos: 0, pushes: (0, Answer::Nothing) };
}

/// A door at which a password can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// The gateway of the account.
    Tunnel,
    /// The account's identity provider.
    SignIn,
    /// Outlook on the web, with its form.
    Form,
    /// Exchange's web services, by a program.
    Services,
    /// Citrix.
    Citrix,
    /// A shell of a server.
    Shell(Server),
    /// The Remote Desktop gateway.
    DesktopGateway,
    /// The desktop of the server that faces the internet.
    Jump,
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// Dials in, and does other things through the tunnel.
    Tunnel {
        /// What goes before.
        trouble: Trouble,
        /// The second factor, where the gateway wants one.
        factor: Factor,
        /// Whether a certificate is shown instead of a password.
        certificate: bool,
        /// Goes on from another address.
        moves: Option<(Moment, Origin)>,
        /// What is done through the tunnel.
        inner: Vec<Act>,
    },
    /// Signs in at the identity provider and opens so many applications.
    SignIn {
        /// What goes before.
        trouble: Trouble,
        /// The second factor.
        factor: Factor,
        /// Applications.
        apps: u8,
    },
    /// Goes on with the browser's session.
    GoOn,
    /// A program asks for a new token.
    Refresh,
    /// An old mail program signs in with a password only.
    Legacy,
    /// Reads mail in the browser.
    WebMail {
        /// Wrong passwords before.
        typos: u8,
    },
    /// A program reads mail.
    Services,
    /// The telephone of the account reads mail; its password may be an old one.
    Phone(Option<Refusal>),
    /// A published desktop.
    Citrix {
        /// Wrong passwords before.
        typos: u8,
    },
    /// A desktop through the Remote Desktop gateway.
    DesktopGateway {
        /// Refusals before.
        typos: u8,
    },
    /// A desktop of a server.
    Desktop(Channel),
    /// A share or a service of a server.
    Network(Channel),
    /// A shell of a server.
    Shell(Server, sshd::Proof),
    /// The wireless network of an office.
    Wireless,
    /// A sign-in that fails.
    Refused(Door, Refusal),
    /// A new second factor is set up.
    Enrol,
    /// The account with this place does something to the account.
    Help(usize, Help),
}

/// What the help desk does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Help {
    /// A new password.
    Password,
    /// The second factor is taken away.
    Factor,
    /// All sessions are ended.
    Sessions,
    /// The account is switched off.
    Disable,
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Act {
    /// When.
    pub(crate) at: Moment,
    /// Until when, where it lasts.
    pub(crate) until: Moment,
    /// Whose account.
    pub(crate) who: Who,
    /// Where from.
    pub(crate) from: Origin,
    /// With what.
    pub(crate) machine: Machine,
    /// What.
    pub(crate) what: What,
    /// The attack that it belongs to.
    pub(crate) mark: Option<Mark>,
}

/// Windows servers inside.
pub(crate) const WINDOWS: [Channel; 3] = [Channel::Desk1, Channel::Desk2, Channel::Jump];
