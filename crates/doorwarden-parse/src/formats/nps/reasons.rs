//! What NPS's numbers mean.

use doorwarden_model::Reason;

/// Why a request was refused, by Reason-Code.
pub(in crate::formats) const fn reason(code: u32) -> Reason {
    match code {
        7 | 8 => Reason::UnknownUser,
        16 => Reason::BadPassword,
        // The password must be changed, or could not be; the account or the password has expired.
        17 | 33 | 35 | 72 | 80 | 268 => Reason::Expired,
        // An extension refused it: in practice the one that asks for a second factor.
        21 => Reason::MfaFailed,
        18..=20 | 22 | 23 | 96..=101 | 262..=264 | 269 | 271..=275 => Reason::Protocol,
        34 => Reason::Disabled,
        36 | 64 => Reason::Locked,
        32 | 37..=61 | 65..=71 | 74..=79 | 112 | 270 | 300 | 301 => Reason::Policy,
        73 | 256..=261 | 265..=267 | 276..=299 | 302 => Reason::Certificate,
        _ => Reason::Other,
    }
}

/// How it was authenticated, by Authentication-Type.
pub(super) const fn method(kind: u32) -> Option<&'static str> {
    match kind {
        1..=4 | 9 | 10 => Some("password"),
        5 => Some("eap"),
        7 => Some("none"),
        11 => Some("peap"),
        _ => None,
    }
}

/// Why a session ended, by Acct-Terminate-Cause (RFC 2866, 5.10).
pub(super) const fn cause(code: u32) -> Option<&'static str> {
    Some(match code {
        1 => "User Request",
        2 => "Lost Carrier",
        3 => "Lost Service",
        4 => "Idle Timeout",
        5 => "Session Timeout",
        6 => "Admin Reset",
        7 => "Admin Reboot",
        8 => "Port Error",
        9 => "NAS Error",
        10 => "NAS Request",
        11 => "NAS Reboot",
        12 => "Port Unneeded",
        13 => "Port Preempted",
        14 => "Port Suspended",
        15 => "Service Unavailable",
        16 => "Callback",
        17 => "User Error",
        18 => "Host Request",
        _ => return None,
    })
}
