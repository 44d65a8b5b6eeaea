//! What administrators did: the administrator log, the activity log, offline enrolments.

use std::sync::LazyLock;

use doorwarden_model::{Activity, Event, Mfa, MfaResult, Outcome, Reason};

use super::{auth, factor, reason, refused};
use crate::{Ctx, Parsed, Reject, json::Paths, names::split_domain, record::address};

/// Whom an action's object names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// The account that was changed.
    Account,
    /// A thing of an account: a phone, a token.
    Thing,
    /// The administrator who acts.
    Actor,
}

/// Starts of actions, the longer before the shorter.
const ACTIONS: &[(&str, Activity, About)] = &[
    ("admin_login", Activity::Logon, About::Actor),
    ("admin_2fa_error", Activity::Mfa, About::Actor),
    ("admin_lockout", Activity::Account, About::Actor),
    ("admin_activate_duo_push", Activity::Account, About::Actor),
    ("admin_reactivates_duo_push", Activity::Account, About::Actor),
    ("admin_rectivates_duo_push", Activity::Account, About::Actor),
    ("admin_self_activate", Activity::Account, About::Actor),
    ("activation_set_password", Activity::Account, About::Actor),
    ("admin_single_sign_on", Activity::Change, About::Thing),
    ("admin_factor_restrictions", Activity::Change, About::Thing),
    ("update_admin_factor_restrictions", Activity::Change, About::Thing),
    ("admin_create", Activity::Account, About::Account),
    ("admin_update", Activity::Account, About::Account),
    ("admin_delete", Activity::Account, About::Account),
    ("admin_reset_password", Activity::Account, About::Account),
    ("admin_activation_create", Activity::Account, About::Account),
    ("bypass_create", Activity::Account, About::Account),
    ("bypass_delete", Activity::Account, About::Account),
    ("user_create", Activity::Account, About::Account),
    ("user_update", Activity::Account, About::Account),
    ("user_delete", Activity::Account, About::Account),
    ("user_pending_delete", Activity::Account, About::Account),
    ("user_restore", Activity::Account, About::Account),
    ("user_import", Activity::Account, About::Account),
    ("user_bulk", Activity::Account, About::Account),
    ("user_not_enrolled_lockout", Activity::Account, About::Account),
    ("user_adminapi_lockout", Activity::Account, About::Account),
    ("user_lockout", Activity::Account, About::Account),
    ("deregister_devices", Activity::Account, About::Account),
    ("o2fa_user", Activity::Account, About::Account),
    ("phone_", Activity::Account, About::Thing),
    ("regen_", Activity::Account, About::Thing),
    ("hardtoken_create", Activity::Account, About::Thing),
    ("hardtoken_update", Activity::Account, About::Thing),
    ("hardtoken_delete", Activity::Account, About::Thing),
    ("hardtoken_associate", Activity::Account, About::Thing),
    ("hardtoken_disassociate", Activity::Account, About::Thing),
    ("u2ftoken_", Activity::Account, About::Thing),
    ("webauthncredential_create", Activity::Account, About::Thing),
    ("webauthncredential_delete", Activity::Account, About::Thing),
    ("group_", Activity::Change, About::Thing),
    ("integration_skey", Activity::Other, About::Thing),
    ("integration_", Activity::Change, About::Thing),
    ("application_", Activity::Change, About::Thing),
    ("policy_", Activity::Change, About::Thing),
    ("directory_", Activity::Change, About::Thing),
    ("azure_directory_", Activity::Change, About::Thing),
    ("customer_update", Activity::Change, About::Thing),
    ("feature_", Activity::Change, About::Thing),
    ("management_system_create", Activity::Change, About::Thing),
    ("management_system_update", Activity::Change, About::Thing),
    ("management_system_delete", Activity::Change, About::Thing),
];

/// What `action` states, if anything.
fn meaning(action: &str) -> Option<(Activity, About)> {
    let row = ACTIONS.iter().find(|(start, _, _)| action.starts_with(start))?;
    // Keys that were looked at changed nothing.
    (row.1 != Activity::Other).then_some((row.1, row.2))
}

/// Actions that set up a factor.
const ENROLMENTS: &[&str] = &[
    "o2fa_user_provisioned",
    "o2fa_user_reenrolled",
    "phone_associate",
    "hardtoken_associate",
    "u2ftoken_create",
    "webauthncredential_create",
    "admin_activate_duo_push",
    "admin_reactivates_duo_push",
];

static RECORD: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["timestamp"],
        &["isotimestamp"],
        &["action"],
        &["username"],
        &["object"],
        &["description"],
    ])
});

static DESCRIPTION: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["ip_address"],
        &["factor"],
        &["error"],
        &["email"],
        &["primary_auth_method"],
        &["hostname"],
        &["user_agent"],
        &["status"],
    ])
});

