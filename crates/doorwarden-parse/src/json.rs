//! Values out of a JSON object by path, without building a tree.
//!
//! Vendors' records are read here, not validated: what is asked for is found in one pass, everything else is skipped.
//! A record that is cut off gives what stood before the cut; a null, an empty object or another type where a path
//! leads on is simply "not there".

mod wrapped;

use std::borrow::Cow;

use bumpalo::Bump;
use smallvec::SmallVec;

pub(crate) use self::wrapped::{each_holder, finds_key, has_key, holders};

/// Fields that fit without a heap allocation.
const INLINE: usize = 32;

/// A set of paths, looked up together in one pass over the text.
#[derive(Debug)]
pub(crate) struct Paths {
    nodes: Vec<Node>,
    count: usize,
}

/// The keys that are looked for in one object.
#[derive(Debug, Default)]
struct Node {
    keys: Vec<Key>,
    /// Lengths of the keys, as a set of bits: most names in a record are told by it.
    lengths: u64,
}

/// A key, and what stands behind it.
#[derive(Debug)]
struct Key {
    name: Box<[u8]>,
    /// Position of the path that ends here.
    slot: Option<usize>,
    /// Node of the paths that lead on from here.
    child: Option<usize>,
}

impl Paths {
    /// Paths as lists of keys; a [`Fields`] answers by their position.
    pub(crate) fn new(paths: &[&[&str]]) -> Self {
        let mut nodes = vec![Node::default()];
        for (slot, path) in paths.iter().enumerate() {
            let mut at = 0;
            for (depth, name) in path.iter().enumerate() {
                let is_last = depth + 1 == path.len();
                let fresh = nodes.len();
                let Some(node) = nodes.get_mut(at) else { break };
                let Some(key) = node.key(name) else { break };
                if is_last {
                    key.slot = Some(slot);
                } else {
                    at = *key.child.get_or_insert(fresh);
                    if at == fresh {
                        nodes.push(Node::default());
                    }
                }
            }
        }
        Self { nodes, count: paths.len() }
    }

    /// Looks all paths up in `json`; `None` where it is no JSON object.
    pub(crate) fn find<'r>(&self, json: &'r str) -> Option<Fields<'r>> {
        let mut found = Fields(SmallVec::from_elem(None, self.count));
        let mut cursor = Cursor { text: json, bytes: json.as_bytes(), at: 0 };
        if cursor.blank() != Some(b'{') {
            return None;
        }
        let mut left = self.count;
        // A record that was cut off states what stands before the cut.
        let _is_whole = self.walk(0, &mut cursor, &mut found, &mut left).is_some();
        Some(found)
    }

    /// Reads one object that starts at the cursor; `None` where the text ends or is damaged.
    fn walk<'r>(
        &self,
        node: usize,
        cursor: &mut Cursor<'r>,
        found: &mut Fields<'r>,
        left: &mut usize,
    ) -> Option<()> {
        let node = self.nodes.get(node)?;
        cursor.at += 1;
        loop {
            if !cursor.next_key()? {
                return Some(());
            }
            let name = cursor.key()?;
            let first = cursor.blank()?;
            let Some(key) = node.find(name) else {
                cursor.skip(first)?;
                continue;
            };
            let start = cursor.at;
            match key.child {
                Some(child) if first == b'{' => self.walk(child, cursor, found, left)?,
                _ => cursor.skip(first)?,
            }
            if let Some(field) = key.slot.and_then(|it| found.0.get_mut(it))
                && field.is_none()
            {
                *field = cursor.text.get(start..cursor.at);
                *left = left.saturating_sub(1);
            }
            if *left == 0 {
                return None;
            }
        }
    }
}

impl Node {
    /// The key called `name`, made if there is none yet.
    fn key(&mut self, name: &str) -> Option<&mut Key> {
        let name = name.as_bytes();
        let known = self.keys.iter().position(|it| *it.name == *name);
        let at = known.unwrap_or(self.keys.len());
        if known.is_none() {
            self.lengths |= length_bit(name);
            self.keys.push(Key { name: name.into(), slot: None, child: None });
        }
        self.keys.get_mut(at)
    }

    #[inline]
    fn find(&self, name: &[u8]) -> Option<&Key> {
        if self.lengths & length_bit(name) == 0 {
            return None;
        }
        // Names of one length often start alike, but seldom end alike.
        self.keys.iter().find(|it| it.name.last() == name.last() && *it.name == *name)
    }
}

