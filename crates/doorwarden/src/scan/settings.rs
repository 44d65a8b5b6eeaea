//! From arguments and files to settings that are checked: a wrong one stops before anything is read.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail};
use doorwarden_engine::detectors;
use doorwarden_model::{Context, EvidenceKind, Service, Severity, context::Person};
use ipnet::IpNet;
use jiff::Timestamp;
use serde::Deserialize;

use super::knowledge::Knowledge;
use crate::{cli::ScanArguments, geo::Geo, ingest, output::style::Style};

/// The configuration file: settings of detectors, and what is expected.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// By detector: `enabled` and its settings.
    pub(crate) detectors: BTreeMap<String, serde_json::Value>,
    /// How persons' sign-ins are judged.
    pub(crate) profile: ProfileConfig,
    /// Signals that are known and harmless.
    pub(crate) expected: Vec<Expected>,
}

/// How persons' sign-ins are judged.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ProfileConfig {
    /// Kinds of evidence that do not count, such as `when`: to measure what each is worth.
    pub(crate) without: Vec<EvidenceKind>,
}

/// A signal that is known and harmless: all that is given must match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) account: Option<String>,
    pub(crate) source: Option<IpNet>,
    pub(crate) network: Option<String>,
    pub(crate) service: Option<Service>,
    pub(crate) detector: Option<String>,
    /// Last day on which it holds.
    pub(crate) until: Option<toml::Spanned<toml::value::Datetime>>,
    /// Why it is harmless.
    pub(crate) why: String,
}

/// What is shown; never what is learnt.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) severity: Option<Severity>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) user: Option<String>,
}

/// All settings of a scan.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) context: Context,
    pub(crate) config: Config,
    pub(crate) geo: Geo,
    pub(crate) ingest: ingest::Settings,
    pub(crate) filter: Filter,
    /// What an earlier scan learnt of the organisation.
    pub(crate) prior: Option<Knowledge>,
    /// False incidents of medium and above per 10,000 people and day.
    pub(crate) budget: f64,
    /// Files that are settings, not logs.
    pub(crate) others: Vec<PathBuf>,
    /// Accounts that are remembered.
    pub(crate) accounts: usize,
    pub(crate) is_quiet: bool,
    pub(crate) style: Style,
}

impl Settings {
    /// Checks `arguments` and reads the files that they name.
    pub(crate) fn load(arguments: &ScanArguments) -> anyhow::Result<Self> {
        let common = &arguments.common;
        let context = match &arguments.context {
            Some(path) => read_context(path)?,
            None => Context::default(),
        };
        let config = match &arguments.config {
            Some(path) => read_config(path)?,
            None => Config::default(),
        };
        let forced = arguments.forced.iter().map(|it| forced(it)).collect::<anyhow::Result<_>>()?;
        let zones = ingest::Settings::zones(&context)?;
        let ingest = common.ingest(arguments.year, zones, forced);
        let others =
            [&arguments.context, &arguments.config, &arguments.prior].into_iter().flatten();
        let data = arguments.geo.databases.iter().chain(&arguments.geo.networks);
        let others = others.chain(data).cloned().collect();
        let filter = Filter {
            severity: arguments.severity,
            since: arguments.since.as_deref().map(moment).transpose()?,
            until: arguments.until.as_deref().map(moment).transpose()?,
            user: arguments.user.clone(),
        };
        let geo = Geo::load(&arguments.geo, &context)?;
        Ok(Self {
            geo,
            paths: arguments.paths.clone(),
            out: arguments.out.clone(),
            context,
            config,
            ingest,
            filter,
            prior: arguments.prior.as_deref().map(Knowledge::read).transpose()?,
            budget: arguments.budget,
            others,
            accounts: common.max_memory.for_accounts(),
            is_quiet: common.quiet,
            style: common.color.style(),
        })
    }
}

/// `FORMAT=GLOB`.
fn forced(text: &str) -> anyhow::Result<(&'static str, String)> {
    let (format, glob) = text
        .split_once('=')
        .ok_or_else(|| anyhow!("--as {text}: expected FORMAT=GLOB, such as openssh='*.log'"))?;
    let known = doorwarden_parse::formats::ALL.iter().find(|it| it.id() == format);
    let known = known.ok_or_else(|| {
        anyhow!("--as {text}: no format `{format}`; `doorwarden sources` lists them")
    })?;
    Ok((known.id(), glob.to_owned()))
}

/// A day or a moment, UTC.
fn moment(text: &str) -> anyhow::Result<Timestamp> {
    if let Ok(time) = text.parse() {
        return Ok(time);
    }
    let day: jiff::civil::Date = text.parse().map_err(|_| {
        anyhow!("`{text}` is no day such as 2026-01-31 and no time such as 2026-01-31T08:00:00Z")
    })?;
    Ok(jiff::tz::TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight()))?)
}

