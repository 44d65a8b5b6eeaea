//! A door that always asked an account for more lets it in with a password.

use doorwarden_model::{Activity, EvidenceKind, MfaResult, Outcome, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;
use smallvec::SmallVec;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
    novelty::{is_elsewhere, is_on_new_device, missing, source_link},
};

/// # Method downgrade
///
/// An account that always gave a second factor, a key or a certificate at a door came in there with a password alone.
///
/// ## Why it matters
/// Old protocols and forgotten groups do not ask for a second factor; whoever has a password only looks for them.
///
/// ## Example
/// ```scenario
/// x31 08:00 ana 203.0.113.7 vpn ok asn=64500 method=password mfa=push
/// 31d 02:00 ana 198.51.100.9 vpn ok asn=64510 method=password # signal
/// ```
/// The second factor is stated by another system, a moment before:
/// ```scenario
/// x31 08:00 ana 203.0.113.7 vpn ok asn=64500 method=password mfa=push
/// 31d 07:59 ana 198.51.100.9 idp mfa-ok
/// 31d 08:00 ana 198.51.100.9 vpn ok asn=64510 method=password
/// ```
/// A mail program of old:
/// ```scenario
/// x31 08:00 ana 203.0.113.7 idp ok asn=64500 mfa=push client=Browser
/// 31d 02:00 ana 198.51.100.9 idp ok asn=64510 client=IMAP4 # signal
/// ```
/// Another door, which never asked for one; and an account that uses both:
/// ```scenario
/// x31 08:00 ana 203.0.113.7 vpn ok asn=64500 method=password mfa=push
/// x31 08:00 ben 203.0.113.8 ssh ok asn=64500 method=publickey
/// x31 09:00 ben 203.0.113.8 ssh ok asn=64500 method=password
/// 31d 02:00 ana 198.51.100.9 owa ok asn=64510 method=password
/// 31d 02:00 ben 198.51.100.9 ssh ok asn=64510 method=password
/// ```
///
/// ## False positives
/// A telephone that was lost: the help desk lets its owner in without it for a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MethodDowngrade {
    /// Sign-ins with more than a password, and none without, before the first one counts (our choice).
    strong: u32,
}

impl Default for MethodDowngrade {
    fn default() -> Self {
        Self { strong: 30 }
    }
}

/// Doors remembered per account.
const DOORS: usize = 4;
/// A factor given so many milliseconds before a sign-in belongs to it.
const ENTRY: i64 = 600_000;
/// Methods by which a password, or less, is all that is asked; RADIUS and old protocols have names of their own.
const PASSWORDS: &[&str] = &[
    "password",
    "ntlm",
    "basic",
    "pap",
    "chap",
    "mschap",
    "ms-chap",
    "mschapv2",
    "ms-chapv2",
    "none",
];

/// Clients of Exchange and Entra that cannot ask for a second factor.
const LEGACY: &[&str] = &["imap", "pop3", "authenticated smtp", "other clients"];

/// How an account came in at its doors.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    doors: SmallVec<[Door; 1]>,
    last_factor: i64,
}

/// How it came in at one.
#[derive(Debug, Clone, Copy)]
struct Door {
    key: u64,
    strong: u32,
    weak: u32,
}

impl Detector for MethodDowngrade {
    const ID: &'static str = "method-downgrade";
    const SCOPE: Scope = Scope::Account;
    const EVIDENCE: EvidenceKind = EvidenceKind::Method;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::FACTOR);
    const TECHNIQUES: &'static [&'static str] = &["T1078.004", "T1556.006"];
    const QUIET_IF: &'static str = "the sign-in had been confirmed with a second factor or a key";
    type Memory = Habits;

    fn wants(&self, item: &Item<'_>) -> bool {
        is_factor(item) || item.is_sign_in() && (is_strong(item) || is_weak(item))
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let now = item.millis();
        if is_factor(item) {
            memory.last_factor = now;
        }
        if !item.is_sign_in() {
            return;
        }
        let is_confirmed = now - memory.last_factor <= ENTRY;
        let service = item.event.service;
        let key = hash64(service as u64, item.event.format.as_bytes());
        let Some(door) = memory.door(key) else { return };
        if is_strong(item) || is_confirmed {
            door.strong = door.strong.saturating_add(1);
            return;
        }
        let is_first = door.weak == 0 && self.strong <= door.strong;
        door.weak = door.weak.saturating_add(1);
        if !is_first {
            return;
        }
        let (strong, method) =
            (door.strong, item.event.method.or(item.event.client).unwrap_or("password"));
        let is_new = is_elsewhere(item, past) || is_on_new_device(item, past);
        let place = item.facts.src_ip.map_or_else(String::new, |it| format!(" from {it}"));
        let new = if is_new { ", new to it," } else { "" };
        out.report(Finding {
            tier: if is_new { Tier::Queue } else { Tier::Evidence },
            reason: format!(
                "{} signed in to {service}{place}{new} with no more than `{method}`",
                out.account()
            ),
            baseline: format!(
                "it came in there {strong} times with a second factor, key or certificate, and never without"
            ),
            links: source_link(item),
            missing: missing(item),
            ..Finding::default()
        });
    }
}

impl Habits {
    /// The habits at a door; at the cap the one used least is forgotten.
    fn door(&mut self, key: u64) -> Option<&mut Door> {
        let is_full = self.doors.len() == DOORS;
        if !self.doors.iter().any(|it| it.key == key) {
            let uses = |at: &usize| self.doors.get(*at).map(|it| it.strong + it.weak);
            if let Some(rarest) = (0..DOORS).filter(|_| is_full).min_by_key(uses) {
                self.doors.remove(rarest);
            }
            self.doors.push(Door { key, strong: 0, weak: 0 });
        }
        self.doors.iter_mut().find(|it| it.key == key)
    }
}

/// Whether a second factor was given.
fn is_factor(item: &Item<'_>) -> bool {
    let is_given = item.event.mfa.is_some_and(|it| it.result == MfaResult::Success);
    let is_event =
        item.event.activity == Activity::Mfa && item.event.outcome == Some(Outcome::Success);
    is_given || is_event
}

fn is_strong(item: &Item<'_>) -> bool {
    is_factor(item)
        || matches!(item.event.method, Some("certificate" | "publickey" | "fido2" | "hostbased"))
}

/// Whether the log says that a password was enough: a factor that was skipped by a rule is another matter.
fn is_weak(item: &Item<'_>) -> bool {
    let event = &item.event;
    let is_one_of =
        |text: &str, words: &[&str]| words.iter().any(|it| text.eq_ignore_ascii_case(it));
    let begins = |text: &str, word: &str| {
        text.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    event.mfa.is_none()
        && (event.method.is_some_and(|it| is_one_of(it, PASSWORDS))
            || event.client.is_some_and(|text| LEGACY.iter().any(|it| begins(text, it))))
}
