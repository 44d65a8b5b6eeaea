//! FreeRADIUS: its server log and its detail files.

mod detail;
mod escapes;
mod log;

use crate::{Ctx, Format, Parsed, Record, Reject};

/// # FreeRADIUS
///
/// **Products.** FreeRADIUS 1.1 to 3.2, and the detail files of Cistron and GNU Radius.
///
/// **Where.** `radius.log` (`/var/log/freeradius/radius.log`, `/var/log/radius/radius.log`) or syslog of `radiusd` and
/// `freeradius`: switch it on with `auth = yes` in the section `log` of `radiusd.conf`, and leave `auth_goodpass` and
/// `auth_badpass` at `no`, else passwords stand in the log. Detail files (`radacct/<client>/detail-*`,
/// `auth-detail-*`, `reply-detail-*`), which the modules `detail` and `auth_log` write.
///
/// **Read.** Accepted and refused sign-ins; accounting's start, stop and interim records; Access-Request, -Accept and
/// -Reject of detail files; requests of unknown clients. `host` is the access server that asked (the client's name,
/// NAS-Identifier or address), `src_ip` the Calling-Station-Id where it is an address, else `device` has it.
/// Detail records state the time with their zone where they hold `Timestamp`.
///
/// **Ignored.** Start and stop of the server, modules' messages, EAP challenges, Accounting-On and -Off.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct FreeRadius;

/// Its id.
const ID: &str = "freeradius";

/// What is remembered of a source.
#[derive(Debug, Default)]
struct Memory {
    /// Whether an accepted name was seen that no password follows.
    is_accepted_name_bare: bool,
    /// The same of a refused name.
    is_refused_name_bare: bool,
    /// The detail record that is being read.
    open: Option<detail::Open>,
}

impl Format for FreeRadius {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (log::claims(record) || detail::claims(record))
    }

    fn reads_blocks(&self) -> bool {
        true
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        if detail::claims(record) { detail::read(record, ctx) } else { log::read(record, ctx) }
    }
}
