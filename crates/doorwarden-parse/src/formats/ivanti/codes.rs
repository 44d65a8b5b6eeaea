//! What an entry states by its message id, for those whose text tells nothing by itself.
//!
//! The ids and their names are the gateway's own message table; ids whose text is read stand in `meaning`.

use doorwarden_model::{Activity, Event, Outcome, Reason};

use crate::formats::ivanti::entry::Entry;

/// Id, kind of act, outcome, why it was refused; sorted by id.
type Row = (&'static str, Activity, Option<Outcome>, Option<Reason>);

const OK: Option<Outcome> = Some(Outcome::Success);
const NO: Option<Outcome> = Some(Outcome::Failure);

static ROWS: &[Row] = &[
    ("ADM22814", Activity::Logon, NO, Some(Reason::Policy)),
    ("ADM22816", Activity::Logon, NO, Some(Reason::Other)),
    ("ADM22894", Activity::Session, NO, Some(Reason::Policy)),
    ("ADM23451", Activity::Account, None, None),
    ("ADM23452", Activity::Logon, OK, None),
    ("ADM23453", Activity::Logon, NO, Some(Reason::Other)),
    ("ADM24637", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("ADM24780", Activity::Logon, NO, Some(Reason::Other)),
    ("ADM31274", Activity::Logon, OK, None),
    ("ADM31275", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("ADM31276", Activity::Logoff, None, None),
    ("ADM31403", Activity::Account, OK, None),
    ("ADM31404", Activity::Account, OK, None),
    ("ADM31779", Activity::Account, OK, None),
    ("ADM31896", Activity::Logon, None, None),
    ("ADM31897", Activity::Session, OK, None),
    ("ADM31931", Activity::Logoff, None, None),
    ("ADM32202", Activity::Logoff, None, None),
    ("AUT20111", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT20912", Activity::Logoff, None, None),
    ("AUT20913", Activity::Session, NO, Some(Reason::Other)),
    ("AUT20918", Activity::Session, NO, Some(Reason::Policy)),
    ("AUT21051", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT21052", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT21054", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("AUT21055", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT21057", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT21058", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT21060", Activity::Logon, NO, Some(Reason::Other)),
    ("AUT21062", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("AUT21063", Activity::Logon, NO, Some(Reason::UnknownUser)),
    ("AUT21068", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22675", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22679", Activity::Logon, NO, Some(Reason::Certificate)),
    ("AUT22680", Activity::Logon, NO, Some(Reason::Certificate)),
    ("AUT22726", Activity::Logon, OK, None),
    ("AUT22727", Activity::Logon, NO, Some(Reason::Other)),
    ("AUT22739", Activity::Account, NO, Some(Reason::Other)),
    ("AUT22755", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22756", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22757", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22763", Activity::Logon, NO, Some(Reason::Disabled)),
    ("AUT22764", Activity::Logon, NO, Some(Reason::Locked)),
    ("AUT22765", Activity::Logon, NO, Some(Reason::Expired)),
    ("AUT22794", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT22952", Activity::Logon, NO, Some(Reason::Certificate)),
    ("AUT22962", Activity::Account, OK, None),
    ("AUT22963", Activity::Account, NO, Some(Reason::Other)),
    ("AUT23112", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT23113", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT23114", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT23156", Activity::Logon, NO, Some(Reason::Certificate)),
    ("AUT23167", Activity::Logon, NO, Some(Reason::Certificate)),
    ("AUT23181", Activity::Logoff, None, None),
    ("AUT23355", Activity::Logon, NO, Some(Reason::Disabled)),
    ("AUT23356", Activity::Logon, NO, Some(Reason::Locked)),
    ("AUT23357", Activity::Logon, NO, Some(Reason::Expired)),
    ("AUT23456", Activity::Logon, NO, Some(Reason::Other)),
    ("AUT23461", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT23523", Activity::Logoff, None, None),
    ("AUT24416", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT24554", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("AUT24563", Activity::Other, NO, Some(Reason::Policy)),
    ("AUT24564", Activity::Other, NO, Some(Reason::Policy)),
    ("AUT24751", Activity::Session, OK, None),
    ("AUT24752", Activity::Session, OK, None),
    ("AUT30505", Activity::Session, OK, None),
    ("AUT30704", Activity::Account, OK, None),
    ("AUT30705", Activity::Account, OK, None),
    ("AUT30835", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("AUT30836", Activity::Logon, NO, Some(Reason::UnknownUser)),
    ("AUT30899", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT30910", Activity::Account, OK, None),
    ("AUT30911", Activity::Account, NO, Some(Reason::Other)),
    ("AUT30924", Activity::Logon, NO, Some(Reason::UnknownUser)),
    ("AUT31039", Activity::Logoff, None, None),
    ("AUT31278", Activity::Session, OK, None),
    ("AUT31498", Activity::Session, OK, None),
    ("AUT31651", Activity::Account, OK, None),
    ("AUT31666", Activity::Other, None, None),
    ("AUT31683", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT31806", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT31813", Activity::Logon, None, None),
    ("AUT31817", Activity::Session, OK, None),
    ("AUT31829", Activity::Logoff, None, None),
    ("AUT31830", Activity::Logoff, None, None),
    ("AUT31845", Activity::Account, OK, None),
    ("AUT31860", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT31951", Activity::Logoff, None, None),
    ("AUT31985", Activity::Logon, NO, Some(Reason::Other)),
    ("AUT32028", Activity::Logon, NO, Some(Reason::BadPassword)),
    ("AUT32029", Activity::Account, None, Some(Reason::Locked)),
    ("AUT32030", Activity::Account, OK, None),
    ("AUT32032", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32033", Activity::Session, OK, None),
    ("AUT32082", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32133", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32144", Activity::Logon, NO, Some(Reason::Other)),
    ("AUT32145", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32152", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32207", Activity::Logon, NO, Some(Reason::Policy)),
    ("AUT32214", Activity::Session, OK, None),
    ("AUT32249", Activity::Logon, NO, Some(Reason::Expired)),
    ("COA24753", Activity::Logoff, None, None),
    ("EAM24460", Activity::Session, None, None),
    ("EAM24805", Activity::Logon, OK, None),
    ("EAM24806", Activity::Logon, NO, Some(Reason::Other)),
    ("EAM30444", Activity::Logoff, None, None),
    ("EAM30446", Activity::Session, OK, None),
    ("EAM30447", Activity::Session, NO, Some(Reason::Other)),
    ("ERR31453", Activity::Logon, NO, Some(Reason::Certificate)),
    ("NWC20754", Activity::Session, NO, Some(Reason::Other)),
    ("NWC23466", Activity::Session, NO, Some(Reason::Other)),
    ("NWC30707", Activity::Logon, NO, Some(Reason::Policy)),
    ("NWC30708", Activity::Logon, NO, Some(Reason::Certificate)),
    ("NWC30710", Activity::Logon, NO, Some(Reason::Other)),
    ("NWC31000", Activity::Session, NO, Some(Reason::Other)),
    ("NWC32178", Activity::Other, NO, Some(Reason::Protocol)),
    ("NWC32180", Activity::Session, NO, Some(Reason::Other)),
    ("SML31326", Activity::Logon, NO, Some(Reason::Other)),
    ("SYS31890", Activity::Account, OK, None),
    ("SYS31891", Activity::Account, OK, None),
    ("SYS32026", Activity::Other, NO, Some(Reason::Policy)),
    ("USR22898", Activity::Account, OK, None),
    ("USR24630", Activity::Account, NO, Some(Reason::Other)),
    ("USR31400", Activity::Account, OK, None),
    ("USR31401", Activity::Account, None, Some(Reason::Locked)),
    ("USR31402", Activity::Account, OK, None),
    ("USR31423", Activity::Account, OK, None),
];

/// Ids of administrators' acts that change nothing: diagnosis, status, session starts.
static NO_CHANGE: &[&str] = &[
    "ADM20462", "ADM20463", "ADM20464", "ADM20465", "ADM20928", "ADM20929", "ADM24405", "ADM30411",
    "ADM30412", "ADM31101", "ADM31153", "ADM31154", "ADM31578", "ADM31898", "ADM31899",
];

/// Fills `event` from the id of `entry`; whether the id states anything.
pub(super) fn describe<'r>(entry: &Entry<'r>, event: &mut Event<'r>) -> bool {
    let Some(code) = entry.code else { return false };
    if let Ok(at) = ROWS.binary_search_by_key(&code, |it| it.0)
        && let Some((_, activity, outcome, reason)) = ROWS.get(at)
    {
        (event.activity, event.outcome, event.reason) = (*activity, *outcome, *reason);
        if *activity == Activity::Account {
            event.detail = Some(entry.message);
        }
        return true;
    }
    if code.starts_with("ADM") && !NO_CHANGE.contains(&code) {
        event.activity = Activity::Change;
        event.detail = Some(entry.message);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted() {
        assert!(ROWS.is_sorted_by_key(|it| it.0));
    }
}