#[expect(clippy::disallowed_methods, reason = "the binary is where files are read")]
fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Reads a context file, TOML or JSON, and the people it names in a CSV file.
pub(crate) fn read_context(path: &Path) -> anyhow::Result<Context> {
    let text = read(path)?;
    let is_json = text.trim_start().starts_with('{');
    let mut context: Context = if is_json {
        serde_json::from_str(&text).with_context(|| format!("context `{}`", path.display()))?
    } else {
        toml::from_str(&text).with_context(|| format!("context `{}`", path.display()))?
    };
    if let Some(csv) = &context.people_csv {
        let csv = path.parent().unwrap_or(Path::new(".")).join(csv);
        context.people.extend(
            people(&read(&csv)?).with_context(|| format!("people in `{}`", csv.display()))?,
        );
    }
    Ok(context)
}

/// The people of a CSV file whose first line names the columns.
fn people(text: &str) -> anyhow::Result<Vec<Person>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
    let mut people = Vec::new();
    for (nr, line) in lines.enumerate().filter(|it| !it.1.trim().is_empty()) {
        let cells = line.split(',').map(|it| it.trim().trim_matches('"'));
        let pairs = columns.iter().zip(cells).filter(|it| !it.1.is_empty());
        let object: serde_json::Map<_, _> =
            pairs.map(|(key, value)| ((*key).to_owned(), value.into())).collect();
        people.push(
            serde_json::from_value(object.into()).with_context(|| format!("line {}", nr + 2))?,
        );
    }
    Ok(people)
}

fn read_config(path: &Path) -> anyhow::Result<Config> {
    let config: Config = toml::from_str(&read(path)?)
        .with_context(|| format!("configuration `{}`", path.display()))?;
    let is_detector = |id: &String| detectors::ALL.iter().any(|it| it.id == id);
    for id in
        config.detectors.keys().chain(config.expected.iter().filter_map(|it| it.detector.as_ref()))
    {
        if !is_detector(id) {
            bail!(
                "configuration `{}`: no detector `{id}`; `doorwarden explain` lists them",
                path.display()
            );
        }
    }
    Ok(config)
}

/// Marks incidents all of whose signals are expected, and notes the entries that did not hold.
pub(crate) fn apply_expected(
    scan: &mut super::Scan,
    expected: &[Expected],
    places: &dyn doorwarden_model::Places,
) {
    let mut used = vec![false; expected.len()];
    for incident in &mut scan.output.incidents {
        let mut is_all = true;
        for signal in &incident.signals {
            let found = expected.iter().position(|it| it.matches(signal, places));
            match found {
                Some(at) => {
                    if let Some(slot) = used.get_mut(at) {
                        *slot = true;
                    }
                }
                None => is_all = false,
            }
        }
        incident.expected = is_all;
    }
    let end = scan.output.span.map(|it| it.1);
    for (entry, was_used) in expected.iter().zip(used) {
        let is_over = entry.until().zip(end).is_some_and(|(until, end)| until < end);
        let why = &entry.why;
        if is_over {
            scan.stale_expected.push(format!(
                "the expected entry \"{why}\" has expired: remove it or give it a new date"
            ));
        } else if !was_used {
            scan.stale_expected
                .push(format!("the expected entry \"{why}\" matched nothing: is it still needed?"));
        }
    }
}

impl Expected {
    /// The end of its last day.
    fn until(&self) -> Option<Timestamp> {
        let text = self.until.as_ref()?.as_ref().to_string();
        let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
        let next = day.tomorrow().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(next.to_datetime(jiff::civil::Time::midnight())).ok()
    }

    fn matches(
        &self,
        signal: &doorwarden_model::Signal,
        places: &dyn doorwarden_model::Places,
    ) -> bool {
        let names = signal.account.iter().chain(&signal.users);
        let is_in = |net: &IpNet| {
            !signal.src_ips.is_empty() && signal.src_ips.iter().all(|it| net.contains(it))
        };
        let has_network = |name: &String| {
            signal.src_ips.iter().all(|ip| {
                let place = places.place(*ip);
                place.network.is_some_and(|it| it.word() == name)
                    || place.asn.is_some_and(|it| format!("AS{it}") == *name)
            })
        };
        self.account
            .as_ref()
            .is_none_or(|account| names.into_iter().any(|it| it.eq_ignore_ascii_case(account)))
            && self.source.as_ref().is_none_or(is_in)
            && self.network.as_ref().is_none_or(has_network)
            && self.service.is_none_or(|it| signal.services.contains(&it))
            && self.detector.as_ref().is_none_or(|it| it == signal.detector)
            && self.until().is_none_or(|it| signal.time < it)
    }
}
