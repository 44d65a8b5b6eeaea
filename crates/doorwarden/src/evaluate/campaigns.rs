//! What became of each campaign, and the shares over all of them.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::Serialize;

use super::{
    Run,
    figures::{Share, quantile, ratio, real, rounded},
    incidents::Incident,
    matching,
    truth::Campaign,
};

/// A campaign with what was found of it.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    campaign: &'a Campaign,
    /// Highest risk of an incident that finds it, of whatever severity.
    pub(super) risk: Option<f64>,
    /// Whether one that somebody looks at does.
    is_found: bool,
    /// Whether one that somebody looks at told of the spray before it got into an account.
    is_noticed: bool,
    /// From the first access to what first told of it.
    delay: Option<SignedDuration>,
    /// Whether one of the two strongest reasons of the riskiest incident is what really tells the attack.
    has_right_reason: bool,
}

/// How fast campaigns were found that were.
#[derive(Debug, Serialize)]
pub(super) struct Delays {
    pub(super) campaigns: usize,
    pub(super) median_minutes: Option<f64>,
    pub(super) p90_minutes: Option<f64>,
}

/// What was found of one kind of campaign.
#[derive(Debug, Serialize)]
pub(super) struct OfKind {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) visible: bool,
    #[serde(flatten)]
    pub(super) recall: Share,
    pub(super) median_minutes: Option<f64>,
}

/// What was found of all campaigns with something in common.
#[derive(Debug, Serialize)]
pub(super) struct OfKnob {
    pub(super) knob: String,
    pub(super) value: String,
    #[serde(flatten)]
    pub(super) recall: Share,
}

/// What was found of campaigns that first try many accounts.
#[derive(Debug, Serialize)]
pub(super) struct OfSprays {
    /// Before the first access, or at any time where there was none.
    pub(super) noticed_before_access: Share,
    /// Of those that got into an account.
    pub(super) found_at_takeover: Share,
}

impl<'a> Outcome<'a> {
    /// The outcomes of all campaigns of all runs.
    pub(super) fn of_all(runs: &'a [Run]) -> Vec<Self> {
        let of_run =
            |run: &'a Run| run.truth.campaigns.iter().map(|it| Self::of(it, &run.incidents));
        runs.iter().flat_map(of_run).collect()
    }

    fn of(campaign: &'a Campaign, incidents: &[Incident]) -> Self {
        let finding: Vec<&Incident> =
            incidents.iter().filter(|it| matching::finds(campaign, it)).collect();
        let told = || finding.iter().filter(|it| it.is_told());
        let first = told().filter_map(|it| matching::told(campaign, it)).min();
        let riskiest = finding.iter().rev().max_by(|a, b| a.risk.total_cmp(&b.risk));
        let notices = |it: &&Incident| it.is_told() && matching::notices(campaign, it);
        Self {
            campaign,
            risk: riskiest.map(|it| it.risk),
            is_found: told().next().is_some(),
            is_noticed: campaign.is_spray() && incidents.iter().any(|it| notices(&it)),
            delay: first.map(|it| it.duration_since(campaign.onset()).max(SignedDuration::ZERO)),
            has_right_reason: riskiest.is_some_and(|it| {
                it.reasons().into_iter().any(|it| campaign.explained_by.contains(it))
            }),
        }
    }

    /// Whether logs of sign-ins can show it.
    pub(super) fn is_visible(&self) -> bool {
        self.campaign.visible
    }
}

/// The share that was found.
pub(super) fn recall<'o, 'a: 'o>(some: impl IntoIterator<Item = &'o Outcome<'a>>) -> Share {
    Share::counted(some.into_iter().map(|it| it.is_found))
}

/// By kind, in the order of kinds.
pub(super) fn by_kind(outcomes: &[Outcome<'_>]) -> Vec<OfKind> {
    let mut kinds: BTreeMap<(&str, bool), Vec<&Outcome<'_>>> = BTreeMap::new();
    for it in outcomes {
        kinds.entry((&it.campaign.kind, it.is_visible())).or_default().push(it);
    }
    let of_kind = |((kind, visible), all): ((&str, bool), Vec<&Outcome<'_>>)| OfKind {
        kind: kind.to_owned(),
        name: all.first().map_or_else(String::new, |it| it.campaign.name.clone()),
        visible,
        recall: recall(all.iter().copied()),
        median_minutes: delays(all).median_minutes,
    };
    kinds.into_iter().map(of_kind).collect()
}

/// The mean of the recalls of all visible kinds, however many campaigns each has.
pub(super) fn macro_recall(kinds: &[OfKind]) -> f64 {
    let visible = || kinds.iter().filter(|it| it.visible);
    ratio(visible().map(|it| it.recall.part).sum(), real(visible().count()))
}

/// By each value of each knob, of the visible ones.
pub(super) fn by_knob(outcomes: &[Outcome<'_>]) -> Vec<OfKnob> {
    let mut knobs: BTreeMap<(&str, String), Vec<&Outcome<'_>>> = BTreeMap::new();
    for it in outcomes.iter().filter(|it| it.is_visible()) {
        for (knob, value) in it.campaign.knobs() {
            knobs.entry((knob, value)).or_default().push(it);
        }
    }
    let of_knob = |((knob, value), all): ((&str, String), Vec<&Outcome<'_>>)| OfKnob {
        knob: knob.to_owned(),
        value,
        recall: recall(all),
    };
    knobs.into_iter().map(of_knob).collect()
}

/// Of sprays, what was seen before they succeeded, and when.
pub(super) fn of_sprays(outcomes: &[Outcome<'_>]) -> OfSprays {
    let sprays = || outcomes.iter().filter(|it| it.campaign.is_spray() && it.is_visible());
    OfSprays {
        noticed_before_access: Share::counted(sprays().map(|it| it.is_noticed)),
        found_at_takeover: recall(sprays().filter(|it| it.campaign.first_access.is_some())),
    }
}

/// How long it took to find those that were found.
pub(super) fn delays<'o, 'a: 'o>(some: impl IntoIterator<Item = &'o Outcome<'a>>) -> Delays {
    let mut minutes: Vec<f64> =
        some.into_iter().filter_map(|it| it.delay).map(|it| it.as_secs_f64() / 60.0).collect();
    minutes.sort_by(f64::total_cmp);
    Delays {
        campaigns: minutes.len(),
        median_minutes: quantile(&minutes, 50).map(rounded),
        p90_minutes: quantile(&minutes, 90).map(rounded),
    }
}

/// Of those that were found, how many were for the right reason.
pub(super) fn right_reasons(outcomes: &[Outcome<'_>]) -> Share {
    let found = outcomes.iter().filter(|it| it.is_visible() && it.is_found);
    Share::counted(found.map(|it| it.has_right_reason))
}
