//! Duo: the second factor of the gateways.

use super::{Answer, Caller, guid, id};
use crate::{
    journal::{Channel, Journal},
    moment::Moment,
};

/// A prompt on the telephone of the caller; a gateway tells nothing of the computer that asks.
pub(crate) fn push(journal: &mut Journal, at: Moment, caller: &Caller<'_>, answer: Answer) {
    let (reason, result) = match answer {
        Answer::Approved => ("user_approved", "success"),
        Answer::Denied => ("user_cancelled", "denied"),
        Answer::Nothing => ("no_response", "denied"),
    };
    authentication(journal, at, caller, ("duo_push", reason, result));
}

/// A one-time password, right or replayed.
pub(crate) fn passcode(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    authentication(journal, at, caller, ("passcode", "valid_passcode", "success"));
}

fn authentication(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    what: (&str, &str, &str),
) {
    let (Caller { user, ip, .. }, (factor, reason, result)) = (caller, what);
    let key = id(user, 18).to_uppercase();
    let text = format!(
        "{{\"access_device\":{{\"browser\":null,\"browser_version\":null,\"hostname\":null,\"ip\":\"{ip}\",\"os\":null}},\"application\":{{\"key\":\"DIVPN00000000000001\",\"name\":\"VPN\"}},\"auth_device\":{{\"ip\":null,\"key\":\"DP{key}\",\"name\":\"telephone\"}},\"email\":\"{}\",\"event_type\":\"authentication\",\"factor\":\"{factor}\",\"isotimestamp\":\"{}\",\"reason\":\"{reason}\",\"result\":\"{result}\",\"timestamp\":{},\"txid\":\"{}\",\"user\":{{\"groups\":[\"vpn\"],\"key\":\"DU{key}\",\"name\":\"{user}\"}}}}",
        caller.mail(),
        at.python(),
        at.seconds(),
        guid(&format!("{user}{}", at.0)),
    );
    journal.state(Channel::Duo, at, &text, caller.says("idp"));
}

/// A new telephone is set up.
pub(crate) fn enrolled(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    let Caller { user, ip, .. } = caller;
    let key = id(user, 18).to_uppercase();
    let text = format!(
        "{{\"access_device\":{{\"browser\":null,\"browser_version\":null,\"hostname\":null,\"ip\":\"{ip}\",\"os\":null}},\"application\":{{\"key\":\"DIVPN00000000000001\",\"name\":\"VPN\"}},\"auth_device\":{{\"ip\":null,\"key\":\"DP{key}\",\"name\":\"new telephone\"}},\"email\":\"{}\",\"event_type\":\"enrollment\",\"factor\":\"duo_push\",\"isotimestamp\":\"{}\",\"reason\":null,\"result\":\"success\",\"timestamp\":{},\"txid\":\"{}\",\"user\":{{\"groups\":[\"vpn\"],\"key\":\"DU{key}\",\"name\":\"{user}\"}}}}",
        caller.mail(),
        at.python(),
        at.seconds(),
        guid(&format!("e{user}{}", at.0)),
    );
    journal.state(Channel::Duo, at, &text, caller.says("idp"));
}
