//! From a name as logged to an account: realm first; strangers with one name never merge; aliases are proven.

use std::collections::BTreeMap;

use compact_str::{CompactString, format_compact};
use doorwarden_model::{Context, Event, Service, hash64};
use jiff::Timestamp;

use crate::{
    prior::{Prior, device_key, is_of_host},
    table::{KeyMap, Table},
};

/// An account, by the hash of its canonical name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey(pub u64);

/// Names that every system has, or that hide a name: they belong to their host and never merge over hosts.
const BUILTIN: &[&str] = &[
    "*****",
    "admin",
    "administrator",
    "azureuser",
    "centos",
    "debian",
    "defaultaccount",
    "ec2-user",
    "enable_1",
    "enable_15",
    "git",
    "guest",
    "krbtgt",
    "mysql",
    "nobody",
    "nsrecover",
    "nsroot",
    "operator",
    "oracle",
    "pi",
    "postgres",
    "root",
    "support",
    "test",
    "ubuntu",
    "user",
    "vagrant",
    "wdagutilityaccount",
    "www-data",
];

/// Whether `name`, in lower case, is one that every system has.
pub(crate) fn is_builtin(name: &str) -> bool {
    BUILTIN.binary_search(&name).is_ok()
}

/// Names of Windows' own parts and of computers.
fn is_program(name: &str, service: Service) -> bool {
    if name.ends_with('$') {
        return true;
    }
    let is_part = matches!(
        name,
        "system"
            | "anonymous logon"
            | "local service"
            | "network service"
            | "lokaler dienst"
            | "netzwerkdienst"
            | "iusr"
    );
    let windows = matches!(service, Service::Windows | Service::Rdp | Service::Winrm);
    windows
        && (is_part
            || name.starts_with("dwm-")
            || name.starts_with("umfd-")
            || name.starts_with("defaultapppool"))
}

/// `name` in lower case, as accounts are compared.
pub(crate) fn lower(name: &str) -> CompactString {
    let mut lower = CompactString::from(name.trim());
    if lower.is_ascii() {
        lower.make_ascii_lowercase();
    } else {
        lower = lower.to_lowercase();
    }
    lower
}

/// What a name resolves to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The account, aliases followed.
    pub(crate) account: AccountKey,
    /// Hash of the name without realm: what a context file means by a bare name.
    pub(crate) name: u64,
    /// Whether it is a computer's or a part of the system.
    pub(crate) is_program: bool,
    /// Whether the name signs in at some time in the archive.
    pub(crate) signs_in: bool,
}

/// A proof that two names are one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The name that was found to be the other's.
    pub name: String,
    /// The canonical account.
    pub account: String,
    /// Since when it holds.
    pub since: Option<Timestamp>,
    /// Why, in plain words.
    pub proof: String,
}

/// Entries of the cache of names as logged; a power of two.
const CACHE: usize = 1 << 14;
/// Accounts whose canonical names are kept.
const DISPLAY_CAP: usize = 2_000_000;
/// Pairs of accounts under suspicion to be one.
const PAIRS_CAP: usize = 16_384;

/// Resolves names.
#[derive(Debug)]
pub(crate) struct Names {
    prior: Prior,
    cache: Vec<(u64, Resolved)>,
    /// Canonical names of the accounts that signed in.
    display: KeyMap<u64, CompactString>,
    display_cap: usize,
    aliases: KeyMap<u64, u64>,
    denied: Vec<(u64, u64)>,
    pairs: Table<Pair>,
    proven: Vec<Alias>,
}

/// Two accounts that one session id named, and the days on which it did.
#[derive(Debug, Clone, Default)]
struct Pair {
    days: Vec<i64>,
}

impl Names {
    pub(crate) fn new(prior: Prior, context: &Context) -> Self {
        let nobody =
            Resolved { account: AccountKey(0), name: 0, is_program: false, signs_in: false };
        let mut names = Self {
            prior,
            cache: vec![(0, nobody); CACHE],
            display: KeyMap::default(),
            display_cap: DISPLAY_CAP,
            aliases: KeyMap::default(),
            denied: Vec::new(),
            pairs: Table::new(PAIRS_CAP),
            proven: Vec::new(),
        };
        names.read_context(context);
        names
    }

    fn read_context(&mut self, context: &Context) {
        for alias in &context.aliases {
            let account = self.named(&alias.account);
            for name in &alias.names {
                let other = self.named(name);
                if other != account {
                    self.aliases.insert(other.0, account.0);
                    let (name, account) = (name.clone(), alias.account.clone());
                    self.proven.push(Alias {
                        name,
                        account,
                        since: None,
                        proof: "the context file says so".into(),
                    });
                }
            }
            for name in &alias.not {
                let other = self.named(name);
                self.denied.push((account.0.min(other.0), account.0.max(other.0)));
            }
        }
    }

