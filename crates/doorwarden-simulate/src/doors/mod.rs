//! How each product writes what happens at it.

pub(crate) mod asa;
pub(crate) mod citrix;
pub(crate) mod duo;
pub(crate) mod entra;
pub(crate) mod global_protect;
pub(crate) mod iis;
pub(crate) mod okta;
pub(crate) mod radius;
pub(crate) mod sshd;
pub(crate) mod windows;

use std::net::IpAddr;

use crate::{company::machines::Machine, journal::Says, random::Random};

/// Who stands at a door.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'a> {
    /// Account, bare.
    pub(crate) user: &'a str,
    /// First and last name.
    pub(crate) name: &'a str,
    /// Domain behind the account where it is a mail address.
    pub(crate) domain: &'a str,
    /// The directory's short name.
    pub(crate) netbios: &'a str,
    /// Where from.
    pub(crate) ip: IpAddr,
    /// With what.
    pub(crate) machine: &'a Machine,
    /// Session at the identity provider: 22 letters.
    pub(crate) session: &'a str,
}

impl<'a> Caller<'a> {
    /// What a record states of a sign-in of this caller.
    pub(crate) const fn says(&self, service: &'static str) -> Says<'a> {
        Says { account: self.user, ip: Some(self.ip), service }
    }

    /// The account as a mail address.
    pub(crate) fn mail(&self) -> String {
        format!("{}@{}", self.user, self.domain)
    }
}

/// Why a sign-in is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A wrong password.
    Password,
    /// Nobody has that name.
    Unknown,
    /// The password has expired.
    Expired,
    /// The account is switched off.
    Disabled,
}

/// How a second factor was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes.
    Approved,
    /// No.
    Denied,
    /// Not at all.
    Nothing,
}

/// An id that follows from what it is of.
fn id(of: &str, len: usize) -> String {
    Random::new(7, of).text("abcdefghijkmnpqrstuvwxyz0123456789", len)
}

/// A globally unique id that follows from what it is of.
fn guid(of: &str) -> String {
    let mut random = Random::new(9, of);
    let mut part = |len| random.hex(len);
    format!("{}-{}-4{}-a{}-{}", part(8), part(4), part(3), part(3), part(12))
}
