//! What each Okta event type states; types that are not listed state nothing that belongs here.

/// What an event type states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An attempt to sign in, to Okta or through it.
    Logon,
    /// The sign-on policy's answer: allow, deny or ask for more.
    Policy,
    /// A factor given or refused.
    Factor,
    /// A factor asked for.
    Challenge,
    /// A session's end by its owner.
    Logoff,
    /// A session ended by someone else.
    Cleared,
    /// A session opened, resumed or judged again.
    Session,
    /// A change of an account, its groups, credentials or factors.
    Account,
    /// A change of the organisation's own door.
    Change,
    /// A statement about an address, device or risk.
    Other,
}

/// Starts of event types behind their first segment, the longer before the shorter.
type Rows = &'static [(&'static str, Kind)];

const USER: Rows = &[
    ("session.start", Kind::Logon),
    ("authentication.auth_via_mfa", Kind::Factor),
    ("authentication.slo", Kind::Logoff),
    ("authentication.universal_logout", Kind::Cleared),
    ("authentication.auth_unconfigured_identifier", Kind::Other),
    ("authentication.dsso_via_non_priority_source", Kind::Other),
    ("authentication.", Kind::Logon),
    ("session.end", Kind::Logoff),
    ("session.expire", Kind::Logoff),
    ("session.clear", Kind::Cleared),
    ("session.impersonation.end", Kind::Cleared),
    ("session.impersonation.initiate", Kind::Session),
    ("session.impersonation.", Kind::Change),
    ("session.", Kind::Session),
    ("mfa.factor.", Kind::Account),
    ("mfa.", Kind::Factor),
    ("account.report_suspicious_activity_by_enduser", Kind::Other),
    ("account.", Kind::Account),
    ("lifecycle.", Kind::Account),
    ("credential.", Kind::Account),
    ("import.password", Kind::Account),
    ("risk.", Kind::Other),
];

const POLICY: Rows = &[
    ("evaluate_sign_on", Kind::Policy),
    ("auth_reevaluate.", Kind::Session),
    ("continuous_access.", Kind::Session),
    ("entity_risk.", Kind::Other),
    ("lifecycle.", Kind::Change),
    ("rule.", Kind::Change),
];

const APPLICATION: Rows = &[
    ("policy.sign_on.deny_access", Kind::Logon),
    ("policy.sign_on.", Kind::Change),
    ("lifecycle.", Kind::Change),
    ("configuration.", Kind::Change),
    ("user_membership.", Kind::Account),
];

const APP: Rows = &[
    ("generic.unauth_app_access_attempt", Kind::Logon),
    ("inbound_del_auth.", Kind::Logon),
    ("kerberos_rich_client.", Kind::Logon),
    ("rich_client.", Kind::Logon),
    ("oauth2.signon", Kind::Logon),
    ("oauth2.invalid_client_credentials", Kind::Logon),
    ("oauth2.as.token.detect_reuse", Kind::Other),
    ("oauth2.token.detect_reuse", Kind::Other),
    ("oauth2.as.key.rollover", Kind::Change),
    ("oauth2.client.lifecycle.", Kind::Change),
    ("oauth2.client.privilege.", Kind::Change),
    ("oauth2.credentials.lifecycle.", Kind::Change),
    ("oauth2.admin.consent.", Kind::Change),
    ("oauth2.trusted_server.", Kind::Change),
    ("ldap.password.change.failed", Kind::Account),
    ("keys.", Kind::Change),
];

const GROUP: Rows = &[
    ("user_membership.", Kind::Account),
    ("privilege.", Kind::Change),
    ("lifecycle.", Kind::Change),
    ("application_assignment.", Kind::Change),
];

