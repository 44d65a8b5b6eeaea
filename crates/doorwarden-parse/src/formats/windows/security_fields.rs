//! What the data of Security events state, by groups of events that share their fields.

use doorwarden_model::{Activity, Event, Outcome, Reason, Service};

use super::{WinEvent, codes};
use crate::{Ctx, names::split_domain, record::address};

/// The account in the fields `name` and `domain`.
fn user<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, name: &str, domain: &str) {
    (event.user, event.domain) = win.get(name).map_or((None, None), split_domain);
    event.domain = win.get(domain).or(event.domain);
}

/// The account that a logon is about.
fn target<'r>(win: &WinEvent<'r>, event: &mut Event<'r>) {
    user(win, event, "TargetUserName", "TargetDomainName");
}

/// Who did it, where that is another account.
fn actor<'r>(win: &WinEvent<'r>, event: &mut Event<'r>) {
    event.actor = win.get("SubjectUserName").filter(|it| Some(*it) != event.user);
}

/// Where it came from.
fn source<'r>(win: &WinEvent<'r>, event: &mut Event<'r>) {
    event.src_ip = win.get("IpAddress").or_else(|| win.get("ClientAddress")).and_then(address);
    event.src_port = win.get("IpPort").and_then(|it| it.parse().ok()).filter(|it| *it != 0);
}

/// A computer's name without the backslashes before it.
fn computer<'r>(win: &WinEvent<'r>, name: &str) -> Option<&'r str> {
    win.get(name).map(|it| it.trim_start_matches('\\')).filter(|it| !it.is_empty())
}

/// 4624.
pub(super) fn logon<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    source(win, event);
    event.session = win.get("TargetLogonId");
    event.device = computer(win, "WorkstationName");
    event.method = method(win);
    event.logon_type = win.get("LogonType").and_then(|it| it.parse().ok());
    event.service = service(win, event.logon_type);
    event.user.is_some()
}

/// 4625.
pub(super) fn logon_failed<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    ctx: &Ctx<'r, '_>,
) -> bool {
    logon(win, event, ctx);
    event.session = None;
    let stated = |name| win.get(name).and_then(codes::nt_status);
    let reason = stated("SubStatus").or_else(|| stated("Status"));
    let reason = reason.or_else(|| win.get("FailureReason").and_then(codes::failure_reason));
    event.reason = Some(reason.unwrap_or(Reason::Other));
    true
}

/// The door of a logon: what its type and the program that asked for it tell.
fn service(win: &WinEvent<'_>, logon_type: Option<u8>) -> Service {
    let program = win.get("ProcessName").unwrap_or_default();
    let name = program.rsplit('\\').next().unwrap_or(program);
    match logon_type {
        // Remote interactive, and the same with cached credentials.
        Some(10 | 12) => Service::Rdp,
        _ if name.eq_ignore_ascii_case("sshd.exe") => Service::Ssh,
        _ => Service::Windows,
    }
}

/// How the account proved itself.
fn method(win: &WinEvent<'_>) -> Option<&'static str> {
    let package = win.get("AuthenticationPackageName")?;
    let has_ntlm = win.get("LmPackageName").is_some_and(|it| it.starts_with("NTLM"));
    let is_kerberos = win.get("LogonProcessName").is_some_and(|it| it == "Kerberos");
    match package {
        "Kerberos" => Some("kerberos"),
        "NTLM" | "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0" => Some("ntlm"),
        "Negotiate" if has_ntlm => Some("ntlm"),
        "Negotiate" if is_kerberos => Some("kerberos"),
        _ => None,
    }
}

/// 4634 and 4647.
pub(super) fn logoff<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    event.session = win.get("TargetLogonId");
    if event.user.is_none() {
        // Rendered text calls the account that left "Subject".
        user(win, event, "SubjectUserName", "SubjectDomainName");
        event.session = win.get("SubjectLogonId");
    }
    event.logon_type = win.get("LogonType").and_then(|it| it.parse().ok());
    event.service = service(win, event.logon_type);
    event.user.is_some()
}

/// 4648: an account used the name and password of another one, here or on another computer.
pub(super) fn explicit_logon<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    _: &Ctx<'r, '_>,
) -> bool {
    target(win, event);
    actor(win, event);
    source(win, event);
    event.session = win.get("SubjectLogonId");
    event.target =
        computer(win, "TargetServerName").filter(|it| !it.eq_ignore_ascii_case("localhost"));
    event.service = service(win, None);
    event.user.is_some()
}

