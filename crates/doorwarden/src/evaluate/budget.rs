//! What is found for so many false incidents: only incidents above a risk are looked at, and that risk is moved.

use serde::Serialize;

use super::figures::{Share, ratio, real, rounded};

/// False incidents for 10,000 people and day that one may be willing to look at.
const BUDGETS: [f64; 5] = [0.1, 0.5, 1.0, 5.0, 10.0];
/// Shares of campaigns of which is asked what finding them costs.
const WANTED: [f64; 3] = [0.5, 0.8, 0.9];

/// What is found within a budget.
#[derive(Debug, Serialize)]
pub(super) struct AtBudget {
    /// False incidents for 10,000 people and day.
    pub(super) budget: f64,
    /// Least risk that is looked at; none where even the highest makes more false incidents.
    pub(super) threshold: Option<f64>,
    pub(super) false_incidents: usize,
    pub(super) recall: Share,
    /// For as many false incidents as the budget allows.
    pub(super) precision: Precision,
}

/// The share of incidents that are true, were one account of 10,000 people taken over each month, week or day: a simulation's
/// attacks are far more frequent than anybody's.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Precision {
    pub(super) month: f64,
    pub(super) week: f64,
    pub(super) day: f64,
}

/// What it costs to find a share of the campaigns.
#[derive(Debug, Serialize)]
pub(super) struct Cost {
    pub(super) recall: f64,
    /// False incidents for 10,000 people and day; none where no risk finds so many.
    pub(super) per_10000_people_and_day: Option<f64>,
}

/// Highest risks of the incidents that find campaigns, and risks of false incidents.
#[derive(Debug)]
pub(super) struct Sweep {
    /// Highest first, without campaigns that nothing finds.
    found: Vec<f64>,
    campaigns: usize,
    /// Highest first.
    harmless: Vec<f64>,
    people_days: f64,
}

impl Precision {
    /// With `rate` false incidents for 10,000 people and day.
    pub(super) fn of(recall: f64, rate: f64) -> Self {
        let at = |days: f64| ratio(recall / days, recall / days + rate);
        Self { month: at(30.0), week: at(7.0), day: at(1.0) }
    }
}

impl Sweep {
    /// Over campaigns, each with the highest risk of an incident that finds it.
    pub(super) fn new(campaigns: &[Option<f64>], mut harmless: Vec<f64>, people_days: f64) -> Self {
        let mut found: Vec<f64> = campaigns.iter().copied().flatten().collect();
        for all in [&mut found, &mut harmless] {
            all.sort_by(|a, b| b.total_cmp(a));
        }
        Self { found, campaigns: campaigns.len(), harmless, people_days }
    }

    /// All budgets.
    pub(super) fn budgets(&self) -> Vec<AtBudget> {
        BUDGETS.map(|it| self.at(it)).into()
    }

    /// What each share of campaigns costs.
    pub(super) fn costs(&self) -> Vec<Cost> {
        WANTED.map(|it| self.cost(it)).into()
    }

    /// The lowest threshold within `budget`: just above the first false incident that exceeds it.
    fn at(&self, budget: f64) -> AtBudget {
        let is_within = |count: usize| real(count) * 10_000.0 <= budget * self.people_days;
        let first_too_many = (1..=self.harmless.len()).find(|it| !is_within(*it));
        let bound = first_too_many.and_then(|it| self.harmless.get(it - 1)).copied();
        let above = |it: &&f64| bound.is_none_or(|bound| bound < **it);
        let found = self.found.iter().filter(above);
        let harmless = self.harmless.iter().filter(above);
        let threshold = found.clone().chain(harmless.clone()).copied().min_by(f64::total_cmp);
        let recall = Share::new(found.count(), self.campaigns);
        AtBudget {
            budget,
            threshold,
            false_incidents: harmless.count(),
            recall,
            precision: Precision::of(recall.part, budget),
        }
    }

    fn cost(&self, recall: f64) -> Cost {
        let is_enough = |it: &usize| recall * real(self.campaigns) <= real(it + 1);
        let last = (0..self.found.len()).find(is_enough).and_then(|it| self.found.get(it));
        let harmless = |risk: &f64| self.harmless.iter().filter(|it| risk <= *it).count();
        let rate = |risk| rounded(real(harmless(risk)) * 10_000.0 / self.people_days);
        Cost { recall, per_10000_people_and_day: last.map(rate) }
    }
}