const SYSTEM: Rows = &[
    ("push.send_factor_verify_push", Kind::Challenge),
    ("sms.send_factor_verify_message", Kind::Challenge),
    ("voice.send_mfa_challenge_call", Kind::Challenge),
    ("email.send_factor_verify_message", Kind::Challenge),
    ("email.challenge_factor_redeemed", Kind::Factor),
    ("idp.", Kind::Change),
    ("api_token.", Kind::Change),
    ("log_stream.", Kind::Change),
    ("feature.", Kind::Change),
    ("mfa.", Kind::Change),
    ("agent.ad.create", Kind::Change),
    ("agent.ad.delete", Kind::Change),
    ("agent.ad.deactivate", Kind::Change),
    ("agent.ad.reactivate", Kind::Change),
    ("agent.ad.agent_instance_added", Kind::Change),
    ("agent.ldap.create", Kind::Change),
    ("agent.ldap.delete", Kind::Change),
    ("agent.ldap.deactivate", Kind::Change),
    ("agent.ldap.reactivate", Kind::Change),
    ("brand.", Kind::Change),
    ("theme.", Kind::Change),
    ("custom", Kind::Change),
];

const SECURITY: Rows = &[
    ("threat.configuration.", Kind::Change),
    ("threat.", Kind::Other),
    ("attack.", Kind::Other),
    ("request.blocked", Kind::Other),
    ("breached_credential.", Kind::Other),
    ("session.", Kind::Other),
    ("zone.", Kind::Change),
    ("trusted_origin.", Kind::Change),
    ("authenticator.", Kind::Change),
    ("behavior.settings.", Kind::Change),
    ("events.provider.", Kind::Change),
    ("device.", Kind::Change),
];

const DEVICE: Rows = &[("user.", Kind::Account), ("enrollment.", Kind::Account)];
const CREDENTIAL: Rows = &[("re", Kind::Account)];
const CORE: Rows = &[("user.factor.attempt_", Kind::Factor)];
const OAUTH2: Rows = &[("as.", Kind::Change), ("claim.", Kind::Change), ("scope.", Kind::Change)];
const PKI: Rows = &[("cert.lifecycle.", Kind::Change)];
const SUPPORT: Rows = &[("org.", Kind::Change)];
const MASTER: Rows = &[("user_membership.", Kind::Account)];
const SCHEDULED: Rows = &[("user_suspension.", Kind::Account)];
const EVERY: Rows = &[("", Kind::Change)];
const HOOK: Rows = &[
    ("created", Kind::Change),
    ("updated", Kind::Change),
    ("deleted", Kind::Change),
    ("activated", Kind::Change),
    ("deactivated", Kind::Change),
    ("verified", Kind::Change),
];

/// What `event_type` states, if anything.
pub(super) fn kind(event_type: &str) -> Option<Kind> {
    let (segment, rest) = event_type.split_once('.')?;
    let rows = rows(segment)?;
    rows.iter().find(|(start, _)| rest.starts_with(start)).map(|(_, kind)| *kind)
}

/// Whether `segment` starts event types of Okta's System Log, those that state nothing here among them.
pub(super) fn is_segment(segment: &str) -> bool {
    rows(segment).is_some()
        || matches!(
            segment,
            "access"
                | "account"
                | "analytics"
                | "campaign"
                | "certification"
                | "com"
                | "directory"
                | "governance"
                | "import"
                | "mim"
                | "org"
                | "pam"
                | "platform"
                | "plugin"
                | "self_service"
                | "task"
                | "workflows"
        )
}

fn rows(segment: &str) -> Option<Rows> {
    Some(match segment {
        "user" => USER,
        "policy" => POLICY,
        "application" => APPLICATION,
        "app" => APP,
        "group" => GROUP,
        "system" => SYSTEM,
        "security" => SECURITY,
        "device" => DEVICE,
        "credential" => CREDENTIAL,
        "core" => CORE,
        "oauth2" => OAUTH2,
        "pki" => PKI,
        "support" => SUPPORT,
        "master_application" => MASTER,
        "scheduled_action" => SCHEDULED,
        "zone" | "network_zone" | "iam" => EVERY,
        "event_hook" | "inline_hook" => HOOK,
        _ => return None,
    })
}
