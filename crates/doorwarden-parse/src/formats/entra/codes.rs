//! Entra's result codes (`AADSTS...`), and its words for factors.

use doorwarden_model::{MfaResult, Outcome, Reason};

/// What a result code says of the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) outcome: Option<Outcome>,
    pub(super) reason: Option<Reason>,
    /// What the code alone says of the second factor.
    pub(super) mfa: Option<MfaResult>,
}

/// Interrupts: the page asks something, and the sign-in goes on. Nothing was refused.
const INTERRUPTS: &[i64] = &[
    16_000, 16_001, 16_003, 50_058, 50_097, 50_125, 50_127, 50_136, 50_140, 50_168, 50_199, 51_005,
    51_006, 70_016,
];

/// The password was right, and a second factor is asked for or must be set up.
const CHALLENGES: &[i64] = &[50_072, 50_074, 50_076, 50_078, 50_079, 50_158];

/// Codes that say why; any other code but 0 is a refusal for another reason.
const REASONS: &[(i64, Reason)] = &[
    (50_126, Reason::BadPassword),
    (50_056, Reason::BadPassword),
    (50_064, Reason::BadPassword),
    (7_000_215, Reason::BadPassword),
    (70_002, Reason::BadPassword),
    (120_000, Reason::BadPassword),
    (50_034, Reason::UnknownUser),
    (50_020, Reason::UnknownUser),
    (50_059, Reason::UnknownUser),
    (51_004, Reason::UnknownUser),
    (700_016, Reason::UnknownUser),
    (50_014, Reason::UnknownUser),
    (50_128, Reason::UnknownUser),
    (50_197, Reason::UnknownUser),
    (700_011, Reason::UnknownUser),
    (81_011, Reason::UnknownUser),
    (90_125, Reason::UnknownUser),
    (50_053, Reason::Locked),
    (50_057, Reason::Disabled),
    (7_000_112, Reason::Disabled),
    (70_001, Reason::Disabled),
    (50_055, Reason::Expired),
    (50_089, Reason::Expired),
    (50_132, Reason::Expired),
    (50_133, Reason::Expired),
    (50_144, Reason::Expired),
    (50_173, Reason::Expired),
    (70_008, Reason::Expired),
    (70_043, Reason::Expired),
    (70_044, Reason::Expired),
    (70_046, Reason::Expired),
    (700_081, Reason::Expired),
    (700_082, Reason::Expired),
    (700_084, Reason::Expired),
    (7_000_222, Reason::Expired),
    (70_019, Reason::Expired),
    (50_087, Reason::MfaFailed),
    (50_088, Reason::MfaFailed),
    (500_121, Reason::MfaFailed),
    (50_005, Reason::Policy),
    (50_105, Reason::Policy),
    (50_129, Reason::Policy),
    (50_131, Reason::Policy),
    (50_135, Reason::Policy),
    (50_142, Reason::Policy),
    (50_155, Reason::Policy),
    (50_177, Reason::Policy),
    (50_178, Reason::Policy),
    (53_000, Reason::Policy),
    (53_001, Reason::Policy),
    (53_002, Reason::Policy),
    (53_003, Reason::Policy),
    (53_004, Reason::Policy),
    (53_005, Reason::Policy),
    (53_009, Reason::Policy),
    (53_010, Reason::Policy),
    (53_011, Reason::Policy),
    (530_002, Reason::Policy),
    (530_003, Reason::Policy),
    (530_021, Reason::Policy),
    (530_031, Reason::Policy),
    (530_032, Reason::Policy),
    (530_034, Reason::Policy),
    (530_035, Reason::Policy),
    (65_001, Reason::Policy),
    (80_012, Reason::Policy),
    (90_072, Reason::Policy),
    (90_094, Reason::Policy),
    (90_095, Reason::Policy),
    (50_002, Reason::Policy),
    (50_187, Reason::Policy),
    (54_000, Reason::Policy),
    (500_021, Reason::Policy),
    (500_022, Reason::Policy),
    (500_208, Reason::Policy),
    (500_212, Reason::Policy),
    (500_213, Reason::Policy),
    (1_000_104, Reason::Policy),
    (90_084, Reason::Policy),
    (90_123, Reason::Policy),
    (50_012, Reason::Certificate),
    (50_017, Reason::Certificate),
    (500_172, Reason::Certificate),
    (700_027, Reason::Certificate),
    (700_030, Reason::Certificate),
    (50_027, Reason::Protocol),
    (75_011, Reason::Protocol),
    (1_002_016, Reason::Protocol),
    (50_008, Reason::Protocol),
    (50_013, Reason::Protocol),
    (50_180, Reason::Protocol),
    (80_013, Reason::Protocol),
    (81_004, Reason::Protocol),
    (81_005, Reason::Protocol),
    (81_009, Reason::Protocol),
    (81_010, Reason::Protocol),
];

