//! Records that collectors put into other objects, and how a record is told at all.

use bumpalo::{Bump, collections::Vec as BumpVec};
use memchr::memmem::{self, Finder};

use super::{Cursor, elements, members, unquoted};
use crate::{Parsed, Reject};

/// Deepest nesting that records are looked for in.
const DEPTH: usize = 8;
/// Members in which collectors keep a record as text. No other text is opened: a name or a user agent may look like a
/// record, too.
const WRAPPERS: &[&str] = &[
    "message", "Message", "@message", "msg", "original", "event", "log", "body", "payload", "data",
    "_raw", "raw", "record", "content",
];
/// Whether some object in `json` has the member `key`, which is given with its quotes. What stands within a text has
/// its quotes escaped, so no name or user agent can feign it.
pub(crate) fn has_key(json: &str, key: &str) -> bool {
    finds_key(json, &Finder::new(key))
}

/// [`has_key`], for keys that are looked for in every record.
pub(crate) fn finds_key(json: &str, key: &Finder<'_>) -> bool {
    let bytes = json.as_bytes();
    key.find_iter(bytes).any(|at| {
        let behind = bytes.get(at + key.needle().len()..).unwrap_or_default();
        behind.iter().find(|it| b' ' < **it) == Some(&b':')
    })
}

/// Whether `is_it` holds for `json`, or for the record that a collector keeps in it as text.
pub(crate) fn is_within(json: &str, is_it: fn(&str) -> bool) -> bool {
    is_within_depth(json, is_it, 3)
}

fn is_within_depth(json: &str, is_it: fn(&str) -> bool, depth: usize) -> bool {
    if is_it(json) {
        return true;
    }
    let inner = kept_text(json).and_then(|it| sonic_rs::from_str::<String>(it).ok());
    0 < depth && inner.is_some_and(|it| is_within_depth(&it, is_it, depth - 1))
}

/// The text, still quoted, in which a collector keeps a record.
fn kept_text(json: &str) -> Option<&str> {
    memmem::find_iter(json.as_bytes(), b"\"{").find_map(|at| {
        let (before, from) = json.split_at_checked(at)?;
        let name = before.trim_end().strip_suffix(':')?.trim_end().strip_suffix('"')?;
        let name = name.rsplit('"').next()?;
        if !WRAPPERS.contains(&name) {
            return None;
        }
        let mut cursor = Cursor { text: from, bytes: from.as_bytes(), at: 1 };
        cursor.string()?;
        from.get(..cursor.at)
    })
}

/// The objects in `json` that have a member `key`: itself, or what collectors put, as objects, lists or text, into
/// other objects.
pub(crate) fn holders<'r>(json: &'r str, key: &str, arena: &'r Bump) -> BumpVec<'r, &'r str> {
    let mut found = BumpVec::new_in(arena);
    collect(json, key, DEPTH, arena, &mut found);
    found
}

/// Reads each of [`holders`]; an event among them outweighs what states nothing. `None` where there is none.
pub(crate) fn each_holder<'r>(
    json: &'r str,
    key: &str,
    arena: &'r Bump,
    mut read: impl FnMut(&'r str) -> Result<Parsed, Reject>,
) -> Result<Option<Parsed>, Reject> {
    let mut parsed = None;
    for inner in holders(json, key, arena) {
        let one = read(inner)?;
        parsed = Some(parsed.filter(|it| *it == Parsed::Event).unwrap_or(one));
    }
    Ok(parsed)
}

fn collect<'r>(
    json: &'r str,
    key: &str,
    depth: usize,
    arena: &'r Bump,
    found: &mut BumpVec<'r, &'r str>,
) {
    if depth == 0 || memmem::find(json.as_bytes(), key.as_bytes()).is_none() {
        return;
    }
    if json.trim_start().starts_with('[') {
        return elements(json).for_each(|it| collect(it, key, depth - 1, arena, found));
    }
    if members(json).any(|(name, _)| name == key) {
        return found.push(json);
    }
    for (name, value) in members(json) {
        let kept = value.starts_with('"') && WRAPPERS.contains(&&*name);
        let value = if kept { unquoted(value, arena).unwrap_or_default() } else { value };
        collect(value, key, depth - 1, arena, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_records_are_found_in_objects_arrays_and_text() {
        let arena = Bump::new();
        for json in [
            r#"{"key":1}"#,
            r#"{"event":{"original":"{\"key\":1}"}}"#,
            r#"{"records":[{"x":"key"},{"key":1}]}"#,
            r#"{"message":"{\"data\":{\"events\":[{\"key\":1}]}}"}"#,
        ] {
            assert_eq!(holders(json, "key", &arena).as_slice(), [r#"{"key":1}"#], "{json}");
        }
        assert!(holders(r#"{"x":"the key"}"#, "key", &arena).is_empty());
        assert!(holders(r#"{"userAgent":"{\"key\":1}"}"#, "key", &arena).is_empty());
    }

    #[test]
    fn keys_within_texts_are_none() {
        let is_it = |json: &str| has_key(json, "\"key\"");
        assert!(has_key(r#"{"a":{"key" : 1}}"#, "\"key\""));
        assert!(!has_key(r#"{"a":"{\"key\":1}","b":"key"}"#, "\"key\""));
        assert!(is_within(r#"{"event":{"original": "{\"key\":1}"}}"#, is_it));
        assert!(!is_within(r#"{"userAgent":"{\"key\":1}"}"#, is_it));
    }
}