/// 4672.
pub(super) fn special_logon<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    _: &Ctx<'r, '_>,
) -> bool {
    user(win, event, "SubjectUserName", "SubjectDomainName");
    event.session = win.get("SubjectLogonId");
    event.detail = Some("special privileges");
    event.user.is_some()
}

/// 4964.
pub(super) fn special_group_logon<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    _: &Ctx<'r, '_>,
) -> bool {
    target(win, event);
    event.session = win.get("TargetLogonId");
    event.detail = Some("special groups");
    event.user.is_some()
}

/// 4768 to 4771.
pub(super) fn kerberos<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    source(win, event);
    event.method = Some("kerberos");
    // The tickets for tickets themselves are for no service.
    event.target = win.get("ServiceName").filter(|_| matches!(win.event_id, 4769 | 4770));
    event.certificate = win.get("CertThumbprint");
    if event.certificate.is_some() {
        event.method = Some("certificate");
    }
    let status = win.get("Status");
    event.outcome = event.outcome.or_else(|| status.map(codes::outcome));
    if event.outcome == Some(Outcome::Failure) {
        event.reason = Some(status.map_or(Reason::Other, codes::kerberos));
    }
    event.user.is_some()
}

/// 4776.
pub(super) fn ntlm<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    event.method = Some("ntlm");
    event.device = computer(win, "Workstation");
    let status = win.get("Status");
    event.outcome = status.map(codes::outcome);
    if event.outcome == Some(Outcome::Failure) {
        event.reason = Some(status.and_then(codes::nt_status).unwrap_or(Reason::Other));
    }
    event.user.is_some()
}

/// 4820 to 4824: an authentication policy or silo forbids it.
pub(super) fn silo<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    if event.user.is_none() {
        user(win, event, "AccountName", "AccountDomain");
    }
    source(win, event);
    event.device = computer(win, "DeviceName");
    event.reason = Some(Reason::Policy);
    event.user.is_some()
}

/// 4778 and 4779: a session was connected to a window station, or disconnected from it.
pub(super) fn window_station<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    _: &Ctx<'r, '_>,
) -> bool {
    user(win, event, "AccountName", "AccountDomain");
    if event.user.is_none() {
        user(win, event, "SubjectUserName", "SubjectDomainName");
    }
    source(win, event);
    event.session = win.get("LogonID").or_else(|| win.get("SubjectLogonId"));
    event.device = win.get("ClientName").filter(|it| *it != "Unknown" && *it != "LOCAL");
    event.service = match win.get("SessionName") {
        Some(name) if starts_with(name, "ica") => Service::Citrix,
        Some(name) if starts_with(name, "console") && event.src_ip.is_none() => Service::Local,
        _ => Service::Rdp,
    };
    if event.activity == Activity::Logoff {
        event.detail = Some("disconnected");
    }
    event.user.is_some()
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|it| it.eq_ignore_ascii_case(prefix))
}

/// 4800 and 4801.
pub(super) fn workstation<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    event.session = win.get("TargetLogonId");
    if event.user.is_none() {
        user(win, event, "SubjectUserName", "SubjectDomainName");
        event.session = win.get("SubjectLogonId");
    }
    event.detail = Some(if win.event_id == 4800 { "locked" } else { "unlocked" });
    event.user.is_some()
}

/// 4825: the name and password were right, but the account may not use Remote Desktop.
pub(super) fn denied<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    user(win, event, "AccountName", "AccountDomain");
    if event.user.is_none() {
        user(win, event, "SubjectUserName", "SubjectDomainName");
    }
    source(win, event);
    event.reason = Some(Reason::Policy);
    event.user.is_some()
}

/// An account was created, deleted, enabled, changed, unlocked, or its password was set.
pub(super) fn account<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    target(win, event);
    actor(win, event);
    event.detail = match win.event_id {
        4720 | 4741 => Some("created"),
        4722 => Some("enabled"),
        4723 => Some("password change attempted"),
        4724 => Some("password reset attempted"),
        4725 => Some("disabled"),
        4726 | 4743 => Some("deleted"),
        4738 => Some("changed"),
        4767 => Some("unlocked"),
        _ => None,
    };
    event.user.is_some()
}