/// The bit of a name's length.
#[inline]
const fn length_bit(name: &[u8]) -> u64 {
    1 << (name.len() % 64)
}

/// A position in JSON text.
struct Cursor<'r> {
    text: &'r str,
    bytes: &'r [u8],
    at: usize,
}

impl<'r> Cursor<'r> {
    /// Skips white space; the byte that follows it.
    #[inline]
    fn blank(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            if b' ' < byte {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Goes to the next key of an object, behind its opening quote; `false` where the object ends.
    #[inline]
    fn next_key(&mut self) -> Option<bool> {
        loop {
            match self.blank()? {
                b'"' => {
                    self.at += 1;
                    return Some(true);
                }
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(false);
                }
                _ => return None,
            }
        }
    }

    /// Reads a key behind its opening quote, and the colon behind it.
    #[inline]
    fn key(&mut self) -> Option<&'r [u8]> {
        let start = self.at;
        self.string()?;
        let name = self.bytes.get(start..self.at - 1)?;
        if self.blank()? != b':' {
            return None;
        }
        self.at += 1;
        Some(name)
    }

    /// Goes behind the closing quote of a string whose opening quote was read: eight bytes at a time.
    #[inline]
    fn string(&mut self) -> Option<()> {
        loop {
            let Some(word) = self.bytes.get(self.at..)?.first_chunk::<8>() else {
                return self.string_at_end();
            };
            let word = u64::from_le_bytes(*word);
            let hits = equal(word, b'"') | equal(word, b'\\');
            if hits == 0 {
                self.at += 8;
                continue;
            }
            self.at += usize::from(lowest_byte(hits));
            if *self.bytes.get(self.at)? == b'"' {
                self.at += 1;
                return Some(());
            }
            // A backslash hides the byte behind it.
            self.at += 2;
        }
    }

    /// [`Self::string`] in the last bytes of the text.
    #[cold]
    fn string_at_end(&mut self) -> Option<()> {
        loop {
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    /// Skips the value that starts at the cursor with `first`.
    #[inline]
    fn skip(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' => {
                self.at += 1;
                self.string()
            }
            b'{' => self.container(b'{', b'}'),
            b'[' => self.container(b'[', b']'),
            _ => {
                let rest = self.bytes.get(self.at..)?;
                let ends = |it: &u8| matches!(it, b',' | b'}' | b']') || *it <= b' ';
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
                Some(())
            }
        }
    }

    /// Skips an object or array that starts at the cursor.
    fn container(&mut self, open: u8, close: u8) -> Option<()> {
        let mut depth = 0u32;
        loop {
            let rest = self.bytes.get(self.at..)?;
            // Braces and quotes stand close together: a plain loop beats a vectorised search here.
            let next = rest.iter().position(|it| *it == b'"' || *it == open || *it == close)?;
            self.at += next + 1;
            match *rest.get(next)? {
                b'"' => self.string()?,
                byte if byte == open => depth += 1,
                _ if depth == 1 => return Some(()),
                _ => depth -= 1,
            }
        }
    }
}

/// Marks the bytes of `word` that equal `byte`, by their highest bit; the lowest mark is exact, those above it may not
/// be (the zero-byte test of Mycroft).
#[inline]
const fn equal(word: u64, byte: u8) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zeroes = word ^ (ONES * byte as u64);
    zeroes.wrapping_sub(ONES) & !zeroes & (ONES << 7)
}

/// The number of the lowest marked byte.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "at most 64 zeros, so at most byte 8")]
const fn lowest_byte(marks: u64) -> u8 {
    (marks.trailing_zeros() / 8) as u8
}

/// What was found, by the position of its path: raw JSON text.
#[derive(Debug)]
pub(crate) struct Fields<'r>(SmallVec<[Option<&'r str>; INLINE]>);

impl<'r> Fields<'r> {
    /// The text at path `at`; numbers and booleans as written; absent where it is missing, null, empty or no scalar.
    pub(crate) fn text(&self, at: usize, arena: &'r Bump) -> Option<&'r str> {
        unquoted(self.raw(at)?, arena)
    }

    /// The whole number at path `at`, written as number or as text.
    pub(crate) fn int(&self, at: usize) -> Option<i64> {
        self.raw(at)?.trim_matches('"').parse().ok()
    }

    /// The boolean at path `at`.
    pub(crate) fn flag(&self, at: usize) -> Option<bool> {
        self.raw(at)?.parse().ok()
    }

    /// The JSON text at path `at`, whatever it is.
    pub(crate) fn raw(&self, at: usize) -> Option<&'r str> {
        *self.0.get(at)?
    }
}

