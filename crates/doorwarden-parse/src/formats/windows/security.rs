//! The Security log.

use doorwarden_model::{
    Activity::{Account, Change, Logoff, Logon, Other, Session},
    Outcome::{Failure, Success},
    Service::{Radius, Rdp, Windows},
};

use super::{
    Log, security_fields as fields,
    table::{self, Row},
};
use crate::{Ctx, Format, Parsed, Record, Reject};

/// # Windows Security log
///
/// Windows 7 and Server 2008 R2 or newer: logons and logoffs, Kerberos and NTLM checks of a domain controller, changes
/// of accounts and groups, cleared logs, and the decisions of a Network Policy Server.
///
/// Where: `C:\Windows\System32\winevt\Logs\Security.evtx`, an XML export of it (Event Viewer, `wevtutil qe /f:xml`), a
/// collector's file (`ForwardedEvents.evtx`), or what Winlogbeat, Elastic Agent, NXLog, Wazuh, Splunk, Snare, Fluent Bit,
/// `OpenTelemetry`, `WinCollect`, `ArcSight` (CEF), `Get-WinEvent | ConvertTo-Json` and others make of its events. Switch
/// on "Audit Logon", "Audit Account Lockout", "Audit Other Logon/Logoff Events", "Audit Network Policy Server", and on
/// domain controllers "Audit Kerberos Authentication Service" and "Audit Credential Validation" (Advanced Audit Policy),
/// success and failure.
///
/// | event | read as |
/// |---|---|
/// | 4624, 4625, 4648 | logon; type 10 is Remote Desktop, `sshd.exe` is SSH, all others are `windows` with their logon type |
/// | 4634, 4647 | logoff |
/// | 4768 to 4771, 4776, 4820 to 4824 | logon, as the domain controller sees it |
/// | 4778, 4779, 4825 | Remote Desktop session resumed, disconnected, denied |
/// | 4800, 4801 | session locked, unlocked |
/// | 4672, 4964 | other: rights of a logon that another event states |
/// | 4720 to 4726, 4738, 4740, 4741, 4743, 4767, 4781 | account created, changed, locked, unlocked, renamed |
/// | 4727 to 4735, 4737, 4754 to 4758 | membership of a group, group created, changed, deleted |
/// | 1102, 104, 4719, 4739 | change: log cleared, audit policy, domain policy |
/// | 6272 to 6274, 6276 to 6280 | RADIUS decision of a Network Policy Server, account locked or unlocked by it |
///
/// `user` is the account that signs in, or that an account event is about; who did it is `actor`. Ignored: processes,
/// files, services, privileges and everything else that is no sign-in.
#[derive(Debug, schemars::JsonSchema)]
pub(crate) struct WindowsSecurity;

/// Its id.
const ID: &str = "windows-security";

