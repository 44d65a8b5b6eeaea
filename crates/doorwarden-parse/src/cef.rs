//! CEF and LEEF, the envelopes that appliances and collectors put around their records.
//!
//! What the names in them mean is the formats' business.

use bumpalo::{Bump, collections::String as BumpString};
use memchr::{memchr_iter, memmem};

/// A record in CEF or LEEF.
#[derive(Debug, Clone)]
pub(crate) struct Envelope<'r> {
    /// Who made the product.
    pub(crate) vendor: &'r str,
    /// The product.
    pub(crate) product: &'r str,
    /// CEF's signature id, LEEF's event id.
    pub(crate) event: &'r str,
    /// CEF's name; empty in LEEF.
    pub(crate) name: &'r str,
    /// The `key=value` pairs.
    pub(crate) pairs: Pairs<'r>,
}

/// Bytes looked at for the envelope's start: relays' headers are shorter.
const REACH: usize = 512;

/// The envelope in `body`, behind whatever header a relay left in front of it.
pub(crate) fn envelope(body: &str) -> Option<Envelope<'_>> {
    let reach = body.as_bytes().get(..REACH).unwrap_or(body.as_bytes());
    let at = memmem::find(reach, b"EF:")?;
    let (before, after) = (body.get(..at)?, body.get(at + 3..)?);
    let after = after.trim_start_matches(' ');
    if before.ends_with("LE") {
        return leef(after);
    }
    if before.ends_with('C') { cef(after) } else { None }
}

/// `0|vendor|product|version|signature|name|severity|extension`
fn cef(text: &str) -> Option<Envelope<'_>> {
    let (_, rest) = header_field(text)?;
    let (vendor, rest) = header_field(rest)?;
    let (product, rest) = header_field(rest)?;
    let (_, rest) = header_field(rest)?;
    let (event, rest) = header_field(rest)?;
    let (name, rest) = header_field(rest)?;
    // Some devices' templates forget the severity.
    let extension = match rest.split_once('|') {
        Some((severity, extension)) if !severity.contains('=') => extension,
        _ => rest,
    };
    let pairs = Pairs { rest: extension, separator: ' ' };
    Some(Envelope { vendor, product, event, name, pairs })
}

/// `1.0|vendor|product|version|event|attributes`, in 2.0 with a separator before the attributes
fn leef(text: &str) -> Option<Envelope<'_>> {
    let (_, rest) = header_field(text)?;
    let (vendor, rest) = header_field(rest)?;
    let (product, rest) = header_field(rest)?;
    let (_, rest) = header_field(rest)?;
    let (event, rest) = header_field(rest)?;
    let stated = rest.split_once('|').and_then(|(word, rest)| Some((separator(word)?, rest)));
    let (separator, rest) = stated.unwrap_or_else(|| {
        (['\t', '|'].into_iter().find(|it| rest.contains(*it)).unwrap_or(' '), rest)
    });
    Some(Envelope { vendor, product, event, name: "", pairs: separated(rest, separator) })
}

/// One header field; a backslash hides a bar.
fn header_field(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let at = memchr_iter(b'|', bytes)
        .find(|at| at.checked_sub(1).and_then(|it| bytes.get(it)) != Some(&b'\\'))?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// LEEF 2.0's word for the separator: a character, or its code in hexadecimal; nothing means a tab.
fn separator(word: &str) -> Option<char> {
    let code = word.strip_prefix("0x").or_else(|| word.strip_prefix('x'));
    if let Some(code) = code.filter(|it| !it.is_empty() && it.len() <= 4) {
        return u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
    }
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (None, _) => Some('\t'),
        (Some(letter), None) => Some(letter),
        _ => None,
    }
}

/// Pairs set apart by `separator`; by a blank, values may hold blanks.
pub(crate) const fn separated(text: &str, separator: char) -> Pairs<'_> {
    Pairs { rest: text, separator }
}

/// Walks over pairs in order; values as written, without the blanks around them.
#[derive(Debug, Clone)]
pub(crate) struct Pairs<'r> {
    rest: &'r str,
    separator: char,
}