/// A raw JSON scalar as text: unescaped where it is a string; absent where it is null, empty, an object or an array.
pub(crate) fn unquoted<'r>(raw: &'r str, arena: &'r Bump) -> Option<&'r str> {
    let raw = raw.trim();
    let text = match raw.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) if memchr::memchr(b'\\', inner.as_bytes()).is_none() => inner,
        Some(_) => arena.alloc_str(&sonic_rs::from_str::<String>(raw).ok()?),
        None if raw.starts_with(['{', '[']) || raw == "null" => return None,
        None => raw,
    };
    Some(text).filter(|it| !it.is_empty())
}

/// One value by path; for rare fields, where [`Paths`] is too much.
pub(crate) fn one<'r>(json: &'r str, path: &[&str], arena: &'r Bump) -> Option<&'r str> {
    unquoted(raw_one(json, path)?, arena)
}

/// The raw JSON text of one value by path.
pub(crate) fn raw_one<'r>(json: &'r str, path: &[&str]) -> Option<&'r str> {
    let mut value = json;
    for name in path {
        value = members(value).find(|(key, _)| key == name)?.1;
    }
    Some(value)
}

/// The elements of a raw JSON array.
pub(crate) fn elements(raw: &str) -> impl Iterator<Item = &str> {
    let mut cursor = Cursor { text: raw, bytes: raw.as_bytes(), at: 0 };
    let is_array = cursor.blank() == Some(b'[');
    cursor.at += 1;
    std::iter::from_fn(move || {
        let mut first = cursor.blank().filter(|_| is_array)?;
        while first == b',' {
            cursor.at += 1;
            first = cursor.blank()?;
        }
        let start = cursor.at;
        if first == b']' || first == b'}' {
            return None;
        }
        cursor.skip(first)?;
        cursor.text.get(start..cursor.at)
    })
}

/// The members of a raw JSON object.
pub(crate) fn members(raw: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut cursor = Cursor { text: raw, bytes: raw.as_bytes(), at: 0 };
    let is_object = cursor.blank() == Some(b'{');
    cursor.at += 1;
    std::iter::from_fn(move || {
        if !is_object || !cursor.next_key()? {
            return None;
        }
        let start = cursor.at;
        let len = cursor.key()?.len();
        let name = cursor.text.get(start..start + len)?;
        let first = cursor.blank()?;
        let start = cursor.at;
        cursor.skip(first)?;
        Some((plain(name), cursor.text.get(start..cursor.at)?))
    })
}

/// A key as text.
fn plain(name: &str) -> Cow<'_, str> {
    if name.contains('\\') {
        let quoted = format!("\"{name}\"");
        return sonic_rs::from_str::<String>(&quoted).map_or(Cow::Borrowed(name), Cow::Owned);
    }
    Cow::Borrowed(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_whatever_stands_around_them() {
        let paths = Paths::new(&[&["a", "b"], &["c"], &["a"], &["d", "e"], &["f", "g"]]);
        let json =
            r#" {"x":{"b":"]}"},"a": {"y":[1,{"b":2}], "b":"q\"}"} ,"c":-1.5,"d":null,"f":{}}"#;
        let arena = Bump::new();
        let fields = paths.find(json).unwrap();
        assert_eq!(fields.text(0, &arena), Some("q\"}"));
        assert_eq!(fields.text(1, &arena), Some("-1.5"));
        assert_eq!(fields.raw(2), Some(r#"{"y":[1,{"b":2}], "b":"q\"}"}"#));
        assert_eq!(fields.raw(3), None);
        assert_eq!(fields.raw(4), None);
    }

    #[test]
    fn a_cut_record_gives_what_stood_before_the_cut() {
        let paths = Paths::new(&[&["a"], &["b", "c"]]);
        let fields = paths.find(r#"{"a":"1","b":{"c":2,"d":"cut o"#).unwrap();
        assert_eq!((fields.int(0), fields.int(1)), (Some(1), Some(2)));
        assert!(paths.find("[1]").is_none());
    }
}
