//! What the tables of event ids are made of, and how a format reads an event by its row.

use doorwarden_model::{Activity, Event, Outcome, Service};

use super::{Log, When, WinEvent, adapt};
use crate::{Ctx, Parsed, Record, Reject};

/// Fills what the event's data state into the event; `false` where they state nothing.
pub(super) type Fill = for<'r> fn(&WinEvent<'r>, &mut Event<'r>, &Ctx<'r, '_>) -> bool;

/// One event id: what it states whatever its data are, and who reads those.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) id: u32,
    code: &'static str,
    service: Service,
    activity: Activity,
    outcome: Option<Outcome>,
    fill: Fill,
}

impl Row {
    /// A row for the event id written as `code`.
    pub(super) const fn new(
        code: &'static str,
        service: Service,
        activity: Activity,
        outcome: Option<Outcome>,
        fill: Fill,
    ) -> Self {
        let mut rest = code.as_bytes();
        let mut id = 0;
        while let [digit, after @ ..] = rest {
            id = id * 10 + (*digit - b'0') as u32;
            rest = after;
        }
        Self { id, code, service, activity, outcome, fill }
    }
}

/// Whether the ids rise, as [`find`] needs it; asked when the program is built.
pub(super) const fn is_sorted(rows: &[Row]) -> bool {
    let mut rest = rows;
    while let [first, after @ ..] = rest {
        if let [second, ..] = after
            && second.id <= first.id
        {
            return false;
        }
        rest = after;
    }
    true
}

/// The row of an event id.
pub(super) fn find(rows: &'static [Row], event_id: u32) -> Option<&'static Row> {
    rows.binary_search_by_key(&event_id, |it| it.id).ok().and_then(|it| rows.get(it))
}

/// Whether `record` is an event of `log`.
pub(super) fn claims(record: &Record<'_>, log: Log) -> bool {
    record.windows().is_some_and(|it| it.log == log)
}

/// The Windows event in `record`, also where the user forced a format on text or JSON.
pub(super) fn event_of<'r>(
    record: &Record<'r>,
    ctx: &Ctx<'r, '_>,
) -> Result<&'r WinEvent<'r>, Reject> {
    adapt(record, ctx.arena).ok_or(Reject::Shape)
}

/// An event of format `id` at the time and on the computer that `win` states.
pub(crate) fn start<'r>(
    id: &'static str,
    service: Service,
    activity: Activity,
    win: &WinEvent<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Event<'r>, Reject> {
    let mut event = match win.when {
        Some(When::Millis(millis)) => Ctx::event_at_millis(id, service, activity, millis)?,
        Some(When::Stamp(stamp)) => ctx.event_at(id, service, activity, stamp),
        None => return Err(Reject::Timestamp(String::new())),
    };
    event.host = win.computer;
    Ok(event)
}

/// Reads `record` by its row in `rows`.
pub(super) fn parse<'r>(
    id: &'static str,
    rows: &'static [Row],
    record: &Record<'r>,
    ctx: &mut Ctx<'r, '_>,
) -> Result<Parsed, Reject> {
    let win = event_of(record, ctx)?;
    let Some(row) = find(rows, win.event_id) else { return Ok(Parsed::Ignored) };
    let mut event = start(id, row.service, row.activity, win, ctx)
        .map_err(|_| Reject::Timestamp(record.text.chars().take(32).collect()))?;
    event.outcome = row.outcome;
    event.code = Some(row.code);
    if !(row.fill)(win, &mut event, ctx) {
        return Ok(Parsed::Ignored);
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}
