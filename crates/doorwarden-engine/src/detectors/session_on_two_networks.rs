//! One session id, used from two networks at once: the token was stolen.

use std::net::IpAddr;

use doorwarden_model::{Activity, EvidenceKind, NetworkKind, Outcome, SourceNet, Tier, hash64};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Detector, Finding, Item, Kinds, Scope,
    detector::{Findings, Past},
};

/// # Session on two networks
///
/// One session was used from a second network while the first one still used it, or by another program than it began with.
///
/// ## Why it matters
/// A stolen cookie or token is a session without a sign-in: neither password nor second factor is asked again.
///
/// ## Example
/// ```scenario
/// 09:00 ana 203.0.113.7 idp ok id=tok-12345678 asn=1 client=Firefox
/// 09:20 ana 198.51.100.9 idp session id=tok-12345678 asn=2 client=python-requests # signal
/// 09:25 ana 203.0.113.7 idp session id=tok-12345678 asn=1 client=Firefox
/// ```
/// A telephone that leaves the house moves on once, with the same program:
/// ```scenario
/// 09:00 ana 203.0.113.7 idp ok id=tok-12345678 asn=1 client=Outlook
/// 09:20 ana 198.51.100.9 idp session id=tok-12345678 asn=2 net=mobile client=Outlook
/// ```
///
/// A home with two lines, or with IPv4 and IPv6 of two providers: after two days they are known to be one home's.
/// ```scenario
/// x2 09:00 ana 203.0.113.7 idp ok id=tok-12345678 asn=1 client=Firefox
/// x2 09:20 ana 2001:db8:1::9 idp session id=tok-12345678 asn=2 client=Firefox
/// x2 10:30 ana 203.0.113.7 idp session id=tok-12345678 asn=1 client=Firefox
/// 3d 09:00 ana 203.0.113.7 idp ok id=tok-abcdefgh asn=1 client=Firefox
/// 3d 09:20 ana 2001:db8:1::9 idp session id=tok-abcdefgh asn=2 client=Firefox
/// 3d 09:25 ana 203.0.113.7 idp session id=tok-abcdefgh asn=1 client=Firefox
/// ```
/// A source whose sessions are like that from the first day on, as its addresses are those of a web gateway:
/// ```scenario
/// x5 08:00 u[1-3] 203.0.113.[1-3] idp ok id=token-of-u[1-3] asn=1 client=Firefox
/// x5 08:40 u[1-3] 198.51.100.[1-3] idp session id=token-of-u[1-3] asn=2 client=Firefox
/// 8d 09:00 ana 203.0.113.7 idp ok id=tok-12345678 asn=1 client=Firefox
/// 8d 09:20 ana 192.0.2.9 idp session id=tok-12345678 asn=3 client=Firefox
/// 8d 09:25 ana 203.0.113.7 idp session id=tok-12345678 asn=1 client=Firefox
/// ```
///
/// ## False positives
/// Split tunnels. Pairs of one provider are not counted, nor is a source of whose sessions more than one in two hundred moved in
/// its first seven days.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SessionOnTwoNetworks {
    /// Minutes within which both networks must use it, where the program did not change.
    overlap_minutes: i64,
}

impl Default for SessionOnTwoNetworks {
    fn default() -> Self {
        Self { overlap_minutes: 30 }
    }
}

/// Where and with what the session began, and where it was used last.
#[derive(Debug, Default)]
pub(crate) struct Used {
    first: Option<Use>,
    other: Option<Use>,
}

/// One way of using it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    millis: i64,
    ip: IpAddr,
    net: SourceNet,
    asn: Option<u32>,
    country: Option<[u8; 2]>,
    client: Option<u64>,
}

impl Detector for SessionOnTwoNetworks {
    const ID: &'static str = "session-on-two-networks";
    const SCOPE: Scope = Scope::Session;
    const EVIDENCE: EvidenceKind = EvidenceKind::Session;
    const LOOKS_AT: Kinds = Kinds::SIGN_IN.and(Kinds::FACTOR).and(Kinds::REST);
    const TECHNIQUES: &'static [&'static str] = &["T1539", "T1550.004"];
    const QUIET_IF: &'static str =
        "the session had moved once and not come back, with the same program";
    type Memory = Used;

    fn wants(&self, item: &Item<'_>) -> bool {
        item.event.session.is_some_and(|it| 8 <= it.len())
            && item.is_from_outside()
            && item.event.outcome != Some(Outcome::Failure)
            && matches!(item.event.activity, Activity::Logon | Activity::Session | Activity::Mfa)
    }

    fn observe(
        &self,
        item: &Item<'_>,
        past: &Past<'_>,
        memory: &mut Self::Memory,
        out: &mut Findings<'_>,
    ) {
        let (Some(ip), Some(net)) = (item.facts.src_ip, item.facts.net) else { return };
        let now = item.millis();
        let client = item.event.client.map(|it| hash64(0, family(it).as_bytes()));
        let used =
            Use { millis: now, ip, net, asn: item.place.asn, country: item.place.country, client };
        let Some(first) = memory.first.as_mut() else {
            memory.first = Some(used);
            return;
        };
        if first.net == net {
            let came_back =
                memory.other.filter(|it| now - it.millis <= self.overlap_minutes * 60_000);
            first.millis = now;
            if let Some(other) = came_back {
                let first = *first;
                report(item, first, other, " and from the first one again", out);
            }
            return;
        }
        let first = *first;
        let is_relay =
            matches!(item.place.network, Some(NetworkKind::Mobile | NetworkKind::Corporate))
                || past.known.is_egress(ip);
        let same_provider =
            used.asn.is_some() && used.asn == first.asn && used.country == first.country;
        // An address that many share, or a provider that the account signs in from, is no thief's.
        let is_own = item.facts.source.is_shared || !item.facts.is_new_provider;
        if is_relay || same_provider || is_own || item.facts.session.is_usual_move {
            return;
        }
        let changed = matches!((first.client, client), (Some(a), Some(b)) if a != b);
        memory.other = Some(used);
        if changed {
            report(item, first, used, " by another program", out);
        }
    }
}

fn report(item: &Item<'_>, first: Use, other: Use, how: &str, out: &mut Findings<'_>) {
    if out.extend() {
        return;
    }
    let name = out.account().to_owned();
    let minutes = (other.millis - first.millis).abs() / 60_000;
    out.report(Finding {
        tier: if item.is_hosted() || how.ends_with("program") { Tier::Page } else { Tier::Queue },
        reason: format!(
            "a session of {name} on {} that began at {} was used from {}{how}, {minutes} minutes apart",
            item.event.service, first.ip, other.ip
        ),
        baseline: "a session stays where it was opened, or moves once".to_owned(),
        links: vec![format!("source:{}", other.net)],
        ..Finding::default()
    });
}

/// The program of a user agent, without its version.
fn family(client: &str) -> String {
    let lower = client.to_ascii_lowercase();
    let families = [
        "python", "curl", "go-http", "okhttp", "headless", "edg/", "opr/", "firefox", "chrome",
        "safari", "outlook", "teams",
    ];
    families.iter().find(|it| lower.contains(**it)).map_or_else(
        || lower.split(['/', ' ']).next().unwrap_or_default().to_owned(),
        |it| (*it).to_owned(),
    )
}
