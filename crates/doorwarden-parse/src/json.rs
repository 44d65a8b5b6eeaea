//! Values out of a JSON object by path, without building a tree.

use std::borrow::Cow;

use bumpalo::Bump;
use sonic_rs::{JsonValueTrait, LazyValue, PointerTree};

/// A set of paths, looked up together in one pass over the text.
#[derive(Debug)]
pub(crate) struct Paths {
    tree: PointerTree,
}

impl Paths {
    /// Paths as lists of keys; a [`Fields`] answers by their position.
    pub(crate) fn new(paths: &[&[&str]]) -> Self {
        let mut tree = PointerTree::new();
        for path in paths {
            tree.add_path(path.iter());
        }
        Self { tree }
    }

    /// Looks all paths up in `json`; `None` where it is no JSON object as far as it was read.
    pub(crate) fn find<'r>(&self, json: &'r str) -> Option<Fields<'r>> {
        sonic_rs::get_many(json, &self.tree).ok().map(Fields)
    }
}

/// What was found, by the position of its path.
#[derive(Debug)]
pub(crate) struct Fields<'r>(Vec<Option<LazyValue<'r>>>);

impl<'r> Fields<'r> {
    /// The text at path `at`; numbers and booleans as written; absent where it is missing, null, empty or no scalar.
    pub(crate) fn text(&self, at: usize, arena: &'r Bump) -> Option<&'r str> {
        scalar(self.0.get(at)?.as_ref()?, arena)
    }

    /// The whole number at path `at`, written as number or as text.
    pub(crate) fn int(&self, at: usize) -> Option<i64> {
        let value = self.0.get(at)?.as_ref()?;
        value.as_i64().or_else(|| value.as_str().and_then(|it| it.parse().ok()))
    }

    /// The boolean at path `at`.
    pub(crate) fn flag(&self, at: usize) -> Option<bool> {
        self.0.get(at)?.as_ref()?.as_bool()
    }

    /// The JSON text at path `at`, whatever it is.
    pub(crate) fn raw(&self, at: usize) -> Option<&'r str> {
        match self.0.get(at)?.as_ref()?.as_raw_cow() {
            Cow::Borrowed(text) => Some(text),
            Cow::Owned(_) => None,
        }
    }
}

/// A scalar as text.
fn scalar<'r>(value: &LazyValue<'r>, arena: &'r Bump) -> Option<&'r str> {
    if let Cow::Borrowed(raw) = value.as_raw_cow() {
        return unquoted(raw, arena);
    }
    None
}

/// A raw JSON scalar as text: unescaped where it is a string; absent where it is null, empty, an object or an array.
pub(crate) fn unquoted<'r>(raw: &'r str, arena: &'r Bump) -> Option<&'r str> {
    let raw = raw.trim();
    let text = match raw.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) if !inner.contains('\\') => inner,
        Some(_) => arena.alloc_str(&sonic_rs::from_str::<String>(raw).ok()?),
        None if raw.starts_with(['{', '[']) || raw == "null" => return None,
        None => raw,
    };
    Some(text).filter(|it| !it.is_empty())
}

/// One value by path; for rare fields, where [`Paths`] is too much.
pub(crate) fn one<'r>(json: &'r str, path: &[&str], arena: &'r Bump) -> Option<&'r str> {
    let found = sonic_rs::get(json, path.iter()).ok()?;
    scalar(&found, arena)
}

/// The elements of a raw JSON array.
pub(crate) fn elements(raw: &str) -> impl Iterator<Item = &str> {
    sonic_rs::to_array_iter(raw).filter_map(|it| match it.ok()?.as_raw_cow() {
        Cow::Borrowed(text) => Some(text),
        Cow::Owned(_) => None,
    })
}

/// The members of a raw JSON object.
pub(crate) fn members<'r>(raw: &'r str) -> impl Iterator<Item = (Cow<'r, str>, &'r str)> {
    sonic_rs::to_object_iter(raw).filter_map(|it| {
        let (key, value) = it.ok()?;
        match value.as_raw_cow() {
            Cow::Borrowed(text) => Some((Cow::Owned(AsRef::<str>::as_ref(&key).to_owned()), text)),
            Cow::Owned(_) => None,
        }
    })
}
