//! Which door a path leads to.

use doorwarden_model::Service;

/// A door behind IIS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// Outlook on the web and the Exchange admin centre: forms sign-in.
    Owa,
    /// Exchange's programs' interfaces.
    Exchange,
    /// Exchange `ActiveSync`.
    ActiveSync,
    /// RPC over HTTP, of Outlook or of an RD Gateway.
    Rpc,
    /// RD Web Access.
    RdWeb,
    /// RD Gateway.
    RdGateway,
    /// AD FS.
    Adfs,
}

/// Longest of [`DOORS`], and one more.
const NAME_CAP: usize = 32;

/// First segments of paths in small letters.
const DOORS: &[(&str, Door)] = &[
    ("owa", Door::Owa),
    ("ecp", Door::Owa),
    ("microsoft-server-activesync", Door::ActiveSync),
    ("ews", Door::Exchange),
    ("mapi", Door::Exchange),
    ("autodiscover", Door::Exchange),
    ("oab", Door::Exchange),
    ("powershell", Door::Exchange),
    ("powershell-liveid", Door::Exchange),
    ("exchange", Door::Owa),
    ("exchweb", Door::Owa),
    ("exadmin", Door::Exchange),
    ("public", Door::Exchange),
    ("rpc", Door::Rpc),
    ("rpcwithcert", Door::Rpc),
    ("rdweb", Door::RdWeb),
    ("remotedesktopgateway", Door::RdGateway),
    ("adfs", Door::Adfs),
];

impl Door {
    /// The door that the path at the start of `text` leads to, if it is one.
    #[inline]
    pub(super) fn of(text: &str) -> Option<Self> {
        let path = text.strip_prefix('/')?;
        let end = path.bytes().take(NAME_CAP).position(|it| matches!(it, b'/' | b'?' | b' '))?;
        let segment = path.get(..end)?;
        let found = DOORS.iter().find(|(name, _)| segment.eq_ignore_ascii_case(name));
        found.map(|(_, door)| *door)
    }

    /// The service of a request with `query`.
    pub(super) fn service(self, query: &str) -> Service {
        match self {
            // An RD Gateway is asked for a host's remote desktop, Exchange for a mailbox.
            Self::Rpc if query.contains(":3388") || query.contains(":3389") => Service::Rdp,
            Self::Owa | Self::Exchange | Self::ActiveSync | Self::Rpc => Service::Owa,
            Self::RdWeb | Self::RdGateway => Service::Rdp,
            Self::Adfs => Service::Idp,
        }
    }
}

/// What a path asks of its door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The form's target: a name and a password were sent.
    SignIn,
    /// The form itself, or the page that says why it failed.
    Form,
    /// The way out.
    SignOut,
    /// Anything else.
    Inside,
}

impl Page {
    /// The page of `door` at `stem`, requested with `method`.
    pub(super) fn of(door: Door, method: &str, stem: &str) -> Self {
        // All pages that matter end in `.owa`, `.aspx`, `.dll`, or stand below AD FS.
        let is_page =
            matches!(stem.as_bytes().last(), Some(b'a' | b'A' | b'x' | b'X' | b'l' | b'L'));
        if door != Door::Adfs && !is_page {
            return Self::Inside;
        }
        let is_post = method == "POST";
        let ends = |end: &str| {
            stem.len()
                .checked_sub(end.len())
                .and_then(|at| stem.get(at..))
                .is_some_and(|it| it.eq_ignore_ascii_case(end))
        };
        let page = match door {
            Door::Owa if ends("/auth.owa") || ends("/owaauth.dll") => Some(Self::SignIn),
            Door::Owa if ends("/logon.aspx") => Some(Self::Form),
            Door::Owa if ends("/logoff.owa") || ends("/logoff.aspx") => Some(Self::SignOut),
            Door::RdWeb if ends("/login.aspx") && is_post => Some(Self::SignIn),
            Door::RdWeb if ends("/login.aspx") => Some(Self::Form),
            Door::RdWeb if ends("/logoff.aspx") => Some(Self::SignOut),
            Door::Adfs if is_post && is_adfs_form(stem) => Some(Self::SignIn),
            _ => None,
        };
        page.filter(|it| *it != Self::SignIn || is_post).unwrap_or(Self::Inside)
    }
}

/// `/adfs/ls/` and what stands below it, and the endpoint of programs that send a password.
fn is_adfs_form(stem: &str) -> bool {
    let lower = stem.get(..10.min(stem.len())).unwrap_or_default();
    lower.eq_ignore_ascii_case("/adfs/ls")
        || lower.to_ascii_lowercase().starts_with("/adfs/ls/")
        || stem.ends_with("usernamemixed")
}