impl<'r> Iterator for Pairs<'r> {
    type Item = (&'r str, &'r str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.separator == ' ' {
            return self.next_between_blanks();
        }
        while !self.rest.is_empty() {
            let (pair, rest) = self.rest.split_once(self.separator).unwrap_or((self.rest, ""));
            self.rest = rest;
            if let Some((key, value)) = pair.split_once('=') {
                return Some((key.trim(), value.trim()));
            }
        }
        None
    }
}

impl<'r> Pairs<'r> {
    /// A value ends at the blank before the next word that could be a key.
    fn next_between_blanks(&mut self) -> Option<(&'r str, &'r str)> {
        let (key, after) = self.rest.split_once('=')?;
        let end = next_key(after).unwrap_or(after.len());
        let (value, rest) = after.split_at_checked(end)?;
        self.rest = rest;
        Some((key.trim(), value.trim()))
    }
}

/// Where the next key starts. Each piece between two equal signs is looked at once, so that this stays linear.
fn next_key(text: &str) -> Option<usize> {
    let mut from = 0;
    for at in memchr_iter(b'=', text.as_bytes()) {
        let piece = text.get(from..at)?.trim_end();
        if let Some(blank) = piece.rfind([' ', '\t'])
            && piece.get(blank + 1..).is_some_and(is_key)
        {
            return Some(from + blank + 1);
        }
        from = at + 1;
    }
    None
}

/// Whether `word` can be a key; one that ends in a backslash hides its equal sign.
fn is_key(word: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'.' | b'-');
    !word.is_empty() && word.bytes().all(is_part)
}

/// A value without the quotes around it and without CEF's escapes.
///
/// Line breaks stay as written: devices that do not escape write `corp\nina`.
pub(crate) fn plain<'r>(value: &'r str, arena: &'r Bump) -> &'r str {
    let quoted = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let value = quoted.unwrap_or(value);
    if !value.contains('\\') {
        return value;
    }
    let mut text = BumpString::with_capacity_in(value.len(), arena);
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        let hidden = letters.next_if(|it| letter == '\\' && matches!(it, '\\' | '=' | '|' | '"'));
        text.push(hidden.unwrap_or(letter));
    }
    text.into_bump_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(&str, &str)> {
        envelope(text).unwrap().pairs.collect()
    }

    #[test]
    fn values_may_hold_blanks_and_equal_signs() {
        let text = "fw CEF: 0|V|P|1|id|a\\|b|3|msg=x=1 y\\=2 z duser= ana  lee act=login";
        assert_eq!(all(text), [("msg", "x=1 y\\=2 z"), ("duser", "ana  lee"), ("act", "login")]);
        assert_eq!(envelope(text).unwrap().name, "a\\|b");
        assert_eq!(
            all("CEF:0|V|P|1|id|0|rt=1 PanOSUser =ana"),
            [("rt", "1"), ("PanOSUser", "ana")]
        );
    }

    #[test]
    fn leef_states_its_separator_or_not() {
        let expected = [("cat", "SYSTEM"), ("msg", "a b")];
        for text in [
            "LEEF:1.0|V|P|1|id|cat=SYSTEM\tmsg=a b",
            "LEEF:1.0|V|P|1|id|cat=SYSTEM|msg=a b",
            "LEEF:1.0|V|P|1|id|x7C|cat=SYSTEM|msg=a b",
            "LEEF:2.0|V|P|1|id|^|cat=SYSTEM^msg=a b",
            "LEEF:2.0|V|P|1|id| |cat=SYSTEM msg=a b",
            "LEEF:2.0|V|P|1|id||cat=SYSTEM\tmsg=a b",
        ] {
            assert_eq!(all(text), expected, "{text}");
        }
    }

    #[test]
    fn escapes_come_off() {
        let arena = Bump::new();
        assert_eq!(plain("\"corp\\\\ana \\= \\nina\"", &arena), "corp\\ana = \\nina");
    }
}
