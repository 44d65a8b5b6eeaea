//! The columns of a W3C log: by its `#Fields:`, else by the order that IIS always writes.

use crate::record::{address, address_port};

/// Most columns that are looked at.
pub(super) const CAP: usize = NOWHERE as usize;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Nothing that is read.
    #[default]
    None,
    Date,
    Time,
    Computer,
    Server,
    Method,
    Stem,
    Query,
    Port,
    User,
    Client,
    Agent,
    Referer,
    Status,
    Substatus,
    Win32,
    Forwarded,
}

/// How many roles there are.
pub(super) const ROLES: usize = 17;

/// Names of `#Fields:` in small letters, and their roles.
const NAMES: &[(&str, Role)] = &[
    ("date", Role::Date),
    ("time", Role::Time),
    ("s-computername", Role::Computer),
    ("s-ip", Role::Server),
    ("cs-method", Role::Method),
    ("cs-uri-stem", Role::Stem),
    ("cs-uri-query", Role::Query),
    ("s-port", Role::Port),
    ("cs-username", Role::User),
    ("c-ip", Role::Client),
    ("cs(user-agent)", Role::Agent),
    ("cs(referer)", Role::Referer),
    ("sc-status", Role::Status),
    ("sc-substatus", Role::Substatus),
    ("sc-win32-status", Role::Win32),
];

/// Words in the names of columns that hold the address which a proxy or load balancer saw.
const FORWARDED: &[&str] = &[
    "forwarded-for",
    "original-for",
    "originalip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-real-ip",
    "client-ip",
    "clientip",
];

/// Which column says what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    /// Column of each role; [`CAP`] where there is none.
    at: [u8; ROLES],
    /// How many columns a row has.
    pub(super) count: usize,
}

/// A role that no column has.
const NOWHERE: u8 = 48;

impl Columns {
    const fn empty(count: usize) -> Self {
        Self { at: [NOWHERE; ROLES], count }
    }

    fn set(&mut self, role: Role, column: usize) {
        if let (Some(slot), Ok(column)) = (self.at.get_mut(role as usize), u8::try_from(column)) {
            *slot = column.min(NOWHERE);
        }
    }

    /// The column of `role`.
    #[inline]
    pub(super) fn of(&self, role: Role) -> usize {
        self.at.get(role as usize).map_or(CAP, |it| usize::from(*it))
    }

    /// What `#Fields: ` names.
    pub(super) fn named(list: &str) -> Self {
        let mut columns = Self::empty(list.split_ascii_whitespace().count());
        for (column, name) in list.split_ascii_whitespace().enumerate() {
            let name = name.to_ascii_lowercase();
            let known = NAMES.iter().find(|(it, _)| *it == name).map(|(_, role)| *role);
            let is_forwarded = || FORWARDED.iter().any(|it| name.contains(it));
            match known {
                Some(role) => columns.set(role, column),
                None if is_forwarded() => columns.set(Role::Forwarded, column),
                None => {}
            }
        }
        columns
    }

    /// What the columns of a row without a head must be: IIS writes those that were chosen in one order, so the method
    /// before a path, and the status with two more numbers behind it, give the others away.
    pub(super) fn guessed(row: &str) -> Option<Self> {
        let fields: smallvec::SmallVec<[&str; CAP]> = row.split(' ').take(CAP).collect();
        let get = |at: usize| fields.get(at).copied().unwrap_or_default();
        let stem = (3..fields.len().min(8)).find(|at| get(*at).starts_with(['/', '*']))?;
        let mut columns = Self::empty(fields.len());
        columns.set(Role::Date, 0);
        columns.set(Role::Time, 1);
        if is_method(get(stem - 1)) {
            columns.set(Role::Method, stem - 1);
        }
        let order = [Role::Stem, Role::Query, Role::Port, Role::User, Role::Client];
        for (offset, role) in order.iter().enumerate() {
            columns.set(*role, stem + offset);
        }
        address(get(stem + 4))?;
        // `s-sitename s-computername s-ip` stand before the method, as many of them as there are.
        if address(get(stem.checked_sub(2)?)).is_some() {
            columns.set(Role::Server, stem - 2);
            if 5 <= stem {
                columns.set(Role::Computer, stem - 3);
            }
        }
        let agent = if get(stem + 5).starts_with("HTTP/") { stem + 6 } else { stem + 5 };
        columns.set(Role::Agent, agent);
        let is_number =
            |at: usize| !get(at).is_empty() && get(at).bytes().all(|it| it.is_ascii_digit());
        let status = (agent + 1..fields.len()).find(|at| {
            get(*at).len() == 3 && is_number(*at) && is_number(at + 1) && is_number(at + 2)
        })?;
        columns.set(Role::Status, status);
        columns.set(Role::Substatus, status + 1);
        columns.set(Role::Win32, status + 2);
        // Own fields come last; an address among them is what a proxy saw.
        let is_address =
            |at: &usize| first_address(get(*at)).is_some() && get(*at).contains(['.', ':']);
        if let Some(forwarded) = (status + 3..fields.len()).find(is_address) {
            columns.set(Role::Forwarded, forwarded);
        }
        Some(columns)
    }
}

/// Whether `word` is a method of HTTP or of its relatives.
fn is_method(word: &str) -> bool {
    (3..=24).contains(&word.len()) && word.bytes().all(|it| it.is_ascii_uppercase() || it == b'_')
}

/// The first address of a list that a proxy wrote.
pub(super) fn first_address(list: &str) -> Option<std::net::IpAddr> {
    addresses(list).next()
}

/// The addresses of `203.0.113.7:443,+198.51.100.2`.
pub(super) fn addresses(list: &str) -> impl Iterator<Item = std::net::IpAddr> {
    list.split([',', '+', ';']).filter_map(|it| Some(address_port(it.trim())?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_head_gives_its_columns_away() {
        let row = "2026-01-02 03:04:05 W3SVC1 EX01 192.0.2.1 POST /owa/auth.owa - 443 - 203.0.113.7 HTTP/1.1 Agent - - \
                   mail.example 302 0 0 1 2 3 198.51.100.7";
        let columns = Columns::guessed(row).unwrap();
        for (role, at) in [
            (Role::Computer, 3),
            (Role::Server, 4),
            (Role::Method, 5),
            (Role::User, 9),
            (Role::Client, 10),
            (Role::Agent, 12),
            (Role::Status, 16),
            (Role::Forwarded, 22),
        ] {
            assert_eq!(columns.of(role), at, "{role:?}");
        }
    }

    #[test]
    fn named_columns_may_stand_in_any_order() {
        let columns = Columns::named("date time c-ip cs-username X-Forwarded-For sc-status");
        assert_eq!(columns.of(Role::Client), 2);
        assert_eq!(columns.of(Role::Forwarded), 4);
        assert_eq!(columns.of(Role::Stem), CAP);
    }
}
