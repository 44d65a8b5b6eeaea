//! Administrators' cmdlets: `Timestamp,Server,TenantId,RecordType,Data,UserKey,RecordId,Operation,Workload,ResultStatus,...`.

use std::sync::LazyLock;

use doorwarden_model::{Activity, Outcome, Service};

use super::{ID, time};
use crate::{Ctx, Parsed, Reject, json::Paths, names::split_domain, record::address_port};

/// Nouns of cmdlets and what their change is, the longer before the shorter.
const NOUNS: &[(&str, Activity)] = &[
    ("MailboxPermission", Activity::Account),
    ("MailboxFolderPermission", Activity::Account),
    ("ADPermission", Activity::Account),
    ("RecipientPermission", Activity::Account),
    ("RoleGroupMember", Activity::Account),
    ("DistributionGroupMember", Activity::Account),
    ("InboxRule", Activity::Account),
    ("CASMailbox", Activity::Account),
    ("RemoteMailbox", Activity::Account),
    ("MailUser", Activity::Account),
    ("Mailbox", Activity::Account),
    ("User", Activity::Account),
    ("ManagementRole", Activity::Change),
    ("RoleGroup", Activity::Change),
    ("VirtualDirectory", Activity::Change),
    ("OwaMailboxPolicy", Activity::Change),
    ("MobileDeviceMailboxPolicy", Activity::Change),
    ("AuthenticationPolicy", Activity::Change),
    ("ClientAccessRule", Activity::Change),
    ("AuthConfig", Activity::Change),
    ("AuthServer", Activity::Change),
    ("PartnerApplication", Activity::Change),
    ("OrganizationConfig", Activity::Change),
    ("AdminAuditLogConfig", Activity::Change),
    ("ReceiveConnector", Activity::Change),
    ("SendConnector", Activity::Change),
    ("TransportRule", Activity::Change),
    ("ExchangeCertificate", Activity::Change),
    ("ImapSettings", Activity::Change),
    ("PopSettings", Activity::Change),
];

/// Verbs that change something.
const VERBS: &[&str] = &["Add", "New", "Set", "Remove", "Enable", "Disable", "Update", "Import"];

static DATA: LazyLock<Paths> = LazyLock::new(|| {
    Paths::new(&[&["UserId"], &["ObjectId"], &["ClientIP"], &["OriginatingServer"]])
});

pub(super) fn read<'r>(fields: &[&'r str], ctx: &mut Ctx<'r, '_>) -> Result<Parsed, Reject> {
    let get = |at: usize| fields.get(at).copied().unwrap_or_default();
    let (stamp, cmdlet) = (time(fields)?, get(7));
    let Some(activity) = meaning(cmdlet) else { return Ok(Parsed::Ignored) };
    let arena = ctx.arena;
    let data = DATA.find(get(4));
    let text = |at: usize| data.as_ref().and_then(|it| it.text(at, arena));
    let object = text(1);
    // A mailbox by its path, or what stands in it: `corp.example/Users/ana`, `ana\\rule`.
    let name = object.and_then(|it| it.rsplit('/').next()?.split('\\').next());
    // Managed availability sets the passwords of Exchange's own probes all day.
    if name.is_some_and(|it| it.starts_with("HealthMailbox")) {
        return Ok(Parsed::Ignored);
    }
    let mut event = ctx.event_at(ID, Service::Owa, activity, stamp);
    event.outcome = match get(9) {
        "True" | "Success" | "Succeeded" => Some(Outcome::Success),
        "False" | "Failed" => Some(Outcome::Failure),
        _ => None,
    };
    event.code = Some(cmdlet);
    event.actor = text(0).or_else(|| Some(get(5)).filter(|it| !it.is_empty()));
    if activity == Activity::Account {
        (event.user, event.domain) = name.map_or((None, None), split_domain);
    }
    event.detail = object;
    event.host = Some(get(1)).filter(|it| !it.is_empty());
    event.src_ip = text(2).and_then(address_port).map(|(ip, _)| ip);
    ctx.emit(&event);
    Ok(Parsed::Event)
}

/// What a cmdlet changes, if anything that matters here.
fn meaning(cmdlet: &str) -> Option<Activity> {
    let (verb, noun) = cmdlet.split_once('-')?;
    if !VERBS.contains(&verb) {
        return None;
    }
    NOUNS.iter().find(|(it, _)| noun.contains(it)).map(|(_, activity)| *activity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmdlets_that_only_read_state_nothing() {
        assert_eq!(meaning("Get-Mailbox"), None);
        assert_eq!(meaning("Set-OwaVirtualDirectory"), Some(Activity::Change));
        assert_eq!(meaning("Add-MailboxPermission"), Some(Activity::Account));
        assert_eq!(meaning("New-MoveRequest"), None);
    }
}
