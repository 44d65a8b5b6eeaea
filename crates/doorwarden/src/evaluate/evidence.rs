//! The kinds of evidence that a detector's signals stand for, where a signal does not state its own.

/// All kinds of evidence.
#[cfg(test)]
const KINDS: [&str; 13] = [
    "where",
    "what",
    "when",
    "travel",
    "service",
    "method",
    "session",
    "certificate",
    "factor",
    "dormancy",
    "source",
    "account",
    "door",
];

/// Detectors with their kinds, strongest first.
const TABLE: &[(&str, &[&str])] = &[
    ("brute-force", &["source", "account"]),
    ("certificate-reuse", &["certificate"]),
    ("concentrator-bypass", &["service", "door"]),
    ("concurrent-sessions", &["session", "where"]),
    ("credential-stuffing", &["source"]),
    ("departed-account", &["account"]),
    ("distributed-brute-force", &["source", "account"]),
    ("distributed-spray", &["source"]),
    ("door-changed", &["door"]),
    ("enumeration", &["source"]),
    ("factor-change", &["factor"]),
    ("impossible-travel", &["travel"]),
    ("lockout-storm", &["account", "source"]),
    ("mfa-fatigue", &["factor"]),
    ("otp-guessing", &["factor"]),
    ("password-spray", &["source"]),
    ("privileged-external-access", &["account"]),
    ("service-account-misuse", &["account"]),
    ("session-on-two-networks", &["session"]),
    ("shared-device", &["what"]),
    ("shared-source", &["source"]),
    ("source-silence", &["door"]),
    ("success-after-guessing", &["source"]),
    ("unleased-address", &["session"]),
];

/// Kinds of evidence of a detector, none where it is not known.
pub(super) fn of(detector: &str) -> &'static [&'static str] {
    TABLE.iter().find(|it| it.0 == detector).map_or(&[], |it| it.1)
}

#[cfg(test)]
mod tests {
    use doorwarden_engine::detectors;

    use super::*;

    #[test]
    fn detectors_exist_and_kinds_are_of_the_list() {
        for (detector, kinds) in TABLE {
            assert!(detectors::ALL.iter().any(|it| it.id == *detector), "no detector {detector}");
            assert!(kinds.iter().all(|it| KINDS.contains(it)), "{detector}: {kinds:?}");
        }
    }
}