    /// The account that `event` names.
    pub(crate) fn resolve(&mut self, event: &Event<'_>, device: u64) -> Option<Resolved> {
        let user = event.user?;
        let seed = event.domain.map_or(device, |it| hash64(device, it.as_bytes()));
        let raw = hash64(seed, user.as_bytes()) | 1;
        let at = usize::try_from(raw >> 8).unwrap_or(0) % CACHE;
        if let Some((known, resolved)) = self.cache.get(at)
            && *known == raw
        {
            return Some(self.followed(*resolved));
        }
        let (account, name, is_program) = self.canonical(event, user);
        let bare = name.rsplit('\\').next().unwrap_or_default();
        let realm = event.domain.map(lower);
        let directory = match &realm {
            Some(realm) => self.prior.directory(realm),
            None => self.prior.directory_of_device(device, event.service),
        };
        // Names that every system has are guessed everywhere: they say nothing about who is meant.
        let signs_in = !is_builtin(bare) && self.prior.signs_in(bare, directory, device);
        let resolved = Resolved { account, name: bare_key(bare), is_program, signs_in };
        if let Some(slot) = self.cache.get_mut(at) {
            *slot = (raw, resolved);
        }
        Some(self.followed(resolved))
    }

    fn followed(&self, resolved: Resolved) -> Resolved {
        Resolved { account: self.follow(resolved.account), ..resolved }
    }

    /// The account that `account` was proven to be.
    pub(crate) fn follow(&self, account: AccountKey) -> AccountKey {
        let mut key = account.0;
        for _ in 0..4 {
            match self.aliases.get(&key) {
                Some(next) => key = *next,
                None => break,
            }
        }
        AccountKey(key)
    }

    /// The realm rules: key, canonical name, whether it is a program's.
    fn canonical(&self, event: &Event<'_>, user: &str) -> (AccountKey, CompactString, bool) {
        let name = lower(user);
        let is_program = is_program(&name, event.service);
        let host =
            || lower(event.host.unwrap_or(event.format).split('.').next().unwrap_or_default());
        let own = if is_builtin(&name) {
            None
        } else {
            match event.domain {
                Some(domain) if is_of_host(domain, event) => None,
                Some(domain) => {
                    let realm = lower(domain);
                    let Some(directory) = self.prior.directory(&realm) else {
                        let (key, name) = in_realm(&realm, &name);
                        return (key, name, is_program);
                    };
                    Some(directory)
                }
                None => self.prior.directory_of_device(device_key(event), event.service),
            }
        };
        let (key, name) = match own {
            Some(0) => (AccountKey(hash64(10, name.as_bytes())), name),
            Some(directory) => in_realm(self.prior.directory_name(directory), &name),
            None => in_realm(&host(), &name),
        };
        (key, name, is_program)
    }

    /// The account that a name in the context, or on the command line, means.
    pub(crate) fn named(&self, name: &str) -> AccountKey {
        let name = lower(name);
        let mail = name.rsplit_once('@').map(|(user, realm)| (realm, user));
        let stated = name.split_once('\\').or(mail);
        let (realm, user) =
            stated.map_or((None, name.as_str()), |(realm, user)| (Some(realm), user));
        match realm.map(|it| (it, self.prior.directory(it))) {
            Some((realm, None)) => in_realm(realm, user).0,
            Some((_, Some(directory))) if 0 < directory => {
                in_realm(self.prior.directory_name(directory), user).0
            }
            _ => AccountKey(hash64(10, user.as_bytes())),
        }
    }

    /// The key under which a context's name is looked up: the account where it states a realm, else the bare name.
    pub(crate) fn context_key(&self, name: &str) -> u64 {
        if name.contains(['\\', '@']) { self.named(name).0 } else { bare_key(&lower(name)) }
    }

    /// Keeps the names of at most so many accounts.
    pub(crate) fn bound(&mut self, accounts: usize) {
        self.display_cap = accounts.min(DISPLAY_CAP);
    }

    /// Keeps the canonical name of an account that signed in.
    pub(crate) fn remember(&mut self, event: &Event<'_>, account: AccountKey) {
        if self.display.contains_key(&account.0) || self.display_cap <= self.display.len() {
            return;
        }
        if let Some(user) = event.user {
            let (key, name, _) = self.canonical(event, user);
            if key == account {
                self.display.insert(account.0, name);
            }
        }
    }

    /// The canonical name of an account that signed in.
    pub(crate) fn display(&self, account: AccountKey) -> Option<&str> {
        self.display.get(&account.0).map(CompactString::as_str)
    }

