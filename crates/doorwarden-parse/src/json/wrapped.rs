//! Records that collectors put into other objects, and how a record is told at all.

use bumpalo::{Bump, collections::Vec as BumpVec};
use memchr::memmem::{self, Finder};

use super::{elements, members};
use crate::{Parsed, Reject};

/// Deepest nesting that records are looked for in.
const DEPTH: usize = 8;
/// Members in which collectors and interfaces keep a record, or a list of them. No other is opened, and none that is
/// text: what a client sent may look like a record, too. Texts are opened where it is known who wrote the object.
const WRAPPERS: &[&str] = &[
    "event",
    "events",
    "detail",
    "data",
    "records",
    "value",
    "values",
    "items",
    "results",
    "result",
    "response",
    "authlogs",
    "logs",
    "entries",
    "rows",
    "_source",
    "jsonPayload",
    "json",
    "message",
    "fields",
    "source",
];
/// What a program's own logger writes: what it puts beside may be a client's.
const LOGGERS: &[&str] = &["level", "levelname", "logger", "logger_name", "loggerName"];

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

/// The objects in `json` that have a member `key`: itself, or what collectors put, as objects or lists, into
/// other objects.
pub(crate) fn holders<'r>(json: &'r str, key: &str, arena: &'r Bump) -> BumpVec<'r, &'r str> {
    let mut found = BumpVec::new_in(arena);
    collect(json, key, DEPTH, &mut found);
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

fn collect<'r>(json: &'r str, key: &str, depth: usize, found: &mut BumpVec<'r, &'r str>) {
    if depth == 0 || memmem::find(json.as_bytes(), key.as_bytes()).is_none() {
        return;
    }
    if json.trim_start().starts_with('[') {
        return elements(json).for_each(|it| collect(it, key, depth - 1, found));
    }
    if members(json).any(|(name, _)| name == key) {
        return found.push(json);
    }
    if members(json).any(|(name, _)| LOGGERS.contains(&&*name)) {
        return;
    }
    for (_, value) in members(json).filter(|(name, _)| WRAPPERS.contains(&&**name)) {
        collect(value, key, depth - 1, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_records_are_found_in_objects_and_arrays() {
        let arena = Bump::new();
        for json in [
            r#"{"key":1}"#,
            r#"{"time":1,"event":{"key":1}}"#,
            r#"{"records":[{"x":"key"},{"key":1}]}"#,
            r#"{"data":{"events":[{"key":1}]}}"#,
        ] {
            assert_eq!(holders(json, "key", &arena).as_slice(), [r#"{"key":1}"#], "{json}");
        }
    }

    #[test]
    fn what_a_client_sent_is_no_record() {
        let arena = Bump::new();
        for json in [
            r#"{"x":"the key"}"#,
            r#"{"userAgent":"{\"key\":1}"}"#,
            r#"{"message":"{\"key\":1}"}"#,
            r#"{"request":{"body":{"key":1}}}"#,
            r#"{"level":"info","data":{"key":1}}"#,
        ] {
            assert!(holders(json, "key", &arena).is_empty(), "{json}");
        }
    }

    #[test]
    fn keys_within_texts_are_none() {
        assert!(has_key(r#"{"a":{"key" : 1}}"#, "\"key\""));
        assert!(!has_key(r#"{"a":"{\"key\":1}","b":"key"}"#, "\"key\""));
    }
}
