//! What a client's own words tell: the operating system, the program, whether it is a script.

use doorwarden_model::hash64;

use super::short;
use crate::table::KeyMap;

/// What a client says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Client<'a> {
    /// `windows`, `macos`, `ios`, ...
    pub(crate) system: Option<&'static str>,
    /// The program, without its version.
    pub(crate) program: Option<&'a str>,
    /// Whether programs of this name are run by scripts, not by people.
    pub(crate) is_script: bool,
}

/// Operating systems by the words that clients use; the first that is found counts.
const SYSTEMS: &[(&str, &str)] = &[
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("ios", "ios"),
    ("android", "android"),
    ("windows", "windows"),
    ("win64", "windows"),
    ("mac os", "macos"),
    ("macos", "macos"),
    ("macintosh", "macos"),
    ("darwin", "macos"),
    ("mac_intel", "macos"),
    ("cros", "chromeos"),
    ("linux", "linux"),
    ("ubuntu", "linux"),
];

/// Programs of the web, the most telling name first: every browser names the ones that it pretends to be.
const BROWSERS: &[&str] = &[
    "edg",
    "opr",
    "firefox",
    "fxios",
    "crios",
    "samsungbrowser",
    "vivaldi",
    "chrome",
    "safari",
    "trident",
];

/// Clients of scripts (after Elastic's rule on adversaries in the middle).
const SCRIPTS: &[&str] = &[
    "python",
    "curl",
    "go-http",
    "headless",
    "axios",
    "node-fetch",
    "okhttp",
    "wget",
    "powershell",
    "libwww",
    "undici",
    "aiohttp",
    "httpx",
    "java/",
    "ruby",
    "phantomjs",
    "selenium",
    "paramiko",
    "libssh",
    "asyncssh",
    "jsch",
    "hydra",
    "medusa",
    "ncrack",
];

/// Reads a user agent, or what a VPN client or an SSH client says.
pub(crate) fn read(text: &str) -> Client<'_> {
    let has = |word: &str| find(text, word).is_some();
    let system = SYSTEMS.iter().find(|it| has(it.0)).map(|it| it.1);
    let is_script = SCRIPTS.iter().any(|it| has(it));
    let browser = if has("mozilla/") { BROWSERS.iter().find(|it| has(it)).copied() } else { None };
    let own = text.trim_start_matches("SSH-2.0-").split(['/', '(', ';', '_']).next();
    let own = own.and_then(|it| it.split(" v").next()).map(until_version);
    let program = browser.or(own).filter(|it| !it.is_empty());
    Client { system, program, is_script }
}

/// The words before the first one that begins with a digit.
fn until_version(text: &str) -> &str {
    let mut end = text.len();
    let mut before = b' ';
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii_digit() && matches!(before, b' ' | b'-' | b'v') {
            end = at;
            break;
        }
        before = byte;
    }
    text.get(..end).unwrap_or(text).trim_end_matches([' ', '-', 'v'])
}

/// What clients said that were read before: most of a log's clients say one of a few things.
#[derive(Debug, Default)]
pub(crate) struct Clients(KeyMap<u64, ClientKeys>);

/// What a client says, as keys of tables.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClientKeys {
    pub(crate) system: Option<u32>,
    pub(crate) program: Option<u32>,
    pub(crate) is_script: bool,
}

/// Clients remembered; beyond, all are read anew.
const REMEMBERED: usize = 16_384;

impl Clients {
    /// The keys of what a client says.
    pub(crate) fn keys(&mut self, text: &str) -> ClientKeys {
        if REMEMBERED <= self.0.len() {
            self.0.clear();
        }
        *self.0.entry(hash64(97, text.as_bytes())).or_insert_with(|| {
            let client = read(text);
            ClientKeys {
                system: client.system.map(|it| short(91, it.as_bytes())),
                program: client.program.map(|it| short(92, it.as_bytes())),
                is_script: client.is_script,
            }
        })
    }
}

/// Where `word`, in lower case, stands in `text`, in any case.
fn find(text: &str, word: &str) -> Option<usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len()).position(|it| it.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_read() {
        for (text, system, program, is_script) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                Some("windows"),
                Some("edg"),
                false,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Some("ios"),
                Some("safari"),
                false,
            ),
            ("AnyConnect Windows 4.10.07073", Some("windows"), Some("AnyConnect Windows"), false),
            (
                "Cisco AnyConnect VPN Agent for Windows 4.9.01095",
                Some("windows"),
                Some("Cisco AnyConnect VPN Agent for Windows"),
                false,
            ),
            ("SSH-2.0-OpenSSH_9.6p1 Ubuntu-3", Some("linux"), Some("OpenSSH"), false),
            ("python-requests/2.31.0", None, Some("python-requests"), true),
            ("openconnect v9.12", None, Some("openconnect"), false),
            ("", None, None, false),
        ] {
            let got = read(text);
            assert_eq!(got, Client { system, program, is_script }, "{text}");
        }
    }
}
