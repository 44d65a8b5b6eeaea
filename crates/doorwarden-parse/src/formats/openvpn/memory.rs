//! What was said of a client before, by its address and port: later lines of one connection leave it out.

use std::net::IpAddr;

use compact_str::CompactString;
use doorwarden_model::{Activity, Event, Outcome};

use crate::{Ctx, Recent};

/// Clients by address and port.
#[derive(Debug, Default)]
pub(super) struct Peers {
    known: Recent<(IpAddr, u16), Known>,
}

/// What is known of one client.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The name that it signed in with.
    user: Option<CompactString>,
    /// Subject of its certificate, once it was verified.
    certificate: Option<CompactString>,
    /// Its program.
    client: Option<CompactString>,
    /// Its hardware address.
    device: Option<CompactString>,
    /// What became of its password.
    sign_in: Option<SignIn>,
}

/// What became of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SignIn {
    Succeeded,
    Failed,
    /// A script or plugin answers later.
    Deferred,
}

impl Known {
    /// Whether the name was accepted.
    pub(super) fn is_signed_in(&self) -> bool {
        self.sign_in == Some(SignIn::Succeeded)
    }

    /// Whether no password was asked for, as far as the log says.
    pub(super) fn has_no_password(&self) -> bool {
        self.sign_in.is_none()
    }

    /// Whether its certificate was verified.
    pub(super) fn has_certificate(&self) -> bool {
        self.certificate.is_some()
    }

    /// Fills in what `event` does not state itself.
    pub(super) fn complete<'r>(&self, event: &mut Event<'r>, ctx: &Ctx<'r, '_>) {
        let kept = |it: &Option<CompactString>| it.as_ref().map(|it| ctx.keep(it));
        if self.is_signed_in() && event.activity != Activity::Logon && self.user.is_some() {
            // The name before the address may be that of the certificate; the person signed in with this one.
            event.user = kept(&self.user);
        }
        event.user = event.user.or_else(|| kept(&self.user));
        if event.activity == Activity::Logon {
            event.certificate = event.certificate.or_else(|| kept(&self.certificate));
            event.client = event.client.or_else(|| kept(&self.client));
            event.device = event.device.or_else(|| kept(&self.device));
        }
    }
}

impl Peers {
    /// What is known of a client.
    pub(super) fn get(&self, peer: (IpAddr, u16)) -> Option<&Known> {
        self.known.get(&peer)
    }

    /// Forgets a client that is gone.
    pub(super) fn forget(&mut self, peer: (IpAddr, u16)) {
        self.known.remove(&peer);
    }

    /// Remembers what `event` states of a client.
    pub(super) fn note(&mut self, peer: (IpAddr, u16), event: &Event<'_>) {
        if self.known.get(&peer).is_none() {
            self.known.insert(peer, Known::default());
        }
        let Some(known) = self.known.get_mut(&peer) else { return };
        let set = |slot: &mut Option<CompactString>, text: Option<&str>| {
            if let Some(text) = text {
                *slot = Some(text.into());
            }
        };
        if event.outcome != Some(Outcome::Failure) {
            set(&mut known.certificate, event.certificate);
        }
        set(&mut known.client, event.client);
        set(&mut known.device, event.device);
        if event.activity == Activity::Logon && event.method != Some("certificate") {
            set(&mut known.user, event.user);
            known.sign_in = Some(match event.outcome {
                Some(Outcome::Success) => SignIn::Succeeded,
                Some(Outcome::Failure) => SignIn::Failed,
                None => SignIn::Deferred,
            });
        }
    }
}
