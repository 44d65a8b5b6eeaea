//! IIS in front of Exchange: Outlook on the web, `ActiveSync` and web services.

use std::net::IpAddr;

use super::Caller;
use crate::{
    company::machines::Phone,
    journal::{Channel, Journal, Says},
    moment::Moment,
};

/// What was asked for, and how the server answered.
struct Request<'a> {
    method: &'a str,
    stem: &'a str,
    query: &'a str,
    user: &'a str,
    status: &'a str,
}

fn text(at: Moment, ip: IpAddr, agent: &str, request: &Request<'_>) -> String {
    let Request { method, stem, query, user, status } = request;
    let (took, agent) = (at.seconds() % 230 + 9, agent.replace(' ', "+"));
    format!(
        "{} 10.16.1.30 {method} {stem} {query} 443 {user} {ip} {agent} - {status} {took}",
        at.w3c()
    )
}

/// Reads mail in the browser: the form, the mailbox, and a request now and then until `until`.
pub(crate) fn web_mail(journal: &mut Journal, (at, until): (Moment, Moment), caller: &Caller<'_>) {
    let (ip, agent) = (caller.ip, caller.machine.agent());
    let user = format!("{}\\{}", caller.netbios, caller.user);
    let request =
        |method, stem, query, status| Request { method, stem, query, user: &user, status };
    form(journal, at.plus(-9), ip, &agent);
    let sent = request("POST", "/owa/auth.owa", "&CorrelationID=<empty>;", "302 0 0");
    journal.state(Channel::Iis, at, &text(at, ip, &agent, &sent), caller.says("owa"));
    let mut now = at.plus(7);
    for query in ["action=GetFolder", "action=FindItem", "action=GetItem"] {
        let asked = request("POST", "/owa/service.svc", query, "200 0 0");
        journal.write(Channel::Iis, now, &text(now, ip, &agent, &asked));
        now = now.plus((until.since(at) / 4).clamp(2, 900));
    }
}

fn form(journal: &mut Journal, at: Moment, ip: IpAddr, agent: &str) {
    let request = Request {
        method: "GET",
        stem: "/owa/auth/logon.aspx",
        query: "replaceCurrent=1&url=https%3a%2f%2fmail%2fowa%2f",
        user: "-",
        status: "200 0 0",
    };
    journal.write(Channel::Iis, at, &text(at, ip, agent, &request));
}

/// A wrong name or password in the form: IIS keeps no name.
pub(crate) fn wrong_form(journal: &mut Journal, at: Moment, ip: IpAddr, agent: &str) {
    let sent = Request {
        method: "POST",
        stem: "/owa/auth.owa",
        query: "&CorrelationID=<empty>;",
        user: "-",
        status: "302 0 0",
    };
    journal.write(Channel::Iis, at, &text(at, ip, agent, &sent));
    let again = Request {
        method: "GET",
        stem: "/owa/auth/logon.aspx",
        query: "replaceCurrent=1&reason=2&url=https%3a%2f%2fmail%2fowa%2f",
        user: "-",
        status: "200 0 0",
    };
    let says = Says { account: "", ip: Some(ip), service: "owa" };
    journal.state(Channel::Iis, at.plus(1), &text(at.plus(1), ip, agent, &again), says);
}

/// A request to the web services, which take the password every time; `status` says whether it was right.
pub(crate) fn service(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    agent: &str,
    status: &str,
) {
    let user = format!("{}\\{}", caller.netbios, caller.user);
    let request =
        Request { method: "POST", stem: "/EWS/Exchange.asmx", query: "-", user: &user, status };
    journal.state(Channel::Iis, at, &text(at, caller.ip, agent, &request), caller.says("owa"));
}

/// A wrong password.
pub(crate) const WRONG: &str = "401 1 1326";
/// An account that is switched off.
pub(crate) const DISABLED: &str = "401 1 1331";
/// A right one.
pub(crate) const RIGHT: &str = "200 0 0";

/// A telephone asks for mail; `status` says whether its password was right.
pub(crate) fn sync(
    journal: &mut Journal,
    at: Moment,
    caller: &Caller<'_>,
    phone: &Phone,
    status: &str,
) {
    let command = if at.seconds() % 3 == 0 { "Sync" } else { "Ping" };
    let (kind, agent) = if phone.is_apple {
        ("iPhone", "Apple-iPhone16C2/2203.81")
    } else {
        ("Android", "Android-Mail/2025.02")
    };
    let query = format!(
        "Cmd={command}&User={}%5C{}&DeviceId={}&DeviceType={kind}",
        caller.netbios, caller.user, phone.id
    );
    let request = Request {
        method: "POST",
        stem: "/Microsoft-Server-ActiveSync/default.eas",
        query: &query,
        user: &format!("{}\\{}", caller.netbios, caller.user),
        status,
    };
    journal.state(Channel::Iis, at, &text(at, caller.ip, agent, &request), caller.says("owa"));
}
