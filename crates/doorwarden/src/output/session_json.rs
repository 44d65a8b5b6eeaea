//! One stitched session as a JSON object, keys as docs/output.md has them.

use std::net::IpAddr;

use doorwarden_model::Session;
use serde::Serialize;

use super::{
    event_json::time,
    incident_json::{EvidenceShape, origin_shape},
};
use crate::scan::Scan;

#[derive(Serialize)]
struct SessionShape<'a> {
    id: &'a str,
    user: &'a str,
    service: &'static str,
    src_ip: Option<IpAddr>,
    assigned_ip: Option<IpAddr>,
    start: String,
    end: Option<String>,
    hosts: &'a [String],
    factors: &'a [String],
    explained_by: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    orphan: bool,
    events: Vec<EvidenceShape<'a>>,
}

/// Appends the object as one line.
pub(crate) fn write(to: &mut Vec<u8>, session: &Session, scan: &Scan) {
    let shape = SessionShape {
        id: &session.id,
        user: &session.user,
        service: session.service.word(),
        src_ip: session.src_ip,
        assigned_ip: session.assigned_ip,
        start: time(session.start),
        end: session.end.map(time),
        hosts: &session.hosts,
        factors: &session.factors,
        explained_by: session.explained_by.as_deref(),
        orphan: session.is_orphan,
        events: session.events.iter().map(|it| origin_shape(*it, scan)).collect(),
    };
    super::json::append(to, &shape);
    to.push(b'\n');
}