/// What `code` says; `details` are the vendor's words for a failed factor.
pub(super) fn verdict(code: i64, details: Option<&str>) -> Verdict {
    if code == 0 {
        return Verdict { outcome: Some(Outcome::Success), reason: None, mfa: None };
    }
    if INTERRUPTS.contains(&code) {
        return Verdict { outcome: None, reason: None, mfa: None };
    }
    let outcome = Some(Outcome::Failure);
    if CHALLENGES.contains(&code) {
        let reason = Some(Reason::MfaFailed);
        return Verdict { outcome, reason, mfa: Some(MfaResult::Challenge) };
    }
    let known = REASONS.iter().find(|(it, _)| *it == code).map(|(_, reason)| *reason);
    if known != Some(Reason::MfaFailed) {
        return Verdict { outcome, reason: known.or(Some(Reason::Other)), mfa: None };
    }
    let holds = |word: &str| details.is_some_and(|it| it.contains(word));
    let (reason, mfa) = if holds("declined") || holds("raud") {
        (Reason::MfaDenied, MfaResult::Denied)
    } else if holds("did not respond") || holds("timed out") {
        (Reason::MfaTimeout, MfaResult::Timeout)
    } else {
        (Reason::MfaFailed, MfaResult::Failed)
    };
    Verdict { outcome, reason: Some(reason), mfa: Some(mfa) }
}

/// What a result says that is no number.
pub(super) fn worded(result: &str) -> Verdict {
    let (outcome, reason) = if result.eq_ignore_ascii_case("success") {
        (Some(Outcome::Success), None)
    } else if result.eq_ignore_ascii_case("failure") {
        (Some(Outcome::Failure), Some(Reason::Other))
    } else {
        (None, None)
    };
    Verdict { outcome, reason, mfa: None }
}

/// What the words of a sign-in that succeeded say of its second factor.
pub(super) fn satisfied(details: &str) -> Option<MfaResult> {
    if details.starts_with("MFA completed") {
        Some(MfaResult::Success)
    } else if details.starts_with("MFA requirement satisfied") || details.contains("skipped") {
        Some(MfaResult::Bypassed)
    } else if details.starts_with("MFA required") {
        Some(MfaResult::Challenge)
    } else {
        None
    }
}

/// Words in the names of methods, and ours.
const METHODS: &[(&str, &str)] = &[
    ("app notification", "push"),
    ("AppNotification", "push"),
    ("phone sign-in", "push"),
    ("OTP", "otp"),
    ("OneTimePasscode", "otp"),
    ("erification code", "otp"),
    ("OATH", "otp"),
    ("SMS", "sms"),
    ("ext message", "sms"),
    ("Voice", "phone"),
    ("hone call", "phone"),
    ("FIDO", "fido2"),
    ("asskey", "fido2"),
    ("Windows Hello", "windows-hello"),
    ("X.509", "certificate"),
    ("ertificate", "certificate"),
    ("Email", "email"),
    ("Temporary Access Pass", "temporary-access-pass"),
    ("Previously satisfied", "token"),
    ("Authenticator", "push"),
    ("Password", "password"),
];

/// A method in the words of the events, else as the vendor names it.
pub(super) fn method(name: &str) -> &str {
    METHODS.iter().find(|(word, _)| name.contains(word)).map_or(name, |(_, ours)| *ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interrupts_are_no_refusals_and_challenges_say_so() {
        assert_eq!(verdict(50_140, None).outcome, None);
        assert_eq!(verdict(50_076, None).mfa, Some(MfaResult::Challenge));
        let denied = verdict(500_121, Some("MFA denied; user declined the authentication"));
        assert_eq!(denied.reason, Some(Reason::MfaDenied));
        assert_eq!(verdict(123_456, None).reason, Some(Reason::Other));
    }
}
