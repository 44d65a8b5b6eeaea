//! One normalised sign-in or session event, borrowed from the record that states it.

use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A closed set of words, with the spelling that outputs and files use.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling in every output.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(word: &str) -> Result<Self, ()> {
                match word { $($word => Ok(Self::$variant),)+ _ => Err(()) }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The kind of door.
    Service {
        /// A virtual private network gateway.
        Vpn = "vpn",
        /// Citrix Gateway, `StoreFront` or ICA.
        Citrix = "citrix",
        /// Remote Desktop, RD Gateway or xrdp.
        Rdp = "rdp",
        /// VNC and macOS screen sharing.
        Vnc = "vnc",
        /// Outlook on the web and the other Exchange web protocols.
        Owa = "owa",
        /// Windows Remote Management.
        Winrm = "winrm",
        /// Secure shell.
        Ssh = "ssh",
        /// An identity provider.
        Idp = "idp",
        /// RADIUS, on behalf of some door.
        Radius = "radius",
        /// `TeamViewer`, `AnyDesk` and the like.
        RemoteTool = "remote-tool",
        /// A Docker API.
        Docker = "docker",
        /// A Kubernetes API.
        K8s = "k8s",
        /// A Windows logon that is none of the others.
        Windows = "windows",
        /// `su`, `sudo`, console: an authentication, but not a remote one.
        Local = "local",
    }
}

words! {
    /// What kind of act the record states.
    Activity {
        /// An attempt to sign in.
        Logon = "logon",
        /// The end of a sign-in or session.
        Logoff = "logoff",
        /// A second factor asked, given or refused.
        Mfa = "mfa",
        /// A session opened, resumed, leased an address or reported its statistics.
        Session = "session",
        /// An account was created, changed, locked or disabled, or one of its credentials or factors was.
        Account = "account",
        /// The door itself was changed: portal page, authentication source, certificate authority, policy, logging.
        Change = "change",
        /// An address, device or connection is stated, but no sign-in.
        Other = "other",
    }
}

words! {
    /// What happened to the attempt.
    Outcome {
        /// Access was given.
        Success = "success",
        /// Access was refused.
        Failure = "failure",
    }
}

words! {
    /// Why an attempt was refused.
    Reason {
        /// The secret was wrong.
        BadPassword = "bad-password",
        /// No such account.
        UnknownUser = "unknown-user",
        /// The account is locked.
        Locked = "locked",
        /// The account is disabled.
        Disabled = "disabled",
        /// The password, account or certificate has expired.
        Expired = "expired",
        /// The owner refused the second factor.
        MfaDenied = "mfa-denied",
        /// Nobody answered the second factor.
        MfaTimeout = "mfa-timeout",
        /// The second factor was wrong or missing.
        MfaFailed = "mfa-failed",
        /// A rule forbids it: hours, group, place, device posture, licence.
        Policy = "policy",
        /// The certificate was not accepted.
        Certificate = "certificate",
        /// The peers could not agree on the protocol.
        Protocol = "protocol",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What became of a second factor.
    MfaResult {
        /// Given and right.
        Success = "success",
        /// Refused by the owner.
        Denied = "denied",
        /// Not answered in time.
        Timeout = "timeout",
        /// Wrong or otherwise refused.
        Failed = "failed",
        /// Asked for; no answer stated yet.
        Challenge = "challenge",
        /// Skipped by a policy, a bypass code or a remembered device.
        Bypassed = "bypassed",
        /// A new factor was set up.
        Enrolled = "enrolled",
    }
}

words! {
    /// Which part of the time the log did not state.
    Assumed {
        /// The log stated all.
        Nothing = "",
        /// The year was inferred.
        Year = "year",
        /// The time zone was taken to be UTC.
        Zone = "zone",
        /// Both.
        YearAndZone = "year+zone",
    }
}

/// The second factor of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mfa<'a> {
    /// `push`, `otp`, `phone`, `sms`, `fido2`, ... where the log says.
    pub method: Option<&'a str>,
    /// What became of it.
    pub result: MfaResult,
}

