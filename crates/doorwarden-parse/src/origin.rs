//! Where a record says that the person came from.

use doorwarden_model::Event;

use crate::record::address;

/// Puts down the source of `event`: an address where `text` is one, else a name; `UNKNOWN` and the like are neither.
#[inline]
pub(crate) fn set_source<'r>(event: &mut Event<'r>, text: &'r str) {
    event.src_ip = address(text);
    if event.src_ip.is_none() {
        let is_stated = !matches!(text, "" | "UNKNOWN" | "unknown" | "?" | "(null)" | "-");
        event.src_host = Some(text).filter(|_| is_stated);
    }
}
