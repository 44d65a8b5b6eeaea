//! What stands between texts of logs and the page: every template names this escaper (`askama.toml`).

use std::fmt::{self, Write};

use askama::filters::Escaper;

use crate::output::harmless::is_hostile;

/// Escapes for HTML, and replaces what could steer a screen or turn the direction of writing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harmless;

impl Escaper for Harmless {
    fn write_escaped_str<W: Write>(&self, mut to: W, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match replacement(letter) {
                Some(it) => to.write_str(it)?,
                None => to.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// What stands for a letter that must not reach the page.
fn replacement(letter: char) -> Option<&'static str> {
    match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        it if is_hostile(it) => Some("\u{fffd}"),
        _ => None,
    }
}

/// A sentence as markup: escaped, and what stands between two backticks as code.
pub(super) fn prose(text: &str) -> String {
    let pairs = text.matches('`').count() / 2;
    let mut markup = String::with_capacity(text.len() + 13 * pairs);
    let mut seen = 0;
    for letter in text.chars() {
        if letter == '`' && seen < 2 * pairs {
            markup.push_str(if seen % 2 == 0 { "<code>" } else { "</code>" });
            seen += 1;
            continue;
        }
        match replacement(letter) {
            Some(it) => markup.push_str(it),
            None => markup.push(letter),
        }
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_enclose_code_and_nothing_escapes_them() {
        assert_eq!(prose("a `b<i>` c"), "a <code>b&lt;i&gt;</code> c");
        assert_eq!(prose("`a` b`</code>"), "<code>a</code> b`&lt;/code&gt;");
        assert_eq!(prose(""), "");
    }

    #[test]
    fn markup_and_marks_do_no_harm() {
        let mut page = String::new();
        Harmless.write_escaped_str(&mut page, "<b a='\"&\u{202e}\u{1b}é").unwrap();
        assert_eq!(page, "&lt;b a=&#39;&quot;&amp;��é");
    }
}
