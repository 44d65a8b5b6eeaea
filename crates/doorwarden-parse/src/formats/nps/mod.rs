//! Microsoft NPS (IAS) and RRAS: the accounting files, and RRAS's messages.

mod accounting;
mod forms;
pub(super) mod reasons;
pub(super) mod rras;

use compact_str::CompactString;

use crate::{Ctx, Format, Parsed, Recent, Record, Reject};

/// # Microsoft NPS and RRAS
///
/// **Products.** Network Policy Server of Windows Server 2008 to 2025, its predecessor IAS, and Routing and Remote
/// Access (RRAS), the server of Always On VPN, where it does its own accounting.
///
/// **Where.** `C:\Windows\System32\LogFiles\IN*.log`, in all three formats: *DTS Compliant* (XML, one element a line),
/// *ODBC (Legacy)* (comma-separated columns) and *IAS (Legacy)* (comma-separated pairs of number and value). Switch it
/// on in *Network Policy Server > Accounting > Log File Properties*, with authentication requests and accounting
/// requests. RRAS's messages (`CoId={...}: The user ...`) as a forwarder sends them as text. The events of the Security
/// log (6272 to 6280) are read by the format of Windows events.
///
/// **Read.** Requests (a sign-in without outcome), accepts and rejects with their reason, challenges for a second
/// factor, accounting's start, stop and interim records. An answer states neither name nor address in most versions:
/// both come from its request, which has the same `Class`. Records of the service `RAS` are sign-ins to the VPN, those
/// of `IAS` are RADIUS on behalf of some door. The zone is not stated.
///
/// **Ignored.** Accounting-On and -Off, answers to accounting, challenges within EAP.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct Nps;

/// Its id.
const ID: &str = "nps";

/// Who asked, by the `Class` of the request.
type Requests = Recent<CompactString, Request>;

/// What an answer does not repeat.
#[derive(Debug, Clone)]
struct Request {
    user: CompactString,
    caller: CompactString,
}

impl Format for Nps {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        record.is_text() && (forms::form(record.message).is_some() || rras::claims(record))
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        let Some(form) = forms::form(record.message) else { return rras::read(record, ctx) };
        let packet = forms::read(form, record.message, ctx);
        accounting::report(&packet, record, ctx)
    }
}
