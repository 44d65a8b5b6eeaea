//! Why an attempt was refused, by Fortinet's tokens and sentences.

use doorwarden_model::Reason;

use super::fields::Line;

/// Parts of tokens and sentences that tell why, the most telling first.
const WORDS: &[(&str, Reason)] = &[
    ("unknown_user", Reason::UnknownUser),
    ("name_invalid", Reason::UnknownUser),
    ("invalid user name", Reason::UnknownUser),
    ("user not found", Reason::UnknownUser),
    ("user does not exist", Reason::UnknownUser),
    ("no such user", Reason::UnknownUser),
    ("expired", Reason::Expired),
    ("locked", Reason::Locked),
    ("lockout", Reason::Locked),
    ("blocked", Reason::Locked),
    ("exceed", Reason::Locked),
    ("bad attempts", Reason::Locked),
    ("disabled", Reason::Disabled),
    ("two-factor", Reason::MfaFailed),
    ("two_factor", Reason::MfaFailed),
    ("token", Reason::MfaFailed),
    ("otp", Reason::MfaFailed),
    ("cert", Reason::Certificate),
    ("proposal", Reason::Protocol),
    ("no suitable", Reason::Protocol),
    ("protocol", Reason::Protocol),
    ("psk", Reason::BadPassword),
    ("pre-shared", Reason::BadPassword),
    ("preshared", Reason::BadPassword),
    ("no_matching_policy", Reason::Policy),
    ("hostcheck", Reason::Policy),
    ("host check", Reason::Policy),
    ("host_check", Reason::Policy),
    ("trusthost", Reason::Policy),
    ("trusted host", Reason::Policy),
    ("source_ip", Reason::Policy),
    ("no policy", Reason::Policy),
    ("not match", Reason::Policy),
    ("no match", Reason::Policy),
    ("peer id", Reason::Policy),
    ("already", Reason::Policy),
    ("too_many", Reason::Policy),
    ("limit", Reason::Policy),
    ("timed out", Reason::Other),
    ("timeout", Reason::Other),
    ("permission_denied", Reason::BadPassword),
    ("passwd", Reason::BadPassword),
    ("password", Reason::BadPassword),
    ("credential", Reason::BadPassword),
    ("xauth", Reason::BadPassword),
    ("eap", Reason::BadPassword),
    ("authentication failed", Reason::BadPassword),
    ("failed in authentication", Reason::BadPassword),
];

/// Why the attempt of `line` was refused.
pub(super) fn of(line: &Line<'_>) -> Reason {
    let texts =
        [line.get(&["reason"]), line.get(&["msg"]), line.get(&["error_num", "peer_notif", "desc"])];
    of_texts(texts)
}

/// The first of `texts` that tells a reason counts.
pub(super) fn of_texts<'r>(texts: impl IntoIterator<Item = Option<&'r str>>) -> Reason {
    let told = |text: &str| WORDS.iter().find(|(word, _)| has(text, word)).map(|it| it.1);
    texts.into_iter().flatten().find_map(told).unwrap_or(Reason::Other)
}

/// Whether `text` holds `word`, which is lower case, in any case.
pub(super) fn has(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
}
