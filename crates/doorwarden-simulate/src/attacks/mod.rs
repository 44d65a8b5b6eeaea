//! What is hidden: campaigns of twenty kinds, each against people of its own, easy and hard ones.

mod credentials;
mod factors;
mod guessing;
mod hidden;
mod script;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use self::script::Script;
use crate::{moment::Moment, random::Random, world::World};

/// No attack begins before: so long does everybody live in peace.
const FIRST_DAY: i64 = 31;

/// A kind of campaign.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its id.
    pub(crate) id: &'static str,
    /// Whom or what it is modelled on.
    pub(crate) name: &'static str,
    /// Whether logs can show it at all.
    pub(crate) visible: bool,
    /// Share of the days that are left on which it may begin, in a hundred: the longer it takes, the fewer.
    begins: i64,
    /// Plans one, from its first day on.
    plan: fn(&mut Script<'_, '_>),
}

const fn kind(
    id: &'static str,
    name: &'static str,
    begins: i64,
    plan: fn(&mut Script<'_, '_>),
) -> Kind {
    Kind { id, name, visible: true, begins, plan }
}

const fn invisible(id: &'static str, name: &'static str, plan: fn(&mut Script<'_, '_>)) -> Kind {
    Kind { id, name, visible: false, begins: 60, plan }
}

/// All kinds.
pub(crate) const KINDS: [Kind; 20] = [
    kind("C01", "APT18", 50, credentials::valid_account),
    kind("C02", "Dragonfly 2.0", 30, credentials::mail_then_desktop),
    kind("C03", "FIN5", 40, credentials::many_ways),
    kind("C04", "Ke3chang", 50, factors::stolen_certificate),
    kind("C05", "OilRig", 40, credentials::foreign_office_hours),
    kind("C06", "Threat Group-3390", 50, credentials::back_after_eviction),
    kind("C07", "Scattered Spider", 75, factors::help_desk_or_fatigue),
    kind("C08", "LAPSUS$", 75, factors::prompts_or_bought_session),
    kind("C09", "Akira", 90, hidden::in_and_out),
    kind("C10", "Volt Typhoon", 15, credentials::quiet_neighbour),
    kind("C11", "CovertNetwork-1658", 25, guessing::one_a_day),
    kind("C12", "APT28", 75, guessing::few_or_fast),
    kind("C13", "APT29", 60, factors::dormant_account),
    kind("C14", "Adversary in the middle", 80, factors::phishing_proxy),
    kind("C15", "Credential stuffing", 90, guessing::stuffing),
    kind("C16", "Access broker", 25, credentials::broker),
    kind("C17", "Insider sharing", 40, hidden::shared_account),
    kind("C18", "Concentrator bypass", 75, hidden::round_the_gateway),
    invisible("C19", "Hijack of the victim's own machine", hidden::own_machine),
    invisible("C20", "Cloned device at the same provider", hidden::cloned_device),
];

/// A campaign.
#[derive(Debug)]
pub(crate) struct Campaign {
    /// What it is.
    pub(crate) kind: &'static Kind,
    /// Its first day.
    pub(crate) day: i64,
    /// What makes it easy or hard.
    pub(crate) knobs: BTreeMap<&'static str, serde_json::Value>,
    /// Kinds of evidence that truly explain it.
    pub(crate) explained_by: BTreeSet<&'static str>,
    /// Accounts that it got into.
    pub(crate) entered: BTreeSet<String>,
    /// Addresses that it came from.
    pub(crate) sources: BTreeSet<IpAddr>,
    /// When it first got in.
    pub(crate) first_access: Option<Moment>,
}

static ALL: &[Kind] = &KINDS;

/// Chooses how many of each kind there are, and their first days.
pub(crate) fn plan(world: &mut World<'_>) {
    for kind in ALL {
        for instance in 0..world.config.count(kind.id) {
            let mut random = Random::of(world.seed, kind.id, instance, 0);
            let left = (world.config.days - FIRST_DAY - 2).max(1);
            let day = FIRST_DAY + random.between(0, (left * kind.begins / 100).max(1));
            world.campaigns.push(Campaign {
                kind,
                day,
                knobs: BTreeMap::new(),
                explained_by: BTreeSet::new(),
                entered: BTreeSet::new(),
                sources: BTreeSet::new(),
                first_access: None,
            });
        }
    }
}

/// Plans those that begin on `day`: all that they will do.
pub(crate) fn attack(world: &mut World<'_>, day: i64) {
    let beginning: Vec<usize> = (0..world.campaigns.len())
        .filter(|it| world.campaigns.get(*it).is_some_and(|it| it.day == day))
        .collect();
    for number in beginning {
        let Some(kind) = world.campaigns.get(number).map(|it| it.kind) else { continue };
        (kind.plan)(&mut Script::new(world, number));
    }
}
