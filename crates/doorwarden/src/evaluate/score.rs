//! All figures over all runs, in the order in which they are printed.

use serde::Serialize;

use super::{
    Run,
    budget::{AtBudget, Cost, Precision, Sweep},
    calibration::{self, Band},
    campaigns::{self, Delays, OfKind, OfKnob, OfSprays, Outcome},
    false_incidents::{self, FalseIncidents, Tally},
    figures::Share,
};

/// The score of one or more scans.
#[derive(Debug, Serialize)]
pub(super) struct Score {
    pub(super) runs: usize,
    pub(super) people_days: f64,
    /// Of campaigns that logs of sign-ins can show, by incidents of medium severity and above.
    pub(super) recall: Share,
    pub(super) macro_recall: f64,
    pub(super) kinds: Vec<OfKind>,
    /// Of those that they cannot show.
    pub(super) invisible: Share,
    pub(super) sprays: OfSprays,
    pub(super) knobs: Vec<OfKnob>,
    pub(super) time_to_detect: Delays,
    pub(super) right_reasons: Share,
    pub(super) false_incidents: FalseIncidents,
    /// As shipped.
    pub(super) precision: Precision,
    pub(super) budgets: Vec<AtBudget>,
    pub(super) costs: Vec<Cost>,
    pub(super) calibration: Vec<Band>,
}

impl Score {
    /// Compares what was planted with what was found.
    pub(super) fn of(runs: &[Run]) -> Self {
        let outcomes = Outcome::of_all(runs);
        let visible = || outcomes.iter().filter(|it| it.is_visible());
        let kinds = campaigns::by_kind(&outcomes);
        let recall = campaigns::recall(visible());
        let tally = Tally::of(runs);
        let false_incidents = tally.figures(runs);
        let people_days = false_incidents::people_days(runs);
        let risks: Vec<f64> = tally.harmless.iter().map(|it| it.risk).collect();
        let calibration = calibration::bands(&risks, people_days);
        let found: Vec<Option<f64>> = visible().map(|it| it.risk).collect();
        let sweep = Sweep::new(&found, risks, people_days);
        Self {
            runs: runs.len(),
            people_days,
            recall,
            macro_recall: campaigns::macro_recall(&kinds),
            kinds,
            invisible: campaigns::recall(outcomes.iter().filter(|it| !it.is_visible())),
            sprays: campaigns::of_sprays(&outcomes),
            knobs: campaigns::by_knob(&outcomes),
            time_to_detect: campaigns::delays(visible()),
            right_reasons: campaigns::right_reasons(&outcomes),
            precision: Precision::of(recall.part, false_incidents.all.cautious()),
            false_incidents,
            budgets: sweep.budgets(),
            costs: sweep.costs(),
            calibration,
        }
    }
}
