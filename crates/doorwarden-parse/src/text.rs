//! Cutting texts on paths that every line takes: by one byte with `memchr`, by a short word from its first byte on.
//!
//! `str::split_once` does the same, but prepares a search first that costs more than a short text is worth.

use memchr::{memchr, memchr_iter, memrchr, memrchr_iter};

/// What stands before and behind the first `byte`, which must be ASCII.
#[inline]
pub(crate) fn cut(text: &str, byte: u8) -> Option<(&str, &str)> {
    around(text, memchr(byte, text.as_bytes())?, 1)
}

/// What stands before and behind the last `byte`, which must be ASCII.
#[inline]
pub(crate) fn cut_last(text: &str, byte: u8) -> Option<(&str, &str)> {
    around(text, memrchr(byte, text.as_bytes())?, 1)
}

/// What stands before and behind the first `word`; for words whose first byte is rare in `text`.
#[inline]
pub(crate) fn cut_word<'r>(text: &'r str, word: &str) -> Option<(&'r str, &'r str)> {
    let bytes = text.as_bytes();
    let first = *word.as_bytes().first()?;
    let is_word = |at: &usize| bytes.get(*at..).is_some_and(|it| it.starts_with(word.as_bytes()));
    around(text, memchr_iter(first, bytes).find(is_word)?, word.len())
}

/// What stands before and behind the last `word`; for words whose first byte is rare in `text`.
#[inline]
pub(crate) fn cut_last_word<'r>(text: &'r str, word: &str) -> Option<(&'r str, &'r str)> {
    let bytes = text.as_bytes();
    let first = *word.as_bytes().first()?;
    let is_word = |at: &usize| bytes.get(*at..).is_some_and(|it| it.starts_with(word.as_bytes()));
    around(text, memrchr_iter(first, bytes).find(is_word)?, word.len())
}

#[inline]
fn around(text: &str, at: usize, len: usize) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(len..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_are_those_of_the_standard_library() {
        for text in ["", "a", " from ", "a from b from c", "ä from ö", "  from  from", "from a"] {
            assert_eq!(cut(text, b' '), text.split_once(' '), "{text}");
            assert_eq!(cut_last(text, b' '), text.rsplit_once(' '), "{text}");
            assert_eq!(cut_word(text, " from "), text.split_once(" from "), "{text}");
            assert_eq!(cut_last_word(text, " from "), text.rsplit_once(" from "), "{text}");
        }
    }
}
