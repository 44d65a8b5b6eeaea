//! Status codes of Windows, Kerberos and the Network Policy Server as outcomes and reasons.

use doorwarden_model::{Outcome, Reason};

use crate::formats::nps::reasons;

/// A code as it is written: `0xc000006a`, `0x18`, or decimal.
fn number(code: &str) -> Option<u32> {
    match code.strip_prefix("0x").or_else(|| code.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => code.parse().ok(),
    }
}

/// Zero is success in every table.
pub(super) fn outcome(code: &str) -> Outcome {
    if number(code) == Some(0) { Outcome::Success } else { Outcome::Failure }
}

/// NTSTATUS of a refused logon; absent where it says nothing, as the zero of an unused sub status.
pub(super) fn nt_status(code: &str) -> Option<Reason> {
    Some(match number(code)? {
        // Wrong password; unknown name or bad password, where no sub status tells which.
        0xC000_006A | 0xC000_006D => Reason::BadPassword,
        0xC000_0064 => Reason::UnknownUser,
        // The account is locked, or an authentication firewall answers in its place.
        0xC000_0234 => Reason::Locked,
        0xC000_0072 => Reason::Disabled,
        // Password expired, account expired, password must be changed.
        0xC000_0071 | 0xC000_0193 | 0xC000_0224 => Reason::Expired,
        // Not from this workstation, not at this hour, restricted, type not granted, firewall, network policy, silo.
        0xC000_0070 | 0xC000_006F | 0xC000_006E | 0xC000_015B | 0xC000_0413 | 0xC000_0414
        | 0xC000_035C | 0xC000_0418 => Reason::Policy,
        // Smart card: wrong PIN, revoked, untrusted, no usable certificate.
        0xC000_0380..=0xC000_038B | 0xC000_0320 => Reason::Certificate,
        // Clocks apart, wrong trust, missing domain controller, mechanism not supported.
        0xC000_0133 | 0xC000_00BB => Reason::Protocol,
        0 => return None,
        _ => Reason::Other,
    })
}

/// `FailureReason` of 4625, as a message number or as text.
pub(super) fn failure_reason(text: &str) -> Option<Reason> {
    const REASONS: [(&str, &str, Reason); 9] = [
        ("%%2305", "account has expired", Reason::Expired),
        ("%%2307", "locked out", Reason::Locked),
        ("%%2308", "requested logon type", Reason::Policy),
        ("%%2309", "password has expired", Reason::Expired),
        ("%%2310", "disabled", Reason::Disabled),
        ("%%2311", "time restriction", Reason::Policy),
        ("%%2312", "at this computer", Reason::Policy),
        ("%%2313", "bad password", Reason::BadPassword),
        ("%%2304", "occured during", Reason::Other),
    ];
    REASONS.iter().find(|it| text == it.0 || text.contains(it.1)).map(|it| it.2)
}

/// Kerberos result codes (RFC 4120 7.5.9).
pub(super) fn kerberos(code: &str) -> Reason {
    match number(code) {
        Some(0x6) => Reason::UnknownUser,
        Some(0x18) => Reason::BadPassword,
        // Revoked: disabled, locked or expired.
        Some(0x12) => Reason::Locked,
        // Client or service expired, password expired.
        Some(0x1 | 0x2 | 0x17) => Reason::Expired,
        // Policy, restricted workstation or hours.
        Some(0xC | 0x9 | 0xD) => Reason::Policy,
        // Certificate not trusted, revoked, of the wrong kind, mismatched.
        Some(0x3E..=0x50) => Reason::Certificate,
        // Clock skew, encryption type, version, tickets not yet valid or expired, replays, damaged messages.
        Some(0x3 | 0xE | 0xF | 0x10 | 0x19 | 0x1F..=0x32) => Reason::Protocol,
        _ => Reason::Other,
    }
}

/// Reason codes of the Network Policy Server.
pub(super) fn nps(code: &str) -> Reason {
    number(code).map_or(Reason::Other, reasons::reason)
}

/// Win32 errors that say that an account was not let in.
pub(super) fn win32(code: &str) -> Option<Reason> {
    Some(match number(code)? {
        5 | 1327..=1329 | 1385 | 0x8007_0005 => Reason::Policy,
        1326 | 0x8007_052E | 0x8009_030C => Reason::BadPassword,
        1317 => Reason::UnknownUser,
        1330 | 1793 | 1907 => Reason::Expired,
        1331 => Reason::Disabled,
        1909 => Reason::Locked,
        _ => return None,
    })
}