/// Reads one record of the administrator log.
pub(super) fn read<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let fields = RECORD.find(json).ok_or(Reject::Shape)?;
    let text = |at| fields.text(at, arena);
    let action = text(2).ok_or(Reject::Shape)?;
    let Some((activity, about)) = meaning(action) else { return Ok(Parsed::Ignored) };
    let mut event = auth::event(fields.int(0), [text(1), text(0)], activity, ctx)?;
    event.code = Some(action);
    let (by, object) = (text(3), text(4));
    let described = text(5).and_then(|it| DESCRIPTION.find(it));
    let said = |at| described.as_ref().and_then(|it| it.text(at, arena));
    people(&mut event, about, by, object, said(3));
    if action.starts_with("o2fa") {
        // The one enrolled is the one who acts, at the computer named in the description.
        (event.user, event.domain) = by.map_or((None, None), split_domain);
        (event.actor, event.detail, event.target) = (None, object, None);
    }
    event.src_ip = said(0).and_then(address);
    event.device = said(5);
    event.client = said(6);
    event.detail = event.detail.or_else(|| said(7));
    outcome(&mut event, said(2).or(text(5)), said(1), said(4));
    ctx.emit(&event);
    Ok(Parsed::Event)
}

fn people<'r>(
    event: &mut Event<'r>,
    about: About,
    by: Option<&'r str>,
    object: Option<&'r str>,
    mail: Option<&'r str>,
) {
    let name = match about {
        About::Account => object,
        // Administrators are logged by their full name; the address is what they sign in with.
        About::Actor => by.or(mail),
        About::Thing => None,
    };
    // A full name may hold anything, so it stays as logged.
    (event.user, event.domain) = match name {
        Some(name) if name.contains(' ') => (Some(name), None),
        Some(name) => split_domain(name),
        None => (None, None),
    };
    if about != About::Actor {
        event.actor = by.filter(|it| Some(*it) != name);
    }
    if about != About::Account {
        event.detail = object;
    }
}

fn outcome<'r>(
    event: &mut Event<'r>,
    error: Option<&str>,
    second: Option<&'r str>,
    first: Option<&'r str>,
) {
    let code = event.code.unwrap_or_default();
    let method = second.and_then(factor);
    if code.ends_with("_error") {
        let why = reason(error.unwrap_or_default());
        let why = if event.activity == Activity::Mfa && why == Reason::Other {
            Reason::MfaFailed
        } else {
            why
        };
        (event.outcome, event.reason) = (Some(Outcome::Failure), Some(why));
        if event.activity == Activity::Mfa {
            event.mfa = Some(Mfa { method, result: refused(why) });
        }
        return;
    }
    event.outcome = Some(Outcome::Success);
    event.method = first.map(|it| match it {
        "Password" => "password",
        "Single Sign-On" => "federated",
        other => other,
    });
    if ENROLMENTS.contains(&code) {
        event.mfa = Some(Mfa { method, result: MfaResult::Enrolled });
    } else if event.activity == Activity::Logon && method.is_some() {
        event.mfa = Some(Mfa { method, result: MfaResult::Success });
    }
}

static ACTIVITY: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[
        &["ts"],
        &["action", "name"],
        &["actor", "name"],
        &["target", "name"],
        &["target", "type"],
        &["access_device", "ip", "address"],
        &["outcome", "result"],
        &["application", "name"],
        &["access_device", "browser"],
    ])
});

/// Reads one record of the activity log.
pub(super) fn read_activity<'r>(json: &'r str, ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let arena = ctx.arena;
    let fields = ACTIVITY.find(json).ok_or(Reject::Shape)?;
    let text = |at| fields.text(at, arena);
    let action = text(1).ok_or(Reject::Shape)?;
    let Some((activity, about)) = meaning(action) else { return Ok(Parsed::Ignored) };
    let mut event = auth::event(None, [text(0), None], activity, ctx)?;
    event.code = Some(action);
    let is_account = text(4).is_some_and(|it| it.starts_with("user") || it.starts_with("admin"));
    let about = if is_account && about == About::Thing { About::Account } else { about };
    people(&mut event, about, text(2), text(3), None);
    event.src_ip = text(5).and_then(address);
    event.client = text(8);
    event.detail = event.detail.or_else(|| text(7));
    outcome(&mut event, None, None, None);
    if text(6).is_some_and(|it| it.eq_ignore_ascii_case("failure")) {
        (event.outcome, event.reason) = (Some(Outcome::Failure), Some(Reason::Other));
    }
    ctx.emit(&event);
    Ok(Parsed::Event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_and_syncs_state_nothing() {
        for action in ["integration_skey_view", "ad_sync_begin", "bypass_view", "credits_update"] {
            assert_eq!(meaning(action), None, "{action}");
        }
    }
}