/// The event ids that are read.
pub(super) const ROWS: &[Row] = &[
    Row::new("104", Windows, Change, Some(Success), fields::log_cleared),
    Row::new("1102", Windows, Change, Some(Success), fields::log_cleared),
    Row::new("4624", Windows, Logon, Some(Success), fields::logon),
    Row::new("4625", Windows, Logon, Some(Failure), fields::logon_failed),
    Row::new("4634", Windows, Logoff, Some(Success), fields::logoff),
    Row::new("4647", Windows, Logoff, Some(Success), fields::logoff),
    Row::new("4648", Windows, Logon, None, fields::explicit_logon),
    Row::new("4672", Windows, Other, None, fields::special_logon),
    Row::new("4719", Windows, Change, Some(Success), fields::policy_changed),
    Row::new("4720", Windows, Account, Some(Success), fields::account),
    Row::new("4722", Windows, Account, Some(Success), fields::account),
    Row::new("4723", Windows, Account, None, fields::account),
    Row::new("4724", Windows, Account, None, fields::account),
    Row::new("4725", Windows, Account, Some(Success), fields::account),
    Row::new("4726", Windows, Account, Some(Success), fields::account),
    Row::new("4727", Windows, Account, Some(Success), fields::group),
    Row::new("4728", Windows, Account, Some(Success), fields::member),
    Row::new("4729", Windows, Account, Some(Success), fields::member),
    Row::new("4730", Windows, Account, Some(Success), fields::group),
    Row::new("4731", Windows, Account, Some(Success), fields::group),
    Row::new("4732", Windows, Account, Some(Success), fields::member),
    Row::new("4733", Windows, Account, Some(Success), fields::member),
    Row::new("4734", Windows, Account, Some(Success), fields::group),
    Row::new("4735", Windows, Account, Some(Success), fields::group),
    Row::new("4737", Windows, Account, Some(Success), fields::group),
    Row::new("4738", Windows, Account, Some(Success), fields::account),
    Row::new("4739", Windows, Change, Some(Success), fields::policy_changed),
    Row::new("4740", Windows, Account, Some(Success), fields::locked_out),
    Row::new("4741", Windows, Account, Some(Success), fields::account),
    Row::new("4743", Windows, Account, Some(Success), fields::account),
    Row::new("4754", Windows, Account, Some(Success), fields::group),
    Row::new("4755", Windows, Account, Some(Success), fields::group),
    Row::new("4756", Windows, Account, Some(Success), fields::member),
    Row::new("4757", Windows, Account, Some(Success), fields::member),
    Row::new("4758", Windows, Account, Some(Success), fields::group),
    Row::new("4767", Windows, Account, Some(Success), fields::account),
    Row::new("4768", Windows, Logon, None, fields::kerberos),
    Row::new("4769", Windows, Logon, None, fields::kerberos),
    Row::new("4770", Windows, Logon, Some(Success), fields::kerberos),
    Row::new("4771", Windows, Logon, Some(Failure), fields::kerberos),
    Row::new("4776", Windows, Logon, None, fields::ntlm),
    Row::new("4778", Rdp, Session, Some(Success), fields::window_station),
    Row::new("4779", Rdp, Logoff, Some(Success), fields::window_station),
    Row::new("4781", Windows, Account, Some(Success), fields::renamed),
    Row::new("4800", Windows, Session, Some(Success), fields::workstation),
    Row::new("4801", Windows, Session, Some(Success), fields::workstation),
    Row::new("4820", Windows, Logon, Some(Failure), fields::silo),
    Row::new("4821", Windows, Logon, Some(Failure), fields::silo),
    Row::new("4822", Windows, Logon, Some(Failure), fields::silo),
    Row::new("4823", Windows, Logon, Some(Failure), fields::silo),
    Row::new("4824", Windows, Logon, Some(Failure), fields::silo),
    Row::new("4825", Rdp, Logon, Some(Failure), fields::denied),
    Row::new("4964", Windows, Other, None, fields::special_group_logon),
    Row::new("6272", Radius, Logon, Some(Success), fields::nps),
    Row::new("6273", Radius, Logon, Some(Failure), fields::nps),
    Row::new("6274", Radius, Logon, Some(Failure), fields::nps),
    Row::new("6276", Radius, Logon, Some(Success), fields::nps),
    Row::new("6277", Radius, Logon, Some(Success), fields::nps),
    Row::new("6278", Radius, Logon, Some(Success), fields::nps),
    Row::new("6279", Radius, Account, Some(Success), fields::nps_locked),
    Row::new("6280", Radius, Account, Some(Success), fields::nps_locked),
];
const _: () = assert!(table::is_sorted(ROWS));

impl Format for WindowsSecurity {
    fn id(&self) -> &'static str {
        ID
    }

    fn claims(&self, record: &Record<'_>) -> bool {
        table::claims(record, Log::Security)
    }

    fn parse<'r>(&self, record: &Record<'r>, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
        table::parse(ID, ROWS, record, ctx)
    }
}
