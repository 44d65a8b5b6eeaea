//! Values by name, where a client may have written pairs of its own into its name.
//!
//! A device writes each name once. One that stands there twice was forged by what the client chose: what the device
//! wrote before the client's value came first; what it wrote behind it came last, but for a sentence at the end that
//! repeats the client's value.

use bumpalo::{Bump, collections::Vec as BumpVec};

/// More pairs than any device writes; a record with more is no record.
const CAP: usize = 256;

/// The pairs of one record.
#[derive(Debug)]
pub(crate) struct Named<'r> {
    pairs: BumpVec<'r, (&'r str, &'r str)>,
    /// Where the client's value stands.
    client: usize,
    /// Where the sentence stands that repeats it.
    echo: usize,
}

/// Who wrote what stands behind a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// The device's own words.
    Device,
    /// The client chose it.
    Client,
    /// A sentence that repeats what the client chose.
    Echo,
}

impl<'r> Named<'r> {
    /// Collects `pairs`; `None` where there are more than a device writes.
    pub(crate) fn collect(
        pairs: impl Iterator<Item = (&'r str, &'r str)>,
        author: fn(&str) -> Author,
        arena: &'r Bump,
    ) -> Option<Self> {
        let mut all = BumpVec::with_capacity_in(48, arena);
        all.extend(pairs.take(CAP + 1));
        if CAP < all.len() {
            return None;
        }
        let is_client = |it: &(&str, &str)| author(it.0) == Author::Client;
        let client = all.iter().position(is_client).unwrap_or(all.len());
        let echoes = all.iter().enumerate().skip(client);
        let mut echoes = echoes.filter(|(_, it)| author(it.0) == Author::Echo).map(|it| it.0);
        // A forged sentence stands in the name and again in the true sentence, which so is the middle one.
        let middle = echoes.clone().count() / 2;
        let echo = echoes.nth(middle).unwrap_or(all.len());
        Some(Self { pairs: all, client, echo })
    }

    /// The value of `name` as written, if it stands there.
    pub(crate) fn get(&self, name: &str) -> Option<&'r str> {
        let (at, first) = self.places(name).next()?;
        if at <= self.client || self.echo <= at {
            return Some(first);
        }
        self.places(name).take_while(|(at, _)| *at < self.echo).last().map(|it| it.1)
    }

    /// Every value of `name`, the forged ones included.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &'r str> {
        self.places(name).map(|it| it.1)
    }

    fn places(&self, name: &str) -> impl Iterator<Item = (usize, &'r str)> {
        let pairs = self.pairs.iter().enumerate();
        pairs.filter(move |(_, it)| it.0 == name).map(|(at, it)| (at, it.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(name: &str) -> Author {
        match name {
            "user" => Author::Client,
            "msg" => Author::Echo,
            _ => Author::Device,
        }
    }

    #[test]
    fn forged_repeats_do_not_count() {
        let arena = Bump::new();
        let forged = [("action", "login"), ("status", "success"), ("msg", "x")];
        let mut pairs = vec![("action", "fail"), ("user", "x")];
        pairs.extend(forged);
        pairs.extend([("status", "failed"), ("msg", "user x")]);
        pairs.extend(forged);
        let named = Named::collect(pairs.into_iter(), author, &arena).unwrap();
        assert_eq!(named.get("action"), Some("fail"));
        assert_eq!(named.get("status"), Some("failed"));
        assert_eq!(named.get("user"), Some("x"));
        assert_eq!(named.values("status").collect::<Vec<_>>(), ["success", "failed", "success"]);
    }

    #[test]
    fn a_flood_of_names_is_no_record() {
        let arena = Bump::new();
        let names: Vec<String> = (0..300).map(|it| it.to_string()).collect();
        let pairs = names.iter().map(|it| (it.as_str(), "1"));
        assert!(Named::collect(pairs, author, &arena).is_none());
    }
}
