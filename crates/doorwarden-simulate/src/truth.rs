//! The truth about the logs: what was hidden where, what looks odd and is harmless, and whose the accounts are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    attacks::Campaign, company::sites::PLANS, config::Config, journal::Step, moment::Moment,
    world::Run,
};

/// The truth as JSON, one entry a line.
pub(crate) fn json(seed: u64, config: &Config, asked: &str, run: &Run) -> String {
    let mut steps: BTreeMap<usize, Vec<&Step>> = BTreeMap::new();
    for step in run.steps.iter().filter(|it| 0 < it.line) {
        steps.entry(step.mark.campaign).or_default().push(step);
    }
    let campaigns: Vec<Value> = run
        .campaigns
        .iter()
        .enumerate()
        .filter_map(|(number, it)| campaign(number, it, steps.remove(&number)?))
        .collect();
    let benign = run.benign.iter().map(|it| {
        json!({"kind": it.kind, "accounts": it.accounts, "from": it.from.iso(), "to": it.until.min(run.end).iso()})
    });
    let accounts = run.company.people.iter().map(|it| {
        let zone = PLANS.get(it.zone).map_or("UTC", |it| it.zone);
        json!({"name": it.account, "class": it.class.word(), "home_country": it.country, "timezone": zone})
    });
    let lines = |values: Vec<Value>| {
        values.iter().map(Value::to_string).collect::<Vec<String>>().join(",\n")
    };
    format!(
        "{{\"seed\":{seed},\"people\":{},\"days\":{},\"start\":\"{}\",\"end\":\"{}\",\"config\":{},\n\"campaigns\":[\n{}\n],\n\"benign\":[\n{}\n],\n\"accounts\":[\n{}\n]}}\n",
        config.people,
        config.days,
        run.start.iso(),
        run.end.iso(),
        Value::from(asked),
        lines(campaigns),
        lines(benign.collect()),
        lines(accounts.collect()),
    )
}

/// A campaign; nothing where no record of it lies within the time of the logs.
fn campaign(number: usize, it: &Campaign, mut steps: Vec<&Step>) -> Option<Value> {
    steps.sort_by(|a, b| (a.at, &a.file, a.line).cmp(&(b.at, &b.file, b.line)));
    let (first, last) = (steps.first()?.at, steps.last()?.at);
    let tried: BTreeSet<&str> =
        steps.iter().map(|it| it.account.as_str()).filter(|it| !it.is_empty()).collect();
    let entered: BTreeSet<&str> = it.entered.iter().map(String::as_str).collect();
    let accounts = if entered.is_empty() { tried } else { entered };
    let records: Vec<Value> = steps.iter().map(|it| record(it)).collect();
    Some(json!({
        "id": format!("c-{:03}", number + 1),
        "kind": it.kind.id,
        "name": it.kind.name,
        "visible": it.kind.visible,
        "knobs": it.knobs,
        "explained_by": it.explained_by,
        "accounts": accounts,
        "sources": it.sources,
        "first_access": it.first_access.map(Moment::iso),
        "first_step": first.iso(),
        "last_step": last.iso(),
        "steps": records,
    }))
}

fn record(step: &Step) -> Value {
    json!({
        "time": step.at.iso(),
        "phase": step.mark.phase.word(),
        "account": step.account,
        "src_ip": step.ip.map(|it| it.to_string()).unwrap_or_default(),
        "service": step.service,
        "file": step.file,
        "line": step.line,
    })
}
