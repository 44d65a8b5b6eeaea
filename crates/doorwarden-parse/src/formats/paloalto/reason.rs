//! What the vendor's words say: why an attempt was refused, how a client proved itself.

use doorwarden_model::Reason;

/// Words that tell why, the most telling first.
const WORDS: &[(&str, Reason)] = &[
    ("locked", Reason::Locked),
    ("lockout", Reason::Locked),
    ("expired", Reason::Expired),
    ("disabled", Reason::Disabled),
    ("certificate", Reason::Certificate),
    ("client cert", Reason::Certificate),
    ("user not found", Reason::UnknownUser),
    ("unknown user", Reason::UnknownUser),
    ("does not exist", Reason::UnknownUser),
    ("no such user", Reason::UnknownUser),
    ("mfa timeout", Reason::MfaTimeout),
    ("mfa timed out", Reason::MfaTimeout),
    ("mfa denied", Reason::MfaDenied),
    ("push denied", Reason::MfaDenied),
    ("login request denied", Reason::MfaDenied),
    ("fraud", Reason::MfaDenied),
    ("mfa", Reason::MfaFailed),
    ("multi-factor", Reason::MfaFailed),
    ("second factor", Reason::MfaFailed),
    ("otp", Reason::MfaFailed),
    ("passcode", Reason::MfaFailed),
    ("challenge", Reason::MfaFailed),
    ("allow list", Reason::Policy),
    ("allowlist", Reason::Policy),
    ("not allowed", Reason::Policy),
    ("not permitted", Reason::Policy),
    ("not authorized", Reason::Policy),
    ("quarantine", Reason::Policy),
    ("license", Reason::Policy),
    ("matching client config", Reason::Policy),
    ("timed out", Reason::Other),
    ("timeout", Reason::Other),
    ("invalid username", Reason::BadPassword),
    ("password", Reason::BadPassword),
    ("credential", Reason::BadPassword),
    ("authentication failed", Reason::BadPassword),
];

/// The reason that `texts` state; the first text that tells one counts.
pub(super) fn of<'r>(texts: impl IntoIterator<Item = Option<&'r str>>) -> Reason {
    let told = |text: &str| WORDS.iter().find(|(word, _)| has(text, word)).map(|it| it.1);
    texts.into_iter().flatten().find_map(told).unwrap_or(Reason::Other)
}

/// Whether `text` holds `word`, which is lower case, in any case.
pub(super) fn has(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}

/// How the client proved itself, in our words.
pub(super) fn method(word: &str) -> Option<&'static str> {
    const METHODS: &[(&str, &str)] = &[
        ("saml", "federated"),
        ("cloud auth", "federated"),
        ("cookie", "cookie"),
        ("cert", "certificate"),
        ("kerberos", "kerberos"),
        ("pap", "password"),
        ("chap", "password"),
        ("ttls", "password"),
        ("ldap", "password"),
        ("radius", "password"),
        ("tacacs", "password"),
        ("local", "password"),
    ];
    METHODS.iter().find(|(part, _)| has(word, part)).map(|it| it.1)
}
