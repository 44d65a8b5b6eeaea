//! Citrix `NetScaler` Gateway.

use super::Caller;
use crate::{
    journal::{Channel, Journal, NUMBER},
    moment::Moment,
};

/// Its address.
const GATEWAY: &str = "194.25.61.14";

fn line(at: Moment, what: &str, text: &str) -> String {
    format!("<134> {} ns-1 0-PPE-0 : default {what} {NUMBER} 0 :  {text}", at.netscaler())
}

/// A session with a published desktop, from `at` to `until`.
pub(crate) fn session(journal: &mut Journal, (at, until): (Moment, Moment), caller: &Caller<'_>) {
    let Caller { user, ip, netbios, machine, .. } = caller;
    let number = at.0 / 1_000 % 9_000_000 + i64::try_from(user.len()).unwrap_or(0);
    let who = format!(
        "Context {user}@{ip} - SessionId: {number} - User {user} - Client_ip {ip} - Nat_ip \"Mapped Ip\" - Vserver {GATEWAY}:443"
    );
    let opened = format!(
        "{who} - Browser_type \"{}\" - SSLVPN_client_type ICA - Group(s) \"Citrix-Users\"",
        machine.agent()
    );
    journal.state(Channel::Citrix, at, &line(at, "SSLVPN LOGIN", &opened), caller.says("citrix"));
    let start = at.plus(21);
    let flow = format!(
        "Source {ip}:{} - Destination 10.16.1.24:2598 - username:domainname {user}:{netbios} - applicationName Desktop $P7 - startTime \"{}\" - connectionId {number:x}",
        50_000 + at.seconds() % 9_000,
        start.netscaler()
    );
    journal.write(Channel::Citrix, start, &line(start, "SSLVPN ICASTART", &flow));
    let seconds = until.since(at);
    let closed = format!(
        "{who} - Start_time \"{}\" - End_time \"{}\" - Duration {:02}:{:02}:{:02} - Http_resources_accessed 4 - NonHttp_services_accessed 0 - Total_TCP_connections 3 - Total_UDP_flows 0 - Total_policies_allowed 7 - Total_policies_denied 0 - Total_bytes_send 201188 - Total_bytes_recv 5120033 - LogoutMethod \"Explicit\" - Group(s) \"Citrix-Users\"",
        at.netscaler(),
        until.netscaler(),
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    journal.write(Channel::Citrix, until, &line(until, "SSLVPN LOGOUT", &closed));
}

/// A wrong name or password.
pub(crate) fn refused(journal: &mut Journal, at: Moment, caller: &Caller<'_>) {
    let Caller { user, ip, machine, .. } = caller;
    let text = format!(
        "User {user} - Client_ip {ip} - Failure_reason \"External authentication server denied access\" - Browser {}",
        machine.agent()
    );
    journal.state(Channel::Citrix, at, &line(at, "AAA LOGIN_FAILED", &text), caller.says("citrix"));
}
