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
            match letter {
                '&' => to.write_str("&amp;")?,
                '<' => to.write_str("&lt;")?,
                '>' => to.write_str("&gt;")?,
                '"' => to.write_str("&quot;")?,
                '\'' => to.write_str("&#39;")?,
                it if is_hostile(it) => to.write_char('\u{fffd}')?,
                it => to.write_char(it)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_marks_do_no_harm() {
        let mut page = String::new();
        Harmless.write_escaped_str(&mut page, "<b a='\"&\u{202e}\u{1b}é").unwrap();
        assert_eq!(page, "&lt;b a=&#39;&quot;&amp;��é");
    }
}