/// 4740: `TargetDomainName` is the computer that the wrong passwords came from.
pub(super) fn locked_out<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    user(win, event, "TargetUserName", "SubjectDomainName");
    actor(win, event);
    event.device =
        computer(win, "TargetDomainName").or_else(|| computer(win, "CallerComputerName"));
    event.detail = Some("locked");
    event.user.is_some()
}

/// 4781.
pub(super) fn renamed<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    user(win, event, "OldTargetUserName", "TargetDomainName");
    actor(win, event);
    event.detail = win.get("NewTargetUserName").map(|it| ctx.keep(&["renamed to ", it].concat()));
    event.user.is_some()
}

/// An account was put into a group, or taken out of it.
pub(super) fn member<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    event.user = win.get("MemberName").and_then(common_name).or_else(|| win.get("MemberSid"));
    let group = win.get("TargetUserName").or_else(|| win.get("GroupName"));
    event.actor = win.get("SubjectUserName");
    let what = match win.event_id {
        4728 | 4732 | 4756 => "added to ",
        _ => "removed from ",
    };
    event.detail = group.map(|it| ctx.keep(&[what, it].concat()));
    event.user.is_some() || event.detail.is_some()
}

/// `ana` of `CN=ana,OU=Staff,DC=corp,DC=example`; commas inside the name are escaped.
fn common_name(name: &str) -> Option<&str> {
    let Some(rest) = name.strip_prefix("CN=").or_else(|| name.strip_prefix("cn=")) else {
        return split_domain(name).0;
    };
    let is_end = |(at, _): &(usize, &str)| !rest.get(..*at).unwrap_or_default().ends_with('\\');
    let end = rest.match_indices(',').find(is_end).map_or(rest.len(), |it| it.0);
    rest.get(..end).filter(|it| !it.is_empty())
}

/// A group was created, changed or deleted.
pub(super) fn group<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) -> bool {
    let group = win.get("TargetUserName").or_else(|| win.get("GroupName"));
    let what = match win.event_id {
        4727 | 4731 | 4754 => "group created: ",
        4730 | 4734 | 4758 => "group deleted: ",
        _ => "group changed: ",
    };
    event.detail = group.map(|it| ctx.keep(&[what, it].concat()));
    event.domain = win.get("TargetDomainName");
    event.actor = win.get("SubjectUserName");
    event.detail.is_some()
}

/// 1102 and 104.
pub(super) fn log_cleared<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    ctx: &Ctx<'r, '_>,
) -> bool {
    user(win, event, "SubjectUserName", "SubjectDomainName");
    event.session = win.get("SubjectLogonId");
    let log = win.get("Channel").unwrap_or("Security");
    event.detail = Some(ctx.keep(&["log cleared: ", log].concat()));
    true
}

/// 4719 and 4739.
pub(super) fn policy_changed<'r>(
    win: &WinEvent<'r>,
    event: &mut Event<'r>,
    _: &Ctx<'r, '_>,
) -> bool {
    user(win, event, "SubjectUserName", "SubjectDomainName");
    event.session = win.get("SubjectLogonId");
    event.detail =
        Some(if win.event_id == 4719 { "audit policy changed" } else { "domain policy changed" });
    true
}

/// 6272 to 6278.
pub(super) fn nps<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    user(win, event, "SubjectUserName", "SubjectDomainName");
    if event.user.is_none() {
        let full = win.get("FullyQualifiedSubjectUserName");
        let name = full.and_then(|it| it.rsplit('/').next()).filter(|it| *it != "-");
        (event.user, _) = name.map_or((None, None), split_domain);
    }
    let calling = win.get("CallingStationID");
    event.src_ip = calling.and_then(address);
    event.device = calling.filter(|_| event.src_ip.is_none());
    event.target = win.get("NASIdentifier").or_else(|| win.get("ClientName"));
    event.session = win.get("AccountSessionIdentifier");
    event.method = win.get("AuthenticationType");
    if event.outcome == Some(Outcome::Failure) {
        event.reason = Some(win.get("ReasonCode").map_or(Reason::Other, codes::nps));
    }
    event.user.is_some() || event.src_ip.is_some()
}

/// 6279 and 6280.
pub(super) fn nps_locked<'r>(win: &WinEvent<'r>, event: &mut Event<'r>, _: &Ctx<'r, '_>) -> bool {
    user(win, event, "SubjectUserName", "SubjectDomainName");
    event.detail = Some(if win.event_id == 6280 { "unlocked" } else { "locked" });
    event.user.is_some()
}
