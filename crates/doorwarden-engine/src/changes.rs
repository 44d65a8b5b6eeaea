//! What was done to an account, in plain words: vendors say it as `user.mfa.factor.activate`, `4728` or `Add user`.

use doorwarden_model::{Event, MfaResult, Outcome};

/// What a change is about, by words in the vendor's code; the first that is found.
const THINGS: &[(&str, &str)] = &[
    ("membership", "group membership"),
    ("from group", "group membership"),
    ("to group", "group membership"),
    ("inboxrule", "inbox rule"),
    ("mailboxpermission", "mailbox permission"),
    ("role", "role"),
    ("privilege", "privilege"),
    ("bypass", "bypass code"),
    ("factor", "second factor"),
    ("mfa", "second factor"),
    ("security info", "second factor"),
    ("authenticator", "second factor"),
    ("webauthn", "second factor"),
    ("token", "second factor"),
    ("duo_push", "second factor"),
    ("phone", "second factor's phone"),
    ("password", "password"),
    ("certificate", "certificate"),
    ("device", "device"),
    ("mailbox", "mailbox"),
];

/// What was done, by stems of words in the vendor's code; the first that is found.
const DEEDS: &[(&str, &str)] = &[
    ("unlock", "unlocked"),
    ("unblock", "unblocked"),
    ("block", "blocked"),
    ("lock", "locked"),
    ("reset", "reset"),
    ("regenerat", "renewed"),
    ("deactivat", "deactivated"),
    ("activat", "activated"),
    ("unsuspend", "enabled"),
    ("suspend", "suspended"),
    ("disabl", "disabled"),
    ("enabl", "enabled"),
    ("revok", "revoked"),
    ("grant", "granted"),
    ("delet", "deleted"),
    ("disassociat", "removed"),
    ("deregist", "removed"),
    ("remov", "removed"),
    ("enrol", "enrolled"),
    ("regist", "registered"),
    ("creat", "created"),
    ("associat", "added"),
    ("add", "added"),
    ("new", "added"),
];

/// What the record says was done to the account, with the group, factor or setting that it names.
pub(crate) fn changed(event: &Event<'_>) -> String {
    let failed = if event.outcome == Some(Outcome::Failure) { " (failed)" } else { "" };
    format!("{}{failed}", done(event))
}

fn done(event: &Event<'_>) -> String {
    if event.mfa.is_some_and(|it| it.result == MfaResult::Enrolled) {
        let what = event.detail.or(event.mfa.and_then(|it| it.method));
        return named("second factor enrolled", what);
    }
    let code = event.code.unwrap_or_default();
    let is_number = !code.contains(|it: char| it.is_ascii_alphabetic());
    match event.detail {
        // Devices with numbers for codes say it in words: `added to VPN Users`, `disabled`.
        Some(words) if is_number && words.contains(' ') => words.to_owned(),
        Some(word) if is_number => format!("account {word}"),
        None if is_number => named("account changed", event.code),
        detail => {
            let code = code.to_ascii_lowercase();
            let find = |table: &[(&str, &'static str)]| {
                table.iter().find(|it| code.contains(it.0)).map(|it| it.1)
            };
            let (thing, deed) = (find(THINGS), find(DEEDS));
            let what = format!("{} {}", thing.unwrap_or("account"), deed.unwrap_or("changed"));
            // A code that says nothing in words that are known here speaks for itself.
            let is_vague = thing.is_none() && deed.is_none();
            named(&what, detail.or(event.code.filter(|_| is_vague)))
        }
    }
}

fn named(what: &str, name: Option<&str>) -> String {
    name.map_or_else(|| what.to_owned(), |it| format!("{what}: {it}"))
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Mfa, Service};
    use jiff::Timestamp;

    use super::*;

    fn said(code: Option<&str>, detail: Option<&str>) -> String {
        let mut event = Event::new("test", Service::Idp, Activity::Account, Timestamp::UNIX_EPOCH);
        (event.code, event.detail) = (code, detail);
        changed(&event)
    }

    #[test]
    fn codes_of_vendors_become_words() {
        for (code, detail, words) in [
            ("user.account.reset_password", "", "password reset"),
            ("user.mfa.factor.deactivate", "SMS", "second factor deactivated: SMS"),
            ("user.account.lock", "", "account locked"),
            ("user.account.unlock", "", "account unlocked"),
            ("group.user_membership.add", "VPN users", "group membership added: VPN users"),
            ("user.account.privilege.grant", "Admin", "privilege granted: Admin"),
            ("device.user.add", "laptop", "device added: laptop"),
            ("Add member to role", "Global Reader", "role added: Global Reader"),
            ("Remove member from group", "VPN users", "group membership removed: VPN users"),
            ("Fraud reported - user is blocked for MFA", "", "second factor blocked"),
            ("bypass_create", "", "bypass code created"),
            ("hardtoken_create", "HOTP 1", "second factor created: HOTP 1"),
            ("Set-CASMailbox", "ana", "mailbox changed: ana"),
            ("New-InboxRule", "forward all", "inbox rule added: forward all"),
            ("4728", "added to VPN Users", "added to VPN Users"),
            ("4725", "disabled", "account disabled"),
            ("1204", "", "account changed: 1204"),
            ("CLI CMD_EXECUTED", "rm aaa user ana", "account changed: rm aaa user ana"),
            ("edit", "", "account changed: edit"),
        ] {
            let detail = Some(detail).filter(|it| !it.is_empty());
            assert_eq!(said(Some(code), detail), words);
        }
        assert_eq!(said(None, Some("Phone")), "account Phone");
        assert_eq!(said(None, None), "account changed");
    }

    #[test]
    fn a_new_factor_is_said_with_its_kind() {
        let mut event = Event::new("test", Service::Idp, Activity::Account, Timestamp::UNIX_EPOCH);
        event.mfa = Some(Mfa { method: Some("push"), result: MfaResult::Enrolled });
        assert_eq!(changed(&event), "second factor enrolled: push");
        event.detail = Some("GOOGLE_AUTH");
        assert_eq!(changed(&event), "second factor enrolled: GOOGLE_AUTH");
        event.outcome = Some(Outcome::Failure);
        assert_eq!(changed(&event), "second factor enrolled: GOOGLE_AUTH (failed)");
    }
}
