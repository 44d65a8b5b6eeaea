//! Citrix `NetScaler` Gateway.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, NUMBER},
    places::own,
};

/// A browser at the gateway.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    /// Account.
    pub(crate) user: &'a str,
    /// Address.
    pub(crate) ip: Ipv4Addr,
    /// User agent.
    pub(crate) agent: &'a str,
}

fn write(journal: &mut Journal, at: Moment, what: &str, text: &str) {
    let line =
        format!("<134> {} ns-1 0-PPE-0 : default {what} {NUMBER} 0 :  {text}", at.netscaler());
    journal.write(Channel::NetScaler, at, line);
}

/// A session with a published desktop, from `at` to `until`.
pub(crate) fn session(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    client: &Client<'_>,
    number: u64,
) {
    let Client { user, ip, agent } = *client;
    let gateway = own::CITRIX;
    let who = format!(
        "Context {user}@{ip} - SessionId: {number} - User {user} - Client_ip {ip} - Nat_ip \"Mapped Ip\" - Vserver {gateway}:443"
    );
    write(
        journal,
        at,
        "SSLVPN LOGIN",
        &format!(
            "{who} - Browser_type \"{agent}\" - SSLVPN_client_type ICA - Group(s) \"Citrix-Users\""
        ),
    );
    let (start, end) = (at.plus(21), until.plus(-6));
    let port = 50_000 + at.0 / 1_000 % 9_000;
    let connection = format!("{:x}", at.0 / 1_000 % 0xfff_ffff);
    let flow = format!(
        "Source {ip}:{port} - Destination 10.20.1.24:2598 - username:domainname {user}:ARBORIA"
    );
    write(
        journal,
        start,
        "SSLVPN ICASTART",
        &format!(
            "{flow} - applicationName Desktop $P7 - startTime \"{}\" - connectionId {connection}",
            start.netscaler()
        ),
    );
    let duration = |from: Moment, to: Moment| {
        let seconds = to.since(from);
        format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
    };
    write(
        journal,
        end,
        "SSLVPN ICAEND_CONNSTAT",
        &format!(
            "{flow} - startTime \"{}\" - endTime \"{}\" - Duration {} - Total_bytes_send 193004 - Total_bytes_recv 5018441 - connectionId {connection}",
            start.netscaler(),
            end.netscaler(),
            duration(start, end)
        ),
    );
    write(
        journal,
        until,
        "SSLVPN LOGOUT",
        &format!(
            "{who} - Start_time \"{}\" - End_time \"{}\" - Duration {} - Http_resources_accessed 4 - NonHttp_services_accessed 0 - Total_TCP_connections 3 - Total_UDP_flows 0 - Total_policies_allowed 7 - Total_policies_denied 0 - Total_bytes_send 201188 - Total_bytes_recv 5120033 - LogoutMethod \"Explicit\" - Group(s) \"Citrix-Users\"",
            at.netscaler(),
            until.netscaler(),
            duration(at, until)
        ),
    );
}

/// A wrong name or password.
pub(crate) fn failed(journal: &mut Journal, at: Moment, client: &Client<'_>) {
    let Client { user, ip, agent } = *client;
    let text = format!(
        "User {user} - Client_ip {ip} - Failure_reason \"External authentication server denied access\" - Browser {agent}"
    );
    write(journal, at, "AAA LOGIN_FAILED", &text);
}
