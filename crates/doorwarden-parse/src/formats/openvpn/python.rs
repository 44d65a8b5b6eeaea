//! Dictionaries as Python prints them: `{'status': 0, 'user': 'ana', 'proplist': {...}}`.

use crate::Ctx;

/// The raw value of `key` in the dictionary at the start of `text`; keys of inner dictionaries do not count.
pub(super) fn value<'r>(text: &'r str, key: &str) -> Option<&'r str> {
    let mut rest = text.strip_prefix('{')?;
    loop {
        let end = item_end(rest);
        let (item, tail) = rest.split_at_checked(end)?;
        let (name, value) = item.split_at_checked(key_end(item))?;
        if name.trim().trim_start_matches('u').trim_matches(['\'', '"']) == key {
            // A value that was cut off is none.
            return value.strip_prefix(':').filter(|_| !tail.is_empty()).map(str::trim);
        }
        rest = tail.strip_prefix(',')?;
    }
}

/// The text of a string, unescaped; absent for `None`, an empty text, a dictionary or a list.
pub(super) fn text<'r>(raw: &'r str, ctx: &Ctx<'r, '_>) -> Option<&'r str> {
    let quoted = raw.strip_prefix(['u', 'b']).unwrap_or(raw);
    let inner =
        ['\'', '"'].into_iter().find_map(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote));
    let Some(inner) = inner else {
        let is_scalar = !raw.starts_with(['{', '[', '(']) && !matches!(raw, "" | "None");
        return is_scalar.then_some(raw);
    };
    (!inner.is_empty()).then(|| unescaped(inner, ctx))
}

/// `text` without the backslashes that hide quotes and backslashes; other escapes stay as they are.
pub(super) fn unescaped<'r>(text: &'r str, ctx: &Ctx<'r, '_>) -> &'r str {
    if !text.contains('\\') {
        return text;
    }
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some(hidden @ ('\'' | '"' | '\\')) => plain.push(hidden),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    ctx.keep(&plain)
}

/// Where the item at the start of `text` ends: at its comma, or at the closing bracket.
fn item_end(text: &str) -> usize {
    scan(text, |byte, depth| depth == 0 && matches!(byte, b',' | b'}'))
}

/// Where the key at the start of `item` ends: at its colon.
fn key_end(item: &str) -> usize {
    scan(item, |byte, depth| depth == 0 && byte == b':')
}

/// The first byte outside quotes for which `is_end` holds, given how deep in brackets it stands.
fn scan(text: &str, is_end: impl Fn(u8, u32) -> bool) -> usize {
    let (mut quote, mut is_escaped, mut depth) = (None, false, 0u32);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            _ if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(open), _) if byte == open => quote = None,
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, _) if is_end(byte, depth) => return at,
            (None, b'{' | b'[' | b'(') => depth += 1,
            (None, b'}' | b']' | b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}
