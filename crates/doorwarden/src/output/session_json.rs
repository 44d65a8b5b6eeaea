//! One stitched session as a JSON object, keys as docs/output.md has them.
//!
//! Written by hand: a log may hold as many sessions as lines, and each is a line of a dozen short values.

use std::{io::Write as _, net::IpAddr};

use doorwarden_model::{Origin, Session};

use super::{event_json::put_time, json::put_text};
use crate::scan::Scan;

/// Appends the object as one line.
pub(crate) fn write(to: &mut Vec<u8>, session: &Session, scan: &Scan) {
    to.extend_from_slice(b"{\"id\":");
    put_id(to, session.number);
    to.extend_from_slice(b",\"user\":");
    put_text(to, &session.user);
    to.extend_from_slice(b",\"service\":\"");
    to.extend_from_slice(session.service.word().as_bytes());
    to.extend_from_slice(b"\",\"src_ip\":");
    put_ip(to, session.src_ip);
    to.extend_from_slice(b",\"assigned_ip\":");
    put_ip(to, session.assigned_ip);
    to.extend_from_slice(b",\"start\":\"");
    put_time(to, session.start);
    to.extend_from_slice(b"\",\"end\":");
    match session.end {
        Some(end) => {
            to.push(b'"');
            put_time(to, end);
            to.push(b'"');
        }
        None => to.extend_from_slice(b"null"),
    }
    to.extend_from_slice(b",\"hosts\":");
    put_list(to, &session.hosts, |to, it| put_text(to, it));
    to.extend_from_slice(b",\"factors\":");
    put_list(to, &session.factors, |to, it| put_text(to, it));
    to.extend_from_slice(b",\"explained_by\":");
    match session.explained_by {
        Some(outer) => put_id(to, outer),
        None => to.extend_from_slice(b"null"),
    }
    if session.is_orphan {
        to.extend_from_slice(b",\"orphan\":true");
    }
    to.extend_from_slice(b",\"events\":");
    put_list(to, &session.events, |to, it| put_origin(to, *it, scan));
    to.extend_from_slice(b"}\n");
}

fn put_id(to: &mut Vec<u8>, number: u64) {
    to.extend_from_slice(b"\"s-");
    for byte in number.to_be_bytes() {
        to.extend([byte >> 4, byte & 0xf].map(|it| it + if it < 10 { b'0' } else { b'a' - 10 }));
    }
    to.push(b'"');
}

fn put_ip(to: &mut Vec<u8>, ip: Option<IpAddr>) {
    // Writing into memory cannot fail.
    drop(match ip {
        Some(ip) => write!(to, "\"{ip}\""),
        None => write!(to, "null"),
    });
}

fn put_origin(to: &mut Vec<u8>, origin: Origin, scan: &Scan) {
    to.extend_from_slice(b"{\"file\":");
    put_text(to, scan.file(origin.file));
    let key: &[u8] = if origin.is_record { b",\"record\":" } else { b",\"line\":" };
    to.extend_from_slice(key);
    drop(write!(to, "{}}}", origin.line));
}

fn put_list<T>(to: &mut Vec<u8>, all: &[T], put: impl Fn(&mut Vec<u8>, &T)) {
    to.push(b'[');
    for (at, it) in all.iter().enumerate() {
        if 0 < at {
            to.push(b',');
        }
        put(to, it);
    }
    to.push(b']');
}

#[cfg(test)]
mod tests {
    use doorwarden_model::Service;
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn what_is_written_by_hand_is_json_whatever_the_names() {
        let user = "a\"\\\u{1b}\u{202e}é";
        let scan = Scan { names: vec!["vpn.log".to_owned()], ..crate::output::fixture::scan() };
        let mut session = Session {
            number: 0xab,
            account: None,
            user: user.into(),
            service: Service::Vpn,
            src_ip: "2001:db8::1".parse().ok(),
            assigned_ip: None,
            start: Timestamp::UNIX_EPOCH,
            end: None,
            hosts: [user, "b"].into_iter().map(Into::into).collect(),
            factors: ["push:success"].into_iter().map(Into::into).collect(),
            explained_by: None,
            is_orphan: true,
            events: [Origin { file: 0, line: 7, is_record: false }].into_iter().collect(),
        };
        let read = |session: &Session| {
            let mut line = Vec::new();
            write(&mut line, session, &scan);
            assert!(!String::from_utf8(line.clone()).unwrap().contains(['\u{1b}', '\u{202e}']));
            serde_json::from_slice::<serde_json::Value>(&line).unwrap()
        };
        let expected = serde_json::json!({
            "id": "s-00000000000000ab", "user": user, "service": "vpn", "src_ip": "2001:db8::1",
            "assigned_ip": null, "start": "1970-01-01T00:00:00.000Z", "end": null,
            "hosts": [user, "b"], "factors": ["push:success"], "explained_by": null,
            "orphan": true, "events": [{"file": "vpn.log", "line": 7}],
        });
        assert_eq!(read(&session), expected);
        session.end = Some(Timestamp::UNIX_EPOCH);
        session.explained_by = Some(u64::MAX);
        session.is_orphan = false;
        let line = read(&session);
        assert_eq!(line["explained_by"], "s-ffffffffffffffff");
        assert_eq!(line["end"], "1970-01-01T00:00:00.000Z");
        assert_eq!(line.get("orphan"), None);
    }
}
