//! IIS in front of Exchange: Outlook on the web, `ActiveSync` and web services.

use std::net::Ipv4Addr;

use crate::demo::{
    channel::Channel,
    clock::Moment,
    journal::{Journal, Lease},
    places::own,
};

/// A mail client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    /// Account.
    pub(crate) user: &'a str,
    /// Address.
    pub(crate) ip: Ipv4Addr,
    /// User agent, blanks as `+`.
    pub(crate) agent: &'a str,
}

/// A telephone with Exchange mail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phone<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// `iPhone` or `Android`.
    pub(crate) kind: &'a str,
}

/// Chrome on Windows, as IIS writes it.
pub(crate) const CHROME: &str = "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/133.0.0.0+Safari/537.36";
/// Firefox on Linux.
pub(crate) const FIREFOX: &str =
    "Mozilla/5.0+(X11;+Linux+x86_64;+rv:128.0)+Gecko/20100101+Firefox/128.0";

/// What was asked for, and how the server answered.
struct Request<'a> {
    method: &'a str,
    stem: &'a str,
    query: &'a str,
    user: &'a str,
    status: &'a str,
}

fn text(at: Moment, ip: Ipv4Addr, agent: &str, request: &Request<'_>) -> String {
    let Request { method, stem, query, user, status } = request;
    let (owa, took) = (own::OWA, at.0 / 1_000 % 230 + 9);
    format!("{} {owa} {method} {stem} {query} 443 {user} {ip} {agent} - {status} {took}", at.w3c())
}

fn named(user: &str) -> String {
    format!("ARBORIA\\{user}")
}

/// Reads mail in the browser: form, mailbox, and a few requests until `until`.
pub(crate) fn web_mail(
    journal: &mut Journal,
    (at, until): (Moment, Moment),
    client: &Client<'_>,
    lease: Option<&Lease>,
) {
    let Client { user, ip, agent } = *client;
    let user_field = named(user);
    let request =
        |method, stem, query, status| Request { method, stem, query, user: &user_field, status };
    form(journal, at.plus(-9), ip, agent);
    let sent = text(
        at,
        ip,
        agent,
        &request("POST", "/owa/auth.owa", "&CorrelationID=<empty>;", "302 0 0"),
    );
    journal.inner(Channel::Iis, at, sent, user, lease);
    journal.write(
        Channel::Iis,
        at.plus(1),
        text(at.plus(1), ip, agent, &request("GET", "/owa/", "-", "200 0 0")),
    );
    let mut now = at.plus(7);
    let actions = ["GetFolder", "FindItem", "GetItem", "GetItem", "FindItem", "GetItem"]
        .map(|it| format!("action={it}"));
    for query in &actions {
        let line = text(now, ip, agent, &request("POST", "/owa/service.svc", query, "200 0 0"));
        journal.write(Channel::Iis, now, line);
        now = now.plus((until.since(at) / 7).clamp(2, 900));
    }
    let left = text(until, ip, agent, &request("GET", "/owa/logoff.owa", "-", "302 0 0"));
    journal.write(Channel::Iis, until, left);
}

fn form(journal: &mut Journal, at: Moment, ip: Ipv4Addr, agent: &str) {
    let request = Request {
        method: "GET",
        stem: "/owa/auth/logon.aspx",
        query: "replaceCurrent=1&url=https%3a%2f%2fmail.arboria.example%2fowa%2f",
        user: "-",
        status: "200 0 0",
    };
    journal.write(Channel::Iis, at, text(at, ip, agent, &request));
}

/// A wrong name or password in the form: IIS keeps no name.
pub(crate) fn wrong_form(journal: &mut Journal, at: Moment, ip: Ipv4Addr, agent: &str) {
    let sent = Request {
        method: "POST",
        stem: "/owa/auth.owa",
        query: "&CorrelationID=<empty>;",
        user: "-",
        status: "302 0 0",
    };
    journal.write(Channel::Iis, at, text(at, ip, agent, &sent));
    let again = Request {
        method: "GET",
        stem: "/owa/auth/logon.aspx",
        query: "replaceCurrent=1&reason=2&url=https%3a%2f%2fmail.arboria.example%2fowa%2f",
        user: "-",
        status: "200 0 0",
    };
    journal.write(Channel::Iis, at.plus(1), text(at.plus(1), ip, agent, &again));
}

/// A wrong password to the web services, which take it with every request.
pub(crate) fn wrong_service(journal: &mut Journal, at: Moment, client: &Client<'_>) {
    let request = Request {
        method: "POST",
        stem: "/EWS/Exchange.asmx",
        query: "-",
        user: &named(client.user),
        status: "401 1 1326",
    };
    journal.write(Channel::Iis, at, text(at, client.ip, client.agent, &request));
}

/// A telephone asks for mail; `status` is `200 0 0`, or `401 1 1326` where its password is an old one.
pub(crate) fn sync(
    journal: &mut Journal,
    at: Moment,
    client: &Client<'_>,
    phone: Phone<'_>,
    status: &str,
) {
    let command = if at.0 / 1_000 % 3 == 0 { "Sync" } else { "Ping" };
    let query = format!(
        "Cmd={command}&User=ARBORIA%5C{}&DeviceId={}&DeviceType={}",
        client.user, phone.id, phone.kind
    );
    let request = Request {
        method: "POST",
        stem: "/Microsoft-Server-ActiveSync/default.eas",
        query: &query,
        user: &named(client.user),
        status,
    };
    journal.write(Channel::Iis, at, text(at, client.ip, client.agent, &request));
}