    /// Takes note that one session id named both accounts on `day`; on the second day it is a proof.
    ///
    /// Returns the account that was merged and the one that it is, at the moment of the proof.
    pub(crate) fn suspect(
        &mut self,
        one: AccountKey,
        other: AccountKey,
        time: Timestamp,
        why: &str,
    ) -> Option<(AccountKey, AccountKey)> {
        let (low, high) = (one.0.min(other.0), one.0.max(other.0));
        if low == high || self.denied.contains(&(low, high)) {
            return None;
        }
        let day = time.as_second().div_euclid(86_400);
        let pair = self.pairs.get_or(low ^ high.rotate_left(17), day, Pair::default);
        if !pair.days.contains(&day) {
            pair.days.push(day);
        }
        if pair.days.len() < 2 {
            return None;
        }
        let names = (self.display(AccountKey(low)), self.display(AccountKey(high)));
        let (Some(low_name), Some(high_name)) = names else { return None };
        // The name of the directory wins over one of a device; else the one first in the alphabet.
        let rank = |it: &str| (it.contains('\\'), it.to_owned());
        let (from, to) = if rank(low_name) <= rank(high_name) { (high, low) } else { (low, high) };
        let text = |it: u64| self.display(AccountKey(it)).unwrap_or_default().to_owned();
        let alias =
            Alias { name: text(from), account: text(to), since: Some(time), proof: why.to_owned() };
        self.aliases.insert(from, to);
        self.proven.push(alias);
        Some((AccountKey(from), AccountKey(to)))
    }

    /// Every alias, with its proof, in the order of names.
    pub(crate) fn aliases(&self) -> Vec<Alias> {
        let sorted: BTreeMap<_, _> =
            self.proven.iter().map(|it| ((&it.account, &it.name), it)).collect();
        sorted.into_values().cloned().collect()
    }
}

fn bare_key(name: &str) -> u64 {
    hash64(12, name.as_bytes())
}

/// The key of the name without realm of who changed something, as [`Resolved::name`] is of who signs in.
pub(crate) fn actor_key(actor: &str) -> u64 {
    let name = lower(actor);
    let bare = name.rsplit('\\').next().unwrap_or_default();
    bare_key(bare.split('@').next().unwrap_or_default())
}

fn in_realm(realm: &str, name: &str) -> (AccountKey, CompactString) {
    let key = AccountKey(hash64(hash64(11, realm.as_bytes()), name.as_bytes()));
    (key, format_compact!("{realm}\\{name}"))
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Outcome};

    use super::*;
    use crate::prior::NameBook;

    fn event<'a>(
        service: Service,
        host: &'a str,
        user: &'a str,
        domain: Option<&'a str>,
    ) -> Event<'a> {
        let mut event = Event::new("x", service, Activity::Logon, Timestamp::UNIX_EPOCH);
        event.outcome = Some(Outcome::Success);
        (event.host, event.user, event.domain) = (Some(host), Some(user), domain);
        event
    }

    fn canonical(events: &[Event<'_>]) -> Vec<String> {
        let mut book = NameBook::default();
        for event in events {
            book.learn(event);
        }
        let context = Context::default();
        let names = Names::new(Prior::new(&book, &context), &context);
        events.iter().map(|it| names.canonical(it, it.user.unwrap()).1.to_string()).collect()
    }

    #[test]
    fn the_builtin_names_are_sorted() {
        assert!(BUILTIN.is_sorted());
    }

    #[test]
    fn names_of_one_directory_are_one_account() {
        let got = canonical(&[
            event(Service::Idp, "okta", "ana", Some("corp.example")),
            event(Service::Rdp, "pc1", "Ana", Some("CORP")),
            event(Service::Vpn, "asa", "ANA", None),
            event(Service::Rdp, "pc1", "ana", Some("PC1")),
        ]);
        assert_eq!(got, ["ana", "ana", "ana", "pc1\\ana"]);
    }

    #[test]
    fn strangers_with_one_name_stay_apart() {
        let got = canonical(&[
            event(Service::Idp, "okta", "ana", Some("corp.example")),
            event(Service::Idp, "okta", "ben", Some("corp.example")),
            event(Service::Idp, "okta", "ana", Some("partner.example")),
            event(Service::Ssh, "web1", "ana", None),
            event(Service::Ssh, "web1", "deploy", None),
            event(Service::Ssh, "web1", "root", None),
            event(Service::Ssh, "web2", "root", None),
        ]);
        assert_eq!(
            got,
            [
                "ana",
                "ben",
                "partner.example\\ana",
                "web1\\ana",
                "web1\\deploy",
                "web1\\root",
                "web2\\root"
            ]
        );
    }
}
