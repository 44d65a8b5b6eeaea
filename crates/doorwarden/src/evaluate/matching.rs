//! Which incident is about which campaign, by the names, addresses and times of both.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Run,
    incidents::Incident,
    truth::{Campaign, Truth},
};

/// Whether whoever looks at `incident` learns of `campaign`: it is about a victim within a week of the first access. The
/// takeover behind a spray is found only by a signal about one who was got into, or about where the intruder came from; a
/// spray that got in nowhere is found where it is noticed.
pub(super) fn finds(campaign: &Campaign, incident: &Incident) -> bool {
    let window = campaign.window();
    if !campaign.is_spray() {
        return shares(campaign.victims(), &incident.accounts)
            && incident.moments().any(|it| window.has(it));
    }
    if campaign.first_access.is_none() {
        return notices(campaign, incident);
    }
    incident.signals.iter().filter(|it| window.has(it.time)).any(|it| {
        it.user.as_ref().is_some_and(|it| campaign.victims().contains(it))
            || it.source.as_ref().is_some_and(|it| campaign.intruders().contains(it))
    })
}

/// Whether `incident` tells of a spray before it got into an account.
pub(super) fn notices(campaign: &Campaign, incident: &Incident) -> bool {
    let before = campaign.before_access();
    shares(&campaign.sources, &incident.sources) && incident.moments().any(|it| before.has(it))
}

/// When an incident that finds `campaign` first tells of it: its earliest signal since the first access, or where there is
/// none the end of its records.
pub(super) fn told(campaign: &Campaign, incident: &Incident) -> Option<Timestamp> {
    let window = campaign.window();
    let signals = incident.signals.iter().map(|it| it.time).filter(|it| window.has(*it));
    signals.min().or_else(|| incident.moments().filter(|it| window.has(*it)).min())
}

/// Whether `incident` has to do with a campaign of `truth`, in however far a way.
pub(super) fn is_true(truth: &Truth, incident: &Incident) -> bool {
    truth.campaigns.iter().any(|it| {
        shares(&it.sources, &incident.sources)
            || shares(it.victims(), &incident.accounts) && incident.span.meets(it.aftermath())
    })
}

/// Why a false incident was made, as far as the truth tells: the kind of what happened to one of its accounts at that
/// time. What is about the fewest people comes first, what is about everybody last.
pub(super) fn cause<'a>(truth: &'a Truth, incident: &Incident) -> Option<&'a str> {
    let of_all = truth.benign.iter().filter(|it| incident.span.meets(it.span()));
    let own = of_all.filter(|it| it.is_everybodys() || shares(&it.accounts, &incident.accounts));
    let people = |it: &super::truth::Benign| match it.accounts.len() {
        0 => usize::MAX,
        some => some,
    };
    own.filter(|it| !it.is_pentest()).min_by_key(|it| people(it)).map(|it| it.kind.as_str())
}

/// Whether `incident` is about a penetration test.
pub(super) fn is_pentest(run: &Run, incident: &Incident) -> bool {
    let tests = run.truth.benign.iter().filter(|it| it.is_pentest());
    tests.filter(|it| incident.span.meets(it.span())).any(|it| {
        shares(&it.accounts, &incident.accounts) || shares(&it.sources, &incident.sources)
    })
}

fn shares(some: &BTreeSet<String>, others: &BTreeSet<String>) -> bool {
    let (fewer, more) = if some.len() < others.len() { (some, others) } else { (others, some) };
    fewer.iter().any(|it| more.contains(it))
}