/// One normalised sign-in or session event. Absent means that the log does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// When it happened, by the clock of the device that logged it; whole milliseconds.
    pub time: Timestamp,
    /// Which part of `time` the log did not state.
    pub time_assumed: Assumed,
    /// Id of the format that read it.
    pub format: &'static str,
    /// The kind of door.
    pub service: Service,
    /// The kind of act.
    pub activity: Activity,
    /// Whether access was given, where the log says.
    pub outcome: Option<Outcome>,
    /// Why it was refused.
    pub reason: Option<Reason>,
    /// The name as the log states it, without its domain part. For `account`: whom it is about.
    pub user: Option<&'a str>,
    /// The domain part of the name.
    pub domain: Option<&'a str>,
    /// The address that the person came from, as the logging device saw it.
    pub src_ip: Option<IpAddr>,
    /// Its port.
    pub src_port: Option<u16>,
    /// The name of the source, where the log states one.
    pub src_host: Option<&'a str>,
    /// The inner address leased to the session.
    pub assigned_ip: Option<IpAddr>,
    /// The device or computer that logged it.
    pub host: Option<&'a str>,
    /// What was logged on to, where that is another one than `host`.
    pub target: Option<&'a str>,
    /// Session id.
    pub session: Option<&'a str>,
    /// Device id or host name that the client reported.
    pub device: Option<&'a str>,
    /// Client program or user agent.
    pub client: Option<&'a str>,
    /// Subject or fingerprint of the certificate.
    pub certificate: Option<&'a str>,
    /// `password`, `publickey`, `certificate`, `kerberos`, `ntlm`, `token`, `cookie`, `federated`, ...
    pub method: Option<&'a str>,
    /// The second factor.
    pub mfa: Option<Mfa<'a>>,
    /// The vendor's own code of the record: `113039`, `4624`, `user.session.start`.
    pub code: Option<&'a str>,
    /// Who did it, where that is another one than `user` (`account` and `change`).
    pub actor: Option<&'a str>,
    /// What was done, in the record's own words (`account`, `change`): a group, a factor, a setting.
    pub detail: Option<&'a str>,
    /// Windows logon type (2 interactive, 3 network, 5 service, 10 remote interactive, ...).
    pub logon_type: Option<u8>,
}

impl<'a> Event<'a> {
    /// An event that states nothing but its kind and time.
    #[must_use]
    pub const fn new(
        format: &'static str,
        service: Service,
        activity: Activity,
        time: Timestamp,
    ) -> Self {
        Self {
            time,
            time_assumed: Assumed::Nothing,
            format,
            service,
            activity,
            outcome: None,
            reason: None,
            user: None,
            domain: None,
            src_ip: None,
            src_port: None,
            src_host: None,
            assigned_ip: None,
            host: None,
            target: None,
            session: None,
            device: None,
            client: None,
            certificate: None,
            method: None,
            mfa: None,
            code: None,
            actor: None,
            detail: None,
            logon_type: None,
        }
    }

    /// The optional texts in the fixed order in which batches and files keep them.
    #[must_use]
    #[inline]
    pub fn texts(&self) -> [Option<&'a str>; TEXTS] {
        std::array::from_fn(|nr| self.text(nr))
    }

    /// One of [`Event::texts`].
    #[must_use]
    #[inline]
    pub const fn text(&self, nr: usize) -> Option<&'a str> {
        match nr {
            0 => self.user,
            1 => self.domain,
            2 => self.src_host,
            3 => self.host,
            4 => self.target,
            5 => self.session,
            6 => self.device,
            7 => self.client,
            8 => self.certificate,
            9 => self.method,
            10 => match self.mfa {
                Some(mfa) => mfa.method,
                None => None,
            },
            11 => self.code,
            12 => self.actor,
            13 => self.detail,
            _ => None,
        }
    }

    /// How many texts an event has.
    pub const TEXTS: usize = TEXTS;

    /// Order of events of one moment: what leads to something stands before it.
    ///
    /// Logs count in seconds, so a refusal, the success after it and the end of the session may share a stamp.
    #[must_use]
    pub fn phase(&self) -> u8 {
        match (self.activity, self.outcome) {
            (Activity::Other, _) => 0,
            (Activity::Logon, Some(Outcome::Failure)) => 1,
            (Activity::Mfa, _) => 2,
            (Activity::Logon, _) => 3,
            (Activity::Session, _) => 4,
            (Activity::Account, _) => 5,
            (Activity::Change, _) => 6,
            (Activity::Logoff, _) => 7,
        }
    }
}

/// How many texts an event has.
const TEXTS: usize = 14;
