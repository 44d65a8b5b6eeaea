//! Evidence in plain words: the fact, how often the person does that, how often the colleagues do.

use doorwarden_model::Contribution;

use super::{
    evidence::{Assessment, Fact, Part},
    rates::{Level, Rate},
};
use crate::facts::Item;

/// What is said where a part takes off what others have in common; see [`super::counter`].
pub(super) const TOGETHER: &str = "new places and new devices often come together here";
pub(super) const CAPPED: &str = "place, journey and hour say the same";
/// What the fact of something new begins with.
pub(super) const NEW: &str = "new ";

/// The evidence of a sign-in, what speaks for an attacker first; what counts next to nothing is left out.
pub(crate) fn contributions(assessment: &Assessment, item: &Item<'_>) -> Vec<Contribution> {
    let mut parts: Vec<&Part> =
        assessment.parts.iter().filter(|it| 0.05 <= it.nats.abs()).collect();
    parts.sort_by(|a, b| b.nats.total_cmp(&a.nats));
    parts
        .into_iter()
        .map(|it| {
            let (fact, person, colleagues) = words(it.fact, item);
            Contribution { kind: it.kind, nats: it.nats, fact, person, colleagues }
        })
        .collect()
}

fn words(fact: Fact, item: &Item<'_>) -> (String, String, String) {
    let none = String::new;
    match fact {
        Fact::New { level, own, colleagues } => {
            (format!("{NEW}{}", named(level, item)), person(own), rate(colleagues))
        }
        Fact::NetworkKind { kind, share, users } => {
            let users = if users < 0.5 {
                "nobody else uses this provider".to_owned()
            } else {
                format!("about {users:.0} accounts use this provider")
            };
            let share = format!("{} of the colleagues' new providers are; {users}", percent(share));
            (format!("the provider is of the kind `{kind}`"), none(), share)
        }
        Fact::Known { level, days } => {
            (format!("known {}", named(level, item)), format!("used on {}", count(days)), none())
        }
        Fact::Shared => {
            ("an address that many of the organisation sign in from".to_owned(), none(), none())
        }
        Fact::Script => {
            let client = item.event.client.unwrap_or_default();
            (format!("`{client}` is a client of scripts"), none(), none())
        }
        Fact::Hour { hour, is_rest, own, colleagues } => (
            format!(
                "between {hour}:00 and {}:00 of a {} by the person's own clock",
                (hour + 1) % 24,
                if is_rest { "rest day" } else { "work day" }
            ),
            format!("{} of the person's sign-ins", percent(own)),
            format!("{} of the colleagues'", percent(colleagues)),
        ),
        Fact::Leap { kilometres, minutes } => (
            format!("{kilometres:.0} km from the last sign-in {minutes} minutes before"),
            none(),
            none(),
        ),
        Fact::Service { colleagues } => (
            format!("first sign-in through `{}`", item.event.service),
            none(),
            format!("{} of the colleagues use it", percent(colleagues)),
        ),
        Fact::Away { days, share } => (
            format!("no sign-in for {days} days before"),
            none(),
            format!("{} of all sign-ins come after so long", percent(share)),
        ),
        Fact::Factor
        | Fact::Hot
        | Fact::Guessed { .. }
        | Fact::Newcomers { .. }
        | Fact::Together
        | Fact::Capped => (plain(fact), none(), none()),
    }
}

/// Facts that do not depend on how often somebody does that.
fn plain(fact: Fact) -> String {
    match fact {
        Fact::Factor => "a second factor was given".to_owned(),
        Fact::Hot => "the network guessed passwords within a day".to_owned(),
        Fact::Guessed { failures } => {
            format!("{failures} wrong attempts on this account from this network within an hour")
        }
        Fact::Newcomers { accounts } => {
            format!("{accounts} accounts came to this network for the first time within a day")
        }
        Fact::Together => "new places and new devices often come together here".to_owned(),
        Fact::Capped => "place, journey and hour say the same".to_owned(),
        Fact::New { .. }
        | Fact::NetworkKind { .. }
        | Fact::Known { .. }
        | Fact::Shared
        | Fact::Script
        | Fact::Hour { .. }
        | Fact::Leap { .. }
        | Fact::Service { .. }
        | Fact::Away { .. } => String::new(),
    }
}

fn named(level: Level, item: &Item<'_>) -> String {
    let place = &item.place;
    match level {
        Level::Country => format!("country {}", place.country_code().unwrap_or("?")),
        Level::Provider => {
            let holder = place.holder.map_or(String::new(), |it| format!(" ({it})"));
            format!("provider AS{}{holder}", place.asn.unwrap_or(0))
        }
        Level::Net => item.facts.net.map_or("network".to_owned(), |it| format!("network {it}")),
        Level::System => "operating system".to_owned(),
        Level::Client => format!("client `{}`", item.event.client.unwrap_or_default()),
        Level::Device => match item.event.device {
            Some(device) => format!("device `{device}`"),
            None => "device".to_owned(),
        },
        Level::Service => format!("door `{}`", item.event.service),
        Level::Leap => "leap".to_owned(),
        Level::Night => "night".to_owned(),
    }
}

fn person(own: Rate) -> String {
    let all = thousands(own.all.into());
    if own.all < 0.5 {
        "no earlier sign-in states such a thing".to_owned()
    } else if own.new < 0.5 {
        format!("never in {all} sign-ins")
    } else if own.new < 1.5 {
        format!("once in {all} sign-ins")
    } else {
        format!("{} times in {all} sign-ins", thousands(own.new.into()))
    }
}

fn rate(rate: f64) -> String {
    if rate <= 0.0 {
        return String::new();
    }
    format!("1 in {} of colleagues", thousands((1.0 / rate).max(1.0)))
}

/// A number in whole, its thousands parted.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if 0 < at && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent < 0.05 {
        "fewer than 0.1 %".to_owned()
    } else if percent < 1.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

fn count(days: u16) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}
