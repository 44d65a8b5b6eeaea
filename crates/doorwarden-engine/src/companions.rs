//! What a sign-in's neighbours state about it: the device and the certificate, which gateways log in lines of their own.

use compact_str::CompactString;
use doorwarden_model::{Event, hash64};

use crate::{
    names::lower,
    table::{KeyMap, Table},
};

/// Neighbours lie at most this far before the sign-in, in milliseconds.
const WINDOW: i64 = 60_000;
/// Names remembered.
const CAP: usize = 32_768;
/// Devices and certificates whose texts are kept.
const LABELS: usize = 65_536;

/// What was stated last of one name on one gateway.
#[derive(Debug, Clone, Copy, Default)]
struct Stated {
    millis: i64,
    device: Option<u64>,
    certificate: Option<u64>,
}

/// Devices and certificates by name and gateway.
#[derive(Debug)]
pub(crate) struct Companions {
    stated: Table<Stated>,
    labels: KeyMap<u64, CompactString>,
}

impl Companions {
    pub(crate) fn new() -> Self {
        Self { stated: Table::new(CAP), labels: KeyMap::default() }
    }

    /// Device and certificate of `event`: its own, else those that a neighbour stated.
    pub(crate) fn of(
        &mut self,
        event: &Event<'_>,
        host: u64,
        millis: i64,
    ) -> (Option<u64>, Option<u64>) {
        let is_by_certificate = event.method == Some("certificate");
        let is_silent = event.device.is_none() && event.certificate.is_none() && !is_by_certificate;
        let Some(name) = event.user.or_else(|| common_name(event.certificate?)) else {
            return (None, None);
        };
        let name = lower(name);
        let key = hash64(host, name.as_bytes());
        if is_silent {
            let stated = self.stated.get(key, millis).filter(|it| millis - it.millis <= WINDOW);
            return stated.map_or((None, None), |it| (it.device, it.certificate));
        }
        let device = event.device.map(|it| self.label(61, it));
        let certificate = match event.certificate {
            Some(certificate) => Some(self.label(60, certificate)),
            // The gateway says that a certificate was used, not which: it is this name's.
            None if is_by_certificate => {
                Some(self.label(60, &format!("the certificate of {name}")))
            }
            None => None,
        };
        let stated = self.stated.get_or(key, millis, Stated::default);
        if WINDOW < millis - stated.millis {
            *stated = Stated::default();
        }
        stated.millis = millis;
        stated.device = device.or(stated.device);
        // A subject or serial says more than that there was one.
        if event.certificate.is_some() || stated.certificate.is_none() {
            stated.certificate = certificate.or(stated.certificate);
        }
        (stated.device, stated.certificate)
    }

    fn label(&mut self, seed: u64, text: &str) -> u64 {
        let key = hash64(seed, text.to_ascii_lowercase().as_bytes());
        if self.labels.len() < LABELS {
            self.labels.entry(key).or_insert_with(|| text.into());
        }
        key
    }

    /// The text of a device or certificate.
    pub(crate) fn text(&self, key: u64) -> &str {
        self.labels.get(&key).map_or("", CompactString::as_str)
    }
}

/// The common name in a certificate's subject.
fn common_name(subject: &str) -> Option<&str> {
    let at = subject.find("CN=").or_else(|| subject.find("cn="))?;
    let name = subject.get(at + 3..)?;
    Some(name.split([',', '/', '+', ';']).next().unwrap_or(name).trim())
}

#[cfg(test)]
mod tests {
    use doorwarden_model::{Activity, Service};
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_sign_in_takes_what_was_stated_just_before() {
        let mut companions = Companions::new();
        let new = |user| {
            let mut event = Event::new("x", Service::Vpn, Activity::Other, Timestamp::UNIX_EPOCH);
            event.user = user;
            event
        };
        let mut certificate = new(None);
        certificate.certificate = Some("serial 7, CN=Ana,O=Corp");
        let mut device = new(Some("ana"));
        device.device = Some("LAPTOP-7");
        companions.of(&certificate, 1, 100_000);
        companions.of(&device, 1, 101_000);
        let (device, certificate) = companions.of(&new(Some("ana")), 1, 102_000);
        assert_eq!(device.map(|it| companions.text(it)), Some("LAPTOP-7"));
        assert_eq!(certificate.map(|it| companions.text(it)), Some("serial 7, CN=Ana,O=Corp"));
        assert_eq!(companions.of(&new(Some("ana")), 2, 102_000), (None, None), "another gateway");
        assert_eq!(companions.of(&new(Some("ana")), 1, 900_000), (None, None), "long after");
    }
}
